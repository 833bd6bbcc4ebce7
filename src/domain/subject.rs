//! Subject sets: whom a policy means, by name or by relation to the requestor. Which people a set stands for at a given moment is found
//! out elsewhere; here it is only said.

use serde::{Deserialize, Serialize};

use super::id::{ObjectId, OrganizationId, UserId};
use super::object::Subject;
use super::text::string_enum;

/// Whom a policy means (feature map 1.1, Subject set types).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubjectSet {
    /// One user.
    User(UserId),
    /// The members of a group.
    GroupMembers(ObjectId),
    /// The requestor's manager: 1 the manager, 2 the manager's manager.
    RequestorManager(u8),
    /// The internal sponsors of the requestor's connected organisation.
    InternalSponsors,
    /// Its external sponsors.
    ExternalSponsors,
    /// The sponsors of the user who is to have access.
    TargetUserSponsors,
    /// Everyone of a connected organisation.
    ConnectedOrganization(OrganizationId),
    /// Everyone who meets a rule, as typed.
    AttributeRule(String),
}

impl From<Subject> for SubjectSet {
    fn from(subject: Subject) -> Self {
        match subject {
            Subject::User(id) => Self::User(id),
            Subject::Group(id) => Self::GroupMembers(id),
            Subject::Organization(id) => Self::ConnectedOrganization(id),
        }
    }
}

impl SubjectSet {
    /// The user, group or connected organization that it names, if it names one.
    pub fn named(&self) -> Option<Subject> {
        match self {
            Self::User(id) => Some(Subject::User(*id)),
            Self::GroupMembers(id) => Some(Subject::Group(*id)),
            Self::ConnectedOrganization(id) => Some(Subject::Organization(*id)),
            _ => None,
        }
    }

    /// Whether it may stand for nobody, because a person has no manager or no sponsor: then someone must stand in.
    pub fn needs_fallback(&self) -> bool {
        matches!(
            self,
            Self::RequestorManager(_) | Self::InternalSponsors | Self::ExternalSponsors | Self::TargetUserSponsors
        )
    }
}

string_enum! {
    /// What a policy names a subject for.
    Purpose {
        /// May request.
        Requestor = "requestor",
        /// May request for others.
        OnBehalf = "on_behalf",
        /// Decides at an approval stage.
        Approver = "approver",
        /// Decides where nobody else would be asked.
        FallbackApprover = "fallback_approver",
        /// Is asked as well after some days.
        Alternate = "alternate",
        /// Is asked then where no alternate would be.
        FallbackAlternate = "fallback_alternate",
        /// Reviews who still needs access.
        Reviewer = "reviewer",
        /// Reviews where nobody else would.
        FallbackReviewer = "fallback_reviewer",
    }
}

//! Policies: who may have a package, on what terms, for how long. Whether a person falls under one is decided here, from facts that
//! are handed in.

use serde::{Deserialize, Serialize};

use super::expiration::Expiration;
use super::id::{CatalogId, Named, PackageId, PolicyId};
use super::object::SubjectItem;
use super::subject::Purpose;
use super::text::string_enum;
use super::user::UserKind;

mod describe;
mod detail;
mod form;
mod lifecycle_form;
mod question_form;
mod stage_form;
pub mod terms;
mod warning;

pub use describe::{Difference, PolicyLine, describe, differences, expires, subject_set};
pub use detail::{PolicyDetail, PolicyRecord, PolicyVersions, VersionItem, may_delete_policy, name_among, terms_subject_faults};
pub use form::{Audience, PolicyForm, RequestsForm, check_policy, keep_policy, keep_text, subject_faults};
pub use lifecycle_form::LifecycleForm;
pub use question_form::{LocalizedForm, QuestionForm};
pub use stage_form::{ApproverKind, ApproversForm, ModeKind, StageForm};
pub use terms::{LifecycleTerms, PolicyTerms, RequestorTerms, check_terms};
pub use warning::{Warning, crowd_text, deadlock_text, warnings};

/// The name of the policy that the wizard makes (F024).
pub const INITIAL_POLICY: &str = "Initial Policy";
/// Users and groups named in one policy, at the most (feature map 5.8).
pub const SUBJECTS_MAX: usize = 500;

string_enum! {
    /// Which users: the second choice.
    Scope {
        /// Specific users and groups.
        Specific = "specific",
        /// All members (excluding guests).
        AllMembers = "all_members",
        /// All users (including guests).
        AllUsers = "all_users",
        /// Specific connected organizations.
        SpecificOrganizations = "specific_organizations",
        /// All configured connected organizations.
        ConfiguredOrganizations = "configured_organizations",
        /// All connected organizations and any new external users.
        AllExternal = "all_external",
        /// Nobody; administrators assign directly.
        Nobody = "none",
    }
}

impl Scope {
    /// The choices for users in the directory.
    pub const IN_DIRECTORY: [Self; 3] = [Self::Specific, Self::AllMembers, Self::AllUsers];
    /// The choices for users not in the directory.
    pub const NOT_IN_DIRECTORY: [Self; 3] = [Self::SpecificOrganizations, Self::ConfiguredOrganizations, Self::AllExternal];

    /// Whether it is for those who are named.
    pub fn names_subjects(self) -> bool {
        matches!(self, Self::Specific | Self::SpecificOrganizations)
    }

    /// As the choice is labelled.
    pub fn label(self) -> &'static str {
        match self {
            Self::Specific => "Specific users and groups",
            Self::AllMembers => "All members (excluding guests)",
            Self::AllUsers => "All users (including guests)",
            Self::SpecificOrganizations => "Specific connected organizations",
            Self::ConfiguredOrganizations => "All configured connected organizations",
            Self::AllExternal => "All users (All connected organizations + any new external users)",
            Self::Nobody => "None (administrator direct assignments only)",
        }
    }
}

/// A policy as pages show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyItem {
    /// The policy.
    pub id: PolicyId,
    /// Its name.
    pub name: String,
    /// Who can request.
    pub scope: Scope,
    /// The users and groups of a specific scope.
    pub subjects: Vec<SubjectItem>,
    /// New requests are taken.
    pub enabled: bool,
    /// When access ends.
    pub expiration: Expiration,
    /// Approval stages that a request passes; 0 where none is required.
    pub stages: i64,
    /// Live assignments under it.
    pub assignments: i64,
    /// For the next change.
    pub version: i64,
}

/// A policy that names a user or group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyMention {
    /// The policy.
    pub policy: Named<PolicyId>,
    /// Of which package.
    pub package: Named<PackageId>,
    /// The package's catalog.
    pub catalog: CatalogId,
    /// What it names the subject for.
    pub purpose: Purpose,
    /// At which approval stage; 0 where it belongs to none.
    pub stage: i64,
    /// It names nobody else for that.
    pub alone: bool,
}

/// Whether a user falls under a scope. `named` says whether a specific scope names the user or a group of theirs, or the scope is for the
/// connected organization that a guest is of (F028, F068 to F071).
pub fn covers(scope: Scope, kind: UserKind, named: bool) -> bool {
    match scope {
        Scope::Specific => named,
        Scope::AllMembers => kind == UserKind::Member,
        Scope::AllUsers => true,
        Scope::SpecificOrganizations | Scope::ConfiguredOrganizations => named && kind == UserKind::Guest,
        Scope::AllExternal => kind == UserKind::Guest,
        Scope::Nobody => false,
    }
}

/// Which policies count first when several cover a user: the most particular (feature map 5.3, F073).
pub fn priority(scope: Scope) -> u8 {
    match scope {
        Scope::Specific | Scope::SpecificOrganizations => 1,
        Scope::AllMembers => 2,
        Scope::AllUsers => 3,
        Scope::ConfiguredOrganizations | Scope::AllExternal => 4,
        Scope::Nobody => 9,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f158_scopes_of_organizations_are_for_guests_alone() {
        for scope in Scope::NOT_IN_DIRECTORY {
            assert!(covers(scope, UserKind::Guest, true), "{scope:?}");
            assert!(!covers(scope, UserKind::Member, true), "{scope:?}");
            assert_eq!(covers(scope, UserKind::Guest, false), scope == Scope::AllExternal, "{scope:?}");
        }
        assert_eq!(priority(Scope::SpecificOrganizations), priority(Scope::Specific));
        assert!(priority(Scope::AllUsers) < priority(Scope::AllExternal));
    }

    #[test]
    fn f028_only_named_users_fall_under_a_specific_scope() {
        assert!(covers(Scope::Specific, UserKind::Member, true));
        assert!(!covers(Scope::Specific, UserKind::Member, false));
        assert!(!covers(Scope::AllMembers, UserKind::Guest, true));
        assert!(covers(Scope::AllUsers, UserKind::Guest, false));
        assert!(!covers(Scope::Nobody, UserKind::Member, true));
    }
}

//! Offers: packages as those see them who may request them, in the tabs of My Access.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::expiration::Expiration;
use super::id::{AssignmentId, Named, PackageId, PolicyId, RequestId, UserId};
use super::object::ObjectItem;
use super::page::PageQuery;
use super::refusal::Permission;
use super::request::{AskTerms, FormerRequest, RequestItem};
use super::text::string_enum;

string_enum! {
    /// The tabs of My Access.
    OfferTab {
        /// What can be asked for.
        Available = "available",
        /// What of it is suggested (F148).
        Suggested = "suggested",
        /// What one has.
        Active = "active",
        /// What one had.
        Expired = "expired",
    }
}

/// Which packages My Access lists.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct OfferQuery {
    /// Which tab.
    pub tab: OfferTab,
    /// Part of a name, description or resource name (F138).
    pub search: String,
    /// Which page.
    pub page: PageQuery,
}

/// A package as its possible requestor sees it (F028, F029).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferItem {
    /// The package.
    pub id: PackageId,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// What it gives.
    pub resources: Vec<OfferResource>,
    /// May it be requested now? Why not, if not.
    pub request: Permission,
    /// An open request for it.
    pub open_request: Option<RequestId>,
    /// The latest assignment of it.
    pub assignment: Option<AssignmentId>,
    /// What it gives is not shown to this reader (F150).
    pub resources_hidden: bool,
    /// What can be done with access that one has.
    pub held: Option<HeldItem>,
    /// Active and Expired: since when.
    #[serde(with = "super::when::maybe_instant")]
    pub starts_at: Option<DateTime<Utc>>,
    /// Active and Expired: until when; `None` is without end.
    #[serde(with = "super::when::maybe_instant")]
    pub ends_at: Option<DateTime<Utc>>,
    /// How long access lasts once given, where it can be requested.
    pub lasts: Option<Expiration>,
}

/// What can be done with access that one has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldItem {
    /// The assignment.
    pub assignment: AssignmentId,
    /// May more time be asked for (F082)?
    pub extend: Permission,
    /// May it be given back (F141)?
    pub give_back: Permission,
}

/// People around one, of those who report to somebody and of those with one's manager each, whose packages are looked at for suggestions.
pub const PEERS_MAX: i64 = 200;
/// So many of the people around one must have a package before it is suggested for that, so that no suggestion tells what one person has.
pub const PEERS_MIN: i64 = 2;
/// Suggestions shown over what is available.
pub const SUGGESTIONS_SHOWN: u16 = 3;

/// Access that ends within so many days ends soon.
pub const SOON_DAYS: i64 = 14;
/// Rows of each list of the overview.
pub const OVERVIEW_ROWS: i64 = 5;

/// What waits for a person, what of theirs ends soon, and what they have asked for (F149).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overview {
    /// Requests that wait for their decision, counted no further than a hundred.
    pub to_decide: i64,
    /// Their access that ends soon, the nearest end first.
    pub ending: Vec<OfferItem>,
    /// Their requests that are under way, the newest first.
    pub open: Vec<RequestItem>,
}

/// One resource role that an offered package gives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferResource {
    /// The object's name.
    pub name: String,
    /// Group, Application or Site.
    pub kind: String,
    /// The role's name.
    pub role: String,
}

impl From<(&ObjectItem, &str)> for OfferResource {
    fn from((object, role): (&ObjectItem, &str)) -> Self {
        Self {
            name: object.name.clone(),
            kind: object.sub_kind.clone(),
            role: role.to_owned(),
        }
    }
}

/// The Request access pane, for the choices that were made so far.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestPane {
    /// The package; whether it can be requested is said for whom it is to be.
    pub offer: OfferItem,
    /// For whom, if for another.
    pub target: Option<Named<UserId>>,
    /// Whom else it can be requested for: the reader's direct reports.
    pub reports: Vec<Named<UserId>>,
    /// The policies to choose among, where several apply.
    pub policies: Vec<Named<PolicyId>>,
    /// What the policy that applies asks; `None`: a choice comes first, or it cannot be requested.
    pub asks: Option<AskTerms>,
    /// The language of the questions.
    pub language: String,
    /// What the form begins with.
    pub former: Option<FormerRequest>,
}

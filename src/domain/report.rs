//! Reports: who has what and why, who had it on a day, how packages are used, and how things stand. What of it can be reckoned without a
//! database is reckoned here.

mod trend;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::assignment::{AssignmentState, EndReason};
use super::id::{AssignmentId, CatalogId, Named, ObjectId, PackageId, PolicyId, RequestId, RoleId, UserId};
use super::object::ObjectKind;
use super::page::PageQuery;
use super::text::string_enum;

pub use trend::{Dashboard, Failure, Instant, Trend, WEEKS, active_before, weeks};

string_enum! {
    /// Over which time packages are looked at.
    Span {
        /// 30 days.
        Month = "30",
        /// 7 days.
        Week = "7",
        /// 90 days.
        Quarter = "90",
        /// 365 days.
        Year = "365",
    }
}

impl Span {
    /// How long.
    pub fn days(self) -> i64 {
        match self {
            Self::Week => 7,
            Self::Month => 30,
            Self::Quarter => 90,
            Self::Year => 365,
        }
    }

    /// Its name on pages.
    pub fn label(self) -> &'static str {
        match self {
            Self::Week => "7 days",
            Self::Month => "30 days",
            Self::Quarter => "90 days",
            Self::Year => "365 days",
        }
    }
}

/// The person whom a report is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportSubject {
    /// Who.
    pub user: Named<UserId>,
    /// Their sign-in name.
    pub user_name: String,
}

/// Which assignments a report lists, newest first: those of a person, of a package, those that held on a day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct AccessQuery {
    /// Of this person.
    pub user: Option<UserId>,
    /// Of this package.
    pub package: Option<PackageId>,
    /// That held at some time of the day that begins here.
    #[serde(with = "super::when::maybe_instant")]
    pub day: Option<DateTime<Utc>>,
    /// Of people whose name has these words.
    pub search: String,
    /// Which page.
    pub page: PageQuery,
}

/// A package that someone has or had.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessItem {
    /// The assignment.
    pub id: AssignmentId,
    /// Who.
    pub user: Named<UserId>,
    /// Their sign-in name.
    pub user_name: String,
    /// Which package.
    pub package: Named<PackageId>,
    /// In which catalog.
    pub catalog: Named<CatalogId>,
    /// Under which policy.
    pub policy: Named<PolicyId>,
    /// The shown state.
    pub state: AssignmentState,
    /// Since when.
    #[serde(with = "super::when::instant")]
    pub starts_at: DateTime<Utc>,
    /// Until when; `None` is without end.
    #[serde(with = "super::when::maybe_instant")]
    pub ends_at: Option<DateTime<Utc>>,
    /// Why it ended, if it did.
    pub end_reason: Option<EndReason>,
    /// The request that made it.
    pub request: RequestId,
}

/// Whose resource roles to list, and of which resource alone.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct HeldQuery {
    /// Of this person.
    pub user: UserId,
    /// Of this group, application or site alone.
    pub object: Option<ObjectId>,
}

string_enum! {
    /// What gives someone a resource role.
    HeldBy {
        /// Someone gave it by hand.
        Direct = "direct",
        /// The membership rule of the group.
        Rule = "rule",
        /// A package.
        Package = "package",
    }
}

impl HeldBy {
    /// Its name on pages.
    pub fn label(self) -> &'static str {
        match self {
            Self::Direct => "Direct",
            Self::Rule => "Rule",
            Self::Package => "Access package",
        }
    }
}

string_enum! {
    /// What would be left of a resource role if one of the ways to it ended.
    Remains {
        /// Another way gives it too.
        Stays = "stays",
        /// Nothing gives it then.
        Ends = "ends",
        /// The reader does not see every way to it.
        Unknown = "unknown",
    }
}

impl Remains {
    /// Of a role that this many ways give that the reader sees (`all`: there are no others).
    pub fn of(ways: usize, all: bool) -> Self {
        match (ways, all) {
            (2.., _) => Self::Stays,
            (_, true) => Self::Ends,
            (_, false) => Self::Unknown,
        }
    }

    /// In words.
    pub fn label(self) -> &'static str {
        match self {
            Self::Stays => "The role stays, given otherwise",
            Self::Ends => "The role ends",
            Self::Unknown => "Not known here",
        }
    }
}

/// One way by which a person holds a resource role (F170).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldItem {
    /// The group, application or site.
    pub object: Named<ObjectId>,
    /// Which of the three.
    pub kind: ObjectKind,
    /// The role.
    pub role: Named<RoleId>,
    /// What gives it.
    pub by: HeldBy,
    /// The rule, where that does.
    pub rule: String,
    /// The package, where that does.
    pub package: Option<Named<PackageId>>,
    /// The policy under which it was given.
    pub policy: Option<Named<PolicyId>>,
    /// The request that made it.
    pub request: Option<RequestId>,
    /// Since when.
    #[serde(with = "super::when::maybe_instant")]
    pub since: Option<DateTime<Utc>>,
    /// Until when; `None` is without end.
    #[serde(with = "super::when::maybe_instant")]
    pub until: Option<DateTime<Utc>>,
    /// How many other ways give the same role.
    pub others: i64,
    /// What would be left if this way ended.
    pub remains: Remains,
}

/// What a person could ask for (F169).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RequestableQuery {
    /// This person.
    pub user: UserId,
    /// Part of a name.
    pub search: String,
    /// Which page.
    pub page: PageQuery,
}

/// A package that a person could ask for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestableItem {
    /// The package.
    pub package: Named<PackageId>,
    /// What it is for.
    pub description: String,
    /// They have asked, and that is under way.
    pub asked: bool,
}

/// Which packages to look at, and over which time.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct UsageQuery {
    /// Over this time up to now.
    pub span: Span,
    /// Only what nobody has, and nobody asked for in that time.
    pub unused: bool,
    /// Part of a name.
    pub search: String,
    /// Which page.
    pub page: PageQuery,
}

/// How a package was used over a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsageItem {
    /// The package.
    pub package: Named<PackageId>,
    /// Its catalog.
    pub catalog: Named<CatalogId>,
    /// Requests to have it.
    pub requests: i64,
    /// Of those, delivered.
    pub delivered: i64,
    /// Of those, denied, expired, canceled or failed.
    pub refused: i64,
    /// Assignments that ended.
    pub ended: i64,
    /// Assignments now.
    pub active: i64,
    /// When it was last asked for.
    #[serde(with = "super::when::maybe_instant")]
    pub last_request: Option<DateTime<Utc>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f170_what_would_remain_is_only_said_by_who_sees_every_way() {
        assert_eq!(Remains::of(1, true), Remains::Ends);
        assert_eq!(Remains::of(2, true), Remains::Stays);
        assert_eq!(Remains::of(1, false), Remains::Unknown);
        assert_eq!(Remains::of(3, false), Remains::Stays);
    }
}

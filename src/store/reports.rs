//! What reports read: who has or had what, by what they hold it, and how packages were used. Nothing here is written.

mod dashboard;
mod held;
mod usage;

pub use dashboard::{Counts, active, counts, ending, failures, given_up};
pub use held::held;
pub use usage::{unused, usage};

use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

use super::list::{Key, List, Order};
use super::search::{self, Kind};
use super::tx::{StoreError, Tx};
use crate::domain::access::Visible;
use crate::domain::assignment::{AssignmentState, EndReason, shown_state};
use crate::domain::id::{AssignmentId, CatalogId, Named, PackageId, PolicyId, RequestId, UserId};
use crate::domain::page::{Direction, Page};
use crate::domain::report::{AccessItem, AccessQuery};
use crate::{args, row};

struct AccessRow {
    id: AssignmentId,
    user_id: UserId,
    name: String,
    user_name: String,
    package_id: PackageId,
    package_name: String,
    catalog_id: CatalogId,
    catalog_name: String,
    policy_id: PolicyId,
    policy_name: String,
    state: AssignmentState,
    starts_at: DateTime<Utc>,
    ends_at: Option<DateTime<Utc>>,
    end_reason: Option<EndReason>,
    request_id: RequestId,
}
row!(AccessRow {
    id: id,
    user_id: id,
    name,
    user_name,
    package_id: id,
    package_name,
    catalog_id: id,
    catalog_name,
    policy_id: id,
    policy_name,
    state: word,
    starts_at,
    ends_at,
    end_reason: opt_word,
    request_id: id
});

impl AccessRow {
    fn item(self, now: DateTime<Utc>) -> AccessItem {
        AccessItem {
            id: self.id,
            user: Named::new(self.user_id, self.name),
            user_name: self.user_name,
            package: Named::new(self.package_id, self.package_name),
            catalog: Named::new(self.catalog_id, self.catalog_name),
            policy: Named::new(self.policy_id, self.policy_name),
            state: shown_state(self.state, self.ends_at, now),
            starts_at: self.starts_at,
            ends_at: self.ends_at,
            end_reason: self.end_reason,
            request: self.request_id,
        }
    }
}

/// Assignments with all that a report names of them. One of which nothing could be given is left out.
fn assignments(visible: &Visible) -> List {
    let mut list = List::new(
        "a.id, a.target_id AS user_id, u.name, u.user_name, a.package_id, p.name AS package_name, p.catalog_id, c.name AS catalog_name,
            a.policy_id, po.name AS policy_name, a.state, a.starts_at, a.ends_at, a.end_reason, a.request_id",
        "assignments a JOIN users u ON u.id = a.target_id JOIN packages p ON p.id = a.package_id JOIN catalogs c ON c.id = p.catalog_id
            JOIN policies po ON po.id = a.policy_id",
    );
    list.visible("p.catalog_id", visible);
    list.filter(
        "(EXISTS (SELECT 1 FROM grants g WHERE g.assignment_id = a.id AND g.granted_at IS NOT NULL)
            OR NOT EXISTS (SELECT 1 FROM grants g WHERE g.assignment_id = a.id))",
        args![],
    );
    list
}

/// A page of assignments, newest first, as they stand at `now`.
pub async fn access(tx: &mut Tx, query: &AccessQuery, visible: &Visible, now: DateTime<Utc>) -> Result<Page<AccessItem>, StoreError> {
    let mut list = assignments(visible);
    if let Some(user) = query.user {
        list.filter("a.target_id = ?", args![user]);
    }
    if let Some(package) = query.package {
        list.filter("a.package_id = ?", args![package]);
    }
    if let Some(day) = query.day {
        list.filter(
            "a.starts_at < ? AND (a.ends_at IS NULL OR (a.ends_at > ? AND a.ends_at > a.starts_at))",
            args![day + Duration::days(1), day],
        );
    }
    search::narrow(
        &mut list,
        "a.target_id IN (SELECT owner_id FROM search_words WHERE kind = ? AND word >= ? AND word < ?)",
        Kind::User,
        &query.search,
    );
    let order = Order {
        column: "a.starts_at",
        id: "a.id",
        time: true,
        direction: Direction::Down,
    };
    let page = list
        .page(tx, order, &query.page, |row: &AccessRow| {
            (Uuid::from(row.id), Key::Time(row.starts_at))
        })
        .await?;
    Ok(page.map(|row| row.item(now)))
}

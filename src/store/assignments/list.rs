//! The list of a package's assignments.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::assignment::{AssignmentFilter, AssignmentItem, AssignmentState, EndReason, shown_state};
use crate::domain::id::{AssignmentId, Named, PackageId, PolicyId, RequestId, UserId};
use crate::domain::page::{Direction, Page, PageQuery};
use crate::domain::refusal::Permission;
use crate::domain::user::AccountState;
use crate::{args, row};

use super::super::list::{Key, List, Order};
use super::super::search::{self, Kind};
use super::super::tx::{StoreError, Tx};

struct ItemRow {
    id: AssignmentId,
    target_id: UserId,
    target_name: String,
    target_user_name: String,
    target_state: AccountState,
    package_id: PackageId,
    package_name: String,
    policy_id: PolicyId,
    policy_name: String,
    state: AssignmentState,
    starts_at: DateTime<Utc>,
    ends_at: Option<DateTime<Utc>>,
    end_reason: Option<EndReason>,
    request_id: RequestId,
    version: i64,
}
row!(ItemRow {
    id: id,
    target_id: id,
    target_name,
    target_user_name,
    target_state: word,
    package_id: id,
    package_name,
    policy_id: id,
    policy_name,
    state: word,
    starts_at,
    ends_at,
    end_reason: opt_word,
    request_id: id,
    version
});

/// A page of a package's assignments, newest first, as they stand at `now`.
pub async fn list_of_package(
    tx: &mut Tx,
    package: PackageId,
    filter: AssignmentFilter,
    search: &str,
    query: &PageQuery,
    now: DateTime<Utc>,
) -> Result<Page<AssignmentItem>, StoreError> {
    let mut list = List::new(
        "a.id, a.target_id, u.name AS target_name, u.user_name AS target_user_name,
            CASE WHEN u.deleted_at IS NOT NULL THEN 'deleted' WHEN u.enabled THEN 'active' ELSE 'blocked' END AS target_state, a.package_id, p.name AS package_name, a.policy_id,
         po.name AS policy_name, a.state, a.starts_at, a.ends_at, a.end_reason, a.request_id, a.version",
        "assignments a JOIN users u ON u.id = a.target_id JOIN packages p ON p.id = a.package_id JOIN policies po ON po.id = a.policy_id",
    );
    list.filter("a.package_id = ?", args![package]);
    const RUNNING: &str = "(a.ends_at IS NULL OR a.ends_at > ?)";
    match filter {
        AssignmentFilter::All => {}
        AssignmentFilter::Delivered => {
            list.filter("a.state = 'delivered'", args![]);
            list.filter(RUNNING, args![now]);
        }
        AssignmentFilter::Delivering => {
            list.filter("a.state = 'delivering'", args![]);
            list.filter(RUNNING, args![now]);
        }
        AssignmentFilter::Failed => {
            list.filter("a.state IN ('partially_delivered', 'delivery_failed')", args![]);
            list.filter(RUNNING, args![now]);
        }
        AssignmentFilter::Expired => list.filter("(a.state = 'expired' OR a.ends_at <= ?)", args![now]),
    }
    search::narrow(
        &mut list,
        "a.target_id IN (SELECT owner_id FROM search_words WHERE kind = ? AND word >= ? AND word < ?)",
        Kind::User,
        search,
    );
    let order = Order {
        column: "a.starts_at",
        id: "a.id",
        time: true,
        direction: Direction::Down,
    };
    let page = list
        .page(tx, order, query, |row: &ItemRow| (Uuid::from(row.id), Key::Time(row.starts_at)))
        .await?;
    Ok(page.map(|row| AssignmentItem {
        id: row.id,
        target: Named::new(row.target_id, row.target_name),
        target_user_name: row.target_user_name,
        target_state: row.target_state,
        package: Named::new(row.package_id, row.package_name),
        policy: Named::new(row.policy_id, row.policy_name),
        state: shown_state(row.state, row.ends_at, now),
        starts_at: row.starts_at,
        ends_at: row.ends_at,
        end_reason: row.end_reason,
        request: row.request_id,
        version: row.version,
        remove: Permission::Allowed,
    }))
}

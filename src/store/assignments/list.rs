//! The list of a package's assignments, and one of them as it stands there.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::assignment::{AssignmentFilter, AssignmentItem, AssignmentQuery, AssignmentState, EndReason, shown_state};
use crate::domain::external_user::UserLifecycle;
use crate::domain::id::{AssignmentId, RequestId};
use crate::domain::page::{Direction, Page};
use crate::domain::refusal::Permission;
use crate::domain::user::UserKind;
use crate::{args, row};

use super::super::list::{Key, List, Order};
use super::super::parties::{self, Parties, joined_parties, with_parties};
use super::super::tx::{StoreError, Tx};

struct ItemRow {
    id: AssignmentId,
    parties: Parties,
    state: AssignmentState,
    starts_at: DateTime<Utc>,
    ends_at: Option<DateTime<Utc>>,
    end_reason: Option<EndReason>,
    request_id: RequestId,
    target_kind: UserKind,
    governed: bool,
    version: i64,
}
row!(ItemRow {
    id: id,
    parties: columns,
    state: word,
    starts_at,
    ends_at,
    end_reason: opt_word,
    request_id: id,
    target_kind: word,
    governed,
    version
});

impl ItemRow {
    /// As it stands at `now`; what may be done with it is the caller's to say.
    fn item(self, now: DateTime<Utc>) -> AssignmentItem {
        AssignmentItem {
            id: self.id,
            target: self.parties.target(),
            package: self.parties.package(),
            policy: self.parties.policy(),
            target_user_name: self.parties.target_user_name,
            target_state: self.parties.target_state,
            state: shown_state(self.state, self.ends_at, now),
            starts_at: self.starts_at,
            ends_at: self.ends_at,
            end_reason: self.end_reason,
            request: self.request_id,
            version: self.version,
            remove: Permission::Allowed,
            reprocess: Permission::Allowed,
            lifecycle: UserLifecycle::of(self.target_kind, self.governed),
            govern: Permission::Allowed,
        }
    }
}

const COLUMNS: &str =
    with_parties!("t.id, t.state, t.starts_at, t.ends_at, t.end_reason, t.request_id, t.version, u.kind AS target_kind, u.governed");
const TABLES: &str = joined_parties!("assignments");

/// A page of a package's assignments, newest first, as they stand at `now`.
pub async fn list_of_package(tx: &mut Tx, query: &AssignmentQuery, now: DateTime<Utc>) -> Result<Page<AssignmentItem>, StoreError> {
    let mut list = List::new(COLUMNS, TABLES);
    const RUNNING: &str = "(t.ends_at IS NULL OR t.ends_at > ?)";
    match query.filter {
        AssignmentFilter::All => {}
        AssignmentFilter::Delivered => {
            list.filter("t.state = 'delivered'", args![]);
            list.filter(RUNNING, args![now]);
        }
        AssignmentFilter::Delivering => {
            list.filter("t.state = 'delivering'", args![]);
            list.filter(RUNNING, args![now]);
        }
        AssignmentFilter::Failed => {
            list.filter("t.state IN ('partially_delivered', 'delivery_failed')", args![]);
            list.filter(RUNNING, args![now]);
        }
        AssignmentFilter::Expired => list.filter("(t.state = 'expired' OR t.ends_at <= ?)", args![now]),
    }
    parties::narrow(&mut list, query.package, query.policy, &query.search);
    let order = Order {
        column: "t.starts_at",
        id: "t.id",
        time: true,
        direction: Direction::Down,
    };
    let page = list
        .page(tx, order, &query.page, |row: &ItemRow| {
            (Uuid::from(row.id), Key::Time(row.starts_at))
        })
        .await?;
    Ok(page.map(|row| row.item(now)))
}

/// One assignment as the list shows it.
pub async fn item(tx: &mut Tx, id: AssignmentId, now: DateTime<Utc>) -> Result<Option<AssignmentItem>, StoreError> {
    let mut list = List::new(COLUMNS, TABLES);
    list.filter("t.id = ?", args![id]);
    let rows: Vec<ItemRow> = list.all(tx, "").await?;
    Ok(rows.into_iter().next().map(|row| row.item(now)))
}

/// The number of the policy's version under which an assignment was made, and whether the policy has another by now.
pub async fn policy_version(tx: &mut Tx, id: AssignmentId) -> Result<(i64, bool), StoreError> {
    tx.one(
        "SELECT v.number, po.version_id <> v.id FROM assignments a JOIN policy_versions v ON v.id = a.policy_version_id
            JOIN policies po ON po.id = a.policy_id
         WHERE a.id = $1",
        args![id],
    )
    .await
}

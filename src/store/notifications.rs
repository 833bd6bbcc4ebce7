//! Notifications: one row for each person that an event was told to, read with the names that their texts need.

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::domain::id::{AssignmentId, NotificationId, PackageId, PolicyVersionId, RequestId, UserId};
use crate::domain::notification::NotificationKind;
use crate::domain::page::{Direction, Page, PageQuery};
use crate::{args, row};

use super::changes::Change;
use super::list::{Key, List, Order};
use super::tx::{Arg, StoreError, Tx, word};

/// People in one statement at the most.
const USERS_MAX: usize = 500;

/// A notification to be kept.
#[derive(Clone, Debug)]
pub struct NewNotification {
    /// The notification.
    pub id: NotificationId,
    /// Who is told.
    pub user: UserId,
    /// What.
    pub kind: NotificationKind,
    /// One person is told an event once: the event's name.
    pub key: String,
    /// About which package.
    pub package: Option<PackageId>,
    /// About which request.
    pub request: Option<RequestId>,
    /// About which assignment.
    pub assignment: Option<AssignmentId>,
    /// What else its text needs.
    pub facts: Value,
}

/// Keeps a notification when the transaction commits, unless the person was told of the event before.
pub fn enqueue(tx: &mut Tx, new: NewNotification, now: DateTime<Utc>) {
    tx.announce(Change::Notifications(new.user));
    tx.insert_on_commit(
        "notifications (id, user_id, kind, event, package_id, request_id, assignment_id, facts, created_at)",
        "ON CONFLICT (user_id, event) DO NOTHING",
        args![
            new.id,
            new.user,
            word(new.kind),
            new.key,
            new.package,
            new.request,
            new.assignment,
            new.facts,
            now
        ],
    );
}

/// A notification with the names and the request that its text needs, as they are now.
#[derive(Clone, Debug)]
pub struct Notification {
    /// The notification.
    pub id: NotificationId,
    /// What is told.
    pub kind: NotificationKind,
    /// What else its text needs.
    pub facts: Value,
    /// About which request.
    pub request_id: Option<RequestId>,
    /// When it was told.
    pub created_at: DateTime<Utc>,
    /// When it was read, if it was.
    pub read_at: Option<DateTime<Utc>>,
    /// The package's name, or empty.
    pub package_name: String,
    /// The name of who asked, or empty.
    pub requestor_name: String,
    /// Their company, or empty.
    pub requestor_company: String,
    /// The name of whose access it is about, or empty.
    pub target_name: String,
    /// Why they asked, or empty.
    pub justification: String,
    /// The request's kind, or empty.
    pub request_kind: String,
    /// The version of the policy under which it was made.
    pub policy_version_id: Option<PolicyVersionId>,
    /// The stage that it waits in.
    pub stage: Option<i64>,
    /// When that stage is over.
    pub due_at: Option<DateTime<Utc>>,
    /// Access asked for from this instant on.
    pub asked_from: Option<DateTime<Utc>>,
    /// Access asked for until this instant.
    pub asked_until: Option<DateTime<Utc>>,
    /// When it was asked for.
    pub submitted_at: Option<DateTime<Utc>>,
}
row!(Notification {
    id: id,
    kind: word,
    facts: json,
    request_id: opt_id,
    created_at,
    read_at,
    package_name,
    requestor_name,
    requestor_company,
    target_name,
    justification,
    request_kind,
    policy_version_id: opt_id,
    stage,
    due_at,
    asked_from,
    asked_until,
    submitted_at
});

macro_rules! columns {
    () => {
        "n.id, n.kind, n.facts, n.request_id, n.created_at, n.read_at, coalesce(p.name, '') AS package_name,
            coalesce(ru.name, '') AS requestor_name, coalesce(ru.company, '') AS requestor_company, coalesce(tu.name, '') AS target_name,
            coalesce(r.justification, '') AS justification, coalesce(r.kind, '') AS request_kind, r.policy_version_id,
            r.stage, r.due_at, r.starts_at AS asked_from, r.ends_at AS asked_until, r.submitted_at"
    };
}
macro_rules! tables {
    () => {
        "notifications n LEFT JOIN packages p ON p.id = n.package_id LEFT JOIN requests r ON r.id = n.request_id
            LEFT JOIN users ru ON ru.id = r.requestor_id LEFT JOIN users tu ON tu.id = r.target_id"
    };
}

/// What a person was told about an event.
pub async fn of_event(tx: &mut Tx, user: UserId, event: &str) -> Result<Option<Notification>, StoreError> {
    let sql = concat!("SELECT ", columns!(), " FROM ", tables!(), " WHERE n.user_id = $1 AND n.event = $2");
    tx.opt(sql, args![user, event]).await
}

/// A page of what a person was told, newest first.
pub async fn list(tx: &mut Tx, user: UserId, query: &PageQuery) -> Result<Page<Notification>, StoreError> {
    let mut list = List::new(columns!(), tables!());
    list.filter("n.user_id = ?", args![user]);
    let order = Order {
        column: "n.created_at",
        id: "n.id",
        time: true,
        direction: Direction::Down,
    };
    list.page(tx, order, query, |row: &Notification| (row.id.into(), Key::Time(row.created_at)))
        .await
}

/// What a person was asked to decide, and nobody has decided yet, oldest first. Of a request that has gone on to another stage, too.
pub async fn undecided(tx: &mut Tx, user: UserId) -> Result<Vec<Notification>, StoreError> {
    let sql = concat!(
        "SELECT ",
        columns!(),
        " FROM ",
        tables!(),
        " WHERE n.user_id = $1 AND n.kind IN ('approval_requested', 'approval_forwarded') AND r.state = 'pending_approval'
            ORDER BY n.created_at, n.id"
    );
    tx.all(sql, args![user]).await
}

/// Everybody who was asked to decide on something that nobody has decided yet.
pub async fn asked(tx: &mut Tx) -> Result<Vec<UserId>, StoreError> {
    let ids: Vec<uuid::Uuid> = tx
        .column(
            "SELECT DISTINCT n.user_id FROM requests r JOIN notifications n ON n.request_id = r.id
             WHERE r.state = 'pending_approval' AND n.kind IN ('approval_requested', 'approval_forwarded')",
            args![],
        )
        .await?;
    Ok(ids.into_iter().map(UserId).collect())
}

/// How much a person has not read, and when the newest of it was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unread {
    /// Whose.
    pub user_id: UserId,
    /// How many.
    pub number: i64,
    /// The newest.
    pub newest: DateTime<Utc>,
}
row!(Unread {
    user_id: id,
    number,
    newest
});

/// What these people have not read; who has read everything is missing.
pub async fn unread(tx: &mut Tx, users: &[UserId]) -> Result<Vec<Unread>, StoreError> {
    let mut found = Vec::new();
    for users in users.chunks(USERS_MAX) {
        let mut list = List::new("user_id, count(*) AS number, max(created_at) AS newest", "notifications");
        list.in_list("user_id", users.iter().copied().map(Arg::from).collect());
        list.filter("read_at IS NULL", Vec::new());
        found.extend(list.all::<Unread>(tx, "GROUP BY user_id").await?);
    }
    Ok(found)
}

/// A person has read one of their notifications.
pub async fn read(tx: &mut Tx, user: UserId, id: NotificationId, now: DateTime<Utc>) -> Result<(), StoreError> {
    let sql = "UPDATE notifications SET read_at = $3 WHERE id = $2 AND user_id = $1 AND read_at IS NULL";
    if tx.exec(sql, args![user, id, now]).await? > 0 {
        tx.announce(Change::Notifications(user));
    }
    Ok(())
}

/// A person has read all of their notifications.
pub async fn read_all(tx: &mut Tx, user: UserId, now: DateTime<Utc>) -> Result<(), StoreError> {
    let sql = "UPDATE notifications SET read_at = $2 WHERE user_id = $1 AND read_at IS NULL";
    if tx.exec(sql, args![user, now]).await? > 0 {
        tx.announce(Change::Notifications(user));
    }
    Ok(())
}

struct Told {
    facts: Value,
}
row!(Told { facts: json });

/// What a person was told of why a request came to nothing, if they were told.
pub async fn reason_of_cancellation(tx: &mut Tx, user: UserId, request: RequestId) -> Result<Option<String>, StoreError> {
    let sql = "SELECT facts FROM notifications WHERE request_id = $1 AND user_id = $2 AND kind = $3 ORDER BY id DESC LIMIT 1";
    let told: Option<Told> = tx.opt(sql, args![request, user, word(NotificationKind::RequestCanceled)]).await?;
    Ok(told.and_then(|told| told.facts.get("reason").and_then(Value::as_str).map(str::to_owned)))
}

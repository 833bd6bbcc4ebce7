//! Delegations of approvals: who decides in whose place.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::approval::{DelegateCandidate, DelegationItem, DelegationState};
use crate::domain::id::{DelegationId, Named, PackageId, UserId};
use crate::{args, row};

use super::super::list::List;
use super::super::search::{self, Kind};
use super::super::tx::{Arg, StoreError, Tx};

/// A delegation.
#[derive(Clone, Debug)]
pub struct Delegation {
    /// The row.
    pub id: DelegationId,
    /// In whose place.
    pub delegator_id: UserId,
    /// Who decides.
    pub delegate_id: UserId,
    /// Of which package; `None`: of all.
    pub package_id: Option<PackageId>,
    /// From when.
    pub starts_at: DateTime<Utc>,
    /// Until when.
    pub ends_at: Option<DateTime<Utc>>,
    /// What waited already is delegated too.
    pub waiting: bool,
    /// For the next change.
    pub version: i64,
}
row!(Delegation {
    id: id,
    delegator_id: id,
    delegate_id: id,
    package_id: opt_id,
    starts_at,
    ends_at,
    waiting,
    version
});

/// Keeps a new delegation.
pub async fn insert(tx: &mut Tx, new: &Delegation, now: DateTime<Utc>) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO delegations (id, delegator_id, delegate_id, package_id, starts_at, ends_at, waiting, created_at, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        args![
            new.id,
            new.delegator_id,
            new.delegate_id,
            new.package_id,
            new.starts_at,
            new.ends_at,
            new.waiting,
            now,
            new.version
        ],
    )
    .await?;
    Ok(())
}

/// Changes a delegation. Says whether it still had the version that was read.
pub async fn update(tx: &mut Tx, changed: &Delegation) -> Result<bool, StoreError> {
    let touched = tx
        .exec(
            "UPDATE delegations SET delegate_id = $3, package_id = $4, starts_at = $5, ends_at = $6, waiting = $7, version = version + 1
             WHERE id = $1 AND version = $2",
            args![
                changed.id,
                changed.version,
                changed.delegate_id,
                changed.package_id,
                changed.starts_at,
                changed.ends_at,
                changed.waiting
            ],
        )
        .await?;
    Ok(touched == 1)
}

/// One delegation.
pub async fn find(tx: &mut Tx, id: DelegationId) -> Result<Option<Delegation>, StoreError> {
    tx.opt(
        "SELECT id, delegator_id, delegate_id, package_id, starts_at, ends_at, waiting, version FROM delegations WHERE id = $1",
        args![id],
    )
    .await
}

/// The delegations of these people that hold at `now` for a package, to people who are there and may sign in, oldest first.
pub async fn active(tx: &mut Tx, of: &[UserId], package: PackageId, now: DateTime<Utc>) -> Result<Vec<Delegation>, StoreError> {
    if of.is_empty() {
        return Ok(Vec::new());
    }
    let mut list = List::new(
        "d.id, d.delegator_id, d.delegate_id, d.package_id, d.starts_at, d.ends_at, d.waiting, d.version",
        "delegations d JOIN users u ON u.id = d.delegate_id",
    );
    list.filter("d.starts_at <= ? AND (d.ends_at IS NULL OR d.ends_at > ?)", args![now, now]);
    list.filter("(d.package_id IS NULL OR d.package_id = ?)", args![package]);
    list.filter("u.enabled AND u.deleted_at IS NULL", Vec::new());
    list.in_list("d.delegator_id", of.iter().copied().map(Arg::from).collect());
    list.all(tx, "ORDER BY d.starts_at, d.id").await
}

/// Whether a delegation holds at `now`.
pub async fn holds(tx: &mut Tx, id: DelegationId, now: DateTime<Utc>) -> Result<bool, StoreError> {
    tx.value(
        "SELECT EXISTS (SELECT 1 FROM delegations WHERE id = $1 AND starts_at <= $2 AND (ends_at IS NULL OR ends_at > $2))",
        args![id, now],
    )
    .await
}

struct ItemRow {
    id: DelegationId,
    delegator_id: UserId,
    delegator_name: String,
    delegate_id: UserId,
    delegate_name: String,
    delegate_user_name: String,
    package_id: Option<PackageId>,
    package_name: Option<String>,
    starts_at: DateTime<Utc>,
    ends_at: Option<DateTime<Utc>>,
    waiting: bool,
    version: i64,
}
row!(ItemRow {
    id: id,
    delegator_id: id,
    delegator_name,
    delegate_id: id,
    delegate_name,
    delegate_user_name,
    package_id: opt_id,
    package_name,
    starts_at,
    ends_at,
    waiting,
    version
});

/// A person's delegations, to and from others, the latest first.
pub async fn of_user(tx: &mut Tx, user: UserId, now: DateTime<Utc>) -> Result<Vec<DelegationItem>, StoreError> {
    let mut list = List::new(
        "d.id, d.delegator_id, a.name AS delegator_name, d.delegate_id, b.name AS delegate_name, b.user_name AS delegate_user_name, d.package_id, p.name AS package_name,
            d.starts_at, d.ends_at, d.waiting, d.version",
        "delegations d JOIN users a ON a.id = d.delegator_id JOIN users b ON b.id = d.delegate_id
            LEFT JOIN packages p ON p.id = d.package_id",
    );
    list.filter("(d.delegator_id = ? OR d.delegate_id = ?)", args![user, user]);
    let rows: Vec<ItemRow> = list.all(tx, "ORDER BY d.starts_at DESC, d.id DESC LIMIT 100").await?;
    Ok(rows
        .into_iter()
        .map(|row| DelegationItem {
            id: row.id,
            delegate: Named::new(row.delegate_id, row.delegate_name),
            delegate_user_name: row.delegate_user_name,
            delegator: Named::new(row.delegator_id, row.delegator_name),
            package: row.package_id.zip(row.package_name).map(|(id, name)| Named::new(id, name)),
            own: row.delegator_id == user,
            state: DelegationState::at(row.starts_at, row.ends_at, now),
            starts_at: row.starts_at,
            ends_at: row.ends_at,
            waiting: row.waiting,
            version: row.version,
        })
        .collect())
}

/// The packages about which somebody is or was asked, by name.
pub async fn packages_asked(tx: &mut Tx, user: UserId) -> Result<Vec<Named<PackageId>>, StoreError> {
    let rows: Vec<(Uuid, String)> = tx
        .all(
            "SELECT p.id, p.name FROM packages p WHERE p.deleted_at IS NULL AND p.id IN (
                SELECT q.package_id FROM approvers a JOIN requests q ON q.id = a.request_id WHERE a.user_id = $1 AND a.via_id IS NULL
                UNION SELECT po.package_id FROM policy_subjects s JOIN policies po ON po.id = s.policy_id
                WHERE s.subject_id = $1 AND s.purpose IN ('approver', 'fallback_approver', 'alternate', 'fallback_alternate'))
             ORDER BY p.name_folded, p.id LIMIT 100",
            args![user],
        )
        .await?;
    Ok(rows.into_iter().map(|(id, name)| Named::new(id.into(), name)).collect())
}

struct CandidateRow {
    name: String,
    user_name: String,
}
row!(CandidateRow { name, user_name });

/// People who are there and may sign in, by words of their name, ten at the most.
pub async fn candidates(tx: &mut Tx, search: &str) -> Result<Vec<DelegateCandidate>, StoreError> {
    let mut list = List::new("u.name, u.user_name", "users u");
    list.filter("u.enabled AND u.deleted_at IS NULL", Vec::new());
    search::narrow(
        &mut list,
        "u.id IN (SELECT owner_id FROM search_words WHERE kind = ? AND word >= ? AND word < ?)",
        Kind::User,
        search,
    );
    let rows: Vec<CandidateRow> = list.all(tx, "ORDER BY u.name_folded, u.id LIMIT 10").await?;
    Ok(rows
        .into_iter()
        .map(|row| DelegateCandidate {
            name: row.name,
            user_name: row.user_name,
        })
        .collect())
}

/// The user with this folded user name who is there and may sign in, by name.
pub async fn by_user_name(tx: &mut Tx, folded: &str) -> Result<Option<Named<UserId>>, StoreError> {
    let found: Option<(Uuid, String)> = tx
        .opt(
            "SELECT id, name FROM users WHERE user_name_folded = $1 AND enabled AND deleted_at IS NULL",
            args![folded],
        )
        .await?;
    Ok(found.map(|(id, name)| Named::new(id.into(), name)))
}

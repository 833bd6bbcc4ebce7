//! Policies: what each is called and how it stands now, every version of its terms, and the users and groups that the version in force
//! names. What pages list of them is in `list`.

mod list;

use chrono::{DateTime, Utc};

use crate::domain::id::{PackageId, PolicyId, PolicyVersionId, UserId};
use crate::domain::policy::{PolicyTerms, Scope};
use crate::domain::validate::Name;
use crate::{args, row};

use super::tx::{StoreError, Tx, word};
use super::{batch, subjects};

pub use list::{holders, in_scope, naming, of_package, open_requests, versions};

/// A policy with the terms in force.
#[derive(Clone, Debug)]
pub struct PolicyNow {
    /// The policy.
    pub id: PolicyId,
    /// Of which package.
    pub package_id: PackageId,
    /// Its name.
    pub name: String,
    /// The version in force.
    pub version_id: PolicyVersionId,
    /// Its number.
    pub number: i64,
    /// What it says.
    pub terms: PolicyTerms,
    /// For the next change.
    pub version: i64,
}
row!(PolicyNow {
    id: id,
    package_id: id,
    name,
    version_id: id,
    number,
    terms: json,
    version
});

const NOW: &str = "SELECT po.id, po.package_id, po.name, po.version_id, v.number, v.body AS terms, po.version
     FROM policies po JOIN policy_versions v ON v.id = po.version_id WHERE po.id = $1 AND po.deleted_at IS NULL";

/// A policy with the terms in force.
pub async fn get(tx: &mut Tx, id: PolicyId) -> Result<Option<PolicyNow>, StoreError> {
    tx.opt(NOW, args![id]).await
}

/// The policies of a package with the terms in force, in their order.
pub async fn now_of_package(tx: &mut Tx, package: PackageId) -> Result<Vec<PolicyNow>, StoreError> {
    tx.all(
        "SELECT po.id, po.package_id, po.name, po.version_id, v.number, v.body AS terms, po.version
         FROM policies po JOIN policy_versions v ON v.id = po.version_id WHERE po.package_id = $1 AND po.deleted_at IS NULL
         ORDER BY po.position, po.created_at, po.id",
        args![package],
    )
    .await
}

/// A policy with the terms in force, which stay so until the transaction ends.
pub async fn lock(tx: &mut Tx, id: PolicyId) -> Result<Option<PolicyNow>, StoreError> {
    tx.opt(tx.for_update(NOW, "FOR UPDATE OF po"), args![id]).await
}

/// The number and terms of one version.
pub async fn version(tx: &mut Tx, id: PolicyVersionId) -> Result<Option<(i64, PolicyTerms)>, StoreError> {
    let found: Option<VersionRow> = tx
        .opt("SELECT number, body AS terms FROM policy_versions WHERE id = $1", args![id])
        .await?;
    Ok(found.map(|row| (row.number, row.terms)))
}

/// The terms of the version with this number.
pub async fn numbered(tx: &mut Tx, id: PolicyId, number: i64) -> Result<Option<PolicyTerms>, StoreError> {
    let sql = "SELECT number, body AS terms FROM policy_versions WHERE policy_id = $1 AND number = $2";
    let found: Option<VersionRow> = tx.opt(sql, args![id, number]).await?;
    Ok(found.map(|row| row.terms))
}

struct VersionRow {
    number: i64,
    terms: PolicyTerms,
}
row!(VersionRow { number, terms: json });

/// A policy to be kept, with its first version.
pub struct NewPolicy<'a> {
    /// The policy.
    pub id: PolicyId,
    /// Its first version.
    pub version_id: PolicyVersionId,
    /// Of which package.
    pub package: PackageId,
    /// Its name.
    pub name: &'a Name,
    /// Its place among the package's policies.
    pub position: i64,
    /// What it says.
    pub terms: &'a PolicyTerms,
    /// Who made it; `None` is the product itself.
    pub by: Option<UserId>,
}

/// Keeps a new policy of a package. A name that the package's policies have already is a conflict on policies.
pub async fn insert(tx: &mut Tx, new: &NewPolicy<'_>, now: DateTime<Utc>) -> Result<(), StoreError> {
    let (kind, value) = new.terms.lifecycle.expires.to_stored();
    tx.exec(
        "INSERT INTO policies (id, package_id, name, name_folded, position, scope, enabled, expiration, expiration_value, version_id,
            created_at, updated_at, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11, 1)",
        args![
            new.id,
            new.package,
            new.name.text.as_str(),
            new.name.folded.as_str(),
            new.position,
            word(new.terms.scope),
            new.terms.requestor.enabled,
            word(kind),
            value,
            new.version_id,
            now
        ],
    )
    .await?;
    insert_version(tx, (new.id, new.version_id, 1), new.terms, new.by, now).await
}

/// A policy's next version comes into force. Says whether the policy still had the version that was read.
pub async fn replace(
    tx: &mut Tx,
    policy: &PolicyNow,
    version_id: PolicyVersionId,
    terms: &PolicyTerms,
    by: Option<UserId>,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let (kind, value) = terms.lifecycle.expires.to_stored();
    let changed = tx
        .exec(
            "UPDATE policies SET scope = $3, enabled = $4, expiration = $5, expiration_value = $6, version_id = $7, updated_at = $8,
                version = version + 1
             WHERE id = $1 AND version = $2",
            args![
                policy.id,
                policy.version,
                word(terms.scope),
                terms.requestor.enabled,
                word(kind),
                value,
                version_id,
                now
            ],
        )
        .await?;
    if changed == 0 {
        return Ok(false);
    }
    tx.exec("DELETE FROM policy_subjects WHERE policy_id = $1", args![policy.id])
        .await?;
    insert_version(tx, (policy.id, version_id, policy.number + 1), terms, by, now).await?;
    Ok(true)
}

/// Gives a policy another name. One that the package's policies have already is a conflict on policies.
pub async fn rename(tx: &mut Tx, id: PolicyId, name: &Name) -> Result<(), StoreError> {
    let sql = "UPDATE policies SET name = $2, name_folded = $3 WHERE id = $1";
    tx.exec(sql, args![id, name.text.as_str(), name.folded.as_str()]).await?;
    Ok(())
}

/// The place behind all policies of a package.
pub async fn next_position(tx: &mut Tx, package: PackageId) -> Result<i64, StoreError> {
    let sql = "SELECT coalesce(max(position), -1) + 1 FROM policies WHERE package_id = $1 AND deleted_at IS NULL";
    tx.value(sql, args![package]).await
}

/// Gives a policy its place among the package's policies.
pub async fn place(tx: &mut Tx, id: PolicyId, position: i64) -> Result<(), StoreError> {
    tx.exec("UPDATE policies SET position = $2 WHERE id = $1", args![id, position])
        .await?;
    Ok(())
}

/// Marks a policy that still has this version as deleted, so that nobody can request under it and it names nobody; says whether it had.
pub async fn delete(tx: &mut Tx, id: PolicyId, version: i64, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let changed = tx
        .exec(
            "UPDATE policies SET deleted_at = $3, updated_at = $3, scope = $4, enabled = FALSE, version = version + 1
             WHERE id = $1 AND version = $2 AND deleted_at IS NULL",
            args![id, version, now, word(Scope::Nobody)],
        )
        .await?;
    tx.exec("DELETE FROM policy_subjects WHERE policy_id = $1", args![id]).await?;
    Ok(changed == 1)
}

async fn insert_version(
    tx: &mut Tx,
    (policy, id, number): (PolicyId, PolicyVersionId, i64),
    terms: &PolicyTerms,
    by: Option<UserId>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let body = serde_json::to_value(terms).map_err(|error| StoreError::Inconsistent(error.to_string()))?;
    tx.exec(
        "INSERT INTO policy_versions (id, policy_id, number, body, created_at, created_by) VALUES ($1, $2, $3, $4, $5, $6)",
        args![id, policy, number, body, now, by],
    )
    .await?;
    let values = terms
        .mentions()
        .into_iter()
        .flat_map(|(purpose, stage, subject)| {
            let (kind, subject) = subjects::halves(subject);
            args![policy, word(purpose), stage, word(kind), subject]
        })
        .collect();
    let head = "policy_subjects (policy_id, purpose, stage, subject_kind, subject_id)";
    batch::insert(tx, head, 5, values, "").await
}

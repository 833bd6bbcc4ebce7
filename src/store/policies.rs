//! Policies: what each is called and how it stands now, every version of its terms, and the users and groups that the version in force
//! names.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::expiration::{Expiration, ExpirationKind};
use crate::domain::id::{CatalogId, Named, PackageId, PolicyId, PolicyVersionId, UserId};
use crate::domain::object::{Subject, SubjectItem, SubjectKind};
use crate::domain::policy::{PolicyItem, PolicyMention, PolicyTerms, Scope};
use crate::domain::subject::Purpose;
use crate::domain::validate::Name;
use crate::{args, row};

use super::list::List;
use super::tx::{Arg, StoreError, Tx, word};
use super::{batch, subjects};

struct Policy {
    id: PolicyId,
    name: String,
    scope: Scope,
    enabled: bool,
    expiration: ExpirationKind,
    expiration_value: Option<String>,
    assignments: i64,
    version: i64,
}
row!(Policy {
    id: id,
    name,
    scope: word,
    enabled,
    expiration: word,
    expiration_value,
    assignments,
    version
});

impl Policy {
    fn item(self, subjects: Vec<SubjectItem>) -> Result<PolicyItem, StoreError> {
        let expiration = Expiration::from_stored(self.expiration, self.expiration_value.as_deref())
            .ok_or_else(|| StoreError::Inconsistent(format!("the expiration of policy {}", self.id)))?;
        Ok(PolicyItem {
            id: self.id,
            name: self.name,
            scope: self.scope,
            subjects,
            enabled: self.enabled,
            expiration,
            assignments: self.assignments,
            version: self.version,
        })
    }
}

/// A package's policies in their order, each with whom it lets request and its assignments that hold at `now`.
pub async fn of_package(tx: &mut Tx, id: PackageId, now: DateTime<Utc>) -> Result<Vec<PolicyItem>, StoreError> {
    let mut list = List::new(
        "p.id, p.name, p.scope, p.enabled, p.expiration, p.expiration_value, p.version, coalesce(a.count, 0) AS assignments",
        "policies p LEFT JOIN (SELECT policy_id, count(*) AS count FROM assignments
            WHERE package_id = $1 AND state <> 'expired' AND state <> 'delivery_failed' AND starts_at <= $2
                AND (ends_at IS NULL OR ends_at > $2)
            GROUP BY policy_id) a ON a.policy_id = p.id",
    )
    .with(args![id, now]);
    list.filter("p.package_id = ?", args![id]);
    let rows: Vec<Policy> = list.all(tx, "ORDER BY p.position, p.created_at, p.id").await?;
    let ids: Vec<PolicyId> = rows.iter().map(|row| row.id).collect();
    let mut named = requestors(tx, &ids).await?;
    rows.into_iter()
        .map(|row| {
            let subjects = named.remove(&row.id).unwrap_or_default();
            row.item(subjects)
        })
        .collect()
}

struct NamedIn {
    policy_id: PolicyId,
    kind: SubjectKind,
    id: Uuid,
    name: Option<String>,
    detail: Option<String>,
    deleted: bool,
}
row!(NamedIn {
    policy_id: id,
    kind: word,
    id,
    name,
    detail,
    deleted
});

impl NamedIn {
    fn item(self) -> SubjectItem {
        let detail = self.detail.unwrap_or_default();
        let (unnamed, detail) = match self.kind {
            SubjectKind::User => ("Deleted user", detail),
            SubjectKind::Group => ("Deleted group", subjects::group_detail(&detail)),
        };
        SubjectItem {
            subject: subjects::subject(self.kind, self.id),
            deleted: self.deleted || self.name.is_none(),
            name: self.name.unwrap_or_else(|| unnamed.into()),
            detail,
        }
    }
}

/// The users and groups that each policy lets request, by name; those that are gone for good keep a place without a name.
async fn requestors(tx: &mut Tx, ids: &[PolicyId]) -> Result<HashMap<PolicyId, Vec<SubjectItem>>, StoreError> {
    let mut named: HashMap<PolicyId, Vec<SubjectItem>> = HashMap::new();
    if ids.is_empty() {
        return Ok(named);
    }
    let mut list = List::new(
        "s.policy_id, s.subject_kind AS kind, s.subject_id AS id, coalesce(u.name, o.name) AS name,
            coalesce(u.user_name, o.group_kind) AS detail, coalesce(u.deleted_at, o.deleted_at) IS NOT NULL AS deleted",
        "policy_subjects s LEFT JOIN users u ON s.subject_kind = 'user' AND u.id = s.subject_id
            LEFT JOIN objects o ON s.subject_kind = 'group' AND o.id = s.subject_id",
    );
    list.filter("s.purpose = ?", args![word(Purpose::Requestor)]);
    list.in_list("s.policy_id", ids.iter().copied().map(Arg::from).collect());
    for row in list
        .all::<NamedIn>(tx, "ORDER BY coalesce(u.name_folded, o.name_folded), s.subject_id")
        .await?
    {
        named.entry(row.policy_id).or_default().push(row.item());
    }
    Ok(named)
}

struct MentionRow {
    policy_id: PolicyId,
    policy_name: String,
    package_id: PackageId,
    package_name: String,
    catalog_id: CatalogId,
    purpose: Purpose,
    stage: i64,
    alone: bool,
}
row!(MentionRow {
    policy_id: id,
    policy_name,
    package_id: id,
    package_name,
    catalog_id: id,
    purpose: word,
    stage,
    alone
});

/// Which policies of packages that are there name this user or group, and what for.
pub async fn naming(tx: &mut Tx, subject: Subject) -> Result<Vec<PolicyMention>, StoreError> {
    let (kind, id) = subjects::halves(subject);
    let rows: Vec<MentionRow> = tx
        .all(
            "SELECT po.id AS policy_id, po.name AS policy_name, p.id AS package_id, p.name AS package_name, p.catalog_id, s.purpose, s.stage,
                NOT EXISTS (SELECT 1 FROM policy_subjects o WHERE o.policy_id = s.policy_id AND o.purpose = s.purpose AND o.stage = s.stage
                    AND o.subject_id <> s.subject_id) AS alone
             FROM policy_subjects s JOIN policies po ON po.id = s.policy_id JOIN packages p ON p.id = po.package_id
             WHERE s.subject_id = $1 AND s.subject_kind = $2 AND p.deleted_at IS NULL
             ORDER BY p.name_folded, p.id, po.position, po.id, s.stage, s.purpose",
            args![id, word(kind)],
        )
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| PolicyMention {
            policy: Named::new(row.policy_id, row.policy_name),
            package: Named::new(row.package_id, row.package_name),
            catalog: row.catalog_id,
            purpose: row.purpose,
            stage: row.stage,
            alone: row.alone,
        })
        .collect())
}

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

/// A policy with the terms in force, which stay so until the transaction ends.
pub async fn lock(tx: &mut Tx, id: PolicyId) -> Result<Option<PolicyNow>, StoreError> {
    let sql = "SELECT po.id, po.package_id, po.name, po.version_id, v.number, v.body AS terms, po.version
         FROM policies po JOIN policy_versions v ON v.id = po.version_id WHERE po.id = $1";
    tx.opt(tx.for_update(sql, "FOR UPDATE OF po"), args![id]).await
}

/// The number and terms of one version.
pub async fn version(tx: &mut Tx, id: PolicyVersionId) -> Result<Option<(i64, PolicyTerms)>, StoreError> {
    let found: Option<VersionRow> = tx
        .opt("SELECT number, body AS terms FROM policy_versions WHERE id = $1", args![id])
        .await?;
    Ok(found.map(|row| (row.number, row.terms)))
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

//! Policies with the users and groups that they name.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::expiration::{Expiration, ExpirationKind};
use crate::domain::id::{PackageId, PolicyId};
use crate::domain::object::{SubjectItem, SubjectKind};
use crate::domain::policy::{NewPolicy, PolicyItem, Scope};
use crate::domain::text::StringEnum;
use crate::domain::validate::Name;
use crate::{args, row};

use super::list::List;
use super::tx::{Arg, StoreError, Tx};
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

/// A package's policies in the order in which they were made, each with its subjects and its assignments that hold at `now`.
pub async fn of_package(tx: &mut Tx, id: PackageId, now: DateTime<Utc>) -> Result<Vec<PolicyItem>, StoreError> {
    let mut list = List::new(
        "p.id, p.name, p.scope, p.enabled, p.expiration, p.expiration_value, p.version, coalesce(a.count, 0) AS assignments",
        "policies p LEFT JOIN (SELECT policy_id, count(*) AS count FROM assignments
            WHERE package_id = $1 AND state <> 'expired' AND starts_at <= $2 AND (ends_at IS NULL OR ends_at > $2)
            GROUP BY policy_id) a ON a.policy_id = p.id",
    )
    .with(args![id, now]);
    list.filter("p.package_id = ?", args![id]);
    let rows: Vec<Policy> = list.all(tx, "ORDER BY p.created_at, p.id").await?;
    let ids: Vec<PolicyId> = rows.iter().map(|row| row.id).collect();
    let mut named = named_in(tx, &ids).await?;
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

/// The users and groups of each policy, by name; those that are gone for good keep a place without a name.
async fn named_in(tx: &mut Tx, ids: &[PolicyId]) -> Result<HashMap<PolicyId, Vec<SubjectItem>>, StoreError> {
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
    list.in_list("s.policy_id", ids.iter().copied().map(Arg::from).collect());
    for row in list
        .all::<NamedIn>(tx, "ORDER BY coalesce(u.name_folded, o.name_folded), s.subject_id")
        .await?
    {
        named.entry(row.policy_id).or_default().push(row.item());
    }
    Ok(named)
}

/// Keeps a new policy of a package with its subjects.
pub async fn insert(
    tx: &mut Tx,
    id: PolicyId,
    package: PackageId,
    name: &Name,
    policy: &NewPolicy,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let (kind, value) = policy.expiration.to_stored();
    tx.exec(
        "INSERT INTO policies (id, package_id, name, name_folded, scope, enabled, expiration, expiration_value, created_at, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1)",
        args![
            id,
            package,
            name.text.as_str(),
            name.folded.as_str(),
            policy.scope.as_str(),
            policy.enabled,
            kind.as_str(),
            value,
            now
        ],
    )
    .await?;
    let values = policy
        .subjects
        .iter()
        .flat_map(|subject| {
            let (kind, subject) = subjects::halves(*subject);
            args![id, kind.as_str(), subject]
        })
        .collect();
    batch::insert(tx, "policy_subjects (policy_id, subject_kind, subject_id)", 3, values, "").await
}

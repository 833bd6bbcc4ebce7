//! What pages list of policies: those of a package, those that name somebody, the versions of one, and what stands in the way of deleting
//! one.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::expiration::{Expiration, ExpirationKind};
use crate::domain::id::{CatalogId, Named, PackageId, PolicyId};
use crate::domain::object::{Subject, SubjectItem, SubjectKind};
use crate::domain::policy::{PolicyItem, PolicyMention, PolicyTerms, Scope, VersionItem};
use crate::domain::request::RequestState;
use crate::domain::subject::Purpose;
use crate::domain::text::StringEnum;
use crate::domain::user::UserKind;
use crate::{args, row};

use super::super::list::List;
use super::super::subjects;
use super::super::tx::{Arg, StoreError, Tx, word};
use super::PolicyNow;

struct Policy {
    id: PolicyId,
    name: String,
    scope: Scope,
    enabled: bool,
    expiration: ExpirationKind,
    expiration_value: Option<String>,
    terms: PolicyTerms,
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
    terms: json,
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
            stages: stages(&self.terms),
            assignments: self.assignments,
            version: self.version,
        })
    }
}

/// How many stages a request passes.
fn stages(terms: &PolicyTerms) -> i64 {
    let approval = &terms.approval;
    if approval.required_for_add {
        approval.stages.len() as i64
    } else {
        0
    }
}

/// A package's policies in their order, each with whom it lets request and its assignments that hold at `now`.
pub async fn of_package(tx: &mut Tx, id: PackageId, now: DateTime<Utc>) -> Result<Vec<PolicyItem>, StoreError> {
    let mut list = List::new(
        "p.id, p.name, p.scope, p.enabled, p.expiration, p.expiration_value, v.body AS terms, p.version, coalesce(a.count, 0) AS assignments",
        "policies p JOIN policy_versions v ON v.id = p.version_id LEFT JOIN (SELECT policy_id, count(*) AS count FROM assignments
            WHERE package_id = $1 AND state <> 'expired' AND state <> 'delivery_failed' AND starts_at <= $2
                AND (ends_at IS NULL OR ends_at > $2)
            GROUP BY policy_id) a ON a.policy_id = p.id",
    )
    .with(args![id, now]);
    list.filter("p.package_id = ? AND p.deleted_at IS NULL", args![id]);
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
            SubjectKind::Organization => ("Deleted connected organization", subjects::organization_detail(&detail)),
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
        "s.policy_id, s.subject_kind AS kind, s.subject_id AS id, coalesce(u.name, o.name, c.name) AS name,
            coalesce(u.user_name, o.group_kind, c.state) AS detail, coalesce(u.deleted_at, o.deleted_at) IS NOT NULL AS deleted",
        "policy_subjects s LEFT JOIN users u ON s.subject_kind = 'user' AND u.id = s.subject_id
            LEFT JOIN objects o ON s.subject_kind = 'group' AND o.id = s.subject_id
            LEFT JOIN connected_organizations c ON s.subject_kind = 'organization' AND c.id = s.subject_id",
    );
    list.filter("s.purpose = ?", args![word(Purpose::Requestor)]);
    list.in_list("s.policy_id", ids.iter().copied().map(Arg::from).collect());
    for row in list
        .all::<NamedIn>(tx, "ORDER BY coalesce(u.name_folded, o.name_folded, c.name_folded), s.subject_id")
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

struct Version {
    number: i64,
    terms: PolicyTerms,
    created_at: DateTime<Utc>,
    created_by: Option<String>,
}
row!(Version {
    number,
    terms: json,
    created_at,
    created_by
});

/// The latest versions of a policy, the newest first, no more than `most`.
pub async fn versions(tx: &mut Tx, id: PolicyId, most: i64) -> Result<Vec<VersionItem>, StoreError> {
    let rows: Vec<Version> = tx
        .all(
            "SELECT v.number, v.body AS terms, v.created_at, u.name AS created_by FROM policy_versions v LEFT JOIN users u ON u.id = v.created_by
             WHERE v.policy_id = $1 ORDER BY v.number DESC LIMIT $2",
            args![id, most],
        )
        .await?;
    let item = |row: Version| VersionItem {
        number: row.number,
        terms: row.terms,
        created_at: row.created_at,
        created_by: row.created_by,
    };
    Ok(rows.into_iter().map(item).collect())
}

/// Three of the people who have or will have access under a policy at `now`, each with their user name, and how many there are.
pub async fn holders(tx: &mut Tx, id: PolicyId, now: DateTime<Utc>) -> Result<(Vec<String>, i64), StoreError> {
    let held = |columns| {
        let mut list = List::new(columns, "assignments a JOIN users u ON u.id = a.target_id");
        list.filter(
            "a.policy_id = ? AND a.state <> 'expired' AND a.state <> 'delivery_failed' AND (a.ends_at IS NULL OR a.ends_at > ?)",
            args![id, now],
        );
        list
    };
    let few: Vec<(String,)> = held("u.name || ' (' || u.user_name || ')' AS name")
        .all(tx, "ORDER BY u.name_folded, u.id LIMIT 3")
        .await?;
    let count = held("a.id").count(tx, i64::MAX).await?;
    Ok((few.into_iter().map(|(name,)| name).collect(), count))
}

/// How many requests under a policy wait for something.
pub async fn open_requests(tx: &mut Tx, id: PolicyId) -> Result<i64, StoreError> {
    let mut list = List::new("r.id", "requests r");
    list.filter("r.policy_id = ?", args![id]);
    let open = RequestState::ALL.iter().copied().filter(|state| state.is_open());
    list.in_list("r.state", open.map(word).collect());
    list.count(tx, i64::MAX).await
}

/// How many people who can sign in fall under a policy's scope at `now`, each once.
pub async fn in_scope(tx: &mut Tx, policy: &PolicyNow, now: DateTime<Utc>) -> Result<i64, StoreError> {
    let mut list = List::new("u.id", "users u");
    list.filter("u.enabled AND u.deleted_at IS NULL", Vec::new());
    match policy.terms.scope {
        Scope::Nobody => return Ok(0),
        Scope::AllUsers => {}
        Scope::AllMembers => list.filter("u.kind = ?", args![word(UserKind::Member)]),
        Scope::Specific => list.filter(
            "u.id IN (SELECT s.subject_id FROM policy_subjects s WHERE s.policy_id = ? AND s.purpose = 'requestor'
                UNION SELECT m.user_id FROM policy_subjects s JOIN objects o ON o.id = s.subject_id JOIN roles r ON r.object_id = o.id
                JOIN memberships m ON m.role_id = r.id WHERE s.policy_id = ? AND s.purpose = 'requestor' AND o.kind = 'group'
                AND o.deleted_at IS NULL AND r.name = 'Member' AND m.until > ?)",
            args![policy.id, policy.id, now],
        ),
        Scope::AllExternal => list.filter("u.kind = ?", args![word(UserKind::Guest)]),
        Scope::ConfiguredOrganizations => list.filter(
            "u.kind = 'guest' AND u.deleted_at IS NULL AND u.mail_domain IN (SELECT d.domain FROM organization_domains d
                JOIN connected_organizations c ON c.id = d.organization_id WHERE c.state = 'configured')",
            Vec::new(),
        ),
        Scope::SpecificOrganizations => list.filter(
            "u.kind = 'guest' AND u.deleted_at IS NULL AND u.mail_domain IN (SELECT d.domain FROM policy_subjects s
                JOIN organization_domains d ON d.organization_id = s.subject_id WHERE s.policy_id = ? AND s.purpose = 'requestor')",
            args![policy.id],
        ),
    }
    list.count(tx, i64::MAX).await
}

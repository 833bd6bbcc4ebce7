//! Where a person stands with a package: the facts on which a request is decided.

use chrono::{DateTime, Utc};

use crate::domain::assignment::AssignmentState;
use crate::domain::expiration::{Expiration, ExpirationKind};
use crate::domain::id::{AssignmentId, Named, PackageId, PolicyId, PolicyVersionId, RequestId, UserId};
use crate::domain::policy::{PolicyTerms, Scope};
use crate::domain::request::{HeldFacts, PolicyFacts};
use crate::domain::subject::SubjectSet;
use crate::domain::user::{AccountState, UserKind};
use crate::{args, row};

use super::list::List;
use super::tx::{StoreError, Tx};

/// A package as a request meets it, together with the person who is to have access.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The package's name.
    pub name: String,
    /// It is not listed.
    pub hidden: bool,
    /// Its catalog takes requests.
    pub catalog_enabled: bool,
    /// Its catalog is open to guests.
    pub catalog_external: bool,
    /// The person's name.
    pub user_name: String,
    /// Member or guest.
    pub user_kind: UserKind,
    /// Whether they can sign in.
    pub account: AccountState,
    /// Their manager.
    pub manager_id: Option<UserId>,
    /// The manager's manager.
    pub second_manager_id: Option<UserId>,
    /// The person's live assignment of it; one that failed to deliver is none.
    pub assignment_id: Option<AssignmentId>,
    /// The person's open request to have or change it.
    pub request_id: Option<RequestId>,
}
row!(Candidate {
    name,
    hidden,
    catalog_enabled,
    catalog_external,
    user_name,
    user_kind: word,
    account: word,
    manager_id: opt_id,
    second_manager_id: opt_id,
    assignment_id: opt_id,
    request_id: opt_id
});

const CANDIDATE: &str = "SELECT p.name, p.hidden,
        (c.enabled AND NOT EXISTS (SELECT 1 FROM package_endings e WHERE e.package_id = p.id)) AS catalog_enabled, c.external AS catalog_external, u.name AS user_name,
        u.kind AS user_kind, CASE WHEN u.deleted_at IS NOT NULL THEN 'deleted' WHEN u.enabled THEN 'active' ELSE 'blocked' END AS account,
        u.manager_id, (SELECT m.manager_id FROM users m WHERE m.id = u.manager_id) AS second_manager_id,
        (SELECT a.id FROM assignments a WHERE a.target_id = u.id AND a.package_id = p.id AND a.state <> 'expired' AND a.state <> 'delivery_failed'
            AND (a.ends_at IS NULL OR a.ends_at > $3)) AS assignment_id,
        (SELECT r.id FROM requests r WHERE r.target_id = u.id AND r.package_id = p.id
            AND r.state IN ('submitted', 'pending_approval', 'scheduled', 'delivering')
            AND r.kind NOT IN ('user_remove', 'admin_remove', 'system_remove')) AS request_id
     FROM packages p JOIN catalogs c ON c.id = p.catalog_id JOIN users u ON u.id = $2
     WHERE p.id = $1 AND p.deleted_at IS NULL AND c.deleted_at IS NULL";

/// The facts about a package and a person; nothing if the package is gone, or the person never was.
pub async fn candidate(tx: &mut Tx, package: PackageId, user: UserId, now: DateTime<Utc>) -> Result<Option<Candidate>, StoreError> {
    tx.opt(CANDIDATE, args![package, user, now]).await
}

/// The same facts, and the package and the person stay as they are until the transaction ends.
pub async fn lock_candidate(tx: &mut Tx, package: PackageId, user: UserId, now: DateTime<Utc>) -> Result<Option<Candidate>, StoreError> {
    tx.opt(tx.for_update(CANDIDATE, "FOR SHARE OF p, u"), args![package, user, now])
        .await
}

struct PolicyRow {
    id: PolicyId,
    name: String,
    version_id: PolicyVersionId,
    number: i64,
    terms: PolicyTerms,
    scope: Scope,
    enabled: bool,
    expiration: ExpirationKind,
    expiration_value: Option<String>,
    named: bool,
    names_requestor: bool,
}
row!(PolicyRow {
    id: id,
    name,
    version_id: id,
    number,
    terms: json,
    scope: word,
    enabled,
    expiration: word,
    expiration_value,
    named,
    names_requestor
});

/// Who is to have access, and who asks for it.
#[derive(Clone, Copy, Debug)]
pub struct Parties {
    /// Who is to have access.
    pub target: UserId,
    /// Who asks; the same where one asks for oneself.
    pub requestor: UserId,
}

/// The policies of a package, in their order, as they meet a request of `requestor` for `candidate`.
pub async fn policies_for(
    tx: &mut Tx,
    package: PackageId,
    parties: Parties,
    candidate: &Candidate,
    now: DateTime<Utc>,
) -> Result<Vec<PolicyFacts>, StoreError> {
    let rows: Vec<PolicyRow> = tx
        .all(
            "SELECT po.id, po.name, po.version_id, v.number, v.body AS terms, po.scope, po.enabled, po.expiration, po.expiration_value,
                (po.scope IN ('specific', 'specific_organizations') AND EXISTS (SELECT 1 FROM policy_subjects s
                    WHERE s.policy_id = po.id AND s.purpose = 'requestor' AND s.subject_id IN (
                    SELECT u.id FROM users u WHERE u.id = $2
                    UNION ALL
                    SELECT o.id FROM memberships m JOIN roles r ON r.id = m.role_id JOIN objects o ON o.id = r.object_id
                    WHERE m.user_id = $2 AND m.until > $3 AND r.name = 'Member' AND o.kind = 'group' AND o.deleted_at IS NULL
                    UNION ALL
                    SELECT d.organization_id FROM users u JOIN organization_domains d ON d.domain = u.mail_domain
                    WHERE u.id = $2 AND u.kind = 'guest'))
                 OR po.scope = 'configured_organizations' AND EXISTS (SELECT 1 FROM users u
                    JOIN organization_domains d ON d.domain = u.mail_domain JOIN connected_organizations g ON g.id = d.organization_id
                    WHERE u.id = $2 AND u.kind = 'guest' AND g.state = 'configured')) AS named,
                ($2 <> $4 AND EXISTS (SELECT 1 FROM policy_subjects s WHERE s.policy_id = po.id AND s.purpose = 'on_behalf'
                    AND s.subject_id IN (
                    SELECT u.id FROM users u WHERE u.id = $4
                    UNION ALL
                    SELECT o.id FROM memberships m JOIN roles r ON r.id = m.role_id JOIN objects o ON o.id = r.object_id
                    WHERE m.user_id = $4 AND m.until > $3 AND r.name = 'Member' AND o.kind = 'group' AND o.deleted_at IS NULL)))
                    AS names_requestor
             FROM policies po JOIN policy_versions v ON v.id = po.version_id
             WHERE po.package_id = $1 AND po.deleted_at IS NULL ORDER BY po.position, po.created_at, po.id",
            args![package, parties.target, now, parties.requestor],
        )
        .await?;
    rows.into_iter().map(|row| row.facts(parties.requestor, candidate)).collect()
}

impl PolicyRow {
    fn facts(self, requestor: UserId, candidate: &Candidate) -> Result<PolicyFacts, StoreError> {
        let expires = Expiration::from_stored(self.expiration, self.expiration_value.as_deref())
            .ok_or_else(|| StoreError::Inconsistent(format!("the expiration of policy {}", self.id)))?;
        let mut terms = self.terms;
        // What lists compare stands in columns of its own, and is what counts.
        (terms.scope, terms.requestor.enabled, terms.lifecycle.expires) = (self.scope, self.enabled, expires);
        let related = terms.requestor.on_behalf.iter().any(|set| match set {
            SubjectSet::RequestorManager(1) => candidate.manager_id == Some(requestor),
            SubjectSet::RequestorManager(_) => candidate.second_manager_id == Some(requestor),
            _ => false,
        });
        Ok(PolicyFacts {
            lets_ask_for_other: terms.requestor.on_behalf_add && (self.names_requestor || related),
            id: self.id,
            name: self.name,
            version_id: self.version_id,
            number: self.number,
            terms,
            named: self.named,
        })
    }
}

/// Access that somebody has, with the policy that it was given under as that stands now.
#[derive(Clone, Debug)]
pub struct Held {
    /// The assignment.
    pub id: AssignmentId,
    /// Of which package.
    pub package: Named<PackageId>,
    /// Under which policy.
    pub policy_id: PolicyId,
    /// Under which version of it.
    pub given_under: PolicyVersionId,
    /// The version in force.
    pub version_id: PolicyVersionId,
    /// What decides on more time, and on giving it back.
    pub facts: HeldFacts,
}

struct HeldRow {
    id: AssignmentId,
    package_id: PackageId,
    package_name: String,
    policy_id: PolicyId,
    given_under: PolicyVersionId,
    version_id: PolicyVersionId,
    ends_at: Option<DateTime<Utc>>,
    state: AssignmentState,
    closed: bool,
    offered: bool,
    external: bool,
    kind: UserKind,
    named: bool,
    asked: bool,
    terms: PolicyTerms,
    scope: Scope,
    enabled: bool,
    expiration: ExpirationKind,
    expiration_value: Option<String>,
}
row!(HeldRow {
    id: id,
    package_id: id,
    package_name,
    policy_id: id,
    given_under: id,
    version_id: id,
    ends_at,
    state: word,
    closed,
    offered,
    external,
    kind: word,
    named,
    asked,
    terms: json,
    scope: word,
    enabled,
    expiration: word,
    expiration_value
});

/// Those of these assignments that are of this person, in no order.
pub async fn held(tx: &mut Tx, user: UserId, ids: &[AssignmentId], now: DateTime<Utc>) -> Result<Vec<Held>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut list = List::new(
        "a.id, a.package_id, p.name AS package_name, a.policy_id, a.policy_version_id AS given_under, po.version_id, a.ends_at, a.state,
            a.closed_at IS NOT NULL AS closed, (p.deleted_at IS NULL AND c.enabled AND c.deleted_at IS NULL
                AND NOT EXISTS (SELECT 1 FROM package_endings e WHERE e.package_id = p.id)) AS offered, c.external, u.kind,
            (po.scope IN ('specific', 'specific_organizations') AND EXISTS (SELECT 1 FROM policy_subjects s
                WHERE s.policy_id = po.id AND s.purpose = 'requestor' AND s.subject_id IN (
                SELECT t.id FROM users t WHERE t.id = $1
                UNION ALL
                SELECT o.id FROM memberships m JOIN roles r ON r.id = m.role_id JOIN objects o ON o.id = r.object_id
                WHERE m.user_id = $1 AND m.until > $2 AND r.name = 'Member' AND o.kind = 'group' AND o.deleted_at IS NULL
                UNION ALL
                SELECT d.organization_id FROM users t JOIN organization_domains d ON d.domain = t.mail_domain
                WHERE t.id = $1 AND t.kind = 'guest'))
             OR po.scope = 'configured_organizations' AND EXISTS (SELECT 1 FROM organization_domains d
                JOIN connected_organizations g ON g.id = d.organization_id
                WHERE d.domain = u.mail_domain AND u.kind = 'guest' AND g.state = 'configured')) AS named,
            EXISTS (SELECT 1 FROM requests q WHERE q.target_id = a.target_id AND q.package_id = a.package_id
                AND q.state IN ('submitted', 'pending_approval', 'scheduled', 'delivering')
                AND q.kind NOT IN ('user_remove', 'admin_remove', 'system_remove')) AS asked,
            v.body AS terms, po.scope, po.enabled, po.expiration, po.expiration_value",
        "assignments a JOIN packages p ON p.id = a.package_id JOIN catalogs c ON c.id = p.catalog_id JOIN users u ON u.id = a.target_id
            JOIN policies po ON po.id = a.policy_id JOIN policy_versions v ON v.id = po.version_id",
    )
    .with(args![user, now]);
    list.filter("a.target_id = ?", args![user]);
    list.in_list("a.id", ids.iter().map(|id| (*id).into()).collect());
    let rows: Vec<HeldRow> = list.all(tx, "").await?;
    rows.into_iter().map(HeldRow::held).collect()
}

impl HeldRow {
    fn held(self) -> Result<Held, StoreError> {
        let expires = Expiration::from_stored(self.expiration, self.expiration_value.as_deref())
            .ok_or_else(|| StoreError::Inconsistent(format!("the expiration of policy {}", self.policy_id)))?;
        let mut terms = self.terms;
        (terms.scope, terms.requestor.enabled, terms.lifecycle.expires) = (self.scope, self.enabled, expires);
        Ok(Held {
            id: self.id,
            package: Named::new(self.package_id, self.package_name),
            policy_id: self.policy_id,
            given_under: self.given_under,
            version_id: self.version_id,
            facts: HeldFacts {
                ends_at: self.ends_at,
                holds: !self.closed && self.state.gives(),
                package_offered: self.offered && (self.external || self.kind == UserKind::Member),
                kind: self.kind,
                named: self.named,
                asked: self.asked,
                terms,
            },
        })
    }
}

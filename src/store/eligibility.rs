//! Where a person stands with a package: the facts on which a request is decided.

use chrono::{DateTime, Utc};

use crate::domain::expiration::{Expiration, ExpirationKind};
use crate::domain::id::{AssignmentId, PackageId, PolicyId, PolicyVersionId, RequestId, UserId};
use crate::domain::policy::Scope;
use crate::domain::user::UserKind;
use crate::{args, row};

use super::tx::{StoreError, Tx};

/// A package as a request meets it, together with the person who asks.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The package's name.
    pub name: String,
    /// Its catalog takes requests.
    pub catalog_enabled: bool,
    /// Its catalog is open to guests.
    pub catalog_external: bool,
    /// Member or guest.
    pub user_kind: UserKind,
    /// The person's live assignment of it; one that failed to deliver is none.
    pub assignment_id: Option<AssignmentId>,
    /// The person's open request to have or change it.
    pub request_id: Option<RequestId>,
}
row!(Candidate {
    name,
    catalog_enabled,
    catalog_external,
    user_kind: word,
    assignment_id: opt_id,
    request_id: opt_id
});

const CANDIDATE: &str = "SELECT p.name, c.enabled AS catalog_enabled, c.external AS catalog_external, u.kind AS user_kind,
        (SELECT a.id FROM assignments a WHERE a.target_id = u.id AND a.package_id = p.id AND a.state <> 'expired' AND a.state <> 'delivery_failed'
            AND (a.ends_at IS NULL OR a.ends_at > $3)) AS assignment_id,
        (SELECT r.id FROM requests r WHERE r.target_id = u.id AND r.package_id = p.id
            AND r.state IN ('submitted', 'pending_approval', 'scheduled', 'delivering')
            AND r.kind NOT IN ('user_remove', 'admin_remove', 'system_remove')) AS request_id
     FROM packages p JOIN catalogs c ON c.id = p.catalog_id JOIN users u ON u.id = $2
     WHERE p.id = $1 AND p.deleted_at IS NULL AND c.deleted_at IS NULL AND u.enabled AND u.deleted_at IS NULL";

/// The facts about a package and a person who can sign in; nothing if either is gone.
pub async fn candidate(tx: &mut Tx, package: PackageId, user: UserId, now: DateTime<Utc>) -> Result<Option<Candidate>, StoreError> {
    tx.opt(CANDIDATE, args![package, user, now]).await
}

/// The same facts, and the package and the person stay as they are until the transaction ends.
pub async fn lock_candidate(tx: &mut Tx, package: PackageId, user: UserId, now: DateTime<Utc>) -> Result<Option<Candidate>, StoreError> {
    tx.opt(tx.for_update(CANDIDATE, "FOR SHARE OF p, u"), args![package, user, now])
        .await
}

/// A policy as a request meets it.
#[derive(Clone, Debug)]
pub struct PolicyFacts {
    /// The policy.
    pub id: PolicyId,
    /// The version in force.
    pub version_id: PolicyVersionId,
    /// Who can request.
    pub scope: Scope,
    /// Takes new requests.
    pub enabled: bool,
    /// When access ends, with the next field.
    pub expiration: ExpirationKind,
    /// The number or instant of it.
    pub expiration_value: Option<String>,
    /// Names the person, or a group that they are a member of.
    pub named: bool,
}
row!(PolicyFacts {
    id: id,
    version_id: id,
    scope: word,
    enabled,
    expiration: word,
    expiration_value,
    named
});

impl PolicyFacts {
    /// Whether the one date on which its access ends has come.
    pub fn is_over(&self, now: DateTime<Utc>) -> bool {
        Expiration::from_stored(self.expiration, self.expiration_value.as_deref()).is_some_and(|expiration| expiration.is_over(now))
    }
}

/// The policies of a package, in their order, as they meet a person.
pub async fn policies_for(tx: &mut Tx, package: PackageId, user: UserId, now: DateTime<Utc>) -> Result<Vec<PolicyFacts>, StoreError> {
    tx.all(
        "SELECT po.id, po.version_id, po.scope, po.enabled, po.expiration, po.expiration_value,
            (po.scope = 'specific' AND EXISTS (SELECT 1 FROM policy_subjects s WHERE s.policy_id = po.id AND s.purpose = 'requestor' AND s.subject_id IN (
                SELECT u.id FROM users u WHERE u.id = $2
                UNION ALL
                SELECT o.id FROM memberships m JOIN roles r ON r.id = m.role_id JOIN objects o ON o.id = r.object_id
                WHERE m.user_id = $2 AND m.until > $3 AND r.name = 'Member' AND o.kind = 'group' AND o.deleted_at IS NULL))) AS named
         FROM policies po WHERE po.package_id = $1 ORDER BY po.position, po.created_at, po.id",
        args![package, user, now],
    )
    .await
}

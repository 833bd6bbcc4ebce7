//! Fills an empty database with a whole directory at once, many rows a statement. Everything is gathered first and written in the order
//! in which rows refer to each other. Must not know whose directory it is.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::args;
use crate::domain::expiration::Expiration;
use crate::domain::id::{
    AssignmentId, CatalogId, ObjectId, PackageId, PolicyId, PolicyVersionId, RequestId, ResourceId, RoleAssignmentId, RoleId, UserId,
};
use crate::domain::object::{GroupKind, MembershipType, ObjectKind};
use crate::domain::policy::{LifecycleTerms, PolicyTerms, Scope};
use crate::domain::text::fold;
use crate::domain::user::UserProfile;
use crate::domain::validate::Name;

use super::memberships::forever;
use super::search::{self, words};
use super::tx::{Arg, StoreError, Tx, word};
use super::{audit, batch, users};

/// The values of rows, one after another.
type Rows = Vec<Arg>;

/// What is to be written. `now` is when everything was made.
pub struct Seed {
    now: DateTime<Utc>,
    users: Rows,
    credentials: Rows,
    role_assignments: Rows,
    objects: Rows,
    roles: Rows,
    memberships: Rows,
    words: Rows,
    resources: Rows,
    packages: Rows,
    package_roles: Rows,
    policies: Rows,
    policy_versions: Rows,
    requests: Rows,
    assignments: Rows,
    grants: Rows,
    jobs: Rows,
    audit: Rows,
    audit_targets: Rows,
}

/// A group, application or site to be written.
pub struct SeedObject<'a> {
    /// The object.
    pub id: ObjectId,
    /// What it is.
    pub kind: ObjectKind,
    /// Its name.
    pub name: &'a str,
    /// What it is for.
    pub description: &'a str,
    /// Of a group: its type and membership, and the rule of a dynamic one.
    pub group: Option<(GroupKind, MembershipType, Option<&'a str>)>,
    /// Of an application or site: where it is.
    pub url: Option<String>,
}

/// A request that was delivered, with its assignment.
pub struct SeedDelivery<'a> {
    /// The request.
    pub request: RequestId,
    /// The assignment that it made.
    pub assignment: AssignmentId,
    /// Rows of the trail and the job that will end it.
    pub others: [Uuid; 3],
    /// Of which package.
    pub package: PackageId,
    /// Under which policy.
    pub policy: PolicyId,
    /// Under which version of it.
    pub policy_version: PolicyVersionId,
    /// That gives which role.
    pub role: RoleId,
    /// To whom.
    pub target: UserId,
    /// Called what.
    pub target_name: &'a str,
    /// For how long; not never, and not on one date.
    pub expiration: Expiration,
    /// Requested and delivered at.
    pub at: DateTime<Utc>,
}

impl Seed {
    /// Nothing yet.
    pub fn new(now: DateTime<Utc>) -> Self {
        Self {
            now,
            users: Rows::new(),
            credentials: Rows::new(),
            role_assignments: Rows::new(),
            objects: Rows::new(),
            roles: Rows::new(),
            memberships: Rows::new(),
            words: Rows::new(),
            resources: Rows::new(),
            packages: Rows::new(),
            package_roles: Rows::new(),
            policies: Rows::new(),
            policy_versions: Rows::new(),
            requests: Rows::new(),
            assignments: Rows::new(),
            grants: Rows::new(),
            jobs: Rows::new(),
            audit: Rows::new(),
            audit_targets: Rows::new(),
        }
    }

    /// A user who may sign in and need not change the password. A manager must have come before.
    pub fn user(&mut self, id: UserId, profile: &UserProfile, password_hash: &str, role_assignment: RoleAssignmentId) {
        self.users.extend(args![
            id,
            profile.name.text.as_str(),
            profile.name.folded.as_str(),
            profile.user_name.text.as_str(),
            profile.user_name.folded.as_str(),
            word(profile.kind),
            profile.mail.as_str(),
            profile.job_title.as_str(),
            profile.department.as_str(),
            fold(&profile.department),
            profile.company.as_str(),
            profile.office.as_str(),
            profile.phone.as_str(),
            profile.manager,
            true,
            self.now,
            1_i64,
            fold(&profile.job_title)
        ]);
        self.credentials.extend(args![id, password_hash, false, self.now]);
        if let Some(role) = profile.role.role() {
            self.role_assignments.extend(args![role_assignment, word(role), id, self.now]);
        }
        self.index("user", id, Some(&profile.name.folded), &users::words_of(profile));
    }

    /// A group, application or site, without its roles.
    pub fn object(&mut self, object: &SeedObject<'_>) {
        let (kind, membership, rule) = match object.group {
            Some((kind, membership, rule)) => (word(kind), word(membership), rule),
            None => (Arg::Text(None), Arg::Text(None), None),
        };
        self.objects.extend(args![
            object.id,
            word(object.kind),
            object.name,
            fold(object.name),
            object.description,
            kind,
            membership,
            rule,
            object.url.clone(),
            self.now,
            1_i64
        ]);
        self.index("object", object.id, None, &[object.name]);
    }

    /// A role of an object, at its place among the object's roles.
    pub fn role(&mut self, id: RoleId, object: ObjectId, name: &str, position: i64) {
        self.roles.extend(args![id, object, name, position]);
    }

    /// A role given by hand. The same person and role only once.
    pub fn member(&mut self, role: RoleId, user: UserId) {
        self.memberships.extend(args![role, user, true, false, 0_i64, self.now, forever()]);
    }

    /// An object among a catalog's resources.
    pub fn resource(&mut self, catalog: CatalogId, object: ObjectId) {
        self.resources
            .extend(args![ResourceId::of(catalog, object), catalog, object, self.now]);
    }

    /// A package without roles and policies.
    pub fn package(&mut self, id: PackageId, catalog: CatalogId, name: &str, description: &str) {
        let name = Name::of(name.to_owned());
        self.index("package", id, None, &[&name.text, description]);
        self.packages.extend(args![
            id,
            catalog,
            name.text,
            name.folded,
            description,
            false,
            "keep",
            self.now,
            self.now,
            1_i64
        ]);
    }

    /// A role that a package gives.
    pub fn package_role(&mut self, id: impl Into<Uuid>, package: PackageId, role: RoleId) {
        self.package_roles.extend(args![id.into(), package, role, self.now]);
    }

    /// A package's policy, open for requests.
    pub fn policy(
        &mut self,
        (id, version): (PolicyId, PolicyVersionId),
        package: PackageId,
        name: &str,
        scope: Scope,
        expiration: Expiration,
    ) -> Result<(), StoreError> {
        let (kind, value) = expiration.to_stored();
        let lifecycle = LifecycleTerms {
            expires: expiration,
            ..LifecycleTerms::default()
        };
        let terms = PolicyTerms {
            scope,
            lifecycle,
            ..PolicyTerms::default()
        };
        let body = serde_json::to_value(&terms).map_err(|error| StoreError::Inconsistent(error.to_string()))?;
        self.policies.extend(args![
            id,
            package,
            name,
            fold(name),
            0_i64,
            word(scope),
            true,
            word(kind),
            value,
            version,
            self.now,
            self.now,
            1_i64
        ]);
        self.policy_versions.extend(args![version, id, 1_i64, body, self.now]);
        Ok(())
    }

    /// A delivered request with all that it brought about. The person must not hold the role by anything else.
    pub fn delivery(&mut self, d: &SeedDelivery<'_>) {
        let (kind, value) = d.expiration.to_stored();
        let end = d.expiration.end(d.at).unwrap_or_else(forever);
        self.requests.extend(args![
            d.request,
            d.package,
            d.policy,
            d.policy_version,
            d.target,
            d.target,
            "user_add",
            "delivered",
            "",
            "For my daily work",
            serde_json::json!([]),
            word(kind),
            value,
            d.assignment,
            d.at,
            d.at,
            1_i64
        ]);
        self.assignments.extend(args![
            d.assignment,
            d.package,
            d.policy,
            d.policy_version,
            d.target,
            d.request,
            "delivered",
            d.at,
            end,
            1_i64
        ]);
        self.grants
            .extend(args![d.assignment, d.role, d.target, "granted", false, "", d.at]);
        self.memberships.extend(args![d.role, d.target, false, false, 1_i64, d.at, end]);
        let [asked, done, job] = d.others;
        let key = format!("end:{}:{}", d.assignment, end.timestamp_micros());
        self.jobs.extend(args![job, "end", key, d.assignment, end, 0_i64, d.at]);
        for (id, actor, name, activity, detail) in [
            (asked, Some(d.target), d.target_name, "request_assignment", ""),
            (done, None, "Woodgate", "fulfill_request", "Delivered"),
        ] {
            let kind = if actor.is_some() { "user" } else { "system" };
            self.audit.extend(args![
                id,
                audit::instant(d.at),
                kind,
                actor,
                name,
                "",
                activity,
                "success",
                "[]",
                detail,
                d.request
            ]);
            self.audit_targets.extend(args![id, 0_i64, "request", d.request, ""]);
        }
    }

    fn index(&mut self, kind: &str, owner: impl Into<Uuid>, sort: Option<&str>, texts: &[&str]) {
        let owner = owner.into();
        for found in words(&texts.join(" ")) {
            self.words.extend(args![kind, found, owner, sort.map(str::to_owned)]);
        }
    }

    /// Writes everything.
    pub async fn write(self, tx: &mut Tx) -> Result<(), StoreError> {
        for (head, rows) in [
            (
                "users (id, name, name_folded, user_name, user_name_folded, kind, mail, job_title, department,
                    department_folded, company, office, phone, manager_id, enabled, created_at, version, job_title_folded)",
                self.users,
            ),
            (
                "credentials (user_id, password_hash, must_change_password, changed_at)",
                self.credentials,
            ),
            ("role_assignments (id, role, user_id, created_at)", self.role_assignments),
            (
                "objects (id, kind, name, name_folded, description, group_kind, membership, rule, url, created_at, version)",
                self.objects,
            ),
            ("roles (id, object_id, name, position)", self.roles),
            ("search_words (kind, word, owner_id, sort)", self.words),
            ("catalog_resources (id, catalog_id, object_id, added_at)", self.resources),
            (
                "packages (id, catalog_id, name, name_folded, description, hidden, prior_membership, created_at, updated_at, version)",
                self.packages,
            ),
            ("package_roles (id, package_id, role_id, added_at)", self.package_roles),
            (
                "policies (id, package_id, name, name_folded, position, scope, enabled, expiration, expiration_value, version_id, created_at,
                    updated_at, version)",
                self.policies,
            ),
            ("policy_versions (id, policy_id, number, body, created_at)", self.policy_versions),
            (
                "requests (id, package_id, policy_id, policy_version_id, target_id, requestor_id, kind, state, status, justification, answers,
                    expiration, expiration_value, assignment_id, submitted_at, completed_at, version)",
                self.requests,
            ),
            (
                "assignments (id, package_id, policy_id, policy_version_id, target_id, request_id, state, starts_at, ends_at, version)",
                self.assignments,
            ),
            (
                "grants (assignment_id, role_id, user_id, state, was_direct, error, granted_at)",
                self.grants,
            ),
            (
                "memberships (role_id, user_id, direct, by_rule, grants, since, until)",
                self.memberships,
            ),
            ("jobs (id, kind, key, subject_id, run_at, attempts, created_at)", self.jobs),
            (
                "audit (id, at, actor_kind, actor_id, actor_name, address, activity, result, changes, detail, correlation_id)",
                self.audit,
            ),
            ("audit_targets (audit_id, position, kind, target_id, name)", self.audit_targets),
        ] {
            let columns = head.matches(',').count() + 1;
            batch::insert(tx, head, columns, rows, "").await?;
        }
        search::list_all(tx).await
    }
}

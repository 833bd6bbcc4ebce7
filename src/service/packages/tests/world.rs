//! What tests of governance start from: Woodgrove Bank with an administrator, a requestor, and directory objects made as they are needed.

use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

use crate::args;
use crate::domain::access::Principal;
use crate::domain::draft::{DraftRole, PackageDraft};
use crate::domain::id::{CatalogId, ObjectId, PackageId, RoleId, UserId};
use crate::domain::object::{ObjectKind, Subject};
use crate::domain::package::BasicsForm;
use crate::domain::policy::{Audience, LifecycleForm, RequestsForm, Scope};
use crate::domain::text::{StringEnum, fold};
use crate::domain::user::{DirectoryRole, UserKind};
use crate::domain::validate::{Code, FieldError};
use crate::service::{App, Error, catalogs, drafts};
use crate::store::search::{self, Kind};
use crate::store::{Arg, Tx};
use crate::testing::{TestApp, id_of};

/// An object with its roles, in order.
#[derive(Clone)]
pub struct Thing {
    pub id: ObjectId,
    pub roles: Vec<RoleId>,
}

impl Thing {
    /// A row of the Resource roles tab with its nth role.
    pub fn row(&self, role: usize) -> DraftRole {
        DraftRole {
            object: self.id,
            role: Some(self.roles[role]),
        }
    }
}

/// The bank.
pub struct Fixture {
    pub bench: TestApp,
    pub app: App,
    pub admin: Principal,
    pub user: Principal,
    pub general: CatalogId,
}

impl Fixture {
    pub async fn new(bench: TestApp) -> Self {
        let app = bench.app.clone();
        let mut tx = app.store.write().await.expect("tx");
        let general = catalogs::ensure_general(&app, &mut tx).await.expect("General");
        let admin = person(&app, &mut tx, "Admin1", DirectoryRole::GlobalAdministrator).await;
        let user = person(&app, &mut tx, "Requestor1", DirectoryRole::User).await;
        tx.commit().await.expect("commit");
        Self {
            bench,
            app,
            admin,
            user,
            general,
        }
    }

    pub async fn person(&self, name: &str, role: DirectoryRole) -> Principal {
        let mut tx = self.app.store.write().await.expect("tx");
        let actor = person(&self.app, &mut tx, name, role).await;
        tx.commit().await.expect("commit");
        actor
    }

    /// A security group, or one whose members a rule decides; roles Member and Owner.
    pub async fn group(&self, name: &str, dynamic: bool) -> Thing {
        self.object(ObjectKind::Group, name, &["Member", "Owner"], dynamic).await
    }

    pub async fn object(&self, kind: ObjectKind, name: &str, roles: &[&str], dynamic: bool) -> Thing {
        let now = self.app.clock.now();
        let id = ObjectId(self.app.ids.id(now));
        let group = kind == ObjectKind::Group;
        let mut tx = self.app.store.write().await.expect("tx");
        tx.exec(
            "INSERT INTO objects (id, kind, name, name_folded, description, group_kind, membership, rule, created_at, version)
             VALUES ($1, $2, $3, $4, '', $5, $6, $7, $8, 1)",
            args![
                id,
                kind.as_str(),
                name,
                fold(name),
                group.then_some("security"),
                group.then_some(if dynamic { "dynamic" } else { "assigned" }),
                dynamic.then_some("user.department -eq \"Sales\""),
                now
            ],
        )
        .await
        .expect("object");
        search::index(&mut tx, Kind::Object, id, &[name]).await.expect("words");
        let mut made = Vec::new();
        for (position, role) in roles.iter().enumerate() {
            let role_id = RoleId(self.app.ids.id(now));
            tx.exec(
                "INSERT INTO roles (id, object_id, name, position) VALUES ($1, $2, $3, $4)",
                args![role_id, id, *role, position as i64],
            )
            .await
            .expect("role");
            made.push(role_id);
        }
        tx.commit().await.expect("commit");
        Thing { id, roles: made }
    }

    pub async fn delete(&self, table: &'static str, id: impl Into<Uuid>) {
        let sql = match table {
            "users" => "UPDATE users SET deleted_at = $2 WHERE id = $1",
            "catalogs" => "UPDATE catalogs SET deleted_at = $2 WHERE id = $1",
            _ => "UPDATE objects SET deleted_at = $2 WHERE id = $1",
        };
        let mut tx = self.app.store.write().await.expect("tx");
        tx.exec(sql, args![id.into(), self.app.clock.now()]).await.expect("delete");
        tx.commit().await.expect("commit");
    }

    /// The tutorial's draft: specific users, no approval, 30 days.
    pub fn draft(&self, name: &str, roles: &[DraftRole]) -> PackageDraft {
        PackageDraft {
            basics: BasicsForm {
                name: name.into(),
                description: "Access to resources for the campaign".into(),
                catalog: Some(self.general),
            },
            roles: roles.to_vec(),
            requests: RequestsForm {
                audience: Some(Audience::InDirectory),
                scope: Some(Scope::Specific),
                subjects: vec![Subject::User(id_of(&self.user))],
                ..RequestsForm::default()
            },
            lifecycle: LifecycleForm {
                days: "30".into(),
                ..LifecycleForm::default()
            },
            ..PackageDraft::default()
        }
    }

    /// A package made by the wizard.
    pub async fn package(&self, name: &str, roles: &[DraftRole]) -> PackageId {
        self.create(self.draft(name, roles)).await
    }

    /// A package without resource roles, which these can request.
    pub async fn package_for(&self, name: &str, subjects: &[Subject]) -> PackageId {
        let mut draft = self.draft(name, &[]);
        draft.requests.subjects = subjects.to_vec();
        self.create(draft).await
    }

    /// A package made of this draft.
    pub async fn create(&self, draft: PackageDraft) -> PackageId {
        let id = drafts::start(&self.app, &self.admin, None).await.expect("a draft");
        let view = drafts::save(&self.app, &self.admin, id, 1, draft).await.expect("saved");
        assert_eq!(view.errors, [], "the draft is whole");
        drafts::create(&self.app, &self.admin, id, view.version)
            .await
            .expect("a package")
            .id
    }

    /// An assignment of the package in this state since an hour ago, ending at `end`, with the request that made it.
    pub async fn assign(&self, package: PackageId, user: UserId, state: &str, end: Option<DateTime<Utc>>) {
        let now = self.app.clock.now();
        let request = self.request(package, user, "delivered").await;
        self.exec(
            "INSERT INTO assignments (id, package_id, policy_id, policy_version_id, target_id, request_id, state, starts_at, ends_at, version)
             SELECT $1, $2, po.id, po.version_id, $3, $4, $5, $6, $7, 1 FROM policies po WHERE po.package_id = $2",
            args![
                self.app.ids.id(now),
                package,
                user,
                request,
                state,
                now - Duration::hours(1),
                end
            ],
        )
        .await;
    }

    /// A request in this state.
    pub async fn request(&self, package: PackageId, user: UserId, state: &str) -> Uuid {
        let now = self.app.clock.now();
        let id = self.app.ids.id(now);
        self.exec(
            "INSERT INTO requests (id, package_id, policy_id, policy_version_id, target_id, requestor_id, kind, state, status, justification,
                answers, expiration, submitted_at, version)
             SELECT $1, $2, po.id, po.version_id, $3, $3, 'user_add', $4, '', '', $5, 'never', $6, 1 FROM policies po WHERE po.package_id = $2",
            args![id, package, user, state, serde_json::json!([]), now],
        )
        .await;
        id
    }

    pub async fn exec(&self, sql: &'static str, args: Vec<Arg>) {
        let mut tx = self.app.store.write().await.expect("tx");
        tx.exec(sql, args).await.expect("statement");
        tx.commit().await.expect("commit");
    }

    pub async fn count(&self, sql: &'static str) -> i64 {
        let mut tx = self.app.store.read().await.expect("tx");
        tx.value(sql, args![]).await.expect("count")
    }

    /// Whether the requestor holds the thing's nth role.
    pub async fn holds(&self, thing: &Thing, role: usize) -> bool {
        let mut tx = self.app.store.read().await.expect("tx");
        let rows: i64 = tx
            .value(
                "SELECT count(*) FROM memberships WHERE role_id = $1 AND user_id = $2",
                args![thing.roles[role], id_of(&self.user)],
            )
            .await
            .expect("count");
        rows == 1
    }

    /// What the audit trail says, oldest first.
    pub async fn trail(&self) -> Vec<String> {
        let mut tx = self.app.store.read().await.expect("tx");
        tx.column("SELECT activity FROM audit ORDER BY at, id", args![])
            .await
            .expect("trail")
    }

    /// Kinds, keys and subjects of the jobs that wait.
    pub async fn jobs(&self) -> Vec<(String, String, Uuid)> {
        let mut tx = self.app.store.read().await.expect("tx");
        tx.all("SELECT kind, key, subject_id FROM jobs ORDER BY id", args![])
            .await
            .expect("jobs")
    }
}

async fn person(app: &App, tx: &mut Tx, name: &str, role: DirectoryRole) -> Principal {
    let now = app.clock.now();
    let (id, user_name) = (UserId(app.ids.id(now)), name.to_lowercase());
    tx.exec(
        "INSERT INTO users (id, name, name_folded, user_name, user_name_folded, kind, mail, job_title, department, department_folded,
            company, office, phone, enabled, created_at, version)
         VALUES ($1, $2, $3, $4, $4, 'member', '', '', '', '', '', '', '', TRUE, $5, 1)",
        args![id, name, fold(name), user_name.as_str(), now],
    )
    .await
    .expect("user");
    search::index(tx, Kind::User, id, &[name]).await.expect("words");
    search::list_as(tx, id, Some(&fold(name))).await.expect("listed");
    Principal::user(id, name, user_name, UserKind::Member).with_directory_role(role)
}

/// The faults of a refused input, as path and code.
pub fn faults<T>(result: Result<T, Error>) -> Vec<(String, Code)> {
    match result {
        Err(Error::Invalid(errors)) => errors.into_iter().map(|FieldError { path, code }| (path, code)).collect(),
        Err(other) => panic!("expected faults, got {other}"),
        Ok(_) => panic!("expected faults"),
    }
}

/// The rule that refused.
pub fn rule<T>(result: Result<T, Error>) -> String {
    match result {
        Err(Error::Refused(refusal)) => refusal.rule,
        Err(other) => panic!("expected a refusal, got {other}"),
        Ok(_) => panic!("expected a refusal"),
    }
}

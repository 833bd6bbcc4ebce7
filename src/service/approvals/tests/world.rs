//! What tests of approval start from: the bank, a package whose policy asks for decisions, and people who are asked.

use std::collections::BTreeMap;

use chrono::Duration;

use crate::args;
use crate::domain::access::Principal;
use crate::domain::approval::{ApprovalQuery, ApprovalTab, Decision, StageTerms};
use crate::domain::audit::{Activity, Target};
use crate::domain::expiration::Expiration;
use crate::domain::id::{PackageId, PolicyId, PolicyVersionId, RequestId, UserId};
use crate::domain::page::PageQuery;
use crate::domain::policy::PolicyTerms;
use crate::domain::request::{RequestKind, RequestState};
use crate::domain::subject::SubjectSet;
use crate::domain::user::DirectoryRole;
use crate::service::audit::Entry;
use crate::service::packages::tests::world::{Fixture, Thing};
use crate::service::{Error, approvals};
use crate::store::requests::Request;
use crate::store::{policies, requests};
use crate::testing::{TestApp, id_of};
use crate::worker;

/// The bank with a package that needs approval.
pub struct World {
    pub fixture: Fixture,
    pub package: PackageId,
    pub group: Thing,
}

/// A stage that asks these people.
pub fn stage(people: &[&Principal]) -> StageTerms {
    StageTerms {
        approvers: people.iter().map(|person| SubjectSet::User(id_of(person))).collect(),
        justification_required: false,
        ..StageTerms::default()
    }
}

impl World {
    pub async fn new(bench: TestApp) -> Self {
        let fixture = Fixture::new(bench).await;
        let group = fixture.group("Marketing resources", false).await;
        let package = fixture.package("Marketing Campaign", &[group.row(0)]).await;
        Self { fixture, package, group }
    }

    pub async fn person(&self, name: &str) -> Principal {
        self.fixture.person(name, DirectoryRole::User).await
    }

    /// The package's policy asks for these stages from now on.
    pub async fn stages(&self, stages: &[StageTerms]) {
        let stages = stages.to_vec();
        self.terms(|terms| {
            terms.approval.required_for_add = true;
            terms.approval.stages = stages;
        })
        .await;
    }

    /// Changes the terms of the package's policy.
    pub async fn terms(&self, change: impl FnOnce(&mut PolicyTerms)) {
        let app = &self.fixture.app;
        let now = app.clock.now();
        let mut tx = app.store.write().await.expect("tx");
        let id: uuid::Uuid = tx
            .value("SELECT id FROM policies WHERE package_id = $1", args![self.package])
            .await
            .expect("a policy");
        let policy = policies::lock(&mut tx, PolicyId(id)).await.expect("read").expect("a policy");
        let mut terms = policy.terms.clone();
        change(&mut terms);
        let version = PolicyVersionId(app.ids.id(now));
        assert!(policies::replace(&mut tx, &policy, version, &terms, None, now).await.expect("kept"));
        tx.commit().await.expect("commit");
    }

    /// A request as it would be stored.
    pub async fn draft(&self, of: &Principal) -> (Request, PolicyTerms) {
        let app = &self.fixture.app;
        let now = app.clock.now();
        let mut tx = app.store.read().await.expect("tx");
        let id: uuid::Uuid = tx
            .value("SELECT id FROM policies WHERE package_id = $1", args![self.package])
            .await
            .expect("a policy");
        let version: uuid::Uuid = tx
            .value("SELECT version_id FROM policies WHERE package_id = $1", args![self.package])
            .await
            .expect("a version");
        let (_, terms) = policies::version(&mut tx, PolicyVersionId(version))
            .await
            .expect("read")
            .expect("terms");
        let (expiration, expiration_value) = Expiration::Days(30).to_stored();
        let request = Request {
            id: app.ids.id(now).into(),
            package_id: self.package,
            policy_id: PolicyId(id),
            policy_version_id: PolicyVersionId(version),
            target_id: id_of(of),
            requestor_id: Some(id_of(of)),
            kind: RequestKind::UserAdd,
            state: RequestState::Submitted,
            status: String::new(),
            justification: "For the campaign".into(),
            answers: Vec::new(),
            starts_at: None,
            ends_at: None,
            expiration,
            expiration_value,
            assignment_id: None,
            stage: None,
            due_at: None,
            submitted_at: now,
            completed_at: None,
            version: 1,
        };
        (request, terms)
    }

    /// Stores a request and puts it into its first stage.
    pub async fn put(&self, request: &Request, terms: &PolicyTerms) -> Result<approvals::Started, Error> {
        let app = &self.fixture.app;
        let mut tx = app.store.write().await.expect("tx");
        requests::insert(&mut tx, request).await?;
        Entry::by_system(Activity::RequestAssignment, Target::new("package", self.package, ""))
            .correlation(request.id)
            .write(app, &mut tx)?;
        let started = approvals::start(app, &mut tx, request, terms, app.clock.now()).await?;
        tx.commit().await?;
        Ok(started)
    }

    /// A person asks for the package.
    pub async fn ask(&self, of: &Principal) -> RequestId {
        let (request, terms) = self.draft(of).await;
        assert_eq!(self.put(&request, &terms).await.expect("stored"), approvals::Started::Waiting);
        request.id
    }

    pub async fn decide(&self, who: &Principal, id: RequestId, decision: Decision) -> Result<(), Error> {
        approvals::decide(&self.fixture.app, who, id, decision, "Because").await
    }

    pub async fn approve(&self, who: &Principal, id: RequestId) {
        self.decide(who, id, Decision::Approve).await.expect("approved");
    }

    /// Does all that is due by now.
    pub async fn work(&self) {
        let app = &self.fixture.app;
        worker::tick(app, app.clock.now(), false).await.expect("work");
    }

    /// Moves the clock on and does what has come due.
    pub async fn after(&self, days: i64) {
        self.fixture.bench.clock.advance(Duration::days(days));
        self.work().await;
    }

    pub async fn state(&self, id: RequestId) -> (RequestState, String) {
        let mut tx = self.fixture.app.store.read().await.expect("tx");
        let found = requests::find(&mut tx, id).await.expect("read").expect("a request");
        (found.state, found.status)
    }

    /// The requests under a tab of a person's approvals.
    pub async fn tab(&self, who: &Principal, tab: ApprovalTab) -> Vec<RequestId> {
        let query = ApprovalQuery {
            tab,
            search: String::new(),
            page: PageQuery::default(),
        };
        let page = approvals::list(&self.fixture.app, who, &query).await.expect("a page");
        page.items.into_iter().map(|item| item.request).collect()
    }

    pub async fn pending(&self, who: &Principal) -> Vec<RequestId> {
        self.tab(who, ApprovalTab::Pending).await
    }

    /// How often a person was told each kind.
    pub async fn told(&self, who: &Principal) -> BTreeMap<String, i64> {
        let mut tx = self.fixture.app.store.read().await.expect("tx");
        let rows: Vec<(String, i64)> = tx
            .all(
                "SELECT kind, count(*) FROM notifications WHERE user_id = $1 GROUP BY kind",
                args![id_of(who)],
            )
            .await
            .expect("notifications");
        rows.into_iter().collect()
    }

    pub async fn set_manager(&self, of: &Principal, manager: &Principal) {
        let args = args![id_of(of), id_of(manager)];
        self.fixture.exec("UPDATE users SET manager_id = $2 WHERE id = $1", args).await;
    }

    pub async fn version_of(&self, user: UserId) -> i64 {
        let mut tx = self.fixture.app.store.read().await.expect("tx");
        tx.value("SELECT version FROM users WHERE id = $1", args![user])
            .await
            .expect("a version")
    }

    /// Administrators block a person, or let them in again.
    pub async fn set_enabled(&self, who: &Principal, enabled: bool) {
        let version = self.version_of(id_of(who)).await;
        crate::service::users::set_enabled(&self.fixture.app, &self.fixture.admin, id_of(who), version, enabled)
            .await
            .expect("changed");
    }

    pub async fn delete(&self, who: &Principal) {
        let version = self.version_of(id_of(who)).await;
        crate::service::users::delete(&self.fixture.app, &self.fixture.admin, id_of(who), version)
            .await
            .expect("deleted");
    }

    /// What holds for everything that is stored, whatever has been done.
    pub async fn check(&self) {
        let report = worker::check(&self.fixture.app).await.expect("a report");
        assert_eq!(report.faults, Vec::<String>::new());
    }
}

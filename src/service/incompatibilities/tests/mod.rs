//! Separation of duties on both databases: what a rule keeps from whom, wherever a package can be had; who is excepted; who reads what.

mod deciding;
mod delivering;
mod histories;
mod managing;
mod requesting;

use crate::args;
use crate::domain::access::Principal;
use crate::domain::assignment::{AssignmentFilter, AssignmentItem, AssignmentQuery, DirectForm};
use crate::domain::bulk::ItemResult;
use crate::domain::id::{IncompatibilityId, ObjectId, PackageId, PolicyId, RequestId, UserId};
use crate::domain::incompatibility::{Counterpart, ExceptionForm};
use crate::domain::object::Subject;
use crate::domain::page::PageQuery;
use crate::domain::request::{RequestState, SubmitForm};
use crate::service::packages::tests::world::Fixture;
use crate::service::{Error, assignments, incompatibilities, my_access};
use crate::store::requests;
use crate::testing::{TestApp, id_of};
use crate::worker;

/// The bank with two packages that the requestor can ask for: Audit, and Payments, which auditors must not have.
struct World {
    fixture: Fixture,
    audit: PackageId,
    payments: PackageId,
}

impl World {
    async fn new(bench: TestApp) -> Self {
        let fixture = Fixture::new(bench).await;
        let subject = [Subject::User(id_of(&fixture.user))];
        let audit = fixture.package_for("Audit", &subject).await;
        let payments = fixture.package_for("Payments", &subject).await;
        Self { fixture, audit, payments }
    }

    /// Payments names Audit.
    async fn rule(&self) -> IncompatibilityId {
        self.add(self.payments, Counterpart::Package(self.audit)).await
    }

    async fn add(&self, package: PackageId, counterpart: Counterpart) -> IncompatibilityId {
        let added = incompatibilities::add(&self.fixture.app, &self.fixture.admin, package, counterpart).await;
        added.expect("a rule")
    }

    async fn submit(&self, who: &Principal, package: PackageId) -> Result<RequestId, Error> {
        my_access::submit(&self.fixture.app, who, &SubmitForm::new(package, "For the year end")).await
    }

    async fn work(&self) {
        worker::tick(&self.fixture.app, self.fixture.app.clock.now(), false)
            .await
            .expect("work");
    }

    /// Asks for a package and is given it.
    async fn get(&self, who: &Principal, package: PackageId) -> RequestId {
        let id = self.submit(who, package).await.expect("a request");
        self.work().await;
        assert_eq!(self.state(id).await.0, RequestState::Delivered);
        id
    }

    async fn state(&self, id: RequestId) -> (RequestState, String) {
        let mut tx = self.fixture.app.store.read().await.expect("tx");
        let found = requests::find(&mut tx, id).await.expect("read").expect("a request");
        (found.state, found.status)
    }

    async fn assign(&self, who: &Principal, package: PackageId, users: &[UserId]) -> Vec<ItemResult<UserId>> {
        let mut tx = self.fixture.app.store.read().await.expect("tx");
        let sql = "SELECT id FROM policies WHERE package_id = $1";
        let policy: uuid::Uuid = tx.value(sql, args![package]).await.expect("a policy");
        drop(tx);
        let form = DirectForm {
            package,
            policy: Some(PolicyId(policy)),
            users: users.to_vec(),
            asked_from: String::new(),
            asked_until: String::new(),
            justification: String::new(),
            answers: Vec::new(),
            language: String::new(),
        };
        assignments::assign(&self.fixture.app, who, &form).await.expect("an answer")
    }

    /// Live assignments of a package.
    async fn assignments(&self, package: PackageId) -> Vec<AssignmentItem> {
        let query = AssignmentQuery {
            package,
            filter: AssignmentFilter::Delivered,
            policy: None,
            search: String::new(),
            page: PageQuery::default(),
        };
        let page = assignments::list(&self.fixture.app, &self.fixture.admin, &query).await;
        page.expect("a page").items
    }

    /// An administrator takes a package away.
    async fn take(&self, package: PackageId) {
        for item in self.assignments(package).await {
            assignments::remove(&self.fixture.app, &self.fixture.admin, item.id, item.version)
                .await
                .expect("removed");
        }
        self.work().await;
    }

    async fn except(&self, who: &Principal, rule: IncompatibilityId, user: UserId, days: i64) -> Result<(), Error> {
        let form = ExceptionForm {
            package: self.payments,
            rule: Some(rule),
            user: Some(user),
            reason: "Closes the year".into(),
            ends_at: (self.fixture.app.clock.now() + chrono::Duration::days(days)).to_rfc3339(),
        };
        incompatibilities::grant_exception(&self.fixture.app, who, &form).await.map(drop)
    }

    /// Somebody who may ask for both packages too.
    async fn other(&self, name: &str) -> Principal {
        let person = self.fixture.person(name, crate::domain::user::DirectoryRole::User).await;
        for package in [self.audit, self.payments] {
            self.let_ask(package, id_of(&person)).await;
        }
        person
    }

    /// The package's policy names this person too.
    async fn let_ask(&self, package: PackageId, user: UserId) {
        let sql = "INSERT INTO policy_subjects (policy_id, purpose, stage, subject_kind, subject_id)
            SELECT id, 'requestor', 0, 'user', $2 FROM policies WHERE package_id = $1";
        self.fixture.exec(sql, args![package, user]).await;
    }
}

/// What refused, and in which words.
fn refusal<T>(result: Result<T, Error>) -> (String, String) {
    match result {
        Err(Error::Refused(refusal)) => (refusal.rule, refusal.reason),
        Err(other) => panic!("expected a refusal, got {other}"),
        Ok(_) => panic!("expected a refusal"),
    }
}

fn group(id: ObjectId) -> Counterpart {
    Counterpart::Group(id)
}

//! Random sequences of everything that requestors, managers, approvers, delegates and administrators do with requests and assignments, all
//! of it by the use cases that pages call, with the rules that hold after each step.

use std::collections::BTreeMap;

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use uuid::Uuid;

use super::*;
use crate::both_databases;
use crate::domain::approval::{Decision, DecisionForm, DelegationForm, ForwardingTerms, StageTerms};
use crate::domain::assignment::{DirectForm, Removal};
use crate::domain::expiration::Expiration;
use crate::domain::group::GroupRole;
use crate::domain::id::{DelegationId, ObjectId, PackageId, PolicyId};
use crate::domain::policy::Scope;
use crate::domain::request::ExtendForm;
use crate::domain::subject::SubjectSet;
use crate::service::approvals::tests::world::stage;
use crate::service::{approvals, assignments, groups, policies, requests, users};
use crate::testing::TestApp;

both_databases!(f087_f097_f111_f126_f139_f141_f142_f146_whatever_anybody_does_with_requests_and_access_the_rules_hold);

/// Sequences of each run, and steps of each.
const SEQUENCES: usize = 8;
const STEPS: usize = 40;

/// The longest that any policy of the story gives, in days.
const LONGEST: i64 = 10;

/// One step: what is done, by whom, and with what.
type Step = (u8, usize, usize);

/// Rules: what may not be, and the statement that counts it. Those with `$1` take the present instant.
const NEVER: [(&str, &str); 9] = [
    (
        "access that came of a request which was denied, expired or canceled",
        "SELECT count(*) FROM requests r JOIN assignments a ON a.request_id = r.id
         WHERE r.state IN ('denied', 'expired', 'canceled') AND $1 = $1",
    ),
    (
        "a decision on one's own request, or in the place of whom it is about",
        "SELECT count(*) FROM approvers a JOIN requests r ON r.id = a.request_id WHERE $1 = $1 AND a.decision IS NOT NULL
            AND (a.user_id = r.target_id OR a.user_id = r.requestor_id OR a.via_id = r.target_id OR a.via_id = r.requestor_id)",
    ),
    (
        "a decision at or after the deadline of its stage",
        "SELECT count(*) FROM approvers a JOIN request_stages s ON s.request_id = a.request_id AND s.stage = a.stage
         WHERE $1 = $1 AND a.decided_at >= s.due_at",
    ),
    (
        "a request that was carried out without the yes of both stages",
        "SELECT count(*) FROM requests r JOIN packages p ON p.id = r.package_id WHERE $1 = $1 AND p.name = 'Marketing Campaign'
            AND r.kind IN ('user_add', 'on_behalf_add', 'user_extend')
            AND r.state IN ('scheduled', 'delivering', 'delivered', 'partially_delivered', 'delivery_failed')
            AND (SELECT count(*) FROM request_stages s WHERE s.request_id = r.id AND s.state = 'approved') <> 2",
    ),
    (
        "a membership that a package gives, without access in force that gives it",
        "SELECT count(*) FROM memberships m WHERE m.grants > 0 AND m.until > $1 AND NOT EXISTS (
            SELECT 1 FROM grants g JOIN assignments a ON a.id = g.assignment_id
            WHERE g.role_id = m.role_id AND g.user_id = m.user_id AND g.state = 'granted'
                AND a.starts_at <= $1 AND (a.ends_at IS NULL OR a.ends_at > $1))",
    ),
    (
        "access without an end",
        "SELECT count(*) FROM assignments a WHERE a.ends_at IS NULL AND $1 = $1",
    ),
    (
        "access that begins before it was asked for, or ends before it begins",
        "SELECT count(*) FROM assignments a JOIN requests r ON r.id = a.request_id
         WHERE $1 = $1 AND (a.starts_at < r.submitted_at OR a.starts_at < r.starts_at OR a.ends_at < a.starts_at)",
    ),
    (
        "two open requests of one person for one package that give something",
        "SELECT count(*) FROM (SELECT 1 AS one FROM requests WHERE $1 = $1
            AND state IN ('submitted', 'pending_approval', 'scheduled', 'delivering') AND kind NOT IN ('user_remove', 'admin_remove')
            GROUP BY target_id, package_id HAVING count(*) > 1) AS twice",
    ),
    (
        "an extension that waits for access that is over and closed",
        "SELECT count(*) FROM requests r JOIN assignments a ON a.id = r.assignment_id WHERE $1 = $1
            AND r.kind = 'user_extend' AND r.state IN ('submitted', 'pending_approval') AND a.closed_at IS NOT NULL",
    ),
];

struct Story {
    world: World,
    /// A package without approval that gives the same role.
    easy: PackageId,
    policy: PolicyId,
    people: Vec<Principal>,
    approvers: ObjectId,
    /// How far each request had come when it was last looked at.
    seen: BTreeMap<Uuid, String>,
    /// How many calls were carried out, of each kind.
    done: BTreeMap<u8, usize>,
}

impl Story {
    async fn begin(bench: TestApp) -> Self {
        let world = World::new(bench).await;
        let mut people = Vec::new();
        for name in ["Ada", "Bob", "Cleo", "Dan", "Eve"] {
            people.push(world.person(name).await);
        }
        for report in [0, 1, 2] {
            world.set_manager(&people[report], &people[3]).await;
        }
        let approvers = world.fixture.group("Approvers", false).await.id;
        let members = [id_of(&people[0]), id_of(&people[1])];
        groups::add_members(&world.fixture.app, &world.fixture.admin, approvers, GroupRole::Member, &members)
            .await
            .expect("added");
        let easy = world.fixture.package("Easy", &[world.group.row(0)]).await;
        let policy: Uuid = {
            let mut tx = world.fixture.app.store.read().await.expect("tx");
            tx.value("SELECT id FROM policies WHERE package_id = $1", args![world.package])
                .await
                .expect("a policy")
        };
        let stages = two_stages(&people, approvers);
        world
            .terms(|terms| {
                terms.scope = Scope::AllMembers;
                terms.subjects.clear();
                terms.approval.required_for_add = true;
                terms.approval.required_for_update = true;
                terms.approval.stages = stages;
                terms.requestor.on_behalf_add = true;
                terms.requestor.on_behalf = vec![SubjectSet::RequestorManager(1)];
                terms.lifecycle.expires = Expiration::Days(LONGEST);
                terms.lifecycle.extension_approval = true;
            })
            .await;
        let everyone = "UPDATE policies SET scope = 'all_members', expiration = 'days', expiration_value = '2' WHERE package_id = $1";
        world.fixture.exec(everyone, args![easy]).await;
        Self {
            world,
            easy,
            policy: PolicyId(policy),
            people,
            approvers,
            seen: BTreeMap::new(),
            done: BTreeMap::new(),
        }
    }

    fn who(&self, number: usize) -> &Principal {
        &self.people[number % self.people.len()]
    }

    async fn rows<T: crate::store::tx::Row>(&self, sql: &'static str) -> Vec<T> {
        let mut tx = self.world.fixture.app.store.read().await.expect("tx");
        tx.all(sql, args![]).await.expect("read")
    }

    /// One of the latest requests.
    async fn request(&self, number: usize) -> Option<RequestId> {
        let ids: Vec<(Uuid,)> = self.rows("SELECT id FROM requests ORDER BY id DESC LIMIT 6").await;
        ids.get(number % ids.len().max(1)).map(|(id,)| RequestId(*id))
    }

    /// One of the latest assignments, as it is read now.
    async fn assignment_at(&self, number: usize) -> Option<Removal> {
        let found: Vec<(Uuid, i64)> = self
            .rows("SELECT id, version FROM assignments ORDER BY starts_at DESC, id LIMIT 4")
            .await;
        let (id, version) = *found.get(number % found.len().max(1))?;
        Some(Removal {
            id: AssignmentId(id),
            version,
        })
    }

    /// For every other `with` the person of whom a row speaks, so that what only they may do is done often; else anybody.
    async fn concerned(&self, sql: &'static str, id: Uuid, by: usize, with: usize) -> &Principal {
        let mut tx = self.world.fixture.app.store.read().await.expect("tx");
        let found: Option<(Uuid,)> = tx.opt(sql, args![id]).await.expect("read");
        let own = found.and_then(|(user,)| self.people.iter().find(|person| id_of(person).0 == user));
        own.filter(|_| with.is_multiple_of(2)).unwrap_or_else(|| self.who(by))
    }

    /// Takes one step. A refusal is an answer too, a fault of the product is not.
    async fn take(&mut self, (what, by, with): Step) {
        let outcome = match what {
            0..=2 => self.submit(by, with).await,
            3..=6 => self.decide(what, by, with).await,
            7 => self.decide_several(by).await,
            8..=11 => self.of_request(what, by, with).await,
            12..=14 => self.of_access(what, by, with).await,
            15 => self.assign(by, with).await,
            16 => self.delegate(by, with).await,
            17..=19 => self.of_directory(what, by, with).await,
            20 => self.edit_policy(with).await,
            _ => {
                self.world.hours(7 * (1 + with as i64)).await;
                Ok(())
            }
        };
        match outcome {
            Ok(()) => *self.done.entry(what).or_default() += 1,
            Err(Error::Store(fault)) => panic!("{fault}"),
            Err(Error::Internal(fault)) => panic!("{fault}"),
            Err(_) => {}
        }
    }

    async fn submit(&self, by: usize, with: usize) -> Result<(), Error> {
        let mut form = self.world.form();
        if with.is_multiple_of(4) {
            form.package = self.easy;
        }
        if with == 1 {
            form.asked_from = typed(self.world.now() + Duration::hours(20));
        }
        if with == 2 {
            form.asked_until = typed(self.world.now() + Duration::days(2));
        }
        let by = self.who(by);
        if with == 3 {
            form.target = Some(id_of(self.who(0)));
        }
        self.world.submit(by, &form).await.map(drop)
    }

    /// Two decide in the same instant, each in their own way.
    async fn decide(&self, what: u8, by: usize, with: usize) -> Result<(), Error> {
        let Some(id) = self.request(with).await else { return Ok(()) };
        let say = if what == 6 { Decision::Deny } else { Decision::Approve };
        let (one, other) = (self.who(by), self.who(by + 1));
        let said = tokio::join!(self.world.decide(one, id, say), self.world.decide(other, id, Decision::Approve));
        match said {
            (Err(error @ (Error::Store(_) | Error::Internal(_))), _) | (_, Err(error @ (Error::Store(_) | Error::Internal(_)))) => {
                Err(error)
            }
            (Ok(()), _) | (_, Ok(())) => Ok(()),
            (one, _) => one,
        }
    }

    async fn decide_several(&self, by: usize) -> Result<(), Error> {
        let form = DecisionForm {
            requests: self.world.pending(self.who(by)).await,
            decision: Decision::Approve,
            reason: "All of them".into(),
        };
        approvals::decide_many(&self.world.fixture.app, self.who(by), &form).await.map(drop)
    }

    async fn of_request(&self, what: u8, by: usize, with: usize) -> Result<(), Error> {
        let Some(id) = self.request(with).await else { return Ok(()) };
        let (app, admin) = (&self.world.fixture.app, &self.world.fixture.admin);
        let sql = match what {
            10 => "SELECT user_id FROM approvers WHERE request_id = $1 AND decision = 'approve' ORDER BY stage LIMIT 1",
            _ => "SELECT target_id FROM requests WHERE id = $1",
        };
        let me = self.concerned(sql, id.into(), by, with).await;
        match what {
            8 => my_access::withdraw(app, me, id).await,
            9 => requests::cancel(app, admin, id).await,
            10 => approvals::revoke(app, me, id, "Taken back").await,
            _ => approvals::remind(app, me, id).await,
        }
    }

    async fn of_access(&self, what: u8, by: usize, with: usize) -> Result<(), Error> {
        let (app, admin) = (&self.world.fixture.app, &self.world.fixture.admin);
        let Some(found) = self.assignment_at(with).await else {
            return Ok(());
        };
        let sql = "SELECT target_id FROM assignments WHERE id = $1";
        let me = self.concerned(sql, found.id.into(), by, with).await;
        match what {
            12 => {
                let form = ExtendForm {
                    assignment: found.id,
                    justification: "It goes on".into(),
                    asked_until: String::new(),
                };
                my_access::extend(app, me, &form).await.map(drop)
            }
            13 => my_access::give_back(app, me, found.id).await.map(drop),
            _ if with.is_multiple_of(2) => assignments::remove(app, admin, found.id, found.version).await.map(drop),
            _ => assignments::reprocess(app, admin, &[found.id]).await.map(drop),
        }
    }

    async fn assign(&self, by: usize, with: usize) -> Result<(), Error> {
        let package = if with.is_multiple_of(2) { self.easy } else { self.world.package };
        let sql = "SELECT id FROM policies WHERE package_id = $1";
        let policy: Uuid = {
            let mut tx = self.world.fixture.app.store.read().await.expect("tx");
            tx.value(sql, args![package]).await.expect("a policy")
        };
        let form = DirectForm {
            package,
            policy: Some(policy.into()),
            users: vec![id_of(self.who(by))],
            asked_from: String::new(),
            asked_until: String::new(),
            justification: "Assigned".into(),
            answers: Vec::new(),
            language: String::new(),
        };
        assignments::assign(&self.world.fixture.app, &self.world.fixture.admin, &form)
            .await
            .map(drop)
    }

    async fn delegate(&self, by: usize, with: usize) -> Result<(), Error> {
        let (app, me) = (&self.world.fixture.app, self.who(by));
        if with.is_multiple_of(3) {
            let held: Vec<(Uuid, i64)> = self.rows("SELECT id, version FROM delegations ORDER BY id DESC LIMIT 1").await;
            let Some((id, version)) = held.first() else { return Ok(()) };
            return approvals::end_delegation(app, me, DelegationId(*id), *version).await;
        }
        let form = DelegationForm {
            delegate: self.who(by + 1 + with % 3).user_name.clone(),
            package: None,
            starts_at: None,
            ends_at: Some(self.world.now() + Duration::hours(30)),
            waiting: with.is_multiple_of(2),
        };
        approvals::save_delegation(app, me, None, &form).await.map(drop)
    }

    async fn of_directory(&self, what: u8, by: usize, with: usize) -> Result<(), Error> {
        let (app, admin) = (&self.world.fixture.app, &self.world.fixture.admin);
        let user = id_of(self.who(by));
        let version = self.world.version_of(user).await;
        match (what, with.is_multiple_of(3)) {
            (17, block) => users::set_enabled(app, admin, user, version, !block).await.map(drop),
            (18, true) => users::delete(app, admin, user, version).await,
            (18, false) => users::restore(app, admin, user, version).await,
            (_, true) => groups::remove_member(app, admin, self.approvers, GroupRole::Member, user).await,
            (_, false) => groups::add_members(app, admin, self.approvers, GroupRole::Member, &[user])
                .await
                .map(drop),
        }
    }

    /// The policy gives less or more time, takes no requests, or takes them again.
    async fn edit_policy(&self, with: usize) -> Result<(), Error> {
        if with.is_multiple_of(2) {
            let days = Expiration::Days(if with.is_multiple_of(4) { 3 } else { LONGEST });
            self.world.terms(|terms| terms.lifecycle.expires = days).await;
            return Ok(());
        }
        let (app, admin) = (&self.world.fixture.app, &self.world.fixture.admin);
        let policy = policies::get(app, admin, self.policy).await?;
        policies::set_enabled(app, admin, self.policy, policy.version, with != 1)
            .await
            .map(drop)
    }

    /// What is refused is refused for good, and nobody has access for longer than any policy gives it from now on.
    async fn hold(&mut self, steps: &[Step]) {
        let now = self.world.now();
        for (what, sql) in NEVER {
            let mut tx = self.world.fixture.app.store.read().await.expect("tx");
            let count: i64 = tx.value(sql, args![now]).await.expect("a count");
            assert_eq!(count, 0, "{what} after {steps:?}");
        }
        let mut tx = self.world.fixture.app.store.read().await.expect("tx");
        let late = "SELECT count(*) FROM assignments WHERE ends_at > $1";
        let count: i64 = tx.value(late, args![now + Duration::days(LONGEST)]).await.expect("a count");
        drop(tx);
        assert_eq!(count, 0, "access for longer than a policy gives it after {steps:?}");
        let states: Vec<(Uuid, String)> = self.rows("SELECT id, state FROM requests").await;
        for (id, state) in states {
            let before = self.seen.insert(id, state.clone()).unwrap_or_default();
            let over = ["denied", "expired", "canceled", "delivered"].contains(&before.as_str());
            assert!(!over || before == state, "a request went from {before} to {state} after {steps:?}");
        }
    }

    /// Once the queue is empty everything that is stored agrees.
    async fn rest(&self, steps: &[Step]) {
        self.world.work().await;
        let silent = "SELECT count(*) FROM requests r WHERE r.state = 'pending_approval'
            AND NOT EXISTS (SELECT 1 FROM approvers a WHERE a.request_id = r.id AND a.state = 'open')";
        assert_eq!(
            self.world.fixture.count(silent).await,
            0,
            "a request that waits for nobody after {steps:?}"
        );
        self.world.check().await;
    }
}

fn two_stages(people: &[Principal], approvers: ObjectId) -> Vec<StageTerms> {
    let user = |at: usize| SubjectSet::User(id_of(&people[at]));
    vec![
        StageTerms {
            approvers: vec![SubjectSet::GroupMembers(approvers)],
            fallbacks: vec![user(2)],
            forwarding: Some(ForwardingTerms {
                after_days: 1,
                alternates: vec![user(3)],
                fallbacks: Vec::new(),
            }),
            days_to_decide: 4,
            ..stage(&[])
        },
        StageTerms {
            approvers: vec![SubjectSet::RequestorManager(1)],
            fallbacks: vec![user(1), user(2), user(4)],
            days_to_decide: 3,
            ..stage(&[])
        },
    ]
}

async fn f087_f097_f111_f126_f139_f141_f142_f146_whatever_anybody_does_with_requests_and_access_the_rules_hold(bench: TestApp) {
    let mut runner = TestRunner::deterministic();
    let steps = proptest::collection::vec((0u8..23, 0usize..5, 0usize..8), STEPS);
    let mut story = Story::begin(bench).await;
    for _ in 0..SEQUENCES {
        let steps = steps.new_tree(&mut runner).expect("steps").current();
        for (at, step) in steps.iter().enumerate() {
            story.take(*step).await;
            story.hold(&steps[..=at]).await;
        }
        story.rest(&steps).await;
    }
    for what in [0, 3, 8, 9, 10, 12, 13, 15, 16] {
        let done = story.done.get(&what).copied().unwrap_or_default();
        assert!(done > 0, "step {what} was never carried out: {:?}", story.done);
    }
    let given = story.world.fixture.count("SELECT count(*) FROM assignments").await;
    assert!(given > 5, "{given} assignments");
    // Nothing waits for ever, and all access ends.
    for person in &story.people {
        let version = story.world.version_of(id_of(person)).await;
        let (app, admin) = (&story.world.fixture.app, &story.world.fixture.admin);
        let _ = users::restore(app, admin, id_of(person), version).await;
        let version = story.world.version_of(id_of(person)).await;
        let _ = users::set_enabled(app, admin, id_of(person), version, true).await;
    }
    for _ in 0..3 {
        story.world.after(12).await;
        story.hold(&[]).await;
    }
    let left = "SELECT count(*) FROM requests WHERE state IN ('submitted', 'pending_approval', 'scheduled', 'delivering')";
    assert_eq!(story.world.fixture.count(left).await, 0);
    assert_eq!(
        story.world.fixture.count("SELECT count(*) FROM memberships WHERE grants > 0").await,
        0
    );
    story.world.check().await;
}

//! Random sequences of what approvers, requestors and administrators do, with the rules that hold after each step.

use chrono::Duration;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

use super::world::{World, stage};
use crate::both_databases;
use crate::domain::access::Principal;
use crate::domain::approval::{Decision, DecisionMode, DelegationForm, ForwardingTerms, StageTerms};
use crate::domain::group::GroupRole;
use crate::domain::id::{ObjectId, RequestId};
use crate::domain::subject::SubjectSet;
use crate::service::approvals;
use crate::service::settle;
use crate::service::{Error, groups};
use crate::store::{StoreError, requests};
use crate::testing::{TestApp, id_of};

both_databases!(f087_f088_f089_f097_f098_f147_whatever_is_done_the_rules_hold);

/// Sequences of each run, and steps of each.
const SEQUENCES: usize = 6;
const STEPS: usize = 30;

/// One step: what is done, by whom, and with what.
type Step = (u8, usize, usize);

/// Rules: what may not be, and the statement that counts it.
const NEVER: [(&str, &str); 9] = [
    (
        "an assignment of a request that was denied, expired or canceled",
        "SELECT count(*) FROM requests r JOIN assignments a ON a.request_id = r.id WHERE r.state IN ('denied', 'expired', 'canceled')",
    ),
    (
        "somebody who is asked about their own request",
        "SELECT count(*) FROM approvers a JOIN requests r ON r.id = a.request_id
         WHERE a.user_id = r.target_id OR a.user_id = r.requestor_id OR a.via_id = r.target_id",
    ),
    (
        "somebody who is asked where nothing waits",
        "SELECT count(*) FROM approvers a JOIN requests r ON r.id = a.request_id
            JOIN request_stages s ON s.request_id = a.request_id AND s.stage = a.stage
         WHERE a.state = 'open' AND (r.state <> 'pending_approval' OR s.state <> 'waiting' OR r.stage <> a.stage)",
    ),
    (
        "a request that waits in no stage or in two",
        "SELECT count(*) FROM requests r WHERE (SELECT count(*) FROM request_stages s WHERE s.request_id = r.id AND s.state = 'waiting')
            <> (CASE WHEN r.state = 'pending_approval' THEN 1 ELSE 0 END)",
    ),
    (
        "a stage that was approved with too few votes or against one",
        "SELECT count(*) FROM request_stages s WHERE s.state = 'approved' AND (
            (SELECT count(*) FROM approvers a WHERE a.request_id = s.request_id AND a.stage = s.stage AND a.decision = 'approve') < s.needed
            OR EXISTS (SELECT 1 FROM approvers a WHERE a.request_id = s.request_id AND a.stage = s.stage AND a.decision = 'deny'))",
    ),
    (
        "a stage that was denied by nobody or by two",
        "SELECT count(*) FROM request_stages s WHERE s.state = 'denied' AND
            (SELECT count(*) FROM approvers a WHERE a.request_id = s.request_id AND a.stage = s.stage AND a.decision = 'deny') <> 1",
    ),
    (
        "a stage that still waits with a vote that settles it",
        "SELECT count(*) FROM request_stages s WHERE s.state = 'waiting' AND (
            (SELECT count(*) FROM approvers a WHERE a.request_id = s.request_id AND a.stage = s.stage AND a.decision = 'approve') >= s.needed
            OR EXISTS (SELECT 1 FROM approvers a WHERE a.request_id = s.request_id AND a.stage = s.stage AND a.decision = 'deny'))",
    ),
    (
        "access without every stage's yes",
        "SELECT count(*) FROM assignments n JOIN request_stages s ON s.request_id = n.request_id WHERE s.state <> 'approved'",
    ),
    (
        "two votes in one seat",
        "SELECT count(*) FROM (SELECT 1 AS one FROM approvers WHERE decision IS NOT NULL
            GROUP BY request_id, stage, coalesce(via_id, user_id) HAVING count(*) > 1) AS twice",
    ),
];

/// What may not be either once the queue is empty.
const NEVER_AT_REST: [(&str, &str); 2] = [
    (
        "somebody who is asked and cannot sign in",
        "SELECT count(*) FROM approvers a JOIN users u ON u.id = a.user_id WHERE a.state = 'open' AND (NOT u.enabled OR u.deleted_at IS NOT NULL)",
    ),
    (
        "a request that waits for nobody",
        "SELECT count(*) FROM requests r WHERE r.state = 'pending_approval'
            AND NOT EXISTS (SELECT 1 FROM approvers a WHERE a.request_id = r.id AND a.state = 'open')",
    ),
];

struct Story {
    world: World,
    people: Vec<Principal>,
    group: ObjectId,
    asked: Vec<RequestId>,
}

impl Story {
    async fn begin(bench: TestApp) -> Self {
        let world = World::new(bench).await;
        let mut people = Vec::new();
        for name in ["Ada", "Bob", "Cleo", "Dan", "Eve"] {
            people.push(world.person(name).await);
        }
        let group = world.fixture.group("Approvers", false).await.id;
        let (app, admin) = (&world.fixture.app, &world.fixture.admin);
        let members = [id_of(&people[0]), id_of(&people[1])];
        groups::add_members(app, admin, group, GroupRole::Member, &members)
            .await
            .expect("added");
        world
            .stages(&[
                StageTerms {
                    approvers: vec![SubjectSet::GroupMembers(group)],
                    fallbacks: vec![SubjectSet::User(id_of(&people[2]))],
                    forwarding: Some(ForwardingTerms {
                        after_days: 2,
                        alternates: vec![SubjectSet::User(id_of(&people[3]))],
                        fallbacks: Vec::new(),
                    }),
                    days_to_decide: 5,
                    mode: DecisionMode::AllOf,
                    ..stage(&[])
                },
                StageTerms {
                    days_to_decide: 3,
                    ..stage(&[&people[1], &people[2], &people[4]])
                },
            ])
            .await;
        Self {
            world,
            people,
            group,
            asked: Vec::new(),
        }
    }

    fn who(&self, number: usize) -> &Principal {
        &self.people[number % self.people.len()]
    }

    fn request(&self, number: usize) -> Option<RequestId> {
        let last = self.asked.len().min(4);
        self.asked.iter().rev().nth(number % last.max(1)).copied()
    }

    async fn take(&mut self, (what, by, with): Step) {
        match what {
            0 | 1 => self.ask(by).await,
            2..=6 => self.decide(what, by, with).await,
            7 | 8 => {
                self.world.fixture.bench.clock.advance(Duration::hours(11 * (1 + with as i64 % 5)));
                self.world.work().await;
            }
            9 => self.world.set_enabled(self.who(by), !with.is_multiple_of(3)).await,
            10 => self.regroup(by, with).await,
            11 => self.delegate(by, with).await,
            12 => self.cancel(with).await,
            _ => self.revoke(by, with).await,
        }
    }

    async fn ask(&mut self, by: usize) {
        let (request, terms) = self.world.draft(self.who(by)).await;
        match self.world.put(&request, &terms).await {
            Ok(_) => self.asked.push(request.id),
            Err(Error::Store(StoreError::Conflict(_))) => {}
            Err(other) => panic!("{other}"),
        }
    }

    /// Several decide on one request, each in their own way; a refusal is an answer too.
    async fn decide(&self, what: u8, by: usize, with: usize) {
        let Some(id) = self.request(with) else { return };
        let say = if what == 6 { Decision::Deny } else { Decision::Approve };
        let (one, other) = (self.who(by), self.who(by + 1));
        let said = tokio::join!(self.world.decide(one, id, say), self.world.decide(other, id, Decision::Approve));
        for said in [said.0, said.1] {
            if let Err(error) = said {
                assert!(!matches!(error, Error::Store(_) | Error::Internal(_)), "{error}");
            }
        }
    }

    async fn regroup(&self, by: usize, with: usize) {
        let (app, admin) = (&self.world.fixture.app, &self.world.fixture.admin);
        let user = id_of(self.who(by));
        let done = if with.is_multiple_of(2) {
            groups::add_members(app, admin, self.group, GroupRole::Member, &[user])
                .await
                .map(|_| ())
        } else {
            groups::remove_member(app, admin, self.group, GroupRole::Member, user).await
        };
        assert!(matches!(done, Ok(()) | Err(Error::NotFound)));
    }

    async fn delegate(&self, by: usize, with: usize) {
        let form = DelegationForm {
            delegate: self.who(by + 1 + with % 3).user_name.clone(),
            package: None,
            starts_at: None,
            ends_at: Some(self.world.fixture.app.clock.now() + Duration::hours(30)),
            waiting: with.is_multiple_of(2),
        };
        let made = approvals::save_delegation(&self.world.fixture.app, self.who(by), None, &form).await;
        assert!(matches!(made, Ok(_) | Err(Error::Invalid(_))));
    }

    async fn cancel(&self, with: usize) {
        let Some(id) = self.request(with) else { return };
        let app = &self.world.fixture.app;
        let mut tx = app.store.write().await.expect("tx");
        let (request, _) = requests::lock(&mut tx, &[id]).await.expect("read").pop().expect("a request");
        if request.state == crate::domain::request::RequestState::PendingApproval {
            settle::cancel(app, &mut tx, &request, "Taken back", app.clock.now())
                .await
                .expect("canceled");
            tx.commit().await.expect("commit");
        }
    }

    async fn revoke(&self, by: usize, with: usize) {
        let Some(id) = self.request(with) else { return };
        let done = approvals::revoke(&self.world.fixture.app, self.who(by), id, "Taken back").await;
        assert!(matches!(
            done,
            Ok(()) | Err(Error::NotFound | Error::Refused(_) | Error::Conflict(_))
        ));
    }

    async fn hold(&self, rules: &[(&str, &'static str)], steps: &[Step]) {
        for (what, sql) in rules {
            assert_eq!(self.world.fixture.count(sql).await, 0, "{what} after {steps:?}");
        }
    }
}

async fn f087_f088_f089_f097_f098_f147_whatever_is_done_the_rules_hold(bench: TestApp) {
    let mut runner = TestRunner::deterministic();
    let steps = proptest::collection::vec((0u8..14, 0usize..5, 0usize..8), STEPS);
    let mut story = Story::begin(bench).await;
    for _ in 0..SEQUENCES {
        let steps = steps.new_tree(&mut runner).expect("steps").current();
        for (at, step) in steps.iter().enumerate() {
            story.take(*step).await;
            story.hold(&NEVER, &steps[..=at]).await;
        }
        story.world.work().await;
        story.hold(&NEVER_AT_REST, &steps).await;
    }
    assert!(story.asked.len() > SEQUENCES, "{} requests", story.asked.len());
    // Nothing waits for ever.
    for person in &story.people {
        story.world.set_enabled(person, true).await;
    }
    story.world.after(20).await;
    story.world.after(20).await;
    let waiting = "SELECT count(*) FROM requests WHERE state = 'pending_approval'";
    assert_eq!(story.world.fixture.count(waiting).await, 0);
    story.world.check().await;
}

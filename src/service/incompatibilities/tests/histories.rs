//! Random histories: whatever is done in whatever order, nobody without an exception newly gains a package while having something that it
//! is incompatible with.

use std::collections::BTreeSet;

use chrono::Duration;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use uuid::Uuid;

use super::*;
use crate::both_databases;
use crate::domain::group::GroupRole;
use crate::service::groups;
use crate::service::packages::tests::world::Thing;

both_databases!(f128_f129_f130_nobody_newly_gains_what_is_incompatible_with_what_they_have);

const SEQUENCES: usize = 5;
const STEPS: usize = 40;

/// What is done, to whom, and with which two packages.
type Step = (u8, usize, usize, usize);

struct Story {
    world: World,
    people: Vec<Principal>,
    packages: Vec<PackageId>,
    group: Thing,
    known: BTreeSet<Uuid>,
}

impl Story {
    async fn begin(bench: TestApp) -> Self {
        let world = World::new(bench).await;
        let group = world.fixture.group("Auditors", false).await;
        // Whoever has the third one is a member of the group.
        let third = world.fixture.package("Audit desk", &[group.row(0)]).await;
        let packages = vec![world.audit, world.payments, third];
        let mut people = vec![world.fixture.user.clone()];
        for name in ["Ada", "Bob"] {
            let person = world.other(name).await;
            world.let_ask(third, id_of(&person)).await;
            people.push(person);
        }
        Self {
            world,
            people,
            packages,
            group,
            known: BTreeSet::new(),
        }
    }

    async fn take(&self, (what, who, one, two): Step) {
        let (app, admin) = (&self.world.fixture.app, &self.world.fixture.admin);
        let person = &self.people[who % self.people.len()];
        let (one, two) = (self.packages[one % 3], self.packages[two % 3]);
        let members = (app, admin, self.group.id, GroupRole::Member);
        match what {
            0..=3 => drop(self.world.submit(person, one).await),
            4 => drop(self.world.assign(admin, one, &[id_of(person)]).await),
            5 | 6 => drop(incompatibilities::add(app, admin, one, Counterpart::Package(two)).await),
            7 => drop(incompatibilities::add(app, admin, one, group(self.group.id)).await),
            8 | 9 => {
                if let Some(rule) = self.any_rule(one).await {
                    drop(incompatibilities::remove(app, admin, one, rule).await);
                }
            }
            10 => {
                if let Some(rule) = self.any_rule(one).await {
                    let form = ExceptionForm {
                        package: one,
                        rule: Some(rule),
                        user: Some(id_of(person)),
                        reason: "For a while".into(),
                        ends_at: (app.clock.now() + Duration::days(4)).to_rfc3339(),
                    };
                    drop(incompatibilities::grant_exception(app, admin, &form).await);
                }
            }
            11 => drop(groups::add_members(members.0, members.1, members.2, members.3, &[id_of(person)]).await),
            12 => drop(groups::remove_member(members.0, members.1, members.2, members.3, id_of(person)).await),
            13 => {
                let held = self.world.assignments(one).await;
                if let Some(item) = held.iter().find(|item| item.target.id == id_of(person)) {
                    drop(assignments::remove(app, admin, item.id, item.version).await);
                }
            }
            14 => self.world.fixture.bench.clock.advance(Duration::days(9)),
            _ => self.world.work().await,
        }
    }

    async fn any_rule(&self, package: PackageId) -> Option<IncompatibilityId> {
        let mut tx = self.world.fixture.app.store.read().await.expect("tx");
        let rules = crate::store::incompatibilities::of_package(&mut tx, package).await.expect("rules");
        rules.last().map(|rule| rule.id)
    }

    /// Every assignment that a step has made, looked at when the step is over: what its person has since before it and still has, by a rule
    /// without an exception. Ids rise in the order in which assignments are made; a membership by hand changes in no step that delivers.
    async fn check(&mut self, history: &[Step]) {
        let app = &self.world.fixture.app;
        let now = app.clock.now();
        let mut tx = app.store.read().await.expect("tx");
        let wrong: Vec<Uuid> = tx
            .column(
                "SELECT b.id FROM assignments b JOIN incompatibilities i ON i.package_id = b.package_id
                 WHERE b.state <> 'delivery_failed' AND (
                    EXISTS (SELECT 1 FROM assignments a WHERE a.target_id = b.target_id AND a.package_id = i.incompatible_package_id
                        AND a.id < b.id AND a.state NOT IN ('expired', 'delivery_failed') AND (a.ends_at IS NULL OR a.ends_at > $1))
                    OR EXISTS (SELECT 1 FROM memberships m JOIN roles r ON r.id = m.role_id WHERE r.object_id = i.incompatible_group_id
                        AND r.name = 'Member' AND m.user_id = b.target_id AND m.direct)
                    OR EXISTS (SELECT 1 FROM assignments a JOIN package_roles pr ON pr.package_id = a.package_id JOIN roles r ON r.id = pr.role_id
                        WHERE a.target_id = b.target_id AND r.object_id = i.incompatible_group_id AND r.name = 'Member' AND a.id < b.id
                            AND a.state NOT IN ('expired', 'delivery_failed') AND (a.ends_at IS NULL OR a.ends_at > $1)))
                    AND NOT EXISTS (SELECT 1 FROM incompatibility_exceptions e WHERE e.incompatibility_id = i.id AND e.user_id = b.target_id
                        AND e.ended_at IS NULL AND e.ends_at > $1)",
                args![now],
            )
            .await
            .expect("assignments");
        let fresh: Vec<&Uuid> = wrong.iter().filter(|id| !self.known.contains(id)).collect();
        assert!(fresh.is_empty(), "gained against a rule: {fresh:?} after {history:?}");
        let all: Vec<Uuid> = tx.column("SELECT id FROM assignments", args![]).await.expect("ids");
        self.known.extend(all);
    }
}

async fn f128_f129_f130_nobody_newly_gains_what_is_incompatible_with_what_they_have(bench: TestApp) {
    let mut story = Story::begin(bench).await;
    let steps = proptest::collection::vec((0u8..20, 0usize..3, 0usize..3, 0usize..3), STEPS);
    let mut runner = TestRunner::deterministic();
    let (mut delivered, mut held_up) = (0, 0);
    for _ in 0..SEQUENCES {
        let sequence: Vec<Step> = steps.new_tree(&mut runner).expect("steps").current();
        for (at, step) in sequence.iter().enumerate() {
            story.take(*step).await;
            story.check(&sequence[..=at]).await;
        }
        story.world.work().await;
        story.check(&sequence).await;
        let fixture = &story.world.fixture;
        delivered = fixture.count("SELECT count(*) FROM assignments").await;
        held_up = fixture.count("SELECT count(*) FROM requests WHERE state = 'canceled'").await;
    }
    // The histories are about something.
    assert!(delivered > 10, "{delivered} delivered, {held_up} came to nothing");
    let report = worker::check(&story.world.fixture.app).await.expect("a report");
    assert_eq!(report.faults, Vec::<String>::new());
}

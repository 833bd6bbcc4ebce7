//! Schedules: once for each time, whichever copy is up.

use super::*;
use crate::store::schedules as store;

both_databases!(
    of_two_copies_one_runs_a_schedule,
    what_was_missed_while_nobody_was_up_is_done_once,
    a_copy_that_died_is_stood_in_for_when_its_lease_is_over,
);

async fn of_two_copies_one_runs_a_schedule(bench: TestApp) {
    let app = &bench.app;
    for _ in 0..3 {
        let (one, other) = tokio::join!(schedules::run_due(app, unknown()), schedules::run_due(app, unknown()));
        let mut done = one.expect("one copy");
        done.extend(other.expect("the other"));
        done.sort_unstable();
        assert_eq!(done, ScheduleName::ALL);
        assert_eq!(schedules::run_due(app, unknown()).await.expect("a third"), []);
        bench.clock.advance(Duration::hours(1));
    }
}

async fn what_was_missed_while_nobody_was_up_is_done_once(bench: TestApp) {
    let app = &bench.app;
    let run = async || schedules::run_due(app, unknown()).await.expect("schedules").len();
    assert_eq!(run().await, ScheduleName::ALL.len());
    bench.clock.advance(Duration::hours(9) + Duration::minutes(7));
    assert_eq!(run().await, ScheduleName::ALL.len());
    assert_eq!(run().await, 0);
    bench.clock.advance(Duration::minutes(59));
    assert_eq!(run().await, 0);
    bench.clock.advance(Duration::minutes(1));
    assert_eq!(run().await, ScheduleName::ALL.len());
}

async fn a_copy_that_died_is_stood_in_for_when_its_lease_is_over(bench: TestApp) {
    let (app, name) = (&bench.app, ScheduleName::CleanUp);
    let (dead, other) = (unknown(), unknown());
    let claim = async |owner| {
        let mut tx = app.store.write().await.expect("tx");
        let due = store::claim(&mut tx, name, owner, app.clock.now()).await.expect("a claim");
        tx.commit().await.expect("commit");
        due
    };
    let due = claim(dead).await.expect("due at once");
    assert_eq!(claim(other).await, None, "held");
    bench.clock.advance(name.lease());
    assert_eq!(claim(other).await, Some(due), "taken over");
    let next = due + name.period();
    let mut tx = app.store.write().await.expect("tx");
    assert!(!store::complete(&mut tx, name, dead, next).await.expect("too late"));
    assert!(store::complete(&mut tx, name, other, next).await.expect("done"));
    tx.commit().await.expect("commit");
    assert_eq!(claim(other).await, None, "not due");
}

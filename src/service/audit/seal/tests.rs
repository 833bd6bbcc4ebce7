//! The chain of the trail, sealed by one copy and by two, and what breaks it.

use super::*;
use crate::args;
use crate::both_databases;
use crate::domain::audit::Activity;
use crate::service::audit::Entry;
use crate::store::Store;
use crate::testing::TestApp;

both_databases!(
    rows_are_numbered_in_the_order_of_their_commits,
    two_copies_seal_every_row_once,
    a_changed_row_is_found,
);

async fn write(app: &App, names: &[&str]) {
    let mut tx = app.store.write().await.expect("tx");
    for name in names {
        let target = Target::new("user", app.ids.id(app.clock.now()), *name);
        Entry::by_system(Activity::CreateUser, target)
            .detail(*name)
            .write(app, &mut tx)
            .expect("a row");
    }
    tx.commit().await.expect("commit");
}

async fn sealed(app: &App) -> Vec<(i64, String)> {
    let mut tx = app.store.read().await.expect("tx");
    tx.all("SELECT seq, detail FROM audit WHERE seq IS NOT NULL ORDER BY seq", args![])
        .await
        .expect("rows")
}

async fn rows_are_numbered_in_the_order_of_their_commits(bench: TestApp) {
    let app = &bench.app;
    write(app, &["first", "second"]).await;
    assert_eq!(seal(app).await.expect("sealed"), 2);
    write(app, &["third"]).await;
    assert_eq!((seal(app).await.expect("sealed"), seal(app).await.expect("sealed")), (1, 0));
    let names: Vec<String> = sealed(app).await.into_iter().map(|(seq, name)| format!("{seq} {name}")).collect();
    assert_eq!(names, ["1 first", "2 second", "3 third"]);
    assert!(matches!(verify(app).await, Ok(Verdict::Intact { rows: 3, .. })));
}

async fn two_copies_seal_every_row_once(bench: TestApp) {
    let other = App {
        store: Store::connect(&bench.url).await.expect("a second copy"),
        ..bench.app.clone()
    };
    for n in 0..40 {
        write(&bench.app, &[&format!("row {n}")]).await;
    }
    let all = async |app: App| {
        let mut sealed = 0;
        for n in 0..10 {
            write(&app, &[&format!("meanwhile {n}")]).await;
            sealed += seal(&app).await.expect("sealed");
        }
        sealed
    };
    let (one, two) = tokio::join!(tokio::spawn(all(bench.app.clone())), tokio::spawn(all(other.clone())));
    let rest = seal(&other).await.expect("sealed");
    assert_eq!(one.expect("done") + two.expect("done") + rest, 60);
    let numbers: Vec<i64> = sealed(&bench.app).await.into_iter().map(|(seq, _)| seq).collect();
    assert_eq!(numbers, (1..=60).collect::<Vec<_>>());
    assert!(matches!(verify(&bench.app).await, Ok(Verdict::Intact { rows: 60, .. })));
}

async fn a_changed_row_is_found(bench: TestApp) {
    let app = &bench.app;
    write(app, &["one", "two", "three", "four"]).await;
    seal(app).await.expect("sealed");
    let exec = async |sql: &'static str| {
        let mut tx = app.store.write().await.expect("tx");
        tx.exec(sql, args![]).await.expect("changed");
        tx.commit().await.expect("commit");
    };
    let place = async || match verify(app).await.expect("a verdict") {
        Verdict::Intact { .. } => 0,
        Verdict::Broken { seq, .. } => seq,
    };
    for (change, back, seq) in [
        (
            "UPDATE audit SET detail = 'other' WHERE seq = 2",
            "UPDATE audit SET detail = 'two' WHERE seq = 2",
            2,
        ),
        (
            "UPDATE audit SET actor_name = 'Sam' WHERE seq = 1",
            "UPDATE audit SET actor_name = 'Woodgate' WHERE seq = 1",
            1,
        ),
        (
            "UPDATE audit_targets SET name = 'other' WHERE name = 'three'",
            "UPDATE audit_targets SET name = 'three' WHERE name = 'other'",
            3,
        ),
        ("UPDATE audit_head SET seq = 5", "UPDATE audit_head SET seq = 4", 5),
    ] {
        exec(change).await;
        assert_eq!(place().await, seq, "{change}");
        exec(back).await;
        assert_eq!(place().await, 0, "{back}");
    }
    exec("DELETE FROM audit_targets WHERE audit_id = (SELECT id FROM audit WHERE seq = 4)").await;
    exec("DELETE FROM audit WHERE seq = 4").await;
    assert_eq!(place().await, 4, "the end of the trail was cut off");
}

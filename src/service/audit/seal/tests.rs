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
    f167_what_was_done_to_the_trail_is_named_at_its_row,
    f167_a_head_that_was_kept_shows_what_was_rewritten,
    f167_the_trail_is_handed_on_as_lines,
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
    let verdict = verify(app, None).await.expect("a verdict");
    assert_eq!((verdict.rows, verdict.waiting, verdict.faults.len()), (3, 0, 0), "{verdict:?}");
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
    let verdict = verify(&bench.app, None).await.expect("a verdict");
    assert_eq!((verdict.rows, verdict.faults.len()), (60, 0), "{verdict:?}");
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
    let place = async || {
        let verdict = verify(app, None).await.expect("a verdict");
        assert!(verdict.faults.len() < 2, "{verdict:?}");
        verdict.faults.first().map_or(0, Fault::seq)
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
            "UPDATE audit SET client_name = 'Sync' WHERE seq = 1",
            "UPDATE audit SET client_name = NULL WHERE seq = 1",
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

/// Six sealed rows, and one statement of somebody who can write to the database.
async fn after(app: &App, statements: &[&'static str]) -> Vec<Fault> {
    let mut tx = app.store.write().await.expect("tx");
    for sql in statements {
        tx.exec(*sql, args![]).await.expect(sql);
    }
    tx.commit().await.expect("commit");
    verify(app, None).await.expect("a verdict").faults
}

async fn f167_what_was_done_to_the_trail_is_named_at_its_row(bench: TestApp) {
    let app = &bench.app;
    write(app, &["1", "2", "3", "4", "5", "6"]).await;
    seal(app).await.expect("sealed");
    assert_eq!(after(app, &[]).await, []);
    let swap = [
        "UPDATE audit SET seq = 100 WHERE seq = 2",
        "UPDATE audit SET seq = 2 WHERE seq = 4",
        "UPDATE audit SET seq = 4 WHERE seq = 100",
    ];
    assert_eq!(after(app, &swap).await, [Fault::Moved(4), Fault::Moved(2)]);
    assert_eq!(after(app, &swap).await, [], "put back");
    let moved = [
        "UPDATE audit SET seq = 100 WHERE seq = 2",
        "UPDATE audit SET seq = 2 WHERE seq = 3",
        "UPDATE audit SET seq = 3 WHERE seq = 100",
    ];
    assert_eq!(after(app, &moved).await, [Fault::Moved(2)]);
    assert_eq!(after(app, &moved).await, [], "put back");
    let inserted = [
        "UPDATE audit SET seq = seq + 100 WHERE seq >= 3",
        "UPDATE audit SET seq = seq - 99 WHERE seq >= 103",
        "UPDATE audit_head SET seq = 7",
    ];
    assert_eq!(after(app, &inserted).await, [Fault::Missing(3, 3)]);
    write(app, &["put in"]).await;
    let sealed_by_hand = ["UPDATE audit SET seq = 3, hash = 'made up' WHERE detail = 'put in'"];
    assert_eq!(after(app, &sealed_by_hand).await, [Fault::Inserted(3)]);
    let numbered_anew = [
        "DELETE FROM audit_targets WHERE audit_id = (SELECT id FROM audit WHERE seq = 3)",
        "DELETE FROM audit WHERE seq = 3",
        "UPDATE audit SET seq = seq + 100 WHERE seq >= 4",
        "UPDATE audit SET seq = seq - 101 WHERE seq >= 104",
        "UPDATE audit_head SET seq = 6",
    ];
    assert_eq!(after(app, &numbered_anew).await, [], "as it was sealed");
    let behind = ["UPDATE audit_head SET seq = 5, hash = (SELECT hash FROM audit WHERE seq = 5)"];
    assert_eq!(after(app, &behind).await, [Fault::Inserted(6)]);
    let other_end = ["UPDATE audit_head SET seq = 6, hash = 'other'"];
    assert_eq!(after(app, &other_end).await, [Fault::End(6)]);
    let taken_out = [
        "UPDATE audit_head SET seq = 5, hash = (SELECT hash FROM audit WHERE seq = 6)",
        "DELETE FROM audit_targets WHERE audit_id = (SELECT id FROM audit WHERE seq = 2)",
        "DELETE FROM audit WHERE seq = 2",
    ];
    assert_eq!(after(app, &taken_out).await, [Fault::Missing(2, 2), Fault::Inserted(6)]);
    let closed_up = [
        "UPDATE audit SET seq = seq + 100 WHERE seq >= 3",
        "UPDATE audit SET seq = seq - 101 WHERE seq >= 103",
    ];
    assert_eq!(after(app, &closed_up).await, [Fault::Changed(2)]);
}

async fn f167_a_head_that_was_kept_shows_what_was_rewritten(bench: TestApp) {
    let app = &bench.app;
    write(app, &["one", "two", "three"]).await;
    seal(app).await.expect("sealed");
    let kept = head(app).await.expect("a head");
    assert_eq!(kept.to_string().parse(), Ok(kept.clone()));
    let mut tx = app.store.write().await.expect("tx");
    for sql in [
        "UPDATE audit SET detail = 'other' WHERE seq = 2",
        "UPDATE audit SET seq = NULL, hash = NULL",
        "UPDATE audit_head SET seq = 0, hash = ''",
    ] {
        tx.exec(sql, args![]).await.expect(sql);
    }
    tx.commit().await.expect("commit");
    seal(app).await.expect("sealed anew");
    assert_eq!(
        verify(app, None).await.expect("a verdict").faults,
        [],
        "the chain alone cannot show it"
    );
    let verdict = verify(app, Some(kept)).await.expect("a verdict");
    assert_eq!(verdict.faults, [Fault::Rewritten(3)]);
    let later = Head {
        seq: 5,
        hash: "0".repeat(64),
    };
    assert_eq!(verify(app, Some(later)).await.expect("a verdict").faults, [Fault::Cut(3, 5)]);
    assert!("5:abc".parse::<Head>().is_err() && "x".parse::<Head>().is_err());
}

async fn f167_the_trail_is_handed_on_as_lines(bench: TestApp) {
    let app = &bench.app;
    let names: Vec<String> = (0..620).map(|n| format!("row {n}")).collect();
    write(app, &names.iter().map(String::as_str).collect::<Vec<_>>()).await;
    seal(app).await.expect("sealed");
    bench.clock.advance(chrono::Duration::days(1));
    let from = app.clock.now();
    write(app, &["a day later"]).await;
    let lines = async |from, until| {
        let (mut export, mut lines) = (crate::service::audit::Export::new(from, until), Vec::<serde_json::Value>::new());
        loop {
            let more = export.next(app).await.expect("lines");
            assert!(more.len() <= 500, "bounded");
            if more.is_empty() {
                return lines;
            }
            lines.extend(more.iter().map(|line| serde_json::from_str(line).expect("JSON")));
        }
    };
    let all = lines(None, None).await;
    assert_eq!(all.len(), 621);
    let details: Vec<&str> = all.iter().filter_map(|line| line["detail"].as_str()).collect();
    assert_eq!(details[..620], names, "in order, each once");
    assert_eq!((&all[0]["seq"], &all[0]["targets"][0]["name"]), (&1.into(), &"row 0".into()));
    assert_eq!(all[620]["seq"], serde_json::Value::Null);
    assert_eq!(lines(Some(from), None).await.len(), 1);
    assert_eq!(lines(None, Some(from)).await.len(), 620);
    assert_eq!(lines(Some(from), Some(from)).await.len(), 0);
}

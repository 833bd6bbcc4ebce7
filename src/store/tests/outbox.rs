//! The outbox on both databases: leases, failures, and that nothing is sent that was not committed.

use std::collections::BTreeSet;
use std::sync::Mutex;

use async_trait::async_trait;
use chrono::Duration;
use serde_json::json;
use uuid::Uuid;

use crate::args;
use crate::both_databases;
use crate::domain::id::UserId;
use crate::domain::notification::NotificationKind;
use crate::domain::outbox::{ATTEMPTS_MAX, OutboxKind, lease};
use crate::service::notifications::{Notice, tell};
use crate::service::outbox::send_due;
use crate::service::ports::{MailSender, OutgoingMail, SendError};
use crate::store::outbox::{self, Message, NewMessage};
use crate::testing::{TestApp, unknown};

both_databases!(
    two_senders_never_get_one_message,
    a_message_is_enqueued_with_its_change_and_once,
    a_lease_that_is_over_is_taken_over,
    a_failure_waits_and_is_given_up_and_sent_again,
    messages_are_sent_one_by_one_and_one_that_panics_harms_no_other,
);

async fn enqueue(bench: &TestApp, keys: &[&str]) {
    let (app, now) = (&bench.app, bench.app.clock.now());
    let mut tx = app.store.write().await.expect("tx");
    for key in keys {
        let message = NewMessage {
            kind: OutboxKind::Mail,
            key: (*key).to_owned(),
            recipient: None,
            about: "access_delivered",
            payload: json!({ "subject": "Access" }),
            run_at: now,
        };
        outbox::enqueue(&mut tx, app.ids.id(now), now, message);
    }
    tx.commit().await.expect("commit");
}

async fn claim(bench: &TestApp, owner: Uuid, most: i64) -> Vec<Message> {
    let mut tx = bench.app.store.write().await.expect("tx");
    let claimed = outbox::claim(&mut tx, owner, bench.app.clock.now(), most).await.expect("a claim");
    tx.commit().await.expect("commit");
    claimed
}

async fn counts(bench: &TestApp) -> (i64, i64) {
    let mut tx = bench.app.store.read().await.expect("tx");
    outbox::counts(&mut tx).await.expect("counts")
}

async fn two_senders_never_get_one_message(bench: TestApp) {
    let keys: Vec<String> = (0..40).map(|n| format!("mail {n}")).collect();
    enqueue(&bench, &keys.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let sender = async || {
        let owner = unknown();
        let mut got = Vec::new();
        loop {
            let some = claim(&bench, owner, 3).await;
            if some.is_empty() {
                return got;
            }
            got.extend(some.into_iter().map(|message| message.key));
        }
    };
    let (one, other) = tokio::join!(sender(), sender());
    let all: Vec<&String> = one.iter().chain(&other).collect();
    assert_eq!(all.len(), keys.len());
    assert_eq!(all.into_iter().collect::<BTreeSet<_>>().len(), keys.len());
}

async fn a_message_is_enqueued_with_its_change_and_once(bench: TestApp) {
    let now = bench.app.clock.now();
    let mut tx = bench.app.store.write().await.expect("tx");
    let message = NewMessage {
        kind: OutboxKind::Mail,
        key: "dropped".into(),
        recipient: None,
        about: "access_delivered",
        payload: json!({}),
        run_at: now,
    };
    outbox::enqueue(&mut tx, unknown(), now, message);
    drop(tx);
    assert_eq!(counts(&bench).await, (0, 0));
    enqueue(&bench, &["once"]).await;
    enqueue(&bench, &["once"]).await;
    let claimed = claim(&bench, unknown(), 10).await;
    assert_eq!(claimed.len(), 1);
    assert_eq!(claimed[0].payload, json!({ "subject": "Access" }));
}

async fn a_lease_that_is_over_is_taken_over(bench: TestApp) {
    enqueue(&bench, &["mail"]).await;
    let (dead, other) = (unknown(), unknown());
    let held = claim(&bench, dead, 10).await.remove(0);
    assert_eq!(claim(&bench, other, 10).await.len(), 0);
    bench.clock.advance(lease());
    assert_eq!(claim(&bench, other, 10).await.len(), 1);
    let now = bench.app.clock.now();
    let mut tx = bench.app.store.write().await.expect("tx");
    assert!(!outbox::complete(&mut tx, held.id, dead, now).await.expect("too late"));
    assert!(outbox::complete(&mut tx, held.id, other, now).await.expect("sent"));
    tx.commit().await.expect("commit");
    bench.clock.advance(lease());
    assert_eq!(claim(&bench, other, 10).await.len(), 0);
    assert_eq!(counts(&bench).await, (0, 0));
}

async fn a_failure_waits_and_is_given_up_and_sent_again(bench: TestApp) {
    enqueue(&bench, &["mail"]).await;
    let owner = unknown();
    for attempt in 1..=ATTEMPTS_MAX {
        let message = claim(&bench, owner, 1).await.remove(0);
        let now = bench.app.clock.now();
        let mut tx = bench.app.store.write().await.expect("tx");
        let given_up = outbox::fail(&mut tx, &message, owner, now, "no answer").await.expect("written");
        tx.commit().await.expect("commit");
        assert_eq!(given_up, attempt == ATTEMPTS_MAX);
        assert_eq!(claim(&bench, owner, 1).await.len(), 0, "it waits");
        bench.clock.advance(Duration::hours(1));
    }
    assert_eq!(counts(&bench).await, (0, 1));
    assert_eq!(claim(&bench, owner, 1).await.len(), 0, "given up");
    let mut tx = bench.app.store.write().await.expect("tx");
    let id: Uuid = tx.value("SELECT id FROM outbox", Vec::new()).await.expect("the message");
    assert!(outbox::resend(&mut tx, id, bench.app.clock.now()).await.expect("again"));
    tx.commit().await.expect("commit");
    assert_eq!(claim(&bench, owner, 1).await.remove(0).attempts, 0);
}

/// Remembers whom it was to send to; one mail makes it panic.
struct Remembers(Mutex<Vec<String>>);

#[async_trait]
impl MailSender for Remembers {
    async fn send(&self, mail: &OutgoingMail) -> Result<(), SendError> {
        assert!(mail.name != "bad", "on purpose");
        self.0.lock().expect("the list").push(mail.name.clone());
        Ok(())
    }
}

/// Somebody who is told something.
async fn tell_somebody(bench: &TestApp, name: &str) {
    let (app, now) = (&bench.app, bench.app.clock.now());
    let user = UserId(app.ids.id(now));
    let mut tx = app.store.write().await.expect("tx");
    tx.exec(
        "INSERT INTO users (id, name, name_folded, user_name, user_name_folded, kind, mail, job_title, department, department_folded,
            company, office, phone, enabled, created_at, version)
         VALUES ($1, $2, $2, $2, $2, 'member', 'somebody@example.com', '', '', '', '', '', '', TRUE, $3, 1)",
        args![user, name, now],
    )
    .await
    .expect("a user");
    let notice = Notice {
        kind: NotificationKind::AccessDelivered,
        package: None,
        request: None,
        assignment: None,
        occasion: String::new(),
        facts: json!({}),
    };
    tell(app, &mut tx, &notice, &[user], now);
    tx.commit().await.expect("commit");
}

async fn messages_are_sent_one_by_one_and_one_that_panics_harms_no_other(bench: TestApp) {
    for name in ["one", "bad", "two"] {
        tell_somebody(&bench, name).await;
    }
    let sender = Remembers(Mutex::new(Vec::new()));
    let owner = unknown();
    let sent = send_due(&bench.app, &sender, owner).await.expect("sent");
    assert_eq!((sent.claimed, sent.unreachable), (3, false));
    let mut names = sender.0.lock().expect("the list").clone();
    names.sort_unstable();
    assert_eq!(names, ["one", "two"]);
    assert_eq!(counts(&bench).await, (1, 0));
    assert_eq!(send_due(&bench.app, &sender, owner).await.expect("nothing due").claimed, 0);
}

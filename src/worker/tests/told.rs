//! What people are told when the engine has done something, and because a day has come: in the bell and by mail.

use super::*;
use crate::domain::notification::NotificationKind;
use crate::domain::setting::{ApproverMails, TenantSettings};
use crate::service::notifications::{self, Notice, tell};
use crate::service::{links, settings};
use crate::store::{Change, outbox};
use crate::testing::{give_addresses, sent_mails, sent_subjects};

both_databases!(
    f164_mail_18_goes_to_whom_access_is_delivered,
    f164_mail_20_goes_to_whose_access_has_ended,
    f166_direct_assignment_sends_the_mail_of_delivery_and_no_other,
    f164_a_failed_delivery_is_told_to_whom_it_is_about,
    f164_a_canceled_request_is_told,
    f164_approvers_are_told_by_the_mails_of_their_stage,
    f164_nothing_goes_to_who_is_blocked_deleted_or_without_an_address,
    f164_mails_are_switched_off_by_kind_and_for_all,
    f165_reminders_come_14_days_and_1_day_before_the_end_once_each,
    f165_a_moved_end_is_reminded_of_anew_and_a_removed_assignment_is_not,
    f165_what_came_due_while_nobody_was_up_is_told_once,
    f164_the_daily_mail_stands_for_what_waits,
    f164_a_link_of_another_leads_to_the_list,
    the_bell_counts_what_is_unread_and_tells_of_it,
);

async fn world(bench: TestApp) -> Fixture {
    let world = Fixture::new(bench).await;
    give_addresses(world.app()).await;
    world
}

async fn given(world: &Fixture) -> RequestId {
    let id = world.submit(&world.requestor, world.package).await.expect("submitted");
    world.work().await;
    id
}

fn to_requestor(subject: &str) -> Vec<(String, String)> {
    vec![("Requestor1".into(), subject.into())]
}

async fn run_schedules(world: &Fixture) {
    schedules::run_due(world.app(), unknown()).await.expect("schedules");
}

/// Tells somebody about a request, as a use case would.
async fn tell_of(world: &Fixture, notice: Notice, who: &Principal) {
    let app = world.app();
    let mut tx = app.store.write().await.expect("tx");
    tell(app, &mut tx, &notice, &[id_of(who)], app.clock.now());
    tx.commit().await.expect("commit");
}

async fn f164_mail_18_goes_to_whom_access_is_delivered(bench: TestApp) {
    let world = world(bench).await;
    given(&world).await;
    let mails = sent_mails(world.app()).await;
    assert_eq!(mails.len(), 1);
    let mail = &mails[0];
    assert_eq!(
        (mail.name.as_str(), mail.address.as_str()),
        ("Requestor1", "requestor1@example.com")
    );
    assert_eq!(mail.mail.subject, "You now have access to Marketing Campaign");
    assert!(mail.mail.text.contains("until 23 December 2026"), "{}", mail.mail.text);
    world.work().await;
    assert_eq!(sent_subjects(world.app()).await, []);
}

async fn f164_mail_20_goes_to_whose_access_has_ended(bench: TestApp) {
    let world = world(bench).await;
    given(&world).await;
    sent_mails(world.app()).await;
    world.bench.clock.advance(Duration::days(30));
    world.work().await;
    assert_eq!(
        sent_subjects(world.app()).await,
        to_requestor("Access has ended for Marketing Campaign")
    );
}

async fn f166_direct_assignment_sends_the_mail_of_delivery_and_no_other(bench: TestApp) {
    let world = world(bench).await;
    let app = world.app();
    world.submit(&world.requestor, world.package).await.expect("submitted");
    // As an administrator would have made it.
    let sql = "UPDATE requests SET kind = 'admin_add', requestor_id = $1";
    world.exec(sql, args![id_of(&world.admin)]).await;
    world.work().await;
    assert_eq!(sent_subjects(app).await, to_requestor("You now have access to Marketing Campaign"));
    let mut tx = app.store.read().await.expect("tx");
    let told: Vec<String> = tx.column("SELECT kind FROM notifications", args![]).await.expect("kinds");
    assert_eq!(told, ["access_delivered"]);
}

async fn f164_a_failed_delivery_is_told_to_whom_it_is_about(bench: TestApp) {
    let world = world(bench).await;
    world.submit(&world.requestor, world.package).await.expect("submitted");
    world
        .exec("UPDATE objects SET deleted_at = $1", args![world.app().clock.now()])
        .await;
    world.work().await;
    assert_eq!(
        sent_subjects(world.app()).await,
        to_requestor("Your request for Marketing Campaign could not be delivered")
    );
}

async fn f164_a_canceled_request_is_told(bench: TestApp) {
    let world = world(bench).await;
    world.submit(&world.requestor, world.package).await.expect("submitted");
    world
        .exec("UPDATE packages SET deleted_at = $1", args![world.app().clock.now()])
        .await;
    world.work().await;
    let mails = sent_mails(world.app()).await;
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].mail.subject, "Your request for Marketing Campaign was canceled");
    assert!(
        mails[0]
            .mail
            .text
            .contains("Reason: The user or the package was deleted before delivery")
    );
}

async fn f164_approvers_are_told_by_the_mails_of_their_stage(bench: TestApp) {
    use NotificationKind::*;
    let world = world(bench).await;
    let request = given(&world).await;
    sent_mails(world.app()).await;
    let due = world.app().clock.now() + Duration::days(14);
    for (kind, stage, forwards, subject) in [
        (
            ApprovalForwarded,
            1,
            true,
            "Action required: Approve or deny forwarded request by 7 December 2026",
        ),
        (
            ApprovalRequested,
            1,
            false,
            "Action required: Approve or deny request by 7 December 2026",
        ),
        (
            ApprovalRequested,
            1,
            true,
            "Approve or deny the request by 10:00 UTC on 7 December 2026",
        ),
        (
            ApprovalReminder,
            1,
            false,
            "Reminder: Approve or deny the request by 7 December 2026 for Requestor1",
        ),
        (
            ApprovalReminder,
            2,
            false,
            "Action required reminder: Approve or deny the request by 7 December 2026 for Requestor1",
        ),
        (
            ApprovalRequested,
            2,
            true,
            "Action required: Approve or deny the request by 7 December 2026 for Requestor1",
        ),
        (ApprovalExpired, 1, false, "Request has expired for Marketing Campaign"),
        (ApprovalExpired, 2, false, "A request has expired for Marketing Campaign"),
        (ApprovalGiven, 1, false, "Request approved for Requestor1 to Marketing Campaign"),
    ] {
        let notice = Notice::about_request(kind, world.package, request)
            .occasion(format!("{stage} {forwards}"))
            .fact("stage", stage)
            .fact("forwards", forwards)
            .fact("due_at", serde_json::json!(due));
        tell_of(&world, notice, &world.admin).await;
        assert_eq!(
            sent_subjects(world.app()).await,
            [("Admin1".to_owned(), subject.to_owned())],
            "{kind:?}"
        );
    }
    for (kind, subject) in [
        (RequestDenied, "Request denied to Marketing Campaign"),
        (RequestExpired, "Your request has expired for Marketing Campaign"),
    ] {
        tell_of(&world, Notice::about_request(kind, world.package, request), &world.requestor).await;
        assert_eq!(sent_subjects(world.app()).await, to_requestor(subject));
    }
}

/// State and reason of every mail.
async fn outcomes(world: &Fixture) -> Vec<(String, String)> {
    let mut tx = world.app().store.read().await.expect("tx");
    let sql = "SELECT state, coalesce(last_error, '') FROM outbox ORDER BY id";
    tx.all(sql, args![]).await.expect("mails")
}

async fn f164_nothing_goes_to_who_is_blocked_deleted_or_without_an_address(bench: TestApp) {
    let world = world(bench).await;
    for (sql, reason) in [
        ("UPDATE users SET mail = ''", "This person has no mail address."),
        (
            "UPDATE users SET mail = 'a@example.com', enabled = FALSE",
            "Sign-in of this person is blocked.",
        ),
        (
            "UPDATE users SET enabled = TRUE, deleted_at = created_at",
            "The account was deleted.",
        ),
    ] {
        world.exec("DELETE FROM outbox", args![]).await;
        world.exec("DELETE FROM notifications", args![]).await;
        let notice = Notice {
            kind: NotificationKind::AccessDelivered,
            package: Some(world.package),
            request: None,
            assignment: None,
            occasion: String::new(),
            facts: serde_json::json!({}),
        };
        tell_of(&world, notice, &world.requestor).await;
        world.exec(sql, args![]).await;
        assert_eq!(sent_subjects(world.app()).await, []);
        assert_eq!(outcomes(&world).await, [("suppressed".to_owned(), reason.to_owned())]);
    }
}

async fn set(world: &Fixture, change: impl FnOnce(&mut TenantSettings)) {
    let mut form = settings::get(world.app(), &world.admin).await.expect("settings");
    change(&mut form);
    settings::update(world.app(), &world.admin, &form).await.expect("changed");
    assert!(matches!(
        settings::update(world.app(), &world.admin, &form).await,
        Err(Error::Conflict(_))
    ));
}

async fn f164_mails_are_switched_off_by_kind_and_for_all(bench: TestApp) {
    let world = world(bench).await;
    set(&world, |form| form.mail_off = vec![NotificationKind::AccessDelivered]).await;
    given(&world).await;
    assert_eq!(sent_subjects(world.app()).await, []);
    let off = (
        "suppressed".to_owned(),
        "Mails of this kind are switched off in Settings.".to_owned(),
    );
    assert_eq!(outcomes(&world).await, [off]);
    let page = notifications::list(world.app(), &world.requestor, &PageQuery::default())
        .await
        .expect("the bell");
    assert_eq!(page.items.len(), 1, "the bell has it all the same");
    set(&world, |form| form.mail = false).await;
    world.bench.clock.advance(Duration::days(30));
    world.work().await;
    assert_eq!(sent_subjects(world.app()).await, []);
    assert_eq!(outcomes(&world).await[1].1, "Mails are switched off in Settings.");
    assert!(settings::get(world.app(), &world.requestor).await.is_err());
}

async fn f165_reminders_come_14_days_and_1_day_before_the_end_once_each(bench: TestApp) {
    let world = world(bench).await;
    run_schedules(&world).await;
    given(&world).await;
    sent_mails(world.app()).await;
    let mut told = Vec::new();
    for hour in 1..=30 * 24 - 1 {
        world.bench.clock.advance(Duration::hours(1));
        run_schedules(&world).await;
        told.extend(sent_mails(world.app()).await.into_iter().map(|mail| (hour, mail)));
    }
    let hours: Vec<i32> = told.iter().map(|(hour, _)| *hour).collect();
    assert_eq!(hours, [16 * 24, 29 * 24]);
    for (_, mail) in &told {
        assert_eq!(mail.mail.subject, "Extend access for Marketing Campaign by 23 December 2026");
        assert_eq!(mail.name, "Requestor1");
        assert!(
            mail.mail.text.contains("You can ask for more time until then."),
            "{}",
            mail.mail.text
        );
    }
}

async fn f165_a_moved_end_is_reminded_of_anew_and_a_removed_assignment_is_not(bench: TestApp) {
    let world = world(bench).await;
    run_schedules(&world).await;
    given(&world).await;
    sent_mails(world.app()).await;
    world.bench.clock.advance(Duration::days(17));
    run_schedules(&world).await;
    assert_eq!(sent_subjects(world.app()).await.len(), 1);
    let moved = world.app().clock.now() + Duration::days(40);
    world.exec("UPDATE assignments SET ends_at = $1", args![moved]).await;
    world.bench.clock.advance(Duration::days(27));
    run_schedules(&world).await;
    assert_eq!(sent_subjects(world.app()).await.len(), 1, "another end, another reminder");
    world.exec("UPDATE assignments SET state = 'expired'", args![]).await;
    world.bench.clock.advance(Duration::days(12));
    run_schedules(&world).await;
    assert_eq!(sent_subjects(world.app()).await, []);
}

async fn f165_what_came_due_while_nobody_was_up_is_told_once(bench: TestApp) {
    let world = world(bench).await;
    run_schedules(&world).await;
    given(&world).await;
    sent_mails(world.app()).await;
    world
        .exec(
            "UPDATE policy_versions SET body = $1",
            args![serde_json::json!({ "lifecycle": { "extension_allowed": false } })],
        )
        .await;
    world.bench.clock.advance(Duration::hours(29 * 24 + 7));
    for _ in 0..3 {
        run_schedules(&world).await;
        world.bench.clock.advance(Duration::hours(1));
    }
    let mails = sent_mails(world.app()).await;
    assert_eq!(mails.len(), 1, "not the one of two weeks before as well");
    assert_eq!(mails[0].mail.subject, "Your access to Marketing Campaign ends on 23 December 2026");
    assert!(mails[0].mail.text.contains("It can't be extended."));
    world.bench.clock.advance(Duration::days(9));
    run_schedules(&world).await;
    assert_eq!(sent_subjects(world.app()).await, [], "it is over");
}

async fn f164_the_daily_mail_stands_for_what_waits(bench: TestApp) {
    let world = world(bench).await;
    set(&world, |form| {
        form.approver_mails = ApproverMails::Digest;
        form.digest_hour = 12;
    })
    .await;
    let request = given(&world).await;
    sent_mails(world.app()).await;
    world
        .exec("UPDATE requests SET state = 'pending_approval', stage = 1", args![])
        .await;
    let notice = Notice::about_request(NotificationKind::ApprovalRequested, world.package, request).fact("stage", 1);
    tell_of(&world, notice, &world.admin).await;
    assert_eq!(sent_subjects(world.app()).await, []);
    let mut sent = Vec::new();
    for hour in 10..24 {
        run_schedules(&world).await;
        sent.extend(
            sent_subjects(world.app())
                .await
                .into_iter()
                .map(|(who, subject)| (hour, who, subject)),
        );
        world.bench.clock.advance(Duration::hours(1));
    }
    let subject = "Action required: 1 request waits for your decision";
    assert_eq!(sent, [(12, "Admin1".to_owned(), subject.to_owned())]);
    world.exec("UPDATE requests SET stage = 2", args![]).await;
    world.bench.clock.advance(Duration::days(1));
    run_schedules(&world).await;
    assert_eq!(sent_subjects(world.app()).await, [], "others decide now");
}

async fn f164_a_link_of_another_leads_to_the_list(bench: TestApp) {
    let world = world(bench).await;
    let request = given(&world).await;
    sent_mails(world.app()).await;
    let notice = Notice::about_request(NotificationKind::ApprovalRequested, world.package, request);
    tell_of(&world, notice, &world.admin).await;
    let text = sent_mails(world.app()).await.remove(0).mail.text;
    let token = text
        .lines()
        .find_map(|line| line.split_once("/mail-link/"))
        .expect("a link")
        .1
        .to_owned();
    let open = async |who: &Principal, token: &str| links::open(world.app(), who, token).await.expect("a page");
    assert_eq!(open(&world.admin, &token).await, crate::paths::my_approval(request));
    assert_eq!(open(&world.requestor, &token).await, crate::paths::MY_APPROVALS);
    assert_eq!(open(&world.admin, &token[1..]).await, crate::paths::MY_APPROVALS);
    let altered = format!("{}{}", unknown().simple(), &token[32..]);
    assert_eq!(open(&world.admin, &altered).await, crate::paths::MY_APPROVALS);
}

async fn the_bell_counts_what_is_unread_and_tells_of_it(bench: TestApp) {
    let world = world(bench).await;
    let app = world.app();
    let mut changes = app.store.changes();
    given(&world).await;
    world.bench.clock.advance(Duration::days(30));
    world.work().await;
    let me = id_of(&world.requestor);
    let mut heard = Vec::new();
    while let Some(change) = changes.waiting() {
        heard.push(change);
    }
    assert!(heard.contains(&Change::Notifications(me)), "{heard:?}");
    let unread = async || notifications::unread(app, &world.requestor).await.expect("a count");
    assert_eq!(unread().await, 2);
    let page = notifications::list(
        app,
        &world.requestor,
        &PageQuery {
            size: 1,
            ..PageQuery::default()
        },
    )
    .await
    .expect("the bell");
    assert_eq!(
        page.items[0].text,
        "Your access to Marketing Campaign has ended, and what it gave you was taken back."
    );
    assert!(page.items[0].unread && page.next.is_some());
    notifications::read(app, &world.stranger, page.items[0].id)
        .await
        .expect("passed over");
    assert_eq!(unread().await, 2, "it is not theirs");
    notifications::read(app, &world.requestor, page.items[0].id).await.expect("read");
    assert_eq!(unread().await, 1);
    notifications::read_all(app, &world.requestor).await.expect("read");
    assert_eq!(unread().await, 0);
    assert_eq!(notifications::unread(app, &world.stranger).await.expect("a count"), 0);
    let mut tx = app.store.read().await.expect("tx");
    assert!(outbox::next_due(&mut tx).await.expect("an instant").is_some());
}

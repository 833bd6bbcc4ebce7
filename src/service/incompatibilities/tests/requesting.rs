//! At the request and at a direct assignment.

use chrono::Duration;

use super::*;
use crate::both_databases;
use crate::domain::group::GroupRole;
use crate::domain::offer::{OfferQuery, OfferTab};
use crate::domain::refusal::Permission;
use crate::service::{groups, requests};

both_databases!(
    f128_the_holder_of_one_package_cannot_get_the_other_by_any_door,
    f128_nobody_is_assigned_to_what_their_access_excludes,
    f129_a_member_of_a_group_cannot_ask_by_hand_or_by_rule,
    f130_a_rule_holds_in_one_direction,
    f128_access_that_is_over_excludes_nothing_any_more,
    f128_what_is_on_its_way_excludes_too,
    f128_a_manager_is_not_told_the_name_of_what_they_may_not_see,
);

fn reason(permission: &Permission) -> (String, String) {
    let refusal = permission.refusal().expect("refused");
    (refusal.rule.clone(), refusal.reason.clone())
}

async fn f128_the_holder_of_one_package_cannot_get_the_other_by_any_door(bench: TestApp) {
    let world = World::new(bench).await;
    let (app, admin, user) = (&world.fixture.app, &world.fixture.admin, &world.fixture.user);
    world.rule().await;
    world.get(user, world.audit).await;
    let (rule, text) = refusal(world.submit(user, world.payments).await);
    assert_eq!(rule, "incompatible");
    assert!(text.starts_with("You have Audit, which can't be combined with Payments."), "{text}");

    // The list, the package's own page, the pane, Would this work? and the simulator say the same.
    let query = OfferQuery {
        tab: OfferTab::Available,
        search: String::new(),
        page: PageQuery::default(),
    };
    let listed = my_access::offers(app, user, &query).await.expect("a page");
    let offer = listed.items.iter().find(|offer| offer.id == world.payments).expect("the offer");
    assert_eq!(reason(&offer.request), (rule.clone(), text.clone()));
    let offer = my_access::offer(app, user, world.payments).await.expect("an offer");
    assert_eq!(reason(&offer.request), (rule.clone(), text.clone()));
    let query = crate::domain::request::PaneQuery::new(world.payments);
    let pane = my_access::request_pane(app, user, &query, "").await.expect("a pane");
    assert_eq!(reason(&pane.offer.request), (rule.clone(), text.clone()));
    let form = SubmitForm::new(world.payments, "");
    let outlook = my_access::would_it_work(app, user, &form).await.expect("an outlook");
    assert_eq!(reason(&outlook.request), (rule.clone(), text.clone()));
    let simulated = requests::simulate(app, admin, world.payments, id_of(user), None)
        .await
        .expect("simulated");
    assert_eq!(reason(&simulated.request), (rule, text));
    assert!(!simulated.works());
    assert_eq!(world.assignments(world.payments).await.len(), 0);
}

async fn f128_nobody_is_assigned_to_what_their_access_excludes(bench: TestApp) {
    let world = World::new(bench).await;
    let (admin, user) = (&world.fixture.admin, id_of(&world.fixture.user));
    let rule = world.rule().await;
    world.get(&world.fixture.user, world.audit).await;
    let results = world.assign(admin, world.payments, &[user]).await;
    let refused = results[0].refused.as_ref().expect("refused");
    assert_eq!(refused.rule, "incompatible");
    let text = &refused.reason;
    assert!(
        text.starts_with("Requestor1 has Audit, which can't be combined with Payments. End that first"),
        "{text}"
    );
    // The way out that it names.
    world.except(admin, rule, user, 5).await.expect("granted");
    assert_eq!(world.assign(admin, world.payments, &[user]).await[0].refused, None);
    world.work().await;
    assert_eq!(world.assignments(world.payments).await.len(), 1);
}

async fn f129_a_member_of_a_group_cannot_ask_by_hand_or_by_rule(bench: TestApp) {
    let world = World::new(bench).await;
    let (app, admin, user) = (&world.fixture.app, &world.fixture.admin, &world.fixture.user);
    let auditors = world.fixture.group("Auditors", false).await;
    let sales = world.fixture.group("Sales staff", true).await;
    world.add(world.payments, group(auditors.id)).await;
    world.add(world.payments, group(sales.id)).await;
    assert!(world.submit(user, world.payments).await.is_ok());
    world.work().await;
    world.take(world.payments).await;

    groups::add_members(app, admin, auditors.id, GroupRole::Member, &[id_of(user)])
        .await
        .expect("added");
    let (rule, text) = refusal(world.submit(user, world.payments).await);
    assert_eq!(rule, "incompatible");
    assert!(text.starts_with("You are a member of Auditors, which"), "{text}");
    // An owner is no member.
    groups::remove_member(app, admin, auditors.id, GroupRole::Member, id_of(user))
        .await
        .expect("removed");
    groups::add_members(app, admin, auditors.id, GroupRole::Owner, &[id_of(user)])
        .await
        .expect("added");
    assert!(
        my_access::offer(app, user, world.payments)
            .await
            .expect("an offer")
            .request
            .is_allowed()
    );

    let member =
        "INSERT INTO memberships (role_id, user_id, direct, by_rule, grants, since, until) VALUES ($1, $2, FALSE, TRUE, 0, $3, $4)";
    let forever: chrono::DateTime<chrono::Utc> = "9999-12-31T00:00:00Z".parse().expect("an instant");
    let args = args![sales.roles[0], id_of(user), app.clock.now(), forever];
    world.fixture.exec(member, args).await;
    let (rule, text) = refusal(world.submit(user, world.payments).await);
    assert!(rule == "incompatible" && text.contains("Sales staff"), "{text}");
}

async fn f130_a_rule_holds_in_one_direction(bench: TestApp) {
    let world = World::new(bench).await;
    world.rule().await;
    let user = &world.fixture.user;
    world.get(user, world.payments).await;
    world.get(user, world.audit).await;
    let held = [world.audit, world.payments];
    for package in held {
        assert_eq!(world.assignments(package).await.len(), 1);
    }
}

async fn f128_access_that_is_over_excludes_nothing_any_more(bench: TestApp) {
    let world = World::new(bench).await;
    world.rule().await;
    let user = &world.fixture.user;
    world.get(user, world.audit).await;
    assert_eq!(refusal(world.submit(user, world.payments).await).0, "incompatible");
    // Its end has come, though nobody has carried it out yet.
    world.fixture.bench.clock.advance(Duration::days(31));
    assert!(world.submit(user, world.payments).await.is_ok());
}

async fn f128_what_is_on_its_way_excludes_too(bench: TestApp) {
    let world = World::new(bench).await;
    world.rule().await;
    let user = &world.fixture.user;
    world.submit(user, world.audit).await.expect("a request");
    assert_eq!(refusal(world.submit(user, world.payments).await).0, "incompatible");
}

async fn f128_a_manager_is_not_told_the_name_of_what_they_may_not_see(bench: TestApp) {
    let world = World::new(bench).await;
    world.rule().await;
    let user = id_of(&world.fixture.user);
    world.get(&world.fixture.user, world.audit).await;
    let manager = world.fixture.person("Megan", crate::domain::user::DirectoryRole::User).await;
    let reader = |who: &Principal| incompatibilities::Reader::Person(id_of(who));
    let names = async |who: &Principal| {
        let mut tx = world.fixture.app.store.read().await.expect("tx");
        let now = world.fixture.app.clock.now();
        let found = incompatibilities::against(&mut tx, user, &[world.payments], reader(who), now).await;
        let found = found.expect("conflicts").remove(&world.payments).expect("a conflict");
        found.into_iter().map(|conflict| conflict.name).collect::<Vec<_>>()
    };
    assert_eq!(names(&world.fixture.user).await, [Some("Audit".to_owned())]);
    assert_eq!(names(&manager).await, [None]);
    // What is offered to the manager is no secret to them; once it is hidden it is, unless they have it.
    world.let_ask(world.audit, id_of(&manager)).await;
    assert_eq!(names(&manager).await, [Some("Audit".to_owned())]);
    world
        .fixture
        .exec("UPDATE packages SET hidden = TRUE WHERE id = $1", args![world.audit])
        .await;
    assert_eq!(names(&manager).await, [None]);
    world.get(&manager, world.audit).await;
    assert_eq!(names(&manager).await, [Some("Audit".to_owned())]);
    let group_of = world.fixture.group("Auditors", false).await;
    world.add(world.payments, group(group_of.id)).await;
    let admin = &world.fixture.admin;
    crate::service::groups::add_members(
        &world.fixture.app,
        admin,
        group_of.id,
        crate::domain::group::GroupRole::Member,
        &[user],
    )
    .await
    .expect("added");
    assert_eq!(names(&manager).await, [Some("Audit".to_owned()), None]);
}

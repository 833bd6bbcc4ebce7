//! Who falls under a policy, how long its access lasts, and what kinds of roles are delivered.

use super::*;
use crate::domain::text::StringEnum;

both_databases!(
    f059_a_hidden_package_is_reached_by_its_link_alone,
    f068_all_members_leaves_guests_out,
    f069_all_users_lets_guests_in_where_the_catalog_does,
    f070_none_is_for_nobody,
    f071_a_named_group_stands_for_its_members,
    f076_f077_access_ends_after_hours_or_never,
    f110_f120_lists_are_filtered_by_state_and_searched_by_person,
    f057_f058_f063_every_kind_of_role_is_given_and_taken_back,
);

/// Whether someone sees the package under Available, and the rule by which Submit refuses.
async fn standing(world: &Fixture, who: &Principal) -> (bool, Option<String>) {
    let offers = world.offers(who, OfferTab::Available, "").await;
    let listed = offers.iter().any(|offer| offer.id == world.package);
    let rule = match world.submit(who, world.package).await {
        Ok(_) => None,
        Err(Error::Refused(refusal)) => Some(refusal.rule),
        Err(error) => panic!("{error}"),
    };
    (listed, rule)
}

fn refused() -> (bool, Option<String>) {
    (false, Some("not-in-scope".into()))
}

async fn change_scope(world: &Fixture, scope: &'static str) {
    world.exec("UPDATE policies SET scope = $1", args![scope]).await;
}

async fn f059_a_hidden_package_is_reached_by_its_link_alone(bench: TestApp) {
    let world = Fixture::new(bench).await;
    world.exec("UPDATE packages SET hidden = TRUE", args![]).await;
    let by_link = my_access::offer(world.app(), &world.requestor, world.package)
        .await
        .expect("by link");
    assert!(by_link.request.is_allowed());
    assert_eq!(standing(&world, &world.requestor).await, (false, None));
}

async fn f068_all_members_leaves_guests_out(bench: TestApp) {
    let world = Fixture::new(bench).await;
    world.exec("UPDATE catalogs SET external = TRUE", args![]).await;
    change_scope(&world, "all_members").await;
    let guest = person(world.app(), "Guest", UserKind::Guest).await;
    assert_eq!(standing(&world, &guest).await, refused());
    assert_eq!(standing(&world, &world.stranger).await, (true, None));
}

/// F069: guests are in scope, and General lets them in.
async fn f069_all_users_lets_guests_in_where_the_catalog_does(bench: TestApp) {
    let world = Fixture::new(bench).await;
    change_scope(&world, "all_users").await;
    let guest = person(world.app(), "Guest", UserKind::Guest).await;
    assert_eq!(standing(&world, &guest).await, refused());
    let mut tx = world.app().store.write().await.expect("tx");
    let general = crate::service::catalogs::ensure_general(world.app(), &mut tx)
        .await
        .expect("General");
    tx.commit().await.expect("commit");
    world.exec("UPDATE packages SET catalog_id = $1", args![general]).await;
    assert_eq!(standing(&world, &guest).await, (true, None));
}

async fn f070_none_is_for_nobody(bench: TestApp) {
    let world = Fixture::new(bench).await;
    change_scope(&world, "none").await;
    assert_eq!(standing(&world, &world.requestor).await, refused());
    assert_eq!(standing(&world, &world.admin).await, refused());
}

async fn f071_a_named_group_stands_for_its_members(bench: TestApp) {
    let world = Fixture::new(bench).await;
    let now = world.app().clock.now();
    let sales = group(world.app(), "Sales").await;
    world
        .exec(
            "UPDATE policy_subjects SET subject_kind = 'group', subject_id = (SELECT object_id FROM roles WHERE id = $1)",
            args![sales],
        )
        .await;
    let mut tx = world.app().store.write().await.expect("tx");
    memberships::add_direct(&mut tx, sales, id_of(&world.stranger), now)
        .await
        .expect("a member");
    tx.commit().await.expect("commit");
    assert_eq!(standing(&world, &world.stranger).await, (true, None));
    assert_eq!(standing(&world, &world.requestor).await, refused());
}

/// F076, F077: an hour to the minute, and no end at all.
async fn f076_f077_access_ends_after_hours_or_never(bench: TestApp) {
    let world = Fixture::new(bench).await;
    world
        .exec("UPDATE policies SET expiration = 'hours', expiration_value = '1'", args![])
        .await;
    world.submit(&world.requestor, world.package).await.expect("submitted");
    world.work().await;
    world.bench.clock.advance(Duration::minutes(59));
    assert!(world.is_member(id_of(&world.requestor)).await);
    world.bench.clock.advance(Duration::minutes(1));
    assert!(!world.is_member(id_of(&world.requestor)).await);
    world.work().await;
    world
        .exec("UPDATE policies SET expiration = 'never', expiration_value = NULL", args![])
        .await;
    world.submit(&world.requestor, world.package).await.expect("submitted");
    world.work().await;
    assert_eq!(world.assignments(AssignmentFilter::Delivered).await[0].ends_at, None);
    world.bench.clock.advance(Duration::days(36_500));
    world.work().await;
    assert!(world.is_member(id_of(&world.requestor)).await);
    world.sound().await;
}

/// F057, F058, F063: roles of applications and sites, and ownership.
async fn f057_f058_f063_every_kind_of_role_is_given_and_taken_back(bench: TestApp) {
    let world = Fixture::new(bench).await;
    let now = world.app().clock.now();
    let mut roles = vec![world.role];
    for (kind, object, role) in [("application", "Payroll", "Auditor"), ("site", "Intranet", "Visitor")] {
        let (id, role_id) = (unknown(), RoleId(unknown()));
        let insert =
            "INSERT INTO objects (id, kind, name, name_folded, description, created_at, version) VALUES ($1, $2, $3, lower($3), '', $4, 1)";
        world.exec(insert, args![id, kind, object, now]).await;
        let insert = "INSERT INTO roles (id, object_id, name, position) VALUES ($1, $2, $3, 0)";
        world.exec(insert, args![role_id, id, role]).await;
        roles.push(role_id);
    }
    let owner = RoleId(unknown());
    let insert = "INSERT INTO roles (id, object_id, name, position) SELECT $1, object_id, 'Owner', 1 FROM roles WHERE id = $2";
    world.exec(insert, args![owner, world.role]).await;
    roles.push(owner);
    let package = package(world.app(), "All kinds", &roles, Some(id_of(&world.requestor))).await;
    let held = async || {
        let mut tx = world.app().store.read().await.expect("tx");
        let sql = "SELECT r.name FROM memberships m JOIN roles r ON r.id = m.role_id WHERE m.user_id = $1 AND m.until > $2 ORDER BY r.name";
        tx.column::<String>(sql, args![id_of(&world.requestor), world.app().clock.now()])
            .await
            .expect("roles")
    };
    world.submit(&world.requestor, package).await.expect("submitted");
    world.work().await;
    assert_eq!(held().await, ["Auditor", "Member", "Owner", "Visitor"]);
    world.sound().await;
    world.bench.clock.advance(Duration::days(30));
    world.work().await;
    assert_eq!(held().await, Vec::<String>::new());
    world.sound().await;
    let kinds = [RequestKind::UserAdd.as_str(), RequestKind::SystemRemove.as_str()];
    let mut tx = world.app().store.read().await.expect("tx");
    let told: Vec<String> = tx
        .column("SELECT kind FROM requests ORDER BY submitted_at, id", args![])
        .await
        .expect("kinds");
    assert_eq!(told, kinds);
}

/// F110, F120: both lists of a package, by status and by person.
async fn f110_f120_lists_are_filtered_by_state_and_searched_by_person(bench: TestApp) {
    let world = Fixture::new(bench).await;
    change_scope(&world, "all_users").await;
    world.submit(&world.requestor, world.package).await.expect("submitted");
    world.work().await;
    world.bench.clock.advance(Duration::days(31));
    world.work().await;
    world.submit(&world.stranger, world.package).await.expect("submitted");
    let requested = async |filter, search: &str| {
        let query = RequestQuery {
            kind: None,
            policy: None,
            package: world.package,
            filter,
            search: search.into(),
            page: PageQuery::default(),
        };
        let page = requests::list(world.app(), &world.admin, &query).await.expect("requests");
        page.items.into_iter().map(|item| (item.target.name, item.kind)).collect::<Vec<_>>()
    };
    let (add, end) = (RequestKind::UserAdd, RequestKind::SystemRemove);
    let (ours, theirs) = ("Requestor1".to_owned(), "Stranger".to_owned());
    assert_eq!(requested(RequestFilter::Open, "").await, [(theirs.clone(), add)]);
    assert_eq!(
        requested(RequestFilter::Delivered, "").await,
        [(ours.clone(), end), (ours.clone(), add)],
        "newest first"
    );
    assert_eq!(requested(RequestFilter::All, "stran").await, [(theirs.clone(), add)]);
    world.work().await;
    let people = async |filter| {
        let rows = world.assignments(filter).await;
        rows.into_iter().map(|row| row.target.name).collect::<Vec<_>>()
    };
    assert_eq!(people(AssignmentFilter::Delivered).await, std::slice::from_ref(&theirs));
    assert_eq!(people(AssignmentFilter::Expired).await, std::slice::from_ref(&ours));
    assert_eq!(people(AssignmentFilter::Delivering).await, Vec::<String>::new());
    assert_eq!(people(AssignmentFilter::All).await, [theirs, ours]);
}

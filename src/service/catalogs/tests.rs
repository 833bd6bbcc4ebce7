//! Catalogs and the Select panes on both databases.

use super::{add_resources, create, delete, ensure_general, get, list, remove_resource, resources, update};
use crate::both_databases;
use crate::domain::access::{HeldRole, Principal, Role};
use crate::domain::catalog::{CatalogForm, CatalogQuery, ResourceQuery, Switch};
use crate::domain::id::CatalogId;
use crate::domain::impact::PackageChange;
use crate::domain::object::{ObjectKind, ObjectQuery, Subject, SubjectQuery};
use crate::domain::offer::OfferTab;
use crate::domain::page::PageQuery;
use crate::domain::role_assignment::RoleQuery;
use crate::domain::user::DirectoryRole;
use crate::domain::validate::Code;
use crate::service::packages::tests::world::{Fixture, faults, rule};
use crate::service::packages::{check_move, move_to};
use crate::service::{Error, impact, my_access, objects, packages, requests, roles};
use crate::testing::{TestApp, id_of, unknown};

both_databases!(
    f006_general_is_made_once_and_enabled,
    f014_f043_resources_tell_their_packages_and_what_is_gone,
    f012_f013_groups_are_found_in_the_catalog_and_by_see_all,
    f015_applications_and_sites_come_with_their_roles,
    f018_users_and_groups_stand_in_one_list,
    f008_a_plain_user_finds_nothing,
    f044_f048_a_catalog_is_made_and_changed_and_names_are_unique,
    f045_a_catalog_that_is_not_enabled_offers_nothing,
    f046_f047_catalogs_are_filtered_by_their_switches,
    f006_f049_a_catalog_with_packages_stays,
    f050_groups_applications_and_sites_are_added_by_hand,
    f051_a_resource_in_use_stays_and_the_message_names_the_packages,
    f053_f178_whoever_creates_a_catalog_owns_it_and_sees_no_other,
    f055_what_cannot_be_added_says_why,
    f178_a_package_moves_once_nothing_stands_in_the_way,
);

fn groups(w: &Fixture, see_all: bool, search: &str) -> ObjectQuery {
    ObjectQuery {
        kind: ObjectKind::Group,
        catalog: w.general,
        see_all,
        search: search.into(),
        page: PageQuery::default(),
    }
}

async fn f006_general_is_made_once_and_enabled(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let mut tx = w.app.store.write().await.expect("tx");
    assert_eq!(ensure_general(&w.app, &mut tx).await.expect("again"), w.general);
    tx.commit().await.expect("commit");
    w.package("Marketing Campaign", &[]).await;
    let page = list(&w.app, &w.admin, &CatalogQuery::default()).await.expect("list");
    assert_eq!(page.items.len(), 1);
    let general = &page.items[0];
    assert_eq!((general.name.as_str(), general.enabled, general.built_in), ("General", true, true));
    assert_eq!((general.external, general.packages, general.resources), (true, 1, 0));
    assert_eq!(get(&w.app, &w.admin, w.general).await.expect("get").item, *general);
    assert!(matches!(get(&w.app, &w.admin, unknown().into()).await, Err(Error::NotFound)));
    let search = |text: &str| CatalogQuery {
        search: text.into(),
        ..CatalogQuery::default()
    };
    assert_eq!(list(&w.app, &w.admin, &search("gen")).await.expect("found").items.len(), 1);
    assert_eq!(list(&w.app, &w.admin, &search("other")).await.expect("none").items.len(), 0);
}

async fn f014_f043_resources_tell_their_packages_and_what_is_gone(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let (group, team) = (w.group("Marketing resources", false).await, w.group("Team", false).await);
    w.group("Outside", false).await;
    w.package("B package", &[group.row(0), group.row(1)]).await;
    w.package("A package", &[group.row(0), team.row(0)]).await;
    w.delete("objects", team.id).await;
    let query = ResourceQuery {
        catalog: w.general,
        search: String::new(),
        page: PageQuery::default(),
    };
    let page = resources(&w.app, &w.admin, &query).await.expect("resources");
    let told: Vec<_> = page
        .items
        .iter()
        .map(|item| {
            let packages: Vec<&str> = item.packages.iter().map(|p| p.name.as_str()).collect();
            (item.object.name.as_str(), item.object.deleted, packages)
        })
        .collect();
    assert_eq!(
        told,
        [
            ("Marketing resources", false, vec!["A package", "B package"]),
            ("Team", true, vec!["A package"])
        ]
    );
    let elsewhere = ResourceQuery {
        catalog: unknown().into(),
        ..query
    };
    assert!(matches!(resources(&w.app, &w.admin, &elsewhere).await, Err(Error::NotFound)));
}

async fn f012_f013_groups_are_found_in_the_catalog_and_by_see_all(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let inside = w.group("Inside", false).await;
    w.group("Marketing resources", false).await;
    w.group("All of Sales", true).await;
    let gone = w.group("Gone", false).await;
    w.object(ObjectKind::Site, "Marketing site", &["Visitors"], false).await;
    w.delete("objects", gone.id).await;
    w.package("Marketing Campaign", &[inside.row(0)]).await;
    let names = async |query: ObjectQuery| -> Vec<String> {
        let page = objects::find(&w.app, &w.admin, &query).await.expect("find");
        page.items.into_iter().map(|item| item.name).collect()
    };
    assert_eq!(names(groups(&w, false, "")).await, ["Inside"]);
    assert_eq!(names(groups(&w, true, "")).await, ["All of Sales", "Inside", "Marketing resources"]);
    assert_eq!(names(groups(&w, true, "RES mark")).await, ["Marketing resources"]);
    // A14: what holds no word finds nothing, rather than everything.
    assert_eq!(names(groups(&w, true, "%'\0")).await.len(), 0);
    let all = objects::find(&w.app, &w.admin, &groups(&w, true, "")).await.expect("find").items;
    let flags: Vec<_> = all.iter().map(|item| (item.dynamic, item.in_catalog, item.roles.len())).collect();
    assert_eq!(flags, [(true, false, 1), (false, true, 2), (false, false, 2)]);
    assert_eq!((all[0].sub_kind.as_str(), all[0].roles[0].name.as_str()), ("Security", "Owner"));
    let forged = ObjectQuery {
        catalog: unknown().into(),
        ..groups(&w, true, "")
    };
    assert!(matches!(objects::find(&w.app, &w.admin, &forged).await, Err(Error::NotFound)));
}

async fn f015_applications_and_sites_come_with_their_roles(bench: TestApp) {
    let w = Fixture::new(bench).await;
    w.object(ObjectKind::Application, "Ledger", &["Reader", "Approver"], false).await;
    let query = ObjectQuery {
        kind: ObjectKind::Application,
        ..groups(&w, true, "ledger")
    };
    let found = objects::find(&w.app, &w.admin, &query).await.expect("find").items;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].sub_kind, "Application");
    assert_eq!(
        found[0].roles.iter().map(|r| r.name.as_str()).collect::<Vec<_>>(),
        ["Reader", "Approver"]
    );
}

async fn f018_users_and_groups_stand_in_one_list(bench: TestApp) {
    let w = Fixture::new(bench).await;
    w.group("Marketing resources", false).await;
    let gone = w.person("Marten", DirectoryRole::User).await;
    w.delete("users", gone.id).await;
    w.person("Margot", DirectoryRole::User).await;
    w.object(ObjectKind::Site, "Marketing site", &["Visitors"], false).await;
    let find = async |search: &str, users_only: bool, page: PageQuery| {
        let query = SubjectQuery {
            search: search.into(),
            users_only,
            page,
            ..SubjectQuery::default()
        };
        objects::find_subjects(&w.app, &w.admin, &query).await.expect("find")
    };
    let message = |page: &crate::domain::page::Page<crate::domain::object::SubjectItem>| -> Vec<(String, String)> {
        page.items.iter().map(|item| (item.name.clone(), item.detail.clone())).collect()
    };
    let pair = |name: &str, detail: &str| (name.to_owned(), detail.to_owned());
    let all = [
        pair("Admin1", "admin1"),
        pair("Margot", "margot"),
        pair("Marketing resources", "Security group"),
        pair("Requestor1", "requestor1"),
    ];
    assert_eq!(message(&find("", false, PageQuery::default()).await), all);
    assert_eq!(message(&find("mar", false, PageQuery::default()).await), all[1..3]);
    assert_eq!(message(&find("mar", true, PageQuery::default()).await), all[1..2]);
    let size = |after: Option<String>| PageQuery {
        after,
        size: 2,
        before: None,
    };
    let first = find("", false, size(None)).await;
    let second = find("", false, size(first.next.clone())).await;
    assert_eq!((message(&first), message(&second)), (all[..2].to_vec(), all[2..].to_vec()));
    assert_eq!(second.next, None);
}

async fn f008_a_plain_user_finds_nothing(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let needs = "needs-role";
    assert_eq!(rule(list(&w.app, &w.user, &CatalogQuery::default()).await), needs);
    assert_eq!(rule(objects::find(&w.app, &w.user, &groups(&w, true, "")).await), needs);
    assert_eq!(rule(objects::find_subjects(&w.app, &w.user, &SubjectQuery::default()).await), needs);
}

fn form(name: &str) -> CatalogForm {
    CatalogForm {
        name: name.into(),
        description: format!("What {name} needs"),
        ..CatalogForm::default()
    }
}

async fn made(w: &Fixture, actor: &Principal, name: &str) -> CatalogId {
    create(&w.app, actor, &form(name)).await.expect("a catalog")
}

/// The same person with a role of a catalog, as their next call finds them.
fn with(actor: &Principal, role: Role, catalog: CatalogId) -> Principal {
    let mut actor = actor.clone();
    actor.roles.push(HeldRole {
        role,
        catalog: Some(catalog),
    });
    actor
}

async fn names(w: &Fixture, actor: &Principal, query: &CatalogQuery) -> Vec<String> {
    let page = list(&w.app, actor, query).await.expect("a list");
    page.items.into_iter().map(|catalog| catalog.name).collect()
}

async fn f044_f048_a_catalog_is_made_and_changed_and_names_are_unique(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let id = made(&w, &w.admin, "Marketing").await;
    let again = create(&w.app, &w.admin, &form(" MARKETING ")).await;
    assert_eq!(faults(again), [("name".to_owned(), Code::Taken)]);
    let catalog = get(&w.app, &w.admin, id).await.expect("the catalog");
    assert!(catalog.item.enabled && !catalog.item.external && !catalog.item.built_in);
    let changed = CatalogForm {
        external: true,
        ..form("Fairs")
    };
    assert_eq!(update(&w.app, &w.admin, id, 1, &changed).await.expect("changed"), 2);
    let stale = update(&w.app, &w.admin, id, 1, &form("Late")).await;
    assert!(
        matches!(&stale, Err(Error::Conflict(text)) if text.contains("Name is now “Fairs”")),
        "{stale:?}"
    );
    let taken = update(&w.app, &w.admin, id, 2, &form("General")).await;
    assert_eq!(faults(taken), [("name".to_owned(), Code::Taken)]);
    let catalog = get(&w.app, &w.admin, id).await.expect("the catalog");
    assert_eq!(
        (catalog.item.name.as_str(), catalog.item.external, catalog.version),
        ("Fairs", true, 2)
    );
    let found = CatalogQuery {
        search: "fai".into(),
        ..CatalogQuery::default()
    };
    assert_eq!(names(&w, &w.admin, &found).await, ["Fairs"]);
    assert!(
        w.trail()
            .await
            .ends_with(&["create_catalog", "give_role", "update_catalog"].map(String::from))
    );
}

async fn f045_a_catalog_that_is_not_enabled_offers_nothing(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let package = w.package("Campaign", &[]).await;
    let offered = async || {
        let query = crate::domain::offer::OfferQuery {
            tab: OfferTab::Available,
            search: String::new(),
            page: PageQuery::default(),
        };
        let page = my_access::offers(&w.app, &w.user, &query).await.expect("a list");
        page.items.len()
    };
    assert_eq!(offered().await, 1);
    let version = get(&w.app, &w.admin, w.general).await.expect("General").version;
    let off = CatalogForm {
        enabled: false,
        external: true,
        ..form("General")
    };
    update(&w.app, &w.admin, w.general, version, &off).await.expect("switched off");
    assert_eq!(offered().await, 0);
    let form = crate::domain::request::SubmitForm::new(package, "");
    let refused = requests::submit(&w.app, &w.user, &form).await;
    assert!(matches!(refused, Err(Error::NotFound | Error::Refused(_))), "{refused:?}");
    assert_eq!(w.count("SELECT count(*) FROM requests").await, 0);
}

async fn f046_f047_catalogs_are_filtered_by_their_switches(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let off = CatalogForm {
        enabled: false,
        ..form("Archive")
    };
    create(&w.app, &w.admin, &off).await.expect("a catalog");
    made(&w, &w.admin, "Inside").await;
    let query = |enabled, external| CatalogQuery {
        enabled,
        external,
        ..CatalogQuery::default()
    };
    assert_eq!(names(&w, &w.admin, &query(None, Some(Switch::Yes))).await, ["General"]);
    assert_eq!(names(&w, &w.admin, &query(None, Some(Switch::No))).await, ["Archive", "Inside"]);
    assert_eq!(names(&w, &w.admin, &query(Some(Switch::Yes), Some(Switch::No))).await, ["Inside"]);
}

async fn f006_f049_a_catalog_with_packages_stays(bench: TestApp) {
    let w = Fixture::new(bench).await;
    assert_eq!(rule(delete(&w.app, &w.admin, w.general, 1).await), "built-in-catalog");
    let id = made(&w, &w.admin, "Marketing").await;
    let group = w.group("Sales team", false).await;
    add_resources(&w.app, &w.admin, id, &[group.id]).await.expect("added");
    let package = w.package("Campaign", &[group.row(0)]).await;
    move_to(&w.app, &w.admin, package, 1, id, false).await.expect("moved");
    let refused = delete(&w.app, &w.admin, id, 1).await.expect_err("refused").to_string();
    assert!(refused.contains("1 access package: Campaign"), "{refused}");
    assert!(!get(&w.app, &w.admin, id).await.expect("the catalog").delete.is_allowed());
    packages::delete(&w.app, &w.admin, package, 2).await.expect("deleted");
    delete(&w.app, &w.admin, id, 1).await.expect("deleted");
    assert!(matches!(get(&w.app, &w.admin, id).await, Err(Error::NotFound)));
    assert_eq!(w.count("SELECT count(*) FROM role_assignments").await, 0);
    // The name is free again.
    made(&w, &w.admin, "Marketing").await;
}

async fn f050_groups_applications_and_sites_are_added_by_hand(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let group = w.group("Sales team", false).await;
    let ledger = w.object(ObjectKind::Application, "Ledger", &["Reader"], false).await;
    let site = w.object(ObjectKind::Site, "Handbook", &["Visitors"], false).await;
    let all = [group.id, ledger.id, site.id];
    assert_eq!(add_resources(&w.app, &w.admin, w.general, &all).await.expect("added"), 3);
    assert_eq!(add_resources(&w.app, &w.admin, w.general, &all).await.expect("nothing to add"), 0);
    let query = ResourceQuery {
        catalog: w.general,
        search: String::new(),
        page: PageQuery::default(),
    };
    let page = resources(&w.app, &w.admin, &query).await.expect("resources");
    let listed: Vec<_> = page
        .items
        .iter()
        .map(|item| (item.object.name.as_str(), item.object.kind, item.object.sub_kind.as_str()))
        .collect();
    assert_eq!(
        listed,
        [
            ("Handbook", ObjectKind::Site, "Site"),
            ("Ledger", ObjectKind::Application, "Application"),
            ("Sales team", ObjectKind::Group, "Security")
        ]
    );
    assert_eq!(
        faults(add_resources(&w.app, &w.admin, w.general, &[]).await),
        [("resources".to_owned(), Code::Required)]
    );
    let nothing = add_resources(&w.app, &w.admin, w.general, &[unknown().into()]).await;
    assert_eq!(faults(nothing), [("resources".to_owned(), Code::Gone)]);
    let reader = with(&w.user, Role::CatalogReader, w.general);
    assert_eq!(rule(add_resources(&w.app, &reader, w.general, &all).await), "needs-role");
}

async fn f051_a_resource_in_use_stays_and_the_message_names_the_packages(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let (group, gone) = (w.group("Sales team", false).await, w.group("Gone", false).await);
    add_resources(&w.app, &w.admin, w.general, &[gone.id]).await.expect("added");
    let package = w.package("Campaign", &[group.row(0)]).await;
    let refused = remove_resource(&w.app, &w.admin, w.general, group.id).await.expect_err("refused");
    assert!(refused.to_string().contains("while Campaign gives a role of it"), "{refused}");
    let place = packages::get(&w.app, &w.admin, package).await.expect("the package").roles[0].id;
    packages::remove_role(&w.app, &w.admin, package, place).await.expect("removed");
    remove_resource(&w.app, &w.admin, w.general, group.id).await.expect("removed");
    // What is gone from the directory can be removed too.
    w.delete("objects", gone.id).await;
    remove_resource(&w.app, &w.admin, w.general, gone.id).await.expect("removed");
    assert_eq!(w.count("SELECT count(*) FROM catalog_resources").await, 0);
    assert!(matches!(
        remove_resource(&w.app, &w.admin, w.general, group.id).await,
        Err(Error::NotFound)
    ));
    assert_eq!(w.trail().await.last().map(String::as_str), Some("remove_resource"));
}

async fn f053_f178_whoever_creates_a_catalog_owns_it_and_sees_no_other(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let creator = w.person("Creator1", DirectoryRole::CatalogCreator).await;
    assert_eq!(names(&w, &creator, &CatalogQuery::default()).await.len(), 0);
    let id = made(&w, &creator, "Marketing").await;
    let query = RoleQuery {
        catalog: Some(id),
        ..RoleQuery::default()
    };
    let holders = roles::holders(&w.app, &w.admin, &query).await.expect("a list").items;
    assert_eq!(holders.len(), 1);
    assert_eq!(
        (holders[0].role, holders[0].holder),
        (Role::CatalogOwner, Subject::User(id_of(&creator)))
    );
    let owner = with(&creator, Role::CatalogOwner, id);
    assert_eq!(names(&w, &owner, &CatalogQuery::default()).await, ["Marketing"]);
    assert!(get(&w.app, &owner, id).await.expect("one's own").manage_roles.is_allowed());
    assert!(matches!(get(&w.app, &owner, w.general).await, Err(Error::NotFound)));
    let elsewhere = update(&w.app, &owner, w.general, 1, &form("Mine")).await;
    assert!(matches!(elsewhere, Err(Error::NotFound)));
    assert_eq!(rule(create(&w.app, &w.user, &form("No")).await), "needs-role");
}

async fn f055_what_cannot_be_added_says_why(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let owner = w.person("Owner1", DirectoryRole::IdentityGovernanceAdministrator).await;
    let (mine, other) = (w.group("Mine", false).await, w.group("Other", false).await);
    w.object(ObjectKind::Group, "Roleless", &[], false).await;
    let helpers = w.group("Helpers", false).await;
    w.exec(
        "INSERT INTO memberships (role_id, user_id, direct, by_rule, grants, since, until) VALUES ($1, $3, TRUE, FALSE, 0, $4, $5), ($2, $3, TRUE, FALSE, 0, $4, $5)",
        crate::args![mine.roles[1], helpers.roles[1], id_of(&owner), w.app.clock.now(), crate::store::memberships::forever()],
    )
    .await;
    let holders = [Subject::Group(helpers.id)];
    let given = roles::give(&w.app, &w.admin, roles::Roles::OfDirectory, Role::GlobalAdministrator, &holders);
    given.await.expect("given");
    let found = objects::find(&w.app, &owner, &groups(&w, true, "")).await.expect("found").items;
    let closed = |name: &str| {
        let object = found.iter().find(|object| object.name == name);
        object.and_then(|object| object.closed.clone()).unwrap_or_default()
    };
    assert_eq!(closed("Mine"), "");
    assert!(closed("Other").contains("only if you own it"), "{}", closed("Other"));
    assert!(closed("Roleless").contains("no role that an access package can give"));
    assert!(closed("Helpers").contains("above your own"));
    // The list says what the call does.
    add_resources(&w.app, &owner, w.general, &[mine.id]).await.expect("added");
    assert_eq!(rule(add_resources(&w.app, &owner, w.general, &[other.id]).await), "needs-control");
    assert_eq!(
        rule(add_resources(&w.app, &owner, w.general, &[helpers.id]).await),
        "above-own-role"
    );
    w.delete("objects", other.id).await;
    assert_eq!(
        rule(add_resources(&w.app, &w.admin, w.general, &[other.id]).await),
        "resource-deleted"
    );
}

async fn f178_a_package_moves_once_nothing_stands_in_the_way(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let group = w.group("Sales team", false).await;
    let package = w.package("Campaign", &[group.row(0)]).await;
    w.assign(package, id_of(&w.user), "delivered", None).await;
    let target = made(&w, &w.admin, "Marketing").await;
    let check = check_move(&w.app, &w.admin, package, Some(target)).await.expect("a check");
    assert_eq!(check.catalogs.iter().map(|catalog| catalog.id).collect::<Vec<_>>(), [target]);
    assert_eq!((check.blockers.len(), check.missing.len()), (1, 1));
    assert!(
        check.blockers[0].contains("Sales team is missing in Marketing"),
        "{:?}",
        check.blockers
    );
    let change = PackageChange::Move(target);
    let told = impact::of_package(&w.app, &w.admin, package, change, None)
        .await
        .expect("what it does");
    assert!(
        told.notes.iter().any(|note| note.contains("guests can no longer request it")),
        "{told:?}"
    );
    assert_eq!(
        rule(move_to(&w.app, &w.admin, package, 1, target, false).await),
        "resources-missing"
    );
    let manager = with(&w.user, Role::PackageManager, w.general);
    let unseen = move_to(&w.app, &manager, package, 1, target, true).await;
    assert!(
        matches!(unseen, Err(Error::NotFound)),
        "a catalog that one does not see is not there"
    );

    assert_eq!(move_to(&w.app, &w.admin, package, 1, target, true).await.expect("moved"), 2);
    let moved = packages::get(&w.app, &w.admin, package).await.expect("the package");
    assert_eq!(
        (
            moved.item.catalog.id,
            moved.item.active_assignments,
            moved.roles[0].object.in_catalog
        ),
        (target, 1, true)
    );
    assert_eq!(
        w.trail().await.iter().rev().take(2).cloned().collect::<Vec<_>>(),
        ["move_package", "add_resource"]
    );
    w.package("Campaign", &[group.row(0)]).await;
    let back = check_move(&w.app, &w.admin, package, Some(w.general)).await.expect("a check");
    assert!(back.blockers[0].contains("called Campaign already"), "{:?}", back.blockers);
    assert_eq!(rule(move_to(&w.app, &w.admin, package, 2, w.general, true).await), "name-taken");
    assert!(matches!(packages::get(&w.app, &manager, package).await, Err(Error::NotFound)));
}

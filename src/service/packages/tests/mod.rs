//! Packages on both databases: what lists and the blade tell, and every way in which a change is refused.

mod ending;
mod gone;
pub(crate) mod world;

use chrono::Duration;

use super::{add_roles, delete, get, list, remove_role, update};
use world::{Fixture, faults, rule};

use crate::both_databases;
use crate::domain::assignment::{AssignmentFilter, AssignmentQuery};
use crate::domain::draft::{DraftRole, PackageDraft};
use crate::domain::id::{PackageId, PackageRoleId, RoleId};
use crate::domain::object::ObjectKind;
use crate::domain::package::{PackageForm, PackageQuery, PackageSort, PriorMembership};
use crate::domain::page::{Direction, PageQuery};
use crate::domain::request::SubmitForm;
use crate::domain::user::DirectoryRole;
use crate::domain::validate::Code;
use crate::service::{Error, assignments, catalogs, drafts, groups, my_access};
use crate::testing::{TestApp, id_of, unknown};
use crate::worker;

both_databases!(
    f007_the_list_counts_who_has_each_package_now,
    f007_the_list_is_paged_sorted_and_searched,
    f008_a_plain_user_is_refused_everything,
    f024_f025_the_blade_shows_policy_roles_and_link,
    f043_what_a_policy_names_and_is_deleted_stays_marked,
    f059_an_edit_is_kept_and_told,
    f059_two_administrators_cannot_overwrite_each_other,
    bad_names_are_refused_at_their_field,
    f041_a_package_that_nobody_has_is_deleted,
    f042_a_package_in_use_stays_and_says_who_has_it,
    f061_adding_roles_makes_jobs_and_fills_the_catalog,
    f043_a_group_is_not_deleted_while_a_package_begins_to_give_it,
    forged_and_unfit_roles_are_refused,
    f040_removing_a_role_makes_a_job,
    what_is_not_there_is_not_found,
    f023_f032_f061_f062_f041_a_package_s_life,
);

fn form(name: &str) -> PackageForm {
    PackageForm {
        name: name.into(),
        description: "Access to resources for the campaign".into(),
        hidden: false,
        prior_membership: PriorMembership::Keep,
    }
}

async fn f007_the_list_counts_who_has_each_package_now(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let group = w.group("Marketing resources", false).await;
    let package = w.package("Marketing Campaign", &[group.row(0)]).await;
    w.package("Sales", &[]).await;
    let now = w.app.clock.now();
    for (n, (state, end)) in [
        ("delivered", None),
        ("delivering", Some(now + Duration::days(30))),
        ("delivered", Some(now)),
        ("expired", None),
    ]
    .into_iter()
    .enumerate()
    {
        let person = w.person(&format!("Person {n}"), DirectoryRole::User).await;
        w.assign(package, id_of(&person), state, end).await;
    }
    let page = list(&w.app, &w.admin, &PackageQuery::default()).await.expect("list");
    let told: Vec<_> = page
        .items
        .iter()
        .map(|item| (item.name.as_str(), item.active_assignments))
        .collect();
    assert_eq!(told, [("Marketing Campaign", 2), ("Sales", 0)]);
    assert_eq!(page.items[0].catalog.name, "General");
    let detail = get(&w.app, &w.admin, package).await.expect("get");
    assert_eq!((detail.item.active_assignments, detail.policies[0].assignments), (2, 2));
}

async fn f007_the_list_is_paged_sorted_and_searched(bench: TestApp) {
    let w = Fixture::new(bench).await;
    for name in ["Beta two", "alpha one", "Gamma three"] {
        w.package(name, &[]).await;
        w.bench.clock.advance(Duration::seconds(1));
    }
    let names = |page: crate::domain::page::Page<crate::domain::package::PackageItem>| -> Vec<String> {
        page.items.into_iter().map(|item| item.name).collect()
    };
    let mut query = PackageQuery {
        page: PageQuery {
            size: 2,
            ..PageQuery::default()
        },
        ..PackageQuery::default()
    };
    let first = list(&w.app, &w.admin, &query).await.expect("first");
    query.page.after = first.next.clone();
    assert_eq!(names(first), ["alpha one", "Beta two"]);
    let second = list(&w.app, &w.admin, &query).await.expect("second");
    query.page = PageQuery {
        before: second.previous.clone(),
        ..PageQuery::default()
    };
    assert_eq!(names(second), ["Gamma three"]);
    assert_eq!(
        names(list(&w.app, &w.admin, &query).await.expect("back")),
        ["alpha one", "Beta two"]
    );
    let newest = PackageQuery {
        sort: PackageSort::Created,
        direction: Direction::Down,
        catalog: Some(w.general),
        ..PackageQuery::default()
    };
    assert_eq!(
        names(list(&w.app, &w.admin, &newest).await.expect("newest")),
        ["Gamma three", "alpha one", "Beta two"]
    );
    let found = PackageQuery {
        search: "TWO camp".into(),
        ..PackageQuery::default()
    };
    assert_eq!(names(list(&w.app, &w.admin, &found).await.expect("found")), ["Beta two"]);
    let elsewhere = PackageQuery {
        catalog: Some(unknown().into()),
        ..PackageQuery::default()
    };
    assert_eq!(
        names(list(&w.app, &w.admin, &elsewhere).await.expect("elsewhere")),
        Vec::<String>::new()
    );
    let torn = PackageQuery {
        page: PageQuery {
            after: Some(format!("{}\0'; DROP TABLE packages", unknown())),
            ..PageQuery::default()
        },
        ..PackageQuery::default()
    };
    assert_eq!(list(&w.app, &w.admin, &torn).await.expect("a torn key").items.len(), 3);
}

async fn f008_a_plain_user_is_refused_everything(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let group = w.group("Marketing resources", false).await;
    let id = w.package("Marketing Campaign", &[group.row(0)]).await;
    let place = get(&w.app, &w.admin, id).await.expect("get").roles[0].id;
    let draft = drafts::start(&w.app, &w.admin, None).await.expect("draft");
    let trail = w.trail().await;
    let needs = "needs-role";
    assert_eq!(rule(list(&w.app, &w.user, &PackageQuery::default()).await), needs);
    assert_eq!(rule(get(&w.app, &w.user, id).await), needs);
    assert_eq!(rule(update(&w.app, &w.user, id, 1, &form("Mine")).await), needs);
    assert_eq!(rule(delete(&w.app, &w.user, id, 1).await), needs);
    assert_eq!(rule(add_roles(&w.app, &w.user, id, &[group.row(1)]).await), needs);
    assert_eq!(rule(remove_role(&w.app, &w.user, id, place).await), needs);
    assert_eq!(rule(drafts::start(&w.app, &w.user, None).await), needs);
    assert_eq!(rule(drafts::open(&w.app, &w.user).await), needs);
    assert_eq!(rule(drafts::get(&w.app, &w.user, draft).await), needs);
    assert_eq!(rule(drafts::save(&w.app, &w.user, draft, 1, PackageDraft::default()).await), needs);
    assert_eq!(rule(drafts::create(&w.app, &w.user, draft, 1).await), needs);
    assert_eq!(rule(drafts::discard(&w.app, &w.user, draft).await), needs);
    assert_eq!(rule(catalogs::get(&w.app, &w.user, w.general).await), needs);
    let detail = get(&w.app, &w.admin, id).await.expect("still there");
    assert_eq!((detail.item.name.as_str(), detail.item.version), ("Marketing Campaign", 1));
    assert_eq!(drafts::get(&w.app, &w.admin, draft).await.expect("draft").version, 1);
    assert_eq!(w.trail().await, trail);
}

async fn f024_f025_the_blade_shows_policy_roles_and_link(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let group = w.group("Marketing resources", false).await;
    let id = w.package("Marketing Campaign", &[group.row(0)]).await;
    let detail = get(&w.app, &w.admin, id).await.expect("get");
    assert_eq!(
        detail.link,
        format!("http://127.0.0.1:3000/my-access/packages/{id}?directory=woodgrove-bank")
    );
    let role = &detail.roles[0];
    assert_eq!(
        (role.object.name.as_str(), role.role_name.as_str()),
        ("Marketing resources", "Member")
    );
    assert!(role.object.in_catalog && !role.object.deleted);
    assert_eq!(detail.policies.len(), 1);
    let policy = &detail.policies[0];
    assert_eq!((policy.name.as_str(), policy.enabled), ("Initial Policy", true));
    assert_eq!(policy.expiration, crate::domain::expiration::Expiration::Days(30));
    let named: Vec<_> = policy.subjects.iter().map(|s| (s.name.as_str(), s.detail.as_str())).collect();
    assert_eq!(named, [("Requestor1", "requestor1")]);
    assert!(detail.edit.is_allowed() && detail.delete.is_allowed() && detail.open_requests == 0);
}

async fn f043_what_a_policy_names_and_is_deleted_stays_marked(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let group = w.group("Marketing resources", false).await;
    let id = w.package("Marketing Campaign", &[group.row(0)]).await;
    w.delete("objects", group.id).await;
    w.delete("users", id_of(&w.user)).await;
    let detail = get(&w.app, &w.admin, id).await.expect("get");
    assert!(detail.roles[0].object.deleted);
    assert!(detail.policies[0].subjects[0].deleted);
    w.exec(
        "UPDATE policy_subjects SET subject_kind = 'group', subject_id = $1",
        crate::args![unknown()],
    )
    .await;
    let subject = get(&w.app, &w.admin, id).await.expect("get").policies[0].subjects[0].clone();
    assert_eq!((subject.name.as_str(), subject.deleted), ("Deleted group", true));
}

async fn f059_an_edit_is_kept_and_told(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let id = w.package("Marketing Campaign", &[]).await;
    w.bench.clock.advance(Duration::minutes(1));
    let edit = PackageForm {
        name: "  Spring  ".into(),
        description: "For\r\nspring".into(),
        hidden: true,
        prior_membership: PriorMembership::Remove,
    };
    assert_eq!(update(&w.app, &w.admin, id, 1, &edit).await.expect("update"), 2);
    let detail = get(&w.app, &w.admin, id).await.expect("get");
    assert_eq!(
        (
            detail.item.name.as_str(),
            detail.item.description.as_str(),
            detail.item.hidden,
            detail.item.version
        ),
        ("Spring", "For\nspring", true, 2)
    );
    assert_eq!(detail.prior_membership, PriorMembership::Remove);
    assert_eq!(detail.updated_at - detail.item.created_at, Duration::minutes(1));
    assert_eq!(w.trail().await.last().map(String::as_str), Some("update_package"));
    let search = |text: &str| PackageQuery {
        search: text.into(),
        ..PackageQuery::default()
    };
    assert_eq!(list(&w.app, &w.admin, &search("spring")).await.expect("new").items.len(), 1);
    assert_eq!(list(&w.app, &w.admin, &search("marketing")).await.expect("old").items.len(), 0);
}

async fn f059_two_administrators_cannot_overwrite_each_other(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let other = w.person("Admin2", DirectoryRole::UserAdministrator).await;
    let group = w.group("Marketing resources", false).await;
    let id = w.package("Marketing Campaign", &[]).await;
    update(&w.app, &w.admin, id, 1, &form("First")).await.expect("first");
    let late = update(&w.app, &other, id, 1, &form("Second")).await;
    assert!(matches!(late, Err(Error::Conflict(text)) if text.starts_with("First was changed")));
    assert!(matches!(delete(&w.app, &other, id, 1).await, Err(Error::Conflict(_))));
    // What the package gives is not among the properties that an open Edit pane would overwrite.
    add_roles(&w.app, &other, id, &[group.row(0)]).await.expect("roles");
    assert_eq!(update(&w.app, &w.admin, id, 2, &form("Third")).await.expect("third"), 3);
    let (a, b) = (form("Left"), form("Right"));
    let both = tokio::join!(update(&w.app, &w.admin, id, 3, &a), update(&w.app, &other, id, 3, &b));
    assert!(both.0.is_ok() != both.1.is_ok(), "{both:?}");
}

async fn bad_names_are_refused_at_their_field(bench: TestApp) {
    let w = Fixture::new(bench).await;
    w.package("Marketing Campaign", &[]).await;
    let id = w.package("Sales", &[]).await;
    for taken in ["Marketing Campaign", "MARKETING campaign ", " marketing  campaign"] {
        let result = update(&w.app, &w.admin, id, 1, &form(taken)).await;
        assert_eq!(faults(result), [("name".to_owned(), Code::Taken)], "{taken:?}");
    }
    let long = "é".repeat(257);
    for (name, code) in [
        ("", Code::Required),
        (" \t", Code::Required),
        (long.as_str(), Code::TooLong(256)),
        ("a\u{202E}b", Code::Unprintable),
        ("a\0b", Code::Unprintable),
    ] {
        assert_eq!(
            faults(update(&w.app, &w.admin, id, 1, &form(name)).await),
            [("name".to_owned(), code)]
        );
    }
    let wordy = PackageForm {
        description: "é".repeat(1_025),
        ..form("Sales")
    };
    assert_eq!(
        faults(update(&w.app, &w.admin, id, 1, &wordy).await),
        [("description".to_owned(), Code::TooLong(1_024))]
    );
    // Its own name in other letters is free.
    assert_eq!(update(&w.app, &w.admin, id, 1, &form("SALES")).await.expect("own name"), 2);
}

async fn f041_a_package_that_nobody_has_is_deleted(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let id = w.package("Marketing Campaign", &[]).await;
    w.assign(id, id_of(&w.user), "expired", None).await;
    delete(&w.app, &w.admin, id, 1).await.expect("deleted");
    assert!(matches!(get(&w.app, &w.admin, id).await, Err(Error::NotFound)));
    assert!(matches!(delete(&w.app, &w.admin, id, 1).await, Err(Error::NotFound)));
    assert_eq!(list(&w.app, &w.admin, &PackageQuery::default()).await.expect("list").items, []);
    assert_eq!(w.count("SELECT count(*) FROM search_words WHERE kind = 'package'").await, 0);
    assert_eq!(w.trail().await.last().map(String::as_str), Some("delete_package"));
    w.package("Marketing Campaign", &[]).await;
}

async fn f042_a_package_in_use_stays_and_says_who_has_it(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let id = w.package("Marketing Campaign", &[]).await;
    w.assign(id, id_of(&w.user), "delivered", Some(w.app.clock.now() + Duration::days(30)))
        .await;
    let refused = delete(&w.app, &w.admin, id, 1).await;
    let reason = "Marketing Campaign can't be deleted while 1 person has it: Requestor1 (requestor1). Remove the assignment first.";
    assert!(matches!(&refused, Err(Error::Refused(refusal)) if refusal.reason == reason));
    let told = get(&w.app, &w.admin, id).await.expect("get").delete.reason().expect("a reason");
    assert_eq!(told, reason);
    for name in ["Cem", "Ada", "Bo"] {
        let person = w.person(name, DirectoryRole::User).await;
        w.assign(id, id_of(&person), "delivering", None).await;
    }
    let told = get(&w.app, &w.admin, id).await.expect("get").delete.reason().expect("a reason");
    assert!(
        told.contains("4 people have it: Ada (ada), Bo (bo), Cem (cem) and 1 more."),
        "{}",
        told
    );
    let asked = w.package("Sales", &[]).await;
    w.request(asked, id_of(&w.user), "submitted").await;
    assert_eq!(rule(delete(&w.app, &w.admin, asked, 1).await), "package-requested");
    assert_eq!(get(&w.app, &w.admin, asked).await.expect("get").open_requests, 1);
    assert!(!w.trail().await.contains(&"delete_package".to_owned()));
}

async fn f061_adding_roles_makes_jobs_and_fills_the_catalog(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let group = w.group("Marketing resources", false).await;
    let site = w.object(ObjectKind::Site, "Campaign site", &["Visitors", "Owners"], false).await;
    let id = w.package("Marketing Campaign", &[group.row(0)]).await;
    add_roles(&w.app, &w.admin, id, &[site.row(0), group.row(1)]).await.expect("added");
    let detail = get(&w.app, &w.admin, id).await.expect("get");
    let mut given: Vec<_> = detail
        .roles
        .iter()
        .map(|role| (role.object.name.as_str(), role.role_name.as_str(), role.object.in_catalog))
        .collect();
    given.sort_unstable();
    assert_eq!(
        given,
        [
            ("Campaign site", "Visitors", true),
            ("Marketing resources", "Member", true),
            ("Marketing resources", "Owner", true)
        ]
    );
    let jobs = w.jobs().await;
    assert_eq!(jobs.len(), 2);
    for (kind, key, subject) in jobs {
        assert_eq!((kind.as_str(), key), ("add_role", format!("add_role:{subject}")));
        assert!(detail.roles.iter().any(|role| role.id.0 == subject));
    }
    let trail = w.trail().await;
    assert_eq!(trail.iter().filter(|activity| *activity == "add_resource").count(), 2);
    assert_eq!(trail.iter().filter(|activity| *activity == "add_resource_role").count(), 3);
}

async fn f043_a_group_is_not_deleted_while_a_package_begins_to_give_it(bench: TestApp) {
    let w = Fixture::new(bench).await;
    for round in 0..12 {
        let group = w.group(&format!("Group {round}"), false).await;
        let id = w.package(&format!("Package {round}"), &[]).await;
        let rows = [group.row(0)];
        let add = add_roles(&w.app, &w.admin, id, &rows);
        let delete = groups::delete(&w.app, &w.admin, group.id, 1);
        let (added, deleted) = if round % 2 == 0 {
            tokio::join!(add, delete)
        } else {
            let (deleted, added) = tokio::join!(delete, add);
            (added, deleted)
        };
        assert!(added.is_ok() != deleted.is_ok(), "round {round}: {added:?}, {deleted:?}");
    }
}

async fn forged_and_unfit_roles_are_refused(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let group = w.group("Marketing resources", false).await;
    let other = w.group("Finance", false).await;
    let dynamic = w.group("All of Sales", true).await;
    let gone = w.group("Gone", false).await;
    w.delete("objects", gone.id).await;
    let id = w.package("Marketing Campaign", &[group.row(0)]).await;
    let jobs = w.jobs().await;
    let row = |object, role| DraftRole { object, role };
    let at = |path: &str, code| vec![(path.to_owned(), code)];
    for (rows, expected) in [
        (vec![], at("roles", Code::Required)),
        (vec![row(group.id, None)], at("roles.0.role", Code::Required)),
        (vec![group.row(0)], at("roles.0.role", Code::Repeated)),
        (vec![group.row(1), group.row(1)], at("roles.1.role", Code::Repeated)),
        (vec![row(group.id, Some(other.roles[0]))], at("roles.0.role", Code::NotOffered)),
        (vec![row(group.id, Some(RoleId(unknown())))], at("roles.0.role", Code::NotOffered)),
        (vec![dynamic.row(0)], at("roles.0.role", Code::NotOffered)),
        (vec![gone.row(0)], at("roles.0.object", Code::Gone)),
        (vec![row(unknown().into(), Some(other.roles[0]))], at("roles.0.object", Code::Gone)),
    ] {
        assert_eq!(faults(add_roles(&w.app, &w.admin, id, &rows).await), expected);
    }
    let many: Vec<DraftRole> = (0..60).map(|_| row(other.id, Some(RoleId(unknown())))).collect();
    assert_eq!(
        faults(add_roles(&w.app, &w.admin, id, &many).await),
        at("roles.49.object", Code::TooMany(50))
    );
    assert_eq!(get(&w.app, &w.admin, id).await.expect("get").roles.len(), 1);
    assert_eq!(w.jobs().await, jobs);
    add_roles(&w.app, &w.admin, id, &[dynamic.row(1)])
        .await
        .expect("Owner of a dynamic group");
}

async fn f040_removing_a_role_makes_a_job(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let group = w.group("Marketing resources", false).await;
    let id = w.package("Marketing Campaign", &[group.row(0)]).await;
    let other = w.package("Sales", &[group.row(1)]).await;
    let place = get(&w.app, &w.admin, id).await.expect("get").roles[0].id;
    // Another package's place, or none at all.
    assert!(matches!(remove_role(&w.app, &w.admin, other, place).await, Err(Error::NotFound)));
    let forged = PackageRoleId(unknown());
    assert!(matches!(remove_role(&w.app, &w.admin, id, forged).await, Err(Error::NotFound)));
    remove_role(&w.app, &w.admin, id, place).await.expect("removed");
    assert!(matches!(remove_role(&w.app, &w.admin, id, place).await, Err(Error::NotFound)));
    let detail = get(&w.app, &w.admin, id).await.expect("get");
    assert_eq!((detail.roles.len(), detail.item.version), (0, 1));
    let jobs = w.jobs().await;
    assert_eq!(jobs.len(), 1);
    let (kind, key, subject) = &jobs[0];
    assert_eq!((kind.as_str(), *subject), ("remove_role", id.0));
    assert!(key.starts_with(&format!("remove_role:{id}:{}:", group.roles[0])), "{key}");
    assert_eq!(w.trail().await.last().map(String::as_str), Some("remove_resource_role"));
}

async fn what_is_not_there_is_not_found(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let id = PackageId(unknown());
    let group = w.group("Marketing resources", false).await;
    assert!(matches!(get(&w.app, &w.admin, id).await, Err(Error::NotFound)));
    assert!(matches!(update(&w.app, &w.admin, id, 1, &form("x")).await, Err(Error::NotFound)));
    assert!(matches!(delete(&w.app, &w.admin, id, 1).await, Err(Error::NotFound)));
    assert!(matches!(
        add_roles(&w.app, &w.admin, id, &[group.row(0)]).await,
        Err(Error::NotFound)
    ));
}

/// From the wizard to deletion, with the engine at work in between.
async fn f023_f032_f061_f062_f041_a_package_s_life(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let (group, site) = (
        w.group("Marketing resources", false).await,
        w.object(ObjectKind::Site, "Campaign site", &["Visitors"], false).await,
    );
    let id = w.package("Marketing Campaign", &[group.row(0)]).await;
    let form = SubmitForm::new(id, "I am working on the new marketing campaign");
    my_access::submit(&w.app, &w.user, &form).await.expect("submitted");
    assert_eq!(rule(delete(&w.app, &w.admin, id, 1).await), "package-requested");
    worker::drain(&w.app).await.expect("delivered");
    assert!(w.holds(&group, 0).await);
    add_roles(&w.app, &w.admin, id, &[site.row(0)]).await.expect("added");
    worker::drain(&w.app).await.expect("given");
    assert!(w.holds(&site, 0).await && w.holds(&group, 0).await);
    let detail = get(&w.app, &w.admin, id).await.expect("get");
    let place = detail.roles.iter().find(|role| role.object.id == group.id).expect("the group").id;
    remove_role(&w.app, &w.admin, id, place).await.expect("removed");
    worker::drain(&w.app).await.expect("taken back");
    assert!(w.holds(&site, 0).await && !w.holds(&group, 0).await);
    assert_eq!(rule(delete(&w.app, &w.admin, id, 1).await), "package-in-use");
    let query = AssignmentQuery {
        package: id,
        filter: AssignmentFilter::Delivered,
        policy: None,
        search: String::new(),
        page: PageQuery::default(),
    };
    let row = assignments::list(&w.app, &w.admin, &query).await.expect("list").items.remove(0);
    assignments::remove(&w.app, &w.admin, row.id, row.version).await.expect("removal");
    worker::drain(&w.app).await.expect("ended");
    assert!(!w.holds(&site, 0).await);
    delete(&w.app, &w.admin, id, 1).await.expect("deleted");
}

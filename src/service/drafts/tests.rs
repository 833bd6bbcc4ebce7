//! The wizard's drafts on both databases: kept with their faults, reached by their owner alone, and made into one package, once.

use super::{create, discard, get, open, save, start};
use crate::both_databases;
use crate::domain::draft::{DraftRole, PackageDraft, Step};
use crate::domain::id::{DraftId, PackageId, RoleId};
use crate::domain::object::Subject;
use crate::domain::package::PackageQuery;
use crate::domain::policy::{Audience, Scope};
use crate::domain::user::DirectoryRole;
use crate::domain::validate::Code;
use crate::service::packages::tests::world::{Fixture, faults};
use crate::service::{Error, packages};
use crate::testing::{TestApp, id_of, unknown};

both_databases!(
    f011_a_draft_begins_in_general,
    a_draft_keeps_what_was_typed_faults_and_all,
    a_draft_is_its_owner_s_alone,
    two_windows_on_one_draft_cannot_overwrite_each_other,
    a_draft_without_a_name_is_offered_once_it_holds_something,
    an_owner_keeps_twenty_drafts_and_is_offered_five,
    f014_f022_f024_create_makes_the_whole_package,
    create_twice_makes_one_package,
    create_twice_at_once_makes_one_package,
    f010_a_taken_name_is_refused_whatever_its_letters,
    f016_members_of_a_dynamic_group_cannot_be_given,
    what_was_deleted_meanwhile_is_told_at_its_field,
    forged_ids_and_hidden_fields_are_refused,
    f060_a_package_can_give_nothing_yet,
    a_draft_does_not_grow_without_bounds,
);

async fn f011_a_draft_begins_in_general(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let id = start(&w.app, &w.admin, None).await.expect("start");
    let view = get(&w.app, &w.admin, id).await.expect("get");
    assert_eq!((view.version, view.draft.basics.catalog), (1, Some(w.general)));
    assert_eq!(view.catalogs.iter().map(|c| c.name.as_str()).collect::<Vec<_>>(), ["General"]);
    assert!(
        view.errors
            .iter()
            .any(|error| error.path == "basics.name" && error.code == Code::Required)
    );
    assert_eq!(view.now, w.app.clock.now());
    assert!(matches!(
        start(&w.app, &w.admin, Some(unknown().into())).await,
        Err(Error::NotFound)
    ));
    start(&w.app, &w.admin, Some(w.general)).await.expect("named catalog");
}

async fn a_draft_keeps_what_was_typed_faults_and_all(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let group = w.group("Marketing resources", false).await;
    let id = start(&w.app, &w.admin, None).await.expect("start");
    let mut draft = w.draft(
        "  ",
        &[DraftRole {
            object: group.id,
            role: None,
        }],
    );
    draft.lifecycle.days = "ten".into();
    draft.basics.description = "a\0b".into();
    draft.visited = vec![Step::Basics, Step::Lifecycle];
    let saved = save(&w.app, &w.admin, id, 1, draft.clone()).await.expect("save");
    assert_eq!(saved, get(&w.app, &w.admin, id).await.expect("get"));
    assert_eq!((saved.version, saved.draft.lifecycle.days.as_str()), (2, "ten"));
    let faults: Vec<_> = saved.errors.iter().map(|error| error.path.as_str()).collect();
    assert_eq!(faults, ["basics.name", "basics.description", "roles.0.role", "lifecycle.days"]);
    assert_eq!(
        saved.objects[0].roles.iter().map(|r| r.name.as_str()).collect::<Vec<_>>(),
        ["Member", "Owner"]
    );
    assert_eq!(saved.subjects[0].name, "Requestor1");
}

async fn a_draft_is_its_owner_s_alone(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let other = w.person("Admin2", DirectoryRole::GlobalAdministrator).await;
    let id = start(&w.app, &w.admin, None).await.expect("start");
    save(&w.app, &w.admin, id, 1, w.draft("Marketing Campaign", &[]))
        .await
        .expect("save");
    assert!(matches!(get(&w.app, &other, id).await, Err(Error::NotFound)));
    assert!(matches!(
        save(&w.app, &other, id, 2, w.draft("Mine", &[])).await,
        Err(Error::NotFound)
    ));
    assert!(matches!(create(&w.app, &other, id, 2).await, Err(Error::NotFound)));
    assert!(matches!(discard(&w.app, &other, id).await, Err(Error::NotFound)));
    assert_eq!(open(&w.app, &other).await.expect("open"), []);
    assert_eq!(open(&w.app, &w.admin).await.expect("open")[0].name, "Marketing Campaign");
    discard(&w.app, &w.admin, id).await.expect("discard");
    assert!(matches!(discard(&w.app, &w.admin, id).await, Err(Error::NotFound)));
    let unknown = DraftId(unknown());
    assert!(matches!(get(&w.app, &w.admin, unknown).await, Err(Error::NotFound)));
    assert!(matches!(create(&w.app, &w.admin, unknown, 1).await, Err(Error::NotFound)));
}

async fn two_windows_on_one_draft_cannot_overwrite_each_other(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let id = start(&w.app, &w.admin, None).await.expect("start");
    save(&w.app, &w.admin, id, 1, w.draft("First", &[])).await.expect("save");
    let late = save(&w.app, &w.admin, id, 1, w.draft("Second", &[])).await;
    assert!(matches!(late, Err(Error::Conflict(text)) if text.contains("another window")));
    assert!(matches!(create(&w.app, &w.admin, id, 1).await, Err(Error::Conflict(_))));
    assert_eq!(get(&w.app, &w.admin, id).await.expect("get").draft.basics.name, "First");
}

async fn a_draft_without_a_name_is_offered_once_it_holds_something(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let id = start(&w.app, &w.admin, None).await.expect("start");
    let begun = get(&w.app, &w.admin, id).await.expect("get").draft;
    let looked_at = PackageDraft {
        visited: vec![Step::Basics],
        ..begun
    };
    save(&w.app, &w.admin, id, 1, looked_at.clone()).await.expect("save");
    assert_eq!(open(&w.app, &w.admin).await.expect("open"), []);
    let mut described = looked_at;
    described.basics.description = "For those who sell".into();
    save(&w.app, &w.admin, id, 2, described).await.expect("save");
    assert_eq!(open(&w.app, &w.admin).await.expect("open")[0].name, "Untitled draft");
}

async fn an_owner_keeps_twenty_drafts_and_is_offered_five(bench: TestApp) {
    let w = Fixture::new(bench).await;
    for n in 0..22 {
        let id = start(&w.app, &w.admin, None).await.expect("start");
        w.bench.clock.advance(chrono::Duration::seconds(1));
        save(&w.app, &w.admin, id, 1, w.draft(&format!("Draft {n}"), &[]))
            .await
            .expect("save");
    }
    for _ in 0..3 {
        start(&w.app, &w.admin, None).await.expect("start");
    }
    assert_eq!(w.count("SELECT count(*) FROM drafts").await, 20);
    // Those in which nothing was typed make way first, and are not offered.
    let names: Vec<String> = open(&w.app, &w.admin).await.expect("open").into_iter().map(|d| d.name).collect();
    assert_eq!(names, ["Draft 21", "Draft 20", "Draft 19", "Draft 18", "Draft 17"]);
    assert_eq!(w.count("SELECT count(*) FROM drafts WHERE version = 1").await, 1);
}

async fn f014_f022_f024_create_makes_the_whole_package(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let group = w.group("Marketing resources", false).await;
    let site = w
        .object(crate::domain::object::ObjectKind::Site, "Campaign site", &["Visitors"], false)
        .await;
    let team = w.group("Marketing team", false).await;
    let id = start(&w.app, &w.admin, None).await.expect("start");
    let mut draft = w.draft(" Marketing Campaign ", &[group.row(0), group.row(1), site.row(0)]);
    draft.requests.subjects.push(Subject::Group(team.id));
    draft.requests.subjects.push(Subject::User(id_of(&w.user)));
    let view = save(&w.app, &w.admin, id, 1, draft).await.expect("save");
    assert_eq!(view.errors, []);
    let made = create(&w.app, &w.admin, id, 2).await.expect("create");
    assert_eq!((made.name.as_str(), made.id), ("Marketing Campaign", PackageId(id.0)));
    let detail = packages::get(&w.app, &w.admin, made.id).await.expect("get");
    assert_eq!(detail.roles.len(), 3);
    assert!(detail.roles.iter().all(|role| role.object.in_catalog));
    let subjects: Vec<_> = detail.policies[0]
        .subjects
        .iter()
        .map(|s| (s.name.as_str(), s.detail.as_str()))
        .collect();
    assert_eq!(subjects, [("Marketing team", "Security group"), ("Requestor1", "requestor1")]);
    assert_eq!(
        w.trail().await,
        [
            "create_package",
            "add_resource_role",
            "add_resource_role",
            "add_resource_role",
            "add_resource",
            "add_resource",
            "create_policy"
        ]
    );
    assert_eq!(w.count("SELECT count(*) FROM drafts").await, 0);
    assert_eq!(w.count("SELECT count(*) FROM jobs").await, 0);
}

async fn create_twice_makes_one_package(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let id = start(&w.app, &w.admin, None).await.expect("start");
    save(&w.app, &w.admin, id, 1, w.draft("Marketing Campaign", &[]))
        .await
        .expect("save");
    let first = create(&w.app, &w.admin, id, 2).await.expect("first");
    assert_eq!(create(&w.app, &w.admin, id, 2).await.expect("again"), first);
    let late = save(&w.app, &w.admin, id, 2, w.draft("Typed in another window", &[])).await;
    assert!(matches!(late, Err(Error::Refused(refusal)) if refusal.reason.starts_with("Marketing Campaign was created")));
    assert_eq!(w.count("SELECT count(*) FROM packages").await, 1);
    assert_eq!(w.count("SELECT count(*) FROM policies").await, 1);
    packages::delete(&w.app, &w.admin, first.id, 1).await.expect("delete");
    assert!(matches!(create(&w.app, &w.admin, id, 2).await, Err(Error::NotFound)));
    let late = save(&w.app, &w.admin, id, 2, w.draft("Typed in another window", &[])).await;
    assert!(matches!(late, Err(Error::NotFound)), "the package is gone as well");
}

async fn create_twice_at_once_makes_one_package(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let id = start(&w.app, &w.admin, None).await.expect("start");
    save(&w.app, &w.admin, id, 1, w.draft("Marketing Campaign", &[]))
        .await
        .expect("save");
    let (a, b) = tokio::join!(create(&w.app, &w.admin, id, 2), create(&w.app, &w.admin, id, 2));
    assert_eq!(a.expect("one"), b.expect("other"));
    assert_eq!(w.count("SELECT count(*) FROM packages").await, 1);
    // Two drafts of one name at the same time: the index lets one through, the other hears of it at its field.
    let (mut one, mut two) = (w.draft("Sales", &[]), w.draft("sales ", &[]));
    (one.visited, two.visited) = (vec![Step::Review], vec![Step::Review]);
    let (x, y) = (
        start(&w.app, &w.admin, None).await.expect("start"),
        start(&w.app, &w.admin, None).await.expect("start"),
    );
    save(&w.app, &w.admin, x, 1, one).await.expect("save");
    save(&w.app, &w.admin, y, 1, two).await.expect("save");
    let (a, b) = tokio::join!(create(&w.app, &w.admin, x, 2), create(&w.app, &w.admin, y, 2));
    let refused = if a.is_ok() { b } else { a };
    assert_eq!(faults(refused), [("basics.name".to_owned(), Code::Taken)]);
    assert_eq!(w.count("SELECT count(*) FROM drafts").await, 1);
}

async fn f010_a_taken_name_is_refused_whatever_its_letters(bench: TestApp) {
    let w = Fixture::new(bench).await;
    w.package("Marketing Campaign", &[]).await;
    let id = start(&w.app, &w.admin, None).await.expect("start");
    for (version, name) in ["Marketing Campaign", "marketing campaign ", " MARKETING  Campaign"]
        .into_iter()
        .enumerate()
    {
        let version = version as i64 + 1;
        let view = save(&w.app, &w.admin, id, version, w.draft(name, &[])).await.expect("save");
        assert_eq!(
            faults(create(&w.app, &w.admin, id, version + 1).await),
            [("basics.name".to_owned(), Code::Taken)]
        );
        assert_eq!(view.errors.len(), 1);
    }
    assert_eq!(get(&w.app, &w.admin, id).await.expect("the draft is still there").version, 4);
}

async fn f016_members_of_a_dynamic_group_cannot_be_given(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let dynamic = w.group("All of Sales", true).await;
    let id = start(&w.app, &w.admin, None).await.expect("start");
    let view = save(&w.app, &w.admin, id, 1, w.draft("Sales", &[dynamic.row(0)]))
        .await
        .expect("save");
    assert!(view.objects[0].dynamic);
    assert_eq!(view.objects[0].roles.iter().map(|r| r.name.as_str()).collect::<Vec<_>>(), ["Owner"]);
    assert_eq!(
        faults(create(&w.app, &w.admin, id, 2).await),
        [("roles.0.role".to_owned(), Code::NotOffered)]
    );
    save(&w.app, &w.admin, id, 2, w.draft("Sales", &[dynamic.row(1)]))
        .await
        .expect("save");
    create(&w.app, &w.admin, id, 3).await.expect("Owner is fine");
}

async fn what_was_deleted_meanwhile_is_told_at_its_field(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let group = w.group("Marketing resources", false).await;
    let id = start(&w.app, &w.admin, None).await.expect("start");
    save(&w.app, &w.admin, id, 1, w.draft("Marketing Campaign", &[group.row(0)]))
        .await
        .expect("save");
    w.delete("objects", group.id).await;
    w.delete("users", id_of(&w.user)).await;
    let view = get(&w.app, &w.admin, id).await.expect("get");
    assert!(view.objects[0].deleted && view.subjects[0].deleted);
    let expected = [
        ("roles.0.object".to_owned(), Code::Gone),
        ("requests.subjects".to_owned(), Code::Gone),
    ];
    assert_eq!(faults(create(&w.app, &w.admin, id, 2).await), expected);
    w.delete("catalogs", w.general).await;
    assert_eq!(
        faults(create(&w.app, &w.admin, id, 2).await)[0],
        ("basics.catalog".to_owned(), Code::Gone)
    );
    assert_eq!(w.count("SELECT count(*) FROM packages").await, 0);
    // Whoever is named but not asked for does not stand in the way.
    let mut draft = view.draft;
    draft.requests.scope = Some(Scope::AllMembers);
    let view = save(&w.app, &w.admin, id, 2, draft).await.expect("save");
    assert!(!view.errors.iter().any(|error| error.path == "requests.subjects"));
}

async fn forged_ids_and_hidden_fields_are_refused(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let (group, other) = (w.group("Marketing resources", false).await, w.group("Finance", false).await);
    let row = |object, role| DraftRole { object, role: Some(role) };
    let base = |rows: &[DraftRole]| w.draft("Marketing Campaign", rows);
    let mut drafts = vec![
        (base(&[row(group.id, other.roles[0])]), ("roles.0.role", Code::NotOffered)),
        (base(&[row(group.id, RoleId(unknown()))]), ("roles.0.role", Code::NotOffered)),
        (base(&[row(unknown().into(), group.roles[0])]), ("roles.0.object", Code::Gone)),
        (
            base(&[group.row(0), row(other.id, group.roles[0])]),
            ("roles.1.role", Code::Repeated),
        ),
    ];
    let with = |change: fn(&mut PackageDraft)| {
        let mut draft = base(&[]);
        change(&mut draft);
        draft
    };
    drafts.extend([
        (with(|d| d.basics.catalog = Some(unknown().into())), ("basics.catalog", Code::Gone)),
        (with(|d| d.basics.catalog = None), ("basics.catalog", Code::Required)),
        (
            with(|d| d.requests.approval = true),
            ("requests.stages.0.approvers", Code::Required),
        ),
        (
            with(|d| d.requests.audience = Some(Audience::NotInDirectory)),
            ("requests.scope", Code::Required),
        ),
        (
            with(|d| d.requests.subjects = vec![Subject::Group(unknown().into())]),
            ("requests.subjects", Code::Gone),
        ),
        (
            with(|d| d.lifecycle.days = "3661".into()),
            ("lifecycle.days", Code::OutOfRange(1, 3_660)),
        ),
        (
            with(|d| d.lifecycle.days = "0".into()),
            ("lifecycle.days", Code::OutOfRange(1, 3_660)),
        ),
    ]);
    // A user's id in a group's place is nobody.
    let mut swapped = base(&[]);
    swapped.requests.subjects = vec![Subject::Group(id_of(&w.user).0.into())];
    drafts.push((swapped, ("requests.subjects", Code::Gone)));
    let id = start(&w.app, &w.admin, None).await.expect("start");
    for (n, (draft, (path, code))) in drafts.into_iter().enumerate() {
        let version = n as i64 + 1;
        save(&w.app, &w.admin, id, version, draft).await.expect("save");
        let found = faults(create(&w.app, &w.admin, id, version + 1).await);
        assert!(found.contains(&(path.to_owned(), code)), "{n}: {found:?}");
    }
    assert_eq!(w.count("SELECT count(*) FROM packages").await, 0);
    assert_eq!(w.trail().await, Vec::<String>::new());
}

async fn f060_a_package_can_give_nothing_yet(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let id = w.package("Empty", &[]).await;
    assert_eq!(packages::get(&w.app, &w.admin, id).await.expect("get").roles, []);
    assert_eq!(
        packages::list(&w.app, &w.admin, &PackageQuery::default())
            .await
            .expect("list")
            .items
            .len(),
        1
    );
}

async fn a_draft_does_not_grow_without_bounds(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let group = w.group("Marketing resources", false).await;
    let id = start(&w.app, &w.admin, None).await.expect("start");
    let mut draft = w.draft(&"x".repeat(20_000), &vec![group.row(0); 101]);
    draft.requests.subjects = vec![Subject::User(id_of(&w.user)); 1_001];
    assert_eq!(
        faults(save(&w.app, &w.admin, id, 1, draft).await),
        [
            ("basics.name".to_owned(), Code::TooLong(256)),
            ("roles.50.object".to_owned(), Code::TooMany(50)),
            ("requests.subjects".to_owned(), Code::TooMany(500)),
        ]
    );
    assert_eq!(get(&w.app, &w.admin, id).await.expect("get").version, 1);
    // Bulk within bounds is kept in one statement.
    let mut draft = w.draft("Many", &[]);
    for n in 0..120 {
        draft
            .requests
            .subjects
            .push(Subject::User(id_of(&w.person(&format!("Person {n}"), DirectoryRole::User).await)));
    }
    save(&w.app, &w.admin, id, 1, draft).await.expect("save");
    let made = create(&w.app, &w.admin, id, 2).await.expect("create");
    let detail = packages::get(&w.app, &w.admin, made.id).await.expect("get");
    assert_eq!(detail.policies[0].subjects.len(), 121);
}

//! Whole use cases about groups and their members, on both databases.

use chrono::Duration;

use crate::domain::access::Principal;
use crate::domain::audit::Activity;
use crate::domain::expiration::Expiration;
use crate::domain::group::{GroupDetail, GroupForm, GroupQuery, GroupRole, MemberItem, MemberQuery};
use crate::domain::id::{ObjectId, PackageId, PolicyId, PolicyVersionId, UserId};
use crate::domain::object::{GroupKind, MembershipType};
use crate::domain::page::PageQuery;
use crate::domain::policy::Scope;
use crate::domain::rule::RuleFault;
use crate::domain::text::StringEnum;
use crate::domain::user::{DirectoryRole, UserForm};
use crate::domain::validate::Code;
use crate::service::{App, Error, catalogs, groups, users};
use crate::store::seed::{Seed, SeedDelivery};
use crate::testing::{TestApp, actor, unknown};
use crate::{args, both_databases, worker};

both_databases!(
    f005_a_new_group_opens_without_members,
    f005_owners_and_members_to_begin_with,
    f005_bad_input_is_told_at_its_field_and_stores_nothing,
    f005_a_name_is_taken_whatever_its_case_and_blanks,
    f008_a_plain_user_is_refused_and_nothing_changes,
    a_group_is_changed_but_never_its_kind,
    of_two_administrators_the_second_is_told,
    a_rule_decides_who_is_a_member,
    f036_members_say_by_what_they_belong,
    f036_a_membership_from_a_package_is_not_taken_by_hand,
    members_are_added_once_and_only_if_they_are_there,
    f043_a_group_is_deleted_only_when_no_package_uses_it,
    f043_a_deleted_user_keeps_nothing_from_packages,
    unknown_ids_are_not_found,
    groups_are_found_filtered_and_paged,
);

fn admin() -> Principal {
    actor(DirectoryRole::UserAdministrator)
}

fn form(name: &str) -> GroupForm {
    GroupForm {
        name: name.into(),
        kind: "security".into(),
        membership: "assigned".into(),
        ..GroupForm::default()
    }
}

fn dynamic(name: &str, rule: &str) -> GroupForm {
    GroupForm {
        membership: "dynamic".into(),
        rule: rule.into(),
        ..form(name)
    }
}

async fn make(app: &App, form: &GroupForm) -> ObjectId {
    groups::create(app, &admin(), form).await.expect("a group")
}

async fn person(app: &App, name: &str, department: &str) -> UserId {
    let form = UserForm {
        name: name.into(),
        user_name: name.to_lowercase().replace(' ', "."),
        department: department.into(),
        password: "first-day-at-the-bank-7".into(),
        ..UserForm::default()
    };
    users::create(app, &admin(), &form).await.expect("a user")
}

async fn get(app: &App, id: ObjectId) -> GroupDetail {
    groups::get(app, &admin(), id).await.expect("the group")
}

fn query(group: ObjectId, role: GroupRole) -> MemberQuery {
    MemberQuery {
        group,
        role,
        search: String::new(),
        page: PageQuery::default(),
    }
}

async fn members(app: &App, group: ObjectId) -> Vec<MemberItem> {
    let page = groups::members(app, &admin(), &query(group, GroupRole::Member))
        .await
        .expect("a page");
    assert_eq!(page.total, Some(page.items.len() as i64));
    page.items
}

fn names(members: &[MemberItem]) -> Vec<&str> {
    members.iter().map(|member| member.user.name.as_str()).collect()
}

fn codes(error: Error) -> Vec<(String, Code)> {
    match error {
        Error::Invalid(errors) => errors.into_iter().map(|e| (e.path, e.code)).collect(),
        other => panic!("expected faults, got {other}"),
    }
}

fn refused(error: Error) -> (String, String) {
    match error {
        Error::Refused(refusal) => (refusal.rule, refusal.reason),
        other => panic!("expected a refusal, got {other}"),
    }
}

async fn trail(app: &App) -> Vec<(String, String)> {
    let mut tx = app.store.read().await.expect("tx");
    tx.all("SELECT activity, detail FROM audit ORDER BY at, id", args![])
        .await
        .expect("the trail")
}

/// Marketing Campaign gives membership of the group, to this person for 30 days.
async fn campaign(app: &App, group: ObjectId, person: UserId) -> PackageId {
    let now = app.clock.now();
    let id = || app.ids.id(now);
    let mut tx = app.store.write().await.expect("tx");
    let catalog = catalogs::ensure_general(app, &mut tx).await.expect("General");
    let role = crate::store::groups::role(&mut tx, group, GroupRole::Member)
        .await
        .expect("a read")
        .expect("the role");
    let (package, policy, policy_version) = (PackageId(id()), PolicyId(id()), PolicyVersionId(id()));
    let expiration = Expiration::Days(30);
    let mut seed = Seed::new(now);
    seed.package(package, catalog, "Marketing Campaign", "Access to resources for the campaign");
    seed.package_role(id(), package, role);
    seed.policy((policy, policy_version), package, "Initial Policy", Scope::AllMembers, expiration)
        .expect("a policy");
    seed.delivery(&SeedDelivery {
        request: id().into(),
        assignment: id().into(),
        others: [id(), id(), id()],
        package,
        policy,
        policy_version,
        role,
        target: person,
        target_name: "Requestor1",
        expiration,
        at: now,
    });
    seed.write(&mut tx).await.expect("written");
    tx.commit().await.expect("commit");
    package
}

async fn f005_a_new_group_opens_without_members(bench: TestApp) {
    let app = &bench.app;
    let id = make(app, &form("Marketing resources")).await;
    let group = get(app, id).await;
    assert_eq!(
        (group.item.name.as_str(), group.members, group.owners),
        ("Marketing resources", 0, 0)
    );
    assert_eq!(
        (group.item.kind, group.item.membership),
        (GroupKind::Security, MembershipType::Assigned)
    );
    assert!(group.edit.is_allowed() && group.edit_members.is_allowed() && group.delete.is_allowed());
    assert_eq!(group.version, 1);
    assert!(members(app, id).await.is_empty());
    let mut tx = app.store.read().await.expect("tx");
    let roles: Vec<String> = tx
        .column("SELECT name FROM roles WHERE object_id = $1 ORDER BY position", args![id])
        .await
        .expect("roles");
    assert_eq!(roles, ["Member", "Owner"]);
    assert_eq!(trail(app).await, [(Activity::CreateGroup.as_str().to_owned(), String::new())]);
}

async fn f005_owners_and_members_to_begin_with(bench: TestApp) {
    let app = &bench.app;
    let (one, two) = (person(app, "One", "").await, person(app, "Two", "").await);
    let wanted = GroupForm {
        owners: vec![one],
        members: vec![two, one, two],
        ..form("Marketing resources")
    };
    let id = make(app, &wanted).await;
    let group = get(app, id).await;
    assert_eq!((group.members, group.owners), (2, 1));
    assert_eq!(names(&members(app, id).await), ["One", "Two"]);

    for (people, path) in [(vec![one, UserId(unknown())], "owners"), (vec![UserId(unknown())], "members")] {
        let mut wanted = form("Another");
        match path {
            "owners" => wanted.owners = people,
            _ => wanted.members = people,
        }
        let error = groups::create(app, &admin(), &wanted).await.expect_err("someone is not there");
        assert_eq!(codes(error), [(path.to_owned(), Code::Gone)]);
    }
    let page = groups::list(app, &admin(), &GroupQuery::default()).await.expect("a page");
    assert_eq!(page.items.len(), 1);
}

async fn f005_bad_input_is_told_at_its_field_and_stores_nothing(bench: TestApp) {
    let app = &bench.app;
    let with = |change: fn(&mut GroupForm)| {
        let mut form = form("Marketing resources");
        change(&mut form);
        form
    };
    for (form, path, code) in [
        (with(|f| f.name = " \u{2003} ".into()), "name", Code::Required),
        (with(|f| f.name = "n".repeat(257)), "name", Code::TooLong(256)),
        (with(|f| f.name = "Mar\u{202e}keting".into()), "name", Code::Unprintable),
        (with(|f| f.name = "Mar\nketing".into()), "name", Code::Unprintable),
        (with(|f| f.description = "🏦".repeat(1_025)), "description", Code::TooLong(1_024)),
        (with(|f| f.kind = String::new()), "kind", Code::Required),
        (with(|f| f.kind = "distribution".into()), "kind", Code::NotOffered),
        (with(|f| f.membership = "magic".into()), "membership", Code::NotOffered),
        (
            dynamic("Sales", "user.department -is \"Sales\""),
            "rule",
            Code::Rule(RuleFault::Operator, 17),
        ),
        (dynamic("Sales", ""), "rule", Code::Required),
    ] {
        let error = groups::create(app, &admin(), &form).await.expect_err("refused");
        assert_eq!(codes(error), [(path.to_owned(), code)]);
    }
    let mut forged = dynamic("Sales", "user.department -eq \"Sales\"");
    forged.members = vec![UserId(unknown())];
    let error = groups::create(app, &admin(), &forged).await.expect_err("refused");
    assert_eq!(codes(error), [("members".to_owned(), Code::NotOffered)]);
    assert!(trail(app).await.is_empty());
    make(app, &with(|f| f.description = "🏦".repeat(1_024))).await;
}

async fn f005_a_name_is_taken_whatever_its_case_and_blanks(bench: TestApp) {
    let app = &bench.app;
    let id = make(app, &form("Marketing resources")).await;
    for name in ["MARKETING RESOURCES", "Marketing resources ", "marketing  resources"] {
        let error = groups::create(app, &admin(), &form(name)).await.expect_err("taken");
        assert_eq!(codes(error), [("name".to_owned(), Code::Taken)]);
    }
    let other = make(app, &form("Other")).await;
    let error = groups::update(app, &admin(), other, 1, &form("Marketing Resources")).await;
    assert_eq!(codes(error.expect_err("taken")), [("name".to_owned(), Code::Taken)]);
    groups::delete(app, &admin(), id, 1).await.expect("deleted");
    make(app, &form("Marketing resources")).await;
}

async fn f008_a_plain_user_is_refused_and_nothing_changes(bench: TestApp) {
    let app = &bench.app;
    let id = make(app, &form("Marketing resources")).await;
    let who = person(app, "Requestor1", "").await;
    let plain = actor(DirectoryRole::User);
    let before = trail(app).await.len();
    for error in [
        groups::list(app, &plain, &GroupQuery::default()).await.map(|_| ()),
        groups::get(app, &plain, id).await.map(|_| ()),
        groups::create(app, &plain, &GroupForm::default()).await.map(|_| ()),
        groups::update(app, &plain, id, 1, &GroupForm::default()).await.map(|_| ()),
        groups::delete(app, &plain, id, 1).await,
        groups::members(app, &plain, &query(id, GroupRole::Member)).await.map(|_| ()),
        groups::add_members(app, &plain, id, GroupRole::Owner, &[who]).await.map(|_| ()),
        groups::remove_member(app, &plain, id, GroupRole::Member, who).await,
    ] {
        assert_eq!(refused(error.expect_err("refused")).0, "needs-role");
    }
    assert_eq!((get(app, id).await.owners, trail(app).await.len()), (0, before));
}

async fn a_group_is_changed_but_never_its_kind(bench: TestApp) {
    let app = &bench.app;
    let id = make(app, &form("Marketing resources")).await;
    let wanted = GroupForm {
        description: "For the campaign".into(),
        ..form("Marketing things")
    };
    assert_eq!(groups::update(app, &admin(), id, 1, &wanted).await.expect("changed"), 2);
    assert_eq!(groups::update(app, &admin(), id, 2, &wanted).await.expect("unchanged"), 2);
    let group = get(app, id).await;
    assert_eq!(
        (group.item.name.as_str(), group.item.description.as_str()),
        ("Marketing things", "For the campaign")
    );
    let forged = GroupForm {
        kind: "microsoft365".into(),
        ..dynamic("Marketing things", "user.userType -eq \"Member\"")
    };
    let error = groups::update(app, &admin(), id, 2, &forged).await.expect_err("forged");
    let expected = [("kind".to_owned(), Code::NotOffered), ("membership".to_owned(), Code::NotOffered)];
    assert_eq!(codes(error), expected);
    assert_eq!(get(app, id).await.rule, None);
    let found = GroupQuery {
        search: "thin".into(),
        ..GroupQuery::default()
    };
    assert_eq!(groups::list(app, &admin(), &found).await.expect("a page").items.len(), 1);
}

async fn of_two_administrators_the_second_is_told(bench: TestApp) {
    let app = &bench.app;
    let id = make(app, &form("Marketing resources")).await;
    groups::update(app, &admin(), id, 1, &form("Renamed")).await.expect("the first");
    for error in [
        groups::update(app, &admin(), id, 1, &form("Named again")).await.map(|_| ()),
        groups::delete(app, &admin(), id, 1).await,
    ] {
        assert!(
            matches!(&error, Err(Error::Conflict(text)) if text.contains("Renamed")),
            "{error:?}"
        );
    }
    assert_eq!(get(app, id).await.item.name, "Renamed");
}

async fn a_rule_decides_who_is_a_member(bench: TestApp) {
    let app = &bench.app;
    person(app, "Ada", "Sales").await;
    let bo = person(app, "Bo", "Legal").await;
    person(app, "Cid", "sales").await;
    let id = make(app, &dynamic("Sales", "user.department -eq \"Sales\"")).await;
    assert_eq!(names(&members(app, id).await), ["Ada", "Cid"]);
    assert!(members(app, id).await.iter().all(|m| m.by_rule && !m.direct && m.until.is_none()));
    let legal = dynamic("Sales", "user.department -eq \"Legal\" -or user.displayName -startsWith \"c\"");
    groups::update(app, &admin(), id, 1, &legal).await.expect("changed");
    assert_eq!(names(&members(app, id).await), ["Bo", "Cid"]);
    // A15: who joined and who left stands in the trail.
    let told = trail(app).await;
    let told: Vec<&str> = told[told.len() - 3..].iter().map(|(_, detail)| detail.as_str()).collect();
    assert_eq!(
        told,
        ["By its rule 1 joined and 1 left.", "By the group's rule.", "By the group's rule."]
    );

    let group = get(app, id).await;
    assert_eq!(group.edit_members.refusal().expect("refused").rule, "members-by-rule");
    let error = groups::add_members(app, &admin(), id, GroupRole::Member, &[bo])
        .await
        .expect_err("refused");
    assert_eq!(refused(error).0, "members-by-rule");
    let error = groups::remove_member(app, &admin(), id, GroupRole::Member, bo)
        .await
        .expect_err("refused");
    assert_eq!(refused(error).0, "members-by-rule");
    assert_eq!(
        groups::add_members(app, &admin(), id, GroupRole::Owner, &[bo])
            .await
            .expect("an owner"),
        1
    );
    groups::remove_member(app, &admin(), id, GroupRole::Owner, bo)
        .await
        .expect("no owner");
    assert_eq!(get(app, id).await.owners, 0);
}

async fn f036_members_say_by_what_they_belong(bench: TestApp) {
    let app = &bench.app;
    let id = make(app, &form("Marketing resources")).await;
    let requestor = person(app, "Requestor1", "").await;
    let by_hand = person(app, "By hand", "").await;
    groups::add_members(app, &admin(), id, GroupRole::Member, &[by_hand])
        .await
        .expect("added");
    let package = campaign(app, id, requestor).await;
    let listed = members(app, id).await;
    assert_eq!(names(&listed), ["By hand", "Requestor1"]);
    assert_eq!((listed[0].direct, listed[0].until, listed[0].packages.len()), (true, None, 0));
    assert_eq!((listed[1].direct, listed[1].by_rule), (false, false));
    assert_eq!(listed[1].until, Some(app.clock.now() + Duration::days(30)));
    assert_eq!(
        (listed[1].packages[0].id, listed[1].packages[0].name.as_str()),
        (package, "Marketing Campaign")
    );
    assert_eq!((listed[1].user_name.as_str(), get(app, id).await.members), ("requestor1", 2));

    bench.clock.advance(Duration::days(30));
    assert_eq!(
        names(&members(app, id).await),
        ["By hand"],
        "F126: access is over though no worker has come"
    );
    assert_eq!(get(app, id).await.members, 1);
}

async fn f036_a_membership_from_a_package_is_not_taken_by_hand(bench: TestApp) {
    let app = &bench.app;
    let id = make(app, &form("Marketing resources")).await;
    let requestor = person(app, "Requestor1", "").await;
    campaign(app, id, requestor).await;
    let error = groups::remove_member(app, &admin(), id, GroupRole::Member, requestor)
        .await
        .expect_err("refused");
    let (rule, reason) = refused(error);
    assert_eq!(rule, "given-by-package");
    assert!(reason.contains("Marketing Campaign"), "{reason}");

    groups::add_members(app, &admin(), id, GroupRole::Member, &[requestor])
        .await
        .expect("by hand too");
    assert_eq!(members(app, id).await[0].until, None);
    groups::remove_member(app, &admin(), id, GroupRole::Member, requestor)
        .await
        .expect("removed");
    let left = members(app, id).await;
    assert_eq!(
        (left.len(), left[0].direct, left[0].until),
        (1, false, Some(app.clock.now() + Duration::days(30)))
    );
    assert_eq!(trail(app).await.pop().expect("a row").1, "Still given by Marketing Campaign.");
}

async fn members_are_added_once_and_only_if_they_are_there(bench: TestApp) {
    let app = &bench.app;
    let id = make(app, &form("Marketing resources")).await;
    let (one, two) = (person(app, "One", "").await, person(app, "Two", "").await);
    let add = async |people: &[UserId]| groups::add_members(app, &admin(), id, GroupRole::Member, people).await;
    assert_eq!(add(&[one, one]).await.expect("added"), 1);
    assert_eq!(add(&[one, two]).await.expect("added"), 1);
    assert_eq!(add(&[one]).await.expect("nothing to add"), 0);
    assert_eq!(codes(add(&[]).await.expect_err("nobody")), [("users".to_owned(), Code::Required)]);
    let gone = vec![("users".to_owned(), Code::Gone)];
    assert_eq!(codes(add(&[UserId(unknown())]).await.expect_err("unknown")), gone);
    let many: Vec<UserId> = (0..201).map(|_| UserId(unknown())).collect();
    let too_many = add(&many).await.expect_err("too many");
    assert!(matches!(too_many, Error::Refused(refusal) if refusal.rule == "limit-reached"));

    users::delete(app, &admin(), two, 1).await.expect("deleted");
    assert_eq!(names(&members(app, id).await), ["One"]);
    assert_eq!(codes(add(&[two]).await.expect_err("deleted")), gone);
    users::restore(app, &admin(), two, 2).await.expect("restored");
    assert_eq!(names(&members(app, id).await), ["One", "Two"]);

    groups::remove_member(app, &admin(), id, GroupRole::Member, one)
        .await
        .expect("removed");
    let again = groups::remove_member(app, &admin(), id, GroupRole::Member, one).await;
    assert!(matches!(again, Err(Error::NotFound)));
    let found = MemberQuery {
        search: "tw".into(),
        ..query(id, GroupRole::Member)
    };
    assert_eq!(groups::members(app, &admin(), &found).await.expect("a page").items.len(), 1);
}

async fn f043_a_group_is_deleted_only_when_no_package_uses_it(bench: TestApp) {
    let app = &bench.app;
    let id = make(app, &form("Marketing resources")).await;
    let requestor = person(app, "Requestor1", "").await;
    let package = campaign(app, id, requestor).await;
    let group = get(app, id).await;
    assert_eq!(group.packages[0].name, "Marketing Campaign");
    let shown = group.delete.reason().expect("refused");
    let (rule, reason) = refused(groups::delete(app, &admin(), id, 1).await.expect_err("in use"));
    assert_eq!((rule.as_str(), reason), ("group-in-use", shown));
    assert_eq!(get(app, id).await.version, 1);

    let mut tx = app.store.write().await.expect("tx");
    tx.exec("DELETE FROM package_roles WHERE package_id = $1", args![package])
        .await
        .expect("removed");
    tx.commit().await.expect("commit");
    groups::delete(app, &admin(), id, 1).await.expect("deleted");
    assert!(matches!(groups::get(app, &admin(), id).await, Err(Error::NotFound)));
    let page = groups::list(app, &admin(), &GroupQuery::default()).await.expect("a page");
    assert_eq!((page.items.len(), page.total), (0, Some(0)));
    assert_eq!(trail(app).await.pop().expect("a row").0, Activity::DeleteGroup.as_str());
}

async fn f043_a_deleted_user_keeps_nothing_from_packages(bench: TestApp) {
    let app = &bench.app;
    let id = make(app, &form("Marketing resources")).await;
    let requestor = person(app, "Requestor1", "").await;
    campaign(app, id, requestor).await;
    assert_eq!(get(app, id).await.members, 1);
    users::delete(app, &admin(), requestor, 1).await.expect("deleted");
    assert_eq!(get(app, id).await.members, 0);
    worker::drain(app).await.expect("worked");
    users::restore(app, &admin(), requestor, 2).await.expect("restored");
    assert_eq!(get(app, id).await.members, 0, "what ended stays ended");
    let mut tx = app.store.read().await.expect("tx");
    let ended: (String, Option<String>) = tx
        .one("SELECT state, end_reason FROM assignments", args![])
        .await
        .expect("the assignment");
    assert_eq!(ended, ("expired".to_owned(), Some("user_deleted".to_owned())));
    let left: i64 = tx.value("SELECT count(*) FROM memberships", args![]).await.expect("a count");
    assert_eq!(left, 0);
    assert!(worker::check(app).await.expect("checked").faults.is_empty());
}

async fn unknown_ids_are_not_found(bench: TestApp) {
    let app = &bench.app;
    let (id, who) = (ObjectId(unknown()), person(app, "Requestor1", "").await);
    let group = make(app, &form("Marketing resources")).await;
    for error in [
        groups::get(app, &admin(), id).await.map(|_| ()),
        groups::update(app, &admin(), id, 1, &form("x")).await.map(|_| ()),
        groups::delete(app, &admin(), id, 1).await,
        groups::members(app, &admin(), &query(id, GroupRole::Owner)).await.map(|_| ()),
        groups::add_members(app, &admin(), id, GroupRole::Member, &[who]).await.map(|_| ()),
        groups::remove_member(app, &admin(), id, GroupRole::Member, who).await,
        groups::remove_member(app, &admin(), group, GroupRole::Member, UserId(unknown())).await,
    ] {
        assert!(matches!(error, Err(Error::NotFound)), "{error:?}");
    }
}

async fn groups_are_found_filtered_and_paged(bench: TestApp) {
    let app = &bench.app;
    make(app, &form("Marketing resources")).await;
    make(app, &form("Marketing archive")).await;
    make(
        app,
        &GroupForm {
            kind: "microsoft365".into(),
            ..form("Harbour team")
        },
    )
    .await;
    make(app, &dynamic("All guests", "user.userType -eq \"Guest\"")).await;
    let names = async |query: GroupQuery| -> Vec<String> {
        let page = groups::list(app, &admin(), &query).await.expect("a page");
        page.items.into_iter().map(|item| item.name).collect()
    };
    let all = GroupQuery::default();
    assert_eq!(
        names(all.clone()).await,
        ["All guests", "Harbour team", "Marketing archive", "Marketing resources"]
    );
    let searched = GroupQuery {
        search: "mark res".into(),
        ..all.clone()
    };
    assert_eq!(names(searched).await, ["Marketing resources"]);
    let of_kind = GroupQuery {
        kind: Some(GroupKind::Microsoft365),
        ..all.clone()
    };
    assert_eq!(names(of_kind).await, ["Harbour team"]);
    let ruled = GroupQuery {
        membership: Some(MembershipType::Dynamic),
        ..all.clone()
    };
    assert_eq!(names(ruled).await, ["All guests"]);
    let sized = |page: PageQuery| GroupQuery {
        page: PageQuery { size: 3, ..page },
        ..all.clone()
    };
    let first = groups::list(app, &admin(), &sized(PageQuery::default())).await.expect("a page");
    let second = sized(PageQuery {
        after: first.next,
        ..PageQuery::default()
    });
    let second = groups::list(app, &admin(), &second).await.expect("a page");
    assert_eq!((second.items.len(), second.next.is_none()), (1, true));
    let back = sized(PageQuery {
        before: second.previous,
        ..PageQuery::default()
    });
    assert_eq!(names(back).await.len(), 3);
}

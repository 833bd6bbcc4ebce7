//! The end of guests' accounts on both databases.

use chrono::Duration;

use super::{end_leavers, govern};
use crate::args;
use crate::both_databases;
use crate::domain::access::{HeldRole, Principal, Role};
use crate::domain::assignment::{AssignmentFilter, AssignmentQuery};
use crate::domain::external_user::{ExternalUserAction, UserLifecycle};
use crate::domain::id::{PackageId, UserId};
use crate::domain::page::PageQuery;
use crate::domain::setting::TenantSettings;
use crate::domain::user::{DirectoryRole, UserKind};
use crate::service::packages::tests::world::{Fixture, rule};
use crate::service::{Error, assignments, settings, users};
use crate::testing::{TestApp, id_of};

both_databases!(
    f161_a_governed_guest_is_blocked_when_access_ends_and_deleted_after_the_days,
    f161_with_no_days_a_guest_is_deleted_at_once,
    f161_who_is_not_governed_or_has_access_stays,
    f161_a_guest_who_is_let_in_again_begins_anew,
    f162_guests_are_marked_as_governed_where_one_may,
);

async fn guest(w: &Fixture, name: &str) -> Principal {
    let person = w.person(name, DirectoryRole::User).await;
    w.exec("UPDATE users SET kind = 'guest' WHERE id = $1", args![id_of(&person)]).await;
    Principal::user(id_of(&person), name, name.to_lowercase(), UserKind::Guest)
}

/// How an account stands: may sign in, was deleted.
async fn account(w: &Fixture, id: UserId) -> (bool, bool) {
    let mut tx = w.app.store.read().await.expect("tx");
    let found = crate::store::users::find(&mut tx, id).await.expect("read").expect("there");
    (found.enabled, found.deleted_at.is_some())
}

async fn set(w: &Fixture, action: ExternalUserAction, days: i64) {
    let now = settings::get(&w.app, &w.admin).await.expect("settings");
    let form = TenantSettings {
        external_user_action: action,
        external_user_days: days,
        ..now
    };
    settings::update(&w.app, &w.admin, &form).await.expect("set");
}

async fn had(w: &Fixture, package: PackageId, guest: &Principal) {
    let end = w.app.clock.now() - Duration::minutes(1);
    w.assign(package, id_of(guest), "expired", Some(end)).await;
}

async fn f161_a_governed_guest_is_blocked_when_access_ends_and_deleted_after_the_days(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let package = w.package("Campaign", &[]).await;
    let eve = guest(&w, "Eve").await;
    let id = id_of(&eve);
    govern(&w.app, &w.admin, id, true).await.expect("governed");
    end_leavers(&w.app).await.expect("looked");
    assert_eq!(account(&w, id).await, (true, false), "who never had access stays");
    had(&w, package, &eve).await;
    for _ in 0..2 {
        end_leavers(&w.app).await.expect("looked");
        assert_eq!(account(&w, id).await, (false, false));
    }
    w.bench.clock.advance(Duration::days(29));
    end_leavers(&w.app).await.expect("looked");
    assert_eq!(account(&w, id).await, (false, false));
    w.bench.clock.advance(Duration::days(1));
    for _ in 0..2 {
        end_leavers(&w.app).await.expect("looked");
        assert_eq!(account(&w, id).await, (false, true));
    }
    let trail = w.trail().await;
    let of = |activity: &str| trail.iter().filter(|row| *row == activity).count();
    assert_eq!((of("block_user"), of("delete_user"), of("govern_guest")), (1, 1, 1));
}

async fn f161_with_no_days_a_guest_is_deleted_at_once(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let package = w.package("Campaign", &[]).await;
    let (eve, pia, ann) = (guest(&w, "Eve").await, guest(&w, "Pia").await, guest(&w, "Ann").await);
    for person in [&eve, &pia, &ann] {
        govern(&w.app, &w.admin, id_of(person), true).await.expect("governed");
    }
    set(&w, ExternalUserAction::Nothing, 0).await;
    had(&w, package, &eve).await;
    end_leavers(&w.app).await.expect("looked");
    assert_eq!(account(&w, id_of(&eve)).await, (true, false));
    set(&w, ExternalUserAction::BlockAndDelete, 0).await;
    end_leavers(&w.app).await.expect("looked");
    assert!(account(&w, id_of(&eve)).await.1);
    set(&w, ExternalUserAction::Block, 0).await;
    had(&w, package, &pia).await;
    end_leavers(&w.app).await.expect("looked");
    w.bench.clock.advance(Duration::days(99));
    end_leavers(&w.app).await.expect("looked");
    assert_eq!(account(&w, id_of(&pia)).await, (false, false));
    let bad = TenantSettings {
        external_user_days: -1,
        ..settings::get(&w.app, &w.admin).await.expect("settings")
    };
    assert!(matches!(settings::update(&w.app, &w.admin, &bad).await, Err(Error::Invalid(_))));
}

async fn f161_who_is_not_governed_or_has_access_stays(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let (package, other, third) = (
        w.package("Campaign", &[]).await,
        w.package("Other", &[]).await,
        w.package("Third", &[]).await,
    );
    let (ungoverned, holder, asking, blocked) = (
        guest(&w, "Una").await,
        guest(&w, "Hal").await,
        guest(&w, "Asa").await,
        guest(&w, "Bo").await,
    );
    for person in [&holder, &asking, &blocked] {
        govern(&w.app, &w.admin, id_of(person), true).await.expect("governed");
    }
    for person in [&ungoverned, &holder, &asking, &blocked] {
        had(&w, package, person).await;
    }
    w.assign(other, id_of(&holder), "delivered", None).await;
    w.request(third, id_of(&asking), "pending_approval").await;
    // Whom an administrator has blocked is left to them.
    w.exec("UPDATE users SET enabled = FALSE WHERE id = $1", args![id_of(&blocked)])
        .await;
    // Whoever administers something is left to administrators too.
    let admin = guest(&w, "Adi").await;
    govern(&w.app, &w.admin, id_of(&admin), true).await.expect("governed");
    had(&w, package, &admin).await;
    w.exec(
        "INSERT INTO role_assignments (id, role, user_id, created_at) VALUES ($1, 'catalog_creator', $2, $3)",
        args![w.app.ids.id(w.app.clock.now()), id_of(&admin), w.app.clock.now()],
    )
    .await;
    for _ in 0..2 {
        end_leavers(&w.app).await.expect("looked");
        w.bench.clock.advance(Duration::days(40));
    }
    for (person, enabled) in [
        (&ungoverned, true),
        (&holder, true),
        (&asking, true),
        (&blocked, false),
        (&admin, true),
    ] {
        assert_eq!(account(&w, id_of(person)).await, (enabled, false), "{}", person.name);
    }
}

async fn f161_a_guest_who_is_let_in_again_begins_anew(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let package = w.package("Campaign", &[]).await;
    let eve = guest(&w, "Eve").await;
    let id = id_of(&eve);
    govern(&w.app, &w.admin, id, true).await.expect("governed");
    had(&w, package, &eve).await;
    end_leavers(&w.app).await.expect("looked");
    let version = users::get(&w.app, &w.admin, id).await.expect("the guest").version;
    users::set_enabled(&w.app, &w.admin, id, version, true).await.expect("unblocked");
    govern(&w.app, &w.admin, id, false).await.expect("not governed");
    w.bench.clock.advance(Duration::days(40));
    end_leavers(&w.app).await.expect("looked");
    assert_eq!(account(&w, id).await, (true, false));
    govern(&w.app, &w.admin, id, true).await.expect("governed");
    end_leavers(&w.app).await.expect("looked");
    assert_eq!(account(&w, id).await, (false, false), "the days begin anew");
    w.bench.clock.advance(Duration::days(30));
    end_leavers(&w.app).await.expect("looked");
    assert_eq!(account(&w, id).await, (false, true));
    // A restored account is not deleted at once again.
    let version = users::get(&w.app, &w.admin, id).await.expect("the guest").version;
    users::restore(&w.app, &w.admin, id, version).await.expect("restored");
    end_leavers(&w.app).await.expect("looked");
    assert_eq!(account(&w, id).await, (false, false));
}

async fn f162_guests_are_marked_as_governed_where_one_may(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let package = w.package("Campaign", &[]).await;
    let eve = guest(&w, "Eve").await;
    w.assign(package, id_of(&eve), "delivered", None).await;
    w.assign(package, id_of(&w.user), "delivered", None).await;
    let query = AssignmentQuery {
        package,
        filter: AssignmentFilter::All,
        policy: None,
        search: String::new(),
        page: PageQuery::default(),
    };
    let listed = async || {
        let page = assignments::list(&w.app, &w.admin, &query).await.expect("a page");
        let mut items = page.items;
        items.sort_by(|one, other| one.target.name.cmp(&other.target.name));
        items
    };
    let items = listed().await;
    assert_eq!((items[0].lifecycle, items[1].lifecycle), (Some(UserLifecycle::Ungoverned), None));
    assert!(items[0].govern.is_allowed() && !items[1].govern.is_allowed());
    let ids: Vec<_> = items.iter().map(|item| item.id).collect();
    let mut manager = w.person("Manager1", DirectoryRole::User).await;
    assert_eq!(rule(assignments::govern(&w.app, &manager, &ids).await), "needs-role");
    assert_eq!(rule(govern(&w.app, &manager, id_of(&eve), true).await), "needs-role");
    manager.roles.push(HeldRole {
        role: Role::AssignmentManager,
        catalog: Some(w.general),
    });
    let results = assignments::govern(&w.app, &manager, &ids).await.expect("done");
    let refused: Vec<_> = results
        .iter()
        .filter_map(|result| result.refused.as_ref())
        .map(|refusal| refusal.rule.as_str())
        .collect();
    assert_eq!(refused, ["not-a-guest"]);
    let items = listed().await;
    assert_eq!((items[0].lifecycle, items[1].lifecycle), (Some(UserLifecycle::Governed), None));
    assert!(!items[0].govern.is_allowed());
    govern(&w.app, &manager, id_of(&eve), false).await.expect("not governed");
    let stranger = guest(&w, "Sam").await;
    assert!(matches!(
        govern(&w.app, &manager, id_of(&stranger), true).await,
        Err(Error::NotFound)
    ));
    govern(&w.app, &w.admin, id_of(&stranger), true).await.expect("governed");
}

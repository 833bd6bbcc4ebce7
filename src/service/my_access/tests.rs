//! Suggestions, on both databases: whose packages count, and what they never tell.

use super::offers;
use crate::args;
use crate::both_databases;
use crate::domain::id::{PackageId, UserId};
use crate::domain::object::Subject;
use crate::domain::offer::{OfferQuery, OfferTab};
use crate::domain::page::PageQuery;
use crate::domain::setting::TenantSettings;
use crate::domain::user::DirectoryRole;
use crate::service::packages::tests::world::Fixture;
use crate::service::settings;
use crate::testing::{TestApp, id_of};

both_databases!(
    f148_what_several_people_around_one_have_is_suggested,
    f148_nothing_is_suggested_unless_it_is_switched_on,
);

async fn suggested(w: &Fixture) -> Vec<String> {
    let query = OfferQuery {
        tab: OfferTab::Suggested,
        search: String::new(),
        page: PageQuery::default(),
    };
    let page = offers(&w.app, &w.user, &query).await.expect("offers");
    assert!(page.items.iter().all(|offer| offer.request.is_allowed()), "{:?}", page.items);
    page.items.into_iter().map(|offer| offer.name).collect()
}

async fn switch(w: &Fixture, suggestions: bool) {
    let form = TenantSettings {
        suggestions,
        ..settings::get(&w.app, &w.admin).await.expect("settings")
    };
    settings::update(&w.app, &w.admin, &form).await.expect("saved");
}

/// A manager, and people who report to the same one or to the requestor.
struct Team {
    manager: UserId,
    peer: UserId,
    report: UserId,
    stranger: UserId,
}

async fn team(w: &Fixture) -> Team {
    let mut ids = Vec::new();
    for name in ["Manager", "Peer", "Report", "Stranger"] {
        ids.push(id_of(&w.person(name, DirectoryRole::User).await));
    }
    let [manager, peer, report, stranger] = ids[..] else {
        panic!("four people")
    };
    for (user, boss) in [(id_of(&w.user), manager), (peer, manager), (report, id_of(&w.user))] {
        w.exec("UPDATE users SET manager_id = $1 WHERE id = $2", args![boss, user]).await;
    }
    Team {
        manager,
        peer,
        report,
        stranger,
    }
}

async fn package(w: &Fixture, name: &str) -> PackageId {
    w.package_for(name, &[Subject::User(id_of(&w.user))]).await
}

async fn f148_what_several_people_around_one_have_is_suggested(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let team = team(&w).await;
    switch(&w, true).await;
    let now = w.app.clock.now();
    let held = [
        ("Manager and peer", vec![team.manager, team.peer]),
        ("Peer and report", vec![team.peer, team.report]),
        ("Manager alone", vec![team.manager]),
        ("Peer and a stranger", vec![team.peer, team.stranger]),
        ("All, and oneself", vec![team.manager, team.peer, team.report, id_of(&w.user)]),
    ];
    for (name, users) in held {
        let package = package(&w, name).await;
        for user in users {
            w.assign(package, user, "delivered", None).await;
        }
    }
    let own = package(&w, "Had before").await;
    w.assign(own, id_of(&w.user), "expired", Some(now)).await;
    let closed = w.package_for("Not for one", &[Subject::User(team.peer)]).await;
    let over = package(&w, "Over for the others").await;
    let hidden = package(&w, "Hidden").await;
    w.exec("UPDATE packages SET hidden = TRUE WHERE id = $1", args![hidden]).await;
    for user in [team.manager, team.peer] {
        w.assign(closed, user, "delivered", None).await;
        w.assign(over, user, "delivered", Some(now)).await;
        w.assign(hidden, user, "delivered", None).await;
    }
    assert_eq!(suggested(&w).await, ["Had before", "Manager and peer", "Peer and report"]);
    // Whoever is deleted is not around one any more.
    w.delete("users", team.manager).await;
    assert_eq!(suggested(&w).await, ["Had before", "Peer and report"]);
}

async fn f148_nothing_is_suggested_unless_it_is_switched_on(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let team = team(&w).await;
    let package = package(&w, "Campaign").await;
    for user in [team.manager, team.peer] {
        w.assign(package, user, "delivered", None).await;
    }
    assert_eq!(suggested(&w).await, Vec::<String>::new());
    switch(&w, true).await;
    assert_eq!(suggested(&w).await, ["Campaign"]);
    switch(&w, false).await;
    assert_eq!(suggested(&w).await, Vec::<String>::new());
}

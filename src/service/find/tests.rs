//! Find anything, on both databases and within what the reader may see.

use super::anything;
use crate::both_databases;
use crate::domain::access::{HeldRole, Principal, Role};
use crate::domain::find::{HITS_MAX, HitKind};
use crate::domain::object::ObjectKind;
use crate::domain::user::DirectoryRole;
use crate::service::packages::tests::world::{Fixture, rule};
use crate::testing::{TestApp, id_of, unknown};

both_databases!(
    f064_one_search_finds_every_kind_of_thing,
    f178_a_search_finds_only_what_its_reader_may_see,
);

async fn found(w: &Fixture, actor: &Principal, text: &str) -> Vec<(HitKind, String)> {
    let hits = anything(&w.app, actor, text).await.expect("hits");
    assert!(hits.iter().all(|hit| hit.href.starts_with('/')), "{hits:?}");
    hits.into_iter().map(|hit| (hit.kind, hit.name)).collect()
}

async fn f064_one_search_finds_every_kind_of_thing(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let group = w.group("Marketing team", false).await;
    w.object(ObjectKind::Application, "Marketing mailer", &["Default Access"], false)
        .await;
    w.object(ObjectKind::Site, "Marketing site", &["Visitor"], false).await;
    let package = w.package("Marketing campaign", &[group.row(0)]).await;
    let request = w.request(package, id_of(&w.user), "delivered").await;
    let wanted: Vec<(HitKind, String)> = [
        (HitKind::Group, "Marketing team"),
        (HitKind::Package, "Marketing campaign"),
        (HitKind::Application, "Marketing mailer"),
        (HitKind::Site, "Marketing site"),
    ]
    .map(|(kind, name)| (kind, name.to_owned()))
    .to_vec();
    assert_eq!(found(&w, &w.admin, "mark").await, wanted);
    assert_eq!(found(&w, &w.admin, "camp mark").await, wanted[1..2]);
    assert_eq!(
        found(&w, &w.admin, "requestor1").await,
        [(HitKind::Person, "Requestor1".to_owned())]
    );
    assert_eq!(found(&w, &w.admin, "gener").await, [(HitKind::Catalog, "General".to_owned())]);
    let by_number = [(HitKind::Request, "Marketing campaign for Requestor1".to_owned())];
    let id = request.to_string();
    assert_eq!(found(&w, &w.admin, &id).await, by_number);
    assert_eq!(found(&w, &w.admin, &id.replace('-', "")[..28]).await, by_number);
    assert_eq!(found(&w, &w.admin, "audit").await, [(HitKind::Page, "Audit logs".to_owned())]);
    assert_eq!(
        found(&w, &w.admin, "create group").await,
        [(HitKind::Action, "New group".to_owned())]
    );
    let all = found(&w, &w.admin, "  ").await;
    assert!(
        all.iter().all(|(kind, _)| matches!(kind, HitKind::Page | HitKind::Action)) && all.len() > 10,
        "{all:?}"
    );
    for nothing in ["%", "'; DROP TABLE users", &unknown().to_string(), &"x".repeat(5_000)] {
        assert_eq!(found(&w, &w.admin, nothing).await, [], "{nothing}");
    }
    for number in 0..HITS_MAX + 2 {
        w.group(&format!("Zebra {number}"), false).await;
    }
    assert_eq!(found(&w, &w.admin, "zebra").await.len(), HITS_MAX);
}

async fn f178_a_search_finds_only_what_its_reader_may_see(bench: TestApp) {
    let w = Fixture::new(bench).await;
    let group = w.group("Marketing team", false).await;
    let package = w.package("Marketing campaign", &[group.row(0)]).await;
    let request = w.request(package, id_of(&w.user), "delivered").await;
    assert_eq!(rule(anything(&w.app, &w.user, "mark").await), "needs-role");
    let held = |role, catalog| {
        let mut actor = w.user.clone();
        actor.roles.push(HeldRole {
            role,
            catalog: Some(catalog),
        });
        actor
    };
    let elsewhere = held(Role::CatalogOwner, unknown().into());
    assert_eq!(found(&w, &elsewhere, "mark").await, []);
    assert_eq!(found(&w, &elsewhere, &request.to_string()).await, []);
    let reader = held(Role::CatalogReader, w.general);
    assert_eq!(
        found(&w, &reader, "mark").await,
        [(HitKind::Package, "Marketing campaign".to_owned())]
    );
    assert_eq!(found(&w, &reader, &request.to_string()).await, [], "readers see no requests");
    assert_eq!(found(&w, &reader, "audit").await, [], "and no trail");
    let mut strict = w.person("Strict", DirectoryRole::UserAdministrator).await;
    strict.strict_roles = true;
    assert_eq!(found(&w, &strict, "mark").await, [(HitKind::Group, "Marketing team".to_owned())]);
}

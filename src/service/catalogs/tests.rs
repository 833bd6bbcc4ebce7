//! Catalogs and the Select panes on both databases.

use super::{ensure_general, get, list, resources};
use crate::both_databases;
use crate::domain::catalog::{CatalogQuery, ResourceQuery};
use crate::domain::object::{ObjectKind, ObjectQuery, SubjectQuery};
use crate::domain::page::PageQuery;
use crate::domain::user::DirectoryRole;
use crate::service::packages::tests::world::{Fixture, rule};
use crate::service::{Error, objects};
use crate::testing::{TestApp, unknown};

both_databases!(
    f006_general_is_made_once_and_enabled,
    f014_f043_resources_tell_their_packages_and_what_is_gone,
    f012_f013_groups_are_found_in_the_catalog_and_by_see_all,
    f015_applications_and_sites_come_with_their_roles,
    f018_users_and_groups_stand_in_one_list,
    f008_a_plain_user_finds_nothing,
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
    assert_eq!(get(&w.app, &w.admin, w.general).await.expect("get"), *general);
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

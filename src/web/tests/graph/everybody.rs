//! Everybody at every address of the API: each role in the right catalog and beside it, nobody, and a client that may only read. What they
//! are answered is compared with the table of routes and the table of roles, and a refused call must have changed nothing.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::story::Story;
use super::{Client, Reply};
use crate::both_databases;
use crate::domain::access::{Ceiling, HeldRole, Principal, Role, Scope};
use crate::domain::client::{ApiPermission, GrantKind};
use crate::domain::id::CatalogId;
use crate::domain::text::StringEnum;
use crate::domain::user::UserKind;
use crate::testing::TestApp;
use crate::web::endpoints::{Access, Found};
use crate::web::graph::{Route, TABLES, Verb};

both_databases!(f176_f178_everybody_is_answered_by_the_api_what_the_table_says);

/// What the keys of paths stand for, all of them of the catalog that some callers hold roles in, and of the other.
struct Things {
    catalog: CatalogId,
    keys: Vec<(&'static str, String)>,
}

impl Things {
    async fn of(story: &Story, package: &str) -> Self {
        let a = &story.admin;
        let read = a
            .get(&format!(
                "EM/accessPackages/{package}?$expand=catalog,assignmentPolicies,resourceRoleScopes"
            ))
            .await
            .is(200);
        let text = |pointer: &str| read.json.pointer(pointer).and_then(Value::as_str).unwrap_or("none").to_owned();
        let catalog = text("/catalog/id");
        let resources = a.get(&format!("EM/catalogs/{catalog}/resources")).await.is(200);
        let requests = a
            .get(&format!("EM/assignmentRequests?$filter=accessPackage/id eq '{package}'"))
            .await
            .is(200);
        let assignments = a
            .get(&format!("EM/assignments?$filter=accessPackage/id eq '{package}'"))
            .await
            .is(200);
        let first = |reply: &Reply| reply.each("id").first().map_or("none".to_owned(), |id| (*id).to_owned());
        let keys = vec![
            ("catalog", catalog.clone()),
            ("package", package.to_owned()),
            ("policy", text("/assignmentPolicies/0/id")),
            ("resource", first(&resources)),
            ("request", first(&requests)),
            ("assignment", first(&assignments)),
            ("user", story.user_id.clone()),
            ("group", story.group.clone()),
            ("other", story.group.clone()),
            ("role", text("/resourceRoleScopes/0/id")),
        ];
        Self {
            catalog: catalog.parse().expect("an id"),
            keys,
        }
    }

    /// The address of a route about these things.
    fn path(&self, route: &Route) -> String {
        let mut parts = Vec::new();
        for part in route.parts() {
            let key = part.trim_matches(['{', '}']);
            let known = self.keys.iter().find(|(name, _)| *name == key && part.starts_with('{'));
            parts.push(match known {
                Some((_, id)) => id.clone(),
                None if part.starts_with('{') => "00000000-0000-0000-0000-000000000007".to_owned(),
                None => part.replace("()", "(on='target')"),
            });
        }
        let bound = route.verb == Verb::Delete && route.path.ends_with("/$ref") && !route.path.ends_with("}/$ref");
        let query = if bound {
            format!("?@id=https://x/{}", self.bound())
        } else {
            String::new()
        };
        format!("/v1.0/{}{query}", parts.join("/"))
    }

    /// What a reference names: the group.
    fn bound(&self) -> String {
        let group = self.keys.iter().find(|(name, _)| *name == "group");
        group.map_or_else(String::new, |(_, id)| format!("groups/{id}"))
    }

    /// What is sent, so far that it is known in which catalog something is to be done.
    fn body(&self, route: &Route) -> Value {
        let key = |name: &str| self.keys.iter().find(|(known, _)| *known == name).map(|(_, id)| id.clone());
        json!({
            "catalog": { "id": key("catalog") },
            "accessPackage": { "id": key("package") },
            "displayName": if route.verb == Verb::Post { "New" } else { "Marketing Campaign" },
            "description": "x",
            "requestType": "adminAdd",
            "resource": { "originId": key("group"), "originSystem": "AadGroup" },
            "@odata.id": format!("https://x/{}", self.bound()),
            "principalId": key("user"),
            "roleDefinitionId": "44272f93-9762-48e8-af59-1b5351b1d6b3",
            "appScopeId": format!("/AccessPackageCatalog/{}", key("catalog").unwrap_or_default()),
        })
    }
}

/// What the tables say. `None`: what is said depends on the object alone.
fn allowed(principal: &Principal, route: &Route, catalog: CatalogId) -> Option<bool> {
    match route.access {
        Access::Public | Access::SignedIn | Access::Own | Access::Needs(_, Found::List | Found::Draft) => None,
        Access::NeedsOne(actions) => Some(actions.iter().any(|action| principal.authorize_somewhere(*action).is_ok())),
        Access::Needs(action, Found::Tenant) => Some(principal.permission(action, Scope::Tenant).is_allowed()),
        Access::Needs(action, Found::Listed) => Some(principal.authorize_somewhere(action).is_ok()),
        Access::Needs(action, _) => Some(principal.permission(action, Scope::Catalog(catalog)).is_allowed()),
    }
}

async fn callers(story: &Story, catalog: CatalogId) -> Vec<(String, Client)> {
    let mut callers = Vec::new();
    for role in Role::ALL {
        let id = story.server.person(role.as_str(), crate::domain::user::DirectoryRole::User).await;
        let mut principal = Principal::user(id, role.as_str(), role.as_str(), UserKind::Member);
        principal.roles.push(HeldRole {
            role: *role,
            catalog: role.is_of_catalog().then_some(catalog),
        });
        callers.push((role.as_str().to_owned(), principal));
    }
    let nobody = story.server.person("nobody", crate::domain::user::DirectoryRole::User).await;
    callers.push(("nobody".into(), Principal::user(nobody, "nobody", "nobody", UserKind::Member)));
    let reads = Ceiling::new(GrantKind::Application, [ApiPermission::EntitlementManagementRead]);
    callers.push((
        "a client that reads".into(),
        Principal::client(crate::testing::unknown(), "Reader", reads),
    ));
    let client = |principal: Principal| Client {
        principal: Some(principal),
        ..story.admin.clone()
    };
    callers.into_iter().map(|(name, principal)| (name, client(principal))).collect()
}

async fn f176_f178_everybody_is_answered_by_the_api_what_the_table_says(bench: TestApp) {
    let story = Story::new(bench).await;
    let (own, other) = (Things::of(&story, &story.package).await, Things::of(&story, &story.second).await);
    let mut routes: Vec<&Route> = TABLES.iter().copied().flatten().collect();
    // What reads comes first, and what takes away last.
    routes.sort_by_key(|route| match route.verb {
        Verb::Get => 0,
        Verb::Patch | Verb::Put => 1,
        Verb::Post => 2,
        Verb::Delete => 3,
    });
    let callers = callers(&story, own.catalog).await;
    let changes = "SELECT count(*) FROM audit WHERE activity <> 'refuse'";
    let mut tried = 0;
    for route in routes {
        for things in [&own, &other] {
            let expected = |client: &Client| allowed(client.principal.as_ref().expect("somebody"), route, things.catalog);
            // Whoever is refused comes before those who may change something.
            let (refused, others): (Vec<_>, Vec<_>) = callers.iter().partition(|(_, client)| expected(client) == Some(false));
            for (name, client) in refused.into_iter().chain(others) {
                let before = story.server.count(changes).await;
                let path = things.path(route);
                let reply = match route.verb {
                    Verb::Get => client.get(&path).await,
                    Verb::Post => client.post(&path, things.body(route)).await,
                    Verb::Patch => client.patch(&path, things.body(route)).await,
                    Verb::Put => client.put(&path, things.body(route)).await,
                    Verb::Delete => client.delete(&path).await,
                };
                tried += 1;
                let what = format!("{name} at {} {path}: {} {}", route.verb.as_str(), reply.status, reply.text);
                assert!(!reply.status.is_server_error(), "{what}");
                match expected(client) {
                    Some(false) => {
                        assert!([StatusCode::FORBIDDEN, StatusCode::NOT_FOUND].contains(&reply.status), "{what}");
                        assert_eq!(story.server.count(changes).await, before, "{what}");
                    }
                    Some(true) => assert!(
                        reply.status != StatusCode::FORBIDDEN || !reply.text.contains("Ask one of them for access"),
                        "{what}"
                    ),
                    None => {}
                }
            }
        }
    }
    println!("{tried} pairs of caller and route");
    assert!(tried > 1_500, "{tried}");
}

//! Every operation of the API, each called once by who may and answered as it is documented, and before that by nobody, by somebody without a
//! role and by a client without a permission, who are refused and change nothing. Another test expands everything that can be expanded.

mod table;
mod world;

use std::collections::BTreeSet;

use axum::http::{Method, StatusCode};
use serde_json::Value;

use super::{Client, Reply};
use crate::both_databases;
use crate::domain::access::{Ceiling, Principal};
use crate::domain::client::GrantKind;
use crate::domain::user::{DirectoryRole, UserKind};
use crate::testing::{TestApp, unknown};
use crate::web::endpoints::Access;
use crate::web::graph::schema::{self, Related};
use crate::web::graph::{Route, TABLES, Verb};
use table::{Caller, Row, TABLE};
use world::World;

both_databases!(
    f173_f178_every_operation_is_answered_to_who_may_and_to_nobody_else,
    f173_what_is_expanded_is_there_at_every_level,
);

fn routes() -> impl Iterator<Item = &'static Route> {
    TABLES.iter().copied().flatten()
}

fn named(route: &Route) -> String {
    format!("{} {}", route.verb.as_str(), route.path)
}

fn route_of(row: &Row) -> &'static Route {
    let found = routes().find(|route| named(route) == row.route);
    found.unwrap_or_else(|| panic!("{} is no route; take its line out of operations/table.rs", row.route))
}

async fn sent(client: &Client, world: &World, row: &Row) -> Reply {
    let route = route_of(row);
    let method = match route.verb {
        Verb::Get => Method::GET,
        Verb::Post => Method::POST,
        Verb::Patch => Method::PATCH,
        Verb::Put => Method::PUT,
        Verb::Delete => Method::DELETE,
    };
    let path = world.filled(if row.url.is_empty() { route.path } else { row.url });
    let body: Option<Value> = match row.body {
        "" => None,
        body => Some(serde_json::from_str(&world.filled(body)).unwrap_or_else(|error| panic!("{}: {error}", row.route))),
    };
    client.ask(method, &path, body.as_ref()).await
}

/// Those who have nothing to do here: somebody without a role, and a client whose token names no permission.
async fn outsiders(world: &World) -> [(&'static str, Client); 2] {
    let id = world.story.server.person("outsider", DirectoryRole::User).await;
    let ceiling = Ceiling::new(GrantKind::Application, []);
    let client = |principal| Client {
        principal: Some(principal),
        ..world.story.admin.clone()
    };
    [
        ("somebody", client(Principal::user(id, "outsider", "outsider", UserKind::Member))),
        ("a client", client(Principal::client(unknown(), "Outsider", ceiling))),
    ]
}

/// Whether an outsider is answered as such. People may call what is about themselves, and find nothing of others there.
fn is_refused(route: &Route, who: &str, reply: &Reply) -> bool {
    let refused = [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN, StatusCode::NOT_FOUND].contains(&reply.status);
    let own = route.access == Access::Own && who == "somebody";
    match route.access {
        Access::Public | Access::SignedIn => reply.status.is_success(),
        _ if own && route.path.contains('{') => refused || reply.json["value"].as_array().is_some_and(Vec::is_empty),
        _ if own => !reply.status.is_server_error(),
        _ => refused,
    }
}

async fn f173_f178_every_operation_is_answered_to_who_may_and_to_nobody_else(bench: TestApp) {
    let world = World::new(bench).await;
    let missing: Vec<String> = routes()
        .map(named)
        .filter(|name| TABLE.iter().all(|row| row.route != *name))
        .collect();
    assert!(
        missing.is_empty(),
        "add a line for each of these to src/web/tests/graph/operations/table.rs (and, for a new {{key}}, a thing to world.rs): {missing:#?}"
    );
    let changes = "SELECT count(*) FROM audit WHERE activity <> 'refuse'";
    let nobody = Client {
        principal: None,
        ..world.story.admin.clone()
    };
    let outsiders = outsiders(&world).await;
    let mut wrong: Vec<String> = Vec::new();
    let mut done: BTreeSet<&str> = BTreeSet::new();
    for row in TABLE {
        assert!(done.insert(row.route), "{} stands in the table twice", row.route);
        let route = route_of(row);
        let before = world.story.server.count(changes).await;
        let mut note = |who: &str, reply: &Reply| wrong.push(format!("{who} at {}: {} {}", row.route, reply.status, reply.text));
        let unknown = sent(&nobody, &world, row).await;
        if unknown.status != StatusCode::UNAUTHORIZED {
            note("nobody", &unknown);
        }
        for (who, client) in &outsiders {
            // What people may ask of their own is not asked for twice.
            if route.access == Access::Own && *who == "somebody" && route.verb != Verb::Get && !route.path.contains('{') {
                continue;
            }
            let reply = sent(client, &world, row).await;
            if !is_refused(route, who, &reply) {
                note(who, &reply);
            }
        }
        if world.story.server.count(changes).await != before {
            note("an outsider who changed something", &unknown);
        }
        let reply = sent(world.client(row.caller), &world, row).await;
        if reply.status.as_u16() != row.status {
            note("who may", &reply);
        } else if reply.status.is_success() && !route.kind.is_empty() && reply.json.get("@odata.context").is_none() {
            note("who may, without a context", &reply);
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// What a type, or one that adds to it, is related to.
fn related(kind: &str) -> Vec<&'static Related> {
    let types = schema::types().filter(|known| known.name == kind || known.base == Some(kind));
    types.flat_map(|known| known.related).collect()
}

/// The things at a name of an entity, or of the rows of a collection.
fn at<'a>(json: &'a Value, name: &str) -> Vec<&'a Value> {
    let rows = json["value"].as_array().map_or_else(|| vec![json], |rows| rows.iter().collect());
    let found = rows.into_iter().filter_map(|row| row.get(name));
    found
        .flat_map(|value| value.as_array().map_or_else(|| vec![value], |values| values.iter().collect()))
        .filter(|value| !value.is_null())
        .collect()
}

async fn f173_what_is_expanded_is_there_at_every_level(bench: TestApp) {
    let world = World::new(bench).await;
    let (mut seen, mut nested) = (0, 0);
    for row in TABLE.iter().filter(|row| row.status == 200 && row.route.starts_with("GET ")) {
        let route = route_of(row);
        let path = world.filled(if row.url.is_empty() { route.path } else { row.url });
        let path = format!("{path}{}", if path.contains('?') { '&' } else { '?' });
        let client = world.client(row.caller);
        for first in related(route.kind) {
            let reply = client.get(&format!("{path}$expand={}", first.name)).await;
            if reply.status == StatusCode::BAD_REQUEST {
                assert_eq!(
                    reply.at("/error/code").trim_start_matches("Request_"),
                    "BadRequest",
                    "{}",
                    reply.text
                );
                continue;
            }
            let reply = reply.is(200);
            let rows = reply.json["value"].as_array().map_or(1, Vec::len);
            let there = reply.json["value"].as_array().map_or_else(
                || usize::from(reply.json.get(first.name).is_some()),
                |rows| rows.iter().filter(|row| row.get(first.name).is_some()).count(),
            );
            assert_eq!(there, rows, "{} of {}: {}", first.name, row.route, reply.text);
            seen += there;
            for second in related(first.kind) {
                let reply = client.get(&format!("{path}$expand={}($expand={})", first.name, second.name)).await;
                if reply.status == StatusCode::BAD_REQUEST {
                    continue;
                }
                let reply = reply.is(200);
                for value in at(&reply.json, first.name) {
                    assert!(
                        value.get(second.name).is_some(),
                        "{}/{} of {}: {value}",
                        first.name,
                        second.name,
                        row.route
                    );
                    nested += 1;
                }
            }
        }
    }
    assert!(seen > 50 && nested > 50, "{seen} {nested}");
    let refused = world
        .client(Caller::Admin)
        .get("EM/accessPackages?$expand=assignmentPolicies($orderby=displayName)")
        .await;
    assert!(refused.is(400).at("/error/message").contains("takes $select, $expand and $top"));
    // Who has a part in a request is told of the package, and nothing of its catalog.
    let own =
        "EM/assignments/filterByCurrentUser(on='target')?$expand=accessPackage($expand=resourceRoleScopes,assignmentPolicies,catalog)";
    let own = world.client(Caller::User).get(own).await.is(200);
    assert!(!own.at("/value/0/accessPackage/displayName").is_empty());
    assert!(
        at(&own.json["value"][0]["accessPackage"], "resourceRoleScopes").is_empty(),
        "{}",
        own.text
    );
    assert!(at(&own.json["value"][0]["accessPackage"], "assignmentPolicies").is_empty());
    assert!(at(&own.json["value"][0]["accessPackage"], "catalog").is_empty());
}

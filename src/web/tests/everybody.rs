//! Everybody at every address: each role, directly and through a group, in the right catalog and beside it, and those who are signed out,
//! blocked, or have a password to change first. What they are answered is compared with the table of endpoints and the table of roles, and
//! a refused call must have changed nothing. The test says how many pairs it tried.

mod fixture;

use std::collections::BTreeSet;

use axum::http::StatusCode;
use leptos::server_fn::axum::server_fn_paths;

use self::fixture::{Fixture, Spot};
use super::{Answer, Browser};
use crate::both_databases;
use crate::domain::access::{Action, HeldRole, Principal, Role, Scope};
use crate::domain::id::UserId;
use crate::domain::text::StringEnum;
use crate::domain::user::UserKind;
use crate::paths;
use crate::testing::TestApp;
use crate::web::endpoints::{ADMIN_PAGES, Access, ENDPOINTS, Endpoint, Found};

both_databases!(
    f176_f177_f178_everybody_is_answered_what_the_table_says,
    f178_lists_name_nothing_of_a_catalog_that_is_not_seen,
    f178_the_menu_shows_exactly_the_pages_that_open,
);

/// How someone stands at the door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Door {
    In,
    Out,
    Blocked,
    InitialPassword,
}

/// Someone who tries.
struct Caller {
    name: String,
    door: Door,
    browser: Browser,
    principal: Principal,
}

/// What an answer says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Said {
    Allowed,
    Refused,
}

fn said(answer: &Answer) -> Said {
    let refusals = [
        "needs-role",
        "password-change-due",
        "above-own-role",
        "needs-user",
        "needs-permission",
    ];
    let sent_away = answer.status == StatusCode::SEE_OTHER
        && [paths::SIGN_IN, paths::PASSWORD]
            .iter()
            .any(|door| answer.location().starts_with(&format!("{door}?return=")));
    let refused = match answer.status {
        StatusCode::UNAUTHORIZED | StatusCode::NOT_FOUND => true,
        // A stream that is refused says nothing more.
        StatusCode::FORBIDDEN => {
            answer.text.is_empty() || answer.text.contains("<html") || refusals.iter().any(|rule| answer.text.contains(rule))
        }
        _ => sent_away,
    };
    if refused { Said::Refused } else { Said::Allowed }
}

/// What the tables say. `None`: what is said depends on the object alone.
fn expected(caller: &Caller, endpoint: &Endpoint, spot: &Spot) -> Option<Said> {
    let is_in = matches!(caller.door, Door::In | Door::InitialPassword);
    let allowed = match endpoint.access {
        Access::Public => return None,
        Access::SignedIn => is_in && (caller.door == Door::In || endpoint.path != paths::ROOT),
        Access::Own if caller.door == Door::In => return None,
        Access::Own => false,
        Access::Needs(..) | Access::NeedsOne(_) if !is_in => false,
        Access::Needs(action, Found::List) => match caller.principal.authorize_somewhere(action) {
            Ok(()) => return None,
            Err(_) => false,
        },
        Access::NeedsOne(actions) => actions.iter().any(|action| caller.principal.authorize_somewhere(*action).is_ok()),
        Access::Needs(action, Found::Tenant) => caller.principal.permission(action, Scope::Tenant).is_allowed(),
        Access::Needs(action, Found::Listed) => caller.principal.authorize_somewhere(action).is_ok(),
        Access::Needs(action, Found::Draft) => spot.own_draft && caller.principal.authorize_somewhere(action).is_ok(),
        Access::Needs(action, Found::Catalog | Found::Package | Found::Policy | Found::Request | Found::Assignment) => {
            caller.principal.permission(action, Scope::Catalog(spot.catalog)).is_allowed()
        }
    };
    Some(if allowed { Said::Allowed } else { Said::Refused })
}

async fn f176_f177_f178_everybody_is_answered_what_the_table_says(bench: TestApp) {
    let fixture = Fixture::open(bench).await;
    let mut tried = 0;
    for strict in [false, true] {
        fixture.set_strict(strict).await;
        for mut caller in callers(&fixture, strict).await {
            tried += try_everything(&fixture, &mut caller).await;
        }
    }
    println!("{tried} pairs of caller and endpoint");
    assert!(tried > 2_000, "{tried}");
}

async fn try_everything(fixture: &Fixture, caller: &mut Caller) -> usize {
    let mut tried = 0;
    for endpoint in ADMIN_PAGES.iter().chain(ENDPOINTS) {
        for spot in fixture.spots(&caller.principal, endpoint.path).await {
            fixture.prepare(endpoint.path).await;
            let expected = expected(caller, endpoint, &spot);
            let before = match expected {
                Some(Said::Refused) => fixture.snapshot().await,
                _ => Vec::new(),
            };
            let answers = fixture.knock(&mut caller.browser, endpoint.path, &spot).await;
            if expected == Some(Said::Refused) {
                assert_eq!(
                    fixture.snapshot().await,
                    before,
                    "{} at {} in {}",
                    caller.name,
                    endpoint.path,
                    spot.name
                );
            }
            for answer in answers {
                tried += 1;
                let what = format!(
                    "{} at {} in {}: {} {}",
                    caller.name, endpoint.path, spot.name, answer.status, answer.text
                );
                assert!(!answer.status.is_server_error(), "{what}");
                if let Some(expected) = expected {
                    assert_eq!(said(&answer), expected, "{what}");
                }
            }
        }
    }
    tried
}

async fn f178_lists_name_nothing_of_a_catalog_that_is_not_seen(bench: TestApp) {
    let fixture = Fixture::open(bench).await;
    for mut caller in callers(&fixture, false).await {
        if caller.door != Door::In || caller.principal.permission(Action::ReadCatalogs, Scope::Tenant).is_allowed() {
            continue;
        }
        for endpoint in ADMIN_PAGES.iter().chain(ENDPOINTS) {
            for spot in fixture.spots(&caller.principal, endpoint.path).await {
                for answer in fixture.knock(&mut caller.browser, endpoint.path, &spot).await {
                    assert!(
                        !answer.text.contains(fixture::SECRET),
                        "{} at {} in {}: {}",
                        caller.name,
                        endpoint.path,
                        spot.name,
                        answer.text
                    );
                }
            }
        }
    }
}

async fn f178_the_menu_shows_exactly_the_pages_that_open(bench: TestApp) {
    let fixture = Fixture::open(bench).await;
    let mut every_link = BTreeSet::new();
    for strict in [false, true] {
        fixture.set_strict(strict).await;
        // The administrator of the whole tenant comes first, whose menu has every link.
        for mut caller in callers(&fixture, strict).await {
            let page = caller.browser.get(paths::ADMIN).await;
            if caller.door != Door::In || said(&page) == Said::Refused {
                continue;
            }
            let shown = menu_links(&page.text);
            every_link.extend(shown.iter().cloned());
            assert!(every_link.len() > 10, "{every_link:?}");
            for link in &every_link {
                let opens = caller.browser.get(link).await.status == StatusCode::OK;
                assert_eq!(shown.contains(link), opens, "{} at {link}", caller.name);
            }
        }
    }
}

/// The addresses of the left menu.
fn menu_links(page: &str) -> BTreeSet<String> {
    let menu = page.split("aria-label=\"Main menu\"").nth(1).unwrap_or_default();
    let menu = menu.split("</nav>").next().unwrap_or_default();
    let links = menu.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    links.map(str::to_owned).collect()
}

/// Everybody. With strict roles only those whose rights they change.
async fn callers(fixture: &Fixture, strict: bool) -> Vec<Caller> {
    let mut callers = Vec::new();
    for role in Role::ALL {
        let catalog = role.is_of_catalog().then_some(fixture.own.catalog);
        let held = HeldRole { role: *role, catalog };
        if strict && *role != Role::UserAdministrator {
            continue;
        }
        callers.push(holder(fixture, held, false, strict).await);
        callers.push(holder(fixture, held, true, strict).await);
    }
    if strict {
        return callers;
    }
    callers.push(caller(fixture, "nobody", Door::In, None, strict).await);
    for (name, door) in [("out", Door::Out), ("blocked", Door::Blocked), ("initial", Door::InitialPassword)] {
        let held = HeldRole {
            role: Role::GlobalAdministrator,
            catalog: None,
        };
        callers.push(caller(fixture, name, door, Some(held), strict).await);
    }
    callers
}

async fn holder(fixture: &Fixture, held: HeldRole, by_group: bool, strict: bool) -> Caller {
    let how = if by_group { "by-group" } else { "directly" };
    let name = format!("{}.{how}.{strict}", held.role.as_str());
    let mut caller = caller(fixture, &name, Door::In, None, strict).await;
    let user = UserId(caller.principal.id);
    fixture.give(held, user, by_group).await;
    caller.principal.roles.push(held);
    caller
}

async fn caller(fixture: &Fixture, name: &str, door: Door, held: Option<HeldRole>, strict: bool) -> Caller {
    let (user, browser) = fixture.person(name, held).await;
    match door {
        Door::In => {}
        Door::Out => {}
        Door::Blocked => fixture.server.sql("UPDATE users SET enabled = FALSE WHERE id = $1", user).await,
        Door::InitialPassword => {
            let sql = "UPDATE credentials SET must_change_password = TRUE WHERE user_id = $1";
            fixture.server.sql(sql, user).await;
        }
    }
    Caller {
        name: name.to_owned(),
        door,
        browser: if door == Door::Out { fixture.server.browser() } else { browser },
        principal: Principal {
            roles: held.into_iter().collect(),
            strict_roles: strict,
            must_change_password: door == Door::InitialPassword,
            ..Principal::user(user, name, name, UserKind::Member)
        },
    }
}

#[test]
fn f176_every_server_function_stands_in_the_table() {
    let registered: BTreeSet<&str> = server_fn_paths().map(|(path, _)| path).collect();
    let listed: BTreeSet<&str> = ENDPOINTS
        .iter()
        .map(|endpoint| endpoint.path)
        .filter(|path| path.starts_with("/api/") && !path.contains('{'))
        .collect();
    assert_eq!(registered, listed);
}

#[tokio::test]
async fn f176_every_page_of_the_admin_area_stands_in_the_table() {
    let listed: BTreeSet<&str> = ADMIN_PAGES.iter().map(|page| page.path).collect();
    let routes = leptos_axum::generate_route_list(|| leptos::prelude::view! { <crate::admin::AdminSite/> });
    let routed: BTreeSet<String> = routes.iter().map(|route| in_braces(route.path())).collect();
    let routed: BTreeSet<&str> = routed.iter().map(String::as_str).collect();
    assert_eq!(routed, listed);
}

/// `/admin/users/{id}` of `/admin/users/:id/`, however the routes are written.
fn in_braces(path: &str) -> String {
    let piece = |piece: &str| {
        piece
            .strip_prefix(':')
            .map_or(piece.to_owned(), |name| format!("{{{}}}", name.trim_end_matches('?')))
    };
    let pieces: Vec<String> = path.trim_end_matches('/').split('/').map(piece).collect();
    pieces.join("/")
}

/// The router cannot be asked for its routes, so its source is.
#[test]
fn f176_every_route_stands_in_the_table() {
    let known = [
        ("paths::ROOT", paths::ROOT),
        ("paths::SIGN_IN", paths::SIGN_IN),
        ("paths::SIGN_OUT", paths::SIGN_OUT),
        ("paths::PASSWORD", paths::PASSWORD),
        ("paths::SET_UP", paths::SET_UP),
        ("paths::AUTHORIZE", paths::AUTHORIZE),
        ("paths::DEVICE", paths::DEVICE),
        ("paths::TOKEN", paths::TOKEN),
        ("paths::DEVICE_CODE", paths::DEVICE_CODE),
        ("paths::TOKEN_KEYS", paths::TOKEN_KEYS),
        ("paths::OPENID_CONFIGURATION", paths::OPENID_CONFIGURATION),
        ("paths::OAUTH_CONFIGURATION", paths::OAUTH_CONFIGURATION),
        ("paths::PROTECTED_RESOURCE", paths::PROTECTED_RESOURCE),
        ("paths::PROTECTED_MCP", paths::PROTECTED_MCP),
        ("paths::OPENAPI", paths::OPENAPI),
        ("paths::API_REFERENCE", paths::API_REFERENCE),
        ("paths::ADMIN", paths::ADMIN),
        ("paths::MY_ACCESS", paths::MY_ACCESS),
        ("paths::MY_APPROVALS", paths::MY_APPROVALS),
        ("paths::MY_DELEGATIONS", paths::MY_DELEGATIONS),
        ("paths::MY_APPS", paths::MY_APPS),
        ("paths::OWN_REQUEST_EVENTS", paths::OWN_REQUEST_EVENTS),
        ("paths::NOTIFICATION_EVENTS", paths::NOTIFICATION_EVENTS),
    ];
    // The figures for monitoring have a socket of their own.
    let source = include_str!("../mod.rs").split("fn metrics_router").next().unwrap_or_default();
    let mut routes = 0;
    for rest in source.split(".route(").skip(1) {
        let written = rest.split(',').next().unwrap_or_default().trim();
        let path = written.trim_matches('"');
        let path = known.iter().find(|(name, _)| *name == path).map_or(path, |(_, path)| *path);
        assert!(
            crate::web::endpoints::access(path).is_some(),
            "{written} stands in no row of web/endpoints.rs"
        );
        routes += 1;
    }
    assert!(routes > 10, "{routes} routes found");
}

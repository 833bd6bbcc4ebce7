//! The API in the shape of Microsoft Graph, on both databases: who calls is named by the test, as the bearer layer would name them.

mod approvals;
mod beta;
mod catalogs;
mod clients;
mod directory;
mod everybody;
mod external_users;
mod frame;
mod javascript;
mod operations;
mod organizations;
mod policies;
mod python;
mod replays;
mod requests;
mod story;
mod tutorial;
mod tutorial_in_shapes;
mod whole;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use serde_json::Value;
use tower::ServiceExt;

use super::TestServer;
use crate::domain::access::{HeldRole, Principal, Role};
use crate::domain::user::{DirectoryRole, UserKind};
use crate::rpc::context::CurrentPrincipal;
use crate::service::catalogs::ensure_general;
use crate::testing::TestApp;

/// Entitlement management's addresses.
pub const EM: &str = "/v1.0/identityGovernance/entitlementManagement";

/// A server with the General catalog and an administrator who calls it.
pub struct Fixture {
    pub server: TestServer,
    pub admin: Client,
}

impl Fixture {
    pub async fn new(bench: TestApp) -> Self {
        let server = TestServer::new(bench);
        let mut tx = server.bench.app.store.write().await.expect("tx");
        ensure_general(&server.bench.app, &mut tx).await.expect("General");
        tx.commit().await.expect("commit");
        let admin = client(&server, "administrator", DirectoryRole::GlobalAdministrator).await;
        Self { server, admin }
    }

    /// Someone with a directory role.
    pub async fn person(&self, name: &str, role: DirectoryRole) -> Client {
        client(&self.server, name, role).await
    }
}

async fn client(server: &TestServer, name: &str, role: DirectoryRole) -> Client {
    let id = server.person(name, role).await;
    let principal = Principal::user(id, name, name, UserKind::Member).with_directory_role(role);
    Client {
        router: server.router.clone(),
        principal: Some(principal),
    }
}

/// Calls the API as someone.
#[derive(Clone)]
pub struct Client {
    pub router: Router,
    pub principal: Option<Principal>,
}

/// What came back.
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
    pub json: Value,
}

impl Reply {
    /// The answer, if it has this status.
    #[track_caller]
    pub fn is(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        self
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("text"))
    }

    /// A text of the answer by its pointer.
    #[track_caller]
    pub fn at(&self, pointer: &str) -> &str {
        let found = self.json.pointer(pointer).and_then(Value::as_str);
        found.unwrap_or_else(|| panic!("{pointer} in {}", self.text))
    }

    /// The property of every row.
    #[track_caller]
    pub fn each(&self, name: &str) -> Vec<&str> {
        let rows = self.json["value"].as_array().unwrap_or_else(|| panic!("no rows in {}", self.text));
        rows.iter().filter_map(|row| row[name].as_str()).collect()
    }

    /// The address of the next page, as a path.
    pub fn next(&self) -> Option<&str> {
        let link = self.json["@odata.nextLink"].as_str()?;
        Some(link.strip_prefix("http://access.example").unwrap_or(link))
    }
}

impl Client {
    /// The same person, who has been given a role in a catalog meanwhile.
    pub fn holding(mut self, role: Role, catalog: &str) -> Self {
        let catalog = Some(catalog.parse().expect("an id"));
        if let Some(principal) = &mut self.principal {
            principal.roles.push(HeldRole { role, catalog });
        }
        self
    }

    pub async fn send(&self, request: Request<Body>) -> Reply {
        let mut request = request;
        if let Some(principal) = &self.principal {
            request.extensions_mut().insert(CurrentPrincipal(Some(principal.clone())));
        }
        request.headers_mut().insert("host", "access.example".parse().expect("a host"));
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.expect("a body");
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Reply {
            status: parts.status,
            headers: parts.headers,
            json: serde_json::from_str(&text).unwrap_or(Value::Null),
            text,
        }
    }

    async fn ask(&self, method: Method, path: &str, body: Option<&Value>) -> Reply {
        let mut path = path.replace(' ', "%20").replace('"', "%22");
        if !path.starts_with("/v1.0") && !path.starts_with("/beta") {
            path = match path.strip_prefix("EM") {
                Some(rest) => format!("{EM}{rest}"),
                None => format!("/v1.0/{path}"),
            };
        }
        let request = Request::builder().method(method).uri(path).header(CONTENT_TYPE, "application/json");
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        self.send(request.body(body).expect("a request")).await
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.ask(Method::GET, path, None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Reply {
        self.ask(Method::POST, path, Some(&body)).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Reply {
        self.ask(Method::PATCH, path, Some(&body)).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Reply {
        self.ask(Method::PUT, path, Some(&body)).await
    }

    pub async fn delete(&self, path: &str) -> Reply {
        self.ask(Method::DELETE, path, None).await
    }

    /// The property of all rows of a list, page by page.
    pub async fn pages(&self, path: &str, name: &str) -> Vec<Vec<String>> {
        let mut pages = Vec::new();
        let mut next = Some(path.to_owned());
        while let Some(path) = next {
            let page = self.get(&path).await.is(200);
            pages.push(page.each(name).into_iter().map(str::to_owned).collect());
            next = page.next().map(str::to_owned);
        }
        pages
    }
}

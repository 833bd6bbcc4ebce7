//! The edge in process, on both databases: a browser with cookies asks the router as it would ask over the network.

mod agents;
mod answers;
mod approvals;
mod asking;
mod assignments;
mod authorisation;
mod bank;
mod calls;
mod catalogs;
mod certificates;
mod clients;
mod consents;
mod cross_origin;
mod directory;
mod everybody;
mod export;
mod graph;
mod health;
mod hostile;
mod imports;
mod incompatibilities;
mod lists;
mod mails;
mod my_access;
mod organizations;
mod page;
mod pages;
mod passwords;
mod policies;
mod reports;
mod set_up;
mod sign_in;
mod stream;
mod tokens;
mod wizard;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::header::{ACCEPT, CONTENT_TYPE, COOKIE, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, Request, StatusCode};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use super::AppState;
use super::state::Timeouts;
use crate::app::{Bundle, Bundles};
use crate::args;
use crate::config::Config;
use crate::domain::id::{RoleAssignmentId, UserId};
use crate::domain::text::StringEnum;
use crate::domain::user::{DirectoryRole, UserForm};
use crate::paths;
use crate::rpc::packed::PACKED;
use crate::store::users::{self, NewAccount};
use crate::testing::TestApp;

/// The password of everyone here.
const PASSWORD: &str = "quiet-harbour-lantern-41";

/// A service without a network, over a fresh database and a small built site.
struct TestServer {
    bench: TestApp,
    router: Router,
    metrics: Router,
    state: Arc<AppState>,
    stop: CancellationToken,
    _site: tempfile::TempDir,
}

impl TestServer {
    fn new(bench: TestApp) -> Self {
        Self::set(bench, &[])
    }

    /// With settings, as the environment would give them.
    fn set(bench: TestApp, settings: &[(&str, &str)]) -> Self {
        Self::build(bench, settings, Timeouts::default())
    }

    /// With these bounds for a piece of a body and for a whole request.
    fn with_timeouts(bench: TestApp, body: Duration, request: Duration) -> Self {
        Self::build(bench, &[], Timeouts { request, body })
    }

    fn build(bench: TestApp, settings: &[(&str, &str)], timeouts: Timeouts) -> Self {
        let site = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(site.path().join("pkg")).expect("a folder");
        for (file, text) in [
            ("pkg/admin.0123456789ab.js", "export {}"),
            ("pkg/admin.0123456789ab.js.br", "not really brotli"),
            ("boot.js", "1"),
        ] {
            std::fs::write(site.path().join(file), text).expect("a file");
        }
        let mut config = Config::read("", "", |name| {
            settings.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned())
        })
        .expect("settings");
        config.site_root = site.path().to_owned();
        let bundle = |name: &str| Bundle {
            js: format!("/pkg/{name}.0123456789ab.js"),
            wasm: format!("/pkg/{name}.0123456789ab.wasm"),
            css: format!("/pkg/{name}.0123456789ab.css"),
            parts: ["users", "history"]
                .map(|part| (part.into(), vec![format!("/pkg/{name}-{part}.0123456789ab.wasm")]))
                .into(),
            idle: vec![format!("/pkg/{name}-common.0123456789ab.wasm")],
        };
        let bundles = Bundles {
            admin: bundle("admin"),
            my_access: bundle("my-access"),
        };
        let stop = CancellationToken::new();
        let mut state = AppState::new(bench.app.clone(), config, bundles, stop.clone());
        state.timeouts = timeouts;
        let state = Arc::new(state);
        Self {
            bench,
            router: super::router(state.clone()),
            metrics: super::metrics_router(state.clone()),
            state,
            stop,
            _site: site,
        }
    }

    async fn person(&self, user_name: &str, role: DirectoryRole) -> UserId {
        self.named(&format!("{user_name} the Person"), user_name, role).await
    }

    async fn named(&self, name: &str, user_name: &str, role: DirectoryRole) -> UserId {
        let form = UserForm {
            name: name.into(),
            user_name: user_name.into(),
            role: role.as_str().into(),
            ..UserForm::default()
        };
        let now = self.bench.app.clock.now();
        let id = UserId(self.bench.app.ids.id(now));
        let hash = self.bench.app.passwords.hash(PASSWORD.into()).await.expect("a hash");
        let mut tx = self.bench.app.store.write().await.expect("tx");
        let account = NewAccount {
            id,
            profile: &form.profile().expect("a profile"),
            password_hash: Some(&hash),
            must_change_password: false,
            role_assignment: RoleAssignmentId(self.bench.app.ids.id(now)),
            by: None,
        };
        users::insert(&mut tx, &account, now).await.expect("a user");
        tx.commit().await.expect("commit");
        id
    }

    async fn sql(&self, sql: &'static str, id: UserId) {
        let mut tx = self.bench.app.store.write().await.expect("tx");
        tx.exec(sql, args![id]).await.expect("a change");
        tx.commit().await.expect("commit");
    }

    async fn count(&self, sql: &'static str) -> i64 {
        let mut tx = self.bench.app.store.read().await.expect("tx");
        tx.value(sql, args![]).await.expect("a count")
    }

    /// Waits until the uses of sessions that were to be noted are.
    async fn uses_are_noted(&self) {
        while !self.state.uses.is_idle() {
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
    }

    fn browser(&self) -> Browser {
        Browser {
            router: self.router.clone(),
            cookies: BTreeMap::new(),
            forwarded: None,
        }
    }

    /// A browser in which someone has signed in.
    async fn signed_in(&self, user_name: &str) -> Browser {
        let mut browser = self.browser();
        let answer = browser.sign_in(user_name, PASSWORD).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{user_name} signs in: {}", answer.text);
        browser
    }
}

/// What came back.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
    bytes: Bytes,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("text"))
    }

    /// The line by which a cookie is set or removed.
    fn cookie(&self, name: &str) -> &str {
        let lines = self.headers.get_all(SET_COOKIE).iter().map(|line| line.to_str().expect("text"));
        lines
            .into_iter()
            .find(|line| line.split('=').next() == Some(name))
            .unwrap_or_default()
    }

    fn location(&self) -> &str {
        self.header(LOCATION.as_str())
    }
}

/// Keeps cookies and sends forms as browsers do.
#[derive(Clone)]
struct Browser {
    router: Router,
    cookies: BTreeMap<String, String>,
    /// What a proxy says of where it is.
    forwarded: Option<String>,
}

impl Browser {
    async fn send(&mut self, mut request: Request<Body>) -> Answer {
        if !self.cookies.is_empty() {
            let line: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request.headers_mut().insert(COOKIE, line.join("; ").parse().expect("cookies"));
        }
        if let Some(address) = &self.forwarded {
            request
                .headers_mut()
                .insert("x-forwarded-for", address.parse().expect("an address"));
        }
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        for line in parts.headers.get_all(SET_COOKIE) {
            let line = line.to_str().expect("text");
            let (name, value) = line.split(';').next().and_then(|pair| pair.split_once('=')).expect("a cookie");
            if line.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.into(), value.into());
            }
        }
        // A stream of events has no end that one could wait for.
        let kind = parts.headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let bytes = if kind.is_some_and(|kind| kind.starts_with("text/event-stream")) {
            Bytes::new()
        } else {
            to_bytes(body, usize::MAX).await.expect("a body")
        };
        Answer {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8_lossy(&bytes).into_owned(),
            bytes,
        }
    }

    async fn get(&mut self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).expect("a request")).await
    }

    async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = paths::with_query("", fields);
        let request = Request::post(path)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(body.trim_start_matches('?').to_owned()));
        self.send(request.expect("a request")).await
    }

    async fn call(&mut self, door: &str, input: &serde_json::Value) -> Answer {
        self.call_for("application/json", door, input).await
    }

    /// As a page of the same build calls.
    async fn call_packed(&mut self, door: &str, input: &serde_json::Value) -> Answer {
        self.call_for(PACKED, door, input).await
    }

    async fn call_for(&mut self, accepted: &str, door: &str, input: &serde_json::Value) -> Answer {
        let request = Request::post(format!("/api/{door}"))
            .header(CONTENT_TYPE, "application/json")
            .header(ACCEPT, accepted)
            .body(Body::from(input.to_string()));
        self.send(request.expect("a request")).await
    }

    async fn sign_in(&mut self, user_name: &str, password: &str) -> Answer {
        self.post(paths::SIGN_IN, &[("user_name", user_name), ("password", password)]).await
    }

    /// Whether the browser is signed in.
    async fn is_in(&mut self) -> bool {
        self.call("viewer/get", &serde_json::json!({})).await.status == StatusCode::OK
    }

    fn session(&self) -> String {
        self.cookies.get("woodgate").cloned().unwrap_or_default()
    }
}

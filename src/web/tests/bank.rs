//! Woodgrove Bank, open for visitors: the demo directory behind the whole service, people who sign in, read pages and call server
//! functions, and what a test needs before its own point begins. What was asked for is delivered when a test says so.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::page::Page;
use super::{Browser, TestServer};
use crate::paths;
use crate::service::demo;
use crate::testing::TestApp;
use crate::worker;

/// The bank.
pub struct Bank {
    /// The service over the demo directory.
    pub server: TestServer,
}

/// What a package is to be. Its group is made when it is not there; its lifecycle is thirty days.
#[derive(Clone, Copy, Default)]
pub struct Plan<'a> {
    /// Name of the package, and of the group of which it gives the role Member.
    pub name: &'a str,
    /// The group, where it is another than the name.
    pub group: Option<&'a str>,
    /// The one group whose members can ask for it; without it every member of the directory can.
    pub only: Option<&'a str>,
}

impl Bank {
    /// Opens one on a fresh database.
    pub async fn open(app: TestApp) -> Self {
        demo::fill(&app.app, false).await.expect("the demo directory");
        Self {
            server: TestServer::new(app),
        }
    }

    /// Somebody of the demo signs in: `admin1`, `useradmin1`, `alex.wilber`, `hanna.virtanen`.
    pub async fn visit(&self, user_name: &str) -> Visit {
        let mut browser = self.server.browser();
        let answer = browser.sign_in(user_name, demo::PASSWORD).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{user_name} signs in: {}", answer.text);
        Visit { browser }
    }

    /// Carries out everything that is due by now.
    pub async fn deliver(&self) {
        while worker::drain(&self.server.bench.app).await.expect("the queue") > 0 {}
    }
}

/// Somebody at a browser.
pub struct Visit {
    /// The browser.
    pub browser: Browser,
}

impl Visit {
    /// Opens a page, whatever it is answered with.
    pub async fn open(&mut self, address: &str) -> Page {
        let answer = self.browser.get(address).await;
        Page::new(answer.status, address, &answer.text)
    }

    /// Sends a form as a browser without scripting does, and reads what comes back.
    pub async fn send(&mut self, address: &str, fields: &[(&str, &str)]) -> Page {
        let answer = self.browser.post(address, fields).await;
        Page::new(answer.status, address, &answer.text)
    }

    /// Calls a server function, which succeeds.
    pub async fn call(&mut self, function: &str, input: Value) -> Value {
        let answer = self.browser.call(function, &input).await;
        assert_eq!(answer.status, StatusCode::OK, "{function} with {input}: {}", answer.text);
        serde_json::from_str(&answer.text).expect("JSON")
    }

    /// Calls a server function, which refuses; gives the status and the reason.
    pub async fn refused(&mut self, function: &str, input: Value) -> (StatusCode, String) {
        let answer = self.browser.call(function, &input).await;
        assert!(
            answer.status.is_client_error(),
            "{function} with {input}: {} {}",
            answer.status,
            answer.text
        );
        (answer.status, answer.text)
    }

    /// The id of a user of the demo, found by name.
    pub async fn user(&mut self, name: &str) -> String {
        let found = self.call("users/list", json!({ "query": { "search": name } })).await;
        named(&found["items"], name)
    }

    /// Makes a security group with assigned membership; gives its id.
    pub async fn group(&mut self, name: &str) -> String {
        self.group_with_rule(name, None).await
    }

    /// Makes a security group, with a rule a dynamic one.
    pub async fn group_with_rule(&mut self, name: &str, rule: Option<&str>) -> String {
        let membership = if rule.is_some() { "dynamic" } else { "assigned" };
        let form = json!({ "name": name, "description": format!("Those of {name}"), "kind": "security", "membership": membership,
            "rule": rule.unwrap_or_default(), "owners": [], "members": [] });
        id_of(&self.call("groups/create", json!({ "form": form })).await)
    }

    /// Adds somebody to a group by hand.
    pub async fn add_member(&mut self, group: &str, name: &str) {
        let (user, group) = (self.user(name).await, self.role(group, "Member").await);
        self.call(
            "groups/add-members",
            json!({ "id": group["object"], "role": "member", "users": [user] }),
        )
        .await;
    }

    /// Begins a draft of a package and keeps what is given of it; gives the draft as it is then.
    pub async fn draft(&mut self, given: Value) -> Draft {
        let id = id_of(&self.call("drafts/start", json!({ "catalog": null })).await);
        let begun = self.call("drafts/get", json!({ "id": id })).await;
        let mut draft = begun["draft"].clone();
        merge(&mut draft, given);
        if draft["basics"]["catalog"].is_null() {
            draft["basics"]["catalog"] = json!(named(&begun["catalogs"], "General"));
        }
        let input = json!({ "id": id, "version": begun["version"], "draft": draft });
        let kept = self.call("drafts/save", input).await;
        Draft {
            version: kept["version"].as_i64().expect("a version"),
            id,
        }
    }

    /// The role of a resource, as a row of a draft: `role("Marketing resources", "Member")`.
    pub async fn role(&mut self, object: &str, role: &str) -> Value {
        let general = self.catalog("General").await;
        let query = json!({ "kind": "group", "catalog": general, "see_all": true, "search": object, "page": {} });
        let found = self.call("objects/find", json!({ "query": query })).await;
        let object = item(&found["items"], object);
        json!({ "object": object["id"], "role": named(&object["roles"], role) })
    }

    /// The id of a catalog.
    pub async fn catalog(&mut self, name: &str) -> String {
        let found = self.call("catalogs/list", json!({ "query": { "page": {} } })).await;
        named(&found["items"], name)
    }

    /// Makes a package; gives its id.
    pub async fn package(&mut self, plan: Plan<'_>) -> String {
        let group = plan.group.unwrap_or(plan.name);
        if self
            .open(&paths::with_query(paths::GROUPS, &[("q", group)]))
            .await
            .rows(group)
            .is_empty()
        {
            self.group(group).await;
        }
        let requests = match plan.only {
            None => json!({ "audience": "in_directory", "scope": "all_members", "subjects": [] }),
            Some(only) => {
                let role = self.role(only, "Member").await;
                json!({ "audience": "in_directory", "scope": "specific", "subjects": [{ "kind": "group", "id": role["object"] }] })
            }
        };
        let role = self.role(group, "Member").await;
        let draft = json!({ "basics": { "name": plan.name, "description": format!("What {} gives", plan.name) }, "roles": [role],
            "requests": requests, "lifecycle": { "kind": "days", "days": "30" } });
        let Draft { id, version } = self.draft(draft).await;
        id_of(&self.call("drafts/create", json!({ "id": id, "version": version })).await["id"])
    }

    /// Asks for a package; gives the request's id.
    pub async fn request(&mut self, package: &str, justification: &str) -> String {
        let form = json!({ "package": package, "justification": justification });
        id_of(&self.call("my-access/request", json!({ "form": form })).await)
    }
}

/// A draft that is kept.
pub struct Draft {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: i64,
}

impl Draft {
    /// The address of one of its steps: `basics`, `resource-roles`, `requests`, `lifecycle`, `review`.
    pub fn step(&self, step: &str) -> String {
        format!("/admin/packages/new/{}/{step}", self.id)
    }
}

fn id_of(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no id")).to_owned()
}

fn item<'a>(items: &'a Value, name: &str) -> &'a Value {
    let found = items.as_array().and_then(|items| items.iter().find(|item| item["name"] == name));
    found.unwrap_or_else(|| panic!("no {name} in {items}"))
}

fn named(items: &Value, name: &str) -> String {
    id_of(&item(items, name)["id"])
}

/// Puts what is given in place of what was there, field by field.
fn merge(into: &mut Value, given: Value) {
    match (into, given) {
        (Value::Object(into), Value::Object(given)) => {
            for (key, value) in given {
                merge(into.entry(key).or_insert(Value::Null), value);
            }
        }
        (into, given) => *into = given,
    }
}

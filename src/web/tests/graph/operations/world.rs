//! The things that the operations are called about: one of each kind that stays, and others to be changed and deleted.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::super::Client;
use super::super::story::Story;
use super::table::Caller;
use crate::args;
use crate::domain::access::{Principal, Role};
use crate::domain::id::ObjectId;
use crate::domain::user::UserKind;
use crate::testing::TestApp;

/// Who calls, and the ids of things by the names that the table has for them.
pub struct World {
    pub story: Story,
    keys: BTreeMap<&'static str, String>,
    reader: Client,
}

const MEMBERS: &str = "allMemberUsers";

impl World {
    pub async fn new(bench: TestApp) -> Self {
        let story = Story::new(bench).await;
        let reader = story.user.clone();
        let mut world = Self {
            story,
            keys: BTreeMap::new(),
            reader,
        };
        world.catalogs_and_packages().await;
        world.people_and_groups().await;
        world.objects().await;
        world.separation_of_duties().await;
        world.requests().await;
        world.roles().await;
        world.organizations().await;
        world
    }

    /// A text with the ids of things in the places of their names.
    pub fn filled(&self, text: &str) -> String {
        self.keys
            .iter()
            .fold(text.to_owned(), |text, (name, id)| text.replace(&format!("{{{name}}}"), id))
    }

    /// Who calls.
    pub fn client(&self, caller: Caller) -> &Client {
        match caller {
            Caller::Admin => &self.story.admin,
            Caller::User => &self.story.user,
            Caller::Approver => &self.story.approver,
            Caller::Stranger => &self.story.stranger,
            Caller::Reader => &self.reader,
        }
    }

    fn keep(&mut self, name: &'static str, id: impl Into<String>) {
        self.keys.insert(name, id.into());
    }

    /// Makes something by the API; its id.
    async fn make(&self, path: &str, body: &str) -> String {
        let body: Value = serde_json::from_str(&self.filled(body)).expect("JSON");
        self.story.admin.post(&self.filled(path), body).await.is(201).at("/id").to_owned()
    }

    async fn catalogs_and_packages(&mut self) {
        let read = format!(
            "EM/accessPackages/{}?$expand=catalog,assignmentPolicies,resourceRoleScopes",
            self.story.package
        );
        let read = self.story.admin.get(&read).await.is(200);
        self.keep("package", self.story.package.clone());
        self.keep("second", self.story.second.clone());
        self.keep("catalog", read.at("/catalog/id"));
        self.keep("policy", read.at("/assignmentPolicies/0/id"));
        self.keep("role", read.at("/resourceRoleScopes/0/id"));
        for (name, path, body) in [
            ("empty_catalog", "EM/catalogs", r#"{"displayName": "Empty", "state": "published"}"#),
            ("other_catalog", "EM/catalogs", r#"{"displayName": "Other", "state": "published"}"#),
            (
                "spare_package",
                "EM/accessPackages",
                r#"{"displayName": "Spare", "description": "x", "catalog": {"id": "{catalog}"}}"#,
            ),
            (
                "open_package",
                "EM/accessPackages",
                r#"{"displayName": "Open", "description": "x", "catalog": {"id": "{catalog}"}}"#,
            ),
            (
                "own_package",
                "EM/accessPackages",
                r#"{"displayName": "Own", "description": "x", "catalog": {"id": "{catalog}"}}"#,
            ),
            (
                "moved_package",
                "EM/accessPackages",
                r#"{"displayName": "Moved", "description": "x", "catalog": {"id": "{catalog}"}}"#,
            ),
            (
                "spare_policy",
                "EM/assignmentPolicies",
                r#"{"displayName": "Spare", "allowedTargetScope": "notSpecified", "accessPackage": {"id": "{spare_package}"}}"#,
            ),
        ] {
            let id = self.make(path, body).await;
            self.keep(name, id);
        }
        let policy = format!(
            r#"{{"displayName": "Everybody", "allowedTargetScope": "{MEMBERS}", "accessPackage": {{"id": "{{open_package}}"}},
                "requestorSettings": {{"enableTargetsToSelfAddAccess": true, "enableTargetsToSelfRemoveAccess": true}}}}"#
        );
        self.make("EM/assignmentPolicies", &policy).await;
        let policy = format!(
            r##"{{"displayName": "Requestor1", "allowedTargetScope": "specificDirectoryUsers", "accessPackage": {{"id": "{{own_package}}"}},
                "specificAllowedTargets": [{{"@odata.type": "#microsoft.graph.singleUser", "userId": "{}"}}],
                "requestorSettings": {{"enableTargetsToSelfAddAccess": true}}}}"##,
            self.story.user_id
        );
        self.make("EM/assignmentPolicies", &policy).await;
    }

    async fn people_and_groups(&mut self) {
        self.keep("user", self.story.user_id.clone());
        self.keep("group", self.story.group.clone());
        for name in ["person", "led", "member", "owner", "guest", "spare_user", "deleted_user"] {
            let body = json!({"displayName": name, "mailNickname": name, "userPrincipalName": format!("{name}@woodgrove.example"),
                "accountEnabled": true, "passwordProfile": {"password": "quiet-harbour-lantern-41", "forceChangePasswordNextSignIn": true}});
            let id = self.make("users", &body.to_string()).await;
            self.keep(name, id);
        }
        let manager = json!({"@odata.id": self.filled("https://x/v1.0/users/{user}")});
        for name in ["{led}", "{user}"] {
            let path = self.filled(&format!("users/{name}/manager/$ref"));
            let manager = if name == "{user}" {
                json!({"@odata.id": self.filled("https://x/v1.0/users/{person}")})
            } else {
                manager.clone()
            };
            self.story.admin.put(&path, manager).await.is(204);
        }
        self.story.admin.delete(&self.filled("users/{deleted_user}")).await.is(204);
        for name in ["spare_group", "team", "excluded", "also_excluded", "brought"] {
            let body = json!({"displayName": name, "mailEnabled": false, "mailNickname": name, "securityEnabled": true});
            let id = self.make("groups", &body.to_string()).await;
            self.keep(name, id);
        }
        for (place, who) in [
            ("members", "member"),
            ("members", "user"),
            ("members", "owner"),
            ("owners", "owner"),
            ("owners", "person"),
            ("owners", "member"),
        ] {
            let body = json!({"@odata.id": self.filled(&format!("https://x/v1.0/users/{{{who}}}"))});
            let path = self.filled(&format!("groups/{{team}}/{place}/$ref"));
            self.story.admin.post(&path, body).await.is(204);
        }
    }

    /// An application, a site and what is in the catalog.
    async fn objects(&mut self) {
        let app = &self.story.server.bench.app;
        let now = app.clock.now();
        let mut tx = app.store.write().await.expect("tx");
        let mut made = Vec::new();
        for (kind, name, url) in [("application", "CRM", None), ("site", "Intranet", Some("https://intranet.example"))] {
            let id = ObjectId(app.ids.id(now));
            tx.exec(
                "INSERT INTO objects (id, kind, name, name_folded, description, url, created_at, version) VALUES ($1, $2, $3, $4, '', $5, $6, 1)",
                args![id, kind, name, name.to_lowercase(), url, now],
            )
            .await
            .expect("an object");
            tx.exec(
                "INSERT INTO roles (id, object_id, name, position) VALUES ($1, $2, 'Visitor', 0)",
                args![app.ids.id(now), id],
            )
            .await
            .expect("a role");
            made.push(id.to_string());
        }
        tx.commit().await.expect("commit");
        self.keep("application", made.remove(0));
        let request = |origin: &str, system: &str| {
            json!({"requestType": "adminAdd", "catalog": {"id": "{catalog}"}, "resource": {"originId": origin, "originSystem": system}})
                .to_string()
        };
        let site = self
            .make("EM/resourceRequests", &request("https://intranet.example", "SharePointOnline"))
            .await;
        self.keep("site", site);
        let team = self.make("EM/resourceRequests", &request("{team}", "AadGroup")).await;
        self.keep("resource", team);
        let role = self
            .make("EM/accessPackages/{spare_package}/resourceRoleScopes", MEMBER_OF_TEAM)
            .await;
        self.keep("spare_role", role);
    }

    async fn separation_of_duties(&mut self) {
        for (relation, other) in [
            ("incompatibleAccessPackages", "accessPackages/{second}"),
            ("incompatibleAccessPackages", "accessPackages/{moved_package}"),
            ("incompatibleGroups", "groups/{excluded}"),
            ("incompatibleGroups", "groups/{also_excluded}"),
        ] {
            let body = json!({"@odata.id": self.filled(&format!("https://x/v1.0/{other}"))});
            let path = self.filled(&format!("EM/accessPackages/{{spare_package}}/{relation}/$ref"));
            self.story.admin.post(&path, body).await.is(204);
        }
    }

    async fn requests(&mut self) {
        let asked = self.story.asked().await;
        self.story.deliver().await;
        self.keep("request", asked);
        let access = self.story.access().await;
        self.keep("assignment", access["id"].as_str().expect("an id"));
        let open = json!({"requestType": "userAdd", "assignment": {"accessPackageId": self.filled("{open_package}")}});
        let failed = self.story.stranger.post("EM/assignmentRequests", open).await.is(201);
        self.keep("failed", failed.at("/id"));
        self.story.deliver().await;
        self.fail().await;
        let policy = self.story.policy_of(&self.story.second).await;
        let approval = json!({"requestApprovalSettings": {"isApprovalRequiredForAdd": true, "stages": [{"durationBeforeAutomaticDenial": "P14D",
            "primaryApprovers": [{"@odata.type": "#microsoft.graph.singleUser", "userId": self.story.approver_id}]}]}});
        self.story
            .admin
            .patch(&format!("EM/assignmentPolicies/{policy}"), approval)
            .await
            .is(200);
        let body = json!({"requestType": "userAdd", "assignment": {"accessPackageId": self.story.second}});
        for (name, client) in [
            ("pending", &self.story.user),
            ("open", &self.story.stranger),
            ("canceled", &self.reader),
        ] {
            let client = if name == "canceled" { self.person().await } else { client.clone() };
            let made = client.post("EM/assignmentRequests", body.clone()).await.is(201);
            let id = made.at("/id").to_owned();
            if name == "canceled" {
                client
                    .post(&format!("EM/assignmentRequests/{id}/cancel"), Value::Null)
                    .await
                    .is(204);
            }
            self.keys.insert(name, id);
        }
        self.story.deliver().await;
        let stages = self.filled("EM/accessPackageAssignmentApprovals/{pending}/stages");
        let stages = self.story.approver.get(&stages).await.is(200);
        self.keep("stage", stages.at("/value/0/id"));
    }

    /// The person of the table as a caller.
    async fn person(&self) -> Client {
        let id = self.filled("{person}").parse().expect("an id");
        Client {
            principal: Some(Principal::user(id, "person", "person", UserKind::Member)),
            ..self.story.admin.clone()
        }
    }

    /// As if the delivery of a request had been given up.
    async fn fail(&self) {
        let mut tx = self.story.server.bench.app.store.write().await.expect("tx");
        let id: uuid::Uuid = self.filled("{failed}").parse().expect("an id");
        let changed = tx
            .exec("UPDATE requests SET state = 'delivery_failed' WHERE id = $1", args![id])
            .await
            .expect("changed");
        assert_eq!(changed, 1);
        tx.commit().await.expect("commit");
    }

    async fn roles(&mut self) {
        let path = "roleManagement/entitlementManagement/roleDefinitions?$filter=displayName eq 'Catalog reader'";
        let found = self.story.admin.get(path).await.is(200);
        self.keep("definition", found.at("/value/0/id"));
        let body =
            r#"{"principalId": "{person}", "roleDefinitionId": "{definition}", "appScopeId": "/AccessPackageCatalog/{empty_catalog}"}"#;
        let given = self.make("roleManagement/entitlementManagement/roleAssignments", body).await;
        self.keep("role_assignment", given);
        self.reader = self.person().await.holding(Role::CatalogReader, &self.filled("{empty_catalog}"));
    }
}

impl World {
    /// A connected organization with sponsors, and a guest of it.
    async fn organizations(&mut self) {
        let source = json!([{"@odata.type": "#microsoft.graph.domainIdentitySource", "domainName": "partner.example"}]);
        let body = json!({"displayName": "Partner", "identitySources": source});
        let id = self.make("EM/connectedOrganizations", &body.to_string()).await;
        self.keep("organization", id);
        for (side, sponsor) in [
            ("internalSponsors", "users/{person}"),
            ("internalSponsors", "users/{member}"),
            ("externalSponsors", "groups/{group}"),
            ("externalSponsors", "groups/{team}"),
        ] {
            let body = json!({"@odata.id": self.filled(&format!("https://x/v1.0/{sponsor}"))});
            let path = self.filled(&format!("EM/connectedOrganizations/{{organization}}/{side}/$ref"));
            self.story.admin.post(&path, body).await.is(204);
        }
        let mut tx = self.story.server.bench.app.store.write().await.expect("tx");
        let id: uuid::Uuid = self.filled("{guest}").parse().expect("an id");
        let sql = "UPDATE users SET kind = 'guest', mail = 'pia@partner.example' WHERE id = $1";
        assert_eq!(tx.exec(sql, args![id]).await.expect("a guest"), 1);
        tx.commit().await.expect("commit");
    }
}

/// What a package is to give: membership of the team.
const MEMBER_OF_TEAM: &str = r#"{"role": {"displayName": "Member", "originSystem": "AadGroup", "originId": "Member_{team}",
    "resource": {"originId": "{team}", "originSystem": "AadGroup"}}, "scope": {"originId": "{team}", "originSystem": "AadGroup"}}"#;

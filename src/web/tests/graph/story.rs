//! What tests of policies, requests and approvals start from: a package that gives a group's membership to Requestor1 for thirty days, another
//! in a catalog of its own, and people who call.

use axum::Router;
use serde_json::{Value, json};

use super::Client;
use crate::domain::access::{HeldRole, Principal, Role};
use crate::domain::catalog::CatalogForm;
use crate::domain::id::CatalogId;
use crate::domain::object::Subject;
use crate::domain::policy::Scope;
use crate::domain::user::DirectoryRole;
use crate::service::packages::tests::world::Fixture as World;
use crate::service::{catalogs, drafts};
use crate::testing::{TestApp, id_of};
use crate::web::tests::TestServer;
use crate::worker;

/// The people and things.
pub struct Story {
    pub server: TestServer,
    pub admin: Client,
    pub user: Client,
    pub approver: Client,
    pub stranger: Client,
    /// Holds a role in the second catalog alone.
    pub manager: Client,
    pub user_id: String,
    pub approver_id: String,
    pub stranger_id: String,
    pub group: String,
    pub package: String,
    /// Stands in a catalog of its own; every member can request it.
    pub second: String,
}

fn client(router: &Router, principal: &Principal) -> Client {
    Client {
        router: router.clone(),
        principal: Some(principal.clone()),
    }
}

impl Story {
    pub async fn new(bench: TestApp) -> Self {
        let world = World::new(bench).await;
        let approver = world.person("Approver1", DirectoryRole::User).await;
        let stranger = world.person("Stranger1", DirectoryRole::User).await;
        let mut manager = world.person("Manager1", DirectoryRole::User).await;
        let group = world.group("Marketing resources", false).await;
        let package = world.package("Marketing Campaign", &[group.row(0)]).await;
        let form = CatalogForm {
            name: "Sales".into(),
            enabled: true,
            ..CatalogForm::default()
        };
        let catalog: CatalogId = catalogs::create(&world.app, &world.admin, &form).await.expect("a catalog");
        let mut draft = world.draft("Sales tools", &[]);
        draft.basics.catalog = Some(catalog);
        draft.requests.scope = Some(Scope::AllMembers);
        draft.requests.subjects = Vec::<Subject>::new();
        let id = drafts::start(&world.app, &world.admin, None).await.expect("a draft");
        let view = drafts::save(&world.app, &world.admin, id, 1, draft).await.expect("saved");
        let second = drafts::create(&world.app, &world.admin, id, view.version).await.expect("a package");
        manager.roles.push(HeldRole {
            role: Role::CatalogOwner,
            catalog: Some(catalog),
        });
        let (admin, user) = (world.admin.clone(), world.user.clone());
        let server = TestServer::new(world.bench);
        let router = &server.router;
        Self {
            admin: client(router, &admin),
            user: client(router, &user),
            approver: client(router, &approver),
            stranger: client(router, &stranger),
            manager: client(router, &manager),
            user_id: id_of(&user).to_string(),
            approver_id: id_of(&approver).to_string(),
            stranger_id: id_of(&stranger).to_string(),
            group: group.id.to_string(),
            package: package.to_string(),
            second: second.id.to_string(),
            server,
        }
    }

    /// Carries out everything that is due by now.
    pub async fn deliver(&self) {
        while worker::drain(&self.server.bench.app).await.expect("the queue") > 0 {}
    }

    /// The policy of a package that the wizard made.
    pub async fn policy_of(&self, package: &str) -> String {
        let found = self
            .admin
            .get(&format!("EM/assignmentPolicies?$filter=accessPackage/id eq '{package}'"))
            .await;
        found.is(200).at("/value/0/id").to_owned()
    }

    /// A request for the package by Requestor1; its id.
    pub async fn asked(&self) -> String {
        let body = json!({"requestType": "userAdd", "assignment": {"accessPackageId": self.package}});
        self.user.post("EM/assignmentRequests", body).await.is(201).at("/id").to_owned()
    }

    /// The access of Requestor1 to the package.
    pub async fn access(&self) -> Value {
        let filter = format!("accessPackage/id eq '{}' and target/objectid eq '{}'", self.package, self.user_id);
        let found = self.admin.get(&format!("EM/assignments?$filter={filter}")).await.is(200);
        found.json["value"][0].clone()
    }
}

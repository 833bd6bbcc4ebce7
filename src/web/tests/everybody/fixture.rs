//! The fixture of the everybody test: two catalogs with a package each that someone has, and what is sent to each address. The
//! names of all that is in the second catalog contain a word by which it would be found in an answer.

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

use super::super::{Answer, Browser, TestServer};
use crate::args;
use crate::domain::access::{Action, HeldRole, Principal, Role};
use crate::domain::assignment::AssignmentFilter;
use crate::domain::catalog::CatalogForm;
use crate::domain::client::ClientForm;
use crate::domain::custom_attribute::CustomAttributeForm;
use crate::domain::draft::{DraftRole, PackageDraft};
use crate::domain::group::{GroupForm, GroupRole};
use crate::domain::id::{
    AssignmentId, CatalogId, ClientId, DraftId, ObjectId, OrganizationId, PackageId, PolicyId, RequestId, RoleId, UserId,
};
use crate::domain::incompatibility::{Counterpart, ExceptionForm};
use crate::domain::object::{ObjectKind, Subject};
use crate::domain::offer::OfferTab;
use crate::domain::organization::{OrganizationForm, SponsorSide};
use crate::domain::outbox::MailFilter;
use crate::domain::package::{BasicsForm, PackageForm, PackageQuery, PriorMembership};
use crate::domain::policy::{Audience, LifecycleForm, PolicyForm, RequestsForm, Scope};
use crate::domain::request::{RequestFilter, SubmitForm};
use crate::domain::role_assignment::RoleQuery;
use crate::domain::setting::TenantSettings;
use crate::domain::user::{DirectoryRole, UserForm, UserKind};
use crate::domain::validate::Name;
use crate::paths;
use crate::service::{App, catalogs, clients, drafts, groups, incompatibilities, my_access, organizations};
use crate::store::roles::{self, RoleAssignment};
use crate::store::seed::{Seed, SeedObject};
use crate::store::suppressed_addresses;
use crate::store::{self, Tx, accounts};
use crate::testing::{TestApp, actor, unknown};
use crate::worker;

/// In every name of the second catalog.
pub const SECRET: &str = "Unseen";
/// Resource roles of each package: enough for each who may remove one.
const ROLES: usize = 24;

/// What a call is about.
#[derive(Clone)]
pub struct Spot {
    pub name: &'static str,
    pub catalog: CatalogId,
    pub package: PackageId,
    pub policy: PolicyId,
    pub request: RequestId,
    pub assignment: AssignmentId,
    pub draft: DraftId,
    pub own_draft: bool,
    /// What the package is incompatible with: the package of the other catalog.
    pub excludes: PackageId,
}

pub struct Fixture {
    pub server: TestServer,
    pub own: Spot,
    other: Spot,
    victim: UserId,
    group: ObjectId,
    client: ClientId,
    organization: OrganizationId,
    admin: Principal,
}

impl Fixture {
    pub async fn open(bench: TestApp) -> Self {
        let tries = [
            ("WOODGATE_SIGN_IN_TRIES_PER_ACCOUNT", "1000"),
            ("WOODGATE_SIGN_IN_TRIES_PER_ADDRESS", "100000"),
        ];
        let server = TestServer::set(bench, &tries);
        let id = server.person("administrator", DirectoryRole::GlobalAdministrator).await;
        let admin = Principal {
            id: id.0,
            ..actor(DirectoryRole::GlobalAdministrator)
        };
        let victim = server.person("victim", DirectoryRole::User).await;
        let app = server.bench.app.clone();
        let mut tx = app.store.write().await.expect("tx");
        let general = catalogs::ensure_general(&app, &mut tx).await.expect("General");
        let now = app.clock.now();
        let second = CatalogId(app.ids.id(now));
        let name = Name::of(format!("{SECRET} catalog"));
        let made = store::catalogs::insert_built_in(&mut tx, second, &name, SECRET, now).await;
        assert!(made.expect("a catalog"));
        tx.commit().await.expect("commit");
        let mut own = spot(&server, &admin, victim, general, "General").await;
        let mut other = spot(&server, &admin, victim, second, SECRET).await;
        (own.excludes, other.excludes) = (other.package, own.package);
        let group = groups::create(&app, &admin, &group_form(victim)).await.expect("a group");
        let form = ClientForm {
            name: "Tried".into(),
            ..ClientForm::default()
        };
        let client = clients::create(&app, &admin, &form).await.expect("a client");
        let form = OrganizationForm {
            name: "Tried".into(),
            domains: "tried.example".into(),
            ..OrganizationForm::default()
        };
        let organization = organizations::create(&app, &admin, &form).await.expect("an organization");
        Self {
            server,
            own,
            other,
            victim,
            group,
            client,
            organization,
            admin,
        }
    }

    /// What an allowed caller has taken is there again.
    pub async fn prepare(&self, path: &str) {
        match path {
            "/api/catalog-roles/take" | "/api/catalog-roles/impact" => {
                for catalog in [self.own.catalog, self.other.catalog] {
                    self.hold(Role::CatalogReader, Some(catalog)).await;
                }
            }
            "/api/directory-roles/take" => self.hold(Role::UserAdministrator, None).await,
            "/api/catalog-creators/remove" => self.hold(Role::CatalogCreator, None).await,
            "/api/organizations/remove-sponsor" => {
                let app = &self.server.bench.app;
                let sponsor = organizations::add_sponsor(app, &self.admin, self.organization, SponsorSide::Internal, self.victim.0).await;
                sponsor.expect("a sponsor");
            }
            "/api/mails/remove-suppressed" => {
                self.suppressed().await;
            }
            _ => {}
        }
        if path.contains("incompatibilities") || path.contains("separation-of-duties") {
            for spot in [&self.own, &self.other] {
                self.rule(spot).await;
            }
        }
        if path == "/api/groups/remove-member" {
            let app = &self.server.bench.app;
            let added = groups::add_members(app, &self.admin, self.group, GroupRole::Member, &[self.victim]).await;
            added.expect("the victim is a member");
        }
    }

    /// Both catalogs; for an address of drafts with one that is the caller's own in the first, if they may have one.
    pub async fn spots(&self, principal: &Principal, path: &str) -> [Spot; 2] {
        let mut own = self.own.clone();
        let app = &self.server.bench.app;
        if (path.starts_with("/api/drafts/") || path.contains("{draft}"))
            && principal.authorize_somewhere(Action::ManagePackages).is_ok()
            && let Ok(draft) = drafts::start(app, principal, Some(own.catalog)).await
        {
            (own.draft, own.own_draft) = (draft, true);
        }
        [own, self.other.clone()]
    }

    pub async fn person(&self, name: &str, held: Option<HeldRole>) -> (UserId, Browser) {
        let user = self.server.person(name, DirectoryRole::User).await;
        if let Some(held) = held {
            self.give(held, user, false).await;
        }
        (user, self.server.signed_in(name).await)
    }

    /// Gives a role to a user, or to a new group of which they are a member.
    pub async fn give(&self, held: HeldRole, user: UserId, by_group: bool) {
        let app = &self.server.bench.app;
        let group = if by_group {
            let mut form = group_form(user);
            form.name = format!("Holders {user}");
            Some(groups::create(app, &self.admin, &form).await.expect("a group"))
        } else {
            None
        };
        let now = app.clock.now();
        let given = RoleAssignment {
            id: app.ids.id(now).into(),
            role: held.role,
            catalog_id: held.catalog,
            user_id: group.is_none().then_some(user),
            group_id: group,
            created_at: now,
            created_by: None,
        };
        let mut tx = app.store.write().await.expect("tx");
        assert!(roles::insert(&mut tx, &given).await.expect("a role"));
        tx.commit().await.expect("commit");
    }

    pub async fn set_strict(&self, strict: bool) {
        let mut tx = self.server.bench.app.store.write().await.expect("tx");
        accounts::keep_setting(&mut tx, "strict_roles", &strict.to_string())
            .await
            .expect("a setting");
        tx.commit().await.expect("commit");
    }

    /// What a refused call must leave as it is.
    pub async fn snapshot(&self) -> Vec<i64> {
        let mut tx = self.server.bench.app.store.read().await.expect("tx");
        let counts: Vec<i64> = tx
            .column(
                "SELECT count(*) FROM audit WHERE activity NOT IN ('sign_in', 'sign_in_failed', 'sign_out', 'refuse')
                 UNION ALL SELECT CAST(sum(version) AS BIGINT) FROM users
                 UNION ALL SELECT CAST(sum(version) AS BIGINT) FROM objects
                 UNION ALL SELECT CAST(sum(version) AS BIGINT) FROM packages
                 UNION ALL SELECT CAST(sum(version) AS BIGINT) FROM policies
                 UNION ALL SELECT count(*) FROM policy_versions
                 UNION ALL SELECT CAST(coalesce(sum(version), 0) AS BIGINT) FROM clients
                 UNION ALL SELECT count(*) FROM client_permissions
                 UNION ALL SELECT CAST(coalesce(sum(version), 0) AS BIGINT) FROM connected_organizations
                 UNION ALL SELECT count(*) FROM organization_sponsors
                 UNION ALL SELECT CAST(sum(version) AS BIGINT) FROM assignments
                 UNION ALL SELECT CAST(sum(version) AS BIGINT) FROM catalogs
                 UNION ALL SELECT count(*) FROM catalog_resources
                 UNION ALL SELECT count(*) FROM role_assignments
                 UNION ALL SELECT count(*) FROM package_roles
                 UNION ALL SELECT count(*) FROM requests
                 UNION ALL SELECT count(*) FROM memberships
                 UNION ALL SELECT count(*) FROM drafts
                 UNION ALL SELECT CAST(coalesce(sum(version), 0) AS BIGINT) FROM drafts
                 UNION ALL SELECT count(*) FROM suppressed_addresses
                 UNION ALL SELECT count(*) FROM outbox WHERE state = 'waiting'
                 UNION ALL SELECT count(*) FROM notifications WHERE read_at IS NULL
                 UNION ALL SELECT count(*) FROM settings WHERE key LIKE 'tenant.%'
                 UNION ALL SELECT count(*) FROM imports
                 UNION ALL SELECT count(*) FROM incompatibilities
                 UNION ALL SELECT count(*) FROM incompatibility_exceptions WHERE ended_at IS NULL
                 UNION ALL SELECT count(*) FROM jobs",
                args![],
            )
            .await
            .expect("counts");
        counts
    }

    /// Sends what an address takes, about what is at a spot.
    pub async fn knock(&self, browser: &mut Browser, path: &str, spot: &Spot) -> Vec<Answer> {
        if let Some(function) = path.strip_prefix("/api/").filter(|function| !function.contains('{')) {
            let input = self.input(function, spot).await;
            return vec![browser.call(function, &input).await];
        }
        match path {
            paths::SIGN_OUT => vec![browser.post(path, &[]).await],
            paths::SIGN_IN => vec![browser.get(path).await, browser.post(path, &[]).await],
            paths::PASSWORD => vec![browser.get(path).await, browser.post(path, &[]).await],
            paths::SET_UP => vec![browser.get(path).await, browser.post(path, &[]).await],
            "/admin/export/{list}" => {
                let mut answers = Vec::new();
                for list in [
                    "users",
                    "groups",
                    "catalogs",
                    "packages",
                    "audit",
                    "access-on-day",
                    "package-activity",
                    "conflicts",
                ] {
                    answers.push(browser.get(&format!("/admin/export/{list}")).await);
                }
                answers
            }
            "/admin/{*page}" => vec![browser.get(paths::GOVERNANCE).await],
            "/admin/mail-content/{id}" => vec![browser.get(&format!("/admin/mail-content/{}", self.mail().await)).await],
            "/admin/mail-content/template/{name}" => vec![browser.get("/admin/mail-content/template/18").await],
            page if page.starts_with(paths::ADMIN) => vec![browser.get(&self.page(page, spot).await).await],
            "/my-access/{*page}" => vec![browser.get("/my-access/requests").await],
            "/my-access/packages/{id}/request" => {
                let path = format!("/my-access/packages/{}/request", spot.package);
                vec![browser.get(&path).await, browser.post(&path, &[]).await]
            }
            "/my-access/requests/{id}" => {
                let path = paths::my_request(spot.request);
                vec![browser.get(&path).await, browser.post(&path, &[("do", "cancel")]).await]
            }
            "/my-access/access/{id}/extend" | "/my-access/access/{id}/remove" => {
                let path = path.replace("{id}", &spot.assignment.to_string());
                vec![browser.get(&path).await, browser.post(&path, &[]).await]
            }
            paths::MY_APPROVALS => vec![browser.get(path).await, browser.post(path, &[]).await],
            paths::MY_DELEGATIONS => vec![browser.get(path).await, browser.post(path, &[]).await],
            "/my-access/approvals/{id}" => {
                let path = paths::my_approval(spot.request);
                vec![browser.get(&path).await, browser.post(&path, &[("decision", "approve")]).await]
            }
            "/events/requests/{id}" => {
                let path = format!("/events/requests/{}", spot.request);
                vec![browser.send(Request::get(path).body(Body::empty()).expect("a request")).await]
            }
            "/mail-link/{token}" => vec![browser.get("/mail-link/nothing").await],
            "/sign-in-link/{token}" => vec![
                browser.get("/sign-in-link/nothing").await,
                browser.post("/sign-in-link/nothing", &[]).await,
            ],
            paths::NOTIFICATION_EVENTS => vec![browser.send(Request::get(path).body(Body::empty()).expect("a request")).await],
            paths::AUTHORIZE | paths::DEVICE => vec![browser.get(path).await, browser.post(path, &[("user_code", "x")]).await],
            paths::TOKEN | paths::DEVICE_CODE => vec![browser.post(path, &[("client_id", "x")]).await],
            paths::MY_APPS => vec![browser.get(path).await, browser.post(path, &[]).await],
            path if path.contains("/{tenant}/") => {
                let path = path.replace("{tenant}", "common");
                vec![browser.get(&path).await, browser.post(&path, &[("client_id", "x")]).await]
            }
            "/api/{*call}" => vec![browser.get("/api/nothing").await],
            path => vec![browser.get(path).await],
        }
    }

    /// The address of a page of the admin area, about what is at a spot.
    async fn page(&self, page: &str, spot: &Spot) -> String {
        let id = match page.split('/').nth(2) {
            Some("users" | "reports") => self.victim.to_string(),
            Some("groups") => self.group.to_string(),
            Some("clients") => self.client.to_string(),
            Some("connected-organizations") => self.organization.to_string(),
            Some("catalogs") => spot.catalog.to_string(),
            Some("applications" | "sites") => self.resource_of(spot.catalog).await.to_string(),
            _ => spot.package.to_string(),
        };
        let page = if page.ends_with("/separation-of-duties/people") {
            paths::with_query(page, &[("rule", &self.rule(spot).await.0.to_string())])
        } else {
            page.to_owned()
        };
        page.replace("{id}", &id)
            .replace("{mail}", &self.mail().await.to_string())
            .replace("{template}", "18")
            .replace("{kind}", "users")
            .replace("{resource}", &self.resource_of(spot.catalog).await.to_string())
            .replace("{row}", &spot.request.to_string())
            .replace("{policy}", &spot.policy.to_string())
            .replace("{draft}", &spot.draft.to_string())
            .replace("{step}", "basics")
            .replace("{request}", &spot.request.to_string())
            .replace("{assignment}", &spot.assignment.to_string())
    }

    /// An input that a function can read, about real things, with a version that is never right: whoever is allowed changes nothing either.
    async fn input(&self, function: &str, spot: &Spot) -> Value {
        let id = spot.package;
        let stale = 999;
        match function {
            "users/list" | "groups/list" | "catalogs/list" => json!({ "query": {} }),
            "reports/user" => json!({ "id": self.victim }),
            "reports/access" => json!({ "query": { "user": self.victim } }),
            "reports/held" => json!({ "query": { "user": self.victim, "object": null } }),
            "reports/requestable" => json!({ "query": { "user": self.victim, "search": "", "page": {} } }),
            "reports/usage" => json!({ "query": { "span": "30", "unused": false, "search": "", "page": {} } }),
            "audit/list" => json!({ "query": {} }),
            "packages/list" => json!({ "query": PackageQuery::default() }),
            "users/get" => json!({ "id": self.victim }),
            "users/create" => json!({ "form": UserForm::default() }),
            "users/update" => json!({ "id": self.victim, "version": stale, "form": user_form() }),
            "users/set-enabled" => json!({ "id": self.victim, "version": stale, "enabled": false }),
            "users/reset-password" | "users/send-sign-in-link" | "users/delete" | "users/restore" => {
                json!({ "id": self.victim, "version": stale })
            }
            "custom-attributes/list" => json!({}),
            "custom-attributes/create" => json!({ "form": {} }),
            "custom-attributes/update" => json!({ "id": self.attribute().await, "version": stale, "form": { "label": "Loot" } }),
            "custom-attributes/deletion" => json!({ "id": self.attribute().await }),
            "custom-attributes/delete" => json!({ "id": self.attribute().await, "version": stale }),
            "packages/attributes" => json!({ "id": id }),
            "organizations/list" => json!({ "query": {} }),
            "organizations/get" => json!({ "id": self.organization }),
            "organizations/create" => json!({ "form": {} }),
            "organizations/update" => {
                json!({ "id": self.organization, "version": stale, "form": { "name": "Loot", "domains": "loot.example" } })
            }
            "organizations/delete" => json!({ "id": self.organization, "version": stale }),
            "organizations/add-sponsors" => {
                json!({ "id": self.organization, "side": "external", "sponsors": [] })
            }
            "organizations/remove-sponsor" => {
                json!({ "id": self.organization, "side": "internal", "sponsor": { "kind": "user", "id": self.victim } })
            }
            "clients/list" => json!({ "query": {} }),
            "clients/create" => json!({ "form": {} }),
            "clients/get" | "clients/revoke-sign-ins" => json!({ "id": self.client }),
            "clients/update" => json!({ "id": self.client, "version": stale, "form": { "name": "Loot" } }),
            "clients/set-enabled" => json!({ "id": self.client, "version": stale, "enabled": false }),
            "clients/delete" => json!({ "id": self.client, "version": stale }),
            "clients/give-permission" | "clients/take-permission" => {
                json!({ "id": self.client, "given": { "kind": "application", "permission": "User.Read.All" } })
            }
            "clients/add-secret" => json!({ "id": self.client, "form": { "name": "", "days": "1" } }),
            "clients/remove-secret" => json!({ "id": self.client, "secret": self.client_secret().await }),
            "clients/add-key" => json!({ "id": self.client, "form": { "name": "Mine", "key": "x" } }),
            "clients/remove-key" => json!({ "id": self.client, "key": self.client_key().await }),
            "find/anything" => json!({ "text": SECRET }),
            "users/impact" => json!({ "id": self.victim, "change": "delete", "more": null }),
            "groups/impact" => json!({ "id": self.group, "more": null }),
            "packages/end-and-delete" => json!({ "id": id, "version": stale, "told": true }),
            "packages/impact" => json!({ "id": id, "change": "Delete", "more": null }),
            "policies/impact" => json!({ "id": spot.policy, "change": { "Enable": false }, "more": null }),
            "catalog-roles/impact" => {
                json!({ "catalog": spot.catalog, "id": self.held(Role::CatalogReader, Some(spot.catalog)).await, "more": null })
            }
            "directory-roles/impact" => json!({ "change": { "Give": ["user_administrator", []] }, "more": null }),
            "catalog-creators/impact" => json!({ "change": { "Give": ["catalog_creator", []] }, "more": null }),
            "catalogs/impact" => json!({ "id": spot.catalog, "more": null }),
            "groups/preview-rule" => json!({ "group": null, "rule": "user.department -eq \"Sales\"" }),
            "policies/naming" => json!({ "subject": { "kind": "user", "id": self.victim } }),
            "policies/get" | "policies/versions" => json!({ "id": spot.policy }),
            "policies/create" => json!({ "package": id, "form": PolicyForm::default() }),
            "policies/update" => json!({ "id": spot.policy, "version": stale, "form": PolicyForm::default() }),
            "policies/set-enabled" => json!({ "id": spot.policy, "version": stale, "enabled": false }),
            "policies/delete" => json!({ "id": spot.policy, "version": stale }),
            "policies/order" => json!({ "package": id, "ids": [] }),
            "policies/simulate" => json!({ "package": id, "user": self.victim, "policy": null }),
            "policies/restore" => json!({ "id": spot.policy, "version": stale, "number": 1 }),
            "groups/get" => json!({ "id": self.group }),
            "groups/create" => json!({ "form": GroupForm::default() }),
            "groups/update" => json!({ "id": self.group, "version": stale, "form": group_form(self.victim) }),
            "groups/delete" => json!({ "id": self.group, "version": stale }),
            "groups/members" => json!({ "query": { "group": self.group, "role": "member" } }),
            "groups/add-members" => json!({ "id": self.group, "role": "member", "users": [] }),
            "groups/remove-member" => json!({ "id": self.group, "role": "member", "user": self.victim }),
            "catalogs/get" => json!({ "id": spot.catalog }),
            "directory-objects/list" => json!({ "query": { "kind": "application" } }),
            "directory-objects/get" => json!({ "id": self.resource_of(spot.catalog).await }),
            "directory-objects/holders" => json!({ "query": { "object": self.resource_of(spot.catalog).await } }),
            "catalogs/create" => json!({ "form": CatalogForm::default() }),
            "catalogs/update" => json!({ "id": spot.catalog, "version": stale, "form": catalog_form() }),
            "catalogs/delete" => json!({ "id": spot.catalog, "version": stale }),
            "catalogs/add-resources" => json!({ "id": spot.catalog, "resources": [] }),
            "catalogs/remove-resource" => json!({ "id": spot.catalog, "resource": self.resource_of(spot.catalog).await }),
            "catalogs/attributes" => json!({ "id": spot.catalog, "resource": self.resource_of(spot.catalog).await }),
            "catalogs/set-attributes" => {
                json!({ "id": spot.catalog, "resource": self.resource_of(spot.catalog).await, "form": { "rows": [], "version": stale } })
            }
            "catalog-roles/list" => json!({ "query": { "catalog": spot.catalog } }),
            "catalog-roles/give" => json!({ "catalog": spot.catalog, "role": "catalog_reader", "holders": [] }),
            "catalog-roles/take" => {
                json!({ "catalog": spot.catalog, "id": self.held(Role::CatalogReader, Some(spot.catalog)).await })
            }
            "directory-roles/list" => json!({ "query": {} }),
            "directory-roles/summary" => json!({}),
            "directory-roles/give" => json!({ "role": "user_administrator", "holders": [] }),
            "directory-roles/take" => json!({ "id": self.held(Role::UserAdministrator, None).await }),
            "catalog-creators/add" => json!({ "holders": [] }),
            "catalog-creators/remove" => json!({ "id": self.held(Role::CatalogCreator, None).await }),
            "catalogs/resources" => json!({ "query": { "catalog": spot.catalog } }),
            "objects/find" => json!({ "query": { "kind": "application", "catalog": spot.catalog, "see_all": false } }),
            "objects/subjects" => json!({ "query": { "search": "", "users_only": false, "page": {} } }),
            "packages/get" | "packages/drift" => json!({ "id": id }),
            "packages/update" => json!({ "id": id, "version": stale, "form": package_form() }),
            "packages/delete" => json!({ "id": id, "version": stale }),
            "packages/check-move" => json!({ "id": id, "target": spot.catalog }),
            "packages/move" => json!({ "id": id, "version": stale, "target": spot.catalog, "bring": false }),
            "packages/add-roles" => json!({ "id": id, "roles": [] }),
            "packages/remove-role" => json!({ "id": id, "role": self.place_of_role(id).await }),
            "assignments/list" => json!({ "query": { "package": id, "filter": AssignmentFilter::All, "search": "", "page": {} } }),
            "requests/list" => json!({ "query": { "package": id, "filter": RequestFilter::All, "search": "", "page": {} } }),
            "assignments/options" => json!({ "package": id }),
            "assignments/new" => json!({ "form": { "package": id, "policy": null, "users": [self.victim] } }),
            "assignments/get" => json!({ "id": spot.assignment }),
            "assignments/remove" => json!({ "items": [{ "id": spot.assignment, "version": stale }], "tell": true }),
            "assignments/reprocess" | "assignments/govern" => json!({ "ids": [spot.assignment] }),
            "requests/remove" => json!({ "ids": [spot.request] }),
            "requests/retry" => json!({ "ids": [spot.request] }),
            "requests/get" | "requests/cancel" | "my-access/request-details" => json!({ "id": spot.request }),
            "drafts/start" => json!({ "catalog": spot.catalog }),
            "drafts/get" | "drafts/discard" => json!({ "id": spot.draft }),
            "drafts/save" => json!({ "id": spot.draft, "version": stale, "draft": PackageDraft::default() }),
            "drafts/create" => json!({ "id": spot.draft, "version": stale }),
            "my-access/packages" => json!({ "query": { "tab": OfferTab::Available, "search": "", "page": {} } }),
            "my-access/package" => json!({ "id": id }),
            "my-access/request-pane" => json!({ "query": { "package": id } }),
            "my-access/unmatched-answers" => json!({ "answers": [] }),
            "my-access/would-it-work" => json!({ "form": { "package": id, "justification": "" } }),
            "my-access/cancel-request" | "my-access/remind" => json!({ "id": spot.request }),
            "my-access/access" | "my-access/give-back" => json!({ "id": spot.assignment }),
            "my-access/extend" => json!({ "form": { "assignment": spot.assignment, "justification": "" } }),
            "my-access/request" => json!({ "form": { "package": id, "justification": "" } }),
            "my-access/requests" => json!({ "page": {} }),
            "imports/kinds" => json!({}),
            "imports/list" => json!({ "page": {} }),
            "imports/get" => json!({ "id": id }),
            "imports/rows" => json!({ "query": { "import": id } }),
            "imports/start" | "imports/discard" => json!({ "id": id, "version": stale }),
            "viewer/get" | "my-access/overview" | "drafts/open" | "notifications/unread" | "notifications/read-all" => json!({}),
            "mails/status" | "mails/samples" | "settings/get" => json!({}),
            "notifications/list" => json!({ "page": {} }),
            "notifications/read" => json!({ "id": spot.request }),
            "mails/list" => json!({ "query": { "filter": MailFilter::All, "page": {} } }),
            "mails/get" | "mails/resend" => json!({ "id": self.mail().await }),
            "mails/sample" => json!({ "name": "18" }),
            "mails/suppressed" => json!({ "page": {} }),
            "mails/remove-suppressed" => json!({ "id": self.suppressed().await }),
            "limits/get" => json!({}),
            "limits/update" => json!({ "form": { "values": ["x"], "version": stale } }),
            "settings/update" => json!({ "form": TenantSettings { version: stale, ..TenantSettings::default() } }),
            "reports/conflicts" => json!({ "query": { "filter": "all" } }),
            "incompatibilities/summary" => json!({ "package": id }),
            "incompatibilities/list" => json!({ "query": { "package": id, "kind": "package" } }),
            "incompatibilities/with" | "incompatibilities/exceptions" => json!({ "query": { "package": id } }),
            "incompatibilities/people" => json!({ "query": { "package": id, "rule": self.rule(spot).await.0 } }),
            "incompatibilities/preview" => json!({ "package": id, "counterpart": { "Package": id } }),
            // Itself: whoever is allowed changes nothing either.
            "incompatibilities/add" => json!({ "package": id, "counterpart": { "Package": id } }),
            "incompatibilities/remove" => json!({ "package": id, "id": self.rule(spot).await.0 }),
            "incompatibilities/grant-exception" => {
                json!({ "form": { "package": id, "rule": null, "user": null, "reason": "", "ends_at": "" } })
            }
            "incompatibilities/end-exception" => json!({ "package": id, "id": self.rule(spot).await.1 }),
            "reports/dashboard" => json!({}),
            "approvals/list" => json!({ "query": { "tab": "pending" } }),
            "approvals/get" => json!({ "id": spot.request }),
            "approvals/decide" => json!({ "form": { "requests": [spot.request], "decision": "approve", "reason": "Mine" } }),
            "approvals/revoke" => json!({ "id": spot.request, "reason": "Mine" }),
            "approvals/candidates" => json!({ "search": "victim" }),
            "approvals/delegate" => {
                json!({ "changed": null, "form": { "delegate": "", "package": id, "starts_at": null, "ends_at": null, "waiting": true } })
            }
            "approvals/end-delegation" => json!({ "id": id, "version": stale }),
            "approvals/pending" | "approvals/delegations" | "consents/list" => json!({}),
            "consents/withdraw" => json!({ "id": self.client }),
            other => panic!("nothing is known to send to {other}: add it here"),
        }
    }

    /// The victim's group holds this role.
    async fn hold(&self, role: Role, catalog: Option<CatalogId>) {
        let app = &self.server.bench.app;
        let now = app.clock.now();
        let given = RoleAssignment {
            id: app.ids.id(now).into(),
            role,
            catalog_id: catalog,
            user_id: None,
            group_id: Some(self.group),
            created_at: now,
            created_by: None,
        };
        let mut tx = app.store.write().await.expect("tx");
        roles::insert(&mut tx, &given).await.expect("a role, or held already");
        tx.commit().await.expect("commit");
    }

    /// The assignment by which the victim's group holds this role; where it holds none, an id of nothing.
    async fn held(&self, role: Role, catalog: Option<CatalogId>) -> uuid::Uuid {
        let mut tx = self.server.bench.app.store.read().await.expect("tx");
        let query = RoleQuery {
            catalog,
            role: Some(role),
            ..RoleQuery::default()
        };
        let page = roles::holders(&mut tx, &query).await.expect("a page");
        let held = page.items.into_iter().find(|item| item.holder == Subject::Group(self.group));
        held.map_or_else(unknown, |item| item.id.0)
    }

    /// A resource of which the package of a catalog gives a role.
    async fn resource_of(&self, catalog: CatalogId) -> uuid::Uuid {
        let mut tx = self.server.bench.app.store.read().await.expect("tx");
        let sql = "SELECT object_id FROM catalog_resources WHERE catalog_id = $1 ORDER BY object_id LIMIT 1";
        tx.value(sql, args![catalog]).await.expect("a resource of the catalog")
    }

    /// A mail of the outbox whose event still stands.
    async fn mail(&self) -> uuid::Uuid {
        let mut tx = self.server.bench.app.store.read().await.expect("tx");
        let sql = "SELECT o.id FROM outbox o JOIN notifications n ON n.user_id = o.recipient_id
            WHERE o.about = 'access_delivered' AND n.kind = o.about ORDER BY o.id LIMIT 1";
        tx.value(sql, args![]).await.expect("a mail")
    }

    /// An address to which nothing is sent, there anew each time.
    async fn suppressed(&self) -> uuid::Uuid {
        let app = &self.server.bench.app;
        let mut tx = app.store.write().await.expect("tx");
        let now = app.clock.now();
        let added = suppressed_addresses::add(&mut tx, app.ids.id(now), "nobody@example.com", "550 no", now).await;
        added.expect("an address");
        let sql = "SELECT id FROM suppressed_addresses";
        let id = tx.value(sql, args![]).await.expect("the address");
        tx.commit().await.expect("commit");
        id
    }

    /// A custom attribute, there anew each time.
    async fn attribute(&self) -> uuid::Uuid {
        let app = &self.server.bench.app;
        let now = app.clock.now();
        let id = app.ids.id(now);
        let form = CustomAttributeForm {
            label: format!("Tried {id}"),
            name: format!("tried_{}", id.simple()),
            ..CustomAttributeForm::default()
        };
        let attribute = form.check().expect("an attribute");
        let mut tx = app.store.write().await.expect("tx");
        store::custom_attributes::insert(&mut tx, id.into(), &attribute, now)
            .await
            .expect("kept");
        tx.commit().await.expect("commit");
        id
    }

    /// A secret of the client, there anew each time.
    async fn client_secret(&self) -> uuid::Uuid {
        let id = self.server.bench.app.ids.id(self.server.bench.app.clock.now());
        let mut tx = self.server.bench.app.store.write().await.expect("tx");
        let now = self.server.bench.app.clock.now();
        let new = store::clients::NewSecret {
            id: id.into(),
            name: "Tried",
            hash: "hash",
            hint: "hash",
            created_at: now,
            expires_at: now,
        };
        store::clients::add_secret(&mut tx, self.client, &new).await.expect("a secret");
        tx.commit().await.expect("commit");
        id
    }

    /// A key of the client, there anew each time.
    async fn client_key(&self) -> uuid::Uuid {
        let id = self.server.bench.app.ids.id(self.server.bench.app.clock.now());
        let mut tx = self.server.bench.app.store.write().await.expect("tx");
        let thumbprint = id.to_string();
        let new = store::clients::NewKey {
            id: id.into(),
            name: "Tried",
            key: "",
            thumbprint: &thumbprint,
            sha1: "",
            holds: None,
        };
        let now = self.server.bench.app.clock.now();
        store::clients::add_key(&mut tx, self.client, &new, now).await.expect("a key");
        tx.commit().await.expect("commit");
        id
    }

    /// The rule of a spot's package, and the victim's exception from it, there anew each time.
    async fn rule(&self, spot: &Spot) -> (uuid::Uuid, uuid::Uuid) {
        let app = &self.server.bench.app;
        let counterpart = Counterpart::Package(spot.excludes);
        let mut tx = app.store.read().await.expect("tx");
        let found = store::incompatibilities::of_package(&mut tx, spot.package).await.expect("rules");
        drop(tx);
        let rule = match found.first() {
            Some(rule) => rule.id,
            None => incompatibilities::add(app, &self.admin, spot.package, counterpart)
                .await
                .expect("a rule"),
        };
        let mut tx = app.store.read().await.expect("tx");
        let held = store::incompatibilities::live_exception(&mut tx, rule, self.victim)
            .await
            .expect("read");
        drop(tx);
        let exception = match held {
            Some(held) => held.id,
            None => {
                let form = ExceptionForm {
                    package: spot.package,
                    rule: Some(rule),
                    user: Some(self.victim),
                    reason: "For a while".into(),
                    ends_at: (app.clock.now() + chrono::Duration::days(300)).to_rfc3339(),
                };
                incompatibilities::grant_exception(app, &self.admin, &form).await.expect("granted")
            }
        };
        (rule.0, exception.0)
    }

    async fn place_of_role(&self, package: PackageId) -> uuid::Uuid {
        let mut tx = self.server.bench.app.store.read().await.expect("tx");
        let sql = "SELECT id FROM package_roles WHERE package_id = $1 ORDER BY id LIMIT 1";
        tx.value(sql, args![package]).await.expect("a role of the package")
    }
}

/// A package of a catalog that the victim has, the request for it, and an administrator's draft.
async fn spot(server: &TestServer, admin: &Principal, victim: UserId, catalog: CatalogId, word: &'static str) -> Spot {
    let app = &server.bench.app;
    let mut tx = app.store.write().await.expect("tx");
    let rows = resource(app, &mut tx, word).await;
    tx.commit().await.expect("commit");
    let id = drafts::start(app, admin, Some(catalog)).await.expect("a draft");
    let draft = PackageDraft {
        basics: BasicsForm {
            name: format!("{word} package"),
            description: format!("{word} description"),
            catalog: Some(catalog),
        },
        roles: rows,
        requests: RequestsForm {
            audience: Some(Audience::InDirectory),
            scope: Some(Scope::Specific),
            subjects: vec![Subject::User(victim)],
            ..RequestsForm::default()
        },
        lifecycle: LifecycleForm {
            days: "30".into(),
            ..LifecycleForm::default()
        },
        ..PackageDraft::default()
    };
    let view = drafts::save(app, admin, id, 1, draft).await.expect("saved");
    assert_eq!(view.errors, []);
    let package = drafts::create(app, admin, id, view.version).await.expect("a package").id;
    let me = Principal::user(victim, "victim the Person", "victim", UserKind::Member);
    let form = SubmitForm::new(package, String::new());
    let request = my_access::submit(app, &me, &form).await.expect("a request");
    while worker::drain(app).await.expect("drained") > 0 {}
    let mut tx = app.store.read().await.expect("tx");
    let sql = "SELECT id FROM assignments WHERE package_id = $1";
    let assignment: uuid::Uuid = tx.value(sql, args![package]).await.expect("an assignment");
    let sql = "SELECT id FROM policies WHERE package_id = $1";
    let policy: uuid::Uuid = tx.value(sql, args![package]).await.expect("a policy");
    drop(tx);
    Spot {
        name: word,
        catalog,
        package,
        policy: policy.into(),
        request,
        assignment: assignment.into(),
        draft: drafts::start(app, admin, Some(catalog)).await.expect("a draft"),
        own_draft: false,
        excludes: package,
    }
}

/// An application with many roles, each a row of the Resource roles tab.
async fn resource(app: &App, tx: &mut Tx, word: &str) -> Vec<DraftRole> {
    let now = app.clock.now();
    let object = ObjectId(app.ids.id(now));
    let mut seed = Seed::new(now);
    seed.object(&SeedObject {
        id: object,
        kind: ObjectKind::Application,
        name: &format!("{word} application"),
        description: "",
        group: None,
        url: None,
    });
    let mut rows = Vec::new();
    for position in 0..ROLES {
        let role = RoleId(app.ids.id(now));
        seed.role(role, object, &format!("Role {position}"), position as i64);
        rows.push(DraftRole { object, role: Some(role) });
    }
    seed.write(tx).await.expect("an application");
    rows
}

fn group_form(member: UserId) -> GroupForm {
    GroupForm {
        name: "Tried".into(),
        kind: "security".into(),
        membership: "assigned".into(),
        members: vec![member],
        ..Default::default()
    }
}

fn user_form() -> UserForm {
    UserForm {
        name: "Intruder".into(),
        user_name: "intruder".into(),
        ..Default::default()
    }
}

fn catalog_form() -> CatalogForm {
    CatalogForm {
        name: "Loot".into(),
        ..CatalogForm::default()
    }
}

fn package_form() -> PackageForm {
    PackageForm {
        name: "Loot".into(),
        description: "Loot".into(),
        hidden: false,
        prior_membership: PriorMembership::Keep,
    }
}

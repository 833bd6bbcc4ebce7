//! Every server function with an input that it can read. A function that is missing here fails the test below, so none is forgotten where
//! authorisation is tried.

use std::collections::BTreeSet;

use leptos::server_fn::axum::server_fn_paths;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::domain::assignment::{AssignmentFilter, AssignmentQuery};
use crate::domain::catalog::{CatalogForm, CatalogQuery, ResourceQuery};
use crate::domain::draft::PackageDraft;
use crate::domain::group::{GroupForm, GroupQuery, GroupRole, MemberQuery};
use crate::domain::id::UserId;
use crate::domain::object::{ObjectKind, ObjectQuery, SubjectQuery};
use crate::domain::package::{PackageForm, PackageQuery, PriorMembership};
use crate::domain::page::PageQuery;
use crate::domain::policy::PolicyForm;
use crate::domain::request::{RequestFilter, RequestQuery};
use crate::domain::setting::TenantSettings;
use crate::domain::user::{UserForm, UserQuery};
use crate::testing::unknown;

/// Functions that everyone who is signed in may call, for themselves.
pub const OWN: [&str; 34] = [
    "imports/get",
    "imports/rows",
    "imports/start",
    "imports/discard",
    "notifications/list",
    "notifications/read",
    "notifications/read-all",
    "notifications/unread",
    "viewer/get",
    "my-access/overview",
    "my-access/request-pane",
    "my-access/would-it-work",
    "my-access/unmatched-answers",
    "my-access/cancel-request",
    "my-access/remind",
    "my-access/access",
    "my-access/extend",
    "my-access/give-back",
    "my-access/packages",
    "my-access/package",
    "my-access/request",
    "my-access/requests",
    "my-access/request-details",
    "approvals/list",
    "approvals/get",
    "approvals/pending",
    "approvals/decide",
    "approvals/revoke",
    "approvals/delegations",
    "approvals/candidates",
    "approvals/delegate",
    "approvals/end-delegation",
    "consents/list",
    "consents/withdraw",
];

/// Functions of the admin area, each with an input. `user` and the rest are ids of what is there, so that only a refusal keeps it so.
pub fn of_the_admin_area(user: UserId) -> Vec<(&'static str, Value)> {
    let id = unknown();
    let page = PageQuery::default;
    let form = UserForm {
        name: "Intruder".into(),
        user_name: "intruder".into(),
        password: "seven-quiet-otters-swim".into(),
        ..UserForm::default()
    };
    let group = GroupForm {
        name: "Intruders".into(),
        ..GroupForm::default()
    };
    let package = PackageForm {
        name: "Loot".into(),
        description: "Loot".into(),
        hidden: false,
        prior_membership: PriorMembership::Keep,
    };
    let assignments = AssignmentQuery {
        package: id.into(),
        filter: AssignmentFilter::All,
        policy: None,
        search: String::new(),
        page: page(),
    };
    let requests = RequestQuery {
        package: id.into(),
        filter: RequestFilter::All,
        kind: None,
        policy: None,
        search: String::new(),
        page: page(),
    };
    let members = MemberQuery {
        group: id.into(),
        role: GroupRole::Member,
        search: String::new(),
        page: page(),
    };
    let objects = ObjectQuery {
        kind: ObjectKind::Group,
        catalog: id.into(),
        see_all: true,
        search: String::new(),
        page: page(),
    };
    let resources = ResourceQuery {
        catalog: id.into(),
        search: String::new(),
        page: page(),
    };
    let subjects = SubjectQuery {
        search: String::new(),
        users_only: false,
        groups_only: false,
        organizations: false,
        page: page(),
    };
    vec![
        ("users/list", json!({ "query": UserQuery::default() })),
        ("users/get", json!({ "id": user })),
        ("users/create", json!({ "form": form })),
        ("users/update", json!({ "id": user, "version": 1, "form": form })),
        ("users/set-enabled", json!({ "id": user, "version": 1, "enabled": false })),
        ("users/reset-password", json!({ "id": user, "version": 1 })),
        ("users/send-sign-in-link", json!({ "id": user, "version": 1 })),
        ("users/delete", json!({ "id": user, "version": 1 })),
        ("users/restore", json!({ "id": user, "version": 1 })),
        ("groups/list", json!({ "query": GroupQuery::default() })),
        ("groups/get", json!({ "id": id })),
        ("groups/create", json!({ "form": group })),
        ("groups/update", json!({ "id": id, "version": 1, "form": group })),
        (
            "groups/preview-rule",
            json!({ "group": null, "rule": "user.department -eq \"Sales\"" }),
        ),
        ("groups/delete", json!({ "id": id, "version": 1 })),
        ("groups/members", json!({ "query": members })),
        (
            "groups/add-members",
            json!({ "id": id, "role": GroupRole::Member, "users": [user] }),
        ),
        ("groups/remove-member", json!({ "id": id, "role": GroupRole::Member, "user": user })),
        ("catalogs/list", json!({ "query": CatalogQuery::default() })),
        ("catalogs/get", json!({ "id": id })),
        ("catalogs/resources", json!({ "query": resources })),
        ("objects/find", json!({ "query": objects })),
        ("objects/subjects", json!({ "query": subjects })),
        ("drafts/start", json!({ "catalog": null })),
        ("drafts/open", json!({})),
        ("drafts/get", json!({ "id": id })),
        ("drafts/save", json!({ "id": id, "version": 1, "draft": PackageDraft::default() })),
        ("drafts/create", json!({ "id": id, "version": 1 })),
        ("drafts/discard", json!({ "id": id })),
        ("packages/list", json!({ "query": PackageQuery::default() })),
        ("packages/get", json!({ "id": id })),
        ("packages/update", json!({ "id": id, "version": 1, "form": package })),
        ("packages/delete", json!({ "id": id, "version": 1 })),
        ("packages/add-roles", json!({ "id": id, "roles": [] })),
        ("packages/remove-role", json!({ "id": id, "role": id })),
        ("assignments/list", json!({ "query": assignments })),
        ("assignments/options", json!({ "package": id })),
        (
            "assignments/new",
            json!({ "form": { "package": id, "policy": id, "users": [user] } }),
        ),
        ("assignments/get", json!({ "id": id })),
        ("assignments/reprocess", json!({ "ids": [id] })),
        ("assignments/govern", json!({ "ids": [id] })),
        ("requests/cancel", json!({ "id": id })),
        ("assignments/remove", json!({ "items": [{ "id": id, "version": 1 }], "tell": true })),
        ("requests/list", json!({ "query": requests })),
        ("requests/get", json!({ "id": id })),
        ("requests/retry", json!({ "ids": [id] })),
        ("audit/list", json!({ "query": {} })),
        ("reports/user", json!({ "id": user })),
        ("reports/access", json!({ "query": {} })),
        ("reports/held", json!({ "query": { "user": user, "object": null } })),
        (
            "reports/requestable",
            json!({ "query": { "user": user, "search": "", "page": page() } }),
        ),
        (
            "reports/usage",
            json!({ "query": { "span": "30", "unused": false, "search": "", "page": page() } }),
        ),
        ("reports/dashboard", json!({})),
        ("policies/naming", json!({ "subject": { "kind": "user", "id": user } })),
        ("policies/get", json!({ "id": id })),
        ("policies/create", json!({ "package": id, "form": PolicyForm::default() })),
        ("policies/update", json!({ "id": id, "version": 1, "form": PolicyForm::default() })),
        ("policies/set-enabled", json!({ "id": id, "version": 1, "enabled": false })),
        ("policies/delete", json!({ "id": id, "version": 1 })),
        ("policies/order", json!({ "package": id, "ids": [] })),
        ("policies/versions", json!({ "id": id })),
        ("policies/restore", json!({ "id": id, "version": 1, "number": 1 })),
        ("policies/simulate", json!({ "package": id, "user": user, "policy": null })),
    ]
    .into_iter()
    .chain(of_catalogs(user.0))
    .chain(of_mails(id))
    .chain(of_clients(id))
    .chain(of_organizations(id))
    .chain(of_incompatibilities(id))
    .chain(of_impact(id))
    .chain(of_limits_and_imports(id))
    .collect()
}

/// Functions of separation of duties, each with an input.
fn of_incompatibilities(id: Uuid) -> Vec<(&'static str, Value)> {
    let counterpart = json!({ "Package": id });
    let exception = json!({ "package": id, "rule": id, "user": id, "reason": "Mine", "ends_at": "2027-01-01T00:00:00Z" });
    vec![
        ("incompatibilities/summary", json!({ "package": id })),
        ("incompatibilities/list", json!({ "query": { "package": id, "kind": "package" } })),
        ("incompatibilities/with", json!({ "query": { "package": id } })),
        ("incompatibilities/people", json!({ "query": { "package": id, "rule": id } })),
        ("incompatibilities/preview", json!({ "package": id, "counterpart": counterpart })),
        ("incompatibilities/add", json!({ "package": id, "counterpart": counterpart })),
        ("incompatibilities/remove", json!({ "package": id, "id": id })),
        ("incompatibilities/exceptions", json!({ "query": { "package": id } })),
        ("incompatibilities/grant-exception", json!({ "form": exception })),
        ("incompatibilities/end-exception", json!({ "package": id, "id": id })),
        ("reports/conflicts", json!({ "query": { "filter": "all" } })),
    ]
}

/// Functions that say what a change would do, or find what it would be made to, each with an input.
fn of_impact(id: Uuid) -> Vec<(&'static str, Value)> {
    vec![
        ("find/anything", json!({ "text": "ma" })),
        ("users/impact", json!({ "id": id, "change": "delete", "more": null })),
        ("groups/impact", json!({ "id": id, "more": null })),
        ("packages/impact", json!({ "id": id, "change": "Delete", "more": null })),
        ("packages/drift", json!({ "id": id })),
        ("packages/end-and-delete", json!({ "id": id, "version": 1, "told": true })),
        ("policies/impact", json!({ "id": id, "change": { "Enable": false }, "more": null })),
        ("directory-roles/impact", json!({ "change": { "Take": id }, "more": null })),
        ("catalog-creators/impact", json!({ "change": { "Take": id }, "more": null })),
        ("catalogs/impact", json!({ "id": id, "more": null })),
        ("catalog-roles/impact", json!({ "catalog": id, "id": id, "more": null })),
    ]
}

/// Functions of limits, of what resources ask for, of imports and of finished requests, each with an input.
fn of_limits_and_imports(id: Uuid) -> Vec<(&'static str, Value)> {
    vec![
        ("limits/get", json!({})),
        ("limits/update", json!({ "form": { "values": ["x"], "version": 1 } })),
        ("catalogs/attributes", json!({ "id": id, "resource": id })),
        (
            "catalogs/set-attributes",
            json!({ "id": id, "resource": id, "form": { "rows": [], "version": 1 } }),
        ),
        ("custom-attributes/list", json!({})),
        ("custom-attributes/create", json!({ "form": { "label": "Loot", "name": "loot" } })),
        (
            "custom-attributes/update",
            json!({ "id": id, "version": 1, "form": { "label": "Loot" } }),
        ),
        ("custom-attributes/deletion", json!({ "id": id })),
        ("custom-attributes/delete", json!({ "id": id, "version": 1 })),
        ("packages/attributes", json!({ "id": id })),
        ("imports/kinds", json!({})),
        ("imports/list", json!({ "page": {} })),
        ("requests/remove", json!({ "ids": [id] })),
    ]
}

/// Functions of connected organizations, each with an input.
fn of_organizations(id: Uuid) -> Vec<(&'static str, Value)> {
    let form = json!({ "name": "Intruder", "domains": "intruder.example" });
    let sponsor = json!({ "kind": "user", "id": id });
    vec![
        ("organizations/list", json!({ "query": {} })),
        ("organizations/get", json!({ "id": id })),
        ("organizations/create", json!({ "form": form })),
        ("organizations/update", json!({ "id": id, "version": 1, "form": form })),
        ("organizations/delete", json!({ "id": id, "version": 1 })),
        (
            "organizations/add-sponsors",
            json!({ "id": id, "side": "internal", "sponsors": [sponsor] }),
        ),
        (
            "organizations/remove-sponsor",
            json!({ "id": id, "side": "internal", "sponsor": sponsor }),
        ),
    ]
}

/// Functions of API clients, each with an input.
fn of_clients(id: Uuid) -> Vec<(&'static str, Value)> {
    let form = json!({ "name": "Intruder" });
    let given = json!({ "kind": "application", "permission": "EntitlementManagement.ReadWrite.All" });
    vec![
        ("clients/list", json!({ "query": {} })),
        ("clients/get", json!({ "id": id })),
        ("clients/create", json!({ "form": form })),
        ("clients/update", json!({ "id": id, "version": 1, "form": form })),
        ("clients/set-enabled", json!({ "id": id, "version": 1, "enabled": false })),
        ("clients/delete", json!({ "id": id, "version": 1 })),
        ("clients/revoke-sign-ins", json!({ "id": id })),
        ("clients/give-permission", json!({ "id": id, "given": given })),
        ("clients/take-permission", json!({ "id": id, "given": given })),
        ("clients/add-secret", json!({ "id": id, "form": { "name": "Mine", "days": "1" } })),
        ("clients/remove-secret", json!({ "id": id, "secret": id })),
        ("clients/add-key", json!({ "id": id, "form": { "name": "Mine", "key": "x" } })),
        ("clients/remove-key", json!({ "id": id, "key": id })),
    ]
}

/// Functions of mails and of the tenant's settings, each with an input.
fn of_mails(id: Uuid) -> Vec<(&'static str, Value)> {
    vec![
        ("mails/status", json!({})),
        ("mails/list", json!({ "query": { "filter": "all", "page": {} } })),
        ("mails/get", json!({ "id": id })),
        ("mails/resend", json!({ "id": id })),
        ("mails/suppressed", json!({ "page": {} })),
        ("mails/remove-suppressed", json!({ "id": id })),
        ("mails/samples", json!({})),
        ("mails/sample", json!({ "name": "18" })),
        ("settings/get", json!({})),
        ("settings/update", json!({ "form": TenantSettings::default() })),
    ]
}

/// Functions of catalogs, of who holds which role, and of applications and sites, each with an input.
fn of_catalogs(id: Uuid) -> Vec<(&'static str, Value)> {
    let holders = json!([{ "kind": "user", "id": id }]);
    let catalog = CatalogForm {
        name: "Loot".into(),
        ..CatalogForm::default()
    };
    vec![
        ("catalogs/create", json!({ "form": catalog })),
        ("catalogs/update", json!({ "id": id, "version": 1, "form": catalog })),
        ("catalogs/delete", json!({ "id": id, "version": 1 })),
        ("catalogs/add-resources", json!({ "id": id, "resources": [id] })),
        ("catalogs/remove-resource", json!({ "id": id, "resource": id })),
        ("catalog-roles/list", json!({ "query": { "catalog": id } })),
        (
            "catalog-roles/give",
            json!({ "catalog": id, "role": "catalog_owner", "holders": holders }),
        ),
        ("catalog-roles/take", json!({ "catalog": id, "id": id })),
        ("directory-roles/list", json!({ "query": {} })),
        ("directory-roles/summary", json!({})),
        (
            "directory-roles/give",
            json!({ "role": "global_administrator", "holders": holders }),
        ),
        ("directory-roles/take", json!({ "id": id })),
        ("catalog-creators/add", json!({ "holders": holders })),
        ("catalog-creators/remove", json!({ "id": id })),
        ("directory-objects/list", json!({ "query": { "kind": "application" } })),
        ("directory-objects/get", json!({ "id": id })),
        ("directory-objects/holders", json!({ "query": { "object": id } })),
        ("packages/check-move", json!({ "id": id, "target": id })),
        ("packages/move", json!({ "id": id, "version": 1, "target": id, "bring": true })),
    ]
}

#[test]
fn f176_every_server_function_is_known_here() {
    let registered: BTreeSet<&str> = server_fn_paths().map(|(path, _)| path.trim_start_matches("/api/")).collect();
    let admin = of_the_admin_area(UserId(unknown()));
    let known: BTreeSet<&str> = OWN.into_iter().chain(admin.iter().map(|(door, _)| *door)).collect();
    assert_eq!(registered, known);
}

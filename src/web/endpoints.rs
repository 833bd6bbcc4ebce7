//! Every address that the service answers, and what it takes to be answered there: the action that is asked for, and how the object that
//! it is asked about is found. A server function that is missing here is not served, and a test fails for any other address; another test
//! tries every one of them as everybody. The check itself is the service's, with each use case.

use crate::domain::access::Action;
use crate::paths;

/// What it takes to be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Nothing: nobody need be signed in.
    Public,
    /// To be signed in, even with a password that has yet to be changed.
    SignedIn,
    /// To be signed in; what is not one's own is not there.
    Own,
    /// To be allowed an action, where the object is.
    Needs(Action, Found),
    /// To be allowed one of these actions somewhere; what is answered is only of there.
    NeedsOne(&'static [Action]),
}

/// How the scope of an action is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// It is the tenant.
    Tenant,
    /// Wherever it is allowed; what is answered is only of there.
    Listed,
    /// By the list that is named, which asks for an action of its own.
    List,
    /// By the catalog that is named.
    Catalog,
    /// By the catalog of the package that is named.
    Package,
    /// By the catalog of the package of the policy that is named.
    Policy,
    /// By the catalog of the package of the request that is named.
    Request,
    /// By the catalog of the package of the assignment that is named.
    Assignment,
    /// A draft that is named; only its owner finds it.
    Draft,
}

/// One address.
#[derive(Clone, Copy, Debug)]
pub struct Endpoint {
    /// As the router has it, `{name}` standing for a part.
    pub path: &'static str,
    /// What it takes.
    pub access: Access,
}

const fn at(path: &'static str, access: Access) -> Endpoint {
    Endpoint { path, access }
}

const fn needs(path: &'static str, action: Action, found: Found) -> Endpoint {
    at(path, Access::Needs(action, found))
}

use Access::{NeedsOne, Own, Public, SignedIn};
use Action::{
    AddResources, CreateCatalogs, FindSubjects, GovernGuests, ManageAssignments, ManageCatalogCreators, ManageCatalogRoles, ManageCatalogs,
    ManageClients, ManageConnectedOrganizations, ManageGroups, ManageIncompatibilities, ManagePackages, ManagePolicies, ManageRequests,
    ManageSettings, ManageUsers, ReadAssignments, ReadCatalogs, ReadConnectedOrganizations, ReadDirectory, ReadReports, ReadRequests,
    ReadSettings, RemoveResources, UseAdminArea,
};
use Found::{Assignment, Catalog, Draft, List, Listed, Package, Policy, Request, Tenant};

/// One of these is needed to import a file of some kind.
const IMPORTING: &[Action] = &[ManageUsers, ManageGroups, ManageAssignments];

/// The table.
pub const ENDPOINTS: &[Endpoint] = &[
    // Pages and forms.
    at(paths::ROOT, SignedIn),
    at(paths::SIGN_IN, Public),
    at(paths::PASSWORD, SignedIn),
    at(paths::SET_UP, Public),
    needs(paths::ADMIN, UseAdminArea, Listed),
    needs("/admin/export/{list}", UseAdminArea, List),
    needs("/admin/{*page}", UseAdminArea, Listed),
    // By the kind of the file that is named.
    needs("/admin/imports/new/{kind}", UseAdminArea, List),
    needs("/admin/import-files/template/{kind}", UseAdminArea, Listed),
    at("/admin/import-files/refused/{id}", Own),
    needs("/admin/mail-content/{id}", ManageSettings, Tenant),
    needs("/admin/mail-content/template/{name}", ManageSettings, Tenant),
    // The link of a mail: another's leads to the list of one's own.
    at("/mail-link/{token}", Own),
    at(paths::MY_ACCESS, Own),
    at("/my-access/packages/{id}/request", Own),
    at("/my-access/requests/{id}", Own),
    at("/my-access/access/{id}/extend", Own),
    at("/my-access/access/{id}/remove", Own),
    at(paths::MY_APPROVALS, Own),
    at(paths::MY_DELEGATIONS, Own),
    at(paths::MY_APPS, Own),
    at("/my-access/approvals/{id}", Own),
    at("/my-access/{*page}", Own),
    // Sign-in through clients: the pages are one's own, and what clients ask is asked without a session.
    at(paths::AUTHORIZE, Own),
    at("/{tenant}/oauth2/v2.0/authorize", Own),
    at(paths::DEVICE, Own),
    at(paths::TOKEN, Public),
    at("/{tenant}/oauth2/v2.0/token", Public),
    at(paths::DEVICE_CODE, Public),
    at("/{tenant}/oauth2/v2.0/devicecode", Public),
    at(paths::OPENAPI, Public),
    at(paths::API_REFERENCE, Public),
    at(paths::TOKEN_KEYS, Public),
    at("/{tenant}/discovery/v2.0/keys", Public),
    at(paths::OPENID_CONFIGURATION, Public),
    at("/{tenant}/.well-known/openid-configuration", Public),
    at("/{tenant}/v2.0/.well-known/openid-configuration", Public),
    at(paths::OAUTH_CONFIGURATION, Public),
    at("/.well-known/oauth-authorization-server/{tenant}/v2.0", Public),
    at(paths::PROTECTED_RESOURCE, Public),
    at(paths::PROTECTED_MCP, Public),
    // What the service says of itself, and its files.
    at("/healthz", Public),
    at("/readyz", Public),
    at("/api/{*call}", Public),
    // Server functions.
    at("/api/viewer/get", SignedIn),
    at("/api/my-access/overview", Own),
    at("/api/my-access/packages", Own),
    at("/api/my-access/package", Own),
    at("/api/my-access/request-pane", Own),
    at("/api/my-access/would-it-work", Own),
    at("/api/my-access/request", Own),
    at("/api/my-access/requests", Own),
    at("/api/my-access/request-details", Own),
    at("/api/my-access/cancel-request", Own),
    at("/api/my-access/remind", Own),
    at("/api/my-access/access", Own),
    at("/api/my-access/extend", Own),
    at("/api/my-access/give-back", Own),
    at("/api/approvals/list", Own),
    at("/api/approvals/get", Own),
    at("/api/approvals/pending", Own),
    at("/api/approvals/decide", Own),
    at("/api/approvals/revoke", Own),
    at("/api/approvals/delegations", Own),
    at("/api/approvals/candidates", Own),
    at("/api/approvals/delegate", Own),
    at("/api/approvals/end-delegation", Own),
    at("/api/consents/list", Own),
    at("/api/consents/withdraw", Own),
    needs("/api/users/list", ReadDirectory, Tenant),
    needs("/api/users/get", ReadDirectory, Tenant),
    needs("/api/users/create", ManageUsers, Tenant),
    needs("/api/users/update", ManageUsers, Tenant),
    needs("/api/users/set-enabled", ManageUsers, Tenant),
    needs("/api/users/reset-password", ManageUsers, Tenant),
    needs("/api/users/delete", ManageUsers, Tenant),
    needs("/api/users/restore", ManageUsers, Tenant),
    needs("/api/groups/list", ReadDirectory, Tenant),
    needs("/api/groups/get", ReadDirectory, Tenant),
    needs("/api/groups/create", ManageGroups, Tenant),
    needs("/api/groups/update", ManageGroups, Tenant),
    needs("/api/users/impact", ManageUsers, Tenant),
    needs("/api/groups/impact", ManageGroups, Tenant),
    needs("/api/groups/preview-rule", ManageGroups, Tenant),
    needs("/api/groups/delete", ManageGroups, Tenant),
    needs("/api/groups/members", ReadDirectory, Tenant),
    needs("/api/groups/add-members", ManageGroups, Tenant),
    needs("/api/groups/remove-member", ManageGroups, Tenant),
    needs("/api/directory-objects/list", ReadDirectory, Tenant),
    needs("/api/directory-objects/get", ReadDirectory, Tenant),
    needs("/api/directory-objects/holders", ReadDirectory, Tenant),
    needs("/api/find/anything", UseAdminArea, Listed),
    at("/api/catalogs/list", NeedsOne(&[ReadCatalogs, CreateCatalogs])),
    needs("/api/catalogs/get", ReadCatalogs, Catalog),
    needs("/api/catalogs/resources", ReadCatalogs, Catalog),
    needs("/api/catalogs/create", CreateCatalogs, Tenant),
    needs("/api/catalogs/update", ManageCatalogs, Catalog),
    needs("/api/catalogs/delete", ManageCatalogs, Catalog),
    needs("/api/catalogs/add-resources", AddResources, Catalog),
    needs("/api/catalogs/remove-resource", RemoveResources, Catalog),
    needs("/api/catalogs/attributes", ReadCatalogs, Catalog),
    needs("/api/catalogs/set-attributes", ManageCatalogs, Catalog),
    needs("/api/catalog-roles/list", ReadCatalogs, Catalog),
    needs("/api/catalog-roles/give", ManageCatalogRoles, Catalog),
    needs("/api/catalog-roles/impact", ManageCatalogRoles, Catalog),
    needs("/api/catalog-roles/take", ManageCatalogRoles, Catalog),
    needs("/api/directory-roles/list", ReadDirectory, Tenant),
    needs("/api/directory-roles/summary", ReadDirectory, Tenant),
    needs("/api/directory-roles/give", ManageUsers, Tenant),
    needs("/api/directory-roles/take", ManageUsers, Tenant),
    needs("/api/catalog-creators/add", ManageCatalogCreators, Tenant),
    needs("/api/catalog-creators/remove", ManageCatalogCreators, Tenant),
    needs("/api/objects/find", ReadCatalogs, Catalog),
    needs("/api/objects/subjects", FindSubjects, Listed),
    needs("/api/packages/list", ReadCatalogs, Listed),
    needs("/api/packages/get", ReadCatalogs, Package),
    needs("/api/packages/update", ManagePackages, Package),
    needs("/api/packages/delete", ManagePackages, Package),
    needs("/api/packages/end-and-delete", ManagePackages, Package),
    needs("/api/packages/drift", ReadAssignments, Package),
    needs("/api/packages/impact", ManagePackages, Package),
    needs("/api/packages/check-move", ManagePackages, Package),
    needs("/api/packages/move", ManagePackages, Package),
    needs("/api/packages/add-roles", ManagePackages, Package),
    needs("/api/packages/remove-role", ManagePackages, Package),
    needs("/api/assignments/list", ReadAssignments, Package),
    needs("/api/assignments/get", ReadAssignments, Assignment),
    needs("/api/assignments/options", ManageAssignments, Package),
    needs("/api/assignments/new", ManageAssignments, Package),
    needs("/api/assignments/remove", ManageAssignments, Assignment),
    needs("/api/assignments/reprocess", ManageAssignments, Assignment),
    needs("/api/assignments/govern", GovernGuests, Assignment),
    needs("/api/requests/list", ReadRequests, Package),
    needs("/api/requests/retry", ManageRequests, Request),
    needs("/api/requests/remove", ManageRequests, Request),
    needs("/api/requests/cancel", ManageRequests, Request),
    needs("/api/audit/list", ReadReports, Listed),
    needs("/api/reports/user", ReadReports, Listed),
    needs("/api/reports/access", ReadReports, Listed),
    needs("/api/reports/held", ReadReports, Listed),
    needs("/api/reports/requestable", ReadReports, Listed),
    needs("/api/reports/usage", ReadReports, Listed),
    needs("/api/reports/conflicts", ReadReports, Listed),
    needs("/api/reports/dashboard", UseAdminArea, Listed),
    needs("/api/policies/naming", ReadCatalogs, Listed),
    needs("/api/policies/get", ReadCatalogs, Policy),
    needs("/api/policies/create", ManagePolicies, Package),
    needs("/api/policies/update", ManagePolicies, Policy),
    needs("/api/policies/set-enabled", ManagePolicies, Policy),
    needs("/api/policies/delete", ManagePolicies, Policy),
    needs("/api/policies/impact", ManagePolicies, Policy),
    needs("/api/policies/order", ManagePolicies, Package),
    needs("/api/policies/versions", ReadCatalogs, Policy),
    needs("/api/policies/restore", ManagePolicies, Policy),
    needs("/api/policies/simulate", ManagePolicies, Package),
    needs("/api/incompatibilities/summary", ReadCatalogs, Package),
    needs("/api/incompatibilities/list", ReadCatalogs, Package),
    needs("/api/incompatibilities/with", ReadCatalogs, Package),
    needs("/api/incompatibilities/people", ReadAssignments, Package),
    needs("/api/incompatibilities/preview", ManageIncompatibilities, Package),
    needs("/api/incompatibilities/add", ManageIncompatibilities, Package),
    needs("/api/incompatibilities/remove", ManageIncompatibilities, Package),
    needs("/api/incompatibilities/exceptions", ReadAssignments, Package),
    needs("/api/incompatibilities/grant-exception", ManageIncompatibilities, Package),
    needs("/api/incompatibilities/end-exception", ManageIncompatibilities, Package),
    needs("/api/requests/get", ReadRequests, Request),
    needs("/api/drafts/start", ManagePackages, Catalog),
    needs("/api/drafts/open", ManagePackages, Listed),
    needs("/api/drafts/get", ManagePackages, Draft),
    needs("/api/drafts/save", ManagePackages, Draft),
    needs("/api/drafts/create", ManagePackages, Draft),
    needs("/api/drafts/discard", ManagePackages, Draft),
    at("/api/notifications/list", Own),
    at("/api/notifications/unread", Own),
    at("/api/notifications/read", Own),
    at("/api/notifications/read-all", Own),
    needs("/api/mails/status", ManageSettings, Tenant),
    needs("/api/mails/list", ManageSettings, Tenant),
    needs("/api/mails/get", ManageSettings, Tenant),
    needs("/api/mails/resend", ManageSettings, Tenant),
    needs("/api/mails/suppressed", ManageSettings, Tenant),
    needs("/api/mails/remove-suppressed", ManageSettings, Tenant),
    needs("/api/mails/samples", ManageSettings, Tenant),
    needs("/api/mails/sample", ManageSettings, Tenant),
    needs("/api/limits/get", ManageSettings, Tenant),
    needs("/api/limits/update", ManageSettings, Tenant),
    needs("/api/settings/get", ReadSettings, Tenant),
    needs("/api/settings/update", ManageSettings, Tenant),
    needs("/api/organizations/list", ReadConnectedOrganizations, Listed),
    needs("/api/organizations/get", ReadConnectedOrganizations, Listed),
    needs("/api/organizations/create", ManageConnectedOrganizations, Tenant),
    needs("/api/organizations/update", ManageConnectedOrganizations, Tenant),
    needs("/api/organizations/delete", ManageConnectedOrganizations, Tenant),
    needs("/api/organizations/add-sponsors", ManageConnectedOrganizations, Tenant),
    needs("/api/organizations/remove-sponsor", ManageConnectedOrganizations, Tenant),
    needs("/api/clients/list", ManageClients, Tenant),
    needs("/api/clients/get", ManageClients, Tenant),
    needs("/api/clients/create", ManageClients, Tenant),
    needs("/api/clients/update", ManageClients, Tenant),
    needs("/api/clients/set-enabled", ManageClients, Tenant),
    needs("/api/clients/delete", ManageClients, Tenant),
    needs("/api/clients/revoke-sign-ins", ManageClients, Tenant),
    needs("/api/clients/give-permission", ManageClients, Tenant),
    needs("/api/clients/take-permission", ManageClients, Tenant),
    needs("/api/clients/add-secret", ManageClients, Tenant),
    needs("/api/clients/remove-secret", ManageClients, Tenant),
    needs("/api/clients/add-key", ManageClients, Tenant),
    needs("/api/clients/remove-key", ManageClients, Tenant),
    at("/api/imports/kinds", NeedsOne(IMPORTING)),
    at("/api/imports/list", NeedsOne(IMPORTING)),
    at("/api/imports/get", Own),
    at("/api/imports/rows", Own),
    at("/api/imports/start", Own),
    at("/api/imports/discard", Own),
    // Streams; the requests' own targets see them too.
    at(paths::NOTIFICATION_EVENTS, Own),
    at(paths::OWN_REQUEST_EVENTS, Own),
    needs("/events/requests/{id}", ReadRequests, Request),
    // Last, since it ends what the others are tried with.
    at(paths::SIGN_OUT, Public),
];

/// Every page of the admin area, and what it takes to be shown there: behind the door of the area as a whole, each page asks again, and
/// whoever may not open it is told so with a status that says the same. `{id}` is of the thing that the page is about. The pages ask by what
/// they load; a test holds them to this. What a page of `Own` shows is up to its calls alone.
#[cfg(test)]
pub const ADMIN_PAGES: &[Endpoint] = &[
    needs("/admin", UseAdminArea, Listed),
    needs("/admin/governance", UseAdminArea, Listed),
    needs("/admin/users", ReadDirectory, Tenant),
    needs("/admin/users/new", ManageUsers, Tenant),
    needs("/admin/users/deleted", ReadDirectory, Tenant),
    needs("/admin/connected-organizations", ReadConnectedOrganizations, Listed),
    needs("/admin/connected-organizations/new", ManageConnectedOrganizations, Tenant),
    needs("/admin/connected-organizations/{id}", ReadConnectedOrganizations, Listed),
    needs("/admin/clients", ManageClients, Tenant),
    needs("/admin/clients/new", ManageClients, Tenant),
    needs("/admin/clients/{id}", ManageClients, Tenant),
    needs("/admin/users/{id}", ReadDirectory, Tenant),
    needs("/admin/users/{id}/edit", ReadDirectory, Tenant),
    needs("/admin/groups", ReadDirectory, Tenant),
    needs("/admin/groups/new", ManageGroups, Tenant),
    needs("/admin/groups/{id}", ReadDirectory, Tenant),
    needs("/admin/groups/{id}/members", ReadDirectory, Tenant),
    needs("/admin/groups/{id}/owners", ReadDirectory, Tenant),
    needs("/admin/roles", ReadDirectory, Tenant),
    needs("/admin/applications", ReadDirectory, Tenant),
    needs("/admin/applications/{id}", ReadDirectory, Tenant),
    needs("/admin/applications/{id}/holders", ReadDirectory, Tenant),
    needs("/admin/sites", ReadDirectory, Tenant),
    needs("/admin/sites/{id}", ReadDirectory, Tenant),
    needs("/admin/sites/{id}/holders", ReadDirectory, Tenant),
    at("/admin/catalogs", NeedsOne(&[ReadCatalogs, CreateCatalogs])),
    needs("/admin/catalogs/{id}", ReadCatalogs, Catalog),
    needs("/admin/catalogs/{id}/resources", ReadCatalogs, Catalog),
    needs("/admin/catalogs/{id}/resources/{resource}/attributes", ReadCatalogs, Catalog),
    needs("/admin/catalogs/{id}/packages", ReadCatalogs, Catalog),
    needs("/admin/catalogs/{id}/roles", ReadCatalogs, Catalog),
    needs("/admin/packages", ReadCatalogs, Listed),
    needs("/admin/packages/new", ManagePackages, Listed),
    needs("/admin/packages/new/{draft}/{step}", ManagePackages, Draft),
    needs("/admin/packages/{id}", ReadCatalogs, Package),
    needs("/admin/packages/{id}/resource-roles", ReadCatalogs, Package),
    needs("/admin/packages/{id}/policies", ReadCatalogs, Package),
    needs("/admin/packages/{id}/policies/new", ManagePackages, Package),
    needs("/admin/packages/{id}/policies/{policy}/edit", ReadCatalogs, Package),
    needs("/admin/packages/{id}/policies/{policy}/versions", ReadCatalogs, Package),
    needs("/admin/packages/{id}/separation-of-duties", ReadCatalogs, Package),
    needs("/admin/packages/{id}/separation-of-duties/groups", ReadCatalogs, Package),
    needs("/admin/packages/{id}/separation-of-duties/incompatible-with", ReadCatalogs, Package),
    needs("/admin/packages/{id}/separation-of-duties/exceptions", ReadAssignments, Package),
    needs("/admin/packages/{id}/separation-of-duties/people", ReadAssignments, Package),
    needs("/admin/packages/{id}/simulator", ReadCatalogs, Package),
    needs("/admin/packages/{id}/assignments", ReadAssignments, Package),
    needs("/admin/packages/{id}/assignments/new", ManageAssignments, Package),
    needs("/admin/packages/{id}/assignments/{assignment}", ReadAssignments, Assignment),
    needs("/admin/packages/{id}/requests", ReadRequests, Package),
    needs("/admin/packages/{id}/requests/{request}", ReadRequests, Request),
    needs("/admin/audit", ReadReports, Listed),
    at("/admin/audit/{row}", Own),
    at("/admin/users/{id}/history", Own),
    at("/admin/groups/{id}/history", Own),
    at("/admin/applications/{id}/history", Own),
    at("/admin/sites/{id}/history", Own),
    at("/admin/catalogs/{id}/history", Own),
    at("/admin/packages/{id}/history", Own),
    needs("/admin/reports", ReadReports, Listed),
    at("/admin/reports/day", Own),
    at("/admin/reports/activity", Own),
    at("/admin/reports/unused", Own),
    at("/admin/reports/conflicts", Own),
    at("/admin/reports/user/{id}", Own),
    at("/admin/reports/user/{id}/can-request", Own),
    at("/admin/reports/user/{id}/resources", Own),
    at("/admin/imports", NeedsOne(IMPORTING)),
    at("/admin/imports/new/{kind}", Own),
    at("/admin/imports/{id}", Own),
    needs("/admin/settings", ManageSettings, Tenant),
    needs("/admin/settings/limits", ManageSettings, Tenant),
    needs("/admin/settings/mails", ManageSettings, Tenant),
    needs("/admin/settings/mails/{mail}", ManageSettings, Tenant),
    needs("/admin/settings/suppressed-addresses", ManageSettings, Tenant),
    needs("/admin/settings/mail-templates", ManageSettings, Tenant),
    needs("/admin/settings/mail-templates/{template}", ManageSettings, Tenant),
];

/// What an address takes, if the table has it.
pub fn access(path: &str) -> Option<Access> {
    ENDPOINTS
        .iter()
        .find(|endpoint| endpoint.path == path)
        .map(|endpoint| endpoint.access)
}

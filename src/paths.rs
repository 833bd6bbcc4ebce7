//! Every URL of the product, typed, built in one place: a page that moves, moves here. Pure; knows only the ids that paths carry.

use std::fmt::Write;

use uuid::Uuid;

use crate::domain::draft::Step;
use crate::domain::id::{
    AssignmentId, CatalogId, ClientId, DraftId, ImportId, MessageId, ObjectId, OrganizationId, PackageId, PolicyId, RequestId, UserId,
};
use crate::domain::import::ImportKind;
use crate::domain::object::ObjectKind;

/// The front door: sends each visitor where they belong.
pub const ROOT: &str = "/";
/// Sign-in page; `?return=` is where to go afterwards.
pub const SIGN_IN: &str = "/sign-in";
/// Ends the session (POST).
pub const SIGN_OUT: &str = "/sign-out";
/// Change one's own password.
pub const PASSWORD: &str = "/password";
/// One-time set-up of the first Global administrator; `?token=`.
pub const SET_UP: &str = "/set-up";

/// Where a client gets tokens (POST).
pub const TOKEN: &str = "/oauth2/v2.0/token";
/// Where a client lets a device wait (POST).
pub const DEVICE_CODE: &str = "/oauth2/v2.0/devicecode";
/// Where a client sends people who let it act for them.
pub const AUTHORIZE: &str = "/oauth2/v2.0/authorize";
/// The keys that tokens are signed with.
pub const TOKEN_KEYS: &str = "/discovery/v2.0/keys";
/// What clients can find out by themselves.
pub const OPENID_CONFIGURATION: &str = "/.well-known/openid-configuration";
/// The same, where clients of OAuth look for it (RFC 8414).
pub const OAUTH_CONFIGURATION: &str = "/.well-known/oauth-authorization-server";
/// Who gives tokens for the API (RFC 9728).
pub const PROTECTED_RESOURCE: &str = "/.well-known/oauth-protected-resource";
/// Who gives tokens for the server of agents (RFC 9728).
pub const PROTECTED_MCP: &str = "/.well-known/oauth-protected-resource/mcp";
/// Where agents ask in the name of a person, by the Model Context Protocol.
pub const MCP: &str = "/mcp";
/// The description of the API, for programs.
pub const OPENAPI: &str = "/openapi.json";
/// The same, for people.
pub const API_REFERENCE: &str = "/api-reference";
/// Where people type the code of a device.
pub const DEVICE: &str = "/device";

/// The admin area's home.
pub const ADMIN: &str = "/admin";
/// User list.
pub const USERS: &str = "/admin/users";
/// New user.
pub const USER_NEW: &str = "/admin/users/new";
/// Deleted users.
pub const USERS_DELETED: &str = "/admin/users/deleted";
/// Custom attributes of users.
pub const USERS_ATTRIBUTES: &str = "/admin/users/attributes";
/// Group list.
pub const GROUPS: &str = "/admin/groups";
/// New group.
pub const GROUP_NEW: &str = "/admin/groups/new";
/// Application list.
pub const APPLICATIONS: &str = "/admin/applications";
/// Site list.
pub const SITES: &str = "/admin/sites";
/// Roles of the directory: who holds them.
pub const ROLES: &str = "/admin/roles";
/// Identity Governance: its landing page.
pub const GOVERNANCE: &str = "/admin/governance";
/// Package list.
pub const PACKAGES: &str = "/admin/packages";
/// New access package: begins or resumes a draft.
pub const PACKAGE_NEW: &str = "/admin/packages/new";
/// Catalog list.
pub const CATALOGS: &str = "/admin/catalogs";

/// List of API clients.
pub const CLIENTS: &str = "/admin/clients";
/// New API client.
pub const CLIENT_NEW: &str = "/admin/clients/new";

/// List of connected organizations.
pub const ORGANIZATIONS: &str = "/admin/connected-organizations";
/// New connected organization.
pub const ORGANIZATION_NEW: &str = "/admin/connected-organizations/new";

/// One connected organization.
pub fn organization(id: OrganizationId) -> String {
    format!("{ORGANIZATIONS}/{id}")
}

/// One API client.
pub fn client(id: ClientId) -> String {
    format!("{CLIENTS}/{id}")
}

/// Settings of the tenant.
pub const SETTINGS: &str = "/admin/settings";
/// Limits.
pub const LIMITS: &str = "/admin/settings/limits";
/// Mails.
pub const MAILS: &str = "/admin/settings/mails";
/// Addresses to which nothing is sent.
pub const SUPPRESSED_ADDRESSES: &str = "/admin/settings/suppressed-addresses";
/// How every mail looks.
pub const MAIL_TEMPLATES: &str = "/admin/settings/mail-templates";

/// One mail, over the list of mails.
pub fn mail(id: MessageId) -> String {
    format!("{MAILS}/{id}")
}

/// The HTML of one mail, for a frame.
pub fn mail_content(id: &str) -> String {
    format!("/admin/mail-content/{id}")
}

/// The example of one mail, over the list of them.
pub fn mail_template(name: &str) -> String {
    format!("{MAIL_TEMPLATES}/{name}")
}

/// The HTML of the example of one mail, for a frame.
pub fn mail_template_content(name: &str) -> String {
    format!("/admin/mail-content/template/{name}")
}

/// Where somebody chooses their first password, by the token of a mail.
pub fn sign_in_link(token: &str) -> String {
    format!("/sign-in-link/{token}")
}

/// Imports: one's own files.
pub const IMPORTS: &str = "/admin/imports";

/// A new import of this kind (GET the page, POST the file).
pub fn import_new(kind: ImportKind) -> String {
    use crate::domain::text::StringEnum;
    format!("{IMPORTS}/new/{}", kind.as_str())
}

/// One import.
pub fn import(id: ImportId) -> String {
    format!("{IMPORTS}/{id}")
}

/// The rows of an import that were refused, as a file that can be mended and imported again.
pub fn import_refused(id: ImportId) -> String {
    format!("/admin/import-files/refused/{id}")
}

/// An empty file with the columns of an import of this kind.
pub fn import_template(kind: ImportKind) -> String {
    use crate::domain::text::StringEnum;
    format!("/admin/import-files/template/{}", kind.as_str())
}

/// The audit trail.
pub const AUDIT: &str = "/admin/audit";
/// Reports.
pub const REPORTS: &str = "/admin/reports";

/// Report: who had access on a day.
pub const REPORT_DAY: &str = "/admin/reports/day";
/// Report: how packages were used.
pub const REPORT_ACTIVITY: &str = "/admin/reports/activity";
/// Report: who has incompatible things.
pub const REPORT_CONFLICTS: &str = "/admin/reports/conflicts";
/// Report: packages that nobody uses.
pub const REPORT_UNUSED: &str = "/admin/reports/unused";

/// The reports about one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserReport {
    /// Packages that they have and had.
    Packages,
    /// Packages that they could ask for.
    CanRequest,
    /// Resource roles that they hold, and why.
    Resources,
}

/// One report about one person.
pub fn report_user(id: UserId, report: UserReport) -> String {
    let tail = match report {
        UserReport::Packages => "",
        UserReport::CanRequest => "/can-request",
        UserReport::Resources => "/resources",
    };
    format!("{REPORTS}/user/{id}{tail}")
}

/// One row of the audit trail, in a pane over the list.
pub fn audit_row(id: Uuid) -> String {
    format!("{AUDIT}/{id}")
}

/// All that the audit trail has of one thing.
pub fn audit_of(target: impl Into<Uuid>) -> String {
    with_query(AUDIT, &[("target", &target.into().to_string())])
}

/// One chain of the audit trail, such as a request's.
pub fn audit_chain(correlation: impl Into<Uuid>) -> String {
    with_query(AUDIT, &[("correlation", &correlation.into().to_string())])
}

/// The file of a list: every row of what its page shows, as CSV; with the page's own query.
pub fn export(list: &str) -> String {
    format!("{ADMIN}/export/{list}")
}

/// My Access: packages.
pub const MY_ACCESS: &str = "/my-access";
/// My Access: overview.
pub const MY_OVERVIEW: &str = "/my-access/overview";
/// My Access: request history.
pub const MY_REQUESTS: &str = "/my-access/requests";
/// My Access: programs that may act in one's name.
pub const MY_APPS: &str = "/my-access/apps";
/// My Access: who decides in one's place.
pub const MY_DELEGATIONS: &str = "/my-access/approvals/delegate";

/// My Access: what waits for one's decision.
pub const MY_APPROVALS: &str = "/my-access/approvals";

/// The decision on one request.
pub fn my_approval(id: RequestId) -> String {
    format!("{MY_APPROVALS}/{id}")
}

/// A signed link of a mail.
pub fn mail_link(token: &str) -> String {
    format!("/mail-link/{token}")
}

/// One user.
pub fn user(id: UserId) -> String {
    format!("{USERS}/{id}")
}

/// What the audit trail has of one user.
pub fn user_history(id: UserId) -> String {
    format!("{USERS}/{id}/history")
}

/// Edit one user.
pub fn user_edit(id: UserId) -> String {
    format!("{USERS}/{id}/edit")
}

/// The pages of a group's blade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupPage {
    /// Overview.
    Overview,
    /// Members.
    Members,
    /// Owners.
    Owners,
    /// History.
    History,
}

/// One page of a group's blade.
pub fn group(id: ObjectId, page: GroupPage) -> String {
    let tail = match page {
        GroupPage::Overview => "",
        GroupPage::Members => "/members",
        GroupPage::Owners => "/owners",
        GroupPage::History => "/history",
    };
    format!("{GROUPS}/{id}{tail}")
}

/// The pages of an application's or a site's blade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectPage {
    /// Overview.
    Overview,
    /// Who holds its roles.
    Holders,
    /// History.
    History,
}

/// One page of an application's blade.
pub fn application(id: ObjectId, page: ObjectPage) -> String {
    let tail = match page {
        ObjectPage::Overview => "",
        ObjectPage::Holders => "/holders",
        ObjectPage::History => "/history",
    };
    format!("{APPLICATIONS}/{id}{tail}")
}

/// One page of a site's blade.
pub fn site(id: ObjectId, page: ObjectPage) -> String {
    let tail = match page {
        ObjectPage::Overview => "",
        ObjectPage::Holders => "/holders",
        ObjectPage::History => "/history",
    };
    format!("{SITES}/{id}{tail}")
}

/// The page of a group, an application or a site.
pub fn object(kind: ObjectKind, id: ObjectId) -> String {
    match kind {
        ObjectKind::Group => group(id, GroupPage::Overview),
        ObjectKind::Application => application(id, ObjectPage::Overview),
        ObjectKind::Site => site(id, ObjectPage::Overview),
    }
}

/// The pages of a catalog's blade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CatalogPage {
    /// Overview.
    Overview,
    /// Resources.
    Resources,
    /// Access packages.
    Packages,
    /// Roles and administrators.
    Roles,
    /// History.
    History,
}

/// One page of a catalog's blade.
pub fn catalog(id: CatalogId, page: CatalogPage) -> String {
    let tail = match page {
        CatalogPage::Overview => "",
        CatalogPage::Resources => "/resources",
        CatalogPage::Packages => "/packages",
        CatalogPage::Roles => "/roles",
        CatalogPage::History => "/history",
    };
    format!("{CATALOGS}/{id}{tail}")
}

/// What a resource of a catalog asks of its requestors.
pub fn resource_attributes(id: CatalogId, resource: ObjectId) -> String {
    format!("{CATALOGS}/{id}/resources/{resource}/attributes")
}

/// One tab of a draft in the New access package wizard.
pub fn draft(id: DraftId, step: Step) -> String {
    use crate::domain::text::StringEnum;
    format!("{PACKAGE_NEW}/{id}/{}", step.as_str())
}

/// The pages of a package's blade.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PackagePage {
    /// Overview.
    Overview,
    /// Resource roles.
    ResourceRoles,
    /// Policies.
    Policies,
    /// Assignments.
    Assignments,
    /// Requests.
    Requests,
    /// Policy simulator.
    Simulator,
    /// History.
    History,
}

/// One page of a package's blade.
pub fn package(id: PackageId, page: PackagePage) -> String {
    let tail = match page {
        PackagePage::Overview => "",
        PackagePage::ResourceRoles => "/resource-roles",
        PackagePage::Policies => "/policies",
        PackagePage::Assignments => "/assignments",
        PackagePage::Requests => "/requests",
        PackagePage::Simulator => "/simulator",
        PackagePage::History => "/history",
    };
    format!("{PACKAGES}/{id}{tail}")
}

/// The pages of a package's separation of duties.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeparationPage {
    /// Incompatible access packages.
    Packages,
    /// Incompatible groups.
    Groups,
    /// Incompatible With.
    With,
    /// Exceptions.
    Exceptions,
}

/// One page of a package's separation of duties.
pub fn separation(id: PackageId, page: SeparationPage) -> String {
    let tail = match page {
        SeparationPage::Packages => "",
        SeparationPage::Groups => "/groups",
        SeparationPage::With => "/incompatible-with",
        SeparationPage::Exceptions => "/exceptions",
    };
    format!("{PACKAGES}/{id}/separation-of-duties{tail}")
}

/// Who has a package and what a rule of it names; the query says which rule, or what else.
pub fn additional_access(id: PackageId) -> String {
    format!("{PACKAGES}/{id}/separation-of-duties/people")
}

/// Add policy.
pub fn policy_new(id: PackageId) -> String {
    format!("{PACKAGES}/{id}/policies/new")
}

/// The editor of a policy.
pub fn policy_edit(id: PackageId, policy: PolicyId) -> String {
    format!("{PACKAGES}/{id}/policies/{policy}/edit")
}

/// The versions of a policy.
pub fn policy_versions(id: PackageId, policy: PolicyId) -> String {
    format!("{PACKAGES}/{id}/policies/{policy}/versions")
}

/// The details pane of one request, over its package's list of requests.
pub fn package_request(id: PackageId, request: RequestId) -> String {
    format!("{PACKAGES}/{id}/requests/{request}")
}

/// The details pane of one assignment, over its package's list of assignments.
pub fn package_assignment(id: PackageId, assignment: AssignmentId) -> String {
    format!("{PACKAGES}/{id}/assignments/{assignment}")
}

/// New assignment of a package.
pub fn package_assign(id: PackageId) -> String {
    format!("{PACKAGES}/{id}/assignments/new")
}

/// A package in My Access.
pub fn my_package(id: PackageId) -> String {
    format!("{MY_ACCESS}/packages/{id}")
}

/// The Request access form of a package.
pub fn my_package_request(id: PackageId) -> String {
    format!("{MY_ACCESS}/packages/{id}/request")
}

/// More time for access that one has.
pub fn my_access_extend(id: AssignmentId) -> String {
    format!("{MY_ACCESS}/access/{id}/extend")
}

/// Giving access back.
pub fn my_access_remove(id: AssignmentId) -> String {
    format!("{MY_ACCESS}/access/{id}/remove")
}

/// One of one's own requests.
pub fn my_request(id: RequestId) -> String {
    format!("{MY_REQUESTS}/{id}")
}

/// Server-sent events of all one's own open requests: one event whenever some have moved.
pub const OWN_REQUEST_EVENTS: &str = "/events/requests";

/// Server-sent events of what one is told: one event whenever there is something new, or it was read.
pub const NOTIFICATION_EVENTS: &str = "/events/notifications";

/// Server-sent events of one request.
pub fn request_events(id: RequestId) -> String {
    format!("{OWN_REQUEST_EVENTS}/{id}")
}

/// The My Access portal link of a package: `public_url`, the package's id, and the directory as a hint (F025).
pub fn portal_link(public_url: &str, tenant: &str, id: PackageId) -> String {
    let hint: String = tenant
        .to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .collect::<Vec<_>>()
        .join("-");
    with_query(&format!("{public_url}{}", my_package(id)), &[("directory", &hint)])
}

/// The sign-in page, coming back to `to` afterwards.
pub fn sign_in(to: &str) -> String {
    with_query(SIGN_IN, &[("return", to)])
}

/// A path with a query; pairs with an empty value are left out.
pub fn with_query(path: &str, pairs: &[(&str, &str)]) -> String {
    let mut url = path.to_owned();
    let mut sign = '?';
    for (name, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
        url.push(sign);
        url.push_str(name);
        url.push('=');
        encode(&mut url, value);
        sign = '&';
    }
    url
}

/// A path and query as a header may carry it: what is not plain ASCII, or never stands in an address, is percent-encoded.
fn as_address(path: &str) -> String {
    let mut address = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'"' | b'<' | b'>' | b'^' | b'`' | b'{' | b'|' | b'}' => {
                let _ = write!(address, "%{byte:02X}");
            }
            b'!'..=b'~' => address.push(char::from(byte)),
            _ => {
                let _ = write!(address, "%{byte:02X}");
            }
        }
    }
    address
}

/// Percent-encodes all but RFC 3986's unreserved characters.
fn encode(url: &mut String, value: &str) {
    for byte in value.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => url.push(char::from(byte)),
            _ => {
                let _ = write!(url, "%{byte:02X}");
            }
        }
    }
}

/// Where to go after sign-in: only a path of this site, never another's address, encoded for a header.
pub fn safe_return(to: &str) -> String {
    let own = to.starts_with('/') && !to.starts_with("//") && !to.contains('\\') && !to.contains(char::is_control);
    if own && !to.starts_with(SIGN_IN) && !to.starts_with(SIGN_OUT) {
        as_address(to)
    } else {
        ROOT.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f025_the_portal_link_holds_a_hint_and_the_id() {
        let id = PackageId(Uuid::from_u128(7));
        assert_eq!(
            portal_link("https://access.example", "Woodgrove Bank", id),
            "https://access.example/my-access/packages/00000000-0000-0000-0000-000000000007?directory=woodgrove-bank"
        );
    }

    #[test]
    fn what_is_typed_stays_inside_its_parameter() {
        assert_eq!(with_query("/x", &[("q", "a&b=c #é"), ("after", "")]), "/x?q=a%26b%3Dc%20%23%C3%A9");
    }

    #[test]
    fn a_return_leads_only_to_this_site() {
        assert_eq!(safe_return("/my-access/packages/1?x=2"), "/my-access/packages/1?x=2");
        // A14.
        assert_eq!(
            safe_return("/admin/users?q=Núñez \"x\"&a=%20"),
            "/admin/users?q=N%C3%BA%C3%B1ez%20%22x%22&a=%20"
        );
        for bad in [
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "javascript:alert(1)",
            "/sign-out",
            "",
            "/a\nb",
        ] {
            assert_eq!(safe_return(bad), "/", "{bad:?}");
        }
    }
}

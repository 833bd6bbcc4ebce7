//! Every page of the product by its address, so that what must hold for each page is tried on each. The list is compared with
//! `paths.rs`: a new address fails a test here until it is listed as a page or as something else.

use uuid::Uuid;

use crate::domain::draft::Step;
use crate::domain::import::ImportKind;
use crate::domain::text::StringEnum;
use crate::paths::{self, CatalogPage, GroupPage, ObjectPage, PackagePage, SeparationPage, UserReport};

/// One of each thing that addresses name.
pub struct Samples {
    pub user: Uuid,
    pub deleted_user: Uuid,
    pub assigned_group: Uuid,
    pub dynamic_group: Uuid,
    pub application: Uuid,
    pub site: Uuid,
    pub catalog: Uuid,
    pub package: Uuid,
    /// A policy of `package`.
    pub policy: Uuid,
    /// A package that the viewer can request.
    pub offered: Uuid,
    pub draft: Uuid,
    /// A request for `package`, the viewer's own.
    pub request: Uuid,
    /// A mail.
    pub mail: Uuid,
    /// The access that it gave.
    pub assignment: Uuid,
    /// A client of the API.
    pub client: Uuid,
    /// A connected organization.
    pub organization: Uuid,
}

/// Pages of the admin area; the lists also with a search for `q`.
pub fn of_the_admin_area(of: &Samples, q: &str) -> Vec<String> {
    let lists = [
        paths::USERS,
        paths::USERS_DELETED,
        paths::GROUPS,
        paths::APPLICATIONS,
        paths::SITES,
        paths::ROLES,
        paths::PACKAGES,
        paths::CATALOGS,
        paths::ORGANIZATIONS,
        paths::AUDIT,
        paths::REPORT_DAY,
        paths::REPORT_ACTIVITY,
        paths::REPORT_UNUSED,
        paths::REPORT_CONFLICTS,
    ];
    let mut pages: Vec<String> = [
        paths::ADMIN,
        paths::USER_NEW,
        paths::GROUP_NEW,
        paths::GOVERNANCE,
        paths::PACKAGE_NEW,
        paths::SETTINGS,
        paths::LIMITS,
        paths::USERS_ATTRIBUTES,
        paths::IMPORTS,
        paths::MAILS,
        paths::CLIENTS,
        paths::CLIENT_NEW,
        paths::ORGANIZATION_NEW,
        paths::SUPPRESSED_ADDRESSES,
        paths::MAIL_TEMPLATES,
        paths::REPORTS,
    ]
    .iter()
    .chain(&lists)
    .map(|path| (*path).to_owned())
    .collect();
    pages.extend(lists.iter().map(|path| paths::with_query(path, &[("q", q)])));
    pages.extend([
        paths::user(of.user.into()),
        paths::user(of.deleted_user.into()),
        paths::user_edit(of.user.into()),
        paths::client(of.client.into()),
        paths::organization(of.organization.into()),
        paths::mail(of.mail.into()),
        paths::mail_template("2"),
        paths::user_history(of.user.into()),
        paths::audit_row(of.user),
        paths::audit_of(of.user),
        paths::audit_chain(of.request),
        paths::package_request(of.package.into(), of.request.into()),
        paths::policy_new(of.package.into()),
        paths::policy_edit(of.package.into(), of.policy.into()),
        paths::policy_versions(of.package.into(), of.policy.into()),
        paths::package_assignment(of.package.into(), of.assignment.into()),
        paths::package_assign(of.package.into()),
        paths::import_new(ImportKind::Users),
        paths::resource_attributes(of.catalog.into(), of.assigned_group.into()),
        paths::additional_access(of.package.into()),
    ]);
    for page in [
        SeparationPage::Packages,
        SeparationPage::Groups,
        SeparationPage::With,
        SeparationPage::Exceptions,
    ] {
        pages.push(paths::separation(of.package.into(), page));
    }
    for group in [of.assigned_group, of.dynamic_group] {
        for page in [GroupPage::Overview, GroupPage::Members, GroupPage::Owners, GroupPage::History] {
            pages.push(paths::group(group.into(), page));
        }
    }
    for page in [ObjectPage::Overview, ObjectPage::Holders, ObjectPage::History] {
        pages.push(paths::application(of.application.into(), page));
        pages.push(paths::site(of.site.into(), page));
    }
    for page in [
        CatalogPage::Overview,
        CatalogPage::Resources,
        CatalogPage::Packages,
        CatalogPage::Roles,
        CatalogPage::History,
    ] {
        pages.push(paths::catalog(of.catalog.into(), page));
    }
    for page in [
        PackagePage::Overview,
        PackagePage::ResourceRoles,
        PackagePage::Policies,
        PackagePage::Assignments,
        PackagePage::Requests,
        PackagePage::Simulator,
        PackagePage::History,
    ] {
        pages.push(paths::package(of.package.into(), page));
    }
    for report in [UserReport::Packages, UserReport::CanRequest, UserReport::Resources] {
        pages.push(paths::report_user(of.user.into(), report));
    }
    pages.extend(Step::ALL.iter().map(|step| paths::draft(of.draft.into(), *step)));
    pages
}

/// Pages of My Access, and the pages before either site.
pub fn of_everybody(of: &Samples, q: &str) -> Vec<String> {
    vec![
        paths::MY_ACCESS.into(),
        paths::with_query(paths::MY_ACCESS, &[("q", q)]),
        paths::with_query(paths::MY_ACCESS, &[("tab", "active")]),
        paths::MY_REQUESTS.into(),
        paths::my_package(of.offered.into()),
        paths::my_package(of.package.into()),
        paths::my_package_request(of.offered.into()),
        paths::my_request(of.request.into()),
        paths::MY_OVERVIEW.into(),
        paths::MY_APPROVALS.into(),
        paths::with_query(paths::MY_APPROVALS, &[("tab", "history"), ("q", q)]),
        paths::MY_DELEGATIONS.into(),
        paths::MY_APPS.into(),
        paths::my_access_extend(of.assignment.into()),
        paths::my_access_remove(of.assignment.into()),
        paths::with_query(paths::PASSWORD, &[("return", &format!("/{q}"))]),
        paths::with_query(paths::SIGN_IN, &[("return", &format!("/{q}"))]),
        paths::with_query(paths::SET_UP, &[("token", q)]),
        paths::with_query(paths::DEVICE, &[("user_code", q)]),
    ]
}

/// What `paths.rs` offers besides addresses of pages.
const NO_PAGES: &[&str] = &[
    "ROOT",
    "SIGN_OUT",
    // What a client asks, and the page that its link opens: tried with tokens.
    "TOKEN",
    "DEVICE_CODE",
    "AUTHORIZE",
    "TOKEN_KEYS",
    "OPENID_CONFIGURATION",
    "OAUTH_CONFIGURATION",
    "PROTECTED_RESOURCE",
    "PROTECTED_MCP",
    // What agents call: tried with tokens.
    "MCP",
    // What the API can do: nothing that anybody typed.
    "OPENAPI",
    "API_REFERENCE",
    "OWN_REQUEST_EVENTS",
    "NOTIFICATION_EVENTS",
    // Of a request that one is asked about: tried with that.
    "my_approval",
    // Of a file that was read: tried with that.
    "import",
    "import_refused",
    "import_template",
    "mail_link",
    // Of a mail that was sent: tried with that.
    "sign_in_link",
    "mail_content",
    "mail_template_content",
    "request_events",
    "export",
    // The address of one of the above, by its kind.
    "object",
    "portal_link",
    "sign_in",
    "with_query",
    "safe_return",
];

#[test]
fn every_address_is_listed_as_a_page_or_as_none() {
    let here = include_str!("pages.rs");
    let lists = here.split("const NO_PAGES").next().unwrap_or_default();
    let code = include_str!("../../paths.rs").split("#[cfg(test)]").next().unwrap_or_default();
    let name_after = |line: &str, start: &str| {
        let rest = line.strip_prefix(start)?;
        Some(rest.split(|c: char| !c.is_alphanumeric() && c != '_').next()?.to_owned())
    };
    let mut missing = Vec::new();
    let mut pages_of = None;
    for line in code.lines() {
        if let Some(name) = name_after(line, "pub const ").or_else(|| name_after(line, "pub fn ")) {
            if !lists.contains(&format!("paths::{name}")) && !NO_PAGES.contains(&name.as_str()) {
                missing.push(name);
            }
        } else if let Some(name) = name_after(line, "pub enum ") {
            pages_of = Some(name);
        } else if line == "}" {
            pages_of = None;
        } else if let (Some(pages), Some(variant)) = (&pages_of, name_after(line, "    "))
            && variant.starts_with(char::is_uppercase)
            && !lists.contains(&format!("{pages}::{variant}"))
        {
            missing.push(format!("{pages}::{variant}"));
        }
    }
    assert!(missing.is_empty(), "list these in src/web/tests/pages.rs: {missing:?}");
}

//! The parts of the admin area's bundle: which addresses need which, for the server that names their files in the document, and for the
//! browser that fetches them. A new part is declared by `part!` beside its pages, and has a row and an arm here.

use super::assignments::{Assignments, NewAssignment};
use super::audit::Audit;
use super::catalogs::{Attributes, Catalog, CatalogContents, Catalogs};
use super::clients::{Client, Clients};
use super::directory_objects::DirectoryObjects;
use super::directory_roles::DirectoryRoles;
use super::groups::{Group, Groups, People};
use super::imports::Imports;
use super::incompatibilities::{Exceptions, Incompatibilities};
use super::organizations::{Organization, Organizations};
use super::packages::{Contents, Package, Packages};
use super::policies::{Policies, Policy, Simulator, Versions, fetch_form, fetch_lifecycle};
use super::reports::Reports;
use super::requests::Requests;
use super::settings::{LimitSettings, Settings};
use super::users::{User, UserAttributes, Users};
use super::wizard::{BeginPackage, NewPackage, fetch_basics, fetch_review, fetch_roles};
use crate::ui::{MissingPart, PartTable, parts_of};

/// What an address needs beside the main part, by how it begins; `scripts/sizes.mjs` reads these rows too.
const PARTS: PartTable = &[
    ("/admin/audit", &["audit"]),
    ("/admin/governance", &["reports"]),
    ("/admin/reports", &["reports"]),
    ("/admin/users", &["users"]),
    ("/admin/users/*", &["user"]),
    ("/admin/users/deleted", &["users"]),
    ("/admin/users/attributes", &["user_attributes"]),
    ("/admin/users/*/history", &["audit"]),
    ("/admin/groups", &["groups"]),
    ("/admin/groups/*", &["group", "group_people"]),
    ("/admin/groups/new", &["groups"]),
    ("/admin/groups/*/history", &["group", "audit"]),
    ("/admin/roles", &["directory_roles"]),
    ("/admin/applications", &["directory_objects"]),
    ("/admin/applications/*/history", &["directory_objects", "audit"]),
    ("/admin/sites", &["directory_objects"]),
    ("/admin/sites/*/history", &["directory_objects", "audit"]),
    ("/admin/catalogs", &["catalogs"]),
    ("/admin/catalogs/*", &["catalog", "catalog_contents"]),
    ("/admin/catalogs/*/resources/*/attributes", &["catalog", "resource_attributes"]),
    ("/admin/catalogs/*/history", &["catalog", "audit"]),
    ("/admin/packages", &["packages"]),
    ("/admin/packages/*", &["package", "contents"]),
    ("/admin/packages/new", &["new_package"]),
    ("/admin/packages/new/*", &["wizard"]),
    ("/admin/packages/new/*/basics", &["wizard", "wizard_basics"]),
    ("/admin/packages/new/*/resource-roles", &["wizard", "wizard_roles"]),
    ("/admin/packages/new/*/requests", &["wizard", "policy_form"]),
    ("/admin/packages/new/*/lifecycle", &["wizard", "policy_lifecycle"]),
    ("/admin/packages/new/*/review", &["wizard", "wizard_review"]),
    ("/admin/packages/*/policies", &["package", "policies"]),
    (
        "/admin/packages/*/policies/*",
        &["package", "policy", "policy_form", "policy_lifecycle"],
    ),
    ("/admin/packages/*/policies/*/versions", &["package", "versions"]),
    ("/admin/packages/*/separation-of-duties", &["package", "incompatibilities"]),
    (
        "/admin/packages/*/separation-of-duties/exceptions",
        &["package", "incompatibility_exceptions"],
    ),
    (
        "/admin/packages/*/separation-of-duties/people",
        &["package", "incompatibility_exceptions"],
    ),
    ("/admin/packages/*/simulator", &["package", "simulator"]),
    ("/admin/packages/*/assignments", &["package", "assignments"]),
    ("/admin/packages/*/assignments/new", &["package", "new_assignment"]),
    ("/admin/packages/*/requests", &["package", "requests"]),
    ("/admin/packages/*/history", &["package", "audit"]),
    ("/admin/imports", &["imports"]),
    ("/admin/clients", &["clients"]),
    ("/admin/clients/*", &["client"]),
    ("/admin/clients/new", &["clients"]),
    ("/admin/connected-organizations", &["organizations"]),
    ("/admin/connected-organizations/*", &["organization"]),
    ("/admin/connected-organizations/new", &["organizations"]),
    ("/admin/settings", &["settings"]),
    ("/admin/settings/limits", &["limit_settings"]),
];

/// The parts that a path needs.
pub fn of(path: &str) -> &'static [&'static str] {
    parts_of(PARTS, path)
}

/// Brings a part.
pub async fn fetch(part: &str) -> Result<(), MissingPart> {
    match part {
        "audit" => Audit::fetch().await,
        "reports" => Reports::fetch().await,
        "user" => User::fetch().await,
        "users" => Users::fetch().await,
        "user_attributes" => UserAttributes::fetch().await,
        "group" => Group::fetch().await,
        "group_people" => People::fetch().await,
        "groups" => Groups::fetch().await,
        "directory_roles" => DirectoryRoles::fetch().await,
        "directory_objects" => DirectoryObjects::fetch().await,
        "catalog" => Catalog::fetch().await,
        "catalog_contents" => CatalogContents::fetch().await,
        "resource_attributes" => Attributes::fetch().await,
        "catalogs" => Catalogs::fetch().await,
        "clients" => Clients::fetch().await,
        "client" => Client::fetch().await,
        "organizations" => Organizations::fetch().await,
        "organization" => Organization::fetch().await,
        "package" => Package::fetch().await,
        "contents" => Contents::fetch().await,
        "packages" => Packages::fetch().await,
        "policies" => Policies::fetch().await,
        "versions" => Versions::fetch().await,
        "policy" => Policy::fetch().await,
        "policy_form" => fetch_form().await,
        "incompatibilities" => Incompatibilities::fetch().await,
        "incompatibility_exceptions" => Exceptions::fetch().await,
        "policy_lifecycle" => fetch_lifecycle().await,
        "simulator" => Simulator::fetch().await,
        "new_assignment" => NewAssignment::fetch().await,
        "assignments" => Assignments::fetch().await,
        "requests" => Requests::fetch().await,
        "imports" => Imports::fetch().await,
        "limit_settings" => LimitSettings::fetch().await,
        "settings" => Settings::fetch().await,
        "new_package" => BeginPackage::fetch().await,
        "wizard" => NewPackage::fetch().await,
        "wizard_basics" => fetch_basics().await,
        "wizard_roles" => fetch_roles().await,
        "wizard_review" => fetch_review().await,
        _ => Err(MissingPart),
    }
}

#[cfg(test)]
mod tests {
    use any_spawner::Executor;
    use leptos::prelude::*;
    use leptos_axum::generate_route_list;
    use leptos_router::location::RequestUrl;

    use super::*;
    use crate::testing::TestApp;
    use crate::ui::shown;

    const ID: &str = "00000000-0000-0000-0000-000000000007";
    /// Parts of what a page shows once it has loaded, which nobody is shown who is not signed in.
    const WITHIN: &[&str] = &["policy_form", "policy_lifecycle", "wizard_basics", "wizard_roles", "wizard_review"];

    /// The addresses of the route table, with something in place of what varies.
    fn addresses() -> Vec<String> {
        let routes = generate_route_list(crate::app::admin);
        let sample = |step: &str| if step == ":step" { "basics".into() } else { step.replace(step, ID) };
        let path = |path: &str| {
            let steps = path
                .split('/')
                .map(|step| if step.starts_with([':', '{']) { sample(step) } else { step.into() });
            steps.collect::<Vec<String>>().join("/")
        };
        routes.iter().map(|route| path(route.path())).collect()
    }

    #[tokio::test]
    async fn the_table_names_the_parts_that_each_route_shows() {
        // Fails only where another test has done it already.
        drop(Executor::init_tokio());
        let bench = TestApp::sqlite().await;
        let addresses = addresses();
        assert!(addresses.len() > 20, "{addresses:?}");
        for address in addresses {
            let found = shown::by(|| {
                Owner::new().with(|| {
                    // Nobody is signed in: the pages show that, and each is of its part all the same.
                    provide_context(bench.app.clone());
                    provide_context(RequestUrl::new(&address));
                    drop(crate::app::admin().to_html());
                });
            });
            let mut named = of(&address).to_vec();
            named.retain(|part| !WITHIN.contains(part));
            named.sort_unstable();
            assert_eq!(named, found, "{address}");
        }
    }

    #[tokio::test]
    async fn every_part_of_the_table_can_be_fetched() {
        for part in PARTS.iter().flat_map(|(_, parts)| *parts) {
            assert_eq!(fetch(part).await, Ok(()), "{part}");
        }
        assert_eq!(fetch("elsewhere").await, Err(MissingPart));
    }
}

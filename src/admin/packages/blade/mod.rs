//! One access package: its head and the menu of its five pages, which stand below it as child routes and share what was loaded.

mod add_roles;
mod assignments;
mod details;
mod edit;
mod overview;
mod policies;
mod requests;
mod roles;
mod tools;

use leptos::prelude::*;
use leptos_router::components::Outlet;
use leptos_router::hooks::use_location;

use crate::admin::error_view::{loaded, loaded_quietly, use_id};
use crate::admin::frame::PageTitle;
use crate::domain::id::PackageId;
use crate::domain::package::PackageDetail;
use crate::paths::{self, PackagePage};
use crate::rpc::Loading;
use crate::rpc::packages::get_package;
use crate::ui::*;

pub use assignments::PackageAssignmentsPage;
pub use overview::PackageOverviewPage;
pub use policies::PackagePoliciesPage;
pub use requests::PackageRequestsPage;
pub use roles::PackageRolesPage;

/// The package of the blade around the caller.
fn use_package() -> Loading<PackageDetail> {
    expect_context::<Loading<PackageDetail>>()
}

/// The blade of one package.
#[component]
pub fn PackageBlade() -> AnyView {
    let id = use_id::<PackageId>();
    let package = Loading::named(id, get_package);
    provide_context(package);
    let path = use_location().pathname;
    // What was changed on one page shows on the next.
    Effect::new(move |before: Option<Option<PackagePage>>| {
        let now = id.get().and_then(|id| path.with(|path| current(id, path))).map(|(page, _)| page);
        if before.is_some_and(|before| before != now) {
            package.refetch();
        }
        now
    });
    let menu = move || {
        loaded_quietly(package, move |package| {
            let id = package.item.id;
            view! { <SubMenu label=package.item.name items=Signal::derive(move || path.with(|path| pages(id, path)))/> }.into_any()
        })
    };
    view! {
        <Blade menu=menu>
            {loaded(package, move |package| head(package, path))}
            <Outlet/>
        </Blade>
    }
    .into_any()
}

fn head(package: PackageDetail, path: Memo<String>) -> AnyView {
    let item = package.item;
    let subtitle = ["Access package in the catalog ", &item.catalog.name].concat();
    let (id, name) = (item.id, item.name.clone());
    let title = move || {
        let label = path.with(|path| current(id, path)).map_or("", |(_, label)| label);
        [&name, " - ", label].concat()
    };
    view! {
        <PageTitle text=Signal::derive(title)/>
        <Breadcrumb items=vec![
            Crumb::link("Home", paths::ADMIN),
            Crumb::link("Identity Governance", paths::GOVERNANCE),
            Crumb::link("Access packages", paths::PACKAGES),
            Crumb::here(item.name.clone()),
        ]/>
        <PageHead
            title=item.name
            subtitle=subtitle
            icon=Icon::Package
            chip=move || item.hidden.then(|| view! { <Chip text="Hidden"/> })
        />
    }
    .into_any()
}

const PAGES: [(PackagePage, &str, Icon); 5] = [
    (PackagePage::Overview, "Overview", Icon::Home),
    (PackagePage::ResourceRoles, "Resource roles", Icon::Key),
    (PackagePage::Policies, "Policies", Icon::Shield),
    (PackagePage::Assignments, "Assignments", Icon::People),
    (PackagePage::Requests, "Requests", Icon::History),
];

/// The page that stands at an address: the last one whose own address begins it.
fn current(id: PackageId, here: &str) -> Option<(PackagePage, &'static str)> {
    let stands = |page: PackagePage| {
        here.strip_prefix(paths::package(id, page).as_str())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    PAGES
        .iter()
        .rev()
        .find(|(page, ..)| stands(*page))
        .map(|(page, label, _)| (*page, *label))
}

fn pages(id: PackageId, here: &str) -> Vec<NavItem> {
    let current = current(id, here).map(|(page, _)| page);
    let item = |(page, label, icon): &(PackagePage, &'static str, Icon)| {
        NavItem::new(*icon, *label, paths::package(id, *page)).current(Some(*page) == current)
    };
    PAGES.iter().map(item).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn the_menu_marks_the_page_that_is_shown_and_what_lies_over_it() {
        let id = PackageId(Uuid::from_u128(1));
        let marked = |here: &str| {
            pages(id, here)
                .into_iter()
                .filter(|item| item.current)
                .map(|item| item.label)
                .collect::<Vec<_>>()
        };
        assert_eq!(marked(&paths::package(id, PackagePage::Overview)), ["Overview"]);
        assert_eq!(marked(&paths::package(id, PackagePage::ResourceRoles)), ["Resource roles"]);
        assert_eq!(marked(&paths::package_request(id, Uuid::from_u128(2).into())), ["Requests"]);
    }
}

//! One access package: its head and the menu of its pages, which stand below it as child routes and share what was loaded.

mod add_roles;
mod drift;
mod edit;
mod ending;
mod moving;
mod overview;
mod roles;

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::admin::blade::{Entry, blade, current};
use crate::admin::error_view::{loaded_quietly, use_id};
use crate::admin::listing::Listing;
use crate::admin::page_title::PageTitle;
use crate::domain::id::PackageId;
use crate::domain::package::PackageDetail;
use crate::paths::{self, PackagePage, SeparationPage};
use crate::rpc::Loading;
use crate::rpc::loading::Loadable;
use crate::rpc::packages::get_package;
use crate::ui::*;

pub use overview::PackageOverviewPage;
pub use roles::PackageRolesPage;

/// The package of the blade around the caller.
pub fn use_package() -> Loading<PackageDetail> {
    expect_context::<Loading<PackageDetail>>()
}

/// The head and the command bar of a list of the package, only over a package that is there.
pub fn package_list_head<Q, T>(list: Listing<Q, T>, commands: impl Fn() -> AnyView + Send + Sync + 'static) -> AnyView
where
    Q: Clone + PartialEq + Send + Sync + 'static,
    T: Loadable,
{
    let head = move |_| {
        view! {
            {list.head()}
            {list.bar(commands())}
        }
        .into_any()
    };
    loaded_quietly(use_package(), head)
}

/// The policies of the package of the page's address, as words of a filter.
pub fn policies_of_package() -> Loading<Vec<(String, String)>> {
    Loading::named(use_id::<PackageId>(), |id| async move {
        let policies = get_package(id).await?.policies;
        Ok(policies.into_iter().map(|policy| (policy.id.to_string(), policy.name)).collect())
    })
}

/// The blade of one package.
#[component]
pub fn PackageBlade() -> AnyView {
    let id = use_id::<PackageId>();
    let package = Loading::named(id, get_package);
    provide_context(package);
    let path = use_location().pathname;
    // What was changed on one page shows on the next.
    Effect::new(move |before: Option<Option<usize>>| {
        let now = id.get().and_then(|id| path.with(|path| current(&pages(id), path)));
        if before.is_some_and(|before| before != now) {
            package.refetch();
        }
        now
    });
    blade(
        package,
        |package| (package.item.name.clone(), pages(package.item.id)),
        move |package| head(package, path),
    )
}

fn pages(id: PackageId) -> Vec<Entry> {
    let to = |page| paths::package(id, page);
    vec![
        (Icon::Home, "Overview", to(PackagePage::Overview)),
        (Icon::Key, "Resource roles", to(PackagePage::ResourceRoles)),
        (Icon::Shield, "Policies", to(PackagePage::Policies)),
        (Icon::Lock, "Separation of duties", paths::separation(id, SeparationPage::Packages)),
        (Icon::People, "Assignments", to(PackagePage::Assignments)),
        (Icon::History, "Requests", to(PackagePage::Requests)),
        (Icon::Search, "Policy simulator", to(PackagePage::Simulator)),
        (Icon::Document, "History", to(PackagePage::History)),
    ]
}

fn head(package: PackageDetail, path: Memo<String>) -> AnyView {
    let item = package.item;
    let (entries, name) = (pages(item.id), item.name.clone());
    let title = move || {
        let label = path.with(|path| current(&entries, path)).map_or("", |at| entries[at].1);
        format!("{name} - {label}")
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
            subtitle=format!("Access package in the catalog {}", item.catalog.name)
            icon=Icon::Package
            chip=move || item.hidden.then(|| view! { <Chip text="Hidden"/> })
        />
    }
    .into_any()
}

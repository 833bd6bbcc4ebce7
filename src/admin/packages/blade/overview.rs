//! Overview: what matters about a package first, then its My Access link, its facts, and Edit and Delete.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::super::delete::{self, ToDelete};
use super::edit::EditPackage;
use super::ending::{self, EndAndDelete};
use super::moving::MovePackage;
use super::use_package;
use crate::admin::error_view::loaded_below;
use crate::admin::sentences as summary;
use crate::admin::timestamp::moment;
use crate::domain::package::PackageDetail;
use crate::paths::{self, CatalogPage, PackagePage};
use crate::rpc::viewer_time;
use crate::ui::*;

/// The Overview of a package (F025, F041, F059).
#[component]
pub fn PackageOverviewPage() -> AnyView {
    let package = use_package();
    let reload = Callback::new(move |()| package.refetch());
    // Kept outside of what is loaded: a pane that was opened just before fresh data arrived stays open.
    let (editing, moving) = (RwSignal::new(false), RwSignal::new(false));
    loaded_below(package, move |package| overview(package, (editing, moving), reload))
}

fn overview(package: PackageDetail, (editing, moving): (RwSignal<bool>, RwSignal<bool>), reload: Callback<()>) -> AnyView {
    let to_delete = RwSignal::new(None::<ToDelete>);
    let ask = ToDelete::from(&package.item);
    let navigate = use_navigate();
    let gone = Callback::new(move |()| navigate(paths::PACKAGES, NavigateOptions::default()));
    let why_not_edit = package.edit.reason();
    let why_not_move = package.edit.reason();
    let why_not_delete = package.delete.reason();
    let link = package.link.clone();
    let held = (package.ending.is_none() && !package.delete.is_allowed()).then(|| package.clone());
    let ending = package.ending.clone().map(|ending| (package.item.clone(), ending));
    view! {
        <CommandBar>
            <Button
                id="edit"
                kind=ButtonKind::Subtle
                icon=Icon::Edit
                disabled_reason=Signal::stored(why_not_edit)
                on_click=move || editing.set(true)
            >
                "Edit"
            </Button>
            <Button
                id="move"
                kind=ButtonKind::Subtle
                icon=Icon::Catalog
                disabled_reason=Signal::stored(why_not_move)
                on_click=move || moving.set(true)
            >
                "Move"
            </Button>
            <Button
                id="delete"
                kind=ButtonKind::Subtle
                icon=Icon::Delete
                disabled_reason=Signal::stored(why_not_delete)
                on_click=move || to_delete.set(Some(ask.clone()))
            >
                "Delete"
            </Button>
            {held.map(|package| view! { <EndAndDelete package=package reload=reload/> })}
            <Button kind=ButtonKind::Subtle icon=Icon::Refresh on_click=move || reload.run(())>"Refresh"</Button>
        </CommandBar>
        {ending.map(|(item, ending)| ending::progress(item, ending))}
        <div class="stack-24">
            {sentences(&package)}
            <div class="form">
                <CopyField name="portal-link" label="My Access portal link" value=link/>
                <p class="muted">"Send this link to people who may request the package. It asks them to sign in first."</p>
            </div>
            {facts(&package)}
        </div>
        <MovePackage package=package.clone() open=moving reload=reload/>
        <EditPackage package=package open=editing reload=reload/>
        {delete::question(to_delete, gone)}
    }
    .into_any()
}

/// Who can request, how long, how many have it, what it gives.
fn sentences(package: &PackageDetail) -> AnyView {
    let policies = package
        .policies
        .iter()
        .flat_map(|policy| summary::policy(policy, viewer_time::lasts))
        .map(|line| view! { <p class="break">{line}</p> })
        .collect_any();
    let given = summary::given(&package.roles)
        .into_iter()
        .map(|line| view! { <p class="break">{line}</p> })
        .collect_any();
    let holders = summary::holders(package.item.active_assignments);
    let waiting = summary::waiting(package.open_requests);
    let to = move |page| paths::package(package.item.id, page);
    let (policies_link, roles_link, assignments_link) = (
        to(PackagePage::Policies),
        to(PackagePage::ResourceRoles),
        to(PackagePage::Assignments),
    );
    view! {
        <div class="cols-3">
            <Card title="Who can request it" actions=move || view! { <a href=policies_link>"Policies"</a> }>{policies}</Card>
            <Card title="Who has it" actions=move || view! { <a href=assignments_link>"Assignments"</a> }>
                <p>{holders}</p>
                <p>{waiting}</p>
            </Card>
            <Card title="What it gives" actions=move || view! { <a href=roles_link>"Resource roles"</a> }>{given}</Card>
        </div>
    }
    .into_any()
}

fn facts(package: &PackageDetail) -> AnyView {
    let item = package.item.clone();
    let hidden = if item.hidden { "Yes" } else { "No" };
    let (prior, updated_at) = (summary::prior(package.prior_membership), package.updated_at);
    view! {
        <section class="stack">
            <SectionTitle title="Properties"/>
            <PropertyList>
                <Property label="Name">{item.name}</Property>
                <Property label="Description">{item.description}</Property>
                <Property label="Catalog">
                    <a href=paths::catalog(item.catalog.id, CatalogPage::Overview)>{item.catalog.name}</a>
                </Property>
                <Property label="Hidden">{hidden}</Property>
                <Property label="Roles held before">{prior}</Property>
                <Property label="Created">{moment(item.created_at)}</Property>
                <Property label="Last changed">{moment(updated_at)}</Property>
            </PropertyList>
        </section>
    }
    .into_any()
}

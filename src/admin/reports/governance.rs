//! Identity Governance: what it is for, and the way to its parts.

use leptos::prelude::*;

use super::dashboard::standing;
use crate::admin::error_view::loaded;
use crate::admin::frame::use_viewer;
use crate::admin::home::area;
use crate::admin::page_title::PageTitle;
use crate::paths;
use crate::rpc::viewer::Viewer;
use crate::ui::*;

/// Identity Governance.
#[component]
pub fn GovernancePage() -> AnyView {
    view! {
        <PageTitle text="Identity Governance"/>
        <Breadcrumb items=vec![Crumb::link("Home", paths::ADMIN), Crumb::here("Identity Governance")]/>
        <PageHead
            title="Identity Governance"
            subtitle="People request what they need for their work, and it ends when it should.".to_owned()
            icon=Icon::Shield
        />
        {loaded(use_viewer(), |viewer| ways(&viewer))}
        <Card title="How it goes">
            <ol class="steps-plain">
                <li>"Create an access package in a catalog and add resource roles, such as Member of a group."</li>
                <li>"Its policy says who can request it, and when access ends."</li>
                <li>"Send people the My Access portal link, or let them find the package in My Access."</li>
                <li>"Each request is delivered within a moment; every assignment ends on its date and takes back what it gave."</li>
            </ol>
        </Card>
    }
    .into_any()
}

/// What the viewer can make here, how things stand, and the parts that are open to them.
fn ways(viewer: &Viewer) -> AnyView {
    let packages = || {
        let text = "A bundle of resources for a team or project, with policies that say who can request it and for how long.";
        area(Icon::Package, paths::PACKAGES, "Access packages", text)
    };
    let catalogs = || {
        let text = "Containers of resources and access packages. General is there from the start.";
        area(Icon::Catalog, paths::CATALOGS, "Catalogs", text)
    };
    let reports = || {
        view! {
            {area(Icon::Document, paths::REPORTS, "Reports", "Who has what and why, who had it on a day, and what nobody uses.")}
            {area(Icon::History, paths::AUDIT, "Audit logs", "Who did what to what, and when.")}
        }
    };
    let new = || {
        view! {
            <CommandBar>
                <LinkButton href=paths::PACKAGE_NEW icon=Icon::Add kind=ButtonKind::Primary>"New access package"</LinkButton>
            </CommandBar>
        }
    };
    view! {
        {viewer.packages.is_allowed().then(new)}
        {standing()}
        <div class="cols-2">
            {viewer.package_list.is_allowed().then(packages)}
            {viewer.catalog_list.is_allowed().then(catalogs)}
            {viewer.reports.is_allowed().then(reports)}
        </div>
    }
    .into_any()
}

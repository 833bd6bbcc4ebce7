//! Identity Governance: what it is for, and the way to its parts.

use leptos::prelude::*;

use super::home::area;
use super::page_title::PageTitle;
use super::reports::standing;
use crate::paths;
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
        <CommandBar>
            <LinkButton href=paths::PACKAGE_NEW icon=Icon::Add kind=ButtonKind::Primary>"New access package"</LinkButton>
        </CommandBar>
        {standing()}
        <div class="cols-2">
            {area(
                Icon::Package,
                paths::PACKAGES,
                "Access packages",
                "A bundle of resources for a team or project, with policies that say who can request it and for how long.",
            )}
            {area(
                Icon::Catalog,
                paths::CATALOGS,
                "Catalogs",
                "Containers of resources and access packages. General is there from the start.",
            )}
            {area(Icon::Document, paths::REPORTS, "Reports", "Who has what and why, who had it on a day, and what nobody uses.")}
            {area(Icon::History, paths::AUDIT, "Audit logs", "Who did what to what, and when.")}
        </div>
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

//! The list of connected organizations (F158).

use leptos::prelude::*;

use crate::admin::error_view::loaded_quietly;
use crate::admin::frame::use_viewer;
use crate::admin::listing::{Column, Empty, Filter, List, Listing, Look, or_all};
use crate::domain::organization::{Organization, OrganizationQuery, OrganizationState};
use crate::paths;
use crate::rpc::organizations::list_organizations;
use crate::ui::*;

/// Connected organizations.
pub static ORGANIZATIONS: List<OrganizationQuery, Organization> = List {
    look: Look {
        name: "organizations",
        title: "Connected organizations",
        about: "Other organizations whose people can be let in by policies, told apart by the domain of their address.",
        top: Some((Icon::People, &[("Identity Governance", paths::GOVERNANCE)])),
        path: |_| Some(paths::ORGANIZATIONS.to_owned()),
        search: "Search by name or domain",
        filters: &[Filter::menu("state", "State", || or_all(OrganizationState::label))],
        empty: |address| {
            if address.is_narrowed() {
                let text = "The search looks at the beginnings of the words in a name or domain.";
                Empty::found("No connected organization matches", text).next(paths::ORGANIZATIONS, "Show all connected organizations")
            } else {
                let text = "Add an organization that you work with, and policies can let its people request access packages.";
                Empty::yet(Icon::People, "No connected organizations yet", text)
            }
        },
    },
    query: |address| {
        Some(OrganizationQuery {
            search: address.search.clone(),
            state: address.word("state"),
            page: address.page.clone(),
        })
    },
    columns: &[
        Column::view(
            "Name",
            |organization: &Organization| organization.name.clone(),
            |organization, _| {
                view! { <a class="list-link" href=paths::organization(organization.id)>{organization.name.clone()}</a> }.into_any()
            },
        ),
        Column::view(
            "State",
            |organization| organization.state.label().to_owned(),
            |organization, _| view! { <StatusDot tone=tone(organization.state) text=organization.state.label()/> }.into_any(),
        ),
        Column::text("Domains", |organization| organization.domains.join(", ")),
        Column::text("Description", |organization| organization.description.clone()),
        Column::time("Created", |organization| Some(organization.created_at)),
        Column::time("Changed", |organization| Some(organization.updated_at)),
    ],
    opens: None,
};

/// The colour of a state.
pub fn tone(state: OrganizationState) -> Tone {
    match state {
        OrganizationState::Configured => Tone::Success,
        OrganizationState::Proposed => Tone::Warning,
    }
}

/// Connected organizations.
#[component]
pub fn OrganizationsPage() -> AnyView {
    let organizations = Listing::new(&ORGANIZATIONS, list_organizations);
    let new = view! {
        {loaded_quietly(use_viewer(), |viewer| {
            let reason = viewer.organizations.reason();
            match reason {
                Some(reason) => view! {
                    <Button icon=Icon::Add kind=ButtonKind::Primary disabled_reason=Some(reason) on_click=|| ()>
                        "Add connected organization"
                    </Button>
                }
                .into_any(),
                None => view! {
                    <LinkButton href=paths::ORGANIZATION_NEW icon=Icon::Add kind=ButtonKind::Primary>
                        "Add connected organization"
                    </LinkButton>
                }
                .into_any(),
            }
        })}
    };
    view! {
        {organizations.head()}
        {organizations.bar(new)}
        {organizations.rows(None)}
    }
    .into_any()
}

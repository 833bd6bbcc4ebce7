//! The list of API clients.

use leptos::prelude::*;

use crate::admin::listing::{Column, Empty, List, Listing, Look};
use crate::domain::client::{ClientItem, ClientQuery};
use crate::paths;
use crate::rpc::clients::list_clients;
use crate::ui::*;

/// API clients.
pub static CLIENTS: List<ClientQuery, ClientItem> = List {
    look: Look {
        name: "clients",
        title: "API clients",
        about: "Programs that call the API, each with permissions and credentials of its own.",
        top: Some((Icon::Key, &[])),
        path: |_| Some(paths::CLIENTS.to_owned()),
        search: "Search API clients",
        filters: &[],
        empty: |address| {
            if address.is_narrowed() {
                Empty::found("No API client matches", "The search looks at the beginning of a name.")
                    .next(paths::CLIENTS, "Show all API clients")
            } else {
                let text = "Register a program here, give it permissions and a secret or a key, and it can call the API.";
                Empty::yet(Icon::Key, "No API clients yet", text).next(paths::CLIENT_NEW, "New API client")
            }
        },
    },
    query: |address| {
        Some(ClientQuery {
            search: address.search.clone(),
            direction: address.direction,
            page: address.page.clone(),
        })
    },
    columns: &[
        Column::view(
            "Name",
            |client: &ClientItem| client.name.clone(),
            |client, _| view! { <a class="list-link" href=paths::client(client.id)>{client.name.clone()}</a> }.into_any(),
        )
        .sort(""),
        Column::text("Application id", |client| client.id.to_string()),
        Column::view(
            "Status",
            |client| status(client.enabled).1.to_owned(),
            |client, _| {
                let (tone, text) = status(client.enabled);
                view! { <StatusDot tone=tone text=text/> }.into_any()
            },
        ),
        Column::text("Description", |client| client.description.clone()),
        Column::time("Last used", |client| client.last_used_at),
        Column::time("Registered", |client| Some(client.created_at)),
    ],
    opens: None,
};

/// Whether a client may call, as a status.
pub fn status(enabled: bool) -> (Tone, &'static str) {
    if enabled {
        (Tone::Success, "Enabled")
    } else {
        (Tone::Neutral, "Disabled")
    }
}

/// API clients.
#[component]
pub fn ClientsPage() -> AnyView {
    let clients = Listing::new(&CLIENTS, list_clients);
    let new = view! { <LinkButton href=paths::CLIENT_NEW icon=Icon::Add kind=ButtonKind::Primary>"New API client"</LinkButton> };
    view! {
        {clients.head()}
        {clients.bar(new)}
        {clients.rows(None)}
    }
    .into_any()
}

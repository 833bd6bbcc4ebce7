//! The addresses to which nothing is sent, because a mail server has refused them for good; each can be tried again.

use leptos::prelude::*;

use super::{Tab, tabs};
use crate::admin::form::Submission;
use crate::admin::listing::{self, Column, Empty, List, Listing, Look};
use crate::domain::id::SuppressionId;
use crate::domain::outbox::SuppressedAddress;
use crate::domain::page::PageQuery;
use crate::paths;
use crate::rpc::mails::{list_suppressed, remove_suppressed};
use crate::ui::*;

/// The addresses.
pub static SUPPRESSED_ADDRESSES: List<PageQuery, SuppressedAddress> = List {
    look: Look {
        name: "suppressed-addresses",
        title: "Suppressed addresses",
        about: "Addresses that a mail server has refused for good. Nothing is sent there until they are removed from this list.",
        top: Some((Icon::Mail, &[("Settings", paths::SETTINGS)])),
        path: |_| Some(paths::SUPPRESSED_ADDRESSES.to_owned()),
        search: "",
        filters: &[],
        empty: |_| {
            let text = "An address that a mail server says does not exist is listed here, and gets no more mails.";
            Empty::yet(Icon::Mail, "No address is suppressed", text)
        },
    },
    query: |address| Some(address.page.clone()),
    columns: &[
        Column::text("Address", |one| one.address.clone()),
        Column::text("Reason", |one| one.reason.clone()),
        Column::time("Since", |one| Some(one.created_at)),
    ],
    opens: None,
};

/// The addresses.
#[component]
pub fn SuppressedPage() -> AnyView {
    let addresses = Listing::new(&SUPPRESSED_ADDRESSES, list_suppressed);
    let toasts = use_toasts();
    let removing = Submission::new();
    let remove = Callback::new(move |(id, address): (SuppressionId, String)| {
        removing.send(remove_suppressed(id), move |()| {
            toasts.success("Mails go to this address again", address, None);
            addresses.loading.refetch();
        });
    });
    Effect::new(move |_| {
        if let Some(text) = removing.text().get() {
            toasts.error("Address not removed", text, None);
        }
    });
    let button = move |one: &SuppressedAddress| {
        let (id, address) = (one.id, one.address.clone());
        let press = move || remove.run((id, address.clone()));
        let which = one.address.clone();
        view! { <Button busy=removing.busy() on_click=press>"Remove"<span class="sr-only">" "{which}</span></Button> }.into_any()
    };
    view! {
        {addresses.head()}
        {tabs(Tab::Suppressed)}
        {addresses.bar(())}
        {addresses.rows(listing::actions(button))}
    }
    .into_any()
}

//! Apps with access: the programs that one lets act in one's name, what each may do, and the way to end that. Each is ended by a plain form;
//! alive, it sends the same through `rpc`.

use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};

use super::offer::instant;
use super::request_form::draft::returned;
use super::{arriving, error_view};
use crate::domain::client::ConsentItem;
use crate::paths;
use crate::rpc::consents::{list_consents, withdraw_consent};
use crate::rpc::{AppError, Loading};
use crate::ui::*;

/// The page.
pub fn page() -> AnyView {
    let consents = Loading::once(list_consents);
    let reload = Callback::new(move |()| consents.refetch());
    let (_, failure, _) = returned();
    let about = "Programs that you let act for you. Whatever they do stands in the trail as yours, with their name.";
    view! {
        <DocumentTitle text="Apps with access - My Access"/>
        <PageHead title="Apps with access" subtitle=Some(about.to_owned())/>
        {failure.map(|error| view! { <MessageBar tone=Tone::Danger title=error.text()/> })}
        {arriving(3, move || consents.get().map(|found| list(found, reload)))}
    }
    .into_any()
}

fn list(found: Result<Vec<ConsentItem>, AppError>, reload: Callback<()>) -> AnyView {
    match found {
        Err(error) => error_view::bar(&error),
        Ok(items) if items.is_empty() => {
            view! { <p class="muted">"No app may act for you. One that wants to asks you first, and stands here once you have allowed it."</p> }
                .into_any()
        }
        Ok(items) => {
            let entries = items.into_iter().map(|item| entry(item, reload)).collect_any();
            view! { <ul class="panel-list">{entries}</ul> }.into_any()
        }
    }
}

fn entry(item: ConsentItem, reload: Callback<()>) -> AnyView {
    let ConsentItem { client, description, .. } = item;
    let may = item.permissions.into_iter().map(|what| view! { <li>{what}</li> }).collect_any();
    let state = match (item.signed_in, item.offline) {
        (true, true) => "Signed in for you, until you end that",
        (true, false) => "Signed in for you",
        (false, _) => "Not signed in for you now",
    };
    let used = item.last_used_at.map_or_else(|| "never".into_any(), instant);
    view! {
        <li class="stack-8">
            <div class="row"><span class="strong break">{client.name.clone()}</span></div>
            {(!description.is_empty()).then(|| view! { <span class="muted small break">{description}</span> })}
            <div>"It can, as far as you can yourself:" <ul>{may}</ul></div>
            <span class="muted small">{state} ". Allowed " {instant(item.since)} ", last used " {used} "."</span>
            {end_form(client.id, client.name, reload)}
        </li>
    }
    .into_any()
}

/// Ends at once what a program may do for one.
fn end_form(id: crate::domain::id::ClientId, name: String, reload: Callback<()>) -> AnyView {
    let toasts = use_toasts();
    let busy = RwSignal::new(false);
    let label = format!(" access of {name}");
    let submit = move |ev: SubmitEvent| {
        ev.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let name = name.clone();
        spawn_local(async move {
            match withdraw_consent(id).await {
                Ok(()) => {
                    toasts.success("Access ended", format!("{name} can't act for you any more."), None);
                }
                // It was ended elsewhere.
                Err(AppError::NotFound) => {}
                Err(error) => {
                    toasts.error("The access was not ended", error.text(), None);
                }
            }
            busy.try_set(false);
            reload.run(());
        });
    };
    view! {
        <form method="post" action=paths::MY_APPS on:submit=submit>
            <input type="hidden" name="client" value=id.to_string()/>
            <Button submit=true busy=busy>"End"<span class="sr-only">{label}</span></Button>
        </form>
    }
    .into_any()
}

//! What an API client signs in with: secrets, each shown once when it is made, and public keys, alone or in certificates.

use leptos::prelude::*;

use crate::admin::confirm::Question;
use crate::admin::form::{Form, PaneForm};
use crate::admin::timestamp::moment;
use crate::domain::client::{KeyForm, KeyItem, SecretForm, SecretItem};
use crate::domain::id::{ClientId, ClientKeyId, ClientSecretId};
use crate::rpc::clients::{add_key, add_secret, remove_key, remove_secret};
use crate::ui::*;

/// Days that a secret lasts unless somebody types something else.
const DAYS: &str = "180";

/// The secrets of a client, with the way to a new one.
pub fn secrets(id: ClientId, secrets: Vec<SecretItem>, reload: Callback<()>) -> AnyView {
    let adding = RwSignal::new(false);
    let removing = RwSignal::new(None::<(ClientSecretId, String)>);
    let row = move |secret: SecretItem| {
        let name = format!("{} (…{})", secret.name, secret.hint);
        let asked = (secret.id, name.clone());
        view! {
            <li class="break">
                <span class="strong">{name.clone()}</span>
                " ends " {moment(secret.expires_at)} ", last used "
                {secret.last_used_at.map_or_else(|| "never".into_any(), |at| moment(at).into_any())} " "
                <Button kind=ButtonKind::Subtle on_click=move || removing.set(Some(asked.clone()))>
                    "Remove"<span class="sr-only">" "{name}</span>
                </Button>
            </li>
        }
        .into_any()
    };
    let rows = if secrets.is_empty() {
        view! { <p class="muted">"It has no secrets."</p> }.into_any()
    } else {
        view! { <ul class="stack-8">{secrets.into_iter().map(row).collect_any()}</ul> }.into_any()
    };
    view! {
        <Card title="Secrets">
            <div class="stack">
                {rows}
                <Button id="add-secret" icon=Icon::Add on_click=move || adding.set(true)>"Add secret"</Button>
            </div>
        </Card>
        {secret_pane(id, adding, reload)}
        {remove_secret_question(id, removing, reload)}
    }
    .into_any()
}

fn secret_pane(id: ClientId, open: RwSignal<bool>, reload: Callback<()>) -> AnyView {
    let name = RwSignal::new(String::new());
    let days = RwSignal::new(DAYS.to_owned());
    let told = RwSignal::new(String::new());
    let shown = RwSignal::new(false);
    let typed = move || SecretForm {
        name: name.get(),
        days: days.get(),
    };
    let form = Form::new(move || typed().check());
    let forget = Callback::new(move |()| {
        name.set(String::new());
        days.set(DAYS.to_owned());
    });
    let save = Callback::new(move |()| {
        form.send(add_secret(id, untrack(typed)), move |secret| {
            open.set(false);
            forget.run(());
            told.set(secret);
            shown.set(true);
        });
    });
    let pane = PaneForm {
        name: "add-secret-pane",
        title: "Add secret",
        open,
        dirty: Signal::derive(move || !name.get().is_empty()),
        save,
        forget,
        reload: forget,
    };
    let inside = view! {
        {form.field("name", "What it is for", name).id("secret-name").required().line()}
        {form.field("days", "Days that it lasts", days).id("secret-days").required().hint("From 1 to 730.").line()}
    };
    view! {
        {form.pane_to("Add", pane, inside.into_any())}
        {told_pane(told, shown, reload)}
    }
    .into_any()
}

/// The secret, this once.
fn told_pane(told: RwSignal<String>, shown: RwSignal<bool>, reload: Callback<()>) -> AnyView {
    // It can't be shown again, so only Done closes it unasked.
    let kept = Signal::derive(move || told.with(|told| !told.is_empty()));
    let forget = move || {
        told.set(String::new());
        reload.run(());
    };
    let done = move || {
        shown.set(false);
        forget();
    };
    view! {
        <Pane
            name="new-secret"
            title="New secret".to_owned()
            open=shown
            dirty=kept
            discard=("Close without the secret?", "It can't be shown again. Remove it and add another if it was not kept.")
            on_close=forget
            foot=move || view! { <Button kind=ButtonKind::Primary on_click=done>"Done"</Button> }
        >
            <div class="stack">
                <CopyField name="client-secret" label="Secret" value=told/>
                <p>"It is shown only this once. Keep it where only the program can read it."</p>
            </div>
        </Pane>
    }
    .into_any()
}

fn remove_secret_question(id: ClientId, chosen: RwSignal<Option<(ClientSecretId, String)>>, reload: Callback<()>) -> AnyView {
    let toasts = use_toasts();
    Question::new(
        "remove-secret-dialog",
        |(_, name): &(ClientSecretId, String)| format!("Remove {name}?"),
        |_| "Programs that sign in with it get no more tokens. Tokens that they have serve until they end, within an hour.".to_owned(),
        move |(secret, _): (ClientSecretId, String)| Box::pin(remove_secret(id, secret)),
        move |(_, name)| {
            toasts.success("Secret removed", name, None);
            reload.run(());
        },
    )
    .gone(|(_, name)| format!("{name} had been removed already"), move |_| reload.run(()))
    .view(chosen)
}

/// The public keys of a client, with the way to a new one.
pub fn keys(id: ClientId, keys: Vec<KeyItem>, reload: Callback<()>) -> AnyView {
    let adding = RwSignal::new(false);
    let removing = RwSignal::new(None::<(ClientKeyId, String)>);
    let row = move |key: KeyItem| {
        let (name, asked) = (key.name.clone(), (key.id, key.name));
        let ends = key.expires_at.map(|at| view! { " ends " {moment(at)} "," }.into_any());
        let thumbprint = if key.sha1.is_empty() {
            key.thumbprint
        } else {
            key.sha1.to_ascii_uppercase()
        };
        view! {
            <li class="break">
                <span class="strong">{name.clone()}</span>
                " " <code>{thumbprint}</code> "," {ends} " last used "
                {key.last_used_at.map_or_else(|| "never".into_any(), |at| moment(at).into_any())} " "
                <Button kind=ButtonKind::Subtle on_click=move || removing.set(Some(asked.clone()))>
                    "Remove"<span class="sr-only">" "{name}</span>
                </Button>
            </li>
        }
        .into_any()
    };
    let rows = if keys.is_empty() {
        view! { <p class="muted">"It has no keys. With a key or a certificate a program signs who it is, and no secret need be kept."</p> }
            .into_any()
    } else {
        view! { <ul class="stack-8">{keys.into_iter().map(row).collect_any()}</ul> }.into_any()
    };
    view! {
        <Card title="Keys and certificates">
            <div class="stack">
                {rows}
                <Button id="add-key" icon=Icon::Add on_click=move || adding.set(true)>"Add key or certificate"</Button>
            </div>
        </Card>
        {key_pane(id, adding, reload)}
        {remove_key_question(id, removing, reload)}
    }
    .into_any()
}

fn key_pane(id: ClientId, open: RwSignal<bool>, reload: Callback<()>) -> AnyView {
    let name = RwSignal::new(String::new());
    let key = RwSignal::new(String::new());
    let typed = move || KeyForm {
        name: name.get(),
        key: key.get(),
    };
    let form = Form::new(move || typed().check());
    let toasts = use_toasts();
    let forget = Callback::new(move |()| {
        name.set(String::new());
        key.set(String::new());
    });
    let save = Callback::new(move |()| {
        form.send(add_key(id, untrack(typed)), move |()| {
            open.set(false);
            toasts.success("Key added", untrack(|| name.get()), None);
            forget.run(());
            reload.run(());
        });
    });
    let pane = PaneForm {
        name: "add-key-pane",
        title: "Add key or certificate",
        open,
        dirty: Signal::derive(move || !name.get().is_empty() || !key.get().is_empty()),
        save,
        forget,
        reload: forget,
    };
    let hint = "In PEM form: BEGIN PUBLIC KEY or BEGIN CERTIFICATE. RSA of 2048 bits or more, or EC P-256. Never the private key.";
    let inside = view! {
        {form.field("name", "What it is for", name).id("key-name").required().line()}
        {form.field("key", "Public key or certificate", key).id("public-key").required().hint(hint).area(None)}
    };
    form.pane_to("Add", pane, inside.into_any())
}

fn remove_key_question(id: ClientId, chosen: RwSignal<Option<(ClientKeyId, String)>>, reload: Callback<()>) -> AnyView {
    let toasts = use_toasts();
    Question::new(
        "remove-key-dialog",
        |(_, name): &(ClientKeyId, String)| format!("Remove {name}?"),
        |_| "Programs that sign with it get no more tokens. Tokens that they have serve until they end, within an hour.".to_owned(),
        move |(key, _): (ClientKeyId, String)| Box::pin(remove_key(id, key)),
        move |(_, name)| {
            toasts.success("Key removed", name, None);
            reload.run(());
        },
    )
    .gone(|(_, name)| format!("{name} had been removed already"), move |_| reload.run(()))
    .view(chosen)
}

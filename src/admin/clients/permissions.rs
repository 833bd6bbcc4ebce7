//! What an API client may do: each permission with what it means, given and taken one by one.

use leptos::prelude::*;

use crate::admin::form::Submission;
use crate::domain::client::{ApiPermission, GivenPermission, GrantKind};
use crate::domain::id::ClientId;
use crate::domain::text::StringEnum;
use crate::rpc::clients::{give_permission, take_permission};
use crate::ui::*;

/// The permissions of a client, with a form to give another.
pub fn permissions(id: ClientId, given: Vec<GivenPermission>, reload: Callback<()>) -> AnyView {
    let submission = Submission::new();
    let toasts = use_toasts();
    let kind = RwSignal::new(GrantKind::Application.as_str().to_owned());
    let permission = RwSignal::new(ApiPermission::EntitlementManagementRead.as_str().to_owned());
    let give = move || {
        let chosen = (kind.get_untracked().parse(), permission.get_untracked().parse());
        let (Ok(kind), Ok(permission)) = chosen else { return };
        submission.send(give_permission(id, GivenPermission { kind, permission }), move |()| {
            toasts.success("Permission given", permission.as_str(), None);
            reload.run(());
        });
    };
    let take = Callback::new(move |given: GivenPermission| {
        submission.send(take_permission(id, given), move |()| {
            toasts.success("Permission taken", given.permission.as_str(), None);
            reload.run(());
        });
    });
    let kinds = GrantKind::ALL
        .iter()
        .map(|kind| (kind.as_str().to_owned(), kind_label(*kind).to_owned()))
        .collect::<Vec<_>>();
    let named = |permission: &ApiPermission| (permission.as_str().to_owned(), permission.as_str().to_owned());
    let options: Vec<(String, String)> = ApiPermission::ALL.iter().map(named).collect();
    view! {
        <Card title="Permissions">
            <div class="stack">
                {rows(given, take, submission)}
                <SelectField name="permission-kind" label="Used" value=kind options=kinds/>
                <SelectField name="permission" label="Permission" value=permission options=options/>
                <p class="muted">{move || permission.get().parse::<ApiPermission>().map(|one| format!("It lets the client {}.", one.what())).unwrap_or_default()}</p>
                {move || submission.text().get().map(|text| view! { <MessageBar tone=Tone::Danger title=text/> })}
                <Button id="give-permission" icon=Icon::Add busy=submission.busy() on_click=give>"Give permission"</Button>
            </div>
        </Card>
    }
    .into_any()
}

fn kind_label(kind: GrantKind) -> &'static str {
    match kind {
        GrantKind::Application => "By the client itself (application)",
        GrantKind::Delegated => "In the name of a signed-in person (delegated)",
    }
}

fn rows(given: Vec<GivenPermission>, take: Callback<GivenPermission>, submission: Submission) -> AnyView {
    if given.is_empty() {
        return view! { <p class="muted">"It may do nothing yet."</p> }.into_any();
    }
    let row = move |given: GivenPermission| {
        let name = given.permission.as_str();
        let text = format!("{name} ({}): {}", given.kind.label().to_ascii_lowercase(), given.permission.what());
        view! {
            <li class="break">
                {text}" "
                <Button kind=ButtonKind::Subtle busy=submission.busy() on_click=move || take.run(given)>
                    "Remove"<span class="sr-only">" "{name}</span>
                </Button>
            </li>
        }
        .into_any()
    };
    view! { <ul class="stack-8">{given.into_iter().map(row).collect_any()}</ul> }.into_any()
}

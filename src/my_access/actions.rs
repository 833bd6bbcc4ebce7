//! What one can do about one's own request: take it back, remind its approvers, make it again. Plain forms to the request's own address; alive,
//! they call the same through `rpc`.

use std::future::Future;
use std::pin::Pin;

use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};

use super::request_form::draft::returned;
use super::route::again_href;
use crate::domain::id::RequestId;
use crate::domain::refusal::Permission;
use crate::domain::request::{OwnRequest, RequestState};
use crate::paths;
use crate::rpc::AppError;
use crate::rpc::my_access::{cancel_own_request, remind_approvers};
use crate::ui::*;

type Done = Pin<Box<dyn Future<Output = Result<(), AppError>>>>;

/// The buttons; `moved` runs when one of them has changed something.
pub fn row(own: &OwnRequest, moved: Callback<()>) -> AnyView {
    let item = &own.detail.item;
    let id = item.id;
    let failure = RwSignal::new(returned().1);
    let cancel = own.cancel.is_allowed().then(|| {
        let call = |id| -> Done { Box::pin(cancel_own_request(id)) };
        button(id, ("cancel", "Cancel request"), None, call, failure, moved)
    });
    let waits = item.state == RequestState::PendingApproval;
    let remind = waits.then(|| {
        let why = match &own.remind {
            Permission::Allowed => None,
            Permission::Denied(refusal) => Some(refusal.reason.clone()),
        };
        let call = |id| -> Done { Box::pin(remind_approvers(id)) };
        button(id, ("remind", "Remind"), why, call, failure, moved)
    });
    let again = own.resubmit.is_allowed().then(|| {
        view! { <LinkButton href=again_href(item.package.id, id)>"Resubmit"</LinkButton> }
    });
    view! {
        <div class="row request-ways">{cancel} {remind} {again}</div>
        {move || failure.get().map(|error| view! { <MessageBar tone=Tone::Danger title=error.text()/> })}
    }
    .into_any()
}

fn button(
    id: RequestId,
    (word, label): (&'static str, &'static str),
    why_not: Option<String>,
    call: fn(RequestId) -> Done,
    failure: RwSignal<Option<AppError>>,
    moved: Callback<()>,
) -> AnyView {
    let busy = RwSignal::new(false);
    let submit = move |ev: SubmitEvent| {
        ev.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        failure.set(None);
        spawn_local(async move {
            match call(id).await {
                Ok(()) => moved.run(()),
                Err(error) => failure.set(Some(error)),
            }
            busy.set(false);
        });
    };
    view! {
        <form method="post" action=paths::my_request(id) on:submit=submit>
            <input type="hidden" name="do" value=word/>
            <Button id=["request-", word].concat() submit=true busy=busy disabled_reason=Signal::stored(why_not)>{label}</Button>
        </form>
    }
    .into_any()
}

//! What one can do with access that one has, each a pane over the Active tab: ask for more time, give it back. Plain forms to the pane's own
//! address; alive, they send the same through `rpc`.

use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};

use super::request_form::draft::{fault, returned};
use super::route::Way;
use super::{arriving, error_view};
use crate::domain::id::{AssignmentId, RequestId};
use crate::domain::refusal::Permission;
use crate::domain::request::{ExtendForm, ExtendPane, ExtendTerms, Extension};
use crate::domain::text::JUSTIFICATION_MAX;
use crate::domain::typed_time::instant_of;
use crate::domain::when;
use crate::paths;
use crate::rpc::my_access::{extend_access, get_own_access, give_back_access};
use crate::rpc::{AppError, Loading, viewer_time};
use crate::ui::*;

const FORM: &str = "access-form";

/// What a pane is opened for.
#[derive(Clone)]
pub struct Asked {
    /// Which access.
    pub id: AssignmentId,
    /// What is to be done.
    pub way: Way,
    /// What lies under the pane.
    pub back: String,
    /// Whether the page opened with it.
    pub inline: bool,
    /// Runs once the request is made.
    pub done: Callback<(RequestId, Way)>,
}

#[derive(Clone, Copy)]
struct State {
    text: RwSignal<String>,
    until: RwSignal<String>,
    failure: RwSignal<Option<AppError>>,
    busy: RwSignal<bool>,
    open: RwSignal<bool>,
}

/// The pane.
pub fn pane(asked: Asked) -> AnyView {
    let (fields, failure, _) = returned();
    let value = |name: &str| {
        let found = fields.iter().find(|(key, _)| key == name);
        RwSignal::new(found.map(|(_, value)| value.clone()).unwrap_or_default())
    };
    let state = State {
        text: value("justification"),
        until: value("asked_until"),
        failure: RwSignal::new(failure),
        busy: RwSignal::new(false),
        open: RwSignal::new(true),
    };
    let (id, way) = (asked.id, asked.way);
    let access = Loading::once(move || get_own_access(id));
    let (back, cancel) = (asked.back.clone(), asked.back.clone());
    let inline = asked.inline;
    let title = match way {
        Way::Extend => "Extend access",
        Way::GiveBack => "Remove access",
    };
    let foot = move || {
        view! {
            {arriving(0, move || access.get().map(|access| main_button(&access, way, state)))}
            <a class="button" data-noscroll="" href=cancel on:click=move |_| state.open.set(false)>
                {if way == Way::Extend { "Cancel" } else { "No" }}
            </a>
        }
    };
    view! {
        <Pane name="access" title=title open=state.open inline_open=inline close_href=back foot=foot>
            {arriving(3, move || access.get().map(|access| body(access, asked.clone(), state)))}
        </Pane>
    }
    .into_any()
}

fn main_button(access: &Result<ExtendPane, AppError>, way: Way, state: State) -> AnyView {
    let may = match (access, way) {
        (Ok(access), Way::Extend) => access.terms.is_ok(),
        (Ok(access), Way::GiveBack) => access.give_back.is_allowed(),
        (Err(_), _) => false,
    };
    match way {
        _ if !may => ().into_any(),
        Way::Extend => view! { <Button kind=ButtonKind::Primary submit=true form=FORM busy=state.busy>"Submit"</Button> }.into_any(),
        Way::GiveBack => view! { <Button kind=ButtonKind::Primary submit=true form=FORM busy=state.busy>"Yes"</Button> }.into_any(),
    }
}

fn body(access: Result<ExtendPane, AppError>, asked: Asked, state: State) -> AnyView {
    let access = match access {
        Err(AppError::NotFound) => return error_view::no_access(),
        Err(error) => return error_view::bar(&error),
        Ok(access) => access,
    };
    let name = access.package.name.clone();
    let inner = match (asked.way, access.terms, access.give_back) {
        (Way::Extend, Ok(terms), _) => extend_fields(&terms, state),
        (Way::Extend, Err(refusal), _) | (Way::GiveBack, _, Permission::Denied(refusal)) => {
            view! { <MessageBar tone=Tone::Info title=refusal.reason/> }.into_any()
        }
        (Way::GiveBack, _, Permission::Allowed) => view! {
            <p>{format!("Remove your access to {name}? It ends at once, and with it what the package gives you.")}</p>
        }
        .into_any(),
    };
    let action = match asked.way {
        Way::Extend => paths::my_access_extend(asked.id),
        Way::GiveBack => paths::my_access_remove(asked.id),
    };
    let submit = move |ev: SubmitEvent| {
        ev.prevent_default();
        send(&asked, state);
    };
    let failed = move || {
        let failure = state.failure.get().filter(|failure| failure.fields().is_empty());
        failure.map(|error| view! { <MessageBar tone=Tone::Danger title=error.text()/> })
    };
    view! {
        <h3 class="request-name">{name}</h3>
        <form id=FORM class="form" method="post" action=action on:submit=submit>
            {inner}
            {failed}
        </form>
    }
    .into_any()
}

fn extend_fields(terms: &ExtendTerms, state: State) -> AnyView {
    let until = match terms.extension {
        Extension::Until(at) => format!("You can have it until {}.", viewer_time::exact_in_zone(at)),
        Extension::Forever => "It would have no end date any more.".to_owned(),
    };
    let approval = if terms.approval {
        "Somebody has to approve this. Until then your access ends on its present date."
    } else {
        "Nobody has to approve this."
    };
    let typed = |at| when::typed(at, viewer_time::reading(at));
    let most = terms.extension.end().map(typed).unwrap_or_default();
    let least = typed(terms.ends_at);
    let error = |path: &'static str, label: &'static str| {
        Signal::derive(move || {
            state
                .failure
                .with(|failure| failure.as_ref().and_then(|failure| fault(failure, path, label)))
        })
    };
    let date = terms.custom_schedule.then(|| {
        view! {
            <DateField
                name="asked_until"
                label="New end date"
                value=state.until
                time=true
                min=least
                max=most
                hint="Empty: as long as the policy gives it."
                error=error("asked_until", "New end date")
            />
        }
    });
    view! {
        <p>{format!("You have this until {}. {until} {approval}", viewer_time::exact_in_zone(terms.ends_at))}</p>
        {date}
        <TextArea
            name="justification"
            label="Business justification"
            rows=4
            required=terms.justification_required
            limit=JUSTIFICATION_MAX
            value=state.text
            error=error("justification", "Business justification")
        />
    }
    .into_any()
}

/// Sends the request, once at a time.
fn send(asked: &Asked, state: State) {
    if state.busy.get_untracked() {
        return;
    }
    state.failure.set(None);
    state.busy.set(true);
    let (id, way, done) = (asked.id, asked.way, asked.done);
    let form = ExtendForm {
        assignment: id,
        justification: state.text.get_untracked(),
        asked_until: state
            .until
            .with_untracked(|typed| instant_of(typed, |at| viewer_time::reading(at).offset)),
    };
    spawn_local(async move {
        let made = match way {
            Way::Extend => extend_access(form).await,
            Way::GiveBack => give_back_access(id).await,
        };
        match made {
            Ok(request) => {
                state.open.set(false);
                done.run((request, way));
            }
            Err(error) => {
                state.failure.set(Some(error));
                state.busy.set(false);
            }
        }
    });
}

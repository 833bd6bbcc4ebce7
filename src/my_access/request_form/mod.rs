//! The Request access pane. First the choices, where there are any: for whom, and under which policy. Then the policy's questions, the
//! Business justification, the dates, "Would this work?" and Submit. Plain forms that go to the pane's own address; alive, they send the
//! same through `rpc`, keep what was typed whatever comes back, and the pane closes when the request is made.

mod choice;
pub mod draft;
mod fields;
mod outlook;

use leptos::prelude::*;

use super::route::Source;
use super::{arriving, offer};
use crate::domain::id::RequestId;
use crate::domain::offer::{OfferItem, OfferTab, RequestPane};
use crate::domain::refusal::{Permission, Refusal};
use crate::domain::request::PaneQuery;
use crate::paths;
use crate::rpc::my_access::get_request_pane;
use crate::rpc::{AppError, Loading};
use crate::ui::*;

use draft::Draft;

const FORM: &str = "request-form";

/// A request that was made, and for what.
pub struct Submitted {
    pub request: RequestId,
    pub package: String,
}

/// What the pane is opened for.
#[derive(Clone)]
pub struct Asked {
    /// The package, and the choices made so far.
    pub query: PaneQuery,
    /// What the list knows of the package already.
    pub known: Option<OfferItem>,
    /// What lies under it.
    pub source: Source,
    /// Whether the page opened with it.
    pub inline: bool,
    /// Runs once the request is made.
    pub done: Callback<Submitted>,
}

/// The pane of one package.
pub fn pane(asked: Asked) -> AnyView {
    let draft = Draft::begin();
    let query = asked.query.clone();
    let pane = Loading::once(move || get_request_pane(query.clone()));
    let (back, cancel) = (asked.source.href(), asked.source.href());
    let known = asked.known.clone();
    let has_known = known.is_some();
    let inline = asked.inline;
    let chosen = asked.query.chosen;
    let foot = move || {
        view! {
            {arriving(0, move || pane.get().map(|pane| main_button(pane, chosen, draft)))}
            <a class="button" data-noscroll="" href=cancel on:click=move |_| draft.open.set(false)>"Cancel"</a>
        }
    };
    view! {
        <Pane
            name="request"
            title="Request access"
            open=draft.open
            dirty=draft.is_dirty()
            inline_open=inline
            close_href=back
            foot=foot
        >
            {known.map(|offer| about(&offer))}
            {arriving(3, move || pane.get().map(|pane| body(pane, &asked, has_known, draft)))}
        </Pane>
    }
    .into_any()
}

/// Whether a choice comes first.
fn must_choose(pane: &RequestPane, chosen: bool) -> bool {
    (!pane.reports.is_empty() && !chosen) || (pane.offer.request.is_allowed() && pane.asks.is_none())
}

fn main_button(pane: Result<RequestPane, AppError>, chosen: bool, draft: Draft) -> AnyView {
    let Ok(pane) = pane else { return ().into_any() };
    let form = FORM;
    if must_choose(&pane, chosen) {
        view! { <Button kind=ButtonKind::Primary submit=true form=form>"Continue"</Button> }.into_any()
    } else if pane.asks.is_some() {
        view! { <Button kind=ButtonKind::Primary submit=true form=form busy=draft.busy>"Submit"</Button> }.into_any()
    } else {
        ().into_any()
    }
}

/// What the package is.
fn about(offer: &OfferItem) -> AnyView {
    view! {
        <div class="stack-8">
            <h3 class="request-name">{offer.name.clone()}</h3>
            <p class="request-about">{offer.description.clone()}</p>
            {offer::facts(offer)}
        </div>
    }
    .into_any()
}

fn body(pane: Result<RequestPane, AppError>, asked: &Asked, has_known: bool, draft: Draft) -> AnyView {
    match pane {
        Err(AppError::NotFound) => super::error_view::no_package(),
        Err(error) => super::error_view::bar(&error),
        Ok(pane) => {
            let about = (!has_known).then(|| about(&pane.offer));
            let form = if must_choose(&pane, asked.query.chosen) {
                choice::form(&pane, asked)
            } else {
                match (&pane.offer.request, &pane.asks) {
                    (Permission::Denied(refusal), _) => refused(&pane.offer, refusal, pane.target.is_some()),
                    (Permission::Allowed, Some(_)) => fields::form(pane, asked.clone(), draft),
                    (Permission::Allowed, None) => ().into_any(),
                }
            };
            view! { {about} {form} }.into_any()
        }
    }
}

/// Why it can't be requested, with the way to the request or the access that stands in the way.
fn refused(offer: &OfferItem, refusal: &Refusal, for_other: bool) -> AnyView {
    let next = match offer.open_request {
        _ if for_other => None,
        Some(id) => Some((paths::my_request(id), "View request")),
        None if refusal.rule == "already-assigned" => Some((Source::beginning(OfferTab::Active, "").href(), "See your access")),
        None => None,
    };
    let link = move || next.map(|(href, label)| view! { <LinkButton href=href>{label}</LinkButton> });
    view! { <MessageBar tone=Tone::Info title=refusal.reason.clone() action=link/> }.into_any()
}

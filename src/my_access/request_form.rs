//! The Request access pane: what one is about to ask for, the Business justification, Submit. A plain form that posts to its own
//! address; alive, it sends the same through `rpc`, keeps what was typed whatever comes back, and closes when the request is made.

use leptos::{ev::SubmitEvent, html::Div, prelude::*, task::spawn_local};
use leptos::{wasm_bindgen::JsCast, web_sys};

use super::route::Source;
use super::{arriving, offer};
use crate::domain::id::{PackageId, RequestId};
use crate::domain::message;
use crate::domain::offer::{OfferItem, OfferTab};
use crate::domain::refusal::{Permission, Refusal};
use crate::domain::request::SubmitForm;
use crate::domain::text::JUSTIFICATION_MAX;
use crate::paths;
use crate::rpc::loading::{Answer, Packing};
use crate::rpc::my_access::{get_offer, submit_request};
use crate::rpc::{AppError, Loading};
use crate::ui::*;

const FORM: &str = "request-form";
const FIELD: &str = "Business justification";

/// A request that was made, and for what.
pub struct Submitted {
    pub request: RequestId,
    pub package: String,
}

/// What has been typed and what came of it.
#[derive(Clone, Copy)]
struct Draft {
    text: RwSignal<String>,
    failure: RwSignal<Option<AppError>>,
    busy: RwSignal<bool>,
    open: RwSignal<bool>,
}

/// The pane of one package, which the list may know already. It has its own address and `back`, what lies under it; `inline` says that
/// the page opened with it.
pub fn pane(id: PackageId, known: Option<OfferItem>, (action, back): (String, String), inline: bool, done: Callback<Submitted>) -> AnyView {
    let (typed, failure) = returned();
    let draft = Draft {
        text: RwSignal::new(typed),
        failure: RwSignal::new(failure),
        busy: RwSignal::new(false),
        open: RwSignal::new(true),
    };
    let offer = current(id, known);
    let cancel = back.clone();
    let foot = move || {
        view! {
            {arriving(0, move || offer.get().map(|offer| submit_button(offer, draft)))}
            <a class="button" href=cancel on:click=move |_| draft.open.set(false)>"Cancel"</a>
        }
    };
    view! {
        <Pane
            name="request"
            title="Request access"
            open=draft.open
            dirty=Signal::derive(move || draft.text.with(|text| !text.trim().is_empty()))
            inline_open=inline
            close_href=back
            foot=foot
        >
            {arriving(3, move || offer.get().map(|offer| body(offer, action.clone(), draft, done)))}
        </Pane>
    }
    .into_any()
}

/// The package as it is now. What the list knows is shown at once, but its window may have stood open for hours: so it is asked for again,
/// and what has changed is said before anything is typed.
fn current(id: PackageId, known: Option<OfferItem>) -> Signal<Option<Result<OfferItem, AppError>>> {
    let Some(known) = known else {
        let offer = Loading::once(move || get_offer(id));
        return Signal::derive(move || offer.get());
    };
    let shown = RwSignal::new(Ok(known));
    spawn_local(async move {
        let now = get_offer(id).await;
        // What is not reached now is told when it is sent. The pane may have been closed meanwhile.
        let matters = matches!(now, Ok(_) | Err(AppError::NotFound | AppError::SignedOut));
        if matters && shown.try_with_untracked(|shown| *shown != now) == Some(true) {
            shown.set(now);
        }
    });
    Signal::derive(move || Some(shown.get()))
}

/// What a form that was posted without scripting came back with.
fn returned() -> (String, Option<AppError>) {
    let returned = SharedValue::<Answer, Packing>::new_with_encoding(|| {
        #[cfg(feature = "ssr")]
        if let Some(failure) = use_context::<crate::rpc::my_access::SubmitFailure>() {
            return Answer::new(Ok((failure.justification, Some(failure.error))));
        }
        Answer::new(Ok((String::new(), None::<AppError>)))
    });
    returned.into_inner().read().unwrap_or_default()
}

fn submit_button(offer: Result<OfferItem, AppError>, draft: Draft) -> AnyView {
    match offer {
        Ok(OfferItem {
            request: Permission::Allowed,
            ..
        }) => view! {
            <Button kind=ButtonKind::Primary submit=true form=FORM busy=draft.busy>"Submit"</Button>
        }
        .into_any(),
        _ => ().into_any(),
    }
}

fn body(offer: Result<OfferItem, AppError>, action: String, draft: Draft, done: Callback<Submitted>) -> AnyView {
    match offer {
        Err(AppError::NotFound) => super::error_view::no_package(),
        Err(error) => super::error_view::bar(&error),
        Ok(offer) => {
            let form = match &offer.request {
                Permission::Allowed => form(offer.id, offer.name.clone(), action, draft, done),
                Permission::Denied(refusal) => refused(&offer, refusal),
            };
            view! {
                <div class="stack-8">
                    <h3 class="request-name">{offer.name.clone()}</h3>
                    <p class="request-about">{offer.description.clone()}</p>
                    {offer::facts(&offer)}
                </div>
                {form}
            }
            .into_any()
        }
    }
}

/// Why it can't be requested, with the way to the request or the access that stands in the way.
fn refused(offer: &OfferItem, refusal: &Refusal) -> AnyView {
    let next = match offer.open_request {
        Some(id) => Some((paths::my_request(id), "View request")),
        None if refusal.rule == "already-assigned" => Some((Source::beginning(OfferTab::Active, "").href(), "See your access")),
        None => None,
    };
    let link = move || next.map(|(href, label)| view! { <LinkButton href=href>{label}</LinkButton> });
    view! { <MessageBar tone=Tone::Info title=refusal.reason.clone() action=link/> }.into_any()
}

fn form(package: PackageId, name: String, action: String, draft: Draft, done: Callback<Submitted>) -> AnyView {
    let submit = move |ev: SubmitEvent| {
        ev.prevent_default();
        send(package, name.clone(), draft, done);
    };
    let message = NodeRef::<Div>::new();
    Effect::new(move |_| match draft.failure.get() {
        Some(failure) if at_field(&failure).is_some() => focus_field(),
        // Once it stands there: a long package may have pushed it out of sight.
        Some(_) => request_animation_frame(move || message.get_untracked().into_iter().for_each(|bar| bar.scroll_into_view())),
        None => {}
    });
    view! {
        <form id=FORM class="form" method="post" action=action on:submit=submit>
            <TextArea
                name="justification"
                label=FIELD
                hint="Optional. Say what you need the access for; it is kept with the request."
                rows=4
                limit=JUSTIFICATION_MAX
                value=draft.text
                error=Signal::derive(move || draft.failure.with(|failure| failure.as_ref().and_then(at_field)))
            />
            <div node_ref=message>{move || draft.failure.get().filter(|failure| at_field(failure).is_none()).map(failed)}</div>
        </form>
    }
    .into_any()
}

fn focus_field() {
    let field = document().get_element_by_id("justification");
    if let Some(field) = field.and_then(|field| field.dyn_into::<web_sys::HtmlElement>().ok()) {
        // Fails only when the field is gone.
        drop(field.focus());
    }
}

/// Sends the request, once at a time.
fn send(package: PackageId, name: String, draft: Draft, done: Callback<Submitted>) {
    let Draft { text, failure, busy, open } = draft;
    if busy.get_untracked() {
        return;
    }
    let form = SubmitForm::new(package, text.get_untracked());
    if let Err(errors) = form.check_words() {
        failure.set(Some(AppError::Invalid(errors)));
        return;
    }
    failure.set(None);
    busy.set(true);
    spawn_local(async move {
        match submit_request(form).await {
            Ok(request) => {
                // First closed, so that the focus goes back to where it came from. It stays busy: nothing of it may be pressed again.
                open.set(false);
                done.run(Submitted { request, package: name });
            }
            Err(error) => {
                failure.set(Some(error));
                busy.set(false);
            }
        }
    });
}

/// The sentence for the justification's own fault.
fn at_field(error: &AppError) -> Option<String> {
    let fault = error.fields().iter().find(|fault| fault.path == "justification")?;
    Some(message::text(&fault.code, FIELD))
}

/// Any other failure. Signing in again happens in a new tab, so that what was typed stays.
fn failed(error: AppError) -> AnyView {
    let sign_in = error == AppError::SignedOut;
    let link = move || {
        sign_in.then(|| {
            view! { <a class="button" href=paths::sign_in(paths::MY_ACCESS) target="_blank" rel="external">"Sign in in a new tab"</a> }
        })
    };
    view! { <MessageBar tone=Tone::Danger title=error.text() action=link/> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::validate::{Code, FieldError};

    #[test]
    fn f031_a_fault_of_the_justification_stands_at_its_field() {
        let long = AppError::Invalid(vec![FieldError::new("justification", Code::TooLong(2_000))]);
        assert_eq!(at_field(&long).as_deref(), Some("Use at most 2000 characters."));
        assert_eq!(at_field(&AppError::Offline), None);
    }
}

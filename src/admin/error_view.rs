//! What a page shows while its data is on the way and when it does not come: one look for every error, each with the next step.
//! It knows no page; a page hands in the resource and how to show what it brings.

use std::str::FromStr;
use std::sync::Arc;

use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_params_map};

use super::frame::PageTitle;
use crate::paths;
use crate::rpc::loading::{Answer, Answers, Loadable};
use crate::rpc::{AppError, Loading};
use crate::ui::*;

/// Shows what is loaded, its error, or grey rows while it is on the way for the first time.
pub fn loaded<T: Loadable>(loading: Loading<T>, show: impl Fn(T) -> AnyView + Send + Sync + 'static) -> AnyView {
    let answers = loading.answers();
    let show = move |answer: Answer| answer.read().map(&show).unwrap_or_else(|error| failed(error, answers));
    arriving(answers, true, Arc::new(show))
}

/// The same for a part beside the main thing, such as a count: an error shows nothing, since the main thing shows it.
pub fn loaded_quietly<T: Loadable>(loading: Loading<T>, show: impl Fn(T) -> AnyView + Send + Sync + 'static) -> AnyView {
    let show = move |answer: Answer| answer.read().map(&show).unwrap_or_else(|_| ().into_any());
    arriving(loading.answers(), false, Arc::new(show))
}

/// The same on a page below a head that already says when the thing itself is not there.
pub fn loaded_below<T: Loadable>(loading: Loading<T>, show: impl Fn(T) -> AnyView + Send + Sync + 'static) -> AnyView {
    let answers = loading.answers();
    let show = move |answer: Answer| match answer.read() {
        Ok(value) => show(value),
        Err(AppError::NotFound) => ().into_any(),
        Err(error) => failed(error, answers),
    };
    arriving(answers, true, Arc::new(show))
}

fn failed(error: AppError, answers: Answers) -> AnyView {
    problem(error, Callback::new(move |()| answers.refetch()))
}

/// Of one type for all pages: its waiting and hydrating weigh more than most of them.
fn arriving(answers: Answers, skeleton: bool, show: Arc<dyn Fn(Answer) -> AnyView + Send + Sync>) -> AnyView {
    let arrive = move || {
        let show = show.clone();
        Suspend::new(async move { show(answers.await) })
    };
    view! { <Transition fallback=move || skeleton.then(|| view! { <SkeletonRows/> })>{followed(arrive)}</Transition> }.into_any()
}

/// The browser follows what a view reads; the server renders a page once, so it builds the view once.
#[cfg(feature = "ssr")]
fn followed<V>(view: impl Fn() -> V) -> V {
    view()
}

#[cfg(not(feature = "ssr"))]
fn followed<F>(view: F) -> F {
    view
}

/// An error in place of what was asked for. `retry` asks again.
pub fn problem(error: AppError, retry: Callback<()>) -> AnyView {
    let text = error.text();
    match error {
        AppError::NotFound => view! { <NotFoundPage/> }.into_any(),
        AppError::Refused(_) => view! { <EmptyState icon=Icon::Lock title="Access denied" text=text action=home_link/> }.into_any(),
        AppError::SignedOut => {
            let here = here();
            view! {
                <MessageBar
                    tone=Tone::Warning
                    title="Your session is over"
                    action=move || view! { <LinkButton href=paths::sign_in(&here) external=true>"Sign in"</LinkButton> }
                >
                    <p>"Sign in again; you come back to this page."</p>
                </MessageBar>
            }
            .into_any()
        }
        AppError::Offline | AppError::Internal(_) | AppError::Limited(_) | AppError::Conflict(_) | AppError::Invalid(_) => view! {
            <MessageBar
                tone=Tone::Danger
                title="This can't be shown now"
                action=move || view! { <Button icon=Icon::Refresh on_click=retry>"Try again"</Button> }
            >
                <p>{text}</p>
            </MessageBar>
        }
        .into_any(),
    }
}

/// An address that leads nowhere, or to something that is gone.
#[component]
pub fn NotFoundPage() -> AnyView {
    #[cfg(feature = "ssr")]
    crate::rpc::context::answer(&AppError::NotFound);
    view! {
        <PageTitle text="Not found"/>
        <div class="nothing-here">
            <PageHead title="Not found"/>
            <EmptyState
                icon=Icon::Search
                title="This is not here"
                text="It may have been deleted, or the link is incomplete."
                action=home_link
            />
        </div>
    }
    .into_any()
}

fn home_link() -> AnyView {
    view! { <LinkButton href=paths::ADMIN icon=Icon::Home>"Home"</LinkButton> }.into_any()
}

/// The address that is being shown, with its query: where to come back to.
pub fn here() -> String {
    let location = use_location();
    let query = location.search.get_untracked();
    let path = location.pathname.get_untracked();
    if query.is_empty() { path } else { [&path, "?", &query].concat() }
}

/// The id in the page's address, if it is one.
pub fn use_id<I>() -> Memo<Option<I>>
where
    I: FromStr + PartialEq + Send + Sync + 'static,
{
    let params = use_params_map();
    Memo::new(move |_| params.with(|params| params.get_str("id").and_then(|id| id.parse().ok())))
}

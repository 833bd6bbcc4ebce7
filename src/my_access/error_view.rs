//! What stands on the page when something is not there or did not work: what happened, and what to do next.

use leptos::prelude::*;

use crate::paths;
use crate::rpc::AppError;
use crate::ui::*;

/// A list or a page could not be had.
pub fn bar(error: &AppError) -> AnyView {
    let signed_out = *error == AppError::SignedOut;
    let (href, label) = if signed_out {
        (paths::sign_in(&here()), "Sign in")
    } else {
        (here(), "Try again")
    };
    let again = matches!(
        error,
        AppError::SignedOut | AppError::Offline | AppError::Internal(_) | AppError::Limited(_) | AppError::Busy(_)
    );
    view! {
        <MessageBar
            tone=Tone::Danger
            title=error.text()
            action=move || again.then(|| view! { <LinkButton href=href external=true>{label}</LinkButton> })
        />
    }
    .into_any()
}

/// A package's link leads to nothing that this user may see.
pub fn no_package() -> AnyView {
    nothing(
        "This access package isn't available to you",
        "It may have been deleted, it may not be offered to you, or the link is incomplete. Ask the person who sent you the link, \
         or look among the packages that you can request.",
        (paths::MY_ACCESS, "See access packages"),
    )
}

/// There is no such request, or it is somebody else's.
pub fn no_request() -> AnyView {
    nothing(
        "There is no such request",
        "The link may be incomplete, or it belongs to somebody else's request. Yours are all in Request history.",
        (paths::MY_REQUESTS, "See Request history"),
    )
}

/// There is no such access, or it is somebody else's.
pub fn no_access() -> AnyView {
    nothing(
        "There is no such access",
        "The link may be incomplete, or it belongs to somebody else. What you have is all under Active.",
        (paths::MY_ACCESS, "See access packages"),
    )
}

/// The address leads nowhere.
pub fn no_such_page() -> AnyView {
    #[cfg(feature = "ssr")]
    crate::rpc::context::answer(&AppError::NotFound);
    view! {
        <DocumentTitle text="Page not found - My Access"/>
        <h1 class="sr-only">"Page not found"</h1>
        {nothing(
            "There is no such page",
            "The address may be incomplete or out of date.",
            (paths::MY_ACCESS, "See access packages"),
        )}
    }
    .into_any()
}

fn nothing(title: &'static str, text: &'static str, next: (&'static str, &'static str)) -> AnyView {
    let (href, label) = next;
    view! {
        <EmptyState
            icon=Icon::Search
            title=title
            text=text
            action=move || view! { <LinkButton href=href kind=ButtonKind::Primary>{label}</LinkButton> }
        />
    }
    .into_any()
}

/// The address being shown, to come back to.
fn here() -> String {
    let url = leptos_router::hooks::use_url();
    url.with_untracked(|url| {
        let (path, search) = (url.path(), url.search());
        if search.is_empty() {
            path.to_owned()
        } else {
            [path, "?", search].concat()
        }
    })
}

//! What a page shows while its data is on the way and when it does not come: one look for every error, each with the next step.
//! It knows no page; a page hands in the resource and how to show what it brings.

use std::str::FromStr;
use std::sync::Arc;

use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_params_map};

use super::page_title::PageTitle;
use crate::domain::refusal::Permission;
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

/// A page that is only for those who may: what it shows, or why it does not, with the status that goes with that.
pub fn permitted(may: &Permission, show: impl FnOnce() -> AnyView) -> AnyView {
    match may {
        Permission::Allowed => show(),
        Permission::Denied(refusal) => {
            let error = AppError::Refused(refusal.clone());
            #[cfg(feature = "ssr")]
            crate::rpc::context::answer(&error);
            problem(error, Callback::new(|()| ()))
        }
    }
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
        AppError::Offline
        | AppError::Internal(_)
        | AppError::Limited(_)
        | AppError::Busy(_)
        | AppError::Conflict(_)
        | AppError::Invalid(_) => view! {
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

/// An address that leads nowhere, or to something that is gone: what it was of, and the way to what else there is of that kind.
#[component]
pub fn NotFoundPage() -> AnyView {
    #[cfg(feature = "ssr")]
    crate::rpc::context::answer(&AppError::NotFound);
    let lost = Lost::at(&use_location().pathname.get_untracked());
    view! {
        <PageTitle text="Not found"/>
        <div class="nothing-here">
            <PageHead title="Not found"/>
            <EmptyState
                icon=Icon::Search
                title=lost.title
                text=lost.text
                action=move || view! { <LinkButton href=lost.href icon=lost.icon>{lost.label}</LinkButton> }
            />
        </div>
    }
    .into_any()
}

/// What was looked for at an address where there is nothing.
#[derive(Debug, PartialEq, Eq)]
struct Lost {
    title: &'static str,
    text: &'static str,
    href: &'static str,
    label: &'static str,
    icon: Icon,
}

impl Lost {
    fn at(path: &str) -> Self {
        let deleted = "It may have been deleted, or the link is incomplete.";
        let kinds = [
            (paths::USERS, "This user is not here", deleted, "Users", Icon::Person),
            (paths::GROUPS, "This group is not here", deleted, "Groups", Icon::Group),
            (
                paths::APPLICATIONS,
                "This application is not here",
                deleted,
                "Applications",
                Icon::App,
            ),
            (paths::SITES, "This site is not here", deleted, "Sites", Icon::Site),
            (paths::CATALOGS, "This catalog is not here", deleted, "Catalogs", Icon::Catalog),
            (
                paths::PACKAGE_NEW,
                "This draft is not here",
                "The package may have been created already, the draft may have been discarded, or it is somebody else's.",
                "Access packages",
                Icon::Package,
            ),
            (
                paths::PACKAGES,
                "This access package is not here",
                deleted,
                "Access packages",
                Icon::Package,
            ),
        ];
        let below = |list: &str| path.strip_prefix(list).is_some_and(|rest| rest.starts_with('/'));
        match kinds.into_iter().find(|(list, ..)| below(list)) {
            Some((list, title, text, label, icon)) => Self {
                title,
                text,
                href: if list == paths::PACKAGE_NEW { paths::PACKAGES } else { list },
                label,
                icon,
            },
            None => Self {
                title: "This is not here",
                text: deleted,
                href: paths::ADMIN,
                label: "Home",
                icon: Icon::Home,
            },
        }
    }
}

fn home_link() -> AnyView {
    view! { <LinkButton href=paths::ADMIN icon=Icon::Home>"Home"</LinkButton> }.into_any()
}

/// The address that is being shown, with its query: where to come back to.
pub fn here() -> String {
    let location = use_location();
    let query = location.search.get_untracked();
    let path = location.pathname.get_untracked();
    if query.is_empty() { path } else { format!("{path}?{query}") }
}

/// The id in the page's address, if it is one.
pub fn use_id<I>() -> Memo<Option<I>>
where
    I: FromStr + PartialEq + Send + Sync + 'static,
{
    let params = use_params_map();
    Memo::new(move |_| params.with(|params| params.get_str("id").and_then(|id| id.parse().ok())))
}

#[cfg(test)]
mod tests {
    use super::*;

    // A11: what is gone is named, with the way to its list.
    #[test]
    fn a_lost_address_leads_back_to_its_list() {
        let at = |path: &str| {
            let lost = Lost::at(path);
            (lost.title, lost.href)
        };
        assert_eq!(at("/admin/groups/7/members"), ("This group is not here", "/admin/groups"));
        assert_eq!(at("/admin/users/7"), ("This user is not here", "/admin/users"));
        assert_eq!(at("/admin/packages/7"), ("This access package is not here", "/admin/packages"));
        assert_eq!(at("/admin/packages/new/7/basics"), ("This draft is not here", "/admin/packages"));
        assert_eq!(at("/admin/userspace"), ("This is not here", "/admin"));
    }
}

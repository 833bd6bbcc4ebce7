//! My Access, the requestor site: find a package, ask for it, follow the request. Everything here is about the signed-in user
//! alone. It must not know the admin area, and asks the server only through `rpc`.

mod access;
mod account;
mod actions;
mod approvals;
mod apps;
mod bell;
pub mod code_splitting;
mod error_view;
mod history;
mod labels;
mod offer;
mod overview;
mod packages;
mod progress;
mod request_form;
mod route;

use leptos::{prelude::*, task::spawn_local, wasm_bindgen::JsCast, web_sys};
use leptos_router::components::Router;
use leptos_router::hooks::use_url;
use leptos_router::location::{BrowserUrl, LocationProvider};

use crate::paths;
use crate::rpc::approvals::count_pending;
use crate::rpc::upgrade::is_upgraded;
use crate::rpc::viewer::{Viewer, get_viewer};
use crate::rpc::{AppError, Loading};
use crate::ui::*;

use route::Route;

/// My Access: its frame, and the page for every address below `paths::MY_ACCESS`.
#[component]
pub fn MyAccessSite() -> AnyView {
    view! {
        <Router>
            <ToastProvider>
                <Site/>
            </ToastProvider>
        </Router>
    }
    .into_any()
}

#[component]
fn Site() -> AnyView {
    let url = use_url();
    let place = Memo::new(move |_| url.with(|url| Route::of(url.path(), |name| url.search_params().get(name))));
    let section = Memo::new(move |_| place.with(Section::of));
    keep_address();
    enter_section(section);
    let viewer = Loading::once(get_viewer);
    arriving(0, move || viewer.get().map(|viewer| frame(viewer, place, section)))
}

/// What stands there once it has arrived, and so many grey rows before that. While it is loaded again it stays. Of one type for all that
/// arrives, since waiting and hydrating weigh much in the bundle.
fn arriving(rows: usize, show: impl Fn() -> Option<AnyView> + Send + Sync + 'static) -> AnyView {
    fn site(rows: usize, show: Box<dyn Fn() -> Option<AnyView> + Send + Sync>) -> AnyView {
        let fallback = move || (rows > 0).then(|| view! { <SkeletonRows rows=rows/> });
        view! { <Transition fallback=fallback>{move || show()}</Transition> }.into_any()
    }
    site(rows, Box::new(show))
}

/// What the left menu tells apart.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Section {
    Overview,
    Packages,
    Requests,
    Approvals,
    Apps,
    Unknown,
}

impl Section {
    fn of(place: &Route) -> Self {
        match place {
            Route::Overview => Self::Overview,
            Route::Packages(..) => Self::Packages,
            Route::Requests(..) => Self::Requests,
            Route::Approvals(..) => Self::Approvals,
            Route::Apps => Self::Apps,
            Route::Unknown => Self::Unknown,
        }
    }
}

fn frame(viewer: Result<Viewer, AppError>, place: Memo<Route>, section: Memo<Section>) -> AnyView {
    let pending = RwSignal::new(0);
    let counted = Callback::new(move |()| count(pending));
    Effect::new(move |_| counted.run(()));
    let menu = Signal::derive(move || {
        let section = section.get();
        vec![
            NavItem::new(Icon::Home, "Overview", paths::MY_OVERVIEW).current(section == Section::Overview),
            NavItem::new(Icon::Package, "Access packages", paths::MY_ACCESS).current(section == Section::Packages),
            NavItem::new(Icon::History, "Request history", paths::MY_REQUESTS).current(section == Section::Requests),
            NavItem::new(Icon::Check, approvals_label(pending.get()), paths::MY_APPROVALS).current(section == Section::Approvals),
        ]
    });
    let tenant = viewer.as_ref().map(|viewer| viewer.tenant.clone()).unwrap_or_default();
    let failed = viewer.as_ref().err().cloned();
    let suggests = viewer.as_ref().is_ok_and(|viewer| viewer.suggestions);
    let tools = move || viewer.ok().map(|viewer| account::menu(viewer, counted));
    view! {
        <MyAccessFrame product="My Access" tenant=tenant home=paths::MY_ACCESS menu=menu tools=tools upgraded=is_upgraded()>
            {match failed {
                Some(error) => error_view::bar(&error),
                None => view! { {move || page(section.get(), place, counted, suggests)} }.into_any(),
            }}
        </MyAccessFrame>
    }
    .into_any()
}

/// Finds out how many requests wait for one's decision. Only where the page is alive; the Overview tells it without scripting.
fn count(pending: RwSignal<i64>) {
    spawn_local(async move {
        if let Ok(count) = count_pending().await {
            // The site may have gone meanwhile.
            pending.try_set(count);
        }
    });
}

/// Approvals, with how many requests wait for one's decision.
fn approvals_label(pending: i64) -> String {
    match pending {
        ..=0 => "Approvals".to_owned(),
        count @ 1..=99 => format!("Approvals ({count})"),
        _ => "Approvals (99+)".to_owned(),
    }
}

fn page(section: Section, place: Memo<Route>, counted: Callback<()>, suggests: bool) -> AnyView {
    match section {
        Section::Overview => code_splitting::overview(),
        Section::Packages => packages::page(place, suggests),
        Section::Requests => code_splitting::history(place),
        Section::Approvals => code_splitting::approvals(place, counted),
        Section::Apps => code_splitting::apps(),
        Section::Unknown => error_view::no_such_page(),
    }
}

/// The router changes the address bar only once it is told that the page stands.
fn keep_address() {
    let url = use_url();
    let location = use_context::<BrowserUrl>();
    Effect::new(move |_| {
        url.track();
        if let Some(location) = &location {
            location.ready_to_complete();
        }
    });
}

/// From one section to the other the focus goes along, so that reading goes on at the new page.
fn enter_section(section: Memo<Section>) {
    Effect::new(move |before: Option<Section>| {
        let now = section.get();
        if before.is_some_and(|before| before != now)
            && let Some(main) = document()
                .get_element_by_id("content")
                .and_then(|main| main.dyn_into::<web_sys::HtmlElement>().ok())
        {
            // Fails only when the page is gone.
            drop(main.focus());
        }
        now
    });
}

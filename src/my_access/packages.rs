//! Access packages: what one can ask for, has and had, or the one package that a link led to; over it the Request access pane.

use leptos::{ev::SubmitEvent, prelude::*};
use leptos_router::hooks::use_navigate;

use super::access;
use super::request_form::{self, Submitted};
use super::route::{PackagePane, Route, Source, Way, in_place};
use super::{arriving, code_splitting, error_view, labels, offer, progress};
use crate::domain::id::{PackageId, RequestId};
use crate::domain::offer::{OfferItem, OfferQuery, OfferTab, SUGGESTIONS_SHOWN};
use crate::domain::page::{Page, PageQuery};
use crate::domain::text::StringEnum;
use crate::paths;
use crate::rpc::my_access::{get_offer, list_offers};
use crate::rpc::{AppError, Loading};
use crate::ui::*;

type Offers = Loading<Page<OfferItem>>;

/// The page. It keeps its list while the pane opens and closes over it.
pub fn page(place: Memo<Route>, suggests: bool) -> AnyView {
    let source = Memo::new(move |before: Option<&Source>| match (place.get(), before) {
        (Route::Packages(source, _), _) => source,
        (_, Some(before)) => before.clone(),
        (_, None) => Source::beginning(OfferTab::Available, ""),
    });
    let pane = Memo::new(move |_| match place.get() {
        Route::Packages(_, pane) => pane,
        _ => None,
    });
    let tab = Memo::new(move |_| source.with(Source::tab));
    let offers = Loading::new(source, load);
    let asked = pane.get_untracked().and_then(|pane| requested(&pane));
    let ticked = RwSignal::new(first_tick(&source.get_untracked(), asked));
    let refused = watch_ticks(source, offers, ticked);
    let followed = RwSignal::new(Vec::<RequestId>::new());
    Effect::new(move |_| {
        if let Some(Ok(page)) = offers.get() {
            followed.set(page.items.iter().filter_map(|offer| offer.open_request).collect());
        }
    });
    let connection = progress::follow(followed, Callback::new(move |()| offers.refetch()));
    view! {
        <DocumentTitle text="Access packages - My Access"/>
        <div class="offers">
            {move || head(tab.get(), source, suggests)}
            {suggests.then(|| suggestions(source))}
            {commands(tab, source, ticked, refused)}
            <ConnectionBanner connection=connection/>
            {arriving(6, move || offers.get().map(|result| list(result, &source.get_untracked(), ticked)))}
        </div>
        {panes(source, pane, offers, ticked)}
    }
    .into_any()
}

async fn load(source: Source) -> Result<Page<OfferItem>, AppError> {
    match source {
        Source::List(query) => list_offers(query).await,
        Source::One(id) => get_offer(id).await.map(|offer| Page {
            items: vec![offer],
            previous: None,
            next: None,
            total: None,
            restarted: false,
        }),
    }
}

/// The package that a pane asks for.
fn requested(pane: &PackagePane) -> Option<PackageId> {
    match pane {
        PackagePane::Request(query) => Some(query.package),
        PackagePane::Access(..) => None,
    }
}

/// The package that is ticked when the page opens.
fn first_tick(source: &Source, pane: Option<PackageId>) -> Option<PackageId> {
    match source {
        Source::One(id) => Some(*id),
        Source::List(_) => pane,
    }
}

/// Keeps the tick in step with the list, and says why Request access can't be pressed. Only where the page is alive: before that,
/// the browser itself asks for a tick.
fn watch_ticks(source: Memo<Source>, offers: Offers, ticked: RwSignal<Option<PackageId>>) -> RwSignal<Option<String>> {
    let refused = RwSignal::new(None);
    Effect::new(move |before: Option<Source>| {
        let now = source.get();
        if before.is_some_and(|before| before != now) {
            ticked.set(first_tick(&now, None));
        }
        now
    });
    Effect::new(move |alive: Option<()>| {
        if alive.is_none() && ticked.get_untracked().is_none() {
            ticked.set(ticked_before());
        }
        let chosen = ticked.get();
        if let Some(Ok(page)) = offers.get() {
            let alone = source.with_untracked(|source| source.tab().is_none());
            if alone && chosen.is_some() && page.items.iter().any(|offer| !offer.request.is_allowed()) {
                ticked.set(None);
            }
            refused.set(labels::why_not(&page.items, chosen));
        }
    });
    refused
}

/// What was ticked before the page came alive.
fn ticked_before() -> Option<PackageId> {
    let input = document().query_selector("input[name=package]:checked").ok().flatten()?;
    input.get_attribute("value")?.parse().ok()
}

fn head(tab: Option<OfferTab>, source: Memo<Source>, suggests: bool) -> AnyView {
    if tab.is_none() {
        return view! {
            <Breadcrumb items=vec![Crumb::link("All access packages", paths::MY_ACCESS), Crumb::here("Shared with you")]/>
            <PageHead title="Access packages"/>
        }
        .into_any();
    }
    let tabs = Signal::derive(move || {
        let source = source.get();
        let link = |tab: &OfferTab| TabLink::new(Source::beginning(*tab, source.search()).href(), labels::tab(*tab));
        OfferTab::ALL
            .iter()
            .filter(|tab| suggests || **tab != OfferTab::Suggested)
            .map(|tab| link(tab).current(source.tab() == Some(*tab)))
            .collect::<Vec<_>>()
    });
    view! {
        <PageHead title="Access packages" subtitle=Some("Ask for what your work needs, and see what you have.".to_owned())/>
        <TabLinks label="Access packages" items=tabs/>
    }
    .into_any()
}

/// Above what is available the first suggestions, with the way to all of them (F148).
fn suggestions(source: Memo<Source>) -> AnyView {
    let shown = Memo::new(move |_| source.with(|source| source.tab() == Some(OfferTab::Available) && source.search().is_empty()));
    let found = Loading::new(shown, |shown| async move {
        let page = PageQuery {
            size: SUGGESTIONS_SHOWN,
            ..PageQuery::default()
        };
        match shown {
            true => {
                list_offers(OfferQuery {
                    tab: OfferTab::Suggested,
                    search: String::new(),
                    page,
                })
                .await
            }
            false => Ok(Page::empty()),
        }
    });
    let strip = move |offers: Vec<OfferItem>| {
        let link = |offer: OfferItem| view! { <li><a href=paths::my_package(offer.id)>{offer.name}</a></li> };
        view! {
            <section class="row" aria-label="Suggested for you">
                <span class="strong">"Suggested for you:"</span>
                <ul class="row">{offers.into_iter().map(link).collect_any()}</ul>
                <a href=Source::beginning(OfferTab::Suggested, "").href()>"View all"</a>
            </section>
        }
        .into_any()
    };
    arriving(0, move || {
        let offers = found.get()?.ok()?.items;
        (shown.get() && !offers.is_empty()).then(|| strip(offers))
    })
}

/// Request access, and the search. The button is the submit button of the form that the check marks belong to.
fn commands(
    tab: Memo<Option<OfferTab>>,
    source: Memo<Source>,
    ticked: RwSignal<Option<PackageId>>,
    refused: RwSignal<Option<String>>,
) -> AnyView {
    let navigate = use_navigate();
    let to_search = navigate.clone();
    let request = move |ev: SubmitEvent| {
        ev.prevent_default();
        if let Some(id) = ticked.get_untracked() {
            navigate(&source.with_untracked(|source| source.request_href(id)), in_place(false));
        }
    };
    let search = Callback::new(move |text: String| {
        let tab = source.with_untracked(Source::tab).unwrap_or(OfferTab::Available);
        to_search(&Source::beginning(tab, &text).href(), in_place(true));
    });
    view! {
        {move || {
            let tab = tab.get();
            let end = tab.map(|tab| ViewFnOnce::from(move || search_box(tab, source, search)));
            let pick = offer::pickable(tab).then(|| pick_form(source, refused, request.clone()));
            view! { <CommandBar nostrip:end=end>{pick}</CommandBar> }
        }}
    }
    .into_any()
}

fn pick_form(source: Memo<Source>, refused: RwSignal<Option<String>>, on_submit: impl FnMut(SubmitEvent) + Clone + 'static) -> AnyView {
    let kept = source.with_untracked(|source| {
        let pairs = source.pairs().into_iter().filter(|(_, value)| !value.is_empty());
        pairs.map(|(name, value)| (name, value.to_owned())).collect::<Vec<_>>()
    });
    view! {
        <form id=offer::PICK class="offer-pick" method="get" action=paths::MY_ACCESS on:submit=on_submit>
            {kept.into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value/> }).collect_any()}
            <Button id="request-access" kind=ButtonKind::Primary submit=true disabled_reason=refused>"Request access"</Button>
        </form>
    }
    .into_any()
}

fn search_box(tab: OfferTab, source: Memo<Source>, on_search: Callback<String>) -> AnyView {
    let value = Signal::derive(move || source.with(|source| source.search().to_owned()));
    view! {
        <SearchBox
            label="Search packages"
            action=paths::MY_ACCESS
            value=value
            keep=vec![("tab".to_owned(), tab.as_str().to_owned())]
            on_search=on_search
        />
    }
    .into_any()
}

fn list(result: Result<Page<OfferItem>, AppError>, source: &Source, ticked: RwSignal<Option<PackageId>>) -> AnyView {
    match result {
        Err(AppError::NotFound) if source.tab().is_none() => error_view::no_package(),
        Err(error) => error_view::bar(&error),
        Ok(page) if page.items.is_empty() => nothing(source),
        Ok(page) => offer::table(page, source, ticked),
    }
}

fn nothing(source: &Source) -> AnyView {
    let tab = source.tab().unwrap_or(OfferTab::Available);
    if !source.search().is_empty() {
        let back = Source::beginning(tab, "").href();
        return view! {
            <EmptyState
                icon=Icon::Search
                title=["No package matches \u{201c}", source.search(), "\u{201d}"].concat()
                text="The search looks at names, descriptions and resources, word by word from the beginning."
                action=move || view! { <LinkButton href=back>"Clear search"</LinkButton> }
            />
        }
        .into_any();
    }
    let (title, text) = labels::empty(tab);
    let (href, label) = match tab {
        OfferTab::Available => (paths::MY_REQUESTS, "See Request history"),
        _ => (paths::MY_ACCESS, "See available packages"),
    };
    view! {
        <EmptyState icon=Icon::Package title=title text=text action=move || view! { <LinkButton href=href>{label}</LinkButton> }/>
    }
    .into_any()
}

/// The pane while the address asks for one; what follows once its request is made.
fn panes(source: Memo<Source>, pane: Memo<Option<PackagePane>>, offers: Offers, ticked: RwSignal<Option<PackageId>>) -> AnyView {
    let toasts = use_toasts();
    let navigate = use_navigate();
    let first = pane.get_untracked();
    let told = move |request: RequestId, title: &'static str, text: String| {
        let view = ToastLink::new(paths::my_request(request), "View request");
        toasts.success(title, text, Some(view));
        ticked.set(None);
        offers.refetch();
        navigate(&source.with_untracked(Source::href), in_place(false));
    };
    let told_of_access = told.clone();
    let submitted = Callback::new(move |Submitted { request, package }: Submitted| told(request, "Request submitted", package));
    let changed = Callback::new(move |(request, way): (RequestId, Way)| {
        let title = match way {
            Way::Extend => "Extension requested",
            Way::GiveBack => "Access removed",
        };
        told_of_access(request, title, String::new());
    });
    view! {
        {move || {
            pane.get().map(|pane| {
                let source = source.get_untracked();
                let inline = first.as_ref() == Some(&pane);
                match pane {
                    PackagePane::Request(query) => {
                        // A pane that came with the page is built of what the server built it of.
                        let listed = if inline { None } else { untrack(|| offers.get()).and_then(Result::ok) };
                        let known = listed.and_then(|page| page.items.into_iter().find(|offer| offer.id == query.package));
                        code_splitting::request(request_form::Asked { query, known, source, inline, done: submitted })
                    }
                    PackagePane::Access(id, way) => code_splitting::access(access::Asked { id, way, back: source.href(), inline, done: changed }),
                }
            })
        }}
    }
    .into_any()
}

//! Packages as rows: the check mark, the name, the description whose arrow opens the details, what it gives, and what one can do.
//! The radio buttons belong to the form of the Request access button, so a ticked one is sent with scripting off too.

use chrono::{DateTime, Utc};
use leptos::prelude::*;

use super::labels;
use super::progress::iso;
use super::route::Source;
use crate::domain::id::PackageId;
use crate::domain::offer::{OfferItem, OfferResource, OfferTab};
use crate::domain::page::Page;
use crate::domain::refusal::Permission;
use crate::paths;
use crate::rpc::viewer_time;
use crate::ui::*;

/// The id of the form that the check marks belong to.
pub const PICK: &str = "pick";

/// The table of a page of packages; `ticked` is the chosen one.
pub fn table(page: Page<OfferItem>, source: &Source, ticked: RwSignal<Option<PackageId>>) -> AnyView {
    let tab = source.tab();
    let (previous, next) = source.pager(&page);
    let paged = previous.is_some() || next.is_some();
    let rows: Vec<AnyView> = page.items.into_iter().map(|offer| row(offer, source, ticked)).collect();
    view! {
        <Table caption="Access packages" cards=true head=move || head(tab)>
            {rows}
        </Table>
        {paged.then(|| view! { <Pager previous=previous next=next/> })}
    }
    .into_any()
}

/// Whether the rows of a tab have check marks.
pub fn pickable(tab: Option<OfferTab>) -> bool {
    matches!(tab, None | Some(OfferTab::Available | OfferTab::Suggested))
}

fn head(tab: Option<OfferTab>) -> AnyView {
    view! {
        {pickable(tab).then(|| view! { <HeadCell label="Select" label_hidden=true/> })}
        <HeadCell label="Name"/>
        <HeadCell label="Description"/>
        <HeadCell label="Resources"/>
        {match tab {
            Some(OfferTab::Active) => view! { <HeadCell label="Since"/> <HeadCell label="Until"/> }.into_any(),
            Some(OfferTab::Expired) => view! { <HeadCell label="Ended"/> }.into_any(),
            _ => ().into_any(),
        }}
        <HeadCell label="Actions"/>
    }
    .into_any()
}

fn row(offer: OfferItem, source: &Source, ticked: RwSignal<Option<PackageId>>) -> AnyView {
    let tab = source.tab();
    let name = match tab {
        Some(_) => view! { <a class="list-link" href=paths::my_package(offer.id)>{offer.name.clone()}</a> }.into_any(),
        None => view! { <span class="list-link">{offer.name.clone()}</span> }.into_any(),
    };
    let dates = match tab {
        Some(OfferTab::Active) => view! {
            <td data-label="Since">{offer.starts_at.map(instant)}</td>
            <td data-label="Until">{offer.ends_at.map_or_else(|| "No end date".into_any(), instant)}</td>
        }
        .into_any(),
        Some(OfferTab::Expired) => view! { <td data-label="Ended">{offer.ends_at.map(instant)}</td> }.into_any(),
        _ => ().into_any(),
    };
    view! {
        <tr>
            {pickable(tab).then(|| view! { <td>{may_be_ticked(&offer, tab).then(|| check_mark(&offer, ticked))}</td> })}
            <td>{name}</td>
            <td class="cell-text">{description(&offer, tab.is_none())}</td>
            <td class="cell-text" data-label="Resources">
                {if offer.resources_hidden { "Not shown".to_owned() } else { labels::resources(&offer.resources) }}
            </td>
            {dates}
            <td class="offer-action">
                {if tab == Some(OfferTab::Active) { held_actions(&offer) } else { action(&offer, source) }}
            </td>
        </tr>
    }
    .into_any()
}

/// One package alone has a check mark only if it can be asked for.
fn may_be_ticked(offer: &OfferItem, tab: Option<OfferTab>) -> bool {
    tab.is_some() || offer.request.is_allowed()
}

fn check_mark(offer: &OfferItem, ticked: RwSignal<Option<PackageId>>) -> AnyView {
    let mine = offer.id;
    let id = ["pick-", &mine.to_string()].concat();
    view! {
        <span class="choice choice-round">
            <span class="choice-box">
                <input
                    type="radio"
                    class="choice-check"
                    name="package"
                    form=PICK
                    required=true
                    id=id.clone()
                    value=mine.to_string()
                    checked=ticked.get_untracked() == Some(mine)
                    prop:checked=move || ticked.get().map(|id| id == mine)
                    on:change=move |_| ticked.set(Some(mine))
                />
                <Glyph icon=Icon::Check/>
            </span>
            <label class="sr-only" for=id>{["Select ", &offer.name].concat()}</label>
        </span>
    }
    .into_any()
}

/// The description; its arrow opens the details.
fn description(offer: &OfferItem, open: bool) -> AnyView {
    view! {
        <details class="offer" open=open>
            <summary class="offer-summary">
                <Glyph icon=Icon::ChevronDown/>
                <span class="offer-text">{offer.description.clone()}</span>
                <span class="sr-only">{[" Details of ", &offer.name].concat()}</span>
            </summary>
            {facts(offer)}
        </details>
    }
    .into_any()
}

/// What a package gives, for how long, and how long one has or had it.
pub fn facts(offer: &OfferItem) -> AnyView {
    let gives: Vec<AnyView> = offer.resources.iter().map(resource).collect();
    let has = offer.starts_at.map(|_| {
        let had = labels::for_update(offer.ends_at, viewer_time::now(), viewer_time::day);
        view! { <p class="muted">{had}</p> }
    });
    view! {
        <div class="offer-facts">
            <p class="strong">"What you get"</p>
            {offer.resources_hidden.then(|| view! { <p class="muted">"What this package gives is shown once you have it."</p> })}
            <ul class="offer-gives">{gives}</ul>
            {offer.lasts.map(|lasts| view! { <p>{labels::lasts(&viewer_time::lasts(lasts))}</p> })}
            {has}
        </div>
    }
    .into_any()
}

fn resource(resource: &OfferResource) -> AnyView {
    let icon = match resource.kind.as_str() {
        kind if kind.contains("pplication") => Icon::App,
        kind if kind.contains("ite") => Icon::Site,
        _ => Icon::Group,
    };
    view! {
        <li class="offer-resource">
            <Glyph icon=icon/>
            <span class="two-line">
                <span>{resource.name.clone()}</span>
                <small>{[&resource.role, ", ", &resource.kind].concat()}</small>
            </span>
        </li>
    }
    .into_any()
}

/// What one can do with access that one has: ask for more time, give it back.
pub fn held_actions(offer: &OfferItem) -> AnyView {
    let name = [" ", &offer.name].concat();
    let asked = offer.open_request.map(|request| {
        let name = name.clone();
        view! {
            <a href=paths::my_request(request)>"View request"<span class="sr-only">{name}</span></a>
        }
    });
    let Some(held) = &offer.held else {
        return view! { {asked} }.into_any();
    };
    let link = |allowed: bool, href: String, label: &'static str| {
        let name = name.clone();
        allowed.then(|| view! { <LinkButton pane=true href=href>{label}<span class="sr-only">{name}</span></LinkButton> })
    };
    view! {
        <span class="offer-held">
            {asked}
            {link(held.extend.is_allowed(), paths::my_access_extend(held.assignment), "Extend")}
            {link(held.give_back.is_allowed(), paths::my_access_remove(held.assignment), "Remove access")}
        </span>
    }
    .into_any()
}

/// What one can do with a package: ask for it, or see where one's request stands.
fn action(offer: &OfferItem, source: &Source) -> AnyView {
    let name = [" ", &offer.name].concat();
    let again = offer.starts_at.is_some();
    match (offer.open_request, &offer.request) {
        (Some(request), _) => view! {
            <span class="offer-asked">
                <StatusDot tone=Tone::Info text="Requested"/>
                <a href=paths::my_request(request)>"View request"<span class="sr-only">{name}</span></a>
            </span>
        }
        .into_any(),
        (None, Permission::Allowed) => view! {
            <LinkButton pane=true href=source.request_href(offer.id)>
                {if again { "Request again" } else { "Request" }}<span class="sr-only">{name}</span>
            </LinkButton>
        }
        .into_any(),
        (None, Permission::Denied(refusal)) => view! { <span class="muted small">{refusal.reason.clone()}</span> }.into_any(),
    }
}

/// An instant as the reader sees it, exact on hover.
pub fn instant(at: DateTime<Utc>) -> AnyView {
    view! { <Instant text=viewer_time::relative(at) exact=viewer_time::exact_in_zone(at) datetime=iso(at)/> }.into_any()
}

//! Overview: what waits for one's decision, what one has asked for, and what ends soon, each with the way on.

use leptos::prelude::*;

use super::offer::{held_actions, instant};
use super::{arriving, error_view, progress};
use crate::domain::offer::{OfferItem, Overview, SOON_DAYS};
use crate::domain::request::RequestItem;
use crate::paths;
use crate::rpc::my_access::get_overview;
use crate::rpc::{AppError, Loading};
use crate::ui::*;

/// The page.
pub fn page() -> AnyView {
    let overview = Loading::once(get_overview);
    let followed = RwSignal::new(Vec::new());
    Effect::new(move |_| {
        if let Some(Ok(overview)) = overview.get() {
            followed.set(progress::to_follow(None, &overview.open));
        }
    });
    let connection = progress::follow(followed, Callback::new(move |()| overview.refetch()));
    view! {
        <DocumentTitle text="Overview - My Access"/>
        <PageHead title="Overview" subtitle=Some("What waits for you, what you have asked for, and what ends soon.".to_owned())/>
        <ConnectionBanner connection=connection/>
        {arriving(6, move || overview.get().map(sections))}
    }
    .into_any()
}

fn sections(overview: Result<Overview, AppError>) -> AnyView {
    match overview {
        Err(error) => error_view::bar(&error),
        Ok(overview) => view! {
            {to_decide(overview.to_decide)}
            {open(overview.open)}
            {ending(overview.ending)}
        }
        .into_any(),
    }
}

fn to_decide(count: i64) -> AnyView {
    let text = match count {
        0 => "No request waits for your decision.".to_owned(),
        1 => "1 request waits for your decision.".to_owned(),
        count => format!("{count} requests wait for your decision."),
    };
    view! {
        <section class="overview-part" aria-labelledby="overview-decide">
            <h2 id="overview-decide">"Approvals"</h2>
            <p>{text}</p>
            {(count > 0).then(|| {
                let href = format!("{}/approvals", paths::MY_ACCESS);
                view! { <LinkButton href=href kind=ButtonKind::Primary>"See approvals"</LinkButton> }
            })}
        </section>
    }
    .into_any()
}

fn open(requests: Vec<RequestItem>) -> AnyView {
    let inner = if requests.is_empty() {
        view! { <p class="muted">"You are waiting for nothing."</p> }.into_any()
    } else {
        let rows = requests.into_iter().map(|item| {
            let (tone, status) = progress::status(item.kind, item.state);
            view! {
                <tr>
                    <td><a class="list-link" href=paths::my_request(item.id)>{item.package.name}</a></td>
                    <td data-label="Submitted">{instant(item.submitted_at)}</td>
                    <td data-label="Status"><StatusDot tone=tone text=status/></td>
                </tr>
            }
        });
        let head = || view! { <HeadCell label="Access package"/> <HeadCell label="Submitted"/> <HeadCell label="Status"/> };
        view! { <Table caption="Requests under way" cards=true head=head>{rows.collect_any()}</Table> }.into_any()
    };
    view! {
        <section class="overview-part" aria-labelledby="overview-open">
            <h2 id="overview-open">"Requests under way"</h2>
            {inner}
        </section>
    }
    .into_any()
}

fn ending(offers: Vec<OfferItem>) -> AnyView {
    let inner = if offers.is_empty() {
        view! { <p class="muted">{format!("None of your access ends in the next {SOON_DAYS} days.")}</p> }.into_any()
    } else {
        let rows = offers.into_iter().map(|offer| {
            let actions = held_actions(&offer);
            view! {
                <tr>
                    <td><a class="list-link" href=paths::my_package(offer.id)>{offer.name}</a></td>
                    <td data-label="Until">{offer.ends_at.map(instant)}</td>
                    <td class="offer-action">{actions}</td>
                </tr>
            }
        });
        let head = || view! { <HeadCell label="Access package"/> <HeadCell label="Until"/> <HeadCell label="Actions"/> };
        view! { <Table caption="Access that ends soon" cards=true head=head>{rows.collect_any()}</Table> }.into_any()
    };
    view! {
        <section class="overview-part" aria-labelledby="overview-ending">
            <h2 id="overview-ending">"Ends soon"</h2>
            {inner}
        </section>
    }
    .into_any()
}

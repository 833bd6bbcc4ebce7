//! How things stand: what waits, what ends soon, what failed, and the last weeks. It stands on the home of Identity Governance.

use leptos::prelude::*;

use super::chart::bars;
use crate::admin::error_view::loaded_quietly;
use crate::admin::timestamp::moment;
use crate::domain::report::{AccessItem, Dashboard, Failure};
use crate::paths::{self, UserReport};
use crate::rpc::Loading;
use crate::rpc::reports::get_dashboard;
use crate::ui::*;

/// What its reader may see of it; nothing for who may see no reports.
pub fn standing() -> AnyView {
    let dashboard: Loading<Option<Dashboard>> = Loading::once(get_dashboard);
    loaded_quietly(dashboard, |dashboard| dashboard.map(show).into_any())
}

fn show(dashboard: Dashboard) -> AnyView {
    let bound = dashboard.bound;
    let count = |number: i64| {
        if number >= bound {
            format!("{bound} or more")
        } else {
            number.to_string()
        }
    };
    let requests = |items: &[Failure]| items.iter().map(request).collect_any();
    let active = dashboard.trend.active.last().copied().unwrap_or_default();
    view! {
        <section class="cols-3" aria-label="How things stand">
            <Card title=format!("Waiting for a decision: {}", count(dashboard.waiting))>
                {nothing(dashboard.waiting == 0, "No request waits.")}
                <ul class="panel-list">{requests(&dashboard.first_waiting)}</ul>
            </Card>
            <Card title=format!("Ends within 14 days: {}", count(dashboard.ending))>
                {nothing(dashboard.ending == 0, "Nothing ends soon.")}
                <ul class="panel-list">{dashboard.first_ending.iter().map(ending).collect_any()}</ul>
            </Card>
            <Card title=format!("Delivery failed: {}", count(dashboard.failed))>
                {nothing(dashboard.failed == 0, "Everything was delivered.")}
                <ul class="panel-list">{requests(&dashboard.failures)}</ul>
                {dashboard.given_up.filter(|number| *number > 0).map(given_up)}
                {dashboard.unsent.filter(|number| *number > 0).map(unsent)}
            </Card>
            <Card title="Requests of the last 12 weeks">{bars("Requests", &dashboard.trend.requests)}</Card>
            <Card title=format!("Active assignments: {active}")>{bars("Active assignments", &dashboard.trend.active)}</Card>
        </section>
    }
    .into_any()
}

fn nothing(is_nothing: bool, text: &'static str) -> AnyView {
    is_nothing.then(|| view! { <p class="muted">{text}</p> }).into_any()
}

fn request(item: &Failure) -> AnyView {
    view! {
        <li>
            <span class="two-line grow">
                <a class="break" href=paths::package_request(item.package.id, item.id)>{format!("{}, {}", item.user.name, item.package.name)}</a>
                {(!item.status.is_empty()).then(|| view! { <small class="break">{item.status.clone()}</small> })}
            </span>
            <small>{moment(item.at)}</small>
        </li>
    }
    .into_any()
}

fn ending(item: &AccessItem) -> AnyView {
    view! {
        <li>
            <span class="grow">
                <a class="break" href=paths::report_user(item.user.id, UserReport::Packages)>{format!("{}, {}", item.user.name, item.package.name)}</a>
            </span>
            <small>{item.ends_at.map(moment)}</small>
        </li>
    }
    .into_any()
}

fn given_up(number: i64) -> AnyView {
    let href = paths::with_query(paths::AUDIT, &[("activity", "give_up_job")]);
    let text = if number == 1 {
        "1 job was given up".to_owned()
    } else {
        format!("{number} jobs were given up")
    };
    view! { <p><a href=href>{text}</a></p> }.into_any()
}

fn unsent(number: i64) -> AnyView {
    let text = if number == 1 {
        "1 message could not be sent".to_owned()
    } else {
        format!("{number} messages could not be sent")
    };
    view! { <p><a href=paths::MAILS>{text}</a></p> }.into_any()
}

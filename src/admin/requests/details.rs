//! One request in its pane: who, under which policy, why, what was delivered, and what happened in order. While it is on its way the
//! pane follows it.

use chrono::{DateTime, Utc};
use leptos::prelude::*;

use super::labels::{grant_word, tone};
use crate::admin::error_view::loaded;
use crate::admin::timestamp::{day_and_distance, iso, moment};
use crate::domain::assignment::GrantItem;
use crate::domain::id::RequestId;
use crate::domain::request::RequestDetail;
use crate::paths;
use crate::rpc::requests::get_request;
use crate::rpc::{AppError, Loading, viewer_time};
use crate::ui::*;

/// The pane of the request that the URL names; `close` is the list without it, `on_moved` hears when it has moved.
#[component]
pub(super) fn RequestPane(request: Memo<Option<String>>, close: Signal<String>, on_moved: Callback<()>) -> AnyView {
    let is_open = move || request.with(Option::is_some);
    let open = RwSignal::new(untrack(is_open));
    Effect::new(move |_| open.set(is_open()));
    let detail = Loading::new(request, async |request: Option<String>| {
        match request.map(|id| id.parse::<RequestId>()) {
            Some(Ok(request)) => match get_request(request).await {
                Err(AppError::NotFound) => Ok(None),
                found => found.map(Some),
            },
            _ => Ok(None),
        }
    });
    let on_its_way = Memo::new(move |_| match detail.get() {
        Some(Ok(Some(detail))) if detail.item.state.is_open() => Some(paths::request_events(detail.item.id)),
        _ => None,
    });
    let moved = Callback::new(move |()| {
        detail.refetch();
        on_moved.run(());
    });
    let connection = follow(on_its_way, moved);
    view! {
        <Pane
            name="request"
            title="Request details"
            open=open
            inline_open=untrack(is_open)
            close_href=close
        >
            <ConnectionBanner connection=connection/>
            {loaded(detail, move |detail| detail.map_or_else(|| missing(untrack(is_open)), details))}
        </Pane>
    }
    .into_any()
}

/// What an open pane says without its request.
fn missing(open: bool) -> AnyView {
    open.then(|| view! { <MessageBar tone=Tone::Warning title="This request is not here. The link may be incomplete."/> })
        .into_any()
}

fn details(detail: RequestDetail) -> AnyView {
    let events = steps(&detail);
    let grants = detail.grants.iter().map(grant).collect_any();
    let nothing = detail.grants.is_empty();
    view! {
        {facts(&detail)}
        <section class="stack-8">
            <SectionTitle title="Resource roles"/>
            {nothing.then(|| view! { <p class="muted">"This request has not given or taken anything."</p> })}
            <ul class="panel-list">{grants}</ul>
        </section>
        <section class="stack-8">
            <SectionTitle title="Request history"/>
            <Timeline label="Request history" steps=events/>
            <p><a href=paths::audit_chain(detail.item.id)>"Everything of this request in the audit logs"</a></p>
        </section>
    }
    .into_any()
}

fn facts(detail: &RequestDetail) -> AnyView {
    let item = detail.item.clone();
    let asked_by_another = detail.requestor.id != item.target.id;
    let requestor = detail.requestor.clone();
    let justification = if detail.justification.is_empty() {
        "None was given".to_owned()
    } else {
        detail.justification.clone()
    };
    let starts_at = detail.starts_at;
    let until = move |ends: Option<DateTime<Utc>>| ends.map_or_else(|| "Never".into_any(), day_and_distance);
    let ends_at = detail.ends_at;
    view! {
        <PropertyList>
            <Property label="Requestor">
                <a href=paths::user(requestor.id)>{requestor.name}</a>
            </Property>
            {asked_by_another.then(|| view! {
                <Property label="For">
                    <a href=paths::user(item.target.id)>{item.target.name}</a>
                </Property>
            })}
            <Property label="User name">{item.target_user_name}</Property>
            <Property label="Policy">{item.policy.name}</Property>
            <Property label="Request type">{item.kind.label()}</Property>
            <Property label="Status"><StatusDot tone=tone(item.state) text=item.state.label()/></Property>
            <Property label="Requested date">{day_and_distance(item.submitted_at)}</Property>
            {item.completed_at.map(|at| view! { <Property label="Completed">{day_and_distance(at)}</Property> })}
            {starts_at.map(|at| view! {
                <Property label="Access from">{day_and_distance(at)}</Property>
                <Property label="Access ends">{until(ends_at)}</Property>
            })}
            <Property label="Business justification"><span class="keep-lines">{justification}</span></Property>
        </PropertyList>
    }
    .into_any()
}

fn grant(grant: &GrantItem) -> AnyView {
    let (tone, word) = grant_word(grant.state);
    let when = grant.revoked_at.or(grant.granted_at);
    view! {
        <li>
            <span class="two-line grow">
                <span class="break">{grant.object.clone()}</span>
                <small>{grant.role.clone()}</small>
                {(!grant.error.is_empty()).then(|| view! { <small>{grant.error.clone()}</small> })}
            </span>
            <span class="two-line">
                <StatusDot tone=tone text=word/>
                <small>{when.map(moment)}</small>
            </span>
        </li>
    }
    .into_any()
}

/// The history as steps; a request on its way ends in one that is still to come.
fn steps(detail: &RequestDetail) -> Vec<TimelineStep> {
    let mut steps: Vec<TimelineStep> = detail
        .events
        .iter()
        .map(|event| TimelineStep {
            tone: Tone::Info,
            title: event.title.clone(),
            text: event.detail.clone(),
            time: viewer_time::exact(event.at),
            datetime: iso(event.at),
            pending: false,
        })
        .collect();
    let state = detail.item.state;
    let reached = steps.iter().rposition(|step| step.title == state.label());
    match (state.is_open(), reached) {
        // A role may have been added to the package since.
        (false, reached) => {
            let last = steps.len().saturating_sub(1);
            if let Some(step) = steps.get_mut(reached.unwrap_or(last)) {
                step.tone = tone(state);
            }
        }
        (true, Some(reached)) if reached + 1 == steps.len() => steps[reached].pending = true,
        _ => {}
    }
    steps
}

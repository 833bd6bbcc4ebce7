//! One request in its pane: who, under which policy, why, what was delivered, and what happened in order; and what can be done with it.
//! While it is on its way the pane follows it.

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::labels::{failures, grant_word, tone};
use super::list::tell_retried;
use super::stages::stages;
use crate::admin::confirm::{Doing, Question};
use crate::admin::details::{Details, use_details};
use crate::admin::person::said;
use crate::admin::timestamp::{day_and_distance, iso, moment};
use crate::domain::assignment::GrantItem;
use crate::domain::question::Answer;
use crate::domain::request::RequestDetail;
use crate::paths;
use crate::rpc::requests::{cancel_request, get_request, retry_requests};
use crate::rpc::viewer_time;
use crate::ui::*;

/// The pane of the request that the URL names; `close` is the list without it, `on_moved` hears when it has moved.
#[component]
pub(super) fn RequestPane(request: Memo<Option<String>>, close: Signal<String>, on_moved: Callback<()>) -> AnyView {
    let detail = use_details(request, get_request);
    let on_its_way = Memo::new(move |_| match detail.get() {
        Some(Ok(Some(detail))) if detail.item.state.is_open() => Some(paths::request_events(detail.item.id)),
        _ => None,
    });
    let moved = Callback::new(move |()| {
        detail.refetch();
        on_moved.run(());
    });
    let connection = follow(on_its_way, moved);
    let canceling = RwSignal::new(None::<RequestDetail>);
    let pane = Details {
        name: "request",
        title: "Request details",
        missing: "This request is not here. The link may be incomplete.",
        close,
    };
    view! {
        <ConnectionBanner connection=connection/>
        {pane.view(request, detail, move |detail| details(detail, canceling, moved))}
        {cancellation(canceling, moved)}
    }
    .into_any()
}

fn details(detail: RequestDetail, canceling: RwSignal<Option<RequestDetail>>, moved: Callback<()>) -> AnyView {
    let events = steps(&detail);
    let nothing = detail.grants.is_empty();
    view! {
        {commands(&detail, canceling, moved)}
        {detail.conflict.clone().map(|text| view! { <MessageBar tone=Tone::Warning title=text/> })}
        {failures(&detail.grants).map(|title| view! { <MessageBar tone=Tone::Warning title=title/> })}
        {facts(&detail)}
        {answers(&detail.answers)}
        {stages(&detail.stages)}
        <section class="stack-8">
            <SectionTitle title="Resource roles"/>
            {nothing.then(|| view! { <p class="muted">"This request has not given or taken anything."</p> })}
            {grants(&detail.grants)}
        </section>
        <section class="stack-8">
            <SectionTitle title="Request history"/>
            <Timeline label="Request history" steps=events/>
            <p><a href=paths::audit_chain(detail.item.id)>"Everything of this request in the audit logs"</a></p>
        </section>
    }
    .into_any()
}

/// Cancel and Reprocess, each with the reason where it cannot be used.
fn commands(detail: &RequestDetail, canceling: RwSignal<Option<RequestDetail>>, moved: Callback<()>) -> AnyView {
    let toasts = use_toasts();
    let (asked, item) = (detail.clone(), detail.item.clone());
    let cancel = move || canceling.set(Some(asked.clone()));
    let retry = move || {
        let item = item.clone();
        spawn_local(async move {
            match retry_requests(vec![item.id]).await {
                Ok(results) => tell_retried(toasts, &[item], &results),
                Err(error) => drop(toasts.error("Not reprocessed", error.text(), None)),
            }
            let _ = moved.try_run(());
        });
    };
    view! {
        <div class="row">
            <Button id="cancel-request" icon=Icon::Dismiss disabled_reason=detail.cancel.reason() on_click=cancel>"Cancel request"</Button>
            <Button id="reprocess-request" icon=Icon::Refresh disabled_reason=detail.item.retry.reason() on_click=retry>"Reprocess request"</Button>
        </div>
    }
    .into_any()
}

/// The question before a request is canceled (F111).
fn cancellation(canceling: RwSignal<Option<RequestDetail>>, moved: Callback<()>) -> AnyView {
    let toasts = use_toasts();
    Question::new(
        "cancel-request-question",
        |_: &RequestDetail| "Cancel request".to_owned(),
        |detail| {
            format!(
                "Cancel the request of {} for {}? They are told, and can request it again.",
                said(&detail.item.target.name, &detail.item.target_user_name),
                detail.item.package.name
            )
        },
        |detail: RequestDetail| -> Doing { Box::pin(cancel_request(detail.item.id)) },
        move |detail: RequestDetail| {
            toasts.success("Request canceled", detail.item.target.name, None);
            moved.run(());
        },
    )
    .view(canceling)
}

/// The questions that were asked, with what was answered (F109).
fn answers(answers: &[Answer]) -> AnyView {
    let given = answers.iter().map(|answer| {
        let text = if answer.value.is_empty() {
            "No answer".to_owned()
        } else {
            answer.value.clone()
        };
        view! { <Property label=answer.text.clone()><span class="keep-lines">{text}</span></Property> }
    });
    let given = given.collect_any();
    (!answers.is_empty())
        .then(|| {
            view! {
                <section class="stack-8">
                    <SectionTitle title="Answers"/>
                    <PropertyList>{given}</PropertyList>
                </section>
            }
        })
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
    let (ends_at, asked_from, asked_until) = (detail.ends_at, detail.asked_from, detail.asked_until);
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
            {(!item.status.is_empty()).then(|| view! { <Property label="Reason">{item.status}</Property> })}
            <Property label="Requested date">{day_and_distance(item.submitted_at)}</Property>
            {item.completed_at.map(|at| view! { <Property label="Completed">{day_and_distance(at)}</Property> })}
            {asked_from.map(|at| view! { <Property label="Asked from">{day_and_distance(at)}</Property> })}
            {asked_until.map(|at| view! { <Property label="Asked until">{day_and_distance(at)}</Property> })}
            {starts_at.map(|at| view! {
                <Property label="Access from">{day_and_distance(at)}</Property>
                <Property label="Access ends">{until(ends_at)}</Property>
            })}
            <Property label="Business justification"><span class="keep-lines">{justification}</span></Property>
        </PropertyList>
    }
    .into_any()
}

/// What was given and taken, one line a resource role.
pub(in crate::admin) fn grants(grants: &[GrantItem]) -> AnyView {
    view! { <ul class="panel-list">{grants.iter().map(grant).collect_any()}</ul> }.into_any()
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

//! The lists of Approvals: what waits, with a form that decides what is ticked, and what was decided.

use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use leptos::{wasm_bindgen::JsCast, web_sys};

use super::posted::{Returned, at_field, failed, typed};
use crate::domain::approval::{ApprovalItem, ApprovalQuery, ApprovalTab, Decision, DecisionForm, REASON_MAX, StageState};
use crate::domain::id::RequestId;
use crate::domain::page::Page;
use crate::domain::text::StringEnum;
use crate::my_access::error_view;
use crate::my_access::offer::instant;
use crate::my_access::route::approvals::{pager, request_href};
use crate::paths;
use crate::rpc::AppError;
use crate::rpc::approvals::decide;
use crate::ui::*;

const FORM: &str = "decide";

/// The list of a tab.
pub fn list(result: Result<Page<ApprovalItem>, AppError>, query: &ApprovalQuery, returned: Returned, changed: Callback<()>) -> AnyView {
    match result {
        Err(error) => error_view::bar(&error),
        Ok(page) if page.items.is_empty() => view! {
            {returned.1.as_ref().and_then(|error| failed(error, &[]))}
            {empty(query)}
        }
        .into_any(),
        Ok(page) => {
            let (previous, next) = pager(query, &page);
            let paged = previous.is_some() || next.is_some();
            let table = match query.tab {
                ApprovalTab::Pending => pending(page.items, query, returned, changed),
                ApprovalTab::History => history(page.items, query),
            };
            view! {
                {table}
                {paged.then(|| view! { <Pager previous=previous next=next/> })}
            }
            .into_any()
        }
    }
}

fn empty(query: &ApprovalQuery) -> AnyView {
    let (title, text) = match query.tab {
        _ if !query.search.trim().is_empty() => (
            "Nothing was found",
            "No request here has these words in its package or its people's names.",
        ),
        ApprovalTab::Pending => (
            "Nothing waits for your decision",
            "Requests that you are asked to decide are listed here until they are settled.",
        ),
        ApprovalTab::History => (
            "You have not been asked yet",
            "What you, or others who were asked with you, have decided is listed here.",
        ),
    };
    view! { <EmptyState icon=Icon::Check title=title text=text/> }.into_any()
}

/// Whose access it is, and who asked for it where that is somebody else.
fn people(item: &ApprovalItem) -> AnyView {
    let by = (item.requestor.id != item.target.id).then(|| ["Asked for by ", &item.requestor.name].concat());
    let origin = item.origin.as_ref().map(|origin| ["In place of ", &origin.name].concat());
    view! {
        <span class="two-line">
            <span>{item.target.name.clone()}</span>
            {by.map(|by| view! { <small>{by}</small> })}
            {origin.map(|origin| view! { <small>{origin}</small> })}
        </span>
    }
    .into_any()
}

fn package(item: &ApprovalItem, query: &ApprovalQuery) -> AnyView {
    view! {
        <a class="list-link" data-noscroll="" href=request_href(item.request, query)>
            {item.package.name.clone()}<span class="sr-only">{[" for ", &item.target.name].concat()}</span>
        </a>
    }
    .into_any()
}

fn pending(items: Vec<ApprovalItem>, query: &ApprovalQuery, returned: Returned, changed: Callback<()>) -> AnyView {
    let ticked = RwSignal::new(Vec::<RequestId>::new());
    let rows: Vec<AnyView> = items
        .into_iter()
        .map(|item| {
            let id = item.request;
            let tick = RwSignal::new(false);
            let change = Callback::new(move |on: bool| {
                ticked.update(|ticked| {
                    ticked.retain(|other| *other != id);
                    if on {
                        ticked.push(id);
                    }
                });
            });
            let label = format!("Select {} for {}", item.package.name, item.target.name);
            view! {
                <tr>
                    <td>
                        <Checkbox name="request" id=format!("tick-{id}") value=id.to_string() label=label label_hidden=true checked=tick on_change=change/>
                    </td>
                    <td>{package(&item, query)}</td>
                    <td data-label="For">{people(&item)}</td>
                    <td data-label="Submitted">{instant(item.submitted_at)}</td>
                    <td data-label="Decide by">{instant(item.due_at)}</td>
                </tr>
            }
            .into_any()
        })
        .collect();
    let head = || {
        view! {
            <HeadCell label="Select" label_hidden=true/>
            <HeadCell label="Access package"/>
            <HeadCell label="For"/>
            <HeadCell label="Submitted"/>
            <HeadCell label="Decide by"/>
        }
    };
    decision_form(ticked, returned, changed, move || {
        view! { <Table caption="Requests that wait for your decision" cards=true head=head>{rows}</Table> }.into_any()
    })
}

/// Approve and Deny for all that is ticked, with one reason, around the list.
fn decision_form(
    ticked: RwSignal<Vec<RequestId>>,
    (fields, error): Returned,
    changed: Callback<()>,
    table: impl FnOnce() -> AnyView,
) -> AnyView {
    let reason = RwSignal::new(typed(&fields, "reason"));
    let failure = RwSignal::new(error);
    let busy = RwSignal::new(false);
    let toasts = use_toasts();
    let submit = move |ev: SubmitEvent| {
        ev.prevent_default();
        let Some(decision) = pressed(&ev)
            .and_then(|word| word.parse::<Decision>().ok())
            .filter(|_| !busy.get_untracked())
        else {
            return;
        };
        let form = DecisionForm {
            requests: ticked.get_untracked(),
            decision,
            reason: reason.get_untracked(),
        };
        busy.set(true);
        spawn_local(async move {
            let count = form.requests.len();
            match decide(form).await {
                Ok(outcomes) => {
                    let refused: Vec<String> = outcomes.into_iter().filter_map(|outcome| outcome.refused).collect();
                    failure.set(refused.first().cloned().map(AppError::Conflict));
                    toasts.success(decided(decision, count - refused.len()), "", None);
                    reason.set(String::new());
                    changed.run(());
                }
                Err(error) => failure.set(Some(error)),
            }
            busy.set(false);
        });
    };
    let fault = Signal::derive(move || failure.with(|failure| failure.as_ref().and_then(|failure| at_field(failure, "reason", "Reason"))));
    view! {
        <form id=FORM class="stack-8" method="post" action=paths::MY_APPROVALS on:submit=submit>
            {table()}
            <div class="decision-bar">
                <TextArea name="reason" label="Reason" hint="For all that you tick. Some requests can't be decided without one." rows=2 limit=REASON_MAX value=reason error=fault/>
                {move || failure.with(|failure| failure.as_ref().and_then(|failure| failed(failure, &["reason"])))}
                <div class="row">
                    <Button kind=ButtonKind::Primary submit=true name="decision" value=Decision::Approve.as_str() busy=busy>"Approve"</Button>
                    <Button submit=true name="decision" value=Decision::Deny.as_str() busy=busy>"Deny"</Button>
                    <span class="muted small" aria-live="polite">{move || chosen(ticked.with(Vec::len))}</span>
                </div>
            </div>
        </form>
    }
    .into_any()
}

fn chosen(count: usize) -> String {
    match count {
        0 => String::new(),
        1 => "1 request ticked".to_owned(),
        count => format!("{count} requests ticked"),
    }
}

fn decided(decision: Decision, count: usize) -> String {
    let what = match decision {
        Decision::Approve => "approved",
        Decision::Deny => "denied",
    };
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} request{plural} {what}")
}

/// The value of the button by which a form was sent.
pub fn pressed(ev: &SubmitEvent) -> Option<String> {
    let button = ev.submitter()?;
    button.dyn_into::<web_sys::Element>().ok()?.get_attribute("value")
}

/// What came of a stage, as a colour and a word.
pub fn outcome(state: StageState) -> (Tone, &'static str) {
    let tone = match state {
        StageState::Waiting => Tone::Info,
        StageState::Approved => Tone::Success,
        StageState::Denied => Tone::Danger,
        StageState::Expired | StageState::Skipped | StageState::Canceled => Tone::Neutral,
    };
    (tone, state.label())
}

fn history(items: Vec<ApprovalItem>, query: &ApprovalQuery) -> AnyView {
    let rows: Vec<AnyView> = items
        .into_iter()
        .map(|item| {
            let (tone, text) = outcome(item.outcome);
            let by_other = (item.decision.is_none() && matches!(item.outcome, StageState::Approved | StageState::Denied))
                .then(|| view! { <small>"By another approver"</small> });
            view! {
                <tr>
                    <td>{package(&item, query)}</td>
                    <td data-label="For">{people(&item)}</td>
                    <td data-label="Outcome"><span class="two-line"><StatusDot tone=tone text=text/>{by_other}</span></td>
                    <td data-label="Request">{item.state.label()}</td>
                    <td data-label="Settled">{item.settled_at.map(instant)}</td>
                </tr>
            }
            .into_any()
        })
        .collect();
    let head = || {
        view! {
            <HeadCell label="Access package"/>
            <HeadCell label="For"/>
            <HeadCell label="Outcome"/>
            <HeadCell label="Request"/>
            <HeadCell label="Settled"/>
        }
    };
    view! { <Table caption="Requests that you were asked about" cards=true head=head>{rows}</Table> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f144_what_was_decided_is_counted() {
        assert_eq!(decided(Decision::Approve, 1), "1 request approved");
        assert_eq!(decided(Decision::Deny, 3), "3 requests denied");
        assert_eq!((chosen(0), chosen(2)), (String::new(), "2 requests ticked".to_owned()));
    }
}

//! Who decided on a request: its approval stages, each with who is or was asked, what they said, why and when (F115).

use leptos::prelude::*;

use crate::admin::timestamp::{day_and_distance, moment};
use crate::domain::approval::{ApproverItem, ApproverRole, ApproverState, Decision, StageItem, StageState};
use crate::paths;
use crate::ui::*;

/// The stages that a request has reached; nothing where nobody was asked.
pub(super) fn stages(stages: &[StageItem]) -> AnyView {
    let each = stages.iter().map(stage).collect_any();
    (!stages.is_empty())
        .then(|| {
            view! {
                <section class="stack-8">
                    <SectionTitle title="Approval"/>
                    {each}
                </section>
            }
        })
        .into_any()
}

fn stage(stage: &StageItem) -> AnyView {
    let waiting = stage.state == StageState::Waiting;
    let people = stage.approvers.iter().filter(|person| is_told(person)).map(approver).collect_any();
    let (due_at, decided_at) = (stage.due_at, stage.decided_at);
    let (label, state) = (format!("Stage {}", stage.stage), stage.state);
    view! {
        <PropertyList>
            <Property label=label><StatusDot tone=tone(state) text=state.label()/></Property>
            {waiting.then(|| view! { <Property label="Decide by">{day_and_distance(due_at)}</Property> })}
            {decided_at.map(|at| view! { <Property label="Settled">{day_and_distance(at)}</Property> })}
        </PropertyList>
        <ul class="panel-list">{people}</ul>
    }
    .into_any()
}

fn approver(person: &ApproverItem) -> AnyView {
    let (dot, word) = said(person);
    let origin = person.origin.as_ref().map(|origin| format!("in place of {}", origin.name));
    let reason = (!person.reason.is_empty()).then(|| view! { <small class="keep-lines">{person.reason.clone()}</small> });
    view! {
        <li>
            <span class="two-line grow">
                <a class="break" href=paths::user(person.user.id)>{person.user.name.clone()}</a>
                <small>{origin.unwrap_or_else(|| role(person.role).to_owned())}</small>
                {reason}
            </span>
            <span class="two-line">
                <StatusDot tone=dot text=word/>
                <small>{person.decided_at.map(moment)}</small>
            </span>
        </li>
    }
    .into_any()
}

/// As what somebody was asked.
fn role(role: ApproverRole) -> &'static str {
    match role {
        ApproverRole::Primary => "Approver",
        ApproverRole::Fallback => "Fallback approver",
        ApproverRole::Alternate => "Alternate approver",
        ApproverRole::Delegate => "Delegate",
    }
}

/// Whoever may decide or did; who was asked and is not any more is left out.
fn is_told(person: &ApproverItem) -> bool {
    person.decision.is_some() || person.state == ApproverState::Open
}

fn said(person: &ApproverItem) -> (Tone, &'static str) {
    match person.decision {
        Some(Decision::Approve) => (Tone::Success, "Approved"),
        Some(Decision::Deny) => (Tone::Danger, "Denied"),
        None => (Tone::Neutral, "No decision"),
    }
}

fn tone(state: StageState) -> Tone {
    match state {
        StageState::Waiting => Tone::Info,
        StageState::Approved => Tone::Success,
        StageState::Denied => Tone::Danger,
        StageState::Expired | StageState::Skipped | StageState::Canceled => Tone::Neutral,
    }
}

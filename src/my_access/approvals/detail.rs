//! The pane of one request that one is or was asked to decide (F145): everything about it, and the decision.

use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};

use super::list::{outcome, pressed};
use super::posted::{at_field, failed, returned, typed};
use crate::domain::approval::{ApprovalDetail, ApproverItem, Decision, DecisionForm, EarlierAccess, REASON_MAX, StageItem, StageState};
use crate::domain::id::RequestId;
use crate::domain::text::StringEnum;
use crate::my_access::offer::instant;
use crate::my_access::{arriving, error_view};
use crate::paths;
use crate::rpc::approvals::{decide, get_approval, revoke_approval};
use crate::rpc::{AppError, Loading, viewer_time};
use crate::ui::*;

/// The pane, over the list at `back`.
pub fn pane(id: RequestId, back: String, inline: bool, changed: Callback<()>) -> AnyView {
    let open = RwSignal::new(true);
    let detail = Loading::once(move || get_approval(id));
    let draft = Draft::new();
    let close = back.clone();
    let done = Callback::new(move |()| {
        changed.run(());
        detail.refetch();
    });
    view! {
        <Pane
            name="approval"
            title="Request to decide"
            open=open
            inline_open=inline
            close_href=back
            foot=move || view! { <a class="button" data-noscroll="" href=close on:click=move |_| open.set(false)>"Close"</a> }
        >
            {arriving(5, move || detail.get().map(|detail| match detail {
                Ok(detail) => facts(detail, draft, done),
                Err(AppError::NotFound) => gone(),
                Err(error) => error_view::bar(&error),
            }))}
        </Pane>
    }
    .into_any()
}

fn gone() -> AnyView {
    view! {
        <EmptyState
            icon=Icon::Search
            title="You are not asked about this request"
            text="The link may be incomplete, or somebody else is asked by now. What waits for you is all under Pending."
            action=|| view! { <LinkButton href=paths::MY_APPROVALS kind=ButtonKind::Primary>"See Approvals"</LinkButton> }
        />
    }
    .into_any()
}

fn facts(detail: ApprovalDetail, draft: Draft, done: Callback<()>) -> AnyView {
    let form = match (detail.decide.is_allowed(), detail.revoke.is_allowed()) {
        (true, _) => decision(&detail, draft, done),
        (false, true) => revocation(detail.item.request, draft, done),
        (false, false) => ().into_any(),
    };
    let (tone, text) = outcome(detail.item.outcome);
    let conflict = detail
        .conflict
        .map(|notice| view! { <MessageBar tone=Tone::Warning title=notice.text/> });
    let item = detail.item;
    let period = period(detail.asked_from, detail.asked_until);
    view! {
        <div class="row">
            <h3 class="request-name">{item.package.name.clone()}</h3>
            <Chip tone=tone text=text/>
        </div>
        <PropertyList>
            <Property label="Requested for">{item.target.name.clone()}</Property>
            {(item.requestor.id != item.target.id)
                .then(|| view! { <Property label="Requested by">{item.requestor.name.clone()}</Property> })}
            {item.origin.map(|origin| view! { <Property label="In place of">{origin.name}</Property> })}
            <Property label="Kind">{item.kind.label()}</Property>
            <Property label="Access">{period}</Property>
            <Property label="Business justification">{words(detail.justification)}</Property>
            {detail.answers.into_iter().map(|answer| view! { <Property label=answer.text>{words(answer.value)}</Property> }).collect_any()}
            <Property label="Submitted">{instant(item.submitted_at)}</Property>
            <Property label="Expires">{instant(item.due_at)}</Property>
        </PropertyList>
        {stages(detail.stages)}
        {earlier(detail.earlier)}
        {conflict}
        {form}
    }
    .into_any()
}

fn words(text: String) -> AnyView {
    if text.is_empty() {
        view! { <span class="muted">"None given"</span> }.into_any()
    } else {
        view! { <span class="request-words">{text}</span> }.into_any()
    }
}

/// For when access is asked.
fn period(from: Option<chrono::DateTime<chrono::Utc>>, until: Option<chrono::DateTime<chrono::Utc>>) -> String {
    let from = from.map_or("From the approval".to_owned(), |at| {
        format!("From {}", viewer_time::exact_in_zone(at))
    });
    match until {
        Some(at) => format!("{from} until {}", viewer_time::exact_in_zone(at)),
        None => format!("{from}, without end"),
    }
}

/// Every stage that was reached, with who is asked and what was said.
fn stages(stages: Vec<StageItem>) -> AnyView {
    let several = stages.len() > 1;
    let items = stages
        .into_iter()
        .filter(|stage| stage.state != StageState::Skipped)
        .map(|stage| {
            let (tone, text) = outcome(stage.state);
            let title = if several {
                format!("Stage {}", stage.stage)
            } else {
                "Decision".to_owned()
            };
            let needed =
                (stage.needed > 1).then(|| view! { <p class="muted small">{format!("{} of those asked must approve.", stage.needed)}</p> });
            let people = stage.approvers.into_iter().map(approver).collect_any();
            view! {
                <section class="stack-8">
                    <div class="row"><h4 class="strong">{title}</h4><StatusDot tone=tone text=text/></div>
                    {needed}
                    <ul class="panel-list">{people}</ul>
                </section>
            }
        })
        .collect_any();
    view! { <div class="stack">{items}</div> }.into_any()
}

fn approver(person: ApproverItem) -> AnyView {
    let said = match person.decision {
        Some(Decision::Approve) => "Approved",
        Some(Decision::Deny) => "Denied",
        None => "",
    };
    let origin = person
        .origin
        .map(|origin| format!(" in place of {}", origin.name))
        .unwrap_or_default();
    let reason = (!person.reason.is_empty()).then(|| view! { <small class="request-words">{person.reason}</small> });
    view! {
        <li class="two-line">
            <span>{person.user.name}{origin}{(!said.is_empty()).then(|| format!(": {said}"))}</span>
            {reason}
        </li>
    }
    .into_any()
}

/// What the person has had of the same resources.
fn earlier(earlier: Vec<EarlierAccess>) -> AnyView {
    if earlier.is_empty() {
        return view! { <p class="muted small">"The person has not had any of these resources through an access package before."</p> }
            .into_any();
    }
    let now = viewer_time::now();
    let items = earlier
        .into_iter()
        .map(|had| {
            let until = match had.ends_at {
                Some(at) if at <= now => format!("ended {}", viewer_time::day(at)),
                Some(at) => format!("until {}", viewer_time::day(at)),
                None => "without end".to_owned(),
            };
            let line = format!(
                "{} ({}) by {}, from {}, {until}",
                had.object,
                had.role,
                had.package,
                viewer_time::day(had.starts_at)
            );
            view! { <li>{line}</li> }
        })
        .collect_any();
    view! {
        <section class="stack-8">
            <h4 class="strong">"Earlier access to the same resources"</h4>
            <ul class="panel-list">{items}</ul>
        </section>
    }
    .into_any()
}

/// What one types and what came of it.
#[derive(Clone, Copy)]
struct Draft {
    reason: RwSignal<String>,
    failure: RwSignal<Option<AppError>>,
    busy: RwSignal<bool>,
}

impl Draft {
    fn new() -> Self {
        let (fields, error) = returned();
        Self {
            reason: RwSignal::new(typed(&fields, "reason")),
            failure: RwSignal::new(error),
            busy: RwSignal::new(false),
        }
    }
}

/// Approve and Deny; what separation of duties stands against can only be denied.
fn decision(detail: &ApprovalDetail, draft: Draft, done: Callback<()>) -> AnyView {
    let (id, required) = (detail.item.request, detail.reason_required);
    let blocked = detail
        .conflict
        .as_ref()
        .filter(|notice| notice.blocks)
        .map(|notice| notice.text.clone());
    let send = move |ev: SubmitEvent| {
        ev.prevent_default();
        let Some(decision) = pressed(&ev).and_then(|word| word.parse::<Decision>().ok()) else {
            return;
        };
        let form = DecisionForm {
            requests: vec![id],
            decision,
            reason: draft.reason.get_untracked(),
        };
        run(draft, done, async move {
            let refused = decide(form).await?.into_iter().find_map(|outcome| outcome.refused);
            refused.map_or(Ok(()), |text| Err(AppError::Conflict(text)))
        });
    };
    let buttons = move || {
        view! {
            <Button
                id="approve"
                kind=ButtonKind::Primary
                submit=true
                name="decision"
                value=Decision::Approve.as_str()
                busy=draft.busy
                disabled_reason=blocked
            >
                "Approve"
            </Button>
            <Button submit=true name="decision" value=Decision::Deny.as_str() busy=draft.busy>"Deny"</Button>
        }
        .into_any()
    };
    let hint = if required {
        "The person and the other approvers see it."
    } else {
        "Optional. The person and the other approvers see it."
    };
    form(id, draft, (hint, required), send, buttons())
}

/// Ends what one approved (F146).
fn revocation(id: RequestId, draft: Draft, done: Callback<()>) -> AnyView {
    let send = move |ev: SubmitEvent| {
        ev.prevent_default();
        let reason = draft.reason.get_untracked();
        run(draft, done, async move { revoke_approval(id, reason).await });
    };
    let button =
        view! { <Button kind=ButtonKind::Danger submit=true name="decision" value="revoke" busy=draft.busy>"Revoke access"</Button> };
    form(
        id,
        draft,
        (
            "You approved this. Revoking ends the access at once; the person sees the reason.",
            true,
        ),
        send,
        button.into_any(),
    )
}

fn form(
    id: RequestId,
    draft: Draft,
    (hint, required): (&'static str, bool),
    send: impl FnMut(SubmitEvent) + 'static,
    buttons: AnyView,
) -> AnyView {
    let fault = Signal::derive(move || {
        draft
            .failure
            .with(|failure| failure.as_ref().and_then(|failure| at_field(failure, "reason", "Reason")))
    });
    view! {
        <form class="form" method="post" action=paths::my_approval(id) on:submit=send>
            <TextArea id="decision-reason" name="reason" label="Reason" hint=hint required=required rows=3 limit=REASON_MAX value=draft.reason error=fault/>
            {move || draft.failure.with(|failure| failure.as_ref().and_then(|failure| failed(failure, &["reason"])))}
            <div class="row">{buttons}</div>
        </form>
    }
    .into_any()
}

/// Sends once at a time.
fn run(draft: Draft, done: Callback<()>, call: impl Future<Output = Result<(), AppError>> + 'static) {
    if draft.busy.get_untracked() {
        return;
    }
    draft.busy.set(true);
    spawn_local(async move {
        let result = call.await;
        let settled = matches!(result, Ok(()) | Err(AppError::Conflict(_)));
        draft.failure.set(result.err());
        draft.busy.set(false);
        if settled {
            done.run(());
        }
    });
}

//! A request's progress as a person follows it: what has happened, what is under way, what is to come. Plain functions over the
//! read model; the events that administrators see are finer than this.

use chrono::{DateTime, SecondsFormat, Utc};
use leptos::prelude::*;

use crate::domain::approval::{ApproverItem, ApproverState, Decision, StageItem, StageState};
use crate::domain::assignment::{GrantItem, GrantState};
use crate::domain::id::RequestId;
use crate::domain::request::{OwnRequest, RequestDetail, RequestItem, RequestKind, RequestState};
use crate::domain::when::relative;
use crate::paths;
use crate::rpc::viewer_time;
use crate::ui::{Connection, TimelineStep, Tone};

/// The colour of a state.
pub fn tone(state: RequestState) -> Tone {
    use RequestState::*;
    match state {
        Submitted | PendingApproval | Scheduled | Delivering => Tone::Info,
        Delivered => Tone::Success,
        PartiallyDelivered => Tone::Warning,
        DeliveryFailed | Denied => Tone::Danger,
        Expired | Canceled => Tone::Neutral,
    }
}

/// A request's state as its person reads it: the end of access is no success to them.
pub fn status(kind: RequestKind, state: RequestState) -> (Tone, &'static str) {
    let ends = !kind.is_gain();
    match state {
        RequestState::Delivered if ends => (Tone::Neutral, "Access ended"),
        RequestState::Submitted | RequestState::Delivering if ends => (Tone::Info, "Removing"),
        state => (tone(state), state.label()),
    }
}

/// The open requests to follow: the one being read first, then the newest of the list.
pub fn to_follow(read: Option<&RequestItem>, list: &[RequestItem]) -> Vec<RequestId> {
    let mut ids = Vec::new();
    for item in read.into_iter().chain(list).filter(|item| item.state.is_open()) {
        if !ids.contains(&item.id) {
            ids.push(item.id);
        }
    }
    ids
}

/// Runs `moved` whenever one of the person's open requests has moved, until the page goes; while there are none of these, nothing is
/// followed. Tells how the connection is.
pub fn follow(ids: RwSignal<Vec<RequestId>>, moved: Callback<()>) -> Signal<Connection> {
    let url = Memo::new(move |_| ids.with(|ids| (!ids.is_empty()).then(|| paths::OWN_REQUEST_EVENTS.to_owned())));
    crate::ui::follow(url, moved)
}

/// The timeline of a request at `now`.
pub fn steps(own: &OwnRequest, now: DateTime<Utc>) -> Vec<TimelineStep> {
    use RequestState::*;
    let detail = &own.detail;
    let item = &detail.item;
    let ends = !item.kind.is_gain();
    let mut steps = vec![begun(detail)];
    let several = own.stages.len() > 1;
    steps.extend(own.stages.iter().map(|stage| decided(stage, several)));
    match item.state {
        PendingApproval if own.stages.is_empty() => steps.push(ahead(item.state.label(), "")),
        PendingApproval => {}
        Scheduled => {
            let start = detail
                .asked_from
                .map(|at| format!("Access begins {}", viewer_time::exact_in_zone(at)));
            steps.push(ahead(item.state.label(), &start.unwrap_or_default()));
        }
        Denied | Expired | Canceled => {
            let why = detail.events.last().map(|event| event.detail.clone()).unwrap_or_default();
            steps.push(done(tone(item.state), item.state.label(), why, item.completed_at));
        }
        Submitted | Delivering => {
            steps.push(ahead(if ends { "Removing" } else { "Delivering" }, &grants(&detail.grants, ends)));
            steps.push(ahead(if ends { "Access ended" } else { "Delivered" }, ""));
        }
        Delivered | PartiallyDelivered | DeliveryFailed => {
            let (under_way, over) = match (ends, item.state) {
                (false, _) => ("Delivering", item.state.label()),
                (true, Delivered) => ("Removing", "Access ended"),
                (true, _) => ("Removing", item.state.label()),
            };
            steps.push(done(Tone::Success, under_way, grants(&detail.grants, ends), None));
            steps.push(done(tone(item.state), over, item.status.clone(), item.completed_at));
        }
    }
    if !ends && matches!(item.state, Delivered | PartiallyDelivered) {
        steps.push(end(detail.ends_at, now));
    }
    steps
}

/// An approval stage: who is asked by when, or who decided, with the reasons (F102).
fn decided(stage: &StageItem, several: bool) -> TimelineStep {
    let (tone, title) = match stage.state {
        StageState::Waiting => (Tone::Info, "Pending approval"),
        StageState::Approved => (Tone::Success, "Approved"),
        StageState::Denied => (Tone::Danger, "Denied"),
        StageState::Expired => (Tone::Neutral, "Nobody decided in time"),
        StageState::Skipped => (Tone::Neutral, "Approval not needed"),
        StageState::Canceled => (Tone::Neutral, "Approval no longer needed"),
    };
    let title = if several {
        format!("{title}, stage {}", stage.stage)
    } else {
        title.to_owned()
    };
    let mut lines = Vec::new();
    for person in stage.approvers.iter().filter(|person| person.decision.is_some()) {
        let verb = match person.decision {
            Some(Decision::Deny) => "Denied by",
            _ => "Approved by",
        };
        let reason = if person.reason.is_empty() {
            String::new()
        } else {
            format!(": {}", person.reason)
        };
        lines.push(format!("{verb} {}{reason}", person.user.name));
    }
    if stage.state == StageState::Waiting {
        let open: Vec<String> = stage
            .approvers
            .iter()
            .filter(|person| person.state == ApproverState::Open)
            .map(asked)
            .collect();
        if !open.is_empty() {
            lines.push(format!("Asked: {}", open.join(", ")));
        }
        lines.push(format!("To be decided by {}", viewer_time::exact_in_zone(stage.due_at)));
    }
    TimelineStep {
        pending: stage.state == StageState::Waiting,
        ..done(tone, &title, lines.join("\n"), stage.decided_at)
    }
}

fn asked(person: &ApproverItem) -> String {
    if person.mail.is_empty() {
        person.user.name.clone()
    } else {
        format!("{} ({})", person.user.name, person.mail)
    }
}

fn begun(detail: &RequestDetail) -> TimelineStep {
    let by = || ["By ", &detail.requestor.name].concat();
    let (title, text) = match detail.item.kind {
        RequestKind::UserAdd | RequestKind::UserUpdate => ("Submitted", String::new()),
        RequestKind::UserExtend => ("Extension requested", String::new()),
        RequestKind::AdminAdd | RequestKind::AdminUpdate | RequestKind::OnBehalfAdd => ("Submitted", by()),
        RequestKind::SystemAdd | RequestKind::SystemUpdate => ("Submitted", "By a rule".to_owned()),
        RequestKind::AdminRemove => ("Removal requested", by()),
        RequestKind::UserRemove => ("Removal requested", String::new()),
        RequestKind::SystemRemove => ("End date reached", String::new()),
    };
    done(Tone::Success, title, text, Some(detail.item.submitted_at))
}

/// The last step of access that was given: its end, to come or past.
fn end(at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> TimelineStep {
    match at {
        None => done(Tone::Neutral, "No end date", String::new(), None),
        Some(at) => TimelineStep {
            time: relative(at, now),
            pending: at > now,
            ..done(
                Tone::Neutral,
                &[if at > now { "Until " } else { "Ended " }, &viewer_time::exact_in_zone(at)].concat(),
                String::new(),
                Some(at),
            )
        },
    }
}

/// One line a resource role: `Marketing resources: added`.
fn grants(grants: &[GrantItem], ends: bool) -> String {
    let mut lines = String::new();
    for grant in grants {
        if !lines.is_empty() {
            lines.push('\n');
        }
        lines.push_str(&grant.object);
        lines.push_str(match (grant.state, ends) {
            (GrantState::Pending, false) => ": on its way",
            (GrantState::Granted, false) => ": added",
            (GrantState::Failed, false) => ": could not be added",
            (GrantState::Revoked, _) => ": removed",
            (GrantState::Pending | GrantState::Granted, true) => ": being removed",
            (GrantState::Failed, true) => ": could not be removed",
        });
        if !grant.error.is_empty() {
            lines.push_str(". ");
            lines.push_str(&grant.error);
        }
    }
    lines
}

fn done(tone: Tone, title: &str, text: String, at: Option<DateTime<Utc>>) -> TimelineStep {
    TimelineStep {
        tone,
        title: title.to_owned(),
        text,
        time: at.map(viewer_time::exact).unwrap_or_default(),
        datetime: at.map(iso).unwrap_or_default(),
        pending: false,
    }
}

fn ahead(title: &str, text: &str) -> TimelineStep {
    TimelineStep {
        pending: true,
        ..done(Tone::Info, title, text.to_owned(), None)
    }
}

/// An instant for machines.
pub fn iso(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::{Named, PackageId, PolicyId, UserId};
    use crate::domain::refusal::Permission;
    use crate::domain::request::RequestEvent;
    use crate::domain::user::AccountState;
    use uuid::Uuid;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    fn item(number: u128, state: RequestState) -> RequestItem {
        RequestItem {
            id: RequestId(Uuid::from_u128(number)),
            target: Named::new(UserId(Uuid::nil()), "Requestor1"),
            target_user_name: "requestor1".into(),
            target_state: AccountState::Active,
            package: Named::new(PackageId(Uuid::nil()), "Marketing Campaign"),
            policy: Named::new(PolicyId(Uuid::nil()), "Initial Policy"),
            kind: RequestKind::UserAdd,
            state,
            submitted_at: at("2026-11-23T10:00:00Z"),
            completed_at: None,
            status: String::new(),
            retry: Permission::Allowed,
            remove: Permission::Allowed,
        }
    }

    fn detail(item: RequestItem, grant: GrantState) -> RequestDetail {
        RequestDetail {
            requestor: item.target.clone(),
            item,
            justification: "I am working on the new marketing campaign".into(),
            answers: Vec::new(),
            asked_from: None,
            asked_until: None,
            cancel: Permission::Allowed,
            conflict: None,
            assignment: None,
            starts_at: None,
            ends_at: Some(at("2026-12-23T10:00:00Z")),
            grants: vec![GrantItem {
                object: "Marketing resources".into(),
                role: "Member".into(),
                state: grant,
                error: String::new(),
                granted_at: None,
                revoked_at: None,
            }],
            stages: Vec::new(),
            events: Vec::new(),
        }
    }

    fn own(detail: RequestDetail) -> OwnRequest {
        OwnRequest {
            detail,
            stages: Vec::new(),
            cancel: Permission::Allowed,
            resubmit: Permission::Allowed,
            remind: Permission::Allowed,
        }
    }

    #[test]
    fn f095_f102_a_stage_tells_who_is_asked_by_when_and_who_decided_why() {
        let person = |name: &str, decision, reason: &str| ApproverItem {
            user: Named::new(UserId(Uuid::nil()), name),
            mail: String::new(),
            role: crate::domain::approval::ApproverRole::Primary,
            origin: None,
            state: if decision == Some(Decision::Approve) {
                ApproverState::Settled
            } else {
                ApproverState::Open
            },
            decision,
            reason: reason.into(),
            decided_at: None,
        };
        let stage = |number, state, approvers| StageItem {
            stage: number,
            state,
            needed: 1,
            started_at: at("2026-11-23T10:00:00Z"),
            due_at: at("2026-12-07T10:00:00Z"),
            forwarded_at: None,
            decided_at: None,
            approvers,
        };
        let mut asked = own(detail(item(1, RequestState::PendingApproval), GrantState::Pending));
        asked.stages = vec![
            stage(1, StageState::Approved, vec![person("Ada", Some(Decision::Approve), "Fine")]),
            stage(2, StageState::Waiting, vec![person("Bo", None, ""), person("Cy", None, "")]),
        ];
        let told: Vec<_> = steps(&asked, at("2026-11-24T10:00:00Z"))
            .into_iter()
            .map(|step| (step.title, step.text))
            .collect();
        assert_eq!(told[1], ("Approved, stage 1".to_owned(), "Approved by Ada: Fine".to_owned()));
        let waits = "Asked: Bo, Cy\nTo be decided by 7 December 2026, 10:00 (UTC)";
        assert_eq!(told[2], ("Pending approval, stage 2".to_owned(), waits.to_owned()));
        assert_eq!(told.len(), 3);
    }

    fn message(detail: &RequestDetail, now: &str) -> Vec<String> {
        let steps = steps(&own(detail.clone()), at(now));
        steps
            .into_iter()
            .map(|step| [if step.pending { "- " } else { "+ " }, &step.title, "|", &step.text].concat())
            .collect()
    }

    #[test]
    fn f033_a_request_goes_from_submitted_to_its_end_date() {
        let now = "2026-11-23T10:00:01Z";
        let new = detail(item(1, RequestState::Submitted), GrantState::Pending);
        assert_eq!(
            message(&new, now),
            ["+ Submitted|", "- Delivering|Marketing resources: on its way", "- Delivered|"]
        );
        let delivered = detail(item(1, RequestState::Delivered), GrantState::Granted);
        assert_eq!(
            message(&delivered, now),
            [
                "+ Submitted|",
                "+ Delivering|Marketing resources: added",
                "+ Delivered|",
                "- Until 23 December 2026, 10:00 (UTC)|"
            ]
        );
        let steps = message(&delivered, "2027-01-01T00:00:00Z");
        assert_eq!(steps.last().map(String::as_str), Some("+ Ended 23 December 2026, 10:00 (UTC)|"));
    }

    #[test]
    fn f038_a_removal_is_told_as_one() {
        let mut removal = detail(item(1, RequestState::Delivered), GrantState::Revoked);
        removal.item.kind = RequestKind::AdminRemove;
        removal.requestor.name = "Admin1".into();
        assert_eq!(
            message(&removal, "2026-11-24T10:00:00Z"),
            [
                "+ Removal requested|By Admin1",
                "+ Removing|Marketing resources: removed",
                "+ Access ended|"
            ]
        );
    }

    #[test]
    fn a_failure_says_what_could_not_be_done() {
        let mut failed = detail(item(1, RequestState::DeliveryFailed), GrantState::Failed);
        failed.grants[0].error = "The group was deleted.".into();
        assert_eq!(
            message(&failed, "2026-11-23T10:00:01Z"),
            [
                "+ Submitted|",
                "+ Delivering|Marketing resources: could not be added. The group was deleted.",
                "+ Delivery failed|"
            ]
        );
    }

    #[test]
    fn a_request_that_was_canceled_says_why() {
        let mut told = detail(item(1, RequestState::Canceled), GrantState::Pending);
        told.events = [("Submitted", ""), ("Canceled", "The person has this package already")]
            .map(|(title, detail)| RequestEvent {
                at: at("2026-11-23T10:00:00Z"),
                title: title.into(),
                detail: detail.into(),
            })
            .into();
        let steps = steps(&own(told), at("2026-11-24T10:00:00Z"));
        assert_eq!(steps.last().expect("a step").title, "Canceled");
        assert_eq!(steps.last().expect("a step").text, "The person has this package already");
    }

    #[test]
    fn open_requests_are_followed_the_one_being_read_first() {
        let mut list: Vec<RequestItem> = (1..=4).map(|number| item(number, RequestState::Submitted)).collect();
        list[1].state = RequestState::Delivered;
        let ids = to_follow(Some(&list[3]), &list);
        assert_eq!(ids, [list[3].id, list[0].id, list[2].id]);
        assert!(to_follow(Some(&item(9, RequestState::Delivered)), &[]).is_empty());
    }
}

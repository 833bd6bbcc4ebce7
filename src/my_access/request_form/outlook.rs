//! "Would this work?" in words: the policy that applies, who decides by when, the end date, or the rule that refuses and the way out.

use leptos::prelude::*;

use crate::domain::approval::DecisionMode;
use crate::domain::expiration::Expiration;
use crate::domain::id::{Named, UserId};
use crate::domain::request::{Assessment, StageForecast};
use crate::rpc::viewer_time;
use crate::ui::*;

/// What would become of the request as it stands.
pub fn view(outlook: &Assessment) -> AnyView {
    let (tone, title) = verdict(outlook);
    let lines: Vec<AnyView> = lines(outlook)
        .into_iter()
        .map(|line| view! { <li>{line}</li> }.into_any())
        .collect();
    view! { <MessageBar tone=tone title=title><ul class="outlook">{lines}</ul></MessageBar> }.into_any()
}

fn verdict(outlook: &Assessment) -> (Tone, String) {
    if let Some(refusal) = outlook.request.refusal() {
        return (Tone::Warning, refusal.reason.clone());
    }
    let stuck = outlook.stages.iter().any(|stage| stage.deadlocked);
    if stuck {
        return (
            Tone::Warning,
            "No: nobody could decide on this request. Ask an administrator to name other approvers.".to_owned(),
        );
    }
    match (outlook.works(), outlook.stages.is_empty()) {
        (false, _) => (Tone::Warning, "Not yet: something in the form is missing or wrong.".to_owned()),
        (true, true) => (Tone::Success, "Yes. You get access without anybody's approval.".to_owned()),
        (true, false) => (Tone::Success, "Yes, if it is approved.".to_owned()),
    }
}

fn lines(outlook: &Assessment) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(policy) = &outlook.policy {
        lines.push(format!("Policy: {}", policy.name));
    }
    let several = outlook.stages.len() > 1;
    lines.extend(outlook.stages.iter().map(|stage| decided(stage, several)));
    if outlook.policy.is_some() {
        lines.push(lasts(outlook));
    }
    lines
}

/// Who decides in a stage, by when.
fn decided(stage: &StageForecast, several: bool) -> String {
    let who = match &stage.approvers {
        Some(people) => asked(stage.mode, people),
        None => "An approver decides".to_owned(),
    };
    let stage_name = if several {
        format!("Stage {}: ", stage.number)
    } else {
        String::new()
    };
    format!("{stage_name}{who}, by {}", viewer_time::exact(stage.decided_by))
}

/// How many people are named before the rest is counted.
const NAMED: usize = 5;

fn asked(mode: DecisionMode, people: &[Named<UserId>]) -> String {
    let more = people.len().saturating_sub(NAMED);
    let mut names: Vec<&str> = people.iter().take(NAMED).map(|person| person.name.as_str()).collect();
    let counted = format!("{more} more");
    if more > 0 {
        names.push(&counted);
    }
    let names = match names.split_last() {
        None => return "Nobody could decide".to_owned(),
        Some((only, [])) => return format!("{only} decides"),
        Some((last, others)) => (others.join(", "), (*last).to_owned()),
    };
    match mode {
        DecisionMode::AnyOne => format!("{} or {} decides", names.0, names.1),
        DecisionMode::AllOf => format!("{} and {} decide, all of them", names.0, names.1),
        DecisionMode::AtLeast(number) => format!("{} and {} decide, at least {number} of them", names.0, names.1),
    }
}

/// How long access would last.
fn lasts(outlook: &Assessment) -> String {
    let at_once = outlook.stages.is_empty();
    match (outlook.ends_at, outlook.expires) {
        (None, _) => "Access would have no end date.".to_owned(),
        (Some(_), Some(Expiration::Days(days))) if !at_once => format!("Access would last at most {days} days from the day it is given."),
        (Some(_), Some(Expiration::Hours(hours))) if !at_once => format!("Access would last at most {hours} hours from when it is given."),
        (Some(end), _) => format!("Access would last until {}.", viewer_time::exact_in_zone(end)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_decides_is_said_in_a_sentence() {
        let people =
            |names: &[&str]| -> Vec<Named<UserId>> { names.iter().map(|name| Named::new(UserId(uuid::Uuid::nil()), *name)).collect() };
        assert_eq!(asked(DecisionMode::AnyOne, &people(&["Ada"])), "Ada decides");
        assert_eq!(asked(DecisionMode::AnyOne, &people(&["Ada", "Bo", "Cy"])), "Ada, Bo or Cy decides");
        assert_eq!(
            asked(DecisionMode::AllOf, &people(&["Ada", "Bo"])),
            "Ada and Bo decide, all of them"
        );
        let many = people(&["A", "B", "C", "D", "E", "F", "G"]);
        assert_eq!(
            asked(DecisionMode::AtLeast(2), &many),
            "A, B, C, D, E and 2 more decide, at least 2 of them"
        );
        assert_eq!(asked(DecisionMode::AnyOne, &[]), "Nobody could decide");
    }
}

//! Approval settings and their stages, both ways. What a stage says beyond the API (how many must agree, its conditions) stays as it was.

use serde_json::{Value, json};

use crate::domain::approval::{ApprovalTerms, ApproverDetails, DAYS_TO_DECIDE_MAX, DecisionMode, ForwardingTerms, StageTerms};
use crate::domain::policy::PolicyTerms;
use crate::domain::subject::SubjectSet;

use super::super::body::{Node, Period, Reading};
use super::subjects::{self, Names, Place};
use super::terms::How;

const DETAILS: &[(&str, ApproverDetails)] = &[
    ("default", ApproverDetails::Tenant),
    ("visible", ApproverDetails::Shown),
    ("notVisible", ApproverDetails::Hidden),
];

/// Reads `requestApprovalSettings` into the terms.
pub fn read(read: &mut Reading, node: &Node<'_>, base: &PolicyTerms, how: How, terms: &mut PolicyTerms) {
    if let Some(flag) = how.flag(read, node, "isApprovalRequiredForAdd") {
        terms.approval.required_for_add = flag;
    }
    if let Some(flag) = how.flag(read, node, "isRequestorJustificationRequired") {
        terms.requestor.justification_required = flag;
    }
    if let Some(flag) = how.flag(read, node, "isApprovalRequiredForUpdate") {
        terms.approval.required_for_update = flag;
    }
    if let Some(nodes) = read.list(node, "stages") {
        read_stages(read, node, &nodes, &base.approval, &mut terms.approval);
    }
}

fn read_stages(read: &mut Reading, node: &Node<'_>, nodes: &[Node<'_>], base: &ApprovalTerms, terms: &mut ApprovalTerms) {
    let before = &base.stages;
    if !nodes.is_empty() && nodes.len() != before.len() && before.iter().any(says_more) {
        read.fault(
            node.path("stages"),
            "A stage of this policy says more than this API can: how many must agree, or under which conditions it counts. Send as many \
             stages as there are, or change them on the policy's page.",
        );
        return;
    }
    let nothing = StageTerms::default();
    let same_count = nodes.len() == before.len();
    let mut details = Vec::new();
    terms.stages = nodes
        .iter()
        .enumerate()
        .map(|(at, node)| {
            details.extend(read.word(node, "approverInformationVisibility", DETAILS));
            let before = before.get(at).filter(|_| same_count).unwrap_or(&nothing);
            read_stage(read, node, before)
        })
        .collect();
    if let Some(first) = details.first() {
        terms.approver_details = *first;
        if details.iter().any(|other| other != first) {
            read.fault(
                node.path("stages"),
                "approverInformationVisibility holds for a policy as a whole: send the same at each stage.",
            );
        }
    }
}

/// Whether a stage says what the API has no words for.
fn says_more(stage: &StageTerms) -> bool {
    stage.mode != DecisionMode::AnyOne || !stage.condition.trim().is_empty() || !stage.conditions.is_empty()
}

fn read_stage(read: &mut Reading, node: &Node<'_>, before: &StageTerms) -> StageTerms {
    let sets =
        |read: &mut Reading, name: &str, place, kept: &[SubjectSet]| subjects::read(read, node, name, place, kept).unwrap_or_default();
    let approvers = sets(read, "primaryApprovers", Place::Approver, &before.approvers);
    let fallbacks = sets(read, "fallbackPrimaryApprovers", Place::Fallback, &before.fallbacks);
    let none = ForwardingTerms::default();
    let forwarding = before.forwarding.as_ref().unwrap_or(&none);
    let alternates = sets(read, "escalationApprovers", Place::Approver, &forwarding.alternates);
    let stand_ins = sets(read, "fallbackEscalationApprovers", Place::Fallback, &forwarding.fallbacks);
    let escalates = read.flag(node, "isEscalationEnabled").unwrap_or(false);
    let names_others = !alternates.is_empty() || !stand_ins.is_empty();
    if names_others && !escalates {
        read.fault(
            node.path("escalationApprovers"),
            "Nobody is asked as well while isEscalationEnabled is false. Send true, or no escalation approvers.",
        );
    }
    let after_days = if escalates {
        days(read, node, "durationBeforeEscalation")
    } else {
        None
    };
    StageTerms {
        approvers,
        fallbacks,
        days_to_decide: days(read, node, "durationBeforeAutomaticDenial").unwrap_or(DAYS_TO_DECIDE_MAX),
        justification_required: read.flag(node, "isApproverJustificationRequired").unwrap_or(false),
        forwarding: escalates.then(|| ForwardingTerms {
            after_days: after_days.unwrap_or(none.after_days),
            alternates,
            fallbacks: stand_ins,
        }),
        ..before.clone()
    }
}

/// A length of time in whole days.
pub fn days(read: &mut Reading, node: &Node<'_>, name: &str) -> Option<i64> {
    let days = read.period(node, name)?.whole_days();
    if days.is_none() {
        read.fault(node.path(name), "Send whole days, such as P14D.");
    }
    days
}

/// `requestApprovalSettings` of these terms.
pub fn write(terms: &PolicyTerms, names: &Names<'_>) -> Value {
    let stages = terms.approval.stages.iter();
    json!({
        "isApprovalRequiredForAdd": terms.approval.required_for_add,
        "isApprovalRequiredForUpdate": terms.approval.required_for_update,
        "isRequestorJustificationRequired": terms.requestor.justification_required,
        "stages": stages.map(|stage| stage_json(stage, terms.approval.approver_details, names)).collect::<Vec<_>>(),
    })
}

fn stage_json(stage: &StageTerms, details: ApproverDetails, names: &Names<'_>) -> Value {
    let forwarding = stage.forwarding.as_ref();
    let sets = |sets: Option<&Vec<SubjectSet>>| subjects::write(sets.map_or(&[], Vec::as_slice), names);
    let visibility = DETAILS.iter().find(|(_, value)| *value == details).map(|(word, _)| *word);
    json!({
        "durationBeforeAutomaticDenial": Period::days(stage.days_to_decide).iso(),
        "isApproverJustificationRequired": stage.justification_required,
        "isEscalationEnabled": forwarding.is_some(),
        "durationBeforeEscalation": Period::days(forwarding.map_or(0, |terms| terms.after_days)).iso(),
        "primaryApprovers": subjects::write(&stage.approvers, names),
        "fallbackPrimaryApprovers": subjects::write(&stage.fallbacks, names),
        "escalationApprovers": sets(forwarding.map(|terms| &terms.alternates)),
        "fallbackEscalationApprovers": sets(forwarding.map(|terms| &terms.fallbacks)),
        "approverInformationVisibility": visibility,
    })
}

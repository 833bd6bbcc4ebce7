//! The properties of the API at which faults of a policy's terms are told.

/// A fault's path in the terms, `*` for a number, and the property that it stands for.
const PROPERTIES: &[(&str, &str)] = &[
    ("name", "displayName"),
    ("subjects", "specificAllowedTargets"),
    ("requestor.on_behalf", "requestorSettings.onBehalfRequestors"),
    ("approval.stages", "requestApprovalSettings.stages"),
    ("approval.stages.*.approvers", "requestApprovalSettings.stages[*].primaryApprovers"),
    (
        "approval.stages.*.fallbacks",
        "requestApprovalSettings.stages[*].fallbackPrimaryApprovers",
    ),
    (
        "approval.stages.*.days_to_decide",
        "requestApprovalSettings.stages[*].durationBeforeAutomaticDenial",
    ),
    (
        "approval.stages.*.forwarding.after_days",
        "requestApprovalSettings.stages[*].durationBeforeEscalation",
    ),
    (
        "approval.stages.*.forwarding.alternates",
        "requestApprovalSettings.stages[*].escalationApprovers",
    ),
    (
        "approval.stages.*.forwarding.fallbacks",
        "requestApprovalSettings.stages[*].fallbackEscalationApprovers",
    ),
    ("approval.stages.*.mode", "requestApprovalSettings.stages[*]"),
    ("approval.stages.*.condition", "requestApprovalSettings.stages[*]"),
    ("approval.stages.*.conditions.*", "requestApprovalSettings.stages[*]"),
    ("questions.*.id", "questions[*].id"),
    ("questions.*.text", "questions[*].text"),
    ("questions.*.pattern", "questions[*].regexPattern"),
    ("questions.*.choices", "questions[*].choices"),
    ("questions.*.choices.*.value", "questions[*].choices[*].actualValue"),
    ("questions.*.choices.*.label", "questions[*].choices[*].text"),
    (
        "questions.*.choices.*.localized.*.text",
        "questions[*].choices[*].localizations[*].text",
    ),
    (
        "questions.*.choices.*.localized.*.language",
        "questions[*].choices[*].localizations[*].languageCode",
    ),
    ("questions.*.localized.*.text", "questions[*].localizations[*].text"),
    ("questions.*.localized.*.language", "questions[*].localizations[*].languageCode"),
    ("lifecycle.days", "expiration.duration"),
    ("lifecycle.hours", "expiration.duration"),
    ("lifecycle.date", "expiration.endDateTime"),
    ("lifecycle.extension_allowed", "requestorSettings.enableTargetsToSelfUpdateAccess"),
    (
        "lifecycle.extension_approval",
        "requestApprovalSettings.isApprovalRequiredForUpdate",
    ),
    ("review.starts_at", "reviewSettings.schedule.startDateTime"),
    ("review.duration_days", "reviewSettings.schedule.expiration.duration"),
    ("review.reviewers", "reviewSettings.primaryReviewers"),
    ("review.fallbacks", "reviewSettings.fallbackReviewers"),
];

/// The property at which a fault of the terms is told; a path that is not of the terms is told as it is.
pub fn property(path: &str) -> String {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let pattern: Vec<&str> = path.split('.').map(|part| if is_number(part) { "*" } else { part }).collect();
    let pattern = pattern.join(".");
    let Some((_, property)) = PROPERTIES.iter().find(|(known, _)| *known == pattern) else {
        return path.to_owned();
    };
    let mut numbers = path.split('.').filter(|part| is_number(part));
    let pieces = property.split('*').enumerate();
    pieces
        .map(|(at, piece)| match at {
            0 => piece.to_owned(),
            _ => format!("{}{piece}", numbers.next().unwrap_or("0")),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f173_faults_of_terms_are_told_at_the_property_that_was_sent() {
        assert_eq!(
            property("approval.stages.2.forwarding.after_days"),
            "requestApprovalSettings.stages[2].durationBeforeEscalation"
        );
        assert_eq!(
            property("questions.1.choices.3.localized.0.language"),
            "questions[1].choices[3].localizations[0].languageCode"
        );
        assert_eq!(property("description"), "description");
    }
}

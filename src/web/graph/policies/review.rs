//! Review settings, both ways. Reviews come round at four intervals; any other recurrence is refused.

use chrono::Datelike;
use serde_json::{Value, json};

use crate::domain::odata::scalar::write_instant;
use crate::domain::review::{ReviewRecurrence, ReviewTerms, Reviewers, Unanswered};
use crate::domain::subject::SubjectSet;

use super::super::body::{Node, Period, Reading};
use super::approval::days;
use super::subjects::{self, Names, Place};
use super::terms::How;

const UNANSWERED: &[(&str, Unanswered)] = &[
    ("keepAccess", Unanswered::Keep),
    ("removeAccess", Unanswered::Remove),
    ("acceptAccessRecommendation", Unanswered::TakeRecommendation),
];

/// What a policy says of reviews that is sent whole and leaves everything out.
pub fn nothing() -> ReviewTerms {
    ReviewTerms {
        helpers: false,
        justification_required: false,
        ..ReviewTerms::default()
    }
}

/// Reads `reviewSettings` into the terms.
pub fn read(read: &mut Reading, node: &Node<'_>, base: &ReviewTerms, how: How, terms: &mut ReviewTerms) {
    if how == How::Whole {
        *terms = nothing();
    }
    if let Some(flag) = read.flag(node, "isEnabled") {
        terms.enabled = flag;
    }
    if let Some(word) = read.word(node, "expirationBehavior", UNANSWERED) {
        terms.unanswered = word;
    }
    if let Some(flag) = read.flag(node, "isRecommendationEnabled") {
        terms.helpers = flag;
    }
    if let Some(flag) = read.flag(node, "isReviewerJustificationRequired") {
        terms.justification_required = flag;
    }
    read_reviewers(read, node, base, how, terms);
    if let Some(sets) = subjects::read(read, node, "fallbackReviewers", Place::Fallback, &base.fallbacks) {
        terms.fallbacks = sets;
    }
    match read.object(node, "schedule") {
        Some(schedule) => read_schedule(read, &schedule, terms),
        None if terms.enabled && how == How::Whole => read.fault(node.path("schedule"), "Send when reviews begin, and how often."),
        None => {}
    }
}

fn read_reviewers(read: &mut Reading, node: &Node<'_>, base: &ReviewTerms, how: How, terms: &mut ReviewTerms) {
    let kept = match &base.reviewers {
        Reviewers::Specific(sets) => sets.as_slice(),
        _ => &[],
    };
    let sets = subjects::read(read, node, "primaryReviewers", Place::Reviewer, kept);
    let oneself = read.flag(node, "isSelfReview");
    if sets.is_none() && oneself.is_none() && how == How::Part {
        return;
    }
    let sets = sets.unwrap_or_default();
    let by_manager = sets == [SubjectSet::RequestorManager(1)] && base.reviewers != Reviewers::Specific(sets.clone());
    terms.reviewers = match oneself {
        Some(true) if !sets.is_empty() => {
            read.fault(
                node.path("primaryReviewers"),
                "People review their own access while isSelfReview is true. Send false, or no reviewers.",
            );
            Reviewers::Oneself
        }
        Some(true) => Reviewers::Oneself,
        None if sets.is_empty() => Reviewers::Oneself,
        _ if by_manager => Reviewers::Manager,
        _ => Reviewers::Specific(sets),
    };
}

fn read_schedule(read: &mut Reading, node: &Node<'_>, terms: &mut ReviewTerms) {
    if let Some(at) = read.instant(node, "startDateTime") {
        terms.starts_at = Some(at);
    }
    if let Some(expiration) = read.object(node, "expiration")
        && let Some(number) = days(read, &expiration, "duration")
    {
        terms.duration_days = number;
    }
    if let Some(recurrence) = read.object(node, "recurrence") {
        read_recurrence(read, &recurrence, terms);
    } else if terms.enabled {
        read.fault(node.path("recurrence"), "Send how often reviews come round.");
    }
}

fn read_recurrence(read: &mut Reading, node: &Node<'_>, terms: &mut ReviewTerms) {
    if let Some(pattern) = read.object(node, "pattern") {
        let interval = read.number(&pattern, "interval").unwrap_or(1);
        let kind = read.text(&pattern, "type").unwrap_or_default().to_ascii_lowercase();
        match (kind.as_str(), interval) {
            ("absolutemonthly", 1) => terms.recurrence = ReviewRecurrence::Monthly,
            ("absolutemonthly", 3) => terms.recurrence = ReviewRecurrence::Quarterly,
            ("absolutemonthly", 6) => terms.recurrence = ReviewRecurrence::HalfYearly,
            ("absolutemonthly", 12) | ("absoluteyearly", 1) => terms.recurrence = ReviewRecurrence::Annually,
            _ => read.fault(
                pattern.path("interval"),
                "Reviews come round by absoluteMonthly with an interval of 1, 3, 6 or 12.",
            ),
        }
        let day = read.number(&pattern, "dayOfMonth").unwrap_or(0);
        if day != 0 && terms.starts_at.is_some_and(|at| i64::from(at.day()) != day) {
            read.fault(
                pattern.path("dayOfMonth"),
                "Reviews begin on the day of startDateTime. Send that day, or 0.",
            );
        }
    }
    if let Some(range) = read.object(node, "range")
        && let Some(kind) = read.text(&range, "type")
        && !kind.eq_ignore_ascii_case("noEnd")
    {
        read.fault(range.path("type"), "Reviews go on until the policy is changed: send noEnd.");
    }
}

/// `reviewSettings` of these terms; null where the policy says nothing of reviews.
pub fn write(terms: &ReviewTerms, names: &Names<'_>) -> Value {
    if *terms == ReviewTerms::default() {
        return Value::Null;
    }
    let reviewers = match &terms.reviewers {
        Reviewers::Oneself => Vec::new(),
        Reviewers::Manager => vec![SubjectSet::RequestorManager(1)],
        Reviewers::Specific(sets) => sets.clone(),
    };
    let unanswered = UNANSWERED
        .iter()
        .find(|(_, value)| *value == terms.unanswered)
        .map(|(word, _)| *word);
    json!({
        "isEnabled": terms.enabled,
        "expirationBehavior": unanswered,
        "isRecommendationEnabled": terms.helpers,
        "isReviewerJustificationRequired": terms.justification_required,
        "isSelfReview": terms.reviewers == Reviewers::Oneself,
        "primaryReviewers": subjects::write(&reviewers, names),
        "fallbackReviewers": subjects::write(&terms.fallbacks, names),
        "schedule": schedule(terms),
    })
}

fn schedule(terms: &ReviewTerms) -> Value {
    let interval = match terms.recurrence {
        ReviewRecurrence::Monthly => 1,
        ReviewRecurrence::Quarterly => 3,
        ReviewRecurrence::HalfYearly => 6,
        ReviewRecurrence::Annually => 12,
    };
    json!({
        "startDateTime": terms.starts_at.map(write_instant),
        "expiration": {"type": "afterDuration", "duration": Period::days(terms.duration_days).iso(), "endDateTime": null},
        "recurrence": {
            "pattern": {
                "type": "absoluteMonthly", "interval": interval, "month": 0, "dayOfMonth": 0, "daysOfWeek": [],
                "firstDayOfWeek": "sunday", "index": "first",
            },
            "range": {
                "type": "noEnd", "numberOfOccurrences": 0, "recurrenceTimeZone": null, "endDate": null,
                "startDate": terms.starts_at.map(|at| at.format("%Y-%m-%d").to_string()),
            },
        },
    })
}

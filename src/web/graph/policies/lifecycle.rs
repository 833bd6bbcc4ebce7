//! When access begins and ends, both ways: the expiration of a policy, and the schedule of a request or an assignment.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::domain::expiration::Expiration;
use crate::domain::odata::scalar::write_instant;
use crate::domain::policy::{LifecycleTerms, PolicyTerms};

use super::super::body::{Node, Period, Reading};

#[derive(Clone, Copy)]
enum Kind {
    Never,
    OnDate,
    After,
}

const KINDS: &[(&str, Kind)] = &[
    ("noExpiration", Kind::Never),
    ("notSpecified", Kind::Never),
    ("afterDateTime", Kind::OnDate),
    ("afterDuration", Kind::After),
];

/// The lifecycle of a policy that says nothing of one.
pub fn plainest(terms: &mut LifecycleTerms) {
    *terms = LifecycleTerms {
        expires: Expiration::Never,
        custom_schedule: false,
        extension_allowed: false,
        extension_approval: false,
    };
}

/// Whether people may ask for more time.
pub fn extends(terms: &PolicyTerms) -> bool {
    terms.requestor.self_update && terms.lifecycle.extension_allowed
}

/// Lets people ask for more time, or not. What the two halves of this say apart stays where the whole stays.
pub fn set_extension(flag: bool, base: &PolicyTerms, terms: &mut PolicyTerms) {
    let halves = if flag == extends(base) {
        (base.requestor.self_update, base.lifecycle.extension_allowed)
    } else if flag {
        (true, true)
    } else {
        (base.requestor.self_update, false)
    };
    (terms.requestor.self_update, terms.lifecycle.extension_allowed) = halves;
}

/// Whether more time needs a decision: where updates do, unless nothing of this changes.
pub fn settle_extension(base: &PolicyTerms, terms: &mut PolicyTerms) {
    let asked = |terms: &PolicyTerms| (terms.approval.required_for_update, terms.lifecycle.extension_allowed);
    terms.lifecycle.extension_approval = match asked(terms) {
        same if same == asked(base) => base.lifecycle.extension_approval,
        (decided, allowed) => decided && allowed,
    };
}

/// Reads an expiration pattern into the terms. Where the type is left out, what is sent tells it.
pub fn read_expiration(read: &mut Reading, node: &Node<'_>, terms: &mut LifecycleTerms) {
    let by_content = || match (node.says("endDateTime"), node.says("duration")) {
        (true, _) => Kind::OnDate,
        (false, true) => Kind::After,
        (false, false) => Kind::Never,
    };
    let kind = read.word(node, "type", KINDS).unwrap_or_else(by_content);
    match kind {
        Kind::Never => terms.expires = Expiration::Never,
        Kind::OnDate => match read.instant(node, "endDateTime") {
            Some(at) => terms.expires = Expiration::OnDate(at),
            None if !node.says("endDateTime") => read.fault(node.path("endDateTime"), "Send when access ends."),
            None => {}
        },
        Kind::After => match read.period(node, "duration") {
            Some(period) => read_length(read, node, period, terms),
            None if !node.says("duration") => read.fault(node.path("duration"), "Send how long access lasts, such as P30D."),
            None => {}
        },
    }
}

fn read_length(read: &mut Reading, node: &Node<'_>, period: Period, terms: &mut LifecycleTerms) {
    match period.whole_hours() {
        Some(_) if period.is_days() => terms.expires = Expiration::Days(period.days),
        Some(hours) => terms.expires = Expiration::Hours(hours),
        None => read.fault(
            node.path("duration"),
            "Access lasts whole hours or days: send PT8H or P30D, for example.",
        ),
    }
}

/// An expiration pattern.
pub fn expiration_json(expires: Expiration) -> Value {
    let (kind, end, duration) = match expires {
        Expiration::Never => ("noExpiration", None, None),
        Expiration::OnDate(at) => ("afterDateTime", Some(write_instant(at)), None),
        Expiration::Days(days) => ("afterDuration", None, Some(Period::days(days).iso())),
        Expiration::Hours(hours) => ("afterDuration", None, Some(Period::hours(hours).iso())),
    };
    json!({"type": kind, "endDateTime": end, "duration": duration})
}

/// From when until when access is asked for, as texts that the forms of requests take; empty: as the policy has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// From when.
    pub from: String,
    /// Until when.
    pub until: String,
}

/// Reads the schedule of a request: a length of time counts from its beginning, or from now.
pub fn asked_schedule(read: &mut Reading, node: &Node<'_>, now: DateTime<Utc>) -> Asked {
    let Some(schedule) = read.object(node, "schedule") else {
        return Asked::default();
    };
    // A time that is not in the future is now.
    let start = read.instant(&schedule, "startDateTime").filter(|at| *at > now);
    if schedule.says("recurrence") {
        read.fault(
            schedule.path("recurrence"),
            "Access that comes and goes can't be asked for. Send null.",
        );
    }
    let mut until = None;
    if let Some(expiration) = read.object(&schedule, "expiration") {
        let mut terms = LifecycleTerms::default();
        read_expiration(read, &expiration, &mut terms);
        until = match terms.expires {
            Expiration::Never => None,
            ends => ends.end(start.unwrap_or(now)),
        };
    }
    let text = |at: Option<DateTime<Utc>>| at.map(write_instant).unwrap_or_default();
    Asked {
        from: text(start),
        until: text(until),
    }
}

/// The schedule of a request or an assignment.
pub fn schedule_json(start: Option<DateTime<Utc>>, end: Option<DateTime<Utc>>) -> Value {
    let kind = if end.is_some() { "afterDateTime" } else { "notSpecified" };
    json!({
        "startDateTime": start.map(write_instant),
        "recurrence": null,
        "expiration": {"type": kind, "endDateTime": end.map(write_instant), "duration": null},
    })
}

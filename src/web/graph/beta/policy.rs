//! An assignment policy as the beta has it, made of one of v1.0 and turned into one. Where a body says a thing in the way of v1.0 already, it
//! stays so: what clients of the beta send has parts of both.

use serde_json::{Map, Value, json};

type Object = Map<String, Value>;

/// The beta's words for whom a policy lets request, each with that of v1.0.
const SCOPES: &[(&str, &str)] = &[
    ("NoSubjects", "notSpecified"),
    ("SpecificDirectorySubjects", "specificDirectoryUsers"),
    ("AllExistingDirectoryMemberUsers", "allMemberUsers"),
    ("AllExistingDirectorySubjects", "allDirectoryUsers"),
    ("SpecificConnectedOrganizationSubjects", "specificConnectedOrganizationUsers"),
    (
        "AllConfiguredConnectedOrganizationSubjects",
        "allConfiguredConnectedOrganizationUsers",
    ),
    (
        "AllExistingConnectedOrganizationSubjects",
        "allConfiguredConnectedOrganizationUsers",
    ),
    ("AllExternalSubjects", "allExternalUsers"),
];
/// The beta's words for how often reviews come round, each with months.
const RECURRENCES: &[(&str, i64)] = &[("monthly", 1), ("quarterly", 3), ("halfyearly", 6), ("annual", 12)];

/// Takes a property, whatever the case of its name.
fn take(object: &mut Object, name: &str) -> Option<Value> {
    let key = object.keys().find(|key| key.eq_ignore_ascii_case(name))?.clone();
    object.remove(&key)
}

/// Takes an object.
fn take_object(object: &mut Object, name: &str) -> Option<Object> {
    match take(object, name) {
        Some(Value::Object(inner)) => Some(inner),
        Some(other) => {
            // What is no object is left for the reader of the body to refuse.
            object.insert(name.to_owned(), other);
            None
        }
        None => None,
    }
}

/// Moves a property to another name, unless there is one already.
fn rename(object: &mut Object, from: &str, to: &str) {
    if let Some(value) = take(object, from) {
        object.entry(to).or_insert(value);
    }
}

/// A number of some unit as a duration.
fn duration(value: Value, unit: &dyn Fn(i64) -> String) -> Value {
    let number = value.as_i64().or_else(|| value.as_str().and_then(|text| text.trim().parse().ok()));
    number.map_or(value, |number| Value::String(unit(number)))
}

/// What was sent, in the shape of v1.0.
pub fn incoming(policy: &mut Object) {
    let extends = take(policy, "canExtend");
    expiration_in(policy);
    if let Some(settings) = take_object(policy, "requestorSettings") {
        requestor_in(policy, settings, extends);
    } else if let Some(extends) = extends {
        policy.insert("requestorSettings".into(), json!({"enableTargetsToSelfUpdateAccess": extends}));
    }
    if let Some(mut settings) = take_object(policy, "requestApprovalSettings") {
        approval_in(&mut settings);
        policy.insert("requestApprovalSettings".into(), Value::Object(settings));
    }
    if let Some(settings) = take_object(policy, "accessReviewSettings") {
        policy.entry("reviewSettings").or_insert(review_in(settings));
    }
    if let Some(Value::Array(questions)) = policy.get_mut("questions") {
        questions.iter_mut().filter_map(Value::as_object_mut).for_each(question_in);
    }
}

fn expiration_in(policy: &mut Object) {
    let (on, days) = (take(policy, "expirationDateTime"), take(policy, "durationInDays"));
    if on.is_none() && days.is_none() {
        return;
    }
    let said = |value: &Value| !value.is_null() && *value != json!(0) && *value != json!("0") && *value != json!("");
    let expiration = match (on.filter(said), days.filter(said)) {
        (Some(at), _) => json!({"type": "afterDateTime", "endDateTime": at}),
        (None, Some(days)) => json!({"type": "afterDuration", "duration": duration(days, &|days| format!("P{days}D"))}),
        (None, None) => json!({"type": "noExpiration"}),
    };
    policy.entry("expiration").or_insert(expiration);
}

fn requestor_in(policy: &mut Object, mut settings: Object, extends: Option<Value>) {
    if let Some(scope) = take(&mut settings, "scopeType") {
        let word = scope
            .as_str()
            .and_then(|text| SCOPES.iter().find(|(beta, _)| beta.eq_ignore_ascii_case(text)));
        policy
            .entry("allowedTargetScope")
            .or_insert(word.map_or(scope.clone(), |(_, word)| json!(word)));
    }
    if let Some(requestors) = take(&mut settings, "allowedRequestors") {
        policy.entry("specificAllowedTargets").or_insert(requestors);
    }
    if let Some(accepts) = take(&mut settings, "acceptRequests") {
        // Who has access gives it back as before; only new requests are taken or not.
        settings.entry("enableTargetsToSelfRemoveAccess").or_insert(json!(true));
        settings.entry("enableTargetsToSelfAddAccess").or_insert(accepts);
    }
    if let Some(extends) = extends {
        settings.entry("enableTargetsToSelfUpdateAccess").or_insert(extends);
    }
    policy.insert("requestorSettings".into(), Value::Object(settings));
}

fn approval_in(settings: &mut Object) {
    rename(settings, "isApprovalRequired", "isApprovalRequiredForAdd");
    rename(settings, "isApprovalRequiredForExtension", "isApprovalRequiredForUpdate");
    take(settings, "approvalMode");
    rename(settings, "approvalStages", "stages");
    if let Some(Value::Array(stages)) = settings.get_mut("stages") {
        for stage in stages.iter_mut().filter_map(Value::as_object_mut) {
            if let Some(days) = take(stage, "approvalStageTimeOutInDays") {
                let days = duration(days, &|days| format!("P{days}D"));
                stage.entry("durationBeforeAutomaticDenial").or_insert(days);
            }
            if let Some(minutes) = take(stage, "escalationTimeInMinutes") {
                let minutes = duration(minutes, &|minutes| format!("PT{minutes}M"));
                stage.entry("durationBeforeEscalation").or_insert(minutes);
            }
            split_backups(stage, "primaryApprovers", "fallbackPrimaryApprovers");
            split_backups(stage, "escalationApprovers", "fallbackEscalationApprovers");
        }
    }
}

/// Those who are marked as backup stand in a list of their own.
fn split_backups(object: &mut Object, name: &str, backups: &str) {
    let Some(Value::Array(all)) = object.get_mut(name) else { return };
    let (stand_ins, others): (Vec<Value>, Vec<Value>) = std::mem::take(all).into_iter().partition(|set| set["isBackup"] == json!(true));
    *all = others;
    if !stand_ins.is_empty() {
        object.entry(backups).or_insert(Value::Array(stand_ins));
    }
}

fn review_in(mut settings: Object) -> Value {
    let kind = take(&mut settings, "reviewerType").and_then(|kind| kind.as_str().map(str::to_ascii_lowercase));
    split_backups(&mut settings, "reviewers", "fallbackReviewers");
    rename(&mut settings, "reviewers", "primaryReviewers");
    if kind.as_deref() == Some("manager") {
        settings.insert(
            "primaryReviewers".into(),
            json!([{"@odata.type": "#microsoft.graph.requestorManager", "managerLevel": 1}]),
        );
    }
    settings.entry("isSelfReview").or_insert(json!(kind.as_deref() == Some("self")));
    rename(&mut settings, "accessReviewTimeoutBehavior", "expirationBehavior");
    rename(&mut settings, "isAccessRecommendationEnabled", "isRecommendationEnabled");
    rename(&mut settings, "isApprovalJustificationRequired", "isReviewerJustificationRequired");
    let often = take(&mut settings, "recurrenceType").unwrap_or_default();
    let often = often.as_str().unwrap_or_default();
    let months = RECURRENCES.iter().find(|(word, _)| word.eq_ignore_ascii_case(often));
    let pattern = match months {
        Some((_, months)) => json!({"type": "absoluteMonthly", "interval": months}),
        None => json!({"type": often, "interval": 1}),
    };
    let days = take(&mut settings, "durationInDays").map(|days| duration(days, &|days| format!("P{days}D")));
    let start = take(&mut settings, "startDateTime");
    let schedule = json!({
        "startDateTime": start,
        "expiration": {"type": "afterDuration", "duration": days},
        "recurrence": {"pattern": pattern, "range": {"type": "noEnd"}},
    });
    settings.entry("schedule").or_insert(schedule);
    Value::Object(settings)
}

fn question_in(question: &mut Object) {
    localized_in(question, "text", "text");
    if let Some(Value::Array(choices)) = question.get_mut("choices") {
        for choice in choices.iter_mut().filter_map(Value::as_object_mut) {
            localized_in(choice, "displayValue", "text");
        }
    }
}

/// A text with its translations within becomes a text with them beside it.
fn localized_in(object: &mut Object, name: &str, to: &str) {
    if let Some(mut text) = take_object(object, name) {
        if let Some(texts) = take(&mut text, "localizedTexts") {
            object.insert("localizations".into(), texts);
        }
        if let Some(default) = take(&mut text, "defaultText") {
            object.insert(to.to_owned(), default);
        }
    }
}

/// A policy of v1.0 in the shape of the beta.
pub fn outgoing(policy: &mut Object) {
    let scope = take(policy, "allowedTargetScope").unwrap_or_default();
    let targets = take(policy, "specificAllowedTargets").unwrap_or(json!([]));
    let settings = take_object(policy, "requestorSettings").unwrap_or_default();
    let flag = |name: &str| settings.get(name).cloned().unwrap_or(json!(false));
    let word = SCOPES.iter().find(|(_, word)| scope == json!(word)).map(|(beta, _)| *beta);
    policy.insert("canExtend".into(), flag("enableTargetsToSelfUpdateAccess"));
    policy.insert(
        "requestorSettings".into(),
        json!({"scopeType": word, "acceptRequests": flag("enableTargetsToSelfAddAccess"), "allowedRequestors": sets_out(targets, false)}),
    );
    expiration_out(policy);
    if let Some(settings) = take_object(policy, "requestApprovalSettings") {
        policy.insert("requestApprovalSettings".into(), approval_out(settings));
    }
    let review = take_object(policy, "reviewSettings").map(review_out).unwrap_or_default();
    policy.insert("accessReviewSettings".into(), review);
    if let Some(Value::Array(questions)) = policy.get_mut("questions") {
        questions.iter_mut().filter_map(Value::as_object_mut).for_each(question_out);
    }
    take(policy, "automaticRequestSettings");
    take(policy, "notificationSettings");
}

/// Days of a duration such as `P30D`; nothing of another.
fn days_of(duration: &Value) -> Option<i64> {
    duration.as_str()?.strip_prefix('P')?.strip_suffix('D')?.parse().ok()
}

/// In days where it is that; hours are told as v1.0 tells them, in `expiration`.
fn expiration_out(policy: &mut Object) {
    let expiration = policy.get("expiration").cloned().unwrap_or_default();
    policy.insert("expirationDateTime".into(), expiration["endDateTime"].clone());
    policy.insert("durationInDays".into(), json!(days_of(&expiration["duration"]).unwrap_or(0)));
    if days_of(&expiration["duration"]).is_some() || expiration["duration"].is_null() {
        policy.remove("expiration");
    }
}

fn approval_out(mut settings: Object) -> Value {
    let stages = match take(&mut settings, "stages") {
        Some(Value::Array(stages)) => stages,
        _ => Vec::new(),
    };
    let asked = [&settings["isApprovalRequiredForAdd"], &settings["isApprovalRequiredForUpdate"]].contains(&&json!(true));
    let mode = match stages.len() {
        _ if !asked => "NoApproval",
        1 => "SingleStage",
        _ => "Serial",
    };
    json!({
        "isApprovalRequired": settings["isApprovalRequiredForAdd"],
        "isApprovalRequiredForExtension": settings["isApprovalRequiredForUpdate"],
        "isRequestorJustificationRequired": settings["isRequestorJustificationRequired"],
        "approvalMode": mode,
        "approvalStages": stages.into_iter().map(stage_out).collect::<Vec<_>>(),
    })
}

fn stage_out(mut stage: Value) -> Value {
    let mut sets = |own: &str, backups: &str| {
        let mut all = list(sets_out(stage[own].take(), false));
        all.extend(list(sets_out(stage[backups].take(), true)));
        Value::Array(all)
    };
    let primary = sets("primaryApprovers", "fallbackPrimaryApprovers");
    let escalation = sets("escalationApprovers", "fallbackEscalationApprovers");
    json!({
        "approvalStageTimeOutInDays": days_of(&stage["durationBeforeAutomaticDenial"]),
        "isApproverJustificationRequired": stage["isApproverJustificationRequired"],
        "isEscalationEnabled": stage["isEscalationEnabled"],
        "escalationTimeInMinutes": days_of(&stage["durationBeforeEscalation"]).unwrap_or(0) * 24 * 60,
        "primaryApprovers": primary,
        "escalationApprovers": escalation,
    })
}

fn list(value: Value) -> Vec<Value> {
    match value {
        Value::Array(values) => values,
        _ => Vec::new(),
    }
}

/// Sets by `id`, each marked as backup or not.
fn sets_out(sets: Value, backup: bool) -> Value {
    let mut sets = list(sets);
    for set in sets.iter_mut().filter_map(Value::as_object_mut) {
        for name in ["userId", "groupId", "connectedOrganizationId"] {
            rename(set, name, "id");
        }
        set.insert("isBackup".into(), json!(backup));
    }
    Value::Array(sets)
}

fn review_out(settings: Object) -> Value {
    let settings = Value::Object(settings);
    let pattern = &settings["schedule"]["recurrence"]["pattern"];
    let word = RECURRENCES
        .iter()
        .find(|(_, months)| pattern["interval"] == json!(months))
        .map(|(word, _)| *word);
    let reviewers = list(settings["primaryReviewers"].clone());
    let by_manager = reviewers
        .first()
        .is_some_and(|set| set["@odata.type"] == json!("#microsoft.graph.requestorManager"));
    let kind = match settings["isSelfReview"] == json!(true) {
        true => "Self",
        false if by_manager => "Manager",
        false => "Reviewers",
    };
    let mut all = list(sets_out(Value::Array(if by_manager { Vec::new() } else { reviewers }), false));
    all.extend(list(sets_out(settings["fallbackReviewers"].clone(), true)));
    json!({
        "isEnabled": settings["isEnabled"],
        "recurrenceType": word,
        "reviewerType": kind,
        "startDateTime": settings["schedule"]["startDateTime"],
        "durationInDays": days_of(&settings["schedule"]["expiration"]["duration"]),
        "reviewers": all,
        "isAccessRecommendationEnabled": settings["isRecommendationEnabled"],
        "isApprovalJustificationRequired": settings["isReviewerJustificationRequired"],
        "accessReviewTimeoutBehavior": settings["expirationBehavior"],
    })
}

fn question_out(question: &mut Object) {
    localized_out(question, "text");
    if let Some(Value::Array(choices)) = question.get_mut("choices") {
        for choice in choices.iter_mut().filter_map(Value::as_object_mut) {
            localized_out(choice, "displayValue");
        }
    }
}

fn localized_out(object: &mut Object, name: &str) {
    let (text, texts) = (take(object, "text"), take(object, "localizations"));
    object.insert(name.to_owned(), json!({"defaultText": text, "localizedTexts": texts}));
}

#[cfg(test)]
mod tests;

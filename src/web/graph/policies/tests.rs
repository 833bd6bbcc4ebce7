//! Policies as the API's clients write them, and back: what is told is read back the same, and what can't be had is refused where it stands.

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::terms::{How, PolicyBody, PolicyView, read, write};
use crate::domain::approval::{ApprovalTerms, ApproverDetails, DecisionMode, ForwardingTerms, StageCondition, StageTerms};
use crate::domain::expiration::Expiration;
use crate::domain::id::{ObjectId, OrganizationId, PackageId, PolicyId, QuestionId, UserId};
use crate::domain::policy::{LifecycleTerms, PolicyTerms, RequestorTerms, Scope};
use crate::domain::question::{Choice, LocalizedText, Question, QuestionKind};
use crate::domain::review::{ReviewRecurrence, ReviewTerms, Reviewers, Unanswered};
use crate::domain::subject::SubjectSet;
use crate::domain::text::StringEnum;

fn body(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

fn told(terms: &PolicyTerms) -> Map<String, Value> {
    write(&PolicyView {
        id: PolicyId(Uuid::from_u128(1)),
        name: "Initial Policy",
        terms,
        subjects: &[],
        created_at: "2026-11-23T10:00:00Z".parse().expect("an instant"),
        updated_at: "2026-11-23T10:00:00Z".parse().expect("an instant"),
    })
}

fn whole(value: Value) -> PolicyBody {
    read(&body(value), &PolicyTerms::default(), How::Whole).expect("a policy")
}

/// The properties at which a whole policy is refused.
fn refused(value: Value) -> Vec<String> {
    let faults = read(&body(value), &PolicyTerms::default(), How::Whole).expect_err("faults");
    faults.into_iter().map(|fault| fault.target).collect()
}

fn user(number: u128) -> SubjectSet {
    SubjectSet::User(UserId(Uuid::from_u128(number)))
}

fn id(number: u128) -> String {
    Uuid::from_u128(number).to_string()
}

/// The body of the API's own tutorial (step 8), and the same as the Python SDK writes its duration.
#[test]
fn f173_the_policy_of_the_tutorial_is_read() {
    for duration in ["P30D", "30 days, 0:00:00"] {
        let read = whole(json!({
            "displayName": "Specific users", "description": "", "allowedTargetScope": "specificDirectoryUsers",
            "specificAllowedTargets": [{"@odata.type": "#microsoft.graph.singleUser", "userId": id(7), "description": "x"}],
            "expiration": {"type": "afterDuration", "duration": duration},
            "requestorSettings": {"enableTargetsToSelfAddAccess": true, "enableTargetsToSelfUpdateAccess": false,
                "enableTargetsToSelfRemoveAccess": "true", "allowCustomAssignmentSchedule": true, "onBehalfRequestors": []},
            "requestApprovalSettings": {"isApprovalRequiredForAdd": false, "isApprovalRequiredForUpdate": false, "stages": []},
            "accessPackage": {"id": id(2)}, "resourceType": "left over"
        }));
        assert_eq!(read.name.as_deref(), Some("Specific users"));
        assert_eq!(read.package, Some(PackageId(Uuid::from_u128(2))));
        let terms = read.terms;
        assert_eq!((terms.scope, terms.subjects), (Scope::Specific, vec![user(7)]));
        assert_eq!(terms.lifecycle.expires, Expiration::Days(30));
        assert!(terms.requestor.enabled && terms.requestor.self_add && terms.requestor.self_remove);
        assert!(terms.lifecycle.custom_schedule && !terms.lifecycle.extension_allowed && !terms.approval.is_asked());
    }
}

#[test]
fn f173_a_policy_that_says_nothing_lets_nobody_request() {
    let terms = whole(json!({"displayName": "P", "accessPackageId": id(2)})).terms;
    assert_eq!((terms.scope, terms.lifecycle.expires), (Scope::Nobody, Expiration::Never));
    assert!(!terms.requestor.self_add && !terms.lifecycle.custom_schedule && terms.requestor.enabled);
    assert_eq!(terms.review, ReviewTerms::default());
}

#[test]
fn f173_stages_questions_and_reviews_are_read_as_the_sdk_writes_them() {
    let terms = whole(json!({
        "displayName": "P", "allowedTargetScope": "ALLMEMBERUSERS",
        "questions": [
            {"@odata.type": "#microsoft.graph.accessPackageTextInputQuestion", "isRequired": false, "sequence": 2, "text": "Why?",
                "isSingleLineQuestion": false, "regexPattern": "^.+$"},
            {"@odata.type": "microsoft.graph.accessPackageMultipleChoiceQuestion", "isAnswerEditable": true, "isRequired": true,
                "sequence": 1, "text": "Which?", "choices": [{"actualValue": "a", "text": "A", "localizations": [{"languageCode": "es",
                "text": "Á"}]}], "isMultipleSelectionAllowed": false}],
        "requestApprovalSettings": {"isApprovalRequiredForAdd": true, "stages": [{
            "durationBeforeAutomaticDenial": "14 days, 0:00:00", "durationBeforeEscalation": "4 days, 0:00:00",
            "escalationApprovers": [{"@odata.type": "#microsoft.graph.groupMembers", "groupId": id(3)}], "fallbackEscalationApprovers": [],
            "fallbackPrimaryApprovers": [{"userId": id(4)}], "isApproverJustificationRequired": true, "isEscalationEnabled": true,
            "primaryApprovers": [{"@odata.type": "#microsoft.graph.requestorManager", "managerLevel": 1}]}]},
        "reviewSettings": {"expirationBehavior": "removeAccess", "fallbackReviewers": [], "isEnabled": true, "isRecommendationEnabled": true,
            "isReviewerJustificationRequired": true, "isSelfReview": false, "primaryReviewers": [{"groupId": id(3)}],
            "schedule": {"expiration": {"duration": "14 days, 0:00:00", "type": "afterDuration"}, "recurrence": {
                "pattern": {"dayOfMonth": 0, "daysOfWeek": [], "interval": 3, "month": 0, "type": "absoluteMonthly"},
                "range": {"numberOfOccurrences": 0, "startDate": "2026-01-02", "type": "noEnd"}}, "startDateTime": "2026-01-02T03:04:05+00:00"}}
    }))
    .terms;
    let asked: Vec<(&str, QuestionKind)> = terms
        .questions
        .iter()
        .map(|question| (question.text.as_str(), question.kind))
        .collect();
    assert_eq!(asked, [("Which?", QuestionKind::MultipleChoice), ("Why?", QuestionKind::LongText)]);
    assert_eq!(terms.questions[0].asked_in("en").choices, [("a".to_owned(), "A".to_owned())]);
    assert_eq!(terms.questions[0].asked_in("es").choices[0].1, "Á");
    let stage = &terms.approval.stages[0];
    assert_eq!((stage.days_to_decide, stage.fallbacks.as_slice()), (14, &[user(4)][..]));
    assert_eq!(stage.approvers, [SubjectSet::RequestorManager(1)]);
    assert_eq!(stage.forwarding.as_ref().map(|terms| terms.after_days), Some(4));
    assert_eq!(
        (terms.review.recurrence, terms.review.duration_days),
        (ReviewRecurrence::Quarterly, 14)
    );
    assert_eq!(terms.review.unanswered, Unanswered::Remove);
}

#[test]
fn f173_what_a_policy_cannot_say_here_is_refused_where_it_stands() {
    assert_eq!(
        refused(json!({"allowedTargetScope": "allDirectoryServicePrincipals"})),
        ["allowedTargetScope"]
    );
    assert_eq!(
        refused(json!({"allowedTargetScope": "specificDirectoryUsers", "specificAllowedTargets": [
            {"@odata.type": "#microsoft.graph.connectedOrganizationMembers", "connectedOrganizationId": id(1)},
            {"@odata.type": "#microsoft.graph.attributeRuleMembers", "membershipRule": "(user.department -eq \"Sales\")"},
            {"@odata.type": "#microsoft.graph.singleUser"}, {"@odata.type": "#microsoft.graph.martians"}]})),
        [
            "specificAllowedTargets[1]",
            "specificAllowedTargets[2].id",
            "specificAllowedTargets[3].@odata.type"
        ]
    );
    assert_eq!(
        refused(
            json!({"allowedTargetScope": "allMemberUsers", "specificAllowedTargets": [{"userId": id(1)}],
            "automaticRequestSettings": {"requestAccessForAllowedTargets": true},
            "notificationSettings": {"isAssignmentNotificationDisabled": true},
            "customExtensionStageSettings": [{"stage": "assignmentRequestCreated"}]})
        ),
        [
            "specificAllowedTargets",
            "customExtensionStageSettings",
            "automaticRequestSettings.requestAccessForAllowedTargets",
            "notificationSettings.isAssignmentNotificationDisabled"
        ]
    );
    assert_eq!(
        refused(
            json!({"expiration": {"type": "afterDuration", "duration": "PT90M"}, "requestApprovalSettings": {"stages": [
            {"durationBeforeAutomaticDenial": "PT12H", "escalationApprovers": [{"userId": id(1)}],
                "primaryApprovers": [{"@odata.type": "#microsoft.graph.targetManager", "managerLevel": 4}],
                "fallbackPrimaryApprovers": [{"@odata.type": "#microsoft.graph.requestorManager"}]}]},
            "questions": [{"text": "Which?", "choices": [], "isMultipleSelectionAllowed": true}],
            "reviewSettings": {"isEnabled": true, "isSelfReview": true, "schedule": {"recurrence": {"pattern": {"type": "weekly", "interval": 1},
                "range": {"type": "endDate"}}}}})
        ),
        [
            "expiration.duration",
            "requestApprovalSettings.stages[0].primaryApprovers[0].managerLevel",
            "requestApprovalSettings.stages[0].fallbackPrimaryApprovers[0]",
            "requestApprovalSettings.stages[0].escalationApprovers",
            "requestApprovalSettings.stages[0].durationBeforeAutomaticDenial",
            "reviewSettings.schedule.recurrence.pattern.interval",
            "reviewSettings.schedule.recurrence.range.type",
            "questions[0].isMultipleSelectionAllowed"
        ]
    );
}

/// A policy whose second stage says more than the API can.
fn beyond() -> PolicyTerms {
    let stage = |mode, condition: &str| StageTerms {
        approvers: vec![user(1), user(2)],
        mode,
        condition: condition.into(),
        ..StageTerms::default()
    };
    PolicyTerms {
        scope: Scope::AllMembers,
        approval: ApprovalTerms {
            required_for_add: true,
            stages: vec![
                stage(DecisionMode::AnyOne, ""),
                stage(DecisionMode::AtLeast(2), "user.department -eq \"Sales\""),
            ],
            ..ApprovalTerms::default()
        },
        ..PolicyTerms::default()
    }
}

#[test]
fn f173_what_the_product_says_beyond_the_api_is_kept_or_refused_never_lost() {
    let base = beyond();
    let mut sent = told(&base);
    sent.insert("description".into(), "New".into());
    let kept = read(&sent, &base, How::Whole).expect("a policy").terms;
    assert_eq!(kept.approval, base.approval);
    assert_eq!(kept.description, "New");
    let stages = sent["requestApprovalSettings"]["stages"].as_array_mut().expect("stages");
    stages.remove(0);
    let faults = read(&sent, &base, How::Whole).expect_err("faults");
    assert_eq!(faults[0].target, "requestApprovalSettings.stages");
    // That nobody decides any more is plain.
    sent["requestApprovalSettings"]["stages"] = json!([]);
    sent["requestApprovalSettings"]["isApprovalRequiredForAdd"] = json!(false);
    let none = read(&sent, &base, How::Whole).expect("a policy").terms;
    assert!(none.approval.stages.is_empty());
}

#[test]
fn f173_a_part_changes_what_it_names_and_nothing_else() {
    let base = PolicyTerms {
        description: "For campaigns".into(),
        ..beyond()
    };
    let part = |value: Value| read(&body(value), &base, How::Part).expect("a part").terms;
    assert_eq!(part(json!({})), base);
    let changed = part(json!({"requestorSettings": {"enableTargetsToSelfAddAccess": false}, "displayName": "Other"}));
    let mut expected = base.clone();
    expected.requestor.self_add = false;
    assert_eq!(changed, expected);
    expected = base.clone();
    expected.approval = ApprovalTerms::default();
    assert_eq!(part(json!({"requestApprovalSettings": null})), expected);
    expected = base.clone();
    expected.description.clear();
    assert_eq!(part(json!({"description": null})), expected);
}

fn some_set() -> impl Strategy<Value = SubjectSet> {
    let id = || (1u128..9).prop_map(Uuid::from_u128);
    prop_oneof![
        id().prop_map(|id| SubjectSet::User(UserId(id))),
        id().prop_map(|id| SubjectSet::GroupMembers(ObjectId(id))),
        (1u8..3).prop_map(SubjectSet::RequestorManager),
        Just(SubjectSet::InternalSponsors),
        Just(SubjectSet::ExternalSponsors),
        Just(SubjectSet::TargetUserSponsors),
        id().prop_map(|id| SubjectSet::ConnectedOrganization(OrganizationId(id))),
        Just(SubjectSet::AttributeRule("user.department -eq \"Sales\"".into())),
    ]
}

fn sets() -> impl Strategy<Value = Vec<SubjectSet>> {
    proptest::collection::vec(some_set(), 0..3)
}

fn mode() -> impl Strategy<Value = DecisionMode> {
    prop_oneof![
        Just(DecisionMode::AnyOne),
        Just(DecisionMode::AllOf),
        (1i64..5).prop_map(DecisionMode::AtLeast)
    ]
}

prop_compose! {
    fn stage()(approvers in sets(), fallbacks in sets(), days_to_decide in 1i64..15, justification_required: bool,
        forwarding in proptest::option::of((1i64..14, sets(), sets())), mode in mode(), guest: bool) -> StageTerms {
        StageTerms {
            approvers, fallbacks, days_to_decide, justification_required, mode,
            forwarding: forwarding.map(|(after_days, alternates, fallbacks)| ForwardingTerms { after_days, alternates, fallbacks }),
            condition: if guest { String::new() } else { "user.department -eq \"Sales\"".into() },
            conditions: if guest { vec![StageCondition::Guest] } else { Vec::new() },
        }
    }
}

prop_compose! {
    fn question()(id in 1u128..99, text in "[a-zA-Z ?]{1,20}", kind in 0usize..3, required: bool, label in "[A-Z]{0,3}",
        translated in proptest::collection::vec("[a-z]{2}", 0..3)) -> Question {
        let localized: Vec<LocalizedText> =
            translated.into_iter().map(|language| LocalizedText { text: format!("in {language}"), language }).collect();
        let kind = QuestionKind::ALL[kind];
        let several = kind == QuestionKind::MultipleChoice;
        let choice = Choice { value: "v".into(), label, localized: localized.clone() };
        Question {
            id: QuestionId(Uuid::from_u128(id)), text, localized, kind, required,
            choices: if several { vec![choice] } else { Vec::new() },
            pattern: if several { String::new() } else { "[0-9]+".into() },
        }
    }
}

fn expires() -> impl Strategy<Value = Expiration> {
    prop_oneof![
        Just(Expiration::Never),
        (1i64..3_660).prop_map(Expiration::Days),
        (1i64..90_000).prop_map(Expiration::Hours),
        (0i64..4_000_000_000).prop_map(|micros| {
            let at = chrono::DateTime::from_timestamp_micros(1_800_000_000_000_000 + micros);
            Expiration::OnDate(at.expect("an instant"))
        }),
    ]
}

prop_compose! {
    fn review()(enabled: bool, begun in 0i64..9_000_000, recurrence in 0usize..4, duration_days in 1i64..300, kind in 0u8..3, sets in sets(),
        fallbacks in sets(), unanswered in 0usize..3, helpers: bool, justification_required: bool) -> ReviewTerms {
        ReviewTerms {
            enabled,
            starts_at: chrono::DateTime::from_timestamp(1_800_000_000 + begun, 0).filter(|_| enabled || begun % 2 == 0),
            recurrence: ReviewRecurrence::ALL[recurrence],
            duration_days,
            reviewers: match kind { 0 => Reviewers::Oneself, 1 => Reviewers::Manager, _ => Reviewers::Specific(sets) },
            fallbacks,
            unanswered: Unanswered::ALL[unanswered],
            helpers,
            justification_required,
        }
    }
}

prop_compose! {
    fn requestor()(flags in proptest::collection::vec(any::<bool>(), 8), on_behalf in sets()) -> RequestorTerms {
        RequestorTerms {
            enabled: flags[0], self_add: flags[1], self_update: flags[2], self_remove: flags[3], on_behalf_add: flags[4],
            on_behalf_update: flags[5], on_behalf_remove: flags[6], justification_required: flags[7], on_behalf,
        }
    }
}

prop_compose! {
    fn terms()(scope in 0..Scope::ALL.len(), subjects in sets(), requestor in requestor(), stages in proptest::collection::vec(stage(), 0..5),
        flags in proptest::collection::vec(any::<bool>(), 5), details in 0usize..3, questions in proptest::collection::vec(question(), 0..4),
        expires in expires(), review in review(), reviewed: bool) -> PolicyTerms {
        let scope = Scope::ALL[scope];
        PolicyTerms {
            description: "For campaigns".into(),
            scope,
            subjects: if scope.names_subjects() { subjects } else { Vec::new() },
            requestor,
            approval: ApprovalTerms {
                required_for_add: flags[0], required_for_update: flags[1], stages, approver_details: ApproverDetails::ALL[details],
            },
            questions,
            lifecycle: LifecycleTerms { expires, custom_schedule: flags[2], extension_allowed: flags[3], extension_approval: flags[4] },
            review: if reviewed { review } else { ReviewTerms::default() },
        }
    }
}

/// Terms without what the API has no words for, and without ids, as a new policy has them.
fn within_the_api(mut terms: PolicyTerms) -> PolicyTerms {
    let effective = |sets: &mut Vec<SubjectSet>| sets.retain(|set| matches!(set, SubjectSet::User(_) | SubjectSet::GroupMembers(_)));
    terms.subjects.retain(|set| set.named().is_some());
    effective(&mut terms.requestor.on_behalf);
    effective(&mut terms.review.fallbacks);
    if let Reviewers::Specific(sets) = &mut terms.review.reviewers {
        effective(sets);
    }
    for stage in &mut terms.approval.stages {
        (stage.mode, stage.condition, stage.conditions) = (DecisionMode::AnyOne, String::new(), Vec::new());
        effective(&mut stage.approvers);
        effective(&mut stage.fallbacks);
        if let Some(forwarding) = &mut stage.forwarding {
            effective(&mut forwarding.alternates);
            effective(&mut forwarding.fallbacks);
        }
    }
    if terms.approval.stages.is_empty() {
        terms.approval.approver_details = ApproverDetails::Tenant;
    }
    terms.requestor.enabled = true;
    terms.requestor.self_update = true;
    terms.lifecycle.extension_approval = terms.lifecycle.extension_allowed && terms.approval.required_for_update;
    for question in &mut terms.questions {
        question.id = Question::default().id;
    }
    terms
}

proptest! {
    /// Whatever a policy says, a client that reads it and sends it back changes nothing.
    #[test]
    fn f173_a_policy_that_is_sent_back_as_it_was_told_stays_the_same(terms in terms()) {
        let read = read(&told(&terms), &terms, How::Whole).expect("a policy");
        prop_assert_eq!(&read.terms, &terms);
        prop_assert_eq!(read.name.as_deref(), Some("Initial Policy"));
    }

    /// What the API has words for makes the same policy anew.
    #[test]
    fn f173_a_policy_is_made_anew_from_what_was_told_of_another(terms in terms()) {
        let terms = within_the_api(terms);
        let read = read(&told(&terms), &PolicyTerms::default(), How::Whole).expect("a policy");
        prop_assert_eq!(read.terms, terms);
    }

    /// A part that says all changes nothing either.
    #[test]
    fn f173_a_part_that_says_what_is_so_changes_nothing(terms in terms()) {
        let read = read(&told(&terms), &terms, How::Part).expect("a policy");
        prop_assert_eq!(read.terms, terms);
    }
}

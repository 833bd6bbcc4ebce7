//! What a policy's form asks for, what is told at which field, and that terms come back from their form as they were.

use uuid::Uuid;

use super::super::terms::{LifecycleTerms, RequestorTerms};
use super::super::{ApproverKind, ApproversForm, LocalizedForm, ModeKind, Warning, describe, differences, warnings};
use super::*;
use chrono::Duration;

use crate::domain::expiration::{DAYS_MAX, Expiration, ExpirationKind};
use crate::domain::id::{QuestionId, UserId};
use crate::domain::question::QuestionKind;
use crate::domain::text::StringEnum;

fn user(number: u128) -> Subject {
    Subject::User(UserId(Uuid::from_u128(number)))
}

fn group(number: u128) -> Subject {
    Subject::Group(Uuid::from_u128(number).into())
}

fn now() -> DateTime<Utc> {
    "2026-11-23T10:00:00Z".parse().expect("an instant")
}

fn stage(kind: ApproverKind, people: &[Subject], fallbacks: &[Subject]) -> StageForm {
    StageForm {
        asked: ApproversForm {
            kind: Some(kind),
            people: people.to_vec(),
            fallbacks: fallbacks.to_vec(),
            ..ApproversForm::default()
        },
        ..StageForm::default()
    }
}

/// A whole form: three stages, three questions, everything that can be typed.
fn whole() -> PolicyForm {
    PolicyForm {
        name: "For campaigns".into(),
        description: "Spring and autumn".into(),
        requests: RequestsForm {
            audience: Some(Audience::InDirectory),
            scope: Some(Scope::Specific),
            subjects: vec![user(1), group(2)],
            approval: true,
            stages: vec![
                StageForm {
                    forward: true,
                    forward_days: "3".into(),
                    alternates: ApproversForm {
                        kind: Some(ApproverKind::SecondLevelManager),
                        fallbacks: vec![user(7)],
                        ..ApproversForm::default()
                    },
                    ..stage(ApproverKind::Manager, &[], &[user(3)])
                },
                StageForm {
                    guests: true,
                    longer_than: "30".into(),
                    answered: Some(QuestionId(Uuid::from_u128(11))),
                    answer: "North".into(),
                    condition: "user.department -eq \"Sales\"".into(),
                    mode: ModeKind::AtLeast,
                    mode_number: "2".into(),
                    ..stage(ApproverKind::Specific, &[user(4), user(5), user(6)], &[])
                },
                stage(ApproverKind::Sponsors, &[], &[group(8)]),
            ],
            approver_details: ApproverDetails::Shown,
            on_behalf: true,
            questions: vec![
                QuestionForm {
                    id: QuestionId(Uuid::from_u128(11)),
                    text: "Which branch?".into(),
                    kind: QuestionKind::MultipleChoice,
                    required: true,
                    choices: "North\nSouth".into(),
                    localized: vec![LocalizedForm {
                        language: "es".into(),
                        text: "¿Qué sucursal?".into(),
                        choices: "Norte\nSur".into(),
                    }],
                    ..QuestionForm::default()
                },
                QuestionForm {
                    text: "Cost centre".into(),
                    pattern: "[0-9]{4}".into(),
                    ..QuestionForm::default()
                },
                QuestionForm {
                    text: "What for?".into(),
                    kind: QuestionKind::LongText,
                    ..QuestionForm::default()
                },
            ],
            ..RequestsForm::default()
        },
        lifecycle: LifecycleForm {
            days: "30".into(),
            extension_approval: true,
            ..LifecycleForm::default()
        },
    }
}

fn terms(form: &PolicyForm) -> PolicyTerms {
    form.check(&PolicyTerms::default(), now()).expect("valid").1
}

fn paths(change: impl FnOnce(&mut PolicyForm)) -> Vec<String> {
    let mut form = whole();
    change(&mut form);
    let faults = form.check(&PolicyTerms::default(), now()).err().unwrap_or_default();
    faults.into_iter().map(|fault| fault.path).collect()
}

#[test]
fn f065_f066_a_whole_form_becomes_terms_and_comes_back_from_them() {
    let made = terms(&whole());
    assert_eq!(made.approval.stages.len(), 3);
    assert!(made.approval.required_for_add && made.approval.required_for_update);
    assert_eq!(made.approval.stages[0].approvers, [SubjectSet::RequestorManager(1)]);
    assert_eq!(made.requestor.on_behalf, [SubjectSet::RequestorManager(1)]);
    assert_eq!(PolicyForm::from(&made).named("For campaigns"), whole());
    for expires in [
        Expiration::Hours(8),
        Expiration::Never,
        Expiration::OnDate(now() + Duration::days(3)),
    ] {
        let kept = PolicyTerms {
            scope: Scope::AllUsers,
            lifecycle: LifecycleTerms {
                expires,
                ..LifecycleTerms::default()
            },
            ..PolicyTerms::default()
        };
        assert_eq!(terms(&PolicyForm::from(&kept).named("x")), kept);
    }
}

#[test]
fn f066_what_the_form_does_not_show_stays_as_it_was() {
    let mut base = terms(&whole());
    base.review.duration_days = 11;
    base.requestor.self_remove = false;
    let form = PolicyForm::from(&base).named("x");
    assert_eq!(form.check(&base, now()).expect("valid").1, base);
}

#[test]
fn f070_f085_what_cannot_be_is_not_asked_for_and_the_reason_is_said() {
    let mut form = whole();
    form.requests.audience = Some(Audience::Nobody);
    let made = terms(&form);
    assert_eq!((made.scope, made.subjects.len(), made.approval.stages.len()), (Scope::Nobody, 0, 0));
    assert!(!made.lifecycle.extension_allowed && !made.lifecycle.extension_approval && !made.requestor.on_behalf_add);
    let why = |form: &PolicyForm| form.lifecycle.why_no_extension(&form.requests);
    assert!(why(&form).is_some_and(|why| why.starts_with("Nobody requests under this policy")));
    assert!(form.lifecycle.why_no_schedule(&form.requests).is_some());
    form.requests.audience = Some(Audience::InDirectory);
    assert_eq!(why(&form), None);
    form.lifecycle.custom_schedule = false;
    form.lifecycle.kind = ExpirationKind::Never;
    assert!(why(&form).is_some_and(|why| why.contains("never ends")));
    form.lifecycle.kind = ExpirationKind::OnDate;
    assert!(why(&form).is_some_and(|why| why.contains("expiration date")));
    form.requests.approval = false;
    assert!(form.lifecycle.why_no_extension_approval(&form.requests).is_some());
}

#[test]
fn f086_f096_without_approval_there_are_no_stages_and_no_required_justification() {
    let mut form = whole();
    assert!(terms(&form).requestor.justification_required);
    form.requests.approval = false;
    let made = terms(&form);
    assert_eq!(made.approval, ApprovalTerms::default());
    assert!(!made.requestor.justification_required && !made.lifecycle.extension_approval);
}

#[test]
fn f091_f094_f100_faults_of_a_stage_are_told_at_its_fields() {
    assert_eq!(paths(|_| ()), Vec::<String>::new());
    let stage_0 = |change: fn(&mut StageForm)| paths(move |form| change(&mut form.requests.stages[0]));
    assert_eq!(stage_0(|stage| stage.asked.kind = None), ["requests.stages.0.approvers"]);
    assert_eq!(stage_0(|stage| stage.asked.fallbacks.clear()), ["requests.stages.0.fallbacks"]);
    assert_eq!(
        stage_0(|stage| stage.alternates.fallbacks.clear()),
        ["requests.stages.0.alternate_fallbacks"]
    );
    assert_eq!(stage_0(|stage| stage.alternates.kind = None), ["requests.stages.0.alternates"]);
    assert_eq!(
        stage_0(|stage| stage.days = "3".into()),
        ["requests.stages.0.days", "requests.stages.0.forward_days"]
    );
    assert_eq!(stage_0(|stage| stage.days = "soon".into())[0], "requests.stages.0.days");
    assert_eq!(
        stage_0(|stage| stage.forward_days = "14".into()),
        ["requests.stages.0.forward_days"]
    );
    assert_eq!(stage_0(|stage| stage.forward_days = " ".into()), ["requests.stages.0.forward_days"]);
    assert_eq!(
        paths(|form| form.requests.stages[1].mode_number = "4".into()),
        ["requests.stages.1.mode"]
    );
    assert_eq!(
        paths(|form| form.requests.stages[1] = stage(ApproverKind::Manager, &[], &[user(3)])),
        ["requests.stages.1.approvers"]
    );
    assert_eq!(paths(|form| form.requests.stages.clear()), ["requests.stage_count"]);
    let stage_1 = |change: fn(&mut StageForm)| paths(move |form| change(&mut form.requests.stages[1]));
    assert_eq!(
        stage_1(|stage| stage.answered = Some(QuestionId(Uuid::from_u128(99)))),
        ["requests.stages.1.answered"]
    );
    assert_eq!(stage_1(|stage| stage.answer = " ".into()), ["requests.stages.1.answer"]);
    assert_eq!(stage_1(|stage| stage.longer_than = "0".into())[0], "requests.stages.1.longer_than");
    assert_eq!(stage_1(|stage| stage.condition = "Sales".into()), ["requests.stages.1.condition"]);
}

#[test]
fn f017_f018_who_can_request_must_be_said_and_each_counts_once() {
    assert_eq!(paths(|form| form.requests.audience = None), ["requests.audience"]);
    assert_eq!(
        paths(|form| form.requests.audience = Some(Audience::NotInDirectory)),
        ["requests.scope"]
    );
    assert_eq!(paths(|form| form.requests.scope = None), ["requests.scope"]);
    assert_eq!(paths(|form| form.requests.subjects.clear()), ["requests.subjects"]);
    let mut form = whole();
    form.requests.subjects = vec![user(1), user(1)];
    assert_eq!(terms(&form).subjects, [SubjectSet::from(user(1))]);
}

#[test]
fn f105_f106_f107_faults_of_a_question_are_told_at_its_fields() {
    let question = |at: usize, change: fn(&mut QuestionForm)| paths(move |form| change(&mut form.requests.questions[at]));
    assert_eq!(question(1, |question| question.text = " ".into()), ["requests.questions.1.text"]);
    #[cfg(not(target_family = "wasm"))]
    assert_eq!(
        question(1, |question| question.pattern = "[0-9".into()),
        ["requests.questions.1.pattern"]
    );
    assert_eq!(
        question(0, |question| question.choices = "\n \n".into())[0],
        "requests.questions.0.localized.0.choices"
    );
    assert_eq!(
        question(0, |question| question.choices = "North\nNorth".into()),
        ["requests.questions.0.choices"]
    );
    assert_eq!(
        question(0, |question| question.localized[0].choices = "Norte".into()),
        ["requests.questions.0.localized.0.choices"]
    );
    assert_eq!(question(0, |question| question.localized[0].choices.clear()), Vec::<String>::new());
    assert_eq!(
        question(1, |question| question.localized.push(LocalizedForm::default())),
        ["requests.questions.1.localized.0.text", "requests.questions.1.localized.0.language"]
    );
}

#[test]
fn f078_bad_days_and_past_dates_are_refused_with_their_reason() {
    let code = |form: LifecycleForm| {
        let mut check = Checker::default();
        form.check(&mut check, "", now());
        check.into_errors().pop().map(|e| e.code)
    };
    let days = |text: &str| {
        code(LifecycleForm {
            days: text.into(),
            ..LifecycleForm::default()
        })
    };
    assert_eq!(days("0"), Some(Code::OutOfRange(1, DAYS_MAX)));
    assert_eq!(days("-1"), Some(Code::OutOfRange(1, DAYS_MAX)));
    assert_eq!(days("3661"), Some(Code::OutOfRange(1, DAYS_MAX)));
    assert_eq!(days("ten"), Some(Code::NotANumber));
    assert_eq!(days(" "), Some(Code::Required));
    assert_eq!(days("3660"), None);
    let date = |text: &str| {
        code(LifecycleForm {
            kind: ExpirationKind::OnDate,
            date: text.into(),
            ..LifecycleForm::default()
        })
    };
    assert_eq!(date("2026-11-23T10:00:00Z"), Some(Code::InThePast));
    assert_eq!(date("tomorrow"), Some(Code::NotADate));
    // A14.
    assert_eq!(date("2027-02-28T23:59:60Z"), Some(Code::NotADate));
    assert_eq!(date("2027-01-01T00:00:00+01:00"), None);
}

#[test]
fn f085_a_request_that_could_only_time_out_is_named() {
    let sole = |scope, approvers: &[Subject], fallbacks: &[Subject]| {
        let mut form = whole();
        form.requests.scope = Some(scope);
        form.requests.stages = vec![stage(ApproverKind::Specific, approvers, fallbacks)];
        warnings(&terms(&form))
    };
    let warned = [Warning {
        stage: 1,
        requestor: UserId(Uuid::from_u128(1)),
    }];
    assert_eq!(sole(Scope::Specific, &[user(1)], &[]), warned);
    assert_eq!(sole(Scope::AllMembers, &[user(1)], &[]), warned);
    assert_eq!(sole(Scope::Specific, &[user(9)], &[]), []);
    assert_eq!(sole(Scope::Specific, &[user(1), user(9)], &[]), []);
    assert_eq!(sole(Scope::Specific, &[user(1)], &[user(9)]), []);
    assert_eq!(sole(Scope::Specific, &[user(1)], &[user(1)]), warned);
    assert_eq!(sole(Scope::Specific, &[group(2)], &[]), []);
    assert!(warned[0].text("Admin1").contains("a request by Admin1 could only time out"));
}

/// Whatever terms say of approval comes back from the form that shows them.
#[test]
fn f066_f083_f093_a_form_keeps_what_it_was_opened_with() {
    let kept = |terms: &PolicyTerms| PolicyForm::from(terms).named("Same").check(terms, now()).expect("valid").1;
    let mut before = terms(&whole());
    before.approval.stages[0].approvers = vec![
        SubjectSet::RequestorManager(1),
        SubjectSet::RequestorManager(2),
        SubjectSet::User(UserId(Uuid::from_u128(5))),
        SubjectSet::GroupMembers(Uuid::from_u128(6).into()),
        SubjectSet::AttributeRule("user.department -eq \"Sales\"".into()),
    ];
    before.approval.stages[2].approvers = vec![SubjectSet::TargetUserSponsors, SubjectSet::InternalSponsors];
    before
        .subjects
        .push(SubjectSet::AttributeRule("user.department -eq \"Sales\"".into()));
    assert_eq!(kept(&before), before);
    let form = PolicyForm::from(&before).requests;
    let asked = &form.stages[0].asked;
    assert_eq!(asked.kind, Some(ApproverKind::Several));
    assert_eq!(
        asked.relations_in_force(),
        [ApproverKind::Manager, ApproverKind::SecondLevelManager]
    );
    assert_eq!((asked.people.len(), asked.also.len()), (2, 1));
    // Extensions wait for a decision, new access does not.
    before.approval.required_for_add = false;
    assert_eq!(kept(&before), before);
    assert!(PolicyForm::from(&before).requests.extensions_only);
    let neither = paths(|form| {
        form.requests.extensions_only = true;
        form.lifecycle.extension_approval = false;
    });
    assert_eq!(neither, ["requests.extensions_only"]);
}

/// One of several kinds of approvers is chosen in one stage only, as where it is the only one.
#[test]
fn f091_f094_several_kinds_of_approvers_follow_the_same_rules() {
    let several = |relations: &[ApproverKind], people: &[Subject], fallbacks: &[Subject]| {
        let mut stage = stage(ApproverKind::Several, people, fallbacks);
        stage.asked.relations = relations.to_vec();
        paths(|form| form.requests.stages[1] = stage)
    };
    assert_eq!(several(&[ApproverKind::SecondLevelManager], &[user(4)], &[user(9)]), [""; 0]);
    assert_eq!(
        several(&[ApproverKind::SecondLevelManager], &[user(4)], &[]),
        ["requests.stages.1.fallbacks"]
    );
    assert_eq!(
        several(&[ApproverKind::Manager], &[user(4)], &[user(9)]),
        ["requests.stages.1.approvers"]
    );
    assert_eq!(several(&[], &[], &[]), ["requests.stages.1.approvers"]);
}

#[test]
fn f066_f081_two_versions_are_compared_in_words() {
    let name = |subject: Subject| format!("P{}", subject.id().as_u128());
    let exact = |at: DateTime<Utc>| at.to_rfc3339();
    let before = terms(&whole());
    let mut form = whole();
    form.lifecycle.days = "7".into();
    form.requests.stages.truncate(2);
    form.requests.stages[1].mode = ModeKind::AllOf;
    form.requests.subjects = vec![user(1)];
    form.description.clear();
    let (old, new) = (describe(&before, &name, &exact), describe(&terms(&form), &name, &exact));
    let mut labels: Vec<&str> = old.iter().map(|line| line.label.as_str()).collect();
    labels.sort_unstable();
    labels.dedup();
    assert_eq!(labels.len(), old.len(), "each label once");
    let found: Vec<(String, Option<String>, Option<String>)> = differences(&old, &new)
        .into_iter()
        .map(|line| (line.label, line.old, line.new))
        .collect();
    let line = |label: &str, old: &str, new: &str| (label.to_owned(), Some(old.to_owned()), Some(new.to_owned()));
    assert_eq!(
        found[..4],
        [
            line(
                "Users who can request access",
                "Specific users and groups: P1, P2",
                "Specific users and groups: P1"
            ),
            line("Require approval", "Yes, 3 stages", "Yes, 2 stages"),
            line("Stage 2: who must approve", "At least 2 of them", "All of them"),
            line("Access package assignments expire", "After 30 days", "After 7 days"),
        ]
    );
    assert!(
        found
            .iter()
            .any(|(label, old, new)| label == "Stage 3: approvers" && old.as_deref() == Some("Sponsors") && new.is_none())
    );
    assert_eq!(differences(&old, &old), []);
}

#[test]
fn forms_of_other_builds_are_read() {
    let read: PolicyForm = serde_json::from_str(r#"{"colour":"green","requests":{"stages":[{"approvers":[]}]}}"#).expect("read");
    assert_eq!(read, PolicyForm::default());
    assert_eq!(StageForm::default().days, "14");
    assert!(ApproverKind::ALL.iter().all(|kind| kind.set().is_none() == kind.names_people()));
    assert!(RequestorTerms::default().enabled);
}

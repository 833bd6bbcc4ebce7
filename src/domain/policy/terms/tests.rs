//! What terms are kept and refused, and whom they name.

use uuid::Uuid;

use super::*;
use crate::domain::approval::{DecisionMode, ForwardingTerms, StageTerms};
use crate::domain::id::{ObjectId, QuestionId, UserId};
use crate::domain::question::{Choice, LocalizedText, QuestionKind};

fn user(number: u128) -> SubjectSet {
    SubjectSet::User(UserId(Uuid::from_u128(number)))
}

fn group(number: u128) -> SubjectSet {
    SubjectSet::GroupMembers(ObjectId(Uuid::from_u128(number)))
}

fn now() -> DateTime<Utc> {
    "2026-11-23T10:00:00Z".parse().expect("an instant")
}

fn stage(approvers: &[SubjectSet]) -> StageTerms {
    StageTerms {
        approvers: approvers.to_vec(),
        ..StageTerms::default()
    }
}

/// A whole policy: two stages, questions, reviews.
fn whole() -> PolicyTerms {
    PolicyTerms {
        description: "For campaigns".into(),
        scope: Scope::Specific,
        subjects: vec![user(1), group(2)],
        approval: ApprovalTerms {
            required_for_add: true,
            required_for_update: true,
            stages: vec![
                StageTerms {
                    fallbacks: vec![user(3)],
                    forwarding: Some(ForwardingTerms {
                        after_days: 7,
                        alternates: vec![user(4)],
                        fallbacks: vec![],
                    }),
                    condition: "user.department -eq \"Sales\"".into(),
                    ..stage(&[SubjectSet::RequestorManager(1)])
                },
                StageTerms {
                    mode: DecisionMode::AtLeast(2),
                    ..stage(&[user(5), user(6), user(1)])
                },
            ],
            ..ApprovalTerms::default()
        },
        questions: vec![Question {
            id: QuestionId(Uuid::from_u128(9)),
            text: "Which branch?".into(),
            localized: vec![LocalizedText {
                language: "es".into(),
                text: "¿Qué sucursal?".into(),
            }],
            kind: QuestionKind::MultipleChoice,
            choices: vec![Choice {
                value: "North".into(),
                label: String::new(),
                localized: vec![],
            }],
            required: true,
            pattern: String::new(),
        }],
        lifecycle: LifecycleTerms {
            expires: Expiration::Days(30),
            extension_approval: true,
            ..LifecycleTerms::default()
        },
        review: ReviewTerms {
            enabled: true,
            starts_at: Some(now()),
            reviewers: Reviewers::Specific(vec![group(7)]),
            fallbacks: vec![user(8)],
            ..ReviewTerms::default()
        },
        ..PolicyTerms::default()
    }
}

fn paths(change: impl FnOnce(&mut PolicyTerms)) -> Vec<String> {
    let mut terms = whole();
    change(&mut terms);
    check_terms(&terms, now()).into_iter().map(|fault| fault.path).collect()
}

#[test]
fn f065_whole_terms_are_kept_without_loss_and_have_no_fault() {
    assert_eq!(paths(|_| ()), Vec::<String>::new());
    let text = serde_json::to_string(&whole()).expect("text");
    assert_eq!(serde_json::from_str::<PolicyTerms>(&text).expect("read"), whole());
}

#[test]
fn terms_of_another_build_are_read() {
    let read: PolicyTerms = serde_json::from_str("{}").expect("nothing said");
    assert_eq!(read, PolicyTerms::default());
    let newer = r#"{"scope":"all_members","colour":"green","approval":{"stages":[{"approvers":[{"requestor_manager":1}],"mood":"good"}]}}"#;
    let read: PolicyTerms = serde_json::from_str(newer).expect("unknown fields");
    assert_eq!(read.scope, Scope::AllMembers);
    assert_eq!(read.approval.stages, [stage(&[SubjectSet::RequestorManager(1)])]);
}

#[test]
fn f100_forwarding_needs_four_days_and_comes_before_the_deadline() {
    let forward = |days: i64, after: i64| {
        paths(move |terms| {
            let stage = &mut terms.approval.stages[0];
            stage.days_to_decide = days;
            stage.forwarding.as_mut().expect("forwards").after_days = after;
        })
    };
    assert_eq!(forward(3, 1), ["approval.stages.0.days_to_decide"]);
    assert_eq!(forward(4, 4), ["approval.stages.0.forwarding.after_days"]);
    assert_eq!(forward(4, 0), ["approval.stages.0.forwarding.after_days"]);
    assert_eq!(forward(4, 3), Vec::<String>::new());
    assert_eq!(forward(15, 7), ["approval.stages.0.days_to_decide"]);
    let without = paths(|terms| {
        terms.approval.stages[0].forwarding = None;
        terms.approval.stages[0].days_to_decide = 1;
    });
    assert_eq!(without, Vec::<String>::new());
}

#[test]
fn f091_f094_a_manager_needs_a_fallback_and_decides_once() {
    let nobody = paths(|terms| terms.approval.stages[0].fallbacks.clear());
    assert_eq!(nobody, ["approval.stages.0.fallbacks"]);
    let manager_again = paths(|terms| {
        terms.approval.stages[1] = StageTerms {
            fallbacks: vec![user(3)],
            ..stage(&[SubjectSet::RequestorManager(1)])
        };
    });
    assert_eq!(manager_again, ["approval.stages.1.approvers"]);
    let alternate = paths(|terms| {
        terms.approval.stages[0].forwarding.as_mut().expect("forwards").alternates = vec![SubjectSet::RequestorManager(2)];
    });
    assert_eq!(alternate, ["approval.stages.0.forwarding.fallbacks"]);
    let sponsors = paths(|terms| terms.approval.stages[1] = stage(&[SubjectSet::TargetUserSponsors]));
    assert_eq!(sponsors, ["approval.stages.1.fallbacks"]);
}

#[test]
fn f086_f088_stages_are_one_to_ten_and_each_has_somebody() {
    assert_eq!(paths(|terms| terms.approval.stages.clear()), ["approval.stages"]);
    assert_eq!(
        paths(|terms| terms.approval.stages.resize(11, stage(&[user(5)]))),
        ["approval.stages"]
    );
    assert_eq!(
        paths(|terms| terms.approval.stages[1].approvers.clear()),
        ["approval.stages.1.approvers", "approval.stages.1.mode"]
    );
    let more_than_there_are = paths(|terms| terms.approval.stages[1].mode = DecisionMode::AtLeast(4));
    assert_eq!(more_than_there_are, ["approval.stages.1.mode"]);
    let unread = paths(|terms| terms.approval.stages[0].condition = "department is Sales".into());
    assert_eq!(unread, ["approval.stages.0.condition"]);
}

#[test]
fn f085_what_cannot_be_is_refused() {
    let nobody_extends = paths(|terms| terms.scope = Scope::Nobody);
    assert_eq!(nobody_extends, ["lifecycle.extension_allowed"]);
    let no_stages = paths(|terms| {
        terms.approval.required_for_update = false;
    });
    assert_eq!(no_stages, ["lifecycle.extension_approval"]);
    let nobody_on_behalf = paths(|terms| terms.requestor.on_behalf_add = true);
    assert_eq!(nobody_on_behalf, ["requestor.on_behalf"]);
    assert_eq!(paths(|terms| terms.lifecycle.expires = Expiration::Days(0)), ["lifecycle.days"]);
    assert_eq!(
        paths(|terms| terms.lifecycle.expires = Expiration::OnDate(now())),
        ["lifecycle.date"]
    );
}

#[test]
fn f105_f107_questions_are_checked_one_by_one() {
    let found = paths(|terms| {
        let mut second = terms.questions[0].clone();
        second.text = " ".into();
        second.choices.push(second.choices[0].clone());
        second.localized.push(LocalizedText {
            language: "ES".into(),
            text: "otra vez".into(),
        });
        terms.questions.push(second);
    });
    assert_eq!(
        found,
        [
            "questions.1.id",
            "questions.1.text",
            "questions.1.localized.1.language",
            "questions.1.choices.1.value"
        ]
    );
    assert_eq!(paths(|terms| terms.questions[0].choices.clear()), ["questions.0.choices"]);
}

#[test]
fn a_review_is_over_before_the_next_and_has_a_reviewer() {
    assert_eq!(paths(|terms| terms.review.duration_days = 351), ["review.duration_days"]);
    assert_eq!(paths(|terms| terms.review.starts_at = None), ["review.starts_at"]);
    assert_eq!(
        paths(|terms| terms.review.reviewers = Reviewers::Specific(vec![])),
        ["review.reviewers"]
    );
    let manager = paths(|terms| {
        terms.review.reviewers = Reviewers::Manager;
        terms.review.fallbacks.clear();
    });
    assert_eq!(manager, ["review.fallbacks"]);
}

/// A8: whom a policy names is told with what for, and taken out everywhere.
#[test]
fn everyone_whom_terms_name_is_mentioned_with_the_purpose() {
    let one = Subject::User(UserId(Uuid::from_u128(1)));
    let of_one: Vec<_> = whole().mentions().into_iter().filter(|(_, _, subject)| *subject == one).collect();
    assert_eq!(of_one, [(Purpose::Requestor, 0, one), (Purpose::Approver, 2, one)]);
    assert_eq!(whole().mentions().len(), 9);
    let left = whole().without(one);
    assert_eq!(left.mentions().len(), 7);
    assert!(left.names_enough());
    let (group, fallback) = (
        Subject::Group(ObjectId(Uuid::from_u128(2))),
        Subject::User(UserId(Uuid::from_u128(3))),
    );
    assert!(!left.clone().without(group).names_enough(), "nobody could request");
    assert!(!left.without(fallback).names_enough(), "nobody stands in for the manager");
}

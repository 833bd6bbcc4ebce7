//! Whether a request needs a decision at all, under which conditions a stage counts, and which stage comes next.

use chrono::Duration;
use serde::{Deserialize, Serialize};

use super::super::id::QuestionId;
use super::super::question::{Answer, QUESTION_TEXT_MAX};
use super::super::rule;
use super::super::subject::SubjectSet;
use super::super::text::lower;
use super::super::validate::{Checker, Code};
use super::{ApprovalTerms, StageTerms, range};

/// Days that a condition can compare with, at the most.
pub const LONGER_THAN_MAX: i64 = 3_660;

/// What must hold of a request for a stage to count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StageCondition {
    /// The person is a guest.
    Guest,
    /// Access is asked for longer than so many days; access without an end always is.
    LongerThan(i64),
    /// A question was answered so, compared without case.
    Answered {
        /// Which question.
        question: QuestionId,
        /// The answer.
        value: String,
    },
}

impl StageCondition {
    pub(super) fn check(&self, check: &mut Checker, path: &str) {
        match self {
            Self::Guest => {}
            Self::LongerThan(days) => range(check, path, *days, 1, LONGER_THAN_MAX),
            Self::Answered { question, .. } if question.0.is_nil() => check.fail(path, Code::Required),
            Self::Answered { value, .. } => {
                check.line(path, value, QUESTION_TEXT_MAX);
            }
        }
    }

    fn holds(&self, facts: &RequestFacts<'_>) -> bool {
        match self {
            Self::Guest => facts.guest,
            Self::LongerThan(days) => facts.length.is_none_or(|length| length > Duration::days(*days)),
            Self::Answered { question, value } => {
                let value = lower(value.trim());
                let mut answers = facts.answers.iter().filter(|answer| answer.question == *question);
                answers.any(|answer| lower(answer.value.trim()) == value)
            }
        }
    }
}

/// What conditions ask of a request.
pub struct RequestFacts<'a> {
    /// The person who is to have access is a guest.
    pub guest: bool,
    /// How long access would last; `None` is without end.
    pub length: Option<Duration>,
    /// The answers that were given.
    pub answers: &'a [Answer],
    /// The person's properties, as rules name them.
    pub property: &'a (dyn Fn(&str) -> String + Sync),
}

impl StageTerms {
    /// Its rules: for whom it counts, and who is asked by one.
    fn rules(&self) -> impl Iterator<Item = &str> {
        let forwarding = self
            .forwarding
            .iter()
            .flat_map(|terms| terms.alternates.iter().chain(&terms.fallbacks));
        let people = self.approvers.iter().chain(&self.fallbacks).chain(forwarding);
        let asked = people.filter_map(|set| match set {
            SubjectSet::AttributeRule(rule) => Some(rule.as_str()),
            _ => None,
        });
        asked.chain([self.condition.trim()]).filter(|rule| !rule.is_empty())
    }

    /// Whether the stage counts for a request. A rule that cannot be read lets nobody past.
    pub fn counts(&self, facts: &RequestFacts<'_>) -> bool {
        let rule = self.condition.trim();
        let meets = rule.is_empty() || rule::parse(rule).map_or(true, |rule| rule.matches(facts.property));
        meets && self.conditions.iter().all(|condition| condition.holds(facts))
    }
}

impl ApprovalTerms {
    /// The stage that comes after another (0: the first of all) and counts for a request, with its number from 1 on.
    pub fn next_stage(&self, after: i64, facts: &RequestFacts<'_>) -> Option<(i64, &StageTerms)> {
        let numbered = (1_i64..).zip(&self.stages);
        numbered
            .filter(|(number, _)| *number > after)
            .find(|(_, stage)| stage.counts(facts))
    }

    /// The rules that stages have, each with its stage's place from 0 on: which people they ask, and for whom they count.
    pub fn rules(&self) -> impl Iterator<Item = (usize, &str)> {
        let numbered = self.stages.iter().enumerate();
        numbered.flat_map(|(at, stage)| stage.rules().map(move |rule| (at, rule)))
    }

    /// The terms of a stage by its number.
    pub fn stage(&self, number: i64) -> Option<&StageTerms> {
        usize::try_from(number - 1).ok().and_then(|at| self.stages.get(at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::approval::StageTerms;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn when(conditions: &[StageCondition], rule: &str) -> StageTerms {
        StageTerms {
            conditions: conditions.to_vec(),
            condition: rule.into(),
            ..StageTerms::default()
        }
    }

    fn answer(number: u128, value: &str) -> Answer {
        Answer {
            question: QuestionId(Uuid::from_u128(number)),
            version: 1,
            text: "Why?".into(),
            value: value.into(),
            writes: None,
        }
    }

    fn numbers(terms: &ApprovalTerms, facts: &RequestFacts<'_>) -> Vec<i64> {
        let mut after = 0;
        std::iter::from_fn(|| {
            after = terms.next_stage(after, facts)?.0;
            Some(after)
        })
        .collect()
    }

    #[test]
    fn f088_stages_whose_conditions_do_not_hold_are_passed_over() {
        let production = StageCondition::Answered {
            question: QuestionId(Uuid::from_u128(1)),
            value: "Production".into(),
        };
        let terms = ApprovalTerms {
            stages: vec![
                when(&[StageCondition::Guest], ""),
                when(&[], ""),
                when(&[StageCondition::LongerThan(30)], ""),
                when(&[production], ""),
                when(&[], "user.department -eq \"Sales\""),
                when(&[], "this was a rule once"),
            ],
            ..ApprovalTerms::default()
        };
        let sales = |name: &str| if name == "department" { "sales".to_owned() } else { String::new() };
        let nothing = |_: &str| String::new();
        let answers = [answer(2, "production"), answer(1, " production ")];
        let facts = RequestFacts {
            guest: false,
            length: Some(Duration::days(30)),
            answers: &[],
            property: &nothing,
        };
        assert_eq!(numbers(&terms, &facts), [2, 6]);
        assert_eq!(numbers(&terms, &RequestFacts { guest: true, ..facts }), [1, 2, 6]);
        let facts = RequestFacts {
            guest: false,
            length: None,
            answers: &answers,
            property: &sales,
        };
        assert_eq!(numbers(&terms, &facts), [2, 3, 4, 5, 6]);
    }

    proptest! {
        /// However stages are conditioned, each is visited at most once, in order, and never without its conditions.
        #[test]
        fn f088_stages_are_visited_in_order_and_once(guests in proptest::collection::vec(any::<bool>(), 0..10), guest: bool) {
            let stages = guests.iter().map(|only| when(if *only { &[StageCondition::Guest] } else { &[] }, "")).collect();
            let terms = ApprovalTerms { stages, ..ApprovalTerms::default() };
            let facts = RequestFacts { guest, length: None, answers: &[], property: &|_| String::new() };
            let expected: Vec<i64> = (1..).zip(&guests).filter(|(_, only)| guest || !**only).map(|(number, _)| number).collect();
            prop_assert_eq!(numbers(&terms, &facts), expected);
        }
    }
}

//! One approval stage as it is typed, and whom it asks.

use serde::{Deserialize, Serialize};

use super::super::approval::{DecisionMode, ForwardingTerms, LONGER_THAN_MAX, StageCondition, StageTerms, range};
use super::super::id::QuestionId;
use super::super::object::Subject;
use super::super::question::QUESTION_TEXT_MAX;
use super::super::subject::SubjectSet;
use super::super::text::{DESCRIPTION_MAX, string_enum};
use super::super::validate::Checker;
use super::form::keep_text;

string_enum! {
    /// Who approves: the choice of a stage.
    ApproverKind {
        /// The requestor's manager.
        Manager = "manager",
        /// The manager's manager.
        SecondLevelManager = "second_level_manager",
        /// The sponsors of the person who is to have access.
        Sponsors = "sponsors",
        /// The internal sponsors of the requestor's connected organization.
        InternalSponsors = "internal_sponsors",
        /// Its external sponsors.
        ExternalSponsors = "external_sponsors",
        /// Named users and groups.
        Specific = "specific",
        /// Several of these kinds together.
        Several = "several",
    }
}

impl ApproverKind {
    /// The kinds that mean people by their relation to the requestor.
    pub const RELATIONS: [Self; 5] = [
        Self::Manager,
        Self::SecondLevelManager,
        Self::Sponsors,
        Self::InternalSponsors,
        Self::ExternalSponsors,
    ];

    /// As the choice is labelled.
    pub fn label(self) -> &'static str {
        match self {
            Self::Manager => "Manager as approver",
            Self::SecondLevelManager => "Second level manager as approver",
            Self::Sponsors => "Sponsors as approvers",
            Self::InternalSponsors => "Internal sponsor",
            Self::ExternalSponsors => "External sponsor",
            Self::Specific => "Choose specific approvers",
            Self::Several => "Several of these",
        }
    }

    /// Whom it means, where that is no list of names.
    pub fn set(self) -> Option<SubjectSet> {
        match self {
            Self::Manager => Some(SubjectSet::RequestorManager(1)),
            Self::SecondLevelManager => Some(SubjectSet::RequestorManager(2)),
            Self::Sponsors => Some(SubjectSet::TargetUserSponsors),
            Self::InternalSponsors => Some(SubjectSet::InternalSponsors),
            Self::ExternalSponsors => Some(SubjectSet::ExternalSponsors),
            Self::Specific | Self::Several => None,
        }
    }

    /// The relation that a set means, if it is one that can be chosen.
    fn relation(set: &SubjectSet) -> Option<Self> {
        Self::RELATIONS.into_iter().find(|kind| kind.set().as_ref() == Some(set))
    }

    /// Whether users and groups are chosen by name.
    pub fn names_people(self) -> bool {
        matches!(self, Self::Specific | Self::Several)
    }
}

/// Whom a stage asks, as chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ApproversForm {
    /// Who; `None` until it is chosen.
    pub kind: Option<ApproverKind>,
    /// Of specific approvers, and of several kinds.
    pub people: Vec<Subject>,
    /// Of several kinds: the relations among them.
    pub relations: Vec<ApproverKind>,
    /// Of several kinds: what no control can choose. It stays as it was until it is taken away.
    pub also: Vec<SubjectSet>,
    /// Who stands in where nobody of them is there.
    pub fallbacks: Vec<Subject>,
}

impl ApproversForm {
    fn of(asked: &[SubjectSet], fallbacks: &[SubjectSet]) -> Self {
        let people_by_name = people(asked);
        let relations: Vec<ApproverKind> = asked.iter().filter_map(ApproverKind::relation).collect();
        let shown = |set: &&SubjectSet| set.named().is_some() || ApproverKind::relation(set).is_some();
        let also: Vec<SubjectSet> = asked.iter().filter(|set| !shown(set)).cloned().collect();
        let kind = match (relations.as_slice(), people_by_name.is_empty(), also.is_empty()) {
            ([], true, true) => None,
            ([one], true, true) => Some(*one),
            ([], false, true) => Some(ApproverKind::Specific),
            _ => Some(ApproverKind::Several),
        };
        let several = kind == Some(ApproverKind::Several);
        Self {
            kind,
            people: people_by_name,
            relations: if several { relations } else { Vec::new() },
            also,
            fallbacks: people(fallbacks),
        }
    }

    /// The relations by which it asks, as chosen.
    pub fn relations_in_force(&self) -> &[ApproverKind] {
        match &self.kind {
            Some(ApproverKind::Several) => &self.relations,
            Some(kind) if kind.set().is_some() => std::slice::from_ref(kind),
            _ => &[],
        }
    }

    /// The people by name, where that is what was chosen.
    pub(super) fn in_force(&self) -> &[Subject] {
        if self.kind.is_some_and(ApproverKind::names_people) {
            &self.people
        } else {
            &[]
        }
    }

    /// Lists of kinds grow no longer than there are kinds; what no control chooses stays below the bound of a policy.
    fn bound(&mut self) {
        self.relations.truncate(ApproverKind::RELATIONS.len());
        self.also.truncate(super::SUBJECTS_MAX);
    }

    /// Who is asked, and who stands in.
    fn sets(&self) -> (Vec<SubjectSet>, Vec<SubjectSet>) {
        let relations = self.relations_in_force().iter().filter_map(|kind| kind.set());
        let mut asked: Vec<SubjectSet> = relations.chain(subjects(self.in_force())).collect();
        if self.kind == Some(ApproverKind::Several) {
            asked.extend(self.also.iter().cloned());
        }
        (asked, subjects(&self.fallbacks))
    }
}

string_enum! {
    /// Whose yes settles a stage.
    ModeKind {
        /// The first decision.
        AnyOne = "any_one",
        /// All who are asked.
        AllOf = "all_of",
        /// A number of them.
        AtLeast = "at_least",
    }
}

/// One stage, as typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct StageForm {
    /// Who approves.
    pub asked: ApproversForm,
    /// Decision must be made in how many days.
    pub days: String,
    /// Require approver justification.
    pub justification: bool,
    /// Whose yes it takes.
    pub mode: ModeKind,
    /// Of `AtLeast`: how many.
    pub mode_number: String,
    /// A rule about the person; empty for everybody.
    pub condition: String,
    /// Only for guests.
    pub guests: bool,
    /// Only where access is asked for longer than so many days; empty for any time.
    pub longer_than: String,
    /// Only where this question is answered so.
    pub answered: Option<QuestionId>,
    /// How it is answered then.
    pub answer: String,
    /// If no action taken, forward to alternate approvers.
    pub forward: bool,
    /// After how many days.
    pub forward_days: String,
    /// To whom.
    pub alternates: ApproversForm,
}

impl Default for StageForm {
    fn default() -> Self {
        Self::from(&StageTerms::default())
    }
}

impl From<&StageTerms> for StageForm {
    fn from(terms: &StageTerms) -> Self {
        let forwarding = terms.forwarding.clone();
        let forward = forwarding.is_some();
        let forwarding = forwarding.unwrap_or_default();
        let (mode, number) = match terms.mode {
            DecisionMode::AnyOne => (ModeKind::AnyOne, 2),
            DecisionMode::AllOf => (ModeKind::AllOf, 2),
            DecisionMode::AtLeast(number) => (ModeKind::AtLeast, number),
        };
        let longer_than = terms.conditions.iter().find_map(|condition| match condition {
            StageCondition::LongerThan(days) => Some(days.to_string()),
            _ => None,
        });
        let answered = terms.conditions.iter().find_map(|condition| match condition {
            StageCondition::Answered { question, value } => Some((*question, value.clone())),
            _ => None,
        });
        Self {
            asked: ApproversForm::of(&terms.approvers, &terms.fallbacks),
            days: terms.days_to_decide.to_string(),
            justification: terms.justification_required,
            mode,
            mode_number: number.to_string(),
            condition: terms.condition.clone(),
            guests: terms.conditions.contains(&StageCondition::Guest),
            longer_than: longer_than.unwrap_or_default(),
            answered: answered.as_ref().map(|(question, _)| *question),
            answer: answered.map(|(_, answer)| answer).unwrap_or_default(),
            forward,
            forward_days: forwarding.after_days.to_string(),
            alternates: ApproversForm::of(&forwarding.alternates, &forwarding.fallbacks),
        }
    }
}

impl StageForm {
    /// The stage that this asks for, with `path` before each field's name; what the terms themselves refuse is found by their own check.
    pub(super) fn check(&self, check: &mut Checker, path: &str) -> StageTerms {
        let mut number = |field: &str, text: &str| check.number(&format!("{path}{field}"), text, i32::MIN.into(), i32::MAX.into());
        let days_to_decide = number("days", &self.days);
        let mode = match self.mode {
            ModeKind::AnyOne => DecisionMode::AnyOne,
            ModeKind::AllOf => DecisionMode::AllOf,
            ModeKind::AtLeast => DecisionMode::AtLeast(number("mode", &self.mode_number)),
        };
        let forwarding = self.forward.then(|| {
            let (alternates, fallbacks) = self.alternates.sets();
            ForwardingTerms {
                after_days: number("forward_days", &self.forward_days),
                alternates,
                fallbacks,
            }
        });
        let longer_than =
            (!self.longer_than.trim().is_empty()).then(|| StageCondition::LongerThan(number("longer_than", &self.longer_than)));
        let guests = self.guests.then_some(StageCondition::Guest);
        let answered = self.answered.map(|question| StageCondition::Answered {
            question,
            value: self.answer.trim().to_owned(),
        });
        if let Some(StageCondition::LongerThan(days)) = &longer_than {
            range(check, &format!("{path}longer_than"), *days, 1, LONGER_THAN_MAX);
        }
        if answered.is_some() {
            check.line(&format!("{path}answer"), &self.answer, QUESTION_TEXT_MAX);
        }
        let (approvers, fallbacks) = self.asked.sets();
        StageTerms {
            conditions: guests.into_iter().chain(longer_than).chain(answered).collect(),
            approvers,
            fallbacks,
            days_to_decide,
            justification_required: self.justification,
            forwarding,
            mode,
            condition: self.condition.trim().to_owned(),
        }
    }

    /// Whether it counts only in some cases.
    pub fn is_conditional(&self) -> bool {
        self.guests || !self.condition.is_empty() || !self.longer_than.is_empty() || self.answered.is_some()
    }

    pub(super) fn keep(&mut self, check: &mut Checker, path: &str) {
        self.asked.bound();
        self.alternates.bound();
        keep_text(check, &format!("{path}days"), &mut self.days, 64);
        keep_text(check, &format!("{path}mode"), &mut self.mode_number, 64);
        keep_text(check, &format!("{path}forward_days"), &mut self.forward_days, 64);
        keep_text(check, &format!("{path}longer_than"), &mut self.longer_than, 64);
        keep_text(check, &format!("{path}answer"), &mut self.answer, QUESTION_TEXT_MAX);
        keep_text(check, &format!("{path}condition"), &mut self.condition, DESCRIPTION_MAX);
    }
}

/// The users and groups among these.
pub(super) fn people(sets: &[SubjectSet]) -> Vec<Subject> {
    sets.iter().filter_map(SubjectSet::named).collect()
}

/// Each of these once.
pub(super) fn subjects(chosen: &[Subject]) -> Vec<SubjectSet> {
    let mut sets: Vec<SubjectSet> = Vec::with_capacity(chosen.len());
    for subject in chosen {
        let set = SubjectSet::from(*subject);
        if !sets.contains(&set) {
            sets.push(set);
        }
    }
    sets
}

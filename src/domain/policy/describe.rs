//! What a policy says, in words: labelled lines, and what differs between two versions. Names of people and the words for instants come
//! from the caller, so that the page, the audit trail and a comparison say the same.

use chrono::{DateTime, Utc};

use super::super::approval::{ApproverDetails, DecisionMode, ForwardingTerms, StageCondition, StageTerms};
use super::super::expiration::Expiration;
use super::super::object::Subject;
use super::super::question::{Choice, Question, QuestionKind};
use super::super::review::{ReviewRecurrence, ReviewTerms};
use super::super::subject::SubjectSet;
use super::terms::PolicyTerms;

/// One thing that a policy says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyLine {
    /// What it is about; once a policy.
    pub label: String,
    /// What is said.
    pub value: String,
}

/// What two policies say differently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What it is about.
    pub label: String,
    /// What the first says; `None` where it says nothing of it.
    pub old: Option<String>,
    /// What the second says.
    pub new: Option<String>,
}

/// How a description finds its words.
struct Words<'a> {
    name: &'a dyn Fn(Subject) -> String,
    exact: &'a dyn Fn(DateTime<Utc>) -> String,
    lines: Vec<PolicyLine>,
}

/// The terms in labelled lines, in the order of the form. `name` names a user or group, `exact` words an instant.
pub fn describe(terms: &PolicyTerms, name: &dyn Fn(Subject) -> String, exact: &dyn Fn(DateTime<Utc>) -> String) -> Vec<PolicyLine> {
    let mut words = Words {
        name,
        exact,
        lines: Vec::new(),
    };
    if !terms.description.is_empty() {
        words.say("Description", terms.description.as_str());
    }
    words.requests(terms);
    for (question, at) in terms.questions.iter().zip(1..) {
        words.say(format!("Question {at}"), question_text(question));
    }
    words.lifecycle(terms);
    words.review(&terms.review);
    words.lines
}

/// What differs between two descriptions, in the order of the second; what only the first says comes last.
pub fn differences(old: &[PolicyLine], new: &[PolicyLine]) -> Vec<Difference> {
    let find = |lines: &[PolicyLine], label: &str| lines.iter().find(|line| line.label == label).map(|line| line.value.clone());
    let gone = old.iter().filter(|line| find(new, &line.label).is_none());
    new.iter()
        .chain(gone)
        .map(|line| Difference {
            label: line.label.clone(),
            old: find(old, &line.label),
            new: find(new, &line.label),
        })
        .filter(|difference| difference.old != difference.new)
        .collect()
}

/// The expiration in a few words; `exact` words an instant.
pub fn expires(expiration: Expiration, exact: impl Fn(DateTime<Utc>) -> String) -> String {
    match expiration {
        Expiration::OnDate(at) => format!("On {}", exact(at)),
        Expiration::Days(days) => format!("After {}", counted(days, "day")),
        Expiration::Hours(hours) => format!("After {}", counted(hours, "hour")),
        Expiration::Never => "Never".into(),
    }
}

fn counted(count: i64, unit: &str) -> String {
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

fn yes_no(yes: bool) -> &'static str {
    if yes { "Yes" } else { "No" }
}

impl Words<'_> {
    fn say(&mut self, label: impl Into<String>, value: impl Into<String>) {
        self.lines.push(PolicyLine {
            label: label.into(),
            value: value.into(),
        });
    }

    fn requests(&mut self, terms: &PolicyTerms) {
        let who = match terms.scope {
            scope if scope.names_subjects() => format!("{}: {}", scope.label(), self.people(&terms.subjects)),
            scope => scope.label().to_owned(),
        };
        self.say("Users who can request access", who);
        let approval = &terms.approval;
        if approval.is_asked() {
            let stages = counted(approval.stages.len() as i64, "stage");
            let required = match approval.required_for_add {
                true => format!("Yes, {stages}"),
                false => format!("Only to extend access, {stages}"),
            };
            self.say("Require approval", required);
            self.say("Require requestor justification", yes_no(terms.requestor.justification_required));
            for (stage, number) in approval.stages.iter().zip(1..) {
                self.stage(stage, number, &terms.questions);
            }
            let details = match approval.approver_details {
                ApproverDetails::Tenant => "Default",
                ApproverDetails::Shown => "Yes",
                ApproverDetails::Hidden => "No",
            };
            self.say("Show approver details on pending access package requests", details);
        } else {
            self.say("Require approval", "No");
            if terms.requestor.justification_required {
                self.say("Require requestor justification", "Yes");
            }
        }
        self.say("Enable requests", yes_no(terms.requestor.enabled));
        self.say(
            "Allow managers to request on behalf of their employees",
            yes_no(terms.requestor.on_behalf_add),
        );
    }

    fn stage(&mut self, stage: &StageTerms, number: i64, questions: &[Question]) {
        let label = |what: &str| format!("Stage {number}: {what}");
        self.say(label("approvers"), self.people(&stage.approvers));
        if !stage.fallbacks.is_empty() {
            self.say(label("fallback approvers"), self.people(&stage.fallbacks));
        }
        let mode = match stage.mode {
            DecisionMode::AnyOne => "Any one of them".to_owned(),
            DecisionMode::AllOf => "All of them".to_owned(),
            DecisionMode::AtLeast(count) => format!("At least {count} of them"),
        };
        self.say(label("who must approve"), mode);
        self.say(label("decision must be made in"), counted(stage.days_to_decide, "day"));
        self.say(label("require approver justification"), yes_no(stage.justification_required));
        if let Some(forwarding) = &stage.forwarding {
            self.say(label("forwarded if no action is taken"), self.forwarding(forwarding));
        }
        let only = only_where(stage, questions);
        if !only.is_empty() {
            self.say(label("only where"), only.join(", and "));
        }
    }

    fn forwarding(&self, forwarding: &ForwardingTerms) -> String {
        let fallback = match forwarding.fallbacks.as_slice() {
            [] => String::new(),
            sets => format!("; fallback: {}", self.people(sets)),
        };
        let days = counted(forwarding.after_days, "day");
        format!("After {days} to {}{fallback}", self.people(&forwarding.alternates))
    }

    fn lifecycle(&mut self, terms: &PolicyTerms) {
        let lifecycle = &terms.lifecycle;
        self.say("Access package assignments expire", expires(lifecycle.expires, self.exact));
        self.say("Users can request specific timeline", yes_no(lifecycle.custom_schedule));
        self.say("Allow users to extend access", yes_no(lifecycle.extension_allowed));
        if lifecycle.extension_allowed {
            self.say("Require approval to grant extension", yes_no(lifecycle.extension_approval));
        }
    }

    fn review(&mut self, review: &ReviewTerms) {
        if review.enabled {
            let often = match review.recurrence {
                ReviewRecurrence::Monthly => "Monthly",
                ReviewRecurrence::Quarterly => "Quarterly",
                ReviewRecurrence::HalfYearly => "Bi-annually",
                ReviewRecurrence::Annually => "Annually",
            };
            self.say(
                "Require access reviews",
                format!("{often}, for {}", counted(review.duration_days, "day")),
            );
        }
    }

    /// Whom these mean, by name.
    fn people(&self, sets: &[SubjectSet]) -> String {
        let word = |set: &SubjectSet| subject_set(set, self.name);
        match sets {
            [] => "Nobody".to_owned(),
            sets => sets.iter().map(word).collect::<Vec<_>>().join(", "),
        }
    }
}

/// Whom a subject set means; `name` names a user or group.
pub fn subject_set(set: &SubjectSet, name: &dyn Fn(Subject) -> String) -> String {
    match set {
        SubjectSet::RequestorManager(1) => "Manager".to_owned(),
        SubjectSet::RequestorManager(_) => "Second level manager".to_owned(),
        SubjectSet::InternalSponsors => "Internal sponsors".to_owned(),
        SubjectSet::ExternalSponsors => "External sponsors".to_owned(),
        SubjectSet::TargetUserSponsors => "Sponsors".to_owned(),
        SubjectSet::AttributeRule(rule) => format!("Everyone for whom {rule}"),
        SubjectSet::User(id) => name(Subject::User(*id)),
        SubjectSet::GroupMembers(id) => name(Subject::Group(*id)),
        SubjectSet::ConnectedOrganization(id) => name(Subject::Organization(*id)),
    }
}

/// What must hold for a stage to count.
fn only_where(stage: &StageTerms, questions: &[Question]) -> Vec<String> {
    let word = |condition: &StageCondition| match condition {
        StageCondition::Guest => "the person is a guest".to_owned(),
        StageCondition::LongerThan(days) => format!("access is asked for longer than {}", counted(*days, "day")),
        StageCondition::Answered { question, value } => {
            let asked = questions.iter().find(|asked| asked.id == *question);
            let text = asked.map_or("a question that is gone", |asked| asked.text.as_str());
            format!("the answer to “{text}” is “{value}”")
        }
    };
    let rule = (!stage.condition.is_empty()).then(|| stage.condition.clone());
    stage.conditions.iter().map(word).chain(rule).collect()
}

/// A question with all that is asked with it.
fn question_text(question: &Question) -> String {
    let mut said = vec![match question.kind {
        QuestionKind::ShortText => "Short text".to_owned(),
        QuestionKind::LongText => "Long text".to_owned(),
        QuestionKind::MultipleChoice => {
            let value = |choice: &Choice| match choice.label.as_str() {
                "" => choice.value.clone(),
                label => format!("{} ({label})", choice.value),
            };
            let values: Vec<String> = question.choices.iter().map(value).collect();
            format!("Multiple choice: {}", values.join(", "))
        }
    }];
    said.push(if question.required { "required" } else { "optional" }.to_owned());
    if !question.pattern.is_empty() {
        said.push(format!("must match {}", question.pattern));
    }
    for text in &question.localized {
        let translated = |choice: &Choice| {
            let found = choice.localized.iter().find(|other| other.language == text.language);
            found.map_or_else(|| choice.shown().to_owned(), |found| found.text.clone())
        };
        let values: Vec<String> = question.choices.iter().map(translated).collect();
        let values = if values.is_empty() {
            String::new()
        } else {
            format!(" ({})", values.join(", "))
        };
        said.push(format!("{}: {}{values}", text.language, text.text));
    }
    format!("{} ({})", question.text, said.join("; "))
}

//! The terms of a policy, whole: what every version keeps as one document. A field that is missing has its default, one that is unknown
//! is passed over, so a newer build reads what an older one wrote.

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

use super::super::approval::{ApprovalTerms, range};
use super::super::expiration::{DAYS_MAX, Expiration, HOURS_MAX};
use super::super::object::Subject;
use super::super::question::{Question, check_questions};
use super::super::review::{ReviewTerms, Reviewers};
use super::super::subject::{Purpose, SubjectSet};
use super::super::text::DESCRIPTION_MAX;
use super::super::validate::{Checker, Code, FieldErrors};
use super::{SUBJECTS_MAX, Scope};

/// Who may ask for what, besides the scope.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RequestorTerms {
    /// New requests are taken.
    pub enabled: bool,
    /// People ask for access themselves.
    pub self_add: bool,
    /// They ask for changes themselves.
    pub self_update: bool,
    /// They end their access themselves.
    pub self_remove: bool,
    /// Others may ask for them.
    pub on_behalf_add: bool,
    /// Others may ask for changes.
    pub on_behalf_update: bool,
    /// Others may end it.
    pub on_behalf_remove: bool,
    /// Who these others are.
    pub on_behalf: Vec<SubjectSet>,
    /// Requestors must say why.
    pub justification_required: bool,
}

impl Default for RequestorTerms {
    fn default() -> Self {
        Self {
            enabled: true,
            self_add: true,
            self_update: true,
            self_remove: true,
            on_behalf_add: false,
            on_behalf_update: false,
            on_behalf_remove: false,
            on_behalf: Vec::new(),
            justification_required: false,
        }
    }
}

/// How long access lasts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LifecycleTerms {
    /// When it ends.
    pub expires: Expiration,
    /// Requestors may ask for their own dates within that.
    pub custom_schedule: bool,
    /// People may ask for more time.
    pub extension_allowed: bool,
    /// More time needs a decision.
    pub extension_approval: bool,
}

impl Default for LifecycleTerms {
    fn default() -> Self {
        Self {
            expires: Expiration::Days(365),
            custom_schedule: true,
            extension_allowed: true,
            extension_approval: false,
        }
    }
}

/// Everything that a policy says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PolicyTerms {
    /// What it is for, for administrators.
    pub description: String,
    /// Who can request.
    pub scope: Scope,
    /// Of a specific scope.
    pub subjects: Vec<SubjectSet>,
    /// Requests.
    pub requestor: RequestorTerms,
    /// Approval.
    pub approval: ApprovalTerms,
    /// Requestor information, in the order in which it is asked.
    pub questions: Vec<Question>,
    /// Lifecycle.
    pub lifecycle: LifecycleTerms,
    /// Access reviews.
    pub review: ReviewTerms,
}

impl Default for PolicyTerms {
    fn default() -> Self {
        Self {
            description: String::new(),
            scope: Scope::Nobody,
            subjects: Vec::new(),
            requestor: RequestorTerms::default(),
            approval: ApprovalTerms::default(),
            questions: Vec::new(),
            lifecycle: LifecycleTerms::default(),
            review: ReviewTerms::default(),
        }
    }
}

/// A user or group that a policy names, what for, and at which approval stage: from 1 on, 0 where it belongs to none.
pub type Mention = (Purpose, i64, Subject);

impl PolicyTerms {
    /// Every user and group that the terms name, each once for a purpose and stage.
    pub fn mentions(&self) -> Vec<Mention> {
        let mut mentions = Vec::new();
        let mut add = |purpose, stage, sets: &[SubjectSet]| {
            for subject in sets.iter().filter_map(SubjectSet::named) {
                if !mentions.contains(&(purpose, stage, subject)) {
                    mentions.push((purpose, stage, subject));
                }
            }
        };
        add(Purpose::Requestor, 0, &self.subjects);
        add(Purpose::OnBehalf, 0, &self.requestor.on_behalf);
        for (stage, number) in self.approval.stages.iter().zip(1_i64..) {
            add(Purpose::Approver, number, &stage.approvers);
            add(Purpose::FallbackApprover, number, &stage.fallbacks);
            if let Some(forwarding) = &stage.forwarding {
                add(Purpose::Alternate, number, &forwarding.alternates);
                add(Purpose::FallbackAlternate, number, &forwarding.fallbacks);
            }
        }
        if let Reviewers::Specific(sets) = &self.review.reviewers {
            add(Purpose::Reviewer, 0, sets);
        }
        add(Purpose::FallbackReviewer, 0, &self.review.fallbacks);
        mentions
    }

    /// The same terms without a user or group, wherever they name it.
    pub fn without(mut self, subject: Subject) -> Self {
        let drop = |sets: &mut Vec<SubjectSet>| sets.retain(|set| set.named() != Some(subject));
        drop(&mut self.subjects);
        drop(&mut self.requestor.on_behalf);
        for stage in &mut self.approval.stages {
            drop(&mut stage.approvers);
            drop(&mut stage.fallbacks);
            if let Some(forwarding) = &mut stage.forwarding {
                drop(&mut forwarding.alternates);
                drop(&mut forwarding.fallbacks);
            }
        }
        if let Reviewers::Specific(sets) = &mut self.review.reviewers {
            drop(sets);
        }
        drop(&mut self.review.fallbacks);
        self
    }

    /// Whether somebody is left wherever the terms must name somebody.
    pub fn names_enough(&self) -> bool {
        let mut check = Checker::default();
        self.check_subjects(&mut check, "");
        self.approval.check(&mut check, "");
        self.review.check(&mut check, "");
        check.into_errors().iter().all(|fault| fault.code != Code::Required)
    }

    fn check_subjects(&self, check: &mut Checker, path: &str) {
        if self.scope.names_subjects() && self.subjects.is_empty() {
            check.fail(format!("{path}subjects"), Code::Required);
        }
        // Organizations are named where a policy is for them, and nowhere else.
        let of_organizations = self.scope == Scope::SpecificOrganizations;
        let misplaced = |(purpose, _, subject): &Mention| {
            let named_for_access = *purpose == Purpose::Requestor && of_organizations;
            matches!(subject, Subject::Organization(_)) != named_for_access
        };
        if self.mentions().iter().any(misplaced) {
            check.fail_once(format!("{path}subjects"), Code::NotOffered);
        }
        if self.mentions().len() > SUBJECTS_MAX {
            check.fail(format!("{path}subjects"), Code::TooMany(SUBJECTS_MAX));
        }
    }

    fn check_requestor(&self, check: &mut Checker, path: &str) {
        let terms = &self.requestor;
        let for_others = terms.on_behalf_add || terms.on_behalf_update || terms.on_behalf_remove;
        if for_others && terms.on_behalf.is_empty() {
            check.fail(format!("{path}on_behalf"), Code::Required);
        }
    }

    fn check_lifecycle(&self, check: &mut Checker, path: &str, now: DateTime<Utc>) {
        let terms = &self.lifecycle;
        match terms.expires {
            Expiration::Never => {}
            Expiration::Days(days) => range(check, &format!("{path}days"), days, 1, DAYS_MAX),
            Expiration::Hours(hours) => range(check, &format!("{path}hours"), hours, 1, HOURS_MAX),
            Expiration::OnDate(at) if at <= now => check.fail(format!("{path}date"), Code::InThePast),
            Expiration::OnDate(at) if at > now + Duration::days(DAYS_MAX) => {
                check.fail(format!("{path}date"), Code::OutOfRange(1, DAYS_MAX));
            }
            Expiration::OnDate(_) => {}
        }
        // Nobody asks under a policy for nobody (F085).
        if terms.extension_allowed && self.scope == Scope::Nobody {
            check.fail(format!("{path}extension_allowed"), Code::NotOffered);
        }
        // The stages of the Requests tab decide on extensions too (F083).
        let decides = terms.extension_allowed && terms.extension_approval;
        if decides && !self.approval.required_for_update {
            check.fail(format!("{path}extension_approval"), Code::NotOffered);
        }
    }
}

/// Checks the terms of a policy as a whole (section 9 of the feature map decides where the product contradicts itself).
pub fn check_terms(terms: &PolicyTerms, now: DateTime<Utc>) -> FieldErrors {
    let mut check = Checker::default();
    check.paragraph("description", &terms.description, DESCRIPTION_MAX);
    terms.check_subjects(&mut check, "");
    terms.check_requestor(&mut check, "requestor.");
    terms.approval.check(&mut check, "approval.");
    check_questions(&mut check, "questions", &terms.questions);
    terms.check_lifecycle(&mut check, "lifecycle.", now);
    terms.review.check(&mut check, "review.");
    check.into_errors()
}

#[cfg(test)]
mod tests;

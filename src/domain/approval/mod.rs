//! Approval as a policy asks for it: stages, who decides in each, and what happens when nobody does. Under which conditions a stage counts
//! is in `condition`, how a stage goes from its first vote to its end in `stage`, who stands in for whom in `delegation`, and what pages
//! show in `item`.

use serde::{Deserialize, Serialize};

use super::limit::Limit;
use super::rule;
use super::subject::SubjectSet;
use super::text::string_enum;
use super::validate::{Checker, Code};

mod condition;
mod delegation;
mod item;
mod stage;

pub use condition::{LONGER_THAN_MAX, RequestFacts, StageCondition};
pub use delegation::*;
pub use item::*;
pub use stage::*;

/// Stages of one policy at the most (F088).
pub const STAGES_MAX: usize = Limit::PolicyStages.bound();
/// Days in which a decision must be made, at the most.
pub const DAYS_TO_DECIDE_MAX: i64 = 14;
/// A stage that forwards needs at least so many days (feature map, section 9).
pub const DAYS_TO_FORWARD_MIN: i64 = 4;
/// Approvers whose yes a stage can ask for, at the most.
pub const AGREEING_MAX: i64 = 20;

string_enum! {
    /// Whether a requestor sees who decides while the request waits (F102).
    ApproverDetails {
        /// As the tenant's settings say.
        Tenant = "default",
        /// Names and mail.
        Shown = "yes",
        /// Nothing.
        Hidden = "no",
    }
}

impl ApproverDetails {
    /// Whether approvers are shown, where the tenant's settings say `tenant`.
    pub fn shown(self, tenant: bool) -> bool {
        match self {
            Self::Tenant => tenant,
            Self::Shown => true,
            Self::Hidden => false,
        }
    }
}

/// Whose yes settles a stage. Any no ends the request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecisionMode {
    /// The first decision.
    #[default]
    AnyOne,
    /// All who are asked.
    AllOf,
    /// This many of them.
    AtLeast(i64),
}

/// Who else is asked when nobody decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ForwardingTerms {
    /// After this many days.
    pub after_days: i64,
    /// Who.
    pub alternates: Vec<SubjectSet>,
    /// Who, where no alternate would be there.
    pub fallbacks: Vec<SubjectSet>,
}

impl Default for ForwardingTerms {
    fn default() -> Self {
        Self {
            after_days: 7,
            alternates: Vec::new(),
            fallbacks: Vec::new(),
        }
    }
}

/// One approval stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct StageTerms {
    /// Who decides.
    pub approvers: Vec<SubjectSet>,
    /// Who, where nobody of them is there.
    pub fallbacks: Vec<SubjectSet>,
    /// The request expires when nobody has decided in so many days.
    pub days_to_decide: i64,
    /// Approvers must say why.
    pub justification_required: bool,
    /// Whom to ask as well when nobody decides; `None`: nobody.
    pub forwarding: Option<ForwardingTerms>,
    /// Whose yes it takes.
    pub mode: DecisionMode,
    /// A rule about the person who is to have access: the stage is passed over for others. Empty: it counts for everyone.
    pub condition: String,
    /// What else must hold, all of it, or the stage is passed over.
    pub conditions: Vec<StageCondition>,
}

impl Default for StageTerms {
    fn default() -> Self {
        Self {
            approvers: Vec::new(),
            fallbacks: Vec::new(),
            days_to_decide: DAYS_TO_DECIDE_MAX,
            justification_required: true,
            forwarding: None,
            mode: DecisionMode::AnyOne,
            condition: String::new(),
            conditions: Vec::new(),
        }
    }
}

/// What a policy says about approval.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ApprovalTerms {
    /// New access waits for a decision.
    pub required_for_add: bool,
    /// So does an extension or another change.
    pub required_for_update: bool,
    /// One after another.
    pub stages: Vec<StageTerms>,
    /// What requestors see of who decides.
    pub approver_details: ApproverDetails,
}

impl Default for ApprovalTerms {
    fn default() -> Self {
        Self {
            required_for_add: false,
            required_for_update: false,
            stages: Vec::new(),
            approver_details: ApproverDetails::Tenant,
        }
    }
}

impl ApprovalTerms {
    /// Whether anything waits for a decision: new access, or more time.
    pub fn is_asked(&self) -> bool {
        self.required_for_add || self.required_for_update
    }

    /// Checks what it says, with `path` before each field's name.
    pub fn check(&self, check: &mut Checker, path: &str) {
        if !self.is_asked() {
            return;
        }
        match self.stages.len() {
            0 => check.fail(format!("{path}stages"), Code::Required),
            1..=STAGES_MAX => {}
            _ => check.fail(format!("{path}stages"), Code::TooMany(STAGES_MAX)),
        }
        let mut relations: Vec<&SubjectSet> = Vec::new();
        for (at, stage) in self.stages.iter().enumerate() {
            let path = format!("{path}stages.{at}.");
            stage.check(check, &path);
            // The manager, or a kind of sponsors, decides in one stage only (F091).
            for related in stage.approvers.iter().filter(|set| set.needs_fallback()) {
                if relations.contains(&related) {
                    check.fail(format!("{path}approvers"), Code::Repeated);
                }
                relations.push(related);
            }
        }
    }
}

impl StageTerms {
    fn check(&self, check: &mut Checker, path: &str) {
        people(check, path, ("approvers", &self.approvers), ("fallbacks", &self.fallbacks));
        let least = if self.forwarding.is_some() { DAYS_TO_FORWARD_MIN } else { 1 };
        range(
            check,
            &format!("{path}days_to_decide"),
            self.days_to_decide,
            least,
            DAYS_TO_DECIDE_MAX,
        );
        if let Some(forwarding) = &self.forwarding {
            let (alternates, fallbacks) = (&forwarding.alternates, &forwarding.fallbacks);
            let path = format!("{path}forwarding.");
            people(check, &path, ("alternates", alternates), ("fallbacks", fallbacks));
            range(
                check,
                &format!("{path}after_days"),
                forwarding.after_days,
                1,
                (self.days_to_decide - 1).max(1),
            );
        }
        if let DecisionMode::AtLeast(number) = self.mode {
            let single = self.approvers.iter().all(|set| matches!(set, SubjectSet::User(_)));
            let most = if single { self.approvers.len() as i64 } else { AGREEING_MAX };
            range(check, &format!("{path}mode"), number, 1, most.clamp(1, AGREEING_MAX));
        }
        if !self.condition.trim().is_empty()
            && let Err(error) = rule::parse(&self.condition)
        {
            check.fail(format!("{path}condition"), Code::Rule(error.fault, error.at));
        }
        for (at, condition) in self.conditions.iter().enumerate() {
            condition.check(check, &format!("{path}conditions.{at}"));
            if self.conditions[..at].contains(condition) {
                check.fail(format!("{path}conditions.{at}"), Code::Repeated);
            }
        }
    }
}

/// People who are asked, and who stands in where nobody of them is there (F094).
pub(super) fn people(check: &mut Checker, path: &str, asked: (&str, &[SubjectSet]), standing_in: (&str, &[SubjectSet])) {
    if asked.1.is_empty() {
        check.fail(format!("{path}{}", asked.0), Code::Required);
    }
    if standing_in.1.is_empty() && asked.1.iter().any(SubjectSet::needs_fallback) {
        check.fail(format!("{path}{}", standing_in.0), Code::Required);
    }
    for (name, sets) in [asked, standing_in] {
        if (1..sets.len()).any(|at| sets[..at].contains(&sets[at])) {
            check.fail(format!("{path}{name}"), Code::Repeated);
        }
    }
    if standing_in.1.iter().any(|set| set.named().is_none()) {
        check.fail(format!("{path}{}", standing_in.0), Code::NotOffered);
    }
}

/// A number within bounds.
pub(super) fn range(check: &mut Checker, path: &str, number: i64, from: i64, to: i64) {
    if !(from..=to).contains(&number) {
        check.fail(path, Code::OutOfRange(from, to));
    }
}

//! Access reviews as a policy asks for them: how often, by whom, and what becomes of access that nobody spoke for.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::approval::{people, range};
use super::subject::SubjectSet;
use super::text::string_enum;
use super::validate::{Checker, Code};

string_enum! {
    /// How often a review comes round.
    ReviewRecurrence {
        /// Every month.
        Monthly = "monthly",
        /// Every three months.
        Quarterly = "quarterly",
        /// Twice a year.
        HalfYearly = "half_yearly",
        /// Every year.
        Annually = "annually",
    }
}

impl ReviewRecurrence {
    /// A review lasts at most so many days, so that it is over before the next one begins.
    pub fn days_max(self) -> i64 {
        match self {
            Self::Monthly => 27,
            Self::Quarterly => 80,
            Self::HalfYearly => 170,
            Self::Annually => 350,
        }
    }
}

string_enum! {
    /// What becomes of access when its review ends without an answer.
    Unanswered {
        /// It stays.
        Keep = "keep_access",
        /// It ends.
        Remove = "remove_access",
        /// What the recommendation says.
        TakeRecommendation = "accept_recommendation",
    }
}

/// Who reviews.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reviewers {
    /// Each person for themselves.
    #[default]
    Oneself,
    /// These.
    Specific(Vec<SubjectSet>),
    /// Each person's manager.
    Manager,
}

/// What a policy says about reviews; one schedule a policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReviewTerms {
    /// Reviews take place.
    pub enabled: bool,
    /// The first one begins.
    #[serde(with = "super::when::maybe_instant")]
    pub starts_at: Option<DateTime<Utc>>,
    /// How often.
    pub recurrence: ReviewRecurrence,
    /// Days until a review ends.
    pub duration_days: i64,
    /// Who.
    pub reviewers: Reviewers,
    /// Who, where nobody of them is there.
    pub fallbacks: Vec<SubjectSet>,
    /// What becomes of access without an answer.
    pub unanswered: Unanswered,
    /// Reviewers are shown recommendations.
    pub helpers: bool,
    /// Reviewers must say why.
    pub justification_required: bool,
}

impl Default for ReviewTerms {
    fn default() -> Self {
        Self {
            enabled: false,
            starts_at: None,
            recurrence: ReviewRecurrence::Annually,
            duration_days: 25,
            reviewers: Reviewers::Oneself,
            fallbacks: Vec::new(),
            unanswered: Unanswered::Keep,
            helpers: true,
            justification_required: true,
        }
    }
}

impl ReviewTerms {
    /// Checks what it says, with `path` before each field's name.
    pub fn check(&self, check: &mut Checker, path: &str) {
        if !self.enabled {
            return;
        }
        if self.starts_at.is_none() {
            check.fail(format!("{path}starts_at"), Code::Required);
        }
        range(
            check,
            &format!("{path}duration_days"),
            self.duration_days,
            1,
            self.recurrence.days_max(),
        );
        let fallbacks = ("fallbacks", self.fallbacks.as_slice());
        match &self.reviewers {
            Reviewers::Oneself => {}
            Reviewers::Specific(sets) => people(check, path, ("reviewers", sets), fallbacks),
            Reviewers::Manager => people(check, path, ("reviewers", &[SubjectSet::RequestorManager(1)]), fallbacks),
        }
    }
}

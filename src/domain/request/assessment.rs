//! What would become of a request, found out by the decision that a real one meets, with nothing written: for "Would this work?" in My
//! Access, and for the administrators' simulator of a package's policies.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::decision::PolicyFit;
use crate::domain::approval::DecisionMode;
use crate::domain::expiration::Expiration;
use crate::domain::id::{Named, PackageId, PolicyId, UserId};
use crate::domain::policy::Scope;
use crate::domain::refusal::Permission;
use crate::domain::validate::FieldErrors;

/// One policy of the package, and how it meets the person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyVerdict {
    /// The policy.
    pub policy: Named<PolicyId>,
    /// Whom it is for.
    pub scope: Scope,
    /// How it meets them.
    pub fit: PolicyFit,
    /// A specific scope names them, or a group of theirs.
    pub named: bool,
}

/// An approval stage that the request would go through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageForecast {
    /// From 1 on.
    pub number: i64,
    /// Whose yes it takes.
    pub mode: DecisionMode,
    /// Who would be asked, as things stand; `None`: not for this reader.
    pub approvers: Option<Vec<Named<UserId>>>,
    /// Nobody could ever settle it: the request would be canceled at once.
    pub deadlocked: bool,
    /// When it is over, if every stage before takes all of its time.
    #[serde(with = "crate::domain::when::instant")]
    pub decided_by: DateTime<Utc>,
}

/// What would become of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assessment {
    /// For which package.
    pub package: Named<PackageId>,
    /// Who would have access.
    pub person: Named<UserId>,
    /// Whether they find the package under Available, and why not.
    pub listed: Permission,
    /// Whether it can be requested, and the rule that refuses.
    pub request: Permission,
    /// The package's policies in their order, each with how it meets them.
    pub policies: Vec<PolicyVerdict>,
    /// The policies of the highest priority: with more than one, the requestor chooses (F074).
    pub candidates: Vec<Named<PolicyId>>,
    /// The policy that applies.
    pub policy: Option<Named<PolicyId>>,
    /// Faults of the form, if one was given.
    pub faults: FieldErrors,
    /// The approval stages, in order; none: it is granted at once.
    pub stages: Vec<StageForecast>,
    /// When access would begin, if nobody had to decide.
    #[serde(with = "crate::domain::when::maybe_instant")]
    pub starts_at: Option<DateTime<Utc>>,
    /// When it would end then; `None`: never, or it cannot be requested.
    #[serde(with = "crate::domain::when::maybe_instant")]
    pub ends_at: Option<DateTime<Utc>>,
    /// How long the policy that applies gives access.
    pub expires: Option<Expiration>,
}

impl Assessment {
    /// Whether the request would be made as it stands.
    pub fn works(&self) -> bool {
        self.request.is_allowed() && self.policy.is_some() && self.faults.is_empty() && !self.stages.iter().any(|stage| stage.deadlocked)
    }
}

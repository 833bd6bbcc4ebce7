//! What pages show of approvals: lists of what one is or was asked to decide, and everything about one of them (F144, F145).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::super::id::{AssignmentId, Named, PackageId, RequestId, UserId};
use super::super::incompatibility::ConflictNotice;
use super::super::page::PageQuery;
use super::super::question::Answer;
use super::super::refusal::Permission;
use super::super::request_state::{RequestKind, RequestState};
use super::super::text::string_enum;
use super::super::validate::{Checker, FieldErrors};
use super::{ApproverRole, ApproverState, Decision, DecisionMode, REASON_MAX, StageState};

/// Requests that are decided together at the most.
pub const DECIDED_TOGETHER_MAX: usize = 50;

string_enum! {
    /// The tabs of Approvals.
    ApprovalTab {
        /// Waits for one's decision.
        Pending = "pending",
        /// Was decided, by oneself or another.
        History = "history",
    }
}

/// Which approvals to list: what waits, the nearest deadline first; what is over, the latest first.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ApprovalQuery {
    /// Pending or History.
    pub tab: ApprovalTab,
    /// Words of a package's name or of a person's.
    #[serde(default)]
    pub search: String,
    /// Which page.
    #[serde(default)]
    pub page: PageQuery,
}

/// A row of Approvals.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApprovalItem {
    /// The request.
    pub request: RequestId,
    /// In which stage one was asked, from 1 on.
    pub stage: i64,
    /// For which package.
    pub package: Named<PackageId>,
    /// Who made it.
    pub requestor: Named<UserId>,
    /// Whose access it is about.
    pub target: Named<UserId>,
    /// What it asks for.
    pub kind: RequestKind,
    /// Where the request stands.
    pub state: RequestState,
    /// When it was made.
    #[serde(with = "super::super::when::instant")]
    pub submitted_at: DateTime<Utc>,
    /// Until when it could be decided.
    #[serde(with = "super::super::when::instant")]
    pub due_at: DateTime<Utc>,
    /// In whose place one was asked, if as a delegate.
    pub origin: Option<Named<UserId>>,
    /// What came of the stage.
    pub outcome: StageState,
    /// One's own decision.
    pub decision: Option<Decision>,
    /// When the stage was settled.
    #[serde(with = "super::super::when::maybe_instant")]
    pub settled_at: Option<DateTime<Utc>>,
}

/// Somebody who is or was asked in a stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApproverItem {
    /// Who.
    pub user: Named<UserId>,
    /// Their address, or empty.
    pub mail: String,
    /// As what.
    pub role: ApproverRole,
    /// In whose place, if as a delegate.
    pub origin: Option<Named<UserId>>,
    /// Whether they still are.
    pub state: ApproverState,
    /// What they said.
    pub decision: Option<Decision>,
    /// Why, or empty.
    pub reason: String,
    /// When.
    #[serde(with = "super::super::when::maybe_instant")]
    pub decided_at: Option<DateTime<Utc>>,
}

/// A stage of a request that was reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageItem {
    /// Its number, from 1 on.
    pub stage: i64,
    /// Where it stands.
    pub state: StageState,
    /// Whose yes it takes.
    pub needed: i64,
    /// When it began.
    #[serde(with = "super::super::when::instant")]
    pub started_at: DateTime<Utc>,
    /// Until when it can be decided.
    #[serde(with = "super::super::when::instant")]
    pub due_at: DateTime<Utc>,
    /// When alternates joined.
    #[serde(with = "super::super::when::maybe_instant")]
    pub forwarded_at: Option<DateTime<Utc>>,
    /// When it came to its end.
    #[serde(with = "super::super::when::maybe_instant")]
    pub decided_at: Option<DateTime<Utc>>,
    /// Who is asked. Empty where the reader may not see it; those who decided are then told without their names.
    pub approvers: Vec<ApproverItem>,
}

/// What a person holds or held of what a package gives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EarlierAccess {
    /// The object's name.
    pub object: String,
    /// The role's name.
    pub role: String,
    /// The package that gave it.
    pub package: String,
    /// From when.
    #[serde(with = "super::super::when::instant")]
    pub starts_at: DateTime<Utc>,
    /// Until when; `None` is without end.
    #[serde(with = "super::super::when::maybe_instant")]
    pub ends_at: Option<DateTime<Utc>>,
}

/// Everything about one approval (F145).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApprovalDetail {
    /// As in the list.
    pub item: ApprovalItem,
    /// Why it was made, or empty.
    pub justification: String,
    /// The answers, each with its question (F109).
    pub answers: Vec<Answer>,
    /// Access asked for from this instant on; `None`: at once.
    #[serde(with = "super::super::when::maybe_instant")]
    pub asked_from: Option<DateTime<Utc>>,
    /// Until when access would last, if it has an end that is known.
    #[serde(with = "super::super::when::maybe_instant")]
    pub asked_until: Option<DateTime<Utc>>,
    /// The stages that were reached.
    pub stages: Vec<StageItem>,
    /// What the person has had of what the package gives, the latest first.
    pub earlier: Vec<EarlierAccess>,
    /// A reason must be given (F095).
    pub reason_required: bool,
    /// Rules of separation of duties that stand against it as things are (F128).
    pub conflict: Option<ConflictNotice>,
    /// May it be decided?
    pub decide: Permission,
    /// May the access that was approved be ended (F146)?
    pub revoke: Permission,
    /// The assignment that came of it.
    pub assignment: Option<AssignmentId>,
}

/// A decision as its form has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionForm {
    /// On which requests.
    pub requests: Vec<RequestId>,
    /// Yes or no.
    pub decision: Decision,
    /// Why.
    pub reason: String,
}

/// The reason of a decision, checked (F095).
pub fn check_reason(reason: &str, required: bool) -> Result<String, FieldErrors> {
    let mut check = Checker::default();
    let reason = check.paragraph("reason", reason, REASON_MAX);
    if required && reason.is_empty() {
        check.fail("reason", super::super::validate::Code::Required);
    }
    check.finish(reason)
}

/// What became of one of several decisions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionOutcome {
    /// On which request.
    pub request: RequestId,
    /// Why it was not taken, if so.
    pub refused: Option<String>,
}

/// A stage as it would go for a request that has not been made: who would decide, and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StagePreview {
    /// Its number, from 1 on.
    pub stage: i64,
    /// Days in which it must be decided.
    pub days_to_decide: i64,
    /// Whose yes it takes.
    pub mode: DecisionMode,
    /// Who would be asked, as things stand now.
    pub approvers: Vec<Named<UserId>>,
    /// Nobody could ever settle it.
    pub deadlocked: bool,
}

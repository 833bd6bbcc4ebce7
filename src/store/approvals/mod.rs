//! Approval: the stages that requests have reached and who is asked in them. Who could be asked is in `people`, who stands in for whom in
//! `delegations`, what pages list in `list`.

pub mod delegations;
mod list;
pub mod people;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::approval::{ApproverRole, ApproverState, Decision, StageState, StageTimes};
use crate::domain::id::{DelegationId, ObjectId, RequestId, UserId};
use crate::{args, row};

use super::batch;
use super::changes::Change;
use super::dialect::{self, trusted_sql};
use super::list::List;
use super::tx::{Arg, StoreError, Tx, word};

pub use list::{approvers_named, approvers_of, earlier_access, item, page, pending_count};

/// A stage of a request.
#[derive(Clone, Debug)]
pub struct Stage {
    /// Of which request.
    pub request_id: RequestId,
    /// Its number, from 1 on.
    pub stage: i64,
    /// Where it stands.
    pub state: StageState,
    /// How many must say yes.
    pub needed: i64,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// Until when it can be decided.
    pub due_at: DateTime<Utc>,
    /// When alternates join.
    pub forward_at: Option<DateTime<Utc>>,
    /// When they did.
    pub forwarded_at: Option<DateTime<Utc>>,
    /// When approvers were reminded.
    pub reminded_at: Option<DateTime<Utc>>,
    /// When the requestor last reminded them.
    pub nudged_at: Option<DateTime<Utc>>,
    /// When it came to its end.
    pub decided_at: Option<DateTime<Utc>>,
}
row!(Stage {
    request_id: id,
    stage,
    state: word,
    needed,
    started_at,
    due_at,
    forward_at,
    forwarded_at,
    reminded_at,
    nudged_at,
    decided_at
});

impl Stage {
    /// Its instants.
    pub fn times(&self) -> StageTimes {
        StageTimes {
            started_at: self.started_at,
            due_at: self.due_at,
            forward_at: self.forward_at,
            forwarded_at: self.forwarded_at,
            reminded_at: self.reminded_at,
        }
    }
}

/// Somebody who is or was asked in a stage.
#[derive(Clone, Debug)]
pub struct Approver {
    /// Who.
    pub user_id: UserId,
    /// As what.
    pub role: ApproverRole,
    /// In whose place, as a delegate.
    pub via_id: Option<UserId>,
    /// By which delegation.
    pub delegation_id: Option<DelegationId>,
    /// Whether they still are.
    pub state: ApproverState,
    /// What they said.
    pub decision: Option<Decision>,
    /// Why, or empty.
    pub reason: String,
    /// When.
    pub decided_at: Option<DateTime<Utc>>,
}
row!(Approver {
    user_id: id,
    role: word,
    via_id: opt_id,
    delegation_id: opt_id,
    state: word,
    decision: opt_word,
    reason,
    decided_at
});

/// Somebody to be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewApprover {
    /// Who.
    pub user: UserId,
    /// As what.
    pub role: ApproverRole,
    /// In whose place and by which delegation, as a delegate.
    pub via: Option<(UserId, DelegationId)>,
}

/// The stages of a request that were reached, in their order.
pub async fn stages(tx: &mut Tx, request: RequestId) -> Result<Vec<Stage>, StoreError> {
    tx.all(
        "SELECT request_id, stage, state, needed, started_at, due_at, forward_at, forwarded_at, reminded_at, nudged_at, decided_at
         FROM request_stages WHERE request_id = $1 ORDER BY stage",
        args![request],
    )
    .await
}

/// The stages that were reached of those of these requests that somebody is or was asked about, in their order.
pub async fn stages_of_asked(tx: &mut Tx, user: UserId, requests: &[RequestId]) -> Result<Vec<Stage>, StoreError> {
    if requests.is_empty() {
        return Ok(Vec::new());
    }
    let mut list = List::new(
        "s.request_id, s.stage, s.state, s.needed, s.started_at, s.due_at, s.forward_at, s.forwarded_at, s.reminded_at, s.nudged_at,
            s.decided_at",
        "request_stages s",
    );
    list.in_list("s.request_id", requests.iter().copied().map(Arg::from).collect());
    list.filter(
        "EXISTS (SELECT 1 FROM approvers a WHERE a.request_id = s.request_id AND a.user_id = ? AND a.state <> 'left')",
        args![user],
    );
    list.all(tx, "ORDER BY s.request_id, s.stage").await
}

/// One stage of a request.
pub async fn stage(tx: &mut Tx, request: RequestId, stage: i64) -> Result<Option<Stage>, StoreError> {
    tx.opt(
        "SELECT request_id, stage, state, needed, started_at, due_at, forward_at, forwarded_at, reminded_at, nudged_at, decided_at
         FROM request_stages WHERE request_id = $1 AND stage = $2",
        args![request, stage],
    )
    .await
}

/// Everyone who is or was asked in a stage.
pub async fn approvers(tx: &mut Tx, request: RequestId, stage: i64) -> Result<Vec<Approver>, StoreError> {
    tx.all(
        "SELECT user_id, role, via_id, delegation_id, state, decision, reason, decided_at FROM approvers
         WHERE request_id = $1 AND stage = $2 ORDER BY user_id",
        args![request, stage],
    )
    .await
}

/// The last stage in which somebody was asked, if they were, with what they are there.
pub async fn of_user(tx: &mut Tx, request: RequestId, user: UserId) -> Result<Option<(i64, ApproverState)>, StoreError> {
    let found: Option<Asked> = tx
        .opt(
            "SELECT stage, state FROM approvers WHERE request_id = $1 AND user_id = $2 ORDER BY stage DESC LIMIT 1",
            args![request, user],
        )
        .await?;
    Ok(found.map(|asked| (asked.stage, asked.state)))
}

struct Asked {
    stage: i64,
    state: ApproverState,
}
row!(Asked { stage, state: word });

/// Keeps a stage that begins, or one that is passed over.
pub async fn insert_stage(tx: &mut Tx, stage: &Stage) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO request_stages (request_id, stage, state, needed, started_at, due_at, forward_at, decided_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        args![
            stage.request_id,
            stage.stage,
            word(stage.state),
            stage.needed,
            stage.started_at,
            stage.due_at,
            stage.forward_at,
            stage.decided_at
        ],
    )
    .await?;
    Ok(())
}

/// Asks these people; whoever was asked before and had left is asked again, as what they are now.
pub async fn ask(tx: &mut Tx, stage: &Stage, people: &[NewApprover]) -> Result<(), StoreError> {
    let values = people.iter().flat_map(|new| {
        args![
            stage.request_id,
            stage.stage,
            new.user,
            word(new.role),
            new.via.map(|(via, _)| via),
            new.via.map(|(_, delegation)| delegation),
            word(ApproverState::Open),
            stage.due_at,
            ""
        ]
    });
    let head = "approvers (request_id, stage, user_id, role, via_id, delegation_id, state, due_at, reason)";
    let tail = "ON CONFLICT (request_id, stage, user_id) DO UPDATE SET role = excluded.role, via_id = excluded.via_id,
        delegation_id = excluded.delegation_id, state = excluded.state WHERE approvers.state = 'left'";
    tx.announce(Change::Requests);
    batch::insert(tx, head, 9, values.collect(), tail).await
}

/// These people are no longer asked.
pub async fn leave(tx: &mut Tx, request: RequestId, stage: i64, people: &[UserId]) -> Result<(), StoreError> {
    for chunk in people.chunks(IDS_MAX) {
        let mut args: Vec<Arg> = chunk.iter().copied().map(Arg::from).collect();
        let n = args.len();
        args.extend(args![request, stage]);
        let places = batch::numbered(1, n);
        let sql = format!(
            "UPDATE approvers SET state = 'left' WHERE user_id IN ({places}) AND request_id = ${} AND stage = ${} AND state = 'open'",
            n + 1,
            n + 2
        );
        tx.exec(trusted_sql(sql), args).await?;
    }
    tx.announce(Change::Requests);
    Ok(())
}

/// Ids in one statement at the most.
const IDS_MAX: usize = 500;

/// Keeps a decision. Whoever has decided is asked no more in this stage.
pub async fn vote(
    tx: &mut Tx,
    request: RequestId,
    stage: i64,
    user: UserId,
    (decision, reason): (Decision, &str),
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let touched = tx
        .exec(
            "UPDATE approvers SET state = 'settled', decision = $4, reason = $5, decided_at = $6, settled_at = $6
             WHERE request_id = $1 AND stage = $2 AND user_id = $3 AND state = 'open'",
            args![request, stage, user, word(decision), reason, now],
        )
        .await?;
    if touched == 1 {
        tx.announce(Change::Requests);
        Ok(())
    } else {
        Err(StoreError::Inconsistent(format!("nobody is asked twice about request {request}")))
    }
}

/// The vote of one person, or of who decides in their place, is cast: neither they nor others in their place are asked any more.
pub async fn close_seat(tx: &mut Tx, request: RequestId, stage: i64, of: UserId, now: DateTime<Utc>) -> Result<(), StoreError> {
    tx.exec(
        "UPDATE approvers SET state = 'settled', settled_at = $4
         WHERE request_id = $1 AND stage = $2 AND state = 'open' AND (user_id = $3 OR via_id = $3)",
        args![request, stage, of, now],
    )
    .await?;
    Ok(())
}

/// A stage comes to its end: whoever is still asked sees it under History from now on.
pub async fn settle(tx: &mut Tx, request: RequestId, stage: i64, state: StageState, now: DateTime<Utc>) -> Result<(), StoreError> {
    tx.exec(
        "UPDATE request_stages SET state = $3, decided_at = $4 WHERE request_id = $1 AND stage = $2 AND state = 'waiting'",
        args![request, stage, word(state), now],
    )
    .await?;
    tx.exec(
        "UPDATE approvers SET state = 'settled', settled_at = $3 WHERE request_id = $1 AND stage = $2 AND state = 'open'",
        args![request, stage, now],
    )
    .await?;
    tx.announce(Change::Requests);
    Ok(())
}

/// What was done about a stage that waits, and how many must say yes by now.
pub async fn update_stage(tx: &mut Tx, stage: &Stage) -> Result<(), StoreError> {
    tx.exec(
        "UPDATE request_stages SET needed = $3, forwarded_at = $4, reminded_at = $5, nudged_at = $6 WHERE request_id = $1 AND stage = $2",
        args![
            stage.request_id,
            stage.stage,
            stage.needed,
            stage.forwarded_at,
            stage.reminded_at,
            stage.nudged_at
        ],
    )
    .await?;
    Ok(())
}

/// The requests about whose approval these people are asked now, or in whose place somebody is.
pub async fn requests_asking(tx: &mut Tx, people: &[UserId]) -> Result<Vec<RequestId>, StoreError> {
    let mut found = Vec::new();
    for chunk in people.chunks(IDS_MAX) {
        let sql = dialect::in_list(
            "SELECT DISTINCT request_id FROM approvers WHERE state = 'open' AND user_id IN (?)",
            chunk.len(),
        );
        let ids: Vec<Uuid> = tx.column(sql, chunk.iter().copied().map(Arg::from).collect()).await?;
        found.extend(ids.into_iter().map(RequestId));
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// The requests about which a member of a group is asked now.
pub async fn requests_asking_group(tx: &mut Tx, group: ObjectId) -> Result<Vec<RequestId>, StoreError> {
    let ids: Vec<Uuid> = tx
        .column(
            "SELECT DISTINCT a.request_id FROM roles r JOIN memberships m ON m.role_id = r.id
                JOIN approvers a ON a.user_id = m.user_id AND a.state = 'open'
             WHERE r.object_id = $1",
            args![group],
        )
        .await?;
    Ok(ids.into_iter().map(RequestId).collect())
}

/// A request waits in this stage until then.
pub async fn wait(tx: &mut Tx, request: RequestId, stage: i64, due_at: DateTime<Utc>) -> Result<(), StoreError> {
    let touched = tx
        .exec(
            "UPDATE requests SET state = 'pending_approval', status = '', stage = $2, due_at = $3, version = version + 1
             WHERE id = $1 AND state IN ('submitted', 'pending_approval')",
            args![request, stage, due_at],
        )
        .await?;
    if touched == 1 {
        tx.announce(Change::Requests);
        Ok(())
    } else {
        Err(StoreError::Inconsistent(format!("request {request} cannot wait for a decision")))
    }
}

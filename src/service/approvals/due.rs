//! What comes due while a request waits: the reminder half way, the alternates, the end of the time to decide. Each happens once, and after
//! downtime what is over is over.

use chrono::{DateTime, Utc};

use crate::domain::access::{Principal, Scope, UseMyAccess};
use crate::domain::approval::{ApproverRole, ApproverState, StageEvent, StageState, may_remind};
use crate::domain::audit::Activity;
use crate::domain::id::{RequestId, UserId};
use crate::domain::notification::NotificationKind;
use crate::domain::refusal::Refusal;
use crate::domain::request::RequestState;
use crate::store::approvals::people::Hold;
use crate::store::approvals::{self, Approver, Stage};
use crate::store::requests::{self, Request};
use crate::store::{StoreError, Tx, policies};

use super::super::audit::Entry;
use super::super::notifications::{Notice, tell};
use super::super::{App, Error};
use super::decide::no_terms;
use super::resolve;
use super::start::{about, look_again, names};
use super::{concerned, date_text, entry, instant, notice, target};

/// A request that waits, held, with its stage and everyone who is or was asked there; nothing if it waits no more.
pub(super) async fn waiting(tx: &mut Tx, id: RequestId) -> Result<Option<(Request, Stage, Vec<Approver>)>, StoreError> {
    let Some((request, _)) = requests::lock(tx, &[id]).await?.pop() else {
        return Ok(None);
    };
    let Some(number) = request.stage.filter(|_| request.state == RequestState::PendingApproval) else {
        return Ok(None);
    };
    let Some(stage) = approvals::stage(tx, id, number)
        .await?
        .filter(|stage| stage.state == StageState::Waiting)
    else {
        return Ok(None);
    };
    let people = approvals::approvers(tx, id, number).await?;
    Ok(Some((request, stage, people)))
}

pub(super) fn open(people: &[Approver]) -> Vec<UserId> {
    let open = people.iter().filter(|person| person.state == ApproverState::Open);
    open.map(|person| person.user_id).collect()
}

/// Does what has come due in a request's approval, and looks again when the next thing does.
pub(super) async fn run(app: &App, tx: &mut Tx, id: RequestId, now: DateTime<Utc>) -> Result<(), StoreError> {
    let Some((request, mut stage, people)) = waiting(tx, id).await? else {
        return Ok(());
    };
    for event in stage.times().due(now) {
        match event {
            StageEvent::Expire => return expire(app, tx, &request, &stage, &people, now).await,
            StageEvent::Forward => forward(app, tx, &request, &mut stage, &people, now).await?,
            StageEvent::Remind => {
                stage.reminded_at = Some(now);
                approvals::update_stage(tx, &stage).await?;
                tell_reminder(app, tx, &request, &stage, &people, "half", now);
            }
        }
    }
    look_again(app, tx, &stage, now);
    Ok(())
}

fn tell_reminder(app: &App, tx: &mut Tx, request: &Request, stage: &Stage, people: &[Approver], occasion: &str, now: DateTime<Utc>) {
    let reminder = notice(NotificationKind::ApprovalReminder, request, stage.stage)
        .occasion(format!("{} {occasion}", stage.stage))
        .fact("due_at", instant(stage.due_at));
    tell(app, tx, &reminder, &open(people), now);
}

/// Nobody has decided in time (F098).
async fn expire(
    app: &App,
    tx: &mut Tx,
    request: &Request,
    stage: &Stage,
    people: &[Approver],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    approvals::settle(tx, request.id, stage.stage, StageState::Expired, now).await?;
    let why = format!("Nobody decided by {}", date_text(stage.due_at));
    requests::advance(tx, &[request], &[RequestState::Expired], &why, now).await?;
    entry(request, Activity::ExpireRequest)
        .detail(format!("Stage {}: {why}", stage.stage))
        .write(app, tx)?;
    let to_approvers = notice(NotificationKind::ApprovalExpired, request, stage.stage);
    tell(app, tx, &to_approvers, &open(people), now);
    let to_requestor = Notice::about_request(NotificationKind::RequestExpired, request.package_id, request.id);
    tell(app, tx, &to_requestor, &concerned(request), now);
    Ok(())
}

/// Alternates are asked as well; those who were asked before still are (F099, F101).
async fn forward(
    app: &App,
    tx: &mut Tx,
    request: &Request,
    stage: &mut Stage,
    people: &[Approver],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    stage.forwarded_at = Some(now);
    approvals::update_stage(tx, stage).await?;
    let (_, terms) = policies::version(tx, request.policy_version_id).await?.ok_or_else(no_terms)?;
    let Some(forwarding) = terms.approval.stage(stage.stage).and_then(|terms| terms.forwarding.as_ref()) else {
        return Ok(());
    };
    let about = about(request);
    let mut alternates = resolve::alternates(tx, forwarding, &about, Hold::Yes, now).await?;
    alternates.retain(|user| {
        people
            .iter()
            .all(|other| other.user_id != *user || other.state == ApproverState::Left)
    });
    let asked: Vec<(UserId, ApproverRole)> = alternates.iter().map(|user| (*user, ApproverRole::Alternate)).collect();
    let mut new = resolve::with_delegates(tx, &asked, &about, request.package_id, stage.started_at, now).await?;
    new.retain(|new| {
        people
            .iter()
            .all(|other| other.user_id != new.user || other.state == ApproverState::Left)
    });
    approvals::ask(tx, stage, &new).await?;
    approvals::wait(tx, request.id, stage.stage, stage.due_at).await?;
    let names = names(tx, &new).await?;
    let detail = if new.is_empty() {
        format!("Stage {}: no alternate is there", stage.stage)
    } else {
        format!("Stage {}: {names} asked as well", stage.stage)
    };
    entry(request, Activity::ForwardRequest).detail(detail).write(app, tx)?;
    let forwarded = notice(NotificationKind::ApprovalForwarded, request, stage.stage).fact("due_at", instant(stage.due_at));
    let users: Vec<UserId> = new.iter().map(|new| new.user).collect();
    tell(app, tx, &forwarded, &users, now);
    Ok(())
}

/// The requestor reminds whoever has not decided yet, once a day.
pub async fn remind(app: &App, actor: &Principal, id: RequestId) -> Result<(), Error> {
    let granted = actor.authorize(UseMyAccess, Scope::Tenant)?;
    let me = actor.person()?.id;
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let request = requests::find(&mut tx, id).await?.ok_or(Error::NotFound)?;
    if request.target_id != me && request.requestor_id != Some(me) {
        return Err(Error::NotFound);
    }
    let Some((request, mut stage, people)) = waiting(&mut tx, id).await? else {
        return Err(Refusal::new("nothing-waits", "This request doesn't wait for a decision any more.").into());
    };
    may_remind(stage.nudged_at, now)?;
    stage.nudged_at = Some(now);
    approvals::update_stage(&mut tx, &stage).await?;
    tell_reminder(app, &mut tx, &request, &stage, &people, &instant(now), now);
    Entry::by_principal(&granted, Activity::RemindApprovers, target(&request))
        .detail(format!("Stage {}", stage.stage))
        .correlation(id)
        .write(app, &mut tx)?;
    tx.commit().await?;
    app.wake.wake();
    Ok(())
}

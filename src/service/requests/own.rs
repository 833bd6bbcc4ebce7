//! What My Access shows before a request and after it: what would become of it, and one's own requests.

use chrono::{DateTime, Utc};

use crate::domain::access::{Principal, ReadMyAccess, Scope};
use crate::domain::approval::may_remind;
use crate::domain::id::{RequestId, UserId};
use crate::domain::refusal::{Permission, Refusal};
use crate::domain::request::{Assessment, OwnRequest, RequestState, SubmitForm, may_resubmit, may_withdraw};
use crate::store::requests::{self, Request};
use crate::store::{Tx, approvals as store, settings};

use super::super::incompatibilities::{self, Reader};
use super::super::{App, Error, approvals};
use super::assess::assess_fully;
use super::detail::detail;

/// Whether a request is somebody's own: they made it, or it is about their access.
pub fn is_own(request: &Request, me: UserId) -> bool {
    request.target_id == me || request.requestor_id == Some(me)
}

/// Would this work? The decision that the form would meet, with nothing written. Approvers are named where the policy, or else the tenant,
/// shows them (F102); other policies than the one that applies are not told of.
pub async fn would_it_work(app: &App, actor: &Principal, form: &SubmitForm) -> Result<Assessment, Error> {
    actor.authorize(ReadMyAccess, Scope::Tenant)?;
    let me = actor.person()?;
    let now = app.clock.now();
    let mut tx = app.store.read().await?;
    let (mut assessment, details) = assess_fully(&mut tx, form.package, me.id, Some(form), Reader::Person(me.id), now).await?;
    if let Permission::Denied(refusal) = &assessment.request
        && refusal.rule == "not-in-scope"
    {
        return Err(Error::Refused(refusal.clone()));
    }
    assessment.policies.clear();
    let shown = details.shown(settings::tenant(&mut tx).await?.approver_details);
    if !shown {
        assessment.stages.iter_mut().for_each(|stage| stage.approvers = None);
    }
    Ok(assessment)
}

/// One of one's own requests, with what one can do about it; another's is not there (F033, F102, F139, F140).
pub async fn own(app: &App, actor: &Principal, id: RequestId) -> Result<OwnRequest, Error> {
    actor.authorize(ReadMyAccess, Scope::Tenant)?;
    let me = actor.person()?;
    let mut tx = app.store.read().await?;
    let request = requests::find(&mut tx, id)
        .await?
        .filter(|request| is_own(request, me.id))
        .ok_or(Error::NotFound)?;
    let mut detail = detail(app, &mut tx, id).await?.ok_or(Error::NotFound)?;
    incompatibilities::tell(&mut tx, &mut detail, &request, Reader::Person(me.id), app.clock.now()).await?;
    let tenant = settings::tenant(&mut tx).await?;
    let stages = approvals::stages_of(&mut tx, &request, tenant.approver_details).await?;
    let remind = may_be_reminded(&mut tx, &request, app.clock.now()).await?;
    let resubmit = Permission::from(may_resubmit(request.state, request.kind)).and(if request.requestor_id == Some(me.id) {
        Ok(())
    } else {
        Err(Refusal::new("not-yours", "Somebody else made this request."))
    });
    Ok(OwnRequest {
        cancel: may_withdraw(request.state, request.kind).into(),
        resubmit,
        remind: remind.into(),
        detail,
        stages,
    })
}

/// Whether the approvers of a request may be reminded.
async fn may_be_reminded(tx: &mut Tx, request: &Request, now: DateTime<Utc>) -> Result<Result<(), Refusal>, Error> {
    let waits = request.stage.filter(|_| request.state == RequestState::PendingApproval);
    let stage = match waits {
        Some(number) => store::stage(tx, request.id, number).await?,
        None => None,
    };
    Ok(match stage {
        Some(stage) => may_remind(stage.nudged_at, now),
        None => Err(Refusal::new("not-waiting", "Nobody has to decide on this request.")),
    })
}

//! Letting another decide in one's place for a time (F147). What waits follows by the queue when the delegation begins, is changed or ends.

use chrono::{DateTime, Utc};

use crate::domain::access::{Authorized, Principal, Scope, UseMyAccess};
use crate::domain::approval::{DelegateCandidate, DelegationForm, DelegationState, DelegationView, may_change_delegation};
use crate::domain::audit::{Activity, Change, Target};
use crate::domain::id::{DelegationId, Named, UserId};
use crate::domain::job::JobKind;
use crate::domain::notification::NotificationKind;
use crate::domain::user::UserKind;
use crate::domain::validate::Code;
use crate::store::approvals::delegations::{self, Delegation};
use crate::store::approvals::requests_asking;
use crate::store::jobs::{self, NewJob};
use crate::store::{StoreError, Tx, packages, users};

use super::super::audit::Entry;
use super::super::notifications::{Notice, tell};
use super::super::{App, Error};
use super::{date_text, instant, refresh};

/// One's delegations, to others and from others, the latest first.
pub async fn delegations(app: &App, actor: &Principal) -> Result<DelegationView, Error> {
    actor.authorize(UseMyAccess, Scope::Tenant)?;
    let me = actor.person()?.id;
    let mut tx = app.store.read().await?;
    Ok(DelegationView {
        items: delegations::of_user(&mut tx, me, app.clock.now()).await?,
        packages: delegations::packages_asked(&mut tx, me).await?,
    })
}

/// Letters that a search for a delegate needs, so that it is no way to list everyone.
const SEARCH_MIN: usize = 2;

/// People whom one could name as a delegate. Guests name theirs by the whole user name, and are shown nobody.
pub async fn delegate_candidates(app: &App, actor: &Principal, search: &str) -> Result<Vec<DelegateCandidate>, Error> {
    actor.authorize(UseMyAccess, Scope::Tenant)?;
    let me = actor.person()?;
    if me.kind == UserKind::Guest || search.trim().chars().count() < SEARCH_MIN {
        return Ok(Vec::new());
    }
    let mut tx = app.store.read().await?;
    let mut found = delegations::candidates(&mut tx, search).await?;
    found.retain(|candidate| candidate.user_name != actor.user_name);
    Ok(found)
}

/// Delegates one's approvals, or changes a delegation that was made before, as it was when it was opened (id and version).
pub async fn save_delegation(
    app: &App,
    actor: &Principal,
    changed: Option<(DelegationId, i64)>,
    form: &DelegationForm,
) -> Result<DelegationId, Error> {
    let granted = actor.authorize(UseMyAccess, Scope::Tenant)?;
    let me = actor.person()?.id;
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let before = match changed {
        Some((id, version)) => Some(opened(&mut tx, me, id, version, now).await?),
        None => None,
    };
    // A delegation that runs keeps the day on which it began.
    let began = before.as_ref().map(|before| before.starts_at).filter(|at| *at <= now);
    let (delegate, starts_at) = form.check(&actor.user_name, now)?;
    let Named { id: delegate, name } = delegations::by_user_name(&mut tx, &delegate)
        .await?
        .ok_or_else(|| Error::field("delegate", Code::Gone))?;
    let package = match form.package {
        Some(id) => Some(
            packages::get(&mut tx, id)
                .await?
                .ok_or_else(|| Error::field("package", Code::Gone))?,
        ),
        None => None,
    };
    let kept = Delegation {
        id: before.as_ref().map_or_else(|| app.ids.id(now).into(), |before| before.id),
        delegator_id: me,
        delegate_id: delegate,
        package_id: form.package,
        starts_at: began.unwrap_or(starts_at),
        ends_at: form.ends_at,
        waiting: form.waiting,
        version: before.as_ref().map_or(1, |before| before.version),
    };
    match &before {
        None => delegations::insert(&mut tx, &kept, now).await?,
        Some(_) if delegations::update(&mut tx, &kept).await? => {}
        Some(_) => return Err(Error::changed("This delegation")),
    }
    let activity = if before.is_some() {
        Activity::UpdateDelegation
    } else {
        Activity::CreateDelegation
    };
    write(
        app,
        &mut tx,
        &granted,
        activity,
        (&kept, &name, package.map(|package| package.name)),
    )?;
    follow(app, &mut tx, &kept, now).await?;
    if before.is_none_or(|before| before.delegate_id != delegate) {
        tell_delegate(app, &mut tx, &kept, now);
    }
    tx.commit().await?;
    app.wake.wake();
    Ok(kept.id)
}

/// Ends a delegation now, or takes back one that has not begun.
pub async fn end_delegation(app: &App, actor: &Principal, id: DelegationId, version: i64) -> Result<(), Error> {
    let granted = actor.authorize(UseMyAccess, Scope::Tenant)?;
    let me = actor.person()?.id;
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let before = opened(&mut tx, me, id, version, now).await?;
    let kept = Delegation {
        starts_at: before.starts_at.min(now),
        ends_at: Some(now),
        ..before
    };
    if !delegations::update(&mut tx, &kept).await? {
        return Err(Error::changed("This delegation"));
    }
    let name = users::by_ids(&mut tx, &[kept.delegate_id])
        .await?
        .pop()
        .map(|user| user.name)
        .unwrap_or_default();
    write(app, &mut tx, &granted, Activity::UpdateDelegation, (&kept, &name, None))?;
    follow(app, &mut tx, &kept, now).await?;
    tx.commit().await?;
    app.wake.wake();
    Ok(())
}

/// One's own delegation as it was opened; another's is not there.
async fn opened(tx: &mut Tx, me: UserId, id: DelegationId, version: i64, now: DateTime<Utc>) -> Result<Delegation, Error> {
    let found = delegations::find(tx, id)
        .await?
        .filter(|found| found.delegator_id == me)
        .ok_or(Error::NotFound)?;
    may_change_delegation(DelegationState::at(found.starts_at, found.ends_at, now))?;
    if found.version == version {
        Ok(found)
    } else {
        Err(Error::changed("This delegation"))
    }
}

fn write(
    app: &App,
    tx: &mut Tx,
    granted: &Authorized<UseMyAccess>,
    activity: Activity,
    (kept, name, package): (&Delegation, &str, Option<String>),
) -> Result<(), StoreError> {
    let until = kept
        .ends_at
        .map_or("until it is ended".to_owned(), |end| format!("until {}", date_text(end)));
    let of = package.unwrap_or_else(|| if kept.package_id.is_some() { "one package" } else { "all packages" }.to_owned());
    Entry::by_principal(granted, activity, Target::new("delegation", kept.id, name))
        .and(Target::new("user", kept.delegate_id, name))
        .changes([Change::between("Delegate", "", name)])
        .detail(format!("{of}, from {} {until}", date_text(kept.starts_at)))
        .write(app, tx)
}

/// What is waited for follows a delegation: at once, when it begins, and when it ends.
async fn follow(app: &App, tx: &mut Tx, kept: &Delegation, now: DateTime<Utc>) -> Result<(), StoreError> {
    let asking = requests_asking(tx, &[kept.delegator_id, kept.delegate_id]).await?;
    refresh::enqueue(app, tx, &asking, now);
    for at in [Some(kept.starts_at), kept.ends_at].into_iter().flatten().filter(|at| *at > now) {
        let job = NewJob {
            kind: JobKind::Delegation,
            key: format!("delegation:{}:{}", kept.id, at.timestamp_micros()),
            subject: Some(kept.id.into()),
            run_at: at,
        };
        jobs::enqueue(tx, app.ids.id(now), now, job);
    }
    Ok(())
}

/// A delegation begins or ends.
pub(super) async fn run(app: &App, tx: &mut Tx, id: DelegationId, now: DateTime<Utc>) -> Result<(), StoreError> {
    let Some(found) = delegations::find(tx, id).await? else {
        return Ok(());
    };
    let asking = requests_asking(tx, &[found.delegator_id, found.delegate_id]).await?;
    refresh::enqueue(app, tx, &asking, now);
    Ok(())
}

fn tell_delegate(app: &App, tx: &mut Tx, kept: &Delegation, now: DateTime<Utc>) {
    let notice = Notice {
        kind: NotificationKind::DelegateAssigned,
        package: kept.package_id,
        request: None,
        assignment: None,
        occasion: format!("{} {}", kept.id, kept.version),
        facts: serde_json::json!({
            "delegator_id": kept.delegator_id.to_string(),
            "starts_at": instant(kept.starts_at),
            "ends_at": kept.ends_at.map(instant),
        }),
    };
    tell(app, tx, &notice, &[kept.delegate_id], now);
}

//! The end of guests' accounts (F161): from time to time the product looks for governed guests of whom no access is left, blocks them, and
//! deletes them some days later, as the settings say. Who is governed is said here too (F162).

use chrono::{DateTime, Utc};

use super::super::audit::Entry;
use super::super::{App, Error, approvals, rules, settle};
use crate::domain::access::{Action, Authorized, GovernGuests, Principal, Scope, Visible};
use crate::domain::audit::{Activity, Change, Target};
use crate::domain::external_user::{LeaveStep, UserLifecycle, may_govern};
use crate::domain::id::UserId;
use crate::store::users::{self, Account};
use crate::store::{StoreError, Tx, requests, sessions, settings};

#[cfg(test)]
mod tests;

/// Does with each governed guest without access what is due. What one pass leaves, because of a change at the same moment, the next finds.
pub async fn end_leavers(app: &App) -> Result<(), StoreError> {
    let now = app.clock.now();
    let mut behind = UserId(uuid::Uuid::nil());
    loop {
        let mut tx = app.store.read().await?;
        let terms = settings::tenant(&mut tx).await?.external_users();
        let found = users::leavers(&mut tx, behind, now).await?;
        drop(tx);
        let Some(last) = found.last() else { return Ok(()) };
        behind = last.id;
        for row in found.iter().filter(|row| terms.step(&row.leaver(), now) != LeaveStep::Wait) {
            end(app, row.id, now).await?;
        }
    }
}

/// What is due with one of them, in a transaction of its own that looks again.
async fn end(app: &App, id: UserId, now: DateTime<Utc>) -> Result<(), StoreError> {
    let mut tx = app.store.write().await?;
    rules::lock_rules(&mut tx).await?;
    requests::lock_open_of_target(&mut tx, id).await?;
    let terms = settings::tenant(&mut tx).await?.external_users();
    let (Some(row), Some(account)) = (users::leaver(&mut tx, id, now).await?, users::find(&mut tx, id).await?) else {
        return Ok(());
    };
    match terms.step(&row.leaver(), now) {
        LeaveStep::Wait => return Ok(()),
        LeaveStep::Block => block(app, &mut tx, &account, now).await?,
        LeaveStep::Delete => delete(app, &mut tx, &account, now).await?,
    }
    approvals::people_changed(app, &mut tx, &[id], now).await?;
    tx.commit().await?;
    app.wake.wake();
    Ok(())
}

fn target(account: &Account) -> Target {
    Target::new("user", account.id, account.name.as_str())
}

async fn block(app: &App, tx: &mut Tx, account: &Account, now: DateTime<Utc>) -> Result<(), StoreError> {
    if !users::block(tx, account.id, account.version, now).await? {
        return Err(StoreError::Inconsistent(format!(
            "user {} was changed while being blocked",
            account.id
        )));
    }
    sessions::end_all(tx, account.id, None).await?;
    rules::reevaluate_user(tx, account.id, now).await?;
    Entry::by_system(Activity::BlockUser, target(account))
        .changes([Change::between("Sign-in", "allowed", "blocked")])
        .detail("The last access of this guest has ended")
        .write(app, tx)?;
    settle::target_blocked(app, tx, account.id).await
}

async fn delete(app: &App, tx: &mut Tx, account: &Account, now: DateTime<Utc>) -> Result<(), StoreError> {
    if !users::delete(tx, account.id, account.version, now).await? {
        return Err(StoreError::Inconsistent(format!(
            "user {} was changed while being deleted",
            account.id
        )));
    }
    sessions::end_all(tx, account.id, None).await?;
    rules::reevaluate_user(tx, account.id, now).await?;
    Entry::by_system(Activity::DeleteUser, target(account))
        .detail("This guest has had no access since the last one ended")
        .write(app, tx)?;
    settle::target_deleted(app, tx, account.id, now).await
}

/// Says whether the product ends a guest's account. Whoever may govern guests in some catalogs says so of those who have or had access there.
pub async fn govern(app: &App, actor: &Principal, id: UserId, governed: bool) -> Result<(), Error> {
    let visible = actor.visible(Action::GovernGuests)?;
    let mut tx = app.store.write().await?;
    let granted = match &visible {
        Visible::All => actor.authorize(GovernGuests, Scope::Tenant)?,
        Visible::Catalogs(ids) => {
            let catalog = crate::store::assignments::catalog_of_target(&mut tx, id, ids).await?;
            actor.authorize(GovernGuests, Scope::Catalog(catalog.ok_or(Error::NotFound)?))?
        }
    };
    govern_in(app, &mut tx, &granted, id, governed).await?;
    Ok(tx.commit().await?)
}

/// The same in a transaction of others, by whoever has been allowed it.
pub(in crate::service) async fn govern_in(
    app: &App,
    tx: &mut Tx,
    granted: &Authorized<GovernGuests>,
    id: UserId,
    governed: bool,
) -> Result<(), Error> {
    let account = users::find(tx, id).await?.filter(|account| account.deleted_at.is_none());
    let account = account.ok_or(Error::NotFound)?;
    may_govern(&account.name, account.kind)?;
    if users::set_governed(tx, id, governed).await? {
        let word = |governed| UserLifecycle::of(account.kind, governed).map_or("", UserLifecycle::label);
        Entry::by_principal(granted, Activity::GovernGuest, target(&account))
            .changes([Change::between("User lifecycle", word(!governed), word(governed))])
            .write(app, tx)?;
    }
    Ok(())
}

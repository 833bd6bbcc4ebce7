//! Changes to an account as a whole: block, reset its password, delete, restore. Each that takes the way in away ends the sessions in
//! the same transaction, so a blocked user is out at once.

use chrono::{DateTime, Utc};

use super::super::audit::{Entry, changed};
use super::super::{App, Error, approvals, policies, queue, rules, settle};
use super::safeguards;
use crate::domain::access::{ManageUsers, Principal, Scope};
use crate::domain::assignment::EndReason;
use crate::domain::audit::{Activity, Change, Target};
use crate::domain::id::UserId;
use crate::domain::user::{RESTORE_WINDOW, may_lose_access, may_restore};
use crate::store::users::{self, Account};
use crate::store::{StoreError, Tx, assignments, grants, memberships, requests, sessions};

/// Letters and digits that are told apart on paper and over the telephone: 32 of them, five bits each.
const READABLE: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// Accounts that one transaction erases.
const ERASED_AT_ONCE: i64 = 200;

/// Blocks a user's sign-in (false) or allows it again (true); gives the new version.
pub async fn set_enabled(app: &App, actor: &Principal, id: UserId, version: i64, enabled: bool) -> Result<i64, Error> {
    actor.authorize(ManageUsers, Scope::Tenant)?;
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    rules::lock_rules(&mut tx).await?;
    let account = safeguards::opened(&mut tx, id, version).await?;
    let granted = actor.authorize_account(account.highest_role)?;
    if account.enabled == enabled {
        return Ok(version);
    }
    // Requests before their person, as delivery holds them.
    requests::lock_open_of_target(&mut tx, id).await?;
    if !enabled {
        may_lose_access(actor.is(id), &safeguards::held(&mut tx, &account).await?)?;
        sessions::end_all(&mut tx, id, None).await?;
    }
    let kept = users::set_enabled(&mut tx, id, version, enabled).await?;
    stored(&mut tx, kept, &account).await?;
    let moves = rules::reevaluate_user(&mut tx, id, now).await?;
    let activity = if enabled { Activity::UnblockUser } else { Activity::BlockUser };
    let sign_in = |allowed: bool| if allowed { "allowed" } else { "blocked" };
    Entry::by_principal(&granted, activity, target(&account))
        .changes([Change::between("Sign-in", sign_in(account.enabled), sign_in(enabled))])
        .detail(moves.sentence())
        .write(app, &mut tx)?;
    if enabled {
        settle::target_unblocked(app, &mut tx, id, now).await?;
    } else {
        settle::target_blocked(app, &mut tx, id).await?;
    }
    approvals::people_changed(app, &mut tx, &[id], now).await?;
    tx.commit().await?;
    app.wake.wake();
    Ok(version + 1)
}

/// Gives a user a new initial password and ends their sessions. The password is in the answer and nowhere else.
pub async fn reset_password(app: &App, actor: &Principal, id: UserId, version: i64) -> Result<String, Error> {
    actor.authorize(ManageUsers, Scope::Tenant)?;
    safeguards::may_reset_password(actor, id)?;
    let password = readable(&app.ids.secret());
    let hash = app.passwords.hash(password.clone()).await?;

    let mut tx = app.store.write().await?;
    let account = safeguards::opened(&mut tx, id, version).await?;
    let granted = actor.authorize_account(account.highest_role)?;
    let kept = users::set_initial_password(&mut tx, id, version, &hash, app.clock.now()).await?;
    stored(&mut tx, kept, &account).await?;
    sessions::end_all(&mut tx, id, None).await?;
    Entry::by_principal(&granted, Activity::ResetPassword, target(&account)).write(app, &mut tx)?;
    tx.commit().await?;
    Ok(password)
}

/// Deletes a user; 30 days to restore (F043). What packages gave them ends; what they were given by hand waits for their return, unseen.
pub async fn delete(app: &App, actor: &Principal, id: UserId, version: i64) -> Result<(), Error> {
    actor.authorize(ManageUsers, Scope::Tenant)?;
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    rules::lock_rules(&mut tx).await?;
    let account = safeguards::opened(&mut tx, id, version).await?;
    let granted = actor.authorize_account(account.highest_role)?;
    may_lose_access(actor.is(id), &safeguards::held(&mut tx, &account).await?)?;
    requests::lock_open_of_target(&mut tx, id).await?;
    let kept = users::delete(&mut tx, id, version, now).await?;
    stored(&mut tx, kept, &account).await?;
    sessions::end_all(&mut tx, id, None).await?;
    let moves = rules::reevaluate_user(&mut tx, id, now).await?;
    Entry::by_principal(&granted, Activity::DeleteUser, target(&account))
        .detail(moves.sentence())
        .write(app, &mut tx)?;
    settle::target_deleted(app, &mut tx, id, now).await?;
    approvals::people_changed(app, &mut tx, &[id], now).await?;
    end_assignments(app, &mut tx, id, now).await?;
    tx.commit().await?;
    app.wake.wake();
    Ok(())
}

/// Restores a deleted user. Whatever ended with the deletion stays ended.
pub async fn restore(app: &App, actor: &Principal, id: UserId, version: i64) -> Result<(), Error> {
    actor.authorize(ManageUsers, Scope::Tenant)?;
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    rules::lock_rules(&mut tx).await?;
    let account = users::find(&mut tx, id).await?.ok_or(Error::NotFound)?;
    let granted = actor.authorize_account(account.highest_role)?;
    let Some(deleted_at) = account.deleted_at.filter(|_| account.version == version) else {
        return Err(changed(&mut tx, id, &account.name).await);
    };
    may_restore(deleted_at, now)?;
    let restored = users::restore(&mut tx, id, version, &account.name)
        .await
        .map_err(|error| taken_meanwhile(error, &account))?;
    stored(&mut tx, restored, &account).await?;
    let moves = rules::reevaluate_user(&mut tx, id, now).await?;
    Entry::by_principal(&granted, Activity::RestoreUser, target(&account))
        .detail(moves.sentence())
        .write(app, &mut tx)?;
    tx.commit().await?;
    Ok(())
}

fn target(account: &Account) -> Target {
    Target::new("user", account.id, account.name.as_str())
}

async fn stored(tx: &mut Tx, stored: bool, account: &Account) -> Result<(), Error> {
    if stored {
        Ok(())
    } else {
        Err(changed(tx, account.id, &account.name).await)
    }
}

/// There is no field here to put the fault at, so the sentence says it all.
fn taken_meanwhile(error: StoreError, account: &Account) -> Error {
    if !error.is_conflict_on("users") {
        return error.into();
    }
    Error::Conflict(format!(
        "{} can't be restored: another user is called {} by now. Change that user's user name first.",
        account.name, account.user_name
    ))
}

/// Ends what packages gave a user who goes: from this moment access no longer holds, and the engine does the rest.
async fn end_assignments(app: &App, tx: &mut Tx, user: UserId, now: DateTime<Utc>) -> Result<(), StoreError> {
    for mut assignment in assignments::lock_live_of_target(tx, user).await? {
        if assignment.ends_at.is_some_and(|end| end <= now) {
            continue;
        }
        assignment.ends_at = Some(now);
        assignment.end_reason = Some(EndReason::UserDeleted);
        if !assignments::update(tx, &mut assignment).await? {
            let reason = format!("assignment {} was changed while its user was deleted", assignment.id);
            return Err(StoreError::Inconsistent(reason));
        }
        for grant in grants::live_grants(tx, assignment.id).await? {
            memberships::recount(tx, grant.role_id, grant.user_id).await?;
        }
        queue::schedule_end(app, tx, assignment.id, now, now);
    }
    Ok(())
}

/// Erases accounts whose time to be restored is over (30 days), some at a time; their names stay for the trail. Says how many.
pub async fn erase_deleted(app: &App) -> Result<usize, StoreError> {
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let erased = users::erase(&mut tx, now - RESTORE_WINDOW, now, ERASED_AT_ONCE).await?;
    for user in &erased {
        Entry::by_system(Activity::EraseUser, Target::new("user", user.id, user.name.as_str())).write(app, &mut tx)?;
        policies::forget_user(app, &mut tx, user, now).await?;
    }
    tx.commit().await?;
    Ok(erased.len())
}

/// A password of 20 characters that can be read aloud, with 90 random bits, from a secret in hex.
fn readable(secret: &str) -> String {
    let letters: Vec<char> = secret
        .as_bytes()
        .chunks_exact(2)
        .filter_map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .filter_map(|byte| READABLE.get(usize::from(byte % 32)))
        .map(|letter| char::from(*letter))
        .take(18)
        .collect();
    let groups: Vec<String> = letters.chunks(6).map(|group| group.iter().collect()).collect();
    groups.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_initial_password_is_twenty_readable_characters() {
        let password = readable(&"00112233445566778899aabbccddeeff".repeat(2));
        assert_eq!(password.chars().count(), 20);
        assert!(password.chars().all(|c| c == '-' || READABLE.contains(&(c as u8))));
    }
}

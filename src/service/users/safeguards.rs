//! Where a user stands towards the rules about losing access, and what an actor may therefore do with the account: the same answers for
//! the page that offers a command and for the command itself.

use chrono::{DateTime, Utc};

use super::super::Error;
use super::super::audit::changed;
use crate::domain::access::{Permission, Principal, Refusal};
use crate::domain::id::UserId;
use crate::domain::user::{DirectoryRole, UserAbilities, UserStanding, may_lose_access, may_lose_role, may_restore, may_send_sign_in_link};
use crate::store::users::{self, Account};
use crate::store::{StoreError, Tx};

/// A present account as it was when the actor opened it.
pub async fn opened(tx: &mut Tx, id: UserId, version: i64) -> Result<Account, Error> {
    let account = users::find(tx, id)
        .await?
        .filter(|account| account.deleted_at.is_none())
        .ok_or(Error::NotFound)?;
    if account.version == version {
        Ok(account)
    } else {
        Err(changed(tx, id, &account.name).await)
    }
}

/// The standing of an account that may lose access, held until the transaction ends where the count decides.
pub async fn held(tx: &mut Tx, account: &Account) -> Result<UserStanding, StoreError> {
    let administrators = if account.role == DirectoryRole::GlobalAdministrator {
        users::lock_global_administrators(tx).await?
    } else {
        0
    };
    Ok(standing(account, administrators))
}

fn standing(account: &Account, global_administrators: i64) -> UserStanding {
    UserStanding {
        role: account.role,
        enabled: account.enabled,
        global_administrators,
    }
}

/// Whether the actor may give the account a new password: their own goes through Change password, which asks for the old one.
pub fn may_reset_password(actor: &Principal, id: UserId) -> Result<(), Refusal> {
    if actor.is(id) {
        return Err(Refusal::new(
            "never-oneself",
            "This is your own account. Use Change password in the account menu instead.",
        ));
    }
    Ok(())
}

/// What the actor may do with an account.
pub fn abilities(actor: &Principal, account: &Account, global_administrators: i64, now: DateTime<Utc>) -> UserAbilities {
    let standing = standing(account, global_administrators);
    let manage = Permission::from(actor.authorize_account(account.highest_role).map(|_| ()));
    if let Some(deleted_at) = account.deleted_at {
        let gone = || {
            let reason = format!("{} has been deleted. Restore the user first.", account.name);
            Permission::Denied(Refusal::new("user-deleted", reason))
        };
        return UserAbilities {
            edit: gone(),
            assign_role: gone(),
            block: gone(),
            reset_password: gone(),
            send_link: gone(),
            delete: gone(),
            restore: manage.and(may_restore(deleted_at, now)),
        };
    }
    let own = actor.is(account.id);
    let and = |rule: Result<(), Refusal>| manage.clone().and(rule);
    UserAbilities {
        assign_role: and(may_lose_role(&standing)),
        block: and(may_lose_access(own, &standing)),
        reset_password: and(may_reset_password(actor, account.id)),
        send_link: and(may_send_sign_in_link(
            &account.name,
            account.has_password,
            account.enabled,
            &account.mail,
        )),
        delete: and(may_lose_access(own, &standing)),
        restore: Permission::Denied(Refusal::new("not-deleted", format!("{} has not been deleted.", account.name))),
        edit: manage,
    }
}

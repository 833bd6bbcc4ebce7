//! People's accounts, as administrators manage them: lists and details here, each kind of change in its own file. Must not know how a
//! password is hashed or how a session is kept.

mod change;
mod leaving;
mod profile;
mod query;
mod safeguards;
mod sponsors;
mod subjects;

#[cfg(test)]
mod tests;

pub use change::{delete, erase_deleted, reset_password, restore, set_enabled};
pub use leaving::govern;
pub(super) use leaving::{end_leavers, govern_in};
pub(super) use profile::{change, create_without_password, write_attributes};
pub use profile::{create, update};
pub use query::{directory_role, me, query, query_holders, record, records};
pub use subjects::{query_subjects, subject_record};

use super::{App, Error, custom_attributes};
use crate::domain::access::{Principal, ReadDirectory, Scope};
use crate::domain::id::{Named, UserId};
use crate::domain::page::Page;
use crate::domain::user::{RESTORE_WINDOW, UserDetail, UserItem, UserQuery};
use crate::store::users;

/// A page of users, present or deleted.
pub async fn list(app: &App, actor: &Principal, query: &UserQuery) -> Result<Page<UserItem>, Error> {
    actor.authorize(ReadDirectory, Scope::Tenant)?;
    let mut tx = app.store.read().await?;
    Ok(users::list(&mut tx, query).await?)
}

/// One user, deleted ones included, with what the actor may do with it.
pub async fn get(app: &App, actor: &Principal, id: UserId) -> Result<UserDetail, Error> {
    actor.authorize(ReadDirectory, Scope::Tenant)?;
    let now = app.clock.now();
    let mut tx = app.store.read().await?;
    let account = users::find(&mut tx, id).await?.ok_or(Error::NotFound)?;
    let administrators = users::global_administrators(&mut tx).await?;
    let manager = match account.manager_id {
        Some(manager) => users::by_ids(&mut tx, &[manager]).await?,
        None => Vec::new(),
    };
    let sponsors = sponsors::of(&mut tx, id).await?;
    let attributes = custom_attributes::of_user(&mut tx, id).await?;
    Ok(UserDetail {
        attributes,
        sponsors,
        abilities: safeguards::abilities(actor, &account, administrators, now),
        manager: manager
            .into_iter()
            .find(|manager| manager.deleted_at.is_none())
            .map(|manager| Named::new(manager.id, manager.name)),
        item: UserItem {
            id: account.id,
            name: account.name,
            user_name: account.user_name,
            kind: account.kind,
            role: account.role,
            department: account.department,
            job_title: account.job_title,
            enabled: account.enabled,
            has_password: account.has_password,
            deleted_at: account.deleted_at,
        },
        mail: account.mail,
        company: account.company,
        office: account.office,
        phone: account.phone,
        created_at: account.created_at,
        version: account.version,
        restorable_until: account.deleted_at.map(|at| at + RESTORE_WINDOW),
    })
}

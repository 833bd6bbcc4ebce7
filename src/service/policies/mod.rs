//! Policies: made, changed, enabled, ordered, deleted and restored in `change`, taken as a whole in `whole`, read in `read`; here is which of them name a user or a
//! group, and what becomes of those when a user is erased.

mod change;
mod read;
mod whole;

#[cfg(test)]
mod change_tests;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::domain::access::{Action, Principal};
use crate::domain::audit::{Activity, Change, Target};
use crate::domain::id::{Named, PolicyId, PolicyVersionId, UserId};
use crate::domain::object::Subject;
use crate::domain::policy::PolicyMention;
use crate::store::{StoreError, Tx, policies};

use super::audit::Entry;
use super::{App, Error};

pub use change::{create, delete, order, restore, set_enabled, update};
pub(super) use change::{create_in, delete_in, name_questions, order_in, update_in, within_limits};
pub use read::{get, versions};
pub use whole::{create_whole, of_packages, query, record, records, replace_whole};

/// Which policies name a user or a group, and what for: what a page says before either is deleted (A8).
pub async fn naming(app: &App, actor: &Principal, subject: Subject) -> Result<Vec<PolicyMention>, Error> {
    let visible = actor.visible(Action::ReadCatalogs)?;
    let mut tx = app.store.read().await?;
    let mut named = policies::naming(&mut tx, subject).await?;
    named.retain(|mention| visible.includes(mention.catalog));
    Ok(named)
}

/// Takes a user who was erased out of every policy: each gets a new version without them, and a row in the trail that says so, and whether
/// the policy now lacks somebody.
pub(super) async fn forget_user(app: &App, tx: &mut Tx, user: &Named<UserId>, now: DateTime<Utc>) -> Result<(), StoreError> {
    let subject = Subject::User(user.id);
    let named: BTreeSet<PolicyId> = policies::naming(tx, subject)
        .await?
        .into_iter()
        .map(|found| found.policy.id)
        .collect();
    for id in named {
        let Some(policy) = policies::lock(tx, id).await? else {
            continue;
        };
        let terms = policy.terms.clone().without(subject);
        if !policies::replace(tx, &policy, PolicyVersionId(app.ids.id(now)), &terms, None, now).await? {
            return Err(StoreError::Inconsistent(format!("policy {id} was changed while it was held")));
        }
        let detail = if terms.names_enough() {
            "The user was erased"
        } else {
            "The user was erased, and the policy now lacks somebody: nobody can request, approve or review there until it is changed"
        };
        Entry::by_system(Activity::UpdatePolicy, Target::new("policy", id, policy.name.as_str()))
            .and(Target::new("package", policy.package_id, ""))
            .and(Target::new("user", user.id, user.name.as_str()))
            .changes([Change::between("subjects", user.name.as_str(), "")])
            .detail(detail)
            .correlation(policy.package_id)
            .write(app, tx)?;
    }
    Ok(())
}

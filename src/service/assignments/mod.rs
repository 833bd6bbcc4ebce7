//! Assignments as administrators see, make, end and repair them. Making and ending one is a request like every other change of who has what.

mod assign;
mod govern;
mod query;
mod remove;
mod reprocess;
mod update;

use crate::domain::access::{Action, Principal, ReadAssignments, Refusal, Scope};
use crate::domain::assignment::{AssignmentDetail, AssignmentItem, AssignmentQuery, may_remove, may_reprocess};
use crate::domain::external_user::{UserLifecycle, may_govern};
use crate::domain::id::AssignmentId;
use crate::domain::page::Page;
use crate::domain::user::UserKind;
use crate::store::{assignments, grants, requests};

use super::{App, Error, access};

pub(super) use assign::assign_in;
pub use assign::{assign, assign_one, options};
pub use govern::govern;
pub use query::{Part, query, record, record_of_own, records};
pub use remove::{remove, remove_all};
pub use reprocess::reprocess;
pub use update::update;

/// A page of a package's assignments (F037, F120).
pub async fn list(app: &App, actor: &Principal, query: &AssignmentQuery) -> Result<Page<AssignmentItem>, Error> {
    actor.authorize_somewhere(Action::ReadAssignments)?;
    let mut tx = app.store.read().await?;
    let granted = access::on_package(&mut tx, actor, ReadAssignments, query.package).await?;
    let page = assignments::list_of_package(&mut tx, query, app.clock.now()).await?;
    Ok(page.map(|item| with_permissions(actor, granted.scope(), item)))
}

/// One assignment with what it gives and what changed it.
pub async fn get(app: &App, actor: &Principal, id: AssignmentId) -> Result<AssignmentDetail, Error> {
    actor.authorize_somewhere(Action::ReadAssignments)?;
    let mut tx = app.store.read().await?;
    let assignment = assignments::find(&mut tx, id).await?.ok_or(Error::NotFound)?;
    let granted = access::on_package(&mut tx, actor, ReadAssignments, assignment.package_id).await?;
    let item = assignments::item(&mut tx, id, app.clock.now()).await?.ok_or(Error::NotFound)?;
    let (policy_version, policy_changed) = assignments::policy_version(&mut tx, id).await?;
    Ok(AssignmentDetail {
        item: with_permissions(actor, granted.scope(), item),
        policy_version,
        policy_changed,
        grants: grants::of_assignment(&mut tx, id).await?,
        requests: requests::list_of_assignment(&mut tx, id).await?,
    })
}

fn with_permissions(actor: &Principal, scope: Scope, item: AssignmentItem) -> AssignmentItem {
    let manage = actor.permission(Action::ManageAssignments, scope);
    let governed = match item.lifecycle {
        Some(UserLifecycle::Ungoverned) => Ok(()),
        Some(UserLifecycle::Governed) => Err(Refusal::new("governed-already", "This guest is governed already.")),
        None => may_govern(&item.target.name, UserKind::Member),
    };
    AssignmentItem {
        govern: actor.permission(Action::GovernGuests, scope).and(governed),
        remove: manage.clone().and(may_remove(item.state)),
        reprocess: manage.and(may_reprocess(item.state)),
        ..item
    }
}

//! Assignments for the API: filtered and sorted as it asks, and only what the caller may see or has a part in.

use crate::domain::access::{Action, Principal, ReadAssignments, ReadMyAccess, Scope};
use crate::domain::assignment::AssignmentRecord;
use crate::domain::id::{AssignmentId, PackageId};
use crate::domain::odata::ListQuery;
use crate::store::odata::Found;
use crate::store::odata::assignments::{self as listed, Whose};

use super::super::{App, Error, access};

/// Which assignments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Those that one may see.
    Seen,
    /// One's own.
    Target,
    /// Those that came of one's requests.
    Requestor,
    /// Those of a package that one may see, of people who hold another, too.
    Both(PackageId, PackageId),
    /// Those that one may see, of people who hold what is incompatible with it.
    InConflict,
}

/// A page of assignments (F173, F175).
pub async fn query(app: &App, actor: &Principal, query: &ListQuery, part: Part) -> Result<Found<AssignmentRecord>, Error> {
    let now = app.clock.now();
    match part {
        Part::Seen | Part::InConflict => {
            let visible = actor.visible(Action::ReadAssignments)?;
            let whose = match part {
                Part::Seen => Whose::Visible(&visible),
                _ => Whose::InConflict(&visible),
            };
            let mut tx = app.store.read().await?;
            Ok(listed::list(&mut tx, query, whose, now).await?)
        }
        Part::Both(package, other) => {
            actor.authorize_somewhere(Action::ReadAssignments)?;
            let mut tx = app.store.read().await?;
            access::on_package(&mut tx, actor, ReadAssignments, package).await?;
            access::on_package(&mut tx, actor, ReadAssignments, other).await?;
            Ok(listed::list(&mut tx, query, Whose::Both(package, other), now).await?)
        }
        Part::Target | Part::Requestor => {
            actor.authorize(ReadMyAccess, Scope::Tenant)?;
            let me = actor.person()?.id;
            let whose = match part {
                Part::Target => Whose::Target(me),
                _ => Whose::Requestor(me),
            };
            let mut tx = app.store.read().await?;
            Ok(listed::list(&mut tx, query, whose, now).await?)
        }
    }
}

/// One assignment (F173).
pub async fn record(app: &App, actor: &Principal, id: AssignmentId) -> Result<AssignmentRecord, Error> {
    actor.authorize_somewhere(Action::ReadAssignments)?;
    let mut tx = app.store.read().await?;
    let assignment = listed::get(&mut tx, id, app.clock.now()).await?.ok_or(Error::NotFound)?;
    access::in_catalog(actor, ReadAssignments, assignment.catalog_id)?;
    Ok(assignment)
}

/// The access to a package that one has (F175).
pub async fn record_of_own(app: &App, actor: &Principal, package: PackageId) -> Result<AssignmentRecord, Error> {
    actor.authorize(ReadMyAccess, Scope::Tenant)?;
    let me = actor.person()?.id;
    let mut tx = app.store.read().await?;
    listed::live(&mut tx, package, me, app.clock.now()).await?.ok_or(Error::NotFound)
}

/// These assignments, those of them that one may see or that are one's own.
pub async fn records(app: &App, actor: &Principal, ids: &[AssignmentId]) -> Result<Vec<AssignmentRecord>, Error> {
    let visible = actor.visible(Action::ReadAssignments).ok();
    let mut tx = app.store.read().await?;
    let mut found = listed::by_ids(&mut tx, ids, app.clock.now()).await?;
    found.retain(|assignment| {
        let seen = visible.as_ref().is_some_and(|visible| visible.includes(assignment.catalog_id));
        seen || actor.is(assignment.target_id)
    });
    Ok(found)
}

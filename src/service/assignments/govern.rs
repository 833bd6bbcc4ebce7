//! Mark guest as governed (F162): of the people of these assignments, guests are ended by the product once no access is left.

use crate::domain::access::{Action, GovernGuests, Principal};
use crate::domain::bulk::{ItemResult, check_bulk};
use crate::domain::id::AssignmentId;
use crate::store::assignments;

use super::super::{App, Error, access, users};

/// Marks the people of these assignments as governed; of members that is refused.
pub async fn govern(app: &App, actor: &Principal, ids: &[AssignmentId]) -> Result<Vec<ItemResult<AssignmentId>>, Error> {
    actor.authorize_somewhere(Action::GovernGuests)?;
    check_bulk("ids", ids.len())?;
    let mut tx = app.store.write().await?;
    let mut results = Vec::with_capacity(ids.len());
    for id in ids {
        let assignment = assignments::find(&mut tx, *id).await?.ok_or(Error::NotFound)?;
        let granted = access::on_package(&mut tx, actor, GovernGuests, assignment.package_id).await?;
        let done = match users::govern_in(app, &mut tx, &granted, assignment.target_id, true).await {
            Ok(()) => Ok(()),
            Err(Error::Refused(refusal)) => Err(refusal),
            Err(error) => return Err(error),
        };
        results.push(ItemResult::new(*id, done));
    }
    tx.commit().await?;
    Ok(results)
}

//! People as subjects of access, for the API (F162).

use crate::domain::access::{Action, Principal};
use crate::domain::id::UserId;
use crate::domain::odata::ListQuery;
use crate::domain::user::SubjectRecord;
use crate::store::odata::{Found, subjects};

use super::super::{App, Error};

/// A page of the people whose access the actor sees.
pub async fn query_subjects(app: &App, actor: &Principal, query: &ListQuery) -> Result<Found<SubjectRecord>, Error> {
    let visible = actor.visible(Action::ReadAssignments)?;
    let mut tx = app.store.read().await?;
    Ok(subjects::list(&mut tx, query, &visible).await?)
}

/// One of them.
pub async fn subject_record(app: &App, actor: &Principal, id: UserId) -> Result<SubjectRecord, Error> {
    let visible = actor.visible(Action::ReadAssignments)?;
    let mut tx = app.store.read().await?;
    subjects::get(&mut tx, id, &visible).await?.ok_or(Error::NotFound)
}

//! Separation of duties at the moment of delivery: what became incompatible after a request was made or approved comes to nothing, with the
//! reason on the request and a notification for its person. Of several requests for one person the rules see one after the other.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::domain::id::{PackageId, RequestId, UserId};
use crate::domain::incompatibility::{Audience, Conflict, HELD, may_gain};
use crate::store::incompatibilities::{self, Stands};
use crate::store::requests::Request;
use crate::store::{StoreError, Tx, packages};

use super::super::incompatibilities::{hold_people, named};
use super::super::{App, settle};
use super::put_away;

/// Takes out what cannot be given. Gives what can be given in this batch, and what has to wait for it: whether a person may have the one
/// package is known once the other has been given.
pub(super) async fn sift(
    app: &App,
    tx: &mut Tx,
    adding: Vec<Request>,
    now: DateTime<Utc>,
) -> Result<(Vec<Request>, Vec<RequestId>), StoreError> {
    let packages: Vec<PackageId> = adding.iter().map(|request| request.package_id).collect();
    let concerned = incompatibilities::concerned(tx, &packages).await?;
    if concerned.is_empty() {
        return Ok((adding, Vec::new()));
    }
    let is_concerned = |request: &&Request| concerned.contains(&request.package_id);
    hold_people(tx, adding.iter().filter(is_concerned).map(|request| request.target_id)).await?;
    let bound = incompatibilities::with_rules(tx, &packages).await?;
    let asked: Vec<RequestId> = adding
        .iter()
        .filter(|request| bound.contains(&request.package_id))
        .map(|request| request.id)
        .collect();
    let found = incompatibilities::of_requests(tx, &asked, now).await?;
    let mut given: BTreeSet<UserId> = BTreeSet::new();
    let (mut fit, mut later) = (Vec::new(), Vec::new());
    for request in adding {
        let stands: Vec<&Stands> = found.iter().filter(|stands| stands.request_id == Some(request.id)).collect();
        if bound.contains(&request.package_id) && given.contains(&request.target_id) {
            later.push(request.id);
        } else if stands.is_empty() {
            given.insert(request.target_id);
            fit.push(request);
        } else {
            come_to_nothing(app, tx, &request, &stands, now).await?;
        }
    }
    Ok((fit, later))
}

/// The request is canceled. What it says names nothing, since others than its person read it; the person is told by name.
async fn come_to_nothing(app: &App, tx: &mut Tx, request: &Request, stands: &[&Stands], now: DateTime<Utc>) -> Result<(), StoreError> {
    let conflicts: Vec<Conflict> = stands.iter().filter_map(|stands| named(stands, true)).collect();
    let package = packages::get(tx, request.package_id).await?;
    let name = package.map_or_else(|| "this package".to_owned(), |package| package.name);
    let told = may_gain(&conflicts, Audience::Themselves, &name)
        .err()
        .map(|refusal| refusal.reason);
    settle::cancel_as(app, tx, request, HELD, Some(told.as_deref().unwrap_or(HELD)), now).await?;
    // What a failed delivery left of the same request.
    if let Some(assignment) = request.assignment_id {
        put_away(app, tx, assignment, request.id, now).await?;
    }
    Ok(())
}

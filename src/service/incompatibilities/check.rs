//! Finds what stands against somebody's getting a package, and names it as far as the reader may see. A person always reads what they have
//! themselves; an administrator the packages of catalogs that they see, and groups; anyone else packages that are offered to them or that
//! they have, and no groups.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::domain::access::Principal;
use crate::domain::id::{PackageId, UserId};
use crate::domain::incompatibility::{Audience, Conflict, ConflictNotice, Counterpart, HELD, may_gain, notice};
use crate::domain::refusal::Refusal;
use crate::domain::request::{RequestDetail, RequestState};
use crate::store::incompatibilities::{self, Stands};
use crate::store::requests::Request;
use crate::store::{StoreError, Tx, eligibility, notifications, offers, users};

use super::super::access;

/// Who will read of it.
#[derive(Clone, Copy, Debug)]
pub enum Reader<'a> {
    /// A person in My Access.
    Person(UserId),
    /// An administrator.
    Administrator(&'a Principal),
}

/// What stands against a person's asking for or getting these packages, as the reader sees it.
pub async fn against(
    tx: &mut Tx,
    target: UserId,
    packages: &[PackageId],
    reader: Reader<'_>,
    now: DateTime<Utc>,
) -> Result<BTreeMap<PackageId, Vec<Conflict>>, StoreError> {
    let found = incompatibilities::standing(tx, target, packages, now).await?;
    let mut of_package: BTreeMap<PackageId, Vec<Conflict>> = BTreeMap::new();
    let shown = names_seen(tx, &found, target, reader, now).await?;
    for (stands, shown) in found.iter().zip(shown) {
        of_package.entry(stands.package_id).or_default().extend(named(stands, shown));
    }
    Ok(of_package)
}

/// A rule that stands, with its name where the reader may see it.
pub fn named(stands: &Stands, shown: bool) -> Option<Conflict> {
    Some(Conflict {
        rule: stands.rule,
        counterpart: stands.counterpart()?,
        name: shown.then(|| stands.name.clone()),
    })
}

/// For each rule whether the reader may see the name of what the person has.
async fn names_seen(
    tx: &mut Tx,
    found: &[Stands],
    target: UserId,
    reader: Reader<'_>,
    now: DateTime<Utc>,
) -> Result<Vec<bool>, StoreError> {
    let person = match reader {
        Reader::Administrator(actor) => return Ok(found.iter().map(|stands| seen_by(actor, stands)).collect()),
        Reader::Person(person) if person == target || found.is_empty() => return Ok(vec![true; found.len()]),
        Reader::Person(person) => person,
    };
    let Some(user) = users::find(tx, person).await? else {
        return Ok(vec![false; found.len()]);
    };
    let package = |stands: &Stands| match stands.counterpart() {
        Some(Counterpart::Package(id)) => Some(id),
        _ => None,
    };
    let ids: Vec<PackageId> = found.iter().filter_map(package).collect();
    let offered = offers::requestable(tx, &ids, (person, user.kind), now).await?;
    let mut seen = Vec::with_capacity(found.len());
    for stands in found {
        seen.push(match package(stands) {
            Some(id) if !stands.hidden && offered.contains(&id) => true,
            Some(id) => {
                let own = eligibility::candidate(tx, id, person, now).await?;
                own.is_some_and(|own| own.assignment_id.is_some())
            }
            None => false,
        });
    }
    Ok(seen)
}

/// Whether an administrator may see the name of what a rule names: a package's in catalogs that they see, a group's always.
pub fn seen_by(actor: &Principal, stands: &Stands) -> bool {
    stands.catalog_id.is_none_or(|catalog| access::seen(actor).includes(catalog))
}

/// Whether a request can be approved as things are, in words for the approver (F128).
pub async fn of_request(tx: &mut Tx, request: &Request, approver: UserId, now: DateTime<Utc>) -> Result<Result<(), Refusal>, StoreError> {
    let reader = Reader::Person(approver);
    let found = against(tx, request.target_id, &[request.package_id], reader, now).await?;
    let Some((conflicts, candidate)) = found
        .into_values()
        .next()
        .zip(eligibility::candidate(tx, request.package_id, request.target_id, now).await?)
    else {
        return Ok(Ok(()));
    };
    Ok(may_gain(&conflicts, Audience::Approver(&candidate.user_name), &candidate.name))
}

/// What stands against a request that is still open, for whoever reads of it; nothing once it has come to its end, or where it ends access.
pub async fn waiting(tx: &mut Tx, request: &Request, reader: Reader<'_>, now: DateTime<Utc>) -> Result<Option<ConflictNotice>, StoreError> {
    use RequestState::{PendingApproval, Scheduled, Submitted};
    if !request.kind.is_gain() || !matches!(request.state, Submitted | PendingApproval | Scheduled) {
        return Ok(None);
    }
    let found = against(tx, request.target_id, &[request.package_id], reader, now).await?;
    let Some(conflicts) = found.into_values().next() else {
        return Ok(None);
    };
    let Some(candidate) = eligibility::candidate(tx, request.package_id, request.target_id, now).await? else {
        return Ok(None);
    };
    let name = candidate.user_name.as_str();
    let audience = match reader {
        Reader::Administrator(_) => Audience::Administrator(name),
        Reader::Person(person) if person == request.target_id => Audience::Themselves,
        Reader::Person(person) if request.requestor_id == Some(person) => Audience::Requestor(name),
        Reader::Person(_) => Audience::Approver(name),
    };
    Ok(notice(&conflicts, audience, &candidate.name, request.kind.is_add()))
}

/// Writes what stands against a request into what is shown of it.
pub async fn tell(
    tx: &mut Tx,
    detail: &mut RequestDetail,
    request: &Request,
    reader: Reader<'_>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    detail.conflict = match reader {
        // It has come to nothing: everyone reads that, its person also by what.
        Reader::Person(person) if person == request.target_id && request.state == RequestState::Canceled && request.status == HELD => {
            notifications::reason_of_cancellation(tx, person, request.id).await?
        }
        _ => {
            let found = waiting(tx, request, reader, now).await?;
            found.filter(|notice| notice.blocks).map(|notice| notice.text)
        }
    };
    Ok(())
}

/// Nobody else gives these people anything that rules are about until the transaction ends.
pub async fn hold_people(tx: &mut Tx, people: impl Iterator<Item = UserId>) -> Result<(), StoreError> {
    for key in incompatibilities::lock_keys(people) {
        incompatibilities::lock_person(tx, key).await?;
    }
    Ok(())
}

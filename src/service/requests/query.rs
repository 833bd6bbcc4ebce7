//! Requests for the API: filtered and sorted as it asks, and only what the caller may see or has a part in; and the policies under which one
//! could request a package.

use crate::domain::access::{Action, Principal, ReadMyAccess, ReadRequests, Scope};
use crate::domain::id::{PackageId, RequestId, UserId};
use crate::domain::odata::ListQuery;
use crate::domain::package::PackageRecord;
use crate::domain::policy::PolicyTerms;
use crate::domain::request::{AskTerms, RequestRecord};
use crate::domain::user::PersonRecord;
use crate::store::eligibility::{self, Parties};
use crate::store::odata::Found;
use crate::store::odata::requests::{self as listed, Whose};
use crate::store::odata::{packages, people};

use super::super::incompatibilities::Reader;
use super::super::{App, Error, access};
use super::assess::facts;

/// Which requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Those that one may see.
    Seen,
    /// Those about one's own access.
    Target,
    /// Those that one made.
    Requestor,
    /// Those that one is or was asked to decide.
    Approver,
}

/// A page of requests (F173, F175).
pub async fn query(app: &App, actor: &Principal, query: &ListQuery, part: Part) -> Result<Found<RequestRecord>, Error> {
    if part == Part::Seen {
        let visible = actor.visible(Action::ReadRequests)?;
        let mut tx = app.store.read().await?;
        return Ok(listed::list(&mut tx, query, Whose::Visible(&visible)).await?);
    }
    actor.authorize(ReadMyAccess, Scope::Tenant)?;
    let me = actor.person()?.id;
    let whose = match part {
        Part::Approver => Whose::Approver(me),
        Part::Requestor => Whose::Requestor(me),
        Part::Target | Part::Seen => Whose::Target(me),
    };
    let mut tx = app.store.read().await?;
    Ok(listed::list(&mut tx, query, whose).await?)
}

/// One request that one may see, or in which one has a part (F173, F175).
pub async fn record(app: &App, actor: &Principal, id: RequestId) -> Result<RequestRecord, Error> {
    let mut tx = app.store.read().await?;
    if actor.authorize(ReadMyAccess, Scope::Tenant).is_ok()
        && let Ok(me) = actor.person()
    {
        for whose in [Whose::Target(me.id), Whose::Requestor(me.id), Whose::Approver(me.id)] {
            if let Some(request) = listed::part_of(&mut tx, id, whose).await? {
                return Ok(request);
            }
        }
    }
    let visible = match actor.visible(Action::ReadRequests) {
        Ok(visible) => visible,
        // Another's is not there for whoever has only their own.
        Err(refusal) => {
            return Err(if actor.authorize(ReadMyAccess, Scope::Tenant).is_ok() {
                Error::NotFound
            } else {
                refusal.into()
            });
        }
    };
    let request = listed::get(&mut tx, id).await?.ok_or(Error::NotFound)?;
    if !visible.includes(request.catalog_id) {
        access::in_catalog(actor, ReadRequests, request.catalog_id)?;
    }
    Ok(request)
}

/// A policy under which one could request a package: what it asks, and what it says.
pub type PolicyMet = (AskTerms, PolicyTerms);

/// The policies that apply to one for a package, with their questions in `language`; none where one is not in scope of any.
pub async fn policies_met(app: &App, actor: &Principal, package: PackageId, language: &str) -> Result<Vec<PolicyMet>, Error> {
    actor.authorize(ReadMyAccess, Scope::Tenant)?;
    let me = actor.person()?;
    let now = app.clock.now();
    let mut tx = app.store.read().await?;
    let candidate = eligibility::candidate(&mut tx, package, me.id, now).await?.ok_or(Error::NotFound)?;
    let parties = Parties {
        target: me.id,
        requestor: me.id,
    };
    let facts = facts(&mut tx, package, parties, &candidate, Reader::Person(me.id), now).await?;
    if !facts.package_offered {
        return Ok(Vec::new());
    }
    let candidates = facts.candidates(now);
    Ok(candidates
        .into_iter()
        .map(|policy| (facts.asks(policy, language), policy.terms.clone()))
        .collect())
}

/// These packages, those of them that one sees or in whose requests one has a part.
pub async fn packages_named(app: &App, actor: &Principal, ids: &[PackageId]) -> Result<Vec<PackageRecord>, Error> {
    let visible = access::seen(actor);
    let mut tx = app.store.read().await?;
    let mut found = packages::by_ids(&mut tx, ids).await?;
    let unseen = found.iter().any(|package| !visible.includes(package.catalog_id));
    let own = match actor.person() {
        Ok(me) if unseen => listed::packages_of(&mut tx, me.id, ids).await?,
        _ => Vec::new(),
    };
    found.retain(|package| visible.includes(package.catalog_id) || own.contains(&package.id));
    Ok(found)
}

/// These people for whoever may see requests or assignments; for others those with whom they have a part in a request.
pub async fn people_named(app: &App, actor: &Principal, ids: &[UserId]) -> Result<Vec<PersonRecord>, Error> {
    let sees = [Action::ReadRequests, Action::ReadAssignments];
    let with = match sees.iter().any(|action| actor.authorize_somewhere(*action).is_ok()) {
        true => None,
        false => Some(actor.person()?.id),
    };
    let mut tx = app.store.read().await?;
    Ok(people::by_ids(&mut tx, ids, with).await?)
}

/// The one person with this address (F174). Only who may assign is told.
pub async fn person_of_mail(app: &App, actor: &Principal, mail: &str) -> Result<Option<UserId>, Error> {
    actor.authorize_somewhere(Action::ManageAssignments)?;
    let mut tx = app.store.read().await?;
    let found = people::by_mail(&mut tx, mail).await?;
    Ok(match found.as_slice() {
        [one] => Some(one.id),
        _ => None,
    })
}

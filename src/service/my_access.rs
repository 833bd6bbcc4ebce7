//! My Access: what the signed-in user can ask for, has, had, and asked. Nothing here takes a user's id from outside.

use crate::domain::access::{Permission, Principal, Refusal, Scope, UseMyAccess};
use crate::domain::expiration::Expiration;
use crate::domain::id::{AssignmentId, PackageId, RequestId};
use crate::domain::offer::{OfferItem, OfferQuery, OfferResource, OfferTab};
use crate::domain::page::{Page, PageQuery};
use crate::domain::request::{Eligibility, RequestDetail, RequestItem, may_request};
use crate::store::eligibility::Parties;
use crate::store::offers::{self, Offer};
use crate::store::{Tx, eligibility, requests};

use super::requests::facts;
use super::{App, Error};

pub use super::requests::submit;

/// A page of packages under a tab (F028, F137).
pub async fn offers(app: &App, actor: &Principal, query: &OfferQuery) -> Result<Page<OfferItem>, Error> {
    actor.authorize(UseMyAccess, Scope::Tenant)?;
    let me = actor.person()?;
    let now = app.clock.now();
    let mut tx = app.store.read().await?;
    let person = (me.id, me.kind);
    let page = offers::list(&mut tx, query.tab, person, &query.search, &query.page, now).await?;
    let ids: Vec<PackageId> = page.items.iter().map(|offer| offer.id).collect();
    let requestable = match query.tab {
        OfferTab::Available => ids.clone(),
        OfferTab::Active => Vec::new(),
        OfferTab::Expired => offers::requestable(&mut tx, &ids, person, now).await?,
    };
    let resources = match query.tab {
        OfferTab::Available | OfferTab::Active => offers::resources(&mut tx, &ids).await?,
        OfferTab::Expired => {
            let had: Vec<AssignmentId> = page.items.iter().filter_map(|offer| offer.assignment_id).collect();
            offers::given(&mut tx, &had).await?
        }
    };
    let terms = terms(&mut tx, &requestable).await?;
    Ok(page.map(|offer| {
        let permission = listed_permission(&offer, query.tab, requestable.contains(&offer.id));
        describe(offer, &resources, &terms, permission)
    }))
}

/// Whether a listed package can be asked for.
fn listed_permission(offer: &Offer, tab: OfferTab, requestable: bool) -> Permission {
    if tab == OfferTab::Expired && !requestable {
        return Permission::Denied(no_longer_offered());
    }
    let facts = Eligibility {
        has_it: tab == OfferTab::Active,
        asked: offer.request_id.is_some(),
        ..Eligibility::FULL
    };
    may_request(&facts).into()
}

fn no_longer_offered() -> Refusal {
    Refusal::new("package-gone", "This package is no longer offered to you.")
}

/// One package by its link (F027). Whoever had it and may no longer ask for it sees what they had, and no more.
pub async fn offer(app: &App, actor: &Principal, id: PackageId) -> Result<OfferItem, Error> {
    actor.authorize(UseMyAccess, Scope::Tenant)?;
    let me = actor.person()?;
    let now = app.clock.now();
    let mut tx = app.store.read().await?;
    let offer = offers::find(&mut tx, id, me.id).await?.ok_or(Error::NotFound)?;
    let (permission, visible) = match eligibility::candidate(&mut tx, id, me.id, now).await? {
        Some(candidate) => {
            let parties = Parties {
                target: me.id,
                requestor: me.id,
            };
            let facts = facts(&mut tx, id, parties, &candidate, now).await?;
            let eligibility = facts.eligibility(now);
            (facts.may_request(now).into(), eligibility.package_offered && eligibility.covered)
        }
        None => (Permission::Denied(no_longer_offered()), false),
    };
    let has_it = offer.assignment_id.is_some() && offer.ends_at.is_none_or(|end| end > now);
    if visible || has_it {
        let resources = offers::resources(&mut tx, &[id]).await?;
        let terms = terms(&mut tx, &[id]).await?;
        return Ok(describe(offer, &resources, &terms, permission));
    }
    let had = offer.assignment_id.ok_or(Error::NotFound)?;
    let resources = offers::given(&mut tx, &[had]).await?;
    Ok(describe(offer, &resources, &[], permission))
}

/// How long access to packages lasts, by their enabled policies, oldest first.
async fn terms(tx: &mut Tx, packages: &[PackageId]) -> Result<Vec<(PackageId, Expiration)>, Error> {
    let terms = offers::terms(tx, packages).await?;
    Ok(terms
        .into_iter()
        .filter_map(|term| {
            Some((
                term.package_id,
                Expiration::from_stored(term.expiration, term.expiration_value.as_deref())?,
            ))
        })
        .collect())
}

/// A package as its possible requestor sees it.
fn describe(offer: Offer, resources: &[(PackageId, OfferResource)], terms: &[(PackageId, Expiration)], request: Permission) -> OfferItem {
    OfferItem {
        resources: resources
            .iter()
            .filter(|(package, _)| *package == offer.id)
            .map(|(_, resource)| resource.clone())
            .collect(),
        lasts: terms.iter().find(|(package, _)| *package == offer.id).map(|(_, lasts)| *lasts),
        id: offer.id,
        name: offer.name,
        description: offer.description,
        request,
        open_request: offer.request_id,
        starts_at: offer.starts_at,
        ends_at: offer.ends_at,
    }
}

/// A page of one's own requests, newest first (F033).
pub async fn requests(app: &App, actor: &Principal, page: &PageQuery) -> Result<Page<RequestItem>, Error> {
    actor.authorize(UseMyAccess, Scope::Tenant)?;
    let me = actor.person()?;
    let mut tx = app.store.read().await?;
    Ok(requests::list_of_target(&mut tx, me.id, page).await?)
}

/// One of one's own requests; another's is not there.
pub async fn request(app: &App, actor: &Principal, id: RequestId) -> Result<RequestDetail, Error> {
    actor.authorize(UseMyAccess, Scope::Tenant)?;
    let mut tx = app.store.read().await?;
    let detail = super::requests::detail(app, &mut tx, id).await?.ok_or(Error::NotFound)?;
    if actor.is(detail.item.target.id) {
        Ok(detail)
    } else {
        Err(Error::NotFound)
    }
}

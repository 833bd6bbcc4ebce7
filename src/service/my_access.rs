//! My Access: what the signed-in user can ask for, has, had, and asked. Nothing here takes a user's id from outside.

mod pane;

use chrono::{DateTime, Duration, Utc};

use crate::domain::access::{Permission, Person, Principal, ReadMyAccess, Refusal, Scope};
use crate::domain::expiration::Expiration;
use crate::domain::id::{AssignmentId, PackageId, QuestionId, UserId};
use crate::domain::incompatibility::{Audience, may_gain};
use crate::domain::offer::{HeldItem, OVERVIEW_ROWS, OfferItem, OfferQuery, OfferResource, OfferTab, Overview, SOON_DAYS};
use crate::domain::page::{Page, PageQuery};
use crate::domain::question::{PatternedAnswer, unmatched};
use crate::domain::request::{Eligibility, RequestItem, may_request};
use crate::domain::setting::ResourceVisibility;
use crate::domain::user::UserKind;
use crate::store::eligibility::Parties;
use crate::store::offers::{self, Offer};
use crate::store::{Tx, eligibility, requests, settings};

use super::incompatibilities::{self, Reader};
use super::requests::facts;
use super::{App, Error, approvals};

pub use super::requests::{extend, extend_pane, give_back, own as request, submit, withdraw, would_it_work};
pub use pane::request_pane;

/// Which answers do not match the patterns of their questions (F108), for a form that says so before it is sent.
pub fn unmatched_answers(actor: &Principal, answers: &[PatternedAnswer]) -> Result<Vec<QuestionId>, Error> {
    actor.authorize(ReadMyAccess, Scope::Tenant)?;
    Ok(unmatched(answers))
}

/// A page of packages under a tab (F028, F137).
pub async fn offers(app: &App, actor: &Principal, query: &OfferQuery) -> Result<Page<OfferItem>, Error> {
    actor.authorize(ReadMyAccess, Scope::Tenant)?;
    let me = actor.person()?;
    let now = app.clock.now();
    let mut tx = app.store.read().await?;
    let tenant = settings::tenant(&mut tx).await?;
    if query.tab == OfferTab::Suggested && !tenant.suggestions {
        return Ok(Page::empty());
    }
    let person = (me.id, me.kind);
    let page = offers::list(&mut tx, query.tab, person, &query.search, &query.page, now).await?;
    let ids: Vec<PackageId> = page.items.iter().map(|offer| offer.id).collect();
    let requestable = match query.tab {
        OfferTab::Available | OfferTab::Suggested => ids.clone(),
        OfferTab::Active => Vec::new(),
        OfferTab::Expired => offers::requestable(&mut tx, &ids, person, now).await?,
    };
    let resources = match query.tab {
        OfferTab::Available | OfferTab::Suggested | OfferTab::Active => offers::resources(&mut tx, &ids).await?,
        OfferTab::Expired => {
            let had: Vec<AssignmentId> = page.items.iter().filter_map(|offer| offer.assignment_id).collect();
            offers::given(&mut tx, &had).await?
        }
    };
    let terms = terms(&mut tx, &requestable).await?;
    let ways = match query.tab {
        OfferTab::Active => ways(&mut tx, me.id, &page.items.iter().collect::<Vec<_>>(), now).await?,
        OfferTab::Available | OfferTab::Suggested | OfferTab::Expired => Vec::new(),
    };
    let against = incompatibilities::against(&mut tx, me.id, &requestable, Reader::Person(me.id), now).await?;
    let visibility = tenant.resource_visibility;
    let before_one_has_it = matches!(query.tab, OfferTab::Available | OfferTab::Suggested);
    Ok(page.map(|offer| {
        let conflicts = against.get(&offer.id).map_or(&[][..], Vec::as_slice);
        let permission = listed_permission(&offer, query.tab, requestable.contains(&offer.id));
        let permission = permission.and(may_gain(conflicts, Audience::Themselves, &offer.name));
        let mut item = describe(offer, &resources, &terms, permission);
        item.held = ways.iter().find(|held| Some(held.assignment) == item.assignment).cloned();
        hide_resources(&mut item, visibility, me.kind, !before_one_has_it);
        item
    }))
}

/// Whether packages are suggested at all (F148).
pub async fn suggests(app: &App) -> Result<bool, Error> {
    let mut tx = app.store.read().await?;
    Ok(settings::tenant(&mut tx).await?.suggestions)
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
    actor.authorize(ReadMyAccess, Scope::Tenant)?;
    let me = actor.person()?;
    let mut tx = app.store.read().await?;
    offer_in(&mut tx, me, id, false, app.clock.now()).await
}

/// One package as someone sees it; `for_others` is whether they may ask for it for another.
async fn offer_in(tx: &mut Tx, me: Person, id: PackageId, for_others: bool, now: DateTime<Utc>) -> Result<OfferItem, Error> {
    let offer = offers::find(tx, id, me.id).await?.ok_or(Error::NotFound)?;
    let (permission, visible) = match eligibility::candidate(tx, id, me.id, now).await? {
        Some(candidate) => {
            let parties = Parties {
                target: me.id,
                requestor: me.id,
            };
            let facts = facts(tx, id, parties, &candidate, Reader::Person(me.id), now).await?;
            let eligibility = facts.eligibility(now);
            let visible = eligibility.package_offered && (eligibility.covered || for_others);
            (facts.may_request(now).into(), visible)
        }
        None => (Permission::Denied(no_longer_offered()), false),
    };
    let visibility = settings::tenant(tx).await?.resource_visibility;
    let has_it = offer.assignment_id.is_some() && offer.ends_at.is_none_or(|end| end > now);
    let mut ways = ways(tx, me.id, &[&offer], now).await?;
    if visible || has_it {
        let resources = offers::resources(tx, &[id]).await?;
        let terms = terms(tx, &[id]).await?;
        let mut item = describe(offer, &resources, &terms, permission);
        item.held = ways.pop();
        hide_resources(&mut item, visibility, me.kind, has_it);
        return Ok(item);
    }
    let had = offer.assignment_id.ok_or(Error::NotFound)?;
    let resources = offers::given(tx, &[had]).await?;
    Ok(describe(offer, &resources, &[], permission))
}

/// What one does not have shows what it gives only where the tenant says so (F150).
fn hide_resources(item: &mut OfferItem, visibility: ResourceVisibility, kind: UserKind, has_it: bool) {
    let shown = match visibility {
        ResourceVisibility::Everyone => true,
        ResourceVisibility::Members => kind == UserKind::Member,
        ResourceVisibility::Nobody => false,
    };
    if !has_it && !shown {
        item.resources.clear();
        item.resources_hidden = true;
    }
}

/// What one can do with the access that one has (F082, F141).
async fn ways(tx: &mut Tx, me: UserId, offers: &[&Offer], now: DateTime<Utc>) -> Result<Vec<HeldItem>, Error> {
    let running = offers.iter().filter(|offer| offer.ends_at.is_none_or(|end| end > now));
    let ids: Vec<AssignmentId> = running.filter_map(|offer| offer.assignment_id).collect();
    let held = eligibility::held(tx, me, &ids, now).await?;
    let item = |held: &eligibility::Held| HeldItem {
        assignment: held.id,
        extend: held.facts.may_extend(now).map(|_| ()).into(),
        give_back: held.facts.may_give_back(now).into(),
    };
    Ok(held.iter().map(item).collect())
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
        assignment: offer.assignment_id,
        resources_hidden: false,
        held: None,
        starts_at: offer.starts_at,
        ends_at: offer.ends_at,
    }
}

/// What waits for one, what of one's own ends soon, and what one has asked for (F149).
pub async fn overview(app: &App, actor: &Principal) -> Result<Overview, Error> {
    let to_decide = approvals::pending(app, actor).await?;
    let me = actor.person()?;
    let now = app.clock.now();
    let mut tx = app.store.read().await?;
    let soon = now + Duration::days(SOON_DAYS);
    let ending = offers::ending(&mut tx, me.id, now, soon, OVERVIEW_ROWS).await?;
    let ways = ways(&mut tx, me.id, &ending.iter().collect::<Vec<_>>(), now).await?;
    let ids: Vec<PackageId> = ending.iter().map(|offer| offer.id).collect();
    let resources = offers::resources(&mut tx, &ids).await?;
    let describe = |offer: Offer| {
        let permission = listed_permission(&offer, OfferTab::Active, false);
        let mut item = describe(offer, &resources, &[], permission);
        item.held = ways.iter().find(|held| Some(held.assignment) == item.assignment).cloned();
        item
    };
    Ok(Overview {
        to_decide,
        ending: ending.into_iter().map(describe).collect(),
        open: requests::open_of_person(&mut tx, me.id, OVERVIEW_ROWS).await?,
    })
}

/// A page of one's own requests, newest first (F033).
pub async fn requests(app: &App, actor: &Principal, page: &PageQuery) -> Result<Page<RequestItem>, Error> {
    actor.authorize(ReadMyAccess, Scope::Tenant)?;
    let me = actor.person()?;
    let mut tx = app.store.read().await?;
    Ok(requests::list_of_person(&mut tx, me.id, page).await?)
}

#[cfg(test)]
mod tests;

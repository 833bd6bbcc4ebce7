//! Who vouches for a connected organization: members and groups on one's own side, guests and groups on the other. Policies may have them
//! decide on requests of its people (F092).

use std::collections::HashMap;

use uuid::Uuid;

use crate::domain::access::{Action, ManageConnectedOrganizations, Principal, Scope};
use crate::domain::audit::{Activity, Target};
use crate::domain::id::OrganizationId;
use crate::domain::object::{Subject, SubjectItem};
use crate::domain::organization::{SPONSORS_MAX, SponsorSide, may_sponsor};
use crate::domain::validate::Code;
use crate::store::organizations::{self, Sponsor};
use crate::store::{StoreError, Tx, subjects, users};

use super::super::audit::Entry;
use super::super::{App, Error};
use super::target;

/// Sponsors by their side, each by name.
pub type Sides = HashMap<SponsorSide, Vec<SubjectItem>>;

/// Those who vouch for these organizations and are there, by one query for all.
pub(super) async fn named(tx: &mut Tx, ids: &[OrganizationId]) -> Result<HashMap<OrganizationId, Sides>, StoreError> {
    let sponsors = organizations::sponsors(tx, ids).await?;
    let all: Vec<Subject> = sponsors.iter().map(|sponsor| sponsor.subject).collect();
    let items = subjects::load(tx, &all).await?;
    let mut named: HashMap<OrganizationId, Sides> = HashMap::new();
    for item in items.iter().filter(|item| !item.deleted) {
        for sponsor in sponsors.iter().filter(|sponsor| sponsor.subject == item.subject) {
            let sides = named.entry(sponsor.organization).or_default();
            sides.entry(sponsor.side).or_default().push(item.clone());
        }
    }
    Ok(named)
}

/// The sponsors of these organizations (F158).
pub async fn sponsors_of(app: &App, actor: &Principal, ids: &[OrganizationId]) -> Result<HashMap<OrganizationId, Sides>, Error> {
    actor.authorize_somewhere(Action::ReadConnectedOrganizations)?;
    let mut tx = app.store.read().await?;
    Ok(named(&mut tx, ids).await?)
}

/// Lets users and groups vouch for an organization; who does already stays. Gives how many came to it.
pub async fn add_sponsors(
    app: &App,
    actor: &Principal,
    id: OrganizationId,
    side: SponsorSide,
    sponsors: &[Subject],
) -> Result<usize, Error> {
    let granted = actor.authorize(ManageConnectedOrganizations, Scope::Tenant)?;
    let mut tx = app.store.write().await?;
    let organization = organizations::lock(&mut tx, id).await?.ok_or(Error::NotFound)?;
    let there = organizations::sponsors(&mut tx, &[id]).await?;
    let there = there.iter().filter(|sponsor| sponsor.side == side).count();
    let items = able(&mut tx, side, sponsors).await?;
    let mut added = 0;
    for item in items {
        let sponsor = Sponsor {
            organization: id,
            side,
            subject: item.subject,
        };
        if organizations::add_sponsor(&mut tx, sponsor).await? {
            added += 1;
            Entry::by_principal(&granted, Activity::AddSponsor, target(id, &organization.name))
                .and(subject_target(&item))
                .detail(side.label())
                .write(app, &mut tx)?;
        }
    }
    if there + added > SPONSORS_MAX {
        return Err(Error::field("sponsors", Code::TooMany(SPONSORS_MAX)));
    }
    if added > 0 {
        organizations::touch(&mut tx, id, app.clock.now()).await?;
    }
    tx.commit().await?;
    Ok(added)
}

/// The same for whatever has this id, a user or a group; says whether they did not vouch before.
pub async fn add_sponsor(app: &App, actor: &Principal, id: OrganizationId, side: SponsorSide, sponsor: Uuid) -> Result<bool, Error> {
    actor.authorize(ManageConnectedOrganizations, Scope::Tenant)?;
    let mut tx = app.store.read().await?;
    let either = [Subject::User(sponsor.into()), Subject::Group(sponsor.into())];
    let found = subjects::load(&mut tx, &either).await?;
    let subject = found.into_iter().next().map(|item| item.subject);
    drop(tx);
    let subject = subject.ok_or_else(|| Error::field("sponsors", Code::Gone))?;
    Ok(add_sponsors(app, actor, id, side, &[subject]).await? > 0)
}

/// Lets a user or group vouch no more.
pub async fn remove_sponsor(app: &App, actor: &Principal, id: OrganizationId, side: SponsorSide, sponsor: Uuid) -> Result<(), Error> {
    let granted = actor.authorize(ManageConnectedOrganizations, Scope::Tenant)?;
    let mut tx = app.store.write().await?;
    let organization = organizations::lock(&mut tx, id).await?.ok_or(Error::NotFound)?;
    let all = organizations::sponsors(&mut tx, &[id]).await?;
    let of_side = all.into_iter().filter(|other| other.side == side);
    let found = of_side.into_iter().find(|other| other.subject.id() == sponsor);
    let found = found.ok_or(Error::NotFound)?;
    let item = subjects::load(&mut tx, &[found.subject]).await?.into_iter().next();
    organizations::remove_sponsor(&mut tx, found).await?;
    organizations::touch(&mut tx, id, app.clock.now()).await?;
    let mut entry = Entry::by_principal(&granted, Activity::RemoveSponsor, target(id, &organization.name)).detail(side.label());
    if let Some(item) = item {
        entry = entry.and(subject_target(&item));
    }
    entry.write(app, &mut tx)?;
    Ok(tx.commit().await?)
}

fn subject_target(item: &SubjectItem) -> Target {
    let kind = if matches!(item.subject, Subject::User(_)) {
        "user"
    } else {
        "group"
    };
    Target::new(kind, item.subject.id(), item.name.as_str())
}

/// These users and groups, who are all there and may vouch on this side.
async fn able(tx: &mut Tx, side: SponsorSide, wanted: &[Subject]) -> Result<Vec<SubjectItem>, Error> {
    let items: Vec<SubjectItem> = subjects::load(tx, wanted).await?.into_iter().filter(|item| !item.deleted).collect();
    let there = |subject: &Subject| items.iter().any(|item| item.subject == *subject);
    if !wanted.iter().all(there) || wanted.iter().any(|subject| matches!(subject, Subject::Organization(_))) {
        return Err(Error::field("sponsors", Code::Gone));
    }
    let users_among: Vec<_> = wanted
        .iter()
        .filter_map(|subject| match subject {
            Subject::User(id) => Some(*id),
            Subject::Group(_) | Subject::Organization(_) => None,
        })
        .collect();
    for user in users::by_ids(tx, &users_among).await? {
        may_sponsor(side, &user.name, user.kind)?;
    }
    Ok(items)
}

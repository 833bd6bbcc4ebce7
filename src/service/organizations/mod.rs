//! Connected organizations (F158): the list, one with what may be done with it, making, changing and deleting. Who vouches for them is in
//! `sponsors`; one that a request names first is made in `proposed`.

mod proposed;
mod query;
mod sponsors;

#[cfg(test)]
mod tests;

use crate::domain::access::{Action, ManageConnectedOrganizations, Permission, Principal, Scope};
use crate::domain::audit::{Activity, Change, Target};
use crate::domain::id::OrganizationId;
use crate::domain::limit::Limit;
use crate::domain::organization::{
    Organization, OrganizationDetail, OrganizationEdit, OrganizationForm, OrganizationQuery, SponsorSide, may_delete,
};
use crate::domain::page::Page;
use crate::domain::refusal::Refusal;
use crate::store::{self, Tx, organizations};

use super::audit::{Entry, changed};
use super::{App, Error, limits};

pub(super) use proposed::propose;
pub use query::{query, record, records};
pub use sponsors::{add_sponsor, add_sponsors, remove_sponsor, sponsors_of};

fn target(id: OrganizationId, name: &str) -> Target {
    Target::new("organization", id, name)
}

/// A page of organizations, by name.
pub async fn list(app: &App, actor: &Principal, query: &OrganizationQuery) -> Result<Page<Organization>, Error> {
    actor.authorize_somewhere(Action::ReadConnectedOrganizations)?;
    let mut tx = app.store.read().await?;
    Ok(organizations::page(&mut tx, query).await?)
}

/// One organization with its sponsors, and what the actor may do with it.
pub async fn get(app: &App, actor: &Principal, id: OrganizationId) -> Result<OrganizationDetail, Error> {
    actor.authorize_somewhere(Action::ReadConnectedOrganizations)?;
    let mut tx = app.store.read().await?;
    let item = organizations::get(&mut tx, id).await?.ok_or(Error::NotFound)?;
    let (packages, count) = organizations::packages_naming(&mut tx, id).await?;
    let edit = may_manage(actor);
    let mut sponsors = sponsors::named(&mut tx, &[id]).await?.remove(&id).unwrap_or_default();
    Ok(OrganizationDetail {
        delete: edit.clone().and(may_delete(&item.name, &packages, count)),
        edit,
        internal_sponsors: sponsors.remove(&SponsorSide::Internal).unwrap_or_default(),
        external_sponsors: sponsors.remove(&SponsorSide::External).unwrap_or_default(),
        item,
    })
}

/// Whether the actor may change organizations, for a page.
pub fn may_manage(actor: &Principal) -> Permission {
    actor.permission(Action::ManageConnectedOrganizations, Scope::Tenant)
}

/// Makes an organization.
pub async fn create(app: &App, actor: &Principal, form: &OrganizationForm) -> Result<OrganizationId, Error> {
    let granted = actor.authorize(ManageConnectedOrganizations, Scope::Tenant)?;
    let organization = form.check()?;
    let now = app.clock.now();
    let id = OrganizationId(app.ids.id(now));
    let mut tx = app.store.write().await?;
    let there = store::limits::organizations(&mut tx).await?;
    limits::check_added(&mut tx, Limit::Organizations, there, 1).await?;
    domains_are_free(&mut tx, id, &organization).await?;
    organizations::insert(&mut tx, id, &organization, now).await.map_err(taken)?;
    Entry::by_principal(&granted, Activity::CreateOrganization, target(id, &organization.name.text))
        .changes(differences(None, &organization))
        .write(app, &mut tx)?;
    tx.commit().await?;
    Ok(id)
}

/// Changes an organization; gives the new version.
pub async fn update(app: &App, actor: &Principal, id: OrganizationId, version: i64, form: &OrganizationForm) -> Result<i64, Error> {
    let granted = actor.authorize(ManageConnectedOrganizations, Scope::Tenant)?;
    let wanted = form.check()?;
    let mut tx = app.store.write().await?;
    let before = organizations::lock(&mut tx, id).await?.ok_or(Error::NotFound)?;
    domains_are_free(&mut tx, id, &wanted).await?;
    if !organizations::update(&mut tx, (id, version), &wanted, app.clock.now())
        .await
        .map_err(taken)?
    {
        return Err(changed(&mut tx, id, &before.name).await);
    }
    Entry::by_principal(&granted, Activity::UpdateOrganization, target(id, &wanted.name.text))
        .changes(differences(Some(&before), &wanted))
        .write(app, &mut tx)?;
    tx.commit().await?;
    Ok(version + 1)
}

/// Deletes an organization that no policy names. Its people keep what they have.
pub async fn delete(app: &App, actor: &Principal, id: OrganizationId, version: i64) -> Result<(), Error> {
    let granted = actor.authorize(ManageConnectedOrganizations, Scope::Tenant)?;
    let mut tx = app.store.write().await?;
    let organization = organizations::lock(&mut tx, id).await?.ok_or(Error::NotFound)?;
    let (packages, count) = organizations::packages_naming(&mut tx, id).await?;
    may_delete(&organization.name, &packages, count)?;
    if !organizations::delete(&mut tx, id, version).await? {
        return Err(changed(&mut tx, id, &organization.name).await);
    }
    Entry::by_principal(&granted, Activity::DeleteOrganization, target(id, &organization.name))
        .changes([Change::between("Domains", organization.domains.join(", "), "")])
        .write(app, &mut tx)?;
    Ok(tx.commit().await?)
}

/// Refused where a domain is of another organization already, which is named.
async fn domains_are_free(tx: &mut Tx, id: OrganizationId, organization: &OrganizationEdit) -> Result<(), Error> {
    for domain in &organization.domains {
        if let Some((other, name)) = organizations::of_domain(tx, domain).await?
            && other != id
        {
            let reason = format!("{domain} is a domain of {name} already. Take it out there first, or leave it out here.");
            return Err(Refusal::new("domain-taken", reason).into());
        }
    }
    Ok(())
}

/// What the unique indexes refused becomes a fault at its field.
fn taken(error: store::StoreError) -> Error {
    if error.is_conflict_on("organization_domains") {
        return Error::taken_in("organization_domains", "domains")(error);
    }
    Error::taken_in("connected_organizations", "name")(error)
}

fn differences(before: Option<&Organization>, now: &OrganizationEdit) -> [Option<Change>; 4] {
    let (name, description, state, domains) = before.map_or(("", "", "", String::new()), |before| {
        (
            before.name.as_str(),
            before.description.as_str(),
            before.state.label(),
            before.domains.join(", "),
        )
    });
    [
        Change::between("Name", name, now.name.text.as_str()),
        Change::between("Description", description, now.description.as_str()),
        Change::between("State", state, now.state.label()),
        Change::between("Domains", domains, now.domains.join(", ")),
    ]
}

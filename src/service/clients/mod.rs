//! Clients of the API, as a Global administrator manages them: registering, changing, disabling and deleting them, and what they may do.
//! What they sign in with is in `credentials`.

mod consents;
mod credentials;

#[cfg(test)]
mod tests;

pub use consents::{own_consents, withdraw_consent};
pub use credentials::{add_key, add_secret, remove_key, remove_secret};

use super::audit::{Entry, changed};
use super::{App, Error, tokens};
use crate::domain::access::{Authorized, ManageClients, Principal, Scope};
use crate::domain::audit::{Activity, Change, Target};
use crate::domain::client::{ClientDetail, ClientForm, ClientItem, ClientQuery, GivenPermission, NewClient, redirect_origin};
use crate::domain::id::ClientId;
use crate::domain::page::Page;
use crate::domain::refusal::Refusal;
use crate::domain::text::StringEnum;
use crate::store::clients::{self, Client};
use crate::store::{Tx, client_sign_ins};

/// A page of clients.
pub async fn list(app: &App, actor: &Principal, query: &ClientQuery) -> Result<Page<ClientItem>, Error> {
    actor.authorize(ManageClients, Scope::Tenant)?;
    let mut tx = app.store.read().await?;
    Ok(clients::list(&mut tx, query).await?)
}

/// One client with all that belongs to it; its secrets are not there to be read.
pub async fn get(app: &App, actor: &Principal, id: ClientId) -> Result<ClientDetail, Error> {
    actor.authorize(ManageClients, Scope::Tenant)?;
    let tenant = tokens::tenant_id(app).await?;
    let mut tx = app.store.read().await?;
    let client = clients::find(&mut tx, id).await?.ok_or(Error::NotFound)?;
    Ok(ClientDetail {
        item: ClientItem {
            id,
            name: client.name,
            description: client.description,
            enabled: client.enabled,
            created_at: client.created_at,
            last_used_at: client.last_used_at,
        },
        public_client: client.public_client,
        redirects: clients::redirects(&mut tx, id).await?,
        secrets: clients::secrets(&mut tx, id).await?,
        keys: clients::keys(&mut tx, id).await?,
        permissions: clients::permissions(&mut tx, id).await?,
        people: client_sign_ins::people(&mut tx, id, app.clock.now()).await?,
        token_address: tokens::token_address(&app.site.public_url, tenant),
        scope: format!("{}/.default", app.site.public_url),
        tenant_id: tenant.to_string(),
        version: client.version,
    })
}

/// Whether pages of this origin, as a browser names it, may call: those at which an application that keeps no secret is answered.
pub async fn is_origin(app: &App, origin: &str) -> Result<bool, Error> {
    let bare = origin.split("://").nth(1).is_some_and(|host| !host.contains(['/', '?']));
    let Some(origin) = redirect_origin(origin).filter(|_| bare) else {
        return Ok(false);
    };
    let mut tx = app.store.read().await?;
    Ok(clients::is_origin(&mut tx, &origin).await?)
}

/// Registers a client. It may do nothing yet, and has nothing to sign in with.
pub async fn create(app: &App, actor: &Principal, form: &ClientForm) -> Result<ClientId, Error> {
    let granted = actor.authorize(ManageClients, Scope::Tenant)?;
    let client = form.check()?;
    let now = app.clock.now();
    let id = ClientId(app.ids.id(now));
    let mut tx = app.store.write().await?;
    clients::insert(&mut tx, id, &client, actor.user_id(), now)
        .await
        .map_err(Error::taken_in("clients", "name"))?;
    Entry::by_principal(&granted, Activity::CreateClient, target(id, &client.name.text))
        .changes(differences(None, &[], &client))
        .write(app, &mut tx)?;
    tx.commit().await?;
    Ok(id)
}

fn target(id: ClientId, name: &str) -> Target {
    Target::new("client", id, name)
}

fn differences(before: Option<&Client>, redirects: &[String], after: &NewClient) -> [Option<Change>; 4] {
    let yes = |flag: bool| if flag { "yes" } else { "no" };
    let (name, description, public) = before.map_or(("", "", "no"), |before| {
        (before.name.as_str(), before.description.as_str(), yes(before.public_client))
    });
    [
        Change::between("Name", name, after.name.text.as_str()),
        Change::between("Description", description, after.description.as_str()),
        Change::between("Redirect addresses", redirects.join(", "), after.redirects.join(", ")),
        Change::between("Public client", public, yes(after.public_client)),
    ]
}

/// A client as somebody opened it, held until the transaction ends.
async fn opened(tx: &mut Tx, id: ClientId, version: i64) -> Result<Client, Error> {
    let client = clients::lock(tx, id).await?.ok_or(Error::NotFound)?;
    if client.version == version {
        Ok(client)
    } else {
        Err(changed(tx, id, &client.name).await)
    }
}

/// Changes what a client is called and where it may send people back to.
pub async fn update(app: &App, actor: &Principal, id: ClientId, version: i64, form: &ClientForm) -> Result<(), Error> {
    let granted = actor.authorize(ManageClients, Scope::Tenant)?;
    let wanted = form.check()?;
    let mut tx = app.store.write().await?;
    let client = opened(&mut tx, id, version).await?;
    let redirects = clients::redirects(&mut tx, id).await?;
    let changes = differences(Some(&client), &redirects, &wanted);
    if changes.iter().all(Option::is_none) {
        return Ok(());
    }
    let kept = clients::update(&mut tx, id, version, &wanted).await;
    if !kept.map_err(Error::taken_in("clients", "name"))? {
        return Err(changed(&mut tx, id, &client.name).await);
    }
    Entry::by_principal(&granted, Activity::UpdateClient, target(id, &wanted.name.text))
        .changes(changes)
        .write(app, &mut tx)?;
    Ok(tx.commit().await?)
}

/// Lets a client call, or stops it at once.
pub async fn set_enabled(app: &App, actor: &Principal, id: ClientId, version: i64, enabled: bool) -> Result<(), Error> {
    let granted = actor.authorize(ManageClients, Scope::Tenant)?;
    let mut tx = app.store.write().await?;
    let client = opened(&mut tx, id, version).await?;
    if client.enabled == enabled {
        return Ok(());
    }
    clients::set_enabled(&mut tx, id, version, enabled).await?;
    let activity = if enabled { Activity::EnableClient } else { Activity::DisableClient };
    Entry::by_principal(&granted, activity, target(id, &client.name)).write(app, &mut tx)?;
    Ok(tx.commit().await?)
}

/// Deletes a client: its secrets and keys, what it may do, what people have let it do, and all of its tokens at once.
pub async fn delete(app: &App, actor: &Principal, id: ClientId, version: i64) -> Result<(), Error> {
    let granted = actor.authorize(ManageClients, Scope::Tenant)?;
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let client = opened(&mut tx, id, version).await?;
    let people = client_sign_ins::people(&mut tx, id, now).await?;
    if !clients::delete(&mut tx, id, version).await? {
        return Err(changed(&mut tx, id, &client.name).await);
    }
    Entry::by_principal(&granted, Activity::DeleteClient, target(id, &client.name))
        .detail(signed_out(people))
        .write(app, &mut tx)?;
    Ok(tx.commit().await?)
}

fn signed_out(people: i64) -> String {
    match people {
        0 => String::new(),
        1 => "1 person was signed in through it.".to_owned(),
        count => format!("{count} people were signed in through it."),
    }
}

/// Ends all sign-ins of people through a client; they are asked again.
pub async fn revoke_sign_ins(app: &App, actor: &Principal, id: ClientId) -> Result<i64, Error> {
    let granted = actor.authorize(ManageClients, Scope::Tenant)?;
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let client = clients::lock(&mut tx, id).await?.ok_or(Error::NotFound)?;
    let people = client_sign_ins::revoke_of_client(&mut tx, id, now).await?;
    Entry::by_principal(&granted, Activity::RevokeClientConsent, target(id, &client.name))
        .detail(signed_out(people))
        .write(app, &mut tx)?;
    tx.commit().await?;
    Ok(people)
}

/// Gives a client a permission. Nobody gives one that lets it do what they may not do themselves.
pub async fn give_permission(app: &App, actor: &Principal, id: ClientId, given: GivenPermission) -> Result<(), Error> {
    let granted = actor.authorize(ManageClients, Scope::Tenant)?;
    actor.may_give_permission(given.permission, given.kind)?;
    if !given.permission.exists_as(given.kind) {
        let text = format!(
            "{} is what a person may do, so a client can be given it only in the name of a person: as delegated.",
            given.permission.as_str()
        );
        return Err(Refusal::new("needs-person", text).into());
    }
    let mut tx = app.store.write().await?;
    let client = clients::lock(&mut tx, id).await?.ok_or(Error::NotFound)?;
    if clients::give(&mut tx, id, given, app.clock.now()).await? {
        note_permission(app, &mut tx, &granted, &client, given, Activity::GiveClientPermission).await?;
    }
    Ok(tx.commit().await?)
}

/// Takes a permission from a client; tokens that it has already give it no more.
pub async fn take_permission(app: &App, actor: &Principal, id: ClientId, given: GivenPermission) -> Result<(), Error> {
    let granted = actor.authorize(ManageClients, Scope::Tenant)?;
    let mut tx = app.store.write().await?;
    let client = clients::lock(&mut tx, id).await?.ok_or(Error::NotFound)?;
    if clients::take(&mut tx, id, given).await? {
        note_permission(app, &mut tx, &granted, &client, given, Activity::TakeClientPermission).await?;
    }
    Ok(tx.commit().await?)
}

async fn note_permission(
    app: &App,
    tx: &mut Tx,
    granted: &Authorized<ManageClients>,
    client: &Client,
    given: GivenPermission,
    activity: Activity,
) -> Result<(), Error> {
    clients::touch(tx, client.id).await?;
    let named = format!("{} ({})", given.permission.as_str(), given.kind.label());
    let change = match activity {
        Activity::TakeClientPermission => Change::between("Permission", named, ""),
        _ => Change::between("Permission", "", named),
    };
    Entry::by_principal(granted, activity, target(client.id, &client.name))
        .changes([change])
        .write(app, tx)?;
    Ok(())
}

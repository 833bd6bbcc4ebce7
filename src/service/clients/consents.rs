//! Clients that a person lets act in their name, as that person manages them: from the pages alone, since no token opens this.

use super::super::audit::Entry;
use super::super::tokens::words_of;
use super::super::{App, Error};
use crate::domain::access::{Principal, ReadMyAccess, Scope, UseMyAccess};
use crate::domain::audit::{Activity, Target};
use crate::domain::client::ConsentItem;
use crate::domain::id::{ClientId, Named};
use crate::store::client_sign_ins;

/// The clients that may act for the signed-in person, by name.
pub async fn own_consents(app: &App, actor: &Principal) -> Result<Vec<ConsentItem>, Error> {
    actor.authorize(ReadMyAccess, Scope::Tenant)?;
    let me = actor.in_session()?;
    let mut tx = app.store.read().await?;
    let found = client_sign_ins::consents_of(&mut tx, me.id, app.clock.now()).await?;
    let item = |consent: client_sign_ins::Consent| {
        let (permissions, offline) = words_of(&consent.scopes);
        ConsentItem {
            client: Named::new(consent.client_id, consent.name),
            description: consent.description,
            permissions: permissions.into_iter().map(str::to_owned).collect(),
            offline,
            signed_in: consent.sign_ins > 0,
            since: consent.created_at,
            last_used_at: consent.last_used_at,
        }
    };
    Ok(found.into_iter().map(item).collect())
}

/// Takes back what the signed-in person lets a client do: all its tokens for them end at once, and it has to ask again.
pub async fn withdraw_consent(app: &App, actor: &Principal, client: ClientId) -> Result<(), Error> {
    actor.authorize(UseMyAccess, Scope::Tenant)?;
    let me = actor.in_session()?;
    let mut tx = app.store.write().await?;
    let name = client_sign_ins::revoke_of_person(&mut tx, client, me.id)
        .await?
        .ok_or(Error::NotFound)?;
    Entry::by_self(actor, Activity::RevokeClientConsent)
        .and(Target::new("client", client, name))
        .detail("By the person, in My Access.")
        .write(app, &mut tx)?;
    Ok(tx.commit().await?)
}

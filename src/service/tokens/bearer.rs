//! Who comes with an access token. Only what was signed here, for this API, and has not ended is looked at; then the client, the sign-in
//! and the person are looked up, so that a token says nothing that is not so any more.

use chrono::{DateTime, Duration, Utc};

use super::TokenState;
use super::issue::AccessClaims;
use super::jws::Unverified;
use super::keys;
use super::scope::Scopes;
use crate::domain::access::{Ceiling, Principal};
use crate::domain::client::{ApiPermission, GrantKind};
use crate::domain::id::{ClientId, UserId};
use crate::service::{App, Error};
use crate::store::clients::{self, Caller};
use crate::store::{Tx, client_sign_ins, principals};

/// How long a noted use of a client serves.
const USE_NOTED_FOR: Duration = Duration::minutes(1);
/// Clocks of copies may differ by so much.
const CLOCKS: i64 = 60;

/// A caller whose token holds.
#[derive(Clone, Debug)]
pub struct Bearer {
    /// Who, under the ceiling of the token.
    pub actor: Principal,
    /// Through which client.
    pub client: ClientId,
    /// Its last noted use for this caller is a while ago: `note_use` should be called, but nobody need wait for it.
    pub use_is_due: bool,
}

/// Whose token it is; `None` for one that does not hold. Only reads.
pub async fn resume(app: &App, state: &TokenState, token: &str) -> Result<Option<Bearer>, Error> {
    let now = app.clock.now();
    let mut tx = app.store.read().await?;
    let Some(claims) = claims(&mut tx, state, token, now).await? else {
        return Ok(None);
    };
    let holds = claims.aud == app.site.public_url && claims.exp > now.timestamp() && claims.nbf <= now.timestamp() + CLOCKS;
    if !holds {
        return Ok(None);
    }
    let Some(client) = clients::caller(&mut tx, claims.appid).await? else {
        return Ok(None);
    };
    let found = match claims.sid {
        None => as_client(&claims, &client).map(|actor| (actor, client.last_used_at)),
        Some(_) => as_person(&mut tx, &claims, &client, now).await?,
    };
    Ok(found.map(|(actor, last_used_at)| Bearer {
        actor,
        client: client.id,
        use_is_due: last_used_at.is_none_or(|at| now - at >= USE_NOTED_FOR),
    }))
}

/// What a token says, if a key that we still have has signed it.
async fn claims(tx: &mut Tx, state: &TokenState, token: &str, now: DateTime<Utc>) -> Result<Option<AccessClaims>, Error> {
    if let Some((kid, claims)) = state.verified.get(token) {
        let key = keys::public(tx, &state.keys, &kid, now).await?;
        return Ok(key.map(|_| claims));
    }
    let Some(read) = Unverified::read(token) else { return Ok(None) };
    let Some(kid) = read.header.kid.as_deref().filter(|kid| kid.len() <= 64) else {
        return Ok(None);
    };
    let Some(key) = keys::public(tx, &state.keys, kid, now).await? else {
        return Ok(None);
    };
    let claims = read.verified::<AccessClaims>(&key);
    if let Some(claims) = &claims {
        state.verified.keep(token, kid, claims);
    }
    Ok(claims)
}

/// A client itself, with those permissions of the token that it still has.
fn as_client(claims: &AccessClaims, client: &Caller) -> Option<Principal> {
    let own = claims.scp.is_none() && claims.oid == claims.appid.0;
    let roles = claims.roles.as_ref().filter(|_| own)?;
    let of_token: Vec<ApiPermission> = roles.iter().filter_map(|word| word.parse().ok()).collect();
    let held = client.permissions_of(GrantKind::Application);
    let ceiling = Ceiling::new(GrantKind::Application, held.filter(|held| of_token.contains(held)));
    Some(Principal {
        strict_roles: client.strict_roles,
        ..Principal::client(claims.appid.0, &client.name, ceiling)
    })
}

/// A person, with those permissions of the token that the sign-in and the client still have, and when the client last called for them.
async fn as_person(
    tx: &mut Tx,
    claims: &AccessClaims,
    client: &Caller,
    now: DateTime<Utc>,
) -> Result<Option<(Principal, Option<DateTime<Utc>>)>, Error> {
    let (Some(scopes), Some(id)) = (&claims.scp, claims.sid) else {
        return Ok(None);
    };
    let sign_in = client_sign_ins::live(tx, id, now).await?;
    let own = |sign_in: &client_sign_ins::SignIn| sign_in.client_id == claims.appid && sign_in.user_id.0 == claims.oid;
    let Some(sign_in) = sign_in.filter(own) else { return Ok(None) };
    let Some(person) = principals::load(tx, sign_in.user_id, now).await? else {
        return Ok(None);
    };
    let held: Vec<ApiPermission> = client.permissions_of(GrantKind::Delegated).collect();
    let allowed = Scopes::kept(&sign_in.scopes).permissions;
    let of_token = Scopes::kept(scopes).permissions.into_iter();
    let ceiling = Ceiling::new(
        GrantKind::Delegated,
        of_token.filter(|permission| held.contains(permission) && allowed.contains(permission)),
    );
    Ok(Some((
        person.below(ceiling).through(claims.appid, &client.name),
        sign_in.last_used_at,
    )))
}

/// Notes that a client called, and for whom if it was for somebody.
pub async fn note_use(app: &App, client: ClientId, person: Option<UserId>) -> Result<(), Error> {
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    clients::note_use(&mut tx, client, now).await?;
    if let Some(person) = person {
        client_sign_ins::note_use(&mut tx, client, person, now).await?;
    }
    Ok(tx.commit().await?)
}

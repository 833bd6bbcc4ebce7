//! What tokens say. An access token names the client, the person if there is one, and what it may be used for; it is believed only as far
//! as the database still says so.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::error::Failure;
use super::scope::Scopes;
use super::{REFRESH_LASTS, SIGN_IN_LASTS, TOKEN_LASTS, issuer, jws, keys, tenant_id_in};
use crate::domain::access::Principal;
use crate::domain::client::ApiPermission;
use crate::domain::id::{ClientId, ClientSignInId};
use crate::domain::text::StringEnum;
use crate::service::App;
use crate::store::client_sign_ins::{self, SignIn};
use crate::store::clients::Client;
use crate::store::{StoreError, Tx};

/// What is answered where tokens are given.
#[derive(Clone, Debug, Serialize)]
pub struct TokenAnswer {
    token_type: &'static str,
    expires_in: i64,
    ext_expires_in: i64,
    /// The access token.
    pub access_token: String,
    /// What it serves for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    /// For the next one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
    /// Who has signed in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token: Option<String>,
}

/// What an access token says.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct AccessClaims {
    pub aud: String,
    pub iss: String,
    pub iat: i64,
    pub nbf: i64,
    pub exp: i64,
    pub jti: Uuid,
    pub ver: String,
    pub tid: Uuid,
    /// The client.
    pub appid: ClientId,
    pub app_displayname: String,
    /// `app` or `user`.
    pub idtyp: String,
    /// The person, or the client itself.
    pub oid: Uuid,
    pub sub: Uuid,
    /// Permissions of the client's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roles: Option<Vec<String>>,
    /// Permissions in the name of a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scp: Option<String>,
    /// The sign-in of the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sid: Option<ClientSignInId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upn: Option<String>,
}

#[derive(Debug, Serialize)]
struct IdClaims<'a> {
    aud: ClientId,
    iss: &'a str,
    iat: i64,
    nbf: i64,
    exp: i64,
    ver: &'static str,
    tid: Uuid,
    oid: Uuid,
    sub: Uuid,
    sid: ClientSignInId,
    name: &'a str,
    preferred_username: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    nonce: &'a str,
}

/// A token of a client's own.
pub(super) async fn for_client(app: &App, tx: &mut Tx, client: &Client, permissions: &[ApiPermission]) -> Result<TokenAnswer, Failure> {
    let mut claims = claims(app, tx, client, app.clock.now()).await?;
    claims.roles = Some(permissions.iter().map(|permission| permission.as_str().to_owned()).collect());
    let key = keys::signing(app, tx).await?;
    Ok(answer(keys::sign(&key, &claims)?))
}

/// Begins a sign-in of a person through a client.
pub(super) async fn begin(app: &App, tx: &mut Tx, client: &Client, person: &Principal, scopes: &Scopes) -> Result<SignIn, StoreError> {
    let now = app.clock.now();
    let sign_in = SignIn {
        id: ClientSignInId(app.ids.id(now)),
        client_id: client.id,
        user_id: person.id.into(),
        scopes: scopes.text(),
        created_at: now,
        expires_at: now + SIGN_IN_LASTS,
        last_used_at: None,
    };
    client_sign_ins::insert(tx, &sign_in).await?;
    Ok(sign_in)
}

/// The tokens of a sign-in: for access, and as far as they were asked for, for the next one and about the person.
pub(super) async fn for_person(
    app: &App,
    tx: &mut Tx,
    client: &Client,
    person: &Principal,
    sign_in: &SignIn,
    nonce: &str,
) -> Result<TokenAnswer, Failure> {
    let now = app.clock.now();
    let scopes = Scopes::kept(&sign_in.scopes);
    let names: Vec<&str> = scopes.permissions.iter().map(|permission| permission.as_str()).collect();
    let mut claims = claims(app, tx, client, now).await?;
    claims.idtyp = "user".to_owned();
    (claims.oid, claims.sub) = (person.id, person.id);
    claims.scp = Some(names.join(" "));
    claims.sid = Some(sign_in.id);
    claims.name = Some(person.name.clone());
    claims.upn = Some(person.user_name.clone());
    let key = keys::signing(app, tx).await?;
    let mut answer = answer(keys::sign(&key, &claims)?);
    answer.scope = Some(sign_in.scopes.clone());
    if scopes.openid {
        let about = IdClaims {
            aud: client.id,
            iss: &claims.iss,
            iat: claims.iat,
            nbf: claims.nbf,
            exp: claims.exp,
            ver: "2.0",
            tid: claims.tid,
            oid: person.id,
            sub: person.id,
            sid: sign_in.id,
            name: &person.name,
            preferred_username: &person.user_name,
            nonce,
        };
        answer.id_token = Some(keys::sign(&key, &about)?);
    }
    if scopes.offline {
        let token = app.ids.secret();
        let ends = (now + REFRESH_LASTS).min(sign_in.expires_at);
        client_sign_ins::add_refresh(tx, &jws::hash(&token), sign_in.id, ends).await?;
        answer.refresh_token = Some(token);
    }
    Ok(answer)
}

async fn claims(app: &App, tx: &mut Tx, client: &Client, now: DateTime<Utc>) -> Result<AccessClaims, StoreError> {
    let tenant = tenant_id_in(app, tx).await?;
    Ok(AccessClaims {
        aud: app.site.public_url.clone(),
        iss: issuer(&app.site.public_url, tenant),
        iat: now.timestamp(),
        nbf: now.timestamp(),
        exp: (now + TOKEN_LASTS).timestamp(),
        jti: app.ids.id(now),
        ver: "1.0".to_owned(),
        tid: tenant,
        appid: client.id,
        app_displayname: client.name.clone(),
        idtyp: "app".to_owned(),
        oid: client.id.0,
        sub: client.id.0,
        roles: None,
        scp: None,
        sid: None,
        name: None,
        upn: None,
    })
}

fn answer(access_token: String) -> TokenAnswer {
    TokenAnswer {
        token_type: "Bearer",
        expires_in: TOKEN_LASTS.num_seconds(),
        ext_expires_in: TOKEN_LASTS.num_seconds(),
        access_token,
        scope: None,
        refresh_token: None,
        id_token: None,
    }
}

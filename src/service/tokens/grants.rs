//! The ways to a token: a client's own credentials, a code that somebody's browser has brought, a refresh token, a device's code. Each is
//! one transaction that uses up what was shown, writes the trail and signs.

use chrono::{DateTime, Utc};

use super::client_auth::{Asking, Presented, identify};
use super::error::{Failure, OAuthError};
use super::issue::{self, TokenAnswer};
use super::scope::Scopes;
use super::{Caller, DEVICE_INTERVAL, TokenState, jws};
use crate::domain::access::Principal;
use crate::domain::audit::{Activity, Target};
use crate::domain::client::GrantKind;
use crate::domain::id::{ClientSignInId, UserId};
use crate::service::App;
use crate::service::audit::Entry;
use crate::store::client_sign_ins::{self, AuthorizationCode, DeviceState, SignIn};
use crate::store::{Tx, clients, principals};

/// What is sent where tokens are given, beside what the client shows of itself.
#[derive(Clone, Debug, Default)]
pub struct GrantForm {
    /// Which way.
    pub grant_type: String,
    /// What for.
    pub scope: String,
    /// A code that a browser has brought.
    pub code: String,
    /// Where that browser was sent back to.
    pub redirect_uri: String,
    /// What its challenge was made of.
    pub code_verifier: String,
    /// A refresh token.
    pub refresh_token: String,
    /// A device's code.
    pub device_code: String,
}

/// Gives a token, or says why not.
pub async fn grant(
    app: &App,
    state: &TokenState,
    presented: &Presented,
    form: &GrantForm,
    caller: &Caller,
) -> Result<TokenAnswer, Failure> {
    let known = [
        "client_credentials",
        "authorization_code",
        "refresh_token",
        "urn:ietf:params:oauth:grant-type:device_code",
        "device_code",
    ];
    if form.grant_type.is_empty() {
        return Err(OAuthError::request(
            "grant_type is missing. Send client_credentials, authorization_code, refresh_token or a device code.",
        )
        .into());
    }
    if !known.contains(&form.grant_type.as_str()) {
        let text = "This grant_type is not served. Use client_credentials, authorization_code, refresh_token or device code.";
        return Err(OAuthError::new("unsupported_grant_type", text).into());
    }
    let asking = identify(app, state, presented, caller).await?;
    match form.grant_type.as_str() {
        "client_credentials" => client_credentials(app, &asking, form, caller).await,
        "authorization_code" => authorization_code(app, &asking, form, caller).await,
        "refresh_token" => refresh(app, &asking, form, caller).await,
        _ => device_code(app, &asking, form, caller).await,
    }
}

async fn client_credentials(app: &App, asking: &Asking, form: &GrantForm, caller: &Caller) -> Result<TokenAnswer, Failure> {
    if !asking.is_proven() {
        let text = "A client without a secret or a key gets no token of its own. Add one to the client.";
        return Err(OAuthError::new("unauthorized_client", text).into());
    }
    let origin = &app.site.public_url;
    if !Scopes::read(&form.scope, origin)?.default {
        let text = format!("A client asks for all that it has been given: send the scope {origin}/.default.");
        return Err(OAuthError::new("invalid_scope", text).into());
    }
    let client = &asking.client;
    let mut tx = app.store.write().await?;
    asking.use_up(&mut tx, app).await?;
    let permissions = clients::permissions_of(&mut tx, client.id, GrantKind::Application).await?;
    let answer = issue::for_client(app, &mut tx, client, &permissions).await?;
    Entry::by_self(&asking.principal(caller), Activity::SignIn).write(app, &mut tx)?;
    tx.commit().await?;
    Ok(answer)
}

/// Notes in the trail that a person has signed in through a client.
fn note_sign_in(app: &App, tx: &mut Tx, asking: &Asking, person: &Principal, caller: &Caller) -> Result<(), Failure> {
    let person = Principal {
        address: caller.address.clone(),
        ..person.clone()
    };
    let client = &asking.client;
    Ok(Entry::by_self(&person, Activity::SignIn)
        .and(Target::new("client", client.id, client.name.as_str()))
        .detail(format!("Through the client {}.", client.name))
        .write(app, tx)?)
}

/// Ends a sign-in of which something was used twice: whoever has the other use may have stolen it.
async fn end_reused(app: &App, mut tx: Tx, asking: &Asking, sign_in: Option<ClientSignInId>, what: &str) -> Result<(), Failure> {
    if let Some(sign_in) = sign_in
        && client_sign_ins::end(&mut tx, sign_in).await?
    {
        let client = &asking.client;
        Entry::by_system(Activity::EndClientSignIn, Target::new("client", client.id, client.name.as_str()))
            .detail(format!("{what} was used a second time, so all tokens of that sign-in ended."))
            .write(app, &mut tx)?;
    }
    Ok(tx.commit().await?)
}

/// The person of a sign-in, while they may sign in.
async fn person(tx: &mut Tx, user: UserId, now: DateTime<Utc>) -> Result<Principal, Failure> {
    let found = principals::load(tx, user, now).await?;
    found.filter(|person| !person.must_change_password).ok_or_else(|| {
        OAuthError::grant("The person who signed in may not sign in any more, or has to choose a password first. Sign in again.").into()
    })
}

async fn authorization_code(app: &App, asking: &Asking, form: &GrantForm, caller: &Caller) -> Result<TokenAnswer, Failure> {
    let now = app.clock.now();
    let hash = jws::hash(&form.code);
    let mut tx = app.store.write().await?;
    let code = client_sign_ins::take_code(&mut tx, &hash, asking.client.id, now).await?;
    let Some(code) = code else {
        return Err(OAuthError::grant("There is no such code, or it is another client's. Sign in again.").into());
    };
    if code.used_at.is_some() {
        end_reused(app, tx, asking, code.sign_in_id, "A code").await?;
        return Err(OAuthError::grant("This code was used before, so its sign-in has ended. Sign in again.").into());
    }
    if let Err(error) = check_code(&code, form, now) {
        // It was shown with something wrong beside it: it serves no more.
        tx.commit().await?;
        return Err(error.into());
    }
    asking.use_up(&mut tx, app).await?;
    let person = person(&mut tx, code.user_id, now).await?;
    let sign_in = issue::begin(app, &mut tx, &asking.client, &person, &Scopes::kept(&code.scopes)).await?;
    client_sign_ins::note_sign_in(&mut tx, &hash, sign_in.id).await?;
    let answer = issue::for_person(app, &mut tx, &asking.client, &person, &sign_in, &code.nonce).await?;
    note_sign_in(app, &mut tx, asking, &person, caller)?;
    tx.commit().await?;
    Ok(answer)
}

fn check_code(code: &AuthorizationCode, form: &GrantForm, now: DateTime<Utc>) -> Result<(), OAuthError> {
    if code.expires_at <= now {
        return Err(OAuthError::grant("This code has ended. Sign in again."));
    }
    if code.redirect_uri != form.redirect_uri {
        return Err(OAuthError::grant(
            "redirect_uri is not the one that the code was asked for with. Send the same.",
        ));
    }
    if jws::challenge_of(&form.code_verifier) != code.challenge {
        return Err(OAuthError::grant(
            "code_verifier is not what the challenge was made of. Send it as it was made.",
        ));
    }
    Ok(())
}

async fn refresh(app: &App, asking: &Asking, form: &GrantForm, caller: &Caller) -> Result<TokenAnswer, Failure> {
    let now = app.clock.now();
    let gone = || OAuthError::grant("This refresh token does not serve any more. Sign in again.");
    let mut tx = app.store.write().await?;
    let taken = client_sign_ins::take_refresh(&mut tx, &jws::hash(&form.refresh_token), now)
        .await?
        .ok_or_else(gone)?;
    let sign_in = client_sign_ins::live(&mut tx, taken.sign_in_id, now).await?;
    let mut sign_in = sign_in.filter(|sign_in| sign_in.client_id == asking.client.id).ok_or_else(gone)?;
    if taken.used_at.is_some() {
        end_reused(app, tx, asking, Some(sign_in.id), "A refresh token").await?;
        return Err(OAuthError::grant("This refresh token was used before, so its sign-in has ended. Sign in again.").into());
    }
    if taken.expires_at <= now {
        return Err(gone().into());
    }
    sign_in.scopes = narrowed(app, &sign_in, form)?;
    asking.use_up(&mut tx, app).await?;
    let person = person(&mut tx, sign_in.user_id, now).await?;
    let answer = issue::for_person(app, &mut tx, &asking.client, &person, &sign_in, "").await?;
    note_sign_in(app, &mut tx, asking, &person, caller)?;
    tx.commit().await?;
    Ok(answer)
}

/// What a refreshed token serves for: all that the person has allowed, or less of it if less is asked for.
fn narrowed(app: &App, sign_in: &SignIn, form: &GrantForm) -> Result<String, OAuthError> {
    let allowed = Scopes::kept(&sign_in.scopes);
    let asked = Scopes::read(&form.scope, &app.site.public_url)?;
    if asked.default || asked.permissions.is_empty() {
        return Ok(sign_in.scopes.clone());
    }
    if !asked.permissions.iter().all(|permission| allowed.permissions.contains(permission)) {
        let text = "More is asked for than the person has allowed. Send them to sign in again for it.";
        return Err(OAuthError::new("invalid_scope", text));
    }
    let less = Scopes {
        permissions: asked.permissions,
        ..allowed
    };
    Ok(less.text())
}

async fn device_code(app: &App, asking: &Asking, form: &GrantForm, caller: &Caller) -> Result<TokenAnswer, Failure> {
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let polled = client_sign_ins::poll_device(&mut tx, &jws::hash(&form.device_code), asking.client.id, now).await?;
    let Some(device) = polled else {
        return Err(OAuthError::grant("There is no such device code, or it was used. Begin again.").into());
    };
    let too_soon = device.polled_at.is_some_and(|at| (now - at).num_seconds() < DEVICE_INTERVAL);
    let refused = match device.state {
        _ if device.expires_at <= now => Some(("expired_token", "Nobody signed in in time. Begin again.")),
        DeviceState::Waiting if too_soon => Some(("slow_down", "Ask again only after the interval that was told.")),
        DeviceState::Waiting => Some((
            "authorization_pending",
            "Nobody has signed in for this device yet. Ask again later.",
        )),
        DeviceState::Denied => Some(("access_denied", "The person said no.")),
        DeviceState::Allowed => None,
    };
    if let Some((code, text)) = refused {
        tx.commit().await?;
        return Err(OAuthError::new(code, text).into());
    }
    let user = device
        .user_id
        .ok_or_else(|| OAuthError::grant("Nobody signed in for this device. Begin again."))?;
    client_sign_ins::remove_device(&mut tx, &device.hash).await?;
    asking.use_up(&mut tx, app).await?;
    let person = person(&mut tx, user, now).await?;
    let sign_in = issue::begin(app, &mut tx, &asking.client, &person, &Scopes::kept(&device.scopes)).await?;
    let answer = issue::for_person(app, &mut tx, &asking.client, &person, &sign_in, "").await?;
    note_sign_in(app, &mut tx, asking, &person, caller)?;
    tx.commit().await?;
    Ok(answer)
}

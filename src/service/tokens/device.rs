//! Sign-in for a device without a browser (RFC 8628): it shows a short code, which somebody types on a page here.

use serde::Serialize;

use super::authorize::{Consent, allowed_scopes, consent_of, keep_consent};
use super::client_auth::{Presented, identify};
use super::error::Failure;
use super::scope::Scopes;
use super::{Caller, DEVICE_INTERVAL, DEVICE_LASTS, TokenState, jws};
use crate::domain::access::Principal;
use crate::paths;
use crate::service::{App, Error};
use crate::store::client_sign_ins::{self, DeviceCode, DeviceState};
use crate::store::clients;

/// Letters of a code: none that could be read as another, and no vowels, so that no word comes out.
const LETTERS: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";
/// Letters that a code has.
const CODE_LETTERS: usize = 8;

/// What a device is answered.
#[derive(Clone, Debug, Serialize)]
pub struct DeviceAnswer {
    /// What it asks with.
    pub device_code: String,
    /// What it shows.
    pub user_code: String,
    verification_uri: String,
    verification_uri_complete: String,
    expires_in: i64,
    interval: i64,
    message: String,
}

/// Lets a device wait.
pub async fn start_device(
    app: &App,
    state: &TokenState,
    presented: &Presented,
    scope: &str,
    caller: &Caller,
) -> Result<DeviceAnswer, Failure> {
    let now = app.clock.now();
    let asking = identify(app, state, presented, caller).await?;
    state.devices.check(&caller.network, now).map_err(Failure::Limited)?;
    state.devices.count(caller.network, now);
    let (device_code, user_code) = (app.ids.secret(), short_code(&app.ids.secret()));
    let mut tx = app.store.write().await?;
    let scopes = allowed_scopes(app, &mut tx, &asking.client, scope).await??;
    asking.use_up(&mut tx, app).await?;
    let device = DeviceCode {
        hash: jws::hash(&device_code),
        client_id: asking.client.id,
        scopes: scopes.text(),
        expires_at: now + DEVICE_LASTS,
        polled_at: None,
        state: DeviceState::Waiting,
        user_id: None,
    };
    client_sign_ins::add_device(&mut tx, &device, &jws::hash(&user_code)).await?;
    tx.commit().await?;
    let shown = format!("{}-{}", &user_code[..CODE_LETTERS / 2], &user_code[CODE_LETTERS / 2..]);
    let page = format!("{}{}", app.site.public_url, paths::DEVICE);
    Ok(DeviceAnswer {
        message: format!("To sign in, open {page} in a browser and enter the code {shown}."),
        verification_uri_complete: paths::with_query(&page, &[("user_code", &shown)]),
        verification_uri: page,
        device_code,
        user_code: shown,
        expires_in: DEVICE_LASTS.num_seconds(),
        interval: DEVICE_INTERVAL,
    })
}

/// Letters made of a secret.
fn short_code(secret: &str) -> String {
    let pairs = secret.as_bytes().chunks_exact(4).take(CODE_LETTERS);
    let number = |pair: &[u8]| std::str::from_utf8(pair).ok().and_then(|text| usize::from_str_radix(text, 16).ok());
    pairs
        .map(|pair| char::from(LETTERS[number(pair).unwrap_or_default() % LETTERS.len()]))
        .collect()
}

/// A code as somebody typed it, in the form in which it was given out.
fn typed_code(text: &str) -> String {
    let letters = text.chars().filter(char::is_ascii_alphabetic);
    letters.map(|c| c.to_ascii_uppercase()).take(CODE_LETTERS + 1).collect()
}

/// What comes of a code that somebody typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeviceQuestion {
    /// There is none of this code that waits.
    Unknown,
    /// They are asked whether they started this.
    Ask(Consent),
    /// It is decided: whether they allowed it.
    Decided(bool),
}

/// Which client waits behind a code and, with a decision, what the person has answered. Wrong codes are counted.
pub async fn decide_device(
    app: &App,
    state: &TokenState,
    actor: &Principal,
    code: &str,
    decision: Option<bool>,
) -> Result<DeviceQuestion, Error> {
    let me = actor.in_session()?.id;
    let now = app.clock.now();
    state.user_codes.check(&me, now).map_err(Error::Limited)?;
    let mut tx = app.store.write().await?;
    let device = client_sign_ins::device_of_user_code(&mut tx, &jws::hash(&typed_code(code)), now).await?;
    let client = match &device {
        Some(device) => clients::find(&mut tx, device.client_id).await?.filter(|client| client.enabled),
        None => None,
    };
    let (Some(device), Some(client)) = (device, client) else {
        state.user_codes.count(me, now);
        return Ok(DeviceQuestion::Unknown);
    };
    let scopes = Scopes::kept(&device.scopes);
    let Some(allowed) = decision else {
        return Ok(DeviceQuestion::Ask(consent_of(&client, &scopes, "")));
    };
    let decided = if allowed { DeviceState::Allowed } else { DeviceState::Denied };
    if !client_sign_ins::decide_device(&mut tx, &device.hash, decided, me).await? {
        return Ok(DeviceQuestion::Unknown);
    }
    if allowed {
        let before = client_sign_ins::consent(&mut tx, client.id, me)
            .await?
            .map(|text| Scopes::kept(&text))
            .unwrap_or_default();
        keep_consent(app, &mut tx, (actor, &client), &before, &scopes, now).await?;
    }
    tx.commit().await?;
    Ok(DeviceQuestion::Decided(allowed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_typed_in_any_way() {
        let code = short_code(&"0123456789abcdef".repeat(4));
        assert_eq!(code.len(), CODE_LETTERS);
        assert_eq!(typed_code(&format!(" {}-{} ", code[..4].to_lowercase(), &code[4..])), code);
        assert_eq!(typed_code("é"), "");
    }
}

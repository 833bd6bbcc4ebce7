//! A person lets a client act in their name: what the client asks for is checked, the person is asked once, and the browser goes back with
//! a code. Where it would go back is checked before anything is said there (RFC 6749, section 4.1; RFC 7636; RFC 9700).

use chrono::{DateTime, Utc};

use super::error::OAuthError;
use super::scope::Scopes;
use super::{CODE_LASTS, issuer, jws, tenant_id_in};
use crate::domain::access::{Person, Principal};
use crate::domain::audit::{Activity, Change, Target};
use crate::domain::client::{GrantKind, redirect_matches, redirect_source};
use crate::domain::id::ClientId;
use crate::paths;
use crate::service::audit::Entry;
use crate::service::{App, Error};
use crate::store::client_sign_ins::{self, AuthorizationCode};
use crate::store::clients::Client;
use crate::store::{Tx, clients};

/// The longest state and nonce that are taken, in bytes.
const ECHO_MAX: usize = 2_048;

/// What a client's link asks for.
#[derive(Clone, Debug, Default)]
pub struct AuthorizeForm {
    /// The client.
    pub client_id: String,
    /// Where the browser goes back.
    pub redirect_uri: String,
    /// `code`.
    pub response_type: String,
    /// `query`, `fragment` or `form_post`; nothing is `query`.
    pub response_mode: String,
    /// What for.
    pub scope: String,
    /// What goes back unchanged.
    pub state: String,
    /// SHA-256 of what the client will show, in base64url.
    pub code_challenge: String,
    /// `S256`.
    pub code_challenge_method: String,
    /// What the id token repeats.
    pub nonce: String,
    /// `consent` asks again, `none` never asks.
    pub prompt: String,
}

/// What a person is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// The client's name.
    pub client: String,
    /// What it is for, as an administrator wrote.
    pub description: String,
    /// What it would be allowed, in words.
    pub permissions: Vec<&'static str>,
    /// It would stay signed in.
    pub offline: bool,
    /// Scheme, host and port of where the browser goes back.
    pub source: String,
}

/// What comes of a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Authorized {
    /// The link itself is wrong, so nobody is sent anywhere.
    Broken(String),
    /// The person has to be asked.
    Ask(Consent),
    /// The browser goes there, with a code or an error.
    Back {
        /// The whole address.
        address: String,
        /// Its scheme, host and port.
        source: String,
    },
    /// The browser sends a form there, so that neither its history nor a log of addresses has the code.
    Post {
        /// The client's name.
        client: String,
        /// The whole address.
        address: String,
        /// Its scheme, host and port.
        source: String,
        /// What the form carries.
        fields: Vec<(&'static str, String)>,
    },
}

/// How a client wants to be answered (OAuth 2.0 Multiple Response Type Encoding Practices, OAuth 2.0 Form Post Response Mode).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ResponseMode {
    Query,
    Fragment,
    FormPost,
}

impl ResponseMode {
    /// `None` for one that is not served.
    fn read(text: &str) -> Option<Self> {
        match text {
            "" | "query" => Some(Self::Query),
            "fragment" => Some(Self::Fragment),
            "form_post" => Some(Self::FormPost),
            _ => None,
        }
    }

    /// The answer to a client, which goes to one of its registered addresses.
    fn answer(self, client: &Client, form: &AuthorizeForm, source: String, fields: Vec<(&'static str, String)>) -> Authorized {
        let to = &form.redirect_uri;
        if self == Self::FormPost {
            return Authorized::Post {
                client: client.name.clone(),
                address: to.clone(),
                source,
                fields,
            };
        }
        let pairs: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let tail = paths::with_query("", &pairs);
        let tail = match self {
            Self::Fragment => tail.replacen('?', "#", 1),
            _ if to.contains('?') => tail.replacen('?', "&", 1),
            _ => tail,
        };
        Authorized::Back {
            address: format!("{to}{tail}"),
            source,
        }
    }
}

/// Checks a link and says what comes next; `decision` is what the person has answered.
pub async fn authorize(app: &App, actor: &Principal, form: &AuthorizeForm, decision: Option<bool>) -> Result<Authorized, Error> {
    let me = actor.in_session()?;
    let mut tx = app.store.write().await?;
    let client = match form.client_id.parse::<ClientId>() {
        Ok(id) => clients::find(&mut tx, id).await?.filter(|client| client.enabled),
        Err(_) => None,
    };
    let Some(client) = client else {
        return Ok(Authorized::Broken(
            "There is no such application, or it is disabled. Ask whoever sent you here.".into(),
        ));
    };
    let registered = clients::redirects(&mut tx, client.id).await?;
    let known = registered.iter().any(|uri| redirect_matches(uri, &form.redirect_uri));
    let Some(source) = redirect_source(&form.redirect_uri).filter(|_| known) else {
        let text = format!(
            "{} asks to be answered at an address that is not registered for it. Ask an administrator to add it to the client.",
            client.name
        );
        return Ok(Authorized::Broken(text));
    };
    let asked = checked(app, &mut tx, &client, form).await?;
    let outcome = match asked {
        Ok(scopes) => {
            let asked = Asked {
                actor,
                me,
                client: &client,
                form,
                decision,
                source: &source,
            };
            decided(app, &mut tx, &asked, scopes).await?
        }
        Err(error) => Outcome::Refused(error),
    };
    let issuer = issuer(&app.site.public_url, tenant_id_in(app, &mut tx).await?);
    let mut fields = match outcome {
        Outcome::Ask(consent) => return Ok(Authorized::Ask(consent)),
        Outcome::Code(code) => vec![("code", code)],
        Outcome::Refused(error) => vec![("error", error.code.to_owned()), ("error_description", error.description)],
    };
    tx.commit().await?;
    fields.extend([("state", form.state.clone()), ("iss", issuer)]);
    let mode = ResponseMode::read(&form.response_mode).unwrap_or(ResponseMode::Query);
    Ok(mode.answer(&client, form, source, fields))
}

enum Outcome {
    Ask(Consent),
    Code(String),
    Refused(OAuthError),
}

/// What the link asks for, if the client may have it.
async fn checked(app: &App, tx: &mut Tx, client: &Client, form: &AuthorizeForm) -> Result<Result<Scopes, OAuthError>, Error> {
    let refused = |code, text: &str| Ok(Err(OAuthError::new(code, text)));
    if form.response_type != "code" {
        return refused("unsupported_response_type", "Only response_type=code is served.");
    }
    if ResponseMode::read(&form.response_mode).is_none() {
        return refused("invalid_request", "Only response_mode=query, fragment and form_post are served.");
    }
    let challenge = form.code_challenge.len() == 43 && form.code_challenge.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
    if form.code_challenge_method != "S256" || !challenge {
        return refused("invalid_request", "Send a code_challenge with code_challenge_method=S256 (PKCE).");
    }
    if form.state.len() > ECHO_MAX || form.nonce.len() > ECHO_MAX || form.nonce.contains('\0') {
        return refused("invalid_request", "state or nonce is too long, or holds what cannot be kept.");
    }
    allowed_scopes(app, tx, client, &form.scope).await
}

/// What is asked for in the name of a person, if the client has been given all of it.
pub(super) async fn allowed_scopes(app: &App, tx: &mut Tx, client: &Client, scope: &str) -> Result<Result<Scopes, OAuthError>, Error> {
    let mut scopes = match Scopes::read(scope, &app.site.public_url) {
        Ok(scopes) => scopes,
        Err(error) => return Ok(Err(error)),
    };
    let held = clients::permissions_of(tx, client.id, GrantKind::Delegated).await?;
    if scopes.default {
        scopes = Scopes {
            permissions: held.clone(),
            default: false,
            ..scopes
        };
    }
    let missing = scopes.permissions.iter().find(|permission| !held.contains(permission));
    if let Some(missing) = missing {
        let text = format!(
            "{} has not been given the delegated permission {}. Ask an administrator to give it to the client.",
            client.name,
            crate::domain::text::StringEnum::as_str(*missing)
        );
        return Ok(Err(OAuthError::new("invalid_scope", text)));
    }
    if scopes.permissions.is_empty() && !scopes.openid {
        return Ok(Err(OAuthError::new(
            "invalid_scope",
            "Nothing is asked for. Send permissions or openid in scope.",
        )));
    }
    Ok(Ok(scopes))
}

/// A link that is in order, and what the person has answered.
struct Asked<'a> {
    actor: &'a Principal,
    me: Person,
    client: &'a Client,
    form: &'a AuthorizeForm,
    decision: Option<bool>,
    source: &'a str,
}

async fn decided(app: &App, tx: &mut Tx, asked: &Asked<'_>, scopes: Scopes) -> Result<Outcome, Error> {
    let Asked { me, client, form, .. } = *asked;
    let now = app.clock.now();
    let before = client_sign_ins::consent(tx, client.id, me.id)
        .await?
        .map(|text| Scopes::kept(&text))
        .unwrap_or_default();
    let covered = before.covers(&scopes) && form.prompt != "consent";
    match asked.decision {
        Some(false) => return Ok(Outcome::Refused(OAuthError::new("access_denied", "The person said no."))),
        Some(true) => keep_consent(app, tx, (asked.actor, client), &before, &scopes, now).await?,
        None if covered => {}
        None if form.prompt == "none" => {
            let text = "The person has to be asked, which prompt=none forbids.";
            return Ok(Outcome::Refused(OAuthError::new("consent_required", text)));
        }
        None => return Ok(Outcome::Ask(consent_of(client, &scopes, asked.source))),
    }
    let code = app.ids.secret();
    let kept = AuthorizationCode {
        client_id: client.id,
        user_id: me.id,
        scopes: scopes.text(),
        redirect_uri: form.redirect_uri.clone(),
        challenge: form.code_challenge.clone(),
        nonce: form.nonce.clone(),
        expires_at: now + CODE_LASTS,
        used_at: None,
        sign_in_id: None,
    };
    client_sign_ins::add_code(tx, &jws::hash(&code), &kept).await?;
    Ok(Outcome::Code(code))
}

/// What a person is asked about a client.
pub(super) fn consent_of(client: &Client, scopes: &Scopes, source: &str) -> Consent {
    Consent {
        client: client.name.clone(),
        description: client.description.clone(),
        permissions: scopes.words(),
        offline: scopes.offline,
        source: source.to_owned(),
    }
}

/// Notes that a person lets a client do this, with what they allowed before.
pub(super) async fn keep_consent(
    app: &App,
    tx: &mut Tx,
    (actor, client): (&Principal, &Client),
    before: &Scopes,
    scopes: &Scopes,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let me = actor.person()?.id;
    let after = before.clone().and(scopes).text();
    client_sign_ins::keep_consent(tx, client.id, me, &after, now).await?;
    Entry::by_self(actor, Activity::ConsentToClient)
        .and(Target::new("client", client.id, client.name.as_str()))
        .changes([Change::between("Scopes", before.text(), after)])
        .write(app, tx)?;
    Ok(())
}

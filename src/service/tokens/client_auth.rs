//! Which client asks for a token, and whether it has shown that it is (RFC 6749, section 2.3). A wrong secret, an unknown client and a
//! disabled one get the same answer; how often that may happen is limited as for people.

use uuid::Uuid;

use super::assertion::{self, Assertion};
use super::error::{Failure, OAuthError};
use super::{Caller, TokenState, jws, tenant_id};
use crate::domain::access::{Ceiling, Principal};
use crate::domain::audit::Target;
use crate::domain::client::GrantKind;
use crate::domain::id::{ClientId, ClientSecretId};
use crate::service::App;
use crate::service::audit::note_failed_sign_in;
use crate::store::Tx;
use crate::store::clients::{self, Client};

/// The kind of assertion that we take.
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// What a client shows of itself.
#[derive(Clone, Debug, Default)]
pub struct Presented {
    /// Its application id, as written.
    pub client_id: String,
    /// Its secret.
    pub secret: Option<String>,
    /// The kind of its assertion, and the assertion.
    pub assertion: Option<(String, String)>,
}

/// How a client has shown that it is who it says.
#[derive(Clone, Debug)]
enum Proof {
    Secret(ClientSecretId),
    Assertion(Assertion),
}

/// A client as it asks.
#[derive(Clone, Debug)]
pub(super) struct Asking {
    /// The client.
    pub client: Client,
    /// None of one that can keep no secret.
    proof: Option<Proof>,
}

impl Asking {
    /// Whether it has shown that it is who it says.
    pub fn is_proven(&self) -> bool {
        self.proof.is_some()
    }

    /// The client as who acts, with no permission at all: for the trail.
    pub fn principal(&self, caller: &Caller) -> Principal {
        Principal {
            address: caller.address.clone(),
            ..Principal::client(
                self.client.id.0,
                self.client.name.as_str(),
                Ceiling::new(GrantKind::Application, []),
            )
        }
    }

    /// Uses what it has shown up, in the transaction that gives it something for that; an assertion serves once.
    pub async fn use_up(&self, tx: &mut Tx, app: &App) -> Result<(), Failure> {
        let now = app.clock.now();
        match &self.proof {
            Some(Proof::Secret(id)) => clients::note_secret(tx, *id, now).await?,
            Some(Proof::Assertion(assertion)) => {
                if !clients::use_assertion(tx, self.client.id, &assertion.id_hash, assertion.expires_at).await? {
                    let text = "This assertion was used before. Sign a new one, with a jti of its own, for every request.";
                    return Err(OAuthError::new("invalid_client", text).into());
                }
                clients::note_key(tx, assertion.key, now).await?;
            }
            None => {}
        }
        Ok(clients::note_use(tx, self.client.id, now).await?)
    }
}

/// The client that asks. One that shows a secret or an assertion must be right; one that shows neither must be one that can keep none.
pub(super) async fn identify(app: &App, state: &TokenState, presented: &Presented, caller: &Caller) -> Result<Asking, Failure> {
    let now = app.clock.now();
    let named = presented.client_id.parse().ok();
    let claimed = presented.assertion.as_ref().and_then(|(_, token)| assertion::claimed_client(token));
    if presented.client_id.is_empty() && claimed.is_none() {
        return Err(OAuthError::request("client_id is missing. Send the client's application id.").into());
    }
    let id: ClientId = named.or(claimed).unwrap_or(ClientId(Uuid::nil()));
    state.networks.check(&caller.network, now).map_err(Failure::Limited)?;
    state.clients.check(&(id.0, caller.network), now).map_err(Failure::Limited)?;
    let tenant = tenant_id(app).await?;
    let mut tx = app.store.read().await?;
    let found = clients::find(&mut tx, id).await?;
    let asking = match &found {
        Some(client) => shown(app, &mut tx, client, presented, tenant).await?,
        None => None,
    };
    drop(tx);
    match asking {
        Some(asking) => Ok(asking),
        None => {
            state.networks.count(caller.network, now);
            state.clients.count((id.0, caller.network), now);
            note_failure(app, found.as_ref(), caller).await;
            Err(OAuthError::client().into())
        }
    }
}

async fn shown(app: &App, tx: &mut Tx, client: &Client, presented: &Presented, tenant: Uuid) -> Result<Option<Asking>, Failure> {
    let now = app.clock.now();
    let proof = match (&presented.secret, &presented.assertion) {
        _ if !client.enabled => return Ok(None),
        (Some(secret), None) => {
            let secret = clients::secret_of_hash(tx, client.id, &jws::hash(secret), now).await?;
            secret.map(Proof::Secret)
        }
        (None, Some((kind, token))) if kind == JWT_BEARER => {
            let keys = clients::stored_keys(tx, client.id, now).await?;
            assertion::check(token, client.id, &keys, (&app.site.public_url, tenant), now).map(Proof::Assertion)
        }
        (None, None) if client.public_client => {
            return Ok(Some(Asking {
                client: client.clone(),
                proof: None,
            }));
        }
        _ => None,
    };
    Ok(proof.map(|proof| Asking {
        client: client.clone(),
        proof: Some(proof),
    }))
}

/// Writes a failed sign-in of a client down. The answer does not wait on whether this succeeds.
async fn note_failure(app: &App, client: Option<&Client>, caller: &Caller) {
    let nobody = Principal {
        address: caller.address.clone(),
        ..Principal::client(Uuid::nil(), "Not signed in", Ceiling::new(GrantKind::Application, []))
    };
    let target = client.map(|client| Target::new("client", client.id, client.name.as_str()));
    let detail = match client {
        None => "There is no client of this application id.",
        Some(client) if !client.enabled => "The client is disabled.",
        Some(_) => "The client's secret or assertion was not right, or has ended.",
    };
    note_failed_sign_in(app, &nobody, target, detail).await;
}

//! Tokens for callers of the API (RFC 6749, OpenID Connect): a client's own, and those by which it acts in the name of a person. Whoever
//! comes with one is looked up at each call, so that blocking, disabling or revoking stops it at once. Must not know HTTP.

mod assertion;
mod authorize;
mod bearer;
pub mod certificate;
mod client_auth;
mod device;
mod error;
mod grants;
mod issue;
pub mod jws;
mod keys;
mod scope;
mod verified;

pub use authorize::{AuthorizeForm, Authorized, Consent, authorize};
pub use bearer::{Bearer, note_use, resume};
pub use client_auth::Presented;
pub use device::{DeviceAnswer, DeviceQuestion, decide_device, start_device};
pub use error::{Failure, OAuthError};
pub use grants::{GrantForm, grant};
pub use issue::TokenAnswer;
pub use keys::{KnownKeys, published, rotate};
pub use scope::words_of;

use std::net::IpAddr;

use chrono::Duration;
use uuid::Uuid;

use super::App;
use super::rate_limits::Limit;
use crate::domain::id::UserId;
use crate::store::{StoreError, Tx, accounts};
use verified::VerifiedTokens;

/// For so long an access token serves.
pub const TOKEN_LASTS: Duration = Duration::minutes(60);
/// For so long a sign-in of a person through a client lasts in any case.
const SIGN_IN_LASTS: Duration = Duration::days(90);
/// Without use for so long, a refresh token ends.
const REFRESH_LASTS: Duration = Duration::days(14);
/// For so long a code may be exchanged for tokens.
const CODE_LASTS: Duration = Duration::minutes(5);
/// For so long a device waits.
const DEVICE_LASTS: Duration = Duration::minutes(15);
/// Seconds that a device waits between two questions.
const DEVICE_INTERVAL: i64 = 5;
/// The setting that holds the installation's id.
const TENANT_ID: &str = "tenant_id";

/// What tokens need that is kept in memory.
pub struct TokenState {
    /// Keys of tokens.
    pub keys: KnownKeys,
    /// Tokens whose signatures were found good.
    verified: VerifiedTokens,
    /// Failed sign-ins of a client from one network.
    clients: Limit<(Uuid, IpAddr)>,
    /// Failed sign-ins of clients from one network.
    networks: Limit<IpAddr>,
    /// Codes of devices that a person has typed wrongly.
    user_codes: Limit<UserId>,
    /// Devices that a network lets wait.
    devices: Limit<IpAddr>,
}

impl TokenState {
    /// So many failures within five minutes for a client from one network, and for a network.
    pub fn new(per_client: u32, per_network: u32) -> Self {
        const SPAN: Duration = Duration::minutes(5);
        Self {
            keys: KnownKeys::default(),
            verified: VerifiedTokens::default(),
            clients: Limit::new(per_client, SPAN),
            networks: Limit::new(per_network, SPAN),
            user_codes: Limit::new(per_client, SPAN),
            devices: Limit::new(per_network, SPAN),
        }
    }
}

/// Where a call comes from.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Its network, for limits.
    pub network: IpAddr,
    /// Its address, for the trail.
    pub address: String,
}

/// The installation's id; it is made when it is first asked for.
pub async fn tenant_id(app: &App) -> Result<Uuid, StoreError> {
    let mut tx = app.store.read().await?;
    if let Some(id) = stored_tenant_id(&mut tx).await? {
        return Ok(id);
    }
    drop(tx);
    let mut tx = app.store.write().await?;
    let id = tenant_id_in(app, &mut tx).await?;
    tx.commit().await?;
    Ok(id)
}

async fn stored_tenant_id(tx: &mut Tx) -> Result<Option<Uuid>, StoreError> {
    Ok(accounts::setting(tx, TENANT_ID).await?.and_then(|text| text.parse().ok()))
}

async fn tenant_id_in(app: &App, tx: &mut Tx) -> Result<Uuid, StoreError> {
    if let Some(id) = stored_tenant_id(tx).await? {
        return Ok(id);
    }
    let id = app.ids.id(app.clock.now());
    accounts::offer_setting(tx, TENANT_ID, &id.to_string()).await?;
    // Another copy may have been first.
    Ok(stored_tenant_id(tx).await?.unwrap_or(id))
}

/// Who signs tokens here, as they say it.
pub fn issuer(public_url: &str, tenant: Uuid) -> String {
    format!("{public_url}/{tenant}/v2.0")
}

/// Where tokens are given.
pub fn token_address(public_url: &str, tenant: Uuid) -> String {
    format!("{public_url}/{tenant}/oauth2/v2.0/token")
}

//! What people let clients do in their names: consents, sign-ins with their refresh tokens, the codes by which a client fetches tokens, and
//! devices that wait. Everything secret is kept as its SHA-256, in hex.

use chrono::{DateTime, Utc};

use crate::domain::id::{ClientId, ClientSignInId, UserId};
use crate::domain::text::string_enum;
use crate::{args, row};

use super::tx::{StoreError, Tx, word};

/// A sign-in of a person through a client.
#[derive(Clone, Debug)]
pub struct SignIn {
    /// The sign-in.
    pub id: ClientSignInId,
    /// The client.
    pub client_id: ClientId,
    /// Who.
    pub user_id: UserId,
    /// What for.
    pub scopes: String,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it ends whatever happens.
    pub expires_at: DateTime<Utc>,
    /// When the client last called for the person, in this sign-in or another.
    pub last_used_at: Option<DateTime<Utc>>,
}
row!(SignIn {
    id: id,
    client_id: id,
    user_id: id,
    scopes,
    created_at,
    expires_at,
    last_used_at
});

/// What a person lets a client do, with what is shown of the client.
#[derive(Clone, Debug)]
pub struct Consent {
    /// The client.
    pub client_id: ClientId,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// What it may do.
    pub scopes: String,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// When it last called for the person.
    pub last_used_at: Option<DateTime<Utc>>,
    /// Sign-ins of the person through it that have not ended.
    pub sign_ins: i64,
}
row!(Consent {
    client_id: id,
    name,
    description,
    scopes,
    created_at,
    last_used_at,
    sign_ins
});

/// Clients that are shown to a person at the most.
const CONSENTS_MAX: i64 = 200;

/// What a person lets clients do, by the clients' names.
pub async fn consents_of(tx: &mut Tx, user: UserId, now: DateTime<Utc>) -> Result<Vec<Consent>, StoreError> {
    let sql = "SELECT k.client_id, c.name, c.description, k.scopes, k.created_at, k.last_used_at,
            (SELECT count(*) FROM client_sign_ins s WHERE s.client_id = k.client_id AND s.user_id = k.user_id AND s.expires_at > $2) AS sign_ins
        FROM client_consents k JOIN clients c ON c.id = k.client_id WHERE k.user_id = $1 ORDER BY c.name_folded, c.id LIMIT $3";
    tx.all(sql, args![user, now, CONSENTS_MAX]).await
}

/// Forgets what a person lets a client do, and ends all that is under way for them through it; gives the client's name, if there was any.
pub async fn revoke_of_person(tx: &mut Tx, client: ClientId, user: UserId) -> Result<Option<String>, StoreError> {
    let sql = "SELECT c.name FROM client_consents k JOIN clients c ON c.id = k.client_id WHERE k.client_id = $1 AND k.user_id = $2";
    let row: Option<(String,)> = tx.opt(sql, args![client, user]).await?;
    for sql in [
        "DELETE FROM client_consents WHERE client_id = $1 AND user_id = $2",
        "DELETE FROM client_sign_ins WHERE client_id = $1 AND user_id = $2",
        "DELETE FROM authorization_codes WHERE client_id = $1 AND user_id = $2",
        "DELETE FROM device_codes WHERE client_id = $1 AND user_id = $2",
    ] {
        tx.exec(sql, args![client, user]).await?;
    }
    Ok(row.map(|(name,)| name))
}

/// Notes that a client called for a person.
pub async fn note_use(tx: &mut Tx, client: ClientId, user: UserId, now: DateTime<Utc>) -> Result<(), StoreError> {
    let sql = "UPDATE client_consents SET last_used_at = $3
        WHERE client_id = $1 AND user_id = $2 AND (last_used_at IS NULL OR last_used_at < $3)";
    tx.exec(sql, args![client, user, now]).await.map(drop)
}

/// What a person has let a client do.
pub async fn consent(tx: &mut Tx, client: ClientId, user: UserId) -> Result<Option<String>, StoreError> {
    let sql = "SELECT scopes FROM client_consents WHERE client_id = $1 AND user_id = $2";
    let row: Option<(String,)> = tx.opt(sql, args![client, user]).await?;
    Ok(row.map(|(scopes,)| scopes))
}

/// Notes what a person lets a client do from now on.
pub async fn keep_consent(tx: &mut Tx, client: ClientId, user: UserId, scopes: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO client_consents (client_id, user_id, scopes, created_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (client_id, user_id) DO UPDATE SET scopes = excluded.scopes, created_at = excluded.created_at",
        args![client, user, scopes, now],
    )
    .await
    .map(drop)
}

/// Begins a sign-in.
pub async fn insert(tx: &mut Tx, sign_in: &SignIn) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO client_sign_ins (id, client_id, user_id, scopes, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)",
        args![
            sign_in.id,
            sign_in.client_id,
            sign_in.user_id,
            sign_in.scopes.as_str(),
            sign_in.created_at,
            sign_in.expires_at
        ],
    )
    .await
    .map(drop)
}

/// A sign-in that has not ended.
pub async fn live(tx: &mut Tx, id: ClientSignInId, now: DateTime<Utc>) -> Result<Option<SignIn>, StoreError> {
    let sql = "SELECT s.id, s.client_id, s.user_id, s.scopes, s.created_at, s.expires_at, k.last_used_at
        FROM client_sign_ins s LEFT JOIN client_consents k ON k.client_id = s.client_id AND k.user_id = s.user_id
        WHERE s.id = $1 AND s.expires_at > $2";
    tx.opt(sql, args![id, now]).await
}

/// Ends a sign-in with its refresh tokens; says whether it was there.
pub async fn end(tx: &mut Tx, id: ClientSignInId) -> Result<bool, StoreError> {
    Ok(tx.exec("DELETE FROM client_sign_ins WHERE id = $1", args![id]).await? == 1)
}

/// Ends all that a person has under way through clients; what they have let clients do stays.
pub async fn end_of_user(tx: &mut Tx, user: UserId) -> Result<(), StoreError> {
    for sql in [
        "DELETE FROM client_sign_ins WHERE user_id = $1",
        "DELETE FROM authorization_codes WHERE user_id = $1",
        "DELETE FROM device_codes WHERE user_id = $1",
    ] {
        tx.exec(sql, args![user]).await?;
    }
    Ok(())
}

/// Ends all that people have under way through a client, and forgets what they have let it do; says how many were signed in.
pub async fn revoke_of_client(tx: &mut Tx, client: ClientId, now: DateTime<Utc>) -> Result<i64, StoreError> {
    let people = people(tx, client, now).await?;
    for sql in [
        "DELETE FROM client_sign_ins WHERE client_id = $1",
        "DELETE FROM authorization_codes WHERE client_id = $1",
        "DELETE FROM device_codes WHERE client_id = $1",
        "DELETE FROM client_consents WHERE client_id = $1",
    ] {
        tx.exec(sql, args![client]).await?;
    }
    Ok(people)
}

/// How many people are signed in through a client.
pub async fn people(tx: &mut Tx, client: ClientId, now: DateTime<Utc>) -> Result<i64, StoreError> {
    let sql = "SELECT count(DISTINCT user_id) FROM client_sign_ins WHERE client_id = $1 AND expires_at > $2";
    tx.value(sql, args![client, now]).await
}

/// Stores a refresh token.
pub async fn add_refresh(tx: &mut Tx, hash: &str, sign_in: ClientSignInId, expires_at: DateTime<Utc>) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO refresh_tokens (hash, sign_in_id, expires_at, used_at) VALUES ($1, $2, $3, NULL)",
        args![hash, sign_in, expires_at],
    )
    .await
    .map(drop)
}

/// A refresh token as it was when it was taken.
#[derive(Clone, Copy, Debug)]
pub struct TakenRefresh {
    /// Its sign-in.
    pub sign_in_id: ClientSignInId,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
    /// When it was used before, if it was.
    pub used_at: Option<DateTime<Utc>>,
}
row!(TakenRefresh {
    sign_in_id: id,
    expires_at,
    used_at
});

/// Marks a refresh token as used, and gives it as it was before. Of two at the same time only one finds it unused.
pub async fn take_refresh(tx: &mut Tx, hash: &str, now: DateTime<Utc>) -> Result<Option<TakenRefresh>, StoreError> {
    let sql = "SELECT sign_in_id, expires_at, used_at FROM refresh_tokens WHERE hash = $1";
    let sql = tx.for_update(sql, "FOR UPDATE");
    let found: Option<TakenRefresh> = tx.opt(sql, args![hash]).await?;
    if found.is_some() {
        let sql = "UPDATE refresh_tokens SET used_at = $2 WHERE hash = $1 AND used_at IS NULL";
        tx.exec(sql, args![hash, now]).await?;
    }
    Ok(found)
}

/// A code by which a client fetches tokens.
#[derive(Clone, Debug)]
pub struct AuthorizationCode {
    /// The client.
    pub client_id: ClientId,
    /// Who has signed in.
    pub user_id: UserId,
    /// What for.
    pub scopes: String,
    /// Where they were sent back to.
    pub redirect_uri: String,
    /// SHA-256 of what the client must show, in base64url (RFC 7636).
    pub challenge: String,
    /// What the id token repeats; may be empty.
    pub nonce: String,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
    /// When it was used, if it was.
    pub used_at: Option<DateTime<Utc>>,
    /// The sign-in that came of that.
    pub sign_in_id: Option<ClientSignInId>,
}
row!(AuthorizationCode {
    client_id: id,
    user_id: id,
    scopes,
    redirect_uri,
    challenge,
    nonce,
    expires_at,
    used_at,
    sign_in_id: opt_id
});

/// Stores a code.
pub async fn add_code(tx: &mut Tx, hash: &str, code: &AuthorizationCode) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO authorization_codes
            (hash, client_id, user_id, scopes, redirect_uri, challenge, nonce, expires_at, used_at, sign_in_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL, NULL)",
        args![
            hash,
            code.client_id,
            code.user_id,
            code.scopes.as_str(),
            code.redirect_uri.as_str(),
            code.challenge.as_str(),
            code.nonce.as_str(),
            code.expires_at
        ],
    )
    .await
    .map(drop)
}

/// Marks a code as used by a client, and gives it as it was before.
pub async fn take_code(tx: &mut Tx, hash: &str, client: ClientId, now: DateTime<Utc>) -> Result<Option<AuthorizationCode>, StoreError> {
    let sql = "SELECT client_id, user_id, scopes, redirect_uri, challenge, nonce, expires_at, used_at, sign_in_id
        FROM authorization_codes WHERE hash = $1 AND client_id = $2";
    let sql = tx.for_update(sql, "FOR UPDATE");
    let found: Option<AuthorizationCode> = tx.opt(sql, args![hash, client]).await?;
    if found.is_some() {
        let sql = "UPDATE authorization_codes SET used_at = $2 WHERE hash = $1 AND used_at IS NULL";
        tx.exec(sql, args![hash, now]).await?;
    }
    Ok(found)
}

/// Notes which sign-in came of a code.
pub async fn note_sign_in(tx: &mut Tx, hash: &str, sign_in: ClientSignInId) -> Result<(), StoreError> {
    tx.exec(
        "UPDATE authorization_codes SET sign_in_id = $2 WHERE hash = $1",
        args![hash, sign_in],
    )
    .await
    .map(drop)
}

string_enum! {
    /// How far a device's sign-in is.
    DeviceState {
        /// Nobody has decided.
        Waiting = "waiting",
        /// Somebody signed in for it.
        Allowed = "allowed",
        /// Somebody said no.
        Denied = "denied",
    }
}

/// A device that waits.
#[derive(Clone, Debug)]
pub struct DeviceCode {
    /// Its key.
    pub hash: String,
    /// The client.
    pub client_id: ClientId,
    /// What for.
    pub scopes: String,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
    /// When it last asked.
    pub polled_at: Option<DateTime<Utc>>,
    /// How far it is.
    pub state: DeviceState,
    /// Who has signed in for it.
    pub user_id: Option<UserId>,
}
row!(DeviceCode {
    hash,
    client_id: id,
    scopes,
    expires_at,
    polled_at,
    state: word,
    user_id: opt_id
});

/// Stores a device that waits. A user code that is in use is a conflict on `device_codes`.
pub async fn add_device(tx: &mut Tx, device: &DeviceCode, user_code_hash: &str) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO device_codes (hash, user_code_hash, client_id, scopes, expires_at, polled_at, state, user_id)
         VALUES ($1, $2, $3, $4, $5, NULL, $6, NULL)",
        vec![
            device.hash.as_str().into(),
            user_code_hash.into(),
            device.client_id.into(),
            device.scopes.as_str().into(),
            device.expires_at.into(),
            word(device.state),
        ],
    )
    .await
    .map(drop)
}

/// The device of a code that a person has typed, while it waits.
pub async fn device_of_user_code(tx: &mut Tx, hash: &str, now: DateTime<Utc>) -> Result<Option<DeviceCode>, StoreError> {
    let sql = "SELECT hash, client_id, scopes, expires_at, polled_at, state, user_id FROM device_codes
        WHERE user_code_hash = $1 AND expires_at > $2 AND state = 'waiting'";
    tx.opt(sql, args![hash, now]).await
}

/// Notes what a person decided about a device that waits; says whether it still did.
pub async fn decide_device(tx: &mut Tx, hash: &str, state: DeviceState, user: UserId) -> Result<bool, StoreError> {
    let sql = "UPDATE device_codes SET state = $2, user_id = $3 WHERE hash = $1 AND state = 'waiting'";
    Ok(tx.exec(sql, vec![hash.into(), word(state), user.into()]).await? == 1)
}

/// The device of a client that asks whether somebody has signed in, as it was before it asked.
pub async fn poll_device(tx: &mut Tx, hash: &str, client: ClientId, now: DateTime<Utc>) -> Result<Option<DeviceCode>, StoreError> {
    let sql = "SELECT hash, client_id, scopes, expires_at, polled_at, state, user_id FROM device_codes WHERE hash = $1 AND client_id = $2";
    let sql = tx.for_update(sql, "FOR UPDATE");
    let found: Option<DeviceCode> = tx.opt(sql, args![hash, client]).await?;
    if found.is_some() {
        tx.exec("UPDATE device_codes SET polled_at = $2 WHERE hash = $1", args![hash, now])
            .await?;
    }
    Ok(found)
}

/// Forgets a device, whose sign-in has begun or was denied; says whether it was there.
pub async fn remove_device(tx: &mut Tx, hash: &str) -> Result<bool, StoreError> {
    Ok(tx.exec("DELETE FROM device_codes WHERE hash = $1", args![hash]).await? == 1)
}

/// Forgets all that is over.
pub async fn clean_up(tx: &mut Tx, now: DateTime<Utc>) -> Result<(), StoreError> {
    for sql in [
        "DELETE FROM client_sign_ins WHERE expires_at <= $1",
        "DELETE FROM refresh_tokens WHERE expires_at <= $1",
        "DELETE FROM device_codes WHERE expires_at <= $1",
        "DELETE FROM used_assertions WHERE expires_at <= $1",
        "DELETE FROM signing_keys WHERE ends_at <= $1",
    ] {
        tx.exec(sql, args![now]).await?;
    }
    // A code that has ended is kept for a day, so that its second use ends what came of the first.
    let day_ago = now - chrono::Duration::days(1);
    tx.exec("DELETE FROM authorization_codes WHERE expires_at <= $1", args![day_ago])
        .await
        .map(drop)
}

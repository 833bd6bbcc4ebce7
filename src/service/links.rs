//! Links in mails, signed. One leads a person to a decision: the request and the person. Such a link opens nothing by itself. Whoever
//! follows it signs in and decides as anybody does; one that was altered, or was sent to somebody else, leads to the list of approvals.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use uuid::Uuid;

use crate::domain::access::{Principal, Scope, UseMyAccess};
use crate::domain::id::{RequestId, SignInLinkId, UserId};
use crate::paths;
use crate::store::{StoreError, Tx, accounts};

use super::{App, Error};

/// The setting that holds the key.
const KEY: &str = "mail_link_key";
/// What is signed begins with this, so that no other signature of the same key could stand here.
const PURPOSE: &[u8] = b"woodgate approval link";
/// And of a link by which somebody chooses their first password.
const SIGN_IN: &[u8] = b"woodgate sign-in link";
/// Bytes of the signature that a link carries.
const SIGNATURE: usize = 16;

/// The key that signs links; it is made when it is first asked for.
pub(super) async fn key(app: &App, tx: &mut Tx) -> Result<String, StoreError> {
    if let Some(key) = accounts::setting(tx, KEY).await? {
        return Ok(key);
    }
    let key = app.ids.secret();
    accounts::offer_setting(tx, KEY, &key).await?;
    // Another copy may have been first.
    Ok(accounts::setting(tx, KEY).await?.unwrap_or(key))
}

fn signer(key: &str, purpose: &[u8], ids: &[Uuid]) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).ok()?;
    mac.update(purpose);
    for id in ids {
        mac.update(id.as_bytes());
    }
    Some(mac)
}

/// These ids with their signature, as hexadecimal digits.
fn token(key: &str, purpose: &[u8], ids: &[Uuid]) -> String {
    let signature = signer(key, purpose, ids).map(|mac| mac.finalize().into_bytes());
    let signature = signature.iter().flatten().take(SIGNATURE).map(|byte| format!("{byte:02x}"));
    ids.iter().map(|id| id.simple().to_string()).chain(signature).collect()
}

/// The `N` ids of a token, if its signature is right.
fn ids_of<const N: usize>(key: &str, purpose: &[u8], token: &str) -> Option<[Uuid; N]> {
    if !token.is_ascii() || token.len() != 32 * N + 2 * SIGNATURE {
        return None;
    }
    let (ids, signature) = token.split_at(32 * N);
    let id = |at: usize| Uuid::parse_str(ids.get(32 * at..32 * at + 32)?).ok();
    let found: Vec<Uuid> = (0..N).map(id).collect::<Option<_>>()?;
    let byte = |at: usize| u8::from_str_radix(signature.get(2 * at..2 * at + 2)?, 16).ok();
    let signature = (0..SIGNATURE).map(byte).collect::<Option<Vec<u8>>>()?;
    signer(key, purpose, &found)?.verify_truncated_left(&signature).ok()?;
    found.try_into().ok()
}

/// The path of the link by which somebody chooses their first password.
pub(super) fn sign_in_path(key: &str, link: SignInLinkId) -> String {
    paths::sign_in_link(&token(key, SIGN_IN, &[link.0]))
}

/// Which sign-in link a token is, if its signature is right.
pub(super) async fn read_sign_in(tx: &mut Tx, token: &str) -> Result<Option<SignInLinkId>, StoreError> {
    let key = accounts::setting(tx, KEY).await?;
    let found = key.and_then(|key| ids_of::<1>(&key, SIGN_IN, token));
    Ok(found.map(|[id]| SignInLinkId(id)))
}

/// The link's path: the request, the person, the signature.
pub(super) fn path(key: &str, request: RequestId, user: UserId) -> String {
    paths::mail_link(&token(key, PURPOSE, &[request.0, user.0]))
}

/// The path of the link that leads somebody to the decision on a request.
pub async fn for_reader(app: &App, tx: &mut Tx, request: RequestId, user: UserId) -> Result<String, StoreError> {
    Ok(path(&key(app, tx).await?, request, user))
}

/// What a link says, if its signature is right.
fn read(key: &str, token: &str) -> Option<(RequestId, UserId)> {
    let [request, user] = ids_of(key, PURPOSE, token)?;
    Some((RequestId(request), UserId(user)))
}

/// Where a link leads whoever follows it.
pub async fn open(app: &App, actor: &Principal, token: &str) -> Result<String, Error> {
    actor.authorize(UseMyAccess, Scope::Tenant)?;
    let mut tx = app.store.read().await?;
    let key = accounts::setting(&mut tx, KEY).await?;
    let said = key.and_then(|key| read(&key, token)).filter(|(_, user)| actor.is(*user));
    Ok(said.map_or_else(|| paths::MY_APPROVALS.to_owned(), |(request, _)| paths::my_approval(request)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f164_a_link_is_read_back_and_an_altered_one_is_not() {
        let (request, user) = (RequestId(Uuid::from_u128(7)), UserId(Uuid::from_u128(9)));
        let path = path("key", request, user);
        let token = path.rsplit('/').next().expect("a token");
        assert_eq!(read("key", token), Some((request, user)));
        assert_eq!(read("another key", token), None);
        for at in 0..token.len() {
            let mut altered = token.as_bytes().to_vec();
            altered[at] = if altered[at] == b'0' { b'1' } else { b'0' };
            assert_eq!(read("key", std::str::from_utf8(&altered).expect("text")), None, "{at}");
        }
        for odd in ["", "é", &token[1..], &format!("{token}0"), &"é".repeat(48)] {
            assert_eq!(read("key", odd), None, "{odd}");
        }
    }
}

//! Links in mails that lead one person to one decision: the request and the person, signed. Such a link opens nothing by itself. Whoever
//! follows it signs in and decides as anybody does; one that was altered, or was sent to somebody else, leads to the list of approvals.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use uuid::Uuid;

use crate::domain::access::{Principal, Scope, UseMyAccess};
use crate::domain::id::{RequestId, UserId};
use crate::paths;
use crate::store::{StoreError, Tx, accounts};

use super::{App, Error};

/// The setting that holds the key.
const KEY: &str = "mail_link_key";
/// What is signed begins with this, so that no other signature of the same key could stand here.
const PURPOSE: &[u8] = b"woodgate approval link";
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

fn signer(key: &str, request: RequestId, user: UserId) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).ok()?;
    for part in [PURPOSE, request.0.as_bytes(), user.0.as_bytes()] {
        mac.update(part);
    }
    Some(mac)
}

/// The link's path: the request, the person, the signature.
pub(super) fn path(key: &str, request: RequestId, user: UserId) -> String {
    let signature = signer(key, request, user).map(|mac| mac.finalize().into_bytes());
    let signature: String = signature
        .iter()
        .flatten()
        .take(SIGNATURE)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    paths::mail_link(&format!("{}{}{signature}", request.0.simple(), user.0.simple()))
}

/// The path of the link that leads somebody to the decision on a request.
pub async fn for_reader(app: &App, tx: &mut Tx, request: RequestId, user: UserId) -> Result<String, StoreError> {
    Ok(path(&key(app, tx).await?, request, user))
}

/// What a link says, if its signature is right.
fn read(key: &str, token: &str) -> Option<(RequestId, UserId)> {
    if !token.is_ascii() || token.len() != 64 + 2 * SIGNATURE {
        return None;
    }
    let (ids, signature) = token.split_at(64);
    let (request, user) = ids.split_at(32);
    let (request, user) = (RequestId(Uuid::parse_str(request).ok()?), UserId(Uuid::parse_str(user).ok()?));
    let byte = |at: usize| u8::from_str_radix(signature.get(2 * at..2 * at + 2)?, 16).ok();
    let signature = (0..SIGNATURE).map(byte).collect::<Option<Vec<u8>>>()?;
    signer(key, request, user)?.verify_truncated_left(&signature).ok()?;
    Some((request, user))
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

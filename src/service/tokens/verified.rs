//! Tokens whose signatures were found good, by what they hash to: a client sends the same token with each of its calls, and what a key has signed
//! stays signed. Nothing else is kept: when a token ends, and who may still do what, is asked anew each time.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use sha2::{Digest, Sha256};

use super::issue::AccessClaims;

/// Tokens kept before all are forgotten.
const TOKENS_KEPT: usize = 4_096;

/// A key's id, and what a token that it signed says.
type Verified = (String, AccessClaims);

/// The tokens.
#[derive(Debug, Default)]
pub(super) struct VerifiedTokens(Mutex<HashMap<[u8; 32], Verified>>);

impl VerifiedTokens {
    /// What a token says that was found good before, and the id of the key that signed it.
    pub fn get(&self, token: &str) -> Option<Verified> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&hash(token)).cloned()
    }

    /// Keeps what a token says whose signature is good.
    pub fn keep(&self, token: &str, key: &str, claims: &AccessClaims) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= TOKENS_KEPT {
            known.clear();
        }
        known.insert(hash(token), (key.to_owned(), claims.clone()));
    }
}

fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

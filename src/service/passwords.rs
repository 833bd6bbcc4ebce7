//! Password hashing: argon2id at OWASP's parameters, on threads of their own and only so many at a time, since each takes 19 MiB.
//! An unknown account costs the same time as a wrong password.

use std::sync::Arc;

use argon2::password_hash::PasswordHasher;
use argon2::password_hash::PasswordVerifier;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, Version};
use async_trait::async_trait;
use tokio::sync::Semaphore;

use super::Error;
use super::ports::Passwords;

/// OWASP Password Storage Cheat Sheet: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// What is compared where there is no account: a hash of the same cost that no password fits.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5LWhhcy10aGlz$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Argon2id, at most so many at once.
pub struct Argon2id {
    turns: Arc<Semaphore>,
}

impl Argon2id {
    /// As many at once as there are processors.
    pub fn new() -> Self {
        let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self {
            turns: Arc::new(Semaphore::new(processors)),
        }
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce(Argon2<'static>) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let internal = |error: &dyn std::fmt::Display| Error::Internal(format!("password hashing: {error}"));
        let turn = self.turns.clone().acquire_owned().await.map_err(|error| internal(&error))?;
        let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|error| internal(&error))?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        tokio::task::spawn_blocking(move || {
            // The turn ends with the work, even where nobody waits for its result any more.
            let _turn = turn;
            work(argon2)
        })
        .await
        .map_err(|error| internal(&error))?
    }
}

impl Default for Argon2id {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl Passwords for Argon2id {
    async fn hash(&self, password: String) -> Result<String, Error> {
        self.in_turn(move |argon2| {
            argon2
                .hash_password(password.as_bytes())
                .map(|hash| hash.to_string())
                .map_err(|error| Error::Internal(format!("password hashing: {error}")))
        })
        .await
    }

    async fn verify(&self, password: String, hash: Option<String>) -> Result<bool, Error> {
        self.in_turn(move |argon2| {
            let known = hash.is_some();
            let text = hash.unwrap_or_else(|| NOBODY.to_owned());
            let hash = PasswordHash::new(&text).map_err(|error| Error::Internal(format!("a stored password hash: {error}")))?;
            Ok(argon2.verify_password(password.as_bytes(), &hash).is_ok() && known)
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_fits_its_own_hash_alone() {
        let passwords = Argon2id::new();
        let hash = passwords.hash("quiet-harbour-lantern-41".into()).await.expect("a hash");
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(
            passwords
                .verify("quiet-harbour-lantern-41".into(), Some(hash.clone()))
                .await
                .expect("an answer")
        );
        assert!(
            !passwords
                .verify("quiet-harbour-lantern-42".into(), Some(hash))
                .await
                .expect("an answer")
        );
        assert!(!passwords.verify("anything".into(), None).await.expect("an answer"));
    }
}

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

/// Passwords that may wait for a turn; whoever comes then is asked to come back.
const WAITING_MAX: usize = 64;
/// When to come back, in seconds.
const COME_BACK: u64 = 5;

/// Whether a password is among the common ones, or close to one or to the account's own names: guessed within 10^8 tries by those who
/// know the lists (NIST SP 800-63B, section 5.1.1.2, asks to refuse such). The lists come with zxcvbn.
pub fn is_guessable(password: &str, own_names: &[&str]) -> bool {
    let mut names = own_names.to_vec();
    names.push("woodgate");
    zxcvbn::zxcvbn(password, &names).score() < zxcvbn::Score::Three
}

/// Argon2id, at most so many at once.
pub struct Argon2id {
    turns: Arc<Semaphore>,
    /// Those that have a turn or wait for one.
    places: Arc<Semaphore>,
}

impl Argon2id {
    /// As many at once as there are processors.
    pub fn new() -> Self {
        let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self {
            turns: Arc::new(Semaphore::new(processors)),
            places: Arc::new(Semaphore::new(processors + WAITING_MAX)),
        }
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce(Argon2<'static>) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let internal = |error: &dyn std::fmt::Display| Error::Internal(format!("password hashing: {error}"));
        let place = self.places.clone().try_acquire_owned().map_err(|_| Error::Busy(COME_BACK))?;
        let turn = self.turns.clone().acquire_owned().await.map_err(|error| internal(&error))?;
        let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|error| internal(&error))?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        tokio::task::spawn_blocking(move || {
            // The turn ends with the work, even where nobody waits for its result any more.
            let _turn = (turn, place);
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

    // B1: a flood of sign-ins does not pile up hashes without end.
    #[tokio::test]
    async fn more_passwords_than_may_wait_are_sent_away() {
        let passwords = Argon2id::new();
        let places = passwords.places.available_permits();
        let held = passwords
            .places
            .clone()
            .acquire_many_owned(places as u32)
            .await
            .expect("all places");
        let refused = passwords.verify("anything".into(), None).await;
        assert!(matches!(refused, Err(Error::Busy(5))), "{refused:?}");
        drop(held);
        assert!(!passwords.verify("anything".into(), None).await.expect("an answer"));
    }

    #[test]
    fn common_passwords_and_their_disguises_are_guessable() {
        for bad in [
            "Password1234!",
            "qwertyuiop123",
            "iloveyou2026!",
            "P@ssw0rd2026!",
            "Woodgate2026!",
            "requestor1234",
            "correcthorse",
        ] {
            assert!(is_guessable(bad, &["requestor1"]), "{bad}");
        }
        for good in ["quiet-harbour-lantern-41", "seven-quiet-otters-swim", "mK4vxq92bTzr"] {
            assert!(!is_guessable(good, &["requestor1"]), "{good}");
        }
    }

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

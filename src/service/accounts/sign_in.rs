//! Signing in, and the limits on failing to. A failure counts for the account at its network, which is tight, and for the account and the
//! network alone, which are wide; a browser in which the user has signed in before is counted by itself, so that nobody can lock them out
//! of it (B1).

use std::net::IpAddr;

use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

use crate::domain::access::{Principal, Refusal};
use crate::domain::audit::Target;
use crate::domain::id::UserId;
use crate::domain::text::fold;
use crate::domain::user::UserKind;
use crate::service::audit::note_failed_sign_in;
use crate::service::rate_limits::Limit;
use crate::service::{App, Error};
use crate::store::accounts::{self as store, Credentials};
use crate::store::browsers;

/// The span that failures are counted over.
const SPAN: Duration = Duration::minutes(5);
/// An account alone, from all networks together, takes so many times what it takes from one.
const WIDER: u32 = 20;
/// No user name is longer, in characters; of what is, the rest is not kept.
const USER_NAME_MAX: usize = 128;

/// How often sign-in may fail.
pub struct SignInLimits {
    /// An account from one network.
    places: Limit<(String, IpAddr)>,
    /// An account in a browser that it is known by.
    browsers: Limit<(UserId, String)>,
    /// An account from everywhere.
    accounts: Limit<String>,
    /// A network, whatever account.
    addresses: Limit<IpAddr>,
    /// Someone's guesses at their own current password.
    pub(super) own: Limit<UserId>,
}

impl SignInLimits {
    /// So many failures within five minutes for an account from one network, and for a network.
    pub fn new(per_account: u32, per_address: u32) -> Self {
        Self {
            places: Limit::new(per_account, SPAN),
            browsers: Limit::new(per_account, SPAN),
            accounts: Limit::new(per_account.saturating_mul(WIDER), SPAN),
            addresses: Limit::new(per_address, SPAN),
            own: Limit::new(per_account, SPAN),
        }
    }

    fn check(&self, tried: &Tried, now: DateTime<Utc>) -> Result<(), Error> {
        let limited = |result: Result<(), u64>| result.map_err(Error::Limited);
        match &tried.known {
            Some(browser) => limited(self.browsers.check(browser, now)),
            None => {
                limited(self.addresses.check(&tried.network, now))?;
                limited(self.places.check(&(tried.name.clone(), tried.network), now))?;
                limited(self.accounts.check(&tried.name, now))
            }
        }
    }

    fn count(&self, tried: &Tried, now: DateTime<Utc>) {
        match &tried.known {
            Some(browser) => self.browsers.count(browser.clone(), now),
            None => {
                self.addresses.count(tried.network, now);
                self.places.count((tried.name.clone(), tried.network), now);
                self.accounts.count(tried.name.clone(), now);
            }
        }
    }
}

/// The sign-in form, as typed.
#[derive(Clone, Debug, Default)]
pub struct SignInForm {
    /// Sign-in name.
    pub user_name: String,
    /// Password.
    pub password: String,
}

/// Where a sign-in comes from.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The client's network, for limits: a whole IPv6 network as one.
    pub network: IpAddr,
    /// The client's address, for the trail.
    pub address: String,
    /// The key of the browser, if it has one from an earlier sign-in.
    pub browser: Option<String>,
}

/// Someone who has shown who they are.
#[derive(Clone, Debug)]
pub struct Proven {
    /// Who.
    pub user: UserId,
    /// The password's PHC string as it was then: while the account still has it, a session may begin.
    pub hash: String,
}

/// What a try counts for.
struct Tried {
    name: String,
    network: IpAddr,
    known: Option<(UserId, String)>,
}

/// Who it is, if name and password are right.
pub async fn sign_in(app: &App, limits: &SignInLimits, form: &SignInForm, caller: &Caller) -> Result<Proven, Error> {
    // No user name has a control character, and not every database takes them all.
    let name: String = fold(&form.user_name)
        .chars()
        .filter(|c| !c.is_control())
        .take(USER_NAME_MAX)
        .collect();
    let (found, known) = look_up(app, &name, caller).await?;
    let tried = Tried {
        name,
        network: caller.network,
        known,
    };
    limits.check(&tried, app.clock.now())?;
    let hash = found.as_ref().and_then(|account| account.password_hash.clone());
    let right = app.passwords.verify(form.password.clone(), hash.clone()).await?;
    let proven = found.as_ref().filter(|account| right && account.enabled).zip(hash);
    let Some((account, hash)) = proven else {
        limits.count(&tried, app.clock.now());
        note_failure(app, found.as_ref(), caller).await;
        return Err(Refusal::new(
            "wrong-credentials",
            "The user name or password is not right. Check both, then try again.",
        )
        .into());
    };
    // Of many guesses on their way together, one that comes after too many failures is none, even if it is right.
    limits.check(&tried, app.clock.now())?;
    Ok(Proven { user: account.id, hash })
}

/// The account of this name, and the browser if the account is known by it.
async fn look_up(app: &App, name: &str, caller: &Caller) -> Result<(Option<Credentials>, Option<(UserId, String)>), Error> {
    let mut tx = app.store.read().await?;
    let found = store::by_user_name(&mut tx, name).await?;
    let known = match (&found, &caller.browser) {
        (Some(account), Some(browser)) if browsers::is_known(&mut tx, browser, account.id).await? => Some((account.id, browser.clone())),
        _ => None,
    };
    Ok((found, known))
}

/// Writes a failed sign-in down (C19). What was typed as a user name is not kept: it may have been a password. The answer does not wait on
/// whether this succeeds.
async fn note_failure(app: &App, account: Option<&Credentials>, caller: &Caller) {
    let nobody = Principal {
        address: caller.address.clone(),
        ..Principal::user(UserId(Uuid::nil()), "Not signed in", "", UserKind::Member)
    };
    let target = account.map(|account| Target::new("user", account.id, account.actor.name.as_str()));
    let detail = match account {
        None => "There is no account of this user name.",
        Some(account) if !account.enabled => "The account's sign-in is blocked.",
        Some(_) => "The password was wrong.",
    };
    note_failed_sign_in(app, &nobody, target, detail).await;
}

/// Notes that someone has signed in with a browser, which is known by `new` from now on.
pub async fn remember_browser(app: &App, user: UserId, old: Option<&str>, new: &str) -> Result<(), Error> {
    let mut tx = app.store.write().await?;
    browsers::keep(&mut tx, old, new, user, app.clock.now()).await?;
    Ok(tx.commit().await?)
}

//! Signing in and out and one's own password. A wrong user name, a wrong password and a blocked account get the same answer after the
//! same time. Must not know cookies; a session is only a key here.

use std::net::IpAddr;

use chrono::Duration;

use crate::domain::access::{Principal, Refusal};
use crate::domain::audit::Activity;
use crate::domain::id::UserId;
use crate::domain::password::PasswordForm;
use crate::domain::text::fold;
use crate::domain::validate::Code;
use crate::store::accounts as store;
use crate::store::sessions::{self, NewSession};

use super::audit::Entry;
use super::limits::Limit;
use super::{App, Error};

/// The span that failed tries are counted over.
const SPAN: Duration = Duration::minutes(5);
/// No user name is longer, in characters; of what is, the rest is not kept.
const USER_NAME_MAX: usize = 128;

/// How often sign-in may fail.
pub struct SignInLimits {
    accounts: Limit<String>,
    addresses: Limit<IpAddr>,
}

impl SignInLimits {
    /// So many failures within five minutes for an account, and for an address.
    pub fn new(per_account: u32, per_address: u32) -> Self {
        Self {
            accounts: Limit::new(per_account, SPAN),
            addresses: Limit::new(per_address, SPAN),
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

/// Someone who has shown who they are.
#[derive(Clone, Debug)]
pub struct Proven {
    /// Who.
    pub user: UserId,
    /// The password's PHC string as it was then: while the account still has it, a session may begin.
    pub hash: String,
}

/// Who it is, if name and password are right. `address` is the client's, a whole IPv6 network as one.
pub async fn sign_in(app: &App, limits: &SignInLimits, form: &SignInForm, address: IpAddr) -> Result<Proven, Error> {
    let now = app.clock.now();
    // No user name has a control character, and not every database takes them all.
    let name: String = fold(&form.user_name)
        .chars()
        .filter(|c| !c.is_control())
        .take(USER_NAME_MAX)
        .collect();
    limits.addresses.book(address, now).map_err(Error::Limited)?;
    limits.accounts.book(name.clone(), now).map_err(Error::Limited)?;
    let mut tx = app.store.read().await?;
    let found = store::by_user_name(&mut tx, &name).await?;
    drop(tx);
    let hash = found.as_ref().and_then(|account| account.password_hash.clone());
    let right = app.passwords.verify(form.password.clone(), hash.clone()).await?;
    let proven = found.filter(|account| right && account.enabled).zip(hash);
    let Some((account, hash)) = proven else {
        tracing::info!(%address, "a sign-in failed");
        return Err(Refusal::new(
            "wrong-credentials",
            "The user name or password is not right. Check both, then try again.",
        )
        .into());
    };
    limits.addresses.give_back(&address);
    limits.accounts.give_back(&name);
    Ok(Proven { user: account.id, hash })
}

/// Begins a session of someone who has shown who they are, unless their password was changed or sign-in blocked since. `signs_in`: it is
/// their first one now, not another key for one that they have.
pub async fn begin(app: &App, session: NewSession, hash: &str, signs_in: bool) -> Result<bool, Error> {
    let mut tx = app.store.write().await?;
    let held = store::lock(&mut tx, session.user).await?;
    let Some(account) = held.filter(|account| account.enabled && account.password_hash.as_deref() == Some(hash)) else {
        return Ok(false);
    };
    sessions::insert(&mut tx, session).await?;
    if signs_in {
        Entry::by_self(&account.actor, Activity::SignIn).write(app, &mut tx)?;
    }
    tx.commit().await?;
    Ok(true)
}

/// Ends a session.
pub async fn sign_out(app: &App, actor: &Principal, session: &str) -> Result<(), Error> {
    let mut tx = app.store.write().await?;
    sessions::end(&mut tx, session).await?;
    Entry::by_self(actor, Activity::SignOut).write(app, &mut tx)?;
    Ok(tx.commit().await?)
}

/// Changes the actor's own password; every session but `session` ends. Guesses at the current one count as failed sign-ins.
pub async fn change_password(
    app: &App,
    limits: &SignInLimits,
    actor: &Principal,
    form: &PasswordForm,
    session: Option<&str>,
) -> Result<Proven, Error> {
    let id = actor.person()?.id;
    let own_names = [fold(&actor.name), fold(&actor.user_name)];
    let new = form.check(&[&own_names[0], &own_names[1]])?;
    let key = own_names[1].clone();
    limits.accounts.book(key.clone(), app.clock.now()).map_err(Error::Limited)?;
    let mut tx = app.store.read().await?;
    let held = store::by_id(&mut tx, id).await?.and_then(|account| account.password_hash);
    drop(tx);
    if !app.passwords.verify(form.current.clone(), held.clone()).await? {
        return Err(Error::field("current", Code::WrongPassword));
    }
    limits.accounts.give_back(&key);
    if new == form.current {
        return Err(Error::field("new", Code::Unchanged));
    }
    let hash = app.passwords.hash(new).await?;
    let mut tx = app.store.write().await?;
    if !store::set_own_password(&mut tx, id, &held.unwrap_or_default(), &hash).await? {
        return Err(Error::changed("Your account"));
    }
    sessions::end_all(&mut tx, id, session).await?;
    Entry::by_self(actor, Activity::ChangePassword).write(app, &mut tx)?;
    tx.commit().await?;
    Ok(Proven { user: id, hash })
}

/// Whose session it is; `None` once it is over, or its user may not sign in any more. Notes the use, at most once a minute.
pub async fn resume(app: &App, session: &str, idle: Duration) -> Result<Option<Principal>, Error> {
    let now = app.clock.now();
    let mut tx = app.store.read().await?;
    let live = sessions::live(&mut tx, session, now, now - idle).await?;
    drop(tx);
    let Some(live) = live else { return Ok(None) };
    if now - live.seen_at >= Duration::minutes(1) {
        let mut tx = app.store.write().await?;
        sessions::touch(&mut tx, session, now).await?;
        tx.commit().await?;
    }
    Ok(Some(live.actor))
}

/// Whose session it is, if it still holds, without counting as a use: what a long-lived stream asks.
pub async fn still_there(app: &App, session: &str, idle: Duration) -> Result<Option<Principal>, Error> {
    let now = app.clock.now();
    let mut tx = app.store.read().await?;
    let live = sessions::live(&mut tx, session, now, now - idle).await?;
    Ok(live.map(|live| live.actor))
}

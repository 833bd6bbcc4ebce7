//! Signing in and out and one's own password. A wrong user name, a wrong password and a blocked account get the same answer after the
//! same time. Must not know cookies; a session and a browser are only keys here.

mod sign_in;

pub use sign_in::{Caller, Proven, SignInForm, SignInLimits, remember_browser, sign_in};

use chrono::Duration;

use crate::domain::access::Principal;
use crate::domain::audit::Activity;
use crate::domain::password::PasswordForm;
use crate::domain::text::fold;
use crate::domain::validate::Code;
use crate::store::accounts as store;
use crate::store::sessions::{self, NewSession};

use super::audit::Entry;
use super::passwords::is_guessable;
use super::{App, Error};

/// For how long a browser is known without being used.
pub const BROWSER_KEPT: Duration = Duration::days(180);
/// How long a noted use of a session serves.
const USE_NOTED_FOR: Duration = Duration::minutes(1);

/// Begins a session of someone who has shown who they are, unless their password was changed or sign-in blocked since. `signs_in`: it is
/// their first one now, not another key for one that they have; then from which network address.
pub async fn begin(app: &App, session: NewSession, hash: &str, signs_in: Option<&str>) -> Result<bool, Error> {
    let mut tx = app.store.write().await?;
    let held = store::lock(&mut tx, session.user).await?;
    let Some(mut account) = held.filter(|account| account.enabled && account.password_hash.as_deref() == Some(hash)) else {
        return Ok(false);
    };
    sessions::insert(&mut tx, session).await?;
    if let Some(address) = signs_in {
        account.actor.address = address.to_owned();
        Entry::by_self(&account.actor, Activity::SignIn).write(app, &mut tx)?;
    }
    tx.commit().await?;
    Ok(true)
}

/// Ends a session. Pressed twice, the second finds nothing to end.
pub async fn sign_out(app: &App, actor: &Principal, session: &str) -> Result<(), Error> {
    let mut tx = app.store.write().await?;
    if sessions::end(&mut tx, session).await? {
        Entry::by_self(actor, Activity::SignOut).write(app, &mut tx)?;
    }
    Ok(tx.commit().await?)
}

/// Changes the actor's own password; every session but `session` ends. Guesses at the current one are limited for the account by itself.
pub async fn change_password(
    app: &App,
    limits: &SignInLimits,
    actor: &Principal,
    form: &PasswordForm,
    session: Option<&str>,
) -> Result<Proven, Error> {
    let id = actor.in_session()?.id;
    let own_names = [fold(&actor.name), fold(&actor.user_name)];
    let own_names = [own_names[0].as_str(), own_names[1].as_str()];
    let new = form.check(&own_names)?;
    if is_guessable(&new, &own_names) {
        return Err(Error::field("new", Code::TooCommon));
    }
    limits.own.check(&id, app.clock.now()).map_err(Error::Limited)?;
    let mut tx = app.store.read().await?;
    let held = store::by_id(&mut tx, id).await?.and_then(|account| account.password_hash);
    drop(tx);
    if !app.passwords.verify(form.current.clone(), held.clone()).await? {
        limits.own.count(id, app.clock.now());
        return Err(Error::field("current", Code::WrongPassword));
    }
    if new == form.current {
        return Err(Error::field("new", Code::Unchanged));
    }
    let hash = app.passwords.hash(new).await?;
    let mut tx = app.store.write().await?;
    if !store::set_own_password(&mut tx, id, &held.unwrap_or_default(), &hash, app.clock.now()).await? {
        return Err(Error::changed("Your account"));
    }
    sessions::end_all(&mut tx, id, session).await?;
    Entry::by_self(actor, Activity::ChangePassword).write(app, &mut tx)?;
    tx.commit().await?;
    Ok(Proven { user: id, hash })
}

/// A session that holds.
#[derive(Clone, Debug)]
pub struct Resumed {
    /// Whose it is, with their roles.
    pub actor: Principal,
    /// Its last noted use is a while ago: `note_use` should be called, but nobody need wait for it.
    pub use_is_due: bool,
}

/// Whose session it is; `None` once it is over, or its user may not sign in any more. Only reads (B4).
pub async fn resume(app: &App, session: &str, idle: Duration) -> Result<Option<Resumed>, Error> {
    let now = app.clock.now();
    let mut tx = app.store.read().await?;
    let live = sessions::live(&mut tx, session, now, now - idle).await?;
    Ok(live.map(|live| Resumed {
        actor: live.actor,
        use_is_due: now - live.seen_at >= USE_NOTED_FOR,
    }))
}

/// Notes that a session was used.
pub async fn note_use(app: &App, session: &str) -> Result<(), Error> {
    let mut tx = app.store.write().await?;
    sessions::touch(&mut tx, session, app.clock.now()).await?;
    Ok(tx.commit().await?)
}

/// Whose session it is, if it still holds, without counting as a use: what a long-lived stream asks.
pub async fn still_there(app: &App, session: &str, idle: Duration) -> Result<Option<Principal>, Error> {
    Ok(resume(app, session, idle).await?.map(|resumed| resumed.actor))
}

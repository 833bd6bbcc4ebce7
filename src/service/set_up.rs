//! The first minutes of an installation: while there is no account, one link, or the command line, makes the first Global administrator.

use sha2::{Digest, Sha256};

use crate::domain::access::Principal;
use crate::domain::audit::{Activity, Target};
use crate::domain::id::{RoleAssignmentId, UserId};
use crate::domain::text::StringEnum;
use crate::domain::user::{DirectoryRole, UserForm, UserProfile};
use crate::domain::validate::{Code, FieldError, FieldErrors};
use crate::store::users::{self, NewAccount};
use crate::store::{Tx, accounts as store};

use super::accounts::Proven;
use super::audit::{Entry, OPERATOR};
use super::passwords::is_guessable;
use super::{App, Error, catalogs, rules};

/// How the settings begin that hold the hashes of the links' tokens: each copy that starts on an empty database shows a link of its own.
const TOKEN: &str = "set_up_token.";

/// The set-up form, as typed.
#[derive(Clone, Debug, Default)]
pub struct SetUpForm {
    /// Shown name.
    pub name: String,
    /// Sign-in name.
    pub user_name: String,
    /// Password.
    pub password: String,
    /// Password once more.
    pub again: String,
}

impl SetUpForm {
    fn check(&self) -> Result<(UserProfile, String), FieldErrors> {
        let checked = UserForm {
            name: self.name.clone(),
            user_name: self.user_name.clone(),
            role: DirectoryRole::GlobalAdministrator.as_str().to_owned(),
            password: self.password.clone(),
            ..UserForm::default()
        }
        .new_user();
        if self.password == self.again {
            return checked;
        }
        let mut errors = checked.err().unwrap_or_default();
        errors.push(FieldError::new("again", Code::Mismatch));
        Err(errors)
    }
}

/// On a database without accounts: makes what every installation has, and a new token for the link. Earlier ones work too, until one of
/// them has been used (C20).
pub async fn prepare(app: &App) -> Result<Option<String>, Error> {
    let mut tx = app.store.read().await?;
    if users::any(&mut tx).await? {
        return Ok(None);
    }
    drop(tx);
    let token = app.ids.secret();
    let mut tx = app.store.write().await?;
    lay_foundation(app, &mut tx).await?;
    store::keep_setting(&mut tx, &setting(&token), &app.clock.now().to_rfc3339()).await?;
    tx.commit().await?;
    Ok(Some(token))
}

/// Makes what every installation has: the catalog General (F006). May run again.
pub async fn lay_foundation(app: &App, tx: &mut Tx) -> Result<(), Error> {
    catalogs::ensure_general(app, tx).await?;
    Ok(())
}

/// Whether this token opens the set-up page.
pub async fn is_open(app: &App, token: &str) -> Result<bool, Error> {
    let mut tx = app.store.read().await?;
    Ok(store::has_setting(&mut tx, &setting(token)).await?)
}

/// Makes the first Global administrator by the link. The link works once.
pub async fn by_link(app: &App, token: &str, form: &SetUpForm) -> Result<Proven, Error> {
    if !is_open(app, token).await? {
        return Err(Error::NotFound);
    }
    let (profile, password) = checked(form)?;
    let hash = app.passwords.hash(password).await?;
    let mut tx = app.store.write().await?;
    let open = store::take_settings(&mut tx, TOKEN).await?;
    if !open.contains(&setting(token)) || users::any(&mut tx).await? {
        return Err(Error::NotFound);
    }
    let user = UserId(make_administrator(app, &mut tx, &Principal::system(), &profile, &hash).await?.id);
    tx.commit().await?;
    Ok(Proven { user, hash })
}

/// Makes a Global administrator from the command line, whoever there is already.
pub async fn by_command(app: &App, form: &SetUpForm) -> Result<Principal, Error> {
    let (profile, password) = checked(form)?;
    let hash = app.passwords.hash(password).await?;
    let mut tx = app.store.write().await?;
    lay_foundation(app, &mut tx).await?;
    let operator = Principal::operator(OPERATOR);
    let actor = make_administrator(app, &mut tx, &operator, &profile, &hash).await?;
    store::take_settings(&mut tx, TOKEN).await?;
    tx.commit().await?;
    Ok(actor)
}

fn checked(form: &SetUpForm) -> Result<(UserProfile, String), Error> {
    let (profile, password) = form.check()?;
    if is_guessable(&password, &[&profile.name.folded, &profile.user_name.folded]) {
        return Err(Error::field("password", Code::TooCommon));
    }
    Ok((profile, password))
}

async fn make_administrator(app: &App, tx: &mut Tx, by: &Principal, profile: &UserProfile, hash: &str) -> Result<Principal, Error> {
    let now = app.clock.now();
    let id = UserId(app.ids.id(now));
    rules::lock_rules(tx).await?;
    let account = NewAccount {
        id,
        profile,
        password_hash: Some(hash),
        must_change_password: false,
        role_assignment: RoleAssignmentId(app.ids.id(now)),
        by: None,
    };
    users::insert(tx, &account, now)
        .await
        .map_err(Error::taken_in("users", "user_name"))?;
    let moves = rules::reevaluate_user(tx, id, now).await?;
    let target = || Target::new("user", id, profile.name.text.clone());
    Entry::by_operator(by, Activity::SetUp, Some(target()))
        .detail("The first Global administrator was made, or one more from the command line.")
        .write(app, tx)?;
    Entry::by_operator(by, Activity::CreateUser, Some(target()))
        .detail(moves.sentence())
        .write(app, tx)?;
    let (name, user_name) = (profile.name.text.as_str(), profile.user_name.text.as_str());
    Ok(Principal::user(id, name, user_name, profile.kind).with_directory_role(profile.role))
}

fn setting(token: &str) -> String {
    format!("{TOKEN}{}", hashed(token))
}

fn hashed(token: &str) -> String {
    Sha256::digest(token.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

//! New accounts and changes to a profile or directory role.

use chrono::{DateTime, Utc};

use super::super::audit::{Entry, changed};
use super::super::passwords::is_guessable;
use super::super::{App, Error, approvals, custom_attributes, rules};
use super::{safeguards, sponsors};
use crate::domain::access::{Authorized, ManageUsers, Principal, Refusal, Scope};
use crate::domain::attribute::UserAttribute;
use crate::domain::audit::{Activity, Change, Target};
use crate::domain::custom_attribute::GivenValue;
use crate::domain::id::{RequestId, RoleAssignmentId, UserId};
use crate::domain::text::StringEnum;
use crate::domain::user::{UserForm, UserProfile, may_lose_role};
use crate::domain::validate::{Code, Name};
use crate::store::approvals::people;
use crate::store::users::{self, Account, NewAccount};
use crate::store::{StoreError, Tx, roles};

/// Creates a user with an initial password, which must be changed at the first sign-in (F003, F004).
pub async fn create(app: &App, actor: &Principal, form: &UserForm) -> Result<UserId, Error> {
    actor.authorize(ManageUsers, Scope::Tenant)?;
    let (profile, password) = form.new_user()?;
    if is_guessable(&password, &[&profile.name.folded, &profile.user_name.folded]) {
        return Err(Error::field("password", Code::TooCommon));
    }
    let granted = actor.authorize_account(profile.role)?;
    let hash = app.passwords.hash(password).await?;
    let mut tx = app.store.write().await?;
    rules::lock_rules(&mut tx).await?;
    let id = insert(app, &mut tx, &granted, &profile, Some(&hash), app.clock.now()).await?;
    tx.commit().await?;
    Ok(id)
}

/// Creates a user without a password, in a transaction that holds the rules: nobody signs in as them until an administrator resets it.
pub async fn create_without_password(
    app: &App,
    tx: &mut Tx,
    actor: &Principal,
    form: &UserForm,
    now: DateTime<Utc>,
) -> Result<UserId, Error> {
    let profile = form.profile()?;
    let granted = actor.authorize_account(profile.role)?;
    insert(app, tx, &granted, &profile, None, now).await
}

async fn insert(
    app: &App,
    tx: &mut Tx,
    granted: &Authorized<ManageUsers>,
    profile: &UserProfile,
    password_hash: Option<&str>,
    now: DateTime<Utc>,
) -> Result<UserId, Error> {
    let id = UserId(app.ids.id(now));
    let manager = manager_name(tx, profile.manager).await?;
    let account = NewAccount {
        id,
        profile,
        password_hash,
        must_change_password: true,
        role_assignment: RoleAssignmentId(app.ids.id(now)),
        by: granted.principal().user_id(),
    };
    let sponsors = sponsors::changed(tx, id, profile).await?;
    let custom = custom_attributes::differences(tx, id, &profile.attributes).await?;
    users::insert(tx, &account, now)
        .await
        .map_err(Error::taken_in("users", "user_name"))?;
    let sponsored = keep_sponsors(tx, id, sponsors).await?;
    custom.write(tx, id).await?;
    let moves = rules::reevaluate_user(tx, id, now).await?;
    Entry::by_principal(granted, Activity::CreateUser, Target::new("user", id, profile.name.text.as_str()))
        .changes(differences(&Shown::default(), &Shown::of(profile, &manager)))
        .changes([sponsored])
        .changes(custom.changes.into_iter().map(Some))
        .detail(moves.sentence())
        .write(app, tx)?;
    Ok(id)
}

/// Changes a user's profile and directory role; gives the new version.
pub async fn update(app: &App, actor: &Principal, id: UserId, version: i64, form: &UserForm) -> Result<i64, Error> {
    actor.authorize(ManageUsers, Scope::Tenant)?;
    let profile = form.profile()?;
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    rules::lock_rules(&mut tx).await?;
    let changes = change(app, &mut tx, actor, (id, version), profile, now).await?;
    tx.commit().await?;
    Ok(if changes.is_empty() { version } else { version + 1 })
}

/// Changes a user's profile and directory role in a transaction that holds the rules; gives what was changed, nothing if all was so already.
pub async fn change(
    app: &App,
    tx: &mut Tx,
    actor: &Principal,
    (id, version): (UserId, i64),
    mut profile: UserProfile,
    now: DateTime<Utc>,
) -> Result<Vec<Change>, Error> {
    if profile.manager.is_some() {
        users::lock_managers(tx).await?;
    }
    let account = safeguards::opened(tx, id, version).await?;
    let granted = actor.authorize_account(account.highest_role.max(profile.role))?;
    if profile.role < account.role {
        may_lose_role(&safeguards::held(tx, &account).await?)?;
    }
    let before = manager_before(tx, &account).await?;
    let manager = if before.is_empty() && profile.manager.is_none() {
        // A manager who was deleted is not shown, and is there again when restored.
        profile.manager = account.manager_id;
        String::new()
    } else {
        manager_name(tx, profile.manager).await?
    };
    may_report_to(tx, &account, &profile, &manager).await?;
    let mut changes: Vec<Change> = differences(&Shown::of_account(&account, &before), &Shown::of(&profile, &manager))
        .into_iter()
        .flatten()
        .collect();
    if profile.manager != account.manager_id && before == manager {
        changes.extend(Change::between(
            "Manager",
            &before,
            format!("{manager}, another person of that name"),
        ));
    }
    let custom = custom_attributes::differences(tx, id, &profile.attributes).await?;
    changes.extend(custom.changes.iter().cloned());
    let sponsors = sponsors::changed(tx, id, &profile).await?;
    if changes.is_empty() && sponsors.is_none() {
        return Ok(changes);
    }
    let stored = users::update(tx, id, version, &profile)
        .await
        .map_err(Error::taken_in("users", "user_name"))?;
    if !stored {
        return Err(changed(tx, id, &account.name).await);
    }
    changes.extend(keep_sponsors(tx, id, sponsors).await?);
    custom.write(tx, id).await?;
    if profile.role != account.role {
        let given = RoleAssignmentId(app.ids.id(now));
        roles::set_directory_role(tx, id, profile.role, given, actor.user_id(), now).await?;
    }
    let moves = rules::reevaluate_user(tx, id, now).await?;
    if !moves.left.is_empty() {
        approvals::people_changed(app, tx, &[id], now).await?;
    }
    Entry::by_principal(&granted, Activity::UpdateUser, Target::new("user", id, profile.name.text))
        .changes(changes.iter().cloned().map(Some))
        .detail(moves.sentence())
        .write(app, tx)?;
    Ok(changes)
}

/// Writes properties to a present user, because a delivered request says so (F054).
pub async fn write_attributes(
    app: &App,
    tx: &mut Tx,
    id: UserId,
    values: &[(UserAttribute, String)],
    request: RequestId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    rules::lock_rules(tx).await?;
    let Some(account) = users::find(tx, id).await?.filter(|account| account.deleted_at.is_none()) else {
        return Ok(());
    };
    let mut profile = profile_of(&account);
    let mut custom = Vec::new();
    for (attribute, value) in values {
        let field = match attribute {
            UserAttribute::Custom(name) => {
                custom.push(GivenValue {
                    name: name.clone(),
                    value: value.clone(),
                });
                continue;
            }
            UserAttribute::JobTitle => &mut profile.job_title,
            UserAttribute::Department => &mut profile.department,
            UserAttribute::Company => &mut profile.company,
            UserAttribute::Office => &mut profile.office,
            UserAttribute::Phone => &mut profile.phone,
        };
        field.clone_from(value);
    }
    let changes = differences(&Shown::of_account(&account, ""), &Shown::of(&profile, ""));
    let custom = custom_attributes::answered(tx, id, &custom).await?;
    if changes.iter().all(Option::is_none) && custom.changes.is_empty() {
        return Ok(());
    }
    custom.write(tx, id).await?;
    if !users::update(tx, id, account.version, &profile).await? {
        return Err(StoreError::Inconsistent(format!("user {id} changed while a request was delivered")));
    }
    let moves = rules::reevaluate_user(tx, id, now).await?;
    if !moves.left.is_empty() {
        approvals::people_changed(app, tx, &[id], now).await?;
    }
    Entry::by_system(Activity::UpdateUser, Target::new("user", id, account.name.as_str()))
        .changes(changes)
        .changes(custom.changes.into_iter().map(Some))
        .detail(format!("As answered in a request. {}", moves.sentence()).trim().to_owned())
        .correlation(request)
        .write(app, tx)
}

fn profile_of(account: &Account) -> UserProfile {
    UserProfile {
        name: Name::of(account.name.clone()),
        user_name: Name::of(account.user_name.clone()),
        kind: account.kind,
        role: account.role,
        mail: account.mail.clone(),
        job_title: account.job_title.clone(),
        department: account.department.clone(),
        company: account.company.clone(),
        office: account.office.clone(),
        phone: account.phone.clone(),
        manager: account.manager_id,
        sponsors: None,
        attributes: Vec::new(),
    }
}

/// Stores who vouches for somebody, where that changes; gives what the trail says of it.
async fn keep_sponsors(tx: &mut Tx, user: UserId, changed: Option<(Vec<UserId>, Change)>) -> Result<Option<Change>, StoreError> {
    let Some((sponsors, change)) = changed else { return Ok(None) };
    people::set_sponsors(tx, user, &sponsors).await?;
    Ok(Some(change))
}

/// The name of a chosen manager, who must be there; empty for none.
async fn manager_name(tx: &mut Tx, manager: Option<UserId>) -> Result<String, Error> {
    let Some(manager) = manager else { return Ok(String::new()) };
    users::by_ids(tx, &[manager])
        .await?
        .into_iter()
        .find(|user| user.deleted_at.is_none())
        .map(|user| user.name)
        .ok_or_else(|| Error::field("manager", Code::Gone))
}

/// The name of the manager whom an account has had; one who was deleted counts as none, for the form no longer shows them.
async fn manager_before(tx: &mut Tx, account: &Account) -> Result<String, StoreError> {
    let ids: Vec<UserId> = account.manager_id.into_iter().collect();
    let known = users::by_ids(tx, &ids).await?;
    Ok(known
        .into_iter()
        .find(|user| user.deleted_at.is_none())
        .map(|user| user.name)
        .unwrap_or_default())
}

/// Refuses a line of managers that would come back to where it began.
async fn may_report_to(tx: &mut Tx, account: &Account, profile: &UserProfile, manager_name: &str) -> Result<(), Error> {
    let Some(manager) = profile.manager.filter(|manager| Some(*manager) != account.manager_id) else {
        return Ok(());
    };
    let name = &profile.name.text;
    if manager == account.id {
        let reason = format!("{name} can't be their own manager. Choose someone else.");
        return Err(Refusal::new("own-manager", reason).into());
    }
    if users::is_above(tx, account.id, manager).await? {
        let reason =
            format!("{manager_name} reports to {name}, directly or through others, so can't be their manager. Choose someone else.");
        return Err(Refusal::new("manager-circle", reason).into());
    }
    Ok(())
}

/// A profile as the audit trail tells it.
#[derive(Default)]
struct Shown<'a> {
    name: &'a str,
    user_name: &'a str,
    kind: &'a str,
    role: &'a str,
    mail: &'a str,
    job_title: &'a str,
    department: &'a str,
    company: &'a str,
    office: &'a str,
    phone: &'a str,
    manager: &'a str,
}

impl<'a> Shown<'a> {
    fn of(profile: &'a UserProfile, manager: &'a str) -> Self {
        Self {
            name: &profile.name.text,
            user_name: &profile.user_name.text,
            kind: profile.kind.as_str(),
            role: profile.role.as_str(),
            mail: &profile.mail,
            job_title: &profile.job_title,
            department: &profile.department,
            company: &profile.company,
            office: &profile.office,
            phone: &profile.phone,
            manager,
        }
    }

    fn of_account(account: &'a Account, manager: &'a str) -> Self {
        Self {
            name: &account.name,
            user_name: &account.user_name,
            kind: account.kind.as_str(),
            role: account.role.as_str(),
            mail: &account.mail,
            job_title: &account.job_title,
            department: &account.department,
            company: &account.company,
            office: &account.office,
            phone: &account.phone,
            manager,
        }
    }
}

fn differences(old: &Shown<'_>, new: &Shown<'_>) -> [Option<Change>; 11] {
    [
        Change::between("Name", old.name, new.name),
        Change::between("User name", old.user_name, new.user_name),
        Change::between("User type", old.kind, new.kind),
        Change::between("Directory role", old.role, new.role),
        Change::between("Mail", old.mail, new.mail),
        Change::between("Job title", old.job_title, new.job_title),
        Change::between("Department", old.department, new.department),
        Change::between("Company", old.company, new.company),
        Change::between("Office", old.office, new.office),
        Change::between("Phone", old.phone, new.phone),
        Change::between("Manager", old.manager, new.manager),
    ]
}

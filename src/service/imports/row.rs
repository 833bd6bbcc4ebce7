//! One row of a file: turned into the form of the single change and carried out by its use case.

use chrono::{DateTime, Days, NaiveDate, Utc};

use crate::domain::access::{Action, Principal, Refusal};
use crate::domain::assignment::DirectForm;
use crate::domain::audit::{Change, sentence};
use crate::domain::custom_attribute::GivenValue;
use crate::domain::group::{GroupForm, GroupRole};
use crate::domain::id::{ImportId, ObjectId, PackageId, PolicyId, UserId};
use crate::domain::import::{Cells, ImportKind, RowOutcome, RowStep, package_id, shown};
use crate::domain::message;
use crate::domain::object::{GroupKind, MembershipType};
use crate::domain::text::{EXTENSION, StringEnum, fold};
use crate::domain::user::{DirectoryRole, UserForm, UserKind};
use crate::store::users::{self, Account};
use crate::store::{Tx, groups as group_store, imports, packages, policies};

use super::super::{App, Error, assignments, groups, sign_in_links, users as user_service};

/// What became of a row.
pub struct Done {
    /// In a word.
    pub outcome: RowOutcome,
    /// What changed, or why it was refused.
    pub detail: String,
    /// The manager is still to be set.
    pub incomplete: bool,
}

impl Done {
    /// With a word and a sentence.
    pub fn new(outcome: RowOutcome, detail: impl Into<String>) -> Self {
        Self {
            outcome,
            detail: detail.into(),
            incomplete: false,
        }
    }

    fn changed(changes: &[Change]) -> Self {
        let outcome = if changes.is_empty() {
            RowOutcome::Unchanged
        } else {
            RowOutcome::Change
        };
        Self::new(outcome, differences(changes))
    }
}

/// Who carries a row out, and when.
pub struct Context<'a> {
    /// The application.
    pub app: &'a App,
    /// Who.
    pub actor: &'a Principal,
    /// Of which import.
    pub import: ImportId,
    /// Each account that is made is sent a sign-in link.
    pub send_links: bool,
    /// What is done with the row.
    pub step: RowStep,
    /// Now.
    pub now: DateTime<Utc>,
}

/// The manager that a row names.
enum Manager {
    /// The file has no such column.
    NotNamed,
    /// Nobody.
    Nobody,
    /// This account.
    Is(UserId),
    /// Someone further down in the file.
    Later,
}

fn refused(rule: &str, reason: String) -> Error {
    Refusal::new(rule, reason).into()
}

impl Context<'_> {
    /// Carries a row out.
    pub async fn carry_out(&self, tx: &mut Tx, kind: ImportKind, cells: &Cells) -> Result<Done, Error> {
        match kind {
            ImportKind::Users => self.user(tx, cells).await,
            ImportKind::Groups => self.group(tx, cells).await,
            ImportKind::Memberships => self.membership(tx, cells).await,
            ImportKind::Assignments => self.assignment(tx, cells).await,
        }
    }

    async fn user(&self, tx: &mut Tx, cells: &Cells) -> Result<Done, Error> {
        let found = users::id_of_name(tx, &fold(cells.text("user_name"))).await?;
        let manager = self.manager(tx, cells).await?;
        let account = match found {
            Some(id) => users::find(tx, id).await?,
            None => None,
        };
        let form = user_form(account.as_ref(), cells, &manager, self.present_manager(tx, account.as_ref()).await?)?;
        let mut done = match account {
            Some(account) => {
                let (at, profile) = ((account.id, account.version), form.profile()?);
                Done::changed(&user_service::change(self.app, tx, self.actor, at, profile, self.now).await?)
            }
            None => {
                let id = user_service::create_without_password(self.app, tx, self.actor, &form, self.now).await?;
                Done::new(RowOutcome::Create, self.send_link(tx, id, form.name.trim()).await?)
            }
        };
        if matches!(manager, Manager::Later) {
            done.incomplete = true;
            if done.outcome == RowOutcome::Unchanged {
                done.outcome = RowOutcome::Change;
            }
        }
        Ok(done)
    }

    /// Sends a new account its sign-in link, where that is wanted and it has an address; gives what the row says.
    async fn send_link(&self, tx: &mut Tx, id: UserId, name: &str) -> Result<String, Error> {
        if !self.send_links {
            return Ok(name.to_owned());
        }
        let account = users::find(tx, id).await?.ok_or(Error::NotFound)?;
        if account.mail.is_empty() {
            return Ok(format!("{name}; no sign-in link, since there is no mail address"));
        }
        let granted = self.actor.authorize_account(account.highest_role)?;
        sign_in_links::send_in(self.app, tx, &granted, &account, self.now).await?;
        Ok(format!("{name}; a sign-in link is sent"))
    }

    async fn manager(&self, tx: &mut Tx, cells: &Cells) -> Result<Manager, Error> {
        let name = match cells.get("manager") {
            None => return Ok(Manager::NotNamed),
            Some("") => return Ok(Manager::Nobody),
            Some(name) => fold(name),
        };
        if let Some(id) = users::id_of_name(tx, &name).await? {
            return Ok(Manager::Is(id));
        }
        if self.step != RowStep::Complete && imports::has_row(tx, self.import, &name).await? {
            return Ok(Manager::Later);
        }
        let reason = format!(
            "There is no user {}, who is to be the manager. Import that account first.",
            shown(&name)
        );
        Err(refused("manager-gone", reason))
    }

    /// The manager of an account, unless they have been deleted.
    async fn present_manager(&self, tx: &mut Tx, account: Option<&Account>) -> Result<Option<UserId>, Error> {
        let ids: Vec<UserId> = account.and_then(|account| account.manager_id).into_iter().collect();
        let known = users::by_ids(tx, &ids).await?;
        Ok(known.into_iter().find(|user| user.deleted_at.is_none()).map(|user| user.id))
    }

    async fn group(&self, tx: &mut Tx, cells: &Cells) -> Result<Done, Error> {
        let found = match group_store::id_of_name(tx, &fold(cells.text("name"))).await? {
            Some(id) => group_store::find(tx, id).await?,
            None => None,
        };
        let mut form = GroupForm {
            name: cells.text("name").to_owned(),
            description: cells.text("description").to_owned(),
            kind: word_of(cells, ("kind", "Type"), GroupKind::Security)?,
            membership: word_of(cells, ("membership", "Membership type"), MembershipType::Assigned)?,
            rule: cells.text("rule").to_owned(),
            ..GroupForm::default()
        };
        let Some(group) = found else {
            groups::create_in(self.app, tx, self.actor, &form, self.now).await?;
            return Ok(Done::new(RowOutcome::Create, form.description));
        };
        form.name.clone_from(&group.name);
        let absent = |word| cells.get(word).is_none();
        if absent("description") {
            form.description.clone_from(&group.description);
        }
        if cells.text("kind").is_empty() {
            form.kind = group.kind.as_str().to_owned();
        }
        if cells.text("membership").is_empty() {
            form.membership = group.membership.as_str().to_owned();
        }
        if cells.text("rule").is_empty() {
            form.rule = group.rule.clone().unwrap_or_default();
        }
        let at = (group.id, group.version);
        Ok(Done::changed(&groups::change(self.app, tx, self.actor, at, &form, self.now).await?))
    }

    async fn membership(&self, tx: &mut Tx, cells: &Cells) -> Result<Done, Error> {
        let group = self.group_named(tx, cells.text("group")).await?;
        let user = user_named(tx, cells.text("user_name")).await?;
        let role: GroupRole = match fold(cells.text("role")).as_str() {
            "" | "member" => GroupRole::Member,
            "owner" => GroupRole::Owner,
            other => return Err(unknown_word("Role", other, "Member or Owner")),
        };
        let added = groups::add_in(self.app, tx, self.actor, (group, role), &[user], self.now).await?;
        Ok(match added {
            0 => Done::new(RowOutcome::Unchanged, ""),
            _ => Done::new(RowOutcome::Create, group_store::role_name(role)),
        })
    }

    async fn group_named(&self, tx: &mut Tx, name: &str) -> Result<ObjectId, Error> {
        let found = group_store::id_of_name(tx, &fold(name)).await?;
        found.ok_or_else(|| {
            refused(
                "group-gone",
                format!("There is no group {}. Import or create it first.", shown(name)),
            )
        })
    }

    async fn assignment(&self, tx: &mut Tx, cells: &Cells) -> Result<Done, Error> {
        let package = self.package(tx, cells).await?;
        let user = user_named(tx, cells.text("user_name")).await?;
        let form = DirectForm {
            package,
            policy: Some(policy(tx, package, cells.text("policy")).await?),
            users: vec![user],
            asked_from: instant(cells.text("from"), 0),
            asked_until: instant(cells.text("until"), 1),
            justification: cells.text("justification").to_owned(),
            answers: Vec::new(),
            language: String::new(),
        };
        let results = assignments::assign_in(self.app, tx, self.actor, &form, self.now).await?;
        match results.into_iter().find_map(|result| result.refused) {
            None => Ok(Done::new(RowOutcome::Create, cells.text("until"))),
            Some(refusal) if refusal.rule == "already-assigned" => Ok(Done::new(RowOutcome::Unchanged, "")),
            Some(refusal) => Err(refusal.into()),
        }
    }

    /// The package that a row names, among those that the actor may assign.
    async fn package(&self, tx: &mut Tx, cells: &Cells) -> Result<PackageId, Error> {
        let name = cells.text("package");
        if let Some(id) = package_id(name) {
            return Ok(id);
        }
        let visible = self.actor.visible(Action::ManageAssignments)?;
        let mut found = packages::named(tx, &fold(name), &fold(cells.text("catalog"))).await?;
        found.retain(|(_, catalog)| visible.includes(*catalog));
        match found.as_slice() {
            [(id, _)] => Ok(*id),
            [] => Err(refused(
                "package-gone",
                format!(
                    "There is no access package {} that you may assign. Check its name and catalog.",
                    shown(name)
                ),
            )),
            _ => Err(refused(
                "package-ambiguous",
                format!(
                    "Several catalogs have an access package {}. Name the catalog in the column Catalog.",
                    shown(name)
                ),
            )),
        }
    }
}

async fn user_named(tx: &mut Tx, name: &str) -> Result<UserId, Error> {
    let found = users::id_of_name(tx, &fold(name)).await?;
    found.ok_or_else(|| {
        refused(
            "user-gone",
            format!("There is no user {}. Import or create the account first.", shown(name)),
        )
    })
}

/// The policy that a row names, or the only one.
async fn policy(tx: &mut Tx, package: PackageId, name: &str) -> Result<PolicyId, Error> {
    let found = policies::now_of_package(tx, package).await?;
    let names = || found.iter().map(|policy| policy.name.as_str()).collect::<Vec<_>>().join(", ");
    match (fold(name).as_str(), found.as_slice()) {
        ("", [only]) => Ok(only.id),
        ("", _) => Err(refused(
            "policy-not-named",
            format!("Name the policy in the column Policy: {}.", names()),
        )),
        (wanted, _) => {
            let policy = found.iter().find(|policy| fold(&policy.name) == wanted);
            policy.map(|policy| policy.id).ok_or_else(|| {
                refused(
                    "policy-gone",
                    format!("The access package has no policy {}. Its policies are: {}.", shown(name), names()),
                )
            })
        }
    }
}

/// A day as the instant at which it begins, or `days` later; anything else as it was typed.
fn instant(typed: &str, days: u64) -> String {
    let day = typed
        .parse::<NaiveDate>()
        .ok()
        .and_then(|day| day.checked_add_days(Days::new(days)));
    day.map_or_else(|| typed.to_owned(), |day| format!("{day}T00:00:00Z"))
}

/// The form of an account: as it is, or blank, with what the file says.
fn user_form(account: Option<&Account>, cells: &Cells, manager: &Manager, present: Option<UserId>) -> Result<UserForm, Error> {
    let mut form = account.map_or_else(UserForm::default, form_of);
    form.user_name = account.map_or_else(|| cells.text("user_name").to_owned(), |account| account.user_name.clone());
    form.manager = match manager {
        Manager::Nobody => String::new(),
        Manager::Is(id) => id.to_string(),
        Manager::NotNamed | Manager::Later => present.map(|id| id.to_string()).unwrap_or_default(),
    };
    for (word, field) in [
        ("mail", &mut form.mail),
        ("job_title", &mut form.job_title),
        ("department", &mut form.department),
        ("company", &mut form.company),
        ("office", &mut form.office),
        ("phone", &mut form.phone),
    ] {
        if let Some(value) = cells.get(word) {
            value.clone_into(field);
        }
    }
    let given = |(name, value): (&str, &str)| GivenValue {
        name: name.to_owned(),
        value: value.to_owned(),
    };
    form.attributes = cells.custom().map(given).collect();
    if !cells.text("name").is_empty() {
        form.name = cells.text("name").to_owned();
    }
    if !cells.text("kind").is_empty() {
        form.kind = word_of(cells, ("kind", "Type"), UserKind::Member)?;
    }
    if !cells.text("role").is_empty() {
        form.role = role_of(cells.text("role"))?;
    }
    Ok(form)
}

fn form_of(account: &Account) -> UserForm {
    UserForm {
        name: account.name.clone(),
        user_name: account.user_name.clone(),
        kind: account.kind.as_str().to_owned(),
        role: account.role.as_str().to_owned(),
        mail: account.mail.clone(),
        job_title: account.job_title.clone(),
        department: account.department.clone(),
        company: account.company.clone(),
        office: account.office.clone(),
        phone: account.phone.clone(),
        manager: String::new(),
        sponsors: None,
        attributes: Vec::new(),
        password: String::new(),
    }
}

/// A directory role by its name or its word.
fn role_of(text: &str) -> Result<String, Error> {
    let wanted = fold(text);
    let label = |role: DirectoryRole| role.role().map_or("User", |role| role.label());
    let found = DirectoryRole::ALL
        .iter()
        .find(|role| role.as_str() == wanted || fold(label(**role)) == wanted);
    let labels: Vec<&str> = DirectoryRole::ALL.iter().map(|role| label(*role)).collect();
    found
        .map(|role| role.as_str().to_owned())
        .ok_or_else(|| unknown_word("Directory role", text, &labels.join(", ")))
}

/// A word of an enumeration as people write it: `Microsoft 365` is `microsoft365`.
fn word_of<W: StringEnum>(cells: &Cells, (column, label): (&str, &str), blank: W) -> Result<String, Error> {
    let text = cells.text(column);
    let wanted = fold(text).replace([' ', '_', '-'], "");
    if wanted.is_empty() {
        return Ok(blank.as_str().to_owned());
    }
    let words: Vec<String> = W::ALL.iter().map(|word| sentence(word.as_str())).collect();
    let found = W::ALL.iter().find(|word| word.as_str().replace('_', "") == wanted);
    found
        .map(|word| word.as_str().to_owned())
        .ok_or_else(|| unknown_word(label, text, &words.join(", ")))
}

fn unknown_word(column: &str, text: &str, words: &str) -> Error {
    refused(
        "unknown-word",
        format!("{column} can't be \u{201c}{}\u{201d}. Use one of: {words}.", shown(text)),
    )
}

/// What is changed, in a line.
fn differences(changes: &[Change]) -> String {
    let one = |change: &Change| {
        let text = |text: &str| if text.is_empty() { "none".to_owned() } else { shown(text) };
        format!("{}: {} \u{2192} {}", change.property, text(&change.old), text(&change.new))
    };
    changes.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// Why a row was refused, in words.
pub fn words(kind: ImportKind, error: &Error) -> String {
    match error {
        Error::Invalid(faults) => {
            let label = |path: &str| {
                let column = kind.columns().iter().find(|column| column.word == path);
                column.map_or_else(
                    || match path.strip_prefix("attributes.") {
                        Some(name) => format!("{EXTENSION}{name}"),
                        None => sentence(path.split('.').next().unwrap_or(path)),
                    },
                    |column| column.label.to_owned(),
                )
            };
            let said = |fault: &crate::domain::validate::FieldError| {
                let label = label(&fault.path);
                let text = message::text(&fault.code, &label);
                if text.starts_with(&label) {
                    text
                } else {
                    format!("{label}: {text}")
                }
            };
            faults.iter().map(said).collect::<Vec<_>>().join(" ")
        }
        Error::Refused(refusal) => refusal.reason.clone(),
        Error::NotFound => "It is not there any more, or not yours to change.".to_owned(),
        Error::Conflict(text) => text.clone(),
        _ => "It could not be done just now. Choose the file again.".to_owned(),
    }
}

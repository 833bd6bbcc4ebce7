//! People's accounts: what an account is, what may be typed into its forms, and which changes to it are never allowed.
//! Must not know how a password is hashed or how a session is kept.

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

use super::custom_attribute::{CustomValue, GivenValue, value_path};
use super::id::{Named, OrganizationId, UserId};
use super::limit::Limit;
use super::page::{Direction, PageQuery};
use super::password::check_password;
use super::refusal::{Permission, Refusal};
use super::text::{NAME_MAX, StringEnum, string_enum};
use super::validate::{Checker, Code, FieldErrors, Name};

string_enum! {
    /// What a user may do in the directory, from least to most (feature map, section 4).
    DirectoryRole {
        /// Requests access, nothing more.
        User = "user",
        /// Creates catalogs, and owns those.
        CatalogCreator = "catalog_creator",
        /// Manages users and groups and, unless roles are strict, all of governance.
        UserAdministrator = "user_administrator",
        /// Manages all of governance, but neither users nor groups.
        IdentityGovernanceAdministrator = "identity_governance_administrator",
        /// Everything.
        GlobalAdministrator = "global_administrator",
    }
}

string_enum! {
    /// Where a user belongs.
    UserKind {
        /// One of the organisation's own people.
        Member = "member",
        /// Someone from outside.
        Guest = "guest",
    }
}

string_enum! {
    /// Whether a person can sign in, wherever people are listed by what they have or asked for.
    AccountState {
        /// They can.
        Active = "active",
        /// Their sign-in is blocked.
        Blocked = "blocked",
        /// The account was deleted.
        Deleted = "deleted",
    }
}

impl DirectoryRole {
    /// As people call it.
    pub fn label(self) -> &'static str {
        match self {
            Self::User => "User",
            Self::CatalogCreator => "Catalog creator",
            Self::UserAdministrator => "User administrator",
            Self::IdentityGovernanceAdministrator => "Identity Governance administrator",
            Self::GlobalAdministrator => "Global administrator",
        }
    }
}

impl AccountState {
    /// The mark beside the person's name, if there is one.
    pub fn mark(self) -> Option<&'static str> {
        match self {
            Self::Active => None,
            Self::Blocked => Some("Sign-in blocked"),
            Self::Deleted => Some("Deleted"),
        }
    }
}

/// Sponsors of one user at the most.
pub const SPONSORS_MAX: usize = 20;

/// How long a deleted user can be restored.
pub const RESTORE_WINDOW: Duration = Duration::days(30);

/// A person as the API tells of them where they have a part in something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonRecord {
    /// The account.
    pub id: UserId,
    /// Shown name.
    pub name: String,
    /// Sign-in name.
    pub user_name: String,
    /// Address, or empty.
    pub mail: String,
    /// Member or guest.
    pub kind: UserKind,
    /// The product ends the account once no access is left.
    pub governed: bool,
}

/// A person as a subject of access, as the API lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubjectRecord {
    /// Who.
    pub person: PersonRecord,
    /// The connected organization that a guest is of.
    pub organization_id: Option<OrganizationId>,
}

/// A row of the user list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserItem {
    /// The account.
    pub id: UserId,
    /// Shown name.
    pub name: String,
    /// Sign-in name, unique without regard to case.
    pub user_name: String,
    /// Member or guest.
    pub kind: UserKind,
    /// Directory role.
    pub role: DirectoryRole,
    /// Department, or empty.
    pub department: String,
    /// Job title, or empty.
    pub job_title: String,
    /// May sign in.
    pub enabled: bool,
    /// Has a password to sign in with.
    pub has_password: bool,
    /// When it was deleted, if it was.
    #[serde(with = "super::when::maybe_instant")]
    pub deleted_at: Option<DateTime<Utc>>,
}

/// A user as the API lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserRecord {
    /// The account.
    pub id: UserId,
    /// Shown name.
    pub name: String,
    /// Sign-in name.
    pub user_name: String,
    /// Member or guest.
    pub kind: UserKind,
    /// Address, or empty.
    pub mail: String,
    /// Job title, or empty.
    pub job_title: String,
    /// Department, or empty.
    pub department: String,
    /// Company, or empty.
    pub company: String,
    /// Office, or empty.
    pub office: String,
    /// Telephone, or empty.
    pub phone: String,
    /// Manager, if known.
    pub manager_id: Option<UserId>,
    /// May sign in.
    pub enabled: bool,
    /// When the account was made.
    pub created_at: DateTime<Utc>,
    /// When it was deleted, if it was.
    pub deleted_at: Option<DateTime<Utc>>,
    /// For the next change.
    pub version: i64,
}

impl UserRecord {
    /// The form that changes nothing of an account with this directory role.
    pub fn form(&self, role: DirectoryRole) -> UserForm {
        UserForm {
            name: self.name.clone(),
            user_name: self.user_name.clone(),
            kind: self.kind.as_str().to_owned(),
            role: role.as_str().to_owned(),
            mail: self.mail.clone(),
            job_title: self.job_title.clone(),
            department: self.department.clone(),
            company: self.company.clone(),
            office: self.office.clone(),
            phone: self.phone.clone(),
            manager: self.manager_id.map(|id| id.to_string()).unwrap_or_default(),
            sponsors: None,
            attributes: Vec::new(),
            password: String::new(),
        }
    }
}

/// Everything about one user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserDetail {
    /// As in the list.
    pub item: UserItem,
    /// Address, or empty.
    pub mail: String,
    /// Company, or empty.
    pub company: String,
    /// Office, or empty.
    pub office: String,
    /// Telephone, or empty.
    pub phone: String,
    /// Manager, if known.
    pub manager: Option<Named<UserId>>,
    /// Who vouches for them, by name (F092).
    pub sponsors: Vec<Named<UserId>>,
    /// Every custom attribute that is defined, with their value of it (F054).
    pub attributes: Vec<CustomValue>,
    /// When the account was made.
    #[serde(with = "super::when::instant")]
    pub created_at: DateTime<Utc>,
    /// For the next change.
    pub version: i64,
    /// Last day on which a deleted user can be restored.
    #[serde(with = "super::when::maybe_instant")]
    pub restorable_until: Option<DateTime<Utc>>,
    /// What the viewer may do with it.
    pub abilities: UserAbilities,
}

/// What the viewer may do with a user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserAbilities {
    /// Edit the profile.
    pub edit: Permission,
    /// Give a directory role.
    pub assign_role: Permission,
    /// Block or unblock sign-in.
    pub block: Permission,
    /// Reset the password.
    pub reset_password: Permission,
    /// Send a link by which its owner chooses the first password.
    pub send_link: Permission,
    /// Delete.
    pub delete: Permission,
    /// Restore after deletion.
    pub restore: Permission,
}

/// What a list of users is sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UserSort {
    /// Shown name.
    #[default]
    Name,
    /// Sign-in name.
    UserName,
    /// Department, then name.
    Department,
}

/// Which users to list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct UserQuery {
    /// Part of a name, sign-in name or department.
    #[serde(default)]
    pub search: String,
    /// Deleted users instead of present ones.
    #[serde(default)]
    pub deleted: bool,
    /// Sort by.
    #[serde(default)]
    pub sort: UserSort,
    /// Up or down.
    #[serde(default)]
    pub direction: Direction,
    /// Which page.
    #[serde(default)]
    pub page: PageQuery,
}

/// The New user and Edit forms, as typed (F003, F004).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserForm {
    /// Shown name.
    pub name: String,
    /// Sign-in name.
    pub user_name: String,
    /// `member` or `guest`; blank means member.
    pub kind: String,
    /// A directory role's word; blank means user.
    pub role: String,
    /// Address.
    pub mail: String,
    /// Job title.
    pub job_title: String,
    /// Department.
    pub department: String,
    /// Company.
    pub company: String,
    /// Office.
    pub office: String,
    /// Telephone.
    pub phone: String,
    /// Manager's id, or blank.
    pub manager: String,
    /// Who vouches for them (F092); nothing leaves that as it is.
    #[serde(default)]
    pub sponsors: Option<Vec<UserId>>,
    /// Custom attributes to set (F054); others stay as they are.
    #[serde(default)]
    pub attributes: Vec<GivenValue>,
    /// Initial password; only for a new user.
    pub password: String,
}

/// A checked profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserProfile {
    /// Shown name.
    pub name: Name,
    /// Sign-in name.
    pub user_name: Name,
    /// Member or guest.
    pub kind: UserKind,
    /// Directory role.
    pub role: DirectoryRole,
    /// Address, or empty.
    pub mail: String,
    /// Job title, or empty.
    pub job_title: String,
    /// Department, or empty.
    pub department: String,
    /// Company, or empty.
    pub company: String,
    /// Office, or empty.
    pub office: String,
    /// Telephone, or empty.
    pub phone: String,
    /// Manager, if chosen.
    pub manager: Option<UserId>,
    /// Sponsors, each once; nothing leaves them as they are.
    pub sponsors: Option<Vec<UserId>>,
    /// Custom attributes to set, as they were typed; others stay as they are.
    pub attributes: Vec<GivenValue>,
}

impl UserForm {
    /// The profile part: what both the New user and the Edit form hold.
    pub fn profile(&self) -> Result<UserProfile, FieldErrors> {
        let mut check = Checker::default();
        let profile = self.read(&mut check);
        check.finish(profile)
    }

    /// A whole new user: the profile and the initial password.
    pub fn new_user(&self) -> Result<(UserProfile, String), FieldErrors> {
        let mut check = Checker::default();
        let profile = self.read(&mut check);
        check_password(
            &mut check,
            "password",
            &self.password,
            &[&profile.name.folded, &profile.user_name.folded],
        );
        check.finish((profile, self.password.clone()))
    }

    fn read(&self, check: &mut Checker) -> UserProfile {
        UserProfile {
            name: Name::check(check, "name", &self.name),
            user_name: read_user_name(check, &self.user_name),
            kind: read_word(check, "kind", &self.kind, UserKind::Member),
            role: read_word(check, "role", &self.role, DirectoryRole::User),
            mail: read_mail(check, &self.mail),
            job_title: check.optional_line("job_title", &self.job_title, NAME_MAX),
            department: check.optional_line("department", &self.department, NAME_MAX),
            company: check.optional_line("company", &self.company, NAME_MAX),
            office: check.optional_line("office", &self.office, NAME_MAX),
            phone: check.optional_line("phone", &self.phone, 64),
            manager: read_id(check, "manager", &self.manager),
            sponsors: self.sponsors.as_deref().map(|sponsors| read_sponsors(check, sponsors)),
            attributes: read_attributes(check, &self.attributes),
        }
    }
}

fn read_word<W: super::text::StringEnum>(check: &mut Checker, path: &str, value: &str, blank: W) -> W {
    if value.trim().is_empty() {
        return blank;
    }
    value.trim().parse().unwrap_or_else(|_| {
        check.fail(path, Code::NotOffered);
        blank
    })
}

fn read_id<I: std::str::FromStr>(check: &mut Checker, path: &str, value: &str) -> Option<I> {
    if value.trim().is_empty() {
        return None;
    }
    match value.trim().parse() {
        Ok(id) => Some(id),
        Err(_) => {
            check.fail(path, Code::Gone);
            None
        }
    }
}

/// What any value may be; each is checked against its definition where those are known.
fn read_attributes(check: &mut Checker, given: &[GivenValue]) -> Vec<GivenValue> {
    let bound = Limit::CustomAttributes.bound();
    if given.len() > bound {
        check.fail("attributes", Code::TooMany(bound));
    }
    let read = |one: &GivenValue| GivenValue {
        name: one.name.clone(),
        value: check.optional_line(&value_path(&one.name), &one.value, NAME_MAX),
    };
    given.iter().take(bound).map(read).collect()
}

fn read_sponsors(check: &mut Checker, sponsors: &[UserId]) -> Vec<UserId> {
    if sponsors.len() > SPONSORS_MAX {
        check.fail("sponsors", Code::TooMany(SPONSORS_MAX));
    }
    let mut once: Vec<UserId> = sponsors.iter().copied().take(SPONSORS_MAX).collect();
    once.sort_unstable();
    once.dedup();
    once
}

/// Letters and digits of ASCII and `. _ - @ + '`, no blanks: what can be typed on any keyboard and looks like nothing else.
fn read_user_name(check: &mut Checker, value: &str) -> Name {
    let text = check.line("user_name", value, 113);
    if !text.is_empty()
        && !text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '@' | '+' | '\''))
    {
        check.fail("user_name", Code::NotAUserName);
    }
    Name::of(text)
}

fn read_mail(check: &mut Checker, value: &str) -> String {
    let mail = check.optional_line("mail", value, 254);
    let looks_right = match mail.split_once('@') {
        Some((local, host)) => {
            !local.is_empty() && !host.contains('@') && host.contains('.') && !host.starts_with('.') && !host.ends_with('.')
        }
        None => mail.is_empty(),
    };
    if !looks_right || mail.contains(char::is_whitespace) {
        check.fail("mail", Code::NotAnAddress);
    }
    mail
}

/// What the rules about deleting, blocking and demoting a user need to know of it.
#[derive(Clone, Debug)]
pub struct UserStanding {
    /// Its directory role.
    pub role: DirectoryRole,
    /// May sign in now.
    pub enabled: bool,
    /// Global administrators who can sign in, this one included.
    pub global_administrators: i64,
}

/// Whether someone whose own directory role is `own` may give this one, or change an account that holds it.
pub fn may_manage_role(own: DirectoryRole, role: DirectoryRole) -> Result<(), Refusal> {
    if role <= own {
        return Ok(());
    }
    Err(Refusal::new(
        "above-own-role",
        "Only a Global administrator can give this role, or change an account that holds it. Ask one of them.",
    ))
}

/// Whether this account may lose its way in or its role: never one's own (`is_own`), never the last Global administrator.
pub fn may_lose_access(is_own: bool, user: &UserStanding) -> Result<(), Refusal> {
    if is_own {
        return Err(Refusal::new(
            "never-oneself",
            "You can't do this to your own account. Ask another administrator.",
        ));
    }
    may_lose_role(user)
}

/// Whether this account may lose the Global administrator role: someone else must hold it.
pub fn may_lose_role(user: &UserStanding) -> Result<(), Refusal> {
    if user.role == DirectoryRole::GlobalAdministrator && user.enabled && user.global_administrators <= 1 {
        return Err(Refusal::new(
            "last-global-administrator",
            "This is the last Global administrator who can sign in. Give another user that role first.",
        ));
    }
    Ok(())
}

/// Whether an account can be sent a link by which its owner chooses the first password.
pub fn may_send_sign_in_link(name: &str, has_password: bool, enabled: bool, mail: &str) -> Result<(), Refusal> {
    if has_password {
        let reason = format!("{name} has a password. Use Reset password where it was forgotten.");
        return Err(Refusal::new("has-password", reason));
    }
    if !enabled {
        let reason = format!("Sign-in of {name} is blocked. Unblock it first.");
        return Err(Refusal::new("sign-in-blocked", reason));
    }
    if mail.is_empty() {
        let reason = format!("{name} has no mail address. Add one, or use Reset password.");
        return Err(Refusal::new("no-mail-address", reason));
    }
    Ok(())
}

/// Whether a deleted user can still be restored at `now`.
pub fn may_restore(deleted_at: DateTime<Utc>, now: DateTime<Utc>) -> Result<(), Refusal> {
    if now < deleted_at + RESTORE_WINDOW {
        Ok(())
    } else {
        Err(Refusal::new(
            "restore-window-over",
            "This user was deleted more than 30 days ago and can't be restored. Create a new user.",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> UserForm {
        UserForm {
            name: "Requestor1".into(),
            user_name: "requestor1".into(),
            password: "a long enough secret".into(),
            ..UserForm::default()
        }
    }

    #[test]
    fn a_plain_form_gives_a_member_without_role() {
        let (profile, _) = form().new_user().expect("valid");
        assert_eq!(
            (profile.kind, profile.role, profile.manager),
            (UserKind::Member, DirectoryRole::User, None)
        );
        assert_eq!(profile.user_name.folded, "requestor1");
    }

    #[test]
    fn every_fault_is_reported_at_its_field() {
        let bad = UserForm {
            name: " ".into(),
            user_name: "a b".into(),
            mail: "x@y".into(),
            role: "king".into(),
            manager: "7".into(),
            password: "short".into(),
            ..UserForm::default()
        };
        let paths: Vec<_> = bad.new_user().expect_err("invalid").into_iter().map(|e| e.path).collect();
        assert_eq!(paths, ["name", "user_name", "role", "mail", "manager", "password"]);
    }

    #[test]
    fn the_last_global_administrator_stays() {
        let mut user = UserStanding {
            role: DirectoryRole::GlobalAdministrator,
            enabled: true,
            global_administrators: 1,
        };
        let refused = |is_own, user: &UserStanding| may_lose_access(is_own, user).expect_err("refused").rule;
        assert_eq!(refused(false, &user), "last-global-administrator");
        user.global_administrators = 2;
        assert!(may_lose_access(false, &user).is_ok());
        assert_eq!(refused(true, &user), "never-oneself");
    }
}

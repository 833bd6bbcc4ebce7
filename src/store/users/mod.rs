//! User accounts: finding, listing, keeping. A deleted account keeps its row for 30 days, so every reader says whether it wants those.
//! Must not know how a password was hashed or who may do what.

mod deleted;
mod leavers;
mod safeguards;

use chrono::{DateTime, Utc};

use crate::domain::id::{Named, RoleAssignmentId, UserId};
use crate::domain::page::Page;
use crate::domain::text::fold;
use crate::domain::user::{AccountState, DirectoryRole, UserItem, UserKind, UserProfile, UserQuery, UserSort};
use crate::{args, row};

use super::changes::Change;
use super::list::{Key, List, Order};
use super::roles;
use super::search::{self, Kind};
use super::tx::{StoreError, Tx, word};

pub use deleted::{delete, erase, restore};
pub use leavers::{block, leaver, leavers, set_governed};
pub use safeguards::{global_administrators, is_above, lock_global_administrators, lock_managers};

/// One account, but for its password.
#[derive(Clone, Debug)]
pub struct Account {
    /// The account.
    pub id: UserId,
    /// Shown name.
    pub name: String,
    /// Sign-in name.
    pub user_name: String,
    /// Member or guest.
    pub kind: UserKind,
    /// Directory role, as it is given directly.
    pub role: DirectoryRole,
    /// The highest directory role, directly or through a group.
    pub highest_role: DirectoryRole,
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
    /// Manager, if known; may have been deleted.
    pub manager_id: Option<UserId>,
    /// May sign in.
    pub enabled: bool,
    /// Has a password to sign in with.
    pub has_password: bool,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was deleted, if it was.
    pub deleted_at: Option<DateTime<Utc>>,
    /// Of the last change.
    pub version: i64,
}
row!(Account {
    id: id,
    name,
    user_name,
    kind: word,
    role: word,
    highest_role: word,
    mail,
    job_title,
    department,
    company,
    office,
    phone,
    manager_id: opt_id,
    enabled,
    has_password,
    created_at,
    deleted_at,
    version
});

/// What others need of a user whom they name: how to show them, and whether they can be given anything.
#[derive(Clone, Debug)]
pub struct KnownUser {
    /// The account.
    pub id: UserId,
    /// Shown name.
    pub name: String,
    /// Sign-in name.
    pub user_name: String,
    /// Member or guest.
    pub kind: UserKind,
    /// May sign in.
    pub enabled: bool,
    /// When it was deleted, if it was.
    pub deleted_at: Option<DateTime<Utc>>,
}
row!(KnownUser {
    id: id,
    name,
    user_name,
    kind: word,
    enabled,
    deleted_at
});

row!(UserItem {
    id: id,
    name,
    user_name,
    kind: word,
    role: word,
    department,
    job_title,
    enabled,
    has_password,
    deleted_at
});

/// The highest of the roles that `a` finds for the whole tenant, as a value of a statement; a plain user's is `user`.
macro_rules! highest {
    ($of:literal) => {
        concat!(
            "COALESCE((SELECT a.role FROM role_assignments a WHERE a.catalog_id IS NULL AND (",
            $of,
            ") ORDER BY CASE a.role WHEN 'global_administrator' THEN 1 WHEN 'identity_governance_administrator' THEN 2
                WHEN 'user_administrator' THEN 3 ELSE 4 END LIMIT 1), 'user')"
        )
    };
}

/// One account, deleted ones included.
pub async fn find(tx: &mut Tx, id: UserId) -> Result<Option<Account>, StoreError> {
    tx.opt(
        concat!(
            "SELECT u.id, u.name, u.user_name, u.kind, ",
            highest!("a.user_id = u.id"),
            " AS role, ",
            highest!(
                "a.user_id = u.id OR a.group_id IN (SELECT r.object_id FROM memberships m
                    JOIN roles r ON r.id = m.role_id AND r.name = 'Member' WHERE m.user_id = u.id)"
            ),
            " AS highest_role, u.mail, u.job_title, u.department, u.company, u.office, u.phone, u.manager_id, u.enabled,
                EXISTS (SELECT 1 FROM credentials c WHERE c.user_id = u.id) AS has_password, u.created_at, u.deleted_at, u.version
             FROM users u WHERE u.id = $1"
        ),
        args![id],
    )
    .await
}

/// The users with these ids, deleted ones included, in no order; an unknown id is missing from the answer.
pub async fn by_ids(tx: &mut Tx, ids: &[UserId]) -> Result<Vec<KnownUser>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut list = List::new("u.id, u.name, u.user_name, u.kind, u.enabled, u.deleted_at", "users u");
    list.in_list("u.id", ids.iter().map(|id| (*id).into()).collect());
    list.all(tx, "").await
}

/// The people whose manager this is and who can sign in, by name, so many at the most.
pub async fn direct_reports(tx: &mut Tx, manager: UserId, most: i64) -> Result<Vec<Named<UserId>>, StoreError> {
    let rows: Vec<(uuid::Uuid, String)> = tx
        .all(
            "SELECT id, name FROM users WHERE manager_id = $1 AND enabled AND deleted_at IS NULL ORDER BY name_folded, id LIMIT $2",
            args![manager, most],
        )
        .await?;
    Ok(rows.into_iter().map(|(id, name)| Named::new(UserId(id), name)).collect())
}

/// Whom a mail goes to, if it goes.
#[derive(Clone, Debug)]
pub struct Recipient {
    /// The account.
    pub id: UserId,
    /// Shown name.
    pub name: String,
    /// Address, or empty.
    pub mail: String,
    /// Whether they can sign in.
    pub state: AccountState,
}
row!(Recipient {
    id: id,
    name,
    mail,
    state: word
});

/// Whom a mail goes to, deleted ones included.
pub async fn recipient(tx: &mut Tx, id: UserId) -> Result<Option<Recipient>, StoreError> {
    tx.opt(
        "SELECT id, name, mail, CASE WHEN deleted_at IS NOT NULL THEN 'deleted' WHEN enabled THEN 'active' ELSE 'blocked' END AS state
         FROM users WHERE id = $1",
        args![id],
    )
    .await
}

/// The present account of a user name, as it is compared.
pub async fn id_of_name(tx: &mut Tx, folded: &str) -> Result<Option<UserId>, StoreError> {
    let sql = "SELECT id FROM users WHERE user_name_folded = $1 AND deleted_at IS NULL";
    let row: Option<(uuid::Uuid,)> = tx.opt(sql, args![folded]).await?;
    Ok(row.map(|(id,)| UserId(id)))
}

/// Whether there is any account at all, deleted ones included.
pub async fn any(tx: &mut Tx) -> Result<bool, StoreError> {
    tx.value("SELECT EXISTS (SELECT 1 FROM users)", args![]).await
}

/// The password hash of a present account, by its user name.
pub async fn password_hash(tx: &mut Tx, user_name: &str) -> Result<Option<String>, StoreError> {
    let row: Option<(String,)> = tx
        .opt(
            "SELECT c.password_hash FROM users u JOIN credentials c ON c.user_id = u.id
             WHERE u.user_name_folded = $1 AND u.deleted_at IS NULL",
            args![fold(user_name)],
        )
        .await?;
    Ok(row.map(|(hash,)| hash))
}

const ITEM: &str = concat!(
    "u.id, u.name, u.user_name, u.kind, ",
    highest!("a.user_id = u.id"),
    " AS role, u.department, u.job_title, u.enabled,
        EXISTS (SELECT 1 FROM credentials c WHERE c.user_id = u.id) AS has_password, u.deleted_at"
);

/// A page of users; deleted ones as long as there is something to restore.
pub async fn list(tx: &mut Tx, query: &UserQuery) -> Result<Page<UserItem>, StoreError> {
    if !query.deleted
        && query.sort == UserSort::Name
        && let Some((list, order)) = search::found(Kind::User, &query.search, query.direction, ITEM, "users u ON u.id = k.id")
    {
        return list
            .counted_page(tx, order, &query.page, |item: &UserItem| (item.id.0, Key::Text(fold(&item.name))))
            .await;
    }
    let mut list = List::new(ITEM, "users u");
    list.filter(
        if query.deleted {
            "u.deleted_at IS NOT NULL AND u.erased_at IS NULL"
        } else {
            "u.deleted_at IS NULL"
        },
        args![],
    );
    search::narrow(
        &mut list,
        "u.id IN (SELECT owner_id FROM search_words WHERE kind = ? AND word >= ? AND word < ?)",
        Kind::User,
        &query.search,
    );
    let (column, key): (_, fn(&UserItem) -> &str) = match query.sort {
        UserSort::Name => ("u.name_folded", |item| &item.name),
        UserSort::UserName => ("u.user_name_folded", |item| &item.user_name),
        UserSort::Department => ("u.department_folded", |item| &item.department),
    };
    let order = Order {
        column,
        id: "u.id",
        time: false,
        direction: query.direction,
    };
    list.counted_page(tx, order, &query.page, |item: &UserItem| (item.id.0, Key::Text(fold(key(item)))))
        .await
}

/// An account that is being made; it may sign in.
#[derive(Clone, Copy, Debug)]
pub struct NewAccount<'a> {
    /// The account.
    pub id: UserId,
    /// What it shows, and the directory role that it is given.
    pub profile: &'a UserProfile,
    /// The password's PHC string; without one nobody signs in with a password until one is given.
    pub password_hash: Option<&'a str>,
    /// The password has to be changed at the first sign-in.
    pub must_change_password: bool,
    /// For the directory role, if it is given one.
    pub role_assignment: RoleAssignmentId,
    /// Who makes it, if that is a user.
    pub by: Option<UserId>,
}

/// Stores a new account with its credentials, its directory role and its words. A taken user name is a conflict on `users`.
pub async fn insert(tx: &mut Tx, account: &NewAccount<'_>, now: DateTime<Utc>) -> Result<(), StoreError> {
    let (id, profile) = (account.id, account.profile);
    tx.exec(
        "INSERT INTO users (id, name, name_folded, user_name, user_name_folded, kind, mail, job_title, department, department_folded,
            company, office, phone, manager_id, enabled, created_at, version, job_title_folded)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, TRUE, $15, 1, $16)",
        args![
            id,
            profile.name.text.as_str(),
            profile.name.folded.as_str(),
            profile.user_name.text.as_str(),
            profile.user_name.folded.as_str(),
            word(profile.kind),
            profile.mail.as_str(),
            profile.job_title.as_str(),
            profile.department.as_str(),
            fold(&profile.department),
            profile.company.as_str(),
            profile.office.as_str(),
            profile.phone.as_str(),
            profile.manager,
            now,
            fold(&profile.job_title)
        ],
    )
    .await?;
    if let Some(hash) = account.password_hash {
        tx.exec(
            "INSERT INTO credentials (user_id, password_hash, must_change_password, changed_at) VALUES ($1, $2, $3, $4)",
            args![id, hash, account.must_change_password, now],
        )
        .await?;
    }
    roles::set_directory_role(tx, id, profile.role, account.role_assignment, account.by, now).await?;
    index(tx, id, profile).await
}

/// Changes a present account's profile, but for its role. False: not at this version, or not there.
pub async fn update(tx: &mut Tx, id: UserId, version: i64, profile: &UserProfile) -> Result<bool, StoreError> {
    let changed = tx
        .exec(
            "UPDATE users SET name = $3, name_folded = $4, user_name = $5, user_name_folded = $6, kind = $7, mail = $8,
                job_title = $9, department = $10, department_folded = $11, company = $12, office = $13, phone = $14, manager_id = $15,
                job_title_folded = $16, version = version + 1
             WHERE id = $1 AND version = $2 AND deleted_at IS NULL",
            args![
                id,
                version,
                profile.name.text.as_str(),
                profile.name.folded.as_str(),
                profile.user_name.text.as_str(),
                profile.user_name.folded.as_str(),
                word(profile.kind),
                profile.mail.as_str(),
                profile.job_title.as_str(),
                profile.department.as_str(),
                fold(&profile.department),
                profile.company.as_str(),
                profile.office.as_str(),
                profile.phone.as_str(),
                profile.manager,
                fold(&profile.job_title)
            ],
        )
        .await?;
    // What the user may do may be another now.
    tx.announce(Change::Sessions(id));
    if changed == 1 {
        index(tx, id, profile).await?;
    }
    Ok(changed == 1)
}

async fn index(tx: &mut Tx, id: UserId, profile: &UserProfile) -> Result<(), StoreError> {
    search::index(tx, Kind::User, id, &words_of(profile)).await?;
    search::list_as(tx, id, Some(&profile.name.folded)).await
}

/// The texts by whose words a user is found.
pub(super) fn words_of(profile: &UserProfile) -> [&str; 4] {
    [&profile.name.text, &profile.user_name.text, &profile.department, &profile.mail]
}

/// Blocks a present account, or lets it sign in again. False: not at this version, or not there.
pub async fn set_enabled(tx: &mut Tx, id: UserId, version: i64, enabled: bool) -> Result<bool, StoreError> {
    let changed = tx
        .exec(
            "UPDATE users SET enabled = $3, left_at = NULL, version = version + 1 WHERE id = $1 AND version = $2 AND deleted_at IS NULL",
            args![id, version, enabled],
        )
        .await?;
    Ok(changed == 1)
}

/// Gives a present account an initial password, which its owner must change. False: not at this version, or not there.
pub async fn set_initial_password(
    tx: &mut Tx,
    id: UserId,
    version: i64,
    password_hash: &str,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let changed = tx
        .exec(
            "UPDATE users SET version = version + 1 WHERE id = $1 AND version = $2 AND deleted_at IS NULL",
            args![id, version],
        )
        .await?;
    if changed == 1 {
        tx.exec(
            "INSERT INTO credentials (user_id, password_hash, must_change_password, changed_at) VALUES ($1, $2, TRUE, $3)
             ON CONFLICT (user_id) DO UPDATE SET password_hash = excluded.password_hash, must_change_password = TRUE,
                changed_at = excluded.changed_at",
            args![id, password_hash, now],
        )
        .await?;
    }
    Ok(changed == 1)
}

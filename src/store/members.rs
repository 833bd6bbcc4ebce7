//! Who is in a group, and by what: lists for people, and whole sets for membership rules. Deleted users keep their rows, for they may
//! come back, but are never shown or counted.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::group::{MemberItem, MemberQuery};
use crate::domain::id::{Named, ObjectId, PackageId, RoleId, UserId};
use crate::domain::object::{MEMBER, OWNER};
use crate::domain::page::{Direction, Page};
use crate::domain::rule::Rule;
use crate::domain::text::fold;
use crate::domain::user::{AccountState, UserKind};
use crate::{args, row};

use super::batch::{self, numbered};
use super::custom_attributes;
use super::dialect::trusted_sql;
use super::groups::role_name;
use super::list::{Key, List, Order};
use super::memberships::forever;
use super::rule_filter::RuleFilter;
use super::search::{self, Kind};
use super::tx::{Arg, StoreError, Tx};

/// Members beyond this are not counted.
const COUNTED_MAX: i64 = 1_000;
/// Ids in one statement at the most.
const IDS_MAX: usize = 10_000;

struct MemberRow {
    id: UserId,
    name: String,
    user_name: String,
    enabled: bool,
    role_id: RoleId,
    direct: bool,
    by_rule: bool,
    grants: i64,
    since: DateTime<Utc>,
    until: DateTime<Utc>,
}
row!(MemberRow {
    id: id,
    name,
    user_name,
    enabled,
    role_id: id,
    direct,
    by_rule,
    grants,
    since,
    until
});

/// By what a person holds a role.
#[derive(Clone, Copy, Debug)]
pub struct Held {
    /// By hand.
    pub direct: bool,
    /// By rule.
    pub by_rule: bool,
}

row!(Held { direct, by_rule });

/// How many people are members and owners of a group at `now`.
pub async fn counts(tx: &mut Tx, group: ObjectId, now: DateTime<Utc>) -> Result<(i64, i64), StoreError> {
    let rows: Vec<(String, i64)> = tx
        .all(
            "SELECT r.name, count(*) FROM roles r
                JOIN memberships m ON m.role_id = r.id AND m.until > $2
                JOIN users u ON u.id = m.user_id AND u.deleted_at IS NULL
             WHERE r.object_id = $1 GROUP BY r.name",
            args![group, now],
        )
        .await?;
    let count = |role: &str| rows.iter().find(|(name, _)| name == role).map_or(0, |(_, count)| *count);
    Ok((count(MEMBER), count(OWNER)))
}

/// Members in the order in which they joined: for a list that is sorted afterwards.
const BY_MEMBERSHIP: &str =
    "objects o JOIN roles r ON r.object_id = o.id JOIN memberships m ON m.role_id = r.id JOIN users u ON u.id = m.user_id";
/// Users in the order of their names, and of each whether they are members; SQLite keeps to the order of a CROSS JOIN.
const BY_NAME: &str = "objects o JOIN roles r ON r.object_id = o.id CROSS JOIN users u CROSS JOIN memberships m";

/// The list of those who hold a group's role, read in one of two ways.
fn held_by(from: &'static str, query: &MemberQuery, now: DateTime<Utc>) -> List {
    let mut list = List::new(
        "u.id, u.name, u.user_name, u.enabled, m.role_id, m.direct, m.by_rule, m.grants, m.since, m.until",
        from,
    );
    list.filter(
        "o.id = ? AND o.kind = 'group' AND o.deleted_at IS NULL AND r.name = ?",
        args![query.group, role_name(query.role)],
    );
    list.filter(
        "m.role_id = r.id AND m.user_id = u.id AND m.until > ? AND u.deleted_at IS NULL",
        args![now],
    );
    search::narrow(
        &mut list,
        "u.id IN (SELECT owner_id FROM search_words WHERE kind = ? AND word >= ? AND word < ?)",
        Kind::User,
        &query.search,
    );
    list
}

/// The statement that reads a page of many off the index of names, and its values.
#[cfg(test)]
pub(super) fn paging_many(query: &MemberQuery, now: DateTime<Utc>) -> (String, Vec<Arg>) {
    held_by(BY_NAME, query, now).written("ORDER BY u.name_folded, u.id LIMIT 51")
}

/// A page of those who hold a group's role at `now`, by name, each with all that gives it. Of a group that is not there nobody does.
pub async fn list(tx: &mut Tx, query: &MemberQuery, now: DateTime<Utc>) -> Result<Page<MemberItem>, StoreError> {
    let whole = held_by(BY_MEMBERSHIP, query, now);
    // Of many, a page is read off the index of names until it is full; of few, all are read and sorted.
    let total = whole.count(tx, COUNTED_MAX + 1).await?;
    let many = total > COUNTED_MAX && query.search.trim().is_empty();
    let list = if many { held_by(BY_NAME, query, now) } else { whole };
    let order = Order {
        column: "u.name_folded",
        id: "u.id",
        time: false,
        direction: Direction::Up,
    };
    let page = list
        .page(tx, order, &query.page, |row: &MemberRow| (row.id.0, Key::Text(fold(&row.name))))
        .await?;
    let page = Page {
        total: (total <= COUNTED_MAX).then_some(total),
        ..page
    };
    let granted: Vec<&MemberRow> = page.items.iter().filter(|row| row.grants > 0).collect();
    let given = match granted.first() {
        Some(row) => {
            let users: Vec<UserId> = granted.iter().map(|row| row.id).collect();
            packages(tx, row.role_id, &users, now).await?
        }
        None => Vec::new(),
    };
    Ok(page.map(|row| MemberItem {
        packages: given.iter().filter(|(user, _)| *user == row.id).map(|(_, p)| p.clone()).collect(),
        user: Named::new(row.id, row.name),
        user_name: row.user_name,
        state: if row.enabled { AccountState::Active } else { AccountState::Blocked },
        direct: row.direct,
        by_rule: row.by_rule,
        since: row.since,
        until: (row.until < forever()).then_some(row.until),
    }))
}

/// The packages by which these users hold a role at `now`, with each the user; by name.
pub async fn packages(
    tx: &mut Tx,
    role: RoleId,
    users: &[UserId],
    now: DateTime<Utc>,
) -> Result<Vec<(UserId, Named<PackageId>)>, StoreError> {
    if users.is_empty() {
        return Ok(Vec::new());
    }
    let mut list = List::new(
        "g.user_id, p.id, p.name",
        "grants g JOIN assignments a ON a.id = g.assignment_id JOIN packages p ON p.id = a.package_id",
    );
    list.filter(
        "g.role_id = ? AND g.state = 'granted' AND (a.ends_at IS NULL OR a.ends_at > ?)",
        args![role, now],
    );
    list.in_list("g.user_id", users.iter().map(|id| (*id).into()).collect());
    let rows: Vec<(Uuid, Uuid, String)> = list.all(tx, "ORDER BY p.name_folded, p.id").await?;
    Ok(rows
        .into_iter()
        .map(|(user, id, name)| (UserId(user), Named::new(PackageId(id), name)))
        .collect())
}

/// By what a user holds a role, if at all.
pub async fn held(tx: &mut Tx, role: RoleId, user: UserId) -> Result<Option<Held>, StoreError> {
    tx.opt(
        "SELECT direct, by_rule FROM memberships WHERE role_id = $1 AND user_id = $2",
        args![role, user],
    )
    .await
}

/// A present user as membership rules see one.
#[derive(Clone, Debug)]
pub struct RuleCandidate {
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
    /// May sign in.
    pub enabled: bool,
    /// Custom attributes by name, where the rule asks about any.
    pub custom: Vec<(String, String)>,
}
row!(RuleCandidate {
    id: id,
    name,
    user_name,
    kind: word,
    mail,
    job_title,
    department,
    company,
    office,
    enabled,
    custom: later
});

const CANDIDATE: &str = "u.id, u.name, u.user_name, u.kind, u.mail, u.job_title, u.department, u.company, u.office, u.enabled";
/// As `candidates` and `by_rule` give at the most.
pub const CANDIDATES_MAX: usize = 1_000;
const IN_ORDER: &str = "ORDER BY u.id LIMIT 1000";

/// What every id is behind, for a beginning.
fn start(after: Option<UserId>) -> Uuid {
    after.map_or(Uuid::nil(), |id| id.0)
}

/// The present users behind `after` whom a rule has given this role, by id, up to `CANDIDATES_MAX`.
pub async fn by_rule(tx: &mut Tx, role: RoleId, rule: &Rule, after: Option<UserId>) -> Result<Vec<RuleCandidate>, StoreError> {
    let mut list = List::new(CANDIDATE, "memberships m JOIN users u ON u.id = m.user_id");
    list.filter(
        "m.role_id = ? AND m.by_rule AND u.deleted_at IS NULL AND u.id > ?",
        args![role, start(after)],
    );
    let people = list.all(tx, IN_ORDER).await?;
    with_custom(tx, rule, people).await
}

/// People with their custom attributes, where a rule asks about any.
async fn with_custom(tx: &mut Tx, rule: &Rule, mut people: Vec<RuleCandidate>) -> Result<Vec<RuleCandidate>, StoreError> {
    if rule.custom_attributes().is_empty() {
        return Ok(people);
    }
    let ids: Vec<UserId> = people.iter().map(|person| person.id).collect();
    let mut found = custom_attributes::of_users(tx, &ids).await?;
    for person in &mut people {
        person.custom = found.remove(&person.id).unwrap_or_default();
    }
    Ok(people)
}

/// The present users behind `after` whom no rule has given this role and for whom this rule may hold, by id, up to `CANDIDATES_MAX`.
pub async fn candidates(tx: &mut Tx, role: Option<RoleId>, rule: &Rule, after: Option<UserId>) -> Result<Vec<RuleCandidate>, StoreError> {
    let mut list = List::new(CANDIDATE, "users u");
    list.filter("u.deleted_at IS NULL AND u.id > ?", args![start(after)]);
    list.rule(RuleFilter::of(tx, rule));
    if let Some(role) = role {
        list.filter(
            "NOT EXISTS (SELECT 1 FROM memberships m WHERE m.role_id = ? AND m.user_id = u.id AND m.by_rule)",
            args![role],
        );
    }
    let people = list.all(tx, IN_ORDER).await?;
    with_custom(tx, rule, people).await
}

/// Gives many users a role by rule; those who hold it by something else already are left to `memberships`. Gives those who were added.
pub async fn add_by_rule_alone(tx: &mut Tx, role: RoleId, users: &[UserId], now: DateTime<Utc>) -> Result<Vec<UserId>, StoreError> {
    let values: Vec<Arg> = users
        .iter()
        .flat_map(|user| args![role, *user, false, true, 0_i64, now, forever()])
        .collect();
    let head = "memberships (role_id, user_id, direct, by_rule, grants, since, until)";
    let added: Vec<(Uuid,)> = batch::returning(tx, head, 7, values, "ON CONFLICT DO NOTHING RETURNING user_id").await?;
    Ok(added.into_iter().map(|(id,)| UserId(id)).collect())
}

/// Takes a role from those of these users who hold it by nothing but a rule; gives who they were.
pub async fn remove_by_rule_alone(tx: &mut Tx, role: RoleId, users: &[UserId]) -> Result<Vec<UserId>, StoreError> {
    let mut removed = Vec::new();
    for chunk in users.chunks(IDS_MAX) {
        let sql = format!(
            "DELETE FROM memberships WHERE role_id = $1 AND by_rule AND NOT direct AND grants = 0 AND user_id IN ({}) RETURNING user_id",
            numbered(2, chunk.len())
        );
        let mut args = args![role];
        args.extend(chunk.iter().map(|id| Arg::from(*id)));
        let ids: Vec<Uuid> = tx.column(trusted_sql(sql), args).await?;
        removed.extend(ids.into_iter().map(UserId));
    }
    Ok(removed)
}

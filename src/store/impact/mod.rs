//! Whom a change would concern, as lists by name that are counted no further than they must be: who loses or keeps a resource role, who
//! could request a package and could no longer, who holds a role through one assignment of it alone. What a change is, the service knows.

mod audience;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::access::{Role, Visible};
use crate::domain::id::{CatalogId, ObjectId, PackageId, PolicyId, RoleAssignmentId, RoleId, UserId};
use crate::domain::impact::{Affected, COUNTED_MAX, NAMED, NAMED_MORE};
use crate::domain::object::Subject;
use crate::domain::package::PriorMembership;
use crate::domain::page::{Direction, PageQuery};
use crate::{args, row};

use super::list::{Key, List, Order};
use super::tx::{Arg, StoreError, Tx, word};

pub use audience::{Audience, Requestable, able_to_request, terms_of};

/// Things or people by name.
pub struct Names {
    list: List,
    order: Order,
}

struct NameRow {
    id: Uuid,
    sort: String,
    name: String,
    detail: String,
}
row!(NameRow { id, sort, name, detail });

/// Some of the names, how many there are, and the key of those that follow.
pub struct Told {
    /// By name.
    pub names: Vec<Affected>,
    /// Counted no further than one beyond `COUNTED_MAX`; of a further page only what it holds.
    pub count: i64,
    /// The key of those that follow.
    pub next: Option<String>,
}

impl Names {
    fn of(list: List, column: &'static str, id: &'static str) -> Self {
        let order = Order {
            column,
            id,
            time: false,
            direction: Direction::Up,
        };
        Self { list, order }
    }

    /// The first of them, with their number.
    pub async fn first(self, tx: &mut Tx) -> Result<Told, StoreError> {
        let whole = self.list.clone();
        let told = self.page(tx, None, NAMED).await?;
        let count = match told.next {
            None => told.count,
            Some(_) => whole.count(tx, COUNTED_MAX + 1).await?,
        };
        Ok(Told { count, ..told })
    }

    /// Those behind a key.
    pub async fn more(self, tx: &mut Tx, after: Option<String>) -> Result<Told, StoreError> {
        self.page(tx, after, NAMED_MORE).await
    }

    async fn page(self, tx: &mut Tx, after: Option<String>, size: u16) -> Result<Told, StoreError> {
        let query = PageQuery { after, before: None, size };
        let page = self
            .list
            .page(tx, self.order, &query, |row: &NameRow| (row.id, Key::Text(row.sort.clone())))
            .await?;
        let names: Vec<Affected> = page
            .items
            .into_iter()
            .map(|row| Affected {
                name: row.name,
                detail: row.detail,
            })
            .collect();
        Ok(Told {
            count: names.len() as i64,
            names,
            next: page.next,
        })
    }
}

fn people() -> List {
    let mut list = List::new("u.id, u.name_folded AS sort, u.name, u.user_name AS detail", "users u");
    list.filter("u.deleted_at IS NULL", Vec::new());
    list
}

fn by_name(list: List) -> Names {
    Names::of(list, "u.name_folded", "u.id")
}

/// What becomes of a resource role that a package gives, if the package no longer gave it.
#[derive(Clone, Copy, Debug)]
pub struct RoleOfPackage {
    /// The package.
    pub package: PackageId,
    /// The resource role.
    pub role: RoleId,
    /// What becomes of memberships held before.
    pub prior: PriorMembership,
}

/// Who holds the role at `now` by the package, and by nothing else.
pub fn losing_role(of: RoleOfPackage, now: DateTime<Utc>) -> Names {
    let mut list = people();
    list.filter(
        "u.id IN (SELECT g.user_id FROM grants g JOIN assignments a ON a.id = g.assignment_id
                JOIN memberships m ON m.role_id = g.role_id AND m.user_id = g.user_id
            WHERE a.package_id = ? AND a.state <> 'expired' AND (a.ends_at IS NULL OR a.ends_at > ?) AND g.role_id = ? AND g.state = 'granted'
                AND m.until > ? AND NOT (m.by_rule OR (m.direct AND NOT (g.was_direct AND ?)) OR EXISTS (
                    SELECT 1 FROM grants x JOIN assignments b ON b.id = x.assignment_id
                    WHERE x.role_id = g.role_id AND x.user_id = g.user_id AND x.state = 'granted' AND x.assignment_id <> g.assignment_id
                        AND (b.ends_at IS NULL OR b.ends_at > ?))))",
        given(of, now),
    );
    by_name(list)
}

/// Who holds the role at `now` by the package, and would keep it, because something else gives it.
pub fn keeping_role(of: RoleOfPackage, now: DateTime<Utc>) -> Names {
    let mut list = people();
    list.filter(
        "u.id IN (SELECT g.user_id FROM grants g JOIN assignments a ON a.id = g.assignment_id
                JOIN memberships m ON m.role_id = g.role_id AND m.user_id = g.user_id
            WHERE a.package_id = ? AND a.state <> 'expired' AND (a.ends_at IS NULL OR a.ends_at > ?) AND g.role_id = ? AND g.state = 'granted'
                AND m.until > ? AND (m.by_rule OR (m.direct AND NOT (g.was_direct AND ?)) OR EXISTS (
                    SELECT 1 FROM grants x JOIN assignments b ON b.id = x.assignment_id
                    WHERE x.role_id = g.role_id AND x.user_id = g.user_id AND x.state = 'granted' AND x.assignment_id <> g.assignment_id
                        AND (b.ends_at IS NULL OR b.ends_at > ?))))",
        given(of, now),
    );
    by_name(list)
}

fn given(of: RoleOfPackage, now: DateTime<Utc>) -> Vec<Arg> {
    let takes_prior = of.prior == PriorMembership::Remove;
    args![of.package, now, of.role, now, takes_prior, now]
}

/// Who has a package, or will, at `now`.
pub fn having(package: PackageId, now: DateTime<Utc>) -> Names {
    let mut list = people();
    list.filter(
        "u.id IN (SELECT a.target_id FROM assignments a WHERE a.package_id = ? AND a.state <> 'expired' AND (a.ends_at IS NULL OR a.ends_at > ?))",
        args![package, now],
    );
    by_name(list)
}

/// Who has or will have access under a policy at `now`.
pub fn having_under(policy: PolicyId, now: DateTime<Utc>) -> Names {
    let mut list = people();
    list.filter(
        "u.id IN (SELECT a.target_id FROM assignments a WHERE a.policy_id = ? AND a.state <> 'expired' AND a.state <> 'delivery_failed'
            AND (a.ends_at IS NULL OR a.ends_at > ?))",
        args![policy, now],
    );
    by_name(list)
}

/// For whom a request for a package waits for something.
pub fn waiting_for(package: PackageId) -> Names {
    let mut list = people();
    list.filter(
        "u.id IN (SELECT r.target_id FROM requests r WHERE r.package_id = ?
            AND r.state IN ('submitted', 'pending_approval', 'scheduled', 'delivering'))",
        args![package],
    );
    by_name(list)
}

/// For whom a request under a policy waits for something.
pub fn waiting_under(policy: PolicyId) -> Names {
    let mut list = people();
    list.filter(
        "u.id IN (SELECT r.target_id FROM requests r WHERE r.policy_id = ?
            AND r.state IN ('submitted', 'pending_approval', 'scheduled', 'delivering'))",
        args![policy],
    );
    by_name(list)
}

/// One assignment of a role, to a user or a group.
#[derive(Clone, Copy, Debug)]
pub struct HeldBy {
    /// The assignment.
    pub id: RoleAssignmentId,
    /// The role.
    pub role: Role,
    /// In which catalog; none: in the tenant.
    pub catalog: Option<CatalogId>,
    /// To whom.
    pub holder: Subject,
}

/// Who holds a role by this assignment at `now`: those who hold it by another as well, or (`alone`) those who do not.
pub fn holding(held: HeldBy, alone: bool, now: DateTime<Utc>) -> Names {
    let mut list = people();
    match held.holder {
        Subject::User(user) => list.filter("u.id = ?", args![user]),
        Subject::Group(group) => list.filter(
            "u.id IN (SELECT m.user_id FROM roles r JOIN memberships m ON m.role_id = r.id
                WHERE r.object_id = ? AND r.name = 'Member' AND m.until > ?)",
            args![group, now],
        ),
        // An organization holds no role.
        Subject::Organization(_) => list.filter("1 = 0", Vec::new()),
    }
    let (id, role, catalog) = (held.id, word(held.role), held.catalog);
    let values = args![id, role.clone(), catalog, id, role, catalog, now];
    if alone {
        list.filter(
            "NOT (u.id IN (SELECT b.user_id FROM role_assignments b
                    WHERE b.id <> ? AND b.role = ? AND b.catalog_id IS NOT DISTINCT FROM ? AND b.user_id IS NOT NULL)
                OR u.id IN (SELECT m.user_id FROM role_assignments b JOIN objects o ON o.id = b.group_id AND o.deleted_at IS NULL
                    JOIN roles r ON r.object_id = o.id AND r.name = 'Member' JOIN memberships m ON m.role_id = r.id
                    WHERE b.id <> ? AND b.role = ? AND b.catalog_id IS NOT DISTINCT FROM ? AND m.until > ?))",
            values,
        );
    } else {
        list.filter(
            "(u.id IN (SELECT b.user_id FROM role_assignments b
                    WHERE b.id <> ? AND b.role = ? AND b.catalog_id IS NOT DISTINCT FROM ? AND b.user_id IS NOT NULL)
                OR u.id IN (SELECT m.user_id FROM role_assignments b JOIN objects o ON o.id = b.group_id AND o.deleted_at IS NULL
                    JOIN roles r ON r.object_id = o.id AND r.name = 'Member' JOIN memberships m ON m.role_id = r.id
                    WHERE b.id <> ? AND b.role = ? AND b.catalog_id IS NOT DISTINCT FROM ? AND m.until > ?))",
            values,
        );
    }
    by_name(list)
}

/// Whom giving a role to these at `now` makes a holder of it, or (not `newly`) who of them holds it already. Nobody where nobody is named.
pub fn gaining_role(role: Role, catalog: Option<CatalogId>, holders: &[Subject], newly: bool, now: DateTime<Utc>) -> Names {
    let mut list = people();
    let mut named = vec!["1 = 0".to_owned()];
    let mut values = Vec::new();
    for holder in holders {
        match holder {
            Subject::User(user) => {
                named.push("u.id = ?".to_owned());
                values.extend(args![*user]);
            }
            Subject::Group(group) => {
                named.push(
                    "u.id IN (SELECT m.user_id FROM roles r JOIN memberships m ON m.role_id = r.id
                        WHERE r.object_id = ? AND r.name = 'Member' AND m.until > ?)"
                        .to_owned(),
                );
                values.extend(args![*group, now]);
            }
            // An organization holds no role.
            Subject::Organization(_) => {}
        }
    }
    list.filter_built(&format!("({})", named.join(" OR ")), values);
    let held = "(u.id IN (SELECT b.user_id FROM role_assignments b
                WHERE b.role = ? AND b.catalog_id IS NOT DISTINCT FROM ? AND b.user_id IS NOT NULL)
            OR u.id IN (SELECT m.user_id FROM role_assignments b JOIN objects o ON o.id = b.group_id AND o.deleted_at IS NULL
                JOIN roles r ON r.object_id = o.id AND r.name = 'Member' JOIN memberships m ON m.role_id = r.id
                WHERE b.role = ? AND b.catalog_id IS NOT DISTINCT FROM ? AND m.until > ?))";
    let not = if newly { "NOT " } else { "" };
    list.filter_built(&format!("{not}{held}"), args![word(role), catalog, word(role), catalog, now]);
    by_name(list)
}

/// Who holds any role in a catalog at `now`.
pub fn holding_any_in(catalog: CatalogId, now: DateTime<Utc>) -> Names {
    holding_only_in(catalog, CatalogId(Uuid::nil()), now)
}

/// The access packages of a catalog.
pub fn packages_in(catalog: CatalogId) -> Names {
    let mut list = List::new("p.id, p.name_folded AS sort, p.name, '' AS detail", "packages p");
    list.filter("p.catalog_id = ? AND p.deleted_at IS NULL", args![catalog]);
    Names::of(list, "p.name_folded", "p.id")
}

/// The resources of a catalog.
pub fn resources_in(catalog: CatalogId) -> Names {
    let mut list = List::new(
        "o.id, o.name_folded AS sort, o.name, '' AS detail",
        "catalog_resources c JOIN objects o ON o.id = c.object_id AND o.deleted_at IS NULL",
    );
    list.filter("c.catalog_id = ?", args![catalog]);
    Names::of(list, "o.name_folded", "o.id")
}

/// Who holds a role in one catalog at `now` that they do not hold in the other.
pub fn holding_only_in(one: CatalogId, other: CatalogId, now: DateTime<Utc>) -> Names {
    let mut list = people();
    list.filter(
        "u.id IN (SELECT x.user_id FROM (
            SELECT b.user_id, b.role FROM role_assignments b WHERE b.catalog_id = ? AND b.user_id IS NOT NULL
            UNION SELECT m.user_id, b.role FROM role_assignments b JOIN objects o ON o.id = b.group_id AND o.deleted_at IS NULL
                JOIN roles r ON r.object_id = o.id AND r.name = 'Member' JOIN memberships m ON m.role_id = r.id
                WHERE b.catalog_id = ? AND m.until > ?
            EXCEPT SELECT b.user_id, b.role FROM role_assignments b WHERE b.catalog_id = ? AND b.user_id IS NOT NULL
            EXCEPT SELECT m.user_id, b.role FROM role_assignments b JOIN objects o ON o.id = b.group_id AND o.deleted_at IS NULL
                JOIN roles r ON r.object_id = o.id AND r.name = 'Member' JOIN memberships m ON m.role_id = r.id
                WHERE b.catalog_id = ? AND m.until > ?) x)",
        args![one, one, now, other, other, now],
    );
    by_name(list)
}

/// The roles that a group's members hold through it, with their catalogs' names; so many at the most.
pub async fn roles_of_group(tx: &mut Tx, group: ObjectId, most: i64) -> Result<Vec<(HeldBy, Option<String>)>, StoreError> {
    let rows: Vec<(Uuid, String, Option<Uuid>, Option<String>)> = tx
        .all(
            "SELECT a.id, a.role, a.catalog_id, c.name FROM role_assignments a LEFT JOIN catalogs c ON c.id = a.catalog_id
             WHERE a.group_id = $1 ORDER BY a.id LIMIT $2",
            args![group, most],
        )
        .await?;
    rows.into_iter()
        .map(|(id, role, catalog, name)| {
            let held = super::roles::held(&role, catalog)?;
            let by = HeldBy {
                id: id.into(),
                role: held.role,
                catalog: held.catalog,
                holder: Subject::Group(group),
            };
            Ok((by, name))
        })
        .collect()
}

/// Who holds a resource role at `now`.
pub fn in_role(role: RoleId, now: DateTime<Utc>) -> Names {
    let mut list = people();
    list.filter(
        "u.id IN (SELECT m.user_id FROM memberships m WHERE m.role_id = ? AND m.until > ?)",
        args![role, now],
    );
    by_name(list)
}

/// Whose manager somebody is.
pub fn reporting_to(manager: UserId) -> Names {
    let mut list = people();
    list.filter("u.manager_id = ?", args![manager]);
    by_name(list)
}

/// The resource roles that a user holds at `now`: those given by hand, or all others.
pub fn roles_held(user: UserId, by_hand: bool, now: DateTime<Utc>) -> Names {
    let mut list = List::new(
        "r.id, o.name_folded AS sort, r.name || ' of ' || o.name AS name,
            CASE o.kind WHEN 'group' THEN 'Group' WHEN 'application' THEN 'Application' ELSE 'Site' END AS detail",
        "memberships m JOIN roles r ON r.id = m.role_id JOIN objects o ON o.id = r.object_id",
    );
    list.filter("m.user_id = ? AND m.until > ? AND o.deleted_at IS NULL", args![user, now]);
    list.filter(if by_hand { "m.direct" } else { "NOT m.direct" }, Vec::new());
    Names::of(list, "o.name_folded", "r.id")
}

/// The packages that a user has at `now`, of the catalogs that are seen, or (`seen` false) of all others.
pub fn packages_held(user: UserId, visible: &Visible, now: DateTime<Utc>) -> Names {
    let mut list = List::new(
        "a.id, p.name_folded AS sort, p.name, c.name AS detail",
        "assignments a JOIN packages p ON p.id = a.package_id JOIN catalogs c ON c.id = p.catalog_id",
    );
    list.filter(
        "a.target_id = ? AND a.state <> 'expired' AND (a.ends_at IS NULL OR a.ends_at > ?)",
        args![user, now],
    );
    list.visible("p.catalog_id", visible);
    Names::of(list, "p.name_folded", "a.id")
}

/// What was requested for a user and waits, of the catalogs that are seen.
pub fn requests_of(user: UserId, visible: &Visible) -> Names {
    let mut list = List::new(
        "q.id, p.name_folded AS sort, p.name, c.name AS detail",
        "requests q JOIN packages p ON p.id = q.package_id JOIN catalogs c ON c.id = p.catalog_id",
    );
    list.filter(
        "q.target_id = ? AND q.state IN ('submitted', 'pending_approval', 'scheduled', 'delivering')
            AND q.kind NOT IN ('user_remove', 'admin_remove', 'system_remove')",
        args![user],
    );
    list.visible("p.catalog_id", visible);
    Names::of(list, "p.name_folded", "q.id")
}

/// The requests that a user is asked to decide on, of the catalogs that are seen: each its package and its person.
pub fn decisions_of(user: UserId, visible: &Visible) -> Names {
    let mut list = List::new(
        "q.id, p.name_folded AS sort, p.name, t.name AS detail",
        "approvers v JOIN requests q ON q.id = v.request_id JOIN packages p ON p.id = q.package_id JOIN users t ON t.id = q.target_id",
    );
    list.filter(
        "v.user_id = ? AND v.state = 'open' AND q.state = 'pending_approval' AND v.stage = q.stage",
        args![user],
    );
    list.visible("p.catalog_id", visible);
    Names::of(list, "p.name_folded", "q.id")
}

//! What My Access lists: packages that a person could ask for, has, or had.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::expiration::{Expiration, ExpirationKind};
use crate::domain::id::{AssignmentId, PackageId, RequestId, UserId};
use crate::domain::offer::{OfferResource, OfferTab, PEERS_MAX, PEERS_MIN};
use crate::domain::page::{Direction, Page, PageQuery};
use crate::domain::user::UserKind;
use crate::{args, row};

use super::list::{Key, List, Order};
use super::tx::{Arg, StoreError, Tx, word};
use super::{dialect, search};

/// A package as My Access lists it.
#[derive(Clone, Debug)]
pub struct Offer {
    /// The package.
    pub id: PackageId,
    /// Its name.
    pub name: String,
    /// For the list's key.
    pub name_folded: String,
    /// What it is for.
    pub description: String,
    /// The person's latest assignment of it.
    pub assignment_id: Option<AssignmentId>,
    /// Since when.
    pub starts_at: Option<DateTime<Utc>>,
    /// Until when.
    pub ends_at: Option<DateTime<Utc>>,
    /// The person's open request to have or change it.
    pub request_id: Option<RequestId>,
}
row!(Offer {
    id: id,
    name,
    name_folded,
    description,
    assignment_id: opt_id,
    starts_at,
    ends_at,
    request_id: opt_id
});

const OFFER: &str = "p.id, p.name, p.name_folded, p.description, a.id AS assignment_id, a.starts_at, a.ends_at, q.id AS request_id";

/// Packages whose enabled policies cover the person and whose one date has not come. The values are the date as policies keep it, the
/// kind twice, the date again, the person twice, the time, the person, the date and the person.
const COVERED: &str = "(p.id IN (SELECT package_id FROM policies WHERE enabled AND (expiration <> 'on_date' OR expiration_value > ?)
        AND (scope = 'all_users' OR (scope = 'all_members' AND ? = 'member') OR (scope = 'all_external' AND ? = 'guest')))
    OR p.id IN (SELECT po.package_id FROM policy_subjects s JOIN policies po ON po.id = s.policy_id
        WHERE po.enabled AND (po.expiration <> 'on_date' OR po.expiration_value > ?) AND po.scope IN ('specific', 'specific_organizations')
            AND s.purpose = 'requestor' AND s.subject_id IN (
            SELECT id FROM users WHERE id = ?
            UNION ALL
            SELECT o.id FROM memberships m JOIN roles r ON r.id = m.role_id JOIN objects o ON o.id = r.object_id
            WHERE m.user_id = ? AND m.until > ? AND r.name = 'Member' AND o.kind = 'group' AND o.deleted_at IS NULL
            UNION ALL
            SELECT d.organization_id FROM users g JOIN organization_domains d ON d.domain = g.mail_domain WHERE g.id = ? AND g.kind = 'guest'))
    OR p.id IN (SELECT package_id FROM policies WHERE enabled AND (expiration <> 'on_date' OR expiration_value > ?)
        AND scope = 'configured_organizations' AND EXISTS (SELECT 1 FROM users g JOIN organization_domains d ON d.domain = g.mail_domain
            JOIN connected_organizations n ON n.id = d.organization_id WHERE g.id = ? AND g.kind = 'guest' AND n.state = 'configured')))";

/// A page of packages by name, under a tab, for a person at `now`.
pub async fn list(
    tx: &mut Tx,
    tab: OfferTab,
    (user, kind): (UserId, UserKind),
    search: &str,
    query: &PageQuery,
    now: DateTime<Utc>,
) -> Result<Page<Offer>, StoreError> {
    let mut list = List::new(OFFER, from(tab));
    list.filter("viewer.id = ?", args![user]);
    match tab {
        OfferTab::Available | OfferTab::Suggested => {
            if tab == OfferTab::Suggested {
                suggested(&mut list, user, now);
            }
            list.filter(
                "NOT p.hidden AND (a.id IS NULL OR a.ends_at <= ? OR a.state = 'delivery_failed')",
                args![now],
            );
            offered(&mut list, user, kind, now);
        }
        OfferTab::Active => list.filter(
            "(a.ends_at IS NULL OR a.ends_at > ?) AND a.state <> 'expired' AND a.state <> 'delivery_failed'",
            args![now],
        ),
        OfferTab::Expired => {
            list.filter("(a.state = 'expired' OR a.ends_at <= ?)", args![now]);
            list.filter(
                "NOT EXISTS (SELECT 1 FROM assignments later WHERE later.target_id = a.target_id AND later.package_id = a.package_id
                    AND (later.starts_at, later.id) > (a.starts_at, a.id))",
                args![],
            );
        }
    }
    let words = search::asked(search);
    if words.is_empty() && !search.trim().is_empty() {
        list.filter("1 = 0", args![]);
    }
    for word in words {
        let end = format!("{word}\u{10FFFF}");
        list.filter(
            "p.id IN (SELECT owner_id FROM search_words WHERE kind = 'package' AND word >= ? AND word < ?
                UNION ALL
                SELECT pr.package_id FROM search_words w JOIN roles r ON r.object_id = w.owner_id JOIN package_roles pr ON pr.role_id = r.id
                WHERE w.kind = 'object' AND w.word >= ? AND w.word < ?)",
            vec![
                Arg::from(word.as_str()),
                end.as_str().into(),
                word.as_str().into(),
                end.as_str().into(),
            ],
        );
    }
    let order = Order {
        column: "p.name_folded",
        id: "p.id",
        time: false,
        direction: Direction::Up,
    };
    list.page(tx, order, query, |offer: &Offer| {
        (Uuid::from(offer.id), Key::Text(offer.name_folded.clone()))
    })
    .await
}

/// A person's access that holds at `now` and ends by `by`, the nearest end first.
pub async fn ending(tx: &mut Tx, user: UserId, now: DateTime<Utc>, by: DateTime<Utc>, most: i64) -> Result<Vec<Offer>, StoreError> {
    let mut list = List::new(OFFER, from(OfferTab::Active));
    list.filter("viewer.id = ?", args![user]);
    list.filter(
        "a.ends_at > ? AND a.ends_at <= ? AND a.state <> 'expired' AND a.state <> 'delivery_failed'",
        args![now, by],
    );
    let mut found: Vec<Offer> = list.all(tx, "ORDER BY a.ends_at, a.id LIMIT 100").await?;
    found.truncate(usize::try_from(most).unwrap_or_default());
    Ok(found)
}

/// Only packages that several people around the person have (the manager, reports, people with the same manager), or that the person had. By
/// the indexes of managers and of assignments by target, however many people there are.
fn suggested(list: &mut List, user: UserId, now: DateTime<Utc>) {
    list.filter(
        "(p.id IN (SELECT s.package_id FROM assignments s WHERE s.target_id IN (
                SELECT me.manager_id FROM users me JOIN users boss ON boss.id = me.manager_id AND boss.deleted_at IS NULL WHERE me.id = ?
                UNION SELECT r.id FROM (SELECT id FROM users WHERE manager_id = ? AND deleted_at IS NULL ORDER BY id LIMIT ?) r
                UNION SELECT c.id FROM (SELECT o.id FROM users me JOIN users o ON o.manager_id = me.manager_id
                    WHERE me.id = ? AND o.id <> me.id AND o.deleted_at IS NULL ORDER BY o.id LIMIT ?) c)
                AND s.state <> 'expired' AND s.state <> 'delivery_failed' AND s.starts_at <= ? AND (s.ends_at IS NULL OR s.ends_at > ?)
            GROUP BY s.package_id HAVING count(*) >= ?)
        OR p.id IN (SELECT h.package_id FROM assignments h WHERE h.target_id = ? AND (h.state = 'expired' OR h.ends_at <= ?)))",
        args![user, user, PEERS_MAX, user, PEERS_MAX, now, now, PEERS_MIN, user, now],
    );
}

/// Only packages that the person may ask for, hidden ones included.
pub(super) fn offered(list: &mut List, user: UserId, kind: UserKind, now: DateTime<Utc>) {
    let (_, date) = Expiration::OnDate(now).to_stored();
    list.filter(
        "p.deleted_at IS NULL AND c.enabled AND (c.external OR ? = 'member')
            AND NOT EXISTS (SELECT 1 FROM package_endings e WHERE e.package_id = p.id)",
        args![word(kind)],
    );
    list.filter(
        COVERED,
        args![
            date.clone(),
            word(kind),
            word(kind),
            date.clone(),
            user,
            user,
            now,
            user,
            date,
            user
        ],
    );
}

/// Which of these packages the person may ask for at `now`, by their policies.
pub async fn requestable(
    tx: &mut Tx,
    packages: &[PackageId],
    (user, kind): (UserId, UserKind),
    now: DateTime<Utc>,
) -> Result<Vec<PackageId>, StoreError> {
    if packages.is_empty() {
        return Ok(Vec::new());
    }
    let mut list = List::new("p.id", "packages p JOIN catalogs c ON c.id = p.catalog_id");
    list.in_list("p.id", packages.iter().map(|id| (*id).into()).collect());
    offered(&mut list, user, kind, now);
    let ids: Vec<(Uuid,)> = list.all(tx, "").await?;
    Ok(ids.into_iter().map(|(id,)| PackageId(id)).collect())
}

fn from(tab: OfferTab) -> &'static str {
    match tab {
        OfferTab::Available | OfferTab::Suggested => {
            "users viewer CROSS JOIN packages p JOIN catalogs c ON c.id = p.catalog_id
             LEFT JOIN assignments a ON a.target_id = viewer.id AND a.package_id = p.id AND a.state <> 'expired'
             LEFT JOIN requests q ON q.target_id = viewer.id AND q.package_id = p.id AND q.state IN ('submitted', 'pending_approval', 'scheduled', 'delivering')
                AND q.kind NOT IN ('user_remove', 'admin_remove', 'system_remove')"
        }
        OfferTab::Active | OfferTab::Expired => {
            "users viewer JOIN assignments a ON a.target_id = viewer.id JOIN packages p ON p.id = a.package_id
             LEFT JOIN requests q ON q.target_id = viewer.id AND q.package_id = p.id AND q.state IN ('submitted', 'pending_approval', 'scheduled', 'delivering')
                AND q.kind NOT IN ('user_remove', 'admin_remove', 'system_remove')"
        }
    }
}

/// One package by its link, with the person's latest assignment of it; deleted ones only if the person has or had it.
pub async fn find(tx: &mut Tx, package: PackageId, user: UserId) -> Result<Option<Offer>, StoreError> {
    tx.opt(
        "SELECT p.id, p.name, p.name_folded, p.description, a.id AS assignment_id, a.starts_at, a.ends_at, q.id AS request_id
         FROM packages p
         LEFT JOIN assignments a ON a.package_id = p.id AND a.target_id = $2
            AND a.id = (SELECT l.id FROM assignments l WHERE l.target_id = $2 AND l.package_id = p.id ORDER BY l.starts_at DESC, l.id DESC LIMIT 1)
         LEFT JOIN requests q ON q.target_id = $2 AND q.package_id = p.id AND q.state IN ('submitted', 'pending_approval', 'scheduled', 'delivering')
                AND q.kind NOT IN ('user_remove', 'admin_remove', 'system_remove')
         WHERE p.id = $1 AND (p.deleted_at IS NULL OR a.id IS NOT NULL)",
        args![package, user],
    )
    .await
}

/// How long access under a policy lasts.
#[derive(Clone, Debug)]
pub struct Term {
    /// Of this package.
    pub package_id: PackageId,
    /// When access ends, with the next field.
    pub expiration: ExpirationKind,
    /// The number or instant of it.
    pub expiration_value: Option<String>,
}
row!(Term {
    package_id: id,
    expiration: word,
    expiration_value
});

struct ResourceRow {
    package_id: PackageId,
    name: String,
    kind: String,
    group_kind: Option<String>,
    role: String,
}
row!(ResourceRow {
    package_id: id,
    name,
    kind,
    group_kind,
    role
});

impl From<ResourceRow> for (PackageId, OfferResource) {
    fn from(row: ResourceRow) -> Self {
        let kind = match (row.kind.as_str(), row.group_kind.as_deref()) {
            ("application", _) => "Application",
            ("site", _) => "Site",
            (_, Some("microsoft365")) => "Microsoft 365 group",
            _ => "Security group",
        };
        let resource = OfferResource {
            name: row.name,
            kind: kind.to_owned(),
            role: row.role,
        };
        (row.package_id, resource)
    }
}

/// What these packages give, in one query.
pub async fn resources(tx: &mut Tx, packages: &[PackageId]) -> Result<Vec<(PackageId, OfferResource)>, StoreError> {
    let rows: Vec<ResourceRow> = tx
        .all(
            dialect::in_list(
                "SELECT pr.package_id, o.name, o.kind, o.group_kind, r.name AS role
                 FROM package_roles pr JOIN roles r ON r.id = pr.role_id JOIN objects o ON o.id = r.object_id
                 WHERE o.deleted_at IS NULL AND pr.package_id IN (?) ORDER BY pr.added_at, pr.id",
                packages.len(),
            ),
            packages.iter().map(|id| Arg::from(*id)).collect(),
        )
        .await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// What these assignments gave, with the package of each, in one query.
pub async fn given(tx: &mut Tx, assignments: &[AssignmentId]) -> Result<Vec<(PackageId, OfferResource)>, StoreError> {
    let rows: Vec<ResourceRow> = tx
        .all(
            dialect::in_list(
                "SELECT a.package_id, o.name, o.kind, o.group_kind, r.name AS role
                 FROM assignments a JOIN grants g ON g.assignment_id = a.id JOIN roles r ON r.id = g.role_id JOIN objects o ON o.id = r.object_id
                 WHERE g.granted_at IS NOT NULL AND a.id IN (?) ORDER BY g.granted_at, o.name_folded, r.position",
                assignments.len(),
            ),
            assignments.iter().map(|id| Arg::from(*id)).collect(),
        )
        .await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// The enabled policies' terms of these packages, in one query, first policy first.
pub async fn terms(tx: &mut Tx, packages: &[PackageId]) -> Result<Vec<Term>, StoreError> {
    tx.all(
        dialect::in_list(
            "SELECT package_id, expiration, expiration_value FROM policies WHERE enabled AND package_id IN (?) ORDER BY position, created_at, id",
            packages.len(),
        ),
        packages.iter().map(|id| Arg::from(*id)).collect(),
    )
    .await
}

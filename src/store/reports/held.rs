//! By what a person holds resource roles: by hand, by a rule, by packages.

use chrono::{DateTime, Utc};

use crate::domain::access::Visible;
use crate::domain::id::{CatalogId, Named, ObjectId, PackageId, PolicyId, RequestId, RoleId};
use crate::domain::object::ObjectKind;
use crate::domain::report::{HeldBy, HeldItem, HeldQuery, Remains};
use crate::{args, row};

use super::super::list::List;
use super::super::tx::{StoreError, Tx};

struct MembershipRow {
    object_id: ObjectId,
    object_name: String,
    kind: ObjectKind,
    role_id: RoleId,
    role_name: String,
    direct: bool,
    by_rule: bool,
    rule: Option<String>,
    since: DateTime<Utc>,
}
row!(MembershipRow {
    object_id: id,
    object_name,
    kind: word,
    role_id: id,
    role_name,
    direct,
    by_rule,
    rule,
    since
});

struct GrantRow {
    object_id: ObjectId,
    object_name: String,
    kind: ObjectKind,
    role_id: RoleId,
    role_name: String,
    package_id: PackageId,
    package_name: String,
    catalog_id: CatalogId,
    policy_id: PolicyId,
    policy_name: String,
    request_id: RequestId,
    granted_at: Option<DateTime<Utc>>,
    ends_at: Option<DateTime<Utc>>,
}
row!(GrantRow {
    object_id: id,
    object_name,
    kind: word,
    role_id: id,
    role_name,
    package_id: id,
    package_name,
    catalog_id: id,
    policy_id: id,
    policy_name,
    request_id: id,
    granted_at,
    ends_at
});

/// Every way by which a person holds resource roles at `now` that the reader may see, by the resource's name. Ways outside packages are for
/// those who see all.
pub async fn held(tx: &mut Tx, query: &HeldQuery, visible: &Visible, now: DateTime<Utc>) -> Result<Vec<HeldItem>, StoreError> {
    let mut items = Vec::new();
    if *visible == Visible::All {
        for row in memberships(tx, query, now).await? {
            items.extend(row.direct.then(|| by_hand_or_rule(&row, HeldBy::Direct)));
            items.extend(row.by_rule.then(|| by_hand_or_rule(&row, HeldBy::Rule)));
        }
    }
    items.extend(
        grants(tx, query, now)
            .await?
            .into_iter()
            .filter(|row| visible.includes(row.catalog_id))
            .map(by_package),
    );
    let key = |item: &HeldItem| {
        (
            item.object.name.to_lowercase(),
            item.object.id,
            item.role.name.clone(),
            item.by,
            item.since,
        )
    };
    items.sort_by_key(key);
    let roles: Vec<RoleId> = items.iter().map(|item| item.role.id).collect();
    for item in &mut items {
        let ways = roles.iter().filter(|role| **role == item.role.id).count();
        item.others = ways as i64 - 1;
        item.remains = Remains::of(ways, *visible == Visible::All);
    }
    Ok(items)
}

async fn memberships(tx: &mut Tx, query: &HeldQuery, now: DateTime<Utc>) -> Result<Vec<MembershipRow>, StoreError> {
    let mut list = List::new(
        "o.id AS object_id, o.name AS object_name, o.kind, r.id AS role_id, r.name AS role_name, m.direct, m.by_rule, o.rule, m.since",
        "memberships m JOIN roles r ON r.id = m.role_id JOIN objects o ON o.id = r.object_id",
    );
    list.filter(
        "m.user_id = ? AND m.until > ? AND o.deleted_at IS NULL AND (m.direct OR m.by_rule)",
        args![query.user, now],
    );
    if let Some(object) = query.object {
        list.filter("o.id = ?", args![object]);
    }
    list.all(tx, "ORDER BY o.name_folded, r.position LIMIT 2000").await
}

async fn grants(tx: &mut Tx, query: &HeldQuery, now: DateTime<Utc>) -> Result<Vec<GrantRow>, StoreError> {
    let mut list = List::new(
        "o.id AS object_id, o.name AS object_name, o.kind, r.id AS role_id, r.name AS role_name, p.id AS package_id, p.name AS package_name,
            p.catalog_id, po.id AS policy_id, po.name AS policy_name, a.request_id, g.granted_at, a.ends_at",
        "grants g JOIN assignments a ON a.id = g.assignment_id JOIN packages p ON p.id = a.package_id JOIN policies po ON po.id = a.policy_id
            JOIN roles r ON r.id = g.role_id JOIN objects o ON o.id = r.object_id",
    );
    list.filter(
        "g.user_id = ? AND g.state = 'granted' AND (a.ends_at IS NULL OR a.ends_at > ?) AND o.deleted_at IS NULL",
        args![query.user, now],
    );
    if let Some(object) = query.object {
        list.filter("o.id = ?", args![object]);
    }
    list.all(tx, "ORDER BY o.name_folded, r.position LIMIT 2000").await
}

fn by_hand_or_rule(row: &MembershipRow, by: HeldBy) -> HeldItem {
    HeldItem {
        object: Named::new(row.object_id, row.object_name.as_str()),
        kind: row.kind,
        role: Named::new(row.role_id, row.role_name.as_str()),
        by,
        rule: row.rule.clone().filter(|_| by == HeldBy::Rule).unwrap_or_default(),
        package: None,
        policy: None,
        request: None,
        since: Some(row.since),
        until: None,
        others: 0,
        remains: Remains::Ends,
    }
}

fn by_package(row: GrantRow) -> HeldItem {
    HeldItem {
        object: Named::new(row.object_id, row.object_name),
        kind: row.kind,
        role: Named::new(row.role_id, row.role_name),
        by: HeldBy::Package,
        rule: String::new(),
        package: Some(Named::new(row.package_id, row.package_name)),
        policy: Some(Named::new(row.policy_id, row.policy_name)),
        request: Some(row.request_id),
        since: row.granted_at,
        until: row.ends_at,
        others: 0,
        remains: Remains::Ends,
    }
}

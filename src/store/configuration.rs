//! Everything that a configuration file says, read whole: a few statements, however much there is.

use uuid::Uuid;

use crate::domain::access::Role;
use crate::domain::attribute::ResourceAttribute;
use crate::domain::id::{CatalogId, IncompatibilityId, ObjectId, PackageId, PackageRoleId, PolicyId, RoleAssignmentId, RoleId, UserId};
use crate::domain::object::{ObjectKind, SubjectKind};
use crate::domain::package::PriorMembership;
use crate::domain::policy::PolicyTerms;
use crate::{args, row};

use super::catalogs::Catalog;
use super::list::List;
use super::tx::{Arg, StoreError, Tx};

/// One who holds the role of catalog creator or a role of a catalog.
pub struct HeldRow {
    /// The assignment of the role.
    pub id: RoleAssignmentId,
    /// The role.
    pub role: Role,
    /// In which catalog; none: in the tenant.
    pub catalog_id: Option<CatalogId>,
    /// The user name of a user.
    pub user_name: Option<String>,
    /// The name of a group.
    pub group_name: Option<String>,
}
row!(HeldRow {
    id: id,
    role: word,
    catalog_id: opt_id,
    user_name,
    group_name
});

/// A resource of a catalog.
pub struct ResourceRow {
    /// The catalog.
    pub catalog_id: CatalogId,
    /// The object.
    pub object_id: ObjectId,
    /// What it is.
    pub kind: ObjectKind,
    /// Its name.
    pub name: String,
}
row!(ResourceRow {
    catalog_id: id,
    object_id: id,
    kind: word,
    name
});

/// What a resource asks for.
pub struct AttributesRow {
    /// The catalog.
    pub catalog_id: CatalogId,
    /// The object.
    pub object_id: ObjectId,
    /// The attributes.
    pub body: Vec<ResourceAttribute>,
    /// For the next change.
    pub version: i64,
}
row!(AttributesRow {
    catalog_id: id,
    object_id: id,
    body: json,
    version
});

/// A package.
pub struct PackageRow {
    /// The package.
    pub id: PackageId,
    /// Its catalog.
    pub catalog_id: CatalogId,
    /// Its name.
    pub name: String,
    /// What requestors read about it.
    pub description: String,
    /// Not listed in My Access.
    pub hidden: bool,
    /// What becomes of memberships held before.
    pub prior_membership: PriorMembership,
    /// For the next change.
    pub version: i64,
}
row!(PackageRow {
    id: id,
    catalog_id: id,
    name,
    description,
    hidden,
    prior_membership: word,
    version
});

/// A resource role of a package.
pub struct PackageRoleRow {
    /// Its place in the package.
    pub id: PackageRoleId,
    /// The package.
    pub package_id: PackageId,
    /// What its object is.
    pub kind: ObjectKind,
    /// The object's name.
    pub name: String,
    /// The role's name.
    pub role_name: String,
}
row!(PackageRoleRow {
    id: id,
    package_id: id,
    kind: word,
    name,
    role_name
});

/// A policy with the terms in force.
pub struct PolicyRow {
    /// The policy.
    pub id: PolicyId,
    /// The package.
    pub package_id: PackageId,
    /// Its name.
    pub name: String,
    /// What it says.
    pub terms: PolicyTerms,
    /// For the next change.
    pub version: i64,
}
row!(PolicyRow {
    id: id,
    package_id: id,
    name,
    terms: json,
    version
});

/// A rule of separation of duties.
pub struct RuleRow {
    /// The rule.
    pub id: IncompatibilityId,
    /// Of which package.
    pub package_id: PackageId,
    /// The package that it names.
    pub other_id: Option<PackageId>,
    /// The name of the group that it names.
    pub group_name: Option<String>,
}
row!(RuleRow {
    id: id,
    package_id: id,
    other_id: opt_id,
    group_name
});

/// All of it.
pub struct Everything {
    /// Catalogs by name.
    pub catalogs: Vec<Catalog>,
    /// Roles that are held.
    pub held: Vec<HeldRow>,
    /// Resources that the directory still has.
    pub resources: Vec<ResourceRow>,
    /// What they ask for.
    pub attributes: Vec<AttributesRow>,
    /// Packages by name.
    pub packages: Vec<PackageRow>,
    /// What they give.
    pub roles: Vec<PackageRoleRow>,
    /// Their policies, in order.
    pub policies: Vec<PolicyRow>,
    /// Their rules.
    pub rules: Vec<RuleRow>,
}

/// Reads all of it.
pub async fn everything(tx: &mut Tx) -> Result<Everything, StoreError> {
    Ok(Everything {
        catalogs: tx
            .all(
                "SELECT id, name, description, enabled, external, built_in, version FROM catalogs WHERE deleted_at IS NULL
                 ORDER BY name_folded",
                args![],
            )
            .await?,
        held: tx
            .all(
                "SELECT a.id, a.role, a.catalog_id, u.user_name, g.name AS group_name FROM role_assignments a
                    LEFT JOIN catalogs c ON c.id = a.catalog_id
                    LEFT JOIN users u ON u.id = a.user_id AND u.deleted_at IS NULL
                    LEFT JOIN objects g ON g.id = a.group_id AND g.deleted_at IS NULL
                 WHERE (c.id IS NOT NULL AND c.deleted_at IS NULL OR a.catalog_id IS NULL AND a.role = 'catalog_creator')
                    AND (u.id IS NOT NULL OR g.id IS NOT NULL)",
                args![],
            )
            .await?,
        resources: tx
            .all(
                "SELECT r.catalog_id, r.object_id, o.kind, o.name FROM catalog_resources r JOIN objects o ON o.id = r.object_id
                 WHERE o.deleted_at IS NULL",
                args![],
            )
            .await?,
        attributes: tx
            .all("SELECT catalog_id, object_id, body, version FROM resource_attributes", args![])
            .await?,
        packages: tx
            .all(
                "SELECT id, catalog_id, name, description, hidden, prior_membership, version FROM packages WHERE deleted_at IS NULL
                 ORDER BY name_folded",
                args![],
            )
            .await?,
        roles: tx
            .all(
                "SELECT pr.id, pr.package_id, o.kind, o.name, r.name AS role_name FROM package_roles pr
                    JOIN packages p ON p.id = pr.package_id AND p.deleted_at IS NULL
                    JOIN roles r ON r.id = pr.role_id JOIN objects o ON o.id = r.object_id
                 WHERE o.deleted_at IS NULL",
                args![],
            )
            .await?,
        policies: tx
            .all(
                "SELECT po.id, po.package_id, po.name, v.body AS terms, po.version
                 FROM policies po JOIN policy_versions v ON v.id = po.version_id WHERE po.deleted_at IS NULL
                 ORDER BY po.position, po.created_at, po.id",
                args![],
            )
            .await?,
        rules: tx
            .all(
                "SELECT i.id, i.package_id, i.incompatible_package_id AS other_id, g.name AS group_name FROM incompatibilities i
                    LEFT JOIN objects g ON g.id = i.incompatible_group_id AND g.deleted_at IS NULL
                 WHERE i.incompatible_package_id IS NOT NULL OR g.id IS NOT NULL",
                args![],
            )
            .await?,
    })
}

/// The users, groups and connected organizations that policies name, each with what it is called.
pub async fn named_in_policies(tx: &mut Tx) -> Result<Vec<(SubjectKind, Uuid, String)>, StoreError> {
    let users: Vec<(Uuid, String)> = tx
        .all(
            "SELECT DISTINCT u.id, u.user_name FROM policy_subjects s JOIN users u ON u.id = s.subject_id
             WHERE s.subject_kind = 'user' AND u.deleted_at IS NULL",
            args![],
        )
        .await?;
    let groups: Vec<(Uuid, String)> = tx
        .all(
            "SELECT DISTINCT o.id, o.name FROM policy_subjects s JOIN objects o ON o.id = s.subject_id
             WHERE s.subject_kind = 'group' AND o.deleted_at IS NULL",
            args![],
        )
        .await?;
    let organizations: Vec<(Uuid, String)> = tx
        .all(
            "SELECT DISTINCT c.id, c.name FROM policy_subjects s JOIN connected_organizations c ON c.id = s.subject_id
             WHERE s.subject_kind = 'organization'",
            args![],
        )
        .await?;
    let kinds = [
        (SubjectKind::User, users),
        (SubjectKind::Group, groups),
        (SubjectKind::Organization, organizations),
    ];
    let named = kinds
        .into_iter()
        .flat_map(|(kind, rows)| rows.into_iter().map(move |(id, name)| (kind, id, name)));
    Ok(named.collect())
}

/// The connected organizations of these names, as they are compared.
pub async fn organizations_named(tx: &mut Tx, folded: Vec<String>) -> Result<Vec<(String, Uuid)>, StoreError> {
    if folded.is_empty() {
        return Ok(Vec::new());
    }
    let mut list = List::new("c.name_folded, c.id", "connected_organizations c");
    list.in_list("c.name_folded", folded.into_iter().map(Arg::from).collect());
    list.all(tx, "").await
}

/// The users of these user names, as they are compared.
pub async fn users_named(tx: &mut Tx, folded: Vec<String>) -> Result<Vec<(String, UserId)>, StoreError> {
    if folded.is_empty() {
        return Ok(Vec::new());
    }
    let mut list = List::new("u.user_name_folded, u.id", "users u");
    list.filter("u.deleted_at IS NULL", Vec::new());
    list.in_list("u.user_name_folded", folded.into_iter().map(Arg::from).collect());
    let rows: Vec<(String, Uuid)> = list.all(tx, "").await?;
    Ok(rows.into_iter().map(|(name, id)| (name, UserId(id))).collect())
}

/// A directory object that a file names, with one of its roles.
pub struct NamedObject {
    /// The object.
    pub id: ObjectId,
    /// What it is.
    pub kind: ObjectKind,
    /// Its name as it is compared.
    pub name_folded: String,
    /// A role of it.
    pub role_id: RoleId,
    /// The role's name.
    pub role_name: String,
}
row!(NamedObject {
    id: id,
    kind: word,
    name_folded,
    role_id: id,
    role_name
});

/// The groups, applications and sites of these names, as they are compared, a row for each role.
pub async fn objects_named(tx: &mut Tx, folded: Vec<String>) -> Result<Vec<NamedObject>, StoreError> {
    if folded.is_empty() {
        return Ok(Vec::new());
    }
    let mut list = List::new(
        "o.id, o.kind, o.name_folded, r.id AS role_id, r.name AS role_name",
        "objects o JOIN roles r ON r.object_id = o.id",
    );
    list.filter("o.deleted_at IS NULL", Vec::new());
    list.in_list("o.name_folded", folded.into_iter().map(Arg::from).collect());
    list.all(tx, "").await
}

/// Of these ids those that something had that is deleted now: they cannot be given again.
pub async fn gone(tx: &mut Tx, ids: Vec<Uuid>) -> Result<Vec<Uuid>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for table in ["catalogs x", "packages x", "policies x"] {
        let mut list = List::new("x.id", table);
        list.filter("x.deleted_at IS NOT NULL", Vec::new());
        list.in_list("x.id", ids.iter().copied().map(Arg::from).collect());
        let rows: Vec<(Uuid,)> = list.all(tx, "").await?;
        found.extend(rows.into_iter().map(|(id,)| id));
    }
    Ok(found)
}

//! Assignment policies as the API lists them.

use crate::args;
use crate::domain::access::Visible;
use crate::domain::id::{PackageId, PolicyId};
use crate::domain::odata::ListQuery;
use crate::domain::policy::PolicyRecord;
use crate::row;

use super::super::list::List;
use super::super::tx::{Arg, StoreError, Tx};
use super::{Found, Kind, ListFault, Properties, Property, page};

row!(PolicyRecord {
    id: id,
    package_id: id,
    catalog_id: id,
    name,
    terms: json,
    created_at,
    updated_at,
    version
});

const PROPERTIES: Properties = Properties {
    all: &[
        Property::new("createdDateTime", "po.created_at", Kind::Time).sorting(),
        Property::new("id", "po.id", Kind::Id),
        Property::new("displayName", "po.name_folded", Kind::Folded).sorting(),
        Property::new("accessPackage/id", "po.package_id", Kind::Id),
        Property::new("accessPackageId", "po.package_id", Kind::Id),
        Property::new("accessPackage/displayName", "p.name_folded", Kind::Folded),
        Property::new("catalog/id", "p.catalog_id", Kind::Id),
        Property::new(
            "allowedTargetScope",
            "po.scope",
            Kind::Words(&[
                ("notSpecified", "none"),
                ("specificDirectoryUsers", "specific"),
                ("allMemberUsers", "all_members"),
                ("allDirectoryUsers", "all_users"),
            ]),
        ),
        Property::new("modifiedDateTime", "po.updated_at", Kind::Time),
    ],
    pairs: &[],
    id: "po.id",
};

fn records() -> List {
    let mut list = List::new(
        "po.id, po.package_id, p.catalog_id, po.name, v.body AS terms, po.created_at, po.updated_at, po.version",
        "policies po JOIN policy_versions v ON v.id = po.version_id JOIN packages p ON p.id = po.package_id",
    );
    list.filter("po.deleted_at IS NULL AND p.deleted_at IS NULL", Vec::new());
    list
}

/// A page of the policies of visible catalogs.
pub async fn list(tx: &mut Tx, query: &ListQuery, visible: &Visible) -> Result<Found<PolicyRecord>, ListFault> {
    let mut list = records();
    list.visible("p.catalog_id", visible);
    page(tx, list, &PROPERTIES, query, |policy: &PolicyRecord| policy.id.0).await
}

/// One policy.
pub async fn get(tx: &mut Tx, id: PolicyId) -> Result<Option<PolicyRecord>, StoreError> {
    let mut list = records();
    list.filter("po.id = ?", args![id]);
    Ok(list.all(tx, "").await?.pop())
}

/// These policies, those of them that are visible.
pub async fn by_ids(tx: &mut Tx, ids: &[PolicyId], visible: &Visible) -> Result<Vec<PolicyRecord>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut list = records();
    list.visible("p.catalog_id", visible);
    list.in_list("po.id", ids.iter().copied().map(Arg::from).collect());
    list.all(tx, "").await
}

/// The policies of these packages, in their order, those that are visible.
pub async fn of_packages(tx: &mut Tx, packages: &[PackageId], visible: &Visible) -> Result<Vec<PolicyRecord>, StoreError> {
    if packages.is_empty() {
        return Ok(Vec::new());
    }
    let mut list = records();
    list.visible("p.catalog_id", visible);
    list.in_list("po.package_id", packages.iter().copied().map(Arg::from).collect());
    list.all(tx, "ORDER BY po.package_id, po.position, po.created_at, po.id LIMIT 5000")
        .await
}

//! Roles that were given, as the API lists them: those that it has names for.

use uuid::Uuid;

use crate::args;
use crate::domain::access::{Role, Visible};
use crate::domain::id::{CatalogId, ObjectId, RoleAssignmentId, UserId};
use crate::domain::object::Subject;
use crate::domain::odata::ListQuery;
use crate::domain::role_assignment::RoleAssignmentRecord;
use crate::domain::text::StringEnum;
use crate::row;

use super::super::list::List;
use super::super::tx::{Arg, Tx, word};
use super::{Found, Kind, ListFault, Properties, Property, page};

/// What stands before a catalog's id where a role is held in it.
pub const IN_CATALOG: &str = "/AccessPackageCatalog/";

struct Row {
    id: RoleAssignmentId,
    role: Role,
    catalog_id: Option<CatalogId>,
    user_id: Option<UserId>,
    group_id: Option<ObjectId>,
}
row!(Row {
    id: id,
    role: word,
    catalog_id: opt_id,
    user_id: opt_id,
    group_id: opt_id
});

impl From<Row> for RoleAssignmentRecord {
    fn from(row: Row) -> Self {
        let holder = match (row.user_id, row.group_id) {
            (None, Some(group)) => Subject::Group(group),
            (user, _) => Subject::User(user.unwrap_or(UserId(Uuid::nil()))),
        };
        Self {
            id: row.id,
            role: row.role,
            catalog_id: row.catalog_id,
            holder,
        }
    }
}

/// The word of a role by the id that the API has for it.
fn definition(text: &str) -> Option<Vec<Arg>> {
    let id = Uuid::parse_str(text.trim()).ok()?;
    let role = Role::ALL.iter().find(|role| role.definition_id() == Some(id))?;
    Some(vec![word(*role)])
}

/// A user or a group.
fn principal(text: &str) -> Option<Vec<Arg>> {
    let id = Uuid::parse_str(text.trim()).ok()?;
    Some(args![id, id])
}

/// `/` or `/AccessPackageCatalog/ID`.
fn scope(text: &str) -> Option<Vec<Arg>> {
    let text = text.trim();
    let catalog = text
        .get(..IN_CATALOG.len())
        .filter(|start| start.eq_ignore_ascii_case(IN_CATALOG))
        .and_then(|start| Uuid::parse_str(text.get(start.len()..)?).ok());
    match catalog {
        Some(catalog) => Some(args!["catalog", catalog]),
        None if text == "/" => Some(args!["tenant", Uuid::nil()]),
        None => None,
    }
}

const PROPERTIES: Properties = Properties {
    all: &[
        Property::new("createdDateTime", "a.created_at", Kind::Time).sorting(),
        Property::new("id", "a.id", Kind::Id),
        Property::new("roleDefinitionId", "a.role = ?", Kind::Parts(definition)),
        Property::new(
            "principalId",
            "((a.user_id IS NOT NULL AND a.user_id = ?) OR (a.group_id IS NOT NULL AND a.group_id = ?))",
            Kind::Parts(principal),
        ),
        Property::new(
            "appScopeId",
            "((a.catalog_id IS NULL AND ? = 'tenant') OR (a.catalog_id IS NOT NULL AND a.catalog_id = ?))",
            Kind::Parts(scope),
        ),
    ],
    pairs: &[],
    id: "a.id",
};

fn narrowed(visible: &Visible, tenant: bool) -> List {
    let mut list = List::new("a.id, a.role, a.catalog_id, a.user_id, a.group_id", "role_assignments a");
    let known = Role::ALL.iter().filter(|role| role.definition_id().is_some());
    list.in_list("a.role", known.map(|role| word(*role)).collect());
    match (visible, tenant) {
        (Visible::All, true) => {}
        (Visible::All, false) => list.filter("a.catalog_id IS NOT NULL", Vec::new()),
        // Whoever sees some catalogs alone sees nothing of the tenant.
        (some, _) => list.visible("a.catalog_id", some),
    }
    list
}

/// A page of the roles given in visible catalogs and, with `tenant`, in the whole tenant.
pub async fn list(tx: &mut Tx, query: &ListQuery, visible: &Visible, tenant: bool) -> Result<Found<RoleAssignmentRecord>, ListFault> {
    let found = page(tx, narrowed(visible, tenant), &PROPERTIES, query, |row: &Row| row.id.0).await?;
    Ok(found.map(RoleAssignmentRecord::from))
}

/// The statement of such a page.
#[cfg(test)]
pub fn statement(query: &ListQuery, visible: &Visible, tenant: bool) -> (String, Vec<Arg>) {
    super::asked(narrowed(visible, tenant), &PROPERTIES, query)
}

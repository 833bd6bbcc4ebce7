//! Delegated administration: the roles of catalogs and of those who create them, and to whom they are given.

use std::collections::HashMap;

use serde_json::{Value, json};
use uuid::Uuid;

use super::call::Call;
use super::fault::Fault;
use super::reply::Reply;
use super::route::{Route, graph_routes};
use super::{groups, users};
use crate::domain::access::Action::{ManageCatalogCreators, ManageCatalogRoles, ReadCatalogs, ReadDirectory};
use crate::domain::access::Role;
use crate::domain::id::{CatalogId, ObjectId, UserId};
use crate::domain::object::Subject;
use crate::domain::odata::{Compare, Filter, QueryOptions};
use crate::domain::role_assignment::{RoleAssignmentRecord, purpose};
use crate::domain::text::StringEnum;
use crate::service::roles::{self, Roles};
use crate::service::{Error, catalogs};
use crate::store::odata::role_assignments::IN_CATALOG;
use crate::web::endpoints::Access::NeedsOne;

/// The rows of the table.
pub const ROUTES: &[Route] = graph_routes![
    Get "roleManagement/entitlementManagement/roleDefinitions" "unifiedRoleDefinition", NeedsOne(&[ReadCatalogs, ReadDirectory]) => definitions;
    Get "roleManagement/entitlementManagement/roleDefinitions/{role}" "unifiedRoleDefinition", NeedsOne(&[ReadCatalogs, ReadDirectory]) => definition;
    Get "roleManagement/entitlementManagement/roleAssignments" "unifiedRoleAssignment", NeedsOne(&[ReadCatalogs, ReadDirectory]) => list;
    Post "roleManagement/entitlementManagement/roleAssignments" "unifiedRoleAssignment", NeedsOne(&[ManageCatalogRoles, ManageCatalogCreators]) => create;
    Get "roleManagement/entitlementManagement/roleAssignments/{assignment}" "unifiedRoleAssignment", NeedsOne(&[ReadCatalogs, ReadDirectory]) => get;
    Delete "roleManagement/entitlementManagement/roleAssignments/{assignment}" "", NeedsOne(&[ManageCatalogRoles, ManageCatalogCreators]) => delete;
];

/// The roles that the API has names for.
fn known() -> impl Iterator<Item = (Uuid, Role)> {
    Role::ALL.iter().filter_map(|role| Some((role.definition_id()?, *role)))
}

fn allowed_actions(role: Role) -> &'static [&'static str] {
    match role {
        Role::CatalogOwner => &["microsoft.entitlementManagement/allEntities/allTasks"],
        Role::CatalogReader => &["microsoft.entitlementManagement/allEntities/Read"],
        Role::PackageManager => &[
            "microsoft.entitlementManagement/AccessPackageCatalog/AccessPackage/allTasks",
            "microsoft.entitlementManagement/AccessPackageCatalog/allEntities/Read",
        ],
        Role::AssignmentManager => &[
            "microsoft.entitlementManagement/AccessPackageCatalog/AccessPackage/GrantRequests/allTasks",
            "microsoft.entitlementManagement/AccessPackageCatalog/AccessPackage/Grants/allTasks",
            "microsoft.entitlementManagement/AccessPackageCatalog/allEntities/Read",
        ],
        Role::CatalogCreator => &["microsoft.entitlementManagement/AccessPackageCatalog/Create"],
        Role::GlobalAdministrator | Role::IdentityGovernanceAdministrator | Role::UserAdministrator => &[],
    }
}

fn definition_shape(id: Uuid, role: Role) -> Value {
    json!({
        "id": id,
        "displayName": role.label(),
        "description": purpose(role),
        "templateId": id,
        "version": "1.0",
        "isBuiltIn": true,
        "isEnabled": true,
        "resourceScopes": ["/"],
        "rolePermissions": [{ "allowedResourceActions": allowed_actions(role), "condition": null }],
    })
}

/// Whoever sees a catalog, or the directory, knows which roles there are.
fn may_see(call: &Call) -> Result<(), Fault> {
    let directory = call.actor.authorize_somewhere(ReadDirectory);
    Ok(directory.or_else(|_| call.actor.authorize_somewhere(ReadCatalogs))?)
}

async fn definitions(call: &Call) -> Result<Reply, Fault> {
    may_see(call)?;
    let mut found = Vec::new();
    for (id, role) in known() {
        let value = definition_shape(id, role);
        let holds = call.options.list.filter.as_ref().map_or(Ok(true), |filter| meets(filter, &value))?;
        if holds {
            found.push(value);
        }
    }
    Ok(Reply::all(found))
}

/// Whether a definition meets a filter over its id, its name and whether it is built in.
fn meets(filter: &Filter, value: &Value) -> Result<bool, Fault> {
    let property = |path: &str| {
        let known = ["id", "displayName", "isBuiltIn", "isEnabled", "templateId"];
        let name = known.into_iter().find(|name| name.eq_ignore_ascii_case(path));
        name.map(|name| value[name].clone())
            .ok_or_else(|| Fault::at("$filter", format!("{path} cannot be used here; known are {}.", known.join(", "))))
    };
    let equals = |value: &Value, literal: &crate::domain::odata::Literal| match value {
        Value::Bool(flag) => *literal == crate::domain::odata::Literal::Bool(*flag),
        Value::String(text) => literal.text().is_some_and(|asked| asked.eq_ignore_ascii_case(text)),
        _ => false,
    };
    match filter {
        Filter::And(left, right) => Ok(meets(left, value)? && meets(right, value)?),
        Filter::Or(left, right) => Ok(meets(left, value)? || meets(right, value)?),
        Filter::Not(inner) => Ok(!meets(inner, value)?),
        Filter::Compare {
            path,
            compare: Compare::Equal,
            value: literal,
        } => Ok(equals(&property(path)?, literal)),
        Filter::Compare {
            path,
            compare: Compare::NotEqual,
            value: literal,
        } => Ok(!equals(&property(path)?, literal)),
        Filter::In { path, values } => {
            let own = property(path)?;
            Ok(values.iter().any(|literal| equals(&own, literal)))
        }
        _ => Err(Fault::at("$filter", "Role definitions are filtered with eq, ne and in.")),
    }
}

async fn definition(call: &Call) -> Result<Reply, Fault> {
    may_see(call)?;
    let asked: Uuid = call.id(0)?;
    let found = known().find(|(id, _)| *id == asked);
    let (id, role) = found.ok_or_else(Fault::not_found)?;
    Ok(Reply::entity(definition_shape(id, role), None))
}

fn scope_of(catalog: Option<CatalogId>) -> String {
    catalog.map_or_else(|| "/".to_owned(), |id| format!("{IN_CATALOG}{id}"))
}

fn shape(assignment: &RoleAssignmentRecord) -> Value {
    json!({
        "id": assignment.id,
        "roleDefinitionId": assignment.role.definition_id(),
        "principalId": assignment.holder.id(),
        "directoryScopeId": null,
        "appScopeId": scope_of(assignment.catalog_id),
        "condition": null,
    })
}

/// Assignments with what is asked of them: one query for the users of all, and one for the groups.
async fn with_related(call: &Call, found: &[RoleAssignmentRecord], options: &QueryOptions) -> Result<Vec<Value>, Fault> {
    let mut principals: HashMap<Uuid, Value> = HashMap::new();
    if let Some(inner) = options.expanded("principal") {
        let (mut of_users, mut of_groups): (Vec<UserId>, Vec<ObjectId>) = (Vec::new(), Vec::new());
        for assignment in found {
            match assignment.holder {
                Subject::User(id) => of_users.push(id),
                Subject::Group(id) => of_groups.push(id),
                Subject::Organization(_) => {}
            }
        }
        principals.extend(users::by_ids(call, &of_users, inner).await?);
        principals.extend(groups::by_ids(call, &of_groups).await?);
    }
    let shown = found.iter().map(|assignment| {
        let mut value = shape(assignment);
        if options.expanded("principal").is_some() {
            value["principal"] = principals.get(&assignment.holder.id()).cloned().unwrap_or_default();
        }
        if options.expanded("roleDefinition").is_some() {
            let id = assignment.role.definition_id();
            value["roleDefinition"] = id.map_or(Value::Null, |id| definition_shape(id, assignment.role));
        }
        value
    });
    Ok(shown.collect())
}

async fn list(call: &Call) -> Result<Reply, Fault> {
    let found = roles::query(&call.app, &call.actor, &call.options.list).await?;
    let shown = with_related(call, &found.rows, &call.options).await?;
    Ok(Reply::page(found.with(shown), |value| value))
}

async fn one(call: &Call, assignment: RoleAssignmentRecord, reply: fn(Value, Option<i64>) -> Reply) -> Result<Reply, Fault> {
    let shown = with_related(call, &[assignment], &call.options).await?.pop();
    Ok(reply(shown.unwrap_or_default(), None))
}

async fn get(call: &Call) -> Result<Reply, Fault> {
    let (assignment, _) = roles::record(&call.app, &call.actor, call.id(0)?).await?;
    one(call, assignment, Reply::entity).await
}

async fn create(call: &Call) -> Result<Reply, Fault> {
    let text = |name: &str| call.body.text(name).map(Option::unwrap_or_default);
    let definition: Uuid = text("roleDefinitionId")?.parse().unwrap_or_default();
    let role = known().find(|(id, _)| *id == definition).map(|(_, role)| role);
    let role = role.ok_or_else(|| {
        Fault::at(
            "roleDefinitionId",
            "roleDefinitionId has to be the id of one of the roleDefinitions.",
        )
    })?;
    let place = place(&text("appScopeId")?)?;
    if let Roles::OfCatalog(catalog) = place {
        // Whoever may not see the catalog is told that it is not there.
        catalogs::record(&call.app, &call.actor, catalog).await?;
    }
    let principal = text("principalId")?.parse().unwrap_or_default();
    let holder = roles::subject(&call.app, &call.actor, principal).await?;
    let holder = holder.ok_or_else(|| Fault::at("principalId", "principalId has to be the id of a user or a group."))?;
    let given = roles::give(&call.app, &call.actor, place, role, &[holder]).await.map_err(renamed)?;
    let id = given.into_iter().next().ok_or_else(Fault::not_found)?;
    let record = RoleAssignmentRecord {
        id,
        role,
        catalog_id: match place {
            Roles::OfCatalog(catalog) => Some(catalog),
            Roles::OfDirectory | Roles::Creators => None,
        },
        holder,
    };
    one(call, record, Reply::created).await
}

/// `/` for the whole tenant, `/AccessPackageCatalog/ID` for one catalog.
fn place(scope: &str) -> Result<Roles, Fault> {
    let scope = scope.trim();
    if scope.is_empty() || scope == "/" {
        return Ok(Roles::Creators);
    }
    let catalog = scope
        .get(..IN_CATALOG.len())
        .filter(|start| start.eq_ignore_ascii_case(IN_CATALOG))
        .and_then(|start| scope.get(start.len()..)?.parse().ok());
    catalog
        .map(Roles::OfCatalog)
        .ok_or_else(|| Fault::at("appScopeId", "appScopeId has to be / or /AccessPackageCatalog/ID."))
}

/// Faults by the names that the client used.
fn renamed(error: Error) -> Fault {
    Fault::renamed(error, &[("role", "roleDefinitionId"), ("holder", "principalId")])
}

async fn delete(call: &Call) -> Result<Reply, Fault> {
    let (assignment, place) = roles::record(&call.app, &call.actor, call.id(0)?).await?;
    roles::take(&call.app, &call.actor, place, assignment.id).await?;
    Ok(Reply::done())
}

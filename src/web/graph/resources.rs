//! Resources of catalogs with their roles and scopes, the requests by which they come and go, and the environments that they are in.

use serde_json::{Value, json};

use super::body::Body;
use super::call::Call;
use super::fault::Fault;
use super::reply::Reply;
use super::route::{Route, graph_routes};
use crate::domain::access::Action::{AddResources, ReadCatalogs};
use crate::domain::id::{CatalogId, ResourceId};
use crate::domain::object::{ObjectKind, ResourceRecord, ResourceRoleRecord};
use crate::domain::odata::scalar::{choice, write_instant};
use crate::domain::odata::{Compare, Filter, ListQuery, Literal, QueryOptions};
use crate::service::catalogs;
use crate::store::odata::Found;
use crate::web::endpoints::Access::Needs;
use crate::web::endpoints::Found::{Catalog, Listed};

/// The rows of the table.
pub const ROUTES: &[Route] = graph_routes![
    Get "EM/catalogs/{catalog}/resources" "accessPackageResource", Needs(ReadCatalogs, Catalog) => of_catalog;
    Get "EM/catalogs/{catalog}/resources/{resource}" "accessPackageResource", Needs(ReadCatalogs, Catalog) => one_of_catalog;
    Get "EM/catalogs/{catalog}/resourceRoles" "accessPackageResourceRole", Needs(ReadCatalogs, Catalog) => roles_of_catalog;
    Get "EM/catalogs/{catalog}/resourceScopes" "accessPackageResourceScope", Needs(ReadCatalogs, Catalog) => scopes_of_catalog;
    Post "EM/catalogs/{catalog}/resources/{resource}/refresh" "", Needs(AddResources, Catalog) => refresh_in_catalog;
    Get "EM/resources" "accessPackageResource", Needs(ReadCatalogs, Listed) => list;
    Get "EM/resources/{resource}" "accessPackageResource", Needs(ReadCatalogs, Catalog) => get;
    Get "EM/resources/{resource}/roles" "accessPackageResourceRole", Needs(ReadCatalogs, Catalog) => roles;
    Get "EM/resources/{resource}/scopes" "accessPackageResourceScope", Needs(ReadCatalogs, Catalog) => scopes;
    Get "EM/resources/{resource}/environment" "accessPackageResourceEnvironment", Needs(ReadCatalogs, Catalog) => environment;
    Post "EM/resources/{resource}/refresh" "", Needs(AddResources, Catalog) => refresh;
    Get "EM/resourceRequests" "accessPackageResourceRequest", Needs(ReadCatalogs, Listed) => requests;
    Get "EM/resourceRequests/{resource}" "accessPackageResourceRequest", Needs(ReadCatalogs, Catalog) => one_request;
    Post "EM/resourceRequests" "accessPackageResourceRequest", Needs(AddResources, Catalog) => request;
    Get "EM/resourceEnvironments" "accessPackageResourceEnvironment", Needs(ReadCatalogs, Listed) => environments;
];

const KINDS: &[(&str, ObjectKind)] = &[
    ("AadGroup", ObjectKind::Group),
    ("AadApplication", ObjectKind::Application),
    ("SharePointOnline", ObjectKind::Site),
];

/// The system that an object comes from.
pub fn origin_system(kind: ObjectKind) -> &'static str {
    let found = KINDS.iter().find(|(_, known)| *known == kind);
    found.map_or("AadGroup", |(system, _)| system)
}

/// A resource in the API's shape.
pub fn shape(resource: &ResourceRecord) -> Value {
    json!({
        "id": resource.id,
        "displayName": resource.name,
        "description": resource.description,
        "originId": resource.origin_id(),
        "originSystem": origin_system(resource.kind),
        "createdDateTime": write_instant(resource.added_at),
    })
}

/// A role of a resource in the API's shape.
pub fn role_shape(role: &ResourceRoleRecord) -> Value {
    json!({
        "id": role.id,
        "displayName": role.name,
        "description": null,
        "originId": role.origin_id(),
        "originSystem": origin_system(role.resource.kind),
    })
}

/// The one scope of a resource, which is all of it; its id is the object's.
pub fn scope_shape(resource: &ResourceRecord) -> Value {
    json!({
        "id": resource.object_id,
        "displayName": "Root",
        "description": "Root Scope",
        "originId": resource.origin_id(),
        "originSystem": origin_system(resource.kind),
        "isRootScope": true,
    })
}

/// A role with its resource, where that is asked for.
pub fn role_with_related(call: &Call, role: &ResourceRoleRecord, options: &QueryOptions) -> Value {
    let mut value = role_shape(role);
    if let Some(inner) = options.expanded("resource") {
        value["resource"] = without_roles(call, &role.resource, inner);
    }
    value
}

/// A scope with its resource, where that is asked for.
pub fn scope_with_related(call: &Call, resource: &ResourceRecord, options: &QueryOptions) -> Value {
    let mut value = scope_shape(resource);
    if let Some(inner) = options.expanded("resource") {
        value["resource"] = without_roles(call, resource, inner);
    }
    value
}

/// A resource with its scope and its environment, where those are asked for. Its roles are read for all resources of an answer at once.
fn without_roles(call: &Call, resource: &ResourceRecord, options: &QueryOptions) -> Value {
    let mut value = shape(resource);
    if let Some(inner) = options.expanded("scopes") {
        value["scopes"] = json!([scope_with_related(call, resource, inner)]);
    }
    if options.expanded("environment").is_some() {
        value["environment"] = match resource.kind {
            ObjectKind::Site => environment_shape(call),
            ObjectKind::Group | ObjectKind::Application => Value::Null,
        };
    }
    value
}

/// Resources with what is asked of them: one query for the roles of all.
pub async fn with_related(call: &Call, found: &[ResourceRecord], options: &QueryOptions) -> Result<Vec<Value>, Fault> {
    let ids: Vec<ResourceId> = found.iter().map(|resource| resource.id).collect();
    let roles = match options.expanded("roles") {
        Some(_) => catalogs::roles_of_resources(&call.app, &ids).await?,
        None => Vec::new(),
    };
    let shown = found.iter().map(|resource| {
        let mut value = without_roles(call, resource, options);
        if let Some(inner) = options.expanded("roles") {
            let own = roles.iter().filter(|role| role.resource.id == resource.id);
            value["roles"] = own.map(|role| role_with_related(call, role, inner)).collect();
        }
        value
    });
    Ok(shown.collect())
}

async fn page(call: &Call, found: Found<ResourceRecord>) -> Result<Reply, Fault> {
    let shown = with_related(call, &found.rows, &call.options).await?;
    Ok(Reply::page(found.with(shown), |value| value))
}

async fn of_catalog(call: &Call) -> Result<Reply, Fault> {
    let catalog = call.id(0)?;
    let found = catalogs::query_resources(&call.app, &call.actor, Some(catalog), &call.options.list).await?;
    page(call, found).await
}

async fn list(call: &Call) -> Result<Reply, Fault> {
    let found = catalogs::query_resources(&call.app, &call.actor, None, &call.options.list).await?;
    page(call, found).await
}

async fn one(call: &Call, resource: ResourceRecord) -> Result<Reply, Fault> {
    let shown = with_related(call, &[resource], &call.options).await?.pop();
    Ok(Reply::entity(shown.unwrap_or_default(), None))
}

async fn get(call: &Call) -> Result<Reply, Fault> {
    let resource = catalogs::resource_record(&call.app, &call.actor, call.id(0)?).await?;
    one(call, resource).await
}

/// The resource that the path names, in the catalog that it names.
async fn in_catalog(call: &Call) -> Result<ResourceRecord, Fault> {
    let catalog: CatalogId = call.id(0)?;
    let resource = catalogs::resource_record(&call.app, &call.actor, call.id(1)?).await?;
    if resource.catalog_id == catalog {
        Ok(resource)
    } else {
        Err(Fault::not_found())
    }
}

async fn one_of_catalog(call: &Call) -> Result<Reply, Fault> {
    let resource = in_catalog(call).await?;
    one(call, resource).await
}

async fn roles_of_catalog(call: &Call) -> Result<Reply, Fault> {
    let catalog = call.id(0)?;
    let found = catalogs::query_resource_roles(&call.app, &call.actor, Some(catalog), &call.options.list).await?;
    Ok(Reply::page(found, |role| role_with_related(call, &role, &call.options)))
}

async fn scopes_of_catalog(call: &Call) -> Result<Reply, Fault> {
    let found = catalogs::resource_scopes(&call.app, &call.actor, call.id(0)?, &call.options.list).await?;
    Ok(Reply::page(found, |resource| scope_with_related(call, &resource, &call.options)))
}

async fn roles(call: &Call) -> Result<Reply, Fault> {
    let resource = catalogs::resource_record(&call.app, &call.actor, call.id(0)?).await?;
    let roles = catalogs::roles_of_resources(&call.app, &[resource.id]).await?;
    Ok(Reply::all(
        roles.iter().map(|role| role_with_related(call, role, &call.options)).collect(),
    ))
}

async fn scopes(call: &Call) -> Result<Reply, Fault> {
    let resource = catalogs::resource_record(&call.app, &call.actor, call.id(0)?).await?;
    Ok(Reply::all(vec![scope_with_related(call, &resource, &call.options)]))
}

async fn refresh_in_catalog(call: &Call) -> Result<Reply, Fault> {
    let resource = in_catalog(call).await?;
    confirmed(call, resource.id).await
}

async fn refresh(call: &Call) -> Result<Reply, Fault> {
    confirmed(call, call.id(0)?).await
}

async fn confirmed(call: &Call, id: ResourceId) -> Result<Reply, Fault> {
    catalogs::confirm_resource(&call.app, &call.actor, id).await?;
    Ok(Reply::Status(axum::http::StatusCode::OK))
}

/// What a body says of a resource: its own id in a catalog, or the system and the id that it comes from.
pub struct NamedResource {
    /// Its id, if that was named.
    pub id: Option<String>,
    /// Where it comes from.
    pub origin_id: Option<String>,
    /// The system that this is.
    pub kind: Option<ObjectKind>,
}

impl NamedResource {
    /// What a body says; a system that there is not here is refused.
    pub fn of(body: &Body) -> Result<Self, Fault> {
        let filled = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
        let system = filled(body.text("originSystem")?);
        let kind = match &system {
            None => None,
            Some(system) => {
                let known: Vec<&str> = KINDS.iter().map(|(known, _)| *known).collect();
                let fault = || Fault::at("originSystem", format!("originSystem has to be one of {}.", known.join(", ")));
                Some(choice(system, KINDS).ok_or_else(fault)?)
            }
        };
        let zero = |id: &String| id.chars().all(|c| matches!(c, '0' | '-'));
        Ok(Self {
            id: filled(body.text("id")?).filter(|id| !zero(id)),
            origin_id: filled(body.text("originId")?),
            kind,
        })
    }

    /// The resource of a catalog that is meant, if the catalog has it.
    pub async fn find(&self, call: &Call, catalog: CatalogId) -> Result<Option<ResourceRecord>, Fault> {
        let conditions = [
            self.origin_id.as_ref().map(|origin| equal("originId", origin)),
            self.id.as_ref().filter(|_| self.origin_id.is_none()).map(|id| equal("id", id)),
            self.kind.map(|kind| equal("originSystem", origin_system(kind))),
        ];
        let query = all_of(conditions);
        if self.origin_id.is_none() && self.id.is_none() {
            return Err(Fault::at("resource", "resource has to name originId and originSystem, or id."));
        }
        let found = catalogs::query_resources(&call.app, &call.actor, Some(catalog), &query).await?;
        Ok(found.rows.into_iter().next())
    }
}

/// `path eq 'value'`.
pub fn equal(path: &str, value: &str) -> Filter {
    Filter::Compare {
        path: path.to_owned(),
        compare: Compare::Equal,
        value: Literal::Text(value.to_owned()),
    }
}

/// The list of what meets all of these conditions.
pub fn all_of(conditions: impl IntoIterator<Item = Option<Filter>>) -> ListQuery {
    let filter = conditions
        .into_iter()
        .flatten()
        .reduce(|one, other| Filter::And(Box::new(one), Box::new(other)));
    ListQuery {
        filter,
        ..ListQuery::default()
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum RequestType {
    Add,
    Update,
    Remove,
}

const REQUEST_TYPES: &[(&str, RequestType)] = &[
    ("adminAdd", RequestType::Add),
    ("adminUpdate", RequestType::Update),
    ("adminRemove", RequestType::Remove),
];

/// Adds a resource to a catalog, or takes it out. It is done when the answer comes.
async fn request(call: &Call) -> Result<Reply, Fault> {
    let kind = call.body.choice("requestType", REQUEST_TYPES)?;
    let kind = kind.ok_or_else(|| Fault::at("requestType", "requestType has to be adminAdd, adminUpdate or adminRemove."))?;
    let catalog = call.body.related("catalog")?;
    let catalog = catalog.ok_or_else(|| Fault::at("catalog", "catalog has to name the catalog by its id."))?;
    let catalog: CatalogId = catalog.parse().map_err(|_| Fault::at("catalog", "The catalog's id is no id."))?;
    let body = call.body.object("resource")?;
    let body = body.ok_or_else(|| Fault::at("resource", "resource has to name what is added or removed."))?;
    let named = NamedResource::of(&body)?;
    let (app, actor) = (&call.app, &call.actor);
    let resource = match kind {
        RequestType::Add => {
            let (Some(origin), Some(kind)) = (&named.origin_id, named.kind) else {
                return Err(Fault::at("resource", "resource has to name originId and originSystem."));
            };
            let object = catalogs::object_of_origin(app, actor, kind, origin).await?;
            let object = object.ok_or_else(|| {
                Fault::at(
                    "resource/originId",
                    "There is no such thing in the directory. Check originId and originSystem.",
                )
            })?;
            catalogs::add_resources(app, actor, catalog, &[object]).await?;
            catalogs::resource_record(app, actor, ResourceId::of(catalog, object)).await?
        }
        RequestType::Update | RequestType::Remove => {
            let found = named.find(call, catalog).await?;
            let found = found.ok_or_else(|| Fault::at("resource", "The catalog has no such resource."))?;
            if kind == RequestType::Remove {
                catalogs::remove_resource(app, actor, catalog, found.object_id).await?;
            } else {
                catalogs::confirm_resource(app, actor, found.id).await?;
            }
            found
        }
    };
    let (word, _) = REQUEST_TYPES.iter().find(|(_, known)| *known == kind).unwrap_or(&REQUEST_TYPES[0]);
    let mut shown = request_shape(&resource, word);
    shown["createdDateTime"] = json!(write_instant(app.clock.now()));
    Ok(Reply::created(shown, None))
}

/// What brought a resource into its catalog. Its id is the resource's.
fn request_shape(resource: &ResourceRecord, kind: &str) -> Value {
    json!({
        "id": resource.id,
        "requestType": kind,
        "state": "delivered",
        "createdDateTime": write_instant(resource.added_at),
        "@beta.catalogId": resource.catalog_id,
        "@beta.requestStatus": "Fulfilled",
        "@beta.isValidationOnly": false,
    })
}

/// Requests with what is asked of them: one query for the catalogs of all.
async fn requests_with_related(call: &Call, found: &[ResourceRecord]) -> Result<Vec<Value>, Fault> {
    let mut shown: Vec<Value> = found.iter().map(|resource| request_shape(resource, "adminAdd")).collect();
    if let Some(inner) = call.expanded("resource") {
        let own = with_related(call, found, inner).await?;
        shown.iter_mut().zip(own).for_each(|(value, own)| value["resource"] = own);
    }
    if let Some(inner) = call.expanded("catalog") {
        let ids: Vec<CatalogId> = found.iter().map(|resource| resource.catalog_id).collect();
        let all = super::catalogs::by_ids(call, &ids, inner).await?;
        for (value, id) in shown.iter_mut().zip(&ids) {
            value["catalog"] = all.get(id).cloned().unwrap_or_default();
        }
    }
    Ok(shown)
}

/// The requests that brought in what is in the catalogs.
async fn requests(call: &Call) -> Result<Reply, Fault> {
    let found = catalogs::query_resources(&call.app, &call.actor, None, &call.options.list).await?;
    let shown = requests_with_related(call, &found.rows).await?;
    Ok(Reply::page(found.with(shown), |value| value))
}

async fn one_request(call: &Call) -> Result<Reply, Fault> {
    let resource = catalogs::resource_record(&call.app, &call.actor, call.id(0)?).await?;
    let shown = requests_with_related(call, &[resource]).await?.pop();
    Ok(Reply::entity(shown.unwrap_or_default(), None))
}

/// The one environment of sites, which is this installation.
fn environment_shape(call: &Call) -> Value {
    json!({
        "id": uuid::Uuid::from_u128(0x5_17e5),
        "displayName": call.app.site.tenant,
        "description": "The sites of this directory.",
        "originId": call.app.site.public_url,
        "originSystem": "SharePointOnline",
        "isDefaultEnvironment": true,
        "connectionInfo": { "url": call.app.site.public_url },
    })
}

async fn environment(call: &Call) -> Result<Reply, Fault> {
    let resource = catalogs::resource_record(&call.app, &call.actor, call.id(0)?).await?;
    match resource.kind {
        ObjectKind::Site => Ok(Reply::entity(environment_shape(call), None)),
        ObjectKind::Group | ObjectKind::Application => Err(Fault::not_found()),
    }
}

/// Environments are asked for by their system.
async fn environments(call: &Call) -> Result<Reply, Fault> {
    catalogs::may_list(&call.actor)?;
    let of_sites = matches!(&call.options.list.filter, Some(Filter::Compare { path, compare: Compare::Equal, value })
        if path.eq_ignore_ascii_case("originSystem") && value.text().is_some_and(|text| text.eq_ignore_ascii_case("SharePointOnline")));
    if !of_sites {
        return Err(Fault::at(
            "$filter",
            "Ask for environments with $filter=originSystem eq 'SharePointOnline'.",
        ));
    }
    Ok(Reply::all(vec![environment_shape(call)]))
}

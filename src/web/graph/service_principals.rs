//! Applications of the directory: `servicePrincipals`. Their roles are what packages give of them.

use serde_json::{Value, json};

use super::call::Call;
use super::fault::Fault;
use super::reply::Reply;
use super::route::{Route, graph_routes};
use crate::domain::access::Action::ReadDirectory;
use crate::domain::id::ObjectId;
use crate::domain::object::ApplicationRecord;
use crate::service::directory_objects;
use crate::web::endpoints::Access::Needs;
use crate::web::endpoints::Found::Tenant;

/// The rows of the table.
pub const ROUTES: &[Route] = graph_routes![
    Get "servicePrincipals" "servicePrincipal", Needs(ReadDirectory, Tenant) => list;
    Get "servicePrincipals/{application}" "servicePrincipal", Needs(ReadDirectory, Tenant) => get;
    Get "servicePrincipals()" "servicePrincipal", Needs(ReadDirectory, Tenant) => by_app_id;
];

/// An application in the API's shape. It has one id, which is both the object's and the application's.
fn shape(application: &ApplicationRecord) -> Value {
    let roles = application.roles.iter().map(|role| {
        json!({
            "id": role.id,
            "displayName": role.name,
            "description": role.name,
            "value": role.name,
            "isEnabled": true,
            "allowedMemberTypes": ["User"],
        })
    });
    json!({
        "id": application.id,
        "appId": application.id,
        "displayName": application.name,
        "description": application.description,
        "servicePrincipalType": "Application",
        "appRoles": roles.collect::<Vec<_>>(),
    })
}

async fn list(call: &Call) -> Result<Reply, Fault> {
    let found = directory_objects::query_applications(&call.app, &call.actor, &call.options.list).await?;
    Ok(Reply::page(found, |application| shape(&application)))
}

async fn one(call: &Call, id: ObjectId) -> Result<Reply, Fault> {
    let application = directory_objects::application(&call.app, &call.actor, id).await?;
    Ok(Reply::entity(shape(&application), None))
}

async fn get(call: &Call) -> Result<Reply, Fault> {
    one(call, call.id(0)?).await
}

async fn by_app_id(call: &Call) -> Result<Reply, Fault> {
    let id = call.argument("appId").unwrap_or_default();
    let id = id
        .parse()
        .map_err(|_| Fault::at("appId", "Name the application by appId, as in servicePrincipals(appId='ID')."))?;
    one(call, id).await
}

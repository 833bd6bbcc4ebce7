//! Users: `users`, `me`, and those that were deleted.

use std::collections::HashMap;

use axum::http::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use super::body::Body;
use super::call::Call;
use super::fault::Fault;
use super::groups;
use super::reply::Reply;
use super::route::{Route, graph_routes};
use crate::domain::access::Action::{ManageUsers, ReadDirectory};
use crate::domain::id::UserId;
use crate::domain::odata::QueryOptions;
use crate::domain::odata::scalar::write_instant;
use crate::domain::user::{DirectoryRole, UserForm, UserKind, UserRecord};
use crate::service::{Error, users};
use crate::store::odata::Found;
use crate::web::endpoints::Access::{Needs, Own};
use crate::web::endpoints::Found::Tenant;

/// The rows of the table.
pub const ROUTES: &[Route] = graph_routes![
    Get "me" "user", Own => me;
    Get "users" "user", Needs(ReadDirectory, Tenant) => list;
    Post "users" "user", Needs(ManageUsers, Tenant) => create;
    Get "users/{user}" "user", Needs(ReadDirectory, Tenant) => get;
    Patch "users/{user}" "", Needs(ManageUsers, Tenant) => update;
    Delete "users/{user}" "", Needs(ManageUsers, Tenant) => delete;
    Get "users/{user}/manager" "directoryObject", Needs(ReadDirectory, Tenant) => manager;
    Put "users/{user}/manager/$ref" "", Needs(ManageUsers, Tenant) => set_manager;
    Delete "users/{user}/manager/$ref" "", Needs(ManageUsers, Tenant) => remove_manager;
    Get "users/{user}/memberOf" "directoryObject", Needs(ReadDirectory, Tenant) => member_of;
    Get "users/{user}/memberOf/graph.group" "group", Needs(ReadDirectory, Tenant) => member_of;
    Get "users/{user}/transitiveMemberOf" "directoryObject", Needs(ReadDirectory, Tenant) => member_of;
    Get "directory/deletedItems/graph.user" "user", Needs(ReadDirectory, Tenant) => deleted;
    Get "directory/deletedItems/{user}" "directoryObject", Needs(ReadDirectory, Tenant) => get_deleted;
    Post "directory/deletedItems/{user}/restore" "directoryObject", Needs(ManageUsers, Tenant) => restore;
];

/// The properties of a user that are sent unless others are asked for.
const USUAL: &[&str] = &[
    "id",
    "businessPhones",
    "displayName",
    "givenName",
    "jobTitle",
    "mail",
    "mobilePhone",
    "officeLocation",
    "preferredLanguage",
    "surname",
    "userPrincipalName",
];

fn filled(text: &str) -> Value {
    if text.is_empty() { Value::Null } else { json!(text) }
}

/// A user in the API's shape, with every property that it has here.
fn whole(user: &UserRecord) -> Value {
    let phones: Vec<&str> = Some(user.phone.as_str()).filter(|phone| !phone.is_empty()).into_iter().collect();
    json!({
        "id": user.id,
        "displayName": user.name,
        "userPrincipalName": user.user_name,
        "mailNickname": user.user_name.split('@').next().unwrap_or_default(),
        "mail": filled(&user.mail),
        "givenName": null,
        "surname": null,
        "jobTitle": filled(&user.job_title),
        "department": filled(&user.department),
        "companyName": filled(&user.company),
        "officeLocation": filled(&user.office),
        "mobilePhone": filled(&user.phone),
        "businessPhones": phones,
        "preferredLanguage": null,
        "userType": if user.kind == UserKind::Guest { "Guest" } else { "Member" },
        "accountEnabled": user.enabled,
        "createdDateTime": write_instant(user.created_at),
        "deletedDateTime": user.deleted_at.map(write_instant),
    })
}

/// A user in the API's shape: the usual properties, or all of which some are selected.
pub fn shape(user: &UserRecord, options: &QueryOptions) -> Value {
    let mut value = whole(user);
    if let Value::Object(properties) = &mut value
        && options.select.is_empty()
    {
        properties.retain(|name, _| USUAL.contains(&name.as_str()) || (name == "deletedDateTime" && user.deleted_at.is_some()));
    }
    value
}

/// A user where things of several types stand.
pub fn member_shape(user: &UserRecord, options: &QueryOptions) -> Value {
    let mut value = shape(user, options);
    value["@odata.type"] = json!("#microsoft.graph.user");
    value
}

/// These users by their ids, for what is expanded.
pub async fn by_ids(call: &Call, ids: &[UserId], options: &QueryOptions) -> Result<HashMap<Uuid, Value>, Fault> {
    let found = users::records(&call.app, &call.actor, ids).await?;
    Ok(found.iter().map(|user| (user.id.0, member_shape(user, options))).collect())
}

/// Users with their managers, where those are asked for: one query for all.
async fn with_related(call: &Call, found: &[UserRecord]) -> Result<Vec<Value>, Fault> {
    let mut shown: Vec<Value> = found.iter().map(|user| shape(user, &call.options)).collect();
    if let Some(inner) = call.expanded("manager") {
        let ids: Vec<UserId> = found.iter().filter_map(|user| user.manager_id).collect();
        let managers = by_ids(call, &ids, inner).await?;
        for (value, user) in shown.iter_mut().zip(found) {
            let manager = user.manager_id.and_then(|id| managers.get(&id.0).cloned());
            value["manager"] = manager.unwrap_or_default();
        }
    }
    Ok(shown)
}

async fn page(call: &Call, found: Found<UserRecord>) -> Result<Reply, Fault> {
    let shown = with_related(call, &found.rows).await?;
    Ok(Reply::page(found.with(shown), |value| value))
}

async fn list(call: &Call) -> Result<Reply, Fault> {
    let found = users::query(&call.app, &call.actor, false, &call.options.list).await?;
    page(call, found).await
}

async fn deleted(call: &Call) -> Result<Reply, Fault> {
    let found = users::query(&call.app, &call.actor, true, &call.options.list).await?;
    page(call, found).await
}

async fn one(call: &Call, user: UserRecord, reply: fn(Value, Option<i64>) -> Reply) -> Result<Reply, Fault> {
    let version = user.version;
    let shown = with_related(call, &[user]).await?.pop();
    Ok(reply(shown.unwrap_or_default(), Some(version)))
}

/// The user of the path who is there.
async fn present(call: &Call) -> Result<UserRecord, Fault> {
    let user = users::record(&call.app, &call.actor, call.key(0)).await?;
    if user.deleted_at.is_some() {
        Err(Fault::not_found())
    } else {
        Ok(user)
    }
}

async fn get(call: &Call) -> Result<Reply, Fault> {
    let user = present(call).await?;
    one(call, user, Reply::entity).await
}

/// Without a user there is no account of one's own.
async fn me(call: &Call) -> Result<Reply, Fault> {
    if call.actor.user_id().is_none() {
        let message = "There is no user in this call: its token is a client's own. Ask for /users/ID instead.";
        return Err(Fault::new(StatusCode::UNAUTHORIZED, "InvalidAuthenticationToken", message));
    }
    let user = users::me(&call.app, &call.actor).await?;
    Ok(Reply::entity(shape(&user, &call.options), Some(user.version)))
}

const USER_TYPES: &[(&str, UserKind)] = &[("Member", UserKind::Member), ("Guest", UserKind::Guest)];

/// What a body changes of a form; what it does not name stays.
fn change(body: &Body, form: &mut UserForm) -> Result<(), Fault> {
    for (name, field) in [
        ("displayName", &mut form.name),
        ("userPrincipalName", &mut form.user_name),
        ("mail", &mut form.mail),
        ("jobTitle", &mut form.job_title),
        ("department", &mut form.department),
        ("companyName", &mut form.company),
        ("officeLocation", &mut form.office),
        ("mobilePhone", &mut form.phone),
    ] {
        if let Some(text) = body.text(name)? {
            *field = text;
        }
    }
    if let Some(phones) = body.texts("businessPhones")?.filter(|_| !body.names("mobilePhone")) {
        form.phone = phones.into_iter().next().unwrap_or_default();
    }
    if let Some(kind) = body.choice("userType", USER_TYPES)? {
        form.kind = if kind == UserKind::Guest { "guest" } else { "member" }.to_owned();
    }
    Ok(())
}

async fn create(call: &Call) -> Result<Reply, Fault> {
    let mut form = UserForm::default();
    change(&call.body, &mut form)?;
    let password = call.body.object("passwordProfile")?;
    let password = password.ok_or_else(|| Fault::at("passwordProfile", "passwordProfile has to hold the initial password."))?;
    form.password = password.text("password")?.unwrap_or_default();
    if password.flag("forceChangePasswordNextSignIn")? == Some(false) {
        let message = "An initial password is always changed at the first sign-in. Send true, or leave it out.";
        return Err(Fault::at("passwordProfile/forceChangePasswordNextSignIn", message));
    }
    let id = users::create(&call.app, &call.actor, &form).await.map_err(renamed)?;
    let mut user = users::record(&call.app, &call.actor, &id.to_string()).await?;
    if call.body.flag("accountEnabled")? == Some(false) {
        users::set_enabled(&call.app, &call.actor, id, user.version, false).await?;
        user = users::record(&call.app, &call.actor, &id.to_string()).await?;
    }
    one(call, user, Reply::created).await
}

async fn update(call: &Call) -> Result<Reply, Fault> {
    let before = present(call).await?;
    let role = users::directory_role(&call.app, &call.actor, before.id).await?;
    let mut version = call.version_of(before.version)?;
    if call.body.names("passwordProfile") {
        let message = "A password is reset by an administrator in the admin area, which shows a new one once.";
        return Err(Fault::at("passwordProfile", message));
    }
    let enabled = call.body.flag("accountEnabled")?;
    let mut form = before.form(role);
    change(&call.body, &mut form)?;
    version = users::update(&call.app, &call.actor, before.id, version, &form)
        .await
        .map_err(renamed)?;
    if let Some(enabled) = enabled.filter(|enabled| *enabled != before.enabled) {
        users::set_enabled(&call.app, &call.actor, before.id, version, enabled).await?;
    }
    Ok(Reply::done())
}

async fn delete(call: &Call) -> Result<Reply, Fault> {
    let before = present(call).await?;
    let version = call.version_of(before.version)?;
    users::delete(&call.app, &call.actor, before.id, version).await?;
    Ok(Reply::done())
}

/// Faults by the names that the client used.
fn renamed(error: Error) -> Fault {
    Fault::renamed(
        error,
        &[
            ("name", "displayName"),
            ("user_name", "userPrincipalName"),
            ("kind", "userType"),
            ("job_title", "jobTitle"),
            ("company", "companyName"),
            ("office", "officeLocation"),
            ("phone", "mobilePhone"),
            ("password", "passwordProfile/password"),
            ("manager", "@odata.id"),
        ],
    )
}

async fn manager(call: &Call) -> Result<Reply, Fault> {
    let user = present(call).await?;
    let id = user.manager_id.ok_or_else(Fault::not_found)?;
    let manager = users::record(&call.app, &call.actor, &id.to_string()).await?;
    if manager.deleted_at.is_some() {
        return Err(Fault::not_found());
    }
    Ok(Reply::entity(member_shape(&manager, &call.options), None))
}

async fn set_manager(call: &Call) -> Result<Reply, Fault> {
    change_manager(call, call.body.reference()?).await
}

async fn remove_manager(call: &Call) -> Result<Reply, Fault> {
    change_manager(call, String::new()).await
}

async fn change_manager(call: &Call, manager: String) -> Result<Reply, Fault> {
    let before = present(call).await?;
    let role: DirectoryRole = users::directory_role(&call.app, &call.actor, before.id).await?;
    let form = UserForm {
        manager,
        ..before.form(role)
    };
    let version = call.version_of(before.version)?;
    users::update(&call.app, &call.actor, before.id, version, &form)
        .await
        .map_err(renamed)?;
    Ok(Reply::done())
}

async fn member_of(call: &Call) -> Result<Reply, Fault> {
    let user = present(call).await?;
    groups::page_of_member(call, user.id).await
}

/// The deleted user of the path.
async fn gone(call: &Call) -> Result<UserRecord, Fault> {
    let id: UserId = call.id(0)?;
    let user = users::record(&call.app, &call.actor, &id.to_string()).await?;
    if user.deleted_at.is_none() {
        Err(Fault::not_found())
    } else {
        Ok(user)
    }
}

async fn get_deleted(call: &Call) -> Result<Reply, Fault> {
    let user = gone(call).await?;
    Ok(Reply::entity(member_shape(&user, &call.options), Some(user.version)))
}

async fn restore(call: &Call) -> Result<Reply, Fault> {
    let user = gone(call).await?;
    users::restore(&call.app, &call.actor, user.id, user.version).await?;
    let user = users::record(&call.app, &call.actor, &user.id.to_string()).await?;
    Ok(Reply::entity(member_shape(&user, &call.options), Some(user.version)))
}

//! Groups, and who is in them.

use std::collections::HashMap;

use serde_json::{Value, json};
use uuid::Uuid;

use super::body::Body;
use super::call::Call;
use super::fault::Fault;
use super::reply::Reply;
use super::route::{Route, graph_routes};
use super::users;
use crate::domain::access::Action::{ManageGroups, ReadDirectory};
use crate::domain::group::{GroupForm, GroupRecord, GroupRole};
use crate::domain::id::{ObjectId, PackageId, UserId};
use crate::domain::object::{GroupKind, MembershipType};
use crate::domain::odata::scalar::{reference, write_instant};
use crate::service::{Error, groups};
use crate::store::odata::Found;
use crate::web::endpoints::Access::Needs;
use crate::web::endpoints::Found::Tenant;

/// The rows of the table.
pub const ROUTES: &[Route] = graph_routes![
    Get "groups" "group", Needs(ReadDirectory, Tenant) => list;
    Post "groups" "group", Needs(ManageGroups, Tenant) => create;
    Get "groups/{group}" "group", Needs(ReadDirectory, Tenant) => get;
    Patch "groups/{group}" "", Needs(ManageGroups, Tenant) => update;
    Delete "groups/{group}" "", Needs(ManageGroups, Tenant) => delete;
    Get "groups/{group}/members" "directoryObject", Needs(ReadDirectory, Tenant) => members;
    Get "groups/{group}/members/graph.user" "user", Needs(ReadDirectory, Tenant) => members;
    Get "groups/{group}/transitiveMembers" "directoryObject", Needs(ReadDirectory, Tenant) => members;
    Get "groups/{group}/transitiveMembers/graph.user" "user", Needs(ReadDirectory, Tenant) => members;
    Get "groups/{group}/owners" "directoryObject", Needs(ReadDirectory, Tenant) => owners;
    Get "groups/{group}/owners/graph.user" "user", Needs(ReadDirectory, Tenant) => owners;
    Post "groups/{group}/members/$ref" "", Needs(ManageGroups, Tenant) => add_member;
    Post "groups/{group}/owners/$ref" "", Needs(ManageGroups, Tenant) => add_owner;
    Delete "groups/{group}/members/{user}/$ref" "", Needs(ManageGroups, Tenant) => remove_member;
    Delete "groups/{group}/members/$ref" "", Needs(ManageGroups, Tenant) => remove_member;
    Delete "groups/{group}/owners/{user}/$ref" "", Needs(ManageGroups, Tenant) => remove_owner;
    Delete "groups/{group}/owners/$ref" "", Needs(ManageGroups, Tenant) => remove_owner;
];

/// Members that one change can add.
const BOUND_MAX: usize = 20;

/// A group in the API's shape.
pub fn shape(group: &GroupRecord) -> Value {
    let dynamic = group.membership == MembershipType::Dynamic;
    let types = [(group.kind == GroupKind::Microsoft365, "Unified"), (dynamic, "DynamicMembership")];
    let types: Vec<&str> = types.into_iter().filter(|(is, _)| *is).map(|(_, name)| name).collect();
    json!({
        "id": group.id,
        "displayName": group.name,
        "description": if group.description.is_empty() { Value::Null } else { json!(group.description) },
        "mailEnabled": group.kind == GroupKind::Microsoft365,
        "securityEnabled": group.kind == GroupKind::Security,
        "groupTypes": types,
        "membershipRule": group.rule,
        "membershipRuleProcessingState": if dynamic { json!("On") } else { Value::Null },
        "createdDateTime": write_instant(group.created_at),
    })
}

/// A group where things of several types stand.
pub fn member_shape(group: &GroupRecord) -> Value {
    let mut value = shape(group);
    value["@odata.type"] = json!("#microsoft.graph.group");
    value
}

/// These groups by their ids, for what is expanded.
pub async fn by_ids(call: &Call, ids: &[ObjectId]) -> Result<HashMap<Uuid, Value>, Fault> {
    let found = groups::records(&call.app, &call.actor, ids).await?;
    Ok(found.iter().map(|group| (group.id.0, member_shape(group))).collect())
}

/// Groups that packages name as incompatible, by their ids.
pub async fn named_by_packages(call: &Call, ids: &[ObjectId]) -> Result<HashMap<Uuid, Value>, Fault> {
    let found = groups::named_by_packages(&call.app, ids).await?;
    Ok(found.iter().map(|group| (group.id.0, shape(group))).collect())
}

/// A page of the groups that a package names as incompatible.
pub async fn page_of_package(call: &Call, package: PackageId) -> Result<Reply, Fault> {
    let found = groups::incompatible(&call.app, &call.actor, package, &call.options.list).await?;
    Ok(Reply::page(found, |group| shape(&group)))
}

/// A page of the groups that a user is a member of.
pub async fn page_of_member(call: &Call, user: UserId) -> Result<Reply, Fault> {
    let found = groups::query(&call.app, &call.actor, Some(user), &call.options.list).await?;
    Ok(Reply::page(found, |group| member_shape(&group)))
}

/// People of a group that is shown whole, at the most.
const EXPANDED_MAX: u32 = 100;

/// Groups with their members and owners where those are asked for. They are asked for of one group.
async fn with_people(call: &Call, group: &GroupRecord) -> Result<Value, Fault> {
    let mut value = shape(group);
    for (name, role) in [
        ("members", GroupRole::Member),
        ("transitiveMembers", GroupRole::Member),
        ("owners", GroupRole::Owner),
    ] {
        if let Some(inner) = call.expanded(name) {
            let mut query = inner.list.clone();
            query.top = Some(query.top.unwrap_or(EXPANDED_MAX).min(EXPANDED_MAX));
            let found = crate::service::users::query_holders(&call.app, &call.actor, (group.id, role), &query).await?;
            value[name] = found.rows.iter().map(|user| users::member_shape(user, inner)).collect();
        }
    }
    Ok(value)
}

async fn list(call: &Call) -> Result<Reply, Fault> {
    if let Some(expand) = call.options.expand.first() {
        let message = format!("{} is expanded of one group. Ask for groups/ID, or for groups/ID/{0}.", expand.name);
        return Err(Fault::at("$expand", message));
    }
    let found: Found<GroupRecord> = groups::query(&call.app, &call.actor, None, &call.options.list).await?;
    Ok(Reply::page(found, |group| shape(&group)))
}

async fn get(call: &Call) -> Result<Reply, Fault> {
    let group = groups::record(&call.app, &call.actor, call.id(0)?).await?;
    let value = with_people(call, &group).await?;
    Ok(Reply::entity(value, Some(group.version)))
}

/// The users that addresses end with.
fn bound(body: &Body, name: &str) -> Result<Vec<UserId>, Fault> {
    let addresses = body.texts(name)?.unwrap_or_default();
    if addresses.len() > BOUND_MAX {
        return Err(Fault::at(name, format!("{name} takes at most {BOUND_MAX} addresses.")));
    }
    let fault = || Fault::at(name, format!("{name} has to hold addresses that end with the id of a user."));
    let ids = addresses
        .iter()
        .map(|address| reference(address).and_then(|id| id.parse().ok()).ok_or_else(fault));
    ids.collect()
}

/// What a body changes of a form; what it does not name stays.
fn change(body: &Body, form: &mut GroupForm) -> Result<(), Fault> {
    if let Some(name) = body.text("displayName")? {
        form.name = name;
    }
    if let Some(description) = body.text("description")? {
        form.description = description;
    }
    if let Some(rule) = body.text("membershipRule")?.filter(|rule| !rule.is_empty()) {
        if form.membership != "dynamic" {
            return Err(Fault::at(
                "membershipRule",
                "Only a group of the type DynamicMembership has a rule.",
            ));
        }
        form.rule = rule;
    }
    Ok(())
}

async fn create(call: &Call) -> Result<Reply, Fault> {
    let types = call.body.texts("groupTypes")?.unwrap_or_default();
    let has = |name: &str| types.iter().any(|known| known.eq_ignore_ascii_case(name));
    let mut form = GroupForm {
        kind: if has("Unified") { "microsoft365" } else { "security" }.to_owned(),
        membership: if has("DynamicMembership") { "dynamic" } else { "assigned" }.to_owned(),
        owners: bound(&call.body, "owners@odata.bind")?,
        members: bound(&call.body, "members@odata.bind")?,
        ..GroupForm::default()
    };
    let security = call.body.flag("securityEnabled")?;
    if security == Some(false) && !has("Unified") {
        return Err(Fault::at(
            "securityEnabled",
            "A group is either a security group or of the type Unified.",
        ));
    }
    change(&call.body, &mut form)?;
    let id = groups::create(&call.app, &call.actor, &form).await.map_err(renamed)?;
    let group = groups::record(&call.app, &call.actor, id).await?;
    Ok(Reply::created(shape(&group), Some(group.version)))
}

async fn update(call: &Call) -> Result<Reply, Fault> {
    let before = groups::record(&call.app, &call.actor, call.id(0)?).await?;
    let mut form = before.form();
    change(&call.body, &mut form)?;
    let people = bound(&call.body, "members@odata.bind")?;
    let version = call.version_of(before.version)?;
    groups::update(&call.app, &call.actor, before.id, version, &form)
        .await
        .map_err(renamed)?;
    if !people.is_empty() {
        groups::add_members(&call.app, &call.actor, before.id, GroupRole::Member, &people)
            .await
            .map_err(renamed)?;
    }
    Ok(Reply::done())
}

async fn delete(call: &Call) -> Result<Reply, Fault> {
    let before = groups::record(&call.app, &call.actor, call.id(0)?).await?;
    let version = call.version_of(before.version)?;
    groups::delete(&call.app, &call.actor, before.id, version).await?;
    Ok(Reply::done())
}

/// Faults by the names that the client used.
fn renamed(error: Error) -> Fault {
    Fault::renamed(
        error,
        &[
            ("name", "displayName"),
            ("rule", "membershipRule"),
            ("owners", "owners@odata.bind"),
            ("members", "members@odata.bind"),
            ("users", "@odata.id"),
        ],
    )
}

async fn people(call: &Call, role: GroupRole) -> Result<Reply, Fault> {
    let of_group = (call.id(0)?, role);
    let found = crate::service::users::query_holders(&call.app, &call.actor, of_group, &call.options.list).await?;
    Ok(Reply::page(found, |user| users::member_shape(&user, &call.options)))
}

async fn members(call: &Call) -> Result<Reply, Fault> {
    people(call, GroupRole::Member).await
}

async fn owners(call: &Call) -> Result<Reply, Fault> {
    people(call, GroupRole::Owner).await
}

async fn add_member(call: &Call) -> Result<Reply, Fault> {
    add(call, GroupRole::Member).await
}

async fn add_owner(call: &Call) -> Result<Reply, Fault> {
    add(call, GroupRole::Owner).await
}

/// Who is in the group already is refused, as Graph does.
async fn add(call: &Call, role: GroupRole) -> Result<Reply, Fault> {
    let group: ObjectId = call.id(0)?;
    let id = call.body.reference()?;
    let user = crate::service::users::record(&call.app, &call.actor, &id).await?;
    let added = groups::add_members(&call.app, &call.actor, group, role, &[user.id])
        .await
        .map_err(renamed)?;
    if added == 0 {
        let message = "One or more added object references already exist for the following modified properties: 'members'.";
        return Err(Fault::at("@odata.id", message));
    }
    Ok(Reply::done())
}

async fn remove_member(call: &Call) -> Result<Reply, Fault> {
    remove(call, GroupRole::Member).await
}

async fn remove_owner(call: &Call) -> Result<Reply, Fault> {
    remove(call, GroupRole::Owner).await
}

async fn remove(call: &Call, role: GroupRole) -> Result<Reply, Fault> {
    let user: UserId = match call.key(1) {
        "" => {
            let id = call.parameter("@id").and_then(reference).and_then(|id| id.parse().ok());
            id.ok_or_else(|| Fault::at("@id", "The address has to end with the id of a user."))?
        }
        _ => call.id(1)?,
    };
    groups::remove_member(&call.app, &call.actor, call.id(0)?, role, user).await?;
    Ok(Reply::done())
}

//! Groups: server functions of the Directory section.

use leptos::prelude::*;

use super::call::Call;
use super::error::AppError;
use crate::domain::group::{GroupDetail, GroupForm, GroupItem, GroupQuery, GroupRole, MemberItem, MemberQuery, RulePreview};
use crate::domain::id::{ObjectId, UserId};
use crate::domain::page::Page;

#[cfg(feature = "ssr")]
use {super::context::serve, crate::service::groups};

/// A page of groups.
#[server(endpoint = "groups/list", protocol = Call)]
pub async fn list_groups(query: GroupQuery) -> Result<Page<GroupItem>, AppError> {
    serve(async |app, actor| groups::list(app, actor, &query).await).await
}

/// One group.
#[server(endpoint = "groups/get", protocol = Call)]
pub async fn get_group(id: ObjectId) -> Result<GroupDetail, AppError> {
    serve(async |app, actor| groups::get(app, actor, id).await).await
}

/// Creates a group (F005).
#[server(endpoint = "groups/create", protocol = Call)]
pub async fn create_group(form: GroupForm) -> Result<ObjectId, AppError> {
    serve(async |app, actor| groups::create(app, actor, &form).await).await
}

/// Changes a group's name, description and, for a dynamic group, its rule; type and membership stay. Gives the new version.
#[server(endpoint = "groups/update", protocol = Call)]
pub async fn update_group(id: ObjectId, version: i64, form: GroupForm) -> Result<i64, AppError> {
    serve(async |app, actor| groups::update(app, actor, id, version, &form).await).await
}

/// What a rule would do if it were saved now; changes nothing (F136).
#[server(endpoint = "groups/preview-rule", protocol = Call)]
pub async fn preview_rule(group: Option<ObjectId>, rule: String) -> Result<RulePreview, AppError> {
    serve(async |app, actor| groups::preview_rule(app, actor, group, &rule).await).await
}

/// Deletes a group (F043).
#[server(endpoint = "groups/delete", protocol = Call)]
pub async fn delete_group(id: ObjectId, version: i64) -> Result<(), AppError> {
    serve(async |app, actor| groups::delete(app, actor, id, version).await).await
}

/// A page of a group's members or owners (F036).
#[server(endpoint = "groups/members", protocol = Call)]
pub async fn list_members(query: MemberQuery) -> Result<Page<MemberItem>, AppError> {
    serve(async |app, actor| groups::members(app, actor, &query).await).await
}

/// Adds members or owners by hand; who is one already is left alone. Gives how many were added.
#[server(endpoint = "groups/add-members", protocol = Call)]
pub async fn add_members(id: ObjectId, role: GroupRole, users: Vec<UserId>) -> Result<i64, AppError> {
    serve(async |app, actor| groups::add_members(app, actor, id, role, &users).await).await
}

/// Takes back a membership that was given by hand.
#[server(endpoint = "groups/remove-member", protocol = Call)]
pub async fn remove_member(id: ObjectId, role: GroupRole, user: UserId) -> Result<(), AppError> {
    serve(async |app, actor| groups::remove_member(app, actor, id, role, user).await).await
}

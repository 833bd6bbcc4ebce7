//! New user (F003, F004).

use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

use super::fields::{Choosing, UserFields, people_pickers, user_fields};
use crate::admin::error_view::{loaded, permitted};
use crate::admin::form::{Foot, Form};
use crate::admin::frame::use_viewer;
use crate::admin::page_title::PageTitle;
use crate::domain::custom_attribute::{AttributeDefinition, CustomValue};
use crate::domain::refusal::Permission;
use crate::domain::user::DirectoryRole;
use crate::paths;
use crate::rpc::Loading;
use crate::rpc::custom_attributes::list_custom_attributes;
use crate::rpc::users::create_user;
use crate::rpc::viewer::Viewer;
use crate::ui::*;

/// New user.
#[component]
pub fn NewUserPage() -> AnyView {
    let viewer = use_viewer();
    let defined = Loading::once(list_custom_attributes);
    view! {
        <PageTitle text="New user"/>
        <Breadcrumb items=vec![Crumb::link("Home", paths::ADMIN), Crumb::link("Users", paths::USERS), Crumb::here("New user")]/>
        <PageHead title="New user" subtitle="Creates an account that can sign in at once.".to_owned() icon=Icon::Person/>
        {loaded(viewer, move |viewer| {
            permitted(&viewer.users.clone(), || {
                loaded(defined, move |defined: Vec<AttributeDefinition>| view! { <NewUserForm viewer=viewer.clone() defined=defined/> }.into_any())
            })
        })}
    }
    .into_any()
}

#[component]
fn NewUserForm(viewer: Viewer, defined: Vec<AttributeDefinition>) -> AnyView {
    let fields = UserFields::empty();
    let blank = |attribute| CustomValue {
        attribute,
        value: String::new(),
    };
    fields.define(defined.into_iter().map(blank).collect());
    let form = Form::new(move || fields.checked(true));
    let choosing = Choosing::none();
    let toasts = use_toasts();
    let navigate = use_navigate();
    let submit = Callback::new(move |()| {
        let navigate = navigate.clone();
        let user = fields.form();
        let name = user.name.trim().to_owned();
        form.send_and_leave(create_user(user), move |id| {
            toasts.success("User created", format!("{name} can sign in now."), None);
            navigate(&paths::user(id), Default::default());
        });
    });
    let foot = Foot {
        verb: "Create",
        cancel: Signal::stored(paths::USERS.to_owned()),
    };
    let inside = user_fields(fields, form, viewer.role, DirectoryRole::User, &Permission::Allowed, true, choosing);
    view! {
        {form.page(submit, None, foot, inside)}
        {people_pickers(fields, choosing)}
    }
    .into_any()
}

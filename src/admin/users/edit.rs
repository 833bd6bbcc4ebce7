//! Edit a user's profile and directory role.

use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

use super::blade::{use_user, user_crumbs};
use super::fields::{Choosing, UserFields, people_pickers, user_fields};
use crate::admin::error_view::{loaded, loaded_quietly, problem};
use crate::admin::form::{Foot, Form};
use crate::admin::frame::use_viewer;
use crate::admin::page_title::PageTitle;
use crate::domain::refusal::Permission;
use crate::domain::user::UserDetail;
use crate::paths;
use crate::rpc::AppError;
use crate::rpc::users::{get_user, update_user};
use crate::rpc::viewer::Viewer;
use crate::ui::*;

/// Edit user.
#[component]
pub fn EditUserPage() -> AnyView {
    let user = use_user();
    let viewer = use_viewer();
    view! {
        {loaded(user, move |user| {
            let title = format!("Edit {}", user.item.name);
            let form = user.clone();
            view! {
                <PageTitle text=title.clone()/>
                <Breadcrumb items=user_crumbs(&user, Some("Edit"))/>
                <PageHead title=title icon=Icon::Person/>
                {loaded_quietly(viewer, move |viewer| match form.abilities.edit.clone() {
                    Permission::Allowed => view! { <EditForm user=form.clone() viewer=viewer/> }.into_any(),
                    Permission::Denied(refusal) => problem(AppError::Refused(refusal), Callback::new(|()| ())),
                })}
            }
            .into_any()
        })}
    }
    .into_any()
}

#[component]
fn EditForm(user: UserDetail, viewer: Viewer) -> AnyView {
    let id = user.item.id;
    let fields = UserFields::of(&user);
    let version = RwSignal::new(user.version);
    let form = Form::new(move || fields.checked(false));
    let choosing = Choosing::none();
    let toasts = use_toasts();
    let navigate = use_navigate();
    let submit = Callback::new(move |()| {
        let navigate = navigate.clone();
        let profile = fields.form();
        let name = profile.name.trim().to_owned();
        form.send_and_leave(update_user(id, version.get_untracked(), profile), move |_| {
            toasts.success("User saved", name, None);
            navigate(&paths::user(id), Default::default());
        });
    });
    let reload = Callback::new(move |()| {
        form.submission.send(get_user(id), move |user| {
            fields.fill(&user);
            version.set(user.version);
        });
    });
    let foot = Foot {
        verb: "Save",
        cancel: Signal::stored(paths::user(id)),
    };
    let inside = user_fields(
        fields,
        form,
        viewer.role,
        user.item.role,
        &user.abilities.assign_role,
        false,
        choosing,
    );
    view! {
        {form.page(submit, Some(reload), foot, inside)}
        {people_pickers(fields, choosing)}
    }
    .into_any()
}

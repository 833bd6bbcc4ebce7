//! Edit a user's profile and directory role.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

use super::blade::{use_user, user_crumbs};
use super::fields::{UserFields, manager_picker, user_fields};
use crate::admin::error_view::{loaded, loaded_quietly, problem};
use crate::admin::form::{FormProblem, Submission};
use crate::admin::frame::{PageTitle, use_viewer};
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
            let title = ["Edit ", &user.item.name].concat();
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
    let submission = Submission::new();
    let choosing = RwSignal::new(false);
    let toasts = use_toasts();
    let navigate = use_navigate();
    let submit = move |ev: SubmitEvent| {
        ev.prevent_default();
        let form = fields.form();
        if let Err(faults) = form.profile() {
            submission.refuse(faults);
            return;
        }
        let navigate = navigate.clone();
        let name = form.name.trim().to_owned();
        submission.send_and_leave(update_user(id, version.get_untracked(), form), move |_| {
            toasts.success("User saved", name, None);
            navigate(&paths::user(id), Default::default());
        });
    };
    let reload = move || {
        submission.send(get_user(id), move |user| {
            fields.fill(&user);
            version.set(user.version);
        });
    };
    view! {
        <form class="form" method="dialog" novalidate on:submit=submit>
            <FormProblem submission=submission reload=reload/>
            {user_fields(fields, submission, viewer.role, user.item.role, &user.abilities.assign_role, false, choosing)}
            <WizardFoot>
                <Button kind=ButtonKind::Primary submit=true busy=submission.busy()>"Save"</Button>
                <LinkButton href=paths::user(id)>"Cancel"</LinkButton>
            </WizardFoot>
        </form>
        {manager_picker(fields, choosing)}
    }
    .into_any()
}

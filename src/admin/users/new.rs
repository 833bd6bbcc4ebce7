//! New user (F003, F004).

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

use super::fields::{UserFields, manager_picker, user_fields};
use crate::admin::error_view::loaded;
use crate::admin::form::{FormProblem, Submission};
use crate::admin::frame::{PageTitle, use_viewer};
use crate::domain::refusal::Permission;
use crate::domain::user::DirectoryRole;
use crate::paths;
use crate::rpc::users::create_user;
use crate::rpc::viewer::Viewer;
use crate::ui::*;

/// New user.
#[component]
pub fn NewUserPage() -> AnyView {
    let viewer = use_viewer();
    view! {
        <PageTitle text="New user"/>
        <Breadcrumb items=vec![Crumb::link("Home", paths::ADMIN), Crumb::link("Users", paths::USERS), Crumb::here("New user")]/>
        <PageHead title="New user" subtitle="Creates an account that can sign in at once.".to_owned() icon=Icon::Person/>
        {loaded(viewer, |viewer| view! { <NewUserForm viewer=viewer/> }.into_any())}
    }
    .into_any()
}

#[component]
fn NewUserForm(viewer: Viewer) -> AnyView {
    let fields = UserFields::empty();
    let submission = Submission::new();
    let choosing = RwSignal::new(false);
    let toasts = use_toasts();
    let navigate = use_navigate();
    let submit = move |ev: SubmitEvent| {
        ev.prevent_default();
        let form = fields.form();
        if let Err(faults) = form.new_user() {
            submission.refuse(faults);
            return;
        }
        let navigate = navigate.clone();
        let name = form.name.trim().to_owned();
        submission.send_and_leave(create_user(form), move |id| {
            let text = [&name, " can sign in now."].concat();
            toasts.success("User created", text, None);
            navigate(&paths::user(id), Default::default());
        });
    };
    view! {
        <form class="form" method="dialog" novalidate on:submit=submit>
            <FormProblem submission=submission/>
            {user_fields(fields, submission, viewer.role, DirectoryRole::User, &Permission::Allowed, true, choosing)}
            <WizardFoot>
                <Button kind=ButtonKind::Primary submit=true busy=submission.busy()>"Create"</Button>
                <LinkButton href=paths::USERS>"Cancel"</LinkButton>
            </WizardFoot>
        </form>
        {manager_picker(fields, choosing)}
    }
    .into_any()
}

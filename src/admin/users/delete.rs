//! The question before a user is deleted (F043), on the profile and in the list.

use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

use crate::admin::form::Submission;
use crate::domain::id::{Named, UserId};
use crate::domain::user::UserDetail;
use crate::paths;
use crate::rpc::AppError;
use crate::rpc::users::{delete_user, get_user};
use crate::ui::*;

/// On a user's page: asks, deletes, and goes to the list.
#[component]
pub fn DeleteDialog(user: UserDetail, open: RwSignal<bool>) -> AnyView {
    let submission = Submission::new();
    let toasts = use_toasts();
    let navigate = use_navigate();
    let id = user.item.id;
    let name = StoredValue::new(user.item.name);
    let yes = move || {
        let navigate = navigate.clone();
        submission.send_and_leave(delete_user(id, user.version), move |()| {
            open.set(false);
            tell(toasts, &name.get_value());
            navigate(paths::USERS, Default::default());
        });
    };
    question(
        Signal::derive(move || name.get_value()),
        open,
        submission,
        Callback::new(move |()| yes()),
    )
}

/// In the list: asks about the one in `deleting`, deletes it, and calls `done`.
#[component]
pub fn ListDeleteDialog(deleting: RwSignal<Option<Named<UserId>>>, done: Callback<()>) -> AnyView {
    let submission = Submission::new();
    let toasts = use_toasts();
    let open = RwSignal::new(false);
    Effect::new(move |_| open.set(deleting.with(Option::is_some)));
    Effect::new(move |_| {
        if !open.get() && deleting.with_untracked(Option::is_some) {
            deleting.set(None);
        }
    });
    let name = Signal::derive(move || deleting.with(|user| user.as_ref().map(|user| user.name.clone()).unwrap_or_default()));
    let yes = move |()| {
        let Some(user) = deleting.get_untracked() else { return };
        submission.send(delete_as_it_is(user.id), move |()| {
            deleting.set(None);
            tell(toasts, &user.name);
            done.run(());
        });
    };
    question(name, open, submission, Callback::new(yes))
}

/// A list's row does not carry what a change needs, so the user is fetched first.
async fn delete_as_it_is(id: UserId) -> Result<(), AppError> {
    let user = get_user(id).await?;
    delete_user(id, user.version).await
}

fn tell(toasts: Toasts, name: &str) {
    let text = [name, " can be restored within 30 days."].concat();
    toasts.success("User deleted", text, Some(ToastLink::new(paths::USERS_DELETED, "Deleted users")));
}

fn question(name: Signal<String>, open: RwSignal<bool>, submission: Submission, yes: Callback<()>) -> AnyView {
    view! {
        <YesNoDialog
            name="delete-user"
            title=Signal::derive(move || name.with(|name| ["Delete ", name, "?"].concat()))
            open=open
            busy=submission.busy()
            error=submission.text()
            on_no=move || submission.clear()
            on_yes=yes
            danger=true
        >
            <p>"The user can't sign in any more, and all access from packages ends now. For 30 days you can restore the user under Deleted users; access from packages doesn't come back with the user."</p>
        </YesNoDialog>
    }
    .into_any()
}

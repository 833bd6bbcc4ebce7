//! The question before a group is deleted (F043), on its blade and in the list.

use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

use crate::admin::form::Submission;
use crate::domain::group::GroupDetail;
use crate::domain::id::{Named, ObjectId};
use crate::paths;
use crate::rpc::AppError;
use crate::rpc::groups::{delete_group, get_group};
use crate::ui::*;

/// On a group's blade: asks, deletes, and goes to the list.
#[component]
pub fn DeleteDialog(group: GroupDetail, open: RwSignal<bool>) -> AnyView {
    let submission = Submission::new();
    let toasts = use_toasts();
    let navigate = use_navigate();
    let id = group.item.id;
    let name = StoredValue::new(group.item.name);
    let yes = move || {
        let navigate = navigate.clone();
        submission.send_and_leave(delete_group(id, group.version), move |()| {
            open.set(false);
            toasts.success("Group deleted", name.get_value(), None);
            navigate(paths::GROUPS, Default::default());
        });
    };
    question(
        Signal::derive(move || name.get_value()),
        consequence(group.members),
        open,
        submission,
        Callback::new(move |()| yes()),
    )
}

/// In the list: asks about the one in `deleting`, deletes it, and calls `done`.
#[component]
pub fn ListDeleteDialog(deleting: RwSignal<Option<Named<ObjectId>>>, done: Callback<()>) -> AnyView {
    let submission = Submission::new();
    let toasts = use_toasts();
    let open = RwSignal::new(false);
    Effect::new(move |_| open.set(deleting.with(Option::is_some)));
    Effect::new(move |_| {
        if !open.get() && deleting.with_untracked(Option::is_some) {
            deleting.set(None);
        }
    });
    let name = Signal::derive(move || deleting.with(|group| group.as_ref().map(|group| group.name.clone()).unwrap_or_default()));
    let yes = move |()| {
        let Some(group) = deleting.get_untracked() else { return };
        submission.send(delete_as_it_is(group.id), move |()| {
            deleting.set(None);
            toasts.success("Group deleted", group.name, None);
            done.run(());
        });
    };
    let text = "Whoever is in it loses what it gives. This can't be undone.".to_owned();
    question(name, text, open, submission, Callback::new(yes))
}

/// A list's row does not carry what a change needs, so the group is fetched first.
async fn delete_as_it_is(id: ObjectId) -> Result<(), AppError> {
    let group = get_group(id).await?;
    delete_group(id, group.version).await
}

fn question(name: Signal<String>, text: String, open: RwSignal<bool>, submission: Submission, yes: Callback<()>) -> AnyView {
    view! {
        <YesNoDialog
            name="delete-group-dialog"
            title=Signal::derive(move || name.with(|name| ["Delete ", name, "?"].concat()))
            open=open
            busy=submission.busy()
            error=submission.text()
            on_no=move || submission.clear()
            on_yes=yes
            danger=true
        >
            <p>{text}</p>
        </YesNoDialog>
    }
    .into_any()
}

/// What a deletion means for those who are in the group.
fn consequence(members: i64) -> String {
    match members {
        0 => "Nobody is in it. This can't be undone.".into(),
        1 => "1 person loses what it gives. This can't be undone.".into(),
        count => [&count.to_string(), " people lose what it gives. This can't be undone."].concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::consequence;

    #[test]
    fn the_question_says_how_many_it_touches() {
        assert_eq!(consequence(0), "Nobody is in it. This can't be undone.");
        assert_eq!(consequence(2), "2 people lose what it gives. This can't be undone.");
    }
}

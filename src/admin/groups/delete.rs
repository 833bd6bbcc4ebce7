//! The question before a group is deleted (F043).

use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

use crate::admin::form::Submission;
use crate::domain::group::GroupDetail;
use crate::paths;
use crate::rpc::groups::delete_group;
use crate::ui::*;

/// Asks, deletes, and goes to the list.
#[component]
pub fn DeleteDialog(group: GroupDetail, open: RwSignal<bool>) -> AnyView {
    let submission = Submission::new();
    let toasts = use_toasts();
    let navigate = use_navigate();
    let name = group.item.name.clone();
    let title = ["Delete ", &name, "?"].concat();
    let text = consequence(group.members);
    let yes = move || {
        let navigate = navigate.clone();
        let name = name.clone();
        submission.send_and_leave(delete_group(group.item.id, group.version), move |()| {
            open.set(false);
            toasts.success("Group deleted", name, None);
            navigate(paths::GROUPS, Default::default());
        });
    };
    view! {
        <YesNoDialog
            name="delete-group-dialog"
            title=title
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

//! The question before a user or a group is deleted (F043): on its own page, after which one goes to the list, and in the list, which then
//! loads again.

use std::future::Future;
use std::pin::Pin;

use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use uuid::Uuid;

use super::form::Submission;
use crate::domain::id::Named;
use crate::rpc::AppError;
use crate::ui::*;

/// What deleting something means, found out when it is asked about.
pub type Warning = Pin<Box<dyn Future<Output = Result<String, AppError>>>>;

/// A deletion on its way.
pub type Deleting = Pin<Box<dyn Future<Output = Result<(), AppError>>>>;

/// How one kind of thing is deleted.
#[derive(Clone, Copy)]
pub struct Deletion {
    /// The dialog's name.
    pub dialog: &'static str,
    /// The path of the list.
    pub list: &'static str,
    /// Deletes it at a version, or as it is: a list's row does not carry what a change needs.
    pub delete: fn(Uuid, Option<i64>) -> Deleting,
    /// What it means for this one, where that is more than a list's row can say.
    pub warning: Option<fn(Uuid) -> Warning>,
    /// Tells that it is gone, by its name.
    pub tell: fn(Toasts, String),
}

/// On its own page: asks, deletes it at the version that is shown, and goes to the list.
pub fn on_page(deletion: Deletion, item: Named<Uuid>, version: i64, text: String, open: RwSignal<bool>) -> AnyView {
    let submission = Submission::new();
    let toasts = use_toasts();
    let navigate = use_navigate();
    let (id, name) = (item.id, StoredValue::new(item.name));
    let yes = move |()| {
        let navigate = navigate.clone();
        submission.send_and_leave((deletion.delete)(id, Some(version)), move |()| {
            open.set(false);
            (deletion.tell)(toasts, name.get_value());
            navigate(deletion.list, Default::default());
        });
    };
    question(
        deletion,
        Signal::derive(move || name.get_value()),
        Signal::stored(text),
        open,
        submission,
        Callback::new(yes),
    )
}

/// In the list: asks about the one in `chosen`, deletes it, and calls `done`.
pub fn in_list(deletion: Deletion, text: &'static str, chosen: RwSignal<Option<Named<Uuid>>>, done: Callback<()>) -> AnyView {
    let submission = Submission::new();
    let toasts = use_toasts();
    let open = RwSignal::new(false);
    let said = RwSignal::new(text.to_owned());
    Effect::new(move |_| {
        said.set(text.to_owned());
        let asked = chosen.with(|item| item.as_ref().map(|item| item.id));
        if let (Some(id), Some(warning)) = (asked, deletion.warning) {
            submission.send(warning(id), move |text| {
                if chosen.with_untracked(|item| item.as_ref().is_some_and(|item| item.id == id)) {
                    said.set(text);
                }
            });
        }
        open.set(asked.is_some());
    });
    Effect::new(move |_| {
        if !open.get() && chosen.with_untracked(Option::is_some) {
            chosen.set(None);
        }
    });
    let name = Signal::derive(move || chosen.with(|item| item.as_ref().map(|item| item.name.clone()).unwrap_or_default()));
    let yes = move |()| {
        let Some(item) = chosen.get_untracked() else { return };
        submission.send((deletion.delete)(item.id, None), move |()| {
            chosen.set(None);
            (deletion.tell)(toasts, item.name);
            done.run(());
        });
    };
    question(deletion, name, said.into(), open, submission, Callback::new(yes))
}

fn question(
    deletion: Deletion,
    name: Signal<String>,
    text: Signal<String>,
    open: RwSignal<bool>,
    submission: Submission,
    yes: Callback<()>,
) -> AnyView {
    view! {
        <YesNoDialog
            name=deletion.dialog
            title=Signal::derive(move || name.with(|name| ["Delete ", name, "?"].concat()))
            open=open
            busy=submission.busy()
            error=submission.text()
            on_no=move || submission.clear()
            on_yes=yes
            danger=true
        >
            <p class="break">{move || text.get()}</p>
        </YesNoDialog>
    }
    .into_any()
}

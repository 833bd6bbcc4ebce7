//! The question before a user or a group is deleted (F043): on its own page, after which one goes to the list, and in the list, which then
//! loads again. Where somebody else has deleted it first, that is said, and the same follows.

use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use uuid::Uuid;

use super::confirm::{Doing, Question};
use super::impact::AskImpact;
use crate::ui::*;

/// How one kind of thing is deleted.
#[derive(Clone, Copy)]
pub struct Deletion {
    /// The dialog's name.
    pub dialog: &'static str,
    /// The path of the list.
    pub list: &'static str,
    /// Deletes it at a version, or as it is: a list's row does not carry what a change needs.
    pub delete: fn(Uuid, Option<i64>) -> Doing,
    /// What it would do to whom, where it can concern anybody.
    pub impact: Option<fn(Uuid) -> AskImpact>,
    /// Tells that it is gone, by its name.
    pub tell: fn(Toasts, String),
}

/// What is asked about.
#[derive(Clone)]
pub struct ToDelete {
    /// Its id.
    pub id: Uuid,
    /// What it is called, so that it is told from another of the same name.
    pub name: String,
    /// As it was opened.
    pub version: Option<i64>,
    /// What deleting it means.
    pub text: String,
}

/// The question about what is `chosen`; `done` hears that it is not there any more.
pub fn question(deletion: Deletion, chosen: RwSignal<Option<ToDelete>>, done: Callback<()>) -> AnyView {
    let toasts = use_toasts();
    let question = Question::new(
        deletion.dialog,
        |item: &ToDelete| format!("Delete {}?", item.name),
        |item: &ToDelete| item.text.clone(),
        move |item: ToDelete| (deletion.delete)(item.id, item.version),
        move |item: ToDelete| {
            (deletion.tell)(toasts, item.name);
            done.run(());
        },
    )
    .gone(|item| gone(&item.name), move |_| done.run(()));
    match deletion.impact {
        Some(impact) => question.impact(move |item: &ToDelete| impact(item.id)),
        None => question,
    }
    .view(chosen)
}

/// What is said of something that somebody else has deleted first.
pub fn gone(name: &str) -> String {
    format!("{name} had been deleted already")
}

/// What follows on its own page: there is only the list left to go to.
pub fn to_list(deletion: Deletion) -> Callback<()> {
    let navigate = use_navigate();
    Callback::new(move |()| navigate(deletion.list, Default::default()))
}

//! Select users: one, or several. Who it is for decides what becomes of the selection, and may keep the pane open until that is done.

use leptos::prelude::*;

use super::pane::{Line, Sending, Source};
use super::select::SelectPane;
use super::subjects;
use crate::domain::id::{Named, UserId};
use crate::domain::object::{Subject, SubjectItem, SubjectQuery};
use crate::domain::page::PageQuery;
use crate::rpc::objects::find_subjects;
use crate::ui::*;

/// A pane to select users; a `single` one alone. It stays open after Select until the caller closes it, and shows the caller's `error`
/// meanwhile.
#[component]
pub fn UserPicker(
    /// Makes the ids; one a page.
    name: &'static str,
    #[prop(into)] title: Signal<String>,
    open: RwSignal<bool>,
    #[prop(optional)] single: bool,
    #[prop(optional, into)] busy: Signal<bool>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(into)] on_select: Callback<Vec<Named<UserId>>>,
) -> AnyView {
    let find = |search: String, page: PageQuery| {
        find_subjects(SubjectQuery {
            search,
            users_only: true,
            page,
            ..SubjectQuery::default()
        })
    };
    let source = Source::new(find, line);
    let empty = || ("No user found".to_owned(), "Try the beginning of a name or user name.".to_owned());
    let take = move |keys: Vec<String>| on_select.run(source.of(&keys).into_iter().filter_map(user).collect());
    view! {
        <SelectPane
            name=name
            title=title
            search_label="Search users"
            open=open
            look=source.look()
            scope=Signal::stored(0)
            empty=Signal::derive(empty)
            single=single
            nothing=if single { "Select a user first." } else { "Select at least one user first." }
            sending=Sending {
                busy,
                error,
                stays: true,
            }
            on_select=take
        />
    }
    .into_any()
}

/// Only users who are there can be chosen.
fn line(item: &SubjectItem) -> Option<Line> {
    let can_be_chosen = matches!(item.subject, Subject::User(_)) && !item.deleted;
    can_be_chosen.then(|| subjects::line(item, &[]))
}

fn user(item: SubjectItem) -> Option<Named<UserId>> {
    match item.subject {
        Subject::User(id) => Some(Named::new(id, item.name)),
        Subject::Group(_) | Subject::Organization(_) => None,
    }
}

/// A button for each chosen user, which takes them out again; `verb` says so.
pub fn chosen_users(chosen: RwSignal<Vec<Named<UserId>>>, verb: &'static str) -> AnyView {
    let row = move |user: Named<UserId>| {
        view! {
            <Button icon=Icon::Dismiss on_click=move || chosen.update(|all| all.retain(|other| other.id != user.id))>
                <span class="sr-only">{verb}</span>
                {user.name.clone()}
            </Button>
        }
        .into_any()
    };
    keyed(move || chosen.get(), |user| user.id.to_string(), row)
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn groups_and_the_deleted_can_t_be_selected() {
        let item = |subject, deleted| SubjectItem {
            subject,
            name: "X".into(),
            detail: String::new(),
            deleted,
        };
        assert!(line(&item(Subject::User(UserId(Uuid::nil())), false)).is_some());
        assert!(line(&item(Subject::User(UserId(Uuid::nil())), true)).is_none());
        assert!(line(&item(Subject::Group(crate::domain::id::ObjectId(Uuid::nil())), false)).is_none());
    }
}

//! Select a group of the directory.

use leptos::prelude::*;

use super::pane::{Sending, Source};
use super::select::SelectPane;
use super::subjects;
use crate::domain::id::{Named, ObjectId};
use crate::domain::object::{Subject, SubjectItem, SubjectQuery};
use crate::domain::page::PageQuery;
use crate::rpc::objects::find_subjects;

/// A pane to select one group. It stays open until the caller closes it.
#[component]
pub fn GroupPicker(
    /// Makes the ids; one a page.
    name: &'static str,
    #[prop(into)] title: Signal<String>,
    open: RwSignal<bool>,
    #[prop(into)] on_select: Callback<Named<ObjectId>>,
) -> AnyView {
    let find = |search: String, page: PageQuery| {
        find_subjects(SubjectQuery {
            search,
            groups_only: true,
            page,
            ..SubjectQuery::default()
        })
    };
    let source = Source::new(find, |item: &SubjectItem| {
        matches!(item.subject, Subject::Group(_)).then(|| subjects::line(item, &[]))
    });
    let empty = || ("No group found".to_owned(), "Try the beginning of a word in its name.".to_owned());
    let take = move |keys: Vec<String>| {
        let group = source.of(&keys).into_iter().find_map(|item| match item.subject {
            Subject::Group(id) => Some(Named::new(id, item.name)),
            Subject::User(_) | Subject::Organization(_) => None,
        });
        if let Some(group) = group {
            on_select.run(group);
        }
    };
    view! {
        <SelectPane
            name=name
            title=title
            search_label="Search groups"
            open=open
            look=source.look()
            scope=Signal::stored(0)
            empty=Signal::derive(empty)
            single=true
            nothing="Select a group first."
            sending=Sending {
                stays: true,
                ..Sending::default()
            }
            on_select=take
        />
    }
    .into_any()
}

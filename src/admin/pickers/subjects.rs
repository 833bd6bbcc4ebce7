//! Select users and groups: whom a policy names.

use leptos::prelude::*;

use super::pane::{Line, Sending, Source};
use super::select::SelectPane;
use crate::domain::object::{Subject, SubjectItem, SubjectQuery};
use crate::domain::page::PageQuery;
use crate::rpc::objects::find_subjects;
use crate::ui::*;

/// A subject's key: users and groups never share one.
fn key(subject: Subject) -> String {
    match subject {
        Subject::User(id) => format!("u-{id}"),
        Subject::Group(id) => format!("g-{id}"),
        Subject::Organization(id) => format!("o-{id}"),
    }
}

pub(super) fn line(item: &SubjectItem, listed: &[Subject]) -> Line {
    Line {
        key: key(item.subject),
        name: item.name.clone(),
        detail: item.detail.clone(),
        icon: match item.subject {
            Subject::User(_) => Icon::Person,
            Subject::Group(_) => Icon::Group,
            Subject::Organization(_) => Icon::People,
        },
        closed: listed.contains(&item.subject).then(|| "In the list already.".to_owned()),
    }
}

/// The pane over users and groups (F018), or over connected organizations; `on_select` is given the chosen ones.
#[component]
pub fn SelectSubjects(
    open: RwSignal<bool>,
    /// Those in the page's list.
    #[prop(into)]
    listed: Signal<Vec<Subject>>,
    #[prop(optional, into)] title: Option<Signal<String>>,
    /// Connected organizations are chosen.
    #[prop(optional, into)]
    organizations: Signal<bool>,
    /// What becomes of the call behind Select, where there is one.
    #[prop(optional)]
    sending: Sending,
    #[prop(into)] on_select: Callback<Vec<SubjectItem>>,
) -> AnyView {
    let of = move |organization: &'static str, person: &'static str| {
        Signal::derive(move || if organizations.get() { organization } else { person }.to_owned())
    };
    let title = title.unwrap_or_else(|| of("Select connected organizations", "Select users and groups"));
    let find = move |search: String, page: PageQuery| {
        find_subjects(SubjectQuery {
            search,
            organizations: organizations.get_untracked(),
            page,
            ..SubjectQuery::default()
        })
    };
    let source = Source::new(find, move |item| Some(line(item, &listed.try_get_untracked().unwrap_or_default())));
    let empty = move || {
        let (none, next) = if organizations.get() {
            ("No connected organizations found", "Check the spelling, or search by a domain.")
        } else {
            ("No users or groups found", "Check the spelling, or search by user name.")
        };
        (none.to_owned(), next.to_owned())
    };
    let take = move |keys: Vec<String>| on_select.run(source.of(&keys));
    view! {
        <SelectPane
            name="select-subjects"
            title=title
            search_label=of("Search connected organizations", "Search users and groups")
            open=open
            look=source.look()
            scope=Signal::derive(move || organizations.get().into())
            empty=Signal::derive(empty)
            sending=sending
            on_select=take
        />
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f018_a_user_and_a_group_with_one_number_are_two() {
        let id = uuid::Uuid::from_u128(1);
        assert_ne!(key(Subject::User(id.into())), key(Subject::Group(id.into())));
    }
}

//! Select users and groups: whom a policy names.

use leptos::prelude::*;

use super::super::confirm::Doing;
use super::pane::{Line, Lines, Look, SelectPane};
use crate::domain::object::{Subject, SubjectItem, SubjectQuery};
use crate::domain::page::PageQuery;
use crate::rpc::objects::find_subjects;
use crate::ui::*;

/// A subject's key: users and groups never share one.
fn key(subject: Subject) -> String {
    match subject {
        Subject::User(id) => ["u-", &id.to_string()].concat(),
        Subject::Group(id) => ["g-", &id.to_string()].concat(),
    }
}

fn line(item: &SubjectItem, listed: &[Subject]) -> Line {
    Line {
        key: key(item.subject),
        name: item.name.clone(),
        detail: item.detail.clone(),
        icon: match item.subject {
            Subject::User(_) => Icon::Person,
            Subject::Group(_) => Icon::Group,
        },
        closed: listed.contains(&item.subject).then(|| "In the list already.".to_owned()),
    }
}

/// The pane over users and groups (F018); `on_select` is given the chosen ones.
#[component]
pub(in crate::admin::packages) fn SelectSubjects(
    open: RwSignal<bool>,
    /// Those in the page's list.
    #[prop(into)]
    listed: Signal<Vec<Subject>>,
    #[prop(into)] on_select: Callback<Vec<SubjectItem>>,
) -> AnyView {
    let seen = StoredValue::new(Vec::<SubjectItem>::new());
    let look = Callback::new(move |look: Look| -> Doing<Lines> {
        Box::pin(async move {
            let query = SubjectQuery {
                search: look.search,
                users_only: false,
                page: PageQuery {
                    after: look.after,
                    ..PageQuery::default()
                },
            };
            let page = find_subjects(query).await?;
            let listed = listed.try_get_untracked().unwrap_or_default();
            let lines = page.items.iter().map(|item| line(item, &listed)).collect();
            seen.try_update_value(|seen| {
                for item in page.items {
                    seen.retain(|other| other.subject != item.subject);
                    seen.push(item);
                }
            });
            Ok(Lines { lines, next: page.next })
        })
    });
    let select = move |keys: Vec<String>| {
        let chosen = keys
            .iter()
            .filter_map(|wanted| seen.with_value(|seen| seen.iter().find(|item| key(item.subject) == *wanted).cloned()))
            .collect();
        on_select.run(chosen);
    };
    let empty = || {
        (
            "No users or groups found".to_owned(),
            "Check the spelling, or search by user name.".to_owned(),
        )
    };
    view! {
        <SelectPane
            name="select-subjects"
            title="Select users and groups"
            search_label="Search users and groups"
            open=open
            look=look
            scope=Signal::stored(0)
            empty=Signal::derive(empty)
            on_select=select
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

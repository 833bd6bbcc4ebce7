//! Additional access (F132): who has the package and what a rule names, or, before there is a rule, would name.

use leptos::prelude::*;

use super::granting::{GrantPane, Granting};
use super::{tabs, use_summary};
use crate::admin::listing::{self, Address, Column, Empty, Filter, List, Listing, Look, row_menu};
use crate::admin::packages::package_list_head;
use crate::admin::person::person;
use crate::admin::timestamp::{day, day_and_distance};
use crate::domain::incompatibility::{Counterpart, PeopleItem, PeopleQuery};
use crate::paths::{self, UserReport};
use crate::rpc::incompatibilities::list_people_of_rule;
use crate::ui::*;

/// Who has both.
pub static ADDITIONAL_ACCESS: List<PeopleQuery, PeopleItem> = List {
    look: Look {
        name: "additional-access",
        title: "Additional access",
        about: "People who have this package and what it is incompatible with. They keep both until one of them ends.",
        top: None,
        path: |id| Some(paths::additional_access(id.parse().ok()?)),
        search: "Search people",
        filters: &[
            Filter::given("rule", "This rule only"),
            Filter::given("with-package", "This access package only"),
            Filter::given("with-group", "This group only"),
        ],
        empty: |address| {
            if address.search.is_empty() {
                Empty::yet(
                    Icon::People,
                    "Nobody has both",
                    "Whoever gets the one while having the other is listed here.",
                )
            } else {
                Empty::found("Nobody matches", "Try the beginning of a name or user name.")
            }
        },
    },
    query: |address| {
        let package = address.word("with-package").map(Counterpart::Package);
        Some(PeopleQuery {
            package: address.id.parse().ok()?,
            rule: address.word("rule"),
            counterpart: package.or(address.word("with-group").map(Counterpart::Group)),
            search: address.search.clone(),
            page: address.page.clone(),
        })
    },
    columns: &[
        Column::view("Name", |item| item.user.name.clone(), name),
        Column::filed("User name", |item| item.user_name.clone()),
        Column::text("Department", |item| item.department.clone()),
        Column::time_as("Has the package since", |item: &PeopleItem| Some(item.starts_at), day),
        Column::time_as("Until", |item: &PeopleItem| item.ends_at, day_and_distance).or("Without end"),
        Column::time_as("Exception until", |item: &PeopleItem| item.excepted_until, day_and_distance).or("None"),
    ],
    opens: None,
};

fn name(item: &PeopleItem, _: &Address) -> AnyView {
    person(
        item.user.name.clone(),
        item.user_name.clone(),
        paths::report_user(item.user.id, UserReport::Packages),
        false,
    )
}

/// Who has both.
#[component]
pub fn PeoplePage() -> AnyView {
    let people = Listing::new(&ADDITIONAL_ACCESS, list_people_of_rule);
    let summary = use_summary();
    let granting = Granting::new();
    let address = people.address();
    let actions = listing::actions(move |item: &PeopleItem| {
        let (user, rule) = (item.user.clone(), address.with_untracked(|address| address.word("rule")));
        let reason = match &item.except {
            Some(permission) => permission.reason(),
            None => Some("Add the rule first.".to_owned()),
        };
        let grant = move || granting.open_for(rule, Some(user.clone()));
        let item_view = view! { <MenuItem icon=Icon::Key nostrip:disabled_reason=reason on_click=grant>"Grant exception"</MenuItem> };
        row_menu(item.assignment, &item.user.name, vec![item_view.into_any()])
    });
    let reload = Callback::new(move |()| people.loading.refetch());
    view! {
        {tabs()}
        {package_list_head(people, || ().into_any())}
        {people.rows(actions)}
        <GrantPane summary=summary granting=granting reload=reload/>
    }
    .into_any()
}

//! Conflicts: who has incompatible things now, by which rule, with an exception or without.

use leptos::prelude::*;

use crate::admin::listing::{Address, Column, Empty, Filter, List, Listing, Look, options};
use crate::admin::person::person;
use crate::admin::timestamp::{day, day_and_distance};
use crate::domain::incompatibility::{ConflictFilter, ConflictItem, ConflictQuery, Counterpart};
use crate::paths::{self, GroupPage, PackagePage, SeparationPage, UserReport};
use crate::rpc::incompatibilities::report_conflicts;
use crate::ui::*;

/// Who has incompatible things.
pub static CONFLICTS: List<ConflictQuery, ConflictItem> = List {
    look: Look {
        name: "conflicts",
        title: "Conflicts",
        about: "People who have an access package and something that it is incompatible with. They got the one before the rule, by an \
                exception, or the other later.",
        top: Some((
            Icon::Lock,
            &[("Identity Governance", paths::GOVERNANCE), ("Reports", paths::REPORTS)],
        )),
        path: |_| Some(paths::REPORT_CONFLICTS.to_owned()),
        search: "Search people",
        filters: &[Filter::select("show", "Show", || options(ConflictFilter::label))],
        empty: |address| {
            if address.is_narrowed() {
                Empty::found("Nobody matches", "Try the beginning of a name or user name, or show all.")
            } else {
                let text = "Nobody has two things that the separation of duties of an access package keeps apart.";
                Empty::yet(Icon::Lock, "No conflicts", text)
            }
        },
    },
    query: |address| {
        Some(ConflictQuery {
            filter: address.word("show").unwrap_or(ConflictFilter::All),
            search: address.search.clone(),
            page: address.page.clone(),
        })
    },
    columns: &[
        Column::view("Name", |item| item.user.name.clone(), name),
        Column::filed("User name", |item| item.user_name.clone()),
        Column::view("Access package", |item| item.package.name.clone(), package),
        Column::text("Catalog", |item| item.catalog.name.clone()),
        Column::view("Incompatible with", |item| item.name.clone(), counterpart),
        Column::filed("Kind", kind),
        Column::time_as("Has the package since", |item: &ConflictItem| Some(item.starts_at), day),
        Column::time_as("Exception until", |item: &ConflictItem| item.excepted_until, day_and_distance).or("None"),
        Column::text("Reason of the exception", |item| item.reason.clone()),
    ],
    opens: None,
};

fn kind(item: &ConflictItem) -> String {
    match item.counterpart {
        Some(Counterpart::Group(_)) => "Group",
        _ => "Access package",
    }
    .to_owned()
}

fn name(item: &ConflictItem, _: &Address) -> AnyView {
    person(
        item.user.name.clone(),
        item.user_name.clone(),
        paths::report_user(item.user.id, UserReport::Packages),
        false,
    )
}

fn package(item: &ConflictItem, _: &Address) -> AnyView {
    let href = paths::separation(item.package.id, SeparationPage::Packages);
    view! { <a class="list-link" href=href>{item.package.name.clone()}</a> }.into_any()
}

fn counterpart(item: &ConflictItem, _: &Address) -> AnyView {
    let href = match item.counterpart {
        Some(Counterpart::Package(id)) => paths::package(id, PackagePage::Overview),
        Some(Counterpart::Group(id)) => paths::group(id, GroupPage::Overview),
        None => return view! { <span class="muted">{item.name.clone()}</span> }.into_any(),
    };
    view! { <a href=href>{item.name.clone()}</a> }.into_any()
}

/// Conflicts.
#[component]
pub fn ConflictsPage() -> AnyView {
    let rows = Listing::new(&CONFLICTS, report_conflicts);
    view! {
        {rows.head()}
        {rows.bar(())}
        {rows.rows(None)}
    }
    .into_any()
}

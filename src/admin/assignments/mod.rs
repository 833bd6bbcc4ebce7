//! Assignments of one package: who has it, since when and until when, and Remove access. A row that was removed here stays in sight as
//! Expired until another list is asked for.

mod labels;
mod removal;

use leptos::prelude::*;

use self::labels::{filter_label, tone};
use crate::admin::error_view::loaded_quietly;
use crate::admin::listing::{self, Address, Column, Empty, Filter, List, Listing, Look, options, row_menu};
use crate::admin::packages::use_package;
use crate::admin::person::person;
use crate::admin::timestamp::day_and_distance;
use crate::domain::assignment::{AssignmentFilter, AssignmentItem, AssignmentQuery};
use crate::paths::{self, PackagePage};
use crate::rpc::assignments::list_assignments;
use crate::ui::*;

/// The assignments of a package.
pub static ASSIGNMENTS: List<AssignmentQuery, AssignmentItem> = List {
    look: Look {
        name: "assignments",
        title: "Assignments",
        about: "Who has the package. Access ends at its end date by itself.",
        top: None,
        path: |id| Some(paths::package(id.parse().ok()?, PackagePage::Assignments)),
        search: "Search by name",
        filters: &[Filter::select("status", "Status", || options(filter_label))],
        empty,
    },
    query: |address| {
        Some(AssignmentQuery {
            package: address.id.parse().ok()?,
            filter: filter(address),
            search: address.search.clone(),
            page: address.page.clone(),
        })
    },
    columns: &[
        Column::view(
            "Name",
            |item| item.target.name.clone(),
            |item, _| {
                person(
                    item.target.name.clone(),
                    item.target_user_name.clone(),
                    paths::user(item.target.id),
                    false,
                )
            },
        ),
        Column::filed("User name", |item| item.target_user_name.clone()),
        Column::text("Policy", |item| item.policy.name.clone()),
        Column::view(
            "Status",
            |item| item.state.label().to_owned(),
            |item, _| view! { <StatusDot tone=tone(item.state) text=item.state.label()/> }.into_any(),
        ),
        Column::time_as("Start date", |item| Some(item.starts_at), day_and_distance),
        Column::time_as("End date", |item: &AssignmentItem| item.ends_at, day_and_distance).or("Never"),
    ],
    opens: None,
};

fn filter(address: &Address) -> AssignmentFilter {
    address.word("status").unwrap_or(AssignmentFilter::Delivered)
}

fn empty(address: &Address) -> Empty {
    if !address.search.is_empty() {
        return Empty::yet(Icon::People, "No assignment matches", "Try another name, or set Status to All.");
    }
    let (title, text) = match filter(address) {
        AssignmentFilter::Delivered => (
            "Nobody has this package",
            "People who request it appear here once it is delivered. Set Status to All to see past ones.",
        ),
        AssignmentFilter::All => (
            "Nobody has or had this package",
            "People who request it appear here once it is delivered.",
        ),
        _ => ("No assignment with this status", "Set Status to All to see every one."),
    };
    Empty::yet(Icon::People, title, text)
}

/// The assignments of a package (F037 to F039, F120).
#[component]
pub fn PackageAssignmentsPage() -> AnyView {
    let assignments = Listing::new(&ASSIGNMENTS, list_assignments);
    let chosen = RwSignal::new(None::<AssignmentItem>);
    let ended = removal::ended_here(assignments.address());
    let adjust = move |items: Vec<AssignmentItem>| removal::with_ended(&items, &ended.get());
    let menu = listing::actions(move |item: &AssignmentItem| actions(item, chosen));
    // Only over a package that is there.
    let head = move |_| {
        view! {
            {assignments.head()}
            {assignments.bar(())}
        }
        .into_any()
    };
    view! {
        {loaded_quietly(use_package(), head)}
        {assignments.adjusted(adjust, menu)}
        {removal::removal(chosen, ended, assignments.reload())}
    }
    .into_any()
}

fn actions(item: &AssignmentItem, chosen: RwSignal<Option<AssignmentItem>>) -> AnyView {
    let asked = item.clone();
    let why_not = item.remove.reason();
    let remove = move || chosen.set(Some(asked.clone()));
    let items = vec![
        view! { <MenuLink href=paths::package_request(item.package.id, item.request) icon=Icon::History>"See the request"</MenuLink> }
            .into_any(),
        view! { <MenuItem icon=Icon::Delete danger=true nostrip:disabled_reason=why_not on_click=remove>"Remove access"</MenuItem> }
            .into_any(),
    ];
    row_menu(item.id, &item.target.name, items)
}

//! Assignments of one package: who has it, since when and until when; the details of one, giving the package to people, and Remove access.
//! A row that was removed here stays in sight as Expired until another list is asked for.

mod details;
mod labels;
mod new;
mod questions;
mod removal;

use leptos::prelude::*;
use leptos::task::spawn_local;

use self::details::AssignmentPane;
use self::labels::{filter_label, tone};
use self::new::NewAssignmentPage;
use crate::admin::bulk;
use crate::admin::details::use_named;
use crate::admin::error_view::loaded_quietly;
use crate::admin::listing::{self, Address, Column, Empty, Filter, List, Listing, Look, Ticks, options, row_menu};
use crate::admin::packages::{package_list_head, policies_of_package, use_package};
use crate::admin::person::marked_person;
use crate::admin::timestamp::day_and_distance;
use crate::domain::assignment::{AssignmentFilter, AssignmentItem, AssignmentQuery};
use crate::domain::id::AssignmentId;
use crate::domain::package::PackageDetail;
use crate::paths::{self, PackagePage};
use crate::rpc::assignments::{govern_guests, list_assignments, reprocess_assignments};
use crate::ui::*;

crate::ui::part! {
    /// The pages of a package's assignments.
    pub enum Assignments in assignments {
        OfPackage => PackageAssignmentsPage,
    }
}

crate::ui::part! {
    /// Giving a package to people.
    pub enum NewAssignment in new_assignment {
        Page => NewAssignmentPage,
    }
}

/// The assignments of a package.
pub static ASSIGNMENTS: List<AssignmentQuery, AssignmentItem> = List {
    look: Look {
        name: "assignments",
        title: "Assignments",
        about: "Who has the package. Access ends at its end date by itself.",
        top: None,
        path: |id| Some(paths::package(id.parse().ok()?, PackagePage::Assignments)),
        search: "Search by name",
        filters: &[
            Filter::select("status", "Status", || options(filter_label)),
            Filter::loaded("policy", "Policy", policies_of_package),
        ],
        empty,
    },
    query: |address| {
        Some(AssignmentQuery {
            package: address.id.parse().ok()?,
            filter: filter(address),
            policy: address.word("policy"),
            search: address.search.clone(),
            page: address.page.clone(),
        })
    },
    columns: &[
        Column::view(
            "Name",
            |item| item.target.name.clone(),
            |item, address| {
                let (name, user_name) = (item.target.name.clone(), item.target_user_name.clone());
                marked_person(name, user_name, item.target_state, href(item, address), true)
            },
        ),
        Column::filed("User name", |item| item.target_user_name.clone()),
        Column::text("Policy", |item| item.policy.name.clone()),
        Column::view(
            "Status",
            |item| item.state.label().to_owned(),
            |item, _| view! { <StatusDot tone=tone(item.state) text=item.state.label()/> }.into_any(),
        ),
        Column::text("User lifecycle", |item| {
            item.lifecycle.map_or_else(String::new, |lifecycle| lifecycle.label().to_owned())
        }),
        Column::time_as("Start date", |item| Some(item.starts_at), day_and_distance),
        Column::time_as("End date", |item: &AssignmentItem| item.ends_at, day_and_distance).or("Never"),
    ],
    opens: Some(href),
};

fn filter(address: &Address) -> AssignmentFilter {
    address.word("status").unwrap_or(AssignmentFilter::Delivered)
}

/// The details of an assignment, over this page of the list.
fn href(item: &AssignmentItem, address: &Address) -> String {
    address.href(&paths::package_assignment(item.package.id, item.id))
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

/// The assignments of a package (F037 to F039, F120, F122, F123).
#[component]
pub fn PackageAssignmentsPage() -> AnyView {
    let (assignments, ticked) = Listing::new(&ASSIGNMENTS, list_assignments).selectable(Ticks {
        key: |item| item.id.to_string(),
        name: |item| item.target.name.clone(),
    });
    let named = use_named("assignment");
    let close = Signal::derive(move || assignments.address().with(|address| assignments.href(address)));
    let chosen = RwSignal::new(None::<Vec<AssignmentItem>>);
    let ended = removal::ended_here(assignments.address());
    let adjust = move |items: Vec<AssignmentItem>| removal::with_ended(&items, &ended.get());
    let moved = RwSignal::new(0_u32);
    let reload = Callback::new(move |()| {
        moved.update(|count| *count += 1);
        assignments.reload().run(());
    });
    let again = reprocess(reload);
    let govern = govern(reload);
    let menu = listing::actions(move |item: &AssignmentItem| actions(item, chosen, again));
    let commands = move || {
        let remove = move |rows: Vec<AssignmentItem>| chosen.set(Some(rows));
        view! {
            {loaded_quietly(use_package(), |package| new_button(&package))}
            {bulk::operations()}
            {ticked.command("remove", "Remove", Icon::Delete, |item| &item.remove, remove)}
            {ticked.command("govern", "Mark guest as governed", Icon::Person, |item| &item.govern, move |rows| govern.run(rows))}
            {ticked.command("reprocess", "Reprocess", Icon::Refresh, |item| &item.reprocess, move |rows| again.run(rows))}
        }
        .into_any()
    };
    let done = Callback::new(move |()| {
        ticked.clear();
        reload.run(());
    });
    view! {
        {package_list_head(assignments, commands)}
        {assignments.adjusted(adjust, menu)}
        <AssignmentPane assignment=named close=close chosen=chosen again=again moved=moved.read_only()/>
        {removal::removal(chosen, ended, done)}
    }
    .into_any()
}

/// New assignment, where the viewer may give the package.
fn new_button(package: &PackageDetail) -> AnyView {
    match package.assign.reason() {
        None => {
            let href = paths::package_assign(package.item.id);
            view! { <LinkButton href=href icon=Icon::Add kind=ButtonKind::Primary>"New assignment"</LinkButton> }.into_any()
        }
        why_not => view! { <Button id="new-assignment" icon=Icon::Add disabled_reason=why_not>"New assignment"</Button> }.into_any(),
    }
}

fn actions(item: &AssignmentItem, chosen: RwSignal<Option<Vec<AssignmentItem>>>, again: Callback<Vec<AssignmentItem>>) -> AnyView {
    let (asked, row) = (item.clone(), item.clone());
    let (why_not, why_no_more) = (item.remove.reason(), item.reprocess.reason());
    let remove = move || chosen.set(Some(vec![asked.clone()]));
    let reprocess = move || again.run(vec![row.clone()]);
    let items = vec![
        view! { <MenuLink href=paths::user(item.target.id) icon=Icon::Person>"Open the user"</MenuLink> }.into_any(),
        view! { <MenuLink href=paths::package_request(item.package.id, item.request) icon=Icon::History>"See the request"</MenuLink> }
            .into_any(),
        view! { <MenuItem icon=Icon::Refresh nostrip:disabled_reason=why_no_more on_click=reprocess>"Reprocess"</MenuItem> }.into_any(),
        view! { <MenuItem icon=Icon::Delete danger=true nostrip:disabled_reason=why_not on_click=remove>"Remove access"</MenuItem> }
            .into_any(),
    ];
    row_menu(item.id, &item.target.name, items)
}

/// Reprocess: what these assignments give is given anew, and what came of it is told (F122).
fn reprocess(reload: Callback<()>) -> Callback<Vec<AssignmentItem>> {
    let toasts = use_toasts();
    Callback::new(move |rows: Vec<AssignmentItem>| {
        spawn_local(async move {
            match reprocess_assignments(rows.iter().map(|row| row.id).collect()).await {
                Ok(results) => {
                    let name = |id: &AssignmentId| rows.iter().find(|row| row.id == *id).map(|row| row.target.name.clone());
                    bulk::tell(toasts, &results, given_anew, |id| name(id).unwrap_or_default());
                }
                Err(error) => drop(toasts.error("Not reprocessed", error.text(), None)),
            }
            let _ = reload.try_run(());
        });
    })
}

/// Mark guest as governed: what came of it is told (F162).
fn govern(reload: Callback<()>) -> Callback<Vec<AssignmentItem>> {
    let toasts = use_toasts();
    Callback::new(move |rows: Vec<AssignmentItem>| {
        spawn_local(async move {
            match govern_guests(rows.iter().map(|row| row.id).collect()).await {
                Ok(results) => {
                    let name = |id: &AssignmentId| rows.iter().find(|row| row.id == *id).map(|row| row.target.name.clone());
                    bulk::tell(toasts, &results, governed, |id| name(id).unwrap_or_default());
                }
                Err(error) => drop(toasts.error("Not marked as governed", error.text(), None)),
            }
            let _ = reload.try_run(());
        });
    })
}

fn governed(count: usize) -> String {
    match count {
        1 => "1 guest is governed".to_owned(),
        count => format!("{count} guests are governed"),
    }
}

fn given_anew(count: usize) -> String {
    match count {
        1 => "Access of 1 person was given anew".to_owned(),
        count => format!("Access of {count} people was given anew"),
    }
}

//! The list of the trail, newest first; one row of it open in a pane with an address of its own.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::details::AuditPane;
use crate::admin::listing::{Address, Column, Empty, Filter, List, Listing, Look, or_all};
use crate::domain::audit::{Activity, AuditItem, AuditQuery, Outcome};
use crate::domain::text::StringEnum;
use crate::paths;
use crate::rpc::audit::list_audit;
use crate::ui::*;

/// The whole trail.
pub static AUDIT: List<AuditQuery, AuditItem> = List {
    look: Look {
        name: "audit",
        title: "Audit logs",
        about: "Who did what to what, and when. Rows are never changed: each is sealed on the one before.",
        top: Some((Icon::History, &[("Identity Governance", paths::GOVERNANCE)])),
        path: |_| Some(paths::AUDIT.to_owned()),
        search: "Search by actor or target",
        filters: FILTERS,
        empty,
    },
    query: |address| Some(query(address)),
    columns: COLUMNS,
    opens: Some(href),
};

/// How the trail can be narrowed.
const FILTERS: &[Filter] = &[
    Filter::date("from", "From (UTC)"),
    Filter::date("until", "Until (UTC)"),
    Filter::select("activity", "Activity", activities),
    Filter::select("result", "Result", || or_all(Outcome::label)),
    Filter::given("actor", "This actor only"),
    Filter::given("target", "This target only"),
    Filter::given("correlation", "One chain only"),
];

/// What is shown of a row.
const COLUMNS: &[Column<AuditItem>] = &[
    Column::view("Activity", |item| item.activity.label(), activity),
    Column::time("Date", |item| Some(item.at)),
    Column::text("Actor", |item| item.actor_name.clone()),
    Column::text("Targets", AuditItem::target_names),
    Column::view("Result", |item| item.outcome.label().to_owned(), |item, _| result(item.outcome)),
    Column::filed("Actor type", |item| item.actor_kind.as_str().to_owned()),
    Column::filed("Address", |item| item.address.clone()),
    Column::filed("Through", AuditItem::client_name),
    Column::filed("Changes", changes),
    Column::text("Details", |item| item.detail.clone()),
    Column::filed("Correlation", |item| item.correlation.to_string()),
    Column::filed("Number", |item| item.seq.map_or_else(String::new, |seq| seq.to_string())),
];

fn activities() -> Vec<(String, String)> {
    let all = Activity::ALL
        .iter()
        .map(|activity| (activity.as_str().to_owned(), activity.label()));
    let mut all: Vec<(String, String)> = all.collect();
    all.sort_by(|one, other| one.1.cmp(&other.1));
    all.insert(0, (String::new(), "All".to_owned()));
    all
}

/// What an address asks for. The last day is in it as a whole.
pub(super) fn query(address: &Address) -> AuditQuery {
    AuditQuery {
        search: address.search.clone(),
        activity: address.word("activity"),
        outcome: address.word("result"),
        actor: address.word("actor"),
        target: address.word("target"),
        correlation: address.word("correlation"),
        row: None,
        from: address.day("from"),
        until: address.day("until").map(|day| day + chrono::Duration::days(1)),
        page: address.page.clone(),
    }
}

/// The details of a row, over this page of the list.
fn href(item: &AuditItem, address: &Address) -> String {
    address.href(&paths::audit_row(item.id))
}

fn activity(item: &AuditItem, address: &Address) -> AnyView {
    view! { <a class="list-link" href=href(item, address) data-noscroll="">{item.activity.label()}</a> }.into_any()
}

/// How it came out.
pub(super) fn result(outcome: Outcome) -> AnyView {
    let tone = match outcome {
        Outcome::Success => Tone::Success,
        Outcome::Failure => Tone::Danger,
    };
    view! { <StatusDot tone=tone text=outcome.label()/> }.into_any()
}

/// The changes of a row in one cell.
fn changes(item: &AuditItem) -> String {
    let change = |change: &crate::domain::audit::Change| format!("{}: {} -> {}", change.property, change.old, change.new);
    item.changes.iter().map(change).collect::<Vec<_>>().join("; ")
}

fn empty(address: &Address) -> Empty {
    if address.is_narrowed() {
        return Empty::found("Nothing in the trail matches", "Try another name, or fewer filters.").next(paths::AUDIT, "Show all");
    }
    Empty::yet(
        Icon::History,
        "Nothing has happened yet",
        "Every change, sign-in and refusal appears here.",
    )
}

/// The audit trail, and the details of one row (F167, F168).
#[component]
pub fn AuditPage() -> AnyView {
    let trail = Listing::new(&AUDIT, list_audit);
    let params = use_params_map();
    let named = Memo::new(move |_| params.with(|params| params.get("row").filter(|id| !id.is_empty())));
    let close = Signal::derive(move || trail.address().with(|address| trail.href(address)));
    view! {
        {trail.head()}
        {trail.bar(())}
        {trail.rows(None)}
        <AuditPane row=named close=close/>
    }
    .into_any()
}

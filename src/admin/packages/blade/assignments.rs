//! Assignments: who has the package, since when and until when, and Remove access. A row that was removed here stays in sight as Expired
//! until another list is asked for.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_query_map;

use super::super::confirm::{Confirm, Doing};
use super::super::{query, show};
use super::tools::ListTools;
use super::use_package;
use crate::admin::error_view::{loaded_below, loaded_quietly, use_id};
use crate::admin::listing;
use crate::admin::person::person;
use crate::domain::assignment::{AssignmentFilter, AssignmentItem, AssignmentQuery, AssignmentState};
use crate::domain::id::PackageId;
use crate::domain::page::{Page, PageQuery};
use crate::domain::text::StringEnum;
use crate::paths;
use crate::rpc::Loading;
use crate::rpc::assignments::{list_assignments, remove_assignment};
use crate::ui::*;

/// How long to wait before asking again whether an assignment has ended.
const AGAIN: Duration = Duration::from_millis(700);
/// How often to ask.
const TRIES: u8 = 12;

/// The assignments of a package (F037 to F039, F120).
#[component]
pub fn PackageAssignmentsPage() -> AnyView {
    let id = use_id::<PackageId>();
    let params = use_query_map();
    let query = Memo::new(move |_| id.get().map(|id| params.with(|params| query::assignments(id, params))));
    let assignments = Loading::named(query, list_assignments);
    let reload = Callback::new(move |()| assignments.refetch());
    let ended = RwSignal::new(Vec::<AssignmentItem>::new());
    Effect::new(move |was: Option<Option<AssignmentQuery>>| {
        let is = query.get();
        if was.is_some_and(|was| was != is) {
            ended.set(Vec::new());
        }
        is
    });
    let chosen = RwSignal::new(None::<AssignmentItem>);
    let list = move |page: Page<AssignmentItem>| {
        let query = query.get_untracked();
        view! { {move || query.as_ref().map(|query| table(&page, &ended.get(), query, chosen))} }.into_any()
    };
    // Only over a package that is there.
    let head = move |_| {
        view! {
            <SectionTitle title="Assignments" text="Who has the package. Access ends at its end date by itself."/>
            {query.get_untracked().map(|begun| view! { <Tools begun=begun query=query reload=reload/> })}
        }
        .into_any()
    };
    view! {
        {loaded_quietly(use_package(), head)}
        {loaded_below(assignments, list)}
        <RemoveAccess chosen=chosen ended=ended reload=reload/>
    }
    .into_any()
}

#[component]
fn Tools(begun: AssignmentQuery, query: Memo<Option<AssignmentQuery>>, reload: Callback<()>) -> AnyView {
    let url = query::assignments_url(&begun);
    let now = move || query.get().unwrap_or_else(|| begun.clone());
    let now = Memo::new(move |_| now());
    let option = |filter: &AssignmentFilter| (filter.as_str().to_owned(), show::assignment_filter(*filter).to_owned());
    let statuses: Vec<(String, String)> = AssignmentFilter::ALL.iter().map(option).collect();
    view! {
        <ListTools
            search_label="Search by name"
            begun=url
            url=Signal::derive(move || query::assignments_url(&now.get()))
            search=Signal::derive(move || now.get().search)
            status=Signal::derive(move || now.get().filter.as_str().to_owned())
            statuses=statuses
            reload=reload
        />
    }
    .into_any()
}

/// The list with the rows that ended while it was open: where the list still has one, its own row counts unless it lags behind.
fn with_ended(items: &[AssignmentItem], ended: &[AssignmentItem]) -> Vec<AssignmentItem> {
    let newest = |item: &AssignmentItem| ended.iter().find(|other| other.id == item.id).unwrap_or(item).clone();
    let mut all: Vec<AssignmentItem> = items.iter().map(newest).collect();
    for item in ended {
        if !all.iter().any(|other| other.id == item.id) {
            let at = all.iter().position(|other| other.starts_at < item.starts_at).unwrap_or(all.len());
            all.insert(at, item.clone());
        }
    }
    all
}

fn table(
    page: &Page<AssignmentItem>,
    ended: &[AssignmentItem],
    query: &AssignmentQuery,
    chosen: RwSignal<Option<AssignmentItem>>,
) -> AnyView {
    let items = with_ended(&page.items, ended);
    if items.is_empty() && page.previous.is_none() {
        return empty(query);
    }
    let pager = listing::pager(&query::assignments_url(query), page);
    let rows = items.into_iter().map(|item| row(item, chosen)).collect_any();
    view! {
        <Table
            caption="Assignments"
            cards=true
            head=|| {
                view! {
                    <HeadCell label="Name"/>
                    <HeadCell label="Policy"/>
                    <HeadCell label="Status"/>
                    <HeadCell label="Start date"/>
                    <HeadCell label="End date"/>
                    <HeadCell label="Actions" label_hidden=true/>
                }
            }
        >
            {rows}
        </Table>
        {pager}
    }
    .into_any()
}

fn row(item: AssignmentItem, chosen: RwSignal<Option<AssignmentItem>>) -> AnyView {
    let asked = item.clone();
    let end = match item.ends_at {
        Some(at) => show::day(at),
        None => "Never".into_any(),
    };
    view! {
        <tr>
            <td>{person(item.target.name.clone(), item.target_user_name, paths::user(item.target.id), false)}</td>
            <td data-label="Policy">{item.policy.name}</td>
            <td data-label="Status"><StatusDot tone=show::assignment_tone(item.state) text=item.state.label()/></td>
            <td data-label="Start date" class="nowrap">{show::day(item.starts_at)}</td>
            <td data-label="End date" class="nowrap">{end}</td>
            <td class="cell-end">
                <RowMenu id=["menu-", &item.id.to_string()].concat() label=item.target.name>
                    <MenuLink href=paths::package_request(item.package.id, item.request) icon=Icon::History>"See the request"</MenuLink>
                    <MenuItem
                        icon=Icon::Delete
                        danger=true
                        nostrip:disabled_reason=item.remove.reason()
                        on_click=move || chosen.set(Some(asked.clone()))
                    >
                        "Remove access"
                    </MenuItem>
                </RowMenu>
            </td>
        </tr>
    }
    .into_any()
}

fn empty(query: &AssignmentQuery) -> AnyView {
    let (title, text) = match query.filter {
        _ if !query.search.is_empty() => ("No assignment matches", "Try another name, or set Status to All."),
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
    view! { <EmptyState icon=Icon::People title=title text=text/> }.into_any()
}

/// The question before access is removed; it opens when `chosen` is set. Afterwards the row is followed to its end.
#[component]
fn RemoveAccess(chosen: RwSignal<Option<AssignmentItem>>, ended: RwSignal<Vec<AssignmentItem>>, reload: Callback<()>) -> AnyView {
    let toasts = use_toasts();
    let open = RwSignal::new(false);
    let refusal = RwSignal::new(None::<String>);
    Effect::new(move |_| {
        if chosen.with(Option::is_some) {
            refusal.set(None);
            open.set(true);
        }
    });
    let text = move || chosen.with(|item| item.as_ref().map(question).unwrap_or_default());
    let yes = Callback::new(move |()| -> Doing {
        let item = chosen.get_untracked();
        Box::pin(async move {
            match item {
                Some(item) => remove_assignment(item.id, item.version).await.map(drop),
                None => Ok(()),
            }
        })
    });
    let done = Callback::new(move |()| {
        if let Some(item) = chosen.get_untracked() {
            toasts.success(["Access of ", &item.target.name, " is being removed"].concat(), "", None);
            follow(item, ended, reload, TRIES);
        }
    });
    view! {
        <Confirm
            name="remove-access"
            title="Remove access"
            text=Signal::derive(text)
            open=open
            error=refusal
            on_yes=yes
            on_done=done
        />
    }
    .into_any()
}

fn question(item: &AssignmentItem) -> String {
    format!(
        "Remove {} from {}? Everything that the package gave is taken back at once, unless something else gives it too.",
        item.package.name, item.target.name
    )
}

/// Asks for an assignment until it has ended, and keeps the row as it then is.
fn follow(item: AssignmentItem, ended: RwSignal<Vec<AssignmentItem>>, reload: Callback<()>, tries: u8) {
    spawn_local(async move {
        let query = AssignmentQuery {
            package: item.package.id,
            filter: AssignmentFilter::All,
            search: item.target_user_name.clone(),
            page: PageQuery::default(),
        };
        let found = list_assignments(query).await;
        let now = found.ok().and_then(|page| page.items.into_iter().find(|other| other.id == item.id));
        match now {
            Some(now) if now.state == AssignmentState::Expired => {
                ended.update(|ended| {
                    ended.retain(|other| other.id != now.id);
                    ended.push(now);
                });
                let _ = reload.try_run(());
            }
            _ if tries > 0 => set_timeout(move || follow(item, ended, reload, tries - 1), AGAIN),
            _ => {
                let _ = reload.try_run(());
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::Named;
    use crate::domain::refusal::Permission;
    use crate::domain::user::AccountState;
    use chrono::{DateTime, Duration};
    use uuid::Uuid;

    fn item(number: u128, state: AssignmentState) -> AssignmentItem {
        AssignmentItem {
            id: Uuid::from_u128(number).into(),
            target: Named::new(Uuid::from_u128(number).into(), "Requestor1"),
            target_user_name: "requestor1".into(),
            target_state: AccountState::Active,
            package: Named::new(Uuid::nil().into(), "Marketing Campaign"),
            policy: Named::new(Uuid::nil().into(), "Initial Policy"),
            state,
            starts_at: DateTime::UNIX_EPOCH + Duration::days(number as i64),
            ends_at: None,
            end_reason: None,
            request: Uuid::nil().into(),
            version: 1,
            remove: Permission::Allowed,
        }
    }

    #[test]
    fn f038_a_removed_row_stays_where_it_was_as_expired() {
        use AssignmentState::{Delivered, Expired};
        let shown = |items: &[AssignmentItem], ended: &[AssignmentItem]| {
            let all = with_ended(items, ended);
            all.into_iter().map(|item| (item.id.0.as_u128(), item.state)).collect::<Vec<_>>()
        };
        let list = [item(3, Delivered), item(2, Delivered), item(1, Delivered)];
        let gone = [item(2, Expired)];
        let wanted = [(3, Delivered), (2, Expired), (1, Delivered)];
        assert_eq!(shown(&list, &gone), wanted);
        assert_eq!(shown(&[list[0].clone(), list[2].clone()], &gone), wanted);
        assert_eq!(shown(&[], &gone), [(2, Expired)]);
    }

    #[test]
    fn f038_the_question_names_the_person_and_the_package() {
        assert!(question(&item(1, AssignmentState::Delivered)).starts_with("Remove Marketing Campaign from Requestor1?"));
    }
}

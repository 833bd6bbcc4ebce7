//! The tabs Incompatible access packages and Incompatible groups (F128, F129): the rules of a package, each with the number of people who
//! have both (F132).

use leptos::prelude::*;

use super::adding::{Adding, Choosing};
use super::{command, tabs, use_summary};
use crate::admin::confirm::Question;
use crate::admin::error_view::use_id;
use crate::admin::listing::{self, Address, Column, Empty, List, Listing, Look, row_menu};
use crate::admin::packages::package_list_head;
use crate::domain::id::PackageId;
use crate::domain::incompatibility::{Counterpart, CounterpartKind, IncompatibilityItem, IncompatibilityQuery};
use crate::paths::{self, GroupPage, PackagePage, SeparationPage};
use crate::rpc::AppError;
use crate::rpc::incompatibilities::{list_incompatibilities, remove_incompatibility};
use crate::ui::*;

type Rules = List<IncompatibilityQuery, IncompatibilityItem>;

/// The packages that exclude a package.
pub static INCOMPATIBLE_PACKAGES: Rules = List {
    look: Look {
        name: "incompatible-packages",
        title: "Incompatible access packages",
        about: "Whoever has one of these can't request this package or be assigned to it. It holds in this direction only.",
        top: None,
        path: |id| Some(paths::separation(id.parse().ok()?, SeparationPage::Packages)),
        search: "",
        filters: &[],
        empty: |_| {
            let text = "Add an access package whose holders must not have this one too.";
            Empty::yet(Icon::Lock, "No incompatible access packages", text)
        },
    },
    query: |address| query(address, CounterpartKind::Package),
    columns: &[
        Column::view("Access package", |item| item.name.clone(), name),
        Column::text("Catalog", |item| {
            item.catalog.as_ref().map_or_else(String::new, |catalog| catalog.name.clone())
        }),
        ADDITIONAL,
        EXCEPTED,
        Column::text("Added by", |item| item.added_by.clone()),
        Column::time("Added", |item: &IncompatibilityItem| Some(item.added_at)),
    ],
    opens: None,
};

/// The groups that exclude a package.
pub static INCOMPATIBLE_GROUPS: Rules = List {
    look: Look {
        name: "incompatible-groups",
        title: "Incompatible groups",
        about: "Whoever is a member of one of these can't request this package or be assigned to it.",
        top: None,
        path: |id| Some(paths::separation(id.parse().ok()?, SeparationPage::Groups)),
        search: "",
        filters: &[],
        empty: |_| {
            Empty::yet(
                Icon::Group,
                "No incompatible groups",
                "Add a group whose members must not have this package.",
            )
        },
    },
    query: |address| query(address, CounterpartKind::Group),
    columns: &[
        Column::view("Group", |item| item.name.clone(), name),
        ADDITIONAL,
        EXCEPTED,
        Column::text("Added by", |item| item.added_by.clone()),
        Column::time("Added", |item: &IncompatibilityItem| Some(item.added_at)),
    ],
    opens: None,
};

const ADDITIONAL: Column<IncompatibilityItem> =
    Column::view("Additional access", IncompatibilityItem::additional_text, additional).class("table-end");
const EXCEPTED: Column<IncompatibilityItem> = Column::number("Exceptions", |item: &IncompatibilityItem| item.exceptions.to_string());

fn query(address: &Address, kind: CounterpartKind) -> Option<IncompatibilityQuery> {
    Some(IncompatibilityQuery {
        package: address.id.parse().ok()?,
        kind,
        page: address.page.clone(),
    })
}

fn name(item: &IncompatibilityItem, _: &Address) -> AnyView {
    let href = match item.counterpart {
        Some(Counterpart::Package(id)) => paths::package(id, PackagePage::Overview),
        Some(Counterpart::Group(id)) => paths::group(id, GroupPage::Overview),
        None => return view! { <span class="muted">{item.name.clone()}</span> }.into_any(),
    };
    view! { <a class="list-link" href=href>{item.name.clone()}</a> }.into_any()
}

/// How many have both; leads to who they are.
fn additional(item: &IncompatibilityItem, address: &Address) -> AnyView {
    let text = item.additional_text();
    let Some(href) = people(item, address) else {
        return text.into_any();
    };
    view! { <a href=href>{text}<span class="sr-only">" people who have "{item.name.clone()}" too"</span></a> }.into_any()
}

fn people(item: &IncompatibilityItem, address: &Address) -> Option<String> {
    let page = paths::additional_access(address.id.parse().ok()?);
    Some(paths::with_query(&page, &[("rule", &item.id.to_string())]))
}

/// The tab Incompatible access packages.
#[component]
pub fn IncompatiblePackagesPage() -> AnyView {
    page(&INCOMPATIBLE_PACKAGES, CounterpartKind::Package)
}

/// The tab Incompatible groups.
#[component]
pub fn IncompatibleGroupsPage() -> AnyView {
    page(&INCOMPATIBLE_GROUPS, CounterpartKind::Group)
}

fn page(list: &'static Rules, kind: CounterpartKind) -> AnyView {
    let package = use_id::<PackageId>();
    let summary = use_summary();
    let rules = Listing::new(list, list_incompatibilities);
    let choosing = RwSignal::new(false);
    let adding = RwSignal::new(None::<Adding>);
    let removing = RwSignal::new(None::<IncompatibilityItem>);
    let reload = Callback::new(move |()| {
        rules.loading.refetch();
        summary.refetch();
    });
    let (id, label) = match kind {
        CounterpartKind::Package => ("add-package", "Add access package"),
        CounterpartKind::Group => ("add-group", "Add group"),
    };
    let add = move || command(summary, id, label, move || choosing.set(true));
    let address = rules.address();
    let actions = listing::actions(move |item: &IncompatibilityItem| actions(item, &address.get_untracked(), removing));
    view! {
        {tabs()}
        {package_list_head(rules, add)}
        {rules.rows(actions)}
        <Choosing kind=kind package=package open=choosing chosen=adding/>
        {super::adding::question(summary, adding, reload)}
        {removal(package, removing, reload)}
    }
    .into_any()
}

fn actions(item: &IncompatibilityItem, address: &Address, removing: RwSignal<Option<IncompatibilityItem>>) -> AnyView {
    let asked = item.clone();
    let remove = move || removing.set(Some(asked.clone()));
    let see = people(item, address).map(|href| view! { <MenuLink icon=Icon::People href=href>"See who has both"</MenuLink> }.into_any());
    let take = view! {
        <MenuItem icon=Icon::Delete danger=true nostrip:disabled_reason=item.remove.reason() on_click=remove>"Remove"</MenuItem>
    };
    row_menu(item.id, &item.name, see.into_iter().chain([take.into_any()]).collect())
}

/// The question before a rule is removed.
fn removal(package: Memo<Option<PackageId>>, removing: RwSignal<Option<IncompatibilityItem>>, reload: Callback<()>) -> AnyView {
    let toasts = use_toasts();
    Question::new(
        "remove-incompatibility",
        |item: &IncompatibilityItem| format!("Remove {}?", item.name),
        |item| removal_text(&item.name, item.exceptions),
        move |item: IncompatibilityItem| {
            let package = package.get_untracked();
            Box::pin(async move { remove_incompatibility(package.ok_or(AppError::NotFound)?, item.id).await })
        },
        move |item: IncompatibilityItem| {
            toasts.success(format!("{} is not incompatible any more", item.name), "", None);
            reload.run(());
        },
    )
    .gone(|item| format!("{} had been removed already", item.name), move |_| reload.run(()))
    .view(removing)
}

fn removal_text(name: &str, exceptions: i64) -> String {
    let ends = match exceptions {
        0 => String::new(),
        1 => " 1 exception ends with it.".to_owned(),
        count => format!(" {count} exceptions end with it."),
    };
    format!("{name} no longer keeps anybody from getting this package.{ends}")
}

#[cfg(test)]
mod tests {
    use super::removal_text;

    #[test]
    fn f128_the_question_says_what_ends_with_the_rule() {
        assert_eq!(removal_text("Audit", 0), "Audit no longer keeps anybody from getting this package.");
        assert!(removal_text("Audit", 1).ends_with("1 exception ends with it."));
        assert!(removal_text("Audit", 2).ends_with("2 exceptions end with it."));
    }
}

//! The tab Exceptions: who may have the package in spite of a rule, by whom, why and until when; granted and ended here.

use leptos::prelude::*;

use super::granting::{GrantPane, Granting};
use super::{command, tabs, use_summary};
use crate::admin::confirm::Question;
use crate::admin::error_view::use_id;
use crate::admin::listing::{self, Address, Column, Empty, List, Listing, Look, row_menu};
use crate::admin::packages::package_list_head;
use crate::admin::person::{person, said};
use crate::admin::timestamp::{day_and_distance, moment};
use crate::domain::id::PackageId;
use crate::domain::incompatibility::{ExceptionItem, ExceptionQuery, ExceptionState};
use crate::paths::{self, SeparationPage, UserReport};
use crate::rpc::AppError;
use crate::rpc::incompatibilities::{end_exception, list_exceptions};
use crate::ui::*;

/// Exceptions from a package's rules.
pub static EXCEPTIONS: List<ExceptionQuery, ExceptionItem> = List {
    look: Look {
        name: "exceptions",
        title: "Exceptions",
        about: "People who can get this package in spite of a rule, until the date that is given.",
        top: None,
        path: |id| Some(paths::separation(id.parse().ok()?, SeparationPage::Exceptions)),
        search: "",
        filters: &[],
        empty: |_| {
            let text = "Grant one where a person needs both for a time, with the reason.";
            Empty::yet(Icon::Key, "No exceptions", text)
        },
    },
    query: |address| {
        Some(ExceptionQuery {
            package: address.id.parse().ok()?,
            page: address.page.clone(),
        })
    },
    columns: &[
        Column::view("Name", |item| item.user.name.clone(), name),
        Column::filed("User name", |item| item.user_name.clone()),
        Column::text("In spite of", |item| item.name.clone()),
        Column::text("Reason", |item| item.reason.clone()),
        Column::view("Status", |item| item.state.label().to_owned(), state),
        Column::time_as("Until", |item: &ExceptionItem| Some(item.ends_at), day_and_distance),
        Column::text("Granted by", |item| item.granted_by.clone()),
        Column::time_as("Granted", |item: &ExceptionItem| Some(item.granted_at), moment),
    ],
    opens: None,
};

fn name(item: &ExceptionItem, _: &Address) -> AnyView {
    person(
        item.user.name.clone(),
        item.user_name.clone(),
        paths::report_user(item.user.id, UserReport::Packages),
        false,
    )
}

fn state(item: &ExceptionItem, _: &Address) -> AnyView {
    let tone = match item.state {
        ExceptionState::Active => Tone::Success,
        ExceptionState::Expired | ExceptionState::Ended => Tone::Neutral,
    };
    view! { <StatusDot tone=tone text=item.state.label()/> }.into_any()
}

/// The tab.
#[component]
pub fn ExceptionsPage() -> AnyView {
    let package = use_id::<PackageId>();
    let summary = use_summary();
    let exceptions = Listing::new(&EXCEPTIONS, list_exceptions);
    let granting = Granting::new();
    let ending = RwSignal::new(None::<ExceptionItem>);
    let reload = Callback::new(move |()| exceptions.loading.refetch());
    let actions = listing::actions(move |item: &ExceptionItem| {
        let asked = item.clone();
        let end = move || ending.set(Some(asked.clone()));
        let take = view! {
            <MenuItem icon=Icon::Dismiss danger=true nostrip:disabled_reason=item.end.reason() on_click=end>"End exception"</MenuItem>
        };
        row_menu(item.id, &item.user.name, vec![take.into_any()])
    });
    view! {
        {tabs()}
        {package_list_head(exceptions, move || command(summary, "grant-exception", "Grant exception", move || granting.open_for(None, None)))}
        {exceptions.rows(actions)}
        <GrantPane summary=summary granting=granting reload=reload/>
        {ending_question(package, ending, reload)}
    }
    .into_any()
}

/// The question before an exception is ended.
fn ending_question(package: Memo<Option<PackageId>>, ending: RwSignal<Option<ExceptionItem>>, reload: Callback<()>) -> AnyView {
    let toasts = use_toasts();
    Question::new(
        "end-exception",
        |_: &ExceptionItem| "End exception".to_owned(),
        |item| {
            format!(
                "{} can no longer get this package while having {}. If they have both already, they keep both.",
                said(&item.user.name, &item.user_name),
                item.name
            )
        },
        move |item: ExceptionItem| {
            let package = package.get_untracked();
            Box::pin(async move { end_exception(package.ok_or(AppError::NotFound)?, item.id).await })
        },
        move |item: ExceptionItem| {
            toasts.success("The exception has ended", item.user.name, None);
            reload.run(());
        },
    )
    .gone(
        |_| "The exception had gone with its rule already".to_owned(),
        move |_| reload.run(()),
    )
    .view(ending)
}

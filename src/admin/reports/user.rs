//! The head of the reports about one person: who it is, and the tabs.

use leptos::prelude::*;

use crate::admin::error_view::{loaded, use_id};
use crate::admin::page_title::PageTitle;
use crate::admin::person::said;
use crate::domain::id::UserId;
use crate::domain::report::ReportSubject;
use crate::paths::{self, UserReport};
use crate::rpc::Loading;
use crate::rpc::reports::report_user;
use crate::ui::*;

/// The head; `here` is the report that is shown below it.
pub(super) fn head(here: UserReport) -> AnyView {
    let id = use_id::<UserId>();
    let user: Loading<ReportSubject> = Loading::named(id, report_user);
    loaded(user, move |user| of(&user, here))
}

fn of(user: &ReportSubject, here: UserReport) -> AnyView {
    let id = user.user.id;
    let tab = |(label, report): (&'static str, UserReport)| TabLink::new(paths::report_user(id, report), label).current(report == here);
    let tabs: Vec<TabLink> = [
        ("Assigned", UserReport::Packages),
        ("Can request", UserReport::CanRequest),
        ("Resource assignments", UserReport::Resources),
    ]
    .into_iter()
    .map(tab)
    .collect();
    let title = match here {
        UserReport::Packages | UserReport::CanRequest => "Access packages for a user",
        UserReport::Resources => "Resource assignments for a user",
    };
    view! {
        <PageTitle text=format!("{title} - {}", user.user.name)/>
        <Breadcrumb items=vec![
            Crumb::link("Home", paths::ADMIN),
            Crumb::link("Identity Governance", paths::GOVERNANCE),
            Crumb::link("Reports", paths::REPORTS),
            Crumb::here(title),
        ]/>
        <PageHead title=title subtitle=said(&user.user.name, &user.user_name) icon=Icon::Person/>
        <TabLinks label="Reports of a user" items=tabs/>
    }
    .into_any()
}

//! The reports that there are.

use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

use crate::admin::error_view::{loaded, permitted};
use crate::admin::frame::use_viewer;
use crate::admin::home::area;
use crate::admin::page_title::PageTitle;
use crate::admin::pickers::UserPicker;
use crate::domain::id::{Named, UserId};
use crate::paths::{self, UserReport};
use crate::ui::*;

/// Reports, for those who may see them.
#[component]
pub fn ReportsPage() -> AnyView {
    loaded(use_viewer(), |viewer| permitted(&viewer.reports, reports))
}

fn reports() -> AnyView {
    let choosing = RwSignal::new(None::<UserReport>);
    let open = RwSignal::new(false);
    let navigate = use_navigate();
    let choose = move |report: UserReport| {
        choosing.set(Some(report));
        open.set(true);
    };
    let go = move |users: Vec<Named<UserId>>| {
        if let (Some(user), Some(report)) = (users.first(), choosing.get_untracked()) {
            open.set(false);
            navigate(&paths::report_user(user.id, report), leptos_router::NavigateOptions::default());
        }
    };
    view! {
        <PageTitle text="Reports"/>
        <Breadcrumb items=vec![
            Crumb::link("Home", paths::ADMIN),
            Crumb::link("Identity Governance", paths::GOVERNANCE),
            Crumb::here("Reports"),
        ]/>
        <PageHead title="Reports" subtitle="Who has what, why, and who had it. Each report can be had as a file.".to_owned() icon=Icon::Document/>
        <CommandBar>
            <Button icon=Icon::Person on_click=move || choose(UserReport::Packages)>"Access packages for a user"</Button>
            <Button icon=Icon::Key on_click=move || choose(UserReport::Resources)>"Resource assignments for a user"</Button>
        </CommandBar>
        <div class="cols-2">
            {area(Icon::Calendar, paths::REPORT_DAY, "Who had access on a day", "Every assignment that held at some time of a day, also of packages and people that are gone.")}
            {area(Icon::Package, paths::REPORT_ACTIVITY, "Access package activity", "Requests, deliveries and ends of each package over a time.")}
            {area(Icon::Catalog, paths::REPORT_UNUSED, "Unused access packages", "Packages that nobody has and nobody has asked for in a while.")}
            {area(Icon::Lock, paths::REPORT_CONFLICTS, "Conflicts", "Who has things that separation of duties keeps apart, with an exception or without.")}
            {area(Icon::History, paths::AUDIT, "Audit logs", "Who did what to what, and when.")}
        </div>
        <UserPicker name="report-user" title="Select a user" open=open single=true on_select=go/>
    }
    .into_any()
}

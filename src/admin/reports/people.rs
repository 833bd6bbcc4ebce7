//! Who has what: the packages of a person and what they could ask for (F169), their resource roles by every way (F170), and who had access
//! on a day.

use leptos::prelude::*;

use super::user::head;
use crate::admin::listing::{Address, Column, Empty, Filter, List, Listing, Look};
use crate::admin::person::person;
use crate::admin::timestamp::{day, day_and_distance};
use crate::domain::assignment::EndReason;
use crate::domain::object::ObjectKind;
use crate::domain::report::{AccessItem, AccessQuery, HeldItem, HeldQuery, RequestableItem, RequestableQuery};
use crate::paths::{self, PackagePage, UserReport};
use crate::rpc::reports::{report_access, report_held, report_requestable};
use crate::ui::*;

/// The packages that a person has and had.
pub static USER_PACKAGES: List<AccessQuery, AccessItem> = List {
    look: Look {
        name: "user-packages",
        title: "Assigned",
        about: "Every access package that this person has or had, newest first.",
        top: None,
        path: |id| Some(paths::report_user(id.parse().ok()?, UserReport::Packages)),
        search: "",
        filters: &[],
        empty: |_| Empty::yet(Icon::Package, "No access package", "This person has none and never had one."),
    },
    query: |address| {
        Some(AccessQuery {
            user: Some(address.id.parse().ok()?),
            page: address.page.clone(),
            ..AccessQuery::default()
        })
    },
    columns: &[
        Column::view("Access package", |item| item.package.name.clone(), package),
        Column::text("Catalog", |item| item.catalog.name.clone()),
        Column::text("Policy", |item| item.policy.name.clone()),
        Column::text("Status", |item| item.state.label().to_owned()),
        Column::time_as("From", |item| Some(item.starts_at), day),
        Column::time_as("Until", |item: &AccessItem| item.ends_at, day_and_distance).or("Without end"),
        Column::text("Ended because", |item: &AccessItem| {
            item.end_reason.map(EndReason::label).unwrap_or_default().to_owned()
        }),
        Column::view("Request", |item| item.request.to_string(), request),
    ],
    opens: None,
};

/// The packages that a person could ask for.
pub static USER_CAN_REQUEST: List<RequestableQuery, RequestableItem> = List {
    look: Look {
        name: "user-can-request",
        title: "Can request",
        about: "Every access package that My Access offers this person now.",
        top: None,
        path: |id| Some(paths::report_user(id.parse().ok()?, UserReport::CanRequest)),
        search: "Search access packages",
        filters: &[],
        empty: |_| {
            Empty::yet(
                Icon::Package,
                "Nothing to request",
                "No policy lets this person request a package that they don't have.",
            )
        },
    },
    query: |address| {
        Some(RequestableQuery {
            user: address.id.parse().ok()?,
            search: address.search.clone(),
            page: address.page.clone(),
        })
    },
    columns: &[
        Column::view(
            "Access package",
            |item| item.package.name.clone(),
            |item, _| {
                view! { <a class="list-link" href=paths::package(item.package.id, PackagePage::Overview)>{item.package.name.clone()}</a> }
                    .into_any()
            },
        ),
        Column::text("Description", |item| item.description.clone()),
        Column::text("Request", |item| if item.asked { "Under way" } else { "None" }.to_owned()),
    ],
    opens: None,
};

/// The resource roles that a person holds, one row for each way that gives one.
pub static USER_RESOURCES: List<HeldQuery, HeldItem> = List {
    look: Look {
        name: "user-resources",
        title: "Resource assignments",
        about: "Every role of a group, application or site that this person holds now, with each way that gives it, and what would be left \
                if that way ended.",
        top: None,
        path: |id| Some(paths::report_user(id.parse().ok()?, UserReport::Resources)),
        search: "",
        filters: &[Filter::given("object", "This resource only")],
        empty: |_| {
            Empty::yet(
                Icon::Key,
                "No resource role",
                "This person holds no role of a group, an application or a site.",
            )
        },
    },
    query: |address| {
        Some(HeldQuery {
            user: address.id.parse().ok()?,
            object: address.word("object"),
        })
    },
    columns: &[
        Column::view("Resource", |item| item.object.name.clone(), resource),
        Column::text("Role", |item| item.role.name.clone()),
        Column::view("Given by", given_by, way),
        Column::text("Policy", |item| {
            item.policy.as_ref().map_or_else(String::new, |policy| policy.name.clone())
        }),
        Column::time_as("From", |item| item.since, day),
        Column::time_as("Until", |item: &HeldItem| item.until, day_and_distance).or("Without end"),
        Column::number("Other ways", |item| item.others.to_string()),
        Column::text("If it ended", |item| item.remains.label().to_owned()),
    ],
    opens: None,
};

/// Who had access on a day.
pub static ACCESS_ON_DAY: List<AccessQuery, AccessItem> = List {
    look: Look {
        name: "access-on-day",
        title: "Who had access on a day",
        about: "Choose a day: every assignment that held at some time of it (UTC). Without one, every assignment there ever was.",
        top: Some((
            Icon::Calendar,
            &[("Identity Governance", paths::GOVERNANCE), ("Reports", paths::REPORTS)],
        )),
        path: |_| Some(paths::REPORT_DAY.to_owned()),
        search: "Search by user",
        filters: &[Filter::date("day", "Day (UTC)"), Filter::given("package", "This package only")],
        empty: |_| Empty::found("Nobody had access", "Choose another day, or search for another name."),
    },
    query: |address| {
        Some(AccessQuery {
            user: None,
            package: address.word("package"),
            day: address.day("day"),
            search: address.search.clone(),
            page: address.page.clone(),
        })
    },
    columns: &[
        Column::view("User", |item| item.user.name.clone(), who),
        Column::filed("User name", |item| item.user_name.clone()),
        Column::view("Access package", |item| item.package.name.clone(), package),
        Column::text("Catalog", |item| item.catalog.name.clone()),
        Column::text("Policy", |item| item.policy.name.clone()),
        Column::time_as("From", |item| Some(item.starts_at), day),
        Column::time_as("Until", |item: &AccessItem| item.ends_at, day_and_distance).or("Without end"),
        Column::view("Request", |item| item.request.to_string(), request),
    ],
    opens: None,
};

fn who(item: &AccessItem, _: &Address) -> AnyView {
    let href = paths::report_user(item.user.id, UserReport::Packages);
    person(item.user.name.clone(), item.user_name.clone(), href, false)
}

fn package(item: &AccessItem, _: &Address) -> AnyView {
    view! { <a href=paths::package(item.package.id, PackagePage::Overview)>{item.package.name.clone()}</a> }.into_any()
}

fn request(item: &AccessItem, _: &Address) -> AnyView {
    view! {
        <a href=paths::package_request(item.package.id, item.request)>
            "Details"<span class="sr-only">" of "{item.package.name.clone()}</span>
        </a>
    }
    .into_any()
}

fn resource(item: &HeldItem, _: &Address) -> AnyView {
    let kind = match item.kind {
        ObjectKind::Group => "Group",
        ObjectKind::Application => "Application",
        ObjectKind::Site => "Site",
    };
    view! {
        <span class="two-line">
            <a class="list-link" href=paths::object(item.kind, item.object.id)>{item.object.name.clone()}</a>
            <small>{kind}</small>
        </span>
    }
    .into_any()
}

/// What gives it, in one cell of the file.
fn given_by(item: &HeldItem) -> String {
    match &item.package {
        Some(package) => format!("Access package: {}", package.name),
        None if item.rule.is_empty() => item.by.label().to_owned(),
        None => format!("{}: {}", item.by.label(), item.rule),
    }
}

fn way(item: &HeldItem, _: &Address) -> AnyView {
    let (Some(package), Some(request)) = (&item.package, item.request) else {
        let rule = (!item.rule.is_empty()).then(|| view! { <small><code class="break">{item.rule.clone()}</code></small> });
        return view! { <span class="two-line"><span>{item.by.label()}</span>{rule}</span> }.into_any();
    };
    view! {
        <span class="two-line">
            <a href=paths::package(package.id, PackagePage::Overview)>{package.name.clone()}</a>
            <small><a href=paths::package_request(package.id, request)>"Request"<span class="sr-only">" of "{package.name.clone()}</span></a></small>
        </span>
    }
    .into_any()
}

/// The packages that a person has and had (F169).
#[component]
pub fn UserPackagesPage() -> AnyView {
    let rows = Listing::new(&USER_PACKAGES, report_access);
    view! {
        {head(UserReport::Packages)}
        {rows.head()}
        {rows.bar(())}
        {rows.rows(None)}
    }
    .into_any()
}

/// The packages that a person could ask for (F169).
#[component]
pub fn UserCanRequestPage() -> AnyView {
    let rows = Listing::new(&USER_CAN_REQUEST, report_requestable);
    view! {
        {head(UserReport::CanRequest)}
        {rows.head()}
        {rows.bar(())}
        {rows.rows(None)}
    }
    .into_any()
}

/// The resource roles that a person holds, and why (F170).
#[component]
pub fn UserResourcesPage() -> AnyView {
    let rows = Listing::new(&USER_RESOURCES, report_held);
    view! {
        {head(UserReport::Resources)}
        {rows.head()}
        {rows.bar(())}
        {rows.rows(None)}
    }
    .into_any()
}

/// Who had access on a day.
#[component]
pub fn DayPage() -> AnyView {
    let rows = Listing::new(&ACCESS_ON_DAY, report_access);
    view! {
        {rows.head()}
        {rows.bar(())}
        {rows.rows(None)}
    }
    .into_any()
}

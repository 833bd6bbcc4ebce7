//! The admin area's first page: where things are, and the shortest way to make one.

use leptos::prelude::*;

use super::error_view::loaded;
use super::frame::use_viewer;
use super::page_title::PageTitle;
use crate::paths;
use crate::rpc::viewer::Viewer;
use crate::ui::*;

/// Home.
#[component]
pub fn HomePage() -> AnyView {
    view! {
        <PageTitle text="Home"/>
        <PageHead title="Home" subtitle="Who is in the directory, and what they can get.".to_owned() icon=Icon::Home/>
        {loaded(use_viewer(), |viewer| ways(&viewer))}
    }
    .into_any()
}

/// Where the viewer can go from here, and what they can make.
fn ways(viewer: &Viewer) -> AnyView {
    let (users, groups, packages) = (viewer.users.is_allowed(), viewer.groups.is_allowed(), viewer.packages.is_allowed());
    let make = |may: bool, href: &'static str, label: &'static str| {
        may.then(|| view! { <LinkButton href=href icon=Icon::Add>{label}</LinkButton> })
    };
    let directory = viewer.directory.is_allowed().then(|| {
        view! {
            {area(Icon::Person, paths::USERS, "Users", "Accounts, profiles and directory roles of your people and guests.")}
            {area(Icon::Group, paths::GROUPS, "Groups", "Who belongs together, by hand or by a rule, and where each membership came from.")}
        }
    });
    let package_list = viewer.package_list.is_allowed().then(|| {
        let text = "What people can request: groups, applications and sites, with a policy.";
        area(Icon::Package, paths::PACKAGES, "Access packages", text)
    });
    let catalog_list = viewer.catalog_list.is_allowed().then(|| {
        area(
            Icon::Catalog,
            paths::CATALOGS,
            "Catalogs",
            "The resources that access packages are made of.",
        )
    });
    view! {
        <CommandBar>
            {make(users, paths::USER_NEW, "New user")}
            {make(groups, paths::GROUP_NEW, "New group")}
            {make(packages, paths::PACKAGE_NEW, "New access package")}
        </CommandBar>
        <div class="cols-2">
            {directory}
            {package_list}
            {catalog_list}
        </div>
    }
    .into_any()
}

/// A card that leads to a part of the area.
pub fn area(icon: Icon, href: &'static str, title: &'static str, text: &'static str) -> AnyView {
    view! {
        <a class="area-card" href=href>
            <span class="page-icon"><Glyph icon=icon/></span>
            <span class="two-line">
                <strong>{title}</strong>
                <small>{text}</small>
            </span>
        </a>
    }
    .into_any()
}

/// A card that counts what lies behind it.
pub fn count_card(label: &'static str, count: i64, href: String) -> AnyView {
    view! {
        <a class="area-card count-card" href=href>
            <strong class="count">{count.to_string()}</strong>
            <span>{label}</span>
        </a>
    }
    .into_any()
}

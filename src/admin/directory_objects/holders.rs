//! Who has access to an application or site: each person with the roles that they hold, and through what.

use leptos::prelude::*;

use super::blade::use_object;
use crate::admin::error_view::loaded_quietly;
use crate::admin::listing::{Address, Column, Empty, List, Listing, Look, actions, row_menu};
use crate::admin::person::person;
use crate::admin::reports::why;
use crate::admin::timestamp::day;
use crate::domain::directory_object::{HeldObjectRole, ObjectHolder, ObjectHolderQuery, RoleCount};
use crate::paths::{self, ObjectPage, PackagePage};
use crate::rpc::directory_objects::list_object_holders;
use crate::ui::*;

/// Who has access to an application.
pub static APPLICATION_HOLDERS: List<ObjectHolderQuery, ObjectHolder> = List {
    look: Look {
        name: "application-holders",
        title: "Who has access",
        about: "People who hold a role of this application now.",
        top: None,
        path: |id| Some(paths::application(id.parse().ok()?, ObjectPage::Holders)),
        search: "Search people",
        filters: &[],
        empty,
    },
    query,
    columns: COLUMNS,
    opens: None,
};

/// Who has access to a site.
pub static SITE_HOLDERS: List<ObjectHolderQuery, ObjectHolder> = List {
    look: Look {
        name: "site-holders",
        title: "Who has access",
        about: "People who hold a role of this site now.",
        top: None,
        path: |id| Some(paths::site(id.parse().ok()?, ObjectPage::Holders)),
        search: "Search people",
        filters: &[],
        empty,
    },
    query,
    columns: COLUMNS,
    opens: None,
};

const COLUMNS: &[Column<ObjectHolder>] = &[
    Column::view(
        "Name",
        |holder| holder.user.name.clone(),
        |holder, _| {
            person(
                holder.user.name.clone(),
                holder.user_name.clone(),
                paths::user(holder.user.id),
                false,
            )
        },
    ),
    Column::filed("User name", |holder| holder.user_name.clone()),
    Column::view(
        "Role",
        |holder| each(holder, |role| role.name.clone()),
        |holder, _| lines(holder, |role| role.name.clone().into_any()),
    ),
    Column::view(
        "Source",
        |holder| each(holder, HeldObjectRole::sources),
        |holder, _| lines(holder, sources),
    ),
    Column::view(
        "Until",
        |holder| each(holder, until_text),
        |holder, _| lines(holder, |role| role.until.map_or_else(|| "No end".into_any(), day)),
    ),
];

fn query(address: &Address) -> Option<ObjectHolderQuery> {
    Some(ObjectHolderQuery {
        object: address.id.parse().ok()?,
        role: address.word("role"),
        search: address.search.clone(),
        page: address.page.clone(),
    })
}

fn empty(address: &Address) -> Empty {
    if address.is_narrowed() {
        Empty::found("Nobody matches", "Try the beginning of a name or user name.")
    } else {
        Empty::yet(
            Icon::People,
            "Nobody has access yet",
            "Give a role of it in an access package that people request.",
        )
    }
}

fn each(holder: &ObjectHolder, text: fn(&HeldObjectRole) -> String) -> String {
    holder.roles.iter().map(text).collect::<Vec<_>>().join(" | ")
}

fn until_text(role: &HeldObjectRole) -> String {
    role.until
        .map_or_else(|| "No end".to_owned(), |until| until.format("%Y-%m-%d %H:%M:%S").to_string())
}

/// A line for each role, as high as in the other columns.
fn lines(holder: &ObjectHolder, view: fn(&HeldObjectRole) -> AnyView) -> AnyView {
    holder
        .roles
        .iter()
        .map(|role| view! { <div class="break">{view(role)}</div> })
        .collect_any()
        .into_any()
}

fn sources(role: &HeldObjectRole) -> AnyView {
    if role.packages.is_empty() {
        return role.sources().into_any();
    }
    let packages = role.packages.iter().map(|package| {
        view! { <a href=paths::package(package.id, PackagePage::Overview)>"Package: " {package.name.clone()}</a> " " }
    });
    view! {
        {role.direct.then_some("Direct; ")}
        {packages.collect_any()}
    }
    .into_any()
}

/// Who has access to an application.
#[component]
pub fn ApplicationHoldersPage() -> AnyView {
    page(&APPLICATION_HOLDERS)
}

/// Who has access to a site.
#[component]
pub fn SiteHoldersPage() -> AnyView {
    page(&SITE_HOLDERS)
}

fn page(list: &'static List<ObjectHolderQuery, ObjectHolder>) -> AnyView {
    let object = use_object();
    let holders = Listing::new(list, list_object_holders);
    view! {
        {holders.head()}
        {holders.bar(loaded_quietly(object, move |object| role_links(object.roles, list)))}
        {loaded_quietly(object, move |object| {
            let id = object.item.id;
            holders.rows(actions(move |holder: &ObjectHolder| row_menu(holder.user.id, &holder.user.name, vec![why(holder.user.id, id)])))
        })}
    }
    .into_any()
}

/// Narrows to one role; the roles are the object's own.
fn role_links(roles: Vec<RoleCount>, list: &'static List<ObjectHolderQuery, ObjectHolder>) -> AnyView {
    if roles.len() < 2 {
        return ().into_any();
    }
    let here = leptos_router::hooks::use_params_map();
    let id = here.with_untracked(|here| here.get("id").unwrap_or_default());
    let path = (list.look.path)(&id).unwrap_or_default();
    let all = path.clone();
    let item = move |role: RoleCount| {
        let href = paths::with_query(&path, &[("role", &role.id.to_string())]);
        view! { <MenuLink href=href>{role.name}</MenuLink> }
    };
    view! {
        <Menu id="filter-role" label="Role".to_owned() icon=Icon::Filter>
            <MenuLink href=all>"All roles"</MenuLink>
            {roles.into_iter().map(item).collect_any()}
        </Menu>
    }
    .into_any()
}

//! Roles of the directory: who is Global, Identity Governance or User administrator, and who may create catalogs (F163).

use std::sync::Arc;

use leptos::prelude::*;

use super::confirm::Doing;
use super::error_view::loaded_quietly;
use super::impact::AskImpact;
use super::listing::{self, Empty, Filter, List, Listing, Look};
use super::role_holders::{COLUMNS, Calls, Changing, options};
use crate::domain::access::Role;
use crate::domain::impact::RoleChange;
use crate::domain::object::Subject;
use crate::domain::role_assignment::{DIRECTORY_ROLES, RoleHolder, RoleQuery, RoleSummary, purpose};
use crate::domain::text::StringEnum;
use crate::paths;
use crate::rpc::Loading;
use crate::rpc::impact::{catalog_creator_impact, directory_role_impact};
use crate::rpc::roles::{
    add_catalog_creators, give_directory_role, list_directory_roles, remove_catalog_creator, summarize_directory_roles, take_directory_role,
};
use crate::ui::*;

/// Who holds the roles of the directory.
pub static ROLES: List<RoleQuery, RoleHolder> = List {
    look: Look {
        name: "roles",
        title: "Roles and administrators",
        about: "Who administers users, groups and governance, directly or through a group.",
        top: Some((Icon::Shield, &[])),
        path: |_| Some(paths::ROLES.to_owned()),
        search: "Search users and groups",
        filters: &[Filter::menu("role", "Role", || options(DIRECTORY_ROLES))],
        empty: |address| {
            if address.is_narrowed() {
                Empty::found("Nobody matches", "Try the beginning of a name, or another role.").next(paths::ROLES, "Show all")
            } else {
                Empty::yet(
                    Icon::Shield,
                    "Nobody holds a role",
                    "Give one to users or groups with the buttons above.",
                )
            }
        },
    },
    query: |address| {
        Some(RoleQuery {
            catalog: None,
            role: address.word("role"),
            search: address.search.clone(),
            page: address.page.clone(),
        })
    },
    columns: COLUMNS,
    opens: None,
};

crate::ui::part! {
    /// The page of the directory's roles.
    pub enum DirectoryRoles in directory_roles {
        Page => DirectoryRolesPage,
    }
}

/// Roles and administrators of the directory.
#[component]
pub fn DirectoryRolesPage() -> AnyView {
    let holders = Listing::new(&ROLES, list_directory_roles);
    let summary = Loading::once(summarize_directory_roles);
    let changing = Changing::new();
    let give = |(role, holders): (Role, Vec<Subject>)| -> Doing<usize> {
        match role {
            Role::CatalogCreator => Box::pin(add_catalog_creators(holders)),
            _ => Box::pin(give_directory_role(role, holders)),
        }
    };
    let take = |holder: RoleHolder| -> Doing {
        match holder.role {
            Role::CatalogCreator => Box::pin(remove_catalog_creator(holder.id)),
            _ => Box::pin(take_directory_role(holder.id)),
        }
    };
    let calls = Calls {
        give: Callback::new(give),
        take: Callback::new(take),
        impact: |holder, _| impact_of(holder.role, RoleChange::Take(holder.id)),
        gain: Some(|gift| impact_of(gift.role, RoleChange::Give(gift.role, gift.holders.clone()))),
        of: Signal::stored(None),
        refresh: Callback::new(move |()| {
            holders.loading.refetch();
            summary.refetch();
        }),
    };
    view! {
        {holders.head()}
        {loaded_quietly(summary, cards)}
        {holders.bar(loaded_quietly(summary, move |roles| {
            changing.buttons(roles.into_iter().map(|summary| (summary.role, summary.give)).collect())
        }))}
        {holders.rows(listing::actions(move |holder| changing.actions(holder)))}
        {changing.dialogs(calls)}
    }
    .into_any()
}

/// What a change of who holds a role would do.
fn impact_of(role: Role, change: RoleChange) -> AskImpact {
    Arc::new(move |more| match role {
        Role::CatalogCreator => Box::pin(catalog_creator_impact(change.clone(), more)),
        _ => Box::pin(directory_role_impact(change.clone(), more)),
    })
}

/// A card for each role: what it is for, and how many hold it.
fn cards(roles: Vec<RoleSummary>) -> AnyView {
    let card = |summary: RoleSummary| {
        let href = paths::with_query(paths::ROLES, &[("role", summary.role.as_str())]);
        view! {
            <a class="area-card" href=href>
                <strong class="count">{summary.holders.to_string()}</strong>
                <span class="two-line">
                    <strong>{summary.role.label()}</strong>
                    <small>{purpose(summary.role)}</small>
                </span>
            </a>
        }
    };
    view! { <div class="cols-2">{roles.into_iter().map(card).collect_any()}</div> }.into_any()
}

//! A catalog's Roles and administrators (F052): who owns, reads and manages it.

use std::sync::Arc;

use leptos::prelude::*;

use super::blade::use_catalog;
use crate::admin::confirm::Doing;
use crate::admin::error_view::{loaded_quietly, use_id};
use crate::admin::listing::{self, Empty, Filter, List, Listing, Look};
use crate::admin::role_holders::{COLUMNS, Calls, Changing, options};
use crate::domain::access::Role;
use crate::domain::catalog::CatalogDetail;
use crate::domain::id::CatalogId;
use crate::domain::object::Subject;
use crate::domain::role_assignment::{self, RoleHolder, RoleQuery};
use crate::paths::{self, CatalogPage};
use crate::rpc::AppError;
use crate::rpc::impact::catalog_role_impact;
use crate::rpc::roles::{give_catalog_role, list_catalog_roles, take_catalog_role};
use crate::ui::*;

/// Who holds the roles of a catalog.
pub static CATALOG_ROLES: List<RoleQuery, RoleHolder> = List {
    look: Look {
        name: "catalog-roles",
        title: "Roles and administrators",
        about: "Users, and members of groups, who own, read or manage this catalog alone.",
        top: None,
        path: |id| Some(paths::catalog(id.parse().ok()?, CatalogPage::Roles)),
        search: "Search users and groups",
        filters: &[Filter::menu("role", "Role", || options(role_assignment::CATALOG_ROLES))],
        empty: |address| {
            if address.is_narrowed() {
                Empty::found("Nobody matches", "Try the beginning of a name, or another role.")
            } else {
                let text = "Administrators of the directory manage it. Add an owner to share the work out.";
                Empty::yet(Icon::Shield, "Nobody holds a role in this catalog", text)
            }
        },
    },
    query: |address| {
        Some(RoleQuery {
            catalog: Some(address.id.parse().ok()?),
            role: address.word("role"),
            search: address.search.clone(),
            page: address.page.clone(),
        })
    },
    columns: COLUMNS,
    opens: None,
};

/// Roles and administrators.
#[component]
pub fn CatalogRolesPage() -> AnyView {
    let catalog = use_catalog();
    let id = use_id::<CatalogId>();
    let holders = Listing::new(&CATALOG_ROLES, list_catalog_roles);
    let changing = Changing::new();
    let give = move |(role, holders): (Role, Vec<Subject>)| -> Doing<usize> {
        let catalog = id.get_untracked();
        Box::pin(async move { give_catalog_role(catalog.ok_or(AppError::NotFound)?, role, holders).await })
    };
    let take = move |holder: RoleHolder| -> Doing {
        let catalog = id.get_untracked();
        Box::pin(async move { take_catalog_role(catalog.ok_or(AppError::NotFound)?, holder.id).await })
    };
    let calls = Calls {
        give: Callback::new(give),
        take: Callback::new(take),
        impact: |holder, catalog| {
            let id = holder.id;
            Arc::new(move |more| Box::pin(catalog_role_impact(catalog.into(), id, more)))
        },
        gain: None,
        of: Signal::derive(move || id.get().map(|id| id.0)),
        refresh: Callback::new(move |()| {
            holders.loading.refetch();
            // Whoever took a role of their own may do less from now on.
            catalog.refetch();
        }),
    };
    view! {
        {holders.head()}
        {holders.bar(loaded_quietly(catalog, move |catalog| changing.buttons(offered(&catalog))))}
        {holders.rows(listing::actions(move |holder| changing.actions(holder)))}
        {changing.dialogs(calls)}
    }
    .into_any()
}

fn offered(catalog: &CatalogDetail) -> Vec<(Role, crate::domain::refusal::Permission)> {
    let with = |role: &Role| (*role, catalog.manage_roles.clone());
    role_assignment::CATALOG_ROLES.iter().map(with).collect()
}

//! The Overview of an application or site: what it is, its roles with how many hold each, and the catalogs and packages that have it.

use leptos::prelude::*;

use super::blade::{page_of, use_object};
use crate::admin::error_view::loaded_below;
use crate::admin::timestamp::moment;
use crate::domain::directory_object::{DirectoryObjectDetail, DirectoryObjectItem, RoleCount};
use crate::domain::id::{CatalogId, Named};
use crate::paths::{self, CatalogPage, ObjectPage, PackagePage};
use crate::ui::*;

/// The Overview of an application or site.
#[component]
pub fn DirectoryObjectOverviewPage() -> AnyView {
    view! { {loaded_below(use_object(), overview)} }.into_any()
}

fn overview(object: DirectoryObjectDetail) -> AnyView {
    let or_none = |text: String| if text.is_empty() { "None".to_owned() } else { text };
    let item = object.item.clone();
    let (roles, catalogs, packages) = (
        roles(&item, object.roles.clone()),
        catalogs(object.catalogs.clone()),
        packages(&object),
    );
    view! {
        <div class="stack-24">
            <Card title="Properties">
                <PropertyList>
                    <Property label="Description">{or_none(item.description)}</Property>
                    <Property label="Address">{or_none(item.url)}</Property>
                    <Property label="Created">{moment(object.created_at)}</Property>
                </PropertyList>
            </Card>
            {roles}
            <Card title="Catalogs">{catalogs}</Card>
            <Card title="Access packages">{packages}</Card>
        </div>
    }
    .into_any()
}

fn roles(item: &DirectoryObjectItem, roles: Vec<RoleCount>) -> AnyView {
    let holders = page_of(item, ObjectPage::Holders);
    let row = move |role: RoleCount| {
        let href = paths::with_query(&holders, &[("role", &role.id.to_string())]);
        view! {
            <tr>
                <td><a class="list-link" href=href>{role.name}</a></td>
                <td class="table-end" data-label="People with access">{role.holders.to_string()}</td>
            </tr>
        }
    };
    view! {
        <section class="stack">
            <SectionTitle title="Roles"/>
            <Table
                caption="Roles"
                cards=true
                head=|| {
                    view! {
                        <HeadCell label="Role"/>
                        <HeadCell label="People with access" end=true/>
                    }
                }
            >
                {roles.into_iter().map(row).collect_any()}
            </Table>
        </section>
    }
    .into_any()
}

fn catalogs(catalogs: Vec<Named<CatalogId>>) -> AnyView {
    if catalogs.is_empty() {
        return view! { <p class="muted">"It is in no catalog that you can see. Add it on a catalog's Resources page."</p> }.into_any();
    }
    let link = |catalog: Named<CatalogId>| view! { <li><a href=paths::catalog(catalog.id, CatalogPage::Resources)>{catalog.name}</a></li> };
    view! { <ul class="stack-8">{catalogs.into_iter().map(link).collect_any()}</ul> }.into_any()
}

fn packages(object: &DirectoryObjectDetail) -> AnyView {
    let more = match object.unseen_packages {
        0 => None,
        1 => Some("1 more package that you can't see gives a role of it.".to_owned()),
        count => Some(format!("{count} more packages that you can't see give a role of it.")),
    };
    if object.packages.is_empty() && more.is_none() {
        return view! { <p class="muted">"No access package gives a role of it."</p> }.into_any();
    }
    let links = object.packages.iter().map(|package| {
        view! { <li><a href=paths::package(package.id, PackagePage::Overview)>{package.name.clone()}</a></li> }
    });
    view! {
        <ul class="stack-8">{links.collect_any()}</ul>
        {more.map(|more| view! { <p class="muted">{more}</p> })}
    }
    .into_any()
}

//! A group's Overview: how many belong to it, what it is, its rule, and the packages that give it.

use leptos::prelude::*;

use super::blade::use_group;
use super::labels::{kind_label, membership_label};
use crate::admin::error_view::loaded_quietly;
use crate::admin::home::count_card;
use crate::admin::timestamp::moment;
use crate::domain::group::GroupDetail;
use crate::domain::id::{Named, PackageId};
use crate::paths::{self, GroupPage, PackagePage};
use crate::ui::*;

/// A group's Overview.
#[component]
pub fn GroupOverviewPage() -> AnyView {
    view! { {loaded_quietly(use_group(), overview)} }.into_any()
}

fn overview(group: GroupDetail) -> AnyView {
    let item = group.item;
    let description = if item.description.is_empty() {
        "None".to_owned()
    } else {
        item.description
    };
    view! {
        <div class="stack-24">
            <div class="cols-2">
                {count_card(if group.members == 1 { "Member" } else { "Members" }, group.members, paths::group(item.id, GroupPage::Members))}
                {count_card(if group.owners == 1 { "Owner" } else { "Owners" }, group.owners, paths::group(item.id, GroupPage::Owners))}
            </div>
            <Card title="Properties">
                <PropertyList>
                    <Property label="Group type">{kind_label(item.kind)}</Property>
                    <Property label="Membership type">{membership_label(item.membership)}</Property>
                    <Property label="Group description">{description}</Property>
                    <Property label="Created">{moment(group.created_at)}</Property>
                </PropertyList>
            </Card>
            {group.rule.map(|rule| view! { <Card title="Rule"><p class="break"><code>{rule}</code></p></Card> })}
            <Card title="Access packages">{packages(group.packages)}</Card>
        </div>
    }
    .into_any()
}

fn packages(packages: Vec<Named<PackageId>>) -> AnyView {
    if packages.is_empty() {
        return view! { <p class="muted">"No access package gives a role of this group. Add it on a package's Resource roles page."</p> }
            .into_any();
    }
    view! {
        <ul class="stack-8">
            {packages
                .into_iter()
                .map(|package| view! { <li><a href=paths::package(package.id, PackagePage::Overview)>{package.name}</a></li> })
                .collect_any()}
        </ul>
    }
    .into_any()
}

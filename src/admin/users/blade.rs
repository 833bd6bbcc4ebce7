//! One user: the profile, and what can be done with the account.

use leptos::prelude::*;

use super::dialogs::{RestoreBar, UserCommands};
use super::labels::{kind_label, sign_in_label};
use crate::admin::error_view::{loaded, use_id};
use crate::admin::page_title::PageTitle;
use crate::admin::timestamp::moment;
use crate::domain::custom_attribute::CustomValue;
use crate::domain::id::{Named, UserId};
use crate::domain::user::UserDetail;
use crate::paths;
use crate::rpc::Loading;
use crate::rpc::users::get_user;
use crate::ui::*;

/// The user whose id stands in the page's address.
pub fn use_user() -> Loading<UserDetail> {
    let id = use_id();
    Loading::named(id, get_user)
}

/// The way to a user, or to a page of theirs.
pub fn user_crumbs(user: &UserDetail, page: Option<&str>) -> Vec<Crumb> {
    let mut crumbs = vec![Crumb::link("Home", paths::ADMIN), Crumb::link("Users", paths::USERS)];
    if user.item.deleted_at.is_some() {
        crumbs.push(Crumb::link("Deleted users", paths::USERS_DELETED));
    }
    let name = user.item.name.as_str();
    match page {
        Some(page) => crumbs.extend([Crumb::link(name, paths::user(user.item.id)), Crumb::here(page)]),
        None => crumbs.push(Crumb::here(name)),
    }
    crumbs
}

/// One user.
#[component]
pub fn UserPage() -> AnyView {
    let user = use_user();
    view! { {loaded(user, move |detail| profile(detail, Callback::new(move |()| user.refetch())))} }.into_any()
}

fn profile(user: UserDetail, reload: Callback<()>) -> AnyView {
    let item = user.item.clone();
    let deleted = item.deleted_at.is_some();
    let (tone, status) = if deleted {
        (Tone::Danger, "Deleted")
    } else {
        sign_in_label(item.enabled, item.has_password)
    };
    view! {
        <PageTitle text=item.name.clone()/>
        <Breadcrumb items=user_crumbs(&user, None)/>
        <PageHead
            title=item.name.clone()
            subtitle=item.user_name.clone()
            icon=Icon::Person
            chip=move || view! { <Chip tone=tone text=status/> }
        />
        {if deleted {
            view! { <RestoreBar user=user.clone() reload=reload/> }.into_any()
        } else {
            view! { <UserCommands user=user.clone() reload=reload/> }.into_any()
        }}
        {super::tabs::user_tabs(item.id, paths::user(item.id))}
        {facts(user)}
    }
    .into_any()
}

fn facts(user: UserDetail) -> AnyView {
    let item = user.item;
    let (tone, status) = if item.deleted_at.is_some() {
        (Tone::Neutral, "Can't sign in")
    } else {
        sign_in_label(item.enabled, item.has_password)
    };
    let manager = user.manager;
    let sponsors = user.sponsors;
    let custom = user.attributes;
    view! {
        <div class="stack-24">
            <Card title="Account">
                <PropertyList>
                    <Property label="Name">{item.name}</Property>
                    <Property label="User name">{item.user_name}</Property>
                    <Property label="Type">{kind_label(item.kind)}</Property>
                    <Property label="Directory role">{item.role.label()}</Property>
                    <Property label="Sign-in"><StatusDot tone=tone text=status/></Property>
                    <Property label="Created">{moment(user.created_at)}</Property>
                </PropertyList>
            </Card>
            <Card title="Job">
                <PropertyList>
                    <Property label="Job title">{or_none(item.job_title)}</Property>
                    <Property label="Department">{or_none(item.department)}</Property>
                    <Property label="Company">{or_none(user.company)}</Property>
                    <Property label="Office">{or_none(user.office)}</Property>
                    <Property label="Manager">
                        {match manager {
                            Some(manager) => view! { <a href=paths::user(manager.id)>{manager.name}</a> }.into_any(),
                            None => or_none(String::new()),
                        }}
                    </Property>
                    <Property label="Sponsors">{named(sponsors)}</Property>
                </PropertyList>
            </Card>
            <Card title="Contact">
                <PropertyList>
                    <Property label="Phone">{or_none(user.phone)}</Property>
                    <Property label="Mail">{or_none(user.mail)}</Property>
                </PropertyList>
            </Card>
            {custom_card(custom)}
        </div>
    }
    .into_any()
}

/// The custom attributes that are defined, if any are.
fn custom_card(values: Vec<CustomValue>) -> Option<AnyView> {
    let fact = |one: CustomValue| view! { <Property label=one.attribute.label>{or_none(one.value)}</Property> };
    (!values.is_empty()).then(|| {
        let facts = values.into_iter().map(fact).collect_view();
        view! { <Card title="Custom attributes"><PropertyList>{facts}</PropertyList></Card> }.into_any()
    })
}

/// People with a link each, or a quiet word that there are none.
fn named(people: Vec<Named<UserId>>) -> AnyView {
    if people.is_empty() {
        return or_none(String::new());
    }
    let each = people
        .into_iter()
        .map(|person| view! { <a class="break" href=paths::user(person.id)>{person.name}</a> });
    view! { <div class="stack-8">{each.collect_any()}</div> }.into_any()
}

/// A fact, or a quiet word that there is none.
fn or_none(text: String) -> AnyView {
    if text.is_empty() {
        view! { <span class="muted">"None"</span> }.into_any()
    } else {
        text.into_any()
    }
}

//! Policies: who may have the package and on what terms; the details of one open as a pane with an address.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::sentences;
use crate::admin::error_view::loaded_below;
use crate::admin::objects;
use crate::admin::packages::use_package;
use crate::domain::expiration::Expiration;
use crate::domain::id::PackageId;
use crate::domain::object::Subject;
use crate::domain::package::PackageDetail;
use crate::domain::policy::{PolicyItem, Scope};
use crate::paths::{self, GroupPage, PackagePage};
use crate::rpc::viewer_time;
use crate::ui::*;

const OPEN: &str = "policy";

/// The policies of a package (F024).
#[component]
pub fn PackagePoliciesPage() -> AnyView {
    loaded_below(use_package(), policies)
}

fn policies(package: PackageDetail) -> AnyView {
    let id = package.item.id;
    let rows = package.policies.iter().map(|policy| row(id, policy)).collect_any();
    view! {
        <div class="stack">
        <SectionTitle title="Policies" text="A policy says who can request the package, and when access that it gives ends."/>
        <Table
            caption="Policies"
            cards=true
            head=|| {
                view! {
                    <HeadCell label="Name"/>
                    <HeadCell label="Who can request"/>
                    <HeadCell label="Approval"/>
                    <HeadCell label="Expires"/>
                    <HeadCell label="Requests"/>
                    <HeadCell label="Active assignments" end=true/>
                }
            }
        >
            {rows}
        </Table>
        </div>
        <Details package=id policies=package.policies/>
    }
    .into_any()
}

fn href(package: PackageId, policy: Option<&PolicyItem>) -> String {
    let open = policy.map(|policy| policy.id.to_string()).unwrap_or_default();
    paths::with_query(&paths::package(package, PackagePage::Policies), &[(OPEN, &open)])
}

fn yes_no(yes: bool) -> &'static str {
    if yes { "Yes" } else { "No" }
}

/// The scope as the Requests tab of the wizard calls it.
fn scope(scope: Scope) -> &'static str {
    match scope {
        Scope::Specific => "Specific users and groups",
        Scope::AllMembers => "All members (excluding guests)",
        Scope::AllUsers => "All users (including guests)",
        Scope::Nobody => "None (administrator direct assignments only)",
    }
}

/// The expiration in a few words.
fn expires(expiration: Expiration, exact: impl Fn(chrono::DateTime<chrono::Utc>) -> String) -> String {
    match expiration {
        Expiration::OnDate(at) => format!("On {}", exact(at)),
        Expiration::Days(1) => "After 1 day".into(),
        Expiration::Days(days) => format!("After {days} days"),
        Expiration::Hours(1) => "After 1 hour".into(),
        Expiration::Hours(hours) => format!("After {hours} hours"),
        Expiration::Never => "Never".into(),
    }
}

fn row(package: PackageId, policy: &PolicyItem) -> AnyView {
    view! {
        <tr>
            <td><a class="list-link" data-noscroll="" href=href(package, Some(policy))>{policy.name.clone()}</a></td>
            <td data-label="Who can request">{scope(policy.scope)}</td>
            <td data-label="Approval">"Not required"</td>
            <td data-label="Expires">{expires(policy.expiration, viewer_time::exact_in_zone)}</td>
            <td data-label="Requests">{if policy.enabled { "Enabled" } else { "Not enabled" }}</td>
            <td data-label="Active assignments" class="table-end">{policy.assignments.to_string()}</td>
        </tr>
    }
    .into_any()
}

/// The pane of the policy that the URL names.
#[component]
fn Details(package: PackageId, policies: Vec<PolicyItem>) -> AnyView {
    let map = use_query_map();
    let policies = StoredValue::new(policies);
    let named = Memo::new(move |_| {
        let id = map.with(|map| map.get(OPEN));
        policies.with_value(|policies| policies.iter().find(|policy| Some(policy.id.to_string()) == id).cloned())
    });
    let is_open = move || named.with(Option::is_some);
    let open = RwSignal::new(untrack(is_open));
    Effect::new(move |_| open.set(is_open()));
    let title = move || named.with(|policy| policy.as_ref().map(|policy| policy.name.clone()).unwrap_or_default());
    view! {
        <Pane
            name="policy"
            title=Signal::derive(title)
            open=open
            inline_open=untrack(is_open)
            close_href=href(package, None)
        >
            {move || named.get().map(details)}
        </Pane>
    }
    .into_any()
}

fn details(policy: PolicyItem) -> AnyView {
    let lines = sentences::policy(&policy, viewer_time::lasts)
        .into_iter()
        .map(|line| view! { <p class="break">{line}</p> })
        .collect_any();
    let subjects = policy.subjects.iter().map(subject).collect_any();
    let named = !policy.subjects.is_empty();
    view! {
        <div class="stack-8">{lines}</div>
        <PropertyList>
            <Property label="Users who can request access">{scope(policy.scope)}</Property>
            <Property label="Require approval">"No"</Property>
            <Property label="Enable requests">{yes_no(policy.enabled)}</Property>
            <Property label="Access package assignments expire">{expires(policy.expiration, viewer_time::exact_in_zone)}</Property>
            <Property label="Active assignments">{policy.assignments}</Property>
        </PropertyList>
        {named.then(|| view! {
            <SectionTitle title="Users and groups"/>
            <ul class="panel-list">{subjects}</ul>
        })}
    }
    .into_any()
}

fn subject(item: &crate::domain::object::SubjectItem) -> AnyView {
    let (href, square) = match item.subject {
        Subject::User(id) => (paths::user(id), false),
        Subject::Group(id) => (paths::group(id, GroupPage::Overview), true),
    };
    let name = item.name.clone();
    let named = if item.deleted {
        view! { <span class="break">{name}</span> }.into_any()
    } else {
        view! { <a href=href class="break">{name}</a> }.into_any()
    };
    view! {
        <li>
            <Avatar name=item.name.clone() square=square/>
            <span class="two-line grow">{named}<small>{item.detail.clone()}</small></span>
            {item.deleted.then(objects::deleted)}
        </li>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f024_terms_in_a_few_words() {
        let exact = |at: chrono::DateTime<chrono::Utc>| at.to_rfc3339();
        assert_eq!(expires(Expiration::Days(30), exact), "After 30 days");
        assert_eq!(expires(Expiration::Hours(1), exact), "After 1 hour");
        assert_eq!(expires(Expiration::Never, exact), "Never");
    }
}

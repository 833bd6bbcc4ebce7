//! The details pane of a policy: everything that it says, stage by stage, whom it names, and what can be done with it.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::actions::Actions;
use super::list::href;
use crate::admin::error_view::loaded;
use crate::admin::objects;
use crate::domain::id::{PackageId, PolicyId};
use crate::domain::object::{Subject, SubjectItem};
use crate::domain::policy::{PolicyDetail, PolicyLine, describe, name_among};
use crate::paths::{self, GroupPage, PackagePage};
use crate::rpc::policies::get_policy;
use crate::rpc::{Loading, viewer_time};
use crate::ui::*;

/// The query that opens the pane.
pub(super) const OPEN: &str = "policy";

/// The pane of the policy that the URL names (F066).
#[component]
pub(super) fn Details(package: PackageId, actions: Actions) -> AnyView {
    let map = use_query_map();
    let named = Memo::new(move |_| {
        let id: Option<PolicyId> = map.with(|map| map.get(OPEN)).and_then(|id| id.parse().ok());
        id.and_then(|id| actions.find(id))
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
            close_href=href(package, "")
        >
            {move || {
                named.get().map(|policy| {
                    let detail = Loading::once(move || get_policy(policy.id));
                    loaded(detail, move |detail| details(detail, actions))
                })
            }}
        </Pane>
    }
    .into_any()
}

fn details(policy: PolicyDetail, actions: Actions) -> AnyView {
    let name = |subject: Subject| name_among(&policy.subjects, subject);
    let lines = describe(&policy.terms, &name, &viewer_time::exact_in_zone);
    let facts = lines.into_iter().map(fact).collect_any();
    let warnings = policy.warnings.iter().map(|text| warning(text.clone())).collect_any();
    let subjects = policy.subjects.iter().map(subject).collect_any();
    let history = paths::with_query(
        &paths::package(policy.package.id, PackagePage::History),
        &[("policy", &policy.id.to_string())],
    );
    let (named, scope) = (!policy.subjects.is_empty(), in_scope(&policy));
    view! {
        {commands(&policy, actions)}
        {warnings}
        <PropertyList>
            {facts}
            <Property label="People in scope now">{scope}</Property>
            <Property label="Active assignments">{policy.assignments}</Property>
            <Property label="Version">
                <a href=paths::policy_versions(policy.package.id, policy.id)>{format!("Version {}", policy.number)}</a>
            </Property>
            <Property label="History"><a href=history>"What was done to it, and by whom"</a></Property>
        </PropertyList>
        {named.then(|| view! {
            <SectionTitle title="Users and groups"/>
            <ul class="panel-list">{subjects}</ul>
        })}
    }
    .into_any()
}

/// How many fall under the policy, as one says it.
fn in_scope(policy: &PolicyDetail) -> String {
    match (policy.in_scope, policy.terms.requestor.enabled) {
        (count, true) => count.to_string(),
        (count, false) => format!("{count}, but new requests are not taken"),
    }
}

/// Edit, enable or disable, delete; each says why it can't be used.
fn commands(policy: &PolicyDetail, actions: Actions) -> AnyView {
    let (id, package) = (policy.id, policy.package.id);
    let edit = match policy.edit.reason() {
        None => view! { <LinkButton href=paths::policy_edit(package, id) icon=Icon::Edit>"Edit"</LinkButton> }.into_any(),
        reason => view! { <Button id="edit-policy" icon=Icon::Edit disabled_reason=Signal::stored(reason)>"Edit"</Button> }.into_any(),
    };
    let switch = if policy.terms.requestor.enabled { "Disable" } else { "Enable" };
    view! {
        <div class="row">
            {edit}
            <Button
                id="switch"
                kind=ButtonKind::Subtle
                icon=Icon::Shield
                disabled_reason=Signal::stored(policy.edit.reason())
                on_click=move || actions.find(id).into_iter().for_each(|policy| actions.switch(policy))
            >
                {switch}
            </Button>
            <Button
                id="delete"
                kind=ButtonKind::Subtle
                icon=Icon::Delete
                disabled_reason=Signal::stored(policy.delete.reason())
                on_click=move || actions.find(id).into_iter().for_each(|policy| actions.delete(policy))
            >
                "Delete"
            </Button>
        </div>
    }
    .into_any()
}

/// One thing that a policy says.
fn fact(line: PolicyLine) -> AnyView {
    view! { <Property label=line.label><span class="break">{line.value}</span></Property> }.into_any()
}

/// What would be the matter with requests.
pub(super) fn warning(text: String) -> AnyView {
    view! { <MessageBar tone=Tone::Warning title="Look at who decides"><p>{text}</p></MessageBar> }.into_any()
}

fn subject(item: &SubjectItem) -> AnyView {
    let (href, square) = match item.subject {
        Subject::User(id) => (paths::user(id), false),
        Subject::Group(id) => (paths::group(id, GroupPage::Overview), true),
        Subject::Organization(id) => (paths::organization(id), true),
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

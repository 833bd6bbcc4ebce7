//! One row of the trail in its pane: who, from where, to what, old and new values, and the ways to what belongs to it.

use leptos::prelude::*;
use uuid::Uuid;

use super::list::result;
use crate::admin::error_view::loaded;
use crate::admin::timestamp::day_and_distance;
use crate::domain::access::PrincipalKind;
use crate::domain::audit::{AuditItem, AuditQuery, Change, Target, sentence};
use crate::paths::{self, CatalogPage, GroupPage, PackagePage};
use crate::rpc::Loading;
use crate::rpc::audit::list_audit;
use crate::ui::*;

/// The pane of the row that the URL names; `close` is the list without it.
#[component]
pub(super) fn AuditPane(row: Memo<Option<String>>, close: Signal<String>) -> AnyView {
    let is_open = move || row.with(Option::is_some);
    let open = RwSignal::new(untrack(is_open));
    Effect::new(move |_| open.set(is_open()));
    let item = Loading::new(row, async |row: Option<String>| {
        let Some(Ok(row)) = row.map(|row| row.parse::<Uuid>()) else {
            return Ok(None);
        };
        let query = AuditQuery {
            row: Some(row),
            ..AuditQuery::default()
        };
        Ok(list_audit(query).await?.items.pop())
    });
    view! {
        <Pane name="row" title="Details" open=open inline_open=untrack(is_open) close_href=close>
            {loaded(item, move |item| item.map_or_else(|| missing(untrack(is_open)), details))}
        </Pane>
    }
    .into_any()
}

/// What an open pane says without its row.
fn missing(open: bool) -> AnyView {
    open.then(|| view! { <MessageBar tone=Tone::Warning title="This row is not here. The link may be incomplete."/> })
        .into_any()
}

fn details(item: AuditItem) -> AnyView {
    let targets = item.targets.iter().map(target).collect_any();
    let changes = (!item.changes.is_empty()).then(|| changed(&item.changes));
    let actor = match (item.actor_kind, item.actor) {
        (PrincipalKind::User, Some(id)) => view! { <a href=paths::user(id.into())>{item.actor_name.clone()}</a> }.into_any(),
        _ => item.actor_name.clone().into_any(),
    };
    let of_actor = item
        .actor
        .map(|id| paths::with_query(paths::AUDIT, &[("actor", &id.to_string())]))
        .map(|href| view! { <a href=href>"Everything by this actor"</a> });
    view! {
        <PropertyList>
            <Property label="Activity">{item.activity.label()}</Property>
            <Property label="Result">{result(item.outcome)}</Property>
            <Property label="Date">{day_and_distance(item.at)}</Property>
            <Property label="Actor">{actor}</Property>
            {item.client.clone().map(|client| view! {
                <Property label="Through the client"><a class="break" href=paths::client(client.id)>{client.name}</a></Property>
            })}
            {(!item.address.is_empty()).then(|| view! { <Property label="Address">{item.address.clone()}</Property> })}
            {(!item.detail.is_empty()).then(|| view! { <Property label="Details"><span class="break">{item.detail.clone()}</span></Property> })}
            {item.seq.map(|seq| view! { <Property label="Number in the sealed trail">{seq.to_string()}</Property> })}
        </PropertyList>
        <section class="stack-8">
            <SectionTitle title="Targets"/>
            {item.targets.is_empty().then(|| view! { <p class="muted">"None"</p> })}
            <ul class="panel-list">{targets}</ul>
        </section>
        {changes}
        <section class="stack-8">
            <SectionTitle title="What belongs to it"/>
            <p><a href=paths::audit_chain(item.correlation)>"Everything of this chain"</a></p>
            <p>{of_actor}</p>
        </section>
    }
    .into_any()
}

fn target(target: &Target) -> AnyView {
    let kind = sentence(&target.kind);
    let name = if target.name.is_empty() {
        target.id.to_string()
    } else {
        target.name.clone()
    };
    let name = match page_of(target) {
        Some(href) => view! { <a class="break" href=href>{name}</a> }.into_any(),
        None => view! { <span class="break">{name}</span> }.into_any(),
    };
    view! {
        <li>
            <span class="two-line grow">
                {name}
                <small>{kind}</small>
            </span>
            <a href=paths::audit_of(target.id)>"History"<span class="sr-only">" of "{target.name.clone()}</span></a>
        </li>
    }
    .into_any()
}

/// The page of a target, where its kind has one.
fn page_of(target: &Target) -> Option<String> {
    match target.kind.as_str() {
        "user" => Some(paths::user(target.id.into())),
        "group" => Some(paths::group(target.id.into(), GroupPage::Overview)),
        "catalog" => Some(paths::catalog(target.id.into(), CatalogPage::Overview)),
        "package" => Some(paths::package(target.id.into(), PackagePage::Overview)),
        _ => None,
    }
}

fn changed(changes: &[Change]) -> AnyView {
    let head = || {
        view! {
            <HeadCell label="Property"/>
            <HeadCell label="Old value"/>
            <HeadCell label="New value"/>
        }
    };
    let value = |value: &str| match value {
        "" => view! { <span class="muted">"Empty"</span> }.into_any(),
        value => value.to_owned().into_any(),
    };
    let rows = changes
        .iter()
        .map(|change| {
            view! {
                <tr>
                    <td class="break">{sentence(&change.property)}</td>
                    <td class="break" data-label="Old value">{value(&change.old)}</td>
                    <td class="break" data-label="New value">{value(&change.new)}</td>
                </tr>
            }
            .into_any()
        })
        .collect_any();
    view! {
        <section class="stack-8">
            <SectionTitle title="Changed values"/>
            <Table caption="Changed values" head=head cards=true>{rows}</Table>
        </section>
    }
    .into_any()
}

//! Policies: who may have the package and on what terms, in the order in which they are offered; the details of one open as a pane with an
//! address.

use leptos::prelude::*;

use super::actions::Actions;
use super::details::Details;
use crate::admin::error_view::loaded_below;
use crate::admin::packages::use_package;
use crate::domain::id::PackageId;
use crate::domain::package::PackageDetail;
use crate::domain::policy::{PolicyItem, expires};
use crate::paths::{self, PackagePage};
use crate::rpc::viewer_time;
use crate::ui::*;

/// The policies of a package (F024, F065 to F067).
#[component]
pub fn PackagePoliciesPage() -> AnyView {
    let package = use_package();
    let reload = Callback::new(move |()| package.refetch());
    loaded_below(package, move |package| policies(package, reload))
}

fn policies(package: PackageDetail, reload: Callback<()>) -> AnyView {
    let id = package.item.id;
    let why_not = StoredValue::new(package.edit.reason());
    let actions = Actions::new(&package, reload);
    let rows = package.policies.iter().map(|policy| row(id, policy, actions)).collect_any();
    let list = if package.policies.is_empty() {
        let text = "Without a policy nobody can have this package. A policy says who can request it, who approves, and when access ends.";
        view! { <EmptyState icon=Icon::Shield title="No policies" text=text/> }.into_any()
    } else {
        table(rows)
    };
    view! {
        <div class="stack">
            <SectionTitle
                title="Policies"
                text="A policy says who can request the package, who approves, and when access that it gives ends."
            />
            <CommandBar>
                {if why_not.with_value(Option::is_none) {
                    view! { <LinkButton href=paths::policy_new(id) kind=ButtonKind::Primary icon=Icon::Add>"Add policy"</LinkButton> }.into_any()
                } else {
                    view! {
                        <Button
                            id="add-policy"
                            kind=ButtonKind::Primary
                            icon=Icon::Add
                            disabled_reason=Signal::derive(move || why_not.get_value())
                        >
                            "Add policy"
                        </Button>
                    }
                    .into_any()
                }}
                <Button kind=ButtonKind::Subtle icon=Icon::Refresh on_click=move || reload.run(())>"Refresh"</Button>
            </CommandBar>
            {list}
        </div>
        <Details package=id actions=actions/>
        {actions.questions()}
    }
    .into_any()
}

fn table(rows: Vec<AnyView>) -> AnyView {
    view! {
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
                    <HeadCell label="Actions" label_hidden=true/>
                }
            }
        >
            {rows}
        </Table>
    }
    .into_any()
}

/// The address of the list with one policy's details open, or none.
pub(super) fn href(package: PackageId, open: &str) -> String {
    paths::with_query(&paths::package(package, PackagePage::Policies), &[(super::details::OPEN, open)])
}

fn approval(stages: i64) -> String {
    match stages {
        0 => "Not required".into(),
        1 => "1 stage".into(),
        stages => format!("{stages} stages"),
    }
}

fn row(package: PackageId, policy: &PolicyItem, actions: Actions) -> AnyView {
    let enabled = match policy.enabled {
        true => view! { <StatusDot tone=Tone::Success text="Enabled"/> },
        false => view! { <StatusDot tone=Tone::Neutral text="Not enabled"/> },
    };
    view! {
        <tr>
            <td><a class="list-link" data-noscroll="" href=href(package, &policy.id.to_string())>{policy.name.clone()}</a></td>
            <td data-label="Who can request">{policy.scope.label()}</td>
            <td data-label="Approval">{approval(policy.stages)}</td>
            <td data-label="Expires">{expires(policy.expiration, viewer_time::exact_in_zone)}</td>
            <td data-label="Requests">{enabled}</td>
            <td data-label="Active assignments" class="table-end">{policy.assignments.to_string()}</td>
            <td class="cell-end">{actions.menu(policy)}</td>
        </tr>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f086_a_row_says_how_many_stages_decide() {
        assert_eq!(approval(0), "Not required");
        assert_eq!(approval(1), "1 stage");
        assert_eq!(approval(3), "3 stages");
    }
}

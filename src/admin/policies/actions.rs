//! What can be done with a policy from its row and from its details: edit, versions, enable or disable, its place in the order, delete.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::admin::confirm::Question;
use crate::admin::deletion;
use crate::domain::id::{PackageId, PolicyId};
use crate::domain::impact::PolicyChange;
use crate::domain::package::PackageDetail;
use crate::domain::policy::PolicyItem;
use crate::paths;
use crate::rpc::impact::policy_impact;
use crate::rpc::policies::{delete_policy, enable_policy, get_policy, order_policies};
use crate::ui::*;

/// The policies of a package, and what is asked about one. Copy it into rows and panes.
#[derive(Clone, Copy)]
pub(super) struct Actions {
    package: PackageId,
    policies: StoredValue<Vec<PolicyItem>>,
    may: bool,
    to_switch: RwSignal<Option<PolicyItem>>,
    to_delete: RwSignal<Option<PolicyItem>>,
    failed: RwSignal<Option<String>>,
    reload: Callback<()>,
}

impl Actions {
    pub fn new(package: &PackageDetail, reload: Callback<()>) -> Self {
        Self {
            package: package.item.id,
            policies: StoredValue::new(package.policies.clone()),
            may: package.edit.is_allowed(),
            to_switch: RwSignal::new(None),
            to_delete: RwSignal::new(None),
            failed: RwSignal::new(None),
            reload,
        }
    }

    /// The policy with this id, if the package has it.
    pub fn find(self, id: PolicyId) -> Option<PolicyItem> {
        self.policies
            .with_value(|policies| policies.iter().find(|policy| policy.id == id).cloned())
    }

    /// Asks whether to enable or disable it.
    pub fn switch(self, policy: PolicyItem) {
        self.to_switch.set(Some(policy));
    }

    /// Asks whether to delete it.
    pub fn delete(self, policy: PolicyItem) {
        self.to_delete.set(Some(policy));
    }

    /// The menu of a policy's row.
    pub fn menu(self, policy: &PolicyItem) -> AnyView {
        let id = policy.id;
        let (to_switch, to_delete) = (policy.clone(), policy.clone());
        let switch = if policy.enabled { "Disable" } else { "Enable" };
        let (first, last) = self.policies.with_value(|policies| {
            (
                policies.first().is_some_and(|policy| policy.id == id),
                policies.last().is_some_and(|policy| policy.id == id),
            )
        });
        let changes = move || {
            view! {
                <MenuLink href=paths::policy_edit(self.package, id) icon=Icon::Edit>"Edit"</MenuLink>
                <MenuItem icon=Icon::Shield on_click=move || self.switch(to_switch.clone())>{switch}</MenuItem>
                {(!first).then(|| view! { <MenuItem icon=Icon::ChevronUp on_click=move || self.step(id, -1)>"Move up"</MenuItem> })}
                {(!last).then(|| view! { <MenuItem icon=Icon::ChevronDown on_click=move || self.step(id, 1)>"Move down"</MenuItem> })}
                <MenuItem icon=Icon::Delete danger=true on_click=move || self.delete(to_delete.clone())>"Delete"</MenuItem>
            }
        };
        view! {
            <RowMenu id=["menu-", &id.to_string()].concat() label=policy.name.clone()>
                <MenuLink href=paths::policy_versions(self.package, id) icon=Icon::History>"Versions"</MenuLink>
                {self.may.then(changes)}
            </RowMenu>
        }
        .into_any()
    }

    /// Moves a policy by one place.
    fn step(self, id: PolicyId, by: isize) {
        let ids = self.policies.with_value(|policies| {
            let ids: Vec<PolicyId> = policies.iter().map(|policy| policy.id).collect();
            moved(ids, id, by)
        });
        spawn_local(async move {
            match order_policies(self.package, ids).await {
                Ok(()) => {
                    let _ = self.reload.try_run(());
                }
                Err(error) => {
                    let _ = self.failed.try_set(Some(error.text()));
                }
            }
        });
    }

    /// The dialogs, and what went wrong.
    pub fn questions(self) -> AnyView {
        view! {
            {move || self.failed.get().map(|text| view! { <MessageBar tone=Tone::Danger title=text/> })}
            {self.switching()}
            {self.deleting()}
        }
        .into_any()
    }

    fn switching(self) -> AnyView {
        let toasts = use_toasts();
        Question::new(
            "switch-policy",
            |policy: &PolicyItem| if policy.enabled { "Disable policy" } else { "Enable policy" }.to_owned(),
            switch_text,
            |policy: PolicyItem| {
                Box::pin(async move {
                    enable_policy(policy.id, policy.version, !policy.enabled).await?;
                    Ok(())
                })
            },
            move |policy: PolicyItem| {
                let done = if policy.enabled { "disabled" } else { "enabled" };
                toasts.success(format!("{} was {done}", policy.name), "", None);
                self.reload.run(());
            },
        )
        .impact(|policy: &PolicyItem| {
            let (id, enabled) = (policy.id, !policy.enabled);
            Arc::new(move |more| Box::pin(policy_impact(id, PolicyChange::Enable(enabled), more)))
        })
        .harmless(true)
        .view(self.to_switch)
    }

    fn deleting(self) -> AnyView {
        let toasts = use_toasts();
        Question::new(
            "delete-policy",
            |_: &PolicyItem| "Delete policy".to_owned(),
            |policy: &PolicyItem| {
                format!(
                    "Delete {}? Nobody can request under it any more. This can't be undone.",
                    policy.name
                )
            },
            |policy: PolicyItem| Box::pin(delete_policy(policy.id, policy.version)),
            move |policy: PolicyItem| {
                toasts.success(format!("{} was deleted", policy.name), "", None);
                self.reload.run(());
            },
        )
        .impact(|policy: &PolicyItem| {
            let id = policy.id;
            Arc::new(move |more| Box::pin(policy_impact(id, PolicyChange::Delete, more)))
        })
        .gone(|policy| deletion::gone(&policy.name), move |_| self.reload.run(()))
        .opening(|policy: PolicyItem, refusal: RwSignal<Option<String>>| {
            spawn_local(async move {
                if let Ok(detail) = get_policy(policy.id).await {
                    let _ = refusal.try_set(detail.delete.reason());
                }
            });
        })
        .view(self.to_delete)
    }
}

/// What enabling or disabling means.
fn switch_text(policy: &PolicyItem) -> String {
    if policy.enabled {
        format!("Disable {}? Nobody can request under it any more.", policy.name)
    } else {
        format!("Enable {}? People can request under it from now on.", policy.name)
    }
}

/// The ids with one of them moved by so many places.
fn moved(mut ids: Vec<PolicyId>, id: PolicyId, by: isize) -> Vec<PolicyId> {
    let at = ids.iter().position(|other| *other == id);
    if let Some((at, to)) = at.and_then(|at| Some((at, at.checked_add_signed(by)?)))
        && to < ids.len()
    {
        ids.swap(at, to);
    }
    ids
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f073_a_policy_moves_by_one_place_and_not_beyond_the_ends() {
        let ids: Vec<PolicyId> = (1..4).map(|number| PolicyId(uuid::Uuid::from_u128(number))).collect();
        assert_eq!(moved(ids.clone(), ids[1], -1), [ids[1], ids[0], ids[2]]);
        assert_eq!(moved(ids.clone(), ids[1], 1), [ids[0], ids[2], ids[1]]);
        assert_eq!(moved(ids.clone(), ids[0], -1), ids);
        assert_eq!(moved(ids.clone(), ids[2], 1), ids);
    }
}

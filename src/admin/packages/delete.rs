//! Deleting a package, from its row in the list and from its Overview. Who has it is named before Yes is pressed; the server asks again.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::admin::confirm::Question;
use crate::admin::deletion;
use crate::domain::id::PackageId;
use crate::domain::impact::PackageChange;
use crate::domain::incompatibility::deletion_text;
use crate::domain::package::PackageItem;
use crate::rpc::impact::package_impact;
use crate::rpc::packages::{delete_package, get_package};
use crate::ui::*;

/// The package that is asked about.
#[derive(Clone, PartialEq)]
pub(super) struct ToDelete {
    id: PackageId,
    name: String,
    version: i64,
    held: bool,
}

impl From<&PackageItem> for ToDelete {
    fn from(item: &PackageItem) -> Self {
        Self {
            id: item.id,
            name: item.name.clone(),
            version: item.version,
            held: item.active_assignments > 0,
        }
    }
}

/// The question "Delete access package" about the chosen one (F041, F042); `done` hears that it is not there any more.
pub(super) fn question(chosen: RwSignal<Option<ToDelete>>, done: Callback<()>) -> AnyView {
    let toasts = use_toasts();
    let rules = RwSignal::new(String::new());
    Question::new(
        "delete-package",
        |_: &ToDelete| "Delete access package".to_owned(),
        move |package: &ToDelete| {
            let text = format!("Delete {}? Nobody can request it any more. This can't be undone.", package.name);
            rules.with(|rules| {
                if rules.is_empty() {
                    text.clone()
                } else {
                    format!("{text} {rules}")
                }
            })
        },
        |package: ToDelete| Box::pin(delete_package(package.id, package.version)),
        move |package: ToDelete| {
            toasts.success(format!("{} was deleted", package.name), "", None);
            done.run(());
        },
    )
    .impact(|package: &ToDelete| {
        let id = package.id;
        Arc::new(move |more| Box::pin(package_impact(id, PackageChange::Delete, more)))
    })
    .gone(|package| deletion::gone(&package.name), move |_| done.run(()))
    .opening(move |package: ToDelete, refusal: RwSignal<Option<String>>| {
        rules.set(String::new());
        spawn_local(async move {
            if let Ok(detail) = get_package(package.id).await {
                let (own, naming) = detail.incompatibilities;
                let _ = rules.try_set(deletion_text(own, naming));
                if package.held {
                    let _ = refusal.try_set(detail.delete.reason());
                }
            }
        });
    })
    .view(chosen)
}

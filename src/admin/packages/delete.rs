//! Deleting a package, from its row in the list and from its Overview. Who has it is named before Yes is pressed; the server asks again.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::confirm::Confirm;
use crate::domain::id::PackageId;
use crate::domain::package::PackageItem;
use crate::rpc::packages::{delete_package, get_package};
use crate::ui::*;

/// The package that is asked about.
#[derive(Clone, PartialEq)]
pub(super) struct Doomed {
    id: PackageId,
    name: String,
    version: i64,
    held: bool,
}

impl From<&PackageItem> for Doomed {
    fn from(item: &PackageItem) -> Self {
        Self {
            id: item.id,
            name: item.name.clone(),
            version: item.version,
            held: item.active_assignments > 0,
        }
    }
}

/// The question "Delete access package"; it opens when `doomed` is set (F041, F042).
#[component]
pub(super) fn DeletePackage(doomed: RwSignal<Option<Doomed>>, on_deleted: Callback<()>) -> AnyView {
    let toasts = use_toasts();
    let open = RwSignal::new(false);
    let refusal = RwSignal::new(None::<String>);
    Effect::new(move |_| {
        let Some(package) = doomed.get() else { return };
        refusal.set(None);
        open.set(true);
        if package.held {
            spawn_local(async move {
                if let Ok(detail) = get_package(package.id).await {
                    refusal.set(detail.delete.reason());
                }
            });
        }
    });
    let name = move || doomed.with(|package| package.as_ref().map(|package| package.name.clone()).unwrap_or_default());
    let text = move || ["Delete ", &name(), "? Nobody can request it any more. This can't be undone."].concat();
    let on_yes = Callback::new(move |()| -> super::confirm::Doing {
        let package = doomed.get_untracked();
        Box::pin(async move {
            match package {
                Some(package) => delete_package(package.id, package.version).await,
                None => Ok(()),
            }
        })
    });
    let on_done = Callback::new(move |()| {
        toasts.success([&name(), " was deleted"].concat(), "", None);
        on_deleted.run(());
    });
    // A closed question forgets its package, so that the same one can be asked about again.
    Effect::new(move |was: Option<bool>| {
        let is = open.get();
        if was == Some(true) && !is {
            doomed.set(None);
        }
        is
    });
    view! {
        <Confirm name="delete-package" title="Delete access package" text=Signal::derive(text) open=open error=refusal on_yes=on_yes on_done=on_done/>
    }
    .into_any()
}

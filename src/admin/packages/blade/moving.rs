//! Move: the pane that takes a package to another catalog. Once a catalog is chosen it says what stands in the way and what changes for
//! whom; what is missing there can be added with the move, by whoever may add it.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_split::wasm_split;

use crate::admin::form::Submission;
use crate::admin::impact::{AskImpact, impact};
use crate::domain::id::{CatalogId, PackageId};
use crate::domain::impact::PackageChange;
use crate::domain::package::PackageDetail;
use crate::domain::package_move::MoveCheck;
use crate::rpc::impact::package_impact;
use crate::rpc::packages::{check_move, move_package};
use crate::ui::*;

/// What is known and chosen.
#[derive(Clone, Copy)]
struct Moving {
    target: RwSignal<String>,
    check: RwSignal<Option<MoveCheck>>,
    bring: RwSignal<bool>,
    failed: RwSignal<Option<String>>,
}

impl Moving {
    fn target(self) -> Option<CatalogId> {
        self.target.with(|id| id.parse().ok())
    }

    /// What is in the way still; what is missing is not, if it is to be added.
    fn in_the_way(self) -> usize {
        let bring = self.bring.get();
        self.check.with(|check| {
            check.as_ref().map_or(0, |check| {
                let solved = usize::from(bring && !check.missing.is_empty());
                check.blockers.len() - solved.min(check.blockers.len())
            })
        })
    }

    fn why_not(self) -> Option<String> {
        if self.target().is_none() {
            return Some("Choose a catalog first.".to_owned());
        }
        if self.check.with(Option::is_none) {
            return Some("It is being checked.".to_owned());
        }
        match self.in_the_way() {
            0 => None,
            _ => Some("Put right first what stands in the way.".to_owned()),
        }
    }
}

/// The pane, a part of the bundle of its own. `reload` fetches the package again once it has moved.
#[component]
pub(super) fn MovePackage(package: PackageDetail, open: RwSignal<bool>, reload: Callback<()>) -> AnyView {
    part_on_opening("package_move", open, move || Box::pin(move_view(package, open, reload)))
}

#[wasm_split(package_move, wasm_split_path = ::leptos::wasm_split, fallible)]
fn move_view(package: PackageDetail, open: RwSignal<bool>, reload: Callback<()>) -> Result<AnyView, MissingPart> {
    Ok(pane(package, open, reload))
}

fn pane(package: PackageDetail, open: RwSignal<bool>, reload: Callback<()>) -> AnyView {
    let (id, version, name) = (package.item.id, package.item.version, package.item.name.clone());
    let moving = Moving {
        target: RwSignal::default(),
        check: RwSignal::new(None),
        bring: RwSignal::new(false),
        failed: RwSignal::new(None),
    };
    let submission = Submission::new();
    let toasts = use_toasts();
    // What others change meanwhile is looked at again with every choice.
    Effect::new(move |_| {
        if !open.get() {
            return;
        }
        let target = moving.target();
        moving.bring.set(false);
        moving.failed.set(None);
        submission.clear();
        spawn_local(async move {
            let found = check_move(id, target).await;
            if moving.target.try_get_untracked().map(|id| id.parse().ok()) != Some(target) {
                return;
            }
            match found {
                Ok(check) => moving.check.set(Some(check)),
                Err(error) => moving.failed.set(Some(error.text())),
            }
        });
    });
    let go = move || {
        let Some(target) = moving.target.with_untracked(|id| id.parse().ok()) else {
            return;
        };
        let name = name.clone();
        submission.send(move_package(id, version, target, moving.bring.get_untracked()), move |_| {
            open.set(false);
            moving.target.set(String::new());
            toasts.success(format!("{name} was moved"), "", None);
            let _ = reload.try_run(());
        });
    };
    let foot = move || {
        view! {
            <Button
                id="move-package-take"
                kind=ButtonKind::Primary
                busy=submission.busy()
                disabled_reason=Signal::derive(move || moving.why_not())
                on_click=go
            >
                "Move package"
            </Button>
            <Button on_click=move || open.set(false)>"Cancel"</Button>
        }
    };
    view! {
        <Pane name="move-package-pane" title="Move to another catalog" open=open foot=foot>
            {move || {
                let problem = submission.text().get().or(moving.failed.get());
                problem.map(|text| view! { <MessageBar tone=Tone::Danger title=text/> })
            }}
            <SelectField
                name="move-target"
                label="Catalog"
                required=true
                value=moving.target
                options=Signal::derive(move || catalogs(moving))
                hint="Those in which you may manage packages."
            />
            {move || moving.check.get().filter(|_| moving.target().is_some()).map(|check| findings(check, moving, id))}
        </Pane>
    }
    .into_any()
}

fn catalogs(moving: Moving) -> Vec<(String, String)> {
    let choices = moving
        .check
        .with(|check| check.as_ref().map(|check| check.catalogs.clone()).unwrap_or_default());
    let none = (String::new(), "Select a catalog".to_owned());
    let offered = choices.into_iter().map(|catalog| (catalog.id.to_string(), catalog.name));
    std::iter::once(none).chain(offered).collect()
}

fn findings(check: MoveCheck, moving: Moving, package: PackageId) -> AnyView {
    let lines = |lines: Vec<String>| lines.into_iter().map(|line| view! { <li class="break">{line}</li> }).collect_any();
    let bring = (!check.missing.is_empty()).then(|| {
        view! {
            <Checkbox
                name="move-bring"
                label="Add the missing resources to that catalog"
                checked=moving.bring
                nostrip:disabled_reason=check.bring.reason()
            />
        }
    });
    let blocked = !check.blockers.is_empty();
    let ask = untrack(|| moving.target())
        .map(|target| -> AskImpact { Arc::new(move |more| Box::pin(package_impact(package, PackageChange::Move(target), more))) });
    view! {
        {blocked.then(|| view! {
            <MessageBar tone=Tone::Warning title="What stands in the way">
                <ul>{lines(check.blockers)}</ul>
            </MessageBar>
        })}
        {bring}
        <SectionTitle title="What changes"/>
        {ask.map(impact)}
    }
    .into_any()
}

//! End all assignments and delete: the question with what it does to whom, and how far it has come, until the package is gone.

use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_split::wasm_split;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};

use crate::admin::confirm::Question;
use crate::admin::deletion;
use crate::domain::id::PackageId;
use crate::domain::impact::PackageChange;
use crate::domain::package::{PackageDetail, PackageEnding, PackageItem};
use crate::paths::{self, PackagePage};
use crate::rpc::AppError;
use crate::rpc::impact::package_impact;
use crate::rpc::packages::{end_and_delete_package, get_package};
use crate::ui::*;

/// How long to wait before looking again how far it has come.
const PAUSE: Duration = Duration::from_secs(2);

/// The command in the package's bar; its question is fetched when it is pressed.
#[component]
pub(super) fn EndAndDelete(package: PackageDetail, reload: Callback<()>) -> AnyView {
    let chosen = RwSignal::new(None::<PackageItem>);
    let opened = RwSignal::new(false);
    let (item, why_not) = (package.item.clone(), why_not(&package));
    let press = move || {
        opened.set(true);
        chosen.set(Some(item.clone()));
    };
    view! {
        <Button
            id="end-and-delete"
            kind=ButtonKind::Subtle
            icon=Icon::Delete
            disabled_reason=Signal::stored(why_not)
            on_click=press
        >
            "End all assignments and delete"
        </Button>
        {move || opened.get().then(|| arriving_part("ending", Box::pin(ending_view(Shown::Question(chosen, reload))), 0))}
    }
    .into_any()
}

/// How far the ending of a package has come; looks again until the package is gone, and leads to the list then.
pub(super) fn progress(item: PackageItem, ending: PackageEnding) -> AnyView {
    arriving_part("ending", Box::pin(ending_view(Shown::Progress(item, ending))), 2)
}

/// What is shown of an ending.
enum Shown {
    Question(RwSignal<Option<PackageItem>>, Callback<()>),
    Progress(PackageItem, PackageEnding),
}

#[wasm_split(ending, wasm_split_path = ::leptos::wasm_split, fallible)]
fn ending_view(shown: Shown) -> Result<AnyView, MissingPart> {
    Ok(match shown {
        Shown::Question(chosen, reload) => question(chosen, reload),
        Shown::Progress(item, ending) => view! { <Progress item=item ending=ending/> }.into_any(),
    })
}

fn question(chosen: RwSignal<Option<PackageItem>>, reload: Callback<()>) -> AnyView {
    let tell = RwSignal::new(true);
    let (leave, here) = (leave_for_the_list(), use_location().pathname);
    // What little there was to end may be over before the page is loaded again, which then says that there is no such package.
    let begun = move |package: PackageItem| {
        reload.run(());
        let leave = leave.clone();
        let look = move || {
            spawn_local(async move {
                let is_gone = matches!(get_package(package.id).await, Err(AppError::NotFound));
                let page = paths::package(package.id, PackagePage::Overview);
                if is_gone && here.try_get_untracked().is_some_and(|here| here == page) {
                    leave(&package.name);
                }
            });
        };
        set_timeout(look, PAUSE);
    };
    Question::new(
        "end-package",
        |_: &PackageItem| "End all assignments and delete".to_owned(),
        |package: &PackageItem| {
            format!(
                "End all access that {} gives, cancel open requests, and delete it? Nobody can request it from now on. This can't be undone.",
                package.name
            )
        },
        move |package: PackageItem| Box::pin(end_and_delete_package(package.id, package.version, tell.get_untracked())),
        begun,
    )
    .also(move || {
        view! {
            <Checkbox
                name="tell-people"
                label="Tell the people concerned"
                checked=tell
                hint="They get a notification that their access has ended, or their request was canceled."
            />
        }
        .into_any()
    })
    .impact(|package: &PackageItem| {
        let id = package.id;
        Arc::new(move |more| Box::pin(package_impact(id, PackageChange::EndAndDelete, more)))
    })
    .gone(|package| deletion::gone(&package.name), move |_| reload.run(()))
    .view(chosen)
}

/// Says that the package of this name is deleted, and shows the list of packages.
fn leave_for_the_list() -> impl Fn(&str) + Clone + Send + Sync + 'static {
    let (navigate, toasts) = (use_navigate(), use_toasts());
    move |name| {
        toasts.success(format!("{name} was deleted"), "All its assignments have ended.", None);
        navigate(paths::PACKAGES, NavigateOptions::default());
    }
}

fn why_not(package: &PackageDetail) -> Option<String> {
    package.edit.reason().or_else(|| package.assign.reason())
}

#[component]
fn Progress(item: PackageItem, ending: PackageEnding) -> AnyView {
    let (id, version, name) = (item.id, item.version, item.name);
    let state = RwSignal::new(ending);
    let failed = RwSignal::new(None::<String>);
    let leave = leave_for_the_list();
    let gone = Callback::new(move |()| leave(&name));
    Effect::new(move |_| look_later(id, state, gone));
    let again = move || {
        let told = true;
        spawn_local(async move {
            match end_and_delete_package(id, version, told).await {
                Ok(()) => {
                    let _ = state.try_update(|state| state.given_up = false);
                    look_later(id, state, gone);
                }
                Err(error) => drop(failed.try_set(Some(error.text()))),
            }
        });
    };
    let again = Callback::new(move |()| again());
    let stopped = move || {
        state.with(|state| state.given_up).then(|| {
            let action = move || view! { <Button id="end-again" on_click=move || again.run(())>"Try again"</Button> };
            view! {
                <MessageBar tone=Tone::Danger title="Ending the assignments failed several times and was given up" action=action>
                    <p>"What has ended stays ended. The server's log says what went wrong."</p>
                </MessageBar>
            }
        })
    };
    let all = move || state.with(|state| state.assignments.max(state.left).max(1));
    let done = move || state.with(|state| state.assignments.max(state.left) - state.left);
    view! {
        {stopped}
        {move || failed.get().map(|text| view! { <MessageBar tone=Tone::Danger title=text/> })}
        <Card title="All assignments are being ended">
            <div class="stack-8">
                <label id="ending-label" aria-live="polite">{move || state.with(told)}</label>
                <progress class="progress" aria-labelledby="ending-label" max=move || all().to_string() value=move || done().to_string()></progress>
                <p class="muted">"The package is deleted when nobody has it any more. You can leave this page; it goes on."</p>
            </div>
        </Card>
    }
    .into_any()
}

fn told(ending: &PackageEnding) -> String {
    let all = ending.assignments.max(ending.left);
    format!(
        "{} of {all} assignments have ended, as {} asked for",
        all - ending.left,
        ending.started_by
    )
}

/// Looks again after a pause, as long as the page is there and the package is.
fn look_later(id: PackageId, state: RwSignal<PackageEnding>, gone: Callback<()>) {
    set_timeout(
        move || {
            spawn_local(async move {
                match get_package(id).await {
                    Ok(package) => {
                        let Some(ending) = package.ending else { return };
                        let given_up = ending.given_up;
                        // The page may have been left meanwhile.
                        if state.try_set(ending).is_none() && !given_up {
                            look_later(id, state, gone);
                        }
                    }
                    Err(AppError::NotFound) if !state.is_disposed() => {
                        let _ = gone.try_run(());
                    }
                    Err(_) if !state.is_disposed() => look_later(id, state, gone),
                    Err(_) => {}
                }
            });
        },
        PAUSE,
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_progress_counts_from_what_there_was() {
        let ending = |assignments, left| PackageEnding {
            started_by: "Admin1".into(),
            assignments,
            left,
            given_up: false,
        };
        assert_eq!(told(&ending(10, 4)), "6 of 10 assignments have ended, as Admin1 asked for");
        assert_eq!(told(&ending(3, 4)), "0 of 4 assignments have ended, as Admin1 asked for");
    }
}

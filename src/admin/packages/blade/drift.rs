//! Changes outside the package: who does not hold any more what the package has given, with Reprocess as the way back, and who was given a
//! role of it by hand. The pane is a part of the bundle of its own, fetched when it is opened.

use leptos::prelude::*;
use leptos::wasm_split::wasm_split;

use crate::admin::bulk;
use crate::admin::error_view::loaded;
use crate::admin::form::Submission;
use crate::admin::timestamp::day;
use crate::domain::drift::Drift;
use crate::domain::id::{AssignmentId, Named, PackageId, UserId};
use crate::paths;
use crate::rpc::Loading;
use crate::rpc::assignments::reprocess_assignments;
use crate::rpc::packages::get_drift;
use crate::ui::*;

/// The button of the Resource roles page, with its pane.
#[component]
pub(super) fn DriftButton(package: PackageId) -> AnyView {
    let (open, opened) = (RwSignal::new(false), RwSignal::new(false));
    let press = move || {
        opened.set(true);
        open.set(true);
    };
    view! {
        <Button id="drift" kind=ButtonKind::Subtle icon=Icon::Search on_click=press>"Changes outside the package"</Button>
        {move || opened.get().then(|| arriving_part("drift", Box::pin(drift_view(package, open)), 0))}
    }
    .into_any()
}

#[wasm_split(drift, wasm_split_path = ::leptos::wasm_split, fallible)]
fn drift_view(package: PackageId, open: RwSignal<bool>) -> Result<AnyView, MissingPart> {
    Ok(pane(package, open))
}

fn pane(package: PackageId, open: RwSignal<bool>) -> AnyView {
    view! {
        <Pane name="drift-pane" title="Changes outside the package" open=open>
            {move || {
                open.get().then(|| {
                    let drift = Loading::once(move || get_drift(package));
                    loaded(drift, move |found| contents(found, Callback::new(move |()| drift.refetch())))
                })
            }}
        </Pane>
    }
    .into_any()
}

fn contents(drift: Drift, reload: Callback<()>) -> AnyView {
    if drift.missing.is_empty() && drift.outside.is_empty() {
        return view! {
            <EmptyState
                icon=Icon::Success
                title="Everything is as the package gave it"
                text="Nobody lost a role that the package gave, and nobody was given one of its roles by hand since."
            />
        }
        .into_any();
    }
    let more = |more: bool| more.then(|| view! { <p class="muted">"There are more; these are the first hundred."</p> });
    let (more_missing, more_outside) = (more(drift.more_missing), more(drift.more_outside));
    let missing = (!drift.missing.is_empty()).then(|| {
        let rows = drift.missing.iter().map(|missing| {
            person(
                &missing.user,
                &missing.user_name,
                view! { <span>{missing.role.clone()}</span> }.into_any(),
            )
        });
        view! {
            <SectionTitle title="Taken away" text="The package gave this, and it was taken away by other ways. Reprocess gives it back."/>
            {reprocess(&drift, reload)}
            <ul class="panel-list">{rows.collect_any()}</ul>
            {more_missing}
        }
    });
    let outside = (!drift.outside.is_empty()).then(|| {
        let rows = drift.outside.iter().map(|outside| {
            let since = day(outside.since);
            person(&outside.user, &outside.user_name, view! { <span>{outside.role.clone()}" since "{since}</span> }.into_any())
        });
        view! {
            <SectionTitle
                title="Given by hand"
                text="These people hold a role of this package without it: given by hand since the package gives the role. It doesn't end by itself."
            />
            <ul class="panel-list">{rows.collect_any()}</ul>
            {more_outside}
        }
    });
    view! { <div class="stack">{missing}{outside}</div> }.into_any()
}

fn person(user: &Named<UserId>, user_name: &str, role: AnyView) -> AnyView {
    view! {
        <li>
            <Avatar name=user.name.clone()/>
            <span class="two-line grow">
                <a href=paths::user(user.id) class="break">{user.name.clone()}</a>
                <small>{user_name.to_owned()}</small>
                <small>{role}</small>
            </span>
        </li>
    }
    .into_any()
}

fn reprocess(drift: &Drift, reload: Callback<()>) -> AnyView {
    let submission = Submission::new();
    let toasts = use_toasts();
    let ids = drift.to_reprocess();
    let names: Vec<(AssignmentId, String)> = drift
        .missing
        .iter()
        .map(|missing| (missing.assignment, missing.user.name.clone()))
        .collect();
    let why_not = drift.reprocess.reason();
    let press = move || {
        let names = names.clone();
        submission.send(reprocess_assignments(ids.clone()), move |results| {
            let name = |id: &AssignmentId| {
                names
                    .iter()
                    .find(|(other, _)| other == id)
                    .map_or_else(String::new, |(_, name)| name.clone())
            };
            bulk::tell(toasts, &results, |count| format!("{count} reprocessed"), name);
            reload.run(());
        });
    };
    view! {
        {move || submission.text().get().map(|text| view! { <MessageBar tone=Tone::Danger title=text/> })}
        <div class="row">
            <Button id="reprocess-drift" icon=Icon::Refresh busy=submission.busy() disabled_reason=Signal::stored(why_not) on_click=press>
                "Reprocess"
            </Button>
        </div>
    }
    .into_any()
}

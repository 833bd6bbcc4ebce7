//! Adding a rule: a package or a group is chosen, and before Yes it is said who has both now. They keep both.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::admin::confirm::{Doing, Question};
use crate::admin::error_view::loaded_quietly;
use crate::admin::pickers::{GroupPicker, PackagePicker};
use crate::domain::id::{Named, PackageId};
use crate::domain::incompatibility::{ConflictPreview, Counterpart, CounterpartKind, IncompatibilitySummary, counted};
use crate::paths;
use crate::rpc::Loading;
use crate::rpc::incompatibilities::{add_incompatibility, preview_incompatibility};
use crate::ui::*;

/// What was chosen.
#[derive(Clone, PartialEq)]
pub(super) struct Adding {
    package: PackageId,
    counterpart: Counterpart,
    name: String,
}

/// The pane in which a package or a group is chosen.
#[component]
pub(super) fn Choosing(
    kind: CounterpartKind,
    package: Memo<Option<PackageId>>,
    open: RwSignal<bool>,
    chosen: RwSignal<Option<Adding>>,
) -> AnyView {
    let take = move |name: String, counterpart: Counterpart| {
        if let Some(package) = package.get_untracked() {
            open.set(false);
            chosen.set(Some(Adding {
                package,
                counterpart,
                name,
            }));
        }
    };
    match kind {
        CounterpartKind::Package => {
            let select = move |package: Named<PackageId>| take(package.name, Counterpart::Package(package.id));
            view! { <PackagePicker name="select-package" title="Select an access package" open=open itself=package on_select=select/> }
                .into_any()
        }
        CounterpartKind::Group => {
            let select = move |group: Named<crate::domain::id::ObjectId>| take(group.name, Counterpart::Group(group.id));
            view! { <GroupPicker name="select-group" title="Select a group" open=open on_select=select/> }.into_any()
        }
    }
}

/// The question before a rule is added.
pub(super) fn question(summary: Loading<IncompatibilitySummary>, adding: RwSignal<Option<Adding>>, reload: Callback<()>) -> AnyView {
    loaded_quietly(summary, move |summary| asked(summary.package.name, adding, reload))
}

fn asked(package: String, adding: RwSignal<Option<Adding>>, reload: Callback<()>) -> AnyView {
    let toasts = use_toasts();
    let found = RwSignal::new(None::<(Adding, ConflictPreview)>);
    let preview = move || {
        let asked = adding.get()?;
        found.get().filter(|(of, _)| *of == asked).map(|(_, preview)| (asked, preview))
    };
    Question::new(
        "add-incompatibility",
        |adding: &Adding| format!("Make {} incompatible?", adding.name),
        move |adding| {
            let name = &adding.name;
            match adding.counterpart {
                Counterpart::Package(_) => format!(
                    "Whoever has {name} can no longer get {package}. Whoever has {package} can still get {name}, unless {name} names {package} too."
                ),
                Counterpart::Group(_) => format!("Whoever is a member of {name} can no longer get {package}."),
            }
        },
        |adding: Adding| -> Doing {
            Box::pin(async move { add_incompatibility(adding.package, adding.counterpart).await.map(drop) })
        },
        move |adding: Adding| {
            toasts.success(format!("{} is incompatible now", adding.name), "", None);
            reload.run(());
        },
    )
    .harmless(true)
    .opening(move |adding: Adding, refusal: RwSignal<Option<String>>| {
        found.set(None);
        spawn_local(async move {
            match preview_incompatibility(adding.package, adding.counterpart).await {
                Ok(preview) => drop(found.try_set(Some((adding, preview)))),
                Err(error) => drop(refusal.try_set(Some(error.text()))),
            }
        });
    })
    .also(move || {
        let view = move || match preview() {
            None => view! { <p class="muted">"Looking who has both…"</p> }.into_any(),
            Some((adding, preview)) => in_conflict(&adding, preview),
        };
        view! { <div aria-live="polite" class="stack-8">{view}</div> }.into_any()
    })
    .view(adding)
}

/// Who has both now, with the whole list as a file.
fn in_conflict(adding: &Adding, preview: ConflictPreview) -> AnyView {
    let more = preview.count - preview.people.len() as i64;
    let names = preview
        .people
        .into_iter()
        .map(|name| view! { <li class="break">{name}</li> })
        .collect_any();
    let (filter, id) = match adding.counterpart {
        Counterpart::Package(id) => ("with-package", id.to_string()),
        Counterpart::Group(id) => ("with-group", id.to_string()),
    };
    let people = paths::with_query(&paths::additional_access(adding.package), &[(filter, &id)]);
    let package = adding.package.to_string();
    let file = paths::with_query(&paths::export("additional-access"), &[("id", &package), (filter, &id)]);
    let links = (preview.count > 0).then(|| {
        view! {
            <p>
                <a href=people target="_blank" rel="external">"See all of them in a new tab"</a>
                ", or "
                <a href=file rel="external">"download them as a file"</a>
                "."
            </p>
        }
    });
    view! {
        <p class="strong">{in_conflict_text(preview.count)}</p>
        <ul>{names}</ul>
        {(more > 0).then(|| view! { <p>{format!("And {} more.", counted(more))}</p> })}
        {links}
    }
    .into_any()
}

fn in_conflict_text(count: i64) -> String {
    match count {
        0 => "Nobody has both now.".to_owned(),
        1 => "1 person has both now, and keeps both:".to_owned(),
        count => format!("{} people have both now, and keep both:", counted(count)),
    }
}

#[cfg(test)]
mod tests {
    use super::in_conflict_text;

    #[test]
    fn f128_it_is_said_how_many_have_both() {
        assert_eq!(in_conflict_text(0), "Nobody has both now.");
        assert!(in_conflict_text(1).starts_with("1 person has both"));
        assert!(in_conflict_text(1_001).starts_with("1000+ people have both"));
    }
}

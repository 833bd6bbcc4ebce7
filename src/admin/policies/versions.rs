//! The versions of a policy: when each came into force and what it changed, two of them side by side, and an old one restored.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_params_map, use_query_map};

use super::list::href;
use crate::admin::confirm::Question;
use crate::admin::error_view::{loaded, use_id};
use crate::admin::timestamp::moment;
use crate::domain::id::{PackageId, PolicyId};
use crate::domain::object::Subject;
use crate::domain::policy::{Difference, PolicyLine, PolicyVersions, VersionItem, describe, differences, name_among};
use crate::paths;
use crate::rpc::policies::{list_versions, restore_policy};
use crate::rpc::{AppError, Loading, viewer_time};
use crate::ui::*;

/// The queries that name the two versions to compare.
const OLD: &str = "old";
const NEW: &str = "new";

/// The versions of one policy.
#[component]
pub fn PolicyVersionsPage() -> AnyView {
    let package = use_id::<PackageId>();
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get_str("policy").and_then(|id| id.parse::<PolicyId>().ok())));
    let versions = Loading::named(id, list_versions);
    let reload = Callback::new(move |()| versions.refetch());
    loaded(versions, move |found: PolicyVersions| {
        if package.get_untracked() != Some(found.package) {
            return crate::admin::error_view::problem(AppError::NotFound, reload);
        }
        page(found, reload)
    })
}

/// What a version says, in words.
fn lines(found: &PolicyVersions, version: &VersionItem) -> Vec<PolicyLine> {
    let name = |subject: Subject| name_among(&found.subjects, subject);
    describe(&version.terms, &name, &viewer_time::exact_in_zone)
}

/// What a version changed, against the one before it.
fn changes(found: &PolicyVersions, at: usize) -> Vec<Difference> {
    match found.versions.get(at + 1) {
        Some(before) => differences(&lines(found, before), &lines(found, &found.versions[at])),
        None => Vec::new(),
    }
}

fn said(difference: &Difference) -> String {
    let word = |value: &Option<String>| value.clone().unwrap_or_else(|| "not said".into());
    format!(
        "{}: {} (before: {})",
        difference.label,
        word(&difference.new),
        word(&difference.old)
    )
}

fn page(found: PolicyVersions, reload: Callback<()>) -> AnyView {
    let to_restore = RwSignal::new(None::<i64>);
    let rows = (0..found.versions.len()).map(|at| row(&found, at, to_restore)).collect_any();
    let (name, back) = (found.policy.name.clone(), href(found.package, &found.policy.id.to_string()));
    let restoring = restoring(&found, to_restore, reload);
    view! {
        <div class="stack-24">
            <SectionTitle
                title=format!("Versions of {name}")
                text="Requests and assignments keep the version under which they were made; new ones follow the version in force."
                actions=move || view! { <LinkButton href=back>"Back to the policy"</LinkButton> }
            />
            <Table
                caption="Versions"
                cards=true
                head=|| {
                    view! {
                        <HeadCell label="Version"/>
                        <HeadCell label="In force since"/>
                        <HeadCell label="By"/>
                        <HeadCell label="What changed"/>
                        <HeadCell label="Actions" label_hidden=true/>
                    }
                }
            >
                {rows}
            </Table>
            {comparison(found)}
        </div>
        {restoring}
    }
    .into_any()
}

fn row(found: &PolicyVersions, at: usize, to_restore: RwSignal<Option<i64>>) -> AnyView {
    let version = &found.versions[at];
    let number = version.number;
    let changed = changes(found, at);
    let what = if number == 1 {
        view! { "The first version." }.into_any()
    } else if changed.is_empty() {
        view! { "Nothing but the name, or what is not shown." }.into_any()
    } else {
        let lines = changed
            .iter()
            .map(|line| view! { <li class="break">{said(line)}</li> })
            .collect_any();
        view! { <ul class="stack-8">{lines}</ul> }.into_any()
    };
    let in_force = at == 0;
    let reason = found.edit.reason();
    view! {
        <tr>
            <td>
                <span class="row">
                    {format!("Version {number}")}
                    {in_force.then(|| view! { <Chip tone=Tone::Success text="In force"/> })}
                </span>
            </td>
            <td data-label="In force since" class="nowrap">{moment(version.created_at)}</td>
            <td data-label="By">{version.created_by.clone().unwrap_or_else(|| "Woodgate".into())}</td>
            <td data-label="What changed">{what}</td>
            <td class="cell-end">
                {(!in_force).then(|| view! {
                    <Button
                        id=format!("restore-{number}")
                        disabled_reason=Signal::stored(reason)
                        on_click=move || to_restore.set(Some(number))
                    >
                        "Restore"<span class="sr-only">{format!(" version {number}")}</span>
                    </Button>
                })}
            </td>
        </tr>
    }
    .into_any()
}

/// Two versions side by side, in words.
fn comparison(found: PolicyVersions) -> AnyView {
    let Some(newest) = found.versions.first().map(|version| version.number) else {
        return ().into_any();
    };
    if found.versions.len() < 2 {
        return ().into_any();
    }
    let map = use_query_map();
    let chosen = move |key: &str, preset: i64| {
        let number = map.with(|map| map.get(key).and_then(|number| number.parse::<i64>().ok()));
        number.unwrap_or(preset)
    };
    let before = found.versions[1].number;
    let pair = Memo::new(move |_| (chosen(OLD, before), chosen(NEW, newest)));
    let options: Vec<(String, String)> = found
        .versions
        .iter()
        .map(|version| (version.number.to_string(), format!("Version {}", version.number)))
        .collect();
    let found = StoredValue::new(found);
    let navigate = use_navigate();
    let go = Callback::new(move |(old, new): (String, String)| {
        let path = found.with_value(|found| paths::policy_versions(found.package, found.policy.id));
        let options = NavigateOptions {
            scroll: false,
            ..NavigateOptions::default()
        };
        navigate(&paths::with_query(&path, &[(OLD, &old), (NEW, &new)]), options);
    });
    let (old, new) = pair.get_untracked();
    let (old, new) = (RwSignal::new(old.to_string()), RwSignal::new(new.to_string()));
    let changed = move |_: String| go.run((old.get_untracked(), new.get_untracked()));
    view! {
        <section class="stack">
            <SectionTitle title="Compare"/>
            <div class="row">
                <SelectField name="old" label="Compare" value=old options=options.clone() on_change=changed/>
                <SelectField name="new" label="With" value=new options=options on_change=changed/>
            </div>
            {move || {
                let (old, new) = pair.get();
                found.with_value(|found| side_by_side(found, old, new))
            }}
        </section>
    }
    .into_any()
}

fn side_by_side(found: &PolicyVersions, old: i64, new: i64) -> AnyView {
    let find = |number: i64| found.versions.iter().find(|version| version.number == number);
    let (Some(before), Some(after)) = (find(old), find(new)) else {
        return view! { <p>"There is no such version."</p> }.into_any();
    };
    let different = differences(&lines(found, before), &lines(found, after));
    if different.is_empty() {
        return view! { <p>"Both say the same."</p> }.into_any();
    }
    let cell = |value: Option<String>| value.unwrap_or_else(|| "Not said".into());
    let rows = different
        .into_iter()
        .map(|line| {
            view! {
                <tr>
                    <td>{line.label}</td>
                    <td data-label=format!("Version {old}") class="break">{cell(line.old)}</td>
                    <td data-label=format!("Version {new}") class="break">{cell(line.new)}</td>
                </tr>
            }
        })
        .collect_any();
    view! {
        <Table
            caption=format!("Differences between version {old} and version {new}")
            cards=true
            head=move || {
                view! {
                    <HeadCell label="What"/>
                    <HeadCell label=format!("Version {old}")/>
                    <HeadCell label=format!("Version {new}")/>
                }
            }
        >
            {rows}
        </Table>
    }
    .into_any()
}

/// The question before an old version is restored.
fn restoring(found: &PolicyVersions, to_restore: RwSignal<Option<i64>>, reload: Callback<()>) -> AnyView {
    let toasts = use_toasts();
    let (id, version, name) = (found.policy.id, found.version, found.policy.name.clone());
    let (asked, told) = (name.clone(), name);
    Question::new(
        "restore-version",
        |number: &i64| format!("Restore version {number}"),
        move |number: &i64| {
            format!("Restore version {number} of {asked}? It becomes a new version. Requests and assignments made under other versions keep theirs.")
        },
        move |number: i64| {
            Box::pin(async move {
                restore_policy(id, version, number).await?;
                Ok(())
            })
        },
        move |number: i64| {
            toasts.success(format!("Version {number} of {told} was restored"), "", None);
            reload.run(());
        },
    )
    .harmless(true)
    .view(to_restore)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f081_a_change_is_told_with_what_was_said_before() {
        let change = Difference {
            label: "Require approval".into(),
            old: Some("No".into()),
            new: None,
        };
        assert_eq!(said(&change), "Require approval: not said (before: No)");
    }
}

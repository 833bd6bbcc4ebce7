//! Limits (F172): what each is set to, how much of it is used, and the most that can be allowed.

use leptos::prelude::*;

use super::{Tab, tabs};
use crate::admin::error_view::loaded;
use crate::admin::form::{Foot, Form};
use crate::admin::page_title::PageTitle;
use crate::domain::limit::{LimitItem, Limits, LimitsForm};
use crate::domain::text::StringEnum;
use crate::paths;
use crate::rpc::Loading;
use crate::rpc::limits::{get_limits, update_limits};
use crate::ui::*;

/// Limits.
#[component]
pub fn LimitsPage() -> AnyView {
    let limits = Loading::once(get_limits);
    view! {
        <PageTitle text="Limits"/>
        <Breadcrumb items=vec![
            Crumb::link("Home", paths::ADMIN),
            Crumb::link("Settings", paths::SETTINGS),
            Crumb::here("Limits"),
        ]/>
        <PageHead
            title="Limits"
            subtitle="How many there may be. What is there already stays when a limit is lowered.".to_owned()
            icon=Icon::Settings
        />
        {tabs(Tab::Limits)}
        {loaded(limits, |limits| view! { <LimitsFields limits=limits/> }.into_any())}
    }
    .into_any()
}

#[component]
fn LimitsFields(limits: Limits) -> AnyView {
    let values: Vec<RwSignal<String>> = limits.items.iter().map(|item| RwSignal::new(item.value.to_string())).collect();
    let kept = StoredValue::new(values.clone());
    let version = RwSignal::new(limits.version);
    let typed = move || LimitsForm {
        values: kept.with_value(|values| values.iter().map(|value| value.get()).collect()),
        version: version.get(),
    };
    let toasts = use_toasts();
    let form = Form::new(move || typed().check());
    let reload = Callback::new(move |()| {
        form.submission.send(get_limits(), move |limits| {
            version.set(limits.version);
            kept.with_value(|values| {
                for (item, value) in limits.items.iter().zip(values) {
                    value.set(item.value.to_string());
                }
            });
        });
    });
    let submit = Callback::new(move |()| {
        let changed = untrack(typed);
        form.send(update_limits(changed), move |()| {
            version.update(|version| *version += 1);
            toasts.success("Limits saved", "", None);
        });
    });
    let foot = Foot {
        verb: "Save",
        cancel: Signal::stored(paths::SETTINGS.to_owned()),
    };
    let fields = limits
        .items
        .iter()
        .zip(values)
        .map(|(item, value)| {
            let (path, label) = (item.limit.as_str(), item.limit.label());
            view! { <TextField name=path label=label value=value short=true required=true hint=hint(item) error=form.error(path, label)/> }
        })
        .collect_any();
    let inside = view! { <section class="stack">{fields}</section> };
    form.page(submit, Some(reload), foot, inside.into_any())
}

fn hint(item: &LimitItem) -> String {
    let bound = item.limit.bound();
    match item.used {
        Some(used) => format!("At most {bound}. The most in use now: {used}."),
        None => format!("At most {bound}."),
    }
}

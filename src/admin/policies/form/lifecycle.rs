//! The second half of a policy's form: when access ends.

use chrono::{DateTime, Utc};
use leptos::prelude::*;

use super::PolicyFields;
use crate::admin::form::Errors;
use crate::domain::expiration::ExpirationKind;
use crate::domain::policy::{self, RequestsForm};
use crate::domain::text::StringEnum;
use crate::domain::validate::Checker;
use crate::rpc::viewer_time;
use crate::ui::*;

/// Access package assignments expire, and after how long (F021).
pub(super) fn lifecycle(fields: PolicyFields, errors: Errors, now: Signal<DateTime<Utc>>) -> AnyView {
    let kind = Memo::new(move |_| fields.chosen_kind());
    let end = move || preview(&fields.lifecycle(), now.get(), viewer_time::exact_in_zone);
    view! {
        <section class="form">
            <SectionTitle title="Expiration" text="When access ends, everything that the package gave is taken back by itself."/>
            <RadioGroup
                name="expire"
                legend="Access package assignments expire"
                value=fields.kind
                options=vec![
                    Choice::new(ExpirationKind::OnDate.as_str(), "On date"),
                    Choice::new(ExpirationKind::Days.as_str(), "Number of days"),
                    Choice::new(ExpirationKind::Hours.as_str(), "Number of hours"),
                    Choice::new(ExpirationKind::Never.as_str(), "Never"),
                ]
            />
            {move || field(kind.get(), fields, errors)}
            <p class="row muted" aria-live="polite">
                <Glyph icon=Icon::Calendar/>
                <span>{end}</span>
            </p>
            {schedule(fields)}
            {extension(fields)}
        </section>
    }
    .into_any()
}

/// A Yes or No that the other choices may rule out: then it shows No, with the reason (F085).
fn unless(
    why_not: impl Fn() -> Option<&'static str> + Send + Sync + 'static,
    name: &'static str,
    legend: &'static str,
    value: RwSignal<bool>,
    hint: &'static str,
) -> AnyView {
    let why_not = Memo::new(move |_| why_not());
    let choice = move || match why_not.get() {
        Some(reason) => view! { <YesNo name=name legend=legend value=RwSignal::new(false) disabled_reason=reason/> },
        None => view! { <YesNo name=name legend=legend value=value hint=hint/> },
    };
    choice.into_any()
}

/// The choices that decide what goes with what; follows them.
fn beside(fields: PolicyFields) -> (RequestsForm, policy::LifecycleForm) {
    let requests = RequestsForm {
        audience: fields.chosen_audience(),
        approval: fields.approval.get(),
        ..RequestsForm::default()
    };
    let lifecycle = policy::LifecycleForm {
        kind: fields.chosen_kind(),
        custom_schedule: fields.custom_schedule.get(),
        ..policy::LifecycleForm::default()
    };
    (requests, lifecycle)
}

/// Users can request specific timeline (F079).
fn schedule(fields: PolicyFields) -> AnyView {
    let why_not = move || {
        let (requests, lifecycle) = beside(fields);
        lifecycle.why_no_schedule(&requests)
    };
    let hint = "With Yes, requestors can ask for their own start and end within these bounds.";
    unless(
        why_not,
        "custom-schedule",
        "Users can request specific timeline",
        fields.custom_schedule,
        hint,
    )
}

/// Show advanced expiration settings: extending access (F082, F083, F085).
fn extension(fields: PolicyFields) -> AnyView {
    let why_none = move || {
        let (requests, lifecycle) = beside(fields);
        lifecycle.why_no_extension(&requests)
    };
    let why_no_approval = move || {
        let (requests, lifecycle) = beside(fields);
        lifecycle.why_no_extension_approval(&requests)
    };
    let extends = move || fields.extension.get() && why_none().is_none();
    view! {
        <Checkbox name="advanced-ends" label="Show advanced expiration settings" checked=fields.advanced_ends/>
        {shown(move || fields.advanced_ends.get(), move || {
            view! {
                {unless(
                    why_none,
                    "extension",
                    "Allow users to extend access",
                    fields.extension,
                    "With Yes, people can ask for more time before their access ends.",
                )}
                {shown(extends, move || {
                    unless(
                        why_no_approval,
                        "extension-approval",
                        "Require approval to grant extension",
                        fields.extension_approval,
                        "With Yes, the stages of the Requests tab decide on extensions too.",
                    )
                })}
            }
            .into_any()
        })}
    }
    .into_any()
}

/// What goes with the choice: a number or a day.
fn field(kind: ExpirationKind, fields: PolicyFields, errors: Errors) -> AnyView {
    match kind {
        ExpirationKind::Days => view! {
            <NumberField
                name="days"
                label="Assignments expire after"
                suffix="days"
                required=true
                value=fields.days
                error=errors.at("days")
                hint="1 to 3660 days."
            />
        }
        .into_any(),
        ExpirationKind::Hours => view! {
            <NumberField
                name="hours"
                label="Assignments expire after"
                suffix="hours"
                required=true
                value=fields.hours
                error=errors.at("hours")
                hint="1 to 87840 hours."
            />
        }
        .into_any(),
        ExpirationKind::OnDate => view! {
            <DateField
                name="date"
                label="Expiration date"
                required=true
                value=fields.date
                error=errors.at("date")
                hint="Access ends for everyone at the same moment: the end of this day in your time zone."
            />
        }
        .into_any(),
        ExpirationKind::Never => ().into_any(),
    }
}

/// What would come of it for a request that is delivered at `now`.
fn preview(form: &policy::LifecycleForm, now: DateTime<Utc>, exact: impl Fn(DateTime<Utc>) -> String) -> String {
    let mut check = Checker::default();
    let expiration = form.check(&mut check, "", now);
    if !check.into_errors().is_empty() {
        return "The end date is shown here once it can be told.".into();
    }
    match expiration.end(now) {
        Some(end) => format!("Delivered today, access would end on {}.", exact(end)),
        None => "Access stays until someone removes it.".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f021_the_end_that_would_result_today_is_told() {
        let now: DateTime<Utc> = "2026-11-23T10:00:00Z".parse().expect("an instant");
        let say = |kind, days: &str| {
            let form = policy::LifecycleForm {
                kind,
                days: days.into(),
                ..policy::LifecycleForm::default()
            };
            preview(&form, now, |at| at.to_rfc3339())
        };
        assert_eq!(
            say(ExpirationKind::Days, "30"),
            "Delivered today, access would end on 2026-12-23T10:00:00+00:00."
        );
        assert_eq!(say(ExpirationKind::Never, ""), "Access stays until someone removes it.");
        assert!(say(ExpirationKind::Days, "soon").starts_with("The end date is shown"));
    }
}

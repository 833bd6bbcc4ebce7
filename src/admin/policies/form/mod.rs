//! The form of a policy, of which the wizard shows the two halves on two tabs and the policy editor both on one page: who can request and
//! what is asked of them, approval with its stages, and when access ends. It neither checks nor saves; what is wrong comes from whoever
//! holds the form, by the path of the field. Its controls are a part of the bundle of their own.

mod approval;
mod dates;
mod fields;
pub mod labels;
mod lifecycle;
mod people;
mod questions;
mod stage;
mod stage_fields;
mod who;

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use leptos::wasm_split::wasm_split;

use crate::admin::form::Errors;
use crate::ui::{MissingPart, arriving_part};

pub use fields::PolicyFields;
pub use people::People;

/// Grey rows until the part is there.
const ROWS: usize = 8;

/// A half of the form, with what it needs beside its fields and their faults.
enum Half {
    Who(People),
    Lifecycle(Signal<DateTime<Utc>>),
}

#[wasm_split(policy_form, wasm_split_path = ::leptos::wasm_split, preload(fetch_part), fallible)]
fn half_view(half: Half, fields: PolicyFields, errors: Errors) -> Result<AnyView, MissingPart> {
    Ok(match half {
        Half::Who(people) => who::who(fields, errors, people),
        Half::Lifecycle(now) => lifecycle::lifecycle(fields, errors, now),
    })
}

/// Brings the form's part, if it is not there yet.
pub async fn fetch() -> Result<(), MissingPart> {
    Ok(fetch_part().await?)
}

/// The first half: who can request, approval, whether requests are taken, and what is asked of the requestor.
#[component]
pub fn WhoForm(fields: PolicyFields, errors: Errors, people: People) -> AnyView {
    arriving_part("policy_form", Box::pin(half_view(Half::Who(people), fields, errors)), ROWS)
}

/// The second half: when access ends; `now` is the time from which days are counted.
#[component]
pub fn LifecycleForm(fields: PolicyFields, errors: Errors, now: Signal<DateTime<Utc>>) -> AnyView {
    arriving_part("policy_form", Box::pin(half_view(Half::Lifecycle(now), fields, errors)), ROWS)
}

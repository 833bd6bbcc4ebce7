//! The form of a policy, of which the wizard shows the two halves on two tabs and the policy editor both on one page: who can request and
//! what is asked of them, approval with its stages, and when access ends. It neither checks nor saves; what is wrong comes from whoever
//! holds the form, by the path of the field. Its halves are parts of the bundle of their own.

mod approval;
mod attributes;
mod fields;
pub mod labels;
mod lifecycle;
mod people;
mod questions;
mod stage;
mod stage_advanced;
mod stage_fields;
mod who;

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use leptos::wasm_split::wasm_split;

use crate::admin::form::Errors;
use crate::ui::{MissingPart, arriving_part};

pub use attributes::required_attributes;
pub use fields::PolicyFields;
pub use people::People;

/// Grey rows until the part is there.
const ROWS: usize = 8;

#[wasm_split(policy_form, wasm_split_path = ::leptos::wasm_split, preload(fetch_who), fallible)]
fn who_view(fields: PolicyFields, errors: Errors, people: People, attributes: ViewFn) -> Result<AnyView, MissingPart> {
    Ok(who::who(fields, errors, people, attributes))
}

#[wasm_split(policy_lifecycle, wasm_split_path = ::leptos::wasm_split, preload(fetch_ends), fallible)]
fn lifecycle_view(fields: PolicyFields, errors: Errors, now: Signal<DateTime<Utc>>) -> Result<AnyView, MissingPart> {
    Ok(lifecycle::lifecycle(fields, errors, now))
}

/// Brings the part of the first half, if it is not there yet.
pub async fn fetch_form() -> Result<(), MissingPart> {
    Ok(fetch_who().await?)
}

/// Brings the part of the second half, if it is not there yet.
pub async fn fetch_lifecycle() -> Result<(), MissingPart> {
    Ok(fetch_ends().await?)
}

/// The first half: who can request, approval, whether requests are taken, and what is asked of the requestor; `attributes` shows what the
/// resources ask beside that.
#[component]
pub fn WhoForm(fields: PolicyFields, errors: Errors, people: People, #[prop(into)] attributes: ViewFn) -> AnyView {
    arriving_part("policy_form", Box::pin(who_view(fields, errors, people, attributes)), ROWS)
}

/// The second half: when access ends; `now` is the time from which days are counted.
#[component]
pub fn LifecycleForm(fields: PolicyFields, errors: Errors, now: Signal<DateTime<Utc>>) -> AnyView {
    arriving_part("policy_lifecycle", Box::pin(lifecycle_view(fields, errors, now)), ROWS)
}

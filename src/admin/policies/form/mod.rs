//! The form of a policy, of which the wizard shows the two halves on two tabs and the policy editor both on one page: who can request and
//! what is asked of them, approval with its stages, and when access ends. It neither checks nor saves; what is wrong comes from whoever
//! holds the form, by the path of the field.

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

pub use fields::PolicyFields;
pub use lifecycle::LifecycleForm;
pub use people::People;
pub use who::WhoForm;

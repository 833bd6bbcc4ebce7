//! Policies: who may have a package and on what terms. The list of a package's policies, the form that the New access package wizard asks
//! them with, and what they say in sentences.

mod dates;
mod form;
mod lifecycle;
mod list;
pub mod sentences;
mod who;

pub use form::PolicyFields;
pub use lifecycle::LifecycleForm;
pub use list::PackagePoliciesPage;
pub use who::WhoForm;

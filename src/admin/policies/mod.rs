//! Policies: who may have a package and on what terms. The list of a package's policies with their details, the editor and the versions of
//! one; the form that the New access package wizard asks them with too; and what they say in sentences.

mod actions;
mod details;
mod editor;
mod form;
mod list;
pub mod sentences;
mod simulator;
mod versions;

pub use editor::{EditPolicyPage, NewPolicyPage};
pub use form::{LifecycleForm, People, PolicyFields, WhoForm, labels};
pub use list::PackagePoliciesPage;
pub use simulator::SimulatorPage;
pub use versions::PolicyVersionsPage;

//! Policies: who may have a package and on what terms. The list of a package's policies with their details, the editor and the versions of
//! one; the form that the New access package wizard asks them with too; and what they say in sentences.

mod actions;
mod details;
mod editor;
mod form;
mod list;
mod simulator;
mod versions;

use editor::{EditPolicyPage, NewPolicyPage};
pub use form::{LifecycleForm, People, PolicyFields, WhoForm, fetch_form, fetch_lifecycle, labels, required_attributes};
use list::PackagePoliciesPage;
use simulator::SimulatorPage;
use versions::PolicyVersionsPage;

crate::ui::part! {
    /// The list of a package's policies.
    pub enum Policies in policies {
        OfPackage => PackagePoliciesPage,
    }
}

crate::ui::part! {
    /// The pages of one policy.
    pub enum Policy in policy {
        New => NewPolicyPage,
        Edit => EditPolicyPage,
    }
}

crate::ui::part! {
    /// The versions of one policy.
    pub enum Versions in versions {
        Page => PolicyVersionsPage,
    }
}

crate::ui::part! {
    /// Whom a policy would let in.
    pub enum Simulator in simulator {
        Page => SimulatorPage,
    }
}

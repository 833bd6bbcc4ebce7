//! One thing that has to be changed so that what there is becomes what the file says.

use serde::Serialize;

use crate::domain::access::Role;
use crate::domain::attribute::AttributesForm;
use crate::domain::catalog::CatalogForm;
use crate::domain::custom_attribute::CustomAttributeForm;
use crate::domain::draft::DraftRole;
use crate::domain::id::{CatalogId, CustomAttributeId, IncompatibilityId, ObjectId, PackageId, PackageRoleId, PolicyId, RoleAssignmentId};
use crate::domain::impact::Effect;
use crate::domain::incompatibility::Counterpart;
use crate::domain::limit::LimitsForm;
use crate::domain::object::Subject;
use crate::domain::package::PackageForm;
use crate::domain::policy::{PolicyForm, PolicyTerms};
use crate::domain::setting::TenantSettings;
use crate::domain::text::string_enum;
use crate::service::roles::Roles;

string_enum! {
    /// What a step does.
    Kind {
        /// Makes something.
        Create = "create",
        /// Changes something.
        Change = "change",
        /// Takes something away.
        Delete = "delete",
    }
}

/// The change itself. Numbers are versions, as they were when the plan was made.
#[derive(Clone, Debug)]
pub enum Change {
    /// The tenant's settings.
    Settings(TenantSettings),
    /// Limits.
    Limits(LimitsForm),
    /// A new custom attribute of users.
    CreateAttribute(CustomAttributeForm),
    /// What a custom attribute is called and for.
    UpdateAttribute(CustomAttributeId, i64, CustomAttributeForm),
    /// A new catalog.
    CreateCatalog(CatalogId, CatalogForm),
    /// A catalog's own properties.
    UpdateCatalog(CatalogId, i64, CatalogForm),
    /// A role for somebody.
    GiveRole(Roles, Role, Subject),
    /// A role from somebody.
    TakeRole(Roles, RoleAssignmentId),
    /// A resource for a catalog.
    AddResource(CatalogId, ObjectId),
    /// What a resource asks for.
    Attributes(CatalogId, ObjectId, AttributesForm),
    /// A new package.
    CreatePackage(PackageId, CatalogId, PackageForm),
    /// A package into another catalog.
    MovePackage(PackageId, i64, CatalogId),
    /// A package's own properties.
    UpdatePackage(PackageId, i64, PackageForm),
    /// A resource role out of a package.
    RemoveResourceRole(PackageId, PackageRoleId),
    /// A resource role into a package.
    AddResourceRole(PackageId, DraftRole),
    /// A new policy, with what its form does not show.
    CreatePolicy(PolicyId, PackageId, Box<(PolicyForm, PolicyTerms)>),
    /// New terms for a policy.
    UpdatePolicy(PolicyId, i64, Box<(PolicyForm, PolicyTerms)>),
    /// A policy that is no more.
    DeletePolicy(PolicyId, i64),
    /// The order of a package's policies.
    OrderPolicies(PackageId, Vec<PolicyId>),
    /// A rule of separation of duties that is no more.
    RemoveRule(PackageId, IncompatibilityId),
    /// A new one.
    AddRule(PackageId, Counterpart),
    /// A package that is no more.
    DeletePackage(PackageId, i64),
    /// A resource out of a catalog.
    RemoveResource(CatalogId, ObjectId),
    /// A catalog that is no more.
    DeleteCatalog(CatalogId, i64),
}

impl Change {
    /// Where it stands in the order in which changes are carried out: what others need comes first, what others use goes last.
    pub fn rank(&self) -> u8 {
        match self {
            Self::Settings(_) | Self::Limits(_) | Self::CreateAttribute(_) | Self::UpdateAttribute(..) => 0,
            Self::CreateCatalog(..) | Self::UpdateCatalog(..) => 1,
            Self::GiveRole(..) | Self::TakeRole(..) => 2,
            Self::AddResource(..) => 3,
            Self::Attributes(..) => 4,
            Self::CreatePackage(..) | Self::MovePackage(..) => 5,
            Self::UpdatePackage(..) => 6,
            Self::RemoveRule(..) => 7,
            Self::RemoveResourceRole(..) => 8,
            Self::AddResourceRole(..) => 9,
            Self::CreatePolicy(..) | Self::UpdatePolicy(..) => 10,
            Self::DeletePolicy(..) => 11,
            Self::OrderPolicies(..) => 12,
            Self::AddRule(..) => 13,
            Self::DeletePackage(..) => 14,
            Self::RemoveResource(..) => 15,
            Self::DeleteCatalog(..) => 16,
        }
    }

    fn kind(&self) -> Kind {
        match self {
            Self::CreateCatalog(..)
            | Self::CreateAttribute(_)
            | Self::GiveRole(..)
            | Self::AddResource(..)
            | Self::CreatePackage(..)
            | Self::AddResourceRole(..)
            | Self::CreatePolicy(..)
            | Self::AddRule(..) => Kind::Create,
            Self::TakeRole(..)
            | Self::RemoveResourceRole(..)
            | Self::DeletePolicy(..)
            | Self::RemoveRule(..)
            | Self::DeletePackage(..)
            | Self::RemoveResource(..)
            | Self::DeleteCatalog(..) => Kind::Delete,
            Self::Settings(_)
            | Self::Limits(_)
            | Self::UpdateCatalog(..)
            | Self::UpdateAttribute(..)
            | Self::Attributes(..)
            | Self::MovePackage(..)
            | Self::UpdatePackage(..)
            | Self::UpdatePolicy(..)
            | Self::OrderPolicies(..) => Kind::Change,
        }
    }
}

/// A property before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// What it is about.
    pub label: String,
    /// What it was.
    pub old: String,
    /// What it becomes.
    pub new: String,
}

/// A change as the plan shows it.
#[derive(Clone, Debug, Serialize)]
pub struct Step {
    /// What it does.
    pub kind: Kind,
    /// To what, in words.
    pub what: String,
    /// Which properties change.
    pub lines: Vec<Line>,
    /// Who gains and who loses.
    pub effects: Vec<Effect>,
    /// The change itself.
    #[serde(skip)]
    pub change: Change,
}

impl Step {
    /// A step; whom it concerns is found out later.
    pub fn new(what: impl Into<String>, change: Change, lines: Vec<Line>) -> Self {
        Self {
            kind: change.kind(),
            what: what.into(),
            lines,
            effects: Vec::new(),
            change,
        }
    }
}

/// The properties that differ.
pub fn lines<const N: usize>(properties: [(&str, String, String); N]) -> Vec<Line> {
    let differing = properties.into_iter().filter(|(_, old, new)| old != new);
    differing
        .map(|(label, old, new)| Line {
            label: label.to_owned(),
            old,
            new,
        })
        .collect()
}

//! Limits (F172): how many there may be of something, each with what holds until an administrator changes it, and the bound that nobody
//! passes. What a form can check by itself is checked against the bound; what holds is the service's to ask.

use serde::{Deserialize, Serialize};

use super::refusal::Refusal;
use super::text::{StringEnum, string_enum};
use super::validate::{Checker, FieldErrors};

string_enum! {
    /// What is limited.
    Limit {
        /// Catalogs of the tenant.
        Catalogs = "catalogs",
        /// Access packages of a catalog.
        CatalogPackages = "catalog_packages",
        /// Resources of a catalog.
        CatalogResources = "catalog_resources",
        /// Resource roles of an access package.
        PackageRoles = "package_roles",
        /// Policies of an access package.
        PackagePolicies = "package_policies",
        /// Approval stages of a policy.
        PolicyStages = "policy_stages",
        /// Questions of a policy.
        PolicyQuestions = "policy_questions",
        /// Attributes that a resource asks for.
        ResourceAttributes = "resource_attributes",
        /// Custom attributes that are defined.
        CustomAttributes = "custom_attributes",
        /// Packages and groups that one package is incompatible with.
        PackageIncompatibilities = "package_incompatibilities",
        /// Members, owners or resources that are added by one call.
        AddedAtOnce = "added_at_once",
        /// Users and groups that are given a role by one call.
        HoldersAtOnce = "holders_at_once",
        /// Rows of a file that is imported.
        ImportRows = "import_rows",
        /// Connected organizations of the tenant.
        Organizations = "organizations",
    }
}

impl Limit {
    /// What holds until it is changed, and the bound that nobody passes.
    const fn figures(self) -> (usize, usize) {
        match self {
            Self::Catalogs => (500, 10_000),
            Self::CatalogPackages | Self::CatalogResources => (1_000, 10_000),
            Self::PackageRoles | Self::PackagePolicies | Self::HoldersAtOnce => (50, 50),
            Self::PolicyStages => (10, 10),
            Self::PolicyQuestions => (40, 40),
            Self::ResourceAttributes => (20, 40),
            Self::CustomAttributes => (50, 200),
            Self::PackageIncompatibilities => (100, 500),
            Self::AddedAtOnce => (200, 200),
            Self::ImportRows => (50_000, 200_000),
            Self::Organizations => (2_500, 10_000),
        }
    }

    /// What holds until an administrator changes it.
    pub const fn usual(self) -> usize {
        self.figures().0
    }

    /// The most that an administrator can allow.
    pub const fn bound(self) -> usize {
        self.figures().1
    }

    /// What it is called.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Catalogs => "Catalogs",
            Self::CatalogPackages => "Access packages of a catalog",
            Self::CatalogResources => "Resources of a catalog",
            Self::PackageRoles => "Resource roles of an access package",
            Self::PackagePolicies => "Policies of an access package",
            Self::PolicyStages => "Approval stages of a policy",
            Self::PolicyQuestions => "Questions of a policy",
            Self::ResourceAttributes => "Attributes of a resource",
            Self::CustomAttributes => "Custom attributes of users",
            Self::PackageIncompatibilities => "Incompatible packages and groups of an access package",
            Self::AddedAtOnce => "Members, owners or resources added at once",
            Self::HoldersAtOnce => "Users and groups given a role at once",
            Self::ImportRows => "Rows of an imported file",
            Self::Organizations => "Connected organizations",
        }
    }

    /// What would be too many of it, as it stands behind "can have at most N".
    const fn of_what(self) -> (&'static str, &'static str) {
        match self {
            Self::Catalogs => ("The organization", "catalogs"),
            Self::CatalogPackages => ("A catalog", "access packages"),
            Self::CatalogResources => ("A catalog", "resources"),
            Self::PackageRoles => ("An access package", "resource roles"),
            Self::PackagePolicies => ("An access package", "policies"),
            Self::PolicyStages => ("A policy", "approval stages"),
            Self::PolicyQuestions => ("A policy", "questions"),
            Self::ResourceAttributes => ("A resource", "attributes"),
            Self::CustomAttributes => ("The organization", "custom attributes"),
            Self::PackageIncompatibilities => ("An access package", "incompatible packages and groups"),
            Self::AddedAtOnce => ("One step", "additions"),
            Self::HoldersAtOnce => ("One step", "users and groups"),
            Self::ImportRows => ("A file", "rows"),
            Self::Organizations => ("The organization", "connected organizations"),
        }
    }

    /// What is said where there would be more than the value.
    pub fn exceeded(self, value: usize) -> Refusal {
        let (what, things) = self.of_what();
        Refusal::new(
            "limit-reached",
            format!(
                "{what} can have at most {value} {things} (limit \u{201c}{}\u{201d}: {value}). Use fewer, or ask an administrator to raise the \
                 limit under Settings, Limits.",
                self.label()
            ),
        )
    }

    /// Whether there may be so many under this value.
    pub fn allows(self, value: usize, count: usize) -> Result<(), Refusal> {
        if count <= value { Ok(()) } else { Err(self.exceeded(value)) }
    }
}

/// A limit as its page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LimitItem {
    /// Which.
    pub limit: Limit,
    /// What holds.
    pub value: i64,
    /// The most that there is of it now, where that can be counted.
    pub used: Option<i64>,
}

/// All limits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// In the order in which they are shown.
    pub items: Vec<LimitItem>,
    /// For the next change.
    pub version: i64,
}

/// The Limits form, as typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LimitsForm {
    /// The values, in the order of `Limit::ALL`.
    pub values: Vec<String>,
    /// Of the limits that were shown.
    pub version: i64,
}

impl LimitsForm {
    /// The values, each within its bounds.
    pub fn check(&self) -> Result<Vec<(Limit, i64)>, FieldErrors> {
        let mut check = Checker::default();
        let value = |limit: &Limit| {
            let typed = Limit::ALL
                .iter()
                .position(|other| other == limit)
                .and_then(|at| self.values.get(at));
            let bound = i64::try_from(limit.bound()).unwrap_or(i64::MAX);
            (*limit, check.number(limit.as_str(), typed.map_or("", String::as_str), 1, bound))
        };
        let values = Limit::ALL.iter().map(value).collect();
        check.finish(values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::validate::Code;

    #[test]
    fn f172_what_holds_lies_within_the_bounds_and_what_is_refused_names_the_limit_and_its_value() {
        for limit in Limit::ALL {
            assert!((1..=limit.bound()).contains(&limit.usual()), "{limit:?}");
        }
        assert!(Limit::PackageRoles.allows(3, 3).is_ok());
        let refusal = Limit::PackageRoles.allows(3, 4).expect_err("too many");
        assert_eq!(
            refusal.reason,
            "An access package can have at most 3 resource roles (limit \u{201c}Resource roles of an access package\u{201d}: 3). Use fewer, \
             or ask an administrator to raise the limit under Settings, Limits."
        );
    }

    #[test]
    fn f172_a_value_is_a_number_within_its_bounds() {
        let mut form = LimitsForm {
            values: Limit::ALL.iter().map(|limit| limit.usual().to_string()).collect(),
            version: 0,
        };
        assert_eq!(form.check().expect("values").len(), Limit::ALL.len());
        form.values[0] = "many".into();
        form.values[5] = "11".into();
        let faults = form.check().expect_err("faults");
        let said: Vec<_> = faults.iter().map(|fault| (fault.path.as_str(), &fault.code)).collect();
        assert_eq!(said, [("catalogs", &Code::NotANumber), ("policy_stages", &Code::OutOfRange(1, 10))]);
    }
}

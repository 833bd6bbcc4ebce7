//! The draft of a new package while an administrator walks through the wizard: five tabs of raw input, kept on the server so that a
//! reload, Back or a lost connection loses nothing, and checked as a whole before Create.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::attribute::RequiredAttribute;
use super::id::{CatalogId, DraftId, Named, ObjectId, RoleId};
use super::object::{ObjectItem, SubjectItem};
use super::package::{BasicsForm, PackageEdit, PriorMembership, ROLES_MAX};
use super::policy::{LifecycleForm, PolicyTerms, RequestsForm, check_policy, keep_policy, keep_text};
use super::text::{DESCRIPTION_MAX, NAME_MAX, string_enum};
use super::validate::{Checker, Code, FieldError, FieldErrors};

string_enum! {
    /// The tabs, in order (F009).
    Step {
        /// Name, description, catalog.
        Basics = "basics",
        /// What it gives.
        ResourceRoles = "resource-roles",
        /// Who can request.
        Requests = "requests",
        /// When access ends.
        Lifecycle = "lifecycle",
        /// Look it over and create.
        Review = "review",
    }
}

impl Step {
    /// The tab's label.
    pub fn label(self) -> &'static str {
        match self {
            Self::Basics => "Basics",
            Self::ResourceRoles => "Resource roles",
            Self::Requests => "Requests",
            Self::Lifecycle => "Lifecycle",
            Self::Review => "Review + create",
        }
    }

    /// What the paths of this tab's fields begin with.
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Basics => "basics.",
            Self::ResourceRoles => "roles.",
            Self::Requests => "requests.",
            Self::Lifecycle => "lifecycle.",
            Self::Review => "review.",
        }
    }

    /// The tab on which a field stands.
    pub fn of_path(path: &str) -> Self {
        use super::text::StringEnum;
        Self::ALL
            .iter()
            .copied()
            .find(|step| path.starts_with(step.prefix()))
            .unwrap_or(Self::Review)
    }
}

/// One row of the Resource roles tab; `role` is `None` until one is selected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftRole {
    /// The group, application or site.
    pub object: ObjectId,
    /// The selected role.
    pub role: Option<RoleId>,
}

/// All that has been typed and chosen so far. A draft that an earlier version kept lacks what came later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PackageDraft {
    /// Basics.
    pub basics: BasicsForm,
    /// Resource roles.
    pub roles: Vec<DraftRole>,
    /// What becomes of memberships held before; stated on Resource roles.
    pub prior_membership: PriorMembership,
    /// Requests.
    pub requests: RequestsForm,
    /// Lifecycle.
    pub lifecycle: LifecycleForm,
    /// Tabs that have been left with Next or opened past: their faults are shown.
    pub visited: Vec<Step>,
}

impl Default for PackageDraft {
    fn default() -> Self {
        Self {
            basics: BasicsForm::default(),
            roles: Vec::new(),
            prior_membership: PriorMembership::Keep,
            requests: RequestsForm::default(),
            lifecycle: LifecycleForm::default(),
            visited: Vec::new(),
        }
    }
}

/// A draft that can become a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPackage {
    /// Name, description, and what becomes of memberships held before.
    pub edit: PackageEdit,
    /// Catalog.
    pub catalog: CatalogId,
    /// What it gives.
    pub roles: Vec<(ObjectId, RoleId)>,
    /// The Initial Policy.
    pub policy: PolicyTerms,
}

impl PackageDraft {
    /// Nothing was typed or chosen yet, but perhaps the catalog.
    pub fn is_blank(&self) -> bool {
        let basics = BasicsForm {
            catalog: self.basics.catalog,
            ..BasicsForm::default()
        };
        let visited = self.visited.clone();
        *self
            == Self {
                basics,
                visited,
                ..Self::default()
            }
    }

    /// The objects that it names, in its own order.
    pub fn objects(&self) -> Vec<ObjectId> {
        self.roles.iter().map(|row| row.object).collect()
    }

    /// Checks everything that can be checked without the database.
    pub fn check(&self, now: DateTime<Utc>) -> Result<NewPackage, FieldErrors> {
        let mut check = Checker::default();
        let (name, description) = self.basics.check(&mut check, Step::Basics.prefix());
        let roles = check_roles(&mut check, &self.roles, &[]);
        let policy = check_policy(&mut check, &PolicyTerms::default(), &self.requests, &self.lifecycle, now);
        match self.basics.catalog {
            Some(catalog) => check.finish(NewPackage {
                edit: PackageEdit {
                    name,
                    description,
                    hidden: false,
                    prior_membership: self.prior_membership,
                },
                catalog,
                roles,
                policy,
            }),
            None => Err(check.into_errors()),
        }
    }

    /// The faults on one tab.
    pub fn errors_on(&self, step: Step, now: DateTime<Utc>) -> FieldErrors {
        match self.check(now) {
            Ok(_) => Vec::new(),
            Err(errors) => errors.into_iter().filter(|error| Step::of_path(&error.path) == step).collect(),
        }
    }
}

impl PackageDraft {
    /// The draft as it can be kept: faults stay for their tabs to show, but nothing grows without bounds.
    pub fn kept(mut self) -> Result<Self, FieldErrors> {
        let mut check = Checker::default();
        keep_text(&mut check, "basics.name", &mut self.basics.name, NAME_MAX);
        keep_text(&mut check, "basics.description", &mut self.basics.description, DESCRIPTION_MAX);
        if self.roles.len() > 2 * ROLES_MAX {
            check.fail(format!("roles.{ROLES_MAX}.object"), Code::TooMany(ROLES_MAX));
        }
        keep_policy(&mut check, &mut self.requests, &mut self.lifecycle);
        self.visited.sort_unstable();
        self.visited.dedup();
        check.finish(self)
    }
}

/// The resource roles that the rows ask for: one chosen in each, none twice, none that the package has already (`present`), and no
/// more than a package holds.
pub fn check_roles(check: &mut Checker, rows: &[DraftRole], present: &[RoleId]) -> Vec<(ObjectId, RoleId)> {
    let mut roles: Vec<(ObjectId, RoleId)> = Vec::with_capacity(rows.len().min(ROLES_MAX));
    for (index, row) in rows.iter().enumerate() {
        match row.role {
            _ if index + present.len() >= ROLES_MAX => {
                check.fail(format!("roles.{index}.object"), Code::TooMany(ROLES_MAX));
                break;
            }
            None => check.fail(format!("roles.{index}.role"), Code::Required),
            Some(role) if present.contains(&role) || roles.iter().any(|(_, chosen)| *chosen == role) => {
                check.fail(format!("roles.{index}.role"), Code::Repeated);
            }
            Some(role) => roles.push((row.object, role)),
        }
    }
    roles
}

/// The faults that only the directory knows: an object that is gone, a role that its object does not offer. `objects` are those
/// that were found.
pub fn role_faults(rows: &[DraftRole], objects: &[ObjectItem]) -> FieldErrors {
    let mut check = Checker::default();
    for (index, row) in rows.iter().enumerate() {
        match (objects.iter().find(|object| object.id == row.object), row.role) {
            (Some(object), _) if object.deleted => check.fail(format!("roles.{index}.object"), Code::Gone),
            (None, _) => check.fail(format!("roles.{index}.object"), Code::Gone),
            (Some(object), Some(role)) if object.roles.iter().all(|offered| offered.id != role) => {
                check.fail(format!("roles.{index}.role"), Code::NotOffered);
            }
            _ => {}
        }
    }
    check.into_errors()
}

/// A draft with what its page needs to show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftView {
    /// The draft.
    pub id: DraftId,
    /// For the next save.
    pub version: i64,
    /// What has been typed and chosen.
    pub draft: PackageDraft,
    /// Every object that it names, with its roles; deleted ones are marked.
    pub objects: Vec<ObjectItem>,
    /// Every user and group that it names; deleted ones are marked.
    pub subjects: Vec<SubjectItem>,
    /// What the chosen resources ask of requestors (F054).
    pub attributes: Vec<RequiredAttribute>,
    /// Catalogs to choose from.
    pub catalogs: Vec<Named<CatalogId>>,
    /// All faults, those that only the database knows included.
    pub errors: Vec<FieldError>,
    /// The server's time, for the end date that would result today.
    #[serde(with = "super::when::instant")]
    pub now: DateTime<Utc>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::object::Subject;
    use crate::domain::policy::{Audience, Scope};
    use uuid::Uuid;

    fn tutorial() -> PackageDraft {
        PackageDraft {
            basics: BasicsForm {
                name: "Marketing Campaign".into(),
                description: "Access to resources for the campaign".into(),
                catalog: Some(CatalogId(Uuid::from_u128(1))),
            },
            roles: vec![DraftRole {
                object: ObjectId(Uuid::from_u128(2)),
                role: Some(RoleId(Uuid::from_u128(3))),
            }],
            requests: RequestsForm {
                audience: Some(Audience::InDirectory),
                scope: Some(Scope::Specific),
                subjects: vec![Subject::User(Uuid::from_u128(4).into())],
                ..RequestsForm::default()
            },
            lifecycle: LifecycleForm {
                days: "30".into(),
                ..LifecycleForm::default()
            },
            ..PackageDraft::default()
        }
    }

    #[test]
    fn a_draft_of_an_earlier_version_is_read() {
        let read: PackageDraft = serde_json::from_str("{}").expect("a draft");
        assert_eq!(read, PackageDraft::default());
        assert!(read.is_blank());
    }

    /// Golden drafts, checked in: one as an earlier build kept it, with less in it, and one as a later build may, with more.
    #[test]
    fn drafts_of_other_builds_are_read() {
        let later: PackageDraft = serde_json::from_str(include_str!("golden/draft_of_a_later_build.json")).expect("read");
        let expected = PackageDraft {
            prior_membership: PriorMembership::Remove,
            visited: vec![Step::Basics, Step::ResourceRoles],
            ..tutorial()
        };
        assert_eq!(later, expected);
        let earlier: PackageDraft = serde_json::from_str(include_str!("golden/draft_of_an_earlier_build.json")).expect("read");
        assert_eq!(earlier.basics.name, "Marketing Campaign");
        assert_eq!(
            earlier.roles,
            [DraftRole {
                role: None,
                ..tutorial().roles[0]
            }]
        );
        assert!(earlier.requests.enabled && earlier.requests.scope.is_none());
        assert_eq!((earlier.lifecycle.hours.as_str(), earlier.lifecycle.days.as_str()), ("8", "365"));
    }

    #[test]
    fn the_tutorial_s_draft_is_whole() {
        let package = tutorial().check(DateTime::UNIX_EPOCH).expect("valid");
        assert_eq!(package.edit.name.folded, "marketing campaign");
        assert_eq!(package.policy.lifecycle.expires, super::super::expiration::Expiration::Days(30));
        assert_eq!(super::super::policy::check_terms(&package.policy, DateTime::UNIX_EPOCH), []);
    }

    #[test]
    fn f015_a_row_without_a_role_is_a_fault_on_its_tab() {
        let mut draft = tutorial();
        draft.roles[0].role = None;
        draft.basics.name = "  ".into();
        let errors = draft.errors_on(Step::ResourceRoles, DateTime::UNIX_EPOCH);
        assert_eq!(errors, [FieldError::new("roles.0.role", Code::Required)]);
        assert_eq!(
            draft.errors_on(Step::Basics, DateTime::UNIX_EPOCH),
            [FieldError::new("basics.name", Code::Required)]
        );
        assert!(draft.errors_on(Step::Lifecycle, DateTime::UNIX_EPOCH).is_empty());
    }

    #[test]
    fn the_same_role_twice_is_a_fault() {
        let mut draft = tutorial();
        draft.roles.push(draft.roles[0]);
        assert_eq!(
            draft.errors_on(Step::ResourceRoles, DateTime::UNIX_EPOCH),
            [FieldError::new("roles.1.role", Code::Repeated)]
        );
    }

    #[test]
    fn a_package_holds_fifty_resource_roles_and_says_so() {
        let mut draft = tutorial();
        draft.roles = (0..60)
            .map(|n| DraftRole {
                object: ObjectId(Uuid::from_u128(2)),
                role: Some(RoleId(Uuid::from_u128(n))),
            })
            .collect();
        assert_eq!(
            draft.errors_on(Step::ResourceRoles, DateTime::UNIX_EPOCH),
            [FieldError::new("roles.50.object", Code::TooMany(50))]
        );
    }

    #[test]
    fn faults_are_kept_but_not_without_bounds() {
        let mut draft = tutorial();
        draft.basics.name = "a\0b".into();
        draft.visited = vec![Step::Review, Step::Basics, Step::Review];
        let kept = draft.clone().kept().expect("kept");
        assert_eq!((kept.basics.name.as_str(), kept.visited.len()), ("a\u{1}b", 2));
        assert_eq!(
            kept.errors_on(Step::Basics, DateTime::UNIX_EPOCH),
            [FieldError::new("basics.name", Code::Unprintable)]
        );
        draft.basics.description = "x".repeat(20_000);
        assert_eq!(
            draft.kept().expect_err("too long"),
            [FieldError::new("basics.description", Code::TooLong(DESCRIPTION_MAX))]
        );
    }
}

//! Access packages: what one is, what may be typed into its forms, and what stands in the way of deleting it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::id::{AssignmentId, CatalogId, Named, PackageId, PackageRoleId, RoleId};
use super::limit::Limit;
use super::object::ObjectItem;
use super::page::{Direction, PageQuery};
use super::policy::PolicyItem;
use super::refusal::{Permission, Refusal};
use super::text::{DESCRIPTION_MAX, string_enum};
use super::validate::{Checker, FieldErrors, Name};

/// Resource roles in one package, at the most.
pub const ROLES_MAX: usize = Limit::PackageRoles.bound();
/// Lists count no more people of a package than this.
pub const ACTIVE_COUNTED_MAX: i64 = 1_000;

string_enum! {
    /// What becomes of a membership that a person already had when a package gave it too (feature map, section 7 row 38).
    PriorMembership {
        /// It stays when the assignment ends.
        Keep = "keep",
        /// It ends with the assignment.
        Remove = "remove",
    }
}

/// A row of the package list (F007).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackageItem {
    /// The package.
    pub id: PackageId,
    /// Its name.
    pub name: String,
    /// What requestors read about it.
    pub description: String,
    /// Its catalog.
    pub catalog: Named<CatalogId>,
    /// People who have it now; in a list no more than `ACTIVE_COUNTED_MAX` and one.
    pub active_assignments: i64,
    /// Not listed in My Access; the link still works.
    pub hidden: bool,
    /// When it was made.
    #[serde(with = "super::when::instant")]
    pub created_at: DateTime<Utc>,
    /// For the next change, and for deleting it from the list.
    pub version: i64,
}

impl PackageItem {
    /// How many people have it, as lists write it: beyond a bound they are not counted.
    pub fn active_text(&self) -> String {
        if self.active_assignments > ACTIVE_COUNTED_MAX {
            format!("{ACTIVE_COUNTED_MAX}+")
        } else {
            self.active_assignments.to_string()
        }
    }
}

/// A package as the API lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageRecord {
    /// The package.
    pub id: PackageId,
    /// Its catalog.
    pub catalog_id: CatalogId,
    /// Its name.
    pub name: String,
    /// What requestors read about it.
    pub description: String,
    /// Not listed in My Access.
    pub hidden: bool,
    /// What becomes of memberships held before.
    pub prior_membership: PriorMembership,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// For the next change.
    pub version: i64,
}

impl PackageRecord {
    /// The form that changes nothing of it.
    pub fn form(&self) -> PackageForm {
        PackageForm {
            name: self.name.clone(),
            description: self.description.clone(),
            hidden: self.hidden,
            prior_membership: self.prior_membership,
        }
    }
}

/// A package's Overview.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackageDetail {
    /// As in the list.
    pub item: PackageItem,
    /// What becomes of memberships held before.
    pub prior_membership: PriorMembership,
    /// The whole My Access portal link (F025).
    pub link: String,
    /// What it gives.
    pub roles: Vec<PackageRoleItem>,
    /// Its policies.
    pub policies: Vec<PolicyItem>,
    /// Requests that wait for something.
    pub open_requests: i64,
    /// How many rules of separation of duties it has, and how many of other packages name it.
    pub incompatibilities: (i64, i64),
    /// When it was last changed.
    #[serde(with = "super::when::instant")]
    pub updated_at: DateTime<Utc>,
    /// May it be edited?
    pub edit: Permission,
    /// May it be given to people directly?
    pub assign: Permission,
    /// May it be deleted? Names who has it if not (F042).
    pub delete: Permission,
    /// All its assignments are being ended, before it is deleted.
    pub ending: Option<PackageEnding>,
}

/// How far the ending of all assignments of a package has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackageEnding {
    /// Who asked for it.
    pub started_by: String,
    /// Assignments that there were when it began.
    pub assignments: i64,
    /// Those that have not ended yet.
    pub left: i64,
    /// It was given up after too many failures.
    pub given_up: bool,
}

/// One resource role of a package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackageRoleItem {
    /// The role's place in the package.
    pub id: PackageRoleId,
    /// The role itself.
    pub role: RoleId,
    /// The role's name, such as Member.
    pub role_name: String,
    /// Of which object.
    pub object: ObjectItem,
    /// When it was added.
    #[serde(with = "super::when::instant")]
    pub added_at: DateTime<Utc>,
}

string_enum! {
    /// What a list of packages is sorted by.
    PackageSort {
        /// Name.
        Name = "name",
        /// When it was made.
        Created = "created",
    }
}

/// Which packages to list.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct PackageQuery {
    /// Part of a name.
    pub search: String,
    /// Only of this catalog.
    pub catalog: Option<CatalogId>,
    /// Sort by.
    pub sort: PackageSort,
    /// Up or down.
    pub direction: Direction,
    /// Which page.
    pub page: PageQuery,
}

impl Default for PackageQuery {
    fn default() -> Self {
        Self {
            search: String::new(),
            catalog: None,
            sort: PackageSort::Name,
            direction: Direction::Up,
            page: PageQuery::default(),
        }
    }
}

/// The Basics tab, as typed (F010, F011).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BasicsForm {
    /// Name.
    pub name: String,
    /// Description.
    pub description: String,
    /// Catalog; `None` until the page has preset it to General.
    pub catalog: Option<CatalogId>,
}

impl BasicsForm {
    /// The checked name, description and catalog, with `path` before each field's name.
    pub fn check(&self, check: &mut Checker, path: &str) -> (Name, String) {
        let name = Name::check(check, &format!("{path}name"), &self.name);
        let description = check.required_paragraph(&format!("{path}description"), &self.description, DESCRIPTION_MAX);
        if self.catalog.is_none() {
            check.fail(format!("{path}catalog"), super::validate::Code::Required);
        }
        (name, description)
    }
}

/// The Edit pane of a package's Overview, as typed (F059).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackageForm {
    /// Name.
    pub name: String,
    /// Description.
    pub description: String,
    /// Hidden.
    pub hidden: bool,
    /// What becomes of memberships held before.
    pub prior_membership: PriorMembership,
}

/// A checked edit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageEdit {
    /// Name.
    pub name: Name,
    /// Description.
    pub description: String,
    /// Hidden.
    pub hidden: bool,
    /// What becomes of memberships held before.
    pub prior_membership: PriorMembership,
}

impl PackageForm {
    /// The edit that this form asks for.
    pub fn check(&self) -> Result<PackageEdit, FieldErrors> {
        let mut check = Checker::default();
        let name = Name::check(&mut check, "name", &self.name);
        let description = check.required_paragraph("description", &self.description, DESCRIPTION_MAX);
        check.finish(PackageEdit {
            name,
            description,
            hidden: self.hidden,
            prior_membership: self.prior_membership,
        })
    }
}

/// Whether a package can be deleted while these people have it (F042). `holders` are a few of them, `count` is all.
pub fn may_delete(package: &str, holders: &[Named<AssignmentId>], count: i64) -> Result<(), Refusal> {
    if count == 0 {
        return Ok(());
    }
    let names: Vec<&str> = holders.iter().map(|h| h.name.as_str()).collect();
    let others = count - holders.len() as i64;
    let more = if others > 0 { format!(" and {others} more") } else { String::new() };
    let (people, have, it) = if count == 1 {
        ("1 person".to_owned(), "has", "assignment")
    } else {
        (format!("{count} people"), "have", "assignments")
    };
    Err(Refusal::new(
        "package-in-use",
        format!(
            "{package} can't be deleted while {people} {have} it: {}{more}. Remove the {it} first.",
            names.join(", ")
        ),
    ))
}

/// Whether a package can be deleted while requests for it wait for something.
pub fn no_open_requests(package: &str, count: i64) -> Result<(), Refusal> {
    let waits = match count {
        0 => return Ok(()),
        1 => "1 request for it waits".to_owned(),
        _ => format!("{count} requests for it wait"),
    };
    Err(Refusal::new(
        "package-requested",
        format!("{package} can't be deleted while {waits} to be delivered. Try again when that is done."),
    ))
}

/// Whether a package can be changed while all its assignments are being ended.
pub fn not_ending(package: &str, ending: bool) -> Result<(), Refusal> {
    if ending {
        let reason = format!("All assignments of {package} are being ended; it is deleted then.");
        return Err(Refusal::new("package-ending", reason));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f042_the_refusal_names_who_has_it() {
        let one = [Named::new(AssignmentId(uuid::Uuid::nil()), "Requestor1")];
        let reason = may_delete("Marketing Campaign", &one, 1).expect_err("refused").reason;
        assert_eq!(
            reason,
            "Marketing Campaign can't be deleted while 1 person has it: Requestor1. Remove the assignment first."
        );
        let reason = may_delete("Marketing Campaign", &one, 3).expect_err("refused").reason;
        assert_eq!(
            reason,
            "Marketing Campaign can't be deleted while 3 people have it: Requestor1 and 2 more. Remove the assignments first."
        );
        assert!(may_delete("Marketing Campaign", &[], 0).is_ok());
        assert!(no_open_requests("Marketing Campaign", 0).is_ok());
        let reason = no_open_requests("Marketing Campaign", 2).expect_err("refused").reason;
        assert!(reason.contains("2 requests for it wait"), "{reason}");
    }
}

//! Catalogs: the containers of resources and packages, and the unit of delegation.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::id::{CatalogId, Named, PackageId};
use super::object::ObjectItem;
use super::page::PageQuery;
use super::refusal::{Permission, Refusal};
use super::text::{DESCRIPTION_MAX, string_enum};
use super::validate::{Checker, FieldErrors, Name};

/// The name of the catalog that always exists (F006).
pub const GENERAL: &str = "General";

/// A row of the catalog list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CatalogItem {
    /// The catalog.
    pub id: CatalogId,
    /// Its name.
    pub name: String,
    /// What it is for, or empty.
    pub description: String,
    /// Its packages can be requested.
    pub enabled: bool,
    /// Guests may see its packages.
    pub external: bool,
    /// Came with the product and stays.
    pub built_in: bool,
    /// Resources in it.
    pub resources: i64,
    /// Packages in it.
    pub packages: i64,
    /// When it was made.
    #[serde(with = "super::when::instant")]
    pub created_at: DateTime<Utc>,
}

/// A catalog as the API lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogRecord {
    /// The catalog.
    pub id: CatalogId,
    /// Its name.
    pub name: String,
    /// What it is for, or empty.
    pub description: String,
    /// Its packages can be requested.
    pub enabled: bool,
    /// Guests may see its packages.
    pub external: bool,
    /// Came with the product and stays.
    pub built_in: bool,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// For the next change.
    pub version: i64,
}

impl CatalogRecord {
    /// The form that changes nothing of it.
    pub fn form(&self) -> CatalogForm {
        CatalogForm {
            name: self.name.clone(),
            description: self.description.clone(),
            enabled: self.enabled,
            external: self.external,
        }
    }
}

/// One catalog, with what the viewer may do with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CatalogDetail {
    /// As in the list.
    pub item: CatalogItem,
    /// For the next change.
    pub version: i64,
    /// May it be edited? (F048)
    pub edit: Permission,
    /// May it be deleted? Names the packages in it if not (F049).
    pub delete: Permission,
    /// May resources be added? (F050)
    pub add_resources: Permission,
    /// May resources be removed? (F051)
    pub remove_resources: Permission,
    /// May its roles be given and taken? (F052)
    pub manage_roles: Permission,
    /// May packages be made in it?
    pub create_packages: Permission,
}

string_enum! {
    /// A switch of a catalog, as a filter asks for it.
    Switch {
        /// On.
        Yes = "yes",
        /// Off.
        No = "no",
    }
}

impl Switch {
    /// Whether it is on.
    pub fn is_on(self) -> bool {
        self == Self::Yes
    }
}

/// The New catalog and Edit panes, as typed (F044, F048).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CatalogForm {
    /// Name.
    pub name: String,
    /// What it is for, or empty.
    pub description: String,
    /// Enabled.
    pub enabled: bool,
    /// Enabled for external users.
    pub external: bool,
}

impl Default for CatalogForm {
    /// A new catalog is enabled, and closed to guests until somebody decides otherwise.
    fn default() -> Self {
        Self {
            name: String::new(),
            description: String::new(),
            enabled: true,
            external: false,
        }
    }
}

/// A checked catalog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogEdit {
    /// Its name; no two catalogs share one.
    pub name: Name,
    /// What it is for, or empty.
    pub description: String,
    /// Its packages can be requested.
    pub enabled: bool,
    /// Guests may see its packages.
    pub external: bool,
}

impl CatalogForm {
    /// The catalog that this form asks for.
    pub fn check(&self) -> Result<CatalogEdit, FieldErrors> {
        let mut check = Checker::default();
        let name = Name::check(&mut check, "name", &self.name);
        let description = check.paragraph("description", &self.description, DESCRIPTION_MAX);
        check.finish(CatalogEdit {
            name,
            description,
            enabled: self.enabled,
            external: self.external,
        })
    }
}

/// Whether a catalog can be deleted: not the built-in one (F006), and none that holds packages (F049). `packages` are a few of them,
/// `count` is all.
pub fn may_delete(catalog: &str, built_in: bool, packages: &[String], count: i64) -> Result<(), Refusal> {
    if built_in {
        let reason = format!("{catalog} came with the product and can't be deleted.");
        return Err(Refusal::new("built-in-catalog", reason));
    }
    if count == 0 {
        return Ok(());
    }
    let others = count - packages.len() as i64;
    let more = if others > 0 { format!(" and {others} more") } else { String::new() };
    let (holds, them) = if count == 1 {
        ("1 access package".to_owned(), "it")
    } else {
        (format!("{count} access packages"), "them")
    };
    let reason = format!(
        "{catalog} can't be deleted while it holds {holds}: {}{more}. Delete {them} or move {them} to another catalog first.",
        packages.join(", ")
    );
    Err(Refusal::new("catalog-in-use", reason))
}

/// Whether a resource can be removed from its catalog: not while these packages of the catalog give a role of it (F051).
pub fn may_remove_resource(resource: &str, packages: &[Named<PackageId>]) -> Result<(), Refusal> {
    if packages.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = packages.iter().map(|package| package.name.as_str()).collect();
    let (give, there) = if packages.len() == 1 {
        ("gives", "there")
    } else {
        ("give", "in each of them")
    };
    let reason = format!(
        "{resource} can't be removed while {} {give} a role of it. Remove the resource role {there} first.",
        names.join(", ")
    );
    Err(Refusal::new("resource-in-use", reason))
}

/// One resource of a catalog (F014).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResourceItem {
    /// The object; `deleted` marks one that is gone from the directory (F043).
    pub object: ObjectItem,
    /// When it was added.
    #[serde(with = "super::when::instant")]
    pub added_at: DateTime<Utc>,
    /// Packages that give a role of it.
    pub packages: Vec<Named<PackageId>>,
}

/// Which resources to list.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ResourceQuery {
    /// Of this catalog.
    pub catalog: CatalogId,
    /// Part of a name.
    #[serde(default)]
    pub search: String,
    /// Which page.
    #[serde(default)]
    pub page: PageQuery,
}

/// Which catalogs to list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct CatalogQuery {
    /// Part of a name.
    #[serde(default)]
    pub search: String,
    /// Only those that are enabled, or are not.
    #[serde(default)]
    pub enabled: Option<Switch>,
    /// Only those that are enabled for external users, or are not (F047).
    #[serde(default)]
    pub external: Option<Switch>,
    /// Which page.
    #[serde(default)]
    pub page: PageQuery,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::validate::Code;

    #[test]
    fn f044_a_new_catalog_needs_a_name_and_begins_closed_to_guests() {
        let form = CatalogForm::default();
        assert!(form.enabled && !form.external);
        let faults = form.check().expect_err("no name");
        assert_eq!((faults[0].path.as_str(), &faults[0].code), ("name", &Code::Required));
        let named = CatalogForm {
            name: "  Marketing ".into(),
            ..form
        };
        assert_eq!(named.check().expect("a catalog").name.text, "Marketing");
    }

    #[test]
    fn f006_f049_what_holds_packages_or_came_with_the_product_stays() {
        let reason = |built_in, names: &[&str], count| {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            may_delete("Marketing", built_in, &names, count).err().map(|refusal| refusal.reason)
        };
        assert_eq!(reason(false, &[], 0), None);
        assert!(reason(true, &[], 0).is_some_and(|reason| reason.contains("came with the product")));
        assert_eq!(
            reason(false, &["Campaign"], 1).as_deref(),
            Some("Marketing can't be deleted while it holds 1 access package: Campaign. Delete it or move it to another catalog first.")
        );
        assert!(reason(false, &["A", "B", "C"], 5).is_some_and(|reason| reason.contains("A, B, C and 2 more")));
    }

    #[test]
    fn f051_the_refusal_names_the_packages() {
        let package = |name: &str| Named::new(PackageId(uuid::Uuid::nil()), name);
        assert!(may_remove_resource("Sales team", &[]).is_ok());
        let reason = may_remove_resource("Sales team", &[package("A"), package("B")])
            .expect_err("used")
            .reason;
        assert_eq!(
            reason,
            "Sales team can't be removed while A, B give a role of it. Remove the resource role in each of them first."
        );
    }
}

//! Applications and sites of the directory: what one is, its roles, and who holds them through what. Groups have pages of their own, see
//! `group`.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::id::{CatalogId, Named, ObjectId, PackageId, RoleId, UserId};
use super::object::ObjectKind;
use super::page::{Direction, PageQuery};

/// A row of the list of applications, or of that of sites.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirectoryObjectItem {
    /// The object.
    pub id: ObjectId,
    /// Application or site.
    pub kind: ObjectKind,
    /// Its name.
    pub name: String,
    /// What it is for, or empty.
    pub description: String,
    /// Where it is, or empty.
    pub url: String,
    /// People who hold a role of it now.
    pub holders: i64,
}

/// Everything about one application or site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DirectoryObjectDetail {
    /// As in the list.
    pub item: DirectoryObjectItem,
    /// Its roles, in order.
    pub roles: Vec<RoleCount>,
    /// The catalogs that hold it and that the viewer sees.
    pub catalogs: Vec<Named<CatalogId>>,
    /// The packages that give a role of it and that the viewer sees.
    pub packages: Vec<Named<PackageId>>,
    /// How many more packages do.
    pub unseen_packages: usize,
    /// When it was made.
    #[serde(with = "super::when::instant")]
    pub created_at: DateTime<Utc>,
}

/// A role, and how many people hold it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleCount {
    /// The role.
    pub id: RoleId,
    /// Its name.
    pub name: String,
    /// People who hold it now.
    pub holders: i64,
}

/// A person who holds roles of an application or site.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectHolder {
    /// Who.
    pub user: Named<UserId>,
    /// Their sign-in name.
    pub user_name: String,
    /// Which roles, and through what.
    pub roles: Vec<HeldObjectRole>,
}

/// A role that someone holds, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldObjectRole {
    /// The role's name.
    pub name: String,
    /// Given by hand.
    pub direct: bool,
    /// Packages that give it, those that the viewer sees.
    pub packages: Vec<Named<PackageId>>,
    /// Since when.
    #[serde(with = "super::when::instant")]
    pub since: DateTime<Utc>,
    /// When it ends unless something else gives it.
    #[serde(with = "super::when::maybe_instant")]
    pub until: Option<DateTime<Utc>>,
}

impl HeldObjectRole {
    /// What gives it, in words: `Direct; Package: Sales toolkit`. A package that the viewer does not see is one they are not told of.
    pub fn sources(&self) -> String {
        let direct = self.direct.then(|| "Direct".to_owned());
        let packages = self.packages.iter().map(|package| format!("Package: {}", package.name));
        let sources: Vec<String> = direct.into_iter().chain(packages).collect();
        if sources.is_empty() {
            "A package that you can't see".to_owned()
        } else {
            sources.join("; ")
        }
    }
}

/// Which applications or sites to list.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct DirectoryObjectQuery {
    /// Applications or sites.
    pub kind: ObjectKind,
    /// Part of a name.
    #[serde(default)]
    pub search: String,
    /// By name, up or down.
    #[serde(default)]
    pub direction: Direction,
    /// Which page.
    #[serde(default)]
    pub page: PageQuery,
}

/// Which holders of an application or site to list.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ObjectHolderQuery {
    /// Of this object.
    pub object: ObjectId,
    /// Only of this role.
    #[serde(default)]
    pub role: Option<RoleId>,
    /// Part of a name.
    #[serde(default)]
    pub search: String,
    /// Which page.
    #[serde(default)]
    pub page: PageQuery,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f057_f058_what_gives_a_role_is_said() {
        let mut role = HeldObjectRole {
            name: "Teller".into(),
            direct: true,
            packages: vec![Named::new(PackageId(uuid::Uuid::nil()), "Branch visit")],
            since: DateTime::UNIX_EPOCH,
            until: None,
        };
        assert_eq!(role.sources(), "Direct; Package: Branch visit");
        role.direct = false;
        role.packages.clear();
        assert_eq!(role.sources(), "A package that you can't see");
    }
}

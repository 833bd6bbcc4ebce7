//! Governance as a file: catalogs with their resources, roles, packages and policies, separation of duties, settings and limits. People and
//! groups are named by what they are called, so a file can be carried to another installation. A section that is missing is left alone; one
//! that is there says all that is to be in it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::access::Role;
use super::attribute::{AttributeRow, ResourceAttribute, UserAttribute};
use super::custom_attribute::{AttributeDefinition, AttributeType, CustomAttributeForm};
use super::id::{CatalogId, PackageId, PolicyId, QuestionId};
use super::object::ObjectKind;
use super::package::PriorMembership;
use super::text::StringEnum;

mod terms;

pub use terms::{Naming, terms_from_file, terms_to_file};

/// The form of file that this build writes and reads.
pub const FORMAT: u32 = 1;

/// The file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Configuration {
    /// `FORMAT`.
    pub woodgate: u32,
    /// The tenant's settings, each by its key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settings: Option<BTreeMap<String, String>>,
    /// Limits, each by its word; one that is missing is left alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limits: Option<BTreeMap<String, i64>>,
    /// Custom attributes of users. One that is not listed is left alone, since its values would go with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom_attributes: Option<Vec<CustomAttributeBlock>>,
    /// Who may create catalogs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub catalog_creators: Option<Vec<Holder>>,
    /// Catalogs. One that is not listed is left alone; one goes only where it is marked.
    #[serde(default)]
    pub catalogs: Vec<CatalogBlock>,
}

/// A custom attribute of users, known by its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CustomAttributeBlock {
    /// Its name, which never changes.
    pub name: String,
    /// As people call it.
    pub label: String,
    /// What kind of value it has, which never changes.
    #[serde(default = "text")]
    pub kind: AttributeType,
    /// What it is for.
    #[serde(default)]
    pub description: String,
}

impl From<&AttributeDefinition> for CustomAttributeBlock {
    fn from(attribute: &AttributeDefinition) -> Self {
        Self {
            name: attribute.name.clone(),
            label: attribute.label.clone(),
            kind: attribute.kind,
            description: attribute.description.clone(),
        }
    }
}

impl From<&CustomAttributeBlock> for CustomAttributeForm {
    fn from(block: &CustomAttributeBlock) -> Self {
        Self {
            label: block.label.clone(),
            name: block.name.clone(),
            kind: block.kind.as_str().to_owned(),
            description: block.description.clone(),
        }
    }
}

/// Who holds a role: a user by user name, or a group by name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Holder {
    /// One user.
    User(String),
    /// The members of a group.
    Group(String),
}

/// A catalog with what is in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CatalogBlock {
    /// Which; without it the catalog of this name. The built-in one has none, since each installation has its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<CatalogId>,
    /// Name.
    pub name: String,
    /// What it is for.
    #[serde(default)]
    pub description: String,
    /// Its packages can be requested.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// Guests may see its packages.
    #[serde(default)]
    pub external: bool,
    /// It is to be there no longer. A catalog goes only where the file says so, and only without packages.
    #[serde(default, skip_serializing_if = "is_false")]
    pub delete: bool,
    /// Who holds its roles.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roles: Option<Vec<RoleBlock>>,
    /// Its resources.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resources: Option<Vec<ResourceBlock>>,
    /// Its packages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub packages: Option<Vec<PackageBlock>>,
}

/// A role of a catalog and one who holds it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoleBlock {
    /// The role.
    pub role: Role,
    /// Who.
    pub holder: Holder,
}

/// A resource.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResourceBlock {
    /// Group, application or site.
    pub kind: ObjectKind,
    /// Its name in the directory.
    pub name: String,
    /// What it asks of requestors.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<AttributeBlock>,
}

/// An attribute that a resource asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttributeBlock {
    /// Stays the same while it is asked for; without it the attribute of this property.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<QuestionId>,
    /// Which property of the user.
    pub attribute: UserAttribute,
    /// The question; empty for the property's name.
    #[serde(default)]
    pub text: String,
    /// The values to choose among; none for a line of text.
    #[serde(default)]
    pub choices: Vec<String>,
    /// What is known already can be changed by whoever answers.
    #[serde(default)]
    pub editable: bool,
    /// The answer is written to the user when the package is delivered.
    #[serde(default)]
    pub write: bool,
}

impl From<&ResourceAttribute> for AttributeBlock {
    fn from(attribute: &ResourceAttribute) -> Self {
        Self {
            id: Some(attribute.id),
            attribute: attribute.attribute.clone(),
            text: attribute.text.clone(),
            choices: attribute.choices.clone(),
            editable: attribute.editable,
            write: attribute.write,
        }
    }
}

impl From<&AttributeBlock> for AttributeRow {
    fn from(block: &AttributeBlock) -> Self {
        Self {
            id: block.id,
            attribute: block.attribute.to_string(),
            text: block.text.clone(),
            choices: block.choices.join("\n"),
            editable: block.editable,
            write: block.write,
        }
    }
}

/// A package.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackageBlock {
    /// Which; without it the catalog's package of this name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<PackageId>,
    /// Name.
    pub name: String,
    /// What requestors read about it.
    pub description: String,
    /// Not listed in My Access.
    #[serde(default)]
    pub hidden: bool,
    /// What becomes of memberships held before.
    #[serde(default = "keep")]
    pub prior_membership: PriorMembership,
    /// What it gives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource_roles: Option<Vec<ResourceRole>>,
    /// Its policies, in their order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policies: Option<Vec<PolicyBlock>>,
    /// Whoever has one of these cannot get it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incompatible: Option<Vec<Incompatible>>,
}

/// A resource role of a package.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResourceRole {
    /// Group, application or site.
    pub kind: ObjectKind,
    /// Its name in the directory.
    pub resource: String,
    /// The role's name, such as Member.
    pub role: String,
}

/// A policy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyBlock {
    /// Which; without it the package's policy of this name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<PolicyId>,
    /// Name.
    pub name: String,
    /// What it says: `PolicyTerms`, with names in place of ids. What is missing has its default.
    pub terms: serde_json::Value,
}

/// What a package does not go together with.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Incompatible {
    /// A package: catalog and name.
    Package {
        /// Its catalog.
        catalog: String,
        /// Its name.
        name: String,
    },
    /// Membership of a group.
    Group(String),
}

fn text() -> AttributeType {
    AttributeType::Text
}

fn is_false(value: &bool) -> bool {
    !value
}

fn yes() -> bool {
    true
}

fn keep() -> PriorMembership {
    PriorMembership::Keep
}

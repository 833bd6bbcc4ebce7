//! What a package can give a role of: groups, applications and sites of the directory. All three are one kind of thing with roles,
//! which is why a grant is a grant whatever it opens.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::id::{CatalogId, ObjectId, OrganizationId, PackageId, PackageRoleId, ResourceId, RoleId, UserId};
use super::page::PageQuery;
use super::refusal::Refusal;
use super::text::string_enum;

string_enum! {
    /// What a directory object is.
    ObjectKind {
        /// A group or team.
        Group = "group",
        /// An application.
        Application = "application",
        /// A site.
        Site = "site",
    }
}

string_enum! {
    /// What kind of group (feature map 1.4).
    GroupKind {
        /// For access to things.
        Security = "security",
        /// With mailbox, files and calendar.
        Microsoft365 = "microsoft365",
    }
}

string_enum! {
    /// How a group gets its members.
    MembershipType {
        /// People are added by hand and by packages.
        Assigned = "assigned",
        /// A rule over user properties decides.
        Dynamic = "dynamic",
    }
}

/// The name of a group's member role.
pub const MEMBER: &str = "Member";
/// The name of a group's owner role.
pub const OWNER: &str = "Owner";
/// The role of an application that declares none.
pub const DEFAULT_ACCESS: &str = "Default Access";

/// The Sub type column: Security, Microsoft 365, Application or Site.
pub fn sub_kind(kind: ObjectKind, group: Option<GroupKind>) -> &'static str {
    match (kind, group) {
        (ObjectKind::Group, Some(GroupKind::Microsoft365)) => "Microsoft 365",
        (ObjectKind::Group, _) => "Security",
        (ObjectKind::Application, _) => "Application",
        (ObjectKind::Site, _) => "Site",
    }
}

/// Whether a package can give this role: members of a dynamic group are chosen by its rule, so only Owner is left to give (F016).
pub fn can_be_given(dynamic: bool, role: &str) -> bool {
    !dynamic || role == OWNER
}

/// One role of a directory object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleItem {
    /// The role.
    pub id: RoleId,
    /// Its name, such as Member.
    pub name: String,
}

/// A directory object as pickers and lists show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectItem {
    /// The object.
    pub id: ObjectId,
    /// Its name.
    pub name: String,
    /// Group, application or site.
    pub kind: ObjectKind,
    /// Security, Microsoft 365, Application or Site: the Sub type column.
    pub sub_kind: String,
    /// A group whose members a rule decides: only Owner can be given (F016).
    pub dynamic: bool,
    /// Already among the catalog's resources.
    pub in_catalog: bool,
    /// The object has been deleted.
    pub deleted: bool,
    /// Why it cannot be added to the catalog that was asked about, if so (F055).
    #[serde(default)]
    pub closed: Option<String>,
    /// The roles that a package can give, in order.
    pub roles: Vec<RoleItem>,
}

/// An application as the API lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApplicationRecord {
    /// The application.
    pub id: ObjectId,
    /// Its name.
    pub name: String,
    /// What it is for, or empty.
    pub description: String,
    /// Its roles, in order.
    pub roles: Vec<RoleItem>,
}

/// An object as a resource of a catalog, as the API lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceRecord {
    /// The resource.
    pub id: ResourceId,
    /// The catalog that holds it.
    pub catalog_id: CatalogId,
    /// The object.
    pub object_id: ObjectId,
    /// Group, application or site.
    pub kind: ObjectKind,
    /// Its name.
    pub name: String,
    /// What it is for, or empty.
    pub description: String,
    /// Where a site or application is.
    pub url: Option<String>,
    /// When it came into the catalog.
    pub added_at: DateTime<Utc>,
}

/// A role of a resource, as the API lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceRoleRecord {
    /// The role.
    pub id: RoleId,
    /// Its name, such as Member.
    pub name: String,
    /// Its place among the roles of its object.
    pub position: i64,
    /// Of which resource.
    pub resource: ResourceRecord,
}

/// A resource role as part of a package, as the API lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleScopeRecord {
    /// Its place in the package.
    pub place: PackageRoleId,
    /// The package.
    pub package_id: PackageId,
    /// When it came into the package.
    pub placed_at: DateTime<Utc>,
    /// The role.
    pub role: ResourceRoleRecord,
}

impl ResourceRecord {
    /// The name under which it is known where it comes from: a site by its address, anything else by its id.
    pub fn origin_id(&self) -> String {
        match (self.kind, &self.url) {
            (ObjectKind::Site, Some(url)) if !url.is_empty() => url.clone(),
            _ => self.object_id.to_string(),
        }
    }
}

impl ResourceRoleRecord {
    /// The name under which the role is known where it comes from: `Member_ID` of a group, the id of an application's role, the number of a
    /// site's.
    pub fn origin_id(&self) -> String {
        match self.resource.kind {
            ObjectKind::Group => format!("{}_{}", self.name, self.resource.object_id),
            ObjectKind::Application => self.id.to_string(),
            ObjectKind::Site => self.position.to_string(),
        }
    }
}

/// Whether an object can be a resource at all (F055): it must be there, and have a role that a package can give.
pub fn may_be_resource(object: &ObjectItem) -> Result<(), Refusal> {
    let name = &object.name;
    if object.deleted {
        let reason = format!("{name} has been deleted from the directory.");
        return Err(Refusal::new("resource-deleted", reason));
    }
    if object.roles.is_empty() {
        let reason = format!("{name} has no role that an access package can give.");
        return Err(Refusal::new("resource-without-role", reason));
    }
    Ok(())
}

/// Which objects a picker lists (F012, F013).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ObjectQuery {
    /// Group, application or site.
    pub kind: ObjectKind,
    /// Whose resources to list.
    pub catalog: CatalogId,
    /// All of the directory, not only the catalog's resources.
    pub see_all: bool,
    /// Part of a name.
    #[serde(default)]
    pub search: String,
    /// Which page.
    #[serde(default)]
    pub page: PageQuery,
}

string_enum! {
    /// Whom a policy can name.
    SubjectKind {
        /// One user.
        User = "user",
        /// Everyone who is a member of a group.
        Group = "group",
        /// Everyone from outside who is of a connected organization.
        Organization = "organization",
    }
}

/// A user, a group or a connected organization, named by a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "SubjectParts", into = "SubjectParts")]
pub enum Subject {
    /// One user.
    User(UserId),
    /// Everyone who is a member of a group.
    Group(ObjectId),
    /// Everyone from outside who is of a connected organization.
    Organization(OrganizationId),
}

/// A subject as data: the same two parts in JSON, as drafts keep it, and packed.
#[derive(Serialize, Deserialize)]
struct SubjectParts {
    kind: SubjectKind,
    id: Uuid,
}

impl From<SubjectParts> for Subject {
    fn from(parts: SubjectParts) -> Self {
        match parts.kind {
            SubjectKind::User => Self::User(parts.id.into()),
            SubjectKind::Group => Self::Group(parts.id.into()),
            SubjectKind::Organization => Self::Organization(parts.id.into()),
        }
    }
}

impl From<Subject> for SubjectParts {
    fn from(subject: Subject) -> Self {
        let kind = match subject {
            Subject::User(_) => SubjectKind::User,
            Subject::Group(_) => SubjectKind::Group,
            Subject::Organization(_) => SubjectKind::Organization,
        };
        Self { kind, id: subject.id() }
    }
}

impl Subject {
    /// The id of what is named.
    pub fn id(self) -> Uuid {
        match self {
            Self::User(id) => id.0,
            Self::Group(id) => id.0,
            Self::Organization(id) => id.0,
        }
    }
}

/// A user or group as the Select users and groups pane shows it (F018).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubjectItem {
    /// User or group.
    pub subject: Subject,
    /// Its name.
    pub name: String,
    /// User name, or kind of group.
    pub detail: String,
    /// It has been deleted.
    pub deleted: bool,
}

/// Which users and groups a picker lists.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SubjectQuery {
    /// Part of a name or user name.
    pub search: String,
    /// Users only.
    pub users_only: bool,
    /// Groups only.
    #[serde(default)]
    pub groups_only: bool,
    /// Connected organizations instead of users and groups.
    #[serde(default)]
    pub organizations: bool,
    /// Which page.
    #[serde(default)]
    pub page: PageQuery,
}

//! Typed identifiers, so that a user's id can never stand where a group's belongs. They are made elsewhere (UUIDv7) and only carried here.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    )+};
}

ids! {
    /// A user account.
    UserId,
    /// A group, application or site of the directory.
    ObjectId,
    /// One resource role of a directory object.
    RoleId,
    /// A catalog.
    CatalogId,
    /// A directory object as a resource of one catalog.
    ResourceId,
    /// An access package.
    PackageId,
    /// A resource role as part of a package.
    PackageRoleId,
    /// An assignment policy.
    PolicyId,
    /// One version of a policy's terms.
    PolicyVersionId,
    /// A question of a policy.
    QuestionId,
    /// A connected organisation.
    OrganizationId,
    /// An access request.
    RequestId,
    /// An assignment.
    AssignmentId,
    /// A notification.
    NotificationId,
    /// A message in the outbox.
    MessageId,
    /// An address to which nothing is sent any more.
    SuppressionId,
    /// A delegation of approvals.
    DelegationId,
    /// A wizard draft.
    DraftId,
    /// A file that is imported.
    ImportId,
    /// A role given to a user or a group.
    RoleAssignmentId,
    /// A rule of separation of duties.
    IncompatibilityId,
    /// An exception from one, for one person.
    ExceptionId,
    /// A client of the API: its application id.
    ClientId,
    /// A secret of a client.
    ClientSecretId,
    /// A public key of a client.
    ClientKeyId,
    /// A sign-in of a person through a client.
    ClientSignInId,
    /// A custom attribute of users.
    CustomAttributeId,
    /// A link by which a person chooses their first password.
    SignInLinkId,
}

impl ResourceId {
    /// The id of an object in a catalog. It follows from the two, so it is the same whenever the object is in the catalog.
    pub fn of(catalog: CatalogId, object: ObjectId) -> Self {
        // Both are random but for their time, of which nothing is left over where they are alike.
        let bits = catalog.0.as_u128() ^ object.0.as_u128().rotate_left(1);
        Self(uuid::Builder::from_custom_bytes(bits.to_be_bytes()).into_uuid())
    }
}

/// Something that is shown by name and linked by id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named<I> {
    /// What to link to.
    pub id: I,
    /// What to show.
    pub name: String,
}

impl<I> Named<I> {
    /// Pairs an id with its name.
    pub fn new(id: I, name: impl Into<String>) -> Self {
        Self { id, name: name.into() }
    }
}

//! What a statement's placeholders stand for: values as one type that both drivers can bind.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::id::{
    AssignmentId, CatalogId, ClientId, ClientKeyId, ClientSecretId, ClientSignInId, CustomAttributeId, DelegationId, DraftId, ExceptionId,
    ImportId, IncompatibilityId, MessageId, NotificationId, ObjectId, OrganizationId, PackageId, PackageRoleId, PolicyId, PolicyVersionId,
    RequestId, ResourceId, RoleAssignmentId, RoleId, SignInLinkId, SuppressionId, UserId,
};

/// One bound value.
#[derive(Clone, Debug)]
pub enum Arg {
    /// An id.
    Uuid(Option<Uuid>),
    /// Text.
    Text(Option<String>),
    /// A whole number.
    Int(Option<i64>),
    /// A flag.
    Bool(Option<bool>),
    /// An instant.
    Time(Option<DateTime<Utc>>),
    /// A document, stored whole.
    Json(serde_json::Value),
}

macro_rules! arg_from {
    ($($type:ty => $variant:ident),+ $(,)?) => {$(
        impl From<$type> for Arg {
            fn from(value: $type) -> Self {
                Self::$variant(Some(value.into()))
            }
        }
        impl From<Option<$type>> for Arg {
            fn from(value: Option<$type>) -> Self {
                Self::$variant(value.map(Into::into))
            }
        }
    )+};
}
arg_from! {
    Uuid => Uuid, UserId => Uuid, ObjectId => Uuid, RoleId => Uuid, CatalogId => Uuid, ResourceId => Uuid, PackageId => Uuid, PackageRoleId => Uuid,
    PolicyId => Uuid, PolicyVersionId => Uuid, RequestId => Uuid, AssignmentId => Uuid, DraftId => Uuid, RoleAssignmentId => Uuid, NotificationId => Uuid,
    DelegationId => Uuid, OrganizationId => Uuid, ImportId => Uuid, MessageId => Uuid, SuppressionId => Uuid,
    IncompatibilityId => Uuid, ExceptionId => Uuid, ClientId => Uuid, ClientSecretId => Uuid, ClientKeyId => Uuid, ClientSignInId => Uuid, CustomAttributeId => Uuid, SignInLinkId => Uuid,
    String => Text, &str => Text, i64 => Int, bool => Bool, DateTime<Utc> => Time,
}
impl From<serde_json::Value> for Arg {
    fn from(value: serde_json::Value) -> Self {
        Self::Json(value)
    }
}
/// A domain enum is kept as its word.
pub fn word<W: crate::domain::text::StringEnum>(value: W) -> Arg {
    Arg::Text(Some(value.as_str().to_owned()))
}

/// Makes the `Vec<Arg>` of a statement, in the order of its placeholders.
#[macro_export]
macro_rules! args {
    ($($value:expr),* $(,)?) => { vec![$($crate::store::Arg::from($value)),*] };
}

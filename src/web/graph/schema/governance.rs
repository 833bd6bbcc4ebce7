//! The types of entitlement management.

use super::Edm::{Duration, Flag, Many, One, Text, Time, Word};
use super::{Type, Words, complex, entity, many, one};

/// The types.
pub const TYPES: &[Type] = &[
    entity("entity", &[("id", Text)], &[]).general(),
    entity(
        "accessPackageCatalog",
        &[
            ("displayName", Text),
            ("description", Text),
            ("catalogType", Word("accessPackageCatalogType")),
            ("state", Word("accessPackageCatalogState")),
            ("isExternallyVisible", Flag),
            ("createdDateTime", Time),
        ],
        &[many("accessPackages", "accessPackage"), many("resources", "accessPackageResource")],
    )
    .adding_to("entity"),
    entity(
        "accessPackage",
        &[
            ("displayName", Text),
            ("description", Text),
            ("isHidden", Flag),
            ("createdDateTime", Time),
            ("modifiedDateTime", Time),
        ],
        &[
            one("catalog", "accessPackageCatalog"),
            many("assignmentPolicies", "accessPackageAssignmentPolicy"),
            many("resourceRoleScopes", "accessPackageResourceRoleScope"),
            many("incompatibleAccessPackages", "accessPackage"),
            many("incompatibleGroups", "group"),
            many("accessPackagesIncompatibleWith", "accessPackage"),
        ],
    )
    .adding_to("entity"),
    entity(
        "availableAccessPackage",
        &[("displayName", Text), ("description", Text)],
        &[many("resourceRoleScopes", "accessPackageResourceRoleScope")],
    )
    .adding_to("entity"),
    entity(
        "accessPackageResource",
        &[
            ("displayName", Text),
            ("description", Text),
            ("originId", Text),
            ("originSystem", Text),
            ("createdDateTime", Time),
        ],
        &[
            many("roles", "accessPackageResourceRole"),
            many("scopes", "accessPackageResourceScope"),
            one("environment", "accessPackageResourceEnvironment"),
        ],
    )
    .adding_to("entity"),
    entity(
        "accessPackageResourceRole",
        &[
            ("displayName", Text),
            ("description", Text),
            ("originId", Text),
            ("originSystem", Text),
        ],
        &[one("resource", "accessPackageResource")],
    )
    .adding_to("entity"),
    entity(
        "accessPackageResourceScope",
        &[
            ("displayName", Text),
            ("description", Text),
            ("originId", Text),
            ("originSystem", Text),
            ("isRootScope", Flag),
        ],
        &[one("resource", "accessPackageResource")],
    )
    .adding_to("entity"),
    entity(
        "accessPackageResourceRoleScope",
        &[("createdDateTime", Time)],
        &[one("role", "accessPackageResourceRole"), one("scope", "accessPackageResourceScope")],
    )
    .adding_to("entity"),
    entity(
        "accessPackageResourceRequest",
        &[
            ("requestType", Word("accessPackageRequestType")),
            ("state", Word("accessPackageRequestState")),
            ("createdDateTime", Time),
        ],
        &[one("catalog", "accessPackageCatalog"), one("resource", "accessPackageResource")],
    )
    .adding_to("entity"),
    entity(
        "accessPackageResourceEnvironment",
        &[
            ("displayName", Text),
            ("description", Text),
            ("originId", Text),
            ("originSystem", Text),
            ("isDefaultEnvironment", Flag),
            ("connectionInfo", One("connectionInfo")),
        ],
        &[],
    )
    .adding_to("entity"),
    complex("connectionInfo", &[("url", Text)]),
    entity(
        "connectedOrganization",
        &[
            ("displayName", Text),
            ("description", Text),
            ("state", Word("connectedOrganizationState")),
            ("identitySources", Many("identitySource")),
            ("createdDateTime", Time),
            ("modifiedDateTime", Time),
        ],
        &[
            many("internalSponsors", "directoryObject"),
            many("externalSponsors", "directoryObject"),
        ],
    )
    .adding_to("entity"),
    entity(
        "entitlementManagementSettings",
        &[
            ("externalUserLifecycleAction", Word("accessPackageExternalUserLifecycleAction")),
            ("durationUntilExternalUserDeletedAfterBlocked", Duration),
        ],
        &[],
    )
    .adding_to("entity"),
    complex("identitySource", &[]).general(),
    complex("domainIdentitySource", &[("domainName", Text), ("displayName", Text)]).adding_to("identitySource"),
];

/// The enumerations.
pub const WORDS: &[Words] = &[
    (
        "accessPackageExternalUserLifecycleAction",
        &["none", "blockSignIn", "blockSignInAndDelete"],
    ),
    ("connectedOrganizationState", &["configured", "proposed"]),
    ("accessPackageCatalogType", &["userManaged", "serviceDefault", "serviceManaged"]),
    ("accessPackageCatalogState", &["unpublished", "published"]),
    (
        "accessPackageRequestType",
        &[
            "notSpecified",
            "userAdd",
            "userUpdate",
            "userRemove",
            "adminAdd",
            "adminUpdate",
            "adminRemove",
            "systemAdd",
            "systemUpdate",
            "systemRemove",
            "onBehalfAdd",
            "approverRemove",
        ],
    ),
    (
        "accessPackageRequestState",
        &[
            "submitted",
            "pendingApproval",
            "delivering",
            "delivered",
            "deliveryFailed",
            "denied",
            "scheduled",
            "canceled",
            "partiallyDelivered",
        ],
    ),
];

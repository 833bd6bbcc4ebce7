//! The types of the directory and of its roles.

use super::Edm::{Flag, Many, Text, Texts, Time};
use super::{Type, complex, entity, many, one};

/// The types.
pub const TYPES: &[Type] = &[
    entity("directoryObject", &[("deletedDateTime", Time)], &[])
        .adding_to("entity")
        .general(),
    entity(
        "user",
        &[
            ("displayName", Text),
            ("userPrincipalName", Text),
            ("mailNickname", Text),
            ("mail", Text),
            ("givenName", Text),
            ("surname", Text),
            ("jobTitle", Text),
            ("department", Text),
            ("companyName", Text),
            ("officeLocation", Text),
            ("mobilePhone", Text),
            ("businessPhones", Texts),
            ("preferredLanguage", Text),
            ("userType", Text),
            ("accountEnabled", Flag),
            ("createdDateTime", Time),
        ],
        &[one("manager", "directoryObject"), many("memberOf", "directoryObject")],
    )
    .adding_to("directoryObject"),
    entity(
        "group",
        &[
            ("displayName", Text),
            ("description", Text),
            ("mailNickname", Text),
            ("mailEnabled", Flag),
            ("securityEnabled", Flag),
            ("groupTypes", Texts),
            ("membershipRule", Text),
            ("membershipRuleProcessingState", Text),
            ("createdDateTime", Time),
        ],
        &[
            many("members", "directoryObject"),
            many("owners", "directoryObject"),
            many("transitiveMembers", "directoryObject"),
        ],
    )
    .adding_to("directoryObject"),
    entity(
        "servicePrincipal",
        &[
            ("displayName", Text),
            ("description", Text),
            ("appId", Text),
            ("servicePrincipalType", Text),
            ("appRoles", Many("appRole")),
        ],
        &[],
    )
    .adding_to("directoryObject"),
    complex(
        "appRole",
        &[
            ("id", Text),
            ("displayName", Text),
            ("description", Text),
            ("value", Text),
            ("isEnabled", Flag),
            ("allowedMemberTypes", Texts),
        ],
    ),
    entity(
        "unifiedRoleDefinition",
        &[
            ("displayName", Text),
            ("description", Text),
            ("templateId", Text),
            ("version", Text),
            ("isBuiltIn", Flag),
            ("isEnabled", Flag),
            ("resourceScopes", Texts),
            ("rolePermissions", Many("unifiedRolePermission")),
        ],
        &[],
    )
    .adding_to("entity"),
    complex("unifiedRolePermission", &[("allowedResourceActions", Texts), ("condition", Text)]),
    entity(
        "unifiedRoleAssignment",
        &[
            ("roleDefinitionId", Text),
            ("principalId", Text),
            ("directoryScopeId", Text),
            ("appScopeId", Text),
            ("condition", Text),
        ],
        &[one("principal", "directoryObject"), one("roleDefinition", "unifiedRoleDefinition")],
    )
    .adding_to("entity"),
];

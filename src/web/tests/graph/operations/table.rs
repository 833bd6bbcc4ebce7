//! One line for each operation: its route, who may call it, and the status that comes back. `{name}` in an address or a body stands for the id of
//! a thing of `world`; an address is the route's own unless the line has another. Lines come in the order in which they work: what takes something
//! away stands behind what needs it.

/// Who calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caller {
    /// A global administrator.
    Admin,
    /// Requestor1, who holds the package and waits for another.
    User,
    /// Who is asked about what Requestor1 waits for.
    Approver,
    /// Somebody else, who waits too.
    Stranger,
    /// Who reads one catalog.
    Reader,
}

/// One operation.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The verb and the path of its route.
    pub route: &'static str,
    /// Who may.
    pub caller: Caller,
    /// What comes back.
    pub status: u16,
    /// The address, where it is not the route's own.
    pub url: &'static str,
    /// What is sent, if anything.
    pub body: &'static str,
}

const fn row(route: &'static str, caller: Caller, status: u16) -> Row {
    Row {
        route,
        caller,
        status,
        url: "",
        body: "",
    }
}

const fn at(route: &'static str, caller: Caller, status: u16, url: &'static str) -> Row {
    Row {
        url,
        ..row(route, caller, status)
    }
}

impl Row {
    const fn with(self, body: &'static str) -> Self {
        Self { body, ..self }
    }
}

use Caller::{Admin, Approver, Reader, Stranger, User};

const MEMBER_OF_TEAM: &str = r#"{"role": {"displayName": "Owner", "originSystem": "AadGroup", "originId": "Owner_{team}",
    "resource": {"originId": "{team}", "originSystem": "AadGroup"}}, "scope": {"originId": "{team}", "originSystem": "AadGroup"}}"#;
const POLICY: &str =
    r#"{"displayName": "Made", "description": "x", "allowedTargetScope": "notSpecified", "accessPackage": {"id": "{spare_package}"}}"#;

/// The table.
pub const TABLE: &[Row] = &[
    row("GET ", Admin, 200),
    row("GET $metadata", Admin, 200),
    row("POST $batch", Admin, 200).with(r#"{"requests": [{"id": "1", "method": "GET", "url": "/me"}]}"#),
    // Catalogs and what is in them.
    row("GET EM/catalogs", Reader, 200),
    at("GET EM/catalogs/{catalog}", Reader, 200, "EM/catalogs/{empty_catalog}"),
    row("GET EM/catalogs/{catalog}/accessPackages", Admin, 200),
    row("GET EM/catalogs/{catalog}/resources", Admin, 200),
    row("GET EM/catalogs/{catalog}/resources/{resource}", Admin, 200),
    row("GET EM/catalogs/{catalog}/resourceRoles", Admin, 200),
    row("GET EM/catalogs/{catalog}/resourceScopes", Admin, 200),
    row("GET EM/resources", Admin, 200),
    row("GET EM/resources/{resource}", Admin, 200),
    row("GET EM/resources/{resource}/roles", Admin, 200),
    row("GET EM/resources/{resource}/scopes", Admin, 200),
    at(
        "GET EM/resources/{resource}/environment",
        Admin,
        200,
        "EM/resources/{site}/environment",
    ),
    row("GET EM/resourceRequests", Admin, 200),
    row("GET EM/resourceRequests/{resource}", Admin, 200),
    at(
        "GET EM/resourceEnvironments",
        Admin,
        200,
        "EM/resourceEnvironments?$filter=originSystem eq 'SharePointOnline'",
    ),
    // Packages and their policies.
    row("GET EM/accessPackages", Admin, 200),
    row("GET EM/accessPackages/{package}", Admin, 200),
    at(
        "GET EM/accessPackages/filterByCurrentUser()",
        User,
        200,
        "EM/accessPackages/filterByCurrentUser(on='allowedRequestor')",
    ),
    row("GET EM/accessPackages/{package}/assignmentPolicies", Admin, 200),
    row("GET EM/accessPackages/{package}/resourceRoleScopes", Admin, 200),
    row("GET EM/accessPackages/{package}/resourceRoleScopes/{role}", Admin, 200),
    at(
        "GET EM/accessPackages/{package}/incompatibleAccessPackages",
        Admin,
        200,
        "EM/accessPackages/{spare_package}/incompatibleAccessPackages",
    ),
    at(
        "GET EM/accessPackages/{package}/incompatibleAccessPackages/$ref",
        Admin,
        200,
        "EM/accessPackages/{spare_package}/incompatibleAccessPackages/$ref",
    ),
    at(
        "GET EM/accessPackages/{package}/incompatibleGroups",
        Admin,
        200,
        "EM/accessPackages/{spare_package}/incompatibleGroups",
    ),
    at(
        "GET EM/accessPackages/{package}/incompatibleGroups/$ref",
        Admin,
        200,
        "EM/accessPackages/{spare_package}/incompatibleGroups/$ref",
    ),
    at(
        "GET EM/accessPackages/{package}/accessPackagesIncompatibleWith",
        Admin,
        200,
        "EM/accessPackages/{second}/accessPackagesIncompatibleWith",
    ),
    at(
        "POST EM/accessPackages/{package}/getApplicablePolicyRequirements",
        User,
        200,
        "EM/accessPackages/{own_package}/getApplicablePolicyRequirements",
    ),
    row("GET EM/assignmentPolicies", Admin, 200),
    row("GET EM/assignmentPolicies/{policy}", Admin, 200),
    row("GET EM/availableAccessPackages", User, 200),
    at(
        "GET EM/availableAccessPackages/{package}",
        User,
        200,
        "EM/availableAccessPackages/{own_package}",
    ),
    at(
        "GET EM/availableAccessPackages/{package}/resourceRoleScopes",
        User,
        200,
        "EM/availableAccessPackages/{own_package}/resourceRoleScopes",
    ),
    at(
        "GET EM/accessPackageSuggestions/filterByCurrentUser()",
        User,
        200,
        "EM/accessPackageSuggestions/filterByCurrentUser(on='currentUser')",
    ),
    // Requests, assignments and approvals.
    row("GET EM/assignmentRequests", Admin, 200),
    at(
        "GET EM/assignmentRequests/filterByCurrentUser()",
        User,
        200,
        "EM/assignmentRequests/filterByCurrentUser(on='target')",
    ),
    row("GET EM/assignmentRequests/{request}", User, 200),
    row("GET EM/assignments", Admin, 200),
    at(
        "GET EM/assignments/filterByCurrentUser()",
        User,
        200,
        "EM/assignments/filterByCurrentUser(on='target')",
    ),
    row("GET EM/assignments/additionalAccess()", Admin, 200),
    row("GET EM/assignments/{assignment}", Admin, 200),
    at(
        "GET EM/accessPackageAssignmentApprovals/filterByCurrentUser()",
        Approver,
        200,
        "EM/accessPackageAssignmentApprovals/filterByCurrentUser(on='approver')",
    ),
    at(
        "GET EM/accessPackageAssignmentApprovals/{request}",
        Approver,
        200,
        "EM/accessPackageAssignmentApprovals/{pending}",
    ),
    at(
        "GET EM/accessPackageAssignmentApprovals/{request}/stages",
        Approver,
        200,
        "EM/accessPackageAssignmentApprovals/{pending}/stages",
    ),
    at(
        "GET EM/accessPackageAssignmentApprovals/{request}/stages/{stage}",
        Approver,
        200,
        "EM/accessPackageAssignmentApprovals/{pending}/stages/{stage}",
    ),
    // Connected organizations, and guests.
    row("GET EM/connectedOrganizations", Admin, 200),
    row("GET EM/connectedOrganizations/{organization}", Admin, 200),
    row("GET EM/connectedOrganizations/{organization}/internalSponsors", Admin, 200),
    row("GET EM/connectedOrganizations/{organization}/externalSponsors", Admin, 200),
    row("GET EM/settings", Admin, 200),
    row("GET EM/subjects", Admin, 200),
    at("GET EM/subjects/{subject}", Admin, 200, "EM/subjects/{guest}"),
    at("GET EM/subjects()", Admin, 200, "EM/subjects(objectId='{guest}')"),
    // The directory and its roles.
    row("GET me", User, 200),
    row("GET users", Admin, 200),
    row("GET users/{user}", Admin, 200),
    row("GET users/{user}/manager", Admin, 200),
    row("GET users/{user}/memberOf", Admin, 200),
    row("GET users/{user}/memberOf/graph.group", Admin, 200),
    row("GET users/{user}/transitiveMemberOf", Admin, 200),
    row("GET directory/deletedItems/graph.user", Admin, 200),
    at(
        "GET directory/deletedItems/{user}",
        Admin,
        200,
        "directory/deletedItems/{deleted_user}",
    ),
    row("GET groups", Admin, 200),
    at("GET groups/{group}", Admin, 200, "groups/{team}"),
    at("GET groups/{group}/members", Admin, 200, "groups/{team}/members"),
    at(
        "GET groups/{group}/members/graph.user",
        Admin,
        200,
        "groups/{team}/members/graph.user",
    ),
    at("GET groups/{group}/owners", Admin, 200, "groups/{team}/owners"),
    at(
        "GET groups/{group}/owners/graph.user",
        Admin,
        200,
        "groups/{team}/owners/graph.user",
    ),
    at(
        "GET groups/{group}/transitiveMembers",
        Admin,
        200,
        "groups/{team}/transitiveMembers",
    ),
    at(
        "GET groups/{group}/transitiveMembers/graph.user",
        Admin,
        200,
        "groups/{team}/transitiveMembers/graph.user",
    ),
    row("GET servicePrincipals", Admin, 200),
    at("GET servicePrincipals()", Admin, 200, "servicePrincipals(appId='{application}')"),
    row("GET servicePrincipals/{application}", Admin, 200),
    row("GET roleManagement/entitlementManagement/roleDefinitions", Admin, 200),
    at(
        "GET roleManagement/entitlementManagement/roleDefinitions/{role}",
        Admin,
        200,
        "roleManagement/entitlementManagement/roleDefinitions/{definition}",
    ),
    row("GET roleManagement/entitlementManagement/roleAssignments", Admin, 200),
    at(
        "GET roleManagement/entitlementManagement/roleAssignments/{assignment}",
        Admin,
        200,
        "roleManagement/entitlementManagement/roleAssignments/{role_assignment}",
    ),
    // What makes and changes.
    row("POST EM/catalogs", Admin, 201)
        .with(r#"{"displayName": "Made", "description": "x", "state": "published", "isExternallyVisible": false}"#),
    row("PATCH EM/catalogs/{catalog}", Admin, 204).with(r#"{"description": "Changed"}"#),
    row("POST EM/resourceRequests", Admin, 201).with(
        r#"{"requestType": "adminAdd", "catalog": {"id": "{catalog}"}, "resource": {"originId": "{brought}", "originSystem": "AadGroup"}}"#,
    ),
    row("POST EM/catalogs/{catalog}/resources/{resource}/refresh", Admin, 200),
    row("POST EM/resources/{resource}/refresh", Admin, 200),
    row("POST EM/accessPackages", Admin, 201).with(r#"{"displayName": "Made", "description": "x", "catalog": {"id": "{catalog}"}}"#),
    row("PATCH EM/accessPackages/{package}", Admin, 204).with(r#"{"description": "Changed"}"#),
    at(
        "POST EM/accessPackages/{package}/moveToCatalog",
        Admin,
        204,
        "EM/accessPackages/{moved_package}/moveToCatalog",
    )
    .with(r#"{"catalogId": "{other_catalog}"}"#),
    at(
        "POST EM/accessPackages/{package}/resourceRoleScopes",
        Admin,
        201,
        "EM/accessPackages/{spare_package}/resourceRoleScopes",
    )
    .with(MEMBER_OF_TEAM),
    at(
        "POST EM/accessPackages/{package}/incompatibleAccessPackages/$ref",
        Admin,
        204,
        "EM/accessPackages/{spare_package}/incompatibleAccessPackages/$ref",
    )
    .with(r#"{"@odata.id": "https://graph.microsoft.com/v1.0/identityGovernance/entitlementManagement/accessPackages/{open_package}"}"#),
    at(
        "POST EM/accessPackages/{package}/incompatibleGroups/$ref",
        Admin,
        204,
        "EM/accessPackages/{spare_package}/incompatibleGroups/$ref",
    )
    .with(r#"{"@odata.id": "https://graph.microsoft.com/v1.0/groups/{spare_group}"}"#),
    row("POST EM/assignmentPolicies", Admin, 201).with(POLICY),
    at(
        "PUT EM/assignmentPolicies/{policy}",
        Admin,
        200,
        "EM/assignmentPolicies/{spare_policy}",
    )
    .with(r#"{"displayName": "Replaced", "allowedTargetScope": "notSpecified", "accessPackage": {"id": "{spare_package}"}}"#),
    at(
        "PATCH EM/assignmentPolicies/{policy}",
        Admin,
        200,
        "EM/assignmentPolicies/{spare_policy}",
    )
    .with(r#"{"description": "Changed"}"#),
    row("POST EM/assignmentRequests", User, 201).with(r#"{"requestType": "userAdd", "assignment": {"accessPackageId": "{open_package}"}}"#),
    at(
        "POST EM/assignmentRequests/{request}/cancel",
        Stranger,
        204,
        "EM/assignmentRequests/{open}/cancel",
    ),
    at(
        "POST EM/assignmentRequests/{request}/reprocess",
        Admin,
        202,
        "EM/assignmentRequests/{failed}/reprocess",
    ),
    // Nothing waits for a callback.
    at(
        "POST EM/assignmentRequests/{request}/resume",
        Admin,
        400,
        "EM/assignmentRequests/{pending}/resume",
    )
    .with(r#"{"source": "x", "type": "microsoft.graph.accessPackageCustomExtensionStage.assignmentRequestCreated"}"#),
    row("POST EM/assignments/{assignment}/reprocess", Admin, 202),
    at(
        "PATCH EM/accessPackageAssignmentApprovals/{request}/stages/{stage}",
        Approver,
        204,
        "EM/accessPackageAssignmentApprovals/{pending}/stages/{stage}",
    )
    .with(r#"{"reviewResult": "Approve", "justification": "OK"}"#),
    row("POST users", Admin, 201).with(
        r#"{"accountEnabled": true, "displayName": "Made", "mailNickname": "made", "userPrincipalName": "made@woodgrove.example",
            "passwordProfile": {"password": "quiet-harbour-lantern-41", "forceChangePasswordNextSignIn": true}}"#,
    ),
    at("PATCH users/{user}", Admin, 204, "users/{person}").with(r#"{"jobTitle": "Changed"}"#),
    at("PUT users/{user}/manager/$ref", Admin, 204, "users/{person}/manager/$ref")
        .with(r#"{"@odata.id": "https://x/v1.0/users/{member}"}"#),
    at(
        "POST directory/deletedItems/{user}/restore",
        Admin,
        200,
        "directory/deletedItems/{deleted_user}/restore",
    ),
    row("POST groups", Admin, 201)
        .with(r#"{"displayName": "Made", "mailEnabled": false, "mailNickname": "made", "securityEnabled": true}"#),
    at("PATCH groups/{group}", Admin, 204, "groups/{team}").with(r#"{"description": "Changed"}"#),
    at("POST groups/{group}/members/$ref", Admin, 204, "groups/{team}/members/$ref").with(r#"{"@odata.id": "https://x/v1.0/users/{led}"}"#),
    at("POST groups/{group}/owners/$ref", Admin, 204, "groups/{team}/owners/$ref").with(r#"{"@odata.id": "https://x/v1.0/users/{led}"}"#),
    row("POST roleManagement/entitlementManagement/roleAssignments", Admin, 201)
        .with(r#"{"principalId": "{led}", "roleDefinitionId": "{definition}", "appScopeId": "/AccessPackageCatalog/{other_catalog}"}"#),
    row("POST EM/connectedOrganizations", Admin, 201).with(
        r##"{"displayName": "Made", "identitySources": [{"@odata.type": "#microsoft.graph.domainIdentitySource", "domainName": "made.example"}]}"##,
    ),
    row("PATCH EM/connectedOrganizations/{organization}", Admin, 204).with(r#"{"displayName": "Partners"}"#),
    row("POST EM/connectedOrganizations/{organization}/internalSponsors/$ref", Admin, 204).with(r#"{"@odata.id": "https://x/v1.0/users/{led}"}"#),
    row("POST EM/connectedOrganizations/{organization}/externalSponsors/$ref", Admin, 204).with(r#"{"@odata.id": "https://x/v1.0/groups/{brought}"}"#),
    row("PATCH EM/settings", Admin, 204).with(r#"{"durationUntilExternalUserDeletedAfterBlocked": "P7D"}"#),
    at("PATCH EM/subjects/{subject}", Admin, 204, "EM/subjects/{guest}").with(r#"{"subjectLifecycle": "governed"}"#),
    at("PATCH EM/subjects()", Admin, 204, "EM/subjects(objectId='{guest}')").with(r#"{"subjectLifecycle": "notGoverned"}"#),
    // What takes away.
    at("DELETE EM/connectedOrganizations/{organization}/internalSponsors/{object}/$ref", Admin, 204, "EM/connectedOrganizations/{organization}/internalSponsors/{person}/$ref"),
    at("DELETE EM/connectedOrganizations/{organization}/internalSponsors/$ref", Admin, 204, "EM/connectedOrganizations/{organization}/internalSponsors/$ref?@id=https://x/users/{member}"),
    at("DELETE EM/connectedOrganizations/{organization}/externalSponsors/{object}/$ref", Admin, 204, "EM/connectedOrganizations/{organization}/externalSponsors/{group}/$ref"),
    at("DELETE EM/connectedOrganizations/{organization}/externalSponsors/$ref", Admin, 204, "EM/connectedOrganizations/{organization}/externalSponsors/$ref?@id=https://x/groups/{team}"),
    row("DELETE EM/connectedOrganizations/{organization}", Admin, 204),
    at(
        "DELETE roleManagement/entitlementManagement/roleAssignments/{assignment}",
        Admin,
        204,
        "roleManagement/entitlementManagement/roleAssignments/{role_assignment}",
    ),
    at(
        "DELETE groups/{group}/members/{user}/$ref",
        Admin,
        204,
        "groups/{team}/members/{member}/$ref",
    ),
    at(
        "DELETE groups/{group}/members/$ref",
        Admin,
        204,
        "groups/{team}/members/$ref?@id=https://x/v1.0/users/{owner}",
    ),
    at(
        "DELETE groups/{group}/owners/{user}/$ref",
        Admin,
        204,
        "groups/{team}/owners/{person}/$ref",
    ),
    at(
        "DELETE groups/{group}/owners/$ref",
        Admin,
        204,
        "groups/{team}/owners/$ref?@id=https://x/v1.0/users/{member}",
    ),
    at("DELETE users/{user}/manager/$ref", Admin, 204, "users/{led}/manager/$ref"),
    at(
        "DELETE EM/assignmentRequests/{request}",
        Admin,
        204,
        "EM/assignmentRequests/{canceled}",
    ),
    at(
        "DELETE EM/accessPackages/{package}/incompatibleAccessPackages/{other}/$ref",
        Admin,
        204,
        "EM/accessPackages/{spare_package}/incompatibleAccessPackages/{second}/$ref",
    ),
    at(
        "DELETE EM/accessPackages/{package}/incompatibleAccessPackages/$ref",
        Admin,
        204,
        "EM/accessPackages/{spare_package}/incompatibleAccessPackages/$ref?@id=https://x/accessPackages/{moved_package}",
    ),
    at(
        "DELETE EM/accessPackages/{package}/incompatibleGroups/{other}/$ref",
        Admin,
        204,
        "EM/accessPackages/{spare_package}/incompatibleGroups/{excluded}/$ref",
    ),
    at(
        "DELETE EM/accessPackages/{package}/incompatibleGroups/$ref",
        Admin,
        204,
        "EM/accessPackages/{spare_package}/incompatibleGroups/$ref?@id=https://x/groups/{also_excluded}",
    ),
    at(
        "DELETE EM/accessPackages/{package}/resourceRoleScopes/{role}",
        Admin,
        204,
        "EM/accessPackages/{spare_package}/resourceRoleScopes/{spare_role}",
    ),
    at(
        "DELETE EM/assignmentPolicies/{policy}",
        Admin,
        204,
        "EM/assignmentPolicies/{spare_policy}",
    ),
    at(
        "DELETE EM/accessPackages/{package}",
        Admin,
        204,
        "EM/accessPackages/{spare_package}",
    ),
    at("DELETE EM/catalogs/{catalog}", Admin, 204, "EM/catalogs/{empty_catalog}"),
    at("DELETE users/{user}", Admin, 204, "users/{spare_user}"),
    at("DELETE groups/{group}", Admin, 204, "groups/{spare_group}"),
];

//! The types of assignment requests, assignments and approvals.

use super::Edm::{Flag, Many, One, Text, Time, Word};
use super::{Type, Words, complex, entity, many, one};

/// The types.
pub const TYPES: &[Type] = &[
    entity(
        "accessPackageAssignmentRequest",
        &[
            ("requestType", Word("accessPackageRequestType")),
            ("state", Word("accessPackageRequestState")),
            ("status", Text),
            ("createdDateTime", Time),
            ("completedDateTime", Time),
            ("justification", Text),
            ("schedule", One("entitlementManagementSchedule")),
            ("answers", Many("accessPackageAnswer")),
            ("customExtensionCalloutInstances", Many("customExtensionCalloutInstance")),
        ],
        &[
            one("accessPackage", "accessPackage"),
            one("assignment", "accessPackageAssignment"),
            one("requestor", "accessPackageSubject"),
        ],
    )
    .adding_to("entity"),
    Type {
        entity: false,
        ..entity(
            "accessPackageAnswer",
            &[("displayValue", Text)],
            &[one("answeredQuestion", "accessPackageQuestion")],
        )
    }
    .general(),
    complex("accessPackageAnswerString", &[("value", Text)]).adding_to("accessPackageAnswer"),
    complex("customExtensionCalloutInstance", &[("id", Text), ("detail", Text)]),
    entity(
        "accessPackageAssignment",
        &[
            ("state", Word("accessPackageAssignmentState")),
            ("status", Text),
            ("schedule", One("entitlementManagementSchedule")),
            ("expiredDateTime", Time),
            ("customExtensionCalloutInstances", Many("customExtensionCalloutInstance")),
        ],
        &[
            one("accessPackage", "accessPackage"),
            one("assignmentPolicy", "accessPackageAssignmentPolicy"),
            one("target", "accessPackageSubject"),
        ],
    )
    .adding_to("entity"),
    entity(
        "accessPackageSubject",
        &[
            ("objectId", Text),
            ("displayName", Text),
            ("principalName", Text),
            ("email", Text),
            ("onPremisesSecurityIdentifier", Text),
            ("subjectType", Word("accessPackageSubjectType")),
            ("subjectLifecycle", Word("accessPackageSubjectLifecycle")),
        ],
        &[one("connectedOrganization", "connectedOrganization")],
    )
    .adding_to("entity"),
    entity("approval", &[], &[many("stages", "approvalStage")]).adding_to("entity"),
    entity(
        "approvalStage",
        &[
            ("displayName", Text),
            ("status", Text),
            ("assignedToMe", Flag),
            ("reviewResult", Text),
            ("reviewedBy", One("identity")),
            ("reviewedDateTime", Time),
            ("justification", Text),
        ],
        &[],
    )
    .adding_to("entity"),
    complex("identity", &[("id", Text), ("displayName", Text)]),
    complex(
        "accessPackageAssignmentRequestRequirements",
        &[
            ("policyId", Text),
            ("policyDisplayName", Text),
            ("policyDescription", Text),
            ("isApprovalRequiredForAdd", Flag),
            ("isApprovalRequiredForUpdate", Flag),
            ("isRequestorJustificationRequired", Flag),
            ("allowCustomAssignmentSchedule", Flag),
            ("schedule", One("entitlementManagementSchedule")),
            ("questions", Many("accessPackageQuestion")),
        ],
    ),
    entity(
        "accessPackageSuggestion",
        &[("reasons", Many("accessPackageSuggestionReason"))],
        &[one("availableAccessPackage", "availableAccessPackage")],
    )
    .adding_to("entity"),
    complex("accessPackageSuggestionReason", &[]),
];

/// The enumerations.
pub const WORDS: &[Words] = &[
    (
        "accessPackageAssignmentState",
        &["delivering", "partiallyDelivered", "delivered", "expired", "deliveryFailed"],
    ),
    ("accessPackageSubjectType", &["notSpecified", "user", "servicePrincipal"]),
    ("accessPackageSubjectLifecycle", &["notDefined", "notGoverned", "governed"]),
];

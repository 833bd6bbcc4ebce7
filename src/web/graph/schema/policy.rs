//! The types of assignment policies.

use super::Edm::{Flag, Many, Number, One, Text, Texts, Time, Word};
use super::{Type, Words, complex, entity, many, one};

/// The types.
pub const TYPES: &[Type] = &[
    entity(
        "accessPackageAssignmentPolicy",
        &[
            ("displayName", Text),
            ("description", Text),
            ("allowedTargetScope", Word("allowedTargetScope")),
            ("specificAllowedTargets", Many("subjectSet")),
            ("expiration", One("expirationPattern")),
            ("requestorSettings", One("accessPackageAssignmentRequestorSettings")),
            ("requestApprovalSettings", One("accessPackageAssignmentApprovalSettings")),
            ("reviewSettings", One("accessPackageAssignmentReviewSettings")),
            ("automaticRequestSettings", One("accessPackageAutomaticRequestSettings")),
            ("notificationSettings", One("accessPackageNotificationSettings")),
            ("createdDateTime", Time),
            ("modifiedDateTime", Time),
        ],
        &[
            one("accessPackage", "accessPackage"),
            one("catalog", "accessPackageCatalog"),
            many("questions", "accessPackageQuestion"),
            many("customExtensionStageSettings", "customExtensionStageSetting"),
        ],
    )
    .adding_to("entity"),
    entity("customExtensionStageSetting", &[], &[]).adding_to("entity"),
    complex(
        "expirationPattern",
        &[
            ("type", Word("expirationPatternType")),
            ("endDateTime", Time),
            ("duration", super::Edm::Duration),
        ],
    ),
    complex(
        "accessPackageAssignmentRequestorSettings",
        &[
            ("enableTargetsToSelfAddAccess", Flag),
            ("enableTargetsToSelfUpdateAccess", Flag),
            ("enableTargetsToSelfRemoveAccess", Flag),
            ("allowCustomAssignmentSchedule", Flag),
            ("enableOnBehalfRequestorsToAddAccess", Flag),
            ("enableOnBehalfRequestorsToUpdateAccess", Flag),
            ("enableOnBehalfRequestorsToRemoveAccess", Flag),
            ("onBehalfRequestors", Many("subjectSet")),
        ],
    ),
    complex(
        "accessPackageAssignmentApprovalSettings",
        &[
            ("isApprovalRequiredForAdd", Flag),
            ("isApprovalRequiredForUpdate", Flag),
            ("isRequestorJustificationRequired", Flag),
            ("stages", Many("accessPackageApprovalStage")),
        ],
    ),
    complex(
        "accessPackageApprovalStage",
        &[
            ("durationBeforeAutomaticDenial", super::Edm::Duration),
            ("isApproverJustificationRequired", Flag),
            ("isEscalationEnabled", Flag),
            ("durationBeforeEscalation", super::Edm::Duration),
            ("primaryApprovers", Many("subjectSet")),
            ("fallbackPrimaryApprovers", Many("subjectSet")),
            ("escalationApprovers", Many("subjectSet")),
            ("fallbackEscalationApprovers", Many("subjectSet")),
            ("approverInformationVisibility", Word("approverInformationVisibility")),
        ],
    ),
    complex(
        "accessPackageAssignmentReviewSettings",
        &[
            ("isEnabled", Flag),
            ("expirationBehavior", Word("accessReviewExpirationBehavior")),
            ("isRecommendationEnabled", Flag),
            ("isReviewerJustificationRequired", Flag),
            ("isSelfReview", Flag),
            ("schedule", One("entitlementManagementSchedule")),
            ("primaryReviewers", Many("subjectSet")),
            ("fallbackReviewers", Many("subjectSet")),
        ],
    ),
    complex(
        "accessPackageAutomaticRequestSettings",
        &[
            ("requestAccessForAllowedTargets", Flag),
            ("removeAccessWhenTargetLeavesAllowedTargets", Flag),
        ],
    ),
    complex("accessPackageNotificationSettings", &[("isAssignmentNotificationDisabled", Flag)]),
    complex(
        "entitlementManagementSchedule",
        &[
            ("startDateTime", Time),
            ("expiration", One("expirationPattern")),
            ("recurrence", One("patternedRecurrence")),
        ],
    ),
    complex(
        "patternedRecurrence",
        &[("pattern", One("recurrencePattern")), ("range", One("recurrenceRange"))],
    ),
    complex(
        "recurrencePattern",
        &[
            ("type", Word("recurrencePatternType")),
            ("interval", Number),
            ("month", Number),
            ("dayOfMonth", Number),
            ("daysOfWeek", Texts),
            ("firstDayOfWeek", Text),
            ("index", Text),
        ],
    ),
    complex(
        "recurrenceRange",
        &[
            ("type", Word("recurrenceRangeType")),
            ("startDate", super::Edm::Day),
            ("endDate", super::Edm::Day),
            ("numberOfOccurrences", Number),
            ("recurrenceTimeZone", Text),
        ],
    ),
    complex("subjectSet", &[]).general(),
    complex("singleUser", &[("userId", Text), ("description", Text)]).adding_to("subjectSet"),
    complex("groupMembers", &[("groupId", Text), ("description", Text)]).adding_to("subjectSet"),
    complex(
        "connectedOrganizationMembers",
        &[("connectedOrganizationId", Text), ("description", Text)],
    )
    .adding_to("subjectSet"),
    complex("attributeRuleMembers", &[("membershipRule", Text), ("description", Text)]).adding_to("subjectSet"),
    complex("requestorManager", &[("managerLevel", Number)]).adding_to("subjectSet"),
    complex("internalSponsors", &[]).adding_to("subjectSet"),
    complex("externalSponsors", &[]).adding_to("subjectSet"),
    complex("targetUserSponsors", &[]).adding_to("subjectSet"),
    entity(
        "accessPackageQuestion",
        &[
            ("text", Text),
            ("isRequired", Flag),
            ("isAnswerEditable", Flag),
            ("sequence", Number),
            ("localizations", Many("accessPackageLocalizedText")),
        ],
        &[],
    )
    .adding_to("entity")
    .general(),
    entity(
        "accessPackageTextInputQuestion",
        &[("isSingleLineQuestion", Flag), ("regexPattern", Text)],
        &[],
    )
    .adding_to("accessPackageQuestion"),
    entity(
        "accessPackageMultipleChoiceQuestion",
        &[("choices", Many("accessPackageAnswerChoice")), ("isMultipleSelectionAllowed", Flag)],
        &[],
    )
    .adding_to("accessPackageQuestion"),
    complex(
        "accessPackageAnswerChoice",
        &[
            ("actualValue", Text),
            ("text", Text),
            ("localizations", Many("accessPackageLocalizedText")),
        ],
    ),
    complex("accessPackageLocalizedText", &[("languageCode", Text), ("text", Text)]),
];

/// The enumerations.
pub const WORDS: &[Words] = &[
    (
        "allowedTargetScope",
        &[
            "notSpecified",
            "specificDirectoryUsers",
            "specificConnectedOrganizationUsers",
            "specificDirectoryServicePrincipals",
            "allMemberUsers",
            "allDirectoryUsers",
            "allDirectoryServicePrincipals",
            "allConfiguredConnectedOrganizationUsers",
            "allExternalUsers",
        ],
    ),
    (
        "expirationPatternType",
        &["notSpecified", "noExpiration", "afterDateTime", "afterDuration"],
    ),
    ("approverInformationVisibility", &["default", "notVisible", "visible"]),
    (
        "accessReviewExpirationBehavior",
        &["keepAccess", "removeAccess", "acceptAccessRecommendation"],
    ),
    (
        "recurrencePatternType",
        &[
            "daily",
            "weekly",
            "absoluteMonthly",
            "relativeMonthly",
            "absoluteYearly",
            "relativeYearly",
        ],
    ),
    ("recurrenceRangeType", &["endDate", "noEnd", "numbered"]),
];

//! Assignment policies as JSON of the Microsoft Graph API, both ways. Pure: from a body and the terms in force to new terms, and from terms
//! to a body. What the API has and the product has not is refused with its path, never passed over; what the product says beyond the API
//! stays as it was.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use crate::domain::id::{PackageId, PolicyId};
use crate::domain::object::{Subject, SubjectItem};
use crate::domain::odata::scalar::write_instant;
use crate::domain::policy::{PolicyTerms, RequestorTerms, Scope};
use crate::domain::review::ReviewTerms;

use super::super::body::{BodyFault, Node, Reading};
use super::subjects::Place;
use super::{approval, lifecycle, questions, review, subjects};

/// Whether a body says all of a policy or only what is to change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// POST and PUT: what is left out has its plainest meaning.
    Whole,
    /// PATCH: what is left out stays.
    Part,
}

impl How {
    /// A boolean; what a whole body leaves out is false.
    pub(super) fn flag(self, read: &mut Reading, node: &Node<'_>, name: &str) -> Option<bool> {
        match (read.flag(node, name), self) {
            (None, Self::Whole) => Some(false),
            (flag, _) => flag,
        }
    }
}

/// What a body says of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyBody {
    /// Its name, where the body says one.
    pub name: Option<String>,
    /// Of which package, where the body says so.
    pub package: Option<PackageId>,
    /// The terms that come of it.
    pub terms: PolicyTerms,
}

const SCOPES: &[(&str, Option<Scope>)] = &[
    ("notSpecified", Some(Scope::Nobody)),
    ("specificDirectoryUsers", Some(Scope::Specific)),
    ("allMemberUsers", Some(Scope::AllMembers)),
    ("allDirectoryUsers", Some(Scope::AllUsers)),
    ("specificConnectedOrganizationUsers", Some(Scope::SpecificOrganizations)),
    ("specificDirectoryServicePrincipals", None),
    ("allDirectoryServicePrincipals", None),
    ("allConfiguredConnectedOrganizationUsers", Some(Scope::ConfiguredOrganizations)),
    ("allExternalUsers", Some(Scope::AllExternal)),
    ("allDirectoryAgentIdentities", None),
];

/// What else a policy of the API can say, each with why it can't be said here.
const UNKNOWN: &[(&str, &str)] = &[
    ("customExtensionStageSettings", "Custom extensions are not available."),
    ("customExtensionHandlers", "Custom extensions are not available."),
    ("verifiableCredentialSettings", "Verifiable credentials can't be asked for."),
];

/// Reads a policy on top of the terms in force, or of the default terms for a new one.
pub fn read(body: &Map<String, Value>, base: &PolicyTerms, how: How) -> Result<PolicyBody, Vec<BodyFault>> {
    let mut read = Reading::default();
    let node = Node::root(body);
    let mut terms = match how {
        How::Whole => plainest(base),
        How::Part => base.clone(),
    };
    let name = read.text(&node, "displayName");
    let package = read_package(&mut read, &node);
    if let Some(description) = read.text(&node, "description") {
        terms.description = description;
    } else if node.has("description") {
        terms.description.clear();
    }
    read_scope(&mut read, &node, base, how, &mut terms);
    section(&mut read, &node, "expiration", &mut terms, |read, node, terms| {
        lifecycle::read_expiration(read, node, &mut terms.lifecycle);
    });
    section(&mut read, &node, "requestorSettings", &mut terms, |read, node, terms| {
        read_requestor(read, node, base, how, terms);
    });
    section(&mut read, &node, "requestApprovalSettings", &mut terms, |read, node, terms| {
        approval::read(read, node, base, how, terms);
    });
    section(&mut read, &node, "reviewSettings", &mut terms, |read, node, terms| {
        review::read(read, node, &base.review, how, &mut terms.review);
    });
    if let Some(questions) = questions::read(&mut read, &node, &base.questions) {
        terms.questions = questions;
    }
    lifecycle::settle_extension(base, &mut terms);
    refuse_unknown(&mut read, &node);
    read.finish(PolicyBody { name, package, terms })
}

/// A section: what it says, or nothing of it where it is sent as null.
fn section(
    read: &mut Reading,
    node: &Node<'_>,
    name: &str,
    terms: &mut PolicyTerms,
    take: impl FnOnce(&mut Reading, &Node<'_>, &mut PolicyTerms),
) {
    if let Some(node) = read.object(node, name) {
        take(read, &node, terms);
    } else if node.raw(name).is_some_and(Value::is_null) {
        let nothing = plainest(terms);
        match name {
            "expiration" => terms.lifecycle.expires = nothing.lifecycle.expires,
            "requestorSettings" => {
                terms.requestor = RequestorTerms {
                    justification_required: terms.requestor.justification_required,
                    ..nothing.requestor
                };
                (terms.lifecycle.custom_schedule, terms.lifecycle.extension_allowed) = (false, false);
            }
            "requestApprovalSettings" => {
                terms.approval = nothing.approval;
                terms.requestor.justification_required = false;
            }
            _ => terms.review = nothing.review,
        }
    }
}

/// A policy of which nothing is said: nobody requests, nobody decides, access does not end. What the API has no words for stays.
fn plainest(base: &PolicyTerms) -> PolicyTerms {
    let mut terms = PolicyTerms {
        requestor: RequestorTerms {
            enabled: base.requestor.enabled,
            self_add: false,
            self_update: base.requestor.self_update,
            self_remove: false,
            ..RequestorTerms::default()
        },
        ..PolicyTerms::default()
    };
    terms.approval.approver_details = base.approval.approver_details;
    lifecycle::plainest(&mut terms.lifecycle);
    terms.review = ReviewTerms::default();
    terms
}

/// The package by its id, as an object or as an id of its own.
fn read_package(read: &mut Reading, node: &Node<'_>) -> Option<PackageId> {
    match read.object(node, "accessPackage") {
        Some(package) => read.id(&package, "id"),
        None => read.id(node, "accessPackageId"),
    }
}

fn read_scope(read: &mut Reading, node: &Node<'_>, base: &PolicyTerms, how: How, terms: &mut PolicyTerms) {
    match read.word(node, "allowedTargetScope", SCOPES) {
        Some(Some(scope)) => terms.scope = scope,
        Some(None) => read.fault(
            node.path("allowedTargetScope"),
            "Access packages are for people here and their guests. Send specificDirectoryUsers, allMemberUsers, allDirectoryUsers, \
             specificConnectedOrganizationUsers, allConfiguredConnectedOrganizationUsers, allExternalUsers or notSpecified.",
        ),
        None => {}
    }
    let sets = subjects::read(read, node, "specificAllowedTargets", Place::Requestor, &base.subjects);
    if terms.scope.names_subjects() {
        if let Some(sets) = sets {
            terms.subjects = sets;
        } else if how == How::Part && base.scope == terms.scope {
            terms.subjects.clone_from(&base.subjects);
        }
    } else {
        terms.subjects.clear();
        if sets.is_some_and(|sets| !sets.is_empty()) {
            read.fault(
                node.path("specificAllowedTargets"),
                "Somebody is named only where allowedTargetScope is specificDirectoryUsers or specificConnectedOrganizationUsers.",
            );
        }
    }
}

fn read_requestor(read: &mut Reading, node: &Node<'_>, base: &PolicyTerms, how: How, terms: &mut PolicyTerms) {
    let requestor = &mut terms.requestor;
    for (name, field) in [
        ("enableTargetsToSelfAddAccess", &mut requestor.self_add),
        ("enableTargetsToSelfRemoveAccess", &mut requestor.self_remove),
        ("enableOnBehalfRequestorsToAddAccess", &mut requestor.on_behalf_add),
        ("enableOnBehalfRequestorsToUpdateAccess", &mut requestor.on_behalf_update),
        ("enableOnBehalfRequestorsToRemoveAccess", &mut requestor.on_behalf_remove),
        ("allowCustomAssignmentSchedule", &mut terms.lifecycle.custom_schedule),
    ] {
        if let Some(flag) = how.flag(read, node, name) {
            *field = flag;
        }
    }
    if let Some(sets) = subjects::read(read, node, "onBehalfRequestors", Place::OnBehalf, &base.requestor.on_behalf) {
        requestor.on_behalf = sets;
    }
    if let Some(flag) = how.flag(read, node, "enableTargetsToSelfUpdateAccess") {
        lifecycle::set_extension(flag, base, terms);
    }
}

fn refuse_unknown(read: &mut Reading, node: &Node<'_>) {
    for (name, why) in UNKNOWN.iter().filter(|(name, _)| node.says(name)) {
        read.fault(node.path(name), format!("{why} Send null, or leave it out."));
    }
    if let Some(settings) = read.object(node, "automaticRequestSettings") {
        for name in ["requestAccessForAllowedTargets", "removeAccessWhenTargetLeavesAllowedTargets"] {
            if read.flag(&settings, name) == Some(true) {
                read.fault(
                    settings.path(name),
                    "Automatic assignment is not available yet. Send false, or leave automaticRequestSettings out.",
                );
            }
        }
    }
    if let Some(settings) = read.object(node, "notificationSettings")
        && read.flag(&settings, "isAssignmentNotificationDisabled") == Some(true)
    {
        read.fault(
            settings.path("isAssignmentNotificationDisabled"),
            "People are told of their access under every policy. Send false, or leave notificationSettings out.",
        );
    }
}

/// A policy as it is told.
pub struct PolicyView<'a> {
    /// The policy.
    pub id: PolicyId,
    /// Its name.
    pub name: &'a str,
    /// What it says.
    pub terms: &'a PolicyTerms,
    /// Everyone whom it names.
    pub subjects: &'a [SubjectItem],
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
}

/// A policy as the API tells it, without what is told only when it is expanded.
pub fn write(policy: &PolicyView<'_>) -> Map<String, Value> {
    let names = |subject: Subject| {
        let item = policy.subjects.iter().find(|item| item.subject == subject);
        item.map(|item| item.name.clone())
    };
    let terms = policy.terms;
    let scope = SCOPES.iter().find(|(_, scope)| *scope == Some(terms.scope)).map(|(word, _)| *word);
    let requestor = &terms.requestor;
    let json = json!({
        "id": policy.id,
        "displayName": policy.name,
        "description": terms.description,
        "allowedTargetScope": scope,
        "specificAllowedTargets": subjects::write(&terms.subjects, &names),
        "expiration": lifecycle::expiration_json(terms.lifecycle.expires),
        "requestorSettings": {
            "enableTargetsToSelfAddAccess": requestor.self_add,
            "enableTargetsToSelfUpdateAccess": lifecycle::extends(terms),
            "enableTargetsToSelfRemoveAccess": requestor.self_remove,
            "allowCustomAssignmentSchedule": terms.lifecycle.custom_schedule,
            "enableOnBehalfRequestorsToAddAccess": requestor.on_behalf_add,
            "enableOnBehalfRequestorsToUpdateAccess": requestor.on_behalf_update,
            "enableOnBehalfRequestorsToRemoveAccess": requestor.on_behalf_remove,
            "onBehalfRequestors": subjects::write(&requestor.on_behalf, &names),
        },
        "requestApprovalSettings": approval::write(terms, &names),
        "reviewSettings": review::write(&terms.review, &names),
        "automaticRequestSettings": null,
        "notificationSettings": {"isAssignmentNotificationDisabled": false},
        "questions": questions::write(&terms.questions),
        "createdDateTime": write_instant(policy.created_at),
        "modifiedDateTime": write_instant(policy.updated_at),
    });
    match json {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

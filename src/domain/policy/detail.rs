//! One policy as its own pages show it: its terms with the names in them, its versions, and what may be done with it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::super::id::{CatalogId, Named, PackageId, PolicyId};
use super::super::object::{Subject, SubjectItem};
use super::super::refusal::{Permission, Refusal};
use super::super::subject::Purpose;
use super::super::validate::{Checker, Code, FieldErrors};
use super::terms::PolicyTerms;

/// One policy (F066).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyDetail {
    /// The policy.
    pub id: PolicyId,
    /// Of which package.
    pub package: Named<PackageId>,
    /// Its name.
    pub name: String,
    /// The number of the version in force.
    pub number: i64,
    /// What it says.
    pub terms: PolicyTerms,
    /// Everyone whom it names; deleted ones are marked.
    pub subjects: Vec<SubjectItem>,
    /// Live assignments under it.
    pub assignments: i64,
    /// People who fall under its scope now; those of specific groups each once.
    pub in_scope: i64,
    /// What would be the matter with requests under it, in words.
    pub warnings: Vec<String>,
    /// May it be changed?
    pub edit: Permission,
    /// May it be deleted? Names what stands in the way (F067).
    pub delete: Permission,
    /// For the next change.
    pub version: i64,
    /// The server's time, for the end date that would result today.
    #[serde(with = "super::super::when::instant")]
    pub now: DateTime<Utc>,
}

/// One policy as the API lists it (F173).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyRecord {
    /// The policy.
    pub id: PolicyId,
    /// Of which package.
    pub package_id: PackageId,
    /// The package's catalog.
    pub catalog_id: CatalogId,
    /// Its name.
    pub name: String,
    /// What it says.
    pub terms: PolicyTerms,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// For the next change.
    pub version: i64,
}

/// One version of a policy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionItem {
    /// Its number, from 1 on.
    pub number: i64,
    /// What it says.
    pub terms: PolicyTerms,
    /// When it came into force.
    #[serde(with = "super::super::when::instant")]
    pub created_at: DateTime<Utc>,
    /// Who made it; nothing for the product itself.
    pub created_by: Option<String>,
}

/// The versions of a policy, the newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyVersions {
    /// The policy.
    pub policy: Named<PolicyId>,
    /// Of which package.
    pub package: PackageId,
    /// The versions, no more than are kept in a list.
    pub versions: Vec<VersionItem>,
    /// Everyone whom one of them names.
    pub subjects: Vec<SubjectItem>,
    /// May an old one be restored?
    pub edit: Permission,
    /// For the next change.
    pub version: i64,
}

/// The name of a user or group among these.
pub fn name_among(subjects: &[SubjectItem], subject: Subject) -> String {
    match subjects.iter().find(|item| item.subject == subject) {
        Some(item) if item.deleted => format!("{} (deleted)", item.name),
        Some(item) => item.name.clone(),
        None if matches!(subject, Subject::Organization(_)) => "a deleted connected organization".into(),
        None => "a deleted user or group".into(),
    }
}

/// Whether a policy can be deleted while these people have access under it and these requests wait (F067). `holders` are a few of them.
pub fn may_delete_policy(policy: &str, holders: &[String], assignments: i64, requests: i64) -> Result<(), Refusal> {
    let counted = |count: i64, one: &str, many: &str| {
        if count == 1 {
            format!("1 {one}")
        } else {
            format!("{count} {many}")
        }
    };
    if assignments > 0 {
        let others = assignments - holders.len() as i64;
        let more = if others > 0 { format!(" and {others} more") } else { String::new() };
        let people = counted(assignments, "assignment exists", "assignments exist");
        let reason = format!(
            "{policy} can't be deleted while {people} under it: {}{more}. Remove access first, or disable the policy so that nobody can request under it.",
            holders.join(", ")
        );
        return Err(Refusal::new("policy-in-use", reason));
    }
    if requests > 0 {
        let waits = counted(requests, "request under it waits", "requests under it wait");
        let reason = format!("{policy} can't be deleted while {waits} for a decision or delivery. Try again when that is done.");
        return Err(Refusal::new("policy-requested", reason));
    }
    Ok(())
}

/// The faults of whole terms that only the directory knows: whoever is named must still be there, except whom the policy named `before`.
/// `found` are those who were found.
pub fn terms_subject_faults(terms: &PolicyTerms, before: Option<&PolicyTerms>, found: &[SubjectItem]) -> FieldErrors {
    let mut check = Checker::default();
    let known = before.map(PolicyTerms::mentions).unwrap_or_default();
    let there = |subject: Subject| found.iter().any(|item| item.subject == subject && !item.deleted);
    for mention in terms.mentions() {
        let (purpose, stage, subject) = mention;
        if known.contains(&mention) || there(subject) {
            continue;
        }
        let at = (stage - 1).max(0);
        check.fail_once(
            match purpose {
                Purpose::Requestor => "subjects".to_owned(),
                Purpose::OnBehalf => "requestor.on_behalf".to_owned(),
                Purpose::Approver => format!("approval.stages.{at}.approvers"),
                Purpose::FallbackApprover => format!("approval.stages.{at}.fallbacks"),
                Purpose::Alternate => format!("approval.stages.{at}.forwarding.alternates"),
                Purpose::FallbackAlternate => format!("approval.stages.{at}.forwarding.fallbacks"),
                Purpose::Reviewer => "review.reviewers".to_owned(),
                Purpose::FallbackReviewer => "review.fallbacks".to_owned(),
            },
            Code::Gone,
        );
    }
    check.into_errors()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f067_the_refusal_names_who_has_access_and_what_waits() {
        let reason = |assignments, requests| {
            let holders = ["Requestor1 (requestor1)".to_owned()];
            let refused = may_delete_policy("Initial Policy", &holders, assignments, requests).err();
            refused.map(|refusal| refusal.reason)
        };
        assert_eq!(reason(0, 0), None);
        assert!(reason(1, 0).is_some_and(|reason| reason.contains("1 assignment exists under it: Requestor1 (requestor1). Remove")));
        assert!(reason(3, 1).is_some_and(|reason| reason.contains("Requestor1 (requestor1) and 2 more.")));
        assert!(reason(0, 2).is_some_and(|reason| reason.contains("2 requests under it wait")));
    }
}

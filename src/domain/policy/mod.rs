//! Policies: who may have a package, on what terms, for how long. Whether a person falls under one is decided here, from facts that
//! are handed in.

use serde::{Deserialize, Serialize};

use super::expiration::{Expiration, ExpirationForm};
use super::id::{CatalogId, Named, PackageId, PolicyId};
use super::object::{Subject, SubjectItem};
use super::subject::{Purpose, SubjectSet};
use super::text::string_enum;
use super::user::UserKind;
use super::validate::{Checker, Code};

pub mod terms;

pub use terms::{LifecycleTerms, PolicyTerms, RequestorTerms, check_terms};

/// The name of the policy that the wizard makes (F024).
pub const INITIAL_POLICY: &str = "Initial Policy";
/// Users and groups named in one policy, at the most (feature map 5.8).
pub const SUBJECTS_MAX: usize = 500;

string_enum! {
    /// Users who can request access: the first choice of the Requests tab.
    Audience {
        /// For users in your directory.
        InDirectory = "in_directory",
        /// For users not in your directory.
        NotInDirectory = "not_in_directory",
        /// None (administrator direct assignments only).
        Nobody = "none",
    }
}

string_enum! {
    /// Which users in the directory: the second choice.
    Scope {
        /// Specific users and groups.
        Specific = "specific",
        /// All members (excluding guests).
        AllMembers = "all_members",
        /// All users (including guests).
        AllUsers = "all_users",
        /// Nobody; administrators assign directly.
        Nobody = "none",
    }
}

/// A policy as pages show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyItem {
    /// The policy.
    pub id: PolicyId,
    /// Its name.
    pub name: String,
    /// Who can request.
    pub scope: Scope,
    /// The users and groups of a specific scope.
    pub subjects: Vec<SubjectItem>,
    /// New requests are taken.
    pub enabled: bool,
    /// When access ends.
    pub expiration: Expiration,
    /// Live assignments under it.
    pub assignments: i64,
    /// For the next change.
    pub version: i64,
}

/// The Requests tab, as chosen (F017 to F020).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RequestsForm {
    /// The first choice; `None` until one is made.
    pub audience: Option<Audience>,
    /// The second choice, for users in the directory.
    pub scope: Option<Scope>,
    /// Of a specific scope.
    pub subjects: Vec<Subject>,
    /// Require approval. Only No is offered for now.
    pub approval: bool,
    /// Enable requests.
    pub enabled: bool,
}

impl Default for RequestsForm {
    fn default() -> Self {
        Self {
            audience: None,
            scope: None,
            subjects: Vec::new(),
            approval: false,
            enabled: true,
        }
    }
}

/// A policy that names a user or group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyMention {
    /// The policy.
    pub policy: Named<PolicyId>,
    /// Of which package.
    pub package: Named<PackageId>,
    /// The package's catalog.
    pub catalog: CatalogId,
    /// What it names the subject for.
    pub purpose: Purpose,
    /// At which approval stage; 0 where it belongs to none.
    pub stage: i64,
    /// It names nobody else for that.
    pub alone: bool,
}

impl RequestsForm {
    /// The scope and subjects asked for, with `path` before each field's name.
    pub fn check(&self, check: &mut Checker, path: &str) -> (Scope, Vec<Subject>) {
        if self.approval {
            check.fail(format!("{path}approval"), Code::NotYet);
        }
        let scope = match self.audience {
            None => {
                check.fail(format!("{path}audience"), Code::Required);
                Scope::Nobody
            }
            Some(Audience::NotInDirectory) => {
                check.fail(format!("{path}audience"), Code::NotYet);
                Scope::Nobody
            }
            Some(Audience::Nobody) => Scope::Nobody,
            Some(Audience::InDirectory) => match self.scope {
                Some(scope) if scope != Scope::Nobody => scope,
                _ => {
                    check.fail(format!("{path}scope"), Code::Required);
                    Scope::Nobody
                }
            },
        };
        if scope != Scope::Specific {
            return (scope, Vec::new());
        }
        let mut subjects: Vec<Subject> = Vec::new();
        for subject in &self.subjects {
            if !subjects.contains(subject) {
                subjects.push(*subject);
            }
        }
        if subjects.is_empty() {
            check.fail(format!("{path}subjects"), Code::Required);
        } else if subjects.len() > SUBJECTS_MAX {
            check.fail(format!("{path}subjects"), Code::TooMany(SUBJECTS_MAX));
        }
        (scope, subjects)
    }
}

/// The terms that the Requests and Lifecycle tabs describe; what they do not offer yet has its default.
pub fn check_policy(
    check: &mut Checker,
    requests: &RequestsForm,
    lifecycle: &ExpirationForm,
    now: chrono::DateTime<chrono::Utc>,
) -> PolicyTerms {
    let (scope, subjects) = requests.check(check, "requests.");
    let requestor = RequestorTerms {
        enabled: requests.enabled,
        ..RequestorTerms::default()
    };
    let lifecycle = LifecycleTerms {
        expires: lifecycle.check(check, "lifecycle.", now),
        extension_allowed: scope != Scope::Nobody,
        ..LifecycleTerms::default()
    };
    PolicyTerms {
        scope,
        subjects: subjects.into_iter().map(SubjectSet::from).collect(),
        requestor,
        lifecycle,
        ..PolicyTerms::default()
    }
}

/// Whether a user falls under a scope. `named` says whether a specific scope names the user or a group of theirs (F028, F068 to F071).
pub fn covers(scope: Scope, kind: UserKind, named: bool) -> bool {
    match scope {
        Scope::Specific => named,
        Scope::AllMembers => kind == UserKind::Member,
        Scope::AllUsers => true,
        Scope::Nobody => false,
    }
}

/// Which policies count first when several cover a user: the most particular (feature map 5.3, F073).
pub fn priority(scope: Scope) -> u8 {
    match scope {
        Scope::Specific => 1,
        Scope::AllMembers => 2,
        Scope::AllUsers => 3,
        Scope::Nobody => 9,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f028_only_named_users_fall_under_a_specific_scope() {
        assert!(covers(Scope::Specific, UserKind::Member, true));
        assert!(!covers(Scope::Specific, UserKind::Member, false));
        assert!(!covers(Scope::AllMembers, UserKind::Guest, true));
        assert!(covers(Scope::AllUsers, UserKind::Guest, false));
        assert!(!covers(Scope::Nobody, UserKind::Member, true));
    }

    #[test]
    fn what_is_not_offered_yet_is_refused_with_its_reason() {
        let mut check = Checker::default();
        RequestsForm {
            audience: Some(Audience::NotInDirectory),
            approval: true,
            ..RequestsForm::default()
        }
        .check(&mut check, "");
        let codes: Vec<_> = check.into_errors().into_iter().map(|e| (e.path, e.code)).collect();
        assert_eq!(
            codes,
            [("approval".to_owned(), Code::NotYet), ("audience".to_owned(), Code::NotYet)]
        );
    }

    #[test]
    fn f018_a_specific_scope_needs_someone_and_counts_each_once() {
        let user = Subject::User(uuid::Uuid::from_u128(1).into());
        let form = RequestsForm {
            audience: Some(Audience::InDirectory),
            scope: Some(Scope::Specific),
            subjects: vec![user, user],
            ..RequestsForm::default()
        };
        let mut check = Checker::default();
        assert_eq!(form.check(&mut check, ""), (Scope::Specific, vec![user]));
        assert!(check.into_errors().is_empty());
        let mut check = Checker::default();
        RequestsForm { subjects: vec![], ..form }.check(&mut check, "");
        assert_eq!(check.into_errors()[0].path, "subjects");
    }
}

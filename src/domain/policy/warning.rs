//! What a policy allows that can only end badly: a request which nobody could decide. It is told when the policy is saved; nothing is
//! refused for it.

use super::super::approval::{APPROVERS_MAX, DecisionMode, StageTerms};
use super::super::id::UserId;
use super::super::object::Subject;
use super::super::subject::SubjectSet;
use super::Scope;
use super::terms::PolicyTerms;

/// A stage that nobody could settle for this requestor, since nobody decides on their own request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Warning {
    /// The stage, from 1 on.
    pub stage: usize,
    /// Whose own request it would be.
    pub requestor: UserId,
}

impl Warning {
    /// In words; `name` is the requestor's.
    pub fn text(self, name: &str) -> String {
        format!(
            "Stage {}: {name} can request this and is needed to decide. Nobody decides on their own request, so a request by {name} could only \
             time out. Add another approver, or a fallback.",
            self.stage
        )
    }
}

/// What is said of a stage at which too few of those whom it names are there.
pub fn deadlock_text(stage: i64) -> String {
    format!(
        "Stage {stage}: too few of those whom it names are there and can sign in. Where the requestor's own manager or sponsors can't decide \
         either, a request would come to nothing. Add somebody, or a fallback."
    )
}

/// What is said of a stage whose groups have more people than it asks.
pub fn crowd_text(stage: i64) -> String {
    format!(
        "Stage {stage}: the people and groups that it names come to more than {APPROVERS_MAX} people who can decide. {APPROVERS_MAX} of them are \
         asked, the others are not. Name a smaller group."
    )
}

/// The stages that could only time out for someone who can request: too few approvers, all of them named users, are left without that person.
pub fn warnings(terms: &PolicyTerms) -> Vec<Warning> {
    if !terms.approval.is_asked() || terms.scope == Scope::Nobody {
        return Vec::new();
    }
    let stages = terms.approval.stages.iter().zip(1..);
    stages
        .filter_map(|(stage, number)| {
            let stuck = named_users(stage)?.into_iter().find(|user| is_stuck(terms, stage, *user))?;
            Some(Warning {
                stage: number,
                requestor: stuck,
            })
        })
        .collect()
}

/// The approvers, where all of them are users by name.
fn named_users(stage: &StageTerms) -> Option<Vec<UserId>> {
    let one = |set: &SubjectSet| match set {
        SubjectSet::User(id) => Some(*id),
        _ => None,
    };
    stage.approvers.iter().map(one).collect()
}

fn is_stuck(terms: &PolicyTerms, stage: &StageTerms, user: UserId) -> bool {
    let own = Some(Subject::User(user));
    let may_ask = match terms.scope {
        // Whether a group holds the person is not known here.
        Scope::Specific => terms.subjects.iter().any(|set| set.named() == own),
        Scope::AllMembers | Scope::AllUsers => true,
        // Guests alone, of whom it is not known here who they are.
        Scope::SpecificOrganizations | Scope::ConfiguredOrganizations | Scope::AllExternal | Scope::Nobody => false,
    };
    let others = |sets: &[SubjectSet]| sets.iter().filter(|set| set.named() != own).count();
    let needed = match stage.mode {
        DecisionMode::AnyOne | DecisionMode::AllOf => 1,
        DecisionMode::AtLeast(count) => usize::try_from(count).unwrap_or(1),
    };
    let left = others(&stage.approvers);
    let alternates = stage.forwarding.as_ref().map_or(0, |forwarding| others(&forwarding.alternates));
    may_ask && left < needed && (left > 0 || others(&stage.fallbacks) == 0) && left + alternates < needed
}

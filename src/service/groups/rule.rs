//! What a group's rule does to who is in the group: told before it is saved, and written down when it was.

use super::super::audit::Entry;
use super::super::{App, Error, rules};
use crate::domain::access::{Authorized, ManageGroups, Principal, Scope};
use crate::domain::audit::{Activity, Change, Target};
use crate::domain::group::{GroupRole, PREVIEWED_MAX, RulePreview, check_rule};
use crate::domain::id::{Named, ObjectId};
use crate::domain::validate::Checker;
use crate::store::members::RuleCandidate;
use crate::store::{StoreError, Tx, groups};

/// People named in one row of the trail at the most; more take several rows.
const NAMED_MAX: usize = 200;

/// What a rule would do if it were saved now: how many people would be members, and who would join and leave. Nothing is changed. `group`
/// is the group that has a rule already.
pub async fn preview_rule(app: &App, actor: &Principal, group: Option<ObjectId>, rule: &str) -> Result<RulePreview, Error> {
    actor.authorize(ManageGroups, Scope::Tenant)?;
    let mut check = Checker::default();
    let rule = check_rule(&mut check, rule);
    let rule = check.finish(rule)?;
    let mut tx = app.store.read().await?;
    rules::check_custom(&mut tx, "rule", &rule).await?;
    let role = match group {
        Some(group) => Some(groups::role(&mut tx, group, GroupRole::Member).await?.ok_or(Error::NotFound)?),
        None => None,
    };
    let rule = rules::parsed(&rule).ok_or_else(|| Error::Internal("a checked rule cannot be read".into()))?;
    let found = rules::evaluate(&mut tx, role, &rule).await?;
    Ok(RulePreview {
        members: (found.stayed + found.joined.len()) as i64,
        joining: found.joined.len() as i64,
        leaving: found.left.len() as i64,
        first_joining: first(&found.joined),
        first_leaving: first(&found.left),
    })
}

/// The first few by name, with their user names.
fn first(people: &[RuleCandidate]) -> Vec<String> {
    let mut people: Vec<&RuleCandidate> = people.iter().collect();
    people.sort_by(|a, b| (&a.name, &a.user_name).cmp(&(&b.name, &b.user_name)));
    let named = people.iter().take(PREVIEWED_MAX);
    named.map(|user| format!("{} ({})", user.name, user.user_name)).collect()
}

/// Writes down who joined and who left by a rule that someone changed, in as many rows as it takes.
pub(super) fn write_moves(
    app: &App,
    tx: &mut Tx,
    granted: &Authorized<ManageGroups>,
    group: &Named<ObjectId>,
    moves: &rules::Evaluation,
) -> Result<(), StoreError> {
    for (activity, people) in [(Activity::AddMember, &moves.joined), (Activity::RemoveMember, &moves.left)] {
        for people in people.chunks(NAMED_MAX) {
            let names: Vec<&str> = people.iter().map(|user| user.name.as_str()).collect();
            let (old, new) = if activity == Activity::AddMember {
                (String::new(), names.join(", "))
            } else {
                (names.join(", "), String::new())
            };
            let entry = Entry::by_principal(granted, activity, Target::new("group", group.id, group.name.as_str()))
                .changes([Change::between(groups::role_name(GroupRole::Member), old, new)])
                .detail("By the group's rule.");
            people
                .iter()
                .fold(entry, |entry, user| entry.and(Target::new("user", user.id, user.name.as_str())))
                .write(app, tx)?;
        }
    }
    Ok(())
}

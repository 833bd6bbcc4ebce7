//! Dynamic membership: asks each rule about each person whom a change may concern, in the transaction of that change, so nobody is ever
//! seen in a group whose rule they do not meet. One user's change asks all rules about that user; one rule's change asks it about all.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

use chrono::{DateTime, Utc};

use super::Error;
use crate::args;
use crate::domain::group::GroupRole;
use crate::domain::id::{ObjectId, RoleId, UserId};
use crate::domain::rule::{self, Rule, RuleFault};
use crate::domain::text::EXTENSION;
use crate::domain::user::UserKind;
use crate::domain::validate::Code;
use crate::store::dialect::{LOCK_RULES, LOCK_USERS};
use crate::store::members::RuleCandidate;
use crate::store::users::Account;
use crate::store::{StoreError, Tx, custom_attributes, groups, members, memberships, users};

/// The groups that one user joined and left, by name.
#[derive(Debug, Default)]
pub struct MembershipChanges {
    /// Member now, not before.
    pub joined: Vec<String>,
    /// Member before, not now.
    pub left: Vec<String>,
}

impl MembershipChanges {
    /// For the audit row of the change that moved the user.
    pub fn sentence(&self) -> String {
        let mut parts = Vec::new();
        if !self.joined.is_empty() {
            parts.push(format!("Joined by rule: {}.", self.joined.join(", ")));
        }
        if !self.left.is_empty() {
            parts.push(format!("Left by rule: {}.", self.left.join(", ")));
        }
        parts.join(" ")
    }
}

/// Keeps rules as they are until this transaction ends. A change to a user begins with it.
pub async fn lock_rules(tx: &mut Tx) -> Result<(), StoreError> {
    tx.exec(tx.pick(LOCK_RULES), args![]).await?;
    Ok(())
}

/// Keeps users as they are until this transaction ends. A change to a rule begins with it.
pub async fn lock_users(tx: &mut Tx) -> Result<(), StoreError> {
    tx.exec(tx.pick(LOCK_USERS), args![]).await?;
    Ok(())
}

/// Asks every rule about one user, who was created, changed, deleted or restored.
pub async fn reevaluate_user(tx: &mut Tx, user: UserId, now: DateTime<Utc>) -> Result<MembershipChanges, StoreError> {
    let account = users::find(tx, user).await?.filter(|account| account.deleted_at.is_none());
    let candidate = match account {
        Some(account) => Some(candidate_of(tx, account).await?),
        None => None,
    };
    let mut moves = MembershipChanges::default();
    for group in groups::ruled(tx, user).await? {
        let belongs = match (&candidate, parsed(&group.rule)) {
            (None, _) => false,
            (Some(candidate), Some(rule)) => meets(&rule, candidate),
            (Some(_), None) => continue,
        };
        if belongs && !group.is_member {
            memberships::add_by_rule(tx, group.role_id, user, now).await?;
            moves.joined.push(group.name);
        } else if !belongs && group.is_member {
            memberships::remove_by_rule(tx, group.role_id, user).await?;
            moves.left.push(group.name);
        }
    }
    Ok(moves)
}

/// What a rule says about everybody, against what it said before.
#[derive(Debug, Default)]
pub struct Evaluation {
    /// Members by rule before who stay.
    pub stayed: usize,
    /// Members by rule now, not before.
    pub joined: Vec<RuleCandidate>,
    /// Members by rule before, not now.
    pub left: Vec<RuleCandidate>,
}

/// Asks a rule about every user, a chunk at a time; changes nothing. `role` is the group's Member role, if there is a group yet.
pub async fn evaluate(tx: &mut Tx, role: Option<RoleId>, rule: &Rule) -> Result<Evaluation, StoreError> {
    let mut found = Evaluation::default();
    if let Some(role) = role {
        let mut after = None;
        loop {
            let chunk = members::by_rule(tx, role, rule, after).await?;
            let (more, last) = (chunk.len() == members::CANDIDATES_MAX, chunk.last().map(|user| user.id));
            let (stay, leave): (Vec<_>, Vec<_>) = chunk.into_iter().partition(|user| meets(rule, user));
            found.stayed += stay.len();
            found.left.extend(leave);
            match last.filter(|_| more) {
                Some(last) => after = Some(last),
                None => break,
            }
        }
    }
    let mut after = None;
    loop {
        let chunk = members::candidates(tx, role, rule, after).await?;
        let (more, last) = (chunk.len() == members::CANDIDATES_MAX, chunk.last().map(|user| user.id));
        found.joined.extend(chunk.into_iter().filter(|user| meets(rule, user)));
        match last.filter(|_| more) {
            Some(last) => after = Some(last),
            None => break,
        }
    }
    Ok(found)
}

/// Asks one group's rule about every user and carries out what follows; gives who joined and who left.
pub async fn reevaluate_group(tx: &mut Tx, group: ObjectId, rule: &str, now: DateTime<Utc>) -> Result<Evaluation, StoreError> {
    let (Some(rule), Some(role)) = (parsed(rule), groups::role(tx, group, GroupRole::Member).await?) else {
        return Ok(Evaluation::default());
    };
    let found = evaluate(tx, Some(role), &rule).await?;
    let ids = |users: &[RuleCandidate]| users.iter().map(|user| user.id).collect::<Vec<_>>();
    let (joined, left) = (ids(&found.joined), ids(&found.left));
    let added: HashSet<UserId> = members::add_by_rule_alone(tx, role, &joined, now).await?.into_iter().collect();
    for user in joined.into_iter().filter(|user| !added.contains(user)) {
        memberships::add_by_rule(tx, role, user, now).await?;
    }
    let removed: HashSet<UserId> = members::remove_by_rule_alone(tx, role, &left).await?.into_iter().collect();
    for user in left.into_iter().filter(|user| !removed.contains(user)) {
        memberships::remove_by_rule(tx, role, user).await?;
    }
    Ok(found)
}

/// Refused at `path` where a rule asks about a custom attribute that is not defined. Whoever keeps the rule holds users or rules, as deleting
/// an attribute does.
pub(super) async fn check_custom(tx: &mut Tx, path: &str, text: &str) -> Result<(), Error> {
    let Some(rule) = parsed(text) else { return Ok(()) };
    let named = rule.custom_attributes();
    if named.is_empty() {
        return Ok(());
    }
    let defined = custom_attributes::all(tx).await?;
    match named.into_iter().find(|name| defined.iter().all(|one| one.name != *name)) {
        Some(unknown) => {
            let at = text.to_lowercase().find(&format!("user.{EXTENSION}{unknown}")).unwrap_or_default();
            let at = text.get(..at).map_or(0, |before| before.chars().count()) + 1;
            Err(Error::field(path, Code::Rule(RuleFault::Property, at)))
        }
        None => Ok(()),
    }
}

/// Rules that have been read, by their text: every change of a user asks all of them.
static PARSED: LazyLock<RwLock<HashMap<String, Option<Arc<Rule>>>>> = LazyLock::new(RwLock::default);
/// Rules kept at the most; a full table begins anew.
const PARSED_MAX: usize = 4_096;

/// A rule that an older version stored and this one cannot read changes nobody's membership.
pub fn parsed(text: &str) -> Option<Arc<Rule>> {
    let known = PARSED.read().unwrap_or_else(PoisonError::into_inner).get(text).cloned();
    if let Some(rule) = known {
        return rule;
    }
    let read = rule::parse(text).ok().map(Arc::new);
    let mut table = PARSED.write().unwrap_or_else(PoisonError::into_inner);
    if table.len() >= PARSED_MAX {
        table.clear();
    }
    table.insert(text.to_owned(), read.clone());
    read
}

fn meets(rule: &Rule, user: &RuleCandidate) -> bool {
    rule.matches(|property| property_of(user, property))
}

/// Whether a rule lets a person belong; a rule that cannot be read says nothing.
pub(super) fn belongs(rule: &str, user: &RuleCandidate) -> Option<bool> {
    parsed(rule).map(|rule| meets(&rule, user))
}

/// A person as rules see them.
pub(super) async fn candidate_of(tx: &mut Tx, account: Account) -> Result<RuleCandidate, StoreError> {
    Ok(RuleCandidate {
        custom: custom_attributes::of_user(tx, account.id).await?,
        id: account.id,
        name: account.name,
        user_name: account.user_name,
        kind: account.kind,
        mail: account.mail,
        job_title: account.job_title,
        department: account.department,
        company: account.company,
        office: account.office,
        enabled: account.enabled,
    })
}

/// A property of a person by the name that rules give it; empty where there is none of that name.
pub(crate) fn property_of(user: &RuleCandidate, property: &str) -> String {
    match property {
        "department" => user.department.clone(),
        "jobTitle" => user.job_title.clone(),
        "companyName" => user.company.clone(),
        "physicalDeliveryOfficeName" => user.office.clone(),
        "displayName" => user.name.clone(),
        "userPrincipalName" => user.user_name.clone(),
        "mail" => user.mail.clone(),
        "userType" => match user.kind {
            UserKind::Member => "Member".into(),
            UserKind::Guest => "Guest".into(),
        },
        "accountEnabled" => user.enabled.to_string(),
        other => {
            let name = other.strip_prefix(EXTENSION).unwrap_or_default();
            let mut custom = user.custom.iter();
            custom
                .find(|(known, _)| known == name)
                .map(|(_, value)| value.clone())
                .unwrap_or_default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::rule::PROPERTIES;

    #[test]
    fn every_property_that_a_rule_can_name_has_a_value() {
        let user = RuleCandidate {
            id: UserId(uuid::Uuid::nil()),
            name: "x".into(),
            user_name: "x".into(),
            kind: UserKind::Guest,
            mail: "x".into(),
            job_title: "x".into(),
            department: "x".into(),
            company: "x".into(),
            office: "x".into(),
            enabled: true,
            custom: Vec::new(),
        };
        for property in PROPERTIES {
            assert!(!property_of(&user, property).is_empty(), "{property}");
        }
    }

    #[test]
    fn a_rule_is_read_once_and_what_cannot_be_read_is_remembered_too() {
        let text = r#"user.department -eq "Kept for this test""#;
        let (first, second) = (parsed(text).expect("a rule"), parsed(text).expect("a rule"));
        assert!(Arc::ptr_eq(&first, &second));
        assert!(parsed("user.department -is").is_none() && parsed("user.department -is").is_none());
    }
}

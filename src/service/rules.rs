//! Dynamic membership: asks each rule about each person whom a change may concern, in the transaction of that change, so nobody is ever
//! seen in a group whose rule they do not meet. One user's change asks all rules about that user; one rule's change asks it about all.

use std::collections::HashSet;

use chrono::{DateTime, Utc};

use crate::args;
use crate::domain::group::GroupRole;
use crate::domain::id::{ObjectId, UserId};
use crate::domain::rule::{self, Rule};
use crate::domain::user::UserKind;
use crate::store::dialect::{LOCK_RULES, LOCK_USERS};
use crate::store::users::Account;
use crate::store::{StoreError, Tx, groups, members, memberships, users};

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
    let mut moves = MembershipChanges::default();
    for group in groups::ruled(tx, user).await? {
        let belongs = match (&account, read(&group.rule)) {
            (None, _) => false,
            (Some(account), Some(rule)) => meets(&rule, account),
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

/// Asks one group's rule about every user; gives how many joined and how many left.
pub async fn reevaluate_group(tx: &mut Tx, group: ObjectId, rule: &str, now: DateTime<Utc>) -> Result<(usize, usize), StoreError> {
    let (Some(rule), Some(role)) = (read(rule), groups::role(tx, group, GroupRole::Member).await?) else {
        return Ok((0, 0));
    };
    let before: HashSet<UserId> = members::by_rule(tx, role).await?.into_iter().collect();
    let accounts = users::all_present(tx).await?;
    let belong: HashSet<UserId> = accounts.iter().filter(|a| meets(&rule, a)).map(|a| a.id).collect();
    let joined: Vec<UserId> = belong.difference(&before).copied().collect();
    let left: Vec<UserId> = before.difference(&belong).copied().collect();
    let added: HashSet<UserId> = members::add_by_rule_alone(tx, role, &joined, now).await?.into_iter().collect();
    for user in joined.iter().filter(|user| !added.contains(user)) {
        memberships::add_by_rule(tx, role, *user, now).await?;
    }
    members::remove_by_rule_alone(tx, role, &left).await?;
    if !left.is_empty() {
        for user in members::by_rule(tx, role).await?.into_iter().filter(|user| !belong.contains(user)) {
            memberships::remove_by_rule(tx, role, user).await?;
        }
    }
    Ok((joined.len(), left.len()))
}

/// A rule that an older version stored and this one cannot read changes nobody's membership.
fn read(rule: &str) -> Option<Rule> {
    rule::parse(rule).ok()
}

fn meets(rule: &Rule, account: &Account) -> bool {
    rule.matches(|property| property_of(account, property))
}

fn property_of(account: &Account, property: &str) -> String {
    match property {
        "department" => account.department.clone(),
        "jobTitle" => account.job_title.clone(),
        "companyName" => account.company.clone(),
        "physicalDeliveryOfficeName" => account.office.clone(),
        "displayName" => account.name.clone(),
        "userPrincipalName" => account.user_name.clone(),
        "mail" => account.mail.clone(),
        "userType" => match account.kind {
            UserKind::Member => "Member".into(),
            UserKind::Guest => "Guest".into(),
        },
        "accountEnabled" => account.enabled.to_string(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::rule::PROPERTIES;
    use crate::domain::user::DirectoryRole;

    #[test]
    fn every_property_that_a_rule_can_name_has_a_value() {
        let account = Account {
            id: UserId(uuid::Uuid::nil()),
            name: "x".into(),
            user_name: "x".into(),
            kind: UserKind::Guest,
            role: DirectoryRole::User,
            mail: "x".into(),
            job_title: "x".into(),
            department: "x".into(),
            company: "x".into(),
            office: "x".into(),
            phone: "x".into(),
            manager_id: None,
            enabled: true,
            created_at: DateTime::UNIX_EPOCH,
            deleted_at: None,
            version: 1,
        };
        for property in PROPERTIES {
            assert!(!property_of(&account, property).is_empty(), "{property}");
        }
    }
}

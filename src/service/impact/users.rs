//! A user who is blocked or deleted.

use chrono::{DateTime, Utc};

use crate::domain::access::{ManageUsers, Principal, Scope, Visible};
use crate::domain::id::UserId;
use crate::domain::impact::{EffectKind, Impact, MoreNames, UserChange};
use crate::store::impact::{decisions_of, packages_held, reporting_to, requests_of, roles_held};
use crate::store::{Tx, groups, users};

use super::super::{App, Error, access, rules};
use super::Plan;

/// What blocking or deleting a user would do (F043, F151).
pub async fn of_user(app: &App, actor: &Principal, id: UserId, change: UserChange, more: Option<MoreNames>) -> Result<Impact, Error> {
    actor.authorize(ManageUsers, Scope::Tenant)?;
    let now = app.clock.now();
    let mut tx = app.store.read().await?;
    let account = users::find(&mut tx, id)
        .await?
        .filter(|account| account.deleted_at.is_none())
        .ok_or(Error::NotFound)?;
    actor.authorize_account(account.highest_role)?;
    let seen = access::seen(actor);
    let mut plan = Plan::default();
    match change {
        UserChange::Block => {
            plan.note("They are signed out everywhere at once. The access they have stays.");
            let waits = (
                "request waits until sign-in is allowed again",
                "requests wait until sign-in is allowed again",
            );
            plan.add("requests", EffectKind::Loses, waits, requests_of(id, &seen));
            tell_rules(&mut tx, &mut plan, id).await?;
        }
        UserChange::Delete => tell_end(&mut plan, id, &seen, now),
    }
    let decides = (
        "request waits for their decision, which others or nobody can make then",
        "requests wait for their decision, which others or nobody can make then",
    );
    plan.add("decisions", EffectKind::Loses, decides, decisions_of(id, &seen));
    if seen != Visible::All {
        plan.note("What belongs to catalogs that you do not see is not named here.");
    }
    Ok(plan.tell(&mut tx, more).await?)
}

fn tell_end(plan: &mut Plan, id: UserId, seen: &Visible, now: DateTime<Utc>) {
    plan.note("They can't sign in any more. For 30 days the user can be restored; access from packages doesn't come back.");
    let roles = ("resource role ends", "resource roles end");
    plan.add("roles", EffectKind::Loses, roles, roles_held(id, false, now));
    let waiting = (
        "resource role given by hand rests, and is there again when the user is restored",
        "resource roles given by hand rest, and are there again when the user is restored",
    );
    plan.add("by-hand", EffectKind::Stays, waiting, roles_held(id, true, now));
    let packages = ("access package ends", "access packages end");
    plan.add("packages", EffectKind::Loses, packages, packages_held(id, seen, now));
    let requests = ("request is canceled", "requests are canceled");
    plan.add("requests", EffectKind::Loses, requests, requests_of(id, seen));
    plan.people(
        "reports",
        EffectKind::Loses,
        ("has", "have"),
        "no manager any more",
        reporting_to(id),
    );
}

/// The groups that a blocked person leaves or joins by rule.
async fn tell_rules(tx: &mut Tx, plan: &mut Plan, id: UserId) -> Result<(), Error> {
    let Some(account) = users::find(tx, id).await? else { return Ok(()) };
    let mut candidate = rules::candidate_of(tx, account).await?;
    candidate.enabled = false;
    let (mut left, mut joined) = (Vec::new(), Vec::new());
    for group in groups::ruled(tx, id).await? {
        match rules::belongs(&group.rule, &candidate) {
            Some(true) if !group.is_member => joined.push(group.name),
            Some(false) if group.is_member => left.push(group.name),
            _ => {}
        }
    }
    for (names, verb) in [(left, "leave"), (joined, "join")] {
        if !names.is_empty() {
            plan.note(format!("By rule they {verb}: {}.", names.join(", ")));
        }
    }
    Ok(())
}

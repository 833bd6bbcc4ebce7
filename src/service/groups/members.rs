//! Who is in a group: the list with all that gives each membership, and what is given and taken by hand.

use chrono::{DateTime, Utc};

use super::super::audit::Entry;
use super::super::{App, Error, access, approvals, roles};
use super::{may_give_by_hand, names, present};
use crate::domain::access::{ManageGroups, Principal, ReadDirectory, Refusal, Scope, Visible};
use crate::domain::audit::{Activity, Change, Target};
use crate::domain::group::{GroupRole, MemberItem, MemberQuery, may_remove_by_hand};
use crate::domain::id::{Named, ObjectId, PackageId, UserId};
use crate::domain::page::Page;
use crate::domain::validate::Code;
use crate::store::{Tx, groups, memberships, users};

/// A page of a group's members or owners at this moment, by name (F036).
pub async fn members(app: &App, actor: &Principal, query: &MemberQuery) -> Result<Page<MemberItem>, Error> {
    actor.authorize(ReadDirectory, Scope::Tenant)?;
    let now = app.clock.now();
    let mut tx = app.store.read().await?;
    let mut page = crate::store::members::list(&mut tx, query, now).await?;
    let visible = access::seen(actor);
    if visible != Visible::All {
        let ids: Vec<PackageId> = page
            .items
            .iter()
            .flat_map(|item| item.packages.iter().map(|package| package.id))
            .collect();
        let seen = access::seen_packages(&mut tx, &visible, &ids).await?;
        for item in &mut page.items {
            item.packages.retain(|package| seen.contains(&package.id));
        }
    }
    if page.items.is_empty() {
        groups::find(&mut tx, query.group).await?.ok_or(Error::NotFound)?;
    }
    Ok(page)
}

/// Adds members or owners by hand; who is one already is left alone. Gives how many were added.
pub async fn add_members(app: &App, actor: &Principal, id: ObjectId, role: GroupRole, people: &[UserId]) -> Result<i64, Error> {
    actor.authorize(ManageGroups, Scope::Tenant)?;
    if people.is_empty() {
        return Err(Error::field("users", Code::Required));
    }
    let mut tx = app.store.write().await?;
    let added = add_in(app, &mut tx, actor, (id, role), people, app.clock.now()).await?;
    tx.commit().await?;
    Ok(added)
}

/// The same in a transaction of others.
pub(in super::super) async fn add_in(
    app: &App,
    tx: &mut Tx,
    actor: &Principal,
    (id, role): (ObjectId, GroupRole),
    people: &[UserId],
    now: DateTime<Utc>,
) -> Result<i64, Error> {
    let granted = actor.authorize(ManageGroups, Scope::Tenant)?;
    let group = groups::find(tx, id).await?.ok_or(Error::NotFound)?;
    may_give_by_hand(&group, role)?;
    roles::may_change_members(tx, actor, &[id]).await?;
    let people = present(tx, "users", people).await?;
    let role_id = groups::role(tx, id, role).await?.ok_or(Error::NotFound)?;
    let mut added: Vec<Named<UserId>> = Vec::new();
    for person in people {
        if memberships::add_direct(tx, role_id, person.id, now).await? {
            added.push(person);
        }
    }
    if added.is_empty() {
        return Ok(0);
    }
    let entry = Entry::by_principal(&granted, Activity::AddMember, Target::new("group", id, group.name)).changes([Change::between(
        groups::role_name(role),
        "",
        names(&added),
    )]);
    let count = added.len() as i64;
    added
        .into_iter()
        .fold(entry, |entry, person| entry.and(Target::new("user", person.id, person.name)))
        .write(app, tx)?;
    Ok(count)
}

/// Takes back a membership that was given by hand. What packages give stays.
pub async fn remove_member(app: &App, actor: &Principal, id: ObjectId, role: GroupRole, user: UserId) -> Result<(), Error> {
    let granted = actor.authorize(ManageGroups, Scope::Tenant)?;
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let group = groups::find(&mut tx, id).await?.ok_or(Error::NotFound)?;
    let person = users::find(&mut tx, user).await?.ok_or(Error::NotFound)?;
    let role_id = groups::role(&mut tx, id, role).await?.ok_or(Error::NotFound)?;
    let held = crate::store::members::held(&mut tx, role_id, user).await?.ok_or(Error::NotFound)?;
    let packages: Vec<Named<PackageId>> = crate::store::members::packages(&mut tx, role_id, &[user], now)
        .await?
        .into_iter()
        .map(|(_, package)| package)
        .collect();
    let visible = access::seen(actor);
    if visible != Visible::All && !held.direct && !packages.is_empty() {
        let ids: Vec<PackageId> = packages.iter().map(|package| package.id).collect();
        if access::seen_packages(&mut tx, &visible, &ids).await?.len() < ids.len() {
            let reason = format!(
                "{} is in {} through access packages in catalogs that you don't see. Ask someone who manages those to end the access.",
                person.name, group.name
            );
            return Err(Refusal::new("given-by-package", reason).into());
        }
    }
    may_remove_by_hand(&person.name, &group.name, held.direct, &packages)?;
    roles::may_change_members(&mut tx, actor, &[id]).await?;
    if !memberships::remove_direct(&mut tx, role_id, user).await? {
        // Somebody else has just done it, and the trail says so (C19).
        return Ok(());
    }
    approvals::people_changed(app, &mut tx, &[user], now).await?;
    let kept: Vec<&str> = packages.iter().map(|package| package.name.as_str()).collect();
    let detail = if kept.is_empty() {
        String::new()
    } else {
        format!("Still given by {}.", kept.join(", "))
    };
    Entry::by_principal(&granted, Activity::RemoveMember, Target::new("group", id, group.name))
        .and(Target::new("user", user, person.name.as_str()))
        .changes([Change::between(groups::role_name(role), person.name.as_str(), "")])
        .detail(detail)
        .write(app, &mut tx)?;
    tx.commit().await?;
    Ok(())
}

//! Groups, as administrators manage them: lists, details, and changes to the group itself. Who is in it is in `members`.

mod members;
mod query;
mod rule;

#[cfg(test)]
mod rule_tests;
#[cfg(test)]
mod tests;

pub(super) use members::add_in;
pub use members::{add_members, members, remove_member};
pub use query::{incompatible, named_by_packages, query, record, records};
pub use rule::preview_rule;

use chrono::{DateTime, Utc};

use super::audit::{Entry, changed};
use super::{App, Error, access, approvals, limits, roles, rules};
use crate::domain::access::{Action, Authorized, ManageGroups, Principal, ReadDirectory, Scope};
use crate::domain::audit::{Activity, Change, Target};
use crate::domain::group::{
    GroupDetail, GroupForm, GroupItem, GroupQuery, GroupRole, NamingPolicy, NewGroup, may_delete, may_edit_members, policies_losing,
};
use crate::domain::id::{Named, ObjectId, PackageId, RoleId, UserId};
use crate::domain::incompatibility::may_delete_group;
use crate::domain::limit::Limit;
use crate::domain::object::MembershipType;
use crate::domain::page::Page;
use crate::domain::text::StringEnum;
use crate::domain::validate::{Checker, Code};
use crate::store::groups::{self, Group};
use crate::store::{self, Tx, memberships, users};

/// People whom one call can add at the most.
pub const ADDED_MAX: usize = Limit::AddedAtOnce.bound();

/// A page of groups.
pub async fn list(app: &App, actor: &Principal, query: &GroupQuery) -> Result<Page<GroupItem>, Error> {
    actor.authorize(ReadDirectory, Scope::Tenant)?;
    let mut tx = app.store.read().await?;
    Ok(groups::list(&mut tx, query).await?)
}

/// One group, with what the actor may do with it.
pub async fn get(app: &App, actor: &Principal, id: ObjectId) -> Result<GroupDetail, Error> {
    actor.authorize(ReadDirectory, Scope::Tenant)?;
    let now = app.clock.now();
    let mut tx = app.store.read().await?;
    let group = groups::find(&mut tx, id).await?.ok_or(Error::NotFound)?;
    let (members, owners) = crate::store::members::counts(&mut tx, id, now).await?;
    let (packages, unseen) = packages(&mut tx, actor, id).await?;
    let (policies, unseen_policies) = policies(&mut tx, actor, id).await?;
    let (excluding, unseen_excluding) = excluding(&mut tx, actor, id).await?;
    let edit = actor.permission(Action::ManageGroups, Scope::Tenant);
    let delete = may_delete(&group.name, &packages, unseen).and_then(|()| may_delete_group(&group.name, &excluding, unseen_excluding));
    Ok(GroupDetail {
        edit_members: edit.clone().and(may_edit_members(&group.name, group.membership)),
        delete: edit.clone().and(delete),
        edit,
        members,
        owners,
        packages,
        policies,
        unseen_policies,
        rule: group.rule,
        created_at: group.created_at,
        version: group.version,
        item: GroupItem {
            id: group.id,
            name: group.name,
            description: group.description,
            kind: group.kind,
            membership: group.membership,
        },
    })
}

/// Creates a group with its first owners and members (F005).
pub async fn create(app: &App, actor: &Principal, form: &GroupForm) -> Result<ObjectId, Error> {
    actor.authorize(ManageGroups, Scope::Tenant)?;
    let mut tx = app.store.write().await?;
    rules::lock_users(&mut tx).await?;
    let id = create_in(app, &mut tx, actor, form, app.clock.now()).await?;
    tx.commit().await?;
    Ok(id)
}

/// The same in a transaction that holds the users.
pub(super) async fn create_in(app: &App, tx: &mut Tx, actor: &Principal, form: &GroupForm, now: DateTime<Utc>) -> Result<ObjectId, Error> {
    let granted = actor.authorize(ManageGroups, Scope::Tenant)?;
    let group = form.check()?;
    rules::check_custom(tx, "rule", group.rule.as_deref().unwrap_or_default()).await?;
    let id = ObjectId(app.ids.id(now));
    let member = RoleId(app.ids.id(now));
    let owner = RoleId(app.ids.id(now));
    let owners = present(tx, "owners", &group.owners).await?;
    let members = present(tx, "members", &group.members).await?;
    groups::insert(tx, id, &group, (member, owner), now)
        .await
        .map_err(Error::taken_in("objects", "name"))?;
    for (role, people) in [(owner, &owners), (member, &members)] {
        for person in people {
            memberships::add_direct(tx, role, person.id, now).await?;
        }
    }
    let moves = match &group.rule {
        Some(rule) => rules::reevaluate_group(tx, id, rule, now).await?,
        None => rules::Evaluation::default(),
    };
    created(id, &group, &granted)
        .changes([
            Change::between("Owners", "", names(&owners)),
            Change::between("Members", "", names(&members)),
        ])
        .detail(moved(&moves))
        .write(app, tx)?;
    rule::write_moves(app, tx, &granted, &Named::new(id, group.name.text), &moves)?;
    Ok(id)
}

fn created<'a>(id: ObjectId, group: &NewGroup, granted: &'a Authorized<ManageGroups>) -> Entry<'a> {
    Entry::by_principal(granted, Activity::CreateGroup, Target::new("group", id, group.name.text.as_str())).changes([
        Change::between("Name", "", group.name.text.as_str()),
        Change::between("Description", "", group.description.as_str()),
        Change::between("Group type", "", group.kind.as_str()),
        Change::between("Membership type", "", group.membership.as_str()),
        Change::between("Rule", "", group.rule.as_deref().unwrap_or_default()),
    ])
}

/// Changes a group's name, description and, for a dynamic group, its rule; type and membership stay. Gives the new version.
pub async fn update(app: &App, actor: &Principal, id: ObjectId, version: i64, form: &GroupForm) -> Result<i64, Error> {
    actor.authorize(ManageGroups, Scope::Tenant)?;
    let mut tx = app.store.write().await?;
    rules::lock_users(&mut tx).await?;
    let changes = change(app, &mut tx, actor, (id, version), form, app.clock.now()).await?;
    tx.commit().await?;
    Ok(if changes.is_empty() { version } else { version + 1 })
}

/// The same in a transaction that holds the users; gives what was changed, nothing if all was so already.
pub(super) async fn change(
    app: &App,
    tx: &mut Tx,
    actor: &Principal,
    (id, version): (ObjectId, i64),
    form: &GroupForm,
    now: DateTime<Utc>,
) -> Result<Vec<Change>, Error> {
    let granted = actor.authorize(ManageGroups, Scope::Tenant)?;
    let wanted = form.check()?;
    let group = opened(tx, id, version).await?;
    same_kind(&group, &wanted)?;
    let changes: Vec<Change> = [
        Change::between("Name", group.name.as_str(), wanted.name.text.as_str()),
        Change::between("Description", group.description.as_str(), wanted.description.as_str()),
        Change::between(
            "Rule",
            group.rule.clone().unwrap_or_default(),
            wanted.rule.clone().unwrap_or_default(),
        ),
    ]
    .into_iter()
    .flatten()
    .collect();
    if changes.is_empty() {
        return Ok(changes);
    }
    if wanted.rule != group.rule {
        rules::check_custom(tx, "rule", wanted.rule.as_deref().unwrap_or_default()).await?;
    }
    let stored = groups::update(tx, id, version, &wanted.name, &wanted.description, wanted.rule.as_deref())
        .await
        .map_err(Error::taken_in("objects", "name"))?;
    if !stored {
        return Err(changed(tx, id, &group.name).await);
    }
    let moves = match &wanted.rule {
        Some(rule) if wanted.rule != group.rule => rules::reevaluate_group(tx, id, rule, now).await?,
        _ => rules::Evaluation::default(),
    };
    let left: Vec<UserId> = moves.left.iter().map(|user| user.id).collect();
    approvals::people_changed(app, tx, &left, now).await?;
    Entry::by_principal(&granted, Activity::UpdateGroup, Target::new("group", id, wanted.name.text.as_str()))
        .changes(changes.iter().cloned().map(Some))
        .detail(moved(&moves))
        .write(app, tx)?;
    rule::write_moves(app, tx, &granted, &Named::new(id, wanted.name.text), &moves)?;
    Ok(changes)
}

/// What a group is cannot be changed after it was made; a form that says otherwise was forged.
fn same_kind(group: &Group, wanted: &NewGroup) -> Result<(), Error> {
    let mut check = Checker::default();
    if wanted.kind != group.kind {
        check.fail("kind", Code::NotOffered);
    }
    if wanted.membership != group.membership {
        check.fail("membership", Code::NotOffered);
    }
    Ok(check.finish(())?)
}

/// Deletes a group that no package gives a role of (F043). Catalogs that hold it and policies that name it show it as deleted; the trail
/// says which policies those are.
pub async fn delete(app: &App, actor: &Principal, id: ObjectId, version: i64) -> Result<(), Error> {
    let granted = actor.authorize(ManageGroups, Scope::Tenant)?;
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    let group = opened(&mut tx, id, version).await?;
    if !groups::delete(&mut tx, id, version, now).await? {
        return Err(changed(&mut tx, id, &group.name).await);
    }
    let (packages, unseen) = packages(&mut tx, actor, id).await?;
    may_delete(&group.name, &packages, unseen)?;
    let (excluding, unseen) = excluding(&mut tx, actor, id).await?;
    may_delete_group(&group.name, &excluding, unseen)?;
    roles::may_change_members(&mut tx, actor, &[id]).await?;
    approvals::group_changed(app, &mut tx, id, now).await?;
    let ended: Vec<&str> = store::roles::delete_of_group(&mut tx, id)
        .await?
        .iter()
        .map(|held| held.role.label())
        .collect();
    let policies: Vec<NamingPolicy> = groups::naming_policies(&mut tx, id)
        .await?
        .into_iter()
        .map(|(naming, _)| naming)
        .collect();
    let entry = Entry::by_principal(&granted, Activity::DeleteGroup, Target::new("group", id, group.name));
    policies
        .iter()
        .fold(entry, |entry, naming| {
            entry.and(Target::new("package", naming.package.id, naming.package.name.as_str()))
        })
        .changes([Change::between("Roles of its members", ended.join(", "), "")])
        .detail(policies_losing(&policies, 0).join(" "))
        .write(app, &mut tx)?;
    tx.commit().await?;
    Ok(())
}

/// The packages that give a role of the group: those that the actor sees by name, and how many others.
async fn packages(tx: &mut Tx, actor: &Principal, id: ObjectId) -> Result<(Vec<Named<PackageId>>, usize), Error> {
    let visible = access::seen(actor);
    let (seen, unseen): (Vec<_>, Vec<_>) = groups::packages(tx, id)
        .await?
        .into_iter()
        .partition(|(_, catalog)| visible.includes(*catalog));
    Ok((seen.into_iter().map(|(package, _)| package).collect(), unseen.len()))
}

/// The packages whose separation of duties names the group: those that the actor sees by name, and how many others.
async fn excluding(tx: &mut Tx, actor: &Principal, id: ObjectId) -> Result<(Vec<Named<PackageId>>, usize), Error> {
    let visible = access::seen(actor);
    let (seen, unseen): (Vec<_>, Vec<_>) = store::incompatibilities::naming_group(tx, id)
        .await?
        .into_iter()
        .partition(|(_, catalog)| visible.includes(*catalog));
    Ok((seen.into_iter().map(|(package, _)| package).collect(), unseen.len()))
}

/// The policies that name the group: those of packages that the actor sees, and how many others.
async fn policies(tx: &mut Tx, actor: &Principal, id: ObjectId) -> Result<(Vec<NamingPolicy>, usize), Error> {
    let visible = access::seen(actor);
    let all = groups::naming_policies(tx, id).await?.into_iter();
    let (seen, unseen): (Vec<_>, Vec<_>) = all.partition(|(_, catalog)| visible.includes(*catalog));
    Ok((seen.into_iter().map(|(naming, _)| naming).collect(), unseen.len()))
}

/// A group as it was when the actor opened it.
async fn opened(tx: &mut Tx, id: ObjectId, version: i64) -> Result<Group, Error> {
    let group = groups::find(tx, id).await?.ok_or(Error::NotFound)?;
    if group.version == version {
        Ok(group)
    } else {
        Err(changed(tx, id, &group.name).await)
    }
}

/// The users with these ids, each once; one who is not there is a fault at `path`.
async fn present(tx: &mut Tx, path: &str, ids: &[UserId]) -> Result<Vec<Named<UserId>>, Error> {
    let mut wanted = ids.to_vec();
    wanted.sort_unstable();
    wanted.dedup();
    if wanted.len() > ADDED_MAX {
        return Err(Limit::AddedAtOnce.exceeded(ADDED_MAX).into());
    }
    limits::check(tx, Limit::AddedAtOnce, wanted.len()).await?;
    let mut known = users::by_ids(tx, &wanted).await?;
    known.retain(|user| user.deleted_at.is_none());
    if known.len() < wanted.len() {
        return Err(Error::field(path, Code::Gone));
    }
    Ok(known.into_iter().map(|user| Named::new(user.id, user.name)).collect())
}

fn names(people: &[Named<UserId>]) -> String {
    let names: Vec<&str> = people.iter().map(|person| person.name.as_str()).collect();
    names.join(", ")
}

fn moved(moves: &rules::Evaluation) -> String {
    let (joined, left) = (moves.joined.len(), moves.left.len());
    if joined + left == 0 {
        String::new()
    } else {
        format!("By its rule {joined} joined and {left} left.")
    }
}

/// Whether a role of a group is given by hand: Owner always, Member where no rule decides.
fn may_give_by_hand(group: &Group, role: GroupRole) -> Result<(), Error> {
    if role == GroupRole::Member && group.membership == MembershipType::Dynamic {
        may_edit_members(&group.name, group.membership)?;
    }
    Ok(())
}

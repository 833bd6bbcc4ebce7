//! Custom attributes of users (F054): an administrator defines them, and whoever may change a user sets them. They stand in rules of groups
//! and policies, in what resources ask for, and in files.

use std::collections::HashMap;

use crate::domain::access::{Authorized, ManageUsers, Principal, ReadDirectory, Scope};
use crate::domain::audit::{Activity, Change, Target};
use crate::domain::custom_attribute::{
    AttributeDefinition, CheckedAttribute, CustomAttributeForm, CustomValue, GivenValue, check_values, may_delete_attribute,
};
use crate::domain::id::{CustomAttributeId, UserId};
use crate::domain::limit::Limit;
use crate::domain::text::EXTENSION;
use crate::domain::validate::{Checker, Code};
use crate::store::{self, StoreError, Tx, custom_attributes};

use super::audit::{Entry, changed};
use super::{App, Error, limits, rules};

/// All definitions.
pub async fn list(app: &App, actor: &Principal) -> Result<Vec<AttributeDefinition>, Error> {
    actor.authorize(ReadDirectory, Scope::Tenant)?;
    let mut tx = app.store.read().await?;
    Ok(custom_attributes::all(&mut tx).await?)
}

/// What several users have, by the attributes' names, for a file.
pub async fn values(app: &App, actor: &Principal, users: &[UserId]) -> Result<HashMap<UserId, Vec<(String, String)>>, Error> {
    actor.authorize(ReadDirectory, Scope::Tenant)?;
    let mut tx = app.store.read().await?;
    Ok(custom_attributes::of_users(&mut tx, users).await?)
}

/// Defines an attribute.
pub async fn create(app: &App, actor: &Principal, form: &CustomAttributeForm) -> Result<CustomAttributeId, Error> {
    actor.authorize(ManageUsers, Scope::Tenant)?;
    let mut tx = app.store.write().await?;
    let id = create_in(app, &mut tx, actor, form).await?;
    tx.commit().await?;
    Ok(id)
}

/// The same in a transaction of others.
pub(super) async fn create_in(app: &App, tx: &mut Tx, actor: &Principal, form: &CustomAttributeForm) -> Result<CustomAttributeId, Error> {
    let granted = actor.authorize(ManageUsers, Scope::Tenant)?;
    let attribute = form.check()?;
    let now = app.clock.now();
    let id = CustomAttributeId(app.ids.id(now));
    let there = custom_attributes::count(tx).await?;
    limits::check_added(tx, Limit::CustomAttributes, there, 1).await?;
    free(tx, None, &attribute).await?;
    custom_attributes::insert(tx, id, &attribute, now)
        .await
        .map_err(Error::taken_in("custom_attributes", "name"))?;
    entry(&granted, Activity::CreateAttribute, id, &attribute.label.text)
        .changes([
            Change::between("Name", "", attribute.name.as_str()),
            Change::between("Type", "", attribute.kind.label()),
            Change::between("Description", "", attribute.description.as_str()),
        ])
        .write(app, tx)?;
    Ok(id)
}

/// Changes what an attribute is called and for; its name and type stay. Gives the new version.
pub async fn update(app: &App, actor: &Principal, id: CustomAttributeId, version: i64, form: &CustomAttributeForm) -> Result<i64, Error> {
    actor.authorize(ManageUsers, Scope::Tenant)?;
    let mut tx = app.store.write().await?;
    let version = update_in(app, &mut tx, actor, id, version, form).await?;
    tx.commit().await?;
    Ok(version)
}

/// The same in a transaction of others.
pub(super) async fn update_in(
    app: &App,
    tx: &mut Tx,
    actor: &Principal,
    id: CustomAttributeId,
    version: i64,
    form: &CustomAttributeForm,
) -> Result<i64, Error> {
    let granted = actor.authorize(ManageUsers, Scope::Tenant)?;
    let before = opened(tx, id, version).await?;
    let form = CustomAttributeForm {
        name: before.name.clone(),
        kind: String::new(),
        ..form.clone()
    };
    let attribute = form.check()?;
    free(tx, Some(id), &attribute).await?;
    let changes = [
        Change::between("Label", before.label.as_str(), attribute.label.text.as_str()),
        Change::between("Description", before.description.as_str(), attribute.description.as_str()),
    ];
    if changes.iter().all(Option::is_none) {
        return Ok(version);
    }
    let stored = custom_attributes::update(tx, id, version, &attribute)
        .await
        .map_err(Error::taken_in("custom_attributes", "label"))?;
    if !stored {
        return Err(changed(tx, id, &before.label).await);
    }
    entry(&granted, Activity::UpdateAttribute, id, &attribute.label.text)
        .changes(changes)
        .write(app, tx)?;
    Ok(version + 1)
}

/// Deletes an attribute with all its values, unless a resource asks for it or a rule names it.
pub async fn delete(app: &App, actor: &Principal, id: CustomAttributeId, version: i64) -> Result<(), Error> {
    let granted = actor.authorize(ManageUsers, Scope::Tenant)?;
    let mut tx = app.store.write().await?;
    // Whoever begins to use an attribute holds rules, or users.
    rules::lock_users(&mut tx).await?;
    let before = opened(&mut tx, id, version).await?;
    may_delete_attribute(&before.label, &uses(&mut tx, &before.name).await?)?;
    let values = custom_attributes::delete(&mut tx, id).await?;
    entry(&granted, Activity::DeleteAttribute, id, &before.label)
        .changes([
            Change::between("Name", before.name.as_str(), ""),
            Change::between("Users with a value", values.to_string(), ""),
        ])
        .write(app, &mut tx)?;
    Ok(tx.commit().await?)
}

/// How many users would lose a value by the deletion of an attribute, in a sentence.
pub async fn deletion(app: &App, actor: &Principal, id: CustomAttributeId) -> Result<String, Error> {
    actor.authorize(ManageUsers, Scope::Tenant)?;
    let mut tx = app.store.read().await?;
    Ok(match custom_attributes::holders(&mut tx, id).await? {
        0 => "No user has a value of it.".to_owned(),
        1 => "1 user loses the value that they have.".to_owned(),
        count => format!("{count} users lose the value that they have."),
    })
}

async fn opened(tx: &mut Tx, id: CustomAttributeId, version: i64) -> Result<AttributeDefinition, Error> {
    let found = custom_attributes::lock(tx, id).await?.ok_or(Error::NotFound)?;
    if found.version == version {
        Ok(found)
    } else {
        Err(changed(tx, id, &found.label).await)
    }
}

async fn free(tx: &mut Tx, own: Option<CustomAttributeId>, attribute: &CheckedAttribute) -> Result<(), Error> {
    let (name, label) = custom_attributes::taken(tx, own, attribute).await?;
    let mut check = Checker::default();
    for (path, taken) in [("label", label), ("name", name)] {
        if taken {
            check.fail(path, Code::Taken);
        }
    }
    Ok(check.finish(())?)
}

fn entry<'a>(granted: &'a Authorized<ManageUsers>, activity: Activity, id: CustomAttributeId, label: &str) -> Entry<'a> {
    Entry::by_principal(granted, activity, Target::new("attribute", id, label))
}

/// Where an attribute is used, each as people call it.
async fn uses(tx: &mut Tx, name: &str) -> Result<Vec<String>, StoreError> {
    let mut found = Vec::new();
    let asking = store::attributes::asking_for(tx, name).await?;
    found.extend(asking.into_iter().map(|resource| format!("what {resource} requires")));
    let word = format!("{EXTENSION}{name}");
    let (groups, policies) = custom_attributes::rules_with(tx, &word).await?;
    let named = |all: Vec<(String, String)>, what: &'static str| {
        let fits = |(_, text): &(String, String)| mentions(text, &word);
        let using = all.into_iter().filter(fits);
        using.map(|(of, _)| format!("{what} {of}")).collect::<Vec<_>>()
    };
    found.extend(named(groups, "the rule of the group"));
    found.extend(named(policies, "the policy"));
    Ok(found)
}

/// Whether a text has this word, not as the beginning of a longer one.
fn mentions(text: &str, word: &str) -> bool {
    let text = text.to_ascii_lowercase();
    let goes_on = |after: &str| after.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
    text.match_indices(word).any(|(at, _)| !goes_on(&text[at + word.len()..]))
}

/// What one user has of all that is defined.
pub(super) async fn of_user(tx: &mut Tx, user: UserId) -> Result<Vec<CustomValue>, StoreError> {
    let defined = custom_attributes::all(tx).await?;
    if defined.is_empty() {
        return Ok(Vec::new());
    }
    let mut values: HashMap<String, String> = custom_attributes::of_user(tx, user).await?.into_iter().collect();
    let value = |attribute: AttributeDefinition| CustomValue {
        value: values.remove(&attribute.name).unwrap_or_default(),
        attribute,
    };
    Ok(defined.into_iter().map(value).collect())
}

/// What is to be changed of a user's values, in the words of the trail.
#[derive(Default)]
pub(super) struct ValueChanges {
    set: Vec<(CustomAttributeId, String)>,
    /// Each of them.
    pub changes: Vec<Change>,
}

impl ValueChanges {
    /// Writes them.
    pub async fn write(&self, tx: &mut Tx, user: UserId) -> Result<(), StoreError> {
        for (attribute, value) in &self.set {
            custom_attributes::set(tx, user, *attribute, value).await?;
        }
        Ok(())
    }
}

/// The values that a form gives against what a user has. The transaction holds the rules, so no attribute is deleted meanwhile.
pub(super) async fn differences(tx: &mut Tx, user: UserId, given: &[GivenValue]) -> Result<ValueChanges, Error> {
    if given.is_empty() {
        return Ok(ValueChanges::default());
    }
    let defined = custom_attributes::all(tx).await?;
    let mut check = Checker::default();
    let checked = check_values(&mut check, &defined, given);
    let checked = check.finish(checked)?;
    Ok(compared(tx, user, checked).await?)
}

/// The same for answers of a request, which were checked when they were given; what is not defined any more is left out.
pub(super) async fn answered(tx: &mut Tx, user: UserId, given: &[GivenValue]) -> Result<ValueChanges, StoreError> {
    if given.is_empty() {
        return Ok(ValueChanges::default());
    }
    let defined = custom_attributes::all(tx).await?;
    let there = |value: &&GivenValue| defined.iter().any(|attribute| attribute.name == value.name);
    let given: Vec<GivenValue> = given.iter().filter(there).cloned().collect();
    let checked = check_values(&mut Checker::default(), &defined, &given);
    compared(tx, user, checked).await
}

async fn compared(tx: &mut Tx, user: UserId, wanted: Vec<(AttributeDefinition, String)>) -> Result<ValueChanges, StoreError> {
    let held = custom_attributes::of_user(tx, user).await?;
    let mut found = ValueChanges::default();
    for (attribute, value) in wanted {
        let before = held.iter().find(|(name, _)| *name == attribute.name).map_or("", |(_, value)| value);
        if let Some(change) = Change::between(&attribute.label, before, value.as_str()) {
            found.changes.push(change);
            found.set.push((attribute.id, value));
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::mentions;

    #[test]
    fn f054_a_longer_name_is_another_attribute() {
        assert!(mentions("user.Extension_badge -eq \"1\"", "extension_badge"));
        assert!(!mentions(
            "user.extension_badge2 -eq \"1\" -or user.extension_badge_x -eq \"2\"",
            "extension_badge"
        ));
    }
}

//! Custom attributes of users: the definitions, which are few, and what each user has.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::custom_attribute::{AttributeDefinition, CheckedAttribute};
use crate::domain::id::{CustomAttributeId, UserId};
use crate::{args, row};

use super::batch::numbered;
use super::dialect::trusted_sql;
use super::tx::{Arg, StoreError, Tx, word};

row!(AttributeDefinition {
    id: id,
    name,
    label,
    kind: word,
    description,
    version
});

/// People of whom values are asked for by one statement at the most.
const IDS_MAX: usize = 500;

/// All definitions, by label.
pub async fn all(tx: &mut Tx) -> Result<Vec<AttributeDefinition>, StoreError> {
    tx.all(
        "SELECT id, name, label, kind, description, version FROM custom_attributes ORDER BY label_folded, id",
        args![],
    )
    .await
}

/// One definition, held until the transaction ends.
pub async fn lock(tx: &mut Tx, id: CustomAttributeId) -> Result<Option<AttributeDefinition>, StoreError> {
    const ONE: &str = "SELECT id, name, label, kind, description, version FROM custom_attributes WHERE id = $1";
    tx.opt(tx.for_update(ONE, "FOR UPDATE"), args![id]).await
}

/// How many definitions there are.
pub async fn count(tx: &mut Tx) -> Result<i64, StoreError> {
    tx.value("SELECT count(*) FROM custom_attributes", args![]).await
}

/// Whether a name and a folded label are taken by another attribute.
pub async fn taken(tx: &mut Tx, other_than: Option<CustomAttributeId>, attribute: &CheckedAttribute) -> Result<(bool, bool), StoreError> {
    let own = other_than.map_or(Uuid::nil(), |id| id.0);
    let name = tx
        .value(
            "SELECT EXISTS (SELECT 1 FROM custom_attributes WHERE name = $1 AND id <> $2)",
            args![attribute.name.as_str(), own],
        )
        .await?;
    let label = tx
        .value(
            "SELECT EXISTS (SELECT 1 FROM custom_attributes WHERE label_folded = $1 AND id <> $2)",
            args![attribute.label.folded.as_str(), own],
        )
        .await?;
    Ok((name, label))
}

/// Keeps a new definition. A taken name or label is a conflict on `custom_attributes`.
pub async fn insert(tx: &mut Tx, id: CustomAttributeId, attribute: &CheckedAttribute, now: DateTime<Utc>) -> Result<(), StoreError> {
    tx.exec(
        "INSERT INTO custom_attributes (id, name, label, label_folded, kind, description, created_at, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 1)",
        args![
            id,
            attribute.name.as_str(),
            attribute.label.text.as_str(),
            attribute.label.folded.as_str(),
            word(attribute.kind),
            attribute.description.as_str(),
            now
        ],
    )
    .await?;
    Ok(())
}

/// Changes what a definition is called and for. False: not at this version, or not there.
pub async fn update(tx: &mut Tx, id: CustomAttributeId, version: i64, attribute: &CheckedAttribute) -> Result<bool, StoreError> {
    let changed = tx
        .exec(
            "UPDATE custom_attributes SET label = $3, label_folded = $4, description = $5, version = version + 1
             WHERE id = $1 AND version = $2",
            args![
                id,
                version,
                attribute.label.text.as_str(),
                attribute.label.folded.as_str(),
                attribute.description.as_str()
            ],
        )
        .await?;
    Ok(changed == 1)
}

/// Deletes a definition with all values of it; gives how many users had one.
pub async fn delete(tx: &mut Tx, id: CustomAttributeId) -> Result<u64, StoreError> {
    let values = tx
        .exec("DELETE FROM custom_attribute_values WHERE attribute_id = $1", args![id])
        .await?;
    tx.exec("DELETE FROM custom_attributes WHERE id = $1", args![id]).await?;
    Ok(values)
}

/// How many present users have a value.
pub async fn holders(tx: &mut Tx, id: CustomAttributeId) -> Result<i64, StoreError> {
    tx.value(
        "SELECT count(*) FROM custom_attribute_values v JOIN users u ON u.id = v.user_id AND u.deleted_at IS NULL WHERE v.attribute_id = $1",
        args![id],
    )
    .await
}

/// What one user has, by the attributes' names.
pub async fn of_user(tx: &mut Tx, user: UserId) -> Result<Vec<(String, String)>, StoreError> {
    tx.all(
        "SELECT a.name, v.value FROM custom_attribute_values v JOIN custom_attributes a ON a.id = v.attribute_id WHERE v.user_id = $1",
        args![user],
    )
    .await
}

/// What several users have.
pub async fn of_users(tx: &mut Tx, users: &[UserId]) -> Result<HashMap<UserId, Vec<(String, String)>>, StoreError> {
    let mut found: HashMap<UserId, Vec<(String, String)>> = HashMap::new();
    for chunk in users.chunks(IDS_MAX) {
        let sql = format!(
            "SELECT v.user_id, a.name, v.value FROM custom_attribute_values v JOIN custom_attributes a ON a.id = v.attribute_id
             WHERE v.user_id IN ({})",
            numbered(1, chunk.len())
        );
        let args: Vec<Arg> = chunk.iter().map(|id| Arg::from(*id)).collect();
        let rows: Vec<(Uuid, String, String)> = tx.all(trusted_sql(sql), args).await?;
        for (user, name, value) in rows {
            found.entry(UserId(user)).or_default().push((name, value));
        }
    }
    Ok(found)
}

/// Sets what one user has; an empty value takes it away.
pub async fn set(tx: &mut Tx, user: UserId, attribute: CustomAttributeId, value: &str) -> Result<(), StoreError> {
    if value.is_empty() {
        let sql = "DELETE FROM custom_attribute_values WHERE user_id = $1 AND attribute_id = $2";
        tx.exec(sql, args![user, attribute]).await?;
        return Ok(());
    }
    tx.exec(
        "INSERT INTO custom_attribute_values (user_id, attribute_id, value) VALUES ($1, $2, $3)
         ON CONFLICT (user_id, attribute_id) DO UPDATE SET value = excluded.value",
        args![user, attribute, value],
    )
    .await?;
    Ok(())
}

/// Groups whose rule, and policies whose terms in force, have this text somewhere, each with its rule or terms as text.
pub async fn rules_with(tx: &mut Tx, text: &str) -> Result<(Vec<(String, String)>, Vec<(String, String)>), StoreError> {
    let pattern = format!("%{}%", text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
    let groups = tx
        .all(
            "SELECT name, rule FROM objects WHERE rule IS NOT NULL AND deleted_at IS NULL AND lower(rule) LIKE $1 ESCAPE '\\'
             ORDER BY name_folded, id",
            args![pattern.as_str()],
        )
        .await?;
    let policies = tx
        .all(
            "SELECT p.name, CAST(v.body AS TEXT) FROM policies p JOIN packages k ON k.id = p.package_id AND k.deleted_at IS NULL
                JOIN policy_versions v ON v.id = p.version_id
             WHERE p.deleted_at IS NULL AND lower(CAST(v.body AS TEXT)) LIKE $1 ESCAPE '\\' ORDER BY p.name_folded, p.id",
            args![pattern.as_str()],
        )
        .await?;
    Ok((groups, policies))
}

//! The history of the schema: one list of names, each of them a file in both folders of `migrations/`. A new migration is a new name in
//! it. Must not know what the tables mean.

use std::borrow::Cow;
use std::sync::LazyLock;

use sqlx::SqlSafeStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};

/// One step of the schema, in the words of each database.
struct Script {
    /// `0001_foundation`: its number and what it does.
    name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

macro_rules! scripts {
    ($($name:literal),+ $(,)?) => {
        &[$(Script {
            name: $name,
            sqlite: include_str!(concat!("../../migrations/sqlite/", $name, ".sql")),
            postgres: include_str!(concat!("../../migrations/postgres/", $name, ".sql")),
        }),+]
    };
}

const SCRIPTS: &[Script] = scripts!["0001_foundation"];

/// Brings an SQLite database up to date.
pub static SQLITE: LazyLock<Migrator> = LazyLock::new(|| migrator(|script| script.sqlite));
/// Brings a Postgres database up to date.
pub static POSTGRES: LazyLock<Migrator> = LazyLock::new(|| migrator(|script| script.postgres));

fn migrator(sql: fn(&Script) -> &'static str) -> Migrator {
    let step = |script: &Script| {
        let (number, what) = script.name.split_once('_')?;
        let what = Cow::Owned(what.replace('_', " "));
        Some(Migration::new(
            number.parse().ok()?,
            what,
            MigrationType::Simple,
            sql(script).into_sql_str(),
            false,
        ))
    };
    Migrator::with_migrations(SCRIPTS.iter().filter_map(step).collect())
}

/// The names of all migrations, in their order.
#[cfg(test)]
pub fn names() -> Vec<&'static str> {
    SCRIPTS.iter().map(|script| script.name).collect()
}

/// A number that changes with the schema of Postgres, for what tests keep of it.
#[cfg(test)]
pub fn postgres_schema() -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hash = DefaultHasher::new();
    POSTGRES.iter().for_each(|migration| migration.checksum.hash(&mut hash));
    hash.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_of_the_list_is_a_migration_of_its_number() {
        for migrator in [&*SQLITE, &*POSTGRES] {
            let versions: Vec<i64> = migrator.iter().map(|migration| migration.version).collect();
            assert_eq!(versions, (1..=names().len() as i64).collect::<Vec<_>>());
        }
        assert_eq!(
            SQLITE.iter().next().map(|first| first.description.as_ref()),
            names()[0].split_once('_').map(|(_, what)| what)
        );
    }
}

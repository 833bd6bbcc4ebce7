//! Migrations come in pairs: the same numbers and names for both databases, without gaps.

use std::collections::BTreeSet;

use super::source::root;

fn names(database: &str) -> BTreeSet<String> {
    let folder = root().join("migrations").join(database);
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    entries
        .map(|entry| {
            entry
                .expect("a readable file of the project")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .filter(|name| name.ends_with(".sql"))
        .collect()
}

#[test]
fn both_databases_have_the_same_migrations() {
    let (sqlite, postgres) = (names("sqlite"), names("postgres"));
    let alone: Vec<_> = sqlite.symmetric_difference(&postgres).collect();
    assert!(alone.is_empty(), "these migrations have no partner of the same name: {alone:?}");
    let listed: BTreeSet<String> = crate::store::migrations::names().iter().map(|name| format!("{name}.sql")).collect();
    assert_eq!(sqlite, listed, "src/store/migrations.rs lists every migration");
}

#[test]
fn migrations_are_numbered_without_gaps() {
    for (i, name) in names("sqlite").iter().enumerate() {
        let (number, rest) = name.split_once('_').unwrap_or((name, ""));
        assert!(
            number.len() == 4 && number.parse() == Ok(i + 1) && !rest.is_empty(),
            "{name} should be named {:04}_what_it_does.sql",
            i + 1
        );
    }
}

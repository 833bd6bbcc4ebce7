//! Leptos.toml is what the server reads, Cargo.toml's metadata what a build tool reads: where both speak, they say the same.

use toml::Table;

use super::source::read;

fn table(file: &str, path: &[&str]) -> Table {
    let text = read(file).unwrap_or_else(|| panic!("{file} is missing"));
    let whole: Table = text.parse().unwrap_or_else(|error| panic!("{file}: {error}"));
    path.iter().fold(whole, |table, key| {
        table
            .get(*key)
            .and_then(|value| value.as_table())
            .cloned()
            .unwrap_or_else(|| panic!("{file} has no [{}]", path.join(".")))
    })
}

#[test]
fn leptos_toml_equals_the_metadata_where_they_overlap() {
    let file = table("Leptos.toml", &["leptos"]);
    let metadata = table("Cargo.toml", &["package", "metadata", "leptos"]);
    for key in ["output-name", "site-root", "site-pkg-dir", "site-addr"] {
        assert!(file.contains_key(key), "Leptos.toml does not say `{key}`");
    }
    for (key, value) in &file {
        if let Some(other) = metadata.get(key) {
            assert_eq!(value, other, "`{key}` differs between Leptos.toml and Cargo.toml");
        }
    }
}

#[test]
fn every_setting_names_its_environment_variable() {
    let text = read("Leptos.toml").expect("a readable file of the project");
    let mut comment = String::new();
    for line in text.lines() {
        if line.starts_with('#') {
            comment.push_str(line);
        } else if let Some((key, _)) = line.split_once(" = ") {
            let key = key.trim_start_matches("# ").to_uppercase().replace('-', "_");
            let named = comment.split_whitespace().any(|word| word.ends_with(&format!("_{key}")));
            assert!(
                named || key == "OUTPUT_NAME",
                "the comment above `{line}` does not name its environment variable"
            );
            comment.clear();
        } else {
            comment.clear();
        }
    }
}

#[test]
fn the_readme_tells_of_every_setting() {
    let (text, readme) = (
        read("Leptos.toml").expect("a readable file of the project"),
        read("README.md").expect("README.md is missing"),
    );
    let keys = text
        .lines()
        .filter_map(|line| line.trim_start_matches("# ").split_once(" = "))
        .map(|(key, _)| key)
        .filter(|key| !key.contains(' '));
    let untold: Vec<&str> = keys.filter(|key| !readme.contains(&format!("`{key}`"))).collect();
    assert!(untold.is_empty(), "the README does not tell of: {untold:?}");
}

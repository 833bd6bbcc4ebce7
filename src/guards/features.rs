//! docs/features.md claims what works; a row that claims it is named by a test, here or in the browser tests.

use walkdir::WalkDir;

use super::source::{read, root, sources};

/// The rows (F001) that a table calls working, whatever columns stand between.
fn working(text: &str) -> Vec<String> {
    let rows = text.lines().filter_map(|line| {
        let mut cells = line.strip_prefix('|')?.split('|').map(str::trim);
        let row = cells.next()?;
        let is_row = row.len() == 4 && row.starts_with('F') && row[1..].bytes().all(|byte| byte.is_ascii_digit());
        (is_row && cells.any(|cell| cell == "works")).then(|| row.to_string())
    });
    rows.collect()
}

/// The text of all tests: the test code below `src/`, and the browser tests.
fn tests() -> String {
    let rust = sources()
        .into_iter()
        .filter(|source| source.layer() != "guards")
        .map(|source| source.text[source.product_text().len()..].to_string());
    let browser = WalkDir::new(root().join("end2end"))
        .into_iter()
        .filter_entry(|entry| entry.file_name() != "node_modules")
        .filter_map(Result::ok)
        .filter(|entry| entry.file_name().to_string_lossy().ends_with(".spec.ts"))
        .map(|entry| std::fs::read_to_string(entry.path()).expect("a readable file of the project"));
    rust.chain(browser).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_row_that_works_is_named_by_a_test() {
    let list = read("docs/features.md").expect("docs/features.md is missing");
    // A test of Rust names its rows in lower case.
    let (rows, tests) = (working(&list), tests().to_uppercase());
    let bare: Vec<_> = rows.iter().filter(|row| !tests.contains(row.as_str())).collect();
    assert!(
        bare.is_empty(),
        "docs/features.md says these rows work, and no test names them: {bare:?}"
    );
}

#[test]
fn only_rows_with_that_state_are_claimed() {
    let list = "| row | what | state |\n| --- | --- | --- |\n| F001 | Directory | works |\n| F002 | Menu works | partly |\nF003 works\n";
    assert_eq!(working(list), ["F001"]);
}

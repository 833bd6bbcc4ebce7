//! docs/features.md claims what works; a row that claims it stands at the head of a test's name, here or in the browser tests.

use std::collections::BTreeSet;

use walkdir::WalkDir;

use super::source::{read, root, sources, tokens};

/// The rows (F001) that a table calls working, whatever columns stand between.
fn working(text: &str) -> Vec<String> {
    let rows = text.lines().filter_map(|line| {
        let mut cells = line.strip_prefix('|')?.split('|').map(str::trim);
        let row = cells.next()?;
        (is_row(row) && cells.any(|cell| cell == "works")).then(|| row.to_string())
    });
    rows.collect()
}

/// Whether a word is a row's id, F001 in upper case or f001 in lower.
fn is_row(word: &str) -> bool {
    word.len() == 4 && word.starts_with(['F', 'f']) && word[1..].bytes().all(|byte| byte.is_ascii_digit())
}

/// The rows at the head of a title, parted by `mark`: of `f032_f036_a_request`, or of `F032 F036 a request`.
fn leading_rows(title: &str, mark: char) -> Vec<String> {
    let words = title.split(mark).take_while(|word| is_row(word));
    words.map(str::to_uppercase).collect()
}

/// The rows that the functions of Rust test code name.
fn of_rust(test_code: &str) -> Vec<String> {
    let code = tokens(test_code);
    let functions = code.windows(2).filter(|pair| pair[0].word == "fn");
    functions.flat_map(|pair| leading_rows(&pair[1].word, '_')).collect()
}

/// The rows that the titles of browser tests name: the first argument of each `test(`, a text that stands there.
fn of_browser(spec: &str) -> Vec<String> {
    let calls = spec.match_indices("test(").filter(|(at, _)| {
        let line = spec[..*at].rsplit('\n').next().unwrap_or_default();
        line.trim().is_empty()
    });
    let titles = calls.filter_map(|(at, call)| spec[at + call.len()..].trim_start().strip_prefix(['"', '\'', '`']));
    titles.flat_map(|title| leading_rows(title, ' ')).collect()
}

/// Every row that a test names: a function of the test code below `src/`, or the title of a browser test.
fn named() -> BTreeSet<String> {
    let rust = sources()
        .into_iter()
        .filter(|source| source.layer() != "guards")
        .flat_map(|source| of_rust(&source.text[source.product_text().len()..]));
    let browser = WalkDir::new(root().join("end2end/tests"))
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_name().to_string_lossy().ends_with(".spec.ts"))
        .flat_map(|entry| of_browser(&std::fs::read_to_string(entry.path()).expect("a readable file of the project")));
    rust.chain(browser).collect()
}

#[test]
fn every_row_that_works_is_named_by_a_test() {
    let list = read("docs/features.md").expect("docs/features.md is missing");
    let named = named();
    let bare: Vec<_> = working(&list).into_iter().filter(|row| !named.contains(row)).collect();
    assert!(
        bare.is_empty(),
        "docs/features.md says these rows work, and no test begins its title or its name with them: {bare:?}"
    );
}

#[test]
fn a_row_counts_only_at_the_head_of_a_name_or_title() {
    let rust = "// f001\n#[test]\nfn f002_f003_what_f004_says() { f005_helper(\"F006\"); }\nasync fn f007_story() {}";
    assert_eq!(of_rust(rust), ["F002", "F003", "F007"]);
    let spec = "// test(\"F001\n test(\"F002 F003 what F004 says\", () => {});\n  test(\n`F005 a ${x}`\n);test.describe(\"F006\"); x.test(\"F007\")";
    assert_eq!(of_browser(spec), ["F002", "F003", "F005"]);
}

#[test]
fn only_rows_with_that_state_are_claimed() {
    let list = "| row | what | state |\n| --- | --- | --- |\n| F001 | Directory | works |\n| F002 | Menu works | partly |\nF003 works\n";
    assert_eq!(working(list), ["F001"]);
}

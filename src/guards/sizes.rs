//! The shape of files: short, and each opening with the paragraph that says why it exists.

use super::source::sources;

/// Lines of one file without its tests.
const MOST_LINES: usize = 600;

#[test]
fn no_file_is_longer_than_the_design_allows() {
    let long: Vec<String> = sources()
        .iter()
        .map(|source| (source.product_text().lines().count(), &source.path))
        .filter(|(lines, _)| *lines > MOST_LINES)
        .map(|(lines, path)| format!("src/{path}: {lines} lines without tests"))
        .collect();
    assert!(
        long.is_empty(),
        "split by noun what is longer than {MOST_LINES} lines:\n{}",
        long.join("\n")
    );
}

#[test]
fn every_file_says_why_it_exists() {
    let silent: Vec<String> = sources()
        .iter()
        .filter(|source| !source.text.trim_start().starts_with("//!"))
        .map(|source| format!("src/{}", source.path))
        .collect();
    assert!(silent.is_empty(), "these files do not begin with `//!`:\n{}", silent.join("\n"));
}

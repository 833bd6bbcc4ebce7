//! What a view must not write: the content policy forbids inline styles, so look comes from classes alone.

use super::source::{Source, sources};

/// Lines that set a `style` attribute or property in a view. `let style = x` is not one: rustfmt sets spaces there.
fn inline_styles(source: &Source) -> Vec<String> {
    let sets_style = |line: &str| {
        line.match_indices("style").any(|(at, _)| {
            let before = line[..at].chars().next_back();
            let mut after = line[at + "style".len()..].chars();
            let alone = before.is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '_' | '-' | '"' | '.'));
            let (first, second) = (after.next(), after.next());
            alone && (first == Some('=') && second != Some('=') || first == Some(':') && second.is_some_and(char::is_alphabetic))
        })
    };
    let code = |line: &str| line.split("//").next().unwrap_or_default().to_string();
    let lines = source.product_text().lines().enumerate();
    lines
        .filter(|(_, line)| sets_style(&code(line)))
        .map(|(i, _)| format!("src/{}:{}", source.path, i + 1))
        .collect()
}

#[test]
fn no_view_sets_an_inline_style() {
    let views = ["ui", "admin", "my_access", "app", "web"];
    let found: Vec<String> = sources()
        .iter()
        .filter(|source| views.contains(&source.layer()))
        .flat_map(inline_styles)
        .collect();
    assert!(
        found.is_empty(),
        "the content policy blocks these inline styles; use a class:\n{}",
        found.join("\n")
    );
}

#[test]
fn an_inline_style_is_told_from_other_uses_of_the_word() {
    let count = |text: &str| {
        inline_styles(&Source {
            path: "ui/x.rs".into(),
            text: text.into(),
        })
        .len()
    };
    assert_eq!(count("<div style=\"width: 1px\">"), 1);
    assert_eq!(count("<div style:width=move || w()>"), 1);
    assert_eq!(count("let style = 1; if style == 1 {} S { style: 2 } a.style() // style=x"), 0);
}

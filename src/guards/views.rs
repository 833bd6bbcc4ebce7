//! What a view must not write: the content policy forbids inline styles, so look comes from classes alone; and elements whose content
//! the framework does not escape stand only where `ui::raw_text` writes their text.

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

/// Elements whose content HTML does not read as it reads other text, as a view or `leptos_meta` spells them, and where each may stand.
const RAW_TEXT: &[(&str, &[&str])] = &[
    ("title", &["ui/raw_text.rs"]),
    ("Title", &["ui/raw_text.rs"]),
    ("textarea", &["ui/text_area.rs"]),
    ("script", &["app.rs", "auth_pages/mod.rs"]),
    ("Script", &[]),
    ("style", &[]),
    ("Style", &[]),
    ("iframe", &["ui/raw_text.rs"]),
    ("xmp", &[]),
    ("noembed", &[]),
    ("plaintext", &[]),
];

/// Lines that open an element of `RAW_TEXT` where it may not stand, that set markup as it is, or that put text right into a `noscript`.
fn raw_texts(source: &Source) -> Vec<String> {
    let opens = |line: &str, name: &str| {
        let marks = line.match_indices('<');
        marks.map(|(at, _)| &line[at + 1..]).any(|rest| {
            rest.strip_prefix(name)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '>', '/']))
        })
    };
    let text = source.product_text();
    let mut found = Vec::new();
    for (i, line) in text.lines().enumerate() {
        let code = line.split("//").next().unwrap_or_default();
        let elsewhere = |(name, allowed): &(&str, &[&str])| !allowed.contains(&source.path.as_str()) && opens(code, name);
        let bare_noscript = code
            .split_once("<noscript>")
            .is_some_and(|(_, rest)| !rest.trim_start().starts_with('<'));
        if RAW_TEXT.iter().any(elsewhere) || code.contains("inner_html") || bare_noscript {
            found.push(format!("src/{}:{}", source.path, i + 1));
        }
    }
    found
}

/// A1, A2.
#[test]
fn elements_whose_text_is_not_escaped_stand_behind_one_door() {
    let views = ["ui", "admin", "my_access", "app", "auth_pages", "web"];
    let found: Vec<String> = sources()
        .iter()
        .filter(|source| views.contains(&source.layer()))
        .flat_map(raw_texts)
        .collect();
    assert!(
        found.is_empty(),
        "the framework does not escape text here; use DocumentTitle, TextArea or what ui/raw_text.rs offers:\n{}",
        found.join("\n")
    );
}

#[test]
fn an_element_of_raw_text_is_told_from_others_of_a_like_name() {
    let count = |path: &str, text: &str| {
        raw_texts(&Source {
            path: path.into(),
            text: text.into(),
        })
        .len()
    };
    assert_eq!(count("admin/x.rs", "view! { <Title text=name/> }"), 1);
    assert_eq!(count("ui/x.rs", "<textarea\n    id=id>"), 1);
    assert_eq!(count("auth_pages/mod.rs", "<title>{name}</title>"), 1);
    assert_eq!(count("ui/x.rs", "<div inner_html=text></div>"), 1);
    assert_eq!(count("ui/x.rs", "<noscript>{text}</noscript>"), 1);
    assert_eq!(count("ui/x.rs", "<noscript><p>{text}</p></noscript> // <title>"), 0);
    assert_eq!(count("ui/raw_text.rs", "<Title text=x/>"), 0);
    assert_eq!(count("admin/x.rs", "<TitleBar/> <PageTitle text=x/> <TextArea value=x/>"), 0);
}

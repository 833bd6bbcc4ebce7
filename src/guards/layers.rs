//! Who may import whom: the design's table, held to by reading every path in the code, in `use` and inline. Tests are free.

use std::collections::BTreeSet;

use super::source::{Source, Token, sources, tokens};

/// What a layer may name of the crate, and which foreign crates it must not name.
struct Rule {
    layer: &'static str,
    may: &'static [&'static str],
    never: &'static [&'static str],
}

const ANYTHING: &[&str] = &["*"];
const FRAMEWORK: &[&str] = &[
    "leptos",
    "leptos_router",
    "leptos_meta",
    "leptos_axum",
    "server_fn",
    "axum",
    "tower",
    "tower_http",
    "tower_sessions",
];
const SERVER: &[&str] = &["axum", "sqlx", "tokio", "tower", "tower_http", "tower_sessions"];
const OUTSIDE: &[&str] = &[
    "leptos",
    "leptos_router",
    "leptos_meta",
    "leptos_axum",
    "server_fn",
    "axum",
    "tower",
    "tower_http",
    "tower_sessions",
    "sqlx",
];

const fn rule(layer: &'static str, may: &'static [&'static str], never: &'static [&'static str]) -> Rule {
    Rule { layer, may, never }
}

const RULES: &[Rule] = &[
    rule("domain", &["domain"], OUTSIDE),
    rule("store", &["store", "domain"], FRAMEWORK),
    rule("service", &["service", "store", "domain", "paths"], OUTSIDE),
    rule("connect", &["connect", "domain", "service::ports"], OUTSIDE),
    rule("rpc", &["rpc", "domain", "service"], &["sqlx"]),
    rule("ui", &["ui"], SERVER),
    rule("admin", &["admin", "ui", "rpc", "domain", "paths"], SERVER),
    rule("my_access", &["my_access", "ui", "rpc", "domain", "paths"], SERVER),
    // The pages before either site: sign-in, set-up, password, access denied.
    rule("auth_pages", &["auth_pages", "ui", "domain", "paths"], SERVER),
    rule("paths", &["paths", "domain"], OUTSIDE),
    rule("app", &["app", "admin", "my_access", "ui", "rpc", "domain", "paths"], &["sqlx"]),
    rule("config", &["config", "domain"], &["sqlx", "axum"]),
    rule("telemetry", &["telemetry", "config"], &["sqlx", "leptos"]),
    rule("worker", ANYTHING, &[]),
    rule("web", ANYTHING, &[]),
    rule("main", ANYTHING, &[]),
    rule("commands", ANYTHING, &[]),
    rule("lib", ANYTHING, &[]),
    // Tests of the source and what tests stand on; neither is in the product.
    rule("guards", ANYTHING, &[]),
    rule("testing", ANYTHING, &[]),
    // What the bench measures against.
    rule("bin", ANYTHING, &[]),
];

/// The modules of the crate that a file's code names, each with two levels (`service::ports`) and its line.
fn named(source: &Source, code: &[Token]) -> Vec<(String, usize)> {
    let word = |i: usize| code.get(i).map(|token| token.word.as_str()).unwrap_or_default();
    let mut found = Vec::new();
    for i in 0..code.len() {
        if i > 0 && word(i - 1) == "::" {
            continue;
        }
        let start = match word(i) {
            "crate" | "woodgate" if word(i + 1) == "::" => i + 2,
            "super" if word(i + 1) == "::" => {
                let (mut at, mut up) = (i, 0);
                while word(at) == "super" && word(at + 1) == "::" {
                    (at, up) = (at + 2, up + 1);
                }
                if up != source.depth() {
                    continue;
                }
                at
            }
            _ => continue,
        };
        let paths = if word(start) == "{" {
            heads(code, start)
        } else {
            vec![two_levels(code, start)]
        };
        found.extend(paths.into_iter().map(|path| (path, code[i].line)));
    }
    found
}

/// `service::ports` of `service::ports::Clock`; `domain` of `domain::{...}`.
fn two_levels(code: &[Token], at: usize) -> String {
    let word = |i: usize| code.get(i).map(|token| token.word.as_str()).unwrap_or_default();
    let second = word(at + 2);
    if word(at + 1) == "::" && second.chars().next().is_some_and(char::is_alphabetic) {
        format!("{}::{second}", word(at))
    } else {
        word(at).to_string()
    }
}

/// The first names inside `{...}` after `crate::`.
pub(super) fn heads(code: &[Token], open: usize) -> Vec<String> {
    let (mut depth, mut found) = (0, Vec::new());
    for i in open..code.len() {
        match code[i].word.as_str() {
            "{" => depth += 1,
            "}" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            break;
        }
        let opens = depth == 1 && matches!(code[i].word.as_str(), "{" | ",");
        if opens && code.get(i + 1).is_some_and(|next| next.word != "}") {
            found.push(two_levels(code, i + 1));
        }
    }
    found
}

/// The foreign crates that a file's code names in a path.
fn foreign<'a>(code: &'a [Token], never: &'a [&str]) -> impl Iterator<Item = (&'a str, usize)> {
    code.windows(2).enumerate().filter_map(move |(i, pair)| {
        let begins = i == 0 || !matches!(code[i - 1].word.as_str(), "::" | ".");
        let hit = begins && pair[1].word == "::" && never.contains(&pair[0].word.as_str());
        hit.then_some((pair[0].word.as_str(), pair[0].line))
    })
}

/// The macros of the crate, which stand at its root whatever layer they were written in.
fn macros(all: &[Source]) -> BTreeSet<String> {
    let named = |code: Vec<Token>| {
        let defines = |words: &&[Token]| words[0].word == "macro_rules" && words[1].word == "!";
        code.windows(3)
            .filter(defines)
            .map(|words| words[2].word.clone())
            .collect::<Vec<_>>()
    };
    all.iter().flat_map(|source| named(tokens(&source.text))).collect()
}

fn breaches(source: &Source, macros: &BTreeSet<String>) -> Vec<String> {
    let Some(rule) = RULES.iter().find(|rule| rule.layer == source.layer()) else {
        return vec![format!(
            "src/{}: the layer `{}` is not in the table: decide who it may import, and add it",
            source.path,
            source.layer()
        )];
    };
    let code = tokens(source.product_text());
    let own = named(source, &code)
        .into_iter()
        .filter(|(path, _)| !macros.contains(path))
        .filter(|(path, _)| {
            !rule
                .may
                .iter()
                .any(|may| *may == "*" || path == may || path.split("::").next() == Some(may))
        })
        .map(|(path, line)| format!("src/{}:{line}: `{}` must not import `{path}`", source.path, rule.layer));
    let others = foreign(&code, rule.never)
        .map(|(name, line)| format!("src/{}:{line}: `{}` must not name the crate `{name}`", source.path, rule.layer));
    own.chain(others).collect::<BTreeSet<_>>().into_iter().collect()
}

#[test]
fn every_layer_imports_only_what_the_design_allows() {
    let all = sources();
    let macros = macros(&all);
    let found: Vec<String> = all.iter().flat_map(|source| breaches(source, &macros)).collect();
    assert!(found.is_empty(), "forbidden imports:\n{}", found.join("\n"));
}

#[test]
fn a_forbidden_import_is_found_however_it_is_written() {
    let in_file = |path: &str, text: &str| {
        let source = Source {
            path: path.into(),
            text: text.into(),
        };
        breaches(&source, &BTreeSet::from(["args".to_string()])).len()
    };
    assert_eq!(in_file("domain/package.rs", "use crate::store::Tx;"), 1);
    assert_eq!(
        in_file("domain/package.rs", "use crate::{domain::policy, store::Tx, service::{a, b}};"),
        2
    );
    assert_eq!(in_file("domain/package.rs", "fn f() { crate::store::open(); }"), 1);
    assert_eq!(in_file("domain/package.rs", "use super::super::store::Tx;"), 1);
    assert_eq!(in_file("domain/mod.rs", "use super::store::Tx;"), 1);
    assert_eq!(in_file("domain/package.rs", "use super::policy::Policy;"), 0);
    assert_eq!(in_file("service/packages.rs", "use axum::Router; use sqlx::query;"), 2);
    assert_eq!(in_file("connect/mail.rs", "use crate::service::ports::Mail;"), 0);
    assert_eq!(in_file("connect/mail.rs", "use crate::service::packages;"), 1);
    assert_eq!(in_file("admin/users.rs", "use crate::my_access::list;"), 1);
    assert_eq!(in_file("ui/table.rs", "use crate::domain::page::Page;"), 1);
    assert_eq!(
        in_file("domain/package.rs", "// crate::store\nconst A: &str = \"crate::store\";"),
        0
    );
    assert_eq!(
        in_file("domain/package.rs", "a\n#[cfg(test)]\nmod tests {\n    use crate::store::Tx;\n}\n"),
        0
    );
    assert_eq!(in_file("service/packages.rs", "use crate::args; crate::args![1];"), 0);
    assert_eq!(in_file("elsewhere/x.rs", ""), 1);
}

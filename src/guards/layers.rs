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

const RULES: &[Rule] = &[
    Rule {
        layer: "domain",
        may: &["domain"],
        never: OUTSIDE,
    },
    Rule {
        layer: "store",
        may: &["store", "domain"],
        never: FRAMEWORK,
    },
    Rule {
        layer: "service",
        may: &["service", "store", "domain"],
        never: OUTSIDE,
    },
    Rule {
        layer: "connect",
        may: &["connect", "domain", "service::ports"],
        never: OUTSIDE,
    },
    Rule {
        layer: "rpc",
        may: &["rpc", "domain", "service"],
        never: &["sqlx"],
    },
    Rule {
        layer: "ui",
        may: &["ui"],
        never: SERVER,
    },
    Rule {
        layer: "admin",
        may: &["admin", "ui", "rpc", "domain", "paths"],
        never: SERVER,
    },
    Rule {
        layer: "my_access",
        may: &["my_access", "ui", "rpc", "domain", "paths"],
        never: SERVER,
    },
    Rule {
        layer: "paths",
        may: &["paths", "domain"],
        never: OUTSIDE,
    },
    Rule {
        layer: "app",
        may: &["app", "admin", "my_access", "ui", "rpc", "domain", "paths"],
        never: &["sqlx"],
    },
    Rule {
        layer: "config",
        may: &["config", "domain"],
        never: &["sqlx", "axum"],
    },
    Rule {
        layer: "telemetry",
        may: &["telemetry", "config"],
        never: &["sqlx", "leptos"],
    },
    Rule {
        layer: "worker",
        may: ANYTHING,
        never: &[],
    },
    Rule {
        layer: "web",
        may: ANYTHING,
        never: &[],
    },
    Rule {
        layer: "main",
        may: ANYTHING,
        never: &[],
    },
    Rule {
        layer: "lib",
        may: ANYTHING,
        never: &[],
    },
    Rule {
        layer: "guards",
        may: ANYTHING,
        never: &[],
    },
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
fn heads(code: &[Token], open: usize) -> Vec<String> {
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

fn breaches(source: &Source) -> Vec<String> {
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
    let found: Vec<String> = sources().iter().flat_map(breaches).collect();
    assert!(found.is_empty(), "forbidden imports:\n{}", found.join("\n"));
}

#[test]
fn a_forbidden_import_is_found_however_it_is_written() {
    let in_file = |path: &str, text: &str| {
        breaches(&Source {
            path: path.into(),
            text: text.into(),
        })
        .len()
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
    assert_eq!(in_file("elsewhere/x.rs", ""), 1);
}

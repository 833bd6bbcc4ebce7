//! No circles: in the layers that are named here, the nouns import each other in one direction only. A folder is one noun with its files.

use std::collections::{BTreeMap, BTreeSet};

use super::layers::heads;
use super::source::{Source, Token, sources, tokens};

/// The layers without circles.
const STRAIGHT: &[&str] = &["domain", "store", "service", "rpc", "ui", "admin", "my_access"];

type Imports = BTreeMap<String, BTreeSet<String>>;

/// The noun of a file: `requests` of `store/requests/list.rs` and of `store/requests.rs`; none of the layer's own file.
fn noun(path: &str) -> Option<&str> {
    let rest = path.split('/').nth(1)?;
    Some(rest.trim_end_matches(".rs")).filter(|noun| *noun != "mod")
}

/// The nouns of its own layer that a file's code names.
fn named(source: &Source, code: &[Token]) -> BTreeSet<String> {
    let word = |i: usize| code.get(i).map(|token| token.word.as_str()).unwrap_or_default();
    let mut found = BTreeSet::new();
    for i in 0..code.len() {
        if i > 0 && word(i - 1) == "::" {
            continue;
        }
        let (mut at, mut up) = (i, 0);
        while word(at) == "super" && word(at + 1) == "::" {
            (at, up) = (at + 2, up + 1);
        }
        let by_crate = word(i) == "crate" && word(i + 2) == source.layer() && word(i + 3) == "::";
        let start = if by_crate { i + 4 } else { at };
        if !by_crate && (up == 0 || source.depth() != up + 1) {
            continue;
        }
        if word(start) == "{" {
            let first = |path: String| path.split("::").next().unwrap_or_default().to_owned();
            found.extend(heads(code, start).into_iter().map(first));
        } else {
            found.insert(word(start).to_owned());
        }
    }
    found
}

fn imports(layer: &str, all: &[Source]) -> Imports {
    let of_layer: Vec<(&str, &Source)> = all
        .iter()
        .filter(|source| source.layer() == layer && !source.path.contains("/tests"))
        .filter_map(|source| Some((noun(&source.path)?, source)))
        .collect();
    let nouns: BTreeSet<&str> = of_layer.iter().map(|(noun, _)| *noun).collect();
    let mut found = Imports::new();
    for (noun, source) in of_layer {
        let others = named(source, &tokens(source.product_text()));
        let others = others.into_iter().filter(|other| other != noun && nouns.contains(other.as_str()));
        found.entry(noun.to_owned()).or_default().extend(others);
    }
    found
}

/// The nouns from which a way leads back to themselves.
fn circles(imports: &Imports) -> Vec<String> {
    let leads_back = |from: &String| {
        let mut reached: Vec<&String> = imports[from].iter().collect();
        let mut at = 0;
        while at < reached.len() {
            let next = imports.get(reached[at]).into_iter().flatten();
            let new: Vec<&String> = next.filter(|noun| !reached.contains(noun)).collect();
            reached.extend(new);
            at += 1;
        }
        reached.contains(&from)
    };
    imports.keys().filter(|noun| leads_back(noun)).cloned().collect()
}

#[test]
fn no_nouns_of_a_straight_layer_import_each_other_in_a_circle() {
    let all = sources();
    for layer in STRAIGHT {
        let imports = imports(layer, &all);
        assert!(!imports.is_empty(), "{layer} has no files");
        let found = circles(&imports);
        assert!(found.is_empty(), "{layer}: part what these need of each other: {found:?}");
    }
}

#[test]
fn a_circle_is_found_however_it_is_written() {
    let source = |path: &str, text: &str| Source {
        path: path.into(),
        text: text.into(),
    };
    let found = |texts: &[(&str, &str)]| {
        let all: Vec<Source> = texts.iter().map(|(path, text)| source(path, text)).collect();
        circles(&imports("store", &all))
    };
    let straight = ("store/grants.rs", "use super::tx::Tx;");
    assert!(found(&[straight, ("store/tx.rs", "use super::row::Row;"), ("store/row.rs", "")]).is_empty());
    for back in [
        "use super::grants::Grant;",
        "use crate::store::{grants, row};",
        "fn f() { super::grants::give(); }",
    ] {
        assert_eq!(found(&[straight, ("store/tx.rs", back)]), ["grants", "tx"], "{back}");
    }
    let deep = ("store/requests/list.rs", "use super::super::tx::Tx;");
    assert_eq!(found(&[deep, ("store/tx.rs", "use super::requests::Request;")]), ["requests", "tx"]);
}

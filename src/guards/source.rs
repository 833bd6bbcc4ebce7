//! The source tree as the guards see it: every Rust file with its path, its text, and its code as words without comments,
//! strings and tests. It must not know what any guard looks for.

use std::path::{Path, PathBuf};

use walkdir::WalkDir;

/// One Rust file below `src/`.
pub struct Source {
    /// Path from `src/`, with `/` between its parts.
    pub path: String,
    /// The whole text.
    pub text: String,
}

impl Source {
    /// The first part of the path without `.rs`: the layer.
    pub fn layer(&self) -> &str {
        self.path.split('/').next().unwrap_or_default().trim_end_matches(".rs")
    }

    /// Whether the file holds tests and nothing else.
    pub fn is_test(&self) -> bool {
        let file = self.path.rsplit('/').next().unwrap_or_default();
        self.path.split('/').any(|part| part == "tests" || part == "guards")
            || file == "tests.rs"
            || file == "testing.rs"
            || file.ends_with("_test.rs")
            || file.ends_with("_tests.rs")
    }

    /// The text before the first test module.
    pub fn product_text(&self) -> &str {
        if self.is_test() {
            return "";
        }
        let marker = ["\n#[cfg(test)]\n", "\n#[cfg(all(test"];
        let mut end = self.text.len();
        for marker in marker {
            for (at, _) in self.text.match_indices(marker) {
                // A test module in a file of its own takes one line here, and the product goes on after it.
                let after = self.text[at + 1..].lines().nth(1).unwrap_or_default();
                if after.starts_with("mod ") && after.ends_with('{') {
                    end = end.min(at);
                }
            }
        }
        &self.text[..end]
    }

    /// How deep a path of `super`s must go to reach the crate's root.
    pub fn depth(&self) -> usize {
        let parts = self.path.split('/').count();
        if self.path.ends_with("/mod.rs") || self.path == "lib.rs" || self.path == "main.rs" {
            parts - 1
        } else {
            parts
        }
    }
}

/// The folder of Cargo.toml.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

/// Every Rust file below `src/`, in order of path.
pub fn sources() -> Vec<Source> {
    let src = root().join("src");
    let mut found: Vec<Source> = WalkDir::new(&src)
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.path().extension().is_some_and(|kind| kind == "rs"))
        .map(|entry| Source {
            path: entry
                .path()
                .strip_prefix(&src)
                .expect("a readable file of the project")
                .to_string_lossy()
                .replace('\\', "/"),
            text: std::fs::read_to_string(entry.path()).expect("a readable file of the project"),
        })
        .collect();
    found.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(!found.is_empty(), "no source found below {}", src.display());
    found
}

/// The text of a file from the root of the project, or nothing where there is none.
pub fn read(path: &str) -> Option<String> {
    std::fs::read_to_string(root().join(path)).ok()
}

/// A word or a mark of the code, with the number of its line (from 1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// An identifier, or one character of punctuation, with `::` as one.
    pub word: String,
    /// Line in the file.
    pub line: usize,
}

/// The code as words: comments, strings and character literals are left out.
pub fn tokens(text: &str) -> Vec<Token> {
    let chars: Vec<char> = text.chars().collect();
    let (mut at, mut line, mut found) = (0, 1, Vec::new());
    while at < chars.len() {
        let end = match chars[at] {
            '/' if chars.get(at + 1) == Some(&'/') => end_of_line(&chars, at),
            '/' if chars.get(at + 1) == Some(&'*') => end_of_comment(&chars, at),
            '"' => end_of_string(&chars, at),
            'r' | 'b' if starts_raw(&chars, at).is_some() && !continues_word(&chars, at) => end_of_raw(&chars, at),
            '\'' => end_of_quote(&chars, at),
            c if c.is_alphabetic() || c == '_' => {
                let end = (at..chars.len())
                    .find(|&i| !(chars[i].is_alphanumeric() || chars[i] == '_'))
                    .unwrap_or(chars.len());
                found.push(Token {
                    word: chars[at..end].iter().collect(),
                    line,
                });
                end
            }
            ':' if chars.get(at + 1) == Some(&':') => {
                found.push(Token { word: "::".into(), line });
                at + 2
            }
            c => {
                if !c.is_whitespace() {
                    found.push(Token { word: c.to_string(), line });
                }
                at + 1
            }
        };
        line += chars[at..end].iter().filter(|&&c| c == '\n').count();
        at = end;
    }
    found
}

fn continues_word(chars: &[char], at: usize) -> bool {
    at > 0 && (chars[at - 1].is_alphanumeric() || chars[at - 1] == '_')
}

fn end_of_line(chars: &[char], at: usize) -> usize {
    (at..chars.len()).find(|&i| chars[i] == '\n').unwrap_or(chars.len())
}

fn end_of_comment(chars: &[char], at: usize) -> usize {
    let (mut i, mut open) = (at + 2, 1);
    while i < chars.len() && open > 0 {
        match (chars[i], chars.get(i + 1)) {
            ('/', Some('*')) => (open, i) = (open + 1, i + 2),
            ('*', Some('/')) => (open, i) = (open - 1, i + 2),
            _ => i += 1,
        }
    }
    i
}

fn end_of_string(chars: &[char], at: usize) -> usize {
    let mut i = at + 1;
    while i < chars.len() && chars[i] != '"' {
        i += if chars[i] == '\\' { 2 } else { 1 };
    }
    (i + 1).min(chars.len())
}

/// The number of `#` before the quote of a raw string that begins here.
fn starts_raw(chars: &[char], at: usize) -> Option<usize> {
    let start = if chars[at] == 'b' { at + 1 } else { at };
    if chars.get(start) != Some(&'r') {
        return None;
    }
    let hashes = chars[start + 1..].iter().take_while(|&&c| c == '#').count();
    (chars.get(start + 1 + hashes) == Some(&'"')).then_some(hashes)
}

fn end_of_raw(chars: &[char], at: usize) -> usize {
    let hashes = starts_raw(chars, at).unwrap_or_default();
    let open = (at..chars.len()).find(|&i| chars[i] == '"').unwrap_or(at);
    let closes = |i: usize| chars[i] == '"' && chars[i + 1..].iter().take(hashes).filter(|&&c| c == '#').count() == hashes;
    (open + 1..chars.len()).find(|&i| closes(i)).map_or(chars.len(), |i| i + 1 + hashes)
}

/// A character literal to its end, or the tick of a lifetime alone.
fn end_of_quote(chars: &[char], at: usize) -> usize {
    if chars.get(at + 1) == Some(&'\\') {
        return (at + 3..chars.len()).find(|&i| chars[i] == '\'').map_or(chars.len(), |i| i + 1);
    }
    if chars.get(at + 2) == Some(&'\'') { at + 3 } else { at + 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        tokens(text).into_iter().map(|token| token.word).collect()
    }

    #[test]
    fn comments_strings_and_characters_are_no_code() {
        assert_eq!(words("a // crate::x\n/* b /* c */ d */ e"), ["a", "e"]);
        assert_eq!(
            words(r##"f("crate::\" x", r#"y " z"#, b"w", 'q', '\'', '\u{7f}') g"##),
            ["f", "(", ",", ",", "b", ",", ",", ",", ")", "g"]
        );
        assert_eq!(
            words("fn h<'a>(x: &'a str)"),
            ["fn", "h", "<", "a", ">", "(", "x", ":", "&", "a", "str", ")"]
        );
    }

    #[test]
    fn lines_are_counted_through_strings_and_comments() {
        let found = tokens("a \"\n\n\" /*\n*/ b\nc");
        assert_eq!(found.iter().map(|token| token.line).collect::<Vec<_>>(), [1, 4, 5]);
    }

    #[test]
    fn the_product_ends_where_a_test_module_opens() {
        let source = |text: &str| Source {
            path: "domain/x.rs".into(),
            text: text.into(),
        };
        assert_eq!(source("a\n\n#[cfg(test)]\nmod tests {\n}\n").product_text(), "a\n");
        assert_eq!(
            source("a\n#[cfg(test)]\nmod tests;\nb\n").product_text(),
            "a\n#[cfg(test)]\nmod tests;\nb\n"
        );
    }
}

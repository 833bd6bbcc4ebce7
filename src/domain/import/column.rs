//! The columns of files: which there are for each kind, by which names they are known, and what a cell means.

use super::{COLUMNS_MAX, ImportKind};
use crate::domain::text::{EXTENSION, fold, is_attribute_name};

/// A column of a file.
#[derive(Clone, Copy, Debug)]
pub struct ImportColumn {
    /// Its word.
    pub word: &'static str,
    /// Its head in a template.
    pub label: &'static str,
    /// A file without it is refused.
    pub required: bool,
    /// What belongs there.
    pub hint: &'static str,
}

const fn must(word: &'static str, label: &'static str, hint: &'static str) -> ImportColumn {
    ImportColumn {
        word,
        label,
        required: true,
        hint,
    }
}

const fn may(word: &'static str, label: &'static str, hint: &'static str) -> ImportColumn {
    ImportColumn {
        required: false,
        ..must(word, label, hint)
    }
}

pub(super) const USERS: &[ImportColumn] = &[
    must(
        "user_name",
        "User name",
        "the sign-in name; an account of this name is changed, otherwise one is created",
    ),
    may("name", "Name", "required for a new account"),
    may("kind", "Type", "Member or Guest; Member unless said"),
    may("role", "Directory role", "User unless said"),
    may("mail", "Mail", "an address"),
    may("job_title", "Job title", "text"),
    may("department", "Department", "text"),
    may("company", "Company", "text"),
    may("office", "Office", "text"),
    may("phone", "Phone", "text"),
    may("manager", "Manager", "the manager's user name; it may stand in the same file"),
];
pub(super) const GROUPS: &[ImportColumn] = &[
    must("name", "Name", "a group of this name is changed, otherwise one is created"),
    may("description", "Description", "text"),
    may("kind", "Type", "Security or Microsoft 365; Security unless said"),
    may("membership", "Membership type", "Assigned or Dynamic; Assigned unless said"),
    may("rule", "Rule", "of a dynamic group, such as user.department -eq \"Sales\""),
];
pub(super) const MEMBERSHIPS: &[ImportColumn] = &[
    must("group", "Group", "the group's name"),
    must("user_name", "User name", "whom to add"),
    may("role", "Role", "Member or Owner; Member unless said"),
];
pub(super) const ASSIGNMENTS: &[ImportColumn] = &[
    must("package", "Access package", "its name or id"),
    must("user_name", "User name", "who is given it"),
    may("catalog", "Catalog", "where two catalogs have a package of this name"),
    may("policy", "Policy", "its name; may be left out where the package has one policy"),
    may("from", "Start date", "such as 2026-12-01 (UTC); at once unless said"),
    may("until", "End date", "such as 2027-03-31 (UTC); as the policy says unless said"),
    may("justification", "Justification", "text"),
];

/// What our own lists have beside the columns of an import: read over, so that a list that was exported can be imported.
const READ_OVER: &[&str] = &["status", "created", "sign-in"];

/// Other names by which columns are known elsewhere.
const ALSO: &[(&str, &str)] = &[
    ("userprincipalname", "user_name"),
    ("displayname", "name"),
    ("display name", "name"),
    ("user type", "kind"),
    ("group type", "kind"),
    ("jobtitle", "job_title"),
    ("companyname", "company"),
    ("group name", "group"),
    ("package", "package"),
];

/// A file that cannot be used as a whole, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileFault(pub String);

impl FileFault {
    /// From a sentence.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

/// The columns of a file from its first row: for each cell its column's word, empty for one that is read over.
pub fn read_head(kind: ImportKind, heads: &[String]) -> Result<Vec<String>, FileFault> {
    if heads.len() > COLUMNS_MAX {
        return Err(FileFault::new(format!(
            "The file has {} columns; at most {COLUMNS_MAX} are read. Remove those that aren't in the template.",
            heads.len()
        )));
    }
    let known = |head: &str| {
        let column = kind
            .columns()
            .iter()
            .find(|column| column.word == head || fold(column.label) == head);
        let custom = (kind == ImportKind::Users && head.strip_prefix(EXTENSION).is_some_and(is_attribute_name)).then(|| head.to_owned());
        let also = || ALSO.iter().find(|(name, _)| *name == head).map(|(_, word)| *word);
        column
            .map(|column| column.word.to_owned())
            .or_else(|| {
                also()
                    .filter(|word| kind.columns().iter().any(|column| column.word == *word))
                    .map(str::to_owned)
            })
            .or(custom)
    };
    let mut words: Vec<String> = Vec::with_capacity(heads.len());
    for head in heads {
        let folded = fold(head);
        if folded.contains("password") {
            return Err(FileFault::new(
                "The file has a column for passwords. Passwords aren't imported, since a file with them is too easily lost: remove the \
                 column, and use Reset password for the new accounts.",
            ));
        }
        let word = match known(&folded) {
            Some(word) => word,
            None if folded.is_empty() || READ_OVER.contains(&folded.as_str()) => String::new(),
            None => return Err(FileFault::new(unknown_column(kind, head))),
        };
        if !word.is_empty() && words.contains(&word) {
            return Err(FileFault::new(format!(
                "The column {} is there twice. Remove one of the two.",
                shown(head)
            )));
        }
        words.push(word);
    }
    let missing = kind
        .columns()
        .iter()
        .find(|column| column.required && !words.iter().any(|word| word == column.word));
    match missing {
        Some(column) => Err(FileFault::new(format!(
            "The column {} is missing. The first row of the file must name the columns, as the template does.",
            column.label
        ))),
        None => Ok(words),
    }
}

fn unknown_column(kind: ImportKind, head: &str) -> String {
    let labels: Vec<&str> = kind.columns().iter().map(|column| column.label).collect();
    format!(
        "The column \u{201c}{}\u{201d} isn't known. Rename or remove it; the columns are: {}.",
        shown(head),
        labels.join(", ")
    )
}

/// The custom attributes that columns are about, by name.
pub fn custom_columns(words: &[String]) -> impl Iterator<Item = &str> {
    words.iter().filter_map(|word| word.strip_prefix(EXTENSION))
}

/// A file with a column for a custom attribute that is not defined.
pub fn undefined_column(name: &str) -> FileFault {
    FileFault::new(format!(
        "There is no custom attribute {name}, which the column {EXTENSION}{name} is about. Define it under Users, Custom attributes, or remove \
         the column."
    ))
}

/// The beginning of a text from a file, fit to be shown.
pub fn shown(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(100)
        .collect::<String>()
        .trim()
        .to_owned()
}

/// A cell as it was meant: our own files put an apostrophe before what a spreadsheet would take for a formula.
pub fn unescaped(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@', '\t', '\r']) => rest,
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heads(heads: &[&str]) -> Result<Vec<String>, FileFault> {
        let heads: Vec<String> = heads.iter().map(|head| (*head).to_owned()).collect();
        read_head(ImportKind::Users, &heads)
    }

    #[test]
    fn columns_are_found_by_label_word_and_other_names_in_any_order() {
        let words = heads(&["Name", " USER NAME ", "jobTitle", "Status", ""]).expect("columns");
        assert_eq!(words, ["name", "user_name", "job_title", "", ""]);
        let words = heads(&["User name", "Extension_Badge"]).expect("columns");
        assert_eq!(words, ["user_name", "extension_badge"]);
        assert_eq!(custom_columns(&words).collect::<Vec<_>>(), ["badge"]);
        let words = heads(&["userPrincipalName", "displayName"]).expect("columns");
        assert_eq!(words, ["user_name", "name"]);
    }

    #[test]
    fn a_file_whose_columns_cannot_be_told_is_refused_with_the_way_out() {
        let fault = |names: &[&str]| heads(names).expect_err("refused").0;
        assert!(fault(&["Name"]).starts_with("The column User name is missing."));
        assert!(fault(&["User name", "Departement"]).contains("\u{201c}Departement\u{201d} isn't known"));
        assert!(fault(&["User name", "user_name"]).contains("twice"));
        assert!(fault(&["User name", "Initial password"]).contains("Passwords aren't imported"));
        assert!(fault(&["User name"; COLUMNS_MAX + 1]).contains("41 columns"));
    }

    #[test]
    fn what_our_own_files_make_inert_is_read_as_it_was() {
        assert_eq!(unescaped("'+49 30"), "+49 30");
        assert_eq!(unescaped("'t Hooft"), "'t Hooft");
        assert_eq!(unescaped("=1+1"), "=1+1");
    }
}

//! A policy's terms as a file says them: the document that is kept, with names of users and groups in place of their ids. A word that the
//! terms do not know is refused, since what is misspelled would otherwise silently have its default.

use serde_json::Value;
use uuid::Uuid;

use super::super::object::{Subject, SubjectKind};
use super::super::policy::PolicyTerms;

/// The keys under which terms name somebody.
const SUBJECTS: &[(&str, SubjectKind)] = &[
    ("user", SubjectKind::User),
    ("group_members", SubjectKind::Group),
    ("connected_organization", SubjectKind::Organization),
];

/// What users and groups are called here, and who is called so.
pub trait Naming {
    /// What one is called; none where it is gone.
    fn name(&self, subject: Subject) -> Option<String>;
    /// Who is called so.
    fn find(&self, kind: SubjectKind, name: &str) -> Option<Uuid>;
}

/// Terms as the file has them.
pub fn terms_to_file(terms: &PolicyTerms, naming: &impl Naming) -> Result<Value, String> {
    let mut value = serde_json::to_value(terms).map_err(|error| error.to_string())?;
    each_subject(&mut value, &mut |kind, text| {
        let id: Uuid = text.parse().ok()?;
        let subject = match kind {
            SubjectKind::User => Subject::User(id.into()),
            SubjectKind::Group => Subject::Group(id.into()),
            SubjectKind::Organization => Subject::Organization(id.into()),
        };
        naming.name(subject)
    });
    without_nothing(&mut value);
    Ok(value)
}

/// The terms that a file has, and what is the matter with them.
pub fn terms_from_file(value: &Value, naming: &impl Naming) -> Result<PolicyTerms, Vec<String>> {
    let mut value = value.clone();
    let mut faults = Vec::new();
    each_subject(&mut value, &mut |kind, text| {
        let found = naming.find(kind, text).map(|id| id.to_string());
        if found.is_none() {
            let what = match kind {
                SubjectKind::User => "user with the user name",
                SubjectKind::Group => "group called",
                SubjectKind::Organization => "connected organization called",
            };
            faults.push(format!("there is no {what} \u{201c}{text}\u{201d}"));
        }
        found
    });
    if !faults.is_empty() {
        return Err(faults);
    }
    let terms: PolicyTerms = serde_json::from_value(value.clone()).map_err(|error| vec![error.to_string()])?;
    let known = serde_json::to_value(&terms).map_err(|error| vec![error.to_string()])?;
    unknown(&value, &known, "", &mut faults);
    if faults.is_empty() { Ok(terms) } else { Err(faults) }
}

/// Puts something else in place of each user and group that is named; `None` leaves it as it is.
fn each_subject(value: &mut Value, with: &mut impl FnMut(SubjectKind, &str) -> Option<String>) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| each_subject(item, with)),
        Value::Object(fields) => {
            let named = SUBJECTS.iter().find(|(key, _)| fields.len() == 1 && fields.contains_key(*key));
            match named {
                Some((key, kind)) => {
                    if let Some(Value::String(text)) = fields.get_mut(*key)
                        && let Some(other) = with(*kind, text)
                    {
                        *text = other;
                    }
                }
                None => fields.values_mut().for_each(|field| each_subject(field, with)),
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// What says nothing is left out: reading gives it back.
fn without_nothing(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(without_nothing),
        Value::Object(fields) => {
            fields.retain(|_, field| !field.is_null());
            fields.values_mut().for_each(without_nothing);
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Names every key that stands in `given` and not in what was read of it.
fn unknown(given: &Value, read: &Value, path: &str, faults: &mut Vec<String>) {
    match (given, read) {
        (Value::Object(given), Value::Object(read)) => {
            for (key, field) in given {
                match read.get(key) {
                    Some(known) => unknown(field, known, &format!("{path}{key}."), faults),
                    None => faults.push(format!("\u{201c}{path}{key}\u{201d} is not known")),
                }
            }
        }
        (Value::Array(given), Value::Array(read)) => {
            for (at, (item, known)) in given.iter().zip(read).enumerate() {
                unknown(item, known, &format!("{path}{at}."), faults);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    struct Two;

    impl Naming for Two {
        fn name(&self, subject: Subject) -> Option<String> {
            match subject {
                Subject::User(id) => (id.0 == Uuid::from_u128(1)).then(|| "alex".into()),
                Subject::Group(id) => (id.0 == Uuid::from_u128(2)).then(|| "Sales".into()),
                Subject::Organization(id) => (id.0 == Uuid::from_u128(3)).then(|| "Partner".into()),
            }
        }
        fn find(&self, kind: SubjectKind, name: &str) -> Option<Uuid> {
            match (kind, name) {
                (SubjectKind::User, "alex") => Some(Uuid::from_u128(1)),
                (SubjectKind::Group, "Sales") => Some(Uuid::from_u128(2)),
                (SubjectKind::Organization, "Partner") => Some(Uuid::from_u128(3)),
                _ => None,
            }
        }
    }

    #[test]
    fn terms_name_people_and_come_back_the_same() {
        let file = json!({
            "scope": "specific",
            "subjects": [{ "user": "alex" }, { "group_members": "Sales" }, { "connected_organization": "Partner" }],
            "lifecycle": { "expires": { "days": 30 } },
        });
        let terms = terms_from_file(&file, &Two).expect("terms");
        assert_eq!(terms.subjects[0].named(), Some(Subject::User(Uuid::from_u128(1).into())));
        let written = terms_to_file(&terms, &Two).expect("a file");
        assert_eq!(written["subjects"], file["subjects"]);
        assert_eq!(terms_from_file(&written, &Two).expect("terms"), terms);
    }

    #[test]
    fn what_is_misspelled_or_not_there_is_named() {
        let file = json!({ "lifecycle": { "expire": "never" }, "approvals": {} });
        let faults = terms_from_file(&file, &Two).expect_err("faults");
        assert_eq!(
            faults,
            [
                "\u{201c}approvals\u{201d} is not known",
                "\u{201c}lifecycle.expire\u{201d} is not known"
            ]
        );
        let file = json!({ "subjects": [{ "user": "nobody" }] });
        let faults = terms_from_file(&file, &Two).expect_err("faults");
        assert_eq!(faults, ["there is no user with the user name \u{201c}nobody\u{201d}"]);
    }
}

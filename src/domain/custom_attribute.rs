//! Custom attributes (F054): properties of users that an administrator defines, each with a name for rules and files, a label for people and
//! a type. What a value of each type may be is said here, for pages, imports and answers alike.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::id::CustomAttributeId;
use super::refusal::Refusal;
use super::text::{ATTRIBUTE_NAME_MAX, DESCRIPTION_MAX, NAME_MAX, is_attribute_name, string_enum};
use super::validate::{Checker, Code, FieldErrors, Name};

/// The longest label, in characters.
pub const ATTRIBUTE_LABEL_MAX: usize = 100;

string_enum! {
    /// What kind of value an attribute has.
    AttributeType {
        /// A line of text.
        Text = "text",
        /// A whole number.
        Number = "number",
        /// Yes or No.
        YesNo = "yes_no",
        /// A day.
        Date = "date",
    }
}

impl AttributeType {
    /// As people call it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Text => "Text",
            Self::Number => "Whole number",
            Self::YesNo => "Yes or No",
            Self::Date => "Date",
        }
    }

    /// How a value is written, where that is not plain.
    pub fn hint(self) -> &'static str {
        match self {
            Self::Text | Self::YesNo => "",
            Self::Number => "A whole number.",
            Self::Date => "A date such as 2026-12-31.",
        }
    }

    /// What can be chosen; nothing where a value is typed.
    pub fn choices(self) -> &'static [&'static str] {
        match self {
            Self::YesNo => &["Yes", "No"],
            _ => &[],
        }
    }

    /// A value of at most `max` characters as it is kept; empty where there is none.
    pub fn check(self, check: &mut Checker, path: &str, value: &str, max: usize) -> String {
        let value = check.optional_line(path, value, max);
        if value.is_empty() {
            return value;
        }
        match self {
            Self::Text => value,
            Self::Number => check.number(path, &value, i64::MIN, i64::MAX).to_string(),
            Self::Date => match value.parse::<NaiveDate>() {
                Ok(day) => day.to_string(),
                Err(_) => {
                    check.fail(path, Code::NotADay);
                    value
                }
            },
            Self::YesNo => match value.to_ascii_lowercase().as_str() {
                "yes" | "true" => "Yes".to_owned(),
                "no" | "false" => "No".to_owned(),
                _ => {
                    check.fail(path, Code::NotOffered);
                    value
                }
            },
        }
    }
}

/// An attribute that an administrator has defined.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttributeDefinition {
    /// Which.
    pub id: CustomAttributeId,
    /// Its name in rules and files, which never changes: small letters, digits and `_`.
    pub name: String,
    /// As people call it.
    pub label: String,
    /// What kind of value it has, which never changes.
    pub kind: AttributeType,
    /// What it is for.
    pub description: String,
    /// For the next change.
    pub version: i64,
}

/// A custom attribute of one user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CustomValue {
    /// Which.
    pub attribute: AttributeDefinition,
    /// Its value as it is kept, or empty.
    pub value: String,
}

/// A value that is to be set, by the attribute's name; empty takes it away.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GivenValue {
    /// The attribute's name.
    pub name: String,
    /// As typed.
    pub value: String,
}

/// Where the fault of a value stands.
pub fn value_path(name: &str) -> String {
    format!("attributes.{name}")
}

/// The New attribute and Edit forms, as typed. Name and type count only for a new one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CustomAttributeForm {
    /// As people call it.
    pub label: String,
    /// Name in rules and files.
    pub name: String,
    /// A type's word; blank means text.
    pub kind: String,
    /// What it is for.
    pub description: String,
}

/// A checked attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedAttribute {
    /// As people call it.
    pub label: Name,
    /// Name in rules and files.
    pub name: String,
    /// What kind of value it has.
    pub kind: AttributeType,
    /// What it is for, or empty.
    pub description: String,
}

impl CustomAttributeForm {
    /// The attribute that the form describes.
    pub fn check(&self) -> Result<CheckedAttribute, FieldErrors> {
        let mut check = Checker::default();
        let label = Name::of(check.line("label", &self.label, ATTRIBUTE_LABEL_MAX));
        let name = check.line("name", &self.name, ATTRIBUTE_NAME_MAX).to_ascii_lowercase();
        if !name.is_empty() && !is_attribute_name(&name) {
            check.fail_once("name", Code::NotAnAttributeName);
        }
        let kind = match self.kind.trim() {
            "" => AttributeType::Text,
            word => word.parse().unwrap_or_else(|_| {
                check.fail("kind", Code::NotOffered);
                AttributeType::Text
            }),
        };
        let description = check.paragraph("description", &self.description, DESCRIPTION_MAX);
        check.finish(CheckedAttribute {
            label,
            name,
            kind,
            description,
        })
    }
}

/// The values that a form gives, each against its definition and as it is kept; one that is not defined is a fault, too.
pub fn check_values(check: &mut Checker, defined: &[AttributeDefinition], given: &[GivenValue]) -> Vec<(AttributeDefinition, String)> {
    let mut found: Vec<(AttributeDefinition, String)> = Vec::new();
    for value in given {
        let path = value_path(&value.name);
        match defined.iter().find(|attribute| attribute.name == value.name) {
            None => check.fail(path, Code::Gone),
            Some(one) if found.iter().any(|(other, _)| other.id == one.id) => check.fail(path, Code::Repeated),
            Some(one) => found.push((one.clone(), one.kind.check(check, &path, &value.value, NAME_MAX))),
        }
    }
    found
}

/// Whether an attribute can be deleted that is used in these places, each as people call it.
pub fn may_delete_attribute(label: &str, used: &[String]) -> Result<(), Refusal> {
    if used.is_empty() {
        return Ok(());
    }
    let reason = format!("{label} is used by {}. Take it out there first.", used.join(", "));
    Err(Refusal::new("attribute-used", reason))
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn value(kind: AttributeType, text: &str) -> Result<String, Code> {
        let mut check = Checker::default();
        let kept = kind.check(&mut check, "value", text, NAME_MAX);
        check.finish(kept).map_err(|mut faults| faults.remove(0).code)
    }

    #[test]
    fn f054_a_value_is_kept_as_its_type_says() {
        for (kind, typed, kept) in [
            (AttributeType::Text, " CC 17 ", Ok("CC 17")),
            (AttributeType::Number, "-17", Ok("-17")),
            (AttributeType::Number, "+7", Ok("7")),
            (AttributeType::Number, "1.5", Err(Code::NotANumber)),
            (AttributeType::YesNo, "yes", Ok("Yes")),
            (AttributeType::YesNo, "FALSE", Ok("No")),
            (AttributeType::YesNo, "perhaps", Err(Code::NotOffered)),
            (AttributeType::Date, "2026-12-31", Ok("2026-12-31")),
            (AttributeType::Date, "31.12.2026", Err(Code::NotADay)),
            (AttributeType::Text, "a\u{202E}b", Err(Code::Unprintable)),
            (AttributeType::Date, "  ", Ok("")),
        ] {
            assert_eq!(value(kind, typed), kept.map(str::to_owned), "{typed}");
        }
    }

    #[test]
    fn f054_an_attribute_s_name_fits_rules_and_files() {
        let form = |name: &str| CustomAttributeForm {
            label: "Cost center".into(),
            name: name.into(),
            ..CustomAttributeForm::default()
        };
        assert_eq!(form(" Cost_Center2 ").check().map(|found| found.name), Ok("cost_center2".into()));
        for bad in ["2nd", "cost center", "k\u{f6}ln", "a-b", "_a", "a;drop"] {
            let codes: Vec<Code> = form(bad).check().expect_err(bad).into_iter().map(|fault| fault.code).collect();
            assert_eq!(codes, [Code::NotAnAttributeName], "{bad}");
        }
        assert_eq!(
            form("").check().map_err(|faults| faults[0].code.clone()).map(|_| ()),
            Err(Code::Required)
        );
    }

    #[test]
    fn f054_only_values_that_are_defined_are_taken() {
        let one = AttributeDefinition {
            id: CustomAttributeId(Uuid::from_u128(1)),
            name: "badge".into(),
            label: "Badge".into(),
            kind: AttributeType::Number,
            description: String::new(),
            version: 1,
        };
        let given = |name: &str, value: &str| GivenValue {
            name: name.into(),
            value: value.into(),
        };
        let mut check = Checker::default();
        let given = [given("badge", "7"), given("badge", "8"), given("shoe", "44")];
        let found = check_values(&mut check, &[one], &given);
        assert_eq!(found.iter().map(|(_, value)| value.as_str()).collect::<Vec<_>>(), ["7"]);
        let codes: Vec<_> = check.into_errors().into_iter().map(|fault| (fault.path, fault.code)).collect();
        let expected = [("attributes.badge", Code::Repeated), ("attributes.shoe", Code::Gone)];
        assert_eq!(codes, expected.map(|(path, code)| (path.to_owned(), code)));
    }
}

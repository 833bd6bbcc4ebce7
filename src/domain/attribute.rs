//! Attributes that a resource asks of its requestors (F054): questions about themselves that come with whatever package gives a role of
//! it, filled in with what is known, and written to the user when the package is delivered.

use serde::{Deserialize, Serialize};

use super::custom_attribute::{AttributeDefinition, AttributeType};
use super::id::{Named, ObjectId, QuestionId};
use super::limit::Limit;
use super::question::{AskedQuestion, CHOICES_MAX, QUESTION_TEXT_MAX, QuestionKind};
use super::refusal::Permission;
pub use super::user_attribute::{AskedAttribute, UserAttribute};
use super::validate::{Checker, Code, FieldErrors};

/// An attribute that a resource asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResourceAttribute {
    /// Stays the same while it is asked for.
    pub id: QuestionId,
    /// Which property.
    pub attribute: UserAttribute,
    /// The question; empty for the property's name.
    pub text: String,
    /// The values to choose among; none for a line of text.
    pub choices: Vec<String>,
    /// What is known already can be changed by whoever answers.
    pub editable: bool,
    /// The answer is written to the user when the package is delivered.
    pub write: bool,
}

impl ResourceAttribute {
    /// What it is called, by its definition where it is a custom one.
    pub fn label<'a>(&'a self, defined: &'a [AttributeDefinition]) -> &'a str {
        definition(defined, &self.attribute).map_or(self.attribute.label(), |one| &one.label)
    }

    /// What can be chosen: the values that the resource names, or those of the attribute's type.
    fn offered(&self, kind: AttributeType) -> Vec<(String, String)> {
        let pair = |choice: &str| (choice.to_owned(), choice.to_owned());
        if self.choices.is_empty() {
            return kind.choices().iter().copied().map(pair).collect();
        }
        self.choices.iter().map(|choice| pair(choice)).collect()
    }

    /// As a person is asked it, of whom `known` is known.
    pub fn asked(&self, known: &str, defined: &[AttributeDefinition]) -> AskedQuestion {
        let text = if self.text.is_empty() { self.label(defined) } else { &self.text };
        let value = definition(defined, &self.attribute).map_or(AttributeType::Text, |one| one.kind);
        let choices = self.offered(value);
        let kind = if choices.is_empty() {
            QuestionKind::ShortText
        } else {
            QuestionKind::MultipleChoice
        };
        let fixed = !self.editable && !known.is_empty();
        // What is known but no choice any more has to be chosen anew, unless it stays as it is.
        let known = if fixed || choices.is_empty() || choices.iter().any(|(choice, _)| choice == known) {
            known
        } else {
            ""
        };
        AskedQuestion {
            id: self.id,
            text: text.to_owned(),
            kind,
            choices,
            required: true,
            pattern: String::new(),
            attribute: Some(AskedAttribute {
                attribute: self.attribute.clone(),
                kind: value,
                known: known.to_owned(),
                fixed,
                write: self.write,
            }),
        }
    }
}

/// The definition of a custom attribute.
fn definition<'a>(defined: &'a [AttributeDefinition], attribute: &UserAttribute) -> Option<&'a AttributeDefinition> {
    let name = attribute.custom()?;
    defined.iter().find(|one| one.name == name)
}

/// The attributes of several resources as one person is asked them: each property once, by the resource that comes first. A custom one that
/// is not defined any more is not asked.
pub fn asked_once(
    attributes: &[ResourceAttribute],
    defined: &[AttributeDefinition],
    known: impl Fn(&UserAttribute) -> String,
) -> Vec<AskedQuestion> {
    let mut asked: Vec<AskedQuestion> = Vec::new();
    let there = |one: &&ResourceAttribute| one.attribute.custom().is_none() || definition(defined, &one.attribute).is_some();
    for one in attributes.iter().filter(there) {
        let same = asked
            .iter_mut()
            .filter_map(|question| question.attribute.as_mut())
            .find(|attribute| attribute.attribute == one.attribute);
        match same {
            Some(before) => before.write |= one.write,
            None => asked.push(one.asked(&known(&one.attribute), defined)),
        }
    }
    asked
}

/// A row of the Require attributes form, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttributeRow {
    /// Nil until the attribute is kept.
    pub id: Option<QuestionId>,
    /// The property's word.
    pub attribute: String,
    /// The question.
    pub text: String,
    /// The values to choose among, one a line.
    pub choices: String,
    /// See `ResourceAttribute::editable`.
    pub editable: bool,
    /// See `ResourceAttribute::write`.
    pub write: bool,
}

impl From<&ResourceAttribute> for AttributeRow {
    fn from(attribute: &ResourceAttribute) -> Self {
        Self {
            id: Some(attribute.id),
            attribute: attribute.attribute.to_string(),
            text: attribute.text.clone(),
            choices: attribute.choices.join("\n"),
            editable: attribute.editable,
            write: attribute.write,
        }
    }
}

/// The Require attributes form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttributesForm {
    /// The attributes, in order.
    pub rows: Vec<AttributeRow>,
    /// Of what was shown; 0 while nothing is asked for.
    pub version: i64,
}

impl AttributesForm {
    /// The attributes; `new` makes the id of one that is asked for the first time.
    pub fn check(&self, mut new: impl FnMut() -> QuestionId) -> Result<Vec<ResourceAttribute>, FieldErrors> {
        let mut check = Checker::default();
        let bound = Limit::ResourceAttributes.bound();
        if self.rows.len() > bound {
            check.fail("rows", Code::TooMany(bound));
            return check.finish(Vec::new());
        }
        let mut found: Vec<ResourceAttribute> = Vec::with_capacity(self.rows.len());
        for (at, row) in self.rows.iter().enumerate() {
            let Ok(attribute) = row.attribute.parse::<UserAttribute>() else {
                let code = if row.attribute.is_empty() {
                    Code::Required
                } else {
                    Code::NotOffered
                };
                check.fail(format!("rows.{at}.attribute"), code);
                continue;
            };
            if found.iter().any(|other| other.attribute == attribute) {
                check.fail(format!("rows.{at}.attribute"), Code::Repeated);
            }
            let text = check.optional_line(&format!("rows.{at}.text"), &row.text, QUESTION_TEXT_MAX);
            let choices = row.choices(&mut check, &format!("rows.{at}.choices"), attribute.max());
            found.push(ResourceAttribute {
                id: row.id.unwrap_or_else(&mut new),
                attribute,
                text,
                choices,
                editable: row.editable,
                write: row.write,
            });
        }
        check.finish(found)
    }
}

impl AttributeRow {
    fn choices(&self, check: &mut Checker, path: &str, max: usize) -> Vec<String> {
        let mut choices: Vec<String> = Vec::new();
        for line in self.choices.lines().filter(|line| !line.trim().is_empty()) {
            let choice = check.line(path, line, max);
            if choices.contains(&choice) {
                check.fail_once(path, Code::Repeated);
            }
            choices.push(choice);
            if choices.len() > CHOICES_MAX {
                check.fail_once(path, Code::TooMany(CHOICES_MAX));
                break;
            }
        }
        choices
    }
}

/// Checks attributes against the definitions of custom ones, and brings their choices into the form in which values are kept; `rows.N` is
/// where the fault of the Nth stands.
pub fn check_defined(attributes: &mut [ResourceAttribute], defined: &[AttributeDefinition]) -> Result<(), FieldErrors> {
    let mut check = Checker::default();
    for (at, one) in attributes.iter_mut().enumerate() {
        if one.attribute.custom().is_none() {
            continue;
        }
        let Some(definition) = definition(defined, &one.attribute) else {
            check.fail(format!("rows.{at}.attribute"), Code::Gone);
            continue;
        };
        let (path, max) = (format!("rows.{at}.choices"), one.attribute.max());
        for choice in &mut one.choices {
            *choice = definition.kind.check(&mut check, &path, choice, max);
        }
    }
    check.finish(())
}

/// What a resource of a package or a draft asks for, in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequiredAttribute {
    /// What is asked.
    pub text: String,
    /// The resources that ask for it, by name.
    pub resources: Vec<String>,
    /// What is known can be changed by whoever answers.
    pub editable: bool,
    /// The answer is written to the user.
    pub write: bool,
}

/// What several resources ask for together: each property once, in their order.
pub fn required(of_resources: &[(String, Vec<ResourceAttribute>)], defined: &[AttributeDefinition]) -> Vec<RequiredAttribute> {
    let mut found: Vec<(&UserAttribute, RequiredAttribute)> = Vec::new();
    for (resource, attributes) in of_resources {
        for one in attributes {
            match found.iter_mut().find(|(attribute, _)| **attribute == one.attribute) {
                Some((_, before)) => {
                    before.resources.push(resource.clone());
                    before.write |= one.write;
                }
                None => {
                    let text = if one.text.is_empty() { one.label(defined) } else { &one.text };
                    let required = RequiredAttribute {
                        text: text.to_owned(),
                        resources: vec![resource.clone()],
                        editable: one.editable,
                        write: one.write,
                    };
                    found.push((&one.attribute, required));
                }
            }
        }
    }
    found.into_iter().map(|(_, required)| required).collect()
}

/// What a resource asks for, on its page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResourceAttributes {
    /// The resource.
    pub resource: Named<ObjectId>,
    /// The attributes.
    pub attributes: Vec<ResourceAttribute>,
    /// The custom attributes that can be asked for beside the built-in ones.
    pub defined: Vec<AttributeDefinition>,
    /// For the next change; 0 while nothing is asked for.
    pub version: i64,
    /// May the viewer change them?
    pub edit: Permission,
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn attribute(attribute: UserAttribute, editable: bool) -> ResourceAttribute {
        ResourceAttribute {
            id: QuestionId(Uuid::from_u128(attribute.max() as u128)),
            attribute,
            text: String::new(),
            choices: Vec::new(),
            editable,
            write: false,
        }
    }

    fn answer(question: &AskedQuestion, value: &str) -> Result<String, Code> {
        let mut check = Checker::default();
        let kept = question.check(&mut check, "answers.0", value);
        check.finish(kept).map_err(|mut faults| faults.remove(0).code)
    }

    #[test]
    fn f054_what_is_known_is_filled_in_and_stays_where_it_may_not_be_changed() {
        let open = attribute(UserAttribute::Department, true).asked("Sales", &[]);
        assert_eq!(open.text, "Department");
        assert_eq!(
            (answer(&open, "Research"), answer(&open, "")),
            (Ok("Research".into()), Err(Code::Required))
        );
        let fixed = attribute(UserAttribute::Department, false).asked("Sales", &[]);
        assert_eq!(answer(&fixed, "Research"), Ok("Sales".into()));
        // Of whom nothing is known answers.
        let unknown = attribute(UserAttribute::Department, false).asked("", &[]);
        assert_eq!(
            (answer(&unknown, "Research"), answer(&unknown, " ")),
            (Ok("Research".into()), Err(Code::Required))
        );
        let phone = attribute(UserAttribute::Phone, true).asked("", &[]);
        assert_eq!(answer(&phone, &"1".repeat(65)), Err(Code::TooLong(64)));
    }

    fn defined(name: &str, kind: AttributeType) -> AttributeDefinition {
        AttributeDefinition {
            id: crate::domain::id::CustomAttributeId(Uuid::from_u128(7)),
            name: name.into(),
            label: "Has a badge".into(),
            kind,
            description: String::new(),
            version: 1,
        }
    }

    #[test]
    fn f054_a_custom_attribute_is_asked_as_its_type_says_while_it_is_defined() {
        let asks = [attribute(UserAttribute::Custom("badge".into()), true)];
        let all = [defined("badge", AttributeType::YesNo)];
        let asked = asked_once(&asks, &all, |_| "Yes".into());
        assert_eq!(
            (asked[0].text.as_str(), asked[0].kind),
            ("Has a badge", QuestionKind::MultipleChoice)
        );
        assert_eq!(asked[0].choices[1].0, "No");
        assert_eq!(
            (answer(&asked[0], "No"), answer(&asked[0], "Maybe")),
            (Ok("No".into()), Err(Code::NotOffered))
        );
        let number = asked_once(&asks, &[defined("badge", AttributeType::Number)], |_| String::new());
        assert_eq!(
            (answer(&number[0], " 42 "), answer(&number[0], "x")),
            (Ok("42".into()), Err(Code::NotANumber))
        );
        assert!(asked_once(&asks, &[], |_| String::new()).is_empty());

        let mut kept = asks.clone();
        kept[0].choices = vec!["yes".into()];
        check_defined(&mut kept, &all).expect("fits");
        assert_eq!(kept[0].choices, ["Yes"]);
        kept[0].choices = vec!["sometimes".into()];
        let faults = check_defined(&mut kept, &all).expect_err("a fault");
        assert_eq!((faults[0].path.as_str(), &faults[0].code), ("rows.0.choices", &Code::NotOffered));
        assert_eq!(check_defined(&mut kept, &[]).expect_err("gone")[0].code, Code::Gone);
    }

    #[test]
    fn f054_what_resources_require_is_told_once_with_who_requires_it() {
        let mut writes = attribute(UserAttribute::Office, false);
        writes.write = true;
        let all = [
            ("Harbour".to_owned(), vec![attribute(UserAttribute::Office, true)]),
            ("Market".to_owned(), vec![writes, attribute(UserAttribute::Phone, true)]),
        ];
        let required = required(&all, &[]);
        assert_eq!(required.len(), 2);
        assert_eq!(
            (required[0].resources.join(", ").as_str(), required[0].write),
            ("Harbour, Market", true)
        );
    }

    #[test]
    fn f054_two_resources_ask_for_a_property_once() {
        let mut second = attribute(UserAttribute::Office, true);
        second.write = true;
        let asked = asked_once(
            &[
                attribute(UserAttribute::Office, false),
                second,
                attribute(UserAttribute::Phone, true),
            ],
            &[],
            |_| "known".into(),
        );
        assert_eq!(asked.len(), 2);
        let office = asked[0].attribute.as_ref().expect("an attribute");
        assert!(office.fixed && office.write);
    }

    #[test]
    fn f054_the_form_names_each_property_once() {
        let row = |attribute: &str| AttributeRow {
            attribute: attribute.into(),
            choices: "Milan\n\nRome\n".into(),
            ..AttributeRow::default()
        };
        let form = |rows| AttributesForm { rows, version: 0 };
        let new = || QuestionId(Uuid::nil());
        let found = form(vec![row("office")]).check(new).expect("attributes");
        assert_eq!(found[0].choices, ["Milan", "Rome"]);
        let faults = form(vec![row("office"), row("office"), row("shoe size"), row("")])
            .check(new)
            .expect_err("faults");
        let codes: Vec<_> = faults.iter().map(|fault| (fault.path.as_str(), &fault.code)).collect();
        assert_eq!(
            codes,
            [
                ("rows.1.attribute", &Code::Repeated),
                ("rows.2.attribute", &Code::NotOffered),
                ("rows.3.attribute", &Code::Required)
            ]
        );
    }
}

//! Attributes that a resource asks of its requestors (F054): questions about themselves that come with whatever package gives a role of
//! it, filled in with what is known, and written to the user when the package is delivered.

use serde::{Deserialize, Serialize};

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
    /// As a person is asked it, of whom `known` is known.
    pub fn asked(&self, known: &str) -> AskedQuestion {
        let text = if self.text.is_empty() { self.attribute.label() } else { &self.text };
        let kind = if self.choices.is_empty() {
            QuestionKind::ShortText
        } else {
            QuestionKind::MultipleChoice
        };
        let fixed = !self.editable && !known.is_empty();
        // What is known but no choice any more has to be chosen anew, unless it stays as it is.
        let known = if fixed || self.choices.is_empty() || self.choices.iter().any(|choice| choice == known) {
            known
        } else {
            ""
        };
        AskedQuestion {
            id: self.id,
            text: text.to_owned(),
            kind,
            choices: self.choices.iter().map(|choice| (choice.clone(), choice.clone())).collect(),
            required: true,
            pattern: String::new(),
            attribute: Some(AskedAttribute {
                attribute: self.attribute,
                known: known.to_owned(),
                fixed,
                write: self.write,
            }),
        }
    }
}

/// The attributes of several resources as one person is asked them: each property once, by the resource that comes first.
pub fn asked_once(attributes: &[ResourceAttribute], known: impl Fn(UserAttribute) -> String) -> Vec<AskedQuestion> {
    let mut asked: Vec<AskedQuestion> = Vec::new();
    for one in attributes {
        let same = asked
            .iter_mut()
            .filter_map(|question| question.attribute.as_mut())
            .find(|attribute| attribute.attribute == one.attribute);
        match same {
            Some(before) => before.write |= one.write,
            None => asked.push(one.asked(&known(one.attribute))),
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
        use super::text::StringEnum;
        Self {
            id: Some(attribute.id),
            attribute: attribute.attribute.as_str().to_owned(),
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
            let choices = row.choices(&mut check, &format!("rows.{at}.choices"), attribute);
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
    fn choices(&self, check: &mut Checker, path: &str, attribute: UserAttribute) -> Vec<String> {
        let mut choices: Vec<String> = Vec::new();
        for line in self.choices.lines().filter(|line| !line.trim().is_empty()) {
            let choice = check.line(path, line, attribute.max());
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

/// What a resource asks for, on its page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResourceAttributes {
    /// The resource.
    pub resource: Named<ObjectId>,
    /// The attributes.
    pub attributes: Vec<ResourceAttribute>,
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
            id: QuestionId(Uuid::from_u128(attribute as u128 + 1)),
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
        let open = attribute(UserAttribute::Department, true).asked("Sales");
        assert_eq!(open.text, "Department");
        assert_eq!(
            (answer(&open, "Research"), answer(&open, "")),
            (Ok("Research".into()), Err(Code::Required))
        );
        let fixed = attribute(UserAttribute::Department, false).asked("Sales");
        assert_eq!(answer(&fixed, "Research"), Ok("Sales".into()));
        // Of whom nothing is known answers.
        let unknown = attribute(UserAttribute::Department, false).asked("");
        assert_eq!(
            (answer(&unknown, "Research"), answer(&unknown, " ")),
            (Ok("Research".into()), Err(Code::Required))
        );
        let phone = attribute(UserAttribute::Phone, true).asked("");
        assert_eq!(answer(&phone, &"1".repeat(65)), Err(Code::TooLong(64)));
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

//! Membership rules of dynamic groups, such as `(user.department -eq "Sales") -and (user.country -ne "DE")`: read once, then asked
//! about a person's properties. A small language of its own, read by descent; precedence is -not, -and, -or. Inside a text a backtick
//! stands before a quote or a backtick that is meant as such, as in the language that this one follows. What would hold for
//! everybody by mistake, such as `-contains ""`, is refused.

mod condition;
mod parser;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::text::{EXTENSION, is_attribute_name, lower};

pub use condition::{Comparison, Condition};
pub use parser::parse;

/// What is wrong with a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum RuleFault {
    /// Something else was expected here.
    Unreadable,
    /// Not one of the properties.
    Property,
    /// Not one of the operators.
    Operator,
    /// An operator that this property does not have.
    NotForThisProperty,
    /// A text of no characters.
    EmptyText,
    /// `null` with an operator that looks into a text.
    NullOnlyEqual,
    /// A text without its closing quote.
    OpenText,
    /// A text was expected, in quotes.
    NotAText,
    /// `true` or `false` was expected.
    NotTrueOrFalse,
    /// `"Member"` or `"Guest"` was expected.
    NotAUserType,
    /// Too many parentheses or `-not` within one another.
    TooDeep,
}

/// Why a rule could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{fault:?} at character {at}")]
pub struct RuleError {
    /// What is wrong.
    pub fault: RuleFault,
    /// The character, counted from 1.
    pub at: usize,
}

/// What kind of value a property holds, which decides its operators and what it is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PropertyType {
    /// Any text, or nothing.
    Text,
    /// `true` or `false`.
    Boolean,
    /// Member or Guest.
    UserType,
}

/// The properties that a rule can name.
pub const PROPERTIES: &[&str] = &[
    "department",
    "jobTitle",
    "companyName",
    "physicalDeliveryOfficeName",
    "displayName",
    "userPrincipalName",
    "mail",
    "userType",
    "accountEnabled",
];

/// A property as rules keep it, whatever case it is written in; a custom attribute is one by its form, whether or not it is defined.
fn property_named(name: &str) -> Option<String> {
    if let Some(known) = PROPERTIES.iter().find(|property| property.eq_ignore_ascii_case(name)) {
        return Some((*known).to_owned());
    }
    let name = name.to_ascii_lowercase();
    let attribute = name.strip_prefix(EXTENSION)?;
    is_attribute_name(attribute).then_some(name)
}

fn type_of(property: &str) -> PropertyType {
    match property {
        "userType" => PropertyType::UserType,
        "accountEnabled" => PropertyType::Boolean,
        _ => PropertyType::Text,
    }
}

/// A text as it is written inside a rule, without its quotes.
pub fn quoted(text: &str) -> String {
    text.replace('`', "``").replace('"', "`\"")
}

/// How deep parentheses and `-not` may nest.
const DEPTH_MAX: usize = 32;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Eq,
    Ne,
    StartsWith,
    NotStartsWith,
    Contains,
    NotContains,
}

/// A rule that has been read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule(Node);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Node {
    Test {
        property: String,
        operator: Operator,
        value: String,
    },
    Not(Box<Node>),
    And(Box<Node>, Box<Node>),
    Or(Box<Node>, Box<Node>),
}

impl Operator {
    fn of(word: &str) -> Option<Self> {
        Some(match word {
            "-eq" => Self::Eq,
            "-ne" => Self::Ne,
            "-startswith" => Self::StartsWith,
            "-notstartswith" => Self::NotStartsWith,
            "-contains" => Self::Contains,
            "-notcontains" => Self::NotContains,
            _ => return None,
        })
    }

    /// Compares the whole value, and so can be asked of any property.
    fn compares(self) -> bool {
        matches!(self, Self::Eq | Self::Ne)
    }
}

impl Rule {
    /// Whether the rule holds for a person, whose properties `value_of` tells by name. Compared without case.
    pub fn matches(&self, value_of: impl Fn(&str) -> String) -> bool {
        self.0.holds(&value_of)
    }

    /// A property and the value, in lower case, that it must have wherever the rule holds, if the rule says so: what a query can look for
    /// before the rule is asked.
    pub fn required_value(&self) -> Option<(&str, &str)> {
        self.0.required_value()
    }

    /// The names of the custom attributes that the rule asks about, each once.
    pub fn custom_attributes(&self) -> Vec<&str> {
        let mut found = Vec::new();
        self.0.custom_attributes(&mut found);
        found
    }
}

impl Node {
    fn custom_attributes<'a>(&'a self, found: &mut Vec<&'a str>) {
        match self {
            Self::Test { property, .. } => match property.strip_prefix(EXTENSION) {
                Some(name) if !found.contains(&name) => found.push(name),
                _ => {}
            },
            Self::Not(inner) => inner.custom_attributes(found),
            Self::And(left, right) | Self::Or(left, right) => {
                left.custom_attributes(found);
                right.custom_attributes(found);
            }
        }
    }

    fn required_value(&self) -> Option<(&str, &str)> {
        match self {
            Self::Test {
                property,
                operator: Operator::Eq,
                value,
            } if !value.is_empty() => Some((property, value)),
            Self::And(left, right) => left.required_value().or_else(|| right.required_value()),
            _ => None,
        }
    }

    fn holds(&self, value_of: &impl Fn(&str) -> String) -> bool {
        match self {
            Self::Test { property, operator, value } => {
                let held = lower(&value_of(property));
                match operator {
                    Operator::Eq => held == *value,
                    Operator::Ne => held != *value,
                    Operator::StartsWith => held.starts_with(value.as_str()),
                    Operator::NotStartsWith => !held.starts_with(value.as_str()),
                    Operator::Contains => held.contains(value.as_str()),
                    Operator::NotContains => !held.contains(value.as_str()),
                }
            }
            Self::Not(inner) => !inner.holds(value_of),
            Self::And(left, right) => left.holds(value_of) && right.holds(value_of),
            Self::Or(left, right) => left.holds(value_of) || right.holds(value_of),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sales(property: &str) -> String {
        match property {
            "department" => "Sales".into(),
            "jobTitle" => "Account Manager".into(),
            "accountEnabled" => "true".into(),
            _ => String::new(),
        }
    }

    #[test]
    fn rules_are_read_with_their_precedence() {
        for (rule, expected) in [
            (r#"user.department -eq "sales""#, true),
            (r#"(user.department -eq "Sales") -and (user.jobTitle -contains "manager")"#, true),
            (
                r#"user.department -eq "HR" -or user.department -eq "Sales" -and user.accountEnabled -eq false"#,
                false,
            ),
            (r#"-not (user.department -eq "HR")"#, true),
            (r#"user.companyName -eq null"#, true),
        ] {
            assert_eq!(parse(rule).expect(rule).matches(sales), expected, "{rule}");
        }
    }

    #[test]
    fn f054_a_rule_can_ask_about_custom_attributes() {
        let text = r#"user.Extension_Cost_Center -startsWith "4" -and user.extension_badge -ne null -or user.extension_badge -eq "7""#;
        let rule = parse(text).expect("a rule");
        assert_eq!(rule.custom_attributes(), ["cost_center", "badge"]);
        let holds = |center: &str, badge: &str| {
            rule.matches(|property| match property {
                "extension_cost_center" => center.to_owned(),
                "extension_badge" => badge.to_owned(),
                _ => String::new(),
            })
        };
        assert!(holds("42", "1") && holds("", "7") && !holds("42", "") && !holds("5", "1"));
    }

    fn fault(rule: &str) -> (RuleFault, usize) {
        let error = parse(rule).expect_err(rule);
        (error.fault, error.at)
    }

    #[test]
    fn f136_a_fault_is_reported_where_it_stands() {
        assert_eq!(fault(r#"user.extension_ -eq "44""#), (RuleFault::Property, 1));
        assert_eq!(fault(r#"user.shoeSize -eq "44""#), (RuleFault::Property, 1));
        assert_eq!(fault(r#"user.department -is "HR""#), (RuleFault::Operator, 17));
        assert_eq!(fault(r#"(user.department -eq "HR""#), (RuleFault::Unreadable, 26));
        assert_eq!(fault(r#"user.department -eq "HR"#), (RuleFault::OpenText, 21));
        assert_eq!(fault(""), (RuleFault::Property, 1));
        assert_eq!(fault(&"(".repeat(40)), (RuleFault::TooDeep, 34));
    }

    /// A6: what would make everybody a member by mistake.
    #[test]
    fn f136_operators_and_values_are_tied_to_the_property() {
        for (rule, expected) in [
            (r#"user.department -contains """#, (RuleFault::EmptyText, 27)),
            (r#"user.department -eq " ""#, (RuleFault::EmptyText, 21)),
            ("user.department -startsWith null", (RuleFault::NullOnlyEqual, 29)),
            ("user.department -notContains null", (RuleFault::NullOnlyEqual, 30)),
            ("user.department -eq true", (RuleFault::NotAText, 21)),
            (r#"user.accountEnabled -contains "u""#, (RuleFault::NotForThisProperty, 21)),
            (r#"user.accountEnabled -eq "true""#, (RuleFault::NotTrueOrFalse, 25)),
            ("user.accountEnabled -ne null", (RuleFault::NotTrueOrFalse, 25)),
            (r#"user.userType -startsWith "m""#, (RuleFault::NotForThisProperty, 15)),
            (r#"user.userType -eq "members""#, (RuleFault::NotAUserType, 19)),
        ] {
            assert_eq!(fault(rule), expected, "{rule}");
        }
        for rule in ["user.mail -ne null", "user.accountEnabled -eq TRUE", r#"user.userType -eq "GUEST""#] {
            assert!(parse(rule).is_ok(), "{rule}");
        }
    }

    /// A6.
    #[test]
    fn f136_a_quote_can_stand_inside_a_text() {
        let holds = |rule: &str, name: &str| parse(rule).expect(rule).matches(|_| name.to_owned());
        assert!(holds(
            r#"user.displayName -eq "Dwayne `"The Rock`" Johnson""#,
            "Dwayne \"The Rock\" Johnson"
        ));
        let rule = r#"user.displayName -contains "a``" -or user.displayName -eq "C:`x""#;
        assert!(holds(rule, "a`") && holds(rule, "c:`x") && !holds(rule, "c:x"));
    }

    #[test]
    fn what_must_hold_wherever_a_rule_does_is_known() {
        let required = |rule: &str| {
            parse(rule)
                .expect(rule)
                .required_value()
                .map(|(property, value)| (property.to_owned(), value.to_owned()))
        };
        let sales = Some(("department".to_owned(), "sales".to_owned()));
        assert_eq!(required(r#"user.department -eq "Sales""#), sales);
        assert_eq!(
            required(r#"user.mail -ne null -and (user.department -eq "Sales" -and user.accountEnabled -eq true)"#),
            sales
        );
        for rule in [
            r#"user.department -eq "Sales" -or user.department -eq "HR""#,
            r#"-not (user.department -eq "Sales")"#,
            "user.department -eq null",
            r#"user.department -startsWith "Sales""#,
        ] {
            assert_eq!(required(rule), None, "{rule}");
        }
    }

    proptest! {
        #[test]
        fn any_text_can_be_named_in_a_rule(text in "\\PC{0,20}[a-z\"`]") {
            let rule = parse(&format!("user.displayName -eq \"{}\"", quoted(&text))).expect("a rule");
            prop_assert!(rule.matches(|_| text.clone()));
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_the_parser_fall(text in ".{0,200}") {
            let _ = parse(&text);
        }
    }
}

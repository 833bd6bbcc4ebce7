//! Membership rules of dynamic groups, such as `(user.department -eq "Sales") -and (user.country -ne "DE")`: read once, then asked
//! about a person's properties. A small language of its own, read by descent; precedence is -not, -and, -or.

use thiserror::Error;

/// Why a rule could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("not readable at character {at}")]
pub struct RuleError {
    /// The character, counted from 1.
    pub at: usize,
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
        property: &'static str,
        operator: Operator,
        value: String,
    },
    Not(Box<Node>),
    And(Box<Node>, Box<Node>),
    Or(Box<Node>, Box<Node>),
}

impl Rule {
    /// Whether the rule holds for a person, whose properties `value_of` tells by name. Compared without case.
    pub fn matches(&self, value_of: impl Fn(&str) -> String) -> bool {
        self.0.holds(&value_of)
    }
}

impl Node {
    fn holds(&self, value_of: &impl Fn(&str) -> String) -> bool {
        match self {
            Self::Test { property, operator, value } => {
                let held = value_of(property).to_lowercase();
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

/// Reads a rule.
pub fn parse(text: &str) -> Result<Rule, RuleError> {
    let mut reader = Reader {
        chars: text.chars().collect(),
        at: 0,
    };
    let node = reader.any(0)?;
    reader.blanks();
    if reader.at < reader.chars.len() {
        Err(reader.error())
    } else {
        Ok(Rule(node))
    }
}

struct Reader {
    chars: Vec<char>,
    at: usize,
}

impl Reader {
    fn error(&self) -> RuleError {
        RuleError { at: self.at + 1 }
    }

    fn blanks(&mut self) {
        while self.chars.get(self.at).is_some_and(|c| c.is_whitespace()) {
            self.at += 1;
        }
    }

    /// The word or sign that comes next, without taking it.
    fn peek(&mut self) -> String {
        self.blanks();
        let start = self.chars.get(self.at..).unwrap_or_default();
        start
            .iter()
            .take_while(|c| c.is_alphanumeric() || matches!(c, '-' | '.' | '_'))
            .collect::<String>()
            .to_lowercase()
    }

    fn takes(&mut self, word: &str) -> bool {
        let found = self.peek() == word;
        if found {
            self.at += word.chars().count();
        }
        found
    }

    fn takes_sign(&mut self, sign: char) -> bool {
        self.blanks();
        let found = self.chars.get(self.at) == Some(&sign);
        self.at += usize::from(found);
        found
    }

    fn any(&mut self, depth: usize) -> Result<Node, RuleError> {
        let mut node = self.all(depth)?;
        while self.takes("-or") {
            node = Node::Or(Box::new(node), Box::new(self.all(depth)?));
        }
        Ok(node)
    }

    fn all(&mut self, depth: usize) -> Result<Node, RuleError> {
        let mut node = self.one(depth)?;
        while self.takes("-and") {
            node = Node::And(Box::new(node), Box::new(self.one(depth)?));
        }
        Ok(node)
    }

    fn one(&mut self, depth: usize) -> Result<Node, RuleError> {
        if depth > DEPTH_MAX {
            return Err(self.error());
        }
        if self.takes("-not") {
            return Ok(Node::Not(Box::new(self.one(depth + 1)?)));
        }
        if self.takes_sign('(') {
            let node = self.any(depth + 1)?;
            return if self.takes_sign(')') { Ok(node) } else { Err(self.error()) };
        }
        self.test()
    }

    fn test(&mut self) -> Result<Node, RuleError> {
        let word = self.peek();
        let property = PROPERTIES
            .iter()
            .find(|p| word.strip_prefix("user.").is_some_and(|rest| rest == p.to_lowercase()))
            .ok_or_else(|| self.error())?;
        self.at += word.chars().count();
        let operator = match self.peek().as_str() {
            "-eq" => Operator::Eq,
            "-ne" => Operator::Ne,
            "-startswith" => Operator::StartsWith,
            "-notstartswith" => Operator::NotStartsWith,
            "-contains" => Operator::Contains,
            "-notcontains" => Operator::NotContains,
            _ => return Err(self.error()),
        };
        self.at += self.peek().chars().count();
        let value = self.value()?;
        Ok(Node::Test {
            property,
            operator,
            value: value.to_lowercase(),
        })
    }

    fn value(&mut self) -> Result<String, RuleError> {
        if !self.takes_sign('"') {
            return if self.takes("true") {
                Ok("true".into())
            } else if self.takes("false") {
                Ok("false".into())
            } else if self.takes("null") {
                Ok(String::new())
            } else {
                Err(self.error())
            };
        }
        let start = self.at;
        while self.chars.get(self.at).is_some_and(|c| *c != '"') {
            self.at += 1;
        }
        let value = self.chars.get(start..self.at).unwrap_or_default().iter().collect();
        if self.takes_sign('"') { Ok(value) } else { Err(self.error()) }
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
    fn f136_a_fault_is_reported_where_it_stands() {
        assert_eq!(parse(r#"user.shoeSize -eq "44""#), Err(RuleError { at: 1 }));
        assert_eq!(parse(r#"user.department -is "HR""#), Err(RuleError { at: 17 }));
        assert_eq!(parse(r#"(user.department -eq "HR""#), Err(RuleError { at: 26 }));
        assert_eq!(parse(""), Err(RuleError { at: 1 }));
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_fall(text in ".{0,200}") {
            let _ = parse(&text);
        }
    }
}

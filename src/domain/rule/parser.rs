//! Reads the text of a rule, by descent, and says where it cannot be read.

use super::{DEPTH_MAX, Node, Operator, PropertyType, Rule, RuleError, RuleFault, property_named, type_of};
use crate::domain::text::lower;

/// Reads a rule.
pub fn parse(text: &str) -> Result<Rule, RuleError> {
    let mut parser = Parser {
        chars: text.chars().collect(),
        at: 0,
    };
    let node = parser.any(0)?;
    parser.blanks();
    if parser.at < parser.chars.len() {
        Err(parser.error(RuleFault::Unreadable))
    } else {
        Ok(Rule(node))
    }
}

/// A value as it is written.
enum Value {
    Text(String),
    Boolean(bool),
    Null,
}

struct Parser {
    chars: Vec<char>,
    at: usize,
}

impl Parser {
    /// A fault where reading stands.
    fn error(&self, fault: RuleFault) -> RuleError {
        RuleError { fault, at: self.at + 1 }
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
            .collect()
    }

    fn takes(&mut self, word: &str) -> bool {
        let found = self.peek();
        let is_it = found.eq_ignore_ascii_case(word);
        if is_it {
            self.at += word.len();
        }
        is_it
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
            return Err(self.error(RuleFault::TooDeep));
        }
        if self.takes("-not") {
            return Ok(Node::Not(Box::new(self.one(depth + 1)?)));
        }
        if self.takes_sign('(') {
            let node = self.any(depth + 1)?;
            return if self.takes_sign(')') {
                Ok(node)
            } else {
                Err(self.error(RuleFault::Unreadable))
            };
        }
        self.test()
    }

    fn test(&mut self) -> Result<Node, RuleError> {
        let word = self.peek();
        let name = word
            .get(..5)
            .filter(|start| start.eq_ignore_ascii_case("user."))
            .map(|_| &word[5..]);
        let property = name.and_then(property_named).ok_or_else(|| self.error(RuleFault::Property))?;
        self.at += word.chars().count();
        let word = self.peek();
        let operator = Operator::of(&word.to_ascii_lowercase()).ok_or_else(|| self.error(RuleFault::Operator))?;
        if !operator.compares() && type_of(&property) != PropertyType::Text {
            return Err(self.error(RuleFault::NotForThisProperty));
        }
        self.at += word.chars().count();
        self.blanks();
        let start = self.at;
        let value = self.value()?;
        let value = operand(type_of(&property), operator, value).map_err(|fault| RuleError { fault, at: start + 1 })?;
        Ok(Node::Test { property, operator, value })
    }

    fn value(&mut self) -> Result<Value, RuleError> {
        if self.takes_sign('"') {
            self.text().map(Value::Text)
        } else if self.takes("true") {
            Ok(Value::Boolean(true))
        } else if self.takes("false") {
            Ok(Value::Boolean(false))
        } else if self.takes("null") {
            Ok(Value::Null)
        } else {
            Err(self.error(RuleFault::NotAText))
        }
    }

    /// The rest of a text whose opening quote has been taken.
    fn text(&mut self) -> Result<String, RuleError> {
        let start = self.at;
        let mut text = String::new();
        while let Some(&c) = self.chars.get(self.at) {
            self.at += 1;
            match (c, self.chars.get(self.at)) {
                ('"', _) => return Ok(text),
                ('`', Some(&meant @ ('"' | '`'))) => {
                    self.at += 1;
                    text.push(meant);
                }
                _ => text.push(c),
            }
        }
        self.at = start.saturating_sub(1);
        Err(self.error(RuleFault::OpenText))
    }
}

/// What a property is compared with, in lower case; nothing stands for an empty property.
fn operand(of: PropertyType, operator: Operator, value: Value) -> Result<String, RuleFault> {
    match (of, value) {
        (PropertyType::Boolean, Value::Boolean(value)) => Ok(value.to_string()),
        (PropertyType::Boolean, _) => Err(RuleFault::NotTrueOrFalse),
        (PropertyType::UserType, Value::Text(text)) if matches!(lower(&text).as_str(), "member" | "guest") => Ok(lower(&text)),
        (PropertyType::UserType, _) => Err(RuleFault::NotAUserType),
        (PropertyType::Text, Value::Text(text)) if text.trim().is_empty() => Err(RuleFault::EmptyText),
        (PropertyType::Text, Value::Text(text)) => Ok(lower(&text)),
        (PropertyType::Text, Value::Null) if operator.compares() => Ok(String::new()),
        (PropertyType::Text, Value::Null) => Err(RuleFault::NullOnlyEqual),
        (PropertyType::Text, Value::Boolean(_)) => Err(RuleFault::NotAText),
    }
}

//! What a query can look for instead of asking a rule about everybody: the tests of the rule, joined by all and any, each `-not` carried down
//! into them.

use super::{Node, Operator, Rule};

/// How a test compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// The whole value.
    Equal,
    /// How it begins.
    StartsWith,
    /// What is somewhere in it.
    Contains,
}

/// A condition of people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// One property; `value` is in lower case, and empty where the property must be.
    Test {
        /// The property, one of `PROPERTIES` or a custom attribute.
        property: String,
        /// How it is compared.
        comparison: Comparison,
        /// With what.
        value: String,
        /// What must hold is the opposite.
        negated: bool,
    },
    /// Both hold.
    All(Box<Condition>, Box<Condition>),
    /// One of them holds.
    Any(Box<Condition>, Box<Condition>),
}

impl Rule {
    /// The rule as a condition.
    pub fn condition(&self) -> Condition {
        condition(&self.0, false)
    }
}

fn condition(node: &Node, negated: bool) -> Condition {
    let both = |left: &Node, right: &Node| (Box::new(condition(left, negated)), Box::new(condition(right, negated)));
    match node {
        Node::Not(inner) => condition(inner, !negated),
        Node::And(left, right) | Node::Or(left, right) => {
            let (left, right) = both(left, right);
            // Not both is: one of them not.
            if matches!(node, Node::And(..)) != negated {
                Condition::All(left, right)
            } else {
                Condition::Any(left, right)
            }
        }
        Node::Test { property, operator, value } => {
            let (comparison, opposite) = match operator {
                Operator::Eq => (Comparison::Equal, false),
                Operator::Ne => (Comparison::Equal, true),
                Operator::StartsWith => (Comparison::StartsWith, false),
                Operator::NotStartsWith => (Comparison::StartsWith, true),
                Operator::Contains => (Comparison::Contains, false),
                Operator::NotContains => (Comparison::Contains, true),
            };
            Condition::Test {
                property: property.clone(),
                comparison,
                value: value.clone(),
                negated: opposite != negated,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    #[test]
    fn f136_a_negation_is_carried_into_the_tests() {
        let test = |property: &str, negated| {
            let (comparison, value) = (Comparison::Equal, "x".to_owned());
            Box::new(Condition::Test {
                property: property.to_owned(),
                comparison,
                value,
                negated,
            })
        };
        let read = |text: &str| parse(text).expect(text).condition();
        assert_eq!(
            read(r#"user.mail -eq "x" -and user.jobTitle -ne "x""#),
            Condition::All(test("mail", false), test("jobTitle", true))
        );
        assert_eq!(
            read(r#"-not (user.mail -eq "x" -and user.jobTitle -ne "x")"#),
            Condition::Any(test("mail", true), test("jobTitle", false))
        );
        assert_eq!(
            read(r#"-not (user.mail -eq "x" -or -not (user.jobTitle -ne "x"))"#),
            Condition::All(test("mail", true), test("jobTitle", true))
        );
    }
}

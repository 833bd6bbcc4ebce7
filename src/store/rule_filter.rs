//! A membership rule as a condition of a query, so that a change of the rule reads those whom it may concern and nobody else. The condition
//! holds for everybody for whom the rule does; beside them for some whose property has letters beyond ASCII, of which a database and the
//! rule may know different lower cases. So the rule itself is asked about whoever is found.

use crate::domain::rule::{Comparison, Condition, Rule};
use crate::domain::text::{EXTENSION, fold};

use super::dialect::BINARY_ORDER;
use super::tx::{Arg, Tx};

/// A condition over `users u` with `?` for its values, built of constants.
pub struct RuleFilter {
    /// The condition.
    pub text: String,
    /// Its values, in order.
    pub values: Vec<Arg>,
}

impl RuleFilter {
    /// What holds for everybody for whom the rule does.
    pub fn of(tx: &Tx, rule: &Rule) -> Self {
        let mut filter = Self {
            text: String::new(),
            values: Vec::new(),
        };
        let collation = tx.pick(BINARY_ORDER);
        filter.add(&rule.condition(), collation);
        // One value that must be there is looked up in an index.
        if let Some((column, value)) = rule.required_value().and_then(|(property, value)| Some((folded(property)?, value))) {
            filter.text = format!("{column} = ? AND ({})", filter.text);
            filter.values.insert(0, fold(value).into());
        }
        filter
    }

    fn add(&mut self, condition: &Condition, collation: &str) {
        match condition {
            Condition::All(left, right) => self.join(left, " AND ", right, collation),
            Condition::Any(left, right) => self.join(left, " OR ", right, collation),
            Condition::Test {
                property,
                comparison,
                value,
                negated,
            } => match property.as_str() {
                "accountEnabled" => self.text.push_str(if (value == "true") == *negated {
                    "NOT u.enabled"
                } else {
                    "u.enabled"
                }),
                "userType" => self.push(if *negated { "u.kind <> ?" } else { "u.kind = ?" }, value.as_str().into()),
                property => self.text_test(&column(property), *comparison, value, *negated, collation),
            },
        }
    }

    fn join(&mut self, left: &Condition, word: &str, right: &Condition, collation: &str) {
        self.text.push('(');
        self.add(left, collation);
        self.text.push_str(word);
        self.add(right, collation);
        self.text.push(')');
    }

    fn text_test(&mut self, column: &str, comparison: Comparison, value: &str, negated: bool, collation: &str) {
        let not = if negated { "NOT " } else { "" };
        if value.is_empty() {
            self.text.push_str(&format!("{not}({column} = '')"));
            return;
        }
        let beyond_ascii = format!("octet_length({column}) <> length({column})");
        if !value.is_ascii() {
            // Only such a text can have it; any text can lack it.
            self.text.push_str(if negated { "1 = 1" } else { &beyond_ascii });
            return;
        }
        let pattern = match comparison {
            Comparison::Equal => like(value),
            Comparison::StartsWith => format!("{}%", like(value)),
            Comparison::Contains => format!("%{}%", like(value)),
        };
        let text = format!("({not}lower({column}{collation}) LIKE ? ESCAPE '\\' OR {beyond_ascii})");
        self.push(&text, pattern.into());
    }

    fn push(&mut self, text: &str, value: Arg) {
        self.text.push_str(text);
        self.values.push(value);
    }
}

/// A text as a pattern that stands for itself.
fn like(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

/// The column of a property that holds a text, or what stands for one.
fn column(property: &str) -> String {
    if let Some(name) = property.strip_prefix(EXTENSION) {
        // A name is letters, digits and `_`, as the rule's reader has made sure.
        return format!(
            "COALESCE((SELECT v.value FROM custom_attribute_values v JOIN custom_attributes a ON a.id = v.attribute_id
                WHERE v.user_id = u.id AND a.name = '{name}'), '')"
        );
    }
    let column = match property {
        "department" => "u.department",
        "jobTitle" => "u.job_title",
        "companyName" => "u.company",
        "physicalDeliveryOfficeName" => "u.office",
        "userPrincipalName" => "u.user_name",
        "mail" => "u.mail",
        _ => "u.name",
    };
    column.to_owned()
}

/// The column that is indexed for a property, folded as names are, if there is one.
fn folded(property: &str) -> Option<&'static str> {
    match property {
        "department" => Some("u.department_folded"),
        "displayName" => Some("u.name_folded"),
        "userPrincipalName" => Some("u.user_name_folded"),
        _ => None,
    }
}

//! The properties of users that a request can ask about (F054): those that every user has, and those that an administrator has defined.
//! Also what sets a question about one apart.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::custom_attribute::{AttributeDefinition, AttributeType};
use super::text::{EXTENSION, NAME_MAX, UnknownValue, is_attribute_name};

/// A property of users that can be asked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum UserAttribute {
    /// Job title.
    JobTitle,
    /// Department.
    Department,
    /// Company.
    Company,
    /// Office.
    Office,
    /// Telephone.
    Phone,
    /// One that an administrator has defined, by its name.
    Custom(String),
}

impl UserAttribute {
    /// Those that every user has.
    pub const BUILT_IN: [Self; 5] = [Self::JobTitle, Self::Department, Self::Company, Self::Office, Self::Phone];

    /// As pages call it; a custom one is called by its definition, and by its name where that is not at hand.
    pub fn label(&self) -> &str {
        match self {
            Self::JobTitle => "Job title",
            Self::Department => "Department",
            Self::Company => "Company",
            Self::Office => "Office",
            Self::Phone => "Phone",
            Self::Custom(name) => name,
        }
    }

    /// The name of a custom attribute.
    pub fn custom(&self) -> Option<&str> {
        match self {
            Self::Custom(name) => Some(name),
            _ => None,
        }
    }

    /// The longest value, in characters.
    pub fn max(&self) -> usize {
        match self {
            Self::Phone => 64,
            _ => NAME_MAX,
        }
    }
}

impl fmt::Display for UserAttribute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::JobTitle => "job_title",
            Self::Department => "department",
            Self::Company => "company",
            Self::Office => "office",
            Self::Phone => "phone",
            Self::Custom(name) => return write!(f, "{EXTENSION}{name}"),
        })
    }
}

impl FromStr for UserAttribute {
    type Err = UnknownValue;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(match text {
            "job_title" => Self::JobTitle,
            "department" => Self::Department,
            "company" => Self::Company,
            "office" => Self::Office,
            "phone" => Self::Phone,
            other => match other.strip_prefix(EXTENSION).filter(|name| is_attribute_name(name)) {
                Some(name) => Self::Custom(name.to_owned()),
                None => return Err(UnknownValue(other.to_owned(), "UserAttribute")),
            },
        })
    }
}

impl From<&AttributeDefinition> for UserAttribute {
    fn from(attribute: &AttributeDefinition) -> Self {
        Self::Custom(attribute.name.clone())
    }
}

impl TryFrom<String> for UserAttribute {
    type Error = UnknownValue;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<UserAttribute> for String {
    fn from(attribute: UserAttribute) -> Self {
        attribute.to_string()
    }
}

/// What sets a question about an attribute apart from others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedAttribute {
    /// Which property.
    pub attribute: UserAttribute,
    /// What kind of value it has.
    pub kind: AttributeType,
    /// What is known of the person, or empty.
    pub known: String,
    /// What is known stays as it is.
    pub fixed: bool,
    /// The answer is written to the user.
    pub write: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f054_an_attribute_is_written_by_one_word() {
        let kept: UserAttribute = "extension_cost_center".parse().expect("an attribute");
        assert_eq!(
            (kept.custom(), kept.to_string().as_str()),
            (Some("cost_center"), "extension_cost_center")
        );
        for one in UserAttribute::BUILT_IN {
            assert_eq!(one.to_string().parse(), Ok(one));
        }
        assert!("extension_Cost".parse::<UserAttribute>().is_err() && "shoe_size".parse::<UserAttribute>().is_err());
    }
}

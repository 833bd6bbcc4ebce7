//! The properties of users that a request can ask about (F054), and what sets a question about one apart.

use serde::{Deserialize, Serialize};

use super::text::{NAME_MAX, string_enum};

string_enum! {
    /// A property of users that can be asked for.
    UserAttribute {
        /// Job title.
        JobTitle = "job_title",
        /// Department.
        Department = "department",
        /// Company.
        Company = "company",
        /// Office.
        Office = "office",
        /// Telephone.
        Phone = "phone",
    }
}

impl UserAttribute {
    /// As pages call it.
    pub fn label(self) -> &'static str {
        match self {
            Self::JobTitle => "Job title",
            Self::Department => "Department",
            Self::Company => "Company",
            Self::Office => "Office",
            Self::Phone => "Phone",
        }
    }

    /// The longest value, in characters.
    pub fn max(self) -> usize {
        match self {
            Self::Phone => 64,
            _ => NAME_MAX,
        }
    }
}

/// What sets a question about an attribute apart from others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedAttribute {
    /// Which property.
    pub attribute: UserAttribute,
    /// What is known of the person, or empty.
    pub known: String,
    /// What is known stays as it is.
    pub fixed: bool,
    /// The answer is written to the user.
    pub write: bool,
}

//! Find anything: what one search over the whole admin area finds. Only what is found; where it is looked for, the service knows.

use serde::{Deserialize, Serialize};

use super::text::string_enum;

/// Things of one kind that are told at the most.
pub const HITS_MAX: usize = 5;
/// Characters of a search that count.
pub const TEXT_MAX: usize = 100;
/// The shortest beginning of a request's number that is looked for, in characters.
pub const NUMBER_MIN: usize = 8;

string_enum! {
    /// What kind of thing was found, in the order in which they are told.
    HitKind {
        /// A user.
        Person = "person",
        /// A group.
        Group = "group",
        /// An access package.
        Package = "package",
        /// A catalog.
        Catalog = "catalog",
        /// An application.
        Application = "application",
        /// A site.
        Site = "site",
        /// A request, by its number.
        Request = "request",
        /// A page of the admin area.
        Page = "page",
        /// Something to do.
        Action = "action",
    }
}

impl HitKind {
    /// The heading over things of this kind.
    pub fn heading(self) -> &'static str {
        match self {
            Self::Person => "People",
            Self::Group => "Groups",
            Self::Package => "Access packages",
            Self::Catalog => "Catalogs",
            Self::Application => "Applications",
            Self::Site => "Sites",
            Self::Request => "Requests",
            Self::Page => "Pages",
            Self::Action => "Actions",
        }
    }
}

/// Something that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hit {
    /// Of which kind.
    pub kind: HitKind,
    /// Its name.
    pub name: String,
    /// What tells it from another of the same name; may be empty.
    pub detail: String,
    /// The address of its page.
    pub href: String,
}

/// The bounds of the ids that begin like this, as a person copies a request's number; nothing if it is none or too short.
pub fn number_range(text: &str) -> Option<(u128, u128)> {
    let digits: String = text.trim().chars().filter(|c| *c != '-').collect();
    if !(NUMBER_MIN..=32).contains(&digits.len()) || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let low = u128::from_str_radix(&format!("{digits:0<32}"), 16).ok()?;
    let high = u128::from_str_radix(&format!("{digits:f<32}"), 16).ok()?;
    Some((low, high))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_the_beginning_of_an_id() {
        let id = "019a1b2c-3d4e-7f60-8a9b-0c1d2e3f4a5b";
        let whole = uuid::Uuid::parse_str(id).map(|id| id.as_u128()).expect("an id");
        assert_eq!(number_range(id), Some((whole, whole)));
        let (low, high) = number_range(" 019A1B2C ").expect("a range");
        assert!(low <= whole && whole <= high && high - low == (1_u128 << 96) - 1);
        for other in ["", "019a1b2", "Marketing", "019a1b2c-3d4e-7f60-8a9b-0c1d2e3f4a5b0", "019a1b2x"] {
            assert_eq!(number_range(other), None, "{other}");
        }
    }
}

//! What a `$filter` says, as a tree. Paths are kept as they were written; comparing them is up to whoever knows the properties.

/// How a property is compared with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compare {
    /// `eq`.
    Equal,
    /// `ne`.
    NotEqual,
    /// `gt`.
    Greater,
    /// `ge`.
    GreaterOrEqual,
    /// `lt`.
    Less,
    /// `le`.
    LessOrEqual,
}

impl Compare {
    /// The comparison of a word such as `eq`, in any case.
    pub fn of(word: &str) -> Option<Self> {
        let known = [
            ("eq", Self::Equal),
            ("ne", Self::NotEqual),
            ("gt", Self::Greater),
            ("ge", Self::GreaterOrEqual),
            ("lt", Self::Less),
            ("le", Self::LessOrEqual),
        ];
        known
            .into_iter()
            .find(|(name, _)| word.eq_ignore_ascii_case(name))
            .map(|(_, compare)| compare)
    }

    /// As SQL and most languages write it.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "<>",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
        }
    }
}

/// Which part of a text has to match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextMatch {
    /// Any part of it.
    Contains,
    /// Its beginning.
    StartsWith,
    /// Its end.
    EndsWith,
}

/// A value as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Literal {
    /// In single quotes.
    Text(String),
    /// Without quotes: a number, an instant, an id or the word of an enumeration.
    Bare(String),
    /// `true` or `false`.
    Bool(bool),
    /// `null`.
    Null,
}

impl Literal {
    /// The text of a value that is neither a flag nor missing.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Bare(text) => Some(text),
            Self::Bool(_) | Self::Null => None,
        }
    }
}

/// A condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filter {
    /// Both hold.
    And(Box<Filter>, Box<Filter>),
    /// One of them holds.
    Or(Box<Filter>, Box<Filter>),
    /// It does not hold.
    Not(Box<Filter>),
    /// A property compares with a value.
    Compare {
        /// The property, such as `accessPackage/id`.
        path: String,
        /// How.
        compare: Compare,
        /// With what.
        value: Literal,
    },
    /// A property has one of these values.
    In {
        /// The property.
        path: String,
        /// The values.
        values: Vec<Literal>,
    },
    /// A part of a text property is this text.
    Matches {
        /// The property.
        path: String,
        /// Which part.
        part: TextMatch,
        /// The text.
        value: String,
    },
    /// One of the values of a collection property is this.
    AnyEqual {
        /// The property.
        path: String,
        /// The value.
        value: Literal,
    },
}

impl Filter {
    /// Gives every property that it names another name.
    pub fn rename(&mut self, rename: &impl Fn(&str) -> String) {
        match self {
            Self::And(left, right) | Self::Or(left, right) => {
                left.rename(rename);
                right.rename(rename);
            }
            Self::Not(inner) => inner.rename(rename),
            Self::Compare { path, .. } | Self::In { path, .. } | Self::Matches { path, .. } | Self::AnyEqual { path, .. } => {
                *path = rename(path);
            }
        }
    }
}

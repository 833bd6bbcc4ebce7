//! Checks of typed-in forms, run in the browser and again on the server. A check never stops at the first fault: it gathers all,
//! each with the path of its field, so that a page can say everything at once.

use serde::{Deserialize, Serialize};

use super::rule::RuleFault;
use super::text::{self, TextError, fold};

/// What is wrong with a field. The words for it are in `message`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Code {
    /// Nothing was typed or chosen.
    Required,
    /// More characters than this.
    TooLong(usize),
    /// Fewer characters than this.
    TooShort(usize),
    /// A character that cannot be shown.
    Unprintable,
    /// A character that a user name can't have.
    NotAUserName,
    /// Another one has this name already.
    Taken,
    /// Not a whole number.
    NotANumber,
    /// More things in a list than this.
    TooMany(usize),
    /// Outside from..=to.
    OutOfRange(i64, i64),
    /// Not a date or time.
    NotADate,
    /// A date that has passed.
    InThePast,
    /// No longer there, or never was.
    Gone,
    /// Not among the values offered.
    NotOffered,
    /// Not an address such as name@example.com.
    NotAnAddress,
    /// Too easy to guess.
    TooCommon,
    /// The two do not agree.
    Mismatch,
    /// The current password is not right.
    WrongPassword,
    /// The new password is the current one.
    Unchanged,
    /// A dynamic membership rule that cannot be taken: what is wrong, and at which character.
    Rule(RuleFault, usize),
    /// The same thing twice in one list.
    Repeated,
    /// Not a regular expression, or one that is too large.
    NotAPattern,
    /// An answer that does not match what is asked for.
    Pattern,
    /// One of these has to be chosen.
    ChooseOne(Vec<String>),
    /// An end that does not lie after its beginning.
    BeforeStart,
    /// Later than the policy allows.
    PastPolicy,
    /// Further away than this many days.
    TooLate(i64),
    /// As many lines as there are values, which are this many.
    OneForEach(usize),
    /// Not an address that a client may send people back to.
    NotARedirect(String),
    /// Not a public key that a client can sign with.
    NotAKey,
    /// Not a domain such as partner.example.
    NotADomain(String),
    /// Its end is over.
    Ended,
    /// Not a day.
    NotADay,
    /// A name that a custom attribute can't have.
    NotAnAttributeName,
}

/// One fault at one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// The field's path, such as `name` or `roles.2.role`.
    pub path: String,
    /// What is wrong with it.
    pub code: Code,
}

impl FieldError {
    /// A fault at a path.
    pub fn new(path: impl Into<String>, code: Code) -> Self {
        Self { path: path.into(), code }
    }
}

/// All faults of a form.
pub type FieldErrors = Vec<FieldError>;

impl From<TextError> for Code {
    fn from(error: TextError) -> Self {
        match error {
            TextError::Empty => Self::Required,
            TextError::TooLong(max) => Self::TooLong(max),
            TextError::Unprintable => Self::Unprintable,
        }
    }
}

/// Gathers the faults of one form while its values are read.
#[derive(Default)]
pub struct Checker {
    errors: FieldErrors,
}

impl Checker {
    /// Notes a fault.
    pub fn fail(&mut self, path: impl Into<String>, code: Code) {
        self.errors.push(FieldError::new(path, code));
    }

    /// Notes a fault at a field at which there is none yet.
    pub fn fail_once(&mut self, path: impl Into<String>, code: Code) {
        let path = path.into();
        if !self.errors.iter().any(|error| error.path == path) {
            self.fail(path, code);
        }
    }

    /// Takes the value, or notes the fault and gives a stand-in that `finish` never lets out.
    pub fn take<T: Default>(&mut self, path: &str, value: Result<T, impl Into<Code>>) -> T {
        value.unwrap_or_else(|code| {
            self.fail(path, code.into());
            T::default()
        })
    }

    /// A required line of at most `max` characters.
    pub fn line(&mut self, path: &str, value: &str, max: usize) -> String {
        self.take(path, text::line(value, max))
    }

    /// A line that may be empty.
    pub fn optional_line(&mut self, path: &str, value: &str, max: usize) -> String {
        self.take(path, text::optional_line(value, max))
    }

    /// Lines that may be empty.
    pub fn paragraph(&mut self, path: &str, value: &str, max: usize) -> String {
        self.take(path, text::paragraph(value, max))
    }

    /// A required text of several lines.
    pub fn required_paragraph(&mut self, path: &str, value: &str, max: usize) -> String {
        if value.trim().is_empty() {
            self.fail(path, Code::Required);
            return String::new();
        }
        self.paragraph(path, value, max)
    }

    /// A whole number within bounds.
    pub fn number(&mut self, path: &str, value: &str, from: i64, to: i64) -> i64 {
        let value = value.trim();
        if value.is_empty() {
            self.fail(path, Code::Required);
            return from;
        }
        match value.parse::<i64>() {
            Ok(number) if (from..=to).contains(&number) => number,
            Ok(_) => {
                self.fail(path, Code::OutOfRange(from, to));
                from
            }
            Err(_) => {
                self.fail(path, Code::NotANumber);
                from
            }
        }
    }

    /// The value if no fault was found.
    pub fn finish<T>(self, value: T) -> Result<T, FieldErrors> {
        if self.errors.is_empty() { Ok(value) } else { Err(self.errors) }
    }

    /// The faults found so far.
    pub fn into_errors(self) -> FieldErrors {
        self.errors
    }
}

/// A name with the form in which it is compared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Name {
    /// As typed, trimmed.
    pub text: String,
    /// As compared.
    pub folded: String,
}

impl Name {
    /// A checked name of a thing, at `path`.
    pub fn check(checker: &mut Checker, path: &str, value: &str) -> Self {
        Self::of(checker.line(path, value, text::NAME_MAX))
    }

    /// A name from text that has been checked.
    pub fn of(text: String) -> Self {
        let folded = fold(&text);
        Self { text, folded }
    }
}

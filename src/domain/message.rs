//! The words for every fault of a form, in one place, in the voice of the product.

use super::validate::Code;

/// One sentence for a fault at a field called `label`.
pub fn text(code: &Code, label: &str) -> String {
    match code {
        Code::Required => format!("{label} is required."),
        Code::TooLong(max) => format!("Use at most {max} characters."),
        Code::TooShort(min) => format!("Use at least {min} characters."),
        Code::NotAUserName => "Use the letters a to z, digits and . _ - @ + ' only, without blanks.".into(),
        Code::Unprintable => "This contains a character that can't be used here. Type it again without pasting.".into(),
        Code::Taken => format!("This {0} is taken. Choose a different {0}.", label.to_lowercase()),
        Code::NotANumber => "Enter a whole number.".into(),
        Code::TooMany(max) => format!("Choose at most {max}. Remove some of them."),
        Code::OutOfRange(from, to) => format!("Enter a number from {from} to {to}."),
        Code::NotADate => "Enter a date and time.".into(),
        Code::InThePast => "Choose a date in the future.".into(),
        Code::Gone => format!("{label} is no longer there. Remove it or choose another."),
        Code::NotOffered => "Choose one of the values offered.".into(),
        Code::NotAnAddress => "Enter an address such as name@example.com.".into(),
        Code::TooCommon => "This is too easy to guess. Use several unrelated words.".into(),
        Code::Mismatch => "The two passwords are not the same.".into(),
        Code::WrongPassword => "That is not your current password.".into(),
        Code::Unchanged => "Choose a password that differs from the current one.".into(),
        Code::RuleSyntax(at) => format!("The rule can't be read at character {at}. Write it like: user.department -eq \"Sales\""),
        Code::Repeated => "This is in the list already. Remove one of the two.".into(),
        Code::NotYet => "This is not available yet.".into(),
    }
}

//! The words for every fault of a form, in one place, in the voice of the product.

use super::rule::{PROPERTIES, RuleFault};
use super::validate::Code;

/// One sentence for a fault at a field called `label`.
pub fn text(code: &Code, label: &str) -> String {
    match code {
        Code::Required => format!("{label} is required."),
        Code::TooLong(max) => format!("Use at most {max} characters."),
        Code::TooShort(min) => format!("Use at least {min} characters."),
        Code::NotAUserName => "Use only the letters a to z, digits and . _ - @ + ' and no spaces.".into(),
        Code::Unprintable => {
            "This contains a hidden or control character, which can't be used here. Type the text again instead of pasting it.".into()
        }
        Code::Taken => format!("This {0} is taken. Choose a different {0}.", label.to_ascii_lowercase()),
        Code::NotANumber => "Enter a whole number.".into(),
        Code::TooMany(max) => format!("Choose at most {max}. Remove some of them."),
        Code::OutOfRange(from, to) => format!("Enter a number from {from} to {to}."),
        Code::NotADate => "Enter a date and time.".into(),
        Code::NotADay => "Enter a date such as 2026-12-31.".into(),
        Code::NotAnAttributeName => "Begin with a letter, and use only the letters a to z, digits and _.".into(),
        Code::InThePast => "Choose a date in the future.".into(),
        Code::Gone => format!("{label} is no longer there. Remove it or choose another."),
        Code::NotOffered => "This is not one of the values offered. Choose one of them.".into(),
        Code::NotAnAddress => "Enter an address such as name@example.com.".into(),
        Code::TooCommon => "This is too easy to guess. Use several unrelated words.".into(),
        Code::Mismatch => "The two passwords are not the same. Type both again.".into(),
        Code::WrongPassword => "That is not your current password. Type it again.".into(),
        Code::Unchanged => "Choose a password that differs from the current one.".into(),
        Code::Rule(fault, at) => format!("At character {at} of the rule: {}", rule_fault(*fault)),
        Code::Repeated => "This is in the list already. Remove one of the two.".into(),
        Code::OneForEach(1) => "Type one line: there is one answer value.".into(),
        Code::OneForEach(count) => format!("Type {count} lines, one for each answer value in the same order, or leave it empty."),
        Code::NotAPattern => "This is not a regular expression that can be used. Look-around and back references are not available.".into(),
        Code::Pattern => "This does not have the form that is asked for. Check it for missing or extra characters.".into(),
        Code::ChooseOne(names) => format!("Choose one: {}.", names.join(", ")),
        Code::BeforeStart => "Choose an end after the start.".into(),
        Code::TooLate(days) => format!("Choose a date within the next {days} days."),
        Code::NotARedirect(line) => format!(
            "{line} can't be used. Enter one address a line that begins with https://, or with http://localhost for a program on a person's \
             own computer, without # * @ or spaces."
        ),
        Code::NotADomain(line) => format!("{line} is not a domain. Enter one domain a line, such as partner.example."),
        Code::NotAKey => "Paste one public key or certificate in PEM form: RSA of 2048 to 8192 bits, or EC P-256.".into(),
        Code::Ended => format!("{label} has ended already."),
        Code::PastPolicy => "The policy does not give access for so long. Choose an earlier date.".into(),
    }
}

/// What is wrong with a rule where reading stopped, and what to write there.
fn rule_fault(fault: RuleFault) -> String {
    match fault {
        RuleFault::Unreadable => "this can't be read. Write a test such as user.department -eq \"Sales\", joined by -and or -or.".into(),
        RuleFault::Property => {
            format!(
                "write user. and a property: {}, or extension_ and the name of a custom attribute.",
                PROPERTIES.join(", ")
            )
        }
        RuleFault::Operator => "write an operator: -eq, -ne, -startsWith, -notStartsWith, -contains or -notContains.".into(),
        RuleFault::NotForThisProperty => "this property has the operators -eq and -ne only. Use one of the two.".into(),
        RuleFault::EmptyText => "the text is empty, which would hold for everybody. Write a text, or null for an empty property.".into(),
        RuleFault::NullOnlyEqual => "null goes with -eq and -ne only. Write a text in quotes, or change the operator.".into(),
        RuleFault::OpenText => "this text has no closing quote. Write \" at its end, and `\" for a quote inside it.".into(),
        RuleFault::NotAText => "write a text in quotes, such as \"Sales\", or null for an empty property.".into(),
        RuleFault::NotTrueOrFalse => "write true or false, without quotes.".into(),
        RuleFault::NotAUserType => "write \"Member\" or \"Guest\".".into(),
        RuleFault::TooDeep => "too many parentheses or -not stand within one another. Split the rule.".into(),
    }
}

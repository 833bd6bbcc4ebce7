//! What a rule does to a person: whether it keeps them from getting a package, in words for each who reads them. Names that a reader may not
//! see are missing here already; the words then say it in general.

use serde::{Deserialize, Serialize};

use super::Counterpart;
use crate::domain::id::IncompatibilityId;
use crate::domain::refusal::Refusal;

/// What a request says that came to nothing by a rule: everyone who sees the request reads it, so it names nothing.
pub const HELD: &str = "The person has access that can't be combined with this package";

/// A rule that stands against a person's getting a package: they have what it names, and no exception.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflict {
    /// The rule.
    pub rule: IncompatibilityId,
    /// What it names.
    pub counterpart: Counterpart,
    /// Its name; `None`: not for this reader.
    pub name: Option<String>,
}

/// Who reads why a package is not to be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience<'a> {
    /// The person themselves.
    Themselves,
    /// Somebody who asks for this person.
    Requestor(&'a str),
    /// Somebody who is to decide whether this person gets it.
    Approver(&'a str),
    /// Somebody who gives it to this person, or looks after the package.
    Administrator(&'a str),
}

impl Audience<'_> {
    fn has(self) -> String {
        match self {
            Self::Themselves => "You have".to_owned(),
            Self::Requestor(name) | Self::Approver(name) | Self::Administrator(name) => format!("{name} has"),
        }
    }

    fn is(self) -> &'static str {
        match self {
            Self::Themselves => "are",
            _ => "is",
        }
    }

    fn way_out(self) -> &'static str {
        match self {
            Self::Themselves => "Give that up first, or ask an administrator for an exception.",
            Self::Requestor(_) => "That has to end first, or an administrator has to grant an exception.",
            Self::Approver(_) => "It can be approved when that has ended or an administrator has granted an exception.",
            Self::Administrator(_) => "End that first, or grant an exception under Separation of duties.",
        }
    }
}

/// Whether a person can get the package called `package` in spite of these rules (F128, F129).
pub fn may_gain(conflicts: &[Conflict], audience: Audience<'_>, package: &str) -> Result<(), Refusal> {
    if conflicts.is_empty() {
        return Ok(());
    }
    let reason = format!("{} {}", statement(conflicts, audience, package), audience.way_out());
    Err(Refusal::new("incompatible", reason))
}

/// What stands against it, in one sentence.
fn statement(conflicts: &[Conflict], audience: Audience<'_>, package: &str) -> String {
    let named = |wanted: fn(Counterpart) -> bool| -> Vec<&str> {
        let these = conflicts.iter().filter(|conflict| wanted(conflict.counterpart));
        these.filter_map(|conflict| conflict.name.as_deref()).collect()
    };
    let packages = named(|counterpart| matches!(counterpart, Counterpart::Package(_)));
    let groups = named(|counterpart| matches!(counterpart, Counterpart::Group(_)));
    let mut held: Vec<String> = Vec::new();
    if !packages.is_empty() {
        held.push(format!("{} {}", audience.has(), listed(&packages)));
    }
    if packages.len() + groups.len() < conflicts.len() {
        let other = if held.is_empty() {
            format!("{} other access", audience.has())
        } else {
            "other access".to_owned()
        };
        held.push(other);
    }
    if !groups.is_empty() {
        let member = format!("a member of {}", listed(&groups));
        held.push(match (held.is_empty(), audience) {
            (false, _) => format!("{} {member}", audience.is()),
            (true, Audience::Themselves) => format!("You are {member}"),
            (true, Audience::Requestor(name) | Audience::Approver(name) | Audience::Administrator(name)) => format!("{name} is {member}"),
        });
    }
    format!("{}, which can't be combined with {package}.", held.join(" and "))
}

/// Names in a sentence.
fn listed(names: &[&str]) -> String {
    match names {
        [others @ .., before, last] => {
            let mut all: Vec<&str> = others.to_vec();
            let end = format!("{before} and {last}");
            all.push(&end);
            all.join(", ")
        }
        _ => names.concat(),
    }
}

/// What one who decides on a request reads of the rules that stand against it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConflictNotice {
    /// In words.
    pub text: String,
    /// It cannot be approved as things are; more time for what somebody has already can.
    pub blocks: bool,
}

/// The same rules for a request that is waiting: one that gives access is held up, one for more time is not.
pub fn notice(conflicts: &[Conflict], audience: Audience<'_>, package: &str, gives: bool) -> Option<ConflictNotice> {
    if conflicts.is_empty() {
        return None;
    }
    let way_out = if gives {
        audience.way_out()
    } else {
        "Whoever has both already keeps both."
    };
    Some(ConflictNotice {
        text: format!("{} {way_out}", statement(conflicts, audience, package)),
        blocks: gives,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::{ObjectId, PackageId};
    use uuid::Uuid;

    fn conflict(group: bool, name: Option<&str>) -> Conflict {
        Conflict {
            rule: IncompatibilityId(Uuid::nil()),
            counterpart: if group {
                Counterpart::Group(ObjectId(Uuid::nil()))
            } else {
                Counterpart::Package(PackageId(Uuid::nil()))
            },
            name: name.map(str::to_owned),
        }
    }

    fn said(conflicts: &[Conflict], audience: Audience<'_>) -> String {
        may_gain(conflicts, audience, "Payments").expect_err("refused").reason
    }

    #[test]
    fn f128_f129_the_refusal_names_what_one_has_and_the_way_out() {
        assert_eq!(may_gain(&[], Audience::Themselves, "Payments"), Ok(()));
        let (audit, group) = (conflict(false, Some("Audit")), conflict(true, Some("Auditors")));
        assert_eq!(
            said(std::slice::from_ref(&audit), Audience::Themselves),
            "You have Audit, which can't be combined with Payments. Give that up first, or ask an administrator for an exception."
        );
        assert_eq!(
            said(std::slice::from_ref(&group), Audience::Administrator("Kim")),
            "Kim is a member of Auditors, which can't be combined with Payments. End that first, or grant an exception under Separation of \
             duties."
        );
        let both = [audit, conflict(false, Some("Ledger")), group];
        assert!(said(&both, Audience::Approver("Kim")).starts_with("Kim has Audit and Ledger and is a member of Auditors, which"));
    }

    #[test]
    fn f128_what_the_reader_may_not_see_is_told_in_general() {
        let unseen = conflict(false, None);
        assert!(
            said(std::slice::from_ref(&unseen), Audience::Requestor("Kim")).starts_with("Kim has other access, which can't be combined")
        );
        let mixed = [unseen, conflict(false, Some("Audit")), conflict(true, Some("Auditors"))];
        let text = said(&mixed, Audience::Requestor("Kim"));
        assert!(
            text.starts_with("Kim has Audit and other access and is a member of Auditors, which"),
            "{text}"
        );
    }

    #[test]
    fn f128_more_time_is_not_held_up() {
        let found = [conflict(false, Some("Audit"))];
        let told = |gives| notice(&found, Audience::Approver("Kim"), "Payments", gives).expect("a notice");
        assert!(told(true).blocks);
        assert!(!told(false).blocks && told(false).text.ends_with("keeps both."));
        assert_eq!(notice(&[], Audience::Themselves, "Payments", true), None);
    }
}

//! What each mail says: subject, one sentence, the facts, where its button leads. Dates are in UTC and say so, for a mail is read anywhere.

use chrono::{DateTime, Timelike, Utc};

use super::super::notification::NotificationKind;
use super::super::when::ViewerTime;
use super::{MailFacts, Waiting};

/// Whoever reads a mail may be in any zone.
const UTC: ViewerTime = ViewerTime { offset: 0 };

/// A mail before it is laid out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Letter {
    /// One line.
    pub subject: String,
    /// What happened, or what is asked for.
    pub sentence: String,
    /// What one needs to know: label and value. Those without a value are left out.
    pub rows: Vec<(&'static str, String)>,
    /// What the button says.
    pub button: &'static str,
    /// Where it leads.
    pub link: String,
    /// What else to say, below the button.
    pub note: &'static str,
}

fn day(at: Option<DateTime<Utc>>) -> String {
    at.map_or_else(|| "its deadline".into(), |at| UTC.date(at))
}

fn exact(at: Option<DateTime<Utc>>) -> String {
    at.map(|at| UTC.exact_in_zone(at)).unwrap_or_default()
}

fn time(at: Option<DateTime<Utc>>) -> String {
    at.map_or_else(
        || "the end of the day".into(),
        |at| format!("{:02}:{:02} UTC", at.hour(), at.minute()),
    )
}

/// `Alex Wilber`, or `Alex Wilber for Ada Lovelace`.
fn people(facts: &MailFacts) -> String {
    if facts.target.is_empty() {
        facts.requestor.clone()
    } else {
        format!("{} for {}", facts.requestor, facts.target)
    }
}

/// What an approver has to know to decide.
fn request_rows(facts: &MailFacts) -> Vec<(&'static str, String)> {
    let stage = match (facts.facts.stage, facts.facts.stages) {
        (stage, stages) if stage >= 1 && stages > 1 => format!("{stage} of {stages}"),
        _ => String::new(),
    };
    vec![
        ("Requestor", facts.requestor.clone()),
        ("Organization", facts.organization.clone()),
        ("For", facts.target.clone()),
        ("You decide for", facts.in_place_of.clone()),
        ("Access package", facts.package.clone()),
        ("Business justification", facts.justification.clone()),
        ("Access from", exact(facts.asked_from)),
        ("Access until", exact(facts.asked_until)),
        ("Submitted", exact(facts.submitted_at)),
        ("Decide by", exact(facts.facts.due_at)),
        ("Stage", stage),
    ]
}

/// The letter of a notification.
pub(super) fn letter(kind: NotificationKind, facts: &MailFacts) -> Letter {
    if kind.is_for_approvers() {
        return to_approver(kind, facts);
    }
    if kind.is_for_administrators() {
        return to_administrator(kind, facts);
    }
    let (rows, button) = match kind {
        NotificationKind::AccessDelivered | NotificationKind::AccessEnding | NotificationKind::AccessEnded => {
            (access_rows(facts), "Open My Access")
        }
        NotificationKind::DelegateAssigned => (delegation_rows(facts), "Open approvals"),
        _ => (outcome_rows(facts), "See the request"),
    };
    let (subject, sentence, note) = to_person(kind, facts);
    Letter {
        subject,
        sentence,
        rows,
        button,
        link: facts.link.clone(),
        note,
    }
}

fn to_approver(kind: NotificationKind, facts: &MailFacts) -> Letter {
    let (who, package, said) = (people(facts), &facts.package, &facts.facts);
    let (first, due) = (said.stage <= 1, day(said.due_at));
    let requestor = &facts.requestor;
    let wants = if facts.extends { "more time with" } else { "access to" };
    let asks = format!("{who} asks for {wants} {package}. Decide by {}.", exact(said.due_at).trim());
    let asks = if said.due_at.is_some() {
        asks
    } else {
        format!("{who} asks for {wants} {package}.")
    };
    let (subject, sentence) = match kind {
        NotificationKind::ApprovalForwarded => (
            format!("Action required: Approve or deny forwarded request by {due}"),
            format!("Nobody has decided yet, so this request is forwarded to you. {asks}"),
        ),
        NotificationKind::ApprovalRequested => {
            let subject = match (said.forwards, first) {
                (false, _) => format!("Action required: Approve or deny request by {due}"),
                (true, true) => format!("Approve or deny the request by {} on {due}", time(said.due_at)),
                (true, false) => format!("Action required: Approve or deny the request by {due} for {requestor}"),
            };
            (subject, asks)
        }
        NotificationKind::ApprovalReminder => {
            let head = if first && !said.forwards {
                "Reminder"
            } else {
                "Action required reminder"
            };
            (
                format!("{head}: Approve or deny the request by {due} for {requestor}"),
                format!("This request still waits for you. {asks}"),
            )
        }
        NotificationKind::ApprovalExpired => {
            let head = if first { "Request" } else { "A request" };
            (
                format!("{head} has expired for {package}"),
                format!("Nobody decided in time, so the request of {who} for {package} has expired."),
            )
        }
        _ => {
            let by = if said.by.is_empty() {
                String::new()
            } else {
                format!(" by {}", said.by)
            };
            let decided = if kind == NotificationKind::ApprovalDenied {
                "denied"
            } else {
                "approved"
            };
            (
                format!("Request {decided} for {requestor} to {package}"),
                format!("The request of {who} for {package} was {decided}{by}."),
            )
        }
    };
    let decides = kind.asks_to_decide();
    let mut rows = request_rows(facts);
    if !decides {
        rows.retain(|(label, _)| *label != "Decide by");
        rows.push(("Reason", said.reason.clone()));
    }
    Letter {
        subject,
        sentence,
        rows,
        button: if decides { "Approve or deny" } else { "Open approvals" },
        link: facts.link.clone(),
        note: if decides {
            "The link asks you to sign in. Nothing is decided by opening it."
        } else {
            ""
        },
    }
}

/// What was done in the admin area, to whoever began it.
fn to_administrator(kind: NotificationKind, facts: &MailFacts) -> Letter {
    let (package, said) = (&facts.package, &facts.facts);
    let number = |count: i64| count.to_string();
    let (subject, sentence, rows, button) = if kind == NotificationKind::PackageEnded {
        (
            format!("{package} is deleted"),
            match said.ended {
                1 => format!("The assignment of {package} was ended, and the access package is deleted."),
                count => format!("All {count} assignments of {package} were ended, and the access package is deleted."),
            },
            vec![("Access package", package.clone()), ("Assignments", number(said.ended))],
            "See the audit log",
        )
    } else {
        let rows = vec![
            ("File", said.file.clone()),
            ("Created", number(said.created)),
            ("Changed", number(said.changed)),
            ("Unchanged", number(said.unchanged)),
            ("Refused", number(said.refused)),
            ("Reason", said.reason.clone()),
        ];
        let counts = format!(
            "{} created, {} changed, {} unchanged, {} refused",
            said.created, said.changed, said.unchanged, said.refused
        );
        let (subject, sentence) = if said.reason.is_empty() {
            (
                format!("The import of {} is finished", said.file),
                format!("The import of {} is finished: {counts}.", said.file),
            )
        } else {
            (
                format!("The import of {} has stopped", said.file),
                format!("The import of {} has stopped, so far with {counts}. {}", said.file, said.reason),
            )
        };
        (subject, sentence, rows, "Open the import")
    };
    Letter {
        subject,
        sentence,
        rows,
        button,
        link: facts.link.clone(),
        note: "",
    }
}

/// Subject, sentence and note of a mail to somebody who asked, or who has or had access.
fn to_person(kind: NotificationKind, facts: &MailFacts) -> (String, String, &'static str) {
    let (package, said) = (&facts.package, &facts.facts);
    let by = |what: &str| {
        if said.by.is_empty() {
            format!("Your request for {package} was {what}.")
        } else {
            format!("Your request for {package} was {what} by {}.", said.by)
        }
    };
    match kind {
        NotificationKind::RequestDenied => (
            format!("Request denied to {package}"),
            by("denied"),
            "You can request it again; say what has changed.",
        ),
        NotificationKind::RequestExpired => (
            format!("Your request has expired for {package}"),
            format!("Nobody decided on your request for {package} in time."),
            "You can request it again.",
        ),
        NotificationKind::RequestCanceled => (format!("Your request for {package} was canceled"), by("canceled"), ""),
        NotificationKind::AccessDelivered => (
            format!("You now have access to {package}"),
            match said.ends_at {
                Some(_) => format!("You now have access to {package}, until {}.", day(said.ends_at)),
                None => format!("You now have access to {package}."),
            },
            "",
        ),
        NotificationKind::AccessEnding if said.extension => (
            format!("Extend access for {package} by {}", day(said.ends_at)),
            format!(
                "Your access to {package} ends on {}. You can ask for more time until then.",
                exact(said.ends_at)
            ),
            "In My Access, choose Active, then Extend.",
        ),
        NotificationKind::AccessEnding => (
            format!("Your access to {package} ends on {}", day(said.ends_at)),
            format!("Your access to {package} ends on {}. It can't be extended.", exact(said.ends_at)),
            "You can request the access package again once it has ended, if you still may.",
        ),
        NotificationKind::AccessEnded => (
            format!("Access has ended for {package}"),
            format!("Your access to {package} has ended, and what it gave you was taken back."),
            "",
        ),
        NotificationKind::DeliveryFailed if said.partly => (
            format!("Your access to {package} is incomplete"),
            format!("Your request for {package} was delivered only in part. Your administrators can see why and try again."),
            "",
        ),
        NotificationKind::DeliveryFailed => (
            format!("Your request for {package} could not be delivered"),
            format!("Your request for {package} could not be delivered. Your administrators can see why and try again."),
            "",
        ),
        NotificationKind::DelegateAssigned => (
            format!("{} delegated approvals to you", said.by),
            format!("Requests that {} would decide on come to you too.", said.by),
            "You decide for them; the trail names both of you.",
        ),
        _ => (
            format!("A delegate decided on your request for {package}"),
            format!("{} decided on your request for {package} as a delegate.", said.by),
            "",
        ),
    }
}

fn access_rows(facts: &MailFacts) -> Vec<(&'static str, String)> {
    vec![
        ("Access package", facts.package.clone()),
        ("Access until", exact(facts.facts.ends_at)),
        ("Reason", facts.facts.reason.clone()),
    ]
}

fn delegation_rows(facts: &MailFacts) -> Vec<(&'static str, String)> {
    vec![
        ("Access package", facts.package.clone()),
        ("From", exact(facts.facts.starts_at)),
        ("Until", exact(facts.facts.ends_at)),
    ]
}

fn outcome_rows(facts: &MailFacts) -> Vec<(&'static str, String)> {
    vec![
        ("Access package", facts.package.clone()),
        ("Requestor", facts.requestor.clone()),
        ("For", facts.target.clone()),
        ("Submitted", exact(facts.submitted_at)),
        ("Reason", facts.facts.reason.clone()),
    ]
}

/// The mail by which somebody chooses their first password.
pub(super) fn sign_in_link(tenant: &str, user_name: &str, expires_at: DateTime<Utc>, link: &str) -> Letter {
    Letter {
        subject: format!("Your account at {tenant}"),
        sentence: "An account was made for you. Choose a password with the button below, then sign in with it and your user name.".into(),
        rows: vec![("User name", user_name.to_owned()), ("Link serves until", exact(Some(expires_at)))],
        button: "Choose a password",
        link: link.to_owned(),
        note: "The link works once, for you alone: do not pass it on. If it is over, ask an administrator for another.",
    }
}

/// The daily mail of all that waits for one person.
pub(super) fn digest(waiting: &[Waiting], link: &str) -> Letter {
    let (count, verb) = match waiting.len() {
        1 => ("1 request".to_owned(), "waits"),
        many => (format!("{many} requests"), "wait"),
    };
    let row = |waiting: &Waiting| {
        let by = waiting.due_at.map(|at| format!(", decide by {}", UTC.exact_in_zone(at)));
        (
            "Request",
            format!("{} for {}{}", waiting.requestor, waiting.package, by.unwrap_or_default()),
        )
    };
    Letter {
        subject: format!("Action required: {count} {verb} for your decision"),
        sentence: format!("{count} {verb} for your decision."),
        rows: waiting.iter().map(row).collect(),
        button: "Open approvals",
        link: link.to_owned(),
        note: "You get this once a day instead of a mail for each request.",
    }
}

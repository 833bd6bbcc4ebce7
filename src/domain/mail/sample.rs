//! An example of every mail, for the previews of the admin area and for the tests.

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

use super::super::notification::{Facts, NotificationKind};
use super::{Mail, MailFacts, Waiting, digest, mail, sign_in_link};

/// An example of one mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sample {
    /// By which it is asked for: `1` to `20` for the mails of the feature map, a word for the others.
    pub name: String,
    /// Who gets it, and when.
    pub about: String,
    /// Its subject.
    pub subject: String,
}

use NotificationKind::{
    AccessDelivered, AccessEnded, AccessEnding, ApprovalDenied, ApprovalExpired, ApprovalForwarded, ApprovalGiven, ApprovalReminder,
    ApprovalRequested, DelegateAssigned, DelegateDecided, DeliveryFailed, ImportFinished, PackageEnded, RequestCanceled, RequestDenied,
    RequestExpired,
};

/// Name, kind, stage, number of stages, whether the stage forwards, and who gets it when.
type Row = (&'static str, NotificationKind, i64, i64, bool, &'static str);

const ROWS: [Row; 30] = [
    (
        "1",
        ApprovalForwarded,
        1,
        1,
        true,
        "Alternates of stage 1, when a request is forwarded",
    ),
    ("2", ApprovalRequested, 1, 1, false, "Approvers of stage 1, when it begins"),
    ("3", ApprovalReminder, 1, 1, false, "Approvers of stage 1 who have not decided"),
    (
        "4",
        ApprovalRequested,
        1,
        1,
        true,
        "Approvers of stage 1, when it begins and may be forwarded",
    ),
    (
        "5",
        ApprovalReminder,
        1,
        1,
        true,
        "Approvers of stage 1 who have not decided, before it is forwarded",
    ),
    (
        "6",
        ApprovalExpired,
        1,
        2,
        false,
        "Approvers and alternates of stage 1, when nobody decided in time",
    ),
    (
        "7",
        ApprovalGiven,
        1,
        1,
        false,
        "Approvers and alternates, when the request is approved",
    ),
    (
        "8",
        ApprovalGiven,
        1,
        2,
        false,
        "Approvers and alternates of stage 1, when it is approved and others follow",
    ),
    ("9", RequestDenied, 1, 1, false, "Requestor, when the request is denied"),
    ("10", RequestExpired, 1, 1, false, "Requestor, when nobody decided in time"),
    ("11", ApprovalRequested, 2, 2, false, "Approvers of a later stage, when it begins"),
    (
        "12",
        ApprovalReminder,
        2,
        2,
        false,
        "Approvers of a later stage who have not decided",
    ),
    (
        "13",
        ApprovalRequested,
        2,
        2,
        true,
        "Approvers of a later stage, when it begins and may be forwarded",
    ),
    (
        "14",
        ApprovalReminder,
        2,
        2,
        true,
        "Approvers of a later stage who have not decided, before it is forwarded",
    ),
    (
        "15",
        ApprovalForwarded,
        2,
        2,
        true,
        "Alternates of a later stage, when a request is forwarded",
    ),
    (
        "16",
        ApprovalGiven,
        2,
        2,
        false,
        "Approvers and alternates of a later stage, when it is approved",
    ),
    (
        "17",
        ApprovalExpired,
        2,
        2,
        false,
        "Approvers and alternates of a later stage, when nobody decided in time",
    ),
    ("18", AccessDelivered, 0, 0, false, "Requestor, when access is delivered"),
    (
        "19",
        AccessEnding,
        0,
        0,
        true,
        "Whoever has access, 14 days and 1 day before it ends",
    ),
    ("20", AccessEnded, 0, 0, false, "Whoever had access, when it has ended"),
    ("19-final", AccessEnding, 0, 0, false, "The same where it can't be extended"),
    (
        "denied-by-another",
        ApprovalDenied,
        1,
        1,
        false,
        "Approvers and alternates, when another of them denied the request",
    ),
    (
        "canceled",
        RequestCanceled,
        0,
        0,
        false,
        "Requestor, when somebody else canceled the request",
    ),
    ("failed", DeliveryFailed, 0, 0, false, "Requestor, when delivery failed"),
    (
        "failed-partly",
        DeliveryFailed,
        1,
        0,
        false,
        "Requestor, when delivery failed in part",
    ),
    (
        "delegate",
        DelegateAssigned,
        0,
        0,
        false,
        "A delegate, when approvals are delegated to them",
    ),
    (
        "delegate-decided",
        DelegateDecided,
        0,
        0,
        false,
        "Requestor, when a delegate decided",
    ),
    (
        "18-forever",
        AccessDelivered,
        0,
        1,
        false,
        "Requestor, when access without an end is delivered",
    ),
    ("import", ImportFinished, 0, 0, false, "Whoever began an import, when it is over"),
    (
        "package-ended",
        PackageEnded,
        0,
        0,
        false,
        "Whoever had all assignments of a package ended, when it is deleted",
    ),
];

const DIGEST: &str = "digest";
const LINK: &str = "sign-in-link";

/// The day of the examples.
fn monday() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + Duration::days(20_780) + Duration::hours(10)
}

fn facts(tenant: &str, url: &str, (name, kind, stage, stages, forwards, _): Row) -> MailFacts {
    let now = monday();
    let decides = kind.is_for_approvers();
    MailFacts {
        recipient: if decides { "Ben Approver" } else { "Alex Wilber" }.into(),
        tenant: tenant.to_owned(),
        package: "Marketing Campaign".into(),
        requestor: "Alex Wilber".into(),
        organization: "Fabrikam".into(),
        target: String::new(),
        in_place_of: if name == "11" { "Ada Lovelace" } else { "" }.into(),
        justification: "I am working on the new marketing campaign".into(),
        extends: name == "12",
        asked_from: (name == "2").then(|| now + Duration::days(3)),
        asked_until: (name == "2").then(|| now + Duration::days(33)),
        submitted_at: Some(now),
        facts: Facts {
            due_at: decides.then(|| now + Duration::days(14)),
            stage,
            stages,
            forwards: forwards && decides,
            ends_at: (name != "18-forever" && !decides).then(|| now + Duration::days(30)),
            reason: if matches!(kind, RequestDenied | RequestCanceled | ApprovalDenied) {
                "The campaign is over"
            } else {
                ""
            }
            .into(),
            by: "Ben Approver".into(),
            extension: forwards,
            partly: name == "failed-partly",
            starts_at: (kind == DelegateAssigned).then_some(now),
            file: "people.csv".into(),
            created: 40,
            changed: 2,
            unchanged: 7,
            refused: 1,
            ended: 12,
            ..Facts::default()
        },
        link: format!("{url}/my-access"),
    }
}

fn waiting() -> [Waiting; 2] {
    [
        Waiting {
            requestor: "Alex Wilber".into(),
            package: "Marketing Campaign".into(),
            due_at: Some(monday() + Duration::days(14)),
        },
        Waiting {
            requestor: "Ada Lovelace".into(),
            package: "Sales toolkit".into(),
            due_at: Some(monday() + Duration::days(2)),
        },
    ]
}

/// Every example by its name, as the tenant reached at `url` would send it.
pub fn samples(tenant: &str, url: &str) -> Vec<Sample> {
    let about = |name: &str| {
        ROWS.iter().find(|row| row.0 == name).map_or_else(
            || match name {
                LINK => "Whoever has no password yet, when an administrator sends a link",
                _ => "Approvers, once a day, instead of a mail for each request",
            },
            |row| row.5,
        )
    };
    ROWS.iter()
        .map(|row| row.0)
        .chain([DIGEST, LINK])
        .filter_map(|name| {
            Some(Sample {
                name: name.to_owned(),
                about: about(name).to_owned(),
                subject: sample(name, tenant, url)?.subject,
            })
        })
        .collect()
}

/// One example in full.
pub fn sample(name: &str, tenant: &str, url: &str) -> Option<Mail> {
    if name == DIGEST {
        return Some(digest("Ben Approver", tenant, &waiting(), &format!("{url}/my-access")));
    }
    if name == LINK {
        let link = format!("{url}/sign-in-link/\u{2026}");
        return Some(sign_in_link("Alex Wilber", tenant, "alex", monday() + Duration::days(7), &link));
    }
    let row = ROWS.iter().find(|row| row.0 == name)?;
    Some(mail(row.1, &facts(tenant, url, *row)))
}

/// Kind and facts of one example.
#[cfg(test)]
pub(super) fn of(name: &str) -> (NotificationKind, MailFacts) {
    let row = ROWS.iter().find(|row| row.0 == name).expect("an example");
    (row.1, facts("Woodgrove Bank", "https://access.example", *row))
}

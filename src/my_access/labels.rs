//! The sentences of My Access that are put together from facts. Plain functions, so that each can be read and tested by itself.

use chrono::{DateTime, Utc};

use crate::domain::id::PackageId;
use crate::domain::offer::{OfferItem, OfferResource, OfferTab};

/// How many resources a row names before it counts the rest.
const NAMED: usize = 2;

/// The label of a tab.
pub fn tab(tab: OfferTab) -> &'static str {
    match tab {
        OfferTab::Available => "Available",
        OfferTab::Suggested => "Suggested",
        OfferTab::Active => "Active",
        OfferTab::Expired => "Expired",
    }
}

/// What a package gives, in a few words: `Marketing resources, Payroll and 3 more`.
pub fn resources(resources: &[OfferResource]) -> String {
    let mut names: Vec<&str> = Vec::new();
    for resource in resources {
        if !names.contains(&resource.name.as_str()) {
            names.push(&resource.name);
        }
    }
    let more = names.len().saturating_sub(NAMED);
    let shown = names[..names.len() - more].join(", ");
    match more {
        0 if shown.is_empty() => "Nothing yet".to_owned(),
        0 => shown,
        _ => [shown.as_str(), " and ", &more.to_string(), " more"].concat(),
    }
}

/// How long access lasts, as a sentence.
pub fn lasts(lasts: &str) -> String {
    match lasts {
        "never" => "Access has no end date.".to_owned(),
        _ => ["Access ends ", lasts, "."].concat(),
    }
}

/// Until when one has a package, or had it at `now`; `date` words a day.
pub fn for_update(ends_at: Option<DateTime<Utc>>, now: DateTime<Utc>, date: impl Fn(DateTime<Utc>) -> String) -> String {
    match ends_at {
        None => "You have this; it has no end date.".to_owned(),
        Some(at) if at > now => ["You have this until ", &date(at), "."].concat(),
        Some(at) => ["You had this until ", &date(at), "."].concat(),
    }
}

/// Why Request access can't be pressed, with this package ticked among these.
pub fn why_not(offers: &[OfferItem], ticked: Option<PackageId>) -> Option<String> {
    match ticked.and_then(|id| offers.iter().find(|offer| offer.id == id)) {
        None => Some("Tick the check mark of a package first.".to_owned()),
        Some(offer) => offer.request.reason(),
    }
}

/// An empty list: what it is for, and what one can do.
pub fn empty(tab: OfferTab) -> (&'static str, &'static str) {
    match tab {
        OfferTab::Available => (
            "There is nothing to request right now",
            "Packages that you can ask for are listed here. If you were sent a link to one, open the link; otherwise ask your administrator.",
        ),
        OfferTab::Suggested => (
            "There is nothing to suggest",
            "Packages that several people around you have, or that you had before, are listed here if you can ask for them.",
        ),
        OfferTab::Active => (
            "You have no access packages",
            "What you have been given is listed here, with the day on which it ends. Request a package under Available.",
        ),
        OfferTab::Expired => (
            "None of your access has ended",
            "Packages that you had before are listed here, so that you can request them again.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::expiration::Expiration;
    use crate::domain::refusal::{Permission, Refusal};

    fn gives(names: &[&str]) -> Vec<OfferResource> {
        names
            .iter()
            .map(|name| OfferResource {
                name: (*name).to_owned(),
                kind: "Security group".into(),
                role: "Member".into(),
            })
            .collect()
    }

    fn offer(number: u128, request: Permission) -> OfferItem {
        OfferItem {
            id: PackageId(uuid::Uuid::from_u128(number)),
            name: "Marketing Campaign".into(),
            description: "Access to resources for the campaign".into(),
            resources: gives(&["Marketing resources"]),
            request,
            open_request: None,
            assignment: None,
            resources_hidden: false,
            held: None,
            starts_at: None,
            ends_at: None,
            lasts: Some(Expiration::Days(30)),
        }
    }

    #[test]
    fn f029_a_row_names_two_resources_and_counts_the_rest() {
        assert_eq!(resources(&gives(&["Marketing resources"])), "Marketing resources");
        assert_eq!(resources(&gives(&["A", "A", "B"])), "A, B");
        assert_eq!(resources(&gives(&["A", "B", "C", "D"])), "A, B and 2 more");
        assert_eq!(resources(&[]), "Nothing yet");
    }

    #[test]
    fn how_long_access_lasts_is_a_sentence() {
        assert_eq!(lasts("30 days after it is delivered"), "Access ends 30 days after it is delivered.");
        assert_eq!(lasts("never"), "Access has no end date.");
    }

    #[test]
    fn what_one_has_or_had_is_said_with_its_day() {
        let now: DateTime<Utc> = "2026-11-24T10:00:00Z".parse().expect("an instant");
        let day = |at: DateTime<Utc>| at.date_naive().to_string();
        assert_eq!(for_update(None, now, day), "You have this; it has no end date.");
        assert_eq!(
            for_update(Some(now + chrono::Duration::days(30)), now, day),
            "You have this until 2026-12-24."
        );
        assert_eq!(for_update(Some(now), now, day), "You had this until 2026-11-24.");
    }

    #[test]
    fn f030_request_access_says_why_it_cannot_be_pressed() {
        let refusal = Refusal::new("already-assigned", "You already have this package.");
        let offers = [offer(1, Permission::Allowed), offer(2, Permission::Denied(refusal))];
        assert!(why_not(&offers, None).is_some());
        assert!(why_not(&offers, Some(PackageId(uuid::Uuid::nil()))).is_some());
        assert_eq!(why_not(&offers, Some(offers[0].id)), None);
        assert_eq!(
            why_not(&offers, Some(offers[1].id)).as_deref(),
            Some("You already have this package.")
        );
    }
}

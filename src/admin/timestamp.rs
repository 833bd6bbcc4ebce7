//! Instants on the pages of this site: in words, with the exact one on hover and to screen readers.

use chrono::{DateTime, SecondsFormat, Utc};
use leptos::prelude::*;

use crate::rpc::viewer_time;
use crate::ui::*;

/// `3 days ago`, with the date and time behind it.
pub fn moment(at: DateTime<Utc>) -> AnyView {
    shown(at, viewer_time::relative(at))
}

/// `23 December 2026`, with the time behind it; with the time beside it while that is near.
pub fn day(at: DateTime<Utc>) -> AnyView {
    shown(at, viewer_time::day(at))
}

/// The same, with its distance below.
pub fn day_and_distance(at: DateTime<Utc>) -> AnyView {
    view! {
        <span class="two-line">
            {day(at)}
            <small>{viewer_time::relative(at)}</small>
        </span>
    }
    .into_any()
}

/// An instant for machines.
pub fn iso(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn shown(at: DateTime<Utc>, text: String) -> AnyView {
    view! { <Instant text=text exact=viewer_time::exact_in_zone(at) datetime=iso(at)/> }.into_any()
}

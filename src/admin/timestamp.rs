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

fn shown(at: DateTime<Utc>, text: String) -> AnyView {
    let datetime = at.to_rfc3339_opts(SecondsFormat::Secs, true);
    view! { <Instant text=text exact=viewer_time::exact_in_zone(at) datetime=datetime/> }.into_any()
}

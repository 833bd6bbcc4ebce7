//! Instants as the reader sees them: the same words from the server, which knows the reader's zone from a cookie, and from the
//! browser, which keeps to the zone that its document was rendered for. So nothing shifts when the browser takes over.

use chrono::{DateTime, Utc};

use crate::domain::expiration::Expiration;
use crate::domain::when::{self, ViewerTime};

/// `23 December 2026, 17:54`, in the reader's zone.
pub fn exact(at: DateTime<Utc>) -> String {
    reading(at).exact(at)
}

/// `23 December 2026, 17:54 (UTC+1)`: for an end that somebody in another zone may have chosen.
pub fn exact_in_zone(at: DateTime<Utc>) -> String {
    reading(at).exact_in_zone(at)
}

/// `23 December 2026`, with the time while that is less than two days ahead.
pub fn day(at: DateTime<Utc>) -> String {
    reading(at).day(at, now())
}

/// `in 3 days`, `2 hours ago`.
pub fn relative(at: DateTime<Utc>) -> String {
    when::relative(at, now())
}

/// How long access lasts: `30 days after it is delivered`, `on 23 December 2026, 17:00 (UTC+1)`.
pub fn lasts(expiration: Expiration) -> String {
    let at = match expiration {
        Expiration::OnDate(at) => at,
        _ => now(),
    };
    when::lasts(expiration, reading(at))
}

/// The reader's offset from UTC at an instant.
pub fn reading(at: DateTime<Utc>) -> ViewerTime {
    ViewerTime { offset: side::offset(at) }
}

/// Now: the request's instant on the server, the computer's in the browser.
pub fn now() -> DateTime<Utc> {
    side::now()
}

#[cfg(feature = "ssr")]
pub use side::Reader;

#[cfg(feature = "ssr")]
mod side {
    use chrono::{DateTime, Offset, Utc};
    use chrono_tz::Tz;
    use leptos::prelude::use_context;

    /// Who reads: provided by the web layer for every page that it renders.
    #[derive(Clone, Copy, Debug)]
    pub struct Reader {
        /// The reader's time zone.
        pub zone: Tz,
        /// The instant of the request.
        pub now: DateTime<Utc>,
    }

    pub(super) fn offset(at: DateTime<Utc>) -> i32 {
        use_context::<Reader>().map_or(0, |reader| at.with_timezone(&reader.zone).offset().fix().local_minus_utc())
    }

    pub(super) fn now() -> DateTime<Utc> {
        use_context::<Reader>().map_or(DateTime::UNIX_EPOCH, |reader| reader.now)
    }
}

#[cfg(all(not(feature = "ssr"), feature = "hydrate"))]
mod side {
    use chrono::{DateTime, Utc};
    use js_sys::{Array, Date, Intl, Object, Reflect};
    use leptos::prelude::document;
    use wasm_bindgen::JsValue;

    /// As `Date` has it for the computer's own zone; for any other, from what the clock shows there.
    pub(super) fn offset(at: DateTime<Utc>) -> i32 {
        let date = Date::new(&JsValue::from_f64(at.timestamp_millis() as f64));
        let zone = document()
            .document_element()
            .and_then(|root| root.get_attribute("data-zone"))
            .unwrap_or_default();
        let own = (date.get_timezone_offset() * -60.0) as i32;
        if zone == computer_zone() {
            return own;
        }
        let options = Object::new();
        let _ = Reflect::set(&options, &"timeZone".into(), &zone.into());
        let there = Date::new(&date.to_locale_string("en-US", &options).into()).get_time();
        let here = Date::new(&date.to_locale_string("en-US", &Object::new()).into()).get_time();
        let shift = (there - here) / 1_000.0;
        if shift.is_finite() { own + shift as i32 } else { own }
    }

    fn computer_zone() -> String {
        let options = Intl::DateTimeFormat::new(&Array::new(), &Object::new()).resolved_options();
        Reflect::get(&options, &"timeZone".into())
            .ok()
            .and_then(|zone| zone.as_string())
            .unwrap_or_default()
    }

    pub(super) fn now() -> DateTime<Utc> {
        DateTime::from_timestamp_millis(Date::now() as i64).unwrap_or_default()
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use leptos::prelude::{Owner, provide_context};

    use super::*;

    #[test]
    fn the_reader_s_zone_decides_the_day_and_the_season() {
        let owner = Owner::new();
        owner.set();
        let winter: DateTime<Utc> = "2026-12-23T23:30:00Z".parse().expect("an instant");
        let summer: DateTime<Utc> = "2026-07-01T10:00:00Z".parse().expect("an instant");
        assert_eq!(exact(winter), "23 December 2026, 23:30");
        provide_context(Reader {
            zone: chrono_tz::Europe::Berlin,
            now: winter,
        });
        assert_eq!(exact(winter), "24 December 2026, 00:30");
        assert_eq!(exact(summer), "1 July 2026, 12:00");
        assert_eq!(relative(winter + chrono::Duration::days(3)), "in 3 days");
    }
}

//! The reader's time zone, from the cookie that the page's script sets. Anything else than a known zone's name counts as UTC.

use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use chrono_tz::Tz;

/// The zone of whoever sent these headers.
pub fn of(headers: &HeaderMap) -> Tz {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().strip_prefix("zone="))
        .find_map(|value| value.replace("%2F", "/").replace("%2f", "/").replace("%2B", "+").parse().ok())
        .unwrap_or(Tz::UTC)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_known_zone_counts() {
        for (cookie, zone) in [
            ("zone=Europe%2FBerlin", "Europe/Berlin"),
            ("a=b; zone=America/New_York", "America/New_York"),
            ("zone=Etc%2FGMT%2B5", "Etc/GMT+5"),
            ("zone=\"><script>", "UTC"),
            ("zone=", "UTC"),
            ("timezone=Europe/Berlin", "UTC"),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(COOKIE, cookie.parse().expect("a header"));
            assert_eq!(of(&headers).name(), zone, "{cookie}");
        }
    }
}

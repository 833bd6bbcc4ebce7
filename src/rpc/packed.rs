//! Answers as bytes without names: what reads them in the browser is a third of what reads JSON there, and the bundle is all the smaller.
//! Only a page of the same build can read them, so it asks for them by the build's own layout; everybody else gets JSON.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::AppError;

/// How the media types of packed answers begin, whatever the build.
const FAMILY: &str = "application/x-woodgate-";

/// The media type of packed answers of this build, which also names what a browser keeps for itself.
pub const PACKED: &str = concat!("application/x-woodgate-", env!("WOODGATE_LAYOUT"));

const VALUE: u8 = 0;
const ERROR: u8 = 1;

/// Whether a page of another build asks, which could not read what it would get.
pub fn is_of_another_build(accepted: &str) -> bool {
    accepted.starts_with(FAMILY) && accepted != PACKED
}

/// A value or an error as bytes; the first tells which.
pub fn pack<T: Serialize>(result: &Result<T, AppError>) -> Vec<u8> {
    match result {
        Ok(value) => postcard::to_extend(value, vec![VALUE]),
        Err(error) => postcard::to_extend(error, vec![ERROR]),
    }
    .unwrap_or_default()
}

/// Whether these bytes were packed; no text begins so.
pub fn is_packed(bytes: &[u8]) -> bool {
    matches!(bytes.first(), Some(&(VALUE | ERROR)))
}

/// What was packed.
pub fn unpack<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, AppError> {
    postcard::from_bytes(value(bytes)?).map_err(|_| AppError::not_understood())
}

/// The bytes of the value, or the error in its place.
fn value(bytes: &[u8]) -> Result<&[u8], AppError> {
    match bytes.split_first() {
        Some((&VALUE, value)) => Ok(value),
        Some((&ERROR, error)) => Err(postcard::from_bytes(error).unwrap_or_else(|_| AppError::not_understood())),
        _ => Err(AppError::not_understood()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::expiration::Expiration;
    use crate::domain::object::Subject;

    #[test]
    fn a_value_and_an_error_come_back_as_they_were() {
        let value: Result<Vec<String>, AppError> = Ok(vec!["Marketing Campaign".into()]);
        assert_eq!(unpack(&pack(&value)), value);
        let error: Result<Vec<String>, AppError> = Err(AppError::Limited(30));
        assert_eq!(unpack(&pack(&error)), error);
    }

    #[test]
    fn what_drafts_keep_as_json_is_read_as_ever_and_can_be_packed() {
        let subject = Subject::Group(uuid::Uuid::from_u128(7).into());
        let kept = r#"{"kind":"group","id":"00000000-0000-0000-0000-000000000007"}"#;
        assert_eq!(serde_json::from_str::<Subject>(kept).ok(), Some(subject));
        assert_eq!(serde_json::to_string(&subject).ok().as_deref(), Some(kept));
        assert_eq!(unpack(&pack(&Ok(subject))), Ok(subject));
        let at = "2026-12-23T17:00:00.000001Z".parse().expect("an instant");
        for end in [Expiration::OnDate(at), Expiration::Days(30), Expiration::Never] {
            assert_eq!(unpack(&pack(&Ok(end))), Ok(end));
        }
    }

    #[test]
    fn another_build_is_told_from_this_one_and_from_everybody_else() {
        assert!(is_of_another_build("application/x-woodgate-0"));
        assert!(!is_of_another_build(PACKED) && !is_of_another_build("application/json"));
    }

    #[test]
    fn what_was_not_packed_is_not_understood() {
        for bytes in [&b""[..], b"{\"not_found\":1}", b"<html>", &[VALUE, 255], &[ERROR, 200]] {
            assert_eq!(unpack::<String>(bytes), Err(AppError::not_understood()), "{bytes:?}");
        }
    }
}

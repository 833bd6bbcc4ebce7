//! What came of something that was asked for several things at once: each is done or refused by itself, with its own reason.

use serde::{Deserialize, Serialize};

use super::page::PAGE_SIZE_MAX;
use super::refusal::Refusal;
use super::validate::{Checker, Code, FieldErrors};

/// Things in one call at the most: as many as the longest page of a list has rows.
pub const BULK_MAX: usize = PAGE_SIZE_MAX as usize;

/// What came of one of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemResult<I> {
    /// Which one.
    pub id: I,
    /// Why it was not done, if it was not.
    pub refused: Option<Refusal>,
}

impl<I> ItemResult<I> {
    /// Done or refused.
    pub fn new(id: I, result: Result<(), Refusal>) -> Self {
        Self { id, refused: result.err() }
    }

    /// The refusals among results.
    pub fn refusals(results: &[Self]) -> impl Iterator<Item = (&I, &Refusal)> {
        results.iter().filter_map(|result| Some((&result.id, result.refused.as_ref()?)))
    }
}

/// Checks that a call names something, and not too much; the fault stands at `path`.
pub fn check_bulk(path: &str, count: usize) -> Result<(), FieldErrors> {
    let mut check = Checker::default();
    match count {
        0 => check.fail(path, Code::Required),
        1..=BULK_MAX => {}
        _ => check.fail(path, Code::TooMany(BULK_MAX)),
    }
    check.finish(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f123_a_call_names_something_and_not_too_much() {
        let code = |count| check_bulk("items", count).err().map(|faults| faults[0].code.clone());
        assert_eq!(code(0), Some(Code::Required));
        assert_eq!((code(1), code(BULK_MAX)), (None, None));
        assert_eq!(code(BULK_MAX + 1), Some(Code::TooMany(BULK_MAX)));
    }

    #[test]
    fn what_was_refused_is_told_with_its_reason() {
        let results = [
            ItemResult::new(1, Ok(())),
            ItemResult::new(2, Err(Refusal::new("rule", "Because."))),
        ];
        let refused: Vec<_> = ItemResult::refusals(&results)
            .map(|(id, refusal)| (*id, refusal.reason.as_str()))
            .collect();
        assert_eq!(refused, [(2, "Because.")]);
    }
}

//! What concerns several rows: the way to bulk operations, and what is said after a command over ticked rows: how many it was
//! done with, and each refusal with its reason.

use leptos::prelude::*;

use crate::domain::bulk::ItemResult;
use crate::paths;
use crate::ui::*;

/// The way from a list to the files that can be imported.
pub fn operations() -> AnyView {
    view! { <LinkButton href=paths::IMPORTS icon=Icon::Document>"Bulk operations"</LinkButton> }.into_any()
}

/// Refusals that are told one by one.
const TOLD: usize = 3;

/// Tells what came of it: `done` says what was done with so many, `name` who or what a row is.
pub fn tell<I>(toasts: Toasts, results: &[ItemResult<I>], done: impl Fn(usize) -> String, name: impl Fn(&I) -> String) {
    let refused = refusals(results, name);
    let good = results.len() - refused.len();
    if good > 0 {
        toasts.success(done(good), "", None);
    }
    if let Some(text) = message(&refused) {
        toasts.error(format!("{} of {} not done", refused.len(), results.len()), text, None);
    }
}

fn refusals<I>(results: &[ItemResult<I>], name: impl Fn(&I) -> String) -> Vec<String> {
    ItemResult::refusals(results)
        .map(|(id, refusal)| format!("{}: {}", name(id), refusal.reason))
        .collect()
}

fn message(refused: &[String]) -> Option<String> {
    let more = refused.len().saturating_sub(TOLD);
    let mut text = refused.iter().take(TOLD).cloned().collect::<Vec<_>>().join(" ");
    if more > 0 {
        text = format!("{text} And {more} more.");
    }
    (!refused.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::refusal::Refusal;

    #[test]
    fn f123_each_refusal_is_told_with_its_reason() {
        let refused = |id| ItemResult::new(id, Err(Refusal::new("over", "It is over.")));
        let results = [ItemResult::new(1, Ok(())), refused(2), refused(3), refused(4), refused(5)];
        let told = refusals(&results, |id| format!("Person {id}"));
        assert_eq!(told.len(), 4);
        assert_eq!(
            message(&told).as_deref(),
            Some("Person 2: It is over. Person 3: It is over. Person 4: It is over. And 1 more.")
        );
        assert_eq!(message(&[]), None);
    }
}

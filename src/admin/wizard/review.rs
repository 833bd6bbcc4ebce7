//! The Review + create tab: everything in sentences that a manager would sign, and what is still wrong, each with the way to its tab.

use leptos::prelude::*;
use leptos::wasm_split::wasm_split;

use super::saving::Wizard;
use super::{faults, summary};
use crate::domain::draft::Step;
use crate::domain::validate::FieldError;
use crate::paths;
use crate::rpc::viewer_time;
use crate::ui::{Card, CollectAny, MessageBar, MissingPart, SectionTitle, Tone, arriving_part};

/// The tab, a part of the bundle of its own.
#[component]
pub(super) fn ReviewTab(wizard: Wizard) -> AnyView {
    arriving_part("wizard_review", Box::pin(review_view(wizard)), 8)
}

#[wasm_split(wizard_review, wasm_split_path = ::leptos::wasm_split, preload(fetch_part), fallible)]
fn review_view(wizard: Wizard) -> Result<AnyView, MissingPart> {
    Ok(review(wizard))
}

/// Brings the part, if it is not there yet.
pub async fn fetch() -> Result<(), MissingPart> {
    Ok(fetch_part().await?)
}

/// The summary per tab, with Edit (F022).
fn review(wizard: Wizard) -> AnyView {
    let id = wizard.known.with_untracked(|known| known.id);
    let sentences = Memo::new(move |_| {
        let draft = wizard.fields.draft();
        wizard.known.with(|known| summary::draft(&draft, known, viewer_time::lasts))
    });
    let cards = move || {
        let sentences = sentences.get();
        sentences
            .into_iter()
            .map(|(step, lines)| {
                let href = paths::draft(id, step);
                view! {
                    <Card
                        title=step.label()
                        actions=move || view! { <a href=href>"Edit"<span class="sr-only">" "{step.label()}</span></a> }
                    >
                        {lines.into_iter().map(|line| view! { <p class="break">{line}</p> }).collect_any()}
                    </Card>
                }
            })
            .collect_any()
    };
    view! {
        <section class="form">
            <SectionTitle title="Review + create" text="Read it once more. Nothing is given to anyone before the package is created and requested."/>
            {move || to_mend(wizard)}
            {cards}
        </section>
    }
    .into_any()
}

/// What is still wrong, each a link to where it is mended.
fn to_mend(wizard: Wizard) -> Option<AnyView> {
    let found = wizard.faults.get();
    if found.is_empty() {
        return None;
    }
    let draft = wizard.fields.draft();
    let (id, lines) = wizard.known.with(|known| {
        let line = |error: &FieldError| (Step::of_path(&error.path), faults::message(error, known, &draft));
        (known.id, found.iter().map(line).collect::<Vec<_>>())
    });
    let item = |(step, text): (Step, String)| view! { <li><a href=paths::draft(id, step)>{text}</a></li> };
    let items = lines.into_iter().map(item).collect_any();
    Some(
        view! {
            <MessageBar tone=Tone::Danger title="Before it can be created">
                <ul class="stack-8">{items}</ul>
            </MessageBar>
        }
        .into_any(),
    )
}

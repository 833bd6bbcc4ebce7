//! What happened, in order, the latest state last. It knows neither requests nor clocks.

use leptos::prelude::*;

use super::dynamic::CollectAny;
use super::{icon::Glyph, status::Tone};

/// One step of a timeline.
#[derive(Clone, PartialEq)]
pub struct TimelineStep {
    pub tone: Tone,
    pub title: String,
    /// An empty text shows none.
    pub text: String,
    /// When, as the caller words it, and the exact instant for machines (ISO 8601); empty shows none.
    pub time: String,
    pub datetime: String,
    /// Still to come or under way: drawn hollow.
    pub pending: bool,
}

/// The steps of one thing; it is announced when one is added.
#[component]
pub fn Timeline(#[prop(into)] label: String, #[prop(into)] steps: Signal<Vec<TimelineStep>>) -> AnyView {
    view! {
        <ol class="timeline" aria-label=label aria-live="polite">
            {move || {
                steps
                    .get()
                    .into_iter()
                    .map(|step| {
                        let class = ["timeline-step ", step.tone.class(), if step.pending { " timeline-pending" } else { "" }].concat();
                        view! {
                            <li class=class>
                                // Always there and hidden by style: where a clock runs ahead, the browser calls over what the server calls pending,
                                // and both must make the same page.
                                <span class="timeline-mark" aria-hidden="true">
                                    <Glyph icon=step.tone.icon()/>
                                </span>
                                <div class="timeline-words">
                                    <p class="timeline-title">{step.title}</p>
                                    {(!step.text.is_empty()).then(|| view! { <p class="timeline-text">{step.text}</p> })}
                                    {(!step.time.is_empty())
                                        .then(|| view! { <time class="timeline-time" datetime=step.datetime>{step.time}</time> })}
                                </div>
                            </li>
                        }
                    })
                    .collect_any()
            }}
        </ol>
    }
    .into_any()
}

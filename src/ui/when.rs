//! An instant as people say it ("in 3 days"), with the exact one on hover and to screen readers. The caller words both.

use leptos::prelude::*;

/// `text` is shown, `exact` is the title, `datetime` the ISO 8601 form. Text and exact may be the same.
#[component]
pub fn Instant(#[prop(into)] text: String, #[prop(into)] exact: String, #[prop(into)] datetime: String) -> AnyView {
    let more = (exact != text).then(|| view! { <span class="sr-only">" ("{exact.clone()}")"</span> });
    view! {
        <time class="instant" datetime=datetime title=exact>
            {text}
            {more}
        </time>
    }
    .into_any()
}

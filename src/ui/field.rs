//! What every form field has in common: a label, the mark of a required one, a hint, an error that is announced and
//! tied to its control, and a value that survives hydration. It does not know what the value means.

use leptos::{html::ElementType, prelude::*, wasm_bindgen::JsCast, web_sys};

use super::dom;
use super::icon::{Glyph, Icon};

/// Label, hint and error around any control whose id is `id`. A control of your own takes `described_by` as its
/// `aria-describedby`.
#[component]
pub fn Field(
    #[prop(into)] id: String,
    #[prop(into)] label: String,
    #[prop(optional)] required: bool,
    #[prop(optional)] label_hidden: bool,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    children: Children,
) -> AnyView {
    let hint_id = [&id, "-hint"].concat();
    let error_id = [&id, "-error"].concat();
    view! {
        <div class="field" class:field-bad=move || error.with(Option::is_some)>
            <label class="field-label" class:sr-only=label_hidden for=id>
                {label}
                {required.then(|| view! { <span class="field-required" aria-hidden="true">" *"</span> })}
            </label>
            {children()}
            <FieldError id=error_id error=error/>
            {hint.map(|hint| view! { <p class="field-hint" id=hint_id>{hint}</p> })}
        </div>
    }
    .into_any()
}

/// The line under a control that says what is wrong with it; empty and silent until there is something.
#[component]
pub(super) fn FieldError(id: String, error: Signal<Option<String>>) -> AnyView {
    view! {
        <div class="field-error" id=id aria-live="polite">
            {move || error.get().map(|text| view! { <Glyph icon=Icon::Error/> <span>{text}</span> })}
        </div>
    }
    .into_any()
}

/// The ids of the texts that describe the control `id`, for its `aria-describedby`.
pub fn described_by(
    id: &str,
    has_hint: bool,
    error: Signal<Option<String>>,
) -> impl Fn() -> Option<String> + Clone + Send + Sync + 'static + use<> {
    let hint = has_hint.then(|| [id, "-hint"].concat());
    let wrong = [id, "-error"].concat();
    move || match (error.with(Option::is_some), &hint) {
        (true, Some(hint)) => Some([&wrong, " ", hint].concat()),
        (true, None) => Some(wrong.clone()),
        (false, hint) => hint.clone(),
    }
}

/// Keeps a control's text and its signal equal. What was typed before the page came alive is taken over, not lost, and told to `on_found`.
pub(super) fn bind_text<E>(node: NodeRef<E>, value: RwSignal<String>, options: Signal<usize>, on_found: Option<Callback<String>>)
where
    E: ElementType + 'static,
    E::Output: JsCast + Clone + 'static,
{
    let rendered = dom::is_coming_alive().then(|| value.get_untracked());
    Effect::new(move |seen: Option<bool>| {
        options.track();
        let wanted = value.get();
        let Some(element) = node.get() else { return false };
        // `value` is read by name, so text areas and selects answer through the same binding.
        let element = element.unchecked_into::<web_sys::HtmlInputElement>();
        let shown = element.value();
        if seen != Some(true) && rendered.as_ref().is_some_and(|rendered| shown != *rendered) {
            value.set(shown.clone());
            if let Some(callback) = on_found {
                untrack(|| callback.run(shown));
            }
        } else if shown != wanted {
            element.set_value(&wanted);
        }
        true
    });
}

/// The same for a radio button or a check box that stands for `value == mine`.
pub(super) fn bind_checked(node: NodeRef<leptos::html::Input>, is_on: Signal<bool>, on_found: impl Fn(bool) + Send + Sync + 'static) {
    let rendered = dom::is_coming_alive().then(|| is_on.get_untracked());
    Effect::new(move |seen: Option<bool>| {
        let wanted = is_on.get();
        let Some(element) = node.get() else { return false };
        let shown = element.checked();
        if seen != Some(true) && rendered.is_some_and(|rendered| shown != rendered) {
            on_found(shown);
        } else if shown != wanted {
            element.set_checked(wanted);
        }
        true
    });
}

//! The two larger form controls: a text of several lines that counts what is left, and the native drop-down list.

use leptos::{
    html::{Select, Textarea},
    prelude::*,
};

use super::dom;
use super::dynamic::CollectAny;
use super::field::{Field, bind_text, described_by};
use super::raw_text::in_text_area;

/// Several lines of text. With `limit` (characters) it starts to count when a tenth is left; it never cuts.
#[component]
pub fn TextArea(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    value: RwSignal<String>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional)] required: bool,
    #[prop(optional, into)] id: Option<String>,
    #[prop(default = 3)] rows: u32,
    #[prop(optional)] limit: Option<usize>,
    #[prop(optional, into)] placeholder: Option<String>,
    #[prop(optional)] autofocus: bool,
    #[prop(optional, into)] on_blur: Option<Callback<()>>,
) -> AnyView {
    let id = id.unwrap_or_else(|| name.clone());
    let node = NodeRef::<Textarea>::new();
    bind_text(node, value, Signal::stored(0), None);
    let describe = described_by(&id, hint.is_some(), error);
    let control_id = id.clone();
    let count = Memo::new(move |_| limit.and_then(|limit| remaining(value.with(|text| text.chars().count()), limit)));
    view! {
        <Field id=id label=label required=required error=error nostrip:hint=hint>
            <textarea
                node_ref=node
                class="input-control text-area"
                id=control_id
                name=name
                rows=rows
                placeholder=placeholder
                autofocus=autofocus
                aria-required=required.then_some("true")
                aria-invalid=move || error.with(Option::is_some).then_some("true")
                aria-describedby=describe
                on:input:target=move |ev| value.set(ev.target().value())
                on:blur=move |_| on_blur.into_iter().for_each(dom::after_press)
            >
                {in_text_area(value.get_untracked())}
            </textarea>
            <div class="field-count" aria-live="polite">{move || count.get()}</div>
        </Field>
    }
    .into_any()
}

/// What the counter says at `count` of `limit` characters: nothing until a tenth is left.
fn remaining(count: usize, limit: usize) -> Option<String> {
    if count > limit {
        let over = count - limit;
        Some(
            [
                over.to_string().as_str(),
                if over == 1 { " character too many" } else { " characters too many" },
            ]
            .concat(),
        )
    } else if count * 10 >= limit * 9 {
        let left = limit - count;
        Some(
            [
                left.to_string().as_str(),
                if left == 1 { " character left" } else { " characters left" },
            ]
            .concat(),
        )
    } else {
        None
    }
}

/// A native drop-down list. `options` are value and label, and may change while it is shown.
#[component]
pub fn SelectField(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    value: RwSignal<String>,
    #[prop(into)] options: Signal<Vec<(String, String)>>,
    /// Values that are shown but can't be chosen; the hint says why.
    #[prop(optional)]
    disabled: Vec<String>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional)] required: bool,
    /// Keeps the label for screen readers alone: in a row of a table or a filter bar.
    #[prop(optional)]
    label_hidden: bool,
    #[prop(optional, into)] id: Option<String>,
    /// Offered first, with an empty value: "Select a role".
    #[prop(optional, into)]
    placeholder: Option<String>,
    #[prop(optional, into)] on_change: Option<Callback<String>>,
) -> AnyView {
    let id = id.unwrap_or_else(|| name.clone());
    let node = NodeRef::<Select>::new();
    bind_text(node, value, Signal::derive(move || options.with(Vec::len)), on_change);
    let describe = described_by(&id, hint.is_some(), error);
    let control_id = id.clone();
    view! {
        <Field id=id label=label required=required label_hidden=label_hidden error=error nostrip:hint=hint>
            <div class="select">
                <select
                    node_ref=node
                    class="input-control"
                    id=control_id
                    name=name
                    aria-required=required.then_some("true")
                    aria-invalid=move || error.with(Option::is_some).then_some("true")
                    aria-describedby=describe
                    on:change:target=move |ev| {
                        let chosen = ev.target().value();
                        value.set(chosen.clone());
                        if let Some(callback) = on_change {
                            callback.run(chosen);
                        }
                    }
                >
                    {placeholder.map(|text| view! { <option value="">{text}</option> })}
                    {move || {
                        let current = value.get_untracked();
                        options
                            .get()
                            .into_iter()
                            .map(|(key, label)| {
                                let selected = key == current;
                                let disabled = disabled.contains(&key);
                                view! { <option value=key selected=selected disabled=disabled>{label}</option> }
                            })
                            .collect_any()
                    }}
                </select>
            </div>
        </Field>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::remaining;

    #[test]
    fn the_counter_speaks_near_the_limit_only() {
        assert_eq!(remaining(89, 100), None);
        assert_eq!(remaining(90, 100).as_deref(), Some("10 characters left"));
        assert_eq!(remaining(99, 100).as_deref(), Some("1 character left"));
        assert_eq!(remaining(101, 100).as_deref(), Some("1 character too many"));
    }
}

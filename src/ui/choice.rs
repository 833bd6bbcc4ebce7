//! Choosing: one of several, yes or no, on or off. All are native radio buttons and check boxes in a fieldset, so
//! arrow keys, forms and screen readers know them.

use leptos::{html::Input, prelude::*};

use super::dynamic::CollectAny;
use super::{
    field::{FieldError, bind_checked, described_by},
    icon::{Glyph, Icon},
};

/// One choice of a `RadioGroup`.
#[derive(Clone)]
pub struct Choice {
    value: String,
    label: String,
    hint: Option<String>,
    disabled: Option<String>,
}

impl Choice {
    /// A choice with the value that is posted and the label that is read.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
            hint: None,
            disabled: None,
        }
    }

    /// A line under the label.
    #[must_use]
    pub fn hint(mut self, text: impl Into<String>) -> Self {
        self.hint = Some(text.into());
        self
    }

    /// Not to be chosen, with the reason in place of the hint.
    #[must_use]
    pub fn disabled(mut self, reason: impl Into<String>) -> Self {
        self.disabled = Some(reason.into());
        self
    }
}

/// One of several, each with a line of explanation. `inline` lays them side by side.
#[component]
pub fn RadioGroup(
    #[prop(into)] name: String,
    #[prop(into)] legend: String,
    value: RwSignal<String>,
    options: Vec<Choice>,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(optional)] required: bool,
    #[prop(optional)] inline: bool,
    #[prop(optional)] legend_hidden: bool,
    #[prop(optional, into)] on_change: Option<Callback<String>>,
) -> AnyView {
    let describe = described_by(&name, hint.is_some(), error);
    let hint_id = [&name, "-hint"].concat();
    let error_id = [&name, "-error"].concat();
    let choices = options
        .into_iter()
        .map(|choice| view! { <Radio group=name.clone() choice=choice value=value nostrip:on_change=on_change/> })
        .collect_any();
    view! {
        <fieldset class="choices" class:choices-inline=inline class:field-bad=move || error.with(Option::is_some) aria-describedby=describe>
            <legend class="field-label" class:sr-only=legend_hidden>
                {legend}
                {required.then(|| view! { <span class="field-required" aria-hidden="true">" *"</span> })}
            </legend>
            {hint.map(|hint| view! { <p class="field-hint" id=hint_id>{hint}</p> })}
            <div class="choices-list">{choices}</div>
            <FieldError id=error_id error=error/>
        </fieldset>
    }
    .into_any()
}

#[component]
fn Radio(group: String, choice: Choice, value: RwSignal<String>, #[prop(optional)] on_change: Option<Callback<String>>) -> AnyView {
    let node = NodeRef::<Input>::new();
    let own = StoredValue::new(choice.value.clone());
    let is_on = Signal::derive(move || own.with_value(|own| value.with(|value| value == own)));
    let choose = move || {
        value.set(own.get_value());
        if let Some(callback) = on_change {
            callback.run(own.get_value());
        }
    };
    bind_checked(node, is_on, move |on| {
        if on {
            choose();
        }
    });
    let id = [&group, "-", &choice.value].concat();
    let note_id = [&id, "-note"].concat();
    let disabled = choice.disabled.is_some();
    let note = choice.disabled.or(choice.hint);
    let described = note.is_some().then(|| note_id.clone());
    view! {
        <div class="choice" class:choice-off=disabled>
            <input
                node_ref=node
                type="radio"
                class="choice-radio"
                id=id.clone()
                name=group
                value=choice.value
                checked=is_on.get_untracked()
                disabled=disabled
                aria-describedby=described
                on:change=move |_| choose()
            />
            <label class="choice-label" for=id>{choice.label}</label>
            {note.map(|note| view! { <p class="choice-note" id=note_id>{note}</p> })}
        </div>
    }
    .into_any()
}

/// Yes or No as two joined buttons; posts `true` or `false`. With a `disabled_reason` it shows its value and why it
/// cannot be changed.
#[component]
pub fn YesNo(
    #[prop(into)] name: String,
    #[prop(into)] legend: String,
    value: RwSignal<bool>,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(optional, into)] disabled_reason: Option<String>,
    #[prop(default = "Yes")] yes: &'static str,
    #[prop(default = "No")] no: &'static str,
) -> AnyView {
    let locked = disabled_reason.is_some();
    let note = disabled_reason.or(hint);
    let describe = described_by(&name, note.is_some(), error);
    let hint_id = [&name, "-hint"].concat();
    let error_id = [&name, "-error"].concat();
    let half = move |text: &'static str, key: &'static str, mine: bool| {
        let node = NodeRef::<Input>::new();
        let is_on = Signal::derive(move || value.get() == mine);
        bind_checked(node, is_on, move |on| {
            if on {
                value.set(mine);
            }
        });
        let id = [&name, "-", key].concat();
        view! {
            <span class="segment">
                <input
                    node_ref=node
                    type="radio"
                    class="segment-radio"
                    id=id.clone()
                    name=name.clone()
                    value=if mine { "true" } else { "false" }
                    checked=is_on.get_untracked()
                    disabled=locked
                    on:change=move |_| value.set(mine)
                />
                <label class="segment-text" for=id>{text}</label>
            </span>
        }
    };
    view! {
        <fieldset class="choices" aria-describedby=describe>
            <legend class="field-label">{legend}</legend>
            <div class="segments">{half(yes, "yes", true)}{half(no, "no", false)}</div>
            <FieldError id=error_id error=error/>
            {note.map(|note| view! { <p class="field-hint" id=hint_id>{note}</p> })}
        </fieldset>
    }
    .into_any()
}

/// A check box. `round` is the check mark of a chosen row; `label_hidden` keeps the label for screen readers.
#[component]
pub fn Checkbox(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    checked: RwSignal<bool>,
    #[prop(optional, into)] id: Option<String>,
    /// What is posted when it is on.
    #[prop(default = "true".to_owned(), into)]
    value: String,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional, into)] disabled_reason: Option<String>,
    #[prop(optional)] label_hidden: bool,
    #[prop(optional)] round: bool,
    #[prop(optional, into)] on_change: Option<Callback<bool>>,
) -> AnyView {
    let id = id.unwrap_or_else(|| name.clone());
    let node = NodeRef::<Input>::new();
    let change = move |on: bool| {
        checked.set(on);
        if let Some(callback) = on_change {
            callback.run(on);
        }
    };
    bind_checked(node, checked.into(), change);
    let note_id = [&id, "-note"].concat();
    let disabled = disabled_reason.is_some();
    let note = disabled_reason.or(hint);
    let described = note.is_some().then(|| note_id.clone());
    view! {
        <div class="choice" class:choice-off=disabled class:choice-round=round>
            <span class="choice-box">
                <input
                    node_ref=node
                    type="checkbox"
                    class="choice-check"
                    id=id.clone()
                    name=name
                    value=value
                    checked=checked.get_untracked()
                    disabled=disabled
                    aria-describedby=described
                    on:change:target=move |ev| change(ev.target().checked())
                />
                <Glyph icon=Icon::Check/>
            </span>
            <label class="choice-label" class:sr-only=label_hidden for=id>{label}</label>
            {note.map(|note| view! { <p class="choice-note" id=note_id>{note}</p> })}
        </div>
    }
    .into_any()
}

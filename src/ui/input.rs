//! One-line form fields: text, password, number, date. Each is a plain form control with a name and a value, so it is
//! posted as it stands when scripting is off. Checking what was typed is the page's business.

use leptos::{html::Input, prelude::*};

use super::{
    button::IconButton,
    dom,
    field::{Field, bind_text, described_by},
    icon::Icon,
};

/// A line of text. `kind` is the input type (`email`, `url`, `tel`), `suffix` a unit shown behind it.
#[component]
pub fn TextField(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    value: RwSignal<String>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional)] required: bool,
    #[prop(optional)] label_hidden: bool,
    /// When two forms of one page use the same name; else the id is the name.
    #[prop(optional, into)]
    id: Option<String>,
    #[prop(default = "text")] kind: &'static str,
    #[prop(optional)] inputmode: Option<&'static str>,
    #[prop(optional)] autocomplete: Option<&'static str>,
    #[prop(optional, into)] placeholder: Option<String>,
    #[prop(optional, into)] suffix: Option<String>,
    #[prop(optional)] autofocus: bool,
    #[prop(optional)] readonly: bool,
    /// Bounds of a date, or of whatever `kind` knows bounds for.
    #[prop(optional, into)]
    min: Option<String>,
    #[prop(optional, into)] max: Option<String>,
    /// One of `short` (numbers, dates) or none, for the width.
    #[prop(optional)]
    short: bool,
    #[prop(optional, into)] on_blur: Option<Callback<()>>,
) -> AnyView {
    let id = id.unwrap_or_else(|| name.clone());
    let node = NodeRef::<Input>::new();
    bind_text(node, value, Signal::stored(0), None);
    let describe = described_by(&id, hint.is_some(), error);
    let invalid = move || error.with(Option::is_some).then_some("true");
    let control_id = id.clone();
    view! {
        <Field id=id label=label required=required label_hidden=label_hidden error=error nostrip:hint=hint>
            <div class="input" class:input-short=short>
                <input
                    node_ref=node
                    class="input-control"
                    type=kind
                    id=control_id
                    name=name
                    value=value.get_untracked()
                    inputmode=inputmode
                    autocomplete=autocomplete
                    placeholder=placeholder
                    autofocus=autofocus
                    readonly=readonly
                    min=min
                    max=max
                    aria-required=required.then_some("true")
                    aria-invalid=invalid
                    aria-describedby=describe
                    on:input:target=move |ev| value.set(ev.target().value())
                    on:blur=move |_| on_blur.into_iter().for_each(dom::after_press)
                />
                {suffix.map(|text| view! { <span class="input-suffix">{text}</span> })}
            </div>
        </Field>
    }
    .into_any()
}

/// A number as text: what is not a number stays as typed, so that it can be named in the error.
#[component]
pub fn NumberField(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    value: RwSignal<String>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional)] required: bool,
    #[prop(optional)] label_hidden: bool,
    #[prop(optional, into)] id: Option<String>,
    /// The unit behind it: "days".
    #[prop(optional, into)]
    suffix: Option<String>,
    #[prop(optional, into)] on_blur: Option<Callback<()>>,
) -> AnyView {
    view! {
        <TextField
            name=name
            label=label
            value=value
            error=error
            nostrip:hint=hint
            required=required
            label_hidden=label_hidden
            nostrip:id=id
            inputmode="numeric"
            autocomplete="off"
            nostrip:suffix=suffix
            short=true
            nostrip:on_blur=on_blur
        />
    }
    .into_any()
}

/// A date (`2026-12-23`), or with `time` a date and time (`2026-12-23T17:00`), in the reader's own zone.
#[component]
pub fn DateField(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    value: RwSignal<String>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional)] required: bool,
    #[prop(optional, into)] id: Option<String>,
    #[prop(optional)] time: bool,
    #[prop(optional, into)] min: Option<String>,
    #[prop(optional, into)] max: Option<String>,
    #[prop(optional, into)] on_blur: Option<Callback<()>>,
) -> AnyView {
    view! {
        <TextField
            name=name
            label=label
            value=value
            error=error
            nostrip:hint=hint
            required=required
            nostrip:id=id
            kind=if time { "datetime-local" } else { "date" }
            nostrip:min=min
            nostrip:max=max
            short=true
            nostrip:on_blur=on_blur
        />
    }
    .into_any()
}

/// A password with a button that shows it. `autocomplete` is `current-password` or `new-password`. Its value is never
/// rendered into the page.
#[component]
pub fn PasswordField(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    value: RwSignal<String>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional)] required: bool,
    #[prop(optional, into)] id: Option<String>,
    #[prop(default = "current-password")] autocomplete: &'static str,
    #[prop(optional)] autofocus: bool,
    #[prop(optional, into)] on_blur: Option<Callback<()>>,
) -> AnyView {
    let id = id.unwrap_or_else(|| name.clone());
    let node = NodeRef::<Input>::new();
    bind_text(node, value, Signal::stored(0), None);
    let describe = described_by(&id, hint.is_some(), error);
    let shown = RwSignal::new(false);
    let control_id = id.clone();
    view! {
        <Field id=id label=label required=required error=error nostrip:hint=hint>
            <div class="input">
                <input
                    node_ref=node
                    class="input-control"
                    type=move || if shown.get() { "text" } else { "password" }
                    id=control_id
                    name=name
                    autocomplete=autocomplete
                    autofocus=autofocus
                    autocapitalize="none"
                    spellcheck="false"
                    aria-required=required.then_some("true")
                    aria-invalid=move || error.with(Option::is_some).then_some("true")
                    aria-describedby=describe
                    on:input:target=move |ev| value.set(ev.target().value())
                    on:blur=move |_| on_blur.into_iter().for_each(dom::after_press)
                />
                <span class="input-action needs-script">
                    {move || {
                        let (icon, label) = if shown.get() { (Icon::EyeOff, "Hide password") } else { (Icon::Eye, "Show password") };
                        view! { <IconButton icon=icon label=label on_click=move || shown.update(|on| *on = !*on)/> }
                    }}
                </span>
            </div>
        </Field>
    }
    .into_any()
}

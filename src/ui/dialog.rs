//! The Yes/No question, on the native modal dialog: focus goes in, stays in and comes back, Esc means No. It does not
//! close itself on Yes: the caller does when the work has succeeded.

use leptos::{
    ev::{Event, KeyboardEvent},
    html::Dialog,
    prelude::*,
};

use super::{
    button::{Button, ButtonKind},
    dom,
    status::{MessageBar, Tone},
};

/// Asks `title`; the children say what will happen. `name` makes its ids and must be unique on the page. While `busy`
/// it cannot be left; `error` says what went wrong and keeps it open.
#[component]
pub fn YesNoDialog(
    #[prop(into)] name: String,
    #[prop(into)] title: Signal<String>,
    open: RwSignal<bool>,
    #[prop(into)] on_yes: Callback<()>,
    #[prop(optional, into)] on_no: Option<Callback<()>>,
    #[prop(optional, into)] busy: Signal<bool>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    /// The answer destroys something: Yes is red and the focus starts on No.
    #[prop(optional)]
    danger: bool,
    #[prop(default = "Yes")] yes: &'static str,
    #[prop(default = "No")] no: &'static str,
    #[prop(optional)] children: Option<Children>,
) -> AnyView {
    let node = NodeRef::<Dialog>::new();
    dom::follow_open(node, open);
    let refuse = move || {
        if !busy.get_untracked() {
            open.set(false);
            if let Some(callback) = on_no {
                callback.run(());
            }
        }
    };
    let on_key = move |ev: KeyboardEvent| {
        if ev.key() == "Escape" {
            ev.prevent_default();
            ev.stop_propagation();
            refuse();
        }
    };
    let on_cancel = move |ev: Event| {
        ev.prevent_default();
        refuse();
    };
    let title_id = [&name, "-title"].concat();
    let labelled = title_id.clone();
    let text_id = [&name, "-text"].concat();
    let described = text_id.clone();
    view! {
        <dialog
            class="dialog"
            node_ref=node
            aria-labelledby=labelled
            aria-describedby=described
            on:keydown=on_key
            on:cancel=on_cancel
            on:close=move |_| open.set(false)
        >
            <h2 class="dialog-title" id=title_id>{move || title.get()}</h2>
            <div class="dialog-text" id=text_id>{children.map(|children| children())}</div>
            <div aria-live="assertive">
                {move || error.get().map(|text| view! { <MessageBar tone=Tone::Danger title=text/> })}
            </div>
            <div class="dialog-foot">
                <Button
                    kind=if danger { ButtonKind::Danger } else { ButtonKind::Primary }
                    autofocus=!danger
                    busy=busy
                    on_click=move || on_yes.run(())
                >
                    {yes}
                </Button>
                <Button autofocus=danger on_click=refuse>{no}</Button>
            </div>
        </dialog>
    }
    .into_any()
}

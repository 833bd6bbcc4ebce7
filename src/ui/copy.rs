//! A value to take along: shown whole, copied with one press. Where the clipboard is closed it selects the text.

use std::time::Duration;

use leptos::{html::Input, prelude::*};

use super::{button::Button, dom, icon::Icon};

/// A read-only value with a Copy button that says "Copied".
#[component]
pub fn CopyField(#[prop(into)] name: String, #[prop(into)] label: String, #[prop(into)] value: Signal<String>) -> AnyView {
    let node = NodeRef::<Input>::new();
    let said = RwSignal::new("");
    let copy = move || {
        dom::copy_text(node, move |copied| {
            said.set(if copied { "Copied" } else { "Press Ctrl+C to copy" });
            set_timeout(move || said.set(""), Duration::from_secs(4));
        });
    };
    view! {
        <div class="copy">
            <label class="field-label" for=name.clone()>{label.clone()}</label>
            <div class="copy-row">
                <input node_ref=node class="input-control" type="text" readonly id=name value=move || value.get()/>
                <span class="needs-script">
                    <Button icon=Icon::Copy on_click=copy>"Copy"<span class="sr-only">" "{label}</span></Button>
                </span>
                <span class="copy-said" role="status">{move || said.get()}</span>
            </div>
        </div>
    }
    .into_any()
}

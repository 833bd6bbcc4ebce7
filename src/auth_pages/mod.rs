//! The pages before either site: sign-in, one's own password, first set-up, and the notices that end a visit. Plain forms, rendered once
//! and never taken over by scripting. They are handed all they show and must not know who asks or what a form leads to.

mod consent;
mod forms;
mod notices;
mod reference;

use leptos::prelude::*;

pub use consent::{ConsentPage, DevicePage, FormPostPage};
pub use forms::{FirstPasswordPage, PasswordPage, SetUpPage, SignInPage};
pub use notices::{Notice, Visitor};
pub use reference::{Operation, ReferencePage};

use crate::domain::message;
use crate::domain::validate::FieldError;
use crate::ui::title_element;

/// The product's name, as every card shows it.
const PRODUCT: &str = "Woodgate";

/// What every page of the gate is rendered with.
#[derive(Clone, Debug)]
pub struct Gate {
    /// The organisation.
    pub tenant: String,
    /// The reader's zone, such as `Europe/Berlin`.
    pub zone: String,
    /// The style sheet's URL.
    pub css: String,
}

impl Gate {
    /// A whole page, as HTML.
    pub fn page(&self, title: &str, card: impl FnOnce() -> AnyView) -> String {
        let owner = Owner::new();
        let html = owner.with(|| {
            let title = format!("{title} - {PRODUCT}");
            view! {
                <!DOCTYPE html>
                <html lang="en" data-zone=self.zone.clone()>
                    <head>
                        <meta charset="utf-8"/>
                        <meta name="viewport" content="width=device-width, initial-scale=1"/>
                        <meta name="color-scheme" content="light dark"/>
                        {title_element(title)}
                        <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                        <link rel="stylesheet" href=self.css.clone()/>
                        <script src="/boot.js" defer></script>
                        <script src="/gate.js" defer></script>
                    </head>
                    <body>{card()}</body>
                </html>
            }
            .to_html()
        });
        owner.cleanup();
        html
    }
}

/// The sentence at a field, if something is wrong with it.
fn fault(errors: &[FieldError], path: &str, label: &str) -> Signal<Option<String>> {
    let text = errors
        .iter()
        .find(|error| error.path == path)
        .map(|error| message::text(&error.code, label));
    Signal::stored(text)
}

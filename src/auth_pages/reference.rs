//! The page that lists what the API can do, for whoever writes a client.

use leptos::prelude::*;

use super::{Gate, PRODUCT};
use crate::paths;
use crate::ui::*;

/// An operation of the API.
#[derive(Clone, Debug)]
pub struct Operation {
    /// GET, POST, ...
    pub method: String,
    /// Its address.
    pub address: String,
    /// The type of what it answers with, or empty.
    pub kind: String,
}

/// All operations, by their noun.
#[derive(Clone, Debug, Default)]
pub struct ReferencePage {
    /// Each noun with its operations.
    pub nouns: Vec<(String, Vec<Operation>)>,
}

impl ReferencePage {
    /// As HTML.
    pub fn html(self, gate: &Gate) -> String {
        gate.page("API", move || {
            let count: usize = self.nouns.iter().map(|(_, operations)| operations.len()).sum();
            let sections = self.nouns.into_iter().map(|(noun, operations)| section(noun, operations)).collect_any();
            view! {
                <main class="reference stack" tabindex="-1">
                    <h1>{format!("{PRODUCT} API")}</h1>
                    <p>
                        {format!("{count} operations under /v1.0, in the shape of Microsoft Graph; the same under /beta with the names of the beta.")}
                    </p>
                    <p><a class="link" href=paths::OPENAPI>"OpenAPI document"</a></p>
                    <p class="muted">
                        {format!("A call carries a token of {} in its Authorization header. An administrator registers the client first.", paths::TOKEN)}
                    </p>
                    {sections}
                </main>
            }
            .into_any()
        })
    }
}

fn section(noun: String, operations: Vec<Operation>) -> AnyView {
    let rows = operations.into_iter().map(|operation| {
        let answers = (!operation.kind.is_empty()).then(|| format!("answers with {}", operation.kind));
        view! {
            <li class="break">
                <strong>{operation.method}</strong>
                " "
                <code>{operation.address}</code>
                " "
                <span class="muted">{answers}</span>
            </li>
        }
    });
    view! {
        <section class="stack-8">
            <h2>{noun}</h2>
            <ul class="stack-8">{rows.collect_any()}</ul>
        </section>
    }
    .into_any()
}

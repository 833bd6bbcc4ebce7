//! The list of one's own imports.

use leptos::prelude::*;

use crate::admin::error_view::loaded_quietly;
use crate::admin::listing::{Column, Empty, List, Listing, Look};
use crate::domain::import::{ImportItem, ImportState};
use crate::domain::page::PageQuery;
use crate::paths;
use crate::rpc::Loading;
use crate::rpc::imports::{import_kinds, list_imports};
use crate::ui::*;

/// One's own imports.
pub static IMPORTS: List<PageQuery, ImportItem> = List {
    look: Look {
        name: "imports",
        title: "Imports",
        about: "Files of users, groups, memberships and assignments that you have imported. The newest 20 are kept.",
        top: Some((Icon::Document, &[])),
        path: |_| Some(paths::IMPORTS.to_owned()),
        search: "",
        filters: &[],
        empty: |_| {
            let text = "Choose what to import above. You see what would become of each row before anything is changed.";
            Empty::yet(Icon::Document, "No imports yet", text)
        },
    },
    query: |address| Some(address.page.clone()),
    columns: &[
        Column::view(
            "File",
            |item: &ImportItem| item.file_name.clone(),
            |item, _| view! { <a class="list-link break" href=paths::import(item.id)>{item.file_name.clone()}</a> }.into_any(),
        ),
        Column::text("Import", |item| item.kind.label().to_owned()),
        Column::view(
            "Status",
            |item| item.state.label().to_owned(),
            |item, _| view! { <StatusDot tone=tone(item.state) text=item.state.label()/> }.into_any(),
        ),
        Column::time("Read", |item| Some(item.created_at)),
        Column::time("Over", |item| item.finished_at),
    ],
    opens: None,
};

/// How a state looks.
pub fn tone(state: ImportState) -> Tone {
    match state {
        ImportState::Finished => Tone::Success,
        ImportState::Refused | ImportState::Stopped => Tone::Danger,
        ImportState::Ready => Tone::Warning,
        ImportState::Reading | ImportState::Checking | ImportState::Importing => Tone::Info,
    }
}

/// Imports.
#[component]
pub fn ImportsPage() -> AnyView {
    let imports = Listing::new(&IMPORTS, list_imports);
    let kinds = Loading::once(import_kinds);
    let buttons = loaded_quietly(kinds, |kinds| {
        let button = |kind: crate::domain::import::ImportKind| {
            let label = format!("Import {}", kind.label().to_ascii_lowercase());
            view! { <LinkButton href=paths::import_new(kind) icon=Icon::Add>{label}</LinkButton> }
        };
        kinds.into_iter().map(button).collect_any().into_any()
    });
    view! {
        {imports.head()}
        {imports.bar(buttons)}
        {imports.rows(None)}
    }
    .into_any()
}

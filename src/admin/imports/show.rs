//! One import: its rows with what will become of each, or has; the word to begin; and how far it has come, asked for again every second
//! while it goes on by itself.

use leptos::prelude::*;

use super::list::tone;
use crate::admin::error_view::{loaded, use_id};
use crate::admin::form::Submission;
use crate::admin::listing::{Column, Empty, Filter, List, Listing, Look};
use crate::admin::page_title::PageTitle;
use crate::domain::id::ImportId;
use crate::domain::import::{ImportDetail, ImportItem, ImportKind, ImportRow, ImportRowQuery, ImportState, RowCounts, RowOutcome};
use crate::paths;
use crate::rpc::Loading;
use crate::rpc::imports::{get_import, list_import_rows, start_import};
use crate::ui::*;

/// The rows of an import.
pub static IMPORT_ROWS: List<ImportRowQuery, ImportRow> = List {
    look: Look {
        name: "import-rows",
        title: "Rows",
        about: "Every row of the file, in its order.",
        top: None,
        path: |id| Some(paths::import(id.parse().ok()?)),
        search: "",
        filters: &[Filter::menu("outcome", "Outcome", outcomes)],
        empty: |address| {
            if address.is_narrowed() {
                Empty::found("No row with this outcome", "Set Outcome to All to see every row.")
            } else {
                Empty::yet(Icon::Document, "No rows", "No row of the file could be read.")
            }
        },
    },
    query: |address| {
        Some(ImportRowQuery {
            import: address.id.parse().ok()?,
            outcome: address.word("outcome"),
            page: address.page.clone(),
        })
    },
    columns: &[
        Column::text("About", |row: &ImportRow| row.name.clone()),
        Column::number("Row", |row| row.number().to_owned()),
        Column::view(
            "Outcome",
            |row| outcome(row.outcome).1.to_owned(),
            |row, _| {
                let (tone, label) = outcome(row.outcome);
                view! { <StatusDot tone=tone text=label/> }.into_any()
            },
        ),
        Column::text("Details", |row| row.detail.clone()),
    ],
    opens: None,
};

/// An outcome in a word that holds before and after, and how it looks.
fn outcome(outcome: RowOutcome) -> (Tone, &'static str) {
    match outcome {
        RowOutcome::Unknown => (Tone::Neutral, "Not checked yet"),
        RowOutcome::Create => (Tone::Success, "Create"),
        RowOutcome::Change => (Tone::Info, "Change"),
        RowOutcome::Unchanged => (Tone::Neutral, "Unchanged"),
        RowOutcome::Refused => (Tone::Danger, "Refused"),
    }
}

fn outcomes() -> Vec<(String, String)> {
    use crate::domain::text::StringEnum;
    let all = std::iter::once((String::new(), "All".to_owned()));
    let word = |word: &RowOutcome| (word.as_str().to_owned(), outcome(*word).1.to_owned());
    all.chain(RowOutcome::ALL.iter().map(word)).collect()
}

/// One import.
#[component]
pub fn ImportPage() -> AnyView {
    let id = use_id::<ImportId>();
    let import = Loading::named(id, get_import);
    let rows = Listing::new(&IMPORT_ROWS, list_import_rows);
    follow_progress(import, rows.reload());
    let reload = Callback::new(move |()| {
        import.refetch();
        rows.reload().run(());
    });
    view! {
        {loaded(import, move |import| head(import, reload))}
        {rows.bar(())}
        {rows.rows(None)}
    }
    .into_any()
}

/// Asks again every second while the import goes on by itself; when it has come to rest, its rows are fetched again too.
fn follow_progress(import: Loading<ImportDetail>, rows: Callback<()>) {
    Effect::new(move |before: Option<bool>| {
        let Some(Ok(detail)) = import.get() else {
            return before.unwrap_or_default();
        };
        let moving = detail.item.state.is_moving();
        if moving {
            let again = move || import.refetch();
            if let Ok(handle) = set_timeout_with_handle(again, std::time::Duration::from_secs(1)) {
                on_cleanup(move || handle.clear());
            }
        } else if before == Some(true) {
            rows.run(());
        }
        moving
    });
}

fn head(import: ImportDetail, reload: Callback<()>) -> AnyView {
    let ImportDetail { item, counts } = import;
    let state = item.state;
    let name = item.file_name.clone();
    view! {
        <PageTitle text=name.clone()/>
        <Breadcrumb items=vec![Crumb::link("Home", paths::ADMIN), Crumb::link("Imports", paths::IMPORTS), Crumb::here(name.as_str())]/>
        <PageHead
            title=name
            subtitle=format!("Import of {}", item.kind.label().to_ascii_lowercase())
            icon=Icon::Document
            chip=move || view! { <Chip tone=tone(state) text=state.label()/> }
        />
        {said(&item, &counts)}
        {progress(state, &counts)}
        <div class="row">
            {begin(&item, &counts, reload)}
            {(counts.refused > 0)
                .then(|| {
                    view! {
                        <LinkButton href=paths::import_refused(item.id) icon=Icon::Download external=true>
                            "Download refused rows"
                        </LinkButton>
                    }
                })}
            {(!state.is_moving()).then(|| view! { <LinkButton href=paths::import_new(item.kind)>"Choose another file"</LinkButton> })}
        </div>
    }
    .into_any()
}

/// Where it stands, in a sentence or two.
fn said(item: &ImportItem, counts: &RowCounts) -> AnyView {
    let summary = summary(item.state, counts);
    match item.state {
        ImportState::Refused => {
            let note = item.note.clone();
            view! { <MessageBar tone=Tone::Danger title="This file can't be imported"><p>{note}</p></MessageBar> }.into_any()
        }
        ImportState::Stopped => {
            let note = format!("{} {summary}", item.note);
            view! { <MessageBar tone=Tone::Danger title="The import has stopped"><p>{note}</p></MessageBar> }.into_any()
        }
        _ => view! { <p role="status">{summary}</p> }.into_any(),
    }
}

/// How many rows stand where, in words.
fn summary(state: ImportState, counts: &RowCounts) -> String {
    let number = |count: i64| if count == 1 { "1 row".to_owned() } else { format!("{count} rows") };
    match state {
        ImportState::Reading => "The file is being read.".to_owned(),
        ImportState::Checking => format!("{} of {} checked. Nothing has been changed.", counts.settled, number(counts.all)),
        ImportState::Importing => format!(
            "{} of {} done. You can leave this page; the import goes on.",
            counts.settled,
            number(counts.all)
        ),
        ImportState::Finished => format!(
            "{} created, {} changed, {} unchanged, {} refused.",
            counts.create, counts.change, counts.unchanged, counts.refused
        ),
        ImportState::Ready => format!(
            "Of {}: {} to create, {} to change, {} unchanged, {} refused. Nothing has been changed yet.",
            number(counts.all),
            counts.create,
            counts.change,
            counts.unchanged,
            counts.refused
        ),
        ImportState::Refused | ImportState::Stopped => format!("{} of {} done.", counts.settled, number(counts.all)),
    }
}

fn progress(state: ImportState, counts: &RowCounts) -> AnyView {
    let (value, max) = (counts.settled.to_string(), counts.all.max(1).to_string());
    let bar = move || view! { <progress class="progress" aria-label=state.label() value=value max=max></progress> };
    state.is_moving().then(bar).into_any()
}

/// The button that begins, which names what it will do.
fn begin(item: &ImportItem, counts: &RowCounts, reload: Callback<()>) -> AnyView {
    if !matches!(item.state, ImportState::Ready | ImportState::Stopped) {
        return ().into_any();
    }
    let (id, version) = (item.id, item.version);
    let submission = Submission::new();
    let links = RwSignal::new(false);
    let press = move || submission.send(start_import(id, version, links.get_untracked()), move |()| reload.run(()));
    let choice = (item.kind == ImportKind::Users && item.state == ImportState::Ready && counts.create > 0).then(|| {
        view! {
            <Checkbox
                name="send-links"
                label="Send each new account a mail with a link, by which its owner chooses a password"
                checked=links
            />
        }
    });
    let nothing = item.state == ImportState::Ready && counts.create + counts.change == 0;
    let why_not = nothing.then(|| "No row of this file would change anything. Choose another file.".to_owned());
    let label = if item.state == ImportState::Stopped {
        "Go on".to_owned()
    } else {
        format!("Import: create {}, change {}", counts.create, counts.change)
    };
    view! {
        {choice}
        <Button id="start-import" kind=ButtonKind::Primary busy=submission.busy() disabled_reason=Signal::stored(why_not) on_click=press>
            {label}
        </Button>
        {move || submission.text().get().map(|text| view! { <MessageBar tone=Tone::Danger title=text/> })}
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_import_says_what_will_become_of_its_rows() {
        let counts = RowCounts {
            all: 5,
            settled: 2,
            create: 2,
            change: 1,
            unchanged: 1,
            refused: 1,
        };
        assert_eq!(
            summary(ImportState::Ready, &counts),
            "Of 5 rows: 2 to create, 1 to change, 1 unchanged, 1 refused. Nothing has been changed yet."
        );
        assert_eq!(
            summary(ImportState::Importing, &counts),
            "2 of 5 rows done. You can leave this page; the import goes on."
        );
        assert_eq!(
            summary(ImportState::Finished, &counts),
            "2 created, 1 changed, 1 unchanged, 1 refused."
        );
    }
}

//! A new import: what the file may hold, a template, and the choice of the file. It is a plain form, which works before and without
//! scripting; what becomes of it is the import's own page.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::admin::error_view::{NotFoundPage, loaded, problem};
use crate::admin::page_title::PageTitle;
use crate::domain::access::Refusal;
use crate::domain::import::{FILE_MAX, ImportKind};
use crate::paths;
use crate::rpc::imports::import_kinds;
use crate::rpc::{AppError, Loading};
use crate::ui::*;

/// A new import of the kind that the address names.
#[component]
pub fn NewImportPage() -> AnyView {
    let params = use_params_map();
    let kind = Memo::new(move |_| params.with(|params| params.get("kind").unwrap_or_default().parse::<ImportKind>().ok()));
    let kinds = Loading::once(import_kinds);
    let show = move |kinds: Vec<ImportKind>| match kind.get_untracked() {
        None => NotFoundPage().into_any(),
        Some(kind) if kinds.contains(&kind) => page(kind),
        Some(_) => {
            let reason = "Your roles don't allow this import. Ask an administrator.";
            problem(AppError::Refused(Refusal::new("needs-role", reason)), Callback::new(|()| {}))
        }
    };
    loaded(kinds, show)
}

fn page(kind: ImportKind) -> AnyView {
    let title = format!("Import {}", kind.label().to_ascii_lowercase());
    let size = format!(
        "CSV in UTF-8, at most {} MB. Its first row names the columns.",
        FILE_MAX / (1024 * 1024)
    );
    view! {
        <PageTitle text=title.clone()/>
        <Breadcrumb items=vec![Crumb::link("Home", paths::ADMIN), Crumb::link("Imports", paths::IMPORTS), Crumb::here(title.as_str())]/>
        <PageHead
            title=title.clone()
            subtitle="You see what would become of each row before anything is changed.".to_owned()
            icon=Icon::Document
        />
        <form class="form stack" method="post" enctype="multipart/form-data" action=paths::import_new(kind)>
            <Field id="file" label="File" required=true hint=size>
                <div class="input">
                    <input
                        class="input-control"
                        type="file"
                        id="file"
                        name="file"
                        accept=".csv,text/csv"
                        required=true
                        aria-describedby=described_by("file", true, Signal::stored(None))
                    />
                </div>
            </Field>
            <div class="row">
                <Button submit=true kind=ButtonKind::Primary>"Read file"</Button>
                <LinkButton href=paths::import_template(kind) icon=Icon::Download external=true>"Download template"</LinkButton>
            </div>
        </form>
        <section class="stack">
            <SectionTitle title="Columns"/>
            {columns(kind)}
            {(kind == ImportKind::Users)
                .then(|| {
                    view! {
                        <p class="muted">
                            "A column that the file doesn't have is left as it is; an empty cell empties it. Passwords aren't imported: a new
                            account gets its first one by Reset password on its page."
                        </p>
                    }
                })}
        </section>
    }
    .into_any()
}

fn columns(kind: ImportKind) -> AnyView {
    let head = || {
        view! {
            <HeadCell label="Column"/>
            <HeadCell label="What belongs there"/>
        }
    };
    let row = |column: &crate::domain::import::ImportColumn| {
        let required = column.required.then(|| view! { " "<Chip text="Required"/> });
        view! {
            <tr>
                <td>{column.label}{required}</td>
                <td data-label="What belongs there">{column.hint}</td>
            </tr>
        }
    };
    let rows = kind.columns().iter().map(row).collect_any();
    view! { <Table caption="Columns" head=head cards=true>{rows}</Table> }.into_any()
}

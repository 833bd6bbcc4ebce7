//! Require attributes (F054): what a resource of a catalog asks of whoever requests a package that gives a role of it.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::admin::error_view::{loaded, use_id};
use crate::admin::form::{Errors, FormProblem, Submission};
use crate::domain::attribute::{AttributeRow, AttributesForm, ResourceAttributes, UserAttribute};
use crate::domain::custom_attribute::AttributeDefinition;
use crate::domain::id::{CatalogId, ObjectId, QuestionId};
use crate::domain::limit::Limit;
use crate::domain::validate::FieldErrors;
use crate::paths::{self, CatalogPage};
use crate::rpc::Loading;
use crate::rpc::catalogs::{get_attributes, set_attributes};
use crate::ui::*;

/// One attribute as it stands in the form.
#[derive(Clone, Copy)]
struct Row {
    key: usize,
    id: Option<QuestionId>,
    attribute: RwSignal<String>,
    text: RwSignal<String>,
    choices: RwSignal<String>,
    editable: RwSignal<bool>,
    write: RwSignal<bool>,
}

impl Row {
    fn new(key: usize, row: &AttributeRow) -> Self {
        Self {
            key,
            id: row.id,
            attribute: RwSignal::new(row.attribute.clone()),
            text: RwSignal::new(row.text.clone()),
            choices: RwSignal::new(row.choices.clone()),
            editable: RwSignal::new(row.editable),
            write: RwSignal::new(row.write),
        }
    }

    fn typed(self) -> AttributeRow {
        AttributeRow {
            id: self.id,
            attribute: self.attribute.get(),
            text: self.text.get(),
            choices: self.choices.get(),
            editable: self.editable.get(),
            write: self.write.get(),
        }
    }
}

/// The rows of the form, and where it is sent. Copy it into callbacks.
#[derive(Clone, Copy)]
struct Fields {
    rows: RwSignal<Vec<Row>>,
    next: RwSignal<usize>,
    version: RwSignal<i64>,
    catalog: CatalogId,
    resource: ObjectId,
    defined: StoredValue<Vec<AttributeDefinition>>,
    submission: Submission,
}

impl Fields {
    fn new(catalog: CatalogId, shown: &ResourceAttributes) -> Self {
        let fields = Self {
            rows: RwSignal::default(),
            next: RwSignal::new(0),
            version: RwSignal::new(0),
            catalog,
            resource: shown.resource.id,
            defined: StoredValue::new(shown.defined.clone()),
            submission: Submission::new(),
        };
        fields.fill(shown);
        fields
    }

    fn fill(self, shown: &ResourceAttributes) {
        self.rows.set(Vec::new());
        for attribute in &shown.attributes {
            self.add(&AttributeRow::from(attribute));
        }
        self.version.set(shown.version);
    }

    fn add(self, row: &AttributeRow) {
        let key = self.next.get_untracked();
        self.next.set(key + 1);
        self.rows.update(|rows| rows.push(Row::new(key, row)));
    }

    fn form(self) -> AttributesForm {
        AttributesForm {
            rows: self.rows.get().into_iter().map(Row::typed).collect(),
            version: self.version.get(),
        }
    }

    fn faults(self) -> FieldErrors {
        let none = || QuestionId(uuid::Uuid::nil());
        self.form().check(none).err().unwrap_or_default()
    }

    /// All that can be asked for, as words with their labels.
    fn offered(self) -> Vec<(String, String)> {
        let built_in = UserAttribute::BUILT_IN.iter().map(|one| (one.to_string(), one.label().to_owned()));
        let custom = |one: &AttributeDefinition| (UserAttribute::from(one).to_string(), one.label.clone());
        built_in
            .chain(self.defined.with_value(|all| all.iter().map(custom).collect::<Vec<_>>()))
            .collect()
    }

    fn at(self, row: Row) -> usize {
        let place = |rows: &Vec<Row>| rows.iter().position(|other| other.key == row.key);
        self.rows.with(place).unwrap_or_default()
    }
}

/// Require attributes.
#[component]
pub fn ResourceAttributesPage() -> AnyView {
    let catalog = use_id::<CatalogId>();
    let params = use_params_map();
    let named = Memo::new(move |_| {
        let resource = params.with(|params| params.get("resource").unwrap_or_default().parse::<ObjectId>().ok());
        Some((catalog.get()?, resource?))
    });
    let attributes = Loading::named(named, |(catalog, resource)| get_attributes(catalog, resource));
    let show = move |shown: ResourceAttributes| match named.get_untracked() {
        Some((catalog, _)) => view! { <AttributesFields catalog=catalog shown=shown/> }.into_any(),
        None => ().into_any(),
    };
    loaded(attributes, show)
}

#[component]
fn AttributesFields(catalog: CatalogId, shown: ResourceAttributes) -> AnyView {
    let fields = Fields::new(catalog, &shown);
    let toasts = use_toasts();
    let errors = Errors::new(move |path| fields.submission.text_at(path, label(path)));
    let save = move || {
        let faults = untrack(|| fields.faults());
        if !faults.is_empty() {
            fields.submission.refuse(faults);
            return;
        }
        let form = untrack(|| fields.form());
        fields
            .submission
            .send(set_attributes(fields.catalog, fields.resource, form), move |()| {
                toasts.success("Attributes saved", "", None);
                reload(fields);
            });
    };
    let why_not = shown.edit.reason();
    let full = move || {
        let bound = Limit::ResourceAttributes.bound().min(fields.offered().len());
        let all = fields.rows.with(Vec::len) >= bound;
        all.then(|| format!("There are {bound} attributes, and each is asked for once."))
    };
    let (add_reason, save_reason) = (why_not.clone(), why_not);
    view! {
        <SectionTitle
            title=format!("Attributes that {} requires", shown.resource.name)
            text="Whoever requests a package that gives a role of this resource answers these, filled in with what is known of them. Approvers \
                  see the answers."
        />
        <div class="form stack">
            {keyed(
                move || fields.rows.get(),
                |row| row.key.to_string(),
                move |row| view! { <AttributeCard fields=fields row=row errors=errors/> }.into_any(),
            )}
            {shown_empty(fields)}
            <div class="row">
                <Button
                    id="add-attribute"
                    icon=Icon::Add
                    disabled_reason=Signal::derive(move || add_reason.clone().or_else(full))
                    on_click=move || fields.add(&AttributeRow { write: true, ..AttributeRow::default() })
                >
                    "Add attribute"
                </Button>
            </div>
            <FormProblem submission=fields.submission reload=Callback::new(move |()| reload(fields))/>
            <div class="row">
                <Button
                    id="save-attributes"
                    kind=ButtonKind::Primary
                    busy=fields.submission.busy()
                    disabled_reason=Signal::stored(save_reason)
                    on_click=save
                >
                    "Save"
                </Button>
                <LinkButton href=paths::catalog(catalog, CatalogPage::Resources)>"Back to resources"</LinkButton>
            </div>
        </div>
    }
    .into_any()
}

fn shown_empty(fields: Fields) -> AnyView {
    shown(
        move || fields.rows.with(Vec::is_empty),
        || view! { <p class="muted">"This resource asks for nothing."</p> }.into_any(),
    )
}

/// Fetches what is kept, in place of what stands in the form.
fn reload(fields: Fields) {
    fields
        .submission
        .send(get_attributes(fields.catalog, fields.resource), move |shown| fields.fill(&shown));
}

/// What a field is called in a fault's words.
fn label(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("attribute") => "Attribute",
        Some("text") => "Question",
        Some("choices") => "Answer values",
        _ => "Attributes",
    }
}

#[component]
fn AttributeCard(fields: Fields, row: Row, errors: Errors) -> AnyView {
    let title = move || format!("Attribute {}", fields.at(row) + 1);
    let error = move |field: &'static str| errors.found(move || format!("rows.{}.{field}", fields.at(row)));
    let id = |field: &str| format!("attribute-{}-{field}", row.key);
    let remove = Callback::new(move |()| fields.rows.update(|rows| rows.retain(|other| other.key != row.key)));
    let mut options = vec![(String::new(), "Choose".to_owned())];
    options.extend(fields.offered());
    view! {
        <section class="card form" role="group" aria-label=title>
            <div class="card-head">
                <h3 class="card-title">{title}</h3>
                <div class="card-actions">
                    {move || view! { <IconButton icon=Icon::Delete label=format!("Remove attribute {}", fields.at(row) + 1) on_click=remove/> }}
                </div>
            </div>
            <SelectField
                name=id("attribute")
                label="Attribute"
                required=true
                value=row.attribute
                options=options
                error=error("attribute")
            />
            <TextField name=id("text") label="Question" value=row.text error=error("text") hint="Empty: the attribute's name."/>
            <TextArea
                name=id("choices")
                label="Answer values"
                value=row.choices
                error=error("choices")
                hint="One a line, to be chosen from. Empty: whatever fits the attribute's type."
            />
            <Checkbox name=id("editable") label="What is known already can be changed" checked=row.editable/>
            <Checkbox name=id("write") label="Write the answer to the user when access is delivered" checked=row.write/>
        </section>
    }
    .into_any()
}

//! Custom attributes (F054): the properties of users that administrators define, with the way to a new one.

use leptos::prelude::*;

use super::list::user_tabs;
use crate::admin::confirm::Question;
use crate::admin::error_view::{loaded, loaded_quietly};
use crate::admin::form::{Form, PaneForm};
use crate::admin::frame::use_viewer;
use crate::admin::listing::{options, row_menu};
use crate::admin::page_title::PageTitle;
use crate::domain::custom_attribute::{AttributeDefinition, AttributeType, CustomAttributeForm};
use crate::domain::id::CustomAttributeId;
use crate::domain::text::{EXTENSION, StringEnum};
use crate::paths;
use crate::rpc::Loading;
use crate::rpc::custom_attributes::{
    create_custom_attribute, custom_attribute_deletion, delete_custom_attribute, list_custom_attributes, update_custom_attribute,
};
use crate::ui::*;

/// Custom attributes.
#[component]
pub fn CustomAttributesPage() -> AnyView {
    let attributes = Loading::once(list_custom_attributes);
    let viewer = use_viewer();
    let reload = Callback::new(move |()| attributes.refetch());
    let deleting = RwSignal::new(None::<AttributeDefinition>);
    let editor = Editor::new();
    view! {
        <PageTitle text="Custom attributes"/>
        <Breadcrumb items=vec![
            Crumb::link("Home", paths::ADMIN),
            Crumb::link("Users", paths::USERS),
            Crumb::here("Custom attributes"),
        ]/>
        <PageHead
            title="Custom attributes"
            subtitle="What your organization keeps about its users beside the built-in properties. Rules of groups and policies can ask about \
                      them, and resources can require them."
                .to_owned()
            icon=Icon::Person
        />
        <TabLinks label="Users" items=user_tabs(paths::USERS_ATTRIBUTES)/>
        <CommandBar>
            {loaded_quietly(viewer, move |viewer| {
                let why_not = viewer.users.reason();
                view! {
                    <Button
                        id="new-attribute"
                        icon=Icon::Add
                        kind=ButtonKind::Primary
                        disabled_reason=Signal::stored(why_not)
                        on_click=move || editor.open(None)
                    >
                        "New attribute"
                    </Button>
                }
                .into_any()
            })}
        </CommandBar>
        {loaded(attributes, move |found: Vec<AttributeDefinition>| rows(found, editor, deleting))}
        {editor.pane(reload)}
        {question(deleting, reload)}
    }
    .into_any()
}

fn rows(found: Vec<AttributeDefinition>, editor: Editor, deleting: RwSignal<Option<AttributeDefinition>>) -> AnyView {
    if found.is_empty() {
        return view! {
            <EmptyState
                icon=Icon::Person
                title="No custom attributes yet"
                text="Define one for what you need to know about people, such as a cost center or a badge number."
            />
        }
        .into_any();
    }
    let head = || {
        view! {
            <HeadCell label="Label"/>
            <HeadCell label="Name in rules and files"/>
            <HeadCell label="Type"/>
            <HeadCell label="Description"/>
            <HeadCell label="Actions" label_hidden=true/>
        }
    };
    let rows = found.into_iter().map(|one| row(one, editor, deleting)).collect_any();
    view! { <Table caption="Custom attributes" head=head cards=true>{rows}</Table> }.into_any()
}

fn row(attribute: AttributeDefinition, editor: Editor, deleting: RwSignal<Option<AttributeDefinition>>) -> AnyView {
    let (to_edit, to_delete) = (attribute.clone(), attribute.clone());
    let items = vec![
        view! { <MenuItem icon=Icon::Edit on_click=move || editor.open(Some(&to_edit))>"Edit"</MenuItem> }.into_any(),
        view! { <MenuItem icon=Icon::Delete danger=true on_click=move || deleting.set(Some(to_delete.clone()))>"Delete"</MenuItem> }
            .into_any(),
    ];
    view! {
        <tr>
            <td class="break">{attribute.label.clone()}</td>
            <td data-label="Name in rules and files" class="break"><code>{format!("{EXTENSION}{}", attribute.name)}</code></td>
            <td data-label="Type">{attribute.kind.label()}</td>
            <td data-label="Description" class="break">{attribute.description}</td>
            <td class="cell-end">{row_menu(attribute.id, &attribute.label, items)}</td>
        </tr>
    }
    .into_any()
}

/// The pane in which an attribute is defined or changed.
#[derive(Clone, Copy)]
struct Editor {
    shown: RwSignal<bool>,
    kept: RwSignal<Option<(CustomAttributeId, i64)>>,
    begun: RwSignal<CustomAttributeForm>,
    label: RwSignal<String>,
    name: RwSignal<String>,
    kind: RwSignal<String>,
    description: RwSignal<String>,
}

impl Editor {
    fn new() -> Self {
        let blank = RwSignal::<String>::default;
        Self {
            shown: RwSignal::new(false),
            kept: RwSignal::new(None),
            begun: RwSignal::default(),
            label: blank(),
            name: blank(),
            kind: blank(),
            description: blank(),
        }
    }

    fn open(self, attribute: Option<&AttributeDefinition>) {
        let form = attribute.map_or_else(
            || CustomAttributeForm {
                kind: AttributeType::Text.as_str().to_owned(),
                ..CustomAttributeForm::default()
            },
            |attribute| CustomAttributeForm {
                label: attribute.label.clone(),
                name: attribute.name.clone(),
                kind: attribute.kind.as_str().to_owned(),
                description: attribute.description.clone(),
            },
        );
        self.kept.set(attribute.map(|attribute| (attribute.id, attribute.version)));
        self.begun.set(form);
        self.forget();
        self.shown.set(true);
    }

    fn forget(self) {
        let form = self.begun.get_untracked();
        self.label.set(form.label);
        self.name.set(form.name);
        self.kind.set(form.kind);
        self.description.set(form.description);
    }

    fn typed(self) -> CustomAttributeForm {
        CustomAttributeForm {
            label: self.label.get(),
            name: self.name.get(),
            kind: self.kind.get(),
            description: self.description.get(),
        }
    }

    fn pane(self, reload: Callback<()>) -> AnyView {
        let toasts = use_toasts();
        let form = Form::new(move || self.typed().check());
        let save = Callback::new(move |()| {
            let (typed, kept) = (untrack(|| self.typed()), self.kept.get_untracked());
            let label = typed.label.trim().to_owned();
            let call = async move {
                match kept {
                    None => create_custom_attribute(typed).await.map(drop),
                    Some((id, version)) => update_custom_attribute(id, version, typed).await.map(drop),
                }
            };
            form.send(call, move |()| {
                self.shown.set(false);
                toasts.success("Custom attribute saved", label, None);
                reload.run(());
            });
        });
        let pane = PaneForm {
            name: "attribute-pane",
            title: "Custom attribute",
            open: self.shown,
            dirty: Signal::derive(move || self.begun.get() != self.typed()),
            save,
            forget: Callback::new(move |()| self.forget()),
            reload: Callback::new(move |()| {
                self.shown.set(false);
                reload.run(());
            }),
        };
        let fixed = Signal::derive(move || self.kept.with(Option::is_some));
        let new = move || {
            view! {
                {form.field("name", "Name in rules and files", self.name).id("attribute-name").required()
                    .hint("Small letters, digits and _, such as cost_center. It can't be changed later.").line()}
                {form.field("kind", "Type", self.kind).id("attribute-kind").hint("It can't be changed later.")
                    .select(options(AttributeType::label), Vec::new(), None)}
            }
            .into_any()
        };
        let inside = view! {
            {form.field("label", "Label", self.label).id("attribute-label").required().hint("What people read, such as Cost center.").line()}
            {shown(move || !fixed.get(), new)}
            {form.field("description", "Description", self.description).id("attribute-description").area(None)}
        };
        form.pane(pane, inside.into_any())
    }
}

fn question(deleting: RwSignal<Option<AttributeDefinition>>, reload: Callback<()>) -> AnyView {
    let toasts = use_toasts();
    let effect = RwSignal::new(String::new());
    Question::new(
        "delete-attribute",
        |attribute: &AttributeDefinition| format!("Delete {}?", attribute.label),
        move |_| format!("It goes with all its values, which can't be brought back. {}", effect.get()),
        |attribute: AttributeDefinition| Box::pin(delete_custom_attribute(attribute.id, attribute.version)),
        move |attribute| {
            toasts.success("Custom attribute deleted", attribute.label, None);
            reload.run(());
        },
    )
    .opening(move |attribute, refused| {
        effect.set(String::new());
        leptos::task::spawn_local(async move {
            match custom_attribute_deletion(attribute.id).await {
                Ok(text) => effect.set(text),
                Err(error) => refused.set(Some(error.text())),
            }
        });
    })
    .gone(
        |attribute| format!("{} had been deleted already", attribute.label),
        move |_| reload.run(()),
    )
    .view(deleting)
}

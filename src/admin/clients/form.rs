//! What is typed about an API client: on a page for a new one, in a pane for one that is there.

use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

use crate::admin::error_view::{loaded, permitted};
use crate::admin::form::{Foot, Form, PaneForm};
use crate::admin::frame::use_viewer;
use crate::admin::page_title::PageTitle;
use crate::domain::client::{ClientDetail, ClientForm};
use crate::domain::text::DESCRIPTION_MAX;
use crate::paths;
use crate::rpc::clients::{create_client, get_client, update_client};
use crate::rpc::viewer::Viewer;
use crate::ui::*;

/// What is typed.
#[derive(Clone, Copy, Default)]
struct Fields {
    name: RwSignal<String>,
    description: RwSignal<String>,
    redirects: RwSignal<String>,
    public_client: RwSignal<bool>,
}

impl Fields {
    fn fill(self, client: &ClientDetail) {
        self.name.set(client.item.name.clone());
        self.description.set(client.item.description.clone());
        self.redirects.set(client.redirects.join("\n"));
        self.public_client.set(client.public_client);
    }

    fn form(self) -> ClientForm {
        ClientForm {
            name: self.name.get(),
            description: self.description.get(),
            redirects: self.redirects.get(),
            public_client: self.public_client.get(),
        }
    }

    fn controls(self, form: Form) -> AnyView {
        let redirects = "Only for programs in which people sign in: where their browsers go back, one address a line.";
        view! {
            {form.field("name", "Name", self.name).required().hint("People see it who let the client act for them.").line()}
            {form.field("description", "Description", self.description).area(Some(DESCRIPTION_MAX))}
            {form.field("redirects", "Redirect addresses", self.redirects).hint(redirects).area(None)}
            <Checkbox name="public_client" label="It can keep no secret: people may sign in through it without one" checked=self.public_client/>
        }
        .into_any()
    }
}

/// New API client.
#[component]
pub fn NewClientPage() -> AnyView {
    let form = |viewer: Viewer| permitted(&viewer.clients, || view! { <NewClientForm/> }.into_any());
    view! {
        <PageTitle text="New API client"/>
        <Breadcrumb items=vec![
            Crumb::link("Home", paths::ADMIN),
            Crumb::link("API clients", paths::CLIENTS),
            Crumb::here("New API client"),
        ]/>
        <PageHead
            title="New API client"
            subtitle="It may do nothing until you give it permissions, and a secret or a key.".to_owned()
            icon=Icon::Key
        />
        {loaded(use_viewer(), form)}
    }
    .into_any()
}

#[component]
fn NewClientForm() -> AnyView {
    let fields = Fields::default();
    let form = Form::new(move || fields.form().check());
    let toasts = use_toasts();
    let navigate = use_navigate();
    let submit = Callback::new(move |()| {
        let navigate = navigate.clone();
        let typed = untrack(|| fields.form());
        let name = typed.name.trim().to_owned();
        form.send_and_leave(create_client(typed), move |id| {
            toasts.success("API client registered", name, None);
            navigate(&paths::client(id), Default::default());
        });
    });
    let foot = Foot {
        verb: "Register",
        cancel: Signal::stored(paths::CLIENTS.to_owned()),
    };
    form.page(submit, None, foot, fields.controls(form))
}

/// The Edit pane of a client. `reload` fetches it again once it is saved.
pub fn edit_pane(client: ClientDetail, open: RwSignal<bool>, reload: Callback<()>) -> AnyView {
    let fields = Fields::default();
    fields.fill(&client);
    let id = client.item.id;
    let kept = StoredValue::new(client);
    let form = Form::new(move || fields.form().check());
    let toasts = use_toasts();
    let save = Callback::new(move |()| {
        let typed = untrack(|| fields.form());
        let name = typed.name.trim().to_owned();
        let version = kept.with_value(|kept| kept.version);
        form.send(update_client(id, version, typed), move |()| {
            open.set(false);
            toasts.success("API client saved", name, None);
            reload.run(());
        });
    });
    let dirty = move || {
        let typed = fields.form();
        kept.with_value(|kept| {
            typed.name != kept.item.name
                || typed.description != kept.item.description
                || typed.redirects != kept.redirects.join("\n")
                || typed.public_client != kept.public_client
        })
    };
    let pane = PaneForm {
        name: "edit-client-pane",
        title: "Edit API client",
        open,
        dirty: Signal::derive(dirty),
        save,
        forget: Callback::new(move |()| kept.with_value(|kept| fields.fill(kept))),
        reload: Callback::new(move |()| {
            form.submission.send(get_client(id), move |client| {
                fields.fill(&client);
                kept.set_value(client);
            });
        }),
    };
    form.pane(pane, fields.controls(form))
}

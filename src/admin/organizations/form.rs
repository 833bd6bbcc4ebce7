//! What is typed about a connected organization: on a page for a new one, in a pane for one that is there.

use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

use crate::admin::error_view::{loaded, permitted};
use crate::admin::form::{Foot, Form, PaneForm};
use crate::admin::frame::use_viewer;
use crate::admin::page_title::PageTitle;
use crate::domain::organization::{OrganizationDetail, OrganizationForm, OrganizationState};
use crate::domain::text::{DESCRIPTION_MAX, StringEnum};
use crate::paths;
use crate::rpc::organizations::{create_organization, get_organization, update_organization};
use crate::rpc::viewer::Viewer;
use crate::ui::*;

/// What is typed.
#[derive(Clone, Copy)]
struct Fields {
    name: RwSignal<String>,
    description: RwSignal<String>,
    state: RwSignal<String>,
    domains: RwSignal<String>,
}

impl Fields {
    fn new(form: OrganizationForm) -> Self {
        let fields = Self {
            name: RwSignal::default(),
            description: RwSignal::default(),
            state: RwSignal::default(),
            domains: RwSignal::default(),
        };
        fields.fill(form);
        fields
    }

    fn fill(self, form: OrganizationForm) {
        self.name.set(form.name);
        self.description.set(form.description);
        self.state.set(form.state.as_str().to_owned());
        self.domains.set(form.domains);
    }

    fn form(self) -> OrganizationForm {
        OrganizationForm {
            name: self.name.get(),
            description: self.description.get(),
            state: self.state.with(|state| state.parse().unwrap_or(OrganizationState::Configured)),
            domains: self.domains.get(),
        }
    }

    /// A new organization is configured; of one that is there the state can be chosen.
    fn controls(self, form: Form, new: bool) -> AnyView {
        let domains = "One domain a line, such as partner.example: guests whose address ends with it are of the organization.";
        let states = OrganizationState::ALL.iter().map(|state| {
            let hint = match state {
                OrganizationState::Configured => "Policies for all configured connected organizations are for its people.",
                OrganizationState::Proposed => "Only policies that name it, or that are for all external users, are for its people.",
            };
            Choice::new(state.as_str(), state.label()).hint(hint)
        });
        let state = (!new).then(|| {
            view! { <RadioGroup name="state" legend="State" value=self.state options=states.collect()/> }
        });
        view! {
            {form.field("name", "Name", self.name).required().line()}
            {form.field("description", "Description", self.description).area(Some(DESCRIPTION_MAX))}
            {form.field("domains", "Domains", self.domains).required().hint(domains).area(None)}
            {state}
        }
        .into_any()
    }
}

/// New connected organization.
#[component]
pub fn NewOrganizationPage() -> AnyView {
    let form = |viewer: Viewer| permitted(&viewer.organizations, || view! { <NewOrganizationForm/> }.into_any());
    view! {
        <PageTitle text="Add connected organization"/>
        <Breadcrumb items=vec![
            Crumb::link("Home", paths::ADMIN),
            Crumb::link("Connected organizations", paths::ORGANIZATIONS),
            Crumb::here("Add connected organization"),
        ]/>
        <PageHead
            title="Add connected organization"
            subtitle="Its state is Configured. Who vouches for it is chosen on its page.".to_owned()
            icon=Icon::People
        />
        {loaded(use_viewer(), form)}
    }
    .into_any()
}

#[component]
fn NewOrganizationForm() -> AnyView {
    let fields = Fields::new(OrganizationForm::default());
    let form = Form::new(move || fields.form().check());
    let toasts = use_toasts();
    let navigate = use_navigate();
    let submit = Callback::new(move |()| {
        let navigate = navigate.clone();
        let typed = untrack(|| fields.form());
        let name = typed.name.trim().to_owned();
        form.send_and_leave(create_organization(typed), move |id| {
            toasts.success("Connected organization added", name, None);
            navigate(&paths::organization(id), Default::default());
        });
    });
    let foot = Foot {
        verb: "Create",
        cancel: Signal::stored(paths::ORGANIZATIONS.to_owned()),
    };
    form.page(submit, None, foot, fields.controls(form, true))
}

/// The Edit pane of an organization. `reload` fetches it again once it is saved.
pub fn edit_pane(organization: OrganizationDetail, open: RwSignal<bool>, reload: Callback<()>) -> AnyView {
    let kept_form = |kept: &OrganizationDetail| OrganizationForm::from(&kept.item);
    let fields = Fields::new(kept_form(&organization));
    let id = organization.item.id;
    let kept = StoredValue::new(organization);
    let form = Form::new(move || fields.form().check());
    let toasts = use_toasts();
    let save = Callback::new(move |()| {
        let typed = untrack(|| fields.form());
        let name = typed.name.trim().to_owned();
        let version = kept.with_value(|kept| kept.item.version);
        form.send(update_organization(id, version, typed), move |_| {
            open.set(false);
            toasts.success("Connected organization saved", name, None);
            reload.run(());
        });
    });
    let pane = PaneForm {
        name: "edit-organization-pane",
        title: "Edit connected organization",
        open,
        dirty: Signal::derive(move || kept.with_value(kept_form) != fields.form()),
        save,
        forget: Callback::new(move |()| fields.fill(kept.with_value(kept_form))),
        reload: Callback::new(move |()| {
            form.submission.send(get_organization(id), move |organization| {
                fields.fill(kept_form(&organization));
                kept.set_value(organization);
            });
        }),
    };
    form.pane(pane, fields.controls(form, false))
}

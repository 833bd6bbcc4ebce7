//! One connected organization: what it is, who vouches for it, and the commands.

use leptos::prelude::*;

use super::form::edit_pane;
use super::list::tone;
use super::sponsors::sponsors;
use crate::admin::deletion::{self, Deletion, ToDelete};
use crate::admin::error_view::{loaded, use_id};
use crate::admin::page_title::PageTitle;
use crate::admin::timestamp::moment;
use crate::domain::id::OrganizationId;
use crate::domain::organization::{OrganizationDetail, SponsorSide};
use crate::paths;
use crate::rpc::organizations::{delete_organization, get_organization};
use crate::rpc::{AppError, Loading};
use crate::ui::*;

/// An organization, which does not come back.
const ORGANIZATION: Deletion = Deletion {
    dialog: "delete-organization-dialog",
    list: paths::ORGANIZATIONS,
    delete: |id, version| Box::pin(delete(id.into(), version)),
    impact: None,
    tell: |toasts, name| {
        toasts.success("Connected organization deleted", name, None);
    },
};

async fn delete(id: OrganizationId, version: Option<i64>) -> Result<(), AppError> {
    let version = match version {
        Some(version) => version,
        None => get_organization(id).await?.item.version,
    };
    delete_organization(id, version).await
}

/// What deleting an organization means.
const CONSEQUENCE: &str = "Its people keep the access that they have. Policies for all configured connected organizations are no longer for \
    them. This can't be undone.";

/// One connected organization.
#[component]
pub fn OrganizationPage() -> AnyView {
    let id = use_id::<OrganizationId>();
    let organization = Loading::named(id, get_organization);
    let reload = Callback::new(move |()| organization.refetch());
    view! { {loaded(organization, move |organization| page(organization, reload))} }.into_any()
}

fn page(organization: OrganizationDetail, reload: Callback<()>) -> AnyView {
    let editing = RwSignal::new(false);
    let item = organization.item.clone();
    let may = organization.edit.clone();
    view! {
        <PageTitle text=item.name.clone()/>
        <Breadcrumb items=vec![
            Crumb::link("Home", paths::ADMIN),
            Crumb::link("Connected organizations", paths::ORGANIZATIONS),
            Crumb::here(item.name.clone()),
        ]/>
        {head(&organization, editing)}
        <div class="stack-24">
            {properties(&organization)}
            {sponsors(item.id, SponsorSide::Internal, organization.internal_sponsors.clone(), &may, reload)}
            {sponsors(item.id, SponsorSide::External, organization.external_sponsors.clone(), &may, reload)}
        </div>
        {edit_pane(organization, editing, reload)}
    }
    .into_any()
}

fn head(organization: &OrganizationDetail, editing: RwSignal<bool>) -> AnyView {
    let deleting = RwSignal::new(None::<ToDelete>);
    let item = organization.item.clone();
    let ask = ToDelete {
        id: item.id.0,
        name: item.name.clone(),
        version: Some(item.version),
        text: CONSEQUENCE.to_owned(),
    };
    let (edit, remove) = (organization.edit.reason(), organization.delete.reason());
    let (tone, state) = (tone(item.state), item.state.label());
    view! {
        <PageHead
            title=item.name.clone()
            subtitle="Connected organization".to_owned()
            icon=Icon::People
            chip=move || view! { <Chip tone=tone text=state/> }
            commands=move || {
                view! {
                    <Button
                        id="edit-organization"
                        icon=Icon::Edit
                        kind=ButtonKind::Subtle
                        disabled_reason=edit
                        on_click=move || editing.set(true)
                    >
                        "Edit"
                    </Button>
                    <Button
                        id="delete-organization"
                        icon=Icon::Delete
                        kind=ButtonKind::Subtle
                        disabled_reason=remove
                        on_click=move || deleting.set(Some(ask.clone()))
                    >
                        "Delete"
                    </Button>
                }
            }
        />
        {deletion::question(ORGANIZATION, deleting, deletion::to_list(ORGANIZATION))}
    }
    .into_any()
}

fn properties(organization: &OrganizationDetail) -> AnyView {
    let item = organization.item.clone();
    let description = if item.description.is_empty() {
        "None".to_owned()
    } else {
        item.description
    };
    view! {
        <Card title="Properties">
            <PropertyList>
                <Property label="Description"><span class="break">{description}</span></Property>
                <Property label="State">{item.state.label()}</Property>
                <Property label="Domains"><span class="break">{item.domains.join(", ")}</span></Property>
                <Property label="Created">{moment(item.created_at)}</Property>
                <Property label="Changed">{moment(item.updated_at)}</Property>
            </PropertyList>
        </Card>
    }
    .into_any()
}

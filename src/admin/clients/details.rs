//! One API client: what it is, how a program gets tokens with it, and the commands.

use leptos::prelude::*;

use super::credentials::{keys, secrets};
use super::form::edit_pane;
use super::list::status;
use super::permissions::permissions;
use crate::admin::confirm::Question;
use crate::admin::deletion::{self, Deletion, ToDelete};
use crate::admin::error_view::{loaded, use_id};
use crate::admin::page_title::PageTitle;
use crate::admin::timestamp::moment;
use crate::domain::client::ClientDetail;
use crate::domain::id::ClientId;
use crate::paths;
use crate::rpc::clients::{delete_client, get_client, revoke_sign_ins, set_client_enabled};
use crate::rpc::{AppError, Loading};
use crate::ui::*;

/// A client, which does not come back.
const CLIENT: Deletion = Deletion {
    dialog: "delete-client-dialog",
    list: paths::CLIENTS,
    delete: |id, version| Box::pin(delete(id.into(), version)),
    impact: None,
    tell: |toasts, name| {
        toasts.success("API client deleted", name, None);
    },
};

async fn delete(id: ClientId, version: Option<i64>) -> Result<(), AppError> {
    let version = match version {
        Some(version) => version,
        None => get_client(id).await?.version,
    };
    delete_client(id, version).await
}

/// What deleting or disabling a client means for those who are signed in through it.
fn signed_in(people: i64) -> String {
    match people {
        0 => "Nobody is signed in through it.".to_owned(),
        1 => "1 person is signed in through it.".to_owned(),
        count => format!("{count} people are signed in through it."),
    }
}

/// What deleting a client takes.
fn consequence(client: &ClientDetail) -> String {
    let credentials = client.secrets.len() + client.keys.len();
    let credentials = match credentials {
        0 => "It has no secrets or keys".to_owned(),
        1 => "Its secret or key".to_owned(),
        count => format!("Its {count} secrets and keys"),
    };
    let ends = if client.secrets.is_empty() && client.keys.is_empty() {
        credentials
    } else {
        format!("{credentials} and all of its tokens stop working at once")
    };
    format!(
        "{ends}. {} What it has done stays in the audit logs. This can't be undone.",
        signed_in(client.people)
    )
}

/// One API client.
#[component]
pub fn ClientPage() -> AnyView {
    let id = use_id::<ClientId>();
    let client = Loading::named(id, get_client);
    let reload = Callback::new(move |()| client.refetch());
    view! { {loaded(client, move |client| page(client, reload))} }.into_any()
}

fn page(client: ClientDetail, reload: Callback<()>) -> AnyView {
    let editing = RwSignal::new(false);
    let item = client.item.clone();
    view! {
        <PageTitle text=item.name.clone()/>
        <Breadcrumb items=vec![
            Crumb::link("Home", paths::ADMIN),
            Crumb::link("API clients", paths::CLIENTS),
            Crumb::here(item.name.clone()),
        ]/>
        {head(&client, editing, reload)}
        <div class="stack-24">
            {properties(&client)}
            {permissions(item.id, client.permissions.clone(), reload)}
            {secrets(item.id, client.secrets.clone(), reload)}
            {keys(item.id, client.keys.clone(), reload)}
        </div>
        {edit_pane(client, editing, reload)}
    }
    .into_any()
}

fn head(client: &ClientDetail, editing: RwSignal<bool>, reload: Callback<()>) -> AnyView {
    let deleting = RwSignal::new(None::<ToDelete>);
    let switching = RwSignal::new(None::<ClientDetail>);
    let revoking = RwSignal::new(None::<ClientDetail>);
    let ask = ToDelete {
        id: client.item.id.0,
        name: client.item.name.clone(),
        version: Some(client.version),
        text: consequence(client),
    };
    let (to_switch, to_revoke) = (client.clone(), client.clone());
    let enabled = client.item.enabled;
    let (switch, icon) = if enabled {
        ("Disable", Icon::Lock)
    } else {
        ("Enable", Icon::Success)
    };
    let nobody = (client.people == 0).then(|| "Nobody is signed in through this client.".to_owned());
    let (tone, text) = status(enabled);
    view! {
        <PageHead
            title=client.item.name.clone()
            subtitle="API client".to_owned()
            icon=Icon::Key
            chip=move || view! { <Chip tone=tone text=text/> }
            commands=move || {
                view! {
                    <Button id="edit-client" icon=Icon::Edit kind=ButtonKind::Subtle on_click=move || editing.set(true)>"Edit"</Button>
                    <Button id="switch-client" icon=icon kind=ButtonKind::Subtle on_click=move || switching.set(Some(to_switch.clone()))>
                        {switch}
                    </Button>
                    <Button
                        id="revoke-sign-ins"
                        icon=Icon::People
                        kind=ButtonKind::Subtle
                        disabled_reason=nobody
                        on_click=move || revoking.set(Some(to_revoke.clone()))
                    >
                        "Revoke sign-ins"
                    </Button>
                    <Button id="delete-client" icon=Icon::Delete kind=ButtonKind::Subtle on_click=move || deleting.set(Some(ask.clone()))>
                        "Delete"
                    </Button>
                }
            }
        />
        {switch_question(switching, enabled, reload)}
        {revoke_question(revoking, reload)}
        {deletion::question(CLIENT, deleting, deletion::to_list(CLIENT))}
    }
    .into_any()
}

fn switch_question(chosen: RwSignal<Option<ClientDetail>>, enabled: bool, reload: Callback<()>) -> AnyView {
    let toasts = use_toasts();
    let verb = if enabled { "Disable" } else { "Enable" };
    Question::new(
        "switch-client-dialog",
        move |client: &ClientDetail| format!("{verb} {}?", client.item.name),
        |client| {
            if client.item.enabled {
                format!(
                    "Its tokens stop working at once, and it gets no new ones. {}",
                    signed_in(client.people)
                )
            } else {
                "It can get tokens again, and those that have not ended work again.".to_owned()
            }
        },
        |client: ClientDetail| Box::pin(set_client_enabled(client.item.id, client.version, !client.item.enabled)),
        move |client: ClientDetail| {
            let done = if client.item.enabled {
                "API client disabled"
            } else {
                "API client enabled"
            };
            toasts.success(done, client.item.name, None);
            reload.run(());
        },
    )
    .harmless(!enabled)
    .view(chosen)
}

fn revoke_question(chosen: RwSignal<Option<ClientDetail>>, reload: Callback<()>) -> AnyView {
    let toasts = use_toasts();
    Question::new(
        "revoke-sign-ins-dialog",
        |client: &ClientDetail| format!("Revoke all sign-ins through {}?", client.item.name),
        |client| {
            let people = signed_in(client.people);
            format!("{people} Their tokens stop working at once, and everybody is asked again before the client acts for them.")
        },
        |client: ClientDetail| {
            let id = client.item.id;
            Box::pin(async move { revoke_sign_ins(id).await.map(drop) })
        },
        move |client: ClientDetail| {
            toasts.success("Sign-ins revoked", client.item.name, None);
            reload.run(());
        },
    )
    .view(chosen)
}

fn properties(client: &ClientDetail) -> AnyView {
    let text = |text: &str| if text.is_empty() { "None".to_owned() } else { text.to_owned() };
    let field = |name: &'static str, label: &'static str, value: String| {
        view! { <CopyField name=name label=label value=Signal::stored(value)/> }.into_any()
    };
    let fields = vec![
        field("application-id", "Application (client) id", client.item.id.to_string()),
        field("tenant-id", "Directory (tenant) id", client.tenant_id.clone()),
        field("token-address", "Token address", client.token_address.clone()),
        field("scope", "Scope for its own permissions", client.scope.clone()),
    ];
    let (description, redirects) = (text(&client.item.description), text(&client.redirects.join(", ")));
    let keeps = if client.public_client { "No" } else { "Yes" };
    let (people, created_at, last_used_at) = (client.people.to_string(), client.item.created_at, client.item.last_used_at);
    let used = last_used_at.map_or_else(|| "Never".into_any(), |at| moment(at).into_any());
    view! {
        <Card title="How a program signs in">
            <div class="stack">{fields.into_iter().collect_any()}</div>
        </Card>
        <Card title="Properties">
            <PropertyList>
                <Property label="Description">{description}</Property>
                <Property label="Redirect addresses">{redirects}</Property>
                <Property label="Can keep a secret">{keeps}</Property>
                <Property label="People signed in">{people}</Property>
                <Property label="Last used">{used}</Property>
                <Property label="Registered">{moment(created_at)}</Property>
            </PropertyList>
        </Card>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::signed_in;

    #[test]
    fn the_question_says_who_is_signed_in() {
        assert_eq!(signed_in(0), "Nobody is signed in through it.");
        assert_eq!(signed_in(1), "1 person is signed in through it.");
        assert_eq!(signed_in(12), "12 people are signed in through it.");
    }
}

//! The mails of the outbox, newest first: what waits, was sent, failed or was left out, and what one of them says in a pane. A mail can be
//! sent once more.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::{Tab, preview, tabs};
use crate::admin::error_view::{loaded, loaded_quietly};
use crate::admin::form::Submission;
use crate::admin::listing::{Address, Column, Empty, Filter, List, Listing, Look, options};
use crate::admin::timestamp::{day_and_distance, moment};
use crate::domain::id::MessageId;
use crate::domain::outbox::{MailDetail, MailFilter, MailItem, MailQuery, MailStatus, OutboxState};
use crate::paths;
use crate::rpc::mails::{get_mail, get_mail_status, list_mails, resend_mail};
use crate::rpc::{AppError, Loading};
use crate::ui::*;

/// The mails.
pub static MAILS: List<MailQuery, MailItem> = List {
    look: Look {
        name: "mails",
        title: "Mails",
        about: "Everything that people were told by mail, and what became of it.",
        top: Some((Icon::Mail, &[("Settings", paths::SETTINGS)])),
        path: |_| Some(paths::MAILS.to_owned()),
        search: "",
        filters: &[Filter::select("status", "Status", || options(filter_label))],
        empty,
    },
    query: |address| {
        Some(MailQuery {
            filter: filter(address),
            page: address.page.clone(),
        })
    },
    columns: &[
        Column::view(
            "Recipient",
            |mail| mail.recipient.name.clone(),
            |mail, address| {
                let href = href(mail, address);
                view! {
                    <span class="two-line">
                        <a class="list-link" href=href data-noscroll="">{mail.recipient.name.clone()}</a>
                        <small class="break">{mail.address.clone()}</small>
                    </span>
                }
                .into_any()
            },
        ),
        Column::filed("Address", |mail| mail.address.clone()),
        Column::text("About", |mail| mail.about.clone()),
        Column::view(
            "Status",
            |mail| mail.state.label().to_owned(),
            |mail, _| view! { <StatusDot tone=tone(mail) text=mail.state.label()/> }.into_any(),
        ),
        Column::text("Reason", |mail| mail.reason.clone()),
        Column::time("Created", |mail| Some(mail.created_at)),
        Column::time("Done", |mail| mail.settled_at),
    ],
    opens: Some(href),
};

fn filter(address: &Address) -> MailFilter {
    address.word("status").unwrap_or(MailFilter::All)
}

fn filter_label(filter: MailFilter) -> &'static str {
    filter.state().map_or("All", OutboxState::label)
}

fn tone(mail: &MailItem) -> Tone {
    match mail.state {
        OutboxState::Waiting if mail.attempts > 0 => Tone::Warning,
        OutboxState::Waiting => Tone::Info,
        OutboxState::Sent => Tone::Success,
        OutboxState::Failed => Tone::Danger,
        OutboxState::Suppressed => Tone::Neutral,
    }
}

fn href(mail: &MailItem, address: &Address) -> String {
    address.href(&paths::mail(mail.id))
}

fn empty(address: &Address) -> Empty {
    match filter(address) {
        MailFilter::All => Empty::yet(
            Icon::Mail,
            "No mails yet",
            "Whenever somebody is told something, the mail is listed here.",
        ),
        _ => Empty::found("No mail with this status", "Set Status to All to see every one."),
    }
}

/// The mails, and what one of them says (F164).
#[component]
pub fn MailsPage() -> AnyView {
    let mails = Listing::new(&MAILS, list_mails);
    let status = Loading::once(get_mail_status);
    let params = use_params_map();
    let named = Memo::new(move |_| params.with(|params| params.get("mail").filter(|id| !id.is_empty())));
    let close = Signal::derive(move || mails.address().with(|address| mails.href(address)));
    view! {
        {mails.head()}
        {tabs(Tab::Mails)}
        {loaded_quietly(status, way_out)}
        {mails.bar(())}
        {mails.rows(None)}
        <MailPane mail=named close=close reload=mails.reload()/>
    }
    .into_any()
}

/// Says where mails go.
fn way_out(status: MailStatus) -> AnyView {
    match status.folder {
        Some(folder) => view! {
            <MessageBar tone=Tone::Info title="No mail server is set, so nobody gets these mails">
                <p class="break">{format!("They are written into the folder {folder} instead. smtp-host names a mail server; see the README.")}</p>
            </MessageBar>
        }
        .into_any(),
        None => view! { <p class="muted break">{format!("Mails go to {}.", status.server)}</p> }.into_any(),
    }
}

#[component]
fn MailPane(mail: Memo<Option<String>>, close: Signal<String>, reload: Callback<()>) -> AnyView {
    let is_open = move || mail.with(Option::is_some);
    let open = RwSignal::new(untrack(is_open));
    Effect::new(move |_| open.set(is_open()));
    let detail = Loading::new(mail, async |mail: Option<String>| match mail.map(|id| id.parse::<MessageId>()) {
        Some(Ok(mail)) => match get_mail(mail).await {
            Err(AppError::NotFound) => Ok(None),
            found => found.map(Some),
        },
        _ => Ok(None),
    });
    let resending = Submission::new();
    let toasts = use_toasts();
    let resend = Callback::new(move |id: MessageId| {
        resending.send(resend_mail(id), move |()| {
            toasts.success("The mail is sent again", "", None);
            detail.refetch();
            reload.run(());
        });
    });
    view! {
        <Pane
            name="mail"
            title="Mail"
            open=open
            inline_open=untrack(is_open)
            close_href=close
        >
            {move || resending.text().get().map(|text| view! { <MessageBar tone=Tone::Danger title=text/> })}
            {loaded(detail, move |detail| {
                detail.map_or_else(|| missing(untrack(is_open)), |detail| details(detail, resend, resending.busy()))
            })}
        </Pane>
    }
    .into_any()
}

/// What an open pane says without its mail.
fn missing(open: bool) -> AnyView {
    open.then(|| view! { <MessageBar tone=Tone::Warning title="This mail is not here. The link may be incomplete."/> })
        .into_any()
}

fn details(detail: MailDetail, resend: Callback<MessageId>, busy: Signal<bool>) -> AnyView {
    let MailDetail { item, subject, text } = detail;
    let id = item.id;
    let over = text.is_empty();
    let dot = view! { <StatusDot tone=tone(&item) text=item.state.label()/> };
    view! {
        <PropertyList>
            <Property label="Recipient"><a href=paths::user(item.recipient.id)>{item.recipient.name}</a></Property>
            <Property label="Address"><span class="break">{item.address}</span></Property>
            <Property label="About">{item.about}</Property>
            <Property label="Status">{dot}</Property>
            {(!item.reason.is_empty()).then(|| view! { <Property label="Reason"><span class="break">{item.reason}</span></Property> })}
            {(item.attempts > 0).then(|| view! { <Property label="Failed tries">{item.attempts.to_string()}</Property> })}
            <Property label="Created">{day_and_distance(item.created_at)}</Property>
            {item.settled_at.map(|at| view! { <Property label="Done">{day_and_distance(at)}</Property> })}
            {item.next_at.map(|at| view! { <Property label="Next try">{moment(at)}</Property> })}
            {(!over).then(|| view! { <Property label="Subject">{subject}</Property> })}
        </PropertyList>
        <div class="row"><Button icon=Icon::Refresh busy=busy on_click=move || resend.run(id)>"Resend"</Button></div>
        {if over {
            view! { <p class="muted">"What it told is over, so there is nothing to show."</p> }.into_any()
        } else {
            view! {
                <p class="muted">"As it would be sent now, with today's names and without the link's signature."</p>
                {preview(paths::mail_content(&id.to_string()))}
                <details><summary>"As plain text"</summary><pre class="mail-text">{text}</pre></details>
            }
            .into_any()
        }}
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f164_the_filter_asks_for_a_state_and_stays_behind_the_pane() {
        let address = MAILS.address("", |name| (name == "status").then(|| "failed".to_owned()));
        let query = (MAILS.query)(&address).expect("a query");
        assert_eq!(query.filter.state(), Some(OutboxState::Failed));
        let over = address.href(&paths::mail(uuid::Uuid::from_u128(9).into()));
        assert!(
            over.ends_with("/mails/00000000-0000-0000-0000-000000000009?status=failed"),
            "{over}"
        );
    }
}

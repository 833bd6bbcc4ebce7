//! Request history: one's own requests, newest first, and over them the pane of one with its timeline. What is still open moves by
//! itself.

use leptos::prelude::*;

use super::offer::instant;
use super::route::{Route, details_href, history_href, history_pager};
use super::{actions, arriving, error_view, progress};
use crate::domain::id::RequestId;
use crate::domain::page::{Page, PageQuery};
use crate::domain::request::{OwnRequest, RequestItem, RequestKind};
use crate::paths;
use crate::rpc::my_access::{get_own_request, list_own_requests};
use crate::rpc::viewer_time;
use crate::rpc::{AppError, Loading};
use crate::ui::*;

type Details = Loading<Option<OwnRequest>>;

/// The page. It keeps its list while the pane opens and closes over it.
pub fn page(place: Memo<Route>) -> AnyView {
    let query = Memo::new(move |before: Option<&PageQuery>| match place.get() {
        Route::Requests(query, _) => query,
        _ => before.cloned().unwrap_or_default(),
    });
    let pane = Memo::new(move |_| match place.get() {
        Route::Requests(_, pane) => pane,
        _ => None,
    });
    let requests = Loading::new(query, list_own_requests);
    let details: Details = Loading::new(pane, async |id| match id {
        Some(id) => get_own_request(id).await.map(Some),
        None => Ok(None),
    });
    let followed = RwSignal::new(Vec::new());
    Effect::new(move |_| {
        let read = details.get().and_then(Result::ok).flatten().map(|own| own.detail.item);
        // Where the list could not be loaded, what was followed tells when the server is back.
        if let Some(Ok(page)) = requests.get() {
            followed.set(progress::to_follow(read.as_ref(), &page.items));
        }
    });
    let moved = Callback::new(move |()| {
        requests.refetch();
        if pane.get_untracked().is_some() {
            details.refetch();
        }
    });
    let connection = progress::follow(followed, moved);
    let first = pane.get_untracked();
    view! {
        <DocumentTitle text="Request history - My Access"/>
        <PageHead title="Request history" subtitle=Some("What you have asked for, and how far it has come.".to_owned())/>
        <ConnectionBanner connection=connection/>
        {arriving(6, move || requests.get().map(|result| list(result, &query.get_untracked())))}
        {move || pane.get().map(|id| details_pane(id, history_href(&query.get_untracked()), first == Some(id), details, moved))}
    }
    .into_any()
}

fn list(result: Result<Page<RequestItem>, AppError>, query: &PageQuery) -> AnyView {
    match result {
        Err(error) => error_view::bar(&error),
        Ok(page) if page.items.is_empty() => view! {
            <EmptyState
                icon=Icon::History
                title="You have not requested anything yet"
                text="Every request that you make is listed here, with where it stands."
                action=|| view! { <LinkButton href=paths::MY_ACCESS kind=ButtonKind::Primary>"See access packages"</LinkButton> }
            />
        }
        .into_any(),
        Ok(page) => table(page, query),
    }
}

fn table(page: Page<RequestItem>, query: &PageQuery) -> AnyView {
    let (previous, next) = history_pager(&page);
    let paged = previous.is_some() || next.is_some();
    let rows: Vec<AnyView> = page.items.into_iter().map(|item| row(item, query)).collect();
    let head = || {
        view! {
            <HeadCell label="Access package"/>
            <HeadCell label="Submitted"/>
            <HeadCell label="Status"/>
            <HeadCell label="Actions" label_hidden=true/>
        }
    };
    view! {
        <Table caption="Your requests" cards=true head=head>{rows}</Table>
        {paged.then(|| view! { <Pager previous=previous next=next/> })}
    }
    .into_any()
}

fn row(item: RequestItem, query: &PageQuery) -> AnyView {
    let (tone, status) = progress::status(item.kind, item.state);
    let about = match item.kind {
        RequestKind::OnBehalfAdd => format!("For {}", item.target.name),
        kind => kind.label().to_owned(),
    };
    let other = (item.kind != RequestKind::UserAdd).then(|| view! { <small>{about}</small> });
    view! {
        <tr>
            <td>
                <span class="two-line"><span class="strong">{item.package.name.clone()}</span>{other}</span>
            </td>
            <td data-label="Submitted">{instant(item.submitted_at)}</td>
            <td data-label="Status"><StatusDot tone=tone text=status/></td>
            <td class="cell-end">
                <LinkButton pane=true href=details_href(item.id, query)>
                    "View"<span class="sr-only">{[" request for ", &item.package.name].concat()}</span>
                </LinkButton>
            </td>
        </tr>
    }
    .into_any()
}

fn details_pane(id: RequestId, back: String, inline: bool, details: Details, moved: Callback<()>) -> AnyView {
    let open = RwSignal::new(true);
    let cancel = back.clone();
    view! {
        <Pane
            name="details"
            title="Request details"
            open=open
            inline_open=inline
            close_href=back
            foot=move || view! { <a class="button" data-noscroll="" href=cancel on:click=move |_| open.set(false)>"Close"</a> }
        >
            {arriving(3, move || details.get().map(|details| match details {
                Ok(Some(own)) if own.detail.item.id == id => facts(own, moved),
                Ok(_) => view! { <SkeletonRows rows=3/> }.into_any(),
                Err(AppError::NotFound) => error_view::no_request(),
                Err(error) => error_view::bar(&error),
            }))}
        </Pane>
    }
    .into_any()
}

fn facts(own: OwnRequest, moved: Callback<()>) -> AnyView {
    let steps = progress::steps(&own, viewer_time::now());
    let ways = actions::row(&own, moved);
    let detail = own.detail;
    let conflict = detail.conflict.map(|text| view! { <MessageBar tone=Tone::Warning title=text/> });
    let item = detail.item;
    let answers: Vec<AnyView> = detail
        .answers
        .into_iter()
        .map(|answer| view! { <Property label=answer.text><span class="request-words">{answer.value}</span></Property> }.into_any())
        .collect();
    let other = (item.kind == RequestKind::OnBehalfAdd).then(|| {
        view! {
            <Property label="Requested for">{item.target.name.clone()}</Property>
            <Property label="Requested by">{detail.requestor.name.clone()}</Property>
        }
    });
    let asked = [("Start date", detail.asked_from), ("End date", detail.asked_until)];
    let asked = asked.map(|(label, at)| at.map(|at| view! { <Property label=label>{viewer_time::exact_in_zone(at)}</Property> }));
    let (tone, status) = progress::status(item.kind, item.state);
    view! {
        <div class="row">
            <h3 class="request-name">{item.package.name.clone()}</h3>
            <Chip tone=tone text=status/>
        </div>
        {conflict}
        <Timeline label="How far it has come" steps=steps/>
        {ways}
        <PropertyList>
            {other}
            <Property label="Policy">{item.policy.name}</Property>
            {asked.into_iter().flatten().collect_any()}
            {answers}
            <Property label="Business justification">
                {if detail.justification.is_empty() {
                    view! { <span class="muted">"None given"</span> }.into_any()
                } else {
                    view! { <span class="request-words">{detail.justification}</span> }.into_any()
                }}
            </Property>
        </PropertyList>
    }
    .into_any()
}

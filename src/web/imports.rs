//! Files of imports: one that is posted is read while it arrives; an empty one with the right columns, and one with the rows that were
//! refused, are handed out.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Multipart, Path, Request, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use futures::{StreamExt, stream};

use super::export::{BYTE_ORDER_MARK, write};
use super::state::AppState;
use super::{answers, files, session};
use crate::auth_pages::{Notice, Visitor};
use crate::domain::access::{Action, Principal};
use crate::domain::id::ImportId;
use crate::domain::import::{FILE_MAX, ImportKind, ImportRowQuery, RowOutcome};
use crate::domain::page::{PAGE_SIZE_MAX, PageQuery};
use crate::domain::text::StringEnum;
use crate::paths;
use crate::rpc::context::{self, TraceId};
use crate::service::{Error, imports};

/// A file of the largest size and what is around it in a form, in bytes.
pub const BODY_MAX: usize = FILE_MAX + 64 * 1024;

/// A file that is posted: read while it arrives. Leads to the import that it became.
pub async fn upload(State(state): State<Arc<AppState>>, Path(kind): Path<String>, request: Request) -> Response {
    let actor = match session::visitor(&request) {
        Ok(actor) => actor,
        Err(redirect) => return redirect.into_response(),
    };
    let (path, headers) = (request.uri().path().to_owned(), request.headers().clone());
    let trace = request.extensions().get::<TraceId>().cloned().unwrap_or_default();
    let read = match kind.parse::<ImportKind>() {
        Err(_) => Err(Error::NotFound),
        // Asked before anything is read.
        Ok(kind) => match actor.authorize_somewhere(kind.action()) {
            Err(refusal) => Err(refusal.into()),
            Ok(()) => posted(&state, &actor, kind, request).await,
        },
    };
    match read {
        Ok(Some(id)) => Redirect::to(&paths::import(id)).into_response(),
        Ok(None) => answers::notice(&state, &headers, StatusCode::BAD_REQUEST, Notice::Unreadable),
        Err(Error::Refused(refusal)) => {
            context::refused(&state.app, &actor, &path, &refusal).await;
            answers::notice(&state, &headers, StatusCode::FORBIDDEN, Notice::Denied(visitor(&actor)))
        }
        Err(Error::NotFound) => answers::notice(&state, &headers, StatusCode::NOT_FOUND, Notice::Unreadable),
        Err(error) => answers::failed(&state, &path, &headers, &trace, &error),
    }
}

/// The import that a posted file became; nothing where there was no file, or it broke off.
async fn posted(state: &AppState, actor: &Principal, kind: ImportKind, request: Request) -> Result<Option<ImportId>, Error> {
    let Ok(mut form) = Multipart::from_request(request, &()).await else {
        return Ok(None);
    };
    while let Ok(Some(field)) = form.next_field().await {
        if field.name() != Some("file") {
            continue;
        }
        let name = field.file_name().unwrap_or_default().to_owned();
        // What breaks the body off ends the file, so that nothing of it stays.
        let pieces = field.map(|piece| piece.map_err(|error| Error::Conflict(error.to_string())));
        return match imports::read(&state.app, actor, kind, &name, Box::pin(pieces)).await {
            Ok(id) => Ok(Some(id)),
            Err(Error::Conflict(_)) => Ok(None),
            Err(error) => Err(error),
        };
    }
    Ok(None)
}

fn visitor(actor: &Principal) -> Visitor {
    Visitor {
        name: actor.name.clone(),
        user_name: actor.user_name.clone(),
    }
}

/// An empty file with the columns of a kind.
pub async fn template(State(state): State<Arc<AppState>>, Path(kind): Path<String>, request: Request) -> Response {
    let actor = match session::visitor(&request) {
        Ok(actor) => actor,
        Err(redirect) => return redirect.into_response(),
    };
    if let Err(refusal) = actor.authorize_somewhere(Action::UseAdminArea) {
        context::refused(&state.app, &actor, request.uri().path(), &refusal).await;
        return answers::notice(&state, request.headers(), StatusCode::FORBIDDEN, Notice::Denied(visitor(&actor)));
    }
    let Ok(kind) = kind.parse::<ImportKind>() else {
        return files::not_found(&state, &request);
    };
    match write(&[heads(kind)]) {
        Ok(line) => file(
            &format!("{}-template", kind.as_str()),
            Body::from([BYTE_ORDER_MARK.as_bytes(), &line].concat()),
        ),
        Err(_) => files::not_found(&state, &request),
    }
}

fn heads(kind: ImportKind) -> Vec<String> {
    kind.columns().iter().map(|column| column.label.to_owned()).collect()
}

/// The rows of an import that were refused, as they were, each with its number and why: written page by page.
pub async fn refused(State(state): State<Arc<AppState>>, Path(id): Path<String>, request: Request) -> Response {
    let actor = match session::visitor(&request) {
        Ok(actor) => actor,
        Err(redirect) => return redirect.into_response(),
    };
    let first = match id.parse::<ImportId>() {
        Ok(id) => page(&state, &actor, id, None).await.map(|found| (id, found)),
        Err(_) => Err(Error::NotFound),
    };
    match first {
        Ok((id, (columns, lines, next))) => {
            let mut heads: Vec<String> = columns;
            heads.extend(["Row".to_owned(), "Reason".to_owned()]);
            let Ok(head) = write(&[heads]) else {
                return files::not_found(&state, &request);
            };
            let begin = Bytes::from([BYTE_ORDER_MARK.as_bytes(), &head, &lines].concat());
            let rest = stream::try_unfold((state, actor, next), move |(state, actor, next)| async move {
                let Some(after) = next else { return Ok(None) };
                let (_, lines, next) = page(&state, &actor, id, Some(after)).await?;
                Ok::<_, Error>(Some((Bytes::from(lines), (state, actor, next))))
            });
            let body = stream::once(async move { Ok(begin) }).chain(rest);
            file("refused-rows", Body::from_stream(body))
        }
        Err(Error::NotFound | Error::Refused(_)) => files::not_found(&state, &request),
        Err(error) => {
            let trace = request.extensions().get::<TraceId>().cloned().unwrap_or_default();
            answers::failed(&state, request.uri().path(), request.headers(), &trace, &error)
        }
    }
}

/// The words of the columns, the lines of a page of refused rows, and the key of the page that follows.
async fn page(
    state: &AppState,
    actor: &Principal,
    id: ImportId,
    after: Option<String>,
) -> Result<(Vec<String>, Vec<u8>, Option<String>), Error> {
    let query = ImportRowQuery {
        import: id,
        outcome: Some(RowOutcome::Refused),
        page: PageQuery {
            after,
            before: None,
            size: PAGE_SIZE_MAX,
        },
    };
    let (columns, page) = imports::filed(&state.app, actor, &query).await?;
    if page.restarted {
        return Ok((columns, Vec::new(), None));
    }
    let rows: Vec<Vec<String>> = page
        .items
        .iter()
        .map(|row| {
            row.cells
                .iter()
                .cloned()
                .chain([row.number().to_owned(), row.detail.clone()])
                .collect()
        })
        .collect();
    Ok((columns, write(&rows)?, page.next))
}

fn file(name: &str, body: Body) -> Response {
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(
        CONTENT_TYPE,
        const { HeaderValue::from_static("text/csv; charset=utf-8; header=present") },
    );
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"woodgate-{name}.csv\"")) {
        headers.insert(CONTENT_DISPOSITION, value);
    }
    response
}

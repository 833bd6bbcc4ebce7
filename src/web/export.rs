//! Lists as files: every row of what a list's page shows under the same query, as CSV, written page by page while it is sent. Each page is
//! the list's own service call, which authorises it; a client that is slow to read holds no transaction open.

use std::collections::HashMap;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, Request, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use futures::stream;

use super::state::AppState;
use super::{answers, files, session};
use crate::admin::listing::{Address, List};
use crate::admin::lists;
use crate::auth_pages::{Notice, Visitor};
use crate::domain::access::{Action, Principal};
use crate::domain::id::UserId;
use crate::domain::page::{PAGE_SIZE_MAX, Page, PageQuery};
use crate::domain::text::EXTENSION;
use crate::domain::user::UserItem;
use crate::rpc::context::{self, TraceId};
use crate::service::{
    App, Error, assignments, audit, catalogs, clients, custom_attributes, directory_objects, groups, imports, incompatibilities, mails,
    organizations, packages, reports, requests, roles, users,
};

/// What spreadsheets need to read the text as UTF-8.
pub(super) const BYTE_ORDER_MARK: &str = "\u{feff}";

type Parameters = Result<Query<HashMap<String, String>>, QueryRejection>;

/// Who exports, and what the address of the file says.
struct Export {
    app: App,
    actor: Principal,
    parameters: HashMap<String, String>,
    /// The names of custom attributes, each a column of the list of users.
    attributes: Vec<String>,
}

/// The file of a list.
pub async fn export(State(state): State<Arc<AppState>>, Path(name): Path<String>, parameters: Parameters, request: Request) -> Response {
    let actor = match session::visitor(&request) {
        Ok(actor) => actor,
        Err(redirect) => return redirect.into_response(),
    };
    let visitor = Visitor {
        name: actor.name.clone(),
        user_name: actor.user_name.clone(),
    };
    if let Err(refusal) = actor.authorize_somewhere(Action::UseAdminArea) {
        context::refused(&state.app, &actor, request.uri().path(), &refusal).await;
        return answers::notice(&state, request.headers(), StatusCode::FORBIDDEN, Notice::Denied(visitor));
    }
    let export = Export {
        app: state.app.clone(),
        actor: actor.clone(),
        parameters: parameters.map(|Query(parameters)| parameters).unwrap_or_default(),
        attributes: Vec::new(),
    };
    match export.of(&name).await {
        Ok(response) => response,
        Err(Error::Refused(refusal)) => {
            context::refused(&state.app, &actor, request.uri().path(), &refusal).await;
            answers::notice(&state, request.headers(), StatusCode::FORBIDDEN, Notice::Denied(visitor))
        }
        Err(Error::NotFound) => files::not_found(&state, &request),
        Err(error) => {
            let trace = request.extensions().get::<TraceId>().cloned().unwrap_or_default();
            answers::failed(&state, request.uri().path(), request.headers(), &trace, &error)
        }
    }
}

/// The rows of a list come from its service.
macro_rules! from {
    ($export:ident, $list:ident, $service:path) => {
        $export
            .file(&lists::$list, None, |app, actor, query| async move {
                $service(&app, &actor, &query).await
            })
            .await
    };
}

impl Export {
    async fn of(self, name: &str) -> Result<Response, Error> {
        match name {
            "users" => {
                let call = |app, actor, query| async move { users::list(&app, &actor, &query).await };
                self.file(&lists::USERS, Some(|user: &UserItem| user.id), call).await
            }
            "deleted-users" => from!(self, DELETED_USERS, users::list),
            "groups" => from!(self, GROUPS, groups::list),
            "members" => from!(self, MEMBERS, groups::members),
            "owners" => from!(self, OWNERS, groups::members),
            "organizations" => from!(self, ORGANIZATIONS, organizations::list),
            "clients" => from!(self, CLIENTS, clients::list),
            "catalogs" => from!(self, CATALOGS, catalogs::list),
            "resources" => from!(self, RESOURCES, catalogs::resources),
            "catalog-roles" => from!(self, CATALOG_ROLES, roles::holders),
            "roles" => from!(self, ROLES, roles::holders),
            "applications" => from!(self, APPLICATIONS, directory_objects::list),
            "sites" => from!(self, SITES, directory_objects::list),
            "application-holders" => from!(self, APPLICATION_HOLDERS, directory_objects::holders),
            "site-holders" => from!(self, SITE_HOLDERS, directory_objects::holders),
            "catalog-packages" => from!(self, CATALOG_PACKAGES, packages::list),
            "packages" => from!(self, PACKAGES, packages::list),
            "assignments" => from!(self, ASSIGNMENTS, assignments::list),
            "audit" => from!(self, AUDIT, audit::list),
            "user-history" => from!(self, USER_HISTORY, audit::list),
            "group-history" => from!(self, GROUP_HISTORY, audit::list),
            "application-history" => from!(self, APPLICATION_HISTORY, audit::list),
            "site-history" => from!(self, SITE_HISTORY, audit::list),
            "catalog-history" => from!(self, CATALOG_HISTORY, audit::list),
            "package-history" => from!(self, PACKAGE_HISTORY, audit::list),
            "user-packages" => from!(self, USER_PACKAGES, reports::access),
            "user-can-request" => from!(self, USER_CAN_REQUEST, reports::requestable),
            "user-resources" => from!(self, USER_RESOURCES, reports::held),
            "access-on-day" => from!(self, ACCESS_ON_DAY, reports::access),
            "package-activity" => from!(self, PACKAGE_ACTIVITY, reports::usage),
            "unused-packages" => from!(self, UNUSED_PACKAGES, reports::usage),
            "incompatible-packages" => from!(self, INCOMPATIBLE_PACKAGES, incompatibilities::list),
            "incompatible-groups" => from!(self, INCOMPATIBLE_GROUPS, incompatibilities::list),
            "incompatible-with" => from!(self, INCOMPATIBLE_WITH, incompatibilities::with),
            "additional-access" => from!(self, ADDITIONAL_ACCESS, incompatibilities::people),
            "exceptions" => from!(self, EXCEPTIONS, incompatibilities::exceptions),
            "conflicts" => from!(self, CONFLICTS, incompatibilities::conflicts),
            "requests" => from!(self, REQUESTS, requests::list),
            "imports" => from!(self, IMPORTS, imports::list),
            "import-rows" => from!(self, IMPORT_ROWS, imports::rows),
            "mails" => from!(self, MAILS, mails::list),
            "suppressed-addresses" => from!(self, SUPPRESSED_ADDRESSES, mails::suppressed),
            _ => Err(Error::NotFound),
        }
    }

    /// The answer whose body is written as it is read. What would refuse it does so before it begins. `user_of` tells whose custom attributes
    /// stand at the end of a row.
    async fn file<Q, T, F>(
        mut self,
        list: &'static List<Q, T>,
        user_of: Option<fn(&T) -> UserId>,
        call: impl Fn(App, Principal, Q) -> F + Send + Sync + 'static,
    ) -> Result<Response, Error>
    where
        Q: Send,
        T: Send + 'static,
        F: Future<Output = Result<Page<T>, Error>> + Send,
    {
        let id = self.parameters.get("id").map_or("", String::as_str);
        let address = list.address(id, |name| self.parameters.get(name).cloned());
        let date = self.app.clock.now().format("%Y-%m-%d");
        let name = format!("attachment; filename=\"woodgate-{}-{date}.csv\"", list.look.name);
        let mut heads = list.heads();
        if user_of.is_some() {
            let defined = custom_attributes::list(&self.app, &self.actor).await?;
            self.attributes = defined.into_iter().map(|attribute| attribute.name).collect();
            heads.extend(self.attributes.iter().map(|name| format!("{EXTENSION}{name}")));
        }
        let (first, next) = self.page(list, user_of, &call, begin(address.clone())).await?;
        audit::note_export(&self.app, &self.actor, &address.file(list.look.name)).await?;
        let head = [BYTE_ORDER_MARK.as_bytes(), &write(&[heads])?, &first].concat();
        let rest = stream::try_unfold((self, call, next), move |(export, call, next)| {
            let address = address.clone();
            async move {
                let Some(after) = next else { return Ok(None) };
                let (bytes, next) = export.page(list, user_of, &call, at(address, Some(after))).await?;
                Ok::<_, Error>(Some((Bytes::from(bytes), (export, call, next))))
            }
        });
        let first = stream::once(async move { Ok(Bytes::from(head)) });
        let mut response = Body::from_stream(futures::StreamExt::chain(first, rest)).into_response();
        let headers = response.headers_mut();
        headers.insert(
            CONTENT_TYPE,
            const { HeaderValue::from_static("text/csv; charset=utf-8; header=present") },
        );
        headers.insert(CONTENT_DISPOSITION, HeaderValue::from_str(&name).map_err(internal)?);
        Ok(response)
    }

    /// The lines of one page, and the key of the page that follows.
    async fn page<Q, T, F>(
        &self,
        list: &List<Q, T>,
        user_of: Option<fn(&T) -> UserId>,
        call: &impl Fn(App, Principal, Q) -> F,
        address: Address,
    ) -> Result<(Vec<u8>, Option<String>), Error>
    where
        F: Future<Output = Result<Page<T>, Error>>,
    {
        let query = (list.query)(&address).ok_or(Error::NotFound)?;
        let page = call(self.app.clone(), self.actor.clone(), query).await?;
        if page.restarted {
            // All that followed has gone meanwhile, and the list has begun anew.
            return Ok((Vec::new(), None));
        }
        let mut rows: Vec<Vec<String>> = page.items.iter().map(|item| list.record(item)).collect();
        if let Some(user_of) = user_of.filter(|_| !self.attributes.is_empty()) {
            let users: Vec<UserId> = page.items.iter().map(user_of).collect();
            self.add_attributes(&users, &mut rows).await?;
        }
        Ok((write(&rows)?, page.next))
    }

    /// The custom attributes of these users at the ends of their rows.
    async fn add_attributes(&self, users: &[UserId], rows: &mut [Vec<String>]) -> Result<(), Error> {
        let values = custom_attributes::values(&self.app, &self.actor, users).await?;
        for (user, row) in users.iter().zip(rows) {
            let held = values.get(user).map_or(&[][..], Vec::as_slice);
            let value = |name: &String| held.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
            row.extend(self.attributes.iter().map(|name| value(name).unwrap_or_default()));
        }
        Ok(())
    }
}

/// The list from its beginning.
fn begin(address: Address) -> Address {
    at(address, None)
}

/// The list from this key on, in the largest pages that there are.
fn at(mut address: Address, after: Option<String>) -> Address {
    address.page = PageQuery {
        after,
        before: None,
        size: PAGE_SIZE_MAX,
    };
    address
}

/// Lines of CSV (RFC 4180).
pub(super) fn write(rows: &[Vec<String>]) -> Result<Vec<u8>, Error> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        writer.write_record(row.iter().map(|cell| inert(cell))).map_err(internal)?;
    }
    writer.into_inner().map_err(internal)
}

/// A cell that a spreadsheet would run as a formula stands behind an apostrophe (OWASP, CSV injection).
fn inert(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

fn internal(error: impl std::fmt::Display) -> Error {
    Error::Internal(format!("an export: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_that_begins_a_formula_is_made_inert() {
        for formula in ["=1+1", "+49 30", "-1", "@SUM(A1)", "\t=1", "\r=1"] {
            assert_eq!(inert(formula), format!("'{formula}"));
        }
        assert_eq!(inert("a=1"), "a=1");
    }

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        let rows = [vec!["M\u{fc}ller, \"Jo\"".to_owned(), "two\nlines".to_owned()]];
        let text = String::from_utf8(write(&rows).expect("lines")).expect("text");
        assert_eq!(text, "\"M\u{fc}ller, \"\"Jo\"\"\",\"two\nlines\"\r\n");
    }
}

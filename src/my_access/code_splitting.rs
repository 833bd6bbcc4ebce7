//! The parts of My Access' bundle: which addresses need which, for the server that names their files in the document, and for the browser
//! that fetches them. The list of packages is the main part. A new part is a function here with its row and its arm.

use leptos::prelude::*;
use leptos::wasm_split::wasm_split;

use super::route::{PackagePane, Route};
use super::{access, approvals, apps, history, overview, request_form};
use crate::ui::{MissingPart, PartTable, arriving_part, parts_of};

/// What an address needs beside the main part, by how it begins; `scripts/sizes.mjs` reads these rows too.
const PARTS: PartTable = &[
    ("/my-access/packages/*/request", &["request"]),
    ("/my-access/access", &["access"]),
    ("/my-access/requests", &["history"]),
    ("/my-access/overview", &["overview"]),
    ("/my-access/approvals", &["approvals"]),
    ("/my-access/apps", &["apps"]),
];

/// The parts that a path and its query need. The query counts where the pane came by the list's own form.
pub fn of(path: &str, query: &str) -> &'static [&'static str] {
    let value = |name: &str| {
        let pairs = query.trim_start_matches('?').split('&').filter_map(|pair| pair.split_once('='));
        pairs.filter(|(key, _)| *key == name).map(|(_, value)| value.to_owned()).next_back()
    };
    match Route::of(path, value) {
        Route::Packages(_, Some(PackagePane::Request(_))) => &["request"],
        _ => parts_of(PARTS, path),
    }
}

/// Brings a part.
pub async fn fetch(part: &str) -> Result<(), MissingPart> {
    match part {
        "request" => Ok(fetch_request().await?),
        "access" => Ok(fetch_access().await?),
        "overview" => Ok(fetch_overview().await?),
        "approvals" => Ok(fetch_approvals().await?),
        "apps" => Ok(fetch_apps().await?),
        "history" => Ok(fetch_history().await?),
        _ => Err(MissingPart),
    }
}

/// The Request access pane.
pub fn request(asked: request_form::Asked) -> AnyView {
    arriving_part("request", Box::pin(request_view(asked)), 0)
}

#[wasm_split(request, wasm_split_path = ::leptos::wasm_split, preload(fetch_request), fallible)]
fn request_view(asked: request_form::Asked) -> Result<AnyView, MissingPart> {
    Ok(request_form::pane(asked))
}

/// The pane of access that one has.
pub fn access(asked: access::Asked) -> AnyView {
    arriving_part("access", Box::pin(access_view(asked)), 0)
}

#[wasm_split(access, wasm_split_path = ::leptos::wasm_split, preload(fetch_access), fallible)]
fn access_view(asked: access::Asked) -> Result<AnyView, MissingPart> {
    Ok(access::pane(asked))
}

/// Request history.
pub fn history(place: Memo<Route>) -> AnyView {
    arriving_part("history", Box::pin(history_view(place)), 6)
}

#[wasm_split(history, wasm_split_path = ::leptos::wasm_split, preload(fetch_history), fallible)]
fn history_view(place: Memo<Route>) -> Result<AnyView, MissingPart> {
    Ok(history::page(place))
}

/// Approvals; runs `counted` when what waits may have changed.
pub fn approvals(place: Memo<Route>, counted: Callback<()>) -> AnyView {
    arriving_part("approvals", Box::pin(approvals_view(place, counted)), 6)
}

#[wasm_split(approvals, wasm_split_path = ::leptos::wasm_split, preload(fetch_approvals), fallible)]
fn approvals_view(place: Memo<Route>, counted: Callback<()>) -> Result<AnyView, MissingPart> {
    Ok(approvals::page(place, counted))
}

/// The overview.
pub fn overview() -> AnyView {
    arriving_part("overview", Box::pin(overview_view()), 6)
}

#[wasm_split(overview, wasm_split_path = ::leptos::wasm_split, preload(fetch_overview), fallible)]
fn overview_view() -> Result<AnyView, MissingPart> {
    Ok(overview::page())
}

/// Apps with access.
pub fn apps() -> AnyView {
    arriving_part("apps", Box::pin(apps_view()), 6)
}

#[wasm_split(apps, wasm_split_path = ::leptos::wasm_split, preload(fetch_apps), fallible)]
fn apps_view() -> Result<AnyView, MissingPart> {
    Ok(apps::page())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paths;

    const ID: &str = "00000000-0000-0000-0000-000000000007";

    #[test]
    fn the_pane_and_the_history_are_parts_and_the_list_is_main() {
        let id = || ID.parse::<uuid::Uuid>().expect("an id");
        assert!(of(paths::MY_ACCESS, "tab=active").is_empty());
        assert!(of(&paths::my_package(id().into()), "").is_empty());
        assert_eq!(of(&paths::my_package_request(id().into()), "from=link"), ["request"]);
        assert_eq!(of(paths::MY_ACCESS, &format!("?q=ops&package={ID}")), ["request"]);
        assert!(of(paths::MY_ACCESS, "package=7").is_empty());
        assert_eq!(of(&format!("{}/access/{ID}/extend", paths::MY_ACCESS), ""), ["access"]);
        assert_eq!(of(paths::MY_REQUESTS, ""), ["history"]);
        assert_eq!(of(&paths::my_request(id().into()), ""), ["history"]);
    }

    #[tokio::test]
    async fn every_part_of_the_table_can_be_fetched() {
        for part in PARTS.iter().flat_map(|(_, parts)| *parts) {
            assert_eq!(fetch(part).await, Ok(()), "{part}");
        }
        assert_eq!(fetch("elsewhere").await, Err(MissingPart));
    }
}

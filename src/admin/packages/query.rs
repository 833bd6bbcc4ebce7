//! What the lists of these pages show stands in their URL, so that Back, reload and a saved link bring it again. This file reads and
//! writes those queries; it must not know what a page does with them.

use leptos_router::params::ParamsMap;

use crate::admin::listing::{self, ListUrl, SEARCH};
use crate::domain::assignment::{AssignmentFilter, AssignmentQuery};
use crate::domain::id::{PackageId, RequestId};
use crate::domain::package::{PackageQuery, PackageSort};
use crate::domain::request::{RequestFilter, RequestQuery};
use crate::domain::text::StringEnum;
use crate::paths::{self, PackagePage};

/// The catalog filter of the package list.
pub const CATALOG: &str = "catalog";
/// The status filter of assignments and requests.
pub const STATUS: &str = "status";

/// The value of a parameter that is one of a few words, or what stands for a missing or unknown one.
fn word<W: StringEnum>(params: &ParamsMap, name: &str, usual: W) -> W {
    params.get_str(name).and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// The word, or nothing where it is the usual one, so that plain URLs stay plain.
fn unless<W: StringEnum + PartialEq>(value: W, usual: W) -> &'static str {
    if value == usual { "" } else { value.as_str() }
}

/// The package list that a URL asks for.
pub fn packages(params: &ParamsMap) -> PackageQuery {
    PackageQuery {
        search: listing::text(params, SEARCH),
        catalog: params.get_str(CATALOG).and_then(|id| id.parse().ok()),
        sort: listing::sort(params).parse().unwrap_or(PackageSort::Name),
        direction: listing::direction(params),
        page: listing::page(params),
    }
}

/// The URL of a package list.
pub fn packages_url(query: &PackageQuery) -> ListUrl {
    ListUrl::new(paths::PACKAGES)
        .with(SEARCH, query.search.as_str())
        .with(CATALOG, query.catalog.map(|id| id.to_string()).unwrap_or_default())
        .sorted(unless(query.sort, PackageSort::Name), query.direction)
}

/// The list of assignments that a URL asks for.
pub fn assignments(package: PackageId, params: &ParamsMap) -> AssignmentQuery {
    AssignmentQuery {
        package,
        filter: word(params, STATUS, AssignmentFilter::Delivered),
        search: listing::text(params, SEARCH),
        page: listing::page(params),
    }
}

/// The URL of a list of assignments.
pub fn assignments_url(query: &AssignmentQuery) -> ListUrl {
    ListUrl::new(paths::package(query.package, PackagePage::Assignments))
        .with(SEARCH, query.search.as_str())
        .with(STATUS, unless(query.filter, AssignmentFilter::Delivered))
}

/// The list of requests that a URL asks for.
pub fn requests(package: PackageId, params: &ParamsMap) -> RequestQuery {
    RequestQuery {
        package,
        filter: word(params, STATUS, RequestFilter::All),
        search: listing::text(params, SEARCH),
        page: listing::page(params),
    }
}

/// The URL of a list of requests, with the details of one of them open or not.
pub fn requests_url(query: &RequestQuery, open: Option<RequestId>) -> ListUrl {
    let path = match open {
        Some(request) => paths::package_request(query.package, request),
        None => paths::package(query.package, PackagePage::Requests),
    };
    ListUrl::new(path)
        .with(SEARCH, query.search.as_str())
        .with(STATUS, unless(query.filter, RequestFilter::All))
        .at(&query.page)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::page::Direction;
    use uuid::Uuid;

    /// A map as the router makes it of a URL that these functions wrote.
    fn read(url: &str) -> ParamsMap {
        let mut params = ParamsMap::new();
        let query = url.split_once('?').map_or("", |(_, query)| query);
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').expect("a pair");
            params.insert(name.to_owned(), value.to_owned());
        }
        params
    }

    #[test]
    fn f007_a_list_s_url_brings_the_same_list_again() {
        let query = PackageQuery {
            search: "a & b = ?".into(),
            catalog: Some(Uuid::from_u128(3).into()),
            sort: PackageSort::Created,
            direction: Direction::Down,
            ..PackageQuery::default()
        };
        assert_eq!(packages(&read(&packages_url(&query).href())), query);
        assert_eq!(packages_url(&PackageQuery::default()).href(), "/admin/packages");
        assert_eq!(packages(&ParamsMap::new()), PackageQuery::default());
    }

    #[test]
    fn f037_assignments_begin_with_those_in_force() {
        let package = Uuid::from_u128(7).into();
        let plain = assignments(package, &ParamsMap::new());
        assert_eq!(plain.filter, AssignmentFilter::Delivered);
        let all = AssignmentQuery {
            filter: AssignmentFilter::All,
            ..plain
        };
        assert!(assignments_url(&all).href().ends_with("/assignments?status=all"));
        assert_eq!(assignments(package, &read(&assignments_url(&all).href())), all);
    }

    #[test]
    fn hostile_parameters_fall_back_to_the_plain_list() {
        let params = read("/x?sort=' or 1&catalog=../..&dir=sideways&status=nonsense");
        assert_eq!(packages(&params), PackageQuery::default());
        assert_eq!(requests(Uuid::nil().into(), &params).filter, RequestFilter::All);
    }

    #[test]
    fn f035_details_lie_over_the_list_they_were_opened_from() {
        let package = Uuid::from_u128(7).into();
        let mut query = RequestQuery {
            search: "ada".into(),
            ..requests(package, &ParamsMap::new())
        };
        let open = requests_url(&query, Some(Uuid::from_u128(9).into())).href();
        assert!(open.ends_with("/requests/00000000-0000-0000-0000-000000000009?q=ada"), "{open}");
        assert_eq!(requests(package, &read(&open)), query);
        query.page.after = Some("k3y".into());
        let open = requests_url(&query, Some(Uuid::from_u128(9).into())).href();
        assert_eq!(requests(package, &read(&open)), query);
    }
}

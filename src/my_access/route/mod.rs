//! Where in My Access the reader is, read from the address and written back to it: which list lies on the page and what its pane
//! shows. Few enough places that a match reads better than a route table, and a list stays as it is while a pane opens over it.
//! Knows no view.

pub mod approvals;

use leptos_router::NavigateOptions;

pub use self::approvals::ApprovalPane;
use crate::domain::approval::ApprovalQuery;
use crate::domain::id::{AssignmentId, PackageId, RequestId};
use crate::domain::offer::{OfferQuery, OfferTab};
use crate::domain::page::{Page, PageQuery};
use crate::domain::request::PaneQuery;
use crate::domain::text::StringEnum;
use crate::paths;

/// A place of the site: the page, and the id that its pane is about.
#[derive(Clone, Debug, PartialEq)]
pub enum Route {
    /// Access packages, and the pane over them.
    Packages(Source, Option<PackagePane>),
    /// Overview.
    Overview,
    /// Request history; the pane is one request.
    Requests(PageQuery, Option<RequestId>),
    /// Approvals; the pane is one request, or who decides in one's place.
    Approvals(ApprovalQuery, Option<ApprovalPane>),
    /// Programs that may act in one's name.
    Apps,
    /// No such address.
    Unknown,
}

/// A pane over the packages.
#[derive(Clone, Debug, PartialEq)]
pub enum PackagePane {
    /// Request access, with the choices made so far.
    Request(PaneQuery),
    /// What is to be done with access that one has.
    Access(AssignmentId, Way),
}

/// What is to be done with access.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// More time (F082).
    Extend,
    /// Giving it back (F141).
    GiveBack,
}

/// Which packages are on the page.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// A page of a tab.
    List(OfferQuery),
    /// One, by its link.
    One(PackageId),
}

impl Route {
    /// Reads a path and its query.
    pub fn of(path: &str, query: impl Fn(&str) -> Option<String>) -> Self {
        let Some(rest) = path.strip_prefix(paths::MY_ACCESS) else {
            return Self::Unknown;
        };
        let parts: Vec<&str> = rest.trim_matches('/').split('/').collect();
        let place = match parts.as_slice() {
            // The list's own form comes back as `?package=` when scripting is off.
            [""] => {
                let ticked = query("package").and_then(|id| id.parse().ok());
                let pane = ticked.map(|id| PackagePane::Request(PaneQuery::new(id)));
                Some(Self::Packages(Source::of(ticked, &query), pane))
            }
            ["packages", id] => id.parse().ok().map(|id| Self::Packages(Source::One(id), None)),
            ["packages", id, "request"] => id.parse().ok().map(|id| {
                let pane = PackagePane::Request(asked(id, &query));
                Self::Packages(Source::of(Some(id), &query), Some(pane))
            }),
            ["access", id, "extend"] => access(id, Way::Extend),
            ["access", id, "remove"] => access(id, Way::GiveBack),
            ["overview"] => Some(Self::Overview),
            ["apps"] => Some(Self::Apps),
            ["requests"] => Some(Self::Requests(page(&query), None)),
            ["requests", id] => id.parse().ok().map(|id| Self::Requests(page(&query), Some(id))),
            ["approvals", rest @ ..] => approvals::of(rest, &query).map(|(list, pane)| Self::Approvals(list, pane)),
            _ => None,
        };
        place.unwrap_or(Self::Unknown)
    }
}

impl Source {
    /// What lies under a pane that is about `id`.
    fn of(id: Option<PackageId>, query: &impl Fn(&str) -> Option<String>) -> Self {
        match id {
            Some(id) if query("from").as_deref() == Some(FROM_LINK) => Self::One(id),
            _ => Self::List(OfferQuery {
                tab: query("tab").and_then(|tab| tab.parse().ok()).unwrap_or(OfferTab::Available),
                search: query("q").unwrap_or_default(),
                page: page(query),
            }),
        }
    }

    /// The tab, if there are tabs.
    pub fn tab(&self) -> Option<OfferTab> {
        match self {
            Self::List(query) => Some(query.tab),
            Self::One(_) => None,
        }
    }

    /// The text searched for.
    pub fn search(&self) -> &str {
        match self {
            Self::List(query) => &query.search,
            Self::One(_) => "",
        }
    }

    /// The parameters that lead back to it.
    pub fn pairs(&self) -> Vec<(&'static str, &str)> {
        match self {
            Self::One(_) => vec![("from", FROM_LINK)],
            Self::List(query) => {
                let mut pairs = page_pairs(&query.page);
                if query.tab != OfferTab::Available {
                    pairs.push(("tab", query.tab.as_str()));
                }
                pairs.push(("q", &query.search));
                pairs
            }
        }
    }

    /// Its own address.
    pub fn href(&self) -> String {
        match self {
            Self::List(_) => paths::with_query(paths::MY_ACCESS, &self.pairs()),
            Self::One(id) => paths::my_package(*id),
        }
    }

    /// The Request access pane over it.
    pub fn request_href(&self, id: PackageId) -> String {
        self.ask_href(&PaneQuery::new(id))
    }

    /// The same, with the choices made so far.
    pub fn ask_href(&self, query: &PaneQuery) -> String {
        let word = |id: Option<String>| id.unwrap_or_default();
        let policy = word(query.policy.map(|id| id.to_string()));
        let target = word(query.target.map(|id| id.to_string()));
        let again = word(query.again.map(|id| id.to_string()));
        let target = if target.is_empty() && query.chosen { "me" } else { &target };
        let mut pairs = self.pairs();
        pairs.extend([("policy", policy.as_str()), ("for", target), ("again", again.as_str())]);
        paths::with_query(&paths::my_package_request(query.package), &pairs)
    }

    /// The first page of a tab, under a search.
    pub fn beginning(tab: OfferTab, search: &str) -> Self {
        let page = PageQuery::default();
        let search = search.to_owned();
        Self::List(OfferQuery { tab, search, page })
    }

    /// The pages before and after `page`.
    pub fn pager<T>(&self, page: &Page<T>) -> (Option<String>, Option<String>) {
        let Self::List(query) = self else { return (None, None) };
        let to = |page| Self::List(OfferQuery { page, ..query.clone() }).href();
        (page.previous.clone().map(before).map(to), page.next.clone().map(after).map(to))
    }
}

/// The choices of a Request access pane, as its address has them.
fn asked(package: PackageId, query: &impl Fn(&str) -> Option<String>) -> PaneQuery {
    let target = query("for").unwrap_or_default();
    PaneQuery {
        package,
        policy: query("policy").and_then(|id| id.parse().ok()),
        target: target.parse().ok(),
        again: query("again").and_then(|id| id.parse().ok()),
        chosen: !target.is_empty(),
    }
}

/// A pane over the Active tab.
fn access(id: &str, way: Way) -> Option<Route> {
    let pane = PackagePane::Access(id.parse().ok()?, way);
    Some(Route::Packages(Source::beginning(OfferTab::Active, ""), Some(pane)))
}

/// Asking for a package again with what a former request said (F140).
pub fn again_href(package: PackageId, former: RequestId) -> String {
    let query = PaneQuery {
        again: Some(former),
        ..PaneQuery::new(package)
    };
    Source::beginning(OfferTab::Available, "").ask_href(&query)
}

/// A navigation that leaves the list where it is; `replace` keeps it out of the browser's history.
pub fn in_place(replace: bool) -> NavigateOptions {
    NavigateOptions {
        replace,
        scroll: false,
        ..NavigateOptions::default()
    }
}

/// A page of Request history.
pub fn history_href(page: &PageQuery) -> String {
    paths::with_query(paths::MY_REQUESTS, &page_pairs(page))
}

/// One request, over a page of Request history.
pub fn details_href(id: RequestId, page: &PageQuery) -> String {
    paths::with_query(&paths::my_request(id), &page_pairs(page))
}

/// The pages of Request history before and after `page`.
pub fn history_pager<T>(page: &Page<T>) -> (Option<String>, Option<String>) {
    let to = |page| history_href(&page);
    (page.previous.clone().map(before).map(to), page.next.clone().map(after).map(to))
}

const FROM_LINK: &str = "link";

fn page(query: &impl Fn(&str) -> Option<String>) -> PageQuery {
    let key = |name| query(name).filter(|key| !key.is_empty());
    PageQuery {
        after: key("after"),
        before: key("before"),
        size: 0,
    }
}

fn page_pairs(page: &PageQuery) -> Vec<(&'static str, &str)> {
    // An empty value is left out of the address.
    vec![
        ("after", page.after.as_deref().unwrap_or_default()),
        ("before", page.before.as_deref().unwrap_or_default()),
    ]
}

fn after(key: String) -> PageQuery {
    PageQuery {
        after: Some(key),
        ..PageQuery::default()
    }
}

fn before(key: String) -> PageQuery {
    PageQuery {
        before: Some(key),
        ..PageQuery::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "00000000-0000-0000-0000-000000000007";

    /// The place of a whole address, as a browser would take it apart.
    fn at(url: &str) -> Route {
        let (path, query) = url.split_once('?').unwrap_or((url, ""));
        let pairs: Vec<(&str, &str)> = query.split('&').filter_map(|pair| pair.split_once('=')).collect();
        Route::of(path, |name| {
            pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
        })
    }

    fn id() -> PackageId {
        ID.parse().expect("an id")
    }

    #[test]
    fn f027_the_portal_link_shows_one_package() {
        let link = paths::portal_link("", "Woodgrove Bank", id());
        assert_eq!(at(&link), Route::Packages(Source::One(id()), None));
    }

    #[test]
    fn f030_the_pane_opens_over_what_was_on_the_page_and_leads_back_to_it() {
        for url in ["/my-access?after=k&tab=expired&q=ops", "/my-access", &paths::my_package(id())] {
            let Route::Packages(source, None) = at(url) else { panic!("{url}") };
            assert_eq!(source.href(), url);
            let pane = Some(PackagePane::Request(PaneQuery::new(id())));
            assert_eq!(at(&source.request_href(id())), Route::Packages(source.clone(), pane), "{url}");
        }
    }

    #[test]
    fn f030_the_ticked_package_comes_by_the_form_too() {
        let Route::Packages(source, pane) = at(&format!("/my-access?package={ID}&q=ops")) else {
            panic!()
        };
        let asked = Some(PackagePane::Request(PaneQuery::new(id())));
        assert_eq!((&pane, source.search()), (&asked, "ops"));
        let form = format!("/my-access?package={ID}&from=link");
        assert_eq!(at(&form), Route::Packages(Source::One(id()), asked));
    }

    #[test]
    fn f074_f140_f143_choices_stand_in_the_address_of_the_pane() {
        let source = Source::beginning(OfferTab::Expired, "ops");
        let uuid = uuid::Uuid::from_u128(7);
        for query in [
            PaneQuery {
                policy: Some(uuid.into()),
                target: Some(uuid.into()),
                chosen: true,
                ..PaneQuery::new(id())
            },
            PaneQuery {
                again: Some(uuid.into()),
                chosen: true,
                ..PaneQuery::new(id())
            },
        ] {
            let pane = Some(PackagePane::Request(query.clone()));
            assert_eq!(at(&source.ask_href(&query)), Route::Packages(source.clone(), pane));
        }
    }

    #[test]
    fn f082_f141_what_is_done_with_access_opens_over_the_active_tab() {
        let access = AssignmentId(id().0);
        for (url, way) in [
            (paths::my_access_extend(access), Way::Extend),
            (paths::my_access_remove(access), Way::GiveBack),
        ] {
            let Route::Packages(source, pane) = at(&url) else { panic!("{url}") };
            assert_eq!(
                (source.tab(), pane),
                (Some(OfferTab::Active), Some(PackagePane::Access(access, way)))
            );
        }
    }

    #[test]
    fn f033_a_request_opens_over_its_page_of_the_history() {
        let page = after("k".into());
        let request = RequestId(id().0);
        assert_eq!(at(&details_href(request, &page)), Route::Requests(page.clone(), Some(request)));
        assert_eq!(at(&history_href(&page)), Route::Requests(page, None));
    }

    #[test]
    fn what_is_not_an_address_of_the_site_is_unknown() {
        for url in [
            "/my-access/packages",
            "/my-access/packages/7",
            "/my-access/requests/x",
            "/my-accessory",
            "/my-access/x",
            "/admin",
            &format!("/my-access/packages/{ID}/delete"),
        ] {
            assert_eq!(at(url), Route::Unknown, "{url}");
        }
        assert!(matches!(
            at("/my-access?tab=nonsense&package=7"),
            Route::Packages(Source::List(_), None)
        ));
    }
}

//! The address of a list: search, filters, order and page live in the URL, so Back, reload, a saved link and a first click before the
//! page is alive all work. Pure, but for the last few; knows no list in particular.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use leptos_router::params::ParamsMap;

use super::error_view::loaded_quietly;
use crate::domain::page::{Direction, Page, PageQuery};
use crate::paths;
use crate::rpc::Loading;
use crate::rpc::loading::Loadable;
use crate::ui::*;

/// The name of the search in a list's query.
pub const SEARCH: &str = "q";
const SORT: &str = "sort";
const DIRECTION: &str = "dir";
const AFTER: &str = "after";
const BEFORE: &str = "before";

/// A list's own address without its page: what the search, the filters and the order make of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListUrl {
    path: String,
    pairs: Vec<(&'static str, String)>,
}

impl ListUrl {
    /// The list at `path` as it opens first.
    pub fn new(path: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            pairs: Vec::new(),
        }
    }

    /// With one parameter set; an empty value takes it away.
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        let value = value.into();
        self.pairs.retain(|(other, _)| *other != name);
        if !value.is_empty() {
            self.pairs.push((name, value));
        }
        self
    }

    /// On this page of the list.
    pub fn at(self, page: &PageQuery) -> Self {
        let key = |key: &Option<String>| key.clone().unwrap_or_default();
        self.with(AFTER, key(&page.after)).with(BEFORE, key(&page.before))
    }

    /// In this order; the usual order leaves no trace.
    pub fn sorted(self, column: &str, direction: Direction) -> Self {
        let word = if direction == Direction::Down { "down" } else { "" };
        self.with(SORT, column).with(DIRECTION, word)
    }

    /// The address of its first page.
    pub fn href(&self) -> String {
        self.with_last(AFTER, "")
    }

    /// The other parameters, which a search form has to carry along.
    pub fn beside(&self, name: &str) -> Vec<(String, String)> {
        let others = self.pairs.iter().filter(|(other, _)| *other != name);
        others.map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
    }

    fn with_last(&self, name: &str, value: &str) -> String {
        let mut pairs: Vec<(&str, &str)> = self.pairs.iter().map(|(name, value)| (*name, value.as_str())).collect();
        pairs.push((name, value));
        paths::with_query(&self.path, &pairs)
    }
}

/// A parameter of a list's query, or empty.
pub fn text(params: &ParamsMap, name: &str) -> String {
    params.get_str(name).unwrap_or_default().to_owned()
}

/// Which page the query asks for.
pub fn page(params: &ParamsMap) -> PageQuery {
    let key = |name| params.get_str(name).filter(|key| !key.is_empty()).map(str::to_owned);
    PageQuery {
        after: key(AFTER),
        before: key(BEFORE),
        size: 0,
    }
}

/// The column the query sorts by, or empty.
pub fn sort(params: &ParamsMap) -> &str {
    params.get_str(SORT).unwrap_or_default()
}

/// Upwards unless the query says otherwise.
pub fn direction(params: &ParamsMap) -> Direction {
    match params.get_str(DIRECTION) {
        Some("down") => Direction::Down,
        _ => Direction::Up,
    }
}

/// How a head cell shows the order, if its column decides it.
pub fn shown_order(decides: bool, direction: Direction) -> Sort {
    match (decides, direction) {
        (false, _) => Sort::None,
        (true, Direction::Up) => Sort::Ascending,
        (true, Direction::Down) => Sort::Descending,
    }
}

/// The order after a press on a head cell: a column that decides turns round, another begins upwards.
pub fn next_order(decides: bool, direction: Direction) -> Direction {
    if decides { direction.turned() } else { Direction::Up }
}

/// Goes to a list's address as a search or a filter is changed: in place, without a step in the browser's history.
pub fn use_in_place() -> Callback<ListUrl> {
    let navigate = use_navigate();
    Callback::new(move |url: ListUrl| {
        let options = NavigateOptions {
            replace: true,
            scroll: false,
            ..NavigateOptions::default()
        };
        navigate(&url.href(), options);
    })
}

/// What a search box does: `list` is the address without the search.
pub fn use_search(list: impl Fn() -> ListUrl + Send + Sync + 'static) -> Callback<String> {
    let go = use_in_place();
    Callback::new(move |text: String| go.run(list().with(SEARCH, text.trim())))
}

/// Previous and Next, where there is more than this page.
pub fn pager<T>(url: &ListUrl, page: &Page<T>) -> AnyView {
    let previous = page.previous.as_deref().map(|key| url.with_last(BEFORE, key));
    let next = page.next.as_deref().map(|key| url.with_last(AFTER, key));
    let restarted = page.restarted.then(|| {
        view! { <p class="muted" role="status">"The link led to a page of this list that is not there. This is the first page."</p> }
    });
    let pager = (previous.is_some() || next.is_some()).then(|| view! { <Pager previous=previous next=next text=shown_of(page)/> });
    (restarted, pager).into_any()
}

/// How much of a list a page shows: `50 of 312`; nothing where nobody has counted.
fn shown_of<T>(page: &Page<T>) -> String {
    page.total
        .map(|total| [&page.items.len().to_string(), " of ", &total.to_string()].concat())
        .unwrap_or_default()
}

/// The quiet number behind a list's title, where it is known.
pub fn count<T: Loadable>(list: Loading<Page<T>>) -> AnyView {
    loaded_quietly(list, |page| {
        page.total
            .map(|total| view! { <span class="page-count">{total.to_string()}</span> })
            .into_any()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_s_address_keeps_search_and_order_and_drops_the_page() {
        let url = ListUrl::new("/admin/users")
            .with("q", "ada b")
            .sorted("department", Direction::Down);
        assert_eq!(url.href(), "/admin/users?q=ada%20b&sort=department&dir=down");
        assert_eq!(
            url.with_last(AFTER, "k1"),
            "/admin/users?q=ada%20b&sort=department&dir=down&after=k1"
        );
        assert_eq!(url.with("q", "").sorted("", Direction::Up).href(), "/admin/users");
    }

    #[test]
    fn a_search_carries_the_other_parameters_along() {
        let url = ListUrl::new("/admin/groups").with("q", "m").with("kind", "security");
        assert_eq!(url.beside("q"), [("kind".to_owned(), "security".to_owned())]);
    }

    #[test]
    fn a_press_on_the_deciding_column_turns_the_order() {
        assert_eq!(next_order(true, Direction::Up), Direction::Down);
        assert_eq!(next_order(false, Direction::Down), Direction::Up);
        assert!(shown_order(true, Direction::Down) == Sort::Descending);
    }

    #[test]
    fn an_unknown_query_is_the_first_page_upwards() {
        let mut params = ParamsMap::new();
        params.insert("dir", "sideways".into());
        params.insert("after", String::new());
        assert_eq!((page(&params), direction(&params)), (PageQuery::default(), Direction::Up));
    }
}

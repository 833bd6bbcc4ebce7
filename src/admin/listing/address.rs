//! The address of a list: search, filters, order and page live in the URL, so Back, reload, a saved link and a first click before the
//! page is alive all work. Read and written by the list's description; pure, and knows no list in particular.

use std::str::FromStr;

use chrono::{DateTime, NaiveTime, Utc};

use super::{Look, Options};
use crate::domain::page::{Direction, Page, PageQuery};
use crate::domain::typed_time;
use crate::paths;
use crate::ui::Sort;

/// The name of the search in a list's query.
pub const SEARCH: &str = "q";
/// The name of whose list it is, in the query of a list's file.
const ID: &str = "id";
const SORT: &str = "sort";
const DIRECTION: &str = "dir";
const AFTER: &str = "after";
const BEFORE: &str = "before";

/// What the address of a list says. What it does not know, it leaves out: a hostile or outdated query is the plain list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Address {
    /// The id in the page's path, or empty.
    pub id: String,
    /// What is searched for.
    pub search: String,
    /// The filters that are set to something else than usual.
    filters: Vec<(&'static str, String)>,
    /// The column that decides the order, by its word; empty for the usual one.
    pub sort: &'static str,
    /// Upwards or downwards.
    pub direction: Direction,
    /// Which page.
    pub page: PageQuery,
}

impl Address {
    /// Reads the parameters of a query by what the list knows.
    pub fn read(look: &Look, sorts: &[&'static str], id: &str, get: &dyn Fn(&str) -> Option<String>) -> Self {
        let text = |name: &str| get(name).unwrap_or_default();
        let key = |name: &str| get(name).filter(|key| !key.is_empty());
        let mut address = Self {
            id: id.to_owned(),
            search: if look.search.is_empty() { String::new() } else { text(SEARCH) },
            direction: if text(DIRECTION) == "down" {
                Direction::Down
            } else {
                Direction::Up
            },
            page: PageQuery {
                after: key(AFTER),
                before: key(BEFORE),
                size: 0,
            },
            ..Self::default()
        };
        if sorts.is_empty() {
            address.direction = Direction::Up;
        }
        let asked = text(SORT);
        address.sort = sorts.iter().copied().find(|sort| *sort == asked).unwrap_or_default();
        for filter in look.filters {
            let value = text(filter.name);
            let known = match &filter.options {
                Options::Loaded(_) | Options::Given => !value.is_empty(),
                Options::Date => typed_time::day(&value).is_some(),
                Options::Menu(words) | Options::Select(words) => words().iter().skip(1).any(|(word, _)| *word == value),
            };
            if known {
                address.filters.push((filter.name, value));
            }
        }
        address
    }

    /// What a filter is set to; empty for the usual.
    pub fn filter(&self, name: &str) -> &str {
        self.filters
            .iter()
            .find(|(other, _)| *other == name)
            .map_or("", |(_, value)| value.as_str())
    }

    /// The same as what it stands for.
    pub fn word<W: FromStr>(&self, name: &str) -> Option<W> {
        self.filter(name).parse().ok()
    }

    /// The beginning of the day that a filter is set to, in UTC: a file has no reader whose zone it could be.
    pub fn day(&self, name: &str) -> Option<DateTime<Utc>> {
        Some(typed_time::day(self.filter(name))?.and_time(NaiveTime::MIN).and_utc())
    }

    /// Whether search or filters leave something out.
    pub fn is_narrowed(&self) -> bool {
        !self.search.is_empty() || !self.filters.is_empty()
    }

    /// The list searched for something else, from its beginning.
    pub fn searched(&self, text: &str) -> Self {
        Self {
            search: text.trim().to_owned(),
            page: PageQuery::default(),
            ..self.clone()
        }
    }

    /// The list with a filter set, from its beginning; an empty value unsets it.
    pub fn filtered(&self, name: &'static str, value: &str) -> Self {
        let mut address = self.searched(&self.search);
        address.filters.retain(|(other, _)| *other != name);
        if !value.is_empty() {
            address.filters.push((name, value.to_owned()));
        }
        address
    }

    /// The list after a press on a head cell: a column that decides turns round, another begins upwards.
    pub fn pressed(&self, sort: &'static str) -> Self {
        let decides = self.sort == sort;
        Self {
            sort,
            direction: if decides { self.direction.turned() } else { Direction::Up },
            page: PageQuery::default(),
            ..self.clone()
        }
    }

    /// How the head cell of a column shows the order.
    pub fn order(&self, sort: &str) -> Sort {
        match (self.sort == sort, self.direction) {
            (false, _) => Sort::None,
            (true, Direction::Up) => Sort::Ascending,
            (true, Direction::Down) => Sort::Descending,
        }
    }

    /// The pages before and after `page`.
    pub fn pager<T>(&self, path: &str, page: &Page<T>) -> (Option<String>, Option<String>) {
        let to = |page: PageQuery| Self { page, ..self.clone() }.href(path);
        let before = page.previous.clone().map(|key| PageQuery {
            before: Some(key),
            ..PageQuery::default()
        });
        let after = page.next.clone().map(|key| PageQuery {
            after: Some(key),
            ..PageQuery::default()
        });
        (before.map(to), after.map(to))
    }

    /// Its address on the page at `path`.
    pub fn href(&self, path: &str) -> String {
        paths::with_query(path, &self.pairs())
    }

    /// The address of its file: all pages of what this shows.
    pub fn file(&self, list: &str) -> String {
        let whole = self.searched(&self.search);
        let mut pairs = whole.pairs();
        pairs.insert(0, (ID, &self.id));
        paths::with_query(&paths::export(list), &pairs)
    }

    /// The parameters that a search form has to carry along.
    pub fn beside_search(&self) -> Vec<(String, String)> {
        let plain = self.searched("");
        let pairs = plain.pairs().into_iter().filter(|(_, value)| !value.is_empty());
        pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    fn pairs(&self) -> Vec<(&'static str, &str)> {
        let mut pairs = vec![(SEARCH, self.search.as_str())];
        pairs.extend(self.filters.iter().map(|(name, value)| (*name, value.as_str())));
        pairs.push((SORT, self.sort));
        pairs.push((DIRECTION, if self.direction == Direction::Down { "down" } else { "" }));
        pairs.push((AFTER, self.page.after.as_deref().unwrap_or_default()));
        pairs.push((BEFORE, self.page.before.as_deref().unwrap_or_default()));
        pairs
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Empty, Filter};
    use super::*;
    use crate::ui::Icon;
    use std::collections::HashMap;

    const LOOK: Look = Look {
        name: "things",
        title: "Things",
        about: "",
        top: None,
        path: |_| Some("/admin/things".into()),
        search: "Search things",
        filters: &[Filter::menu("status", "Status", || {
            vec![("".into(), "All".into()), ("open".into(), "Open".into())]
        })],
        empty: |_| Empty::yet(Icon::App, "No things", ""),
    };

    fn read(url: &str) -> Address {
        let query = url.split_once('?').map_or("", |(_, query)| query);
        let pairs: HashMap<&str, &str> = query.split('&').filter_map(|pair| pair.split_once('=')).collect();
        let get = |name: &str| {
            pairs
                .get(name)
                .map(|value| value.replace("%20", " ").replace("%26", "&").replace("%3D", "="))
        };
        Address::read(&LOOK, &["", "created"], "7", &get)
    }

    #[test]
    fn f007_a_list_s_address_brings_the_same_list_again() {
        for url in [
            "/admin/things",
            "/admin/things?q=a%20%26%20b%3D&status=open&sort=created&dir=down&after=k1",
            "/admin/things?dir=down&before=k2",
        ] {
            assert_eq!(read(url).href("/admin/things"), url);
        }
    }

    #[test]
    fn whatever_changes_what_is_listed_begins_at_the_first_page() {
        let address = read("?q=ada&status=open&after=k1");
        for changed in [
            address.searched(" bob "),
            address.filtered("status", ""),
            address.pressed("created"),
        ] {
            assert_eq!(changed.page, PageQuery::default());
        }
        assert_eq!(address.searched(" bob ").href("/x"), "/x?q=bob&status=open");
        assert_eq!(address.filtered("status", "").href("/x"), "/x?q=ada");
        assert_eq!(address.beside_search(), [("status".to_owned(), "open".to_owned())]);
    }

    #[test]
    fn a_hostile_or_outdated_query_is_the_plain_list() {
        let odd = read("/x?sort=' or 1&dir=sideways&status=nonsense&after=");
        assert_eq!(odd.href("/x"), "/x");
        assert!(!odd.is_narrowed());
    }

    #[test]
    fn a_press_on_the_deciding_column_turns_the_order() {
        let plain = read("");
        assert!(plain.order("") == Sort::Ascending && plain.order("created") == Sort::None);
        assert_eq!(plain.pressed("").href("/x"), "/x?dir=down");
        assert_eq!(plain.pressed("created").href("/x"), "/x?sort=created");
        assert!(plain.pressed("created").pressed("created").order("created") == Sort::Descending);
    }

    #[test]
    fn a_list_s_file_holds_all_pages_of_what_it_shows() {
        let address = read("?q=ada&status=open&sort=created&after=k1");
        assert_eq!(address.file("things"), "/admin/export/things?id=7&q=ada&status=open&sort=created");
    }
}

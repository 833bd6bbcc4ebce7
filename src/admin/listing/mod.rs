//! One description makes a list page. A page says once what its list is: title, columns with their sort, filters, search, what an empty
//! list says; the address, paging by keyset, count, Refresh, head cells with `aria-sort`, cards on a phone and the CSV file come from
//! there.
//!
//! ```text
//! pub static GROUPS: List<GroupQuery, GroupItem> = List {
//!     look: Look { name: "groups", title: "Groups", search: "Search groups", filters: &[..], path: .., empty: .. , .. },
//!     query: |address| Some(GroupQuery { search: address.search.clone(), kind: address.word("type"), .. }),
//!     columns: &[Column::view("Name", |g| g.name.clone(), name).sort(""), Column::text("Type", |g| kind_label(g.kind).into()), ..],
//! };
//! let groups = Listing::new(&GROUPS, list_groups);        // reads the address, loads, follows both
//! let (groups, ticked) = groups.selectable(Ticks { key, name });      // where several rows can be dealt with at once
//! view! { {groups.head()} {groups.bar(new_group_button)} {groups.rows(actions(group_menu))} }
//! ```
//!
//! The query is made of the address alone, so the page and the file (`web::export`) ask the same service for the same rows. What is
//! special about a list is added by its page, not said here: commands, what a row's menu does, rows that stay in sight after they ended,
//! an open details pane, live updates.

mod address;
mod column;
mod page;
mod selection;
mod table;

pub use address::Address;
pub use column::Column;
pub use page::{Listing, actions, row_menu};
pub use selection::{Selection, Ticks};

use crate::domain::text::StringEnum;
use crate::rpc::Loading;
use crate::ui::Icon;

/// What a list is. `Q` is what its service is asked, `T` one row.
pub struct List<Q: 'static, T: 'static> {
    /// All that does not depend on what a row is.
    pub look: Look,
    /// What to ask for an address; nothing where the address does not say whose list it is.
    pub query: fn(&Address) -> Option<Q>,
    /// The columns; the first one is the row's name.
    pub columns: &'static [Column<T>],
    /// Where a press anywhere on a row leads: over the list, which stays where it is.
    pub opens: Option<fn(&T, &Address) -> String>,
}

/// What a list is called and how it is narrowed.
pub struct Look {
    /// Its name in the address of its file, and in the file's own name.
    pub name: &'static str,
    /// Title and caption.
    pub title: &'static str,
    /// One line that says what this is.
    pub about: &'static str,
    /// On a page of its own: its drawing, and the pages on the way to it below Home. None below the head of something else.
    pub top: Option<(Icon, &'static [(&'static str, &'static str)])>,
    /// Its page; `id` is what stands in the page's address, empty on a page of its own. None where that is no id.
    pub path: fn(id: &str) -> Option<String>,
    /// The label of its search box; empty for none.
    pub search: &'static str,
    /// How it can be narrowed.
    pub filters: &'static [Filter],
    /// What stands in place of no rows, for the address that gave none.
    pub empty: fn(&Address) -> Empty,
}

/// One filter; what it is set to stands in the address.
pub struct Filter {
    /// The parameter.
    pub name: &'static str,
    /// What it is called.
    pub label: &'static str,
    options: Options,
}

/// What a filter can be set to, words and labels; the first one is the usual, which leaves no trace in the address.
enum Options {
    Menu(fn() -> Vec<(String, String)>),
    Select(fn() -> Vec<(String, String)>),
    Loaded(fn() -> Loading<Vec<(String, String)>>),
    Date,
    Given,
}

impl Filter {
    /// As a menu of links, which works before and without scripting.
    pub const fn menu(name: &'static str, label: &'static str, options: fn() -> Vec<(String, String)>) -> Self {
        let options = Options::Menu(options);
        Self { name, label, options }
    }

    /// As a drop-down list.
    pub const fn select(name: &'static str, label: &'static str, options: fn() -> Vec<(String, String)>) -> Self {
        let options = Options::Select(options);
        Self { name, label, options }
    }

    /// A day, as `2026-12-23`; see `Address::day`.
    pub const fn date(name: &'static str, label: &'static str) -> Self {
        let options = Options::Date;
        Self { name, label, options }
    }

    /// What a link has set, such as an id; it is shown by its label and can be taken away.
    pub const fn given(name: &'static str, label: &'static str) -> Self {
        let options = Options::Given;
        Self { name, label, options }
    }

    /// All, and what has to be loaded first, as a menu of links.
    pub const fn loaded(name: &'static str, label: &'static str, options: fn() -> Loading<Vec<(String, String)>>) -> Self {
        let options = Options::Loaded(options);
        Self { name, label, options }
    }
}

/// What an empty list says, and the next step.
pub struct Empty {
    /// Its drawing.
    pub icon: Icon,
    /// What is missing.
    pub title: String,
    /// Why, or what to try.
    pub text: &'static str,
    /// Where the next step is, and what it is called.
    pub next: Option<(&'static str, &'static str)>,
}

impl Empty {
    /// There is nothing of this kind yet.
    pub fn yet(icon: Icon, title: &str, text: &'static str) -> Self {
        Self {
            icon,
            title: title.to_owned(),
            text,
            next: None,
        }
    }

    /// Search and filters leave nothing over.
    pub fn found(title: impl Into<String>, text: &'static str) -> Self {
        Self {
            icon: Icon::Search,
            title: title.into(),
            text,
            next: None,
        }
    }

    /// With a link to the next step.
    pub fn next(mut self, href: &'static str, label: &'static str) -> Self {
        self.next = Some((href, label));
        self
    }
}

impl<Q, T> List<Q, T> {
    /// What an address asks of this list; `id` is the one in the page's path.
    pub fn address(&self, id: &str, get: impl Fn(&str) -> Option<String>) -> Address {
        let sorts: Vec<&'static str> = self.columns.iter().filter_map(|column| column.head.sort).collect();
        Address::read(&self.look, &sorts, id, &get)
    }
}

#[cfg(feature = "ssr")]
impl<Q, T> List<Q, T> {
    /// The first row of its file.
    pub fn heads(&self) -> Vec<String> {
        self.columns.iter().map(Column::file_head).collect()
    }

    /// A row of its file.
    pub fn record(&self, item: &T) -> Vec<String> {
        self.columns.iter().map(|column| column.file_cell(item)).collect()
    }
}

/// All words of an enumeration with their labels: what a filter or a drop-down list offers.
pub fn options<W: StringEnum>(label: fn(W) -> &'static str) -> Vec<(String, String)> {
    W::ALL
        .iter()
        .map(|&word| (word.as_str().to_owned(), label(word).to_owned()))
        .collect()
}

/// The same behind the usual choice, which leaves nothing out.
pub fn or_all<W: StringEnum>(label: fn(W) -> &'static str) -> Vec<(String, String)> {
    std::iter::once((String::new(), "All".to_owned())).chain(options(label)).collect()
}

//! A page as a person reads it: its heading, the rows of its tables by column, its fields with what is said at them, links and buttons by
//! name. Knows HTML and accessible names; must not know what any page is about.

use std::fmt;

use axum::http::StatusCode;
use scraper::{ElementRef, Html, Selector};

/// An answered page.
pub struct Page {
    /// The status it was answered with.
    pub status: StatusCode,
    /// The address that was asked for.
    pub address: String,
    html: Html,
}

/// A piece of a page: all of it, a row of a table, a list.
#[derive(Clone, Copy)]
pub struct Part<'a> {
    page: &'a Page,
    element: ElementRef<'a>,
}

/// A control, with what is said about it.
#[derive(Clone, Copy)]
pub struct Control<'a>(Part<'a>);

fn selector(css: &str) -> Selector {
    Selector::parse(css).unwrap_or_else(|_| panic!("{css} is no selector"))
}

/// Elements that begin a new word: what stands in two of them is not read as one.
const BLOCKS: [&str; 26] = [
    "p", "div", "li", "ul", "ol", "tr", "td", "th", "h1", "h2", "h3", "h4", "section", "label", "button", "br", "dt", "dd", "caption",
    "legend", "option", "header", "nav", "summary", "small", "main",
];

/// What can be read of an element: no scripts, no styles, nothing that is for the eye alone.
fn read(element: ElementRef<'_>, into: &mut String) {
    let value = element.value();
    if matches!(value.name(), "script" | "style" | "template" | "head") || value.attr("aria-hidden") == Some("true") {
        return;
    }
    let apart = BLOCKS.contains(&value.name());
    if apart {
        into.push(' ');
    }
    for child in element.children() {
        if let Some(text) = child.value().as_text() {
            into.push_str(text);
        } else if let Some(child) = ElementRef::wrap(child) {
            read(child, into);
        }
    }
    if apart {
        into.push(' ');
    }
}

fn text(element: ElementRef<'_>) -> String {
    let mut found = String::new();
    read(element, &mut found);
    found.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Page {
    /// Takes a page apart.
    pub fn new(status: StatusCode, address: &str, html: &str) -> Self {
        Self {
            status,
            address: address.into(),
            html: Html::parse_document(html),
        }
    }

    /// The whole page.
    pub fn whole(&self) -> Part<'_> {
        Part {
            page: self,
            element: self.html.root_element(),
        }
    }

    /// What stands in the tab of the browser.
    pub fn title(&self) -> String {
        let title = self.html.select(&selector("title")).next();
        title.map(|title| title.text().collect()).unwrap_or_default()
    }

    /// The one heading of the first level.
    pub fn heading(&self) -> String {
        let found = self.whole().all("h1");
        assert_eq!(found.len(), 1, "one first heading on {self}");
        found[0].text()
    }

    /// Fails unless this stands on the page.
    pub fn must_say(&self, words: &str) {
        assert!(self.says(words), "\"{words}\" is missing on {self}");
    }

    /// Fails if this stands on the page, or anywhere in its source.
    pub fn must_not_hold(&self, words: &str) {
        assert!(!self.html.html().contains(words), "\"{words}\" is on {self}");
    }

    /// Whether this stands on the page.
    pub fn says(&self, words: &str) -> bool {
        self.whole().says(words)
    }

    /// The one row of a table that holds this text.
    pub fn row(&self, words: &str) -> Part<'_> {
        let found = self.rows(words);
        assert_eq!(found.len(), 1, "one row with \"{words}\" on {self}");
        found[0]
    }

    /// The rows of tables that hold this text; with "" all.
    pub fn rows(&self, words: &str) -> Vec<Part<'_>> {
        let rows = self.whole().all("tbody tr");
        rows.into_iter().filter(|row| row.says(words)).collect()
    }

    /// The columns of the page's tables.
    pub fn columns(&self) -> Vec<String> {
        self.whole().all("thead th").into_iter().map(|head| head.text()).collect()
    }

    /// The one field with this label: a control, or a group of choices with its legend.
    pub fn field(&self, label: &str) -> Control<'_> {
        self.whole().field(label)
    }

    /// The one button with this name.
    pub fn button(&self, name: &str) -> Control<'_> {
        Control(self.whole().named("button", name))
    }

    /// Where the one link with this name leads.
    pub fn link(&self, name: &str) -> String {
        self.whole().link(name)
    }

    /// How many links or buttons have this name.
    pub fn offers(&self, name: &str) -> usize {
        let named = |part: &Part<'_>| part.name() == name;
        self.whole().all("a, button").iter().filter(|part| named(part)).count()
    }

    /// The value beside a label in a list of facts.
    pub fn fact(&self, label: &str) -> String {
        let pairs = self.whole().all("dl > div");
        let found = pairs.iter().find(|pair| pair.all("dt").iter().any(|term| term.text() == label));
        let found = found.unwrap_or_else(|| panic!("no fact \"{label}\" on {self}"));
        found.all("dd").iter().map(Part::text).collect::<Vec<_>>().join(" ")
    }
}

impl fmt::Display for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}), which says: {}", self.address, self.status, self.whole().text())
    }
}

impl<'a> Part<'a> {
    /// The parts in it that a selector finds.
    pub fn all(&self, css: &str) -> Vec<Part<'a>> {
        let selector = selector(css);
        let parts = self.element.select(&selector);
        parts.map(|element| Part { page: self.page, element }).collect()
    }

    /// What can be read in it.
    pub fn text(&self) -> String {
        text(self.element)
    }

    /// Whether this stands in it.
    pub fn says(&self, words: &str) -> bool {
        self.text().contains(words)
    }

    /// Of a row: the cell below this column's head.
    pub fn cell(&self, column: &str) -> String {
        let table = self
            .element
            .ancestors()
            .filter_map(ElementRef::wrap)
            .find(|part| part.value().name() == "table");
        let table = table.unwrap_or_else(|| panic!("no row of a table: {}", self.text()));
        let heads: Vec<_> = table.select(&selector("thead th")).map(text).collect();
        let at = heads.iter().position(|head| head == column);
        let at = at.unwrap_or_else(|| panic!("no column \"{column}\" among {heads:?}"));
        let cells = self
            .element
            .child_elements()
            .filter(|cell| matches!(cell.value().name(), "td" | "th"));
        cells.map(text).nth(at).unwrap_or_default()
    }

    /// The one field in it with this label.
    pub fn field(&self, label: &str) -> Control<'a> {
        Control(self.named("input:not([type=hidden]), select, textarea, fieldset, [role=group]", label))
    }

    /// The entry of a menu in it with this name.
    pub fn menu_item(&self, name: &str) -> Control<'a> {
        let found = self.all("[role=menuitem]").into_iter().find(|item| item.text().starts_with(name));
        Control(found.unwrap_or_else(|| panic!("no entry \"{name}\" in {}", self.text())))
    }

    /// Where the one link in it with this name leads.
    pub fn link(&self, name: &str) -> String {
        self.named("a", name).attr("href").unwrap_or_default().to_owned()
    }

    /// An attribute.
    pub fn attr(&self, name: &str) -> Option<&'a str> {
        self.element.attr(name)
    }

    fn named(&self, css: &str, name: &str) -> Part<'a> {
        let found: Vec<_> = self.all(css).into_iter().filter(|part| part.name() == name).collect();
        assert_eq!(found.len(), 1, "one {css} named \"{name}\" on {}", self.page);
        found[0]
    }

    /// Its accessible name: what a screen reader calls it.
    pub fn name(&self) -> String {
        if let Some(ids) = self.attr("aria-labelledby") {
            return self.page.texts(ids);
        }
        if let Some(label) = self.attr("aria-label") {
            return label.to_owned();
        }
        match self.element.value().name() {
            "fieldset" => self.all("legend").first().map(Part::text).unwrap_or_default(),
            "input" | "select" | "textarea" => self.label(),
            _ => self.text(),
        }
    }

    fn label(&self) -> String {
        let id = self.attr("id").unwrap_or_default();
        let labels = self.page.whole().all("label");
        let own = labels.iter().find(|label| label.attr("for") == Some(id));
        let around = || {
            self.element
                .ancestors()
                .filter_map(ElementRef::wrap)
                .find(|part| part.value().name() == "label")
        };
        own.map_or_else(|| around().map(text).unwrap_or_default(), Part::text)
    }
}

impl Page {
    /// The texts of the elements with these ids, in their order.
    fn texts(&self, ids: &str) -> String {
        let of = |id: &str| self.html.select(&selector(&format!("[id=\"{id}\"]"))).next().map(text);
        let found = ids.split_whitespace().filter_map(of).filter(|text| !text.is_empty());
        found.collect::<Vec<_>>().join(" ")
    }
}

impl<'a> Control<'a> {
    /// What stands in it: typed text, or the value of what is chosen.
    pub fn value(&self) -> String {
        match self.0.element.value().name() {
            "textarea" => self.0.element.text().collect(),
            "select" => self.0.all("option[selected]").first().map(Part::text).unwrap_or_default(),
            _ => self.0.attr("value").unwrap_or_default().to_owned(),
        }
    }

    /// The choices of a list, or of a group.
    pub fn options(&self) -> Vec<String> {
        let css = if self.0.element.value().name() == "select" {
            "option"
        } else {
            "input"
        };
        self.0
            .all(css)
            .iter()
            .map(|choice| if css == "option" { choice.text() } else { choice.name() })
            .collect()
    }

    /// The choice of a group that is taken.
    pub fn chosen(&self) -> Option<String> {
        self.0.all("input[checked]").first().map(Part::name)
    }

    /// Whether it is marked as wrong.
    pub fn is_invalid(&self) -> bool {
        self.0.attr("aria-invalid") == Some("true")
    }

    /// Whether it can't be used, in either way of saying so.
    pub fn is_disabled(&self) -> bool {
        self.0.attr("disabled").is_some() || self.0.attr("aria-disabled") == Some("true")
    }

    /// What is said about it: its fault, its hint, why it can't be used.
    pub fn description(&self) -> String {
        self.0
            .attr("aria-describedby")
            .map(|ids| self.0.page.texts(ids))
            .unwrap_or_default()
    }

    /// What can be read in it.
    pub fn text(&self) -> String {
        self.0.text()
    }

    /// Fails unless it is marked as wrong, with these words at it.
    pub fn must_complain(&self, words: &str) {
        let (said, page) = (self.description(), self.0.page);
        assert!(self.is_invalid(), "\"{}\" is not marked as wrong on {page}", self.0.name());
        assert!(
            said.contains(words),
            "at \"{}\" stands \"{said}\", not \"{words}\", on {page}",
            self.0.name()
        );
    }
}

#[cfg(test)]
mod reading {
    use super::*;

    const HTML: &str = r##"<html><head><title>Crew</title></head><body><h1>Crew<span aria-hidden="true"> *</span></h1>
        <table><thead><tr><th><a>Name</a></th><th>Since</th></tr></thead>
            <tbody><tr><td><a href="/7">Ada</a></td><td>May</td></tr><tr><td>Bo</td><td>June</td></tr></tbody></table>
        <label for="n">Name <i aria-hidden="true">*</i></label>
        <input id="n" value="x&amp;y" aria-invalid="true" aria-describedby="n-error n-hint"><p id="n-error">Name is taken.</p><p id="n-hint">Short.</p>
        <fieldset><legend>Ends</legend><input type="radio" id="a" checked><label for="a">Never</label></fieldset>
        <select aria-label="Role"><option>Member</option><option selected>Owner</option></select>
        <button aria-disabled="true">Create</button><script>hidden()</script><dl><div><dt>Mail</dt><dd>a@b</dd></div></dl></body></html>"##;

    #[test]
    fn a_page_is_read_by_names_and_columns() {
        let page = Page::new(StatusCode::OK, "/crew", HTML);
        assert_eq!((page.title().as_str(), page.heading().as_str()), ("Crew", "Crew"));
        assert_eq!(page.columns(), ["Name", "Since"]);
        assert_eq!(
            (page.row("Ada").cell("Since"), page.row("Ada").link("Ada")),
            ("May".into(), "/7".into())
        );
        assert_eq!((page.rows("").len(), page.rows("Cy").len()), (2, 0));
        assert_eq!(page.field("Name").value(), "x&y");
        page.field("Name").must_complain("Name is taken. Short.");
        assert_eq!(page.field("Ends").chosen().as_deref(), Some("Never"));
        assert_eq!(
            (page.field("Role").value().as_str(), page.field("Role").options().len()),
            ("Owner", 2)
        );
        assert!(page.button("Create").is_disabled() && !page.says("hidden"));
        assert_eq!((page.fact("Mail").as_str(), page.offers("Create")), ("a@b", 1));
    }
}

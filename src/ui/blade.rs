//! The parts of a page: breadcrumb, head, commands, menus, facts, cards. They lay out what the page gives them and
//! know no page.

use leptos::prelude::*;

use super::dynamic::CollectAny;
use super::icon::{Glyph, Icon};

/// One step of a breadcrumb; the last one has no link.
#[derive(Clone, PartialEq)]
pub struct Crumb {
    pub label: String,
    pub href: Option<String>,
}

impl Crumb {
    /// A step that leads back.
    pub fn link(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            href: Some(href.into()),
        }
    }

    /// The page itself.
    pub fn here(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            href: None,
        }
    }
}

/// Where the page is; the way back up.
#[component]
pub fn Breadcrumb(#[prop(into)] items: Signal<Vec<Crumb>>) -> AnyView {
    view! {
        <nav class="crumbs" aria-label="Breadcrumb">
            <ol class="crumbs-list">
                {move || {
                    items
                        .get()
                        .into_iter()
                        .map(|crumb| {
                            view! {
                                <li class="crumb">
                                    {match crumb.href {
                                        Some(href) => view! { <a href=href>{crumb.label}</a> }.into_any(),
                                        None => view! { <span aria-current="page">{crumb.label}</span> }.into_any(),
                                    }}
                                    <Glyph icon=Icon::ChevronRight/>
                                </li>
                            }
                        })
                        .collect_any()
                }}
            </ol>
        </nav>
    }
    .into_any()
}

/// The head of a page: its title (the page's only `h1`), a line that says what it is, a state chip, its commands.
#[component]
pub fn PageHead(
    #[prop(into)] title: Signal<String>,
    #[prop(optional, into)] subtitle: Signal<Option<String>>,
    /// A quiet number behind the title: how many there are.
    #[prop(optional, into)]
    count: Signal<Option<String>>,
    #[prop(optional, into)] icon: Option<Icon>,
    #[prop(optional, into)] chip: Option<ViewFnOnce>,
    #[prop(optional, into)] commands: Option<ViewFnOnce>,
) -> AnyView {
    view! {
        <header class="page-head">
            {icon.map(|icon| view! { <span class="page-icon"><Glyph icon=icon/></span> })}
            <div class="page-words">
                <div class="page-title-row">
                    <h1 class="page-title">{move || title.get()}</h1>
                    {move || count.get().map(|count| view! { <span class="page-count">{count}</span> })}
                    {chip.map(ViewFnOnce::run)}
                </div>
                {move || subtitle.get().map(|text| view! { <p class="page-subtitle">{text}</p> })}
            </div>
            {commands.map(|commands| view! { <div class="page-commands">{commands.run()}</div> })}
        </header>
    }
    .into_any()
}

/// The commands of a list or a thing: the primary one first; search and filters in `end`.
#[component]
pub fn CommandBar(#[prop(optional, into)] end: Option<ViewFnOnce>, children: Children) -> AnyView {
    view! {
        <div class="commands">
            <div class="commands-start">{children()}</div>
            {end.map(|end| view! { <div class="commands-end">{end.run()}</div> })}
        </div>
    }
    .into_any()
}

/// One entry of a menu of pages.
#[derive(Clone, PartialEq)]
pub struct NavItem {
    pub icon: Option<Icon>,
    pub label: String,
    pub href: String,
    pub current: bool,
}

impl NavItem {
    /// An entry that is not the current page.
    pub fn new(icon: Icon, label: impl Into<String>, href: impl Into<String>) -> Self {
        Self {
            icon: Some(icon),
            label: label.into(),
            href: href.into(),
            current: false,
        }
    }

    /// Marked as the page being shown, or not.
    #[must_use]
    pub fn current(mut self, current: bool) -> Self {
        self.current = current;
        self
    }
}

/// Entries under a common title; an empty title shows none.
#[derive(Clone, PartialEq)]
pub struct NavSection {
    pub title: String,
    /// Where the title leads, and whether that page is being shown.
    pub link: Option<(String, bool)>,
    pub items: Vec<NavItem>,
}

impl NavSection {
    /// A section of a side menu.
    pub fn new(title: impl Into<String>, items: Vec<NavItem>) -> Self {
        Self {
            title: title.into(),
            link: None,
            items,
        }
    }

    /// With a title that is a link.
    #[must_use]
    pub fn link(mut self, href: impl Into<String>, current: bool) -> Self {
        self.link = Some((href.into(), current));
        self
    }
}

/// The menu of a site: sections of links with icons.
#[component]
pub fn SideMenu(#[prop(into)] label: String, #[prop(into)] sections: Signal<Vec<NavSection>>) -> AnyView {
    view! {
        <nav class="side-menu" aria-label=label>
            {move || {
                sections
                    .get()
                    .into_iter()
                    .map(|section| {
                        view! {
                            <div class="side-section">
                                {(!section.title.is_empty())
                                    .then(|| view! { <h2 class="side-title">{section_title(section.title, section.link)}</h2> })}
                                <ul class="side-list">{nav_items(section.items)}</ul>
                            </div>
                        }
                    })
                    .collect_any()
            }}
        </nav>
    }
    .into_any()
}

fn section_title(title: String, link: Option<(String, bool)>) -> AnyView {
    match link {
        Some((href, current)) => view! { <a href=href aria-current=current.then_some("page")>{title}</a> }.into_any(),
        None => title.into_any(),
    }
}

/// The menu of one thing, beside its pages; a row that scrolls on narrow screens.
#[component]
pub fn SubMenu(#[prop(into)] label: String, #[prop(into)] items: Signal<Vec<NavItem>>) -> AnyView {
    view! {
        <nav class="sub-menu" aria-label=label>
            <ul class="side-list">{move || nav_items(items.get())}</ul>
        </nav>
    }
    .into_any()
}

fn nav_items(items: Vec<NavItem>) -> Vec<AnyView> {
    items
        .into_iter()
        .map(|item| {
            let title = item.label.clone();
            view! {
                <li>
                    <a class="side-link" href=item.href aria-current=item.current.then_some("page") title=title>
                        {item.icon.map(|icon| view! { <Glyph icon=icon/> })}
                        <span class="side-text">{item.label}</span>
                    </a>
                </li>
            }
            .into_any()
        })
        .collect()
}

/// A thing with a menu of its own: `menu` (a `SubMenu`) at the left, the page beside it.
#[component]
pub fn Blade(#[prop(into)] menu: ViewFnOnce, children: Children) -> AnyView {
    view! {
        <div class="blade">
            {menu.run()}
            <div class="blade-body">{children()}</div>
        </div>
    }
    .into_any()
}

/// Facts as pairs; its children are `Property`s.
#[component]
pub fn PropertyList(children: Children) -> AnyView {
    view! { <dl class="properties">{children()}</dl> }.into_any()
}

/// One fact.
#[component]
pub fn Property(#[prop(into)] label: String, children: Children) -> AnyView {
    view! {
        <div class="property">
            <dt class="property-label">{label}</dt>
            <dd class="property-value">{children()}</dd>
        </div>
    }
    .into_any()
}

/// A box with an optional title and actions.
#[component]
pub fn Card(
    #[prop(optional, into)] title: Option<String>,
    #[prop(optional, into)] actions: Option<ViewFnOnce>,
    children: Children,
) -> AnyView {
    let head = title.is_some() || actions.is_some();
    view! {
        <section class="card">
            {head
                .then(|| {
                    view! {
                        <div class="card-head">
                            {title.map(|title| view! { <h2 class="card-title">{title}</h2> })}
                            {actions.map(|actions| view! { <div class="card-actions">{actions.run()}</div> })}
                        </div>
                    }
                })}
            {children()}
        </section>
    }
    .into_any()
}

/// The title of a part of a page or form, with a line of explanation and actions beside it.
#[component]
pub fn SectionTitle(
    #[prop(into)] title: String,
    #[prop(optional, into)] text: Option<String>,
    #[prop(optional, into)] actions: Option<ViewFnOnce>,
) -> AnyView {
    view! {
        <div class="section-title">
            <div class="grow">
                <h2 class="section-words">{title}</h2>
                {text.map(|text| view! { <p class="section-text">{text}</p> })}
            </div>
            {actions.map(ViewFnOnce::run)}
        </div>
    }
    .into_any()
}

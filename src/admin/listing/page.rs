//! A described list on its page: loads what the address asks for and shows head, command bar, table and pager. It knows nothing of what a
//! row is; what a row's menu does, and what else the page adds, is handed in.

use std::future::Future;
use std::sync::Arc;

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_params_map, use_query_map};

use super::column::Head;
use super::selection::{Selection, Ticks};
use super::table::{Frame, empty, pager, row, table};
use super::{Address, Column, Filter, List, Look, Options};
use crate::admin::error_view::{loaded, loaded_below, loaded_quietly};
use crate::admin::page_title::PageTitle;
use crate::domain::page::Page;
use crate::paths;
use crate::rpc::loading::Loadable;
use crate::rpc::{AppError, Loading};
use crate::ui::*;

/// A list on its page. Copy it into callbacks.
pub struct Listing<Q: 'static, T: 'static> {
    list: &'static List<Q, T>,
    page: OnPage,
    /// What it shows.
    pub loading: Loading<Page<T>>,
    selection: Option<Selection<T>>,
}

impl<Q, T> Clone for Listing<Q, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<Q, T> Copy for Listing<Q, T> {}

/// What the last cell of a row holds.
pub type Actions<T> = Arc<dyn Fn(&T) -> AnyView + Send + Sync>;

/// With a last cell for what can be done with a row.
pub fn actions<T>(view: impl Fn(&T) -> AnyView + Send + Sync + 'static) -> Option<Actions<T>> {
    Some(Arc::new(view))
}

/// The "..." of a row: `id` is the row's own, `label` its name.
pub fn row_menu(id: impl ToString, label: &str, items: Vec<AnyView>) -> AnyView {
    view! { <RowMenu id=format!("menu-{}", id.to_string()) label=label>{items}</RowMenu> }.into_any()
}

impl<Q, T> Listing<Q, T>
where
    Q: Clone + PartialEq + Send + Sync + 'static,
    T: Loadable,
{
    /// The list that the page's address asks for; `call` fetches a page of it.
    pub fn new<F>(list: &'static List<Q, T>, call: impl Fn(Q) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<Page<T>, AppError>> + Send + 'static,
    {
        let (params, query) = (use_params_map(), use_query_map());
        let id = Memo::new(move |_| params.with(|params| params.get("id").unwrap_or_default()));
        let address = Memo::new(move |_| query.with(|query| id.with(|id| list.address(id, |name| query.get(name)))));
        let asked = Memo::new(move |_| address.with(list.query));
        let loading = Loading::named(asked, call);
        let page = OnPage {
            look: &list.look,
            address,
            go: use_in_place(&list.look),
            reload: Callback::new(move |()| loading.refetch()),
        };
        Self {
            list,
            page,
            loading,
            selection: None,
        }
    }

    /// With rows that can be ticked; another list, or another page of it, begins without a tick.
    pub fn selectable(self, ticks: Ticks<T>) -> (Self, Selection<T>) {
        let selection = Selection::new(ticks, self.loading);
        let address = self.page.address;
        Effect::new(move |before: Option<Address>| {
            let now = address.get();
            if before.is_some_and(|before| before != now) {
                selection.clear();
            }
            now
        });
        let listing = Self {
            selection: Some(selection),
            ..self
        };
        (listing, selection)
    }

    /// What the address asks for.
    pub fn address(self) -> Memo<Address> {
        self.page.address
    }

    /// Where an address of it leads.
    pub fn href(self, address: &Address) -> String {
        address.href(&(self.list.look.path)(&address.id).unwrap_or_default())
    }

    /// Fetches it again.
    pub fn reload(self) -> Callback<()> {
        self.page.reload
    }

    /// Title, way to it, count, and what this is.
    pub fn head(self) -> AnyView {
        let loading = self.loading;
        let count = move || {
            loaded_quietly(loading, |page| {
                page.total
                    .map(|total| view! { <span class="page-count">{total.to_string()}</span> })
                    .into_any()
            })
        };
        self.page.head(ViewFnOnce::from(count))
    }

    /// The command bar: the page's own commands, Refresh, Export; filters and search at its end.
    pub fn bar(self, commands: impl IntoAny) -> AnyView {
        self.page.bar(commands.into_any())
    }

    /// The table with its pager, or what stands in its place.
    pub fn rows(self, actions: Option<Actions<T>>) -> AnyView {
        self.loaded(move |page| self.table(&page, page.items.clone(), actions.as_ref()))
    }

    /// The same with other rows than were loaded, and again whenever what `adjust` reads has changed.
    pub fn adjusted(self, adjust: impl Fn(Vec<T>) -> Vec<T> + Send + Sync + 'static, actions: Option<Actions<T>>) -> AnyView {
        let adjust = Arc::new(adjust);
        self.loaded(move |page| {
            let (adjust, actions) = (adjust.clone(), actions.clone());
            (move || self.table(&page, adjust(page.items.clone()), actions.as_ref())).into_any()
        })
    }

    fn loaded(self, show: impl Fn(Page<T>) -> AnyView + Send + Sync + 'static) -> AnyView {
        if self.page.look.top.is_some() {
            loaded(self.loading, show)
        } else {
            loaded_below(self.loading, show)
        }
    }

    fn table(self, page: &Page<T>, items: Vec<T>, actions: Option<&Actions<T>>) -> AnyView {
        let address = self.page.address.get_untracked();
        let path = self.page.path();
        if items.is_empty() && page.previous.is_none() {
            return empty((self.page.look.empty)(&address));
        }
        let shown: Vec<&'static Column<T>> = self.list.columns.iter().filter(|column| column.is_shown()).collect();
        let heads: Vec<Head> = shown.iter().map(|column| column.head).collect();
        let row = |item: &T| {
            let cells = shown.iter().map(|column| (column.head, column.cell(item, &address))).collect();
            let opens = self.list.opens.map(|href| (self.page.go, href(item, &address)));
            let tick = self.selection.map(|selection| selection.cell(item));
            row(tick, cells, actions.map(|actions| actions(item)), opens)
        };
        let body = items.iter().map(row).collect_any();
        let pager = pager(
            address.pager(&path, page),
            page.total.map(|total| format!("{} of {total}", page.items.len())),
            page.restarted,
        );
        let frame = Frame {
            caption: self.page.look.title,
            tick: self.selection.map(|selection| selection.head(&items)),
            heads,
            actions: actions.is_some(),
        };
        table(frame, address, path, body, pager)
    }
}

/// A list's page without its rows.
#[derive(Clone, Copy)]
struct OnPage {
    look: &'static Look,
    address: Memo<Address>,
    go: Callback<Going>,
    reload: Callback<()>,
}

/// Where to go, over the list, which stays where it is.
pub(super) enum Going {
    /// The list as another address shows it: no step in the browser's history.
    List(Address),
    /// Something that opens over it.
    Over(String),
}

fn use_in_place(look: &'static Look) -> Callback<Going> {
    let navigate = use_navigate();
    Callback::new(move |going: Going| {
        let (href, replace) = match going {
            Going::List(address) => (address.href(&(look.path)(&address.id).unwrap_or_default()), true),
            Going::Over(href) => (href, false),
        };
        let options = NavigateOptions {
            replace,
            scroll: false,
            ..NavigateOptions::default()
        };
        navigate(&href, options);
    })
}

impl OnPage {
    fn path(self) -> String {
        self.address
            .with_untracked(|address| (self.look.path)(&address.id))
            .unwrap_or_default()
    }

    fn head(self, count: ViewFnOnce) -> AnyView {
        let look = self.look;
        let Some((icon, way)) = look.top else {
            let text = (!look.about.is_empty()).then(|| look.about.to_owned());
            return view! { <SectionTitle title=look.title nostrip:text=text/> }.into_any();
        };
        let mut crumbs = vec![Crumb::link("Home", paths::ADMIN)];
        crumbs.extend(way.iter().map(|(label, href)| Crumb::link(*label, *href)));
        crumbs.push(Crumb::here(look.title));
        view! {
            <PageTitle text=look.title/>
            <Breadcrumb items=crumbs/>
            <PageHead title=look.title subtitle=look.about.to_owned() icon=icon chip=move || count.run()/>
        }
        .into_any()
    }

    fn bar(self, commands: AnyView) -> AnyView {
        let file = Signal::derive(move || self.address.with(|address| address.file(self.look.name)));
        view! {
            <CommandBar end=move || self.narrowing()>
                {commands}
                <Button icon=Icon::Refresh kind=ButtonKind::Subtle on_click=move || self.reload.run(())>"Refresh"</Button>
                <LinkButton icon=Icon::Download kind=ButtonKind::Subtle external=true href=file>"Export"</LinkButton>
            </CommandBar>
        }
        .into_any()
    }

    /// Filters and search.
    fn narrowing(self) -> AnyView {
        let address = self.address;
        let filters = self.look.filters.iter().map(|filter| self.filter(filter)).collect_any();
        let search = (!self.look.search.is_empty()).then(|| {
            let find = move |text: String| self.go.run(Going::List(address.with_untracked(|address| address.searched(&text))));
            view! {
                <SearchBox
                    id="search-list"
                    label=self.look.search
                    action=self.path()
                    value=Signal::derive(move || address.with(|address| address.search.clone()))
                    keep=address.with_untracked(Address::beside_search)
                    on_search=find
                />
            }
        });
        view! {
            {filters}
            {search}
        }
        .into_any()
    }

    fn filter(self, filter: &'static Filter) -> AnyView {
        match filter.options {
            Options::Menu(options) => (move || self.menu(filter, options())).into_any(),
            Options::Select(options) => self.select(filter, options()),
            Options::Date => self.date(filter),
            Options::Given => (move || self.given(filter)).into_any(),
            Options::Loaded(load) => loaded_quietly(load(), move |options| {
                let all = move || std::iter::once((String::new(), "All".to_owned())).chain(options.clone()).collect();
                (move || self.menu(filter, all())).into_any()
            }),
        }
    }

    /// A menu of links, so that it works at once.
    fn menu(self, filter: &'static Filter, options: Vec<(String, String)>) -> AnyView {
        let (address, path) = (self.address.get(), self.path());
        let set = address.filter(filter.name);
        let chosen = options.iter().find(|(word, _)| word == set).or(options.first());
        let text = format!("{}: {}", filter.label, chosen.map_or("", |(_, label)| label));
        let trigger = text.clone();
        let usual = options.first().map(|(word, _)| word.clone()).unwrap_or_default();
        let links = options
            .into_iter()
            .map(|(word, label)| {
                let word = if word == usual { "" } else { &word };
                view! { <MenuLink href=address.filtered(filter.name, word).href(&path)>{label}</MenuLink> }
            })
            .collect_any();
        view! {
            <Menu id=format!("filter-{}", filter.name) label=text trigger=move || view! { <Glyph icon=Icon::Filter/> {trigger} }>
                {links}
            </Menu>
        }
        .into_any()
    }

    /// A day; empty for none.
    fn date(self, filter: &'static Filter) -> AnyView {
        let change = move |ev| {
            let day = event_target_value(&ev);
            self.go.run(Going::List(
                self.address.with_untracked(|address| address.filtered(filter.name, &day)),
            ));
        };
        view! {
            <Field id=filter.name label=filter.label>
                <div class="input input-short">
                    <input
                        class="input-control"
                        type="date"
                        id=filter.name
                        name=filter.name
                        value=move || self.address.with(|address| address.filter(filter.name).to_owned())
                        on:change=change
                    />
                </div>
            </Field>
        }
        .into_any()
    }

    /// What a link has set: a link that takes it away.
    fn given(self, filter: &'static Filter) -> AnyView {
        let address = self.address.get();
        let is_set = !address.filter(filter.name).is_empty();
        let without = address.filtered(filter.name, "").href(&self.path());
        is_set
            .then(|| view! { <LinkButton href=without icon=Icon::Dismiss kind=ButtonKind::Subtle>{filter.label}</LinkButton> })
            .into_any()
    }

    fn select(self, filter: &'static Filter, options: Vec<(String, String)>) -> AnyView {
        let usual = options.first().map(|(word, _)| word.clone()).unwrap_or_default();
        let first = usual.clone();
        let set = Memo::new(move |_| {
            self.address.with(|address| match address.filter(filter.name) {
                "" => first.clone(),
                word => word.to_owned(),
            })
        });
        let chosen = RwSignal::new(set.get_untracked());
        Effect::new(move |_| chosen.set(set.get()));
        let change = move |word: String| {
            let word = if word == usual { "" } else { &word };
            self.go.run(Going::List(
                self.address.with_untracked(|address| address.filtered(filter.name, word)),
            ));
        };
        view! { <SelectField name=filter.name label=filter.label value=chosen options=options on_change=change/> }.into_any()
    }
}

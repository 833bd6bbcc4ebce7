//! The widgets of both sites: they know how a thing looks and behaves, never what it is. Pages import from here alone
//! (`use crate::ui::*;`). Everything renders on the server and works as plain HTML before, and mostly without,
//! scripting; ids come from `name` or `id` props, so both sides of hydration agree.
//!
//! Optional texts take `"..."` or a `String`; `Signal<...>` props also take plain values, signals and closures; slots
//! (`head`, `foot`, `commands`, ...) take `|| view! { ... }`. To hand an `Option` on, write `nostrip:hint=hint`.
//!
//! | widget | one line |
//! | --- | --- |
//! | `Button` | `<Button kind=ButtonKind::Primary icon=Icon::Add busy=saving on_click=save>"Save"</Button>`; `submit=true` in a form; with `disabled_reason=reason` (`Signal<Option<String>>`) give an `id` too |
//! | `LinkButton` | `<LinkButton href=paths::new_package() icon=Icon::Add kind=ButtonKind::Primary>"New access package"</LinkButton>` |
//! | `IconButton` | `<IconButton icon=Icon::Delete label="Remove Ada" on_click=remove/>` |
//! | `Glyph` | `<Glyph icon=Icon::Package/>` |
//! | `TextField` | `<TextField name="name" label="Name" required=true value=name error=name_error on_blur=check/>`; `kind="email"`, `hint`, `suffix`, `short=true` |
//! | `NumberField` | `<NumberField name="days" label="Assignments expire after" suffix="days" value=days error=days_error/>` |
//! | `DateField` | `<DateField name="ends" label="On date" value=ends time=true min=today/>` |
//! | `PasswordField` | `<PasswordField name="password" label="Password" value=password autocomplete="new-password"/>` |
//! | `TextArea` | `<TextArea name="justification" label="Business justification" value=text limit=2000 rows=4/>` |
//! | `SelectField` | `<SelectField name="catalog" label="Catalog" value=catalog options=vec![("id".into(), "General".into())]/>`; `label_hidden`, `on_change` |
//! | `Field` | around a control of your own: `<Field id="x" label="X" error=e>..</Field>`, its `aria-describedby=described_by("x", false, e)` |
//! | `RadioGroup` | `<RadioGroup name="scope" legend="Users who can request" value=scope options=vec![Choice::new("all", "All users").hint("..").disabled("..")]/>` |
//! | `YesNo` | `<YesNo name="enable" legend="Enable requests" value=enable disabled_reason="..."/>` (posts `true`/`false`) |
//! | `Checkbox` | `<Checkbox name="all" label="See all" checked=all/>`; `round=true label_hidden=true` for a row's check mark |
//! | `Table` | `<Table caption="Groups" head=|| view! { <SortLink label="Name" href=h sort=Sort::Ascending/> <HeadCell label="Type"/> }>` rows `<tr><td>..</td></tr>` `</Table>`; `cards=true` with `data-label` on cells for phones |
//! | `keyed` | `{keyed(move || rows.get(), |row| row.id.to_string(), move |row| view! { <li>..</li> }.into_any())}`: rows that come and go one by one |
//! | `Pager` | `<Pager previous=prev_href next=next_href text="1-50"/>` (`Option<String>`) |
//! | `RowMenu` | `<RowMenu id=format!("menu-{id}") label=name><MenuItem icon=Icon::Delete danger=true on_click=ask>"Delete"</MenuItem><MenuLink href=h>"Open"</MenuLink></RowMenu>` |
//! | `Menu` | the same behind any button: `<Menu id="account" label="Account" trigger=|| view! { <Avatar name=n/> }>..</Menu>` |
//! | `SearchBox` | `<SearchBox label="Search groups" action=paths::groups() value=q keep=vec![("sort".into(), sort)] on_search=go/>` |
//! | `FinderButton`, `Finder` | `<FinderButton label="Search" on_press=open_it/><Finder open=open label="Search everything" state=state on_text=ask nothing="Nothing matches."/>`: the search of a whole site, by keyboard (Ctrl-K) |
//! | `YesNoDialog` | `<YesNoDialog name="delete" title="Delete?" open=asking busy=deleting error=why on_yes=delete danger=true><p>".."</p></YesNoDialog>`; you set `open` to false when it has worked |
//! | `Pane` | `<Pane name="select" title="Select groups" open=open width=PaneWidth::Wide dirty=dirty foot=move || view! { <Button ..>"Select"</Button> }>..</Pane>` |
//! | `ToastProvider` | around a site; then `use_toasts().success("Title", "Text", Some(ToastLink::new(href, "Open")))`, `.info`, `.error`, `let id = .progress(..)`, `.finish(id, Tone::Success, ..)` |
//! | `NotificationBell` | `<NotificationBell unread=n items=items more=more actions=BellActions { .. }/>` in the top bar; each site has its own `bell` |
//! | `TabLinks` | `<TabLinks label="Packages" items=vec![TabLink::new(href, "Active").count(3).current(true)]/>` |
//! | `WizardSteps`, `WizardFoot` | `<WizardSteps label="New access package" items=vec![Step::new("Basics", Some(href), StepState::Current)]/>`, `<WizardFoot aside=|| "Draft saved"><Button..>..</Button></WizardFoot>` |
//! | `Breadcrumb` | `<Breadcrumb items=vec![Crumb::link("Groups", href), Crumb::here("Marketing resources")]/>` |
//! | `PageHead` | `<PageHead title="Groups" subtitle=Some("..".to_owned()) count=Some("12".to_owned()) icon=Icon::Group chip=|| view! { <Chip text="Security"/> } commands=|| view! { .. }/>` (holds the `h1`) |
//! | `CommandBar` | `<CommandBar end=|| view! { <SearchBox ../> }><LinkButton ..>..</LinkButton></CommandBar>` |
//! | `SideMenu`, `SubMenu`, `Blade` | `<Blade menu=move || view! { <SubMenu label=name items=vec![NavItem::new(Icon::Home, "Overview", href).current(true)]/> }>..</Blade>` |
//! | `PropertyList` | `<PropertyList><Property label="Catalog">"General"</Property></PropertyList>` |
//! | `Card`, `SectionTitle` | `<Card title="Lifecycle" actions=|| view! { <a href=h>"Edit"</a> }>..</Card>`, `<SectionTitle title="Expiration" text=".."/>` |
//! | `StatusDot`, `Chip`, `Badge` | `<StatusDot tone=Tone::Success text="Delivered"/>`, `<Chip tone=Tone::Info text="Dynamic"/>`, `<Badge count=3/>` |
//! | `Avatar` | `<Avatar name="Ada Lovelace"/>`; `large`, `square` for groups |
//! | `MessageBar` | `<MessageBar tone=Tone::Danger title="..." action=|| view! { .. }><p>"What to do."</p></MessageBar>` |
//! | `EmptyState` | `<EmptyState icon=Icon::Package title="No access packages yet" text=".." action=|| view! { .. }/>` |
//! | `SkeletonRows`, `Spinner` | `<Transition fallback=|| view! { <SkeletonRows/> }>..`, `<Spinner label="Delivering"/>` |
//! | `DocumentTitle` | `<DocumentTitle text="Groups - Woodgate"/>`: the only way to set a document's title; `title_element`, `script_string` for pages without scripting |
//! | `CopyField` | `<CopyField name="link" label="My Access portal link" value=link/>` |
//! | `Timeline` | `<Timeline label="What happened" steps=vec![TimelineStep { .. }]/>` |
//! | `Instant` | `<Instant text="in 3 days" exact="23 December 2026, 17:00" datetime="2026-12-23T16:00:00Z"/>` |
//! | `follow` | `let connection = follow(url, moved)`: runs `moved` whenever the stream of events at `url` (`Memo<Option<String>>`) tells something |
//! | `part!`, `arriving_part` | pages that the browser fetches when they are first asked for: `part! { pub enum Users in users { List => UsersPage } }`, then `view=Users::List` in a route |
//! | `part_on_opening` | a pane that is fetched when it is opened for the first time: `part_on_opening("group_edit", open, move || Box::pin(edit_view(..)))` with a `#[wasm_split(group_edit, .., fallible)] fn edit_view` |
//! | `ConnectionBanner` | already in both frames; `<ConnectionBanner connection=connection/>` beside a stream of your own |
//! | `AdminFrame`, `MyAccessFrame`, `CardFrame` | the frames; each gives skip link and `main`. `CardFrame` has the `h1` |
//!
//! Classes for laying out (no `style=` anywhere): `stack` (column, gap 16; `stack-8`, `stack-24`), `row` (line that
//! wraps, gap 8), `grow`, `end` (pushed to the end of a row), `cols-2`, `cols-3` (equal columns that fold), `form`
//! (column of fields, at most 640 px), `panel-list` (list in a pane), `muted`, `strong`, `small`, `nowrap`,
//! `break` (long words break), `sr-only`, `needs-script` (hidden without scripting), `list-link` (the name cell of a
//! row), `cell-text` (a describing cell), `cell-end` (the last cell: row menu), `two-line` (a name with a quiet second line in a `small`),
//! `menu-words` (text inside a menu), `person` (avatar and words in one line), `print-hide`.

mod bell;
mod blade;
mod button;
mod choice;
mod connection;
mod copy;
mod dialog;
mod dom;
mod dynamic;
mod field;
mod finder;
mod icon;
mod input;
mod live;
mod menu;
mod pane;
mod part;
mod raw_text;
mod search;
mod shell;
mod status;
mod table;
mod tabs;
mod text_area;
mod timeline;
mod toast;
mod when;
mod wizard;

pub use bell::*;
pub use blade::*;
pub use button::*;
pub use choice::*;
pub use connection::*;
pub use copy::*;
pub use dialog::*;
pub use dynamic::*;
pub use field::{Field, FieldProps, described_by};
pub use finder::*;
pub use icon::*;
pub use input::*;
pub use live::*;
pub use menu::*;
pub use pane::*;
#[cfg(feature = "site-admin")]
pub(crate) use part::part;
pub use part::*;
pub use raw_text::*;
pub use search::*;
pub use shell::*;
pub use status::*;
pub use table::*;
pub use tabs::*;
pub use text_area::*;
pub use timeline::*;
pub use toast::*;
pub use when::*;
pub use wizard::*;

//! The frame of the Select panes: a list that is searched and loaded in pieces, check marks, and chips of what is chosen. A line is a
//! key and a name; what the key stands for is remembered for the caller by `Source`.

use std::future::Future;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::select::Asked;
use crate::admin::confirm::Doing;
use crate::domain::page::{Page, PageQuery};
use crate::rpc::AppError;
use crate::ui::*;

/// One line of a Select pane.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Line {
    /// What it stands for.
    pub key: String,
    /// What is read.
    pub name: String,
    /// A quiet second line.
    pub detail: String,
    /// Its drawing.
    pub icon: Icon,
    /// Why it can't be chosen.
    pub closed: Option<String>,
}

/// Some lines, and the key of those that follow.
pub(super) struct Lines {
    lines: Vec<Line>,
    next: Option<String>,
}

/// What to look for: a search text, and where to go on.
pub(super) struct Look {
    search: String,
    after: Option<String>,
}

/// Where the lines of a pane come from, and what they stand for.
pub(super) struct Source<T: 'static> {
    look: Callback<Look, Doing<Lines>>,
    seen: StoredValue<Vec<(String, T)>>,
}

impl<T> Clone for Source<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Source<T> {}

impl<T: Clone + Send + Sync + 'static> Source<T> {
    /// `find` fetches a page of what is searched for; `line` tells how one of it reads, or that it is left out.
    pub fn new<F>(
        find: impl Fn(String, PageQuery) -> F + Send + Sync + 'static,
        line: impl Fn(&T) -> Option<Line> + Clone + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<Page<T>, AppError>> + 'static,
    {
        let seen = StoredValue::new(Vec::<(String, T)>::new());
        let look = Callback::new(move |look: Look| -> Doing<Lines> {
            let page = PageQuery {
                after: look.after,
                ..PageQuery::default()
            };
            let (found, line) = (find(look.search, page), line.clone());
            Box::pin(async move {
                let page = found.await?;
                let mut lines = Vec::new();
                for item in page.items {
                    let Some(line) = line(&item) else { continue };
                    seen.try_update_value(|seen| {
                        seen.retain(|(key, _)| *key != line.key);
                        seen.push((line.key.clone(), item));
                    });
                    lines.push(line);
                }
                Ok(Lines { lines, next: page.next })
            })
        });
        Self { look, seen }
    }

    /// What these lines stand for, in their order.
    pub fn of(self, keys: &[String]) -> Vec<T> {
        self.seen.with_value(|seen| {
            let one = |key: &String| seen.iter().find(|(other, _)| other == key).map(|(_, item)| item.clone());
            keys.iter().filter_map(one).collect()
        })
    }

    /// How to look for lines.
    pub fn look(self) -> Callback<Look, Doing<Lines>> {
        self.look
    }
}

/// What the list holds at this moment.
#[derive(Clone, Copy)]
struct Found {
    lines: RwSignal<Vec<Line>>,
    next: RwSignal<Option<String>>,
    busy: RwSignal<bool>,
    failed: RwSignal<Option<String>>,
    /// Counts the searches, so that a late answer to an old one is dropped.
    turn: StoredValue<u32>,
    look: Callback<Look, Doing<Lines>>,
}

impl Found {
    fn new(look: Callback<Look, Doing<Lines>>) -> Self {
        Self {
            lines: RwSignal::default(),
            next: RwSignal::default(),
            busy: RwSignal::default(),
            failed: RwSignal::default(),
            turn: StoredValue::new(0),
            look,
        }
    }

    /// Loads the first lines, or with `after` those that follow.
    fn load(self, search: String, after: Option<String>) {
        let turn = self.turn.get_value().wrapping_add(1);
        self.turn.set_value(turn);
        self.busy.set(true);
        self.failed.set(None);
        let more = after.is_some();
        let doing = self.look.run(Look { search, after });
        spawn_local(async move {
            let outcome = doing.await;
            if self.turn.try_get_value() != Some(turn) {
                return;
            }
            self.busy.set(false);
            match outcome {
                Ok(found) => {
                    self.next.set(found.next);
                    self.lines.update(|lines| {
                        if !more {
                            lines.clear();
                        }
                        lines.extend(found.lines);
                    });
                }
                Err(error) => self.failed.set(Some(error.text())),
            }
        });
    }
}

/// What the foot of a pane knows of the call behind its button.
#[derive(Clone, Copy, Default)]
pub struct Sending {
    /// It is on its way.
    pub busy: Signal<bool>,
    /// It was refused.
    pub error: Signal<Option<String>>,
    /// The pane stays until its caller closes it.
    pub stays: bool,
}

/// The pane that was asked for.
pub(super) fn select_pane(asked: Asked) -> AnyView {
    let Asked {
        name,
        title,
        open,
        look,
        scope,
        on_select,
        search_label,
        empty,
        single,
        sending,
        nothing,
        tools,
    } = asked;
    let found = Found::new(look);
    let chosen = RwSignal::new(Vec::<Line>::new());
    let search = RwSignal::new(String::new());
    // Opening begins afresh; a change of what is looked for keeps what is chosen.
    Effect::new(move |was: Option<bool>| {
        let is = open.get();
        scope.track();
        if is {
            if was != Some(true) {
                chosen.set(Vec::new());
                search.set(String::new());
            }
            found.load(search.get_untracked(), None);
        }
        is
    });
    let run = move |text: String| {
        search.set(text.clone());
        found.load(text, None);
    };
    let take = move || {
        on_select.run(chosen.get_untracked().into_iter().map(|line| line.key).collect());
        if !sending.stays {
            open.set(false);
        }
    };
    let nothing = move || chosen.with(Vec::is_empty).then(|| nothing.to_owned());
    view! {
        <Pane
            name=name
            title=title
            open=open
            width=PaneWidth::Wide
            foot=move || {
                view! {
                    <Button
                        kind=ButtonKind::Primary
                        id=format!("{name}-take")
                        busy=sending.busy
                        disabled_reason=Signal::derive(nothing)
                        on_click=take
                    >
                        "Select"
                    </Button>
                    <Button on_click=move || open.set(false)>"Cancel"</Button>
                    <span class="muted end" role="status">{move || counted(chosen.with(Vec::len))}</span>
                }
            }
        >
            {move || {
                let label = search_label.get();
                view! { <SearchBox id=format!("{name}-q") label=label action="" value=search on_search=run/> }
            }}
            {move || sending.error.get().map(|text| view! { <MessageBar tone=Tone::Danger title=text/> })}
            {tools.map(ViewFnOnce::run)}
            <Chosen chosen=chosen/>
            <LineList name=name found=found search=search chosen=chosen single=single empty=empty/>
        </Pane>
    }
    .into_any()
}

/// How many are chosen, as the foot says it.
fn counted(chosen: usize) -> String {
    match chosen {
        0 => String::new(),
        count => format!("{count} selected"),
    }
}

/// What has been ticked, each to be taken back, also when the search shows something else.
#[component]
fn Chosen(chosen: RwSignal<Vec<Line>>) -> AnyView {
    view! {
        <ul class="row picked" aria-label="Selected">
            {keyed(move || chosen.get(), |line| line.key.clone(), move |line| chosen_row(line, chosen))}
        </ul>
    }
    .into_any()
}

fn chosen_row(line: Line, chosen: RwSignal<Vec<Line>>) -> AnyView {
    view! {
        <li class="picked-item">
            <span class="break">{line.name.clone()}</span>
            <IconButton
                icon=Icon::Dismiss
                label=format!("Unselect {}", line.name)
                on_click=move || chosen.update(|chosen| chosen.retain(|other| other.key != line.key))
            />
        </li>
    }
    .into_any()
}

#[component]
fn LineList(
    name: &'static str,
    found: Found,
    search: RwSignal<String>,
    chosen: RwSignal<Vec<Line>>,
    single: bool,
    empty: Signal<(String, String)>,
) -> AnyView {
    let again = move || found.load(search.get_untracked(), None);
    let more = move || found.load(search.get_untracked(), found.next.get_untracked());
    let is_empty = move || found.lines.with(Vec::is_empty);
    view! {
        {move || {
            found.failed.get().map(|text| {
                view! { <MessageBar tone=Tone::Danger title=text action=move || view! { <Button on_click=again>"Try again"</Button> }/> }
            })
        }}
        {shown(move || is_empty() && found.busy.get(), || view! { <SkeletonRows/> }.into_any())}
        {shown(move || is_empty() && !found.busy.get() && found.failed.with(Option::is_none), move || {
            let (title, text) = empty.get();
            view! { <EmptyState icon=Icon::Search title=title text=text/> }.into_any()
        })}
        <p class="sr-only" role="status">
            {move || (!found.busy.get()).then(|| found_text(found.lines.with(Vec::len), found.next.with(Option::is_some)))}
        </p>
        <ul class="panel-list" aria-busy=move || found.busy.get().to_string()>
            {keyed(
                move || found.lines.get(),
                |line| line.key.clone(),
                move |line| view! { <LineRow name=name line=line chosen=chosen single=single/> }.into_any(),
            )}
        </ul>
        {shown(
            move || found.next.with(Option::is_some),
            move || view! { <Button busy=found.busy on_click=more>"Load more"</Button> }.into_any(),
        )}
    }
    .into_any()
}

#[component]
fn LineRow(name: &'static str, line: Line, chosen: RwSignal<Vec<Line>>, single: bool) -> AnyView {
    let key = StoredValue::new(line.key.clone());
    let is_chosen = move || key.with_value(|key| chosen.with(|chosen| chosen.iter().any(|other| other.key == *key)));
    let checked = RwSignal::new(untrack(is_chosen));
    Effect::new(move |_| checked.set(is_chosen()));
    let whole = StoredValue::new(line.clone());
    let tick = move |on: bool| chosen.update(|chosen| choose(chosen, whole.get_value(), on, single));
    view! {
        <li>
            <span class="grow">
                <Checkbox
                    name=format!("{name}-{}", line.key)
                    label=line.name
                    checked=checked
                    nostrip:disabled_reason=line.closed
                    nostrip:hint=Some(line.detail)
                    on_change=tick
                />
            </span>
            <Glyph icon=line.icon/>
        </li>
    }
    .into_any()
}

/// Puts a line into the choice or takes it out; of a single one the last chosen stays.
fn choose(chosen: &mut Vec<Line>, line: Line, on: bool, single: bool) {
    chosen.retain(|other| !single && other.key != line.key);
    if on {
        chosen.push(line);
    }
}

/// How many lines there are, for those who do not see them come.
fn found_text(count: usize, more: bool) -> String {
    let lines = if count == 1 {
        "1 found".to_owned()
    } else {
        format!("{count} found")
    };
    if more { format!("{lines}, more can be loaded") } else { lines }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(key: &str) -> Line {
        Line {
            key: key.into(),
            name: key.into(),
            detail: String::new(),
            icon: Icon::Person,
            closed: None,
        }
    }

    #[test]
    fn a_choice_holds_each_line_once() {
        let mut chosen = vec![line("1")];
        choose(&mut chosen, line("2"), true, false);
        choose(&mut chosen, line("2"), true, false);
        choose(&mut chosen, line("1"), false, false);
        assert_eq!(chosen, [line("2")]);
    }

    #[test]
    fn a_single_choice_is_replaced() {
        let mut chosen = vec![line("1")];
        choose(&mut chosen, line("2"), true, true);
        assert_eq!(chosen, [line("2")]);
        choose(&mut chosen, line("2"), false, true);
        assert!(chosen.is_empty());
    }

    #[test]
    fn the_count_is_told_in_words() {
        assert_eq!(found_text(1, false), "1 found");
        assert_eq!(found_text(50, true), "50 found, more can be loaded");
    }

    #[test]
    fn the_foot_counts_what_is_chosen() {
        assert_eq!(counted(0), "");
        assert_eq!(counted(1), "1 selected");
    }
}

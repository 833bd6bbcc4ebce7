//! The frame of the Select panes: a list that is searched and loaded in pieces, check marks, and chips of what is chosen. A line is a
//! key and a name; the key's meaning is the caller's.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::super::confirm::Doing;
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
    /// The lines.
    pub lines: Vec<Line>,
    /// Where the next begin, if there are more.
    pub next: Option<String>,
}

/// What to look for: a search text, and where to go on.
pub(super) struct Look {
    /// Part of a name.
    pub search: String,
    /// The key after which to go on.
    pub after: Option<String>,
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

/// A Select pane; `foot_verb` is its primary button (Select, Add). `scope` is anything whose change means another list (See all).
#[component]
pub(super) fn SelectPane(
    name: &'static str,
    #[prop(into)] title: Signal<String>,
    open: RwSignal<bool>,
    look: Callback<Look, Doing<Lines>>,
    scope: Signal<u8>,
    #[prop(into)] on_select: Callback<Vec<String>>,
    #[prop(into)] search_label: Signal<String>,
    /// What an empty list says.
    empty: Signal<(String, String)>,
    #[prop(default = "Select")] foot_verb: &'static str,
    /// Between the search box and the list: See all.
    #[prop(optional, into)]
    tools: Option<ViewFnOnce>,
) -> AnyView {
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
        open.set(false);
    };
    let nothing = move || chosen.with(Vec::is_empty).then(|| "Tick at least one line of the list.".to_owned());
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
                        id=[name, "-take"].concat()
                        disabled_reason=Signal::derive(nothing)
                        on_click=take
                    >
                        {foot_verb}
                    </Button>
                    <Button on_click=move || open.set(false)>"Cancel"</Button>
                    <span class="muted end" role="status">{move || counted(chosen.with(Vec::len))}</span>
                }
            }
        >
            {move || {
                let label = search_label.get();
                view! { <SearchBox id=[name, "-q"].concat() label=label action="" value=search on_search=run/> }
            }}
            {tools.map(ViewFnOnce::run)}
            <Chosen chosen=chosen/>
            <LineList name=name found=found search=search chosen=chosen empty=empty/>
        </Pane>
    }
    .into_any()
}

/// How many are chosen, as the foot says it.
fn counted(chosen: usize) -> String {
    match chosen {
        0 => String::new(),
        count => [&count.to_string(), " selected"].concat(),
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
                label=["Unselect ", &line.name].concat()
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
        <ul class="panel-list" aria-busy=move || found.busy.get().to_string()>
            {keyed(
                move || found.lines.get(),
                |line| line.key.clone(),
                move |line| view! { <LineRow name=name line=line chosen=chosen/> }.into_any(),
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
fn LineRow(name: &'static str, line: Line, chosen: RwSignal<Vec<Line>>) -> AnyView {
    let key = StoredValue::new(line.key.clone());
    let is_chosen = move || key.with_value(|key| chosen.with(|chosen| chosen.iter().any(|other| other.key == *key)));
    let checked = RwSignal::new(untrack(is_chosen));
    Effect::new(move |_| checked.set(is_chosen()));
    let whole = StoredValue::new(line.clone());
    let tick = move |on: bool| {
        chosen.update(|chosen| {
            chosen.retain(|other| key.with_value(|key| other.key != *key));
            if on {
                chosen.push(whole.get_value());
            }
        });
    };
    view! {
        <li>
            <span class="grow">
                <Checkbox
                    name=[name, "-", &line.key].concat()
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

#[cfg(test)]
mod tests {
    use super::counted;

    #[test]
    fn the_foot_counts_what_is_chosen() {
        assert_eq!(counted(0), "");
        assert_eq!(counted(1), "1 selected");
    }
}

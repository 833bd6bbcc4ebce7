//! The Select users pane: search, pages and multi-select over the directory. Who it is for decides what becomes of the selection; this
//! file only fetches, shows and remembers it. All of it happens in the browser, from the moment the pane opens.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::domain::id::{Named, UserId};
use crate::domain::object::{Subject, SubjectItem, SubjectQuery};
use crate::domain::page::{Page, PageQuery};
use crate::paths;
use crate::rpc::AppError;
use crate::rpc::objects::find_subjects;
use crate::ui::*;

/// A user in the pane.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Candidate {
    user: Named<UserId>,
    detail: String,
}

/// What the pane has found so far.
#[derive(Clone, Copy)]
struct Finder {
    search: RwSignal<String>,
    found: RwSignal<Vec<Candidate>>,
    next: RwSignal<Option<String>>,
    error: RwSignal<Option<AppError>>,
    loading: RwSignal<bool>,
    /// Counts the searches, so that a late answer to an earlier one is dropped.
    turn: StoredValue<u32>,
}

impl Finder {
    fn new() -> Self {
        Self {
            search: RwSignal::default(),
            found: RwSignal::default(),
            next: RwSignal::default(),
            error: RwSignal::default(),
            loading: RwSignal::new(false),
            turn: StoredValue::new(0),
        }
    }

    fn look_for(self, text: String) {
        self.search.set(text);
        self.fetch(None);
    }

    /// The page after `after`, or the first one in place of all that was found.
    fn fetch(self, after: Option<String>) {
        let first = after.is_none();
        self.turn.update_value(|turn| *turn = turn.wrapping_add(1));
        let turn = self.turn.get_value();
        self.loading.set(true);
        let query = SubjectQuery {
            search: self.search.get_untracked(),
            users_only: true,
            page: PageQuery {
                after,
                ..PageQuery::default()
            },
        };
        spawn_local(async move {
            let answer = find_subjects(query).await;
            if self.turn.try_get_value() == Some(turn) {
                self.loading.set(false);
                self.take(answer, first);
            }
        });
    }

    fn take(self, answer: Result<Page<SubjectItem>, AppError>, first: bool) {
        match answer {
            Ok(page) => {
                self.error.set(None);
                self.next.set(page.next);
                let fresh = page.items.into_iter().filter_map(candidate);
                self.found.update(|found| {
                    if first {
                        found.clear();
                    }
                    found.extend(fresh);
                });
            }
            Err(error) => self.error.set(Some(error)),
        }
    }
}

/// A pane to select users. `single` takes one alone. It stays open after Select until the caller closes it, and shows the caller's
/// `error` meanwhile.
#[component]
pub fn UserPicker(
    /// Makes the ids; one a page.
    name: &'static str,
    #[prop(into)] title: Signal<String>,
    open: RwSignal<bool>,
    #[prop(optional)] single: bool,
    #[prop(optional, into)] busy: Signal<bool>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(into)] on_select: Callback<Vec<Named<UserId>>>,
) -> AnyView {
    let finder = Finder::new();
    let selected = RwSignal::new(Vec::<Named<UserId>>::new());
    Effect::new(move |_| {
        if open.get() {
            selected.set(Vec::new());
            finder.look_for(String::new());
        }
    });
    let reason = Signal::derive(move || selected.with(Vec::is_empty).then(|| nobody_selected(single).to_owned()));
    let foot = move || {
        view! {
            <Button
                kind=ButtonKind::Primary
                id=[name, "-select"].concat()
                busy=busy
                disabled_reason=reason
                on_click=move || on_select.run(selected.get_untracked())
            >
                "Select"
            </Button>
            <Button on_click=move || open.set(false)>"Cancel"</Button>
        }
    };
    view! {
        <Pane name=name title=title open=open width=PaneWidth::Wide foot=foot>
            <div class="stack">
                <SearchBox
                    id=[name, "-search"].concat()
                    label="Search users"
                    action=paths::USERS
                    value=finder.search
                    on_search=move |text: String| finder.look_for(text.trim().to_owned())
                />
                {move || error.get().map(|text| view! { <MessageBar tone=Tone::Danger title=text/> })}
                {move || finder.error.get().map(|error| view! { <MessageBar tone=Tone::Danger title=error.text()/> })}
                {selection(selected)}
                {candidates(name, finder, selected, single)}
            </div>
        </Pane>
    }
    .into_any()
}

/// Who is selected so far; each can be taken off again, found or not.
fn selection(selected: RwSignal<Vec<Named<UserId>>>) -> AnyView {
    view! {
        <div class="row" role="group" aria-label="Selected">
            {chosen_users(selected, "Unselect ")}
        </div>
    }
    .into_any()
}

/// A button for each chosen user, which takes them out again; `verb` says so.
pub fn chosen_users(chosen: RwSignal<Vec<Named<UserId>>>, verb: &'static str) -> AnyView {
    let row = move |user: Named<UserId>| {
        view! {
            <Button icon=Icon::Dismiss on_click=move || chosen.update(|all| all.retain(|other| other.id != user.id))>
                <span class="sr-only">{verb}</span>
                {user.name.clone()}
            </Button>
        }
        .into_any()
    };
    keyed(move || chosen.get(), |user| user.id.to_string(), row)
}

fn candidates(name: &'static str, finder: Finder, selected: RwSignal<Vec<Named<UserId>>>, single: bool) -> AnyView {
    let nothing = move || finder.found.with(Vec::is_empty) && finder.error.with(Option::is_none);
    view! {
        <p class="sr-only" role="status">{move || found_text(finder.found.with(Vec::len), finder.next.with(Option::is_some))}</p>
        <ul class="panel-list">
            {keyed(
                move || finder.found.get(),
                |candidate| candidate.user.id.to_string(),
                move |candidate| {
                    view! { <li><CandidateCheck name=name candidate=candidate selected=selected single=single/></li> }.into_any()
                },
            )}
        </ul>
        {move || match (nothing(), finder.loading.get()) {
            (true, true) => view! { <SkeletonRows/> }.into_any(),
            (true, false) => view! {
                <EmptyState icon=Icon::Search title="No user found" text="Try the beginning of a name or user name."/>
            }
            .into_any(),
            (false, _) => ().into_any(),
        }}
        {move || {
            finder
                .next
                .get()
                .map(|key| {
                    view! { <Button busy=finder.loading on_click=move || finder.fetch(Some(key.clone()))>"Load more"</Button> }
                })
        }}
    }
    .into_any()
}

#[component]
fn CandidateCheck(name: &'static str, candidate: Candidate, selected: RwSignal<Vec<Named<UserId>>>, single: bool) -> AnyView {
    let id = candidate.user.id;
    let user = StoredValue::new(candidate.user.clone());
    let is_on = move |all: &Vec<Named<UserId>>| all.iter().any(|other| other.id == id);
    let checked = RwSignal::new(selected.with_untracked(is_on));
    Effect::new(move |_| checked.set(selected.with(is_on)));
    let change = move |on: bool| selected.update(|all| choose(all, user.get_value(), on, single));
    view! {
        <Checkbox
            id=[name, "-", &id.to_string()].concat()
            name=name
            value=id.to_string()
            label=candidate.user.name
            hint=candidate.detail
            checked=checked
            on_change=change
        />
    }
    .into_any()
}

fn candidate(item: SubjectItem) -> Option<Candidate> {
    match item.subject {
        Subject::User(id) if !item.deleted => Some(Candidate {
            user: Named::new(id, item.name),
            detail: item.detail,
        }),
        _ => None,
    }
}

/// Puts a user into the selection or takes it out; of a single one the last chosen stays.
fn choose(selected: &mut Vec<Named<UserId>>, user: Named<UserId>, on: bool, single: bool) {
    selected.retain(|other| !single && other.id != user.id);
    if on {
        selected.push(user);
    }
}

fn nobody_selected(single: bool) -> &'static str {
    if single {
        "Select a user first."
    } else {
        "Select at least one user first."
    }
}

fn found_text(count: usize, more: bool) -> String {
    let users = if count == 1 { " user found" } else { " users found" };
    [count.to_string().as_str(), users, if more { ", more can be loaded" } else { "" }].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn user(n: u128) -> Named<UserId> {
        Named::new(UserId(Uuid::from_u128(n)), n.to_string())
    }

    #[test]
    fn a_selection_holds_each_user_once() {
        let mut selected = vec![user(1)];
        choose(&mut selected, user(2), true, false);
        choose(&mut selected, user(2), true, false);
        choose(&mut selected, user(1), false, false);
        assert_eq!(selected, [user(2)]);
    }

    #[test]
    fn a_single_choice_is_replaced() {
        let mut selected = vec![user(1)];
        choose(&mut selected, user(2), true, true);
        assert_eq!(selected, [user(2)]);
        choose(&mut selected, user(2), false, true);
        assert!(selected.is_empty());
    }

    #[test]
    fn groups_and_the_deleted_can_t_be_selected() {
        let item = |subject, deleted| SubjectItem {
            subject,
            name: "X".into(),
            detail: String::new(),
            deleted,
        };
        assert!(candidate(item(Subject::User(UserId(Uuid::nil())), false)).is_some());
        assert!(candidate(item(Subject::User(UserId(Uuid::nil())), true)).is_none());
        assert!(candidate(item(Subject::Group(crate::domain::id::ObjectId(Uuid::nil())), false)).is_none());
    }

    #[test]
    fn the_count_is_told_in_words() {
        assert_eq!(found_text(1, false), "1 user found");
        assert_eq!(found_text(50, true), "50 users found, more can be loaded");
    }
}

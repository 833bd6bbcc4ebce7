//! Rows that can be ticked, and commands over those that are. What is ticked is remembered by key, so that a row that was fetched again is
//! still ticked, and one that has gone is not. It knows no list in particular.

use leptos::prelude::*;

use crate::domain::page::Page;
use crate::domain::refusal::Permission;
use crate::rpc::Loading;
use crate::rpc::loading::Loadable;
use crate::ui::*;

/// How the rows of a list are told apart and called.
pub struct Ticks<T: 'static> {
    /// The row's key.
    pub key: fn(&T) -> String,
    /// The row's name, for whoever hears it.
    pub name: fn(&T) -> String,
}

impl<T> Clone for Ticks<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Ticks<T> {}

/// The ticked rows of a list. Copy it into callbacks.
pub struct Selection<T: 'static> {
    keys: RwSignal<Vec<String>>,
    ticks: Ticks<T>,
    loading: Loading<Page<T>>,
}

impl<T> Clone for Selection<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Selection<T> {}

impl<T: Loadable> Selection<T> {
    /// Nothing ticked, over the rows that are loaded.
    pub(super) fn new(ticks: Ticks<T>, loading: Loading<Page<T>>) -> Self {
        Self {
            keys: RwSignal::default(),
            ticks,
            loading,
        }
    }

    /// The ticked rows, in the list's order.
    pub fn rows(self) -> Vec<T> {
        if self.keys.with(Vec::is_empty) {
            return Vec::new();
        }
        let Some(Ok(page)) = self.loading.get() else { return Vec::new() };
        let ticked = |item: &T| self.keys.with(|keys| keys.contains(&(self.ticks.key)(item)));
        page.items.into_iter().filter(ticked).collect()
    }

    /// Unticks every row.
    pub fn clear(self) {
        self.keys.set(Vec::new());
    }

    /// A command over the ticked rows; greyed out while none is ticked, or while it may be done with none of them.
    pub fn command(
        self,
        id: &'static str,
        label: &'static str,
        icon: Icon,
        may: fn(&T) -> &Permission,
        run: impl Fn(Vec<T>) + Send + Sync + 'static,
    ) -> AnyView {
        let reason = Signal::derive(move || why_not(&self.rows(), may));
        let press = move || run(untrack(|| self.rows()));
        view! { <Button id=id kind=ButtonKind::Subtle icon=icon disabled_reason=reason on_click=press>{label}</Button> }.into_any()
    }

    /// The tick of a row.
    pub(super) fn cell(self, item: &T) -> AnyView {
        let key = (self.ticks.key)(item);
        let (mine, id) = (key.clone(), format!("tick-{key}"));
        let is_on = move || self.keys.with(|keys| keys.contains(&mine));
        let checked = RwSignal::new(untrack(&is_on));
        Effect::new(move |_| checked.set(is_on()));
        let change = move |on: bool| self.keys.update(|keys| tick(keys, &key, on));
        let label = format!("Select {}", (self.ticks.name)(item));
        view! { <Checkbox name=id label=label checked=checked label_hidden=true round=true on_change=change/> }.into_any()
    }

    /// The tick of all rows that are shown.
    pub(super) fn head(self, items: &[T]) -> AnyView {
        let all: Vec<String> = items.iter().map(self.ticks.key).collect();
        let shown = all.clone();
        let is_on = move || self.keys.with(|keys| shown.iter().all(|key| keys.contains(key)));
        let checked = RwSignal::new(untrack(&is_on));
        Effect::new(move |_| checked.set(is_on()));
        let change = move |on: bool| {
            self.keys.update(|keys| {
                for key in &all {
                    tick(keys, key, on);
                }
            });
        };
        view! {
            <th scope="col" class="cell-tick">
                <Checkbox name="tick-all" label="Select all rows of this page" checked=checked label_hidden=true round=true on_change=change/>
            </th>
        }
        .into_any()
    }
}

/// Ticks or unticks a key.
fn tick(keys: &mut Vec<String>, key: &str, on: bool) {
    keys.retain(|other| other != key);
    if on {
        keys.push(key.to_owned());
    }
}

/// Why a command cannot be used over these rows, if it cannot.
fn why_not<T>(rows: &[T], may: fn(&T) -> &Permission) -> Option<String> {
    match rows.first() {
        None => Some("Tick at least one row of the list first.".to_owned()),
        Some(_) if rows.iter().any(|row| may(row).is_allowed()) => None,
        Some(first) => may(first).reason(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::refusal::Refusal;

    #[test]
    fn f123_a_command_needs_a_row_with_which_it_may_be_done() {
        let (yes, no) = (Permission::Allowed, Permission::Denied(Refusal::new("over", "It is over.")));
        let reason = |rows: &[Permission]| why_not(rows, |may| may);
        assert_eq!(reason(&[]).as_deref(), Some("Tick at least one row of the list first."));
        assert_eq!(reason(&[no.clone(), yes]), None);
        assert_eq!(reason(&[no]).as_deref(), Some("It is over."));
    }

    #[test]
    fn f123_a_row_is_ticked_once() {
        let mut keys = vec!["a".to_owned()];
        tick(&mut keys, "a", true);
        tick(&mut keys, "b", true);
        assert_eq!(keys, ["a", "b"]);
        tick(&mut keys, "a", false);
        assert_eq!(keys, ["b"]);
    }
}

//! A field that holds several people: who is chosen, a button that opens the Select pane, and the pane.

use leptos::prelude::*;

use super::users::{UserPicker, chosen_users};
use crate::domain::id::{Named, UserId};
use crate::ui::*;

/// People chosen for one field of a form.
#[derive(Clone, Copy)]
pub struct People {
    name: &'static str,
    label: &'static str,
    chosen: RwSignal<Vec<Named<UserId>>>,
    choosing: RwSignal<bool>,
}

impl People {
    /// Nobody yet. `name` is the field's path and makes its ids.
    pub fn new(name: &'static str, label: &'static str) -> Self {
        Self {
            name,
            label,
            chosen: RwSignal::default(),
            choosing: RwSignal::new(false),
        }
    }

    /// Who is chosen.
    pub fn ids(self) -> Vec<UserId> {
        self.chosen.with_untracked(|chosen| chosen.iter().map(|user| user.id).collect())
    }

    /// Who is chosen, by name.
    pub fn chosen(self) -> Vec<Named<UserId>> {
        self.chosen.get_untracked()
    }

    /// Leaves only some of those who are chosen.
    pub fn keep(self, stays: impl Fn(UserId) -> bool) {
        self.chosen.update(|chosen| chosen.retain(|user| stays(user.id)));
    }

    /// The field.
    pub fn field(self, select: &'static str, hint: &'static str, error: Signal<Option<String>>) -> AnyView {
        let label_id = [self.name, "-label"].concat();
        let named = label_id.clone();
        view! {
            <div class="field" role="group" aria-labelledby=named>
                <span class="field-label" id=label_id>{self.label}</span>
                <div class="row">
                    {chosen_users(self.chosen, "Remove ")}
                    <Button icon=Icon::Add on_click=move || self.choosing.set(true)>{select}</Button>
                </div>
                <div class="field-error" aria-live="polite">
                    {move || error.get().map(|text| view! { <Glyph icon=Icon::Error/> <span>{text}</span> })}
                </div>
                <p class="field-hint">{hint}</p>
            </div>
        }
        .into_any()
    }

    /// The pane; it stands outside of the form, since it has a form of its own.
    pub fn picker(self, title: &'static str) -> AnyView {
        let take = move |users: Vec<Named<UserId>>| {
            self.chosen.update(|all| add_new(all, users));
            self.choosing.set(false);
        };
        view! { <UserPicker name=self.name title=title.to_owned() open=self.choosing on_select=take/> }.into_any()
    }
}

/// Adds those who are not there yet.
fn add_new(all: &mut Vec<Named<UserId>>, users: Vec<Named<UserId>>) {
    for user in users {
        if all.iter().all(|other| other.id != user.id) {
            all.push(user);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn nobody_is_chosen_twice() {
        let user = |n| Named::new(UserId(Uuid::from_u128(n)), "x");
        let mut all = vec![user(1)];
        add_new(&mut all, vec![user(1), user(2), user(2)]);
        assert_eq!(all, [user(1), user(2)]);
    }
}

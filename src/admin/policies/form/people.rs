//! Lists of users and groups in a policy's form. There are many, and one pane to choose from for all of them.

use leptos::prelude::*;

use crate::admin::objects;
use crate::admin::pickers::SelectSubjects;
use crate::domain::object::{Subject, SubjectItem};
use crate::ui::*;

/// Whom the form names: how a chosen user or group is called, and the pane that chooses. Copy it into the lists.
#[derive(Clone, Copy)]
pub struct People {
    known: Callback<Subject, SubjectItem>,
    on_choose: Callback<Vec<SubjectItem>>,
    open: RwSignal<bool>,
    into: RwSignal<Option<RwSignal<Vec<Subject>>>>,
    organizations: RwSignal<bool>,
}

impl People {
    /// `known` names a chosen user or group; `on_choose` hears of those that were just selected, with their names.
    pub fn new(
        known: impl Fn(Subject) -> SubjectItem + Send + Sync + 'static,
        on_choose: impl Fn(Vec<SubjectItem>) + Send + Sync + 'static,
    ) -> Self {
        Self {
            known: Callback::new(known),
            on_choose: Callback::new(on_choose),
            open: RwSignal::new(false),
            into: RwSignal::new(None),
            organizations: RwSignal::new(false),
        }
    }

    /// The pane; once a form.
    pub(super) fn pane(self) -> AnyView {
        let listed = move || self.into.get().map(|list| list.get()).unwrap_or_default();
        let add = move |chosen: Vec<SubjectItem>| {
            let new: Vec<Subject> = chosen.iter().map(|item| item.subject).collect();
            self.on_choose.run(chosen);
            let Some(list) = self.into.get_untracked() else { return };
            list.update(|list| {
                list.retain(|subject| !new.contains(subject));
                list.extend(new);
            });
        };
        view! { <SelectSubjects open=self.open listed=Signal::derive(listed) organizations=self.organizations on_select=add/> }.into_any()
    }

    /// A list of users and groups, with the button `add`; `label` names it, and `id` makes its ids.
    pub(super) fn list(
        self,
        id: String,
        label: impl Into<String>,
        add: &'static str,
        list: RwSignal<Vec<Subject>>,
        error: Signal<Option<String>>,
    ) -> AnyView {
        self.list_of(false, (id, label.into()), add, list, error)
    }

    /// The same of connected organizations, where `organizations` says so.
    pub(super) fn list_of(
        self,
        organizations: bool,
        (id, label): (String, String),
        add: &'static str,
        list: RwSignal<Vec<Subject>>,
        error: Signal<Option<String>>,
    ) -> AnyView {
        let described = format!("{id}-error");
        let error_id = described.clone();
        let open = move || {
            self.into.set(Some(list));
            self.organizations.set(organizations);
            self.open.set(true);
        };
        let own = move || {
            let mut subjects = list.get();
            subjects.retain(|subject| matches!(subject, Subject::Organization(_)) == organizations);
            subjects
        };
        view! {
            <div
                class="stack-8"
                class:field-bad=move || error.with(Option::is_some)
                role="group"
                aria-label=label
                aria-describedby=error_id
            >
                <ul class="panel-list">
                    {keyed(
                        own,
                        |subject| subject.id().to_string(),
                        move |subject| view! { <SubjectRow subjects=list subject=subject known=self.known/> }.into_any(),
                    )}
                </ul>
                <div class="row">
                    <Button icon=Icon::Add on_click=open>{add}</Button>
                </div>
                <div class="field-error" id=described aria-live="polite">
                    {move || error.get().map(|text| view! { <Glyph icon=Icon::Error/> <span>{text}</span> })}
                </div>
            </div>
        }
        .into_any()
    }
}

#[component]
fn SubjectRow(subjects: RwSignal<Vec<Subject>>, subject: Subject, known: Callback<Subject, SubjectItem>) -> AnyView {
    let item = Memo::new(move |_| known.run(subject));
    let remove = move || subjects.update(|subjects| subjects.retain(|other| *other != subject));
    let row = move || {
        let item = item.get();
        let label = format!("Remove {}", item.name);
        view! {
            <li>
                <Avatar name=item.name.clone() square=!matches!(subject, Subject::User(_))/>
                <span class="two-line grow">
                    <span class="break">{item.name}</span>
                    <small>{item.detail}</small>
                </span>
                {item.deleted.then(objects::deleted)}
                <IconButton icon=Icon::Dismiss label=label on_click=remove/>
            </li>
        }
    };
    row.into_any()
}

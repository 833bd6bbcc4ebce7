//! The Edit pane of a group: name, description and, for a dynamic group, the rule. Type and membership type stay.

use leptos::prelude::*;
use leptos::wasm_split::wasm_split;

use super::rule::{RuleQuestion, rule_field};
use crate::admin::form::{Form, PaneForm};
use crate::domain::group::{GroupDetail, GroupForm};
use crate::domain::text::{DESCRIPTION_MAX, StringEnum};
use crate::rpc::groups::{get_group, update_group};
use crate::ui::*;

/// What is typed into the pane, and what stands there unchanged.
#[derive(Clone, Copy)]
struct Fields {
    name: RwSignal<String>,
    description: RwSignal<String>,
    rule: RwSignal<String>,
    kept: StoredValue<GroupDetail>,
}

impl Fields {
    fn of(group: GroupDetail) -> Self {
        Self {
            name: RwSignal::new(group.item.name.clone()),
            description: RwSignal::new(group.item.description.clone()),
            rule: RwSignal::new(group.rule.clone().unwrap_or_default()),
            kept: StoredValue::new(group),
        }
    }

    fn fill(self, group: GroupDetail) {
        self.name.set(group.item.name.clone());
        self.description.set(group.item.description.clone());
        self.rule.set(group.rule.clone().unwrap_or_default());
        self.kept.set_value(group);
    }

    fn form(self) -> GroupForm {
        self.kept.with_value(|kept| GroupForm {
            name: self.name.get_untracked(),
            description: self.description.get_untracked(),
            kind: kept.item.kind.as_str().to_owned(),
            membership: kept.item.membership.as_str().to_owned(),
            rule: self.rule.get_untracked(),
            ..GroupForm::default()
        })
    }

    /// Something differs from what is kept.
    fn is_dirty(self) -> bool {
        let (name, description, rule) = (self.name.get(), self.description.get(), self.rule.get());
        self.kept.with_value(|kept| {
            name != kept.item.name || description != kept.item.description || rule != kept.rule.as_deref().unwrap_or_default()
        })
    }
}

/// The pane, a part of the bundle of its own. `reload` fetches the group again once it is saved.
#[component]
pub fn EditPane(group: GroupDetail, open: RwSignal<bool>, reload: Callback<()>) -> AnyView {
    part_on_opening("group_edit", open, move || Box::pin(edit_view(group, open, reload)))
}

#[wasm_split(group_edit, wasm_split_path = ::leptos::wasm_split, fallible)]
fn edit_view(group: GroupDetail, open: RwSignal<bool>, reload: Callback<()>) -> Result<AnyView, MissingPart> {
    Ok(pane(group, open, reload))
}

fn pane(group: GroupDetail, open: RwSignal<bool>, reload: Callback<()>) -> AnyView {
    let id = group.item.id;
    let has_rule = group.rule.is_some();
    let fields = Fields::of(group);
    let form = Form::new(move || fields.form().check());
    let toasts = use_toasts();
    let question = RuleQuestion::new();
    let store = Callback::new(move |()| {
        let changed = fields.form();
        let name = changed.name.trim().to_owned();
        let version = fields.kept.with_value(|kept| kept.version);
        form.send(update_group(id, version, changed), move |_| {
            open.set(false);
            toasts.success("Group saved", name, None);
            reload.run(());
        });
    });
    let save = move |()| {
        let rule = fields.form().rule;
        let stays = fields
            .kept
            .with_value(|kept| kept.rule.as_deref().unwrap_or_default() == rule.trim());
        match form.is_good() {
            false => {}
            true if stays => store.run(()),
            true => question.ask(form.submission, Some(id), rule),
        }
    };
    let pane = PaneForm {
        name: "edit-group-pane",
        title: "Edit group",
        open,
        dirty: Signal::derive(move || fields.is_dirty()),
        save: Callback::new(save),
        forget: Callback::new(move |()| fields.fill(fields.kept.get_value())),
        reload: Callback::new(move |()| form.submission.send(get_group(id), move |group| fields.fill(group))),
    };
    let inside = view! {
        {form.field("name", "Group name", fields.name).required().line()}
        {form.field("description", "Group description", fields.description).area(Some(DESCRIPTION_MAX))}
        {has_rule.then(|| rule_field(fields.rule, form))}
    };
    view! {
        {form.pane(pane, inside.into_any())}
        {question.dialog("Change the rule?", store)}
    }
    .into_any()
}

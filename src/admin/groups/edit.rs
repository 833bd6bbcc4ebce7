//! The Edit pane of a group: name, description and, for a dynamic group, the rule. Type and membership type stay.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use super::rule::{RuleQuestion, rule_field};
use crate::admin::form::{FormProblem, Submission};
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

/// The pane. `reload` fetches the group again once it is saved.
#[component]
pub fn EditPane(group: GroupDetail, open: RwSignal<bool>, reload: Callback<()>) -> AnyView {
    let id = group.item.id;
    let has_rule = group.rule.is_some();
    let fields = Fields::of(group);
    let submission = Submission::new();
    let question = RuleQuestion::new();
    let toasts = use_toasts();
    let store = Callback::new(move |()| {
        let form = fields.form();
        let name = form.name.trim().to_owned();
        let version = fields.kept.with_value(|kept| kept.version);
        submission.send(update_group(id, version, form), move |_| {
            open.set(false);
            toasts.success("Group saved", name, None);
            reload.run(());
        });
    });
    let save = move || {
        let form = fields.form();
        let rule_stays = fields
            .kept
            .with_value(|kept| kept.rule.as_deref().unwrap_or_default() == form.rule.trim());
        if let Err(faults) = form.check() {
            submission.refuse(faults);
        } else if rule_stays {
            store.run(());
        } else {
            question.ask(submission, Some(id), form.rule);
        }
    };
    let forget = move || {
        submission.clear();
        fields.fill(fields.kept.get_value());
    };
    let reload_fields = move || submission.send(get_group(id), move |group| fields.fill(group));
    let foot = move || {
        view! {
            <Button kind=ButtonKind::Primary busy=submission.busy() on_click=save>"Save"</Button>
            <Button
                on_click=move || {
                    open.set(false);
                    forget();
                }
            >
                "Cancel"
            </Button>
        }
    };
    view! {
        <Pane
            name="edit-group-pane"
            title="Edit group".to_owned()
            open=open
            dirty=Signal::derive(move || fields.is_dirty())
            on_close=forget
            foot=foot
        >
            <form
                class="form"
                method="dialog"
                novalidate
                on:submit=move |ev: SubmitEvent| {
                    ev.prevent_default();
                    save();
                }
            >
                <FormProblem submission=submission reload=reload_fields/>
                <TextField
                    name="name"
                    label="Group name"
                    value=fields.name
                    required=true
                    autocomplete="off"
                    error=submission.at("name", "Group name")
                    on_blur=move || submission.recheck("name", fields.form().check())
                />
                <TextArea
                    name="description"
                    label="Group description"
                    value=fields.description
                    limit=DESCRIPTION_MAX
                    error=submission.at("description", "Group description")
                    on_blur=move || submission.recheck("description", fields.form().check())
                />
                {has_rule
                    .then(|| {
                        let leave = Callback::new(move |()| submission.recheck("rule", fields.form().check()));
                        rule_field(fields.rule, submission, leave)
                    })}
            </form>
        </Pane>
        {question.dialog("Change the rule?", store)}
    }
    .into_any()
}

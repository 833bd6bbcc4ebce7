//! New group (F005).

use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

use super::labels::{kind_label, membership_label};
use super::rule::{RuleQuestion, rule_field};
use crate::admin::error_view::{loaded, permitted};
use crate::admin::form::{Foot, Form};
use crate::admin::frame::use_viewer;
use crate::admin::listing::options;
use crate::admin::page_title::PageTitle;
use crate::admin::pickers::People;
use crate::domain::group::GroupForm;
use crate::domain::object::{GroupKind, MembershipType};
use crate::domain::text::{DESCRIPTION_MAX, StringEnum};
use crate::paths::{self, GroupPage};
use crate::rpc::groups::create_group;
use crate::rpc::viewer::Viewer;
use crate::ui::*;

/// What is typed into the New group form.
#[derive(Clone, Copy)]
struct Fields {
    kind: RwSignal<String>,
    name: RwSignal<String>,
    description: RwSignal<String>,
    membership: RwSignal<String>,
    rule: RwSignal<String>,
    owners: People,
    members: People,
}

impl Fields {
    fn new() -> Self {
        Self {
            kind: RwSignal::new(GroupKind::Security.as_str().to_owned()),
            name: RwSignal::default(),
            description: RwSignal::default(),
            membership: RwSignal::new(MembershipType::Assigned.as_str().to_owned()),
            rule: RwSignal::default(),
            owners: People::new("owners", "Owners"),
            members: People::new("members", "Members"),
        }
    }

    fn is_dynamic(self) -> bool {
        self.membership.with(|word| word == MembershipType::Dynamic.as_str())
    }

    /// The form as typed. What the chosen membership type hides is kept on the page, but not sent.
    fn form(self) -> GroupForm {
        let dynamic = untrack(move || self.is_dynamic());
        GroupForm {
            name: self.name.get_untracked(),
            description: self.description.get_untracked(),
            kind: self.kind.get_untracked(),
            membership: self.membership.get_untracked(),
            rule: if dynamic { self.rule.get_untracked() } else { String::new() },
            owners: self.owners.ids(),
            members: if dynamic { Vec::new() } else { self.members.ids() },
        }
    }
}

/// New group.
#[component]
pub fn NewGroupPage() -> AnyView {
    let form = |viewer: Viewer| permitted(&viewer.groups, || view! { <NewGroupForm/> }.into_any());
    view! {
        <PageTitle text="New group"/>
        <Breadcrumb items=vec![Crumb::link("Home", paths::ADMIN), Crumb::link("Groups", paths::GROUPS), Crumb::here("New group")]/>
        <PageHead title="New group" subtitle="Group type and membership type can't be changed later.".to_owned() icon=Icon::Group/>
        {loaded(use_viewer(), form)}
    }
    .into_any()
}

#[component]
fn NewGroupForm() -> AnyView {
    let fields = Fields::new();
    let form = Form::new(move || fields.form().check());
    let toasts = use_toasts();
    let navigate = use_navigate();
    let question = RuleQuestion::new();
    let create = Callback::new(move |()| {
        let navigate = navigate.clone();
        let group = fields.form();
        let name = group.name.trim().to_owned();
        form.send_and_leave(create_group(group), move |id| {
            toasts.success("Group created", name, None);
            navigate(&paths::group(id, GroupPage::Overview), Default::default());
        });
    });
    let submit = Callback::new(move |()| {
        let rule = fields.form().rule;
        match form.is_good() {
            false => {}
            true if rule.is_empty() => create.run(()),
            true => question.ask(form.submission, None, rule),
        }
    });
    let foot = Foot {
        verb: "Create",
        cancel: Signal::stored(paths::GROUPS.to_owned()),
    };
    view! {
        {form.page(submit, None, foot, controls(fields, form))}
        {fields.owners.picker("Select owners")}
        {fields.members.picker("Select members")}
        {question.dialog("Create this group?", create)}
    }
    .into_any()
}

fn controls(fields: Fields, form: Form) -> AnyView {
    let kind_hint = "Security groups open applications, sites and other resources. Microsoft 365 groups also have a mailbox, files and a \
                     calendar.";
    let membership_hint = "Assigned: people are added by hand and by access packages. Dynamic: a rule over people's properties decides.";
    let membership = form.field("membership", "Membership type", fields.membership).hint(membership_hint);
    view! {
        {form.field("kind", "Group type", fields.kind).hint(kind_hint).select(options(kind_label), Vec::new(), None)}
        {form.field("name", "Group name", fields.name).required().line()}
        {form.field("description", "Group description", fields.description).area(Some(DESCRIPTION_MAX))}
        {membership.select(options(membership_label), Vec::new(), None)}
        {fields.owners.field("Add owners", "Owners answer for the group. They need not be members.", form.error("owners", "Owners"))}
        {either(
            move || fields.is_dynamic(),
            move || rule_field(fields.rule, form),
            move || fields.members.field("Add members", "Leave it empty to begin with nobody.", form.error("members", "Members")),
        )}
    }
    .into_any()
}

//! New group (F005).

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

use super::labels::{kind_options, membership_options};
use super::people::People;
use super::rule::{RuleQuestion, rule_field};
use crate::admin::form::{FormProblem, Submission};
use crate::admin::frame::PageTitle;
use crate::domain::group::GroupForm;
use crate::domain::object::{GroupKind, MembershipType};
use crate::domain::text::{DESCRIPTION_MAX, StringEnum};
use crate::paths::{self, GroupPage};
use crate::rpc::groups::create_group;
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
    let fields = Fields::new();
    let submission = Submission::new();
    let question = RuleQuestion::new();
    let toasts = use_toasts();
    let navigate = use_navigate();
    let create = move |()| {
        let form = fields.form();
        let navigate = navigate.clone();
        let name = form.name.trim().to_owned();
        submission.send_and_leave(create_group(form), move |id| {
            let href = paths::group(id, GroupPage::Overview);
            toasts.success("Group created", name, None);
            navigate(&href, Default::default());
        });
    };
    let create = Callback::new(create);
    let submit = move |ev: SubmitEvent| {
        ev.prevent_default();
        let form = fields.form();
        if let Err(faults) = form.check() {
            submission.refuse(faults);
        } else if form.rule.is_empty() {
            create.run(());
        } else {
            question.ask(submission, None, form.rule);
        }
    };
    view! {
        <PageTitle text="New group"/>
        <Breadcrumb items=vec![Crumb::link("Home", paths::ADMIN), Crumb::link("Groups", paths::GROUPS), Crumb::here("New group")]/>
        <PageHead title="New group" subtitle="Group type and membership type can't be changed later.".to_owned() icon=Icon::Group/>
        <form class="form" method="dialog" novalidate on:submit=submit>
            <FormProblem submission=submission/>
            {basics(fields, submission)}
            {membership(fields, submission)}
            <WizardFoot>
                <Button kind=ButtonKind::Primary submit=true busy=submission.busy()>"Create"</Button>
                <LinkButton href=paths::GROUPS>"Cancel"</LinkButton>
            </WizardFoot>
        </form>
        {fields.owners.picker("Select owners")}
        {fields.members.picker("Select members")}
        {question.dialog("Create this group?", create)}
    }
    .into_any()
}

fn basics(fields: Fields, submission: Submission) -> AnyView {
    view! {
        <SelectField
            name="kind"
            label="Group type"
            hint="Security groups open applications, sites and other resources. Microsoft 365 groups also have a mailbox, files and a calendar."
            value=fields.kind
            options=kind_options()
            error=submission.at("kind", "Group type")
        />
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
    }
    .into_any()
}

fn membership(fields: Fields, submission: Submission) -> AnyView {
    view! {
        <SelectField
            name="membership"
            label="Membership type"
            hint="Assigned: people are added by hand and by access packages. Dynamic: a rule over people's properties decides."
            value=fields.membership
            options=membership_options()
            error=submission.at("membership", "Membership type")
        />
        {fields.owners.field("Add owners", "Owners answer for the group. They need not be members.", submission.at("owners", "Owners"))}
        {either(
            move || fields.is_dynamic(),
            move || rule_field(fields.rule, submission, Callback::new(move |()| submission.recheck("rule", fields.form().check()))),
            move || fields.members.field("Add members", "Leave it empty to begin with nobody.", submission.at("members", "Members")),
        )}
    }
    .into_any()
}

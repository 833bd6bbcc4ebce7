//! A list of those who hold roles, with what can be done there: give one to users and groups, take one back. The roles of a catalog and
//! those of the directory are two such lists; how their calls go is theirs to say.

use leptos::prelude::*;

use super::confirm::{Doing, Question};
use super::form::Submission;
use super::impact::AskImpact;
use super::listing::{Column, row_menu};
use super::person::person;
use super::pickers::{SelectSubjects, Sending};
use crate::domain::access::Role;
use crate::domain::object::{Subject, SubjectItem};
use crate::domain::refusal::Permission;
use crate::domain::role_assignment::RoleHolder;
use crate::domain::text::StringEnum;
use crate::paths::{self, GroupPage};
use crate::ui::*;
use uuid::Uuid;

/// The columns of such a list.
pub const COLUMNS: &[Column<RoleHolder>] = &[
    Column::view("Name", |holder| holder.name.clone(), |holder, _| name(holder)),
    Column::text("Role", |holder| holder.role.label().to_owned()),
    Column::text("Type", |holder| kind(holder).to_owned()),
    Column::time("Since", |holder| Some(holder.since)),
    Column::filed("User name or kind of group", |holder| holder.detail.clone()),
    Column::filed("Deleted", |holder| if holder.deleted { "Yes" } else { "No" }.to_owned()),
];

fn kind(holder: &RoleHolder) -> &'static str {
    match holder.holder {
        Subject::User(_) => "User",
        Subject::Group(_) => "Group",
        Subject::Organization(_) => "Connected organization",
    }
}

fn name(holder: &RoleHolder) -> AnyView {
    let gone = holder.deleted.then(|| view! { <Chip tone=Tone::Danger text="Deleted"/> });
    let name = match holder.holder {
        Subject::User(id) => person(holder.name.clone(), holder.detail.clone(), paths::user(id), false),
        Subject::Organization(_) => holder.name.clone().into_any(),
        Subject::Group(id) => view! {
            <span class="person">
                <Glyph icon=Icon::Group/>
                <span class="two-line">
                    <a class="list-link" href=paths::group(id, GroupPage::Overview)>{holder.name.clone()}</a>
                    <small>{holder.detail.clone()}</small>
                </span>
            </span>
        }
        .into_any(),
    };
    view! {
        {name}
        {gone}
    }
    .into_any()
}

/// What a filter of these roles offers: all of them, then each.
pub fn options(roles: &[Role]) -> Vec<(String, String)> {
    let each = roles.iter().map(|role| (role.as_str().to_owned(), role.label().to_owned()));
    std::iter::once((String::new(), "All".to_owned())).chain(each).collect()
}

/// The button that gives a role.
fn add_label(role: Role) -> &'static str {
    match role {
        Role::GlobalAdministrator => "Add Global administrators",
        Role::IdentityGovernanceAdministrator => "Add Identity Governance administrators",
        Role::UserAdministrator => "Add User administrators",
        Role::CatalogCreator => "Add catalog creators",
        Role::CatalogOwner => "Add owners",
        Role::CatalogReader => "Add catalog readers",
        Role::PackageManager => "Add access package managers",
        Role::AssignmentManager => "Add access package assignment managers",
    }
}

/// A role and to whom it is to be given.
#[derive(Clone)]
pub struct Gift {
    /// The role.
    pub role: Role,
    /// To whom.
    pub holders: Vec<Subject>,
}

/// How the roles of one place are given and taken.
#[derive(Clone, Copy)]
pub struct Calls {
    /// Gives a role; how many hold it newly.
    pub give: Callback<(Role, Vec<Subject>), Doing<usize>>,
    /// Takes one back.
    pub take: Callback<RoleHolder, Doing>,
    /// What that would do.
    pub impact: fn(&RoleHolder, Uuid) -> AskImpact,
    /// What giving it would do, where that is asked about before.
    pub gain: Option<fn(&Gift) -> AskImpact>,
    /// The thing of which these are roles; none for the directory.
    pub of: Signal<Option<Uuid>>,
    /// Loads again what has changed.
    pub refresh: Callback<()>,
}

/// What is being done.
#[derive(Clone, Copy)]
pub struct Changing {
    adding: RwSignal<bool>,
    role: RwSignal<Role>,
    removing: RwSignal<Option<RoleHolder>>,
    giving: RwSignal<Option<Gift>>,
}

impl Changing {
    /// Nothing yet.
    pub fn new() -> Self {
        Self {
            adding: RwSignal::new(false),
            role: RwSignal::new(Role::CatalogReader),
            removing: RwSignal::new(None),
            giving: RwSignal::new(None),
        }
    }

    /// A button for each of these roles; one that may not be given says why.
    pub fn buttons(self, roles: Vec<(Role, Permission)>) -> AnyView {
        let button = |(role, permission): (Role, Permission)| {
            let add = move || {
                self.role.set(role);
                self.adding.set(true);
            };
            view! {
                <Button id=format!("add-{}", role.as_str()) icon=Icon::Add disabled_reason=permission.reason() on_click=add>
                    {add_label(role)}
                </Button>
            }
        };
        roles.into_iter().map(button).collect_any().into_any()
    }

    /// What can be done with one who holds a role.
    pub fn actions(self, holder: &RoleHolder) -> AnyView {
        let asked = holder.clone();
        let remove = move || self.removing.set(Some(asked.clone()));
        let item = view! {
            <MenuItem icon=Icon::Delete danger=true nostrip:disabled_reason=holder.take.reason() on_click=remove>"Remove"</MenuItem>
        };
        row_menu(
            holder.id,
            &format!("{}, {}", holder.name, holder.role.label()),
            vec![item.into_any()],
        )
    }

    /// The pane and the question.
    pub fn dialogs(self, calls: Calls) -> AnyView {
        view! {
            <AddPane changing=self calls=calls/>
            {removal(self.removing, calls)}
            {gift(self.giving, calls)}
        }
        .into_any()
    }
}

#[component]
fn AddPane(changing: Changing, calls: Calls) -> AnyView {
    let submission = Submission::new();
    let toasts = use_toasts();
    let add = move |chosen: Vec<SubjectItem>| {
        let role = changing.role.get_untracked();
        let holders: Vec<Subject> = chosen.iter().map(|item| item.subject).collect();
        if calls.gain.is_some() {
            changing.adding.set(false);
            changing.giving.set(Some(Gift { role, holders }));
            return;
        }
        submission.send(calls.give.run((role, holders)), move |given| {
            changing.adding.set(false);
            toasts.success(role.label(), given_text(given, chosen.len()), None);
            calls.refresh.run(());
        });
    };
    Effect::new(move |_| {
        if changing.adding.get() {
            submission.clear();
        }
    });
    let sending = Sending {
        busy: submission.busy(),
        error: submission.text(),
        stays: true,
    };
    view! {
        <SelectSubjects
            open=changing.adding
            listed=Signal::stored(Vec::new())
            title=Signal::derive(move || add_label(changing.role.get()).to_owned())
            sending=sending
            on_select=add
        />
    }
    .into_any()
}

/// How many hold the role newly; who held it before is told apart.
fn given_text(given: usize, chosen: usize) -> String {
    let before = chosen.saturating_sub(given);
    match before {
        0 => format!("{given} added."),
        before => format!("{given} added; {before} already there."),
    }
}

/// The question before a role is taken back.
fn removal(removing: RwSignal<Option<RoleHolder>>, calls: Calls) -> AnyView {
    let toasts = use_toasts();
    let question = Question::new(
        "remove-role-holder",
        |holder: &RoleHolder| format!("Remove {}?", holder.name),
        consequence,
        move |holder: RoleHolder| calls.take.run(holder),
        move |holder: RoleHolder| {
            toasts.success(format!("{} was removed", holder.name), holder.role.label(), None);
            calls.refresh.run(());
        },
    )
    .gone(
        |holder| format!("{} had been removed already", holder.name),
        move |_| calls.refresh.run(()),
    );
    question
        .impact(move |holder| (calls.impact)(holder, calls.of.get().unwrap_or_default()))
        .view(removing)
}

/// The question before a role is given, with who would hold it.
fn gift(giving: RwSignal<Option<Gift>>, calls: Calls) -> AnyView {
    let Some(gain) = calls.gain else { return ().into_any() };
    let toasts = use_toasts();
    let given = StoredValue::new(0);
    Question::new(
        "give-role",
        |gift: &Gift| format!("{}?", add_label(gift.role)),
        |_| "Whoever belongs to a group that is given the role holds it as long as they belong to it.".to_owned(),
        move |gift: Gift| {
            let giving = calls.give.run((gift.role, gift.holders));
            Box::pin(async move { giving.await.map(|count| given.set_value(count)) })
        },
        move |gift: Gift| {
            toasts.success(gift.role.label(), given_text(given.get_value(), gift.holders.len()), None);
            calls.refresh.run(());
        },
    )
    .harmless(true)
    .impact(move |gift| gain(gift))
    .view(giving)
}

/// What taking the role back means.
fn consequence(holder: &RoleHolder) -> String {
    let role = holder.role.label();
    match holder.holder {
        Subject::User(_) | Subject::Organization(_) => format!("{} is no longer {role}, unless a group gives the role too.", holder.name),
        Subject::Group(_) => format!(
            "The members of {} are no longer {role}, unless something else gives the role too.",
            holder.name
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f052_who_held_the_role_before_is_told_apart() {
        assert_eq!(given_text(2, 2), "2 added.");
        assert_eq!(given_text(1, 3), "1 added; 2 already there.");
    }
}

//! Who vouches for a connected organization on one side: the list, with a pane to add users and groups and a question before one is removed.

use leptos::prelude::*;

use crate::admin::confirm::Question;
use crate::admin::form::Submission;
use crate::admin::pickers::{SelectSubjects, Sending};
use crate::domain::id::OrganizationId;
use crate::domain::object::{Subject, SubjectItem};
use crate::domain::organization::SponsorSide;
use crate::domain::refusal::Permission;
use crate::paths::{self, GroupPage};
use crate::rpc::organizations::{add_sponsors, remove_sponsor};
use crate::ui::*;

/// What is said of a side.
struct Words {
    about: &'static str,
    none: &'static str,
    add: &'static str,
    dialog: &'static str,
}

fn words(side: SponsorSide) -> Words {
    match side {
        SponsorSide::Internal => Words {
            about: "Members of your own organization, and groups, who can be asked to decide on requests of its people.",
            none: "No internal sponsors yet.",
            add: "Add internal sponsors",
            dialog: "remove-internal-sponsor",
        },
        SponsorSide::External => Words {
            about: "Guests of the organization, and groups, who can be asked to decide on requests of its people.",
            none: "No external sponsors yet.",
            add: "Add external sponsors",
            dialog: "remove-external-sponsor",
        },
    }
}

/// The sponsors of one side; `may` says whether they can be changed.
pub fn sponsors(id: OrganizationId, side: SponsorSide, items: Vec<SubjectItem>, may: &Permission, reload: Callback<()>) -> AnyView {
    let words = words(side);
    let (adding, removing) = (RwSignal::new(false), RwSignal::new(None::<SubjectItem>));
    let reason = may.reason();
    let listed: Vec<Subject> = items.iter().map(|item| item.subject).collect();
    let none = items.is_empty().then_some(words.none);
    let rows: Vec<AnyView> = items.into_iter().map(|item| row(item, may.is_allowed(), removing)).collect();
    view! {
        <Card title=side.label()>
            <p class="muted">{words.about}</p>
            {none.map(|none| view! { <p>{none}</p> })}
            <ul class="panel-list" aria-label=side.label()>{rows}</ul>
            <div class="row">
                <Button icon=Icon::Add disabled_reason=reason on_click=move || adding.set(true)>{words.add}</Button>
            </div>
        </Card>
        {add_pane(id, side, listed, adding, reload)}
        {question(id, side, removing, reload)}
    }
    .into_any()
}

fn row(item: SubjectItem, changeable: bool, removing: RwSignal<Option<SubjectItem>>) -> AnyView {
    let (href, square) = match item.subject {
        Subject::User(id) => (paths::user(id), false),
        Subject::Group(id) => (paths::group(id, GroupPage::Overview), true),
        Subject::Organization(id) => (paths::organization(id), true),
    };
    let label = format!("Remove {}", item.name);
    let chosen = item.clone();
    view! {
        <li>
            <Avatar name=item.name.clone() square=square/>
            <span class="two-line grow">
                <a href=href class="break">{item.name}</a>
                <small>{item.detail}</small>
            </span>
            {changeable.then(|| view! { <IconButton icon=Icon::Dismiss label=label on_click=move || removing.set(Some(chosen.clone()))/> })}
        </li>
    }
    .into_any()
}

fn add_pane(id: OrganizationId, side: SponsorSide, listed: Vec<Subject>, adding: RwSignal<bool>, reload: Callback<()>) -> AnyView {
    let submission = Submission::new();
    let toasts = use_toasts();
    let add = move |chosen: Vec<SubjectItem>| {
        let subjects = chosen.iter().map(|item| item.subject).collect();
        submission.send(add_sponsors(id, side, subjects), move |added| {
            adding.set(false);
            toasts.success(side.label(), format!("{added} added."), None);
            reload.run(());
        });
    };
    Effect::new(move |_| {
        if adding.get() {
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
            open=adding
            listed=Signal::stored(listed)
            title=Signal::stored(words(side).add.to_owned())
            sending=sending
            on_select=add
        />
    }
    .into_any()
}

fn question(id: OrganizationId, side: SponsorSide, removing: RwSignal<Option<SubjectItem>>, reload: Callback<()>) -> AnyView {
    let toasts = use_toasts();
    Question::new(
        words(side).dialog,
        |item: &SubjectItem| format!("Remove {}?", item.name),
        |item| format!("{} is no longer asked where a policy has these sponsors decide.", item.name),
        move |item: SubjectItem| Box::pin(remove_sponsor(id, side, item.subject)),
        move |item: SubjectItem| {
            toasts.success("Sponsor removed", item.name, None);
            reload.run(());
        },
    )
    .gone(|item| format!("{} had been removed already", item.name), move |_| reload.run(()))
    .view(removing)
}

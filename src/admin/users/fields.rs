//! The fields of a user, for the New user and the Edit page: what is typed, and how it becomes a form.

use leptos::prelude::*;

use super::labels::{kind_label, roles_refused};
use crate::admin::form::Form;
use crate::admin::listing::options;
use crate::admin::pickers::UserPicker;
use crate::domain::id::{Named, UserId};
use crate::domain::password::PASSWORD_MIN;
use crate::domain::refusal::Permission;
use crate::domain::text::StringEnum;
use crate::domain::user::{DirectoryRole, UserDetail, UserForm, UserKind};
use crate::ui::*;

/// What is typed into the fields of a user.
#[derive(Clone, Copy)]
pub struct UserFields {
    name: RwSignal<String>,
    user_name: RwSignal<String>,
    password: RwSignal<String>,
    role: RwSignal<String>,
    kind: RwSignal<String>,
    job_title: RwSignal<String>,
    department: RwSignal<String>,
    company: RwSignal<String>,
    office: RwSignal<String>,
    phone: RwSignal<String>,
    mail: RwSignal<String>,
    manager: RwSignal<Option<Named<UserId>>>,
    sponsors: RwSignal<Vec<Named<UserId>>>,
}

/// Which of the panes that choose people is open.
#[derive(Clone, Copy)]
pub struct Choosing {
    manager: RwSignal<bool>,
    sponsors: RwSignal<bool>,
}

impl Choosing {
    /// None of them.
    pub fn none() -> Self {
        Self {
            manager: RwSignal::new(false),
            sponsors: RwSignal::new(false),
        }
    }
}

impl UserFields {
    /// The fields of a new user: a member without a directory role.
    pub fn empty() -> Self {
        let blank = || RwSignal::new(String::new());
        Self {
            name: blank(),
            user_name: blank(),
            password: blank(),
            role: RwSignal::new(DirectoryRole::User.as_str().to_owned()),
            kind: RwSignal::new(UserKind::Member.as_str().to_owned()),
            job_title: blank(),
            department: blank(),
            company: blank(),
            office: blank(),
            phone: blank(),
            mail: blank(),
            manager: RwSignal::new(None),
            sponsors: RwSignal::new(Vec::new()),
        }
    }

    /// The fields of a user as they are kept.
    pub fn of(user: &UserDetail) -> Self {
        let fields = Self::empty();
        fields.fill(user);
        fields
    }

    /// Puts what is kept in place of what was typed.
    pub fn fill(self, user: &UserDetail) {
        let item = &user.item;
        let texts = [
            (self.name, item.name.as_str()),
            (self.user_name, &item.user_name),
            (self.role, item.role.as_str()),
            (self.kind, item.kind.as_str()),
            (self.job_title, &item.job_title),
            (self.department, &item.department),
            (self.company, &user.company),
            (self.office, &user.office),
            (self.phone, &user.phone),
            (self.mail, &user.mail),
        ];
        for (signal, text) in texts {
            signal.set(text.to_owned());
        }
        self.manager.set(user.manager.clone());
        self.sponsors.set(user.sponsors.clone());
    }

    /// The form as typed.
    pub fn form(self) -> UserForm {
        let text = |signal: RwSignal<String>| signal.get_untracked();
        UserForm {
            name: text(self.name),
            user_name: text(self.user_name),
            kind: text(self.kind),
            role: text(self.role),
            mail: text(self.mail),
            job_title: text(self.job_title),
            department: text(self.department),
            company: text(self.company),
            office: text(self.office),
            phone: text(self.phone),
            manager: self
                .manager
                .get_untracked()
                .map(|manager| manager.id.to_string())
                .unwrap_or_default(),
            sponsors: Some(
                self.sponsors
                    .with_untracked(|people| people.iter().map(|person| person.id).collect()),
            ),
            password: text(self.password),
        }
    }
}

/// All fields of a user. The viewer's `own` role and `locked` decide which roles can be given; `held` is the role held now. A new user also
/// gets an initial password.
pub fn user_fields(
    fields: UserFields,
    form: Form,
    own: DirectoryRole,
    held: DirectoryRole,
    locked: &Permission,
    is_new: bool,
    choosing: Choosing,
) -> AnyView {
    let (refused, why) = roles_refused(own, held, locked);
    let password = is_new.then(|| {
        let hint = format!("At least {PASSWORD_MIN} characters. It holds for the first sign-in, where they choose their own.");
        form.field("password", "Initial password", fields.password)
            .required()
            .password(hint)
    });
    let user_name = form.field("user_name", "User name", fields.user_name);
    view! {
        {form.field("name", "Name", fields.name).required().line()}
        {user_name.required().hint("What they type to sign in: letters, digits and . _ - @ +").line()}
        {password}
        {form.field("role", "Directory role", fields.role).select(options(DirectoryRole::label), refused, why)}
        {form.field("kind", "Type", fields.kind).select(options(kind_label), Vec::new(), None)}
        <SectionTitle title="Job"/>
        {form.field("job_title", "Job title", fields.job_title).line()}
        {form.field("department", "Department", fields.department).line()}
        {form.field("company", "Company", fields.company).line()}
        {form.field("office", "Office", fields.office).line()}
        {manager_field(fields.manager, form.error("manager", "Manager"), choosing.manager)}
        {sponsors_field(fields.sponsors, form.error("sponsors", "Sponsors"), choosing.sponsors)}
        <SectionTitle title="Contact"/>
        {form.field("phone", "Phone", fields.phone).line()}
        {form.field("mail", "Mail", fields.mail).line()}
    }
    .into_any()
}

fn manager_field(manager: RwSignal<Option<Named<UserId>>>, error: Signal<Option<String>>, choosing: RwSignal<bool>) -> AnyView {
    let chosen = move || manager.with(Option::is_some);
    view! {
        <div class="field" role="group" aria-labelledby="manager-label">
            <span class="field-label" id="manager-label">"Manager"</span>
            <div class="row">
                <span>{move || manager.get().map_or_else(|| "No manager".to_owned(), |manager| manager.name)}</span>
                <Button on_click=move || choosing.set(true)>{move || if chosen() { "Change manager" } else { "Select manager" }}</Button>
                {move || chosen().then(|| view! { <Button kind=ButtonKind::Subtle on_click=move || manager.set(None)>"Remove manager"</Button> })}
            </div>
            <div class="field-error" aria-live="polite">
                {move || error.get().map(|text| view! { <Glyph icon=Icon::Error/> <span>{text}</span> })}
            </div>
        </div>
    }
    .into_any()
}

/// Who vouches for the user: they decide where a policy asks sponsors (F092).
fn sponsors_field(sponsors: RwSignal<Vec<Named<UserId>>>, error: Signal<Option<String>>, choosing: RwSignal<bool>) -> AnyView {
    let row = move |person: Named<UserId>| {
        let (id, label) = (person.id, format!("Remove {}", person.name));
        let remove = move || sponsors.update(|people| people.retain(|other| other.id != id));
        view! { <li><span class="grow break">{person.name}</span><IconButton icon=Icon::Dismiss label=label on_click=remove/></li> }
    };
    let rows = move || sponsors.get().into_iter().map(row).collect_view();
    let any = move || sponsors.with(|people| !people.is_empty());
    view! {
        <div class="field" role="group" aria-labelledby="sponsors-label" aria-describedby="sponsors-hint">
            <span class="field-label" id="sponsors-label">"Sponsors"</span>
            <p class="field-hint" id="sponsors-hint">"Who vouches for this person. They decide where a policy asks sponsors to approve."</p>
            {move || any().then(|| view! { <ul class="panel-list">{rows}</ul> })}
            <div class="row">
                <Button icon=Icon::Add on_click=move || choosing.set(true)>"Add sponsors"</Button>
            </div>
            <div class="field-error" aria-live="polite">
                {move || error.get().map(|text| view! { <Glyph icon=Icon::Error/> <span>{text}</span> })}
            </div>
        </div>
    }
    .into_any()
}

/// The panes behind Select manager and Add sponsors; they stand outside of the form, since each has a form of its own.
pub fn people_pickers(fields: UserFields, choosing: Choosing) -> AnyView {
    let take_manager = move |users: Vec<Named<UserId>>| {
        fields.manager.set(users.into_iter().next());
        choosing.manager.set(false);
    };
    let take_sponsors = move |users: Vec<Named<UserId>>| {
        fields.sponsors.update(|people| {
            people.retain(|person| users.iter().all(|user| user.id != person.id));
            people.extend(users);
        });
        choosing.sponsors.set(false);
    };
    view! {
        <UserPicker name="manager-picker" title="Select manager".to_owned() open=choosing.manager single=true on_select=take_manager/>
        <UserPicker name="sponsors-picker" title="Add sponsors".to_owned() open=choosing.sponsors on_select=take_sponsors/>
    }
    .into_any()
}

//! The fields of a user, for the New user and the Edit page: what is typed, and how it becomes a form.

use leptos::prelude::*;

use super::labels::{kind_label, roles_refused};
use crate::admin::form::Form;
use crate::admin::listing::options;
use crate::admin::pickers::UserPicker;
use crate::domain::custom_attribute::{AttributeDefinition, CustomValue, GivenValue, value_path};
use crate::domain::id::{Named, UserId};
use crate::domain::password::PASSWORD_MIN;
use crate::domain::refusal::Permission;
use crate::domain::text::{NAME_MAX, StringEnum};
use crate::domain::user::{DirectoryRole, UserDetail, UserForm, UserKind};
use crate::domain::validate::{Checker, FieldErrors};
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
    custom: RwSignal<Vec<(AttributeDefinition, RwSignal<String>)>>,
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
            custom: RwSignal::default(),
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
        self.define(user.attributes.clone());
    }

    /// With these custom attributes.
    pub fn define(self, values: Vec<CustomValue>) {
        let field = |one: CustomValue| (one.attribute, RwSignal::new(one.value));
        self.custom.set(values.into_iter().map(field).collect());
    }

    /// What is wrong with the values of custom attributes.
    fn check_custom(self, check: &mut Checker) {
        self.custom.with_untracked(|custom| {
            for (attribute, value) in custom {
                let path = value_path(&attribute.name);
                attribute.kind.check(check, &path, &value.get_untracked(), NAME_MAX);
            }
        });
    }

    /// Everything that is wrong with what is typed.
    pub fn checked(self, is_new: bool) -> Result<(), FieldErrors> {
        let form = self.form();
        let mut faults = match is_new {
            true => form.new_user().err(),
            false => form.profile().err(),
        }
        .unwrap_or_default();
        let mut check = Checker::default();
        self.check_custom(&mut check);
        let custom = check.into_errors();
        faults.retain(|fault| custom.iter().all(|other| other.path != fault.path));
        faults.extend(custom);
        if faults.is_empty() { Ok(()) } else { Err(faults) }
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
            attributes: self.custom.with_untracked(|custom| {
                let given = |(attribute, value): &(AttributeDefinition, RwSignal<String>)| GivenValue {
                    name: attribute.name.clone(),
                    value: value.get_untracked(),
                };
                custom.iter().map(given).collect()
            }),
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
        {custom_fields(fields, form)}
    }
    .into_any()
}

/// A field for each custom attribute, by its type.
fn custom_fields(fields: UserFields, form: Form) -> AnyView {
    let field = move |(attribute, value): (AttributeDefinition, RwSignal<String>)| {
        let (path, label) = (value_path(&attribute.name), attribute.label.clone());
        let (sought, named) = (path.clone(), label.clone());
        let error = Signal::derive(move || form.submission.text_at(&sought, &named));
        let leave = {
            let path = path.clone();
            move || form.submission.recheck(&path, fields.checked(false))
        };
        let hint = [attribute.description.as_str(), attribute.kind.hint()].join(" ").trim().to_owned();
        let choices = attribute.kind.choices();
        if choices.is_empty() {
            return view! { <TextField name=path label=label value=value error=error hint=hint on_blur=leave/> }.into_any();
        }
        let mut options = vec![(String::new(), "None".to_owned())];
        options.extend(choices.iter().map(|choice| ((*choice).to_owned(), (*choice).to_owned())));
        view! { <SelectField name=path label=label value=value options=options error=error hint=hint/> }.into_any()
    };
    let all = move || {
        let custom = fields.custom.get();
        (!custom.is_empty()).then(|| {
            let rows = custom.into_iter().map(field).collect_any();
            view! {
                <SectionTitle title="Custom attributes"/>
                {rows}
            }
            .into_any()
        })
    };
    view! { {all} }.into_any()
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

//! Settings of the tenant: what requestors see, and which mails are sent.

use leptos::prelude::*;

use super::{Tab, tabs};
use crate::admin::error_view::loaded;
use crate::admin::form::{Foot, Form};
use crate::admin::page_title::PageTitle;
use crate::domain::external_user::ExternalUserAction;
use crate::domain::notification::NotificationKind;
use crate::domain::setting::{ApproverMails, ResourceVisibility, TenantSettings};
use crate::domain::text::StringEnum;
use crate::paths;
use crate::rpc::Loading;
use crate::rpc::settings::{get_settings, update_settings};
use crate::ui::*;

/// What stands in the form.
#[derive(Clone, Copy)]
struct Fields {
    approver_details: RwSignal<bool>,
    resource_visibility: RwSignal<String>,
    suggestions: RwSignal<bool>,
    overview_first: RwSignal<bool>,
    mail: RwSignal<bool>,
    /// In the order of `NotificationKind::ALL`: whether a mail is sent.
    kinds: StoredValue<Vec<RwSignal<bool>>>,
    approver_mails: RwSignal<String>,
    digest_hour: RwSignal<String>,
    external_user_action: RwSignal<String>,
    external_user_days: RwSignal<String>,
    version: RwSignal<i64>,
}

impl Fields {
    fn of(settings: &TenantSettings) -> Self {
        let fields = Self {
            approver_details: RwSignal::default(),
            resource_visibility: RwSignal::default(),
            suggestions: RwSignal::default(),
            overview_first: RwSignal::default(),
            mail: RwSignal::default(),
            kinds: StoredValue::new(NotificationKind::ALL.iter().map(|_| RwSignal::default()).collect()),
            approver_mails: RwSignal::default(),
            digest_hour: RwSignal::default(),
            external_user_action: RwSignal::default(),
            external_user_days: RwSignal::default(),
            version: RwSignal::default(),
        };
        fields.fill(settings);
        fields
    }

    fn fill(self, settings: &TenantSettings) {
        self.approver_details.set(settings.approver_details);
        self.resource_visibility.set(settings.resource_visibility.as_str().to_owned());
        self.suggestions.set(settings.suggestions);
        self.overview_first.set(settings.overview_first);
        self.mail.set(settings.mail);
        self.kinds.with_value(|kinds| {
            for (kind, on) in NotificationKind::ALL.iter().zip(kinds) {
                on.set(!settings.mail_off.contains(kind));
            }
        });
        self.approver_mails.set(settings.approver_mails.as_str().to_owned());
        self.digest_hour.set(settings.digest_hour.to_string());
        self.external_user_action.set(settings.external_user_action.as_str().to_owned());
        self.external_user_days.set(settings.external_user_days.to_string());
        self.version.set(settings.version);
    }

    fn form(self) -> TenantSettings {
        let usual = TenantSettings::default();
        let off = self.kinds.with_value(|kinds| {
            let off = NotificationKind::ALL.iter().zip(kinds).filter(|(_, on)| !on.get());
            off.map(|(kind, _)| *kind).collect()
        });
        TenantSettings {
            approver_details: self.approver_details.get(),
            resource_visibility: self
                .resource_visibility
                .with(|word| word.parse().unwrap_or(usual.resource_visibility)),
            suggestions: self.suggestions.get(),
            overview_first: self.overview_first.get(),
            mail: self.mail.get(),
            mail_off: off,
            approver_mails: self.approver_mails.with(|word| word.parse().unwrap_or(usual.approver_mails)),
            digest_hour: self.digest_hour.with(|hour| hour.trim().parse().unwrap_or(-1)),
            external_user_action: self
                .external_user_action
                .with(|word| word.parse().unwrap_or(usual.external_user_action)),
            external_user_days: self.external_user_days.with(|days| days.trim().parse().unwrap_or(-1)),
            version: self.version.get(),
        }
    }
}

/// Settings (F102, F149, F150).
#[component]
pub fn SettingsPage() -> AnyView {
    let settings = Loading::once(get_settings);
    view! {
        <PageTitle text="Settings"/>
        <Breadcrumb items=vec![
            Crumb::link("Home", paths::ADMIN),
            Crumb::link("Identity Governance", paths::GOVERNANCE),
            Crumb::here("Settings"),
        ]/>
        <PageHead title="Settings" subtitle="What holds for everybody, unless a policy says otherwise.".to_owned() icon=Icon::Settings/>
        {tabs(Tab::Settings)}
        {loaded(settings, |settings| view! { <SettingsForm settings=settings/> }.into_any())}
    }
    .into_any()
}

#[component]
fn SettingsForm(settings: TenantSettings) -> AnyView {
    let fields = Fields::of(&settings);
    let toasts = use_toasts();
    let check = move || {
        let faults = fields.form().check();
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    };
    let form = Form::new(check);
    let reload = Callback::new(move |()| form.submission.send(get_settings(), move |settings| fields.fill(&settings)));
    let submit = Callback::new(move |()| {
        let changed = untrack(|| fields.form());
        form.send(update_settings(changed), move |()| {
            fields.version.update(|version| *version += 1);
            toasts.success("Settings saved", "", None);
        });
    });
    let foot = Foot {
        verb: "Save",
        cancel: Signal::stored(paths::GOVERNANCE.to_owned()),
    };
    let kinds = fields.kinds.with_value(|kinds| {
        let each = NotificationKind::ALL.iter().zip(kinds.clone());
        each.map(|(kind, on)| view! { <Checkbox name=format!("mail-{}", kind.as_str()) label=kind.label() checked=on/> }.into_any())
            .collect::<Vec<_>>()
    });
    let inside = view! {
        <section class="stack">
            <SectionTitle title="My Access"/>
            <YesNo
                name="approver_details"
                legend="Show approver details"
                value=fields.approver_details
                hint="Requestors see who decides while their request waits, where a policy says Default."
            />
            <RadioGroup name="resource_visibility" legend="Show what a package gives" value=fields.resource_visibility options=visibility()/>
            <YesNo
                name="suggestions"
                legend="Suggest packages"
                value=fields.suggestions
                hint="People find under Suggested what several people around them have: their manager, reports, and people with the same manager; and what they had before. Who has it is never said."
            />
            <YesNo
                name="overview_first"
                legend="Open My Access with the Overview"
                value=fields.overview_first
                hint="With Yes, people see first what waits for them and what ends soon. With No, the list of access packages."
            />
        </section>
        <section class="stack">
            <SectionTitle title="Life cycle of external users"/>
            <p class="muted">
                "Holds for guests who are marked as governed, once the last access that they had through access packages has ended. Other guests are left alone."
            </p>
            <RadioGroup
                name="external_user_action"
                legend="What becomes of them"
                value=fields.external_user_action
                options=external_users()
            />
            {form.field("external_user_days", "Number of days before removing", fields.external_user_days)
                .hint("From blocking to deletion; 0 deletes at once. A deleted user can be restored for 30 days.")
                .line()}
        </section>
        <section class="stack">
            <SectionTitle title="Mails"/>
            <YesNo name="mail" legend="Send mails" value=fields.mail hint="The bell shows everything in any case."/>
            <RadioGroup name="approver_mails" legend="Mails to approvers" value=fields.approver_mails options=approver_mails()/>
            {form.field("digest_hour", "Daily mail from (hour, UTC)", fields.digest_hour).line()}
            <fieldset class="stack-8">
                <legend class="strong">"Send a mail about"</legend>
                {kinds}
            </fieldset>
        </section>
    };
    form.page(submit, Some(reload), foot, inside.into_any())
}

fn visibility() -> Vec<Choice> {
    let choice = |word: ResourceVisibility, label| Choice::new(word.as_str(), label);
    vec![
        choice(ResourceVisibility::Everyone, "To everyone who can request it"),
        choice(ResourceVisibility::Members, "To members, not to guests"),
        choice(ResourceVisibility::Nobody, "To nobody"),
    ]
}

fn external_users() -> Vec<Choice> {
    vec![
        Choice::new(ExternalUserAction::Nothing.as_str(), "Nothing"),
        Choice::new(ExternalUserAction::Block.as_str(), "Block sign-in"),
        Choice::new(ExternalUserAction::BlockAndDelete.as_str(), "Block sign-in, and delete later"),
    ]
}

fn approver_mails() -> Vec<Choice> {
    vec![
        Choice::new(ApproverMails::Each.as_str(), "One for each request"),
        Choice::new(ApproverMails::Digest.as_str(), "One a day with all that waits"),
    ]
}

//! Add policy and Edit: the same form as on the wizard's tabs, on one page. What is typed is checked as it is typed once Create or Update
//! has been pressed, and nothing is lost when somebody else was quicker.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_params_map};

use super::details::warning;
use super::form::labels;
use super::list::href;
use super::{LifecycleForm, People, PolicyFields, WhoForm, required_attributes};
use crate::admin::error_view::{loaded_below, loaded_quietly, permitted, use_id};
use crate::admin::form::{Errors, FormProblem, Submission, enter_first_fault};
use crate::admin::impact::impact;
use crate::admin::packages::use_package;
use crate::domain::id::{PackageId, PolicyId};
use crate::domain::impact::PolicyChange;
use crate::domain::object::{Subject, SubjectItem};
use crate::domain::policy::{PolicyDetail, PolicyForm, PolicyTerms, name_among, warnings};
use crate::domain::text::DESCRIPTION_MAX;
use crate::domain::validate::FieldErrors;
use crate::rpc::impact::policy_impact;
use crate::rpc::packages::get_required_attributes;
use crate::rpc::policies::{create_policy, get_policy, update_policy};
use crate::rpc::{AppError, Loading, viewer_time};
use crate::ui::*;

/// Add policy (F065).
#[component]
pub fn NewPolicyPage() -> AnyView {
    let package = use_package();
    loaded_below(package, move |package| {
        permitted(&package.edit, || {
            let editor = Editor::new(PolicyForm::default(), PolicyTerms::default(), Vec::new(), viewer_time::now());
            editor.page(package.item.id, None, "Add policy")
        })
    })
}

/// The editor of one policy (F066).
#[component]
pub fn EditPolicyPage() -> AnyView {
    let package = use_id::<PackageId>();
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get_str("policy").and_then(|id| id.parse::<PolicyId>().ok())));
    let policy = Loading::named(id, get_policy);
    crate::admin::error_view::loaded(policy, move |policy: PolicyDetail| {
        if package.get_untracked() != Some(policy.package.id) {
            return crate::admin::error_view::problem(AppError::NotFound, Callback::new(|()| ()));
        }
        let title = format!("Edit {}", policy.name);
        let (package, kept) = (policy.package.id, Kept::of(&policy));
        let form = PolicyForm::from(&policy.terms).named(policy.name);
        let editor = Editor::new(form, policy.terms, policy.subjects, policy.now);
        editor.page(package, Some(kept), &title)
    })
}

/// Which policy is edited, as it was opened.
#[derive(Clone, Copy)]
struct Kept {
    id: PolicyId,
    version: RwSignal<i64>,
}

impl Kept {
    fn of(policy: &PolicyDetail) -> Self {
        Self {
            id: policy.id,
            version: RwSignal::new(policy.version),
        }
    }
}

/// What stands in the editor.
#[derive(Clone, Copy)]
struct Editor {
    fields: PolicyFields,
    /// The terms that the form is about to change.
    base: RwSignal<PolicyTerms>,
    known: RwSignal<Vec<SubjectItem>>,
    now: DateTime<Utc>,
    submission: Submission,
    /// Create or Update has been pressed: faults are shown from then on.
    tried: RwSignal<bool>,
    /// The question is open that says what the change would do.
    asking: RwSignal<bool>,
    /// What the server found, for the form that it was sent.
    found: RwSignal<(PolicyForm, FieldErrors)>,
}

impl Editor {
    fn new(form: PolicyForm, base: PolicyTerms, known: Vec<SubjectItem>, now: DateTime<Utc>) -> Self {
        let fields = PolicyFields::new();
        fields.load_policy(&form);
        Self {
            fields,
            base: RwSignal::new(base),
            known: RwSignal::new(known),
            now,
            submission: Submission::new(),
            tried: RwSignal::new(false),
            asking: RwSignal::new(false),
            found: RwSignal::default(),
        }
    }

    /// Everything that is wrong; follows what is typed.
    fn faults(self) -> FieldErrors {
        let form = self.fields.policy();
        let mut faults = self.base.with(|base| form.check(base, self.now)).err().unwrap_or_default();
        self.found.with(|(sent, found)| {
            if *sent == form {
                let new = found.iter().filter(|fault| !faults.iter().any(|other| other.path == fault.path));
                faults.extend(new.cloned().collect::<Vec<_>>());
            }
        });
        faults
    }

    fn errors(self, prefix: &'static str) -> Errors {
        let faults = Memo::new(move |_| if self.tried.get() { self.faults() } else { Vec::new() });
        Errors::new(move |path| {
            faults.with(|faults| {
                let fault = faults.iter().find(|fault| fault.path.strip_prefix(prefix) == Some(path))?;
                Some(self.known.with(|known| labels::text(fault, known)))
            })
        })
    }

    fn people(self) -> People {
        let known = move |subject: Subject| {
            let found = self.known.with(|known| known.iter().find(|item| item.subject == subject).cloned());
            found.unwrap_or_else(|| SubjectItem {
                subject,
                name: "Deleted user or group".into(),
                detail: String::new(),
                deleted: true,
            })
        };
        let chosen = move |chosen: Vec<SubjectItem>| {
            self.known.update(|known| {
                known.retain(|item| !chosen.iter().any(|other| other.subject == item.subject));
                known.extend(chosen);
            });
        };
        People::new(known, chosen)
    }

    /// What would be the matter with requests, as it stands in the controls.
    fn warnings(self) -> Vec<String> {
        let form = self.fields.policy();
        let Ok((_, terms)) = self.base.with(|base| form.check(base, self.now)) else {
            return Vec::new();
        };
        let text = |warning: crate::domain::policy::Warning| {
            self.known
                .with(|known| warning.text(&name_among(known, Subject::User(warning.requestor))))
        };
        warnings(&terms).into_iter().map(text).collect()
    }

    /// Checks and sends; a change that takes something from somebody, or gives it, is asked about first.
    fn save(self, package: PackageId, kept: Option<Kept>, done: Callback<PolicyId>) {
        self.tried.set(true);
        if untrack(|| !self.faults().is_empty()) {
            enter_first_fault();
            return;
        }
        let Some(kept) = kept else {
            self.send(package, None, done);
            return;
        };
        let change = PolicyChange::Edit(Box::new(untrack(|| self.fields.policy())));
        self.submission.send(policy_impact(kept.id, change, None), move |impact| {
            if impact.is_nothing() {
                self.send(package, Some(kept), done);
            } else {
                self.asking.set(true);
            }
        });
    }

    /// What the change would do to whom, and whether to make it.
    fn question(self, package: PackageId, kept: Kept, done: Callback<PolicyId>) -> AnyView {
        let effects = move || {
            self.asking.get().then(|| {
                let form = untrack(|| self.fields.policy());
                impact(Arc::new(move |more| {
                    let change = PolicyChange::Edit(Box::new(form.clone()));
                    Box::pin(policy_impact(kept.id, change, more))
                }))
            })
        };
        let yes = move || {
            self.asking.set(false);
            self.send(package, Some(kept), done);
        };
        view! {
            <YesNoDialog name="update-policy" title="Update this policy?".to_owned() open=self.asking on_yes=yes>
                {effects}
            </YesNoDialog>
        }
        .into_any()
    }

    fn send(self, package: PackageId, kept: Option<Kept>, done: Callback<PolicyId>) {
        let form = untrack(|| self.fields.policy());
        let sent = form.clone();
        let call = async move {
            let outcome = match kept {
                None => create_policy(package, form).await,
                Some(kept) => update_policy(kept.id, kept.version.get_untracked(), form).await.map(|_| kept.id),
            };
            if let Err(AppError::Invalid(faults)) = &outcome {
                let _ = self.found.try_set((sent, faults.clone()));
                enter_first_fault();
            }
            outcome
        };
        self.submission.send_and_leave(call, move |id| {
            let _ = done.try_run(id);
        });
    }

    /// What others have saved, in place of what was typed.
    fn reload(self, kept: Kept) {
        self.submission.send(get_policy(kept.id), move |policy| {
            self.fields.load_policy(&PolicyForm::from(&policy.terms).named(policy.name));
            self.base.set(policy.terms);
            self.known.set(policy.subjects);
            kept.version.set(policy.version);
        });
    }

    fn page(self, package: PackageId, kept: Option<Kept>, title: &str) -> AnyView {
        let toasts = use_toasts();
        let navigate = use_navigate();
        let around = use_package();
        let done = Callback::new(move |id: PolicyId| {
            let name = self.fields.name.get_untracked().trim().to_owned();
            let verb = if kept.is_some() { "saved" } else { "created" };
            toasts.success(format!("{name} was {verb}"), "", None);
            // The list that follows shows what the page around it has loaded.
            around.refetch();
            navigate(&href(package, &id.to_string()), NavigateOptions::default());
        });
        let save = move |ev: leptos::ev::SubmitEvent| {
            ev.prevent_default();
            self.save(package, kept, done);
        };
        let reload = kept.map(|kept| Callback::new(move |()| self.reload(kept)));
        let verb = if kept.is_some() { "Update" } else { "Create" };
        let busy = self.submission.busy();
        view! {
            <form class="stack-24" method="dialog" novalidate on:submit=save>
                <SectionTitle title=title/>
                <FormProblem submission=self.submission nostrip:reload=reload/>
                {self.parts(package)}
                <div aria-live="polite">{move || self.warnings().into_iter().map(warning).collect_any()}</div>
                <WizardFoot>
                    <Button kind=ButtonKind::Primary submit=true busy=busy>{verb}</Button>
                    <LinkButton href=href(package, "")>"Cancel"</LinkButton>
                </WizardFoot>
            </form>
            {kept.map(|kept| self.question(package, kept, done))}
            <noscript><p>"Changing a policy needs JavaScript."</p></noscript>
        }
        .into_any()
    }

    /// Basics, Requests, Requestor information, Lifecycle.
    fn parts(self, package: PackageId) -> AnyView {
        let required = Loading::once(move || get_required_attributes(package));
        let (basics, fields) = (self.errors(""), self.fields);
        let now = self.now;
        view! {
            <section class="form">
                <TextField name="policy-name" label="Name" required=true value=fields.name error=basics.at("name") autocomplete="off"/>
                <TextArea
                    name="policy-description"
                    label="Description"
                    value=fields.description
                    error=basics.at("description")
                    limit=DESCRIPTION_MAX
                    hint="For administrators: when this policy applies."
                />
            </section>
            <WhoForm
                fields=fields
                errors=self.errors("requests.")
                people=self.people()
                attributes=move || loaded_quietly(required, required_attributes)
            />
            <LifecycleForm fields=fields errors=self.errors("lifecycle.") now=Signal::derive(move || now)/>
        }
        .into_any()
    }
}

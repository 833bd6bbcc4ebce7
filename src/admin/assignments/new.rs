//! New assignment: a package is given to people by hand. Policy, people, dates, why, and the policy's questions; what was refused stays on
//! the page with its reason (F116, F117).

use chrono::{DateTime, Utc};
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

use super::questions::{Answers, match_patterns, question_fields};
use crate::admin::error_view::{loaded_below, use_id};
use crate::admin::form::{Foot, Form};
use crate::admin::pickers::People;
use crate::domain::assignment::{DirectForm, DirectOptions, DirectPolicy};
use crate::domain::bulk::ItemResult;
use crate::domain::id::{Named, PackageId, PolicyId, UserId};
use crate::domain::text::JUSTIFICATION_MAX;
use crate::domain::typed_time::local_instant;
use crate::paths::{self, PackagePage};
use crate::rpc::assignments::{assign_package, assignment_options};
use crate::rpc::{Loading, viewer_time};
use crate::ui::*;

/// What is typed into the form.
#[derive(Clone, Copy)]
struct Fields {
    package: PackageId,
    policies: StoredValue<Vec<DirectPolicy>>,
    policy: RwSignal<String>,
    users: People,
    from: RwSignal<String>,
    until: RwSignal<String>,
    justification: RwSignal<String>,
    answers: Answers,
}

impl Fields {
    fn new(package: PackageId, options: DirectOptions) -> Self {
        let usable = options.policies.iter().find(|policy| policy.permission.is_allowed());
        let policy = usable.map(|policy| policy.policy().id.to_string()).unwrap_or_default();
        Self {
            package,
            policies: StoredValue::new(options.policies),
            policy: RwSignal::new(policy),
            users: People::new("users", "Users"),
            from: RwSignal::default(),
            until: RwSignal::default(),
            justification: RwSignal::default(),
            answers: Answers::default(),
        }
    }

    /// The policy that is chosen.
    fn chosen(self) -> Option<DirectPolicy> {
        let id: Option<PolicyId> = self.policy.with(|id| id.parse().ok());
        self.policies
            .with_value(|policies| policies.iter().find(|policy| Some(policy.policy().id) == id).cloned())
    }

    /// The form as typed.
    fn form(self) -> DirectForm {
        let instant = |local: String| local_instant(&local, |at| viewer_time::reading(at).offset);
        let policy = self.chosen();
        DirectForm {
            package: self.package,
            policy: policy.as_ref().map(|policy| policy.policy().id),
            users: self.users.ids(),
            asked_from: instant(self.from.get()),
            asked_until: instant(self.until.get()),
            justification: self.justification.get(),
            answers: policy.map(|policy| self.answers.given(&policy.ask.questions)).unwrap_or_default(),
            language: String::new(),
        }
    }

    fn check(self, now: DateTime<Utc>) -> Result<(), crate::domain::validate::FieldErrors> {
        let form = self.form();
        form.check_choice()?;
        match self.chosen() {
            Some(policy) => form.check(&policy.ask, now).map(drop),
            None => Ok(()),
        }
    }
}

/// New assignment.
#[component]
pub fn NewAssignmentPage() -> AnyView {
    let id = use_id::<PackageId>();
    let options: Loading<DirectOptions> = Loading::named(id, assignment_options);
    let page = move |options| match id.get_untracked() {
        Some(package) => view! { <NewAssignment package=package options=options/> }.into_any(),
        None => ().into_any(),
    };
    view! {
        <SectionTitle title="New assignment" text="The package is given at once, or from its start date on. Nobody is asked to approve it."/>
        {loaded_below(options, page)}
    }
    .into_any()
}

#[component]
fn NewAssignment(package: PackageId, options: DirectOptions) -> AnyView {
    let fields = Fields::new(package, options);
    let form = Form::new(move || fields.check(viewer_time::now()));
    let toasts = use_toasts();
    let navigate = use_navigate();
    let refused = RwSignal::new(Vec::<(String, String)>::new());
    let list = paths::package(package, PackagePage::Assignments);
    let leave = list.clone();
    let assign = Callback::new(move |()| {
        let (navigate, leave) = (navigate.clone(), leave.clone());
        let people = fields.users.chosen();
        if untrack(|| fields.check(viewer_time::now()).is_err()) {
            // What only the server can find is to stand beside what was found here.
            let questions = untrack(|| fields.chosen()).map(|policy| policy.ask.questions).unwrap_or_default();
            let placed: Vec<_> = questions.into_iter().enumerate().collect();
            match_patterns(&placed, fields.answers, form);
        }
        form.send(assign_package(untrack(|| fields.form())), move |results| {
            let told = told(&people, &results);
            let done = results.len() - told.len();
            if done > 0 {
                let requests = ToastLink::new(paths::package(package, PackagePage::Requests), "See the requests");
                toasts.success(assigned(done), "", Some(requests));
            }
            if told.is_empty() {
                navigate(&leave, Default::default());
                return;
            }
            let is_refused = |id: UserId| results.iter().any(|result| result.id == id && result.refused.is_some());
            fields.users.keep(is_refused);
            refused.set(told);
        });
    });
    let foot = Foot {
        verb: "Assign",
        cancel: Signal::stored(list),
    };
    view! {
        <div aria-live="polite">{move || refusals(&refused.get())}</div>
        {form.page(assign, None, foot, controls(fields, form))}
        {fields.users.picker("Select users")}
    }
    .into_any()
}

fn controls(fields: Fields, form: Form) -> AnyView {
    let (options, closed, why) = policy_options(&fields.policies.get_value());
    let add = paths::policy_new(fields.package);
    let ends = move || {
        fields
            .chosen()
            .map(|policy| format!("Access under this policy ends {}.", viewer_time::lasts(policy.ask.expires)))
    };
    let asked = move || {
        fields
            .chosen()
            .map(|policy| question_fields(policy.ask.questions, fields.answers, form))
    };
    view! {
        {form.field("policy", "Policy", fields.policy).required().select(options, closed, why)}
        <p class="muted">"Another policy is needed? "<a href=add>"Add a policy"</a>", for example one for direct assignments only (None)."</p>
        {fields.users.field("Add users", "Each gets a request of their own. A policy with questions takes one at a time.", form.error("users", "Users"))}
        <DateField
            name="asked_from"
            label="Start date"
            value=fields.from
            time=true
            error=form.error("asked_from", "Start date")
            hint="Leave it empty to give access at once."
        />
        <DateField
            name="asked_until"
            label="End date"
            value=fields.until
            time=true
            error=form.error("asked_until", "End date")
            hint="Leave it empty to give access for as long as the policy says."
        />
        <p class="muted" aria-live="polite">{ends}</p>
        {form.field("justification", "Justification", fields.justification).area(Some(JUSTIFICATION_MAX))}
        {asked}
    }
    .into_any()
}

/// The policies as options, those that cannot be used, and the first reason why one cannot.
fn policy_options(policies: &[DirectPolicy]) -> (Vec<(String, String)>, Vec<String>, Option<String>) {
    let option = |policy: &DirectPolicy| (policy.policy().id.to_string(), policy.policy().name.clone());
    let closed = policies.iter().filter(|policy| !policy.permission.is_allowed());
    let why = closed.clone().find_map(|policy| policy.permission.reason());
    (
        policies.iter().map(option).collect(),
        closed.map(|policy| policy.policy().id.to_string()).collect(),
        why,
    )
}

/// Who was refused, and why.
fn told(people: &[Named<UserId>], results: &[ItemResult<UserId>]) -> Vec<(String, String)> {
    let name = |id: &UserId| people.iter().find(|user| user.id == *id).map(|user| user.name.clone());
    ItemResult::refusals(results)
        .map(|(id, refusal)| (name(id).unwrap_or_default(), refusal.reason.clone()))
        .collect()
}

fn assigned(count: usize) -> String {
    match count {
        1 => "1 person is given the package".to_owned(),
        count => format!("{count} people are given the package"),
    }
}

fn refusals(refused: &[(String, String)]) -> AnyView {
    let lines = refused.iter().map(|(_, reason)| view! { <li>{reason.clone()}</li> }).collect_any();
    let names = refused.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ");
    (!refused.is_empty())
        .then(|| {
            view! {
                <MessageBar tone=Tone::Warning title=format!("Not assigned: {names}")>
                    <ul>{lines}</ul>
                </MessageBar>
            }
        })
        .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::assignment::direct_terms;
    use crate::domain::policy::PolicyTerms;
    use crate::domain::refusal::{Permission, Refusal};
    use uuid::Uuid;

    #[test]
    fn f070_f119_a_policy_that_can_t_be_used_says_why() {
        let policy = |number: u128, permission| DirectPolicy {
            ask: direct_terms(Named::new(Uuid::from_u128(number).into(), "Policy"), 1, &PolicyTerms::default(), ""),
            permission,
        };
        let closed = Permission::Denied(Refusal::new("needs-approval", "It requires approval."));
        let (options, refused, why) = policy_options(&[policy(1, closed), policy(2, Permission::Allowed)]);
        assert_eq!(options.len(), 2);
        assert_eq!(refused, [Uuid::from_u128(1).to_string()]);
        assert_eq!(why.as_deref(), Some("It requires approval."));
    }

    #[test]
    fn f116_who_was_refused_is_told_by_name() {
        let id = |number: u128| UserId(Uuid::from_u128(number));
        let people = [Named::new(id(1), "Kim"), Named::new(id(2), "Sam")];
        let refusal = Refusal::new("already-assigned", "Sam has this package already.");
        let results = [ItemResult::new(id(1), Ok(())), ItemResult::new(id(2), Err(refusal))];
        assert_eq!(
            told(&people, &results),
            [("Sam".to_owned(), "Sam has this package already.".to_owned())]
        );
        assert_eq!(
            (assigned(1).as_str(), assigned(2).as_str()),
            ("1 person is given the package", "2 people are given the package")
        );
    }
}

//! A policy as it is typed: the raw input of its form, the terms that come of it, and the way back from terms that are kept. The wizard
//! and the policy editor share it. What a form does not show of a policy stays as it was.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::super::approval::{ApprovalTerms, ApproverDetails};
use super::super::object::{Subject, SubjectItem};
use super::super::subject::SubjectSet;
use super::super::text::{DESCRIPTION_MAX, string_enum};
use super::super::validate::{Checker, Code, FieldErrors, Name};
use super::lifecycle_form::LifecycleForm;
use super::question_form::QuestionForm;
use super::stage_form::{StageForm, people, subjects};
use super::terms::{PolicyTerms, check_terms};
use super::{SUBJECTS_MAX, Scope};

string_enum! {
    /// Users who can request access: the first choice of the Requests tab.
    Audience {
        /// For users in your directory.
        InDirectory = "in_directory",
        /// For users not in your directory.
        NotInDirectory = "not_in_directory",
        /// None (administrator direct assignments only).
        Nobody = "none",
    }
}

/// The Requests tab, as typed (F017 to F020, F086 to F108).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RequestsForm {
    /// The first choice; `None` until one is made.
    pub audience: Option<Audience>,
    /// The second choice.
    pub scope: Option<Scope>,
    /// Of a specific scope.
    pub subjects: Vec<Subject>,
    /// Require approval.
    pub approval: bool,
    /// Only extensions wait for a decision, new access does not; counts where approval is required.
    pub extensions_only: bool,
    /// Require requestor justification; counts where approval is required.
    pub justification: bool,
    /// The stages; count where approval is required.
    pub stages: Vec<StageForm>,
    /// Show approver details on pending requests.
    pub approver_details: ApproverDetails,
    /// Enable requests.
    pub enabled: bool,
    /// Managers may request for their reports.
    pub on_behalf: bool,
    /// Requestor information: what is asked.
    pub questions: Vec<QuestionForm>,
}

impl Default for RequestsForm {
    fn default() -> Self {
        Self {
            audience: None,
            scope: None,
            subjects: Vec::new(),
            approval: false,
            extensions_only: false,
            justification: true,
            stages: vec![StageForm::default()],
            approver_details: ApproverDetails::Tenant,
            enabled: true,
            on_behalf: false,
            questions: Vec::new(),
        }
    }
}

/// A whole policy, as typed in its editor (F065, F066).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PolicyForm {
    /// Name.
    pub name: String,
    /// Description, for administrators; may be empty.
    pub description: String,
    /// Requests and requestor information.
    pub requests: RequestsForm,
    /// Lifecycle.
    pub lifecycle: LifecycleForm,
}

impl PolicyForm {
    /// The name and the terms asked for. What the form does not show is taken from `base`: the terms in force, or the default.
    pub fn check(&self, base: &PolicyTerms, now: DateTime<Utc>) -> Result<(Name, PolicyTerms), FieldErrors> {
        let mut check = Checker::default();
        let name = Name::check(&mut check, "name", &self.name);
        let description = check.paragraph("description", &self.description, DESCRIPTION_MAX);
        let base = PolicyTerms {
            description,
            ..base.clone()
        };
        let terms = check_policy(&mut check, &base, &self.requests, &self.lifecycle, now);
        check.finish((name, terms))
    }

    /// The same form under a name.
    pub fn named(self, name: impl Into<String>) -> Self {
        Self { name: name.into(), ..self }
    }

    /// Every user and group that stands in it.
    pub fn subjects(&self) -> Vec<Subject> {
        self.requests.named()
    }
}

impl From<&PolicyTerms> for PolicyForm {
    fn from(terms: &PolicyTerms) -> Self {
        Self {
            name: String::new(),
            description: terms.description.clone(),
            requests: terms.into(),
            lifecycle: terms.into(),
        }
    }
}

impl From<&PolicyTerms> for RequestsForm {
    fn from(terms: &PolicyTerms) -> Self {
        let approval = terms.approval.is_asked();
        let mut stages: Vec<StageForm> = terms.approval.stages.iter().map(StageForm::from).collect();
        if stages.is_empty() {
            stages.push(StageForm::default());
        }
        Self {
            audience: Some(match terms.scope {
                Scope::Nobody => Audience::Nobody,
                Scope::Specific | Scope::AllMembers | Scope::AllUsers => Audience::InDirectory,
                Scope::SpecificOrganizations | Scope::ConfiguredOrganizations | Scope::AllExternal => Audience::NotInDirectory,
            }),
            scope: (terms.scope != Scope::Nobody).then_some(terms.scope),
            subjects: people(&terms.subjects),
            approval,
            extensions_only: approval && !terms.approval.required_for_add,
            justification: terms.requestor.justification_required || !approval,
            stages,
            approver_details: terms.approval.approver_details,
            enabled: terms.requestor.enabled,
            on_behalf: terms.requestor.on_behalf_add,
            questions: terms.questions.iter().map(QuestionForm::from).collect(),
        }
    }
}

impl RequestsForm {
    /// Everyone whom it names, each once.
    pub fn named(&self) -> Vec<Subject> {
        let mut named = self.subjects.clone();
        for stage in &self.stages {
            for asked in [&stage.asked, &stage.alternates] {
                named.extend_from_slice(&asked.people);
                named.extend_from_slice(&asked.fallbacks);
            }
        }
        let mut once: Vec<Subject> = Vec::with_capacity(named.len());
        for subject in named {
            if !once.contains(&subject) {
                once.push(subject);
            }
        }
        once
    }

    /// Who can request, with `path` before each field's name.
    fn check_scope(&self, check: &mut Checker, path: &str) -> Scope {
        match self.audience {
            None => {
                check.fail(format!("{path}audience"), Code::Required);
                Scope::AllUsers
            }
            Some(Audience::Nobody) => Scope::Nobody,
            Some(Audience::InDirectory) => self.chosen_of(check, path, &Scope::IN_DIRECTORY),
            Some(Audience::NotInDirectory) => self.chosen_of(check, path, &Scope::NOT_IN_DIRECTORY),
        }
    }

    /// The second choice, of those that the first offers.
    fn chosen_of(&self, check: &mut Checker, path: &str, offered: &[Scope]) -> Scope {
        match self.scope.filter(|scope| offered.contains(scope)) {
            Some(scope) => scope,
            None => {
                check.fail(format!("{path}scope"), Code::Required);
                Scope::AllUsers
            }
        }
    }

    /// Those among the named whom the scope is for: organizations, or users and groups. The others were chosen under another scope.
    pub fn subjects_in_force(&self) -> Vec<Subject> {
        let organizations = self.scope == Some(Scope::SpecificOrganizations);
        let kept = |subject: &&Subject| matches!(subject, Subject::Organization(_)) == organizations;
        self.subjects.iter().filter(kept).copied().collect()
    }

    /// Approval as asked for; nobody decides where nobody asks.
    fn check_approval(&self, check: &mut Checker, path: &str) -> ApprovalTerms {
        if !self.asks_approval() {
            return ApprovalTerms::default();
        }
        let stages = self.stages.iter().enumerate();
        ApprovalTerms {
            required_for_add: !self.extensions_only,
            required_for_update: false,
            stages: stages
                .map(|(at, stage)| stage.check(check, &format!("{path}stages.{at}.")))
                .collect(),
            approver_details: self.approver_details,
        }
    }

    /// Whether there are stages that decide: on requests, or only on extensions.
    pub fn asks_approval(&self) -> bool {
        self.approval && self.audience != Some(Audience::Nobody)
    }
}

/// The terms that the two tabs ask for on top of `base`, with `requests.` and `lifecycle.` before each field's name.
pub fn check_policy(
    check: &mut Checker,
    base: &PolicyTerms,
    requests: &RequestsForm,
    lifecycle: &LifecycleForm,
    now: DateTime<Utc>,
) -> PolicyTerms {
    let mut terms = base.clone();
    terms.scope = requests.check_scope(check, "requests.");
    terms.subjects = match terms.scope {
        // Whom the form cannot name stays as it was.
        Scope::Specific | Scope::SpecificOrganizations => {
            let unnamed = base.subjects.iter().filter(|set| set.named().is_none()).cloned();
            subjects(&requests.subjects_in_force()).into_iter().chain(unnamed).collect()
        }
        _ => Vec::new(),
    };
    terms.approval = requests.check_approval(check, "requests.");
    let questions = requests.questions.iter().enumerate();
    terms.questions = questions
        .map(|(at, question)| question.check(check, &format!("requests.questions.{at}.")))
        .collect();
    for question in &mut terms.questions {
        QuestionForm::keep_labels(question, &base.questions);
    }
    let requestor = &mut terms.requestor;
    requestor.enabled = requests.enabled;
    requestor.justification_required = requests.asks_approval() && requests.justification;
    requestor.on_behalf_add = requests.on_behalf && terms.scope != Scope::Nobody;
    match (requestor.on_behalf_add, requestor.on_behalf.is_empty()) {
        (true, true) => requestor.on_behalf = vec![SubjectSet::RequestorManager(1)],
        (true, false) => {}
        (false, _) => {
            (requestor.on_behalf_update, requestor.on_behalf_remove) = (false, false);
            requestor.on_behalf.clear();
        }
    }
    let ends = &mut terms.lifecycle;
    ends.expires = lifecycle.check(check, "lifecycle.", now);
    ends.custom_schedule = lifecycle.custom_schedule && lifecycle.why_no_schedule(requests).is_none();
    ends.extension_allowed = lifecycle.extension && lifecycle.why_no_extension(requests).is_none();
    // A condition names a question of this very policy.
    for (at, stage) in requests.stages.iter().enumerate().filter(|_| requests.asks_approval()) {
        if stage
            .answered
            .is_some_and(|id| id.0.is_nil() || !requests.questions.iter().any(|question| question.id == id))
        {
            check.fail_once(format!("requests.stages.{at}.answered"), Code::Gone);
        }
    }
    ends.extension_approval =
        lifecycle.extension_approval && ends.extension_allowed && lifecycle.why_no_extension_approval(requests).is_none();
    terms.approval.required_for_update = ends.extension_approval;
    if requests.asks_approval() && !terms.approval.is_asked() {
        check.fail("requests.extensions_only", Code::NotOffered);
    }
    // What conditions must be has been checked where they were typed.
    for fault in check_terms(&terms, now)
        .into_iter()
        .filter(|fault| !fault.path.contains(".conditions."))
    {
        check.fail_once(at_field(&fault.path), fault.code);
    }
    terms
}

/// The field of the form at which a fault of the terms is told.
fn at_field(path: &str) -> String {
    if let Some(rest) = path.strip_prefix("approval.stages.") {
        let (at, field) = rest.split_once('.').unwrap_or((rest, "approvers"));
        let field = match field {
            "days_to_decide" => "days",
            "forwarding.after_days" => "forward_days",
            "forwarding.alternates" => "alternates",
            "forwarding.fallbacks" => "alternate_fallbacks",
            field => field,
        };
        return format!("requests.stages.{at}.{field}");
    }
    if let Some(rest) = path.strip_prefix("questions.") {
        let mut parts = rest.splitn(3, '.');
        let (at, field) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        return match (field, parts.next()) {
            ("choices", _) | (_, None) => format!("requests.questions.{at}.{field}"),
            (_, Some(more)) => format!("requests.questions.{at}.{field}.{more}"),
        };
    }
    match path {
        "subjects" => "requests.subjects".into(),
        "approval.stages" => "requests.stage_count".into(),
        "requestor.on_behalf" => "requests.on_behalf".into(),
        "questions" => "requests.question_count".into(),
        path => path
            .strip_prefix("approval.")
            .map_or_else(|| path.to_owned(), |rest| format!("requests.{rest}")),
    }
}

/// The faults that only the directory knows: whoever the form names must still be there. `found` are those who were found.
pub fn subject_faults(requests: &RequestsForm, found: &[SubjectItem]) -> FieldErrors {
    let mut check = Checker::default();
    let there = |subject: &Subject| found.iter().any(|item| item.subject == *subject && !item.deleted);
    let mut lost = |path: String, named: &[Subject]| {
        if !named.iter().all(there) {
            check.fail(path, Code::Gone);
        }
    };
    if requests.audience != Some(Audience::Nobody) && requests.scope.is_some_and(Scope::names_subjects) {
        lost("requests.subjects".into(), &requests.subjects_in_force());
    }
    if requests.asks_approval() {
        for (at, stage) in requests.stages.iter().enumerate() {
            let path = |field: &str| format!("requests.stages.{at}.{field}");
            lost(path("approvers"), stage.asked.in_force());
            lost(path("fallbacks"), &stage.asked.fallbacks);
            if stage.forward {
                lost(path("alternates"), stage.alternates.in_force());
                lost(path("alternate_fallbacks"), &stage.alternates.fallbacks);
            }
        }
    }
    check.into_errors()
}

/// The longest text that a form keeps while it is too long for its field, in bytes.
const KEPT_TEXT_MAX: usize = 16 * 1_024;

/// Text as it can be kept while it is at fault: a fault stays for its field to show, but nothing grows without bounds.
pub fn keep_text(check: &mut Checker, path: &str, text: &mut String, max: usize) {
    if text.len() > KEPT_TEXT_MAX {
        check.fail(path, Code::TooLong(max));
    }
    // No database keeps a zero character; another that is as unprintable leaves the fault in its field.
    if text.contains('\0') {
        *text = text.replace('\0', "\u{1}");
    }
}

/// The same for the two tabs of a draft.
pub fn keep_policy(check: &mut Checker, requests: &mut RequestsForm, lifecycle: &mut LifecycleForm) {
    use super::super::approval::STAGES_MAX;
    use super::super::question::QUESTIONS_MAX;
    for (path, text) in [
        ("lifecycle.date", &mut lifecycle.date),
        ("lifecycle.days", &mut lifecycle.days),
        ("lifecycle.hours", &mut lifecycle.hours),
    ] {
        keep_text(check, path, text, 64);
    }
    if requests.named().len() > 2 * SUBJECTS_MAX || requests.subjects.len() > 2 * SUBJECTS_MAX {
        check.fail("requests.subjects", Code::TooMany(SUBJECTS_MAX));
    }
    if requests.stages.len() > 2 * STAGES_MAX {
        check.fail("requests.stage_count", Code::TooMany(STAGES_MAX));
    }
    if requests.questions.len() > 2 * QUESTIONS_MAX {
        check.fail("requests.question_count", Code::TooMany(QUESTIONS_MAX));
    }
    for (at, stage) in requests.stages.iter_mut().enumerate() {
        stage.keep(check, &format!("requests.stages.{at}."));
    }
    for (at, question) in requests.questions.iter_mut().enumerate() {
        question.keep(check, &format!("requests.questions.{at}."));
    }
}

#[cfg(test)]
mod tests;

//! The rule of a dynamic group: its field, and the question before it is saved, which says who would join and leave.

use leptos::prelude::*;

use crate::admin::form::{Form, Submission};
use crate::domain::group::RulePreview;
use crate::domain::id::ObjectId;
use crate::domain::rule;
use crate::rpc::groups::preview_rule;
use crate::ui::*;

/// The question before a rule is saved. Copy it into callbacks.
#[derive(Clone, Copy)]
pub struct RuleQuestion {
    open: RwSignal<bool>,
    preview: RwSignal<RulePreview>,
}

impl RuleQuestion {
    /// Not asked yet.
    pub fn new() -> Self {
        Self {
            open: RwSignal::new(false),
            preview: RwSignal::default(),
        }
    }

    /// Finds out what the rule would do, then asks; `group` is the group that has a rule already.
    pub fn ask(self, submission: Submission, group: Option<ObjectId>, rule: String) {
        submission.send(preview_rule(group, rule), move |preview| {
            self.preview.set(preview);
            self.open.set(true);
        });
    }

    /// The dialog; `save` follows a Yes.
    pub fn dialog(self, title: &'static str, save: Callback<()>) -> AnyView {
        let sentences = move || {
            let lines = self.preview.with(RulePreview::sentences).into_iter();
            lines.map(|line| view! { <p class="break">{line}</p> }).collect_any()
        };
        view! {
            <YesNoDialog
                name="rule-question"
                title=title.to_owned()
                open=self.open
                on_yes=move || {
                    self.open.set(false);
                    save.run(());
                }
            >
                {sentences}
            </YesNoDialog>
        }
        .into_any()
    }
}

/// The rule of a dynamic group, with how to write one.
pub fn rule_field(rule: RwSignal<String>, form: Form) -> AnyView {
    let example = "Such as: (user.department -eq \"Sales\") -and (user.userType -eq \"member\")";
    view! {
        <div class="stack-8">
            {form.field("rule", "Rule", rule).required().hint(example).area(None)}
            <details class="rule-help">
                <summary>"How to write a rule"</summary>
                <dl class="properties">
                    <Property label="A test">"user.property -operator \"value\""</Property>
                    <Property label="Properties">{format!("{}, and extension_ with the name of a custom attribute", rule::PROPERTIES.join(", "))}</Property>
                    <Property label="Operators">
                        "-eq, -ne, -startsWith, -notStartsWith, -contains, -notContains; userType and accountEnabled have -eq and -ne only"
                    </Property>
                    <Property label="Joined by">"-and, -or, -not and parentheses; -not binds first, then -and, then -or"</Property>
                    <Property label="Values">
                        "\"text\" without regard to case, with `\" for a quote inside it; true or false for accountEnabled; null for an empty property"
                    </Property>
                </dl>
            </details>
        </div>
    }
    .into_any()
}

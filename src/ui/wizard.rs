//! The frame of a form in steps: the steps as links with their state, and the foot that stays in sight.

use leptos::prelude::*;

use super::dynamic::CollectAny;
use super::icon::{Glyph, Icon};

/// How far a step is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum StepState {
    Todo,
    Current,
    Done,
    Error,
}

/// One step. Without `href` it cannot be opened yet.
#[derive(Clone, PartialEq)]
pub struct Step {
    pub label: String,
    pub href: Option<String>,
    pub state: StepState,
    /// Being shown; also when its state is `Error`.
    pub current: bool,
}

impl Step {
    /// A step; `Current` also marks it as the one being shown.
    pub fn new(label: impl Into<String>, href: Option<String>, state: StepState) -> Self {
        Self {
            label: label.into(),
            href,
            state,
            current: state == StepState::Current,
        }
    }

    /// Marks it as the one being shown without changing its state.
    #[must_use]
    pub fn current(mut self, current: bool) -> Self {
        self.current = current;
        self
    }
}

/// The steps of a wizard; `label` names the wizard ("New access package").
#[component]
pub fn WizardSteps(#[prop(into)] label: String, #[prop(into)] items: Signal<Vec<Step>>) -> AnyView {
    view! {
        <nav class="steps" aria-label=label>
            <ol class="steps-list">
                {move || {
                    items.get().into_iter().enumerate().map(|(at, step)| view! { <StepLink number=at + 1 step=step/> }).collect_any()
                }}
            </ol>
        </nav>
    }
    .into_any()
}

#[component]
fn StepLink(number: usize, step: Step) -> AnyView {
    let (class, word) = match step.state {
        StepState::Todo => ("step step-todo", ""),
        StepState::Current => ("step step-current", ""),
        StepState::Done => ("step step-done", " (done)"),
        StepState::Error => ("step step-error", " (has errors)"),
    };
    let mark = match step.state {
        StepState::Done => view! { <Glyph icon=Icon::Check/> }.into_any(),
        StepState::Error => view! { <Glyph icon=Icon::Error/> }.into_any(),
        StepState::Todo | StepState::Current => number.to_string().into_any(),
    };
    let inside = view! {
        <span class="step-mark" aria-hidden="true">{mark}</span>
        <span class="step-text">{step.label}</span>
        <span class="sr-only">{word}</span>
    };
    let current = step.current.then_some("step");
    view! {
        <li class="steps-item">
            {match step.href {
                Some(href) => view! { <a class=class href=href aria-current=current>{inside}</a> }.into_any(),
                None => view! { <span class=class aria-current=current>{inside}</span> }.into_any(),
            }}
        </li>
    }
    .into_any()
}

/// The foot of a wizard or a long form: the buttons as children, and a quiet word at the end ("Draft saved").
#[component]
pub fn WizardFoot(#[prop(optional, into)] aside: Option<ViewFnOnce>, children: Children) -> AnyView {
    view! {
        <div class="wizard-foot">
            <div class="wizard-buttons">{children()}</div>
            {aside.map(|aside| view! { <div class="wizard-aside" aria-live="polite">{aside.run()}</div> })}
        </div>
    }
    .into_any()
}

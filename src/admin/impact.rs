//! What a change would do, within the question that comes before it: numbers and names, fetched when the question is opened. How it is
//! shown is a part of the bundle of its own.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_split::wasm_split;

use crate::domain::impact::{Affected, Effect, EffectKind, Impact, MoreNames};
use crate::rpc::AppError;
use crate::ui::*;

/// Asks for the impact of one change, or for further names of one of its effects.
pub type AskImpact = Arc<dyn Fn(Option<MoreNames>) -> Finding + Send + Sync>;

/// An answer on its way.
type Finding = Pin<Box<dyn Future<Output = Result<Impact, AppError>>>>;

/// What the change would do; it begins to look as soon as it is shown.
pub fn impact(ask: AskImpact) -> AnyView {
    arriving_part("impact", Box::pin(impact_view(ask)), 2)
}

#[wasm_split(impact, wasm_split_path = ::leptos::wasm_split, fallible)]
fn impact_view(ask: AskImpact) -> Result<AnyView, MissingPart> {
    Ok(shown(ask))
}

fn shown(ask: AskImpact) -> AnyView {
    let found = RwSignal::new(None::<Result<Impact, AppError>>);
    let first = ask(None);
    spawn_local(async move {
        let outcome = first.await;
        let _ = found.try_set(Some(outcome));
    });
    let view = move || match found.get() {
        None => view! { <Spinner label="Finding out whom this concerns"/> }.into_any(),
        Some(Err(error)) => view! {
            <MessageBar tone=Tone::Warning title="Whom this concerns could not be found out">
                <p>{error.text()}</p>
            </MessageBar>
        }
        .into_any(),
        Some(Ok(impact)) => told(impact, &ask),
    };
    view! { <div class="impact" aria-live="polite">{view}</div> }.into_any()
}

fn told(impact: Impact, ask: &AskImpact) -> AnyView {
    let nothing = impact
        .effects
        .is_empty()
        .then(|| view! { <p>"Nobody loses or gains anything by this."</p> });
    let notes = impact
        .notes
        .into_iter()
        .map(|note| view! { <p class="break">{note}</p> })
        .collect_any();
    let effects = impact.effects.into_iter().map(|each| effect(each, ask.clone())).collect_any();
    view! {
        {notes}
        {nothing}
        {effects}
    }
    .into_any()
}

fn tone(kind: EffectKind) -> Tone {
    match kind {
        EffectKind::Blocks => Tone::Warning,
        EffectKind::Loses => Tone::Danger,
        EffectKind::Gains => Tone::Success,
        EffectKind::Stays => Tone::Neutral,
    }
}

fn effect(effect: Effect, ask: AskImpact) -> AnyView {
    let (key, title) = (effect.key.clone(), effect.title());
    let names = RwSignal::new(effect.names);
    let next = RwSignal::new(effect.next);
    let busy = RwSignal::new(false);
    let failed = RwSignal::new(None::<String>);
    let more = move || {
        let wanted = MoreNames {
            key: key.clone(),
            after: next.get_untracked(),
        };
        busy.set(true);
        failed.set(None);
        let call = ask(Some(wanted));
        spawn_local(async move {
            let outcome = call.await;
            if busy.try_set(false).is_some() {
                return;
            }
            match outcome {
                Ok(impact) => {
                    let page = impact.effects.into_iter().next();
                    let (found, following) = page.map(|page| (page.names, page.next)).unwrap_or_default();
                    names.update(|names| names.extend(found));
                    next.set(following);
                }
                Err(error) => failed.set(Some(error.text())),
            }
        });
    };
    let more = Callback::new(move |()| more());
    let label = title.clone();
    view! {
        <section class="impact-effect">
            <p class="strong break"><StatusDot tone=tone(effect.kind) text=title/></p>
            <ul class="impact-names" tabindex="0" aria-label=label>
                {move || names.get().into_iter().map(name).collect_any()}
            </ul>
            {move || failed.get().map(|text| view! { <p class="small">{text}</p> })}
            {move || {
                next.get().map(|_| {
                    view! {
                        <Button kind=ButtonKind::Subtle busy=busy on_click=move || more.run(())>
                            "Show more"
                        </Button>
                    }
                })
            }}
        </section>
    }
    .into_any()
}

fn name(affected: Affected) -> AnyView {
    let detail = (!affected.detail.is_empty()).then(|| view! { " "<small class="muted">{affected.detail}</small> });
    view! { <li class="break">{affected.name}{detail}</li> }.into_any()
}

//! What the resources of a package ask of requestors beside the policy's questions (F054): read here, changed at the resource.

use leptos::prelude::*;

use crate::domain::attribute::RequiredAttribute;
use crate::ui::*;

/// The list, below the questions.
pub fn required_attributes(all: Vec<RequiredAttribute>) -> AnyView {
    let row = |one: RequiredAttribute| {
        let mut facts = vec![format!("required by {}", one.resources.join(", "))];
        facts.push(
            if one.editable {
                "can be changed"
            } else {
                "asked only where nothing is known"
            }
            .to_owned(),
        );
        if one.write {
            facts.push("written to the user at delivery".to_owned());
        }
        view! { <li class="break"><span class="strong">{one.text}</span>": " {facts.join("; ")} "."</li> }.into_any()
    };
    let list = if all.is_empty() {
        view! { <p class="muted">"The chosen resources require no attributes."</p> }.into_any()
    } else {
        view! { <ul class="stack-8">{all.into_iter().map(row).collect_any()}</ul> }.into_any()
    };
    view! {
        <section class="form titled">
            <SectionTitle
                title="Attributes"
                text="What the resources ask of whoever requests the package, behind the questions. It is said at each resource of the catalog."
            />
            {list}
        </section>
    }
    .into_any()
}

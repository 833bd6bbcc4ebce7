//! How every mail looks: an example of each, and the one that the address names.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::{Tab, preview, tabs};
use crate::admin::error_view::loaded;
use crate::admin::page_title::PageTitle;
use crate::domain::mail::Sample;
use crate::paths;
use crate::rpc::Loading;
use crate::rpc::mails::{mail_sample, mail_samples};
use crate::ui::*;

/// The examples (F164).
#[component]
pub fn TemplatesPage() -> AnyView {
    let samples = Loading::once(mail_samples);
    let params = use_params_map();
    let named = Memo::new(move |_| params.with(|params| params.get("template").filter(|name| !name.is_empty())));
    let is_open = move || named.with(Option::is_some);
    let open = RwSignal::new(untrack(is_open));
    Effect::new(move |_| open.set(is_open()));
    let text = Loading::new(named, async |name: Option<String>| match name {
        Some(name) => mail_sample(name.clone()).await.map(|text| Some((name, text))),
        None => Ok(None),
    });
    view! {
        <PageTitle text="Mail templates"/>
        <Breadcrumb items=vec![
            Crumb::link("Home", paths::ADMIN),
            Crumb::link("Settings", paths::SETTINGS),
            Crumb::here("Mail templates"),
        ]/>
        <PageHead title="Mail templates" subtitle="What each mail says, with names that are made up.".to_owned() icon=Icon::Mail/>
        {tabs(Tab::Templates)}
        {loaded(samples, table)}
        <Pane
            name="template"
            title="Mail template"
            open=open
            inline_open=untrack(is_open)
            width=PaneWidth::Wide
            close_href=paths::MAIL_TEMPLATES.to_owned()
        >
            {loaded(text, |found| {
                found
                    .map(|(name, text)| view! {
                        {preview(paths::mail_template_content(&name))}
                        <details><summary>"As plain text"</summary><pre class="mail-text">{text}</pre></details>
                    })
                    .into_any()
            })}
        </Pane>
    }
    .into_any()
}

fn table(samples: Vec<Sample>) -> AnyView {
    let head = || {
        view! {
            <HeadCell label="Subject"/>
            <HeadCell label="Who gets it, and when"/>
        }
    };
    let row = |sample: Sample| {
        view! {
            <tr>
                <td><a class="list-link" href=paths::mail_template(&sample.name) data-noscroll="">{sample.subject}</a></td>
                <td class="cell-text" data-label="Who gets it, and when">{sample.about}</td>
            </tr>
        }
        .into_any()
    };
    let rows: Vec<AnyView> = samples.into_iter().map(row).collect();
    view! { <Table caption="Mail templates" cards=true head=head>{rows}</Table> }.into_any()
}

//! The pages on which a person lets a client act in their name: from a link of the client, or for a device whose code they type.

use leptos::prelude::*;

use super::{Gate, PRODUCT};
use crate::paths;
use crate::ui::*;

/// What a person is asked about a client.
#[derive(Clone, Debug, Default)]
pub struct ConsentPage {
    /// The client's name.
    pub client: String,
    /// What it is for.
    pub description: String,
    /// What it would be allowed, in words.
    pub permissions: Vec<&'static str>,
    /// It would stay signed in.
    pub offline: bool,
    /// Where it sends people afterwards; empty for a device.
    pub source: String,
    /// Who is signed in.
    pub user_name: String,
    /// Where the answer goes.
    pub action: &'static str,
    /// What goes with the answer unchanged.
    pub kept: Vec<(&'static str, String)>,
}

impl ConsentPage {
    /// As HTML.
    pub fn html(self, gate: &Gate) -> String {
        let tenant = gate.tenant.clone();
        gate.page("Allow access", move || {
            let text = format!("{} asks to act for you. Signed in as {}.", self.client, self.user_name);
            let rows = self.permissions.into_iter().map(|what| view! { <li>{what}</li> }).collect_any();
            let hidden = self
                .kept
                .into_iter()
                .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
                .collect_any();
            let stays = self
                .offline
                .then(|| view! { <p>"It stays signed in until you or an administrator end that."</p> });
            let next = if self.source.is_empty() {
                "Go on only if you started this on a device of yours just now.".to_owned()
            } else {
                format!("Afterwards you are sent to {}.", self.source)
            };
            view! {
                <CardFrame product=PRODUCT title="Allow access?" tenant=tenant text=text>
                    {(!self.description.is_empty()).then(|| view! { <p class="muted break">{self.description}</p> })}
                    <p>"It could, as far as you can yourself:"</p>
                    <ul>{rows}</ul>
                    {stays}
                    <p class="muted break">{next}</p>
                    <form method="post" action=self.action class="stack-8">
                        {hidden}
                        <Button kind=ButtonKind::Primary submit=true name="decision" value="allow">"Allow"</Button>
                        <Button kind=ButtonKind::Secondary submit=true name="decision" value="deny">"Don't allow"</Button>
                    </form>
                </CardFrame>
            }
            .into_any()
        })
    }
}

/// Takes what a client is answered to it as a form: by itself with scripting, else by a button.
#[derive(Clone, Debug, Default)]
pub struct FormPostPage {
    /// The client's name.
    pub client: String,
    /// Where the form goes.
    pub address: String,
    /// What it carries.
    pub fields: Vec<(&'static str, String)>,
}

impl FormPostPage {
    /// As HTML.
    pub fn html(self, gate: &Gate) -> String {
        let tenant = gate.tenant.clone();
        gate.page("Going on", move || {
            let text = format!("{} has its answer, and you go on there.", self.client);
            let hidden = self
                .fields
                .into_iter()
                .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
                .collect_any();
            view! {
                <CardFrame product=PRODUCT title="Going on" tenant=tenant text=text>
                    <form method="post" action=self.address data-send="">
                        {hidden}
                        <Button kind=ButtonKind::Primary submit=true>"Continue"</Button>
                    </form>
                </CardFrame>
            }
            .into_any()
        })
    }
}

/// Where people type the code of a device.
#[derive(Clone, Debug, Default)]
pub struct DevicePage {
    /// As typed.
    pub code: String,
    /// Why it did not work.
    pub error: Option<String>,
}

impl DevicePage {
    /// As HTML.
    pub fn html(self, gate: &Gate) -> String {
        let tenant = gate.tenant.clone();
        gate.page("Sign in a device", move || {
            view! {
                <CardFrame
                    product=PRODUCT
                    title="Sign in a device"
                    tenant=tenant
                    text="Enter the code that the device or program shows. Never enter one that somebody sent to you."
                >
                    {self.error.map(|error| view! { <MessageBar tone=Tone::Danger title=error/> })}
                    <form method="post" action=paths::DEVICE>
                        <TextField
                            name="user_code" label="Code" value=RwSignal::new(self.code) required=true autocomplete="off" autofocus=true
                        />
                        <Button kind=ButtonKind::Primary submit=true>"Next"</Button>
                    </form>
                </CardFrame>
            }
            .into_any()
        })
    }
}

//! The forms: sign in, change one's own password, choose the first one, set up. What was typed comes back with the faults, passwords excepted.

use leptos::prelude::*;

use super::{Gate, PRODUCT, fault};
use crate::domain::password::PASSWORD_MIN;
use crate::domain::validate::FieldError;
use crate::paths;
use crate::ui::*;

/// The sign-in page.
#[derive(Clone, Debug, Default)]
pub struct SignInPage {
    /// Where to go afterwards.
    pub return_to: String,
    /// As typed before.
    pub user_name: String,
    /// Why it did not work.
    pub error: Option<String>,
    /// Just signed out.
    pub signed_out: bool,
}

impl SignInPage {
    /// As HTML.
    pub fn html(self, gate: &Gate) -> String {
        let tenant = gate.tenant.clone();
        gate.page("Sign in", move || {
            let again = !self.user_name.is_empty();
            view! {
                <CardFrame product=PRODUCT title="Sign in" tenant=tenant>
                    {self.signed_out.then(|| view! { <MessageBar tone=Tone::Success title="You are signed out."/> })}
                    {self.error.map(|error| view! { <MessageBar tone=Tone::Danger title=error/> })}
                    <form method="post" action=paths::SIGN_IN>
                        <input type="hidden" name="return" value=self.return_to/>
                        <TextField
                            name="user_name"
                            label="User name"
                            value=RwSignal::new(self.user_name)
                            required=true
                            autocomplete="username"
                            autofocus=!again
                        />
                        <PasswordField name="password" label="Password" value=RwSignal::new(String::new()) required=true autofocus=again/>
                        <Button kind=ButtonKind::Primary submit=true>"Sign in"</Button>
                    </form>
                    <p class="muted small">"No account, or forgot your password? Ask an administrator of your organisation."</p>
                </CardFrame>
            }
            .into_any()
        })
    }
}

/// The page for one's own password.
#[derive(Clone, Debug, Default)]
pub struct PasswordPage {
    /// Where to go afterwards.
    pub return_to: String,
    /// The account, for password keepers and the eye.
    pub user_name: String,
    /// The initial password still has to be changed.
    pub due: bool,
    /// Faults at fields.
    pub errors: Vec<FieldError>,
    /// A fault of the whole.
    pub error: Option<String>,
}

impl PasswordPage {
    /// As HTML.
    pub fn html(self, gate: &Gate) -> String {
        let text = if self.due {
            "The password that you were given is for the first time only. Choose your own."
        } else {
            "Your other sessions will end; this one stays."
        };
        let title = if self.due { "Choose your password" } else { "Change password" };
        gate.page(title, move || {
            let errors = &self.errors;
            let current = fault(errors, "current", "Current password");
            let new = fault(errors, "new", "New password");
            let again = fault(errors, "again", "New password again");
            let text = format!("{text} Signed in as {}.", self.user_name);
            view! {
                <CardFrame product=PRODUCT title=title text=text>
                    {self.error.map(|error| view! { <MessageBar tone=Tone::Danger title=error/> })}
                    <form method="post" action=paths::PASSWORD>
                        <input type="hidden" name="return" value=self.return_to/>
                        <input type="text" name="account" value=self.user_name autocomplete="username" readonly hidden/>
                        <PasswordField
                            name="current" label="Current password" value=RwSignal::new(String::new()) error=current required=true autofocus=true
                        />
                        <NewPassword name="new" label="New password" error=new/>
                        <NewPassword name="again" label="New password again" error=again/>
                        <Button kind=ButtonKind::Primary submit=true>"Change password"</Button>
                    </form>
                    <form method="post" action=paths::SIGN_OUT>
                        <Button kind=ButtonKind::Subtle submit=true>"Sign out"</Button>
                    </form>
                </CardFrame>
            }
            .into_any()
        })
    }
}

/// The page on which somebody chooses their first password.
#[derive(Clone, Debug, Default)]
pub struct FirstPasswordPage {
    /// The token of the link.
    pub token: String,
    /// The account, for password keepers and the eye.
    pub user_name: String,
    /// Faults at fields.
    pub errors: Vec<FieldError>,
    /// A fault of the whole.
    pub error: Option<String>,
}

impl FirstPasswordPage {
    /// As HTML.
    pub fn html(self, gate: &Gate) -> String {
        let tenant = gate.tenant.clone();
        gate.page("Choose your password", move || {
            let errors = &self.errors;
            let new = fault(errors, "new", "Password");
            let again = fault(errors, "again", "Password again");
            let text = format!("Your user name is {}. This page works once.", self.user_name);
            view! {
                <CardFrame product=PRODUCT title="Choose your password" tenant=tenant text=text>
                    {self.error.map(|error| view! { <MessageBar tone=Tone::Danger title=error/> })}
                    <form method="post" action=paths::sign_in_link(&self.token)>
                        <input type="text" name="account" value=self.user_name autocomplete="username" readonly hidden/>
                        <NewPassword name="new" label="Password" error=new/>
                        <NewPassword name="again" label="Password again" error=again/>
                        <Button kind=ButtonKind::Primary submit=true>"Choose and sign in"</Button>
                    </form>
                </CardFrame>
            }
            .into_any()
        })
    }
}

/// The first set-up page.
#[derive(Clone, Debug, Default)]
pub struct SetUpPage {
    /// The token of the link.
    pub token: String,
    /// Shown name, as typed.
    pub name: String,
    /// Sign-in name, as typed.
    pub user_name: String,
    /// Faults at fields.
    pub errors: Vec<FieldError>,
    /// A fault of the whole.
    pub error: Option<String>,
}

impl SetUpPage {
    /// As HTML.
    pub fn html(self, gate: &Gate) -> String {
        let tenant = gate.tenant.clone();
        gate.page("Set up", move || {
            let errors = &self.errors;
            let name = fault(errors, "name", "Name");
            let user_name = fault(errors, "user_name", "User name");
            let password = fault(errors, "password", "Password");
            let again = fault(errors, "again", "Password again");
            view! {
                <CardFrame
                    product=PRODUCT
                    title="Set up"
                    tenant=tenant
                    text="Create the first Global administrator. This page works once; further accounts are made in the admin area."
                >
                    {self.error.map(|error| view! { <MessageBar tone=Tone::Danger title=error/> })}
                    <form method="post" action=paths::SET_UP>
                        <input type="hidden" name="token" value=self.token/>
                        <TextField name="name" label="Name" value=RwSignal::new(self.name) error=name required=true autocomplete="name" autofocus=true/>
                        <TextField
                            name="user_name" label="User name" value=RwSignal::new(self.user_name) error=user_name required=true
                            autocomplete="username"
                        />
                        <NewPassword name="password" label="Password" error=password/>
                        <NewPassword name="again" label="Password again" error=again/>
                        <Button kind=ButtonKind::Primary submit=true>"Create administrator"</Button>
                    </form>
                </CardFrame>
            }
            .into_any()
        })
    }
}

#[component]
fn NewPassword(name: &'static str, label: &'static str, error: Signal<Option<String>>) -> AnyView {
    let hint = (name != "again").then(|| format!("At least {PASSWORD_MIN} characters. Several unrelated words are easy to remember."));
    view! {
        <PasswordField
            name=name label=label value=RwSignal::new(String::new()) error=error nostrip:hint=hint required=true autocomplete="new-password"
        />
    }
    .into_any()
}

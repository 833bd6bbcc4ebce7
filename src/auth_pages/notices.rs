//! The cards that end a visit: access denied, not found, something went wrong. Each says what happened and what to do next.

use leptos::prelude::*;

use super::{Gate, PRODUCT};
use crate::paths;
use crate::ui::*;

/// Who is signed in, as a notice shows it.
#[derive(Clone, Debug)]
pub struct Visitor {
    /// Shown name.
    pub name: String,
    /// Sign-in name.
    pub user_name: String,
}

/// What a notice says.
#[derive(Clone, Debug)]
pub enum Notice {
    /// The admin area is not for this account (F008).
    Denied(Visitor),
    /// There is no such page.
    NotFound,
    /// The set-up link has been used, or never was one.
    LinkUsed,
    /// A sign-in link has been used, is over, or never was one.
    SignInLinkOver,
    /// The form came from another site.
    Foreign,
    /// More was sent than any page of ours sends.
    TooLarge,
    /// The form cannot be read.
    Unreadable,
    /// A link of a client that leads nowhere, and why.
    BadLink(String),
    /// A device's sign-in was decided: whether it was allowed.
    DeviceDecided(bool),
    /// It took too long.
    TooSlow,
    /// Ours to mend; the trace id is in the log.
    Internal(String),
}

impl Notice {
    fn words(&self) -> (&'static str, String) {
        match self {
            Self::Denied(_) => (
                "Access denied",
                "The admin area needs a role: Global administrator, Identity Governance administrator or User administrator, or a role in a catalog. Ask one of the administrators for access.".into(),
            ),
            Self::NotFound => (
                "Page not found",
                "There is no page at this address. It may have been moved or deleted, or the link is incomplete.".into(),
            ),
            Self::LinkUsed => (
                "This link no longer works",
                "The set-up link works once, and a newer one replaces it. If Woodgate is set up already, sign in; if not, start the \
                 service again and use the link that it prints."
                    .into(),
            ),
            Self::SignInLinkOver => (
                "This link no longer works",
                "A sign-in link works once and for seven days, and a newer one replaces it. If you have chosen a password already, sign in; \
                 if not, ask an administrator of your organization for another link."
                    .into(),
            ),
            Self::Foreign => (
                "This was not sent",
                "The form came from another site, so nothing was done. Open the page here and send it again.".into(),
            ),
            Self::TooLarge => (
                "This is too large",
                "More was sent than this page takes, so nothing was done. Go back, shorten the text and send it again.".into(),
            ),
            Self::Unreadable => (
                "This can't be read",
                "What was sent is not what this page sends, so nothing was done. Open the page again and fill it in there.".into(),
            ),
            Self::BadLink(text) => ("This link can't be used", text.clone()),
            Self::DeviceDecided(true) => ("The device is signed in", "You can close this page and go on at the device.".into()),
            Self::DeviceDecided(false) => ("The device was refused", "Nothing was allowed. You can close this page.".into()),
            Self::TooSlow => (
                "This takes too long",
                "The server is busy and gave up on this page. Wait a moment, then reload it.".into(),
            ),
            Self::Internal(trace) => (
                "Something went wrong",
                format!("This is a fault on our side. Try again; if it stays, tell your administrator this number: {trace}"),
            ),
        }
    }

    /// As HTML.
    pub fn html(self, gate: &Gate) -> String {
        let (title, text) = self.words();
        gate.page(title, move || {
            view! {
                <CardFrame product=PRODUCT title=title text=text>
                    {match self {
                        Self::Denied(visitor) => denied(visitor),
                        Self::LinkUsed | Self::SignInLinkOver => view! { <a class="button button-primary" href=paths::SIGN_IN>"Sign in"</a> }.into_any(),
                        _ => view! { <a class="button button-primary" href=paths::ROOT>"Go to the start page"</a> }.into_any(),
                    }}
                </CardFrame>
            }
            .into_any()
        })
    }
}

fn denied(visitor: Visitor) -> AnyView {
    view! {
        <p>"You are signed in as " <strong>{visitor.name}</strong> " (" {visitor.user_name} ")."</p>
        <a class="button button-primary" href=paths::MY_ACCESS>"Go to My Access"</a>
        <form method="post" action=paths::SIGN_OUT>
            <Button kind=ButtonKind::Secondary submit=true>"Sign out"</Button>
        </form>
    }
    .into_any()
}

//! What can be done with one account: the commands, each with its question, and what comes back.

use std::sync::Arc;

use leptos::prelude::*;

use super::delete::{CONSEQUENCE, USER};
use crate::admin::confirm::Question;
use crate::admin::deletion::{self, ToDelete};
use crate::admin::form::Submission;
use crate::admin::person::said;
use crate::admin::timestamp::day;
use crate::domain::impact::UserChange;
use crate::domain::user::UserDetail;
use crate::paths;
use crate::rpc::impact::user_impact;
use crate::rpc::users::{reset_password, restore_user, send_sign_in_link, set_user_enabled};
use crate::ui::*;

/// The commands of a user who is not deleted. `reload` fetches the user again.
#[component]
pub fn UserCommands(user: UserDetail, reload: Callback<()>) -> AnyView {
    let blocking = RwSignal::new(None);
    let resetting = RwSignal::new(false);
    let deleting = RwSignal::new(None::<ToDelete>);
    let ask = ToDelete {
        id: user.item.id.0,
        name: said(&user.item.name, &user.item.user_name),
        version: Some(user.version),
        text: CONSEQUENCE.to_owned(),
    };
    let to_block = user.clone();
    let link = link_command(&user, reload);
    let abilities = user.abilities.clone();
    let (block_text, block_icon) = if user.item.enabled {
        ("Block sign-in", Icon::Lock)
    } else {
        ("Unblock sign-in", Icon::Success)
    };
    view! {
        <CommandBar>
            {match abilities.edit.reason() {
                None => view! { <LinkButton href=paths::user_edit(user.item.id) icon=Icon::Edit kind=ButtonKind::Subtle>"Edit"</LinkButton> }
                    .into_any(),
                why => command("edit", Icon::Edit, "Edit", why, || ()),
            }}
            {command("block", block_icon, block_text, abilities.block.reason(), move || blocking.set(Some(to_block.clone())))}
            {command("reset-password", Icon::Key, "Reset password", abilities.reset_password.reason(), move || resetting.set(true))}
            {link}
            {command("delete", Icon::Delete, "Delete", abilities.delete.reason(), move || deleting.set(Some(ask.clone())))}
        </CommandBar>
        {block_question(blocking, user.item.enabled, reload)}
        <ResetDialog user=user open=resetting reload=reload/>
        {deletion::question(USER, deleting, deletion::to_list(USER))}
    }
    .into_any()
}

/// Send sign-in link, for an account without a password; nothing is asked before, for nothing is lost.
fn link_command(user: &UserDetail, reload: Callback<()>) -> Option<AnyView> {
    if user.item.has_password {
        return None;
    }
    let (id, version, mail) = (user.item.id, user.version, user.mail.clone());
    let (sending, toasts) = (Submission::new(), use_toasts());
    let press = move || {
        let mail = mail.clone();
        sending.send(send_sign_in_link(id, version), move |()| {
            toasts.success("Sign-in link sent", format!("A mail to {mail} is on its way."), None);
            reload.run(());
        });
    };
    Effect::new(move |_| {
        if let Some(text) = sending.text().get() {
            toasts.error("Sign-in link not sent", text, None);
        }
    });
    Some(command(
        "send-link",
        Icon::Mail,
        "Send sign-in link",
        user.abilities.send_link.reason(),
        press,
    ))
}

/// A command that opens its question, or says why it can't.
fn command(
    id: &'static str,
    icon: Icon,
    label: &'static str,
    why_not: Option<String>,
    press: impl Fn() + Send + Sync + 'static,
) -> AnyView {
    view! {
        <Button id=format!("command-{id}") icon=icon kind=ButtonKind::Subtle disabled_reason=why_not on_click=press>
            {label}
        </Button>
    }
    .into_any()
}

/// Block or unblock, whichever is the other of what is now.
fn block_question(chosen: RwSignal<Option<UserDetail>>, enabled: bool, reload: Callback<()>) -> AnyView {
    let toasts = use_toasts();
    let title = |user: &UserDetail| {
        let verb = if user.item.enabled { "Block" } else { "Unblock" };
        format!("{verb} sign-in of {}?", said(&user.item.name, &user.item.user_name))
    };
    let text = |user: &UserDetail| {
        let text = if user.item.enabled {
            "They can't sign in until you unblock them."
        } else {
            "They can sign in again with the password they have."
        };
        text.to_owned()
    };
    let question = Question::new(
        "block-user",
        title,
        text,
        |user: UserDetail| {
            let change = set_user_enabled(user.item.id, user.version, !user.item.enabled);
            Box::pin(async move { change.await.map(drop) })
        },
        move |user: UserDetail| {
            let done = if user.item.enabled {
                "Sign-in blocked"
            } else {
                "Sign-in unblocked"
            };
            toasts.success(done, user.item.name, None);
            reload.run(());
        },
    )
    .gone(
        |user| deletion::gone(&said(&user.item.name, &user.item.user_name)),
        move |_| reload.run(()),
    )
    .harmless(!enabled);
    if enabled {
        question.impact(|user: &UserDetail| {
            let id = user.item.id;
            Arc::new(move |more| Box::pin(user_impact(id, UserChange::Block, more)))
        })
    } else {
        question
    }
    .view(chosen)
}

#[component]
fn ResetDialog(user: UserDetail, open: RwSignal<bool>, reload: Callback<()>) -> AnyView {
    let submission = Submission::new();
    let password = RwSignal::new(String::new());
    let shown = RwSignal::new(false);
    let name = user.item.name.clone();
    // It can't be shown again, so only Done closes it unasked.
    let kept = Signal::derive(move || password.with(|password| !password.is_empty()));
    let yes = move || {
        submission.send(reset_password(user.item.id, user.version), move |given| {
            open.set(false);
            password.set(given);
            shown.set(true);
        });
    };
    let forget = move || {
        password.set(String::new());
        reload.run(());
    };
    view! {
        <YesNoDialog
            name="reset-password"
            title=format!("Reset the password of {}?", said(&name, &user.item.user_name))
            open=open
            busy=submission.busy()
            error=submission.text()
            on_no=move || submission.clear()
            on_yes=yes
        >
            <p>"They are signed out everywhere. You get a temporary password to hand over, and they choose their own at the next sign-in."</p>
        </YesNoDialog>
        <Pane
            name="new-password"
            title="Temporary password".to_owned()
            subtitle=said(&name, &user.item.user_name)
            open=shown
            dirty=kept
            discard=("Close without the password?", "It can't be shown again. Reset it once more if it was not handed over.")
            on_close=forget
            foot=move || {
                view! {
                    <Button
                        kind=ButtonKind::Primary
                        on_click=move || {
                            shown.set(false);
                            forget();
                        }
                    >
                        "Done"
                    </Button>
                }
            }
        >
            <div class="stack">
                <CopyField name="temporary-password" label="Temporary password" value=password/>
                <p>"It is shown only this once. Hand it over in a way that nobody else can read; it is replaced at the next sign-in."</p>
            </div>
        </Pane>
    }
    .into_any()
}

/// What stands above a deleted user: until when, and the way back.
#[component]
pub fn RestoreBar(user: UserDetail, reload: Callback<()>) -> AnyView {
    let submission = Submission::new();
    let toasts = use_toasts();
    let name = user.item.name.clone();
    let why_not = user.abilities.restore.reason();
    let restore = move || {
        let name = name.clone();
        submission.send(restore_user(user.item.id, user.version), move |()| {
            toasts.success("User restored", name, None);
            reload.run(());
        });
    };
    let action = move || {
        view! {
            <Button id="restore" busy=submission.busy() disabled_reason=why_not on_click=restore>"Restore"</Button>
        }
    };
    view! {
        <MessageBar tone=Tone::Warning title="This user is deleted" action=action>
            <p>
                "The account can't sign in. "
                {user.restorable_until.map(|until| view! { "It can be restored until " {day(until)} "." })}
            </p>
            {move || submission.text().get().map(|text| view! { <p class="strong">{text}</p> })}
        </MessageBar>
    }
    .into_any()
}

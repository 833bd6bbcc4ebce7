//! Mails as administrators see them: what waits, was sent, failed or was not sent, what each says, and the addresses that are left out.

use crate::domain::access::{ManageSettings, Principal, Scope};
use crate::domain::audit::{Activity, Target};
use crate::domain::id::{MessageId, SuppressionId};
use crate::domain::mail::{self, Mail, Sample};
use crate::domain::outbox::{MailDetail, MailItem, MailQuery, MailStatus, SuppressedAddress};
use crate::domain::page::{Page, PageQuery};
use crate::store::{outbox, suppressed_addresses};

use super::audit::Entry;
use super::outbox::Context;
use super::{App, Error, MailRoute};

/// How mails leave, and how many stand where.
pub async fn status(app: &App, actor: &Principal) -> Result<MailStatus, Error> {
    actor.authorize(ManageSettings, Scope::Tenant)?;
    let mut tx = app.store.read().await?;
    let (waiting, failed) = outbox::counts(&mut tx).await?;
    let (folder, server) = match &app.site.mail {
        MailRoute::Folder(folder) => (Some(folder.clone()), String::new()),
        MailRoute::Server(server) => (None, server.clone()),
    };
    Ok(MailStatus {
        folder,
        server,
        waiting,
        failed,
    })
}

/// A page of the mails (F164).
pub async fn list(app: &App, actor: &Principal, query: &MailQuery) -> Result<Page<MailItem>, Error> {
    actor.authorize(ManageSettings, Scope::Tenant)?;
    let mut tx = app.store.read().await?;
    Ok(outbox::list_mails(&mut tx, query.filter, &query.page).await?)
}

/// One mail with what it says, as it would be sent now.
pub async fn get(app: &App, actor: &Principal, id: MessageId) -> Result<MailDetail, Error> {
    let (item, mail) = read(app, actor, id).await?;
    let (subject, text) = mail.map(|mail| (mail.subject, mail.text)).unwrap_or_default();
    Ok(MailDetail { item, subject, text })
}

/// The HTML of one mail.
pub async fn html(app: &App, actor: &Principal, id: MessageId) -> Result<String, Error> {
    let (_, mail) = read(app, actor, id).await?;
    mail.map(|mail| mail.html).ok_or(Error::NotFound)
}

async fn read(app: &App, actor: &Principal, id: MessageId) -> Result<(MailItem, Option<Mail>), Error> {
    actor.authorize(ManageSettings, Scope::Tenant)?;
    let mut tx = app.store.read().await?;
    let (item, message) = outbox::find_mail(&mut tx, id).await?.ok_or(Error::NotFound)?;
    // Signed with nothing: the signature is not shown.
    let context = Context::new(&mut tx, String::new()).await?;
    let (user, name) = (item.recipient.id, item.recipient.name.clone());
    let mail = context.content(app, &mut tx, &message.payload, user, &name).await?;
    Ok((item, mail.map(without_signature)))
}

/// A link in a mail is for its recipient; an administrator who reads the mail sees where it leads and no signature.
fn without_signature(mail: Mail) -> Mail {
    let cut = |text: &str| {
        ["/mail-link/", "/sign-in-link/"].iter().fold(text.to_owned(), |text, start| {
            let mut shown = String::with_capacity(text.len());
            let mut rest = text.as_str();
            while let Some((before, after)) = rest.split_once(start) {
                shown.push_str(before);
                shown.push_str(start);
                shown.push('…');
                rest = after.trim_start_matches(|c: char| c.is_ascii_hexdigit());
            }
            shown.push_str(rest);
            shown
        })
    };
    Mail {
        text: cut(&mail.text),
        html: cut(&mail.html),
        subject: mail.subject,
    }
}

/// Sends a mail once more, whatever became of it.
pub async fn resend(app: &App, actor: &Principal, id: MessageId) -> Result<(), Error> {
    let granted = actor.authorize(ManageSettings, Scope::Tenant)?;
    let mut tx = app.store.write().await?;
    let (item, _) = outbox::find_mail(&mut tx, id).await?.ok_or(Error::NotFound)?;
    if !outbox::resend(&mut tx, id.into(), app.clock.now()).await? {
        return Err(Error::Conflict("This mail is being sent at this moment.".into()));
    }
    Entry::by_principal(&granted, Activity::ResendMail, Target::new("mail", id, item.about.as_str()))
        .and(Target::new("user", item.recipient.id, item.recipient.name.as_str()))
        .write(app, &mut tx)?;
    tx.commit().await?;
    app.wake.wake_mail();
    Ok(())
}

/// A page of the addresses to which nothing is sent.
pub async fn suppressed(app: &App, actor: &Principal, page: &PageQuery) -> Result<Page<SuppressedAddress>, Error> {
    actor.authorize(ManageSettings, Scope::Tenant)?;
    let mut tx = app.store.read().await?;
    Ok(suppressed_addresses::list(&mut tx, page).await?)
}

/// Sends to an address again from now on.
pub async fn remove_suppressed(app: &App, actor: &Principal, id: SuppressionId) -> Result<(), Error> {
    let granted = actor.authorize(ManageSettings, Scope::Tenant)?;
    let mut tx = app.store.write().await?;
    let address = suppressed_addresses::remove(&mut tx, id).await?.ok_or(Error::NotFound)?;
    Entry::by_principal(&granted, Activity::RemoveSuppression, Target::new("address", id, address)).write(app, &mut tx)?;
    Ok(tx.commit().await?)
}

/// An example of every mail.
pub async fn samples(app: &App, actor: &Principal) -> Result<Vec<Sample>, Error> {
    actor.authorize(ManageSettings, Scope::Tenant)?;
    Ok(mail::samples(&app.site.tenant, &app.site.public_url))
}

/// One example in full.
pub async fn sample(app: &App, actor: &Principal, name: &str) -> Result<Mail, Error> {
    actor.authorize(ManageSettings, Scope::Tenant)?;
    mail::sample(name, &app.site.tenant, &app.site.public_url).ok_or(Error::NotFound)
}

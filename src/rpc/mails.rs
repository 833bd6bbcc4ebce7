//! Mails: server functions of the admin area's pages about what is sent.

use leptos::prelude::*;

use super::call::Call;
use super::error::AppError;
use crate::domain::id::{MessageId, SuppressionId};
use crate::domain::mail::Sample;
use crate::domain::outbox::{MailDetail, MailItem, MailQuery, MailStatus, SuppressedAddress};
use crate::domain::page::{Page, PageQuery};

#[cfg(feature = "ssr")]
use {super::context::serve, crate::service::mails};

/// How mails leave, and how many stand where.
#[server(endpoint = "mails/status", protocol = Call)]
pub async fn get_mail_status() -> Result<MailStatus, AppError> {
    serve(async |app, actor| mails::status(app, actor).await).await
}

/// A page of the mails, newest first (F164).
#[server(endpoint = "mails/list", protocol = Call)]
pub async fn list_mails(query: MailQuery) -> Result<Page<MailItem>, AppError> {
    serve(async |app, actor| mails::list(app, actor, &query).await).await
}

/// One mail with what it says.
#[server(endpoint = "mails/get", protocol = Call)]
pub async fn get_mail(id: MessageId) -> Result<MailDetail, AppError> {
    serve(async |app, actor| mails::get(app, actor, id).await).await
}

/// Sends a mail once more.
#[server(endpoint = "mails/resend", protocol = Call)]
pub async fn resend_mail(id: MessageId) -> Result<(), AppError> {
    serve(async |app, actor| mails::resend(app, actor, id).await).await
}

/// A page of the addresses to which nothing is sent.
#[server(endpoint = "mails/suppressed", protocol = Call)]
pub async fn list_suppressed(page: PageQuery) -> Result<Page<SuppressedAddress>, AppError> {
    serve(async |app, actor| mails::suppressed(app, actor, &page).await).await
}

/// Sends to an address again.
#[server(endpoint = "mails/remove-suppressed", protocol = Call)]
pub async fn remove_suppressed(id: SuppressionId) -> Result<(), AppError> {
    serve(async |app, actor| mails::remove_suppressed(app, actor, id).await).await
}

/// An example of every mail.
#[server(endpoint = "mails/samples", protocol = Call)]
pub async fn mail_samples() -> Result<Vec<Sample>, AppError> {
    serve(async |app, actor| mails::samples(app, actor).await).await
}

/// The text of one example.
#[server(endpoint = "mails/sample", protocol = Call)]
pub async fn mail_sample(name: String) -> Result<String, AppError> {
    serve(async |app, actor| mails::sample(app, actor, &name).await.map(|mail| mail.text)).await
}

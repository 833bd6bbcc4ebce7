//! Mail: over SMTP, or into a folder where no server is set. Which answers of a server mean never, later, or that the server cannot be used
//! at all is decided here.

use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::{Error, PoolConfig};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use crate::service::ports::{MailSender, OutgoingMail, SendError};

/// How long one command may take.
const COMMAND_MAX: Duration = Duration::from_secs(20);
/// How long one mail may take, so that a claim is over before its lease.
const MAIL_MAX: Duration = Duration::from_secs(30);
/// Connections to the server at the most.
const CONNECTIONS_MAX: u32 = 4;
/// How long a connection is kept that nobody uses.
const IDLE_MAX: Duration = Duration::from_secs(30);

/// How the connection is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// Not at all.
    None,
    /// By STARTTLS, without which nothing is sent.
    StartTls,
    /// From the first byte on.
    Tls,
}

/// Who mails come from.
#[derive(Clone, Debug)]
pub struct SenderAddress {
    /// The organisation.
    pub name: String,
    /// The address.
    pub address: String,
    /// The host that they name as theirs, such as that of the service's own address.
    pub host: String,
}

/// The mail server.
pub struct Server {
    /// Its name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// User and password, if it asks for them.
    pub credentials: Option<(String, String)>,
}

/// Sends over SMTP.
pub struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: SenderAddress,
    patience: Duration,
}

impl Smtp {
    /// Over a server; nothing is connected before the first mail. Fails where the operating system has no certificates to trust.
    pub fn new(server: Server, from: SenderAddress) -> Result<Self, String> {
        Self::trusting(server, from, None)
    }

    /// The same, trusting one more certificate.
    fn trusting(server: Server, from: SenderAddress, certificate: Option<Certificate>) -> Result<Self, String> {
        let parameters = || {
            let trusted = TlsParameters::builder(server.host.clone());
            let trusted = match certificate.clone() {
                Some(certificate) => trusted.add_root_certificate(certificate),
                None => trusted,
            };
            trusted.build().map_err(|error| error.to_string())
        };
        let tls = match server.security {
            Security::None => Tls::None,
            Security::StartTls => Tls::Required(parameters()?),
            Security::Tls => Tls::Wrapper(parameters()?),
        };
        let pool = PoolConfig::new().max_size(CONNECTIONS_MAX).idle_timeout(IDLE_MAX);
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&server.host)
            .port(server.port)
            .tls(tls)
            .timeout(Some(COMMAND_MAX))
            .hello_name(ClientId::Domain(from.host.clone()))
            .pool_config(pool);
        if let Some((user, password)) = server.credentials {
            builder = builder.credentials(Credentials::new(user, password));
        }
        Ok(Self {
            transport: builder.build(),
            from,
            patience: MAIL_MAX,
        })
    }

    /// The same, waiting no longer than this for a mail to be taken.
    #[cfg(test)]
    fn patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }
}

#[async_trait]
impl MailSender for Smtp {
    async fn send(&self, mail: &OutgoingMail) -> Result<(), SendError> {
        let message = compose(&self.from, mail)?;
        match tokio::time::timeout(self.patience, self.transport.send(message)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(outcome(&error)),
            Err(_) => Err(SendError::Unreachable("The mail server did not answer in time.".into())),
        }
    }
}

/// Writes mails into a folder, one file each.
pub struct Folder {
    path: PathBuf,
    from: SenderAddress,
}

impl Folder {
    /// Over a folder, which is made with the first mail.
    pub fn new(path: PathBuf, from: SenderAddress) -> Self {
        Self { path, from }
    }
}

#[async_trait]
impl MailSender for Folder {
    async fn send(&self, mail: &OutgoingMail) -> Result<(), SendError> {
        let bytes = compose(&self.from, mail)?.formatted();
        let (unfinished, file) = (self.path.join(format!(".{}", mail.id)), self.path.join(format!("{}.eml", mail.id)));
        let written = async {
            tokio::fs::create_dir_all(&self.path).await?;
            tokio::fs::write(&unfinished, bytes).await?;
            tokio::fs::rename(&unfinished, &file).await
        };
        let failed = |error: std::io::Error| SendError::Unreachable(format!("{} cannot be written: {error}", self.path.display()));
        written.await.map_err(failed)
    }
}

/// The message as it goes over the wire. One whose address is no address never will.
fn compose(from: &SenderAddress, mail: &OutgoingMail) -> Result<Message, SendError> {
    let never = |reason: String, bad_address: bool| SendError::Never { reason, bad_address };
    let to: Address = mail
        .address
        .parse()
        .map_err(|_| never(format!("{} is no mail address.", mail.address), false))?;
    let sender: Address = from
        .address
        .parse()
        .map_err(|_| SendError::Unreachable(format!("mail-from, {}, is no mail address.", from.address)))?;
    let at = SystemTime::UNIX_EPOCH + Duration::from_secs(u64::try_from(mail.at.timestamp()).unwrap_or_default());
    Message::builder()
        .from(Mailbox::new(Some(from.name.clone()), sender))
        .to(Mailbox::new(Some(mail.name.clone()), to))
        .subject(mail.mail.subject.clone())
        .date(at)
        .message_id(Some(format!("<{}@{}>", mail.id, from.host)))
        .raw_header(HeaderValue::new(
            HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated".to_owned(),
        ))
        .multipart(MultiPart::alternative_plain_html(mail.mail.text.clone(), mail.mail.html.clone()))
        .map_err(|error| never(format!("This mail cannot be written: {error}"), false))
}

/// What an answer of the server means for this mail and for others.
fn outcome(error: &Error) -> SendError {
    let reason = said(error);
    let Some(code) = error.status() else {
        // No answer at all, or none that is one.
        return SendError::Unreachable(reason);
    };
    let code = u16::from(code);
    let extended = extended(&reason);
    match (code, extended) {
        // Who we are is not accepted: a setting is wrong, and no mail goes through.
        (454 | 530 | 534 | 535 | 538, _) => SendError::Unreachable(reason),
        (..500, _) => SendError::Later(reason),
        // What the server does not know, and what its policy forbids for now (a block list, a limit).
        (500..=504, _) | (_, Some((7, _))) => SendError::Later(reason),
        (_, Some((1, 1 | 2 | 3 | 6 | 10) | (2, 0 | 1))) => SendError::Never { reason, bad_address: true },
        (550 | 551 | 553, None) => SendError::Never { reason, bad_address: true },
        _ => SendError::Never {
            reason,
            bad_address: false,
        },
    }
}

/// What went wrong, in one line: the server's own words where it has answered.
fn said(error: &Error) -> String {
    let mut text = match (error.status(), std::error::Error::source(error)) {
        (Some(code), Some(answer)) => format!("{code} {answer}"),
        _ => error.to_string(),
    };
    text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    text.chars().take(500).collect()
}

/// Subject and detail of an enhanced status code (RFC 3463), such as 5.1.1, behind the three digits of an answer.
fn extended(answer: &str) -> Option<(u16, u16)> {
    let mut parts = answer.split_whitespace().nth(1)?.split('.');
    let (class, subject, detail) = (parts.next()?, parts.next()?, parts.next()?);
    (class == "5" && parts.next().is_none()).then_some(())?;
    Some((subject.parse().ok()?, detail.parse().ok()?))
}

#[cfg(test)]
mod tests;

//! How mails leave: by a mail server, or, where none is set, into a folder.

use std::fmt;
use std::path::PathBuf;

use super::{BadSetting, Section, bad};

/// How the connection to the mail server is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tls {
    /// Not at all.
    None,
    /// By STARTTLS, without which nothing is sent.
    StartTls,
    /// From the first byte on.
    Tls,
}

/// The mail server.
#[derive(Clone, PartialEq, Eq)]
pub struct SmtpConfig {
    /// Its name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub tls: Tls,
    /// User and password, if it asks for them.
    pub credentials: Option<(String, String)>,
}

impl fmt::Debug for SmtpConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{} ({:?})", self.host, self.port, self.tls)
    }
}

/// How mails leave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailConfig {
    /// The mail server; without one they are written into the folder.
    pub smtp: Option<SmtpConfig>,
    /// The address that they come from.
    pub from: String,
    /// The folder.
    pub folder: PathBuf,
}

impl MailConfig {
    pub(super) fn read(own: &Section<'_>) -> Result<Self, BadSetting> {
        let host = own.optional::<String>("smtp-host", "a host name")?;
        let tls = match own.text("smtp-tls", "starttls")?.as_str() {
            "none" => Tls::None,
            "starttls" => Tls::StartTls,
            "tls" => Tls::Tls,
            _ => return Err(bad("smtp-tls", "must be \"none\", \"starttls\" or \"tls\"")),
        };
        let port = own.number("smtp-port", 587, 1, u16::MAX)?;
        let credentials = match (
            own.optional::<String>("smtp-user", "a name")?,
            own.optional::<String>("smtp-password", "a password")?,
        ) {
            (Some(user), Some(password)) => Some((user, password)),
            (None, None) => None,
            (Some(_), None) => return Err(bad("smtp-password", "must be set while smtp-user is")),
            (None, Some(_)) => return Err(bad("smtp-user", "must be set while smtp-password is")),
        };
        let from = own.text("mail-from", "woodgate@localhost")?;
        let is_address =
            matches!(from.split_once('@'), Some((name, host)) if !name.is_empty() && !host.is_empty() && !from.contains([' ', '<', '>']));
        if !is_address {
            return Err(bad("mail-from", "must be an address such as access@example.com"));
        }
        if host.is_some() && own.raw("mail-from")?.is_none() {
            return Err(bad("mail-from", "must be set while smtp-host is: the address that mails come from"));
        }
        Ok(Self {
            smtp: host.map(|host| SmtpConfig {
                host,
                port,
                tls,
                credentials,
            }),
            from,
            folder: own.text("mail-folder", "data/mail")?.into(),
        })
    }
}

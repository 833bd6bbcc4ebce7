//! The use cases. Each goes one way: authorise, load, decide (a pure domain function that is handed the time), store, write the audit
//! row, enqueue jobs, commit, all in one transaction. Must not know HTTP or pages.

pub mod access;
pub mod accounts;
pub mod approvals;
pub mod assignments;
pub mod attributes;
pub mod audit;
pub mod catalogs;
pub mod clients;
pub mod configuration;
pub mod custom_attributes;
pub mod demo;
pub mod directory_objects;
pub mod drafts;
pub mod drift;
pub mod engine;
pub mod error;
pub mod find;
pub mod following;
pub mod groups;
pub mod impact;
pub mod imports;
pub mod incompatibilities;
pub mod jobs;
pub mod limits;
pub mod links;
pub mod mails;
pub mod my_access;
pub mod notifications;
pub mod objects;
pub mod organizations;
pub mod outbox;
pub mod packages;
pub mod passwords;
pub mod policies;
pub mod ports;
pub mod queue;
pub mod rate_limits;
pub mod reminders;
pub mod reports;
pub mod requests;
pub mod roles;
pub mod rules;
pub mod schedules;
pub mod set_up;
pub mod settings;
pub mod settle;
pub mod sign_in_links;
pub mod tokens;
pub mod users;

use std::sync::Arc;

pub use error::Error;

use crate::store::Store;
use ports::{Clock, Ids, Passwords, Wake};

/// What every use case works with. Cheap to clone.
#[derive(Clone)]
pub struct App {
    /// The database.
    pub store: Store,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// New ids and secrets.
    pub ids: Arc<dyn Ids>,
    /// Hashing of passwords.
    pub passwords: Arc<dyn Passwords>,
    /// Tells the worker that there is something to do.
    pub wake: Arc<dyn Wake>,
    /// What the product is called here and where it is reached.
    pub site: Arc<Site>,
}

/// The installation's own name and address.
#[derive(Clone, Debug)]
pub struct Site {
    /// The organisation, such as Woodgrove Bank.
    pub tenant: String,
    /// Scheme, host and port without a slash at the end, as browsers reach it.
    pub public_url: String,
    /// Where mails go: the server with its port, or the folder.
    pub mail: MailRoute,
}

/// Where mails go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MailRoute {
    /// To a mail server, named with its port.
    Server(String),
    /// Into a folder, since no server is set.
    Folder(String),
}

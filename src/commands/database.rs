//! The application over the database of the settings: made and brought up to date, or only opened for a command that looks.

use std::sync::Arc;

use woodgate::config::Config;
use woodgate::service::passwords::Argon2id;
use woodgate::service::ports::{SystemClock, SystemIds};
use woodgate::service::{App, MailRoute, Site};
use woodgate::store::{Schema, Store, StoreError, StoreOptions};
use woodgate::worker::WorkerNotifier;

use super::Failure;

/// The application over its database, which is made if missing and brought up to date.
pub async fn open(config: &Config) -> Result<(App, Arc<WorkerNotifier>), Failure> {
    let store = connect(config, true).await?;
    store.migrate().await.map_err(|error| unusable(config, error))?;
    Ok(application(config, store))
}

/// The application over a database that must be there and of this version: for commands that are to change nothing by themselves.
pub async fn open_existing(config: &Config) -> Result<(App, Arc<WorkerNotifier>), Failure> {
    let store = connect(config, false).await?;
    let url = shown(&config.database_url);
    match store.schema().await.map_err(|error| unusable(config, error))? {
        Schema::Current => Ok(application(config, store)),
        Schema::Newer(version) => Err(unusable(config, StoreError::Newer(version))),
        Schema::Absent => Err(Failure::Database(format!(
            "{url} holds nothing of Woodgate; is it the right database? `woodgate migrate` would make the tables"
        ))),
        Schema::Older => Err(Failure::Database(format!(
            "{url} was written by an older version; `woodgate migrate` brings it up to date"
        ))),
    }
}

async fn connect(config: &Config, create: bool) -> Result<Store, Failure> {
    let options = StoreOptions {
        connections: config.database_connections,
        create,
    };
    let opened = Store::connect_with(&config.database_url, options).await;
    opened.map_err(|error| unusable(config, error))
}

fn unusable(config: &Config, error: StoreError) -> Failure {
    let url = shown(&config.database_url);
    match error {
        StoreError::Newer(_) => Failure::NewerDatabase(format!("{url}: {error}; start that version, or restore a backup")),
        StoreError::Missing(_) => Failure::Database(format!("{url}: {error}; is it the right folder? `woodgate migrate` would make it")),
        error => Failure::Database(format!("{url} cannot be used: {error}")),
    }
}

fn application(config: &Config, store: Store) -> (App, Arc<WorkerNotifier>) {
    let bell = Arc::new(WorkerNotifier::default());
    let app = App {
        store,
        clock: Arc::new(SystemClock),
        ids: Arc::new(SystemIds::default()),
        passwords: Arc::new(Argon2id::new()),
        wake: bell.clone(),
        site: Arc::new(Site {
            tenant: config.tenant_name.clone(),
            public_url: config.public_url.clone(),
            mail: match &config.mail.smtp {
                Some(smtp) => MailRoute::Server(format!("{}:{}", smtp.host, smtp.port)),
                None => MailRoute::Folder(config.mail.folder.display().to_string()),
            },
        }),
    };
    (app, bell)
}

/// A database's address without the password in it.
pub fn shown(url: &str) -> String {
    match (url.split_once("://"), url.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, place))) => format!("{scheme}://{place}"),
        _ => url.to_owned(),
    }
}

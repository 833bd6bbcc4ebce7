//! The command line: one program that serves, prepares a database, and lets an operator look at and move the engine. Every failure is one
//! line and an exit code of its own kind.

use std::io::{BufRead, IsTerminal, Write};
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use clap::{Parser, Subcommand};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use woodgate::config::{BadSetting, Config, Tls};
use woodgate::connect::mail;
use woodgate::domain::message;
use woodgate::paths;
use woodgate::service::audit::{self, OPERATOR};
use woodgate::service::demo::{self, DemoReport};
use woodgate::service::passwords::Argon2id;
use woodgate::service::ports::{MailSender, SystemClock, SystemIds};
use woodgate::service::set_up::{self, SetUpForm};
use woodgate::service::{App, Error, MailRoute, Site};
use woodgate::store::{Schema, Store, StoreError, StoreOptions};
use woodgate::worker::{self, WorkerNotifier};
use woodgate::{telemetry, web};

const EXIT_CODES: &str = "Exit codes: 0 done, 1 failed, 2 wrong command line, 3 bad setting, 4 address not free, \
    5 database not usable, 6 database of a newer version, 7 the books do not agree (check), 8 the audit trail is not intact (audit \
    verify).\n\
    Settings: Leptos.toml in the working folder, or the file named by WOODGATE_CONFIG, and the environment.";

/// Self-hosted entitlement management.
#[derive(Parser)]
#[command(version, after_help = EXIT_CODES)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Bring the database up to date, serve both sites and run the worker.
    Serve,
    /// Bring the database up to date.
    Migrate,
    /// Fill an empty database with the Woodgrove Bank directory.
    Demo {
        /// Thousands of users, groups and requests, for measuring.
        #[arg(long)]
        scale: bool,
    },
    /// Create a Global administrator. The password is asked for.
    CreateAdmin {
        /// Shown name.
        #[arg(long)]
        name: String,
        /// Sign-in name.
        #[arg(long)]
        user_name: String,
        /// Read the password from the first line of standard input.
        #[arg(long)]
        password_stdin: bool,
    },
    /// Carry out all that is due now, or list what is due by a later instant.
    Tick {
        /// Due by this instant, such as 2026-12-23T10:00:00Z; now, without it. One in the future is only listed.
        #[arg(long)]
        at: Option<DateTime<Utc>>,
        /// Carry out also what is due only in the future, as if it were that instant: access really ends.
        #[arg(long, conflicts_with = "dry_run")]
        apply: bool,
        /// Only list it.
        #[arg(long)]
        dry_run: bool,
        /// Take up again what was given up after too many failures.
        #[arg(long, conflicts_with = "dry_run")]
        retry: bool,
    },
    /// Count and compare: do memberships, grants, assignments and requests agree?
    Check,
    /// Look at the audit trail: is it as it was written, where does it end, and all of it as JSON lines.
    Audit {
        #[command(subcommand)]
        command: AuditCommand,
    },
}

#[derive(Subcommand)]
enum AuditCommand {
    /// Go along the sealed rows, and name each that was changed, taken out, put in or moved.
    Verify {
        /// A head that was kept elsewhere, as `audit head` printed it, or a file that holds it: shows also whether the end was cut off.
        #[arg(long, value_name = "FILE|NUMBER:HASH")]
        head: Option<String>,
    },
    /// Print number and hash of the row that was sealed last. Kept elsewhere, it shows later whether the trail was rewritten or cut off.
    Head,
    /// Print the rows as JSON lines, in the order in which they were made.
    Export {
        /// From this instant on, such as 2026-12-01T00:00:00Z.
        #[arg(long)]
        from: Option<DateTime<Utc>>,
        /// Before this instant.
        #[arg(long)]
        until: Option<DateTime<Utc>>,
    },
}

/// Why a command did not come about.
enum Failure {
    Setting(BadSetting),
    Address(String),
    Database(String),
    NewerDatabase(String),
    Books(String),
    Trail(String),
    Other(String),
}

impl Failure {
    fn message(self) -> (u8, String) {
        match self {
            Self::Other(text) => (1, text),
            Self::Setting(setting) => (3, setting.to_string()),
            Self::Address(text) => (4, text),
            Self::Database(text) => (5, text),
            Self::NewerDatabase(text) => (6, text),
            Self::Books(text) => (7, text),
            Self::Trail(text) => (8, text),
        }
    }
}

impl From<BadSetting> for Failure {
    fn from(setting: BadSetting) -> Self {
        Self::Setting(setting)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Newer(_) => Self::NewerDatabase(error.to_string()),
            error => Self::Database(error.to_string()),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::Store(error) => error.into(),
            Error::Invalid(errors) => {
                let said = errors.iter().map(|error| {
                    let label = format!("--{}", error.path.replace('_', "-"));
                    format!("{}: {}", error.path.replace('_', " "), message::text(&error.code, &label))
                });
                Self::Other(said.collect::<Vec<_>>().join(" "))
            }
            error => Self::Other(error.to_string()),
        }
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(CommandLine::parse().command).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            let (code, text) = failure.message();
            eprintln!("woodgate: {}", text.split_whitespace().collect::<Vec<_>>().join(" "));
            ExitCode::from(code)
        }
    }
}

async fn run(command: Command) -> Result<(), Failure> {
    let config = Config::load()?;
    telemetry::start(&config)?;
    if let Command::Serve = command {
        return serve(config).await;
    }
    let looks_only = matches!(command, Command::Tick { .. } | Command::Check | Command::Audit { .. });
    let (app, _) = if looks_only {
        open_existing(&config).await?
    } else {
        open(&config).await?
    };
    let done = match command {
        Command::Serve => Ok(()),
        Command::Migrate => {
            audit::note_command(&app, OPERATOR, "migrate").await?;
            say("The database is up to date.".into())
        }
        Command::Demo { scale } => {
            let report = demo::fill(&app, scale).await?;
            audit::note_command(&app, OPERATOR, if scale { "demo --scale" } else { "demo" }).await?;
            say(message(&report))
        }
        Command::CreateAdmin {
            name,
            user_name,
            password_stdin,
        } => create_admin(&app, name, user_name, password_stdin).await,
        Command::Tick { at, apply, dry_run, retry } => tick(&app, at, Mode { apply, dry_run, retry }).await,
        Command::Check => check(&app).await,
        Command::Audit { command } => audit_command(&app, command).await,
    };
    app.store.close().await;
    done
}

fn say(text: String) -> Result<(), Failure> {
    writeln!(std::io::stdout(), "{text}").map_err(|error| Failure::Other(format!("standard output: {error}")))
}

fn message(report: &DemoReport) -> String {
    let mut text = String::from(if report.filled {
        "The demo directory Woodgrove Bank is there."
    } else {
        "There are accounts already, so nothing was filled in."
    });
    for account in &report.sign_ins {
        text.push_str(&format!(
            "\n  {:<12} {:<20} password {}   {}",
            account.name,
            account.user_name,
            demo::PASSWORD,
            account.role
        ));
    }
    text
}

/// The application over its database, which is made if missing and brought up to date.
async fn open(config: &Config) -> Result<(App, Arc<WorkerNotifier>), Failure> {
    let store = connect(config, true).await?;
    store.migrate().await.map_err(|error| unusable(config, error))?;
    Ok(application(config, store))
}

/// The application over a database that must be there and of this version: for commands that are to change nothing by themselves.
async fn open_existing(config: &Config) -> Result<(App, Arc<WorkerNotifier>), Failure> {
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

/// What sends mails, as the settings say.
fn mail_sender(config: &Config) -> Result<Arc<dyn MailSender>, BadSetting> {
    let host = config.public_url.rsplit_once("//").map_or("localhost", |(_, host)| host);
    let from = mail::SenderAddress {
        name: config.tenant_name.clone(),
        address: config.mail.from.clone(),
        host: host.split(':').next().unwrap_or(host).to_owned(),
    };
    let Some(smtp) = config.mail.smtp.clone() else {
        return Ok(Arc::new(mail::Folder::new(config.mail.folder.clone(), from)));
    };
    let server = mail::Server {
        host: smtp.host,
        port: smtp.port,
        security: match smtp.tls {
            Tls::None => mail::Security::None,
            Tls::StartTls => mail::Security::StartTls,
            Tls::Tls => mail::Security::Tls,
        },
        credentials: smtp.credentials,
    };
    let sender = mail::Smtp::new(server, from).map_err(|reason| BadSetting {
        name: "smtp-tls".into(),
        reason,
    })?;
    Ok(Arc::new(sender))
}

/// A database's address without the password in it.
fn shown(url: &str) -> String {
    match (url.split_once("://"), url.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, place))) => format!("{scheme}://{place}"),
        _ => url.to_owned(),
    }
}

async fn serve(config: Config) -> Result<(), Failure> {
    let bundles = web::read_bundles(&config)?;
    let listeners = web::Listeners {
        site: listen(config.site_addr, "LEPTOS_SITE_ADDR").await?,
        metrics: match config.metrics_addr {
            Some(addr) => Some(listen(addr, "WOODGATE_METRICS_ADDR").await?),
            None => None,
        },
    };
    let sender = mail_sender(&config)?;
    let (app, bell) = open(&config).await?;
    let token = set_up::prepare(&app).await?;
    let url = &config.public_url;
    say(format!(
        "Woodgate serves {}\n  Admin area  {url}{}\n  My Access   {url}{}",
        app.site.tenant,
        paths::ADMIN,
        paths::MY_ACCESS
    ))?;
    if let Some(token) = token {
        let link = paths::with_query(paths::SET_UP, &[("token", &token)]);
        say(format!(
            "  There is no account yet. Create the first Global administrator, once, at\n  {url}{link}"
        ))?;
    }
    let state = web::AppState::new(app, config, bundles, CancellationToken::new());
    web::serve(listeners, state, bell, sender)
        .await
        .map_err(|error| Failure::Other(format!("serving failed: {error}")))
}

async fn listen(addr: SocketAddr, setting: &str) -> Result<TcpListener, Failure> {
    TcpListener::bind(addr).await.map_err(|error| {
        Failure::Address(match error.kind() {
            std::io::ErrorKind::AddrInUse => format!("{addr} is in use; stop what listens there, or set {setting}"),
            _ => format!("cannot listen on {addr}: {error}"),
        })
    })
}

async fn create_admin(app: &App, name: String, user_name: String, password_stdin: bool) -> Result<(), Failure> {
    let password = read_password(password_stdin)?;
    let form = SetUpForm {
        name,
        user_name,
        again: password.clone(),
        password,
    };
    let actor = set_up::by_command(app, &form).await?;
    say(format!("{} can sign in as {} (Global administrator).", actor.name, actor.user_name))
}

fn read_password(quietly: bool) -> Result<String, Failure> {
    let mut stdin = std::io::stdin().lock();
    let asks = !quietly && stdin.is_terminal();
    if asks {
        eprint!("Password: ");
        echo("-echo");
    }
    let mut line = String::new();
    let read = stdin.read_line(&mut line);
    if asks {
        echo("echo");
        eprintln!();
    }
    read.map_err(|error| Failure::Other(format!("the password cannot be read: {error}")))?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// Switches the terminal's echo; where there is no `stty`, what is typed stays visible.
fn echo(mode: &str) {
    if let Err(error) = std::process::Command::new("stty").arg(mode).status() {
        tracing::debug!(%error, "the terminal's echo stays as it is");
    }
}

/// What `tick` was told to do.
struct Mode {
    apply: bool,
    dry_run: bool,
    retry: bool,
}

async fn tick(app: &App, at: Option<DateTime<Utc>>, mode: Mode) -> Result<(), Failure> {
    let now = app.clock.now();
    let at = at.unwrap_or(now);
    let rehearsed = at > now && !mode.apply;
    let lists_only = mode.dry_run || rehearsed;
    if mode.retry && lists_only {
        return Err(Failure::Other(
            "--retry changes something, so it goes with an instant in the future only if --apply does".into(),
        ));
    }
    if mode.retry {
        audit::note_command(app, OPERATOR, "tick --retry").await?;
        say(format!("{} taken up again.", worker::retry(app).await?))?;
    }
    if !lists_only {
        audit::note_command(app, OPERATOR, &format!("tick --at {}", at.to_rfc3339())).await?;
    }
    let lines = worker::tick(app, at, lists_only).await?;
    for line in &lines {
        say(line.clone())?;
    }
    say(format!("{} {}.", lines.len(), if lists_only { "due" } else { "done" }))?;
    if rehearsed {
        say(
            "This is in the future, so nothing was carried out. With --apply it is, as if it were that instant: access really ends.".into(),
        )?;
    }
    Ok(())
}

async fn check(app: &App) -> Result<(), Failure> {
    audit::note_command(app, OPERATOR, "check").await?;
    let report = worker::check(app).await?;
    say(serde_json::to_string_pretty(&report).map_err(|error| Failure::Other(error.to_string()))?)?;
    if report.faults.is_empty() {
        Ok(())
    } else {
        Err(Failure::Books(report.faults.join("; ")))
    }
}

async fn audit_command(app: &App, command: AuditCommand) -> Result<(), Failure> {
    match command {
        AuditCommand::Verify { head } => verify(app, head.as_deref().map(kept_head).transpose()?).await,
        AuditCommand::Head => {
            let head = audit::head(app).await?;
            audit::note_command(app, OPERATOR, "audit head").await?;
            say(head.to_string())
        }
        AuditCommand::Export { from, until } => {
            let shown = |at: Option<DateTime<Utc>>| at.map_or_else(|| "-".into(), |at| at.to_rfc3339());
            let note = format!("audit export, from {} until {}", shown(from), shown(until));
            audit::note_command(app, OPERATOR, &note).await?;
            let mut export = audit::Export::new(from, until);
            loop {
                let lines = export.next(app).await?;
                if lines.is_empty() {
                    return Ok(());
                }
                say(lines.join("\n"))?;
            }
        }
    }
}

/// A head as it was kept: on the command line itself, or on the first line of a file.
fn kept_head(text: &str) -> Result<audit::Head, Failure> {
    let read = |text: &str| text.parse().map_err(Failure::Other);
    match std::fs::read_to_string(text) {
        Ok(file) => read(file.lines().next().unwrap_or_default()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => read(text),
        Err(error) => Err(Failure::Other(format!("{text} cannot be read: {error}"))),
    }
}

async fn verify(app: &App, kept: Option<audit::Head>) -> Result<(), Failure> {
    let verdict = audit::verify(app, kept).await?;
    let faults: Vec<String> = verdict.faults.iter().map(ToString::to_string).collect();
    let intact = faults.is_empty();
    let outcome = if intact { "intact" } else { "not intact" };
    audit::note_command(app, OPERATOR, &format!("audit verify: {outcome}, {} rows", verdict.rows)).await?;
    say(format!(
        "{} sealed rows, {} wait to be sealed, head {}",
        verdict.rows, verdict.waiting, verdict.head
    ))?;
    if intact {
        return say("The audit trail is intact.".into());
    }
    Err(Failure::Trail(format!("the audit trail is not intact: {}", faults.join("; "))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(url: &str) -> Config {
        Config::read("", "", |name| (name == "WOODGATE_DATABASE_URL").then(|| url.to_owned())).expect("settings")
    }

    async fn code(url: &str) -> u8 {
        let config = settings(url);
        match open(&config).await {
            Ok((app, _)) => {
                app.store.close().await;
                0
            }
            Err(failure) => {
                let (code, text) = failure.message();
                assert!(text.contains("sqlite:"), "{text}");
                code
            }
        }
    }

    #[tokio::test]
    async fn each_trouble_with_a_database_has_its_exit_code() {
        let folder = tempfile::tempdir().expect("a folder");
        let url = |file: &str| format!("sqlite://{}", folder.path().join(file).display());
        assert_eq!(code(&url("new/woodgate.db")).await, 0);
        std::fs::write(folder.path().join("text.db"), "no database at all, but long enough to be looked at").expect("a file");
        assert_eq!(code(&url("text.db")).await, 5);
        assert_eq!(code(&url("text.db/woodgate.db")).await, 5);
        let store = Store::connect(&url("new/woodgate.db")).await.expect("a database");
        let mut tx = store.write().await.expect("tx");
        let newer =
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (9999, 'later', TRUE, x'00', 1)";
        tx.exec(newer, Vec::new()).await.expect("a row");
        tx.commit().await.expect("commit");
        assert_eq!(store.schema().await.expect("an answer"), Schema::Newer(9999));
        store.close().await;
        assert_eq!(code(&url("new/woodgate.db")).await, 6);
    }

    /// Fault B9.
    #[tokio::test]
    async fn a_command_that_only_looks_makes_no_database_and_no_tables() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("data/woodgate.db");
        let config = settings(&format!("sqlite://{}", file.display()));
        let refused = async |config: &Config| match open_existing(config).await {
            Ok(_) => panic!("there is nothing to look at"),
            Err(failure) => failure.message(),
        };
        let (code, text) = refused(&config).await;
        assert_eq!((code, text.contains("there is no database")), (5, true), "{text}");
        assert!(!folder.path().join("data").exists());
        std::fs::create_dir(folder.path().join("data")).expect("a folder");
        std::fs::write(&file, "").expect("an empty file");
        let (code, text) = refused(&config).await;
        assert_eq!((code, text.contains("holds nothing of Woodgate")), (5, true), "{text}");
        assert_eq!(std::fs::metadata(&file).expect("the file").len(), 0, "nothing was written");
        open(&config)
            .await
            .map_err(Failure::message)
            .expect("a database")
            .0
            .store
            .close()
            .await;
        let app = open_existing(&config).await.map_err(Failure::message).expect("a database").0;
        let mut tx = app.store.write().await.expect("tx");
        tx.exec("DELETE FROM _sqlx_migrations WHERE version > 1", Vec::new())
            .await
            .expect("older");
        tx.exec("UPDATE _sqlx_migrations SET version = 0 WHERE version = 1", Vec::new())
            .await
            .expect("older");
        tx.commit().await.expect("commit");
        app.store.close().await;
        let (code, text) = refused(&config).await;
        assert_eq!((code, text.contains("older version")), (5, true), "{text}");
    }

    #[tokio::test]
    async fn an_address_in_use_is_told() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let site = tempfile::tempdir().expect("a folder");
        let bundle = r#"{"js":"","wasm":"","css":"","parts":{},"idle":[]}"#;
        std::fs::write(
            site.path().join("manifest.json"),
            format!(r#"{{"admin":{bundle},"my-access":{bundle}}}"#),
        )
        .expect("a file");
        let addr = listener.local_addr().expect("an address").to_string();
        let mut config = Config::read("", "", |name| (name == "LEPTOS_SITE_ADDR").then(|| addr.clone())).expect("settings");
        config.site_root = site.path().to_owned();
        let (code, text) = serve(config.clone()).await.expect_err("in use").message();
        assert_eq!((code, text.contains("is in use")), (4, true), "{text}");
        config.site_root = site.path().join("missing");
        assert_eq!(serve(config).await.expect_err("no site").message().0, 3);
    }

    /// Every command leaves a row, and what was cut off is told by its own exit code.
    #[tokio::test]
    async fn f167_commands_are_in_the_trail_and_a_head_that_was_kept_shows_what_was_cut_off() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = |name: &str| folder.path().join(name).display().to_string();
        let config = settings(&format!("sqlite://{}", file("woodgate.db")));
        let app = open(&config).await.map_err(Failure::message).expect("a database").0;
        check(&app).await.map_err(Failure::message).expect("it agrees");
        let mut commands = Vec::new();
        for name in ["kept", "now"] {
            audit_command(&app, AuditCommand::Head)
                .await
                .map_err(Failure::message)
                .expect("a head");
            while audit::seal(&app).await.expect("sealed") > 0 {}
            std::fs::write(file(name), format!("{}\n", audit::head(&app).await.expect("a head"))).expect("a file");
        }
        let verify = async |head: Option<String>| audit_command(&app, AuditCommand::Verify { head }).await.map_err(Failure::message);
        verify(Some(file("now"))).await.expect("intact");
        let mut lines = audit::Export::default();
        for line in lines.next(&app).await.expect("lines") {
            let row: serde_json::Value = serde_json::from_str(&line).expect("JSON");
            assert_eq!(
                (&row["actor"]["kind"], &row["activity"]),
                (&"operator".into(), &"run_command".into()),
                "{row}"
            );
            commands.push(row["detail"].as_str().unwrap_or_default().to_owned());
        }
        assert_eq!(commands, ["check", "audit head", "audit head", "audit verify: intact, 3 rows"]);
        let kept = std::fs::read_to_string(file("kept")).expect("the head");
        let (seq, hash) = kept.trim().split_once(':').expect("a head");
        let mut tx = app.store.write().await.expect("tx");
        for (sql, args) in [
            ("DELETE FROM audit WHERE seq IS NULL OR seq > 2", Vec::new()),
            ("UPDATE audit_head SET seq = 2, hash = $1", vec![hash.into()]),
        ] {
            tx.exec(sql, args).await.expect("cut off");
        }
        tx.commit().await.expect("commit");
        assert_eq!(seq, "2");
        verify(None).await.expect("what is left is intact");
        verify(Some(kept)).await.expect("and reaches as far as then");
        let (code, text) = verify(Some(file("now"))).await.expect_err("cut off");
        assert_eq!((code, text.contains("the end was cut off")), (8, true), "{text}");
        assert_eq!(verify(Some("7".into())).await.expect_err("no head").0, 1);
    }

    #[test]
    fn a_password_is_not_shown() {
        assert_eq!(
            shown("postgres://woodgate:secret@db.example/woodgate"),
            "postgres://db.example/woodgate"
        );
        assert_eq!(shown("sqlite://data/woodgate.db"), "sqlite://data/woodgate.db");
    }

    #[test]
    fn the_command_line_reads_what_it_documents() {
        use clap::CommandFactory;
        CommandLine::command().debug_assert();
        assert!(CommandLine::try_parse_from(["woodgate", "tick", "--at", "2026-12-23T10:00:00Z", "--dry-run"]).is_ok());
        assert!(CommandLine::try_parse_from(["woodgate", "tick", "--at", "2026-12-23T10:00:00Z", "--apply"]).is_ok());
        assert!(CommandLine::try_parse_from(["woodgate", "tick", "--apply", "--dry-run"]).is_err());
        assert!(CommandLine::try_parse_from(["woodgate", "demo", "--scale"]).is_ok());
        assert!(CommandLine::try_parse_from(["woodgate", "audit", "verify", "--head", "3:abc"]).is_ok());
        assert!(CommandLine::try_parse_from(["woodgate", "audit", "export", "--until", "2026-12-01T00:00:00Z"]).is_ok());
    }
}

//! The command line: one program that serves, prepares a database, and lets an operator look at and move the engine. What a command does is
//! in a file of its own; here is what can be typed, and the way from there to it.

mod audit;
mod configuration;
mod create_admin;
mod database;
mod failure;
mod serve;
#[cfg(test)]
mod tests;
mod tick;

use std::io::Write;

use chrono::{DateTime, Utc};
use clap::{Parser, Subcommand};

use woodgate::config::Config;
use woodgate::service::App;
use woodgate::service::audit::{OPERATOR, note_command};
use woodgate::service::demo::{self, DemoReport};
use woodgate::{telemetry, worker};

use self::audit::AuditCommand;
use self::database::{open, open_existing};
use self::failure::Failure;

const EXIT_CODES: &str = "Exit codes: 0 done, 1 failed, 2 wrong command line, 3 bad setting, 4 address not free, \
    5 database not usable, 6 database of a newer version, 7 the books do not agree (check), 8 the audit trail is not intact (audit \
    verify).\n\
    Settings: Leptos.toml in the working folder, or the file named by WOODGATE_CONFIG, and the environment.";

/// Self-hosted entitlement management.
#[derive(Parser)]
#[command(version, after_help = EXIT_CODES)]
pub struct CommandLine {
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
    /// Print catalogs, packages, policies, roles, rules and settings as a file (YAML).
    Export,
    /// Compare such a file with what there is: what would be created, changed and deleted, and who would gain or lose.
    Plan {
        /// The file; `-` for standard input.
        file: String,
        /// Print the plan as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Make everything as such a file says, in one transaction.
    Apply {
        /// The file; `-` for standard input.
        file: String,
        /// The fingerprint of a plan: refused if anything has changed since it was made.
        #[arg(long, value_name = "FINGERPRINT")]
        plan: Option<String>,
    },
    /// Count and compare: do memberships, grants, assignments and requests agree?
    Check,
    /// Look at the audit trail: is it as it was written, where does it end, and all of it as JSON lines.
    Audit {
        #[command(subcommand)]
        command: AuditCommand,
    },
}

/// Carries out what the command line says.
pub async fn run(line: CommandLine) -> Result<(), Failure> {
    let command = line.command;
    let config = Config::load()?;
    telemetry::start(&config)?;
    if let Command::Serve = command {
        return serve::serve(config).await;
    }
    let looks_only = matches!(
        command,
        Command::Tick { .. } | Command::Check | Command::Audit { .. } | Command::Export | Command::Plan { .. } | Command::Apply { .. }
    );
    let (app, _) = if looks_only {
        open_existing(&config).await?
    } else {
        open(&config).await?
    };
    let done = match command {
        Command::Serve => Ok(()),
        Command::Migrate => {
            note_command(&app, OPERATOR, "migrate").await?;
            say("The database is up to date.".into())
        }
        Command::Demo { scale } => {
            let report = demo::fill(&app, scale).await?;
            note_command(&app, OPERATOR, if scale { "demo --scale" } else { "demo" }).await?;
            say(message(&report))
        }
        Command::CreateAdmin {
            name,
            user_name,
            password_stdin,
        } => create_admin::create_admin(&app, name, user_name, password_stdin).await,
        Command::Tick { at, apply, dry_run, retry } => tick::tick(&app, at, tick::Mode { apply, dry_run, retry }).await,
        Command::Export => configuration::export(&app).await,
        Command::Plan { file, json } => configuration::plan(&app, &file, json).await,
        Command::Apply { file, plan } => configuration::apply(&app, &file, plan.as_deref()).await,
        Command::Check => check(&app).await,
        Command::Audit { command } => audit::audit(&app, command).await,
    };
    app.store.close().await;
    done
}

/// Writes a line to standard output.
fn say(text: String) -> Result<(), Failure> {
    writeln!(std::io::stdout(), "{text}").map_err(|error| Failure::Other(format!("standard output: {error}")))
}

/// What `demo` has done.
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

async fn check(app: &App) -> Result<(), Failure> {
    note_command(app, OPERATOR, "check").await?;
    let report = worker::check(app).await?;
    say(serde_json::to_string_pretty(&report).map_err(|error| Failure::Other(error.to_string()))?)?;
    if report.faults.is_empty() {
        Ok(())
    } else {
        Err(Failure::Books(report.faults.join("; ")))
    }
}

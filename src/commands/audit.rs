//! `woodgate audit`: is the trail as it was written, where does it end, and all of it as JSON lines.

use chrono::{DateTime, Utc};
use clap::Subcommand;

use woodgate::service::App;
use woodgate::service::audit::{self, OPERATOR};

use super::{Failure, say};

/// What is done with the audit trail.
#[derive(Subcommand)]
pub enum AuditCommand {
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

/// Carries one of them out.
pub async fn audit(app: &App, command: AuditCommand) -> Result<(), Failure> {
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

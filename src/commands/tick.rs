//! `woodgate tick`: carries out what is due, or lists what is due by a later instant.

use chrono::{DateTime, Utc};

use woodgate::service::App;
use woodgate::service::audit::{self, OPERATOR};
use woodgate::worker;

use super::{Failure, say};

/// What `tick` was told to do.
pub struct Mode {
    /// Also what is due only in the future.
    pub apply: bool,
    /// Only list it.
    pub dry_run: bool,
    /// Take up what was given up.
    pub retry: bool,
}

/// Carries out or lists what is due by `at`, which is now without it.
pub async fn tick(app: &App, at: Option<DateTime<Utc>>, mode: Mode) -> Result<(), Failure> {
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

//! The log: one line an event on standard error, as text or JSON. Must not know what is told.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use crate::config::{BadSetting, Config, LogFormat};

/// Starts the log. A second start in one process is left without effect.
pub fn start(config: &Config) -> Result<(), BadSetting> {
    // The session library's own spans and warnings about stale cookies, and what Postgres notes of tables that are there already, tell an
    // operator nothing; they come first, to be overruled.
    let levels = format!(
        "tower_sessions=warn,tower_sessions_core=error,sqlx::postgres::notice=warn,{}",
        config.log
    );
    let filter = EnvFilter::try_new(&levels).map_err(|error| BadSetting {
        name: "log".into(),
        reason: format!("{error}; use a level such as info, or levels by module"),
    })?;
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    let started = match config.log_format {
        LogFormat::Text => lines.with_target(false).try_init(),
        LogFormat::Json => lines.json().flatten_event(true).try_init(),
    };
    if let Err(error) = started {
        tracing::debug!(error, "the log runs already");
    }
    Ok(())
}

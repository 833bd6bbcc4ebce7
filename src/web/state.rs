//! What every handler is given: the application, the settings, the built site, and the little that the web layer itself remembers.

use std::sync::Arc;

use axum::http::HeaderMap;
use chrono::Duration;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::event_hub::EventHub;
use super::noted_uses::NotedUses;
use super::zone;
use crate::app::Bundles;
use crate::auth_pages::Gate;
use crate::config::{BadSetting, Config};
use crate::domain::id::ClientId;
use crate::service::App;
use crate::service::accounts::SignInLimits;
use crate::service::rate_limits::Limit;
use crate::service::tokens::TokenState;

/// How long requests may take.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// For a whole request; streams of events only have to begin by then.
    pub request: std::time::Duration,
    /// For the next piece of a body.
    pub body: std::time::Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            request: std::time::Duration::from_secs(30),
            body: std::time::Duration::from_secs(10),
        }
    }
}

/// The web layer's own state.
pub struct AppState {
    /// The application.
    pub app: App,
    /// The settings.
    pub config: Config,
    /// The built files of both sites.
    pub bundles: Bundles,
    /// How often sign-in may fail.
    pub limits: SignInLimits,
    /// Keys of tokens, and how often clients may fail to sign in.
    pub tokens: TokenState,
    /// Calls of the API, for each caller through each client.
    pub api_calls: Limit<(Uuid, ClientId)>,
    /// Cancelled when the service is to stop.
    pub stop: CancellationToken,
    /// How long requests may take.
    pub timeouts: Timeouts,
    /// Open event streams.
    pub events: Arc<EventHub>,
    /// Sessions whose use is being noted.
    pub uses: NotedUses,
}

impl AppState {
    /// Over an application and its built site.
    pub fn new(app: App, config: Config, bundles: Bundles, stop: CancellationToken) -> Self {
        let idle = Duration::minutes(config.session_idle_minutes);
        let events = EventHub::new(app.clone(), idle, config.event_streams_max, stop.clone());
        Self {
            limits: SignInLimits::new(config.sign_in_tries_per_account, config.sign_in_tries_per_address),
            tokens: TokenState::new(config.sign_in_tries_per_account, config.sign_in_tries_per_address),
            api_calls: Limit::new(config.api_calls_per_minute, Duration::minutes(1)),
            app,
            config,
            bundles,
            stop,
            timeouts: Timeouts::default(),
            events: Arc::new(events),
            uses: NotedUses::default(),
        }
    }

    /// Without use for so long, a session ends.
    pub fn idle(&self) -> Duration {
        Duration::minutes(self.config.session_idle_minutes)
    }

    /// What the pages of the gate are rendered with, for whoever sent these headers.
    pub fn gate(&self, headers: &HeaderMap) -> Gate {
        Gate {
            tenant: self.app.site.tenant.clone(),
            zone: zone::of(headers).name().to_owned(),
            css: self.bundles.my_access.css.clone(),
        }
    }
}

/// What the build says of its files.
pub fn read_bundles(config: &Config) -> Result<Bundles, BadSetting> {
    let path = config.site_root.join("manifest.json");
    let bad = |reason: String| BadSetting {
        name: "site-root".into(),
        reason,
    };
    let text = std::fs::read_to_string(&path).map_err(|error| {
        bad(format!(
            "{} cannot be read ({error}); build the site with scripts/build.sh, or name its folder",
            path.display()
        ))
    })?;
    serde_json::from_str(&text).map_err(|error| bad(format!("{} is not a list of built files: {error}", path.display())))
}

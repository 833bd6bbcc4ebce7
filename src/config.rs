//! The settings: Leptos.toml, over it the environment. Each is checked here once and named in full when it is wrong, so the rest of the
//! program never meets a bad one. Must not know what the settings are used for.

mod mail;
mod networks;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use thiserror::Error;

pub use mail::{MailConfig, SmtpConfig, Tls};
pub use networks::Networks;

/// A setting that cannot be used.
#[derive(Debug, Error)]
#[error("bad setting {name}: {reason}")]
pub struct BadSetting {
    /// As it stands in the file or the environment.
    pub name: String,
    /// What is wrong with it, and what would do.
    pub reason: String,
}

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines.
    Json,
}

/// A listener of its own for TLS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsConfig {
    /// Where it listens.
    pub addr: SocketAddr,
    /// The certificate with its chain, in PEM form.
    pub certificate: PathBuf,
    /// Its private key, in PEM form.
    pub key: PathBuf,
}

/// Everything that can be set.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// Folder of the built site.
    pub site_root: PathBuf,
    /// Folder of the bundles below it, and the first part of their URLs.
    pub site_pkg_dir: String,
    /// Where to listen.
    pub site_addr: SocketAddr,
    /// The database.
    pub database_url: String,
    /// Connections to Postgres at the most.
    pub database_connections: usize,
    /// The organisation.
    pub tenant_name: String,
    /// Scheme, host and port, without a slash at the end, as browsers reach the service.
    pub public_url: String,
    /// TLS ends before the service.
    pub behind_tls: bool,
    /// The service's own TLS listener, if it has one.
    pub tls: Option<TlsConfig>,
    /// The proxies whose word about their clients is taken.
    pub trusted_proxy: Networks,
    /// Minutes after which an unused session ends.
    pub session_idle_minutes: i64,
    /// Hours after which a session ends.
    pub session_absolute_hours: i64,
    /// How log lines look.
    pub log_format: LogFormat,
    /// What is logged.
    pub log: String,
    /// Failed sign-ins of one account within five minutes.
    pub sign_in_tries_per_account: u32,
    /// Failed sign-ins from one address within five minutes.
    pub sign_in_tries_per_address: u32,
    /// Calls of the API by one caller within a minute.
    pub api_calls_per_minute: u32,
    /// Whether agents may ask in the name of people, by the Model Context Protocol.
    pub mcp: bool,
    /// Whether this copy carries out jobs; another copy on the same database must, where it does not.
    pub worker: bool,
    /// Seconds for what runs when the service is stopped.
    pub stop_seconds: u64,
    /// Connections of clients at the most.
    pub connections_max: usize,
    /// Event streams in all at the most.
    pub event_streams_max: usize,
    /// Where metrics are served, if anywhere.
    pub metrics_addr: Option<SocketAddr>,
    /// How mails leave.
    pub mail: MailConfig,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    leptos: toml::Table,
    #[serde(default)]
    woodgate: toml::Table,
}

const LEPTOS: [&str; 4] = ["output-name", "site-root", "site-pkg-dir", "site-addr"];
const WOODGATE: [&str; 29] = [
    "database-url",
    "database-connections",
    "tenant-name",
    "public-url",
    "behind-tls",
    "tls-addr",
    "tls-certificate",
    "tls-key",
    "trusted-proxy",
    "session-idle-minutes",
    "session-absolute-hours",
    "log-format",
    "log",
    "sign-in-tries-per-account",
    "sign-in-tries-per-address",
    "api-calls-per-minute",
    "mcp",
    "worker",
    "stop-seconds",
    "connections-max",
    "event-streams-max",
    "metrics-addr",
    "smtp-host",
    "smtp-port",
    "smtp-tls",
    "smtp-user",
    "smtp-password",
    "mail-from",
    "mail-folder",
];

impl Config {
    /// From `Leptos.toml` in the working folder, or the file that WOODGATE_CONFIG names, and the environment.
    pub fn load() -> Result<Self, BadSetting> {
        let named = std::env::var("WOODGATE_CONFIG").ok();
        let path = named.as_deref().unwrap_or("Leptos.toml");
        let text = match std::fs::read_to_string(Path::new(path)) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && named.is_none() => String::new(),
            Err(error) => return Err(bad("WOODGATE_CONFIG", format!("{path} cannot be read: {error}"))),
        };
        Self::read(path, &text, |name| std::env::var(name).ok())
    }

    /// From a file's text and an environment. A setting may stand in a file of its own, which the environment names.
    pub fn read(path: &str, text: &str, env: impl Fn(&str) -> Option<String>) -> Result<Self, BadSetting> {
        let file: File = toml::from_str(text).map_err(|error| bad(path, first_line(&error.to_string())))?;
        known(&file.leptos, "leptos", &LEPTOS)?;
        known(&file.woodgate, "woodgate", &WOODGATE)?;
        let leptos = Section {
            table: &file.leptos,
            prefix: "LEPTOS",
            env: &env,
        };
        let own = Section {
            table: &file.woodgate,
            prefix: "WOODGATE",
            env: &env,
        };
        let site_addr: SocketAddr = leptos.parsed("site-addr", "127.0.0.1:3000", "an address and port such as 127.0.0.1:3000")?;
        let public_url = own.public_url(site_addr)?;
        let behind_tls = own.parsed("behind-tls", "false", "true or false")?;
        let trusted_proxy = own.networks("trusted-proxy")?;
        let tls = own.tls()?;
        check_way_in(&public_url, behind_tls, tls.is_some(), &trusted_proxy)?;
        Ok(Self {
            site_root: leptos.text("site-root", "target/site")?.into(),
            site_pkg_dir: leptos.only("site-pkg-dir", "pkg")?,
            site_addr,
            database_url: own.database_url()?,
            database_connections: own.number("database-connections", 16, 2, 1_000)?,
            tenant_name: own.text("tenant-name", "Woodgrove Bank")?,
            public_url,
            behind_tls,
            tls,
            trusted_proxy,
            session_idle_minutes: own.number("session-idle-minutes", 60, 1, 10_080)?,
            session_absolute_hours: own.number("session-absolute-hours", 12, 1, 720)?,
            log_format: match own.text("log-format", "text")?.as_str() {
                "text" => LogFormat::Text,
                "json" => LogFormat::Json,
                _ => return Err(bad("log-format", "must be \"text\" or \"json\"")),
            },
            log: own.text("log", "info")?,
            sign_in_tries_per_account: own.number("sign-in-tries-per-account", 10, 1, 1_000)?,
            sign_in_tries_per_address: own.number("sign-in-tries-per-address", 60, 1, 100_000)?,
            api_calls_per_minute: own.number("api-calls-per-minute", 1_200, 1, 1_000_000)?,
            mcp: own.parsed("mcp", "false", "true or false")?,
            worker: own.parsed("worker", "true", "true or false")?,
            stop_seconds: own.number("stop-seconds", 10, 0, 600)?,
            connections_max: own.number("connections-max", 2_000, 10, 1_000_000)?,
            event_streams_max: own.number("event-streams-max", 1_000, 1, 1_000_000)?,
            metrics_addr: own.optional("metrics-addr", "an address and port such as 127.0.0.1:9464")?,
            mail: MailConfig::read(&own)?,
        })
    }

    /// Whether people reach the service by https alone: cookies and browsers are told so.
    pub fn is_secure(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}

/// One table of the file, with the environment's words over it.
struct Section<'a> {
    table: &'a toml::Table,
    prefix: &'static str,
    env: &'a dyn Fn(&str) -> Option<String>,
}

impl Section<'_> {
    fn raw(&self, key: &str) -> Result<Option<String>, BadSetting> {
        let variable = format!("{}_{}", self.prefix, key.to_uppercase().replace('-', "_"));
        if let Some(value) = (self.env)(&variable) {
            return Ok(Some(value));
        }
        if let Some(value) = self.read_secret_file(key, &format!("{variable}_FILE"))? {
            return Ok(Some(value));
        }
        Ok(match self.table.get(key) {
            None => None,
            Some(toml::Value::String(text)) => Some(text.clone()),
            Some(toml::Value::Integer(number)) => Some(number.to_string()),
            Some(toml::Value::Boolean(flag)) => Some(flag.to_string()),
            Some(_) => return Err(bad(key, "must be one text, number, true or false")),
        })
    }

    /// From the file that a variable such as WOODGATE_DATABASE_URL_FILE names, or the credential of systemd that has the setting's name.
    fn read_secret_file(&self, key: &str, variable: &str) -> Result<Option<String>, BadSetting> {
        let (name, path) = match ((self.env)(variable), (self.env)("CREDENTIALS_DIRECTORY")) {
            (Some(path), _) => (variable, PathBuf::from(path)),
            (None, Some(folder)) if Path::new(&folder).join(key).exists() => (key, Path::new(&folder).join(key)),
            _ => return Ok(None),
        };
        let text = std::fs::read_to_string(&path).map_err(|error| bad(name, format!("{} cannot be read: {error}", path.display())))?;
        Ok(Some(text.trim_end_matches(['\r', '\n']).to_owned()))
    }

    fn networks(&self, key: &str) -> Result<Networks, BadSetting> {
        let text = self.raw(key)?.unwrap_or_default();
        text.parse().map_err(|part| {
            let reason = format!("{part:?} is neither an IP address such as 127.0.0.1 nor a network such as 10.0.0.0/8");
            bad(key, reason)
        })
    }

    fn text(&self, key: &str, without: &str) -> Result<String, BadSetting> {
        let text = self.raw(key)?.unwrap_or_else(|| without.to_owned());
        match text.trim() {
            "" => Err(bad(key, "must not be empty")),
            text => Ok(text.to_owned()),
        }
    }

    /// A setting that the build has decided already.
    fn only(&self, key: &str, value: &str) -> Result<String, BadSetting> {
        let text = self.text(key, value)?;
        if text == value {
            Ok(text)
        } else {
            Err(bad(key, format!("must be {value:?}, where the build puts the bundles")))
        }
    }

    fn parsed<T: std::str::FromStr>(&self, key: &str, without: &str, must: &str) -> Result<T, BadSetting> {
        let text = self.text(key, without)?;
        text.parse().map_err(|_| bad(key, format!("{text:?} is not {must}")))
    }

    fn optional<T: std::str::FromStr>(&self, key: &str, must: &str) -> Result<Option<T>, BadSetting> {
        match self.raw(key)?.as_deref().map(str::trim) {
            None | Some("") => Ok(None),
            Some(text) => text.parse().map(Some).map_err(|_| bad(key, format!("{text:?} is not {must}"))),
        }
    }

    fn number<T: std::str::FromStr + PartialOrd + std::fmt::Display>(
        &self,
        key: &str,
        without: T,
        from: T,
        to: T,
    ) -> Result<T, BadSetting> {
        let number = self.parsed(key, &without.to_string(), "a whole number")?;
        if (from <= number) && (number <= to) {
            Ok(number)
        } else {
            Err(bad(key, format!("must be from {from} to {to}")))
        }
    }

    fn tls(&self) -> Result<Option<TlsConfig>, BadSetting> {
        let addr = self.optional("tls-addr", "an address and port such as 0.0.0.0:3443")?;
        let Some(addr) = addr else { return Ok(None) };
        let file = |key: &str| {
            let path: Option<PathBuf> = self.optional(key, "a path")?;
            path.ok_or_else(|| bad(key, "must be set while tls-addr is"))
        };
        Ok(Some(TlsConfig {
            addr,
            certificate: file("tls-certificate")?,
            key: file("tls-key")?,
        }))
    }

    fn database_url(&self) -> Result<String, BadSetting> {
        let url = self.text("database-url", "sqlite://data/woodgate.db")?;
        if ["sqlite:", "postgres:", "postgresql:"].iter().any(|scheme| url.starts_with(scheme)) {
            Ok(url)
        } else {
            Err(bad("database-url", "must be sqlite://PATH or postgres://USER:PASSWORD@HOST/NAME"))
        }
    }

    fn public_url(&self, site_addr: SocketAddr) -> Result<String, BadSetting> {
        if site_addr.ip().is_unspecified() && self.raw("public-url")?.is_none() {
            let reason = format!("must be set while site-addr is {site_addr}, which is no address to send people to");
            return Err(bad("public-url", reason));
        }
        let url = self.text("public-url", &format!("http://{site_addr}"))?;
        let url = url.trim_end_matches('/');
        let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
        match host {
            Some(host) if !host.is_empty() && !host.contains(['/', '?', '#', '@']) => Ok(url.to_owned()),
            _ => Err(bad("public-url", "must be like https://access.example.com, without a path")),
        }
    }
}

/// The way from a browser to the service: one that is half described would leave cookies open, or count all visitors as one.
fn check_way_in(public_url: &str, behind_tls: bool, own_tls: bool, trusted_proxy: &Networks) -> Result<(), BadSetting> {
    match (public_url.starts_with("https://"), behind_tls) {
        (false, true) => Err(bad("public-url", "must begin with https:// while behind-tls is set")),
        (true, false) if !own_tls => Err(bad(
            "behind-tls",
            "must be true while public-url begins with https:// and there is no tls-addr",
        )),
        (true, true) if trusted_proxy.is_empty() => Err(bad(
            "trusted-proxy",
            "must be the address of the proxy where TLS ends while behind-tls is set: without it all visitors count as one, and a few \
             wrong passwords lock out everyone",
        )),
        _ => Ok(()),
    }
}

fn known(table: &toml::Table, section: &str, keys: &[&str]) -> Result<(), BadSetting> {
    match table.keys().find(|key| !keys.contains(&key.as_str())) {
        None => Ok(()),
        Some(key) => Err(bad(key, format!("there is no such setting in [{section}]"))),
    }
}

fn bad(name: &str, reason: impl Into<String>) -> BadSetting {
    BadSetting {
        name: name.to_owned(),
        reason: reason.into(),
    }
}

fn first_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, env: &[(&str, &str)]) -> Result<Config, BadSetting> {
        Config::read("Leptos.toml", text, |name| {
            env.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn the_shipped_file_says_what_holds_without_it() {
        let shipped = std::fs::read_to_string("Leptos.toml").expect("Leptos.toml");
        assert_eq!(read(&shipped, &[]).expect("settings"), read("", &[]).expect("settings"));
    }

    #[test]
    fn the_environment_wins() {
        let config = read(
            "[woodgate]\ntenant-name = \"A\"\n",
            &[("WOODGATE_TENANT_NAME", "B"), ("LEPTOS_SITE_ADDR", "127.0.0.1:4000")],
        )
        .expect("settings");
        assert_eq!(config.tenant_name, "B");
        assert_eq!(config.public_url, "http://127.0.0.1:4000");
    }

    #[test]
    fn an_own_tls_listener_makes_an_address_of_https_good() {
        let text = "[woodgate]\npublic-url = \"https://a.example:3443\"\ntls-addr = \"0.0.0.0:3443\"\ntls-certificate = \"c.pem\"\n\
                    tls-key = \"k.pem\"";
        let config = read(text, &[]).expect("settings");
        assert!(config.is_secure() && !config.behind_tls);
        assert_eq!(config.tls.map(|tls| tls.key), Some("k.pem".into()));
        assert!(!read("", &[]).expect("settings").is_secure());
    }

    #[test]
    fn a_bad_setting_is_named() {
        for (text, name) in [
            ("[woodgate]\nlog-format = \"xml\"", "log-format"),
            ("[woodgate]\nsession-idle-minutes = 0", "session-idle-minutes"),
            ("[woodgate]\nsession-idle-minutes = \"soon\"", "session-idle-minutes"),
            ("[woodgate]\ndatabase-url = \"mysql://x\"", "database-url"),
            ("[woodgate]\ntennant = \"x\"", "tennant"),
            ("[woodgate]\npublic-url = \"access.example.com\"", "public-url"),
            ("[woodgate]\nbehind-tls = true", "public-url"),
            ("[woodgate]\npublic-url = \"https://a.example\"", "behind-tls"),
            ("[woodgate]\npublic-url = \"https://a.example\"\nbehind-tls = true", "trusted-proxy"),
            ("[woodgate]\ntls-addr = \"127.0.0.1:3443\"", "tls-certificate"),
            ("[woodgate]\ntls-addr = \"127.0.0.1:3443\"\ntls-certificate = \"c.pem\"", "tls-key"),
            ("[woodgate]\ntls-addr = \"3443\"", "tls-addr"),
            ("[woodgate]\ntrusted-proxy = \"proxy.example\"", "trusted-proxy"),
            ("[woodgate]\ntrusted-proxy = \"127.0.0.1, 10.0.0.0/33\"", "trusted-proxy"),
            ("[woodgate]\ntrusted-proxy = \"127.0.0.1:80\"", "trusted-proxy"),
            ("[woodgate]\ndatabase-connections = 1", "database-connections"),
            ("[woodgate]\nmetrics-addr = \"9464\"", "metrics-addr"),
            ("[woodgate]\nsmtp-host = \"mail.example\"", "mail-from"),
            ("[woodgate]\nsmtp-host = \"mail.example\"\nmail-from = \"woodgate\"", "mail-from"),
            ("[woodgate]\nsmtp-tls = \"ssl\"", "smtp-tls"),
            ("[woodgate]\nsmtp-port = 0", "smtp-port"),
            ("[woodgate]\nsmtp-user = \"woodgate\"", "smtp-password"),
            ("[woodgate]\nsmtp-password = \"secret\"", "smtp-user"),
            ("[leptos]\nsite-addr = \"0.0.0.0:80\"", "public-url"),
            ("[leptos]\nsite-addr = \"[::]:80\"", "public-url"),
            ("[leptos]\nsite-pkg-dir = \"bundles\"", "site-pkg-dir"),
            ("[leptos]\nsite-addr = \"here\"", "site-addr"),
            ("[woodgate", "Leptos.toml"),
        ] {
            assert_eq!(read(text, &[]).expect_err(text).name, name, "{text}");
        }
    }

    /// Fault B6: a secret need not stand in the environment.
    #[test]
    fn a_setting_may_stand_in_a_file_of_its_own() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("database-url"), "postgres://woodgate:secret@db/woodgate\n").expect("a file");
        let path = folder.path().join("database-url").display().to_string();
        let credentials = folder.path().display().to_string();
        for env in [("WOODGATE_DATABASE_URL_FILE", &path), ("CREDENTIALS_DIRECTORY", &credentials)] {
            let config = read("[woodgate]\ndatabase-url = \"sqlite://other.db\"", &[(env.0, env.1)]).expect("settings");
            assert_eq!(config.database_url, "postgres://woodgate:secret@db/woodgate", "{}", env.0);
        }
        let missing = read("", &[("WOODGATE_DATABASE_URL_FILE", "/nowhere")]).expect_err("no such file");
        assert_eq!(missing.name, "WOODGATE_DATABASE_URL_FILE");
        let wins = read(
            "",
            &[
                ("WOODGATE_DATABASE_URL", "sqlite://a.db"),
                ("WOODGATE_DATABASE_URL_FILE", "/nowhere"),
            ],
        );
        assert_eq!(wins.expect("settings").database_url, "sqlite://a.db");
    }
}

#![recursion_limit = "512"]
pub mod domain;
#[cfg(feature = "web-ui")]
pub mod ui;

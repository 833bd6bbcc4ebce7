//! Woodgate: self-hosted entitlement management. This file is the module map; what each module may know is in docs/decisions.md.
#![recursion_limit = "512"]

pub mod domain;
pub mod paths;

#[cfg(feature = "ssr")]
pub mod service;
#[cfg(feature = "ssr")]
pub mod store;

#[cfg(feature = "site-my-access")]
pub mod my_access;
#[cfg(feature = "web-ui")]
pub mod rpc;
#[cfg(feature = "web-ui")]
pub mod ui;

#[cfg(all(test, feature = "ssr"))]
mod guards;
#[cfg(all(test, feature = "ssr"))]
mod testing;

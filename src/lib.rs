//! Woodgate: self-hosted entitlement management. This file is the module map; what each module may know is in docs/decisions.md.
#![recursion_limit = "512"]

pub mod domain;
pub mod paths;

#[cfg(feature = "ssr")]
pub mod auth_pages;
#[cfg(feature = "ssr")]
pub mod config;
#[cfg(feature = "ssr")]
pub mod connect;
#[cfg(feature = "ssr")]
pub mod service;
#[cfg(feature = "ssr")]
pub mod store;
#[cfg(feature = "ssr")]
pub mod telemetry;
#[cfg(feature = "ssr")]
pub mod web;
#[cfg(feature = "ssr")]
pub mod worker;

#[cfg(all(feature = "web-ui", feature = "site-admin"))]
pub mod admin;
#[cfg(feature = "web-ui")]
pub mod app;
#[cfg(all(feature = "web-ui", feature = "site-my-access"))]
pub mod my_access;
#[cfg(feature = "web-ui")]
pub mod rpc;
#[cfg(feature = "web-ui")]
pub mod ui;

/// Pages and lists are made of many short-lived pieces, which this allocator hands out faster than the system's.
#[cfg(feature = "ssr")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[cfg(all(test, feature = "ssr"))]
mod guards;
#[cfg(all(test, feature = "ssr"))]
mod testing;

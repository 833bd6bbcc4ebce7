#![recursion_limit = "512"]
pub mod domain;
#[cfg(all(test, feature = "ssr"))]
mod guards;

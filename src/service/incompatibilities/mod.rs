//! Separation of duties: what stands against somebody's getting a package is found and named here (`check`), for a request, an approval, a
//! direct assignment and a delivery alike; rules are added and removed in `rules`, people are excepted in `exceptions`, read in `read`.

mod check;
mod exceptions;
mod read;
mod rules;

#[cfg(test)]
mod tests;

pub use check::{Reader, against, hold_people, named, of_request, tell, waiting};
pub use exceptions::{end_exception, exceptions, grant_exception};
pub use read::{conflicts, list, people, preview, summary, with};
pub use rules::{add, remove, remove_counterpart, removed_with};
pub(super) use rules::{add_in, remove_in};

//! The one place where SQL stands: every statement once, in the subset that SQLite and Postgres share. Must not decide anything; it
//! keeps and finds what services hand it and tells "not found" as `None`.

pub mod accounts;
pub mod approvals;
pub mod arg;
pub mod assignments;
pub mod attributes;
pub mod audit;
pub mod batch;
pub mod browsers;
pub mod catalogs;
pub mod changes;
pub mod database;
pub mod deliverables;
pub mod dialect;
pub mod directory_objects;
pub mod drafts;
pub mod drift;
pub mod eligibility;
pub mod find;
pub mod grants;
pub mod groups;
pub mod impact;
pub mod imports;
pub mod incompatibilities;
pub mod insert;
pub mod jobs;
pub mod limits;
pub mod list;
pub mod members;
pub mod memberships;
pub mod migrations;
pub mod notifications;
pub mod objects;
pub mod odata;
pub mod offers;
pub mod outbox;
pub mod package_endings;
pub mod packages;
pub mod parties;
pub mod policies;
pub mod postgres_pool;
pub mod principals;
pub mod refusals;
pub mod reports;
pub mod requests;
pub mod roles;
pub mod row;
mod rule_filter;
pub mod schedules;
pub mod search;
pub mod seed;
pub mod sessions;
pub mod settings;
pub mod sqlite_file;
pub mod sqlite_pool;
pub mod subjects;
pub mod suppressed_addresses;
pub mod tx;
pub mod users;
pub mod workload;

pub use changes::Change;
pub use database::{Schema, Store, StoreOptions};
pub use tx::{Arg, StoreError, Tx};

#[cfg(test)]
mod tests;

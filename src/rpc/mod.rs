//! Server functions: the only door from a page to a service, and public endpoints each, so every one asks `serve` for the signed-in
//! actor and leaves all decisions to the service. Reads and writes are POST with JSON.

pub mod bell;
mod call;
#[cfg(feature = "ssr")]
pub mod context;
pub mod error;
pub mod loading;
pub mod packed;
pub mod upgrade;

pub mod approvals;
pub mod assignments;
pub mod audit;
pub mod catalogs;
pub mod clients;
pub mod consents;
pub mod custom_attributes;
pub mod directory_objects;
pub mod drafts;
pub mod find;
pub mod groups;
pub mod impact;
pub mod imports;
pub mod incompatibilities;
pub mod limits;
pub mod mails;
pub mod my_access;
pub mod notifications;
pub mod objects;
pub mod organizations;
pub mod packages;
pub mod policies;
pub mod reports;
pub mod requests;
pub mod roles;
pub mod settings;
pub mod users;
pub mod viewer;
pub mod viewer_time;

pub use error::AppError;
pub use loading::Loading;

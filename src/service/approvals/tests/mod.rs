//! Approvals on both databases: whole stories of stages, deadlines, people who come and go, delegation and revocation.

mod administered;
mod gone;
mod invariants;
mod people;
mod story;
pub(in crate::service) mod world;

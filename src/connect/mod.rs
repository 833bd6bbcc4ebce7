//! The outside: what sends to other systems, behind the traits of `service::ports`. Must not know the database or what a message is about.

pub mod mail;

//! What the product is: its types, states, rules and checks. It does no I/O, awaits nothing, and is handed the time and every id;
//! it must not know the database, the web or the pages.
//!
//! The product's words, one spelling each:
//! *user* a person's account, member or guest; *directory object* a group, application or site; *resource role* one role of an
//! object (Member, Owner, an application's or site's role); *membership* a user holding a resource role; *catalog* a container of
//! resources and packages; *resource* an object placed in a catalog; *package* a bundle of resource roles; *policy* who may have a
//! package and on what terms; *policy version* those terms whole, never changed; *subject set* whom terms mean; *request* a change
//! asked for; *approval stage* a decision that a request waits for; *approver* whoever is asked for it; *delegation* one approver
//! deciding in another's place; *incompatibility* a rule of separation of
//! duties, *exception* one person's leave from it; *assignment* a package held by a user; *grant* one resource role given by one assignment;
//! *job* work that a change made necessary; *outbox* messages to the outside; *notification* what one person is told about one event;
//! *connected organization* another organization whose people may be let in, told apart by their domain; *sponsor* who vouches for it;
//! *client* a program that calls the API; *schedule* what is done again and again; *import* a file of users, groups, memberships or assignments whose rows are carried out.

pub mod access;
pub mod approval;
pub mod assignment;
pub mod attribute;
pub mod audit;
pub mod bulk;
pub mod catalog;
pub mod client;
#[cfg(feature = "ssr")]
pub mod configuration;
pub mod custom_attribute;
pub mod directory_object;
pub mod draft;
pub mod drift;
pub mod expiration;
pub mod external_user;
pub mod find;
pub mod grant;
pub mod group;
pub mod id;
pub mod impact;
pub mod import;
pub mod incompatibility;
pub mod job;
pub mod limit;
pub mod mail;
pub mod message;
pub mod notification;
pub mod object;
pub mod odata;
pub mod offer;
pub mod organization;
pub mod outbox;
pub mod package;
pub mod package_move;
pub mod page;
pub mod password;
pub mod pattern;
pub mod policy;
pub mod question;
pub mod refusal;
pub mod report;
pub mod request;
pub mod request_state;
pub mod review;
pub mod role_assignment;
pub mod rule;
pub mod schedule;
pub mod setting;
pub mod subject;
pub mod text;
pub mod typed_time;
pub mod user;
pub mod user_attribute;
pub mod validate;
pub mod when;

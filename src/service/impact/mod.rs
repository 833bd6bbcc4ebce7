//! What a change would do to whom, before it is made: one question for each kind of thing that is changed. Each asks for the action that
//! the change itself takes, reads what the change would read, and names nothing that its reader may not see. Must change nothing.

mod catalogs;
mod groups;
mod packages;
mod policies;
mod roles;
mod users;

#[cfg(test)]
mod tests;

pub use catalogs::of_catalog;
pub use groups::of_group;
pub use packages::of_package;
pub use policies::of_policy;
pub(in crate::service) use roles::of_gift;
pub use roles::{of_catalog_creators, of_catalog_role, of_directory_role};
pub use users::of_user;

use crate::domain::id::PackageId;
use crate::domain::impact::{Effect, EffectKind, Impact, MoreNames};
use crate::store::catalogs::Catalog;
use crate::store::impact::{Audience, Names, Requestable};
use crate::store::{StoreError, Tx, impact};

use chrono::{DateTime, Utc};

/// Effects that are to be told, each with whom it concerns.
#[derive(Default)]
struct Plan {
    effects: Vec<Planned>,
    notes: Vec<String>,
}

struct Planned {
    key: String,
    kind: EffectKind,
    one: String,
    many: String,
    names: Names,
}

impl Plan {
    /// An effect by its key, in what follows the number 1 and any other number.
    fn add(&mut self, key: impl Into<String>, kind: EffectKind, (one, many): (impl Into<String>, impl Into<String>), names: Names) {
        self.effects.push(Planned {
            key: key.into(),
            kind,
            one: one.into(),
            many: many.into(),
            names,
        });
    }

    /// People who do something: `loses Member of Finance`, `lose Member of Finance`.
    fn people(&mut self, key: impl Into<String>, kind: EffectKind, (one, many): (&str, &str), what: &str, names: Names) {
        self.add(key, kind, (format!("person {one} {what}"), format!("people {many} {what}")), names);
    }

    fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }

    /// All effects that concern somebody, or further names of one of them.
    async fn tell(self, tx: &mut Tx, more: Option<MoreNames>) -> Result<Impact, StoreError> {
        let mut told = Impact {
            effects: Vec::new(),
            notes: if more.is_some() { Vec::new() } else { self.notes },
        };
        for planned in self.effects {
            let found = match &more {
                None => planned.names.first(tx).await?,
                Some(wanted) if wanted.key == planned.key => planned.names.more(tx, wanted.after.clone()).await?,
                Some(_) => continue,
            };
            if found.count > 0 {
                told.effects.push(Effect {
                    key: planned.key,
                    kind: planned.kind,
                    one: planned.one,
                    many: planned.many,
                    count: found.count,
                    names: found.names,
                    next: found.next,
                });
            }
        }
        Ok(told)
    }
}

/// Who could request a package of this catalog under these audiences.
fn requestable(catalog: &Catalog, audiences: Vec<Audience>) -> Requestable {
    Requestable {
        audiences: if catalog.enabled { audiences } else { Vec::new() },
        external: catalog.external,
    }
}

/// Whom each policy of a package lets request now.
async fn audiences(tx: &mut Tx, package: PackageId, now: DateTime<Utc>) -> Result<Vec<Audience>, StoreError> {
    let terms = impact::terms_of(tx, package).await?;
    Ok(terms.iter().filter_map(|(_, terms)| Audience::of(terms, now)).collect())
}

/// Tells who can no longer request a package, and who newly can.
fn tell_requestors(plan: &mut Plan, key: &str, package: &str, before: &Requestable, after: &Requestable, now: DateTime<Utc>) {
    let lost = impact::able_to_request(before, after, now);
    let gained = impact::able_to_request(after, before, now);
    let loses = ("can no longer request", "can no longer request");
    plan.people(format!("cannot-request{key}"), EffectKind::Loses, loses, package, lost);
    let gains = ("can request", "can request");
    let what = format!("{package}, and couldn't before");
    plan.people(format!("can-request{key}"), EffectKind::Gains, gains, &what, gained);
}

//! The demo directory of Woodgrove Bank, for trying the product out: people, groups, applications, sites and two example packages, put
//! into an empty database in one transaction. Must not touch a database that anyone uses.

mod people;
mod scale;
mod things;

#[cfg(test)]
mod tests;

use std::collections::HashMap;

use chrono::{DateTime, Duration, Utc};

use super::audit::Entry;
use super::{App, Error, rules};
use crate::domain::audit::{Activity, Target};
use crate::domain::expiration::Expiration;
use crate::domain::id::{CatalogId, ObjectId, PackageId, PolicyId, PolicyVersionId, RoleId, UserId};
use crate::domain::incompatibility::Counterpart;
use crate::domain::object::{DEFAULT_ACCESS, MEMBER, MembershipType, OWNER, ObjectKind};
use crate::domain::policy::{INITIAL_POLICY, Scope};
use crate::domain::user::{DirectoryRole, UserKind, UserProfile};
use crate::domain::validate::Name;
use crate::store::incompatibilities::{self, NewExceptionRow, NewRuleRow};
use crate::store::seed::{Seed, SeedObject};
use crate::store::{StoreError, Tx, users};
use people::{GUESTS, MEMBERS};
use things::{APPLICATIONS, DemoPlace, EXCEPTION, GROUPS, PACKAGES, RESOURCES, RULES, SITES};

/// The password of every demo account.
pub const PASSWORD: &str = "Woodgrove-demo-2026";

/// An account to sign in with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignIn {
    /// Its name.
    pub name: &'static str,
    /// Its user name.
    pub user_name: &'static str,
    /// What it may do, in words.
    pub role: &'static str,
}

/// The accounts to begin with.
pub const SIGN_INS: [SignIn; 3] = [
    SignIn {
        name: "Admin1",
        user_name: "admin1",
        role: "Global administrator",
    },
    SignIn {
        name: "UserAdmin1",
        user_name: "useradmin1",
        role: "User administrator",
    },
    SignIn {
        name: "Alex Wilber",
        user_name: "alex.wilber",
        role: "User",
    },
];

/// What `fill` did, and how to go on.
#[derive(Clone, Debug)]
pub struct DemoReport {
    /// False where there were users already, so nothing was done.
    pub filled: bool,
    /// Demo accounts that can be signed in to with `PASSWORD`; none in a database that was filled otherwise.
    pub sign_ins: Vec<SignIn>,
}

/// Fills an empty database with the demo directory, and with `scale` many thousand more people, groups and requests to measure with.
pub async fn fill(app: &App, scale: bool) -> Result<DemoReport, Error> {
    if let Some(report) = filled_before(app).await? {
        return Ok(report);
    }
    let hash = app.passwords.hash(PASSWORD.to_owned()).await?;
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    if users::any(&mut tx).await? {
        drop(tx);
        return Ok(filled_before(app).await?.unwrap_or(DemoReport {
            filled: false,
            sign_ins: Vec::new(),
        }));
    }
    let catalog = super::catalogs::ensure_general(app, &mut tx).await?;
    let mut demo = Demo::new(app, catalog, hash);
    demo.people();
    demo.groups();
    demo.placeholders(ObjectKind::Application, APPLICATIONS, "https://apps.woodgrove.example");
    demo.placeholders(ObjectKind::Site, SITES, "https://sites.woodgrove.example");
    demo.packages()?;
    if scale {
        scale::add(&mut demo)?;
    }
    let ruled = std::mem::take(&mut demo.ruled);
    let separation = demo.separation();
    let admin = demo.id_of(SIGN_INS[0].name);
    demo.seed.write(&mut tx).await?;
    for (group, rule) in ruled {
        rules::reevaluate_group(&mut tx, group, rule, now).await?;
    }
    separation.write(&mut tx, now).await?;
    Entry::by_system(Activity::SetUp, Target::new("user", admin, SIGN_INS[0].name))
        .detail("Filled with the demo directory.")
        .write(app, &mut tx)?;
    tx.commit().await?;
    Ok(DemoReport {
        filled: true,
        sign_ins: SIGN_INS.to_vec(),
    })
}

/// What to say of a database with users: which demo accounts still have the demo password.
async fn filled_before(app: &App) -> Result<Option<DemoReport>, Error> {
    let mut tx = app.store.read().await?;
    if !users::any(&mut tx).await? {
        return Ok(None);
    }
    let mut sign_ins = Vec::new();
    for sign_in in SIGN_INS {
        if let Some(hash) = users::password_hash(&mut tx, sign_in.user_name).await?
            && app.passwords.verify(PASSWORD.to_owned(), Some(hash)).await?
        {
            sign_ins.push(sign_in);
        }
    }
    Ok(Some(DemoReport { filled: false, sign_ins }))
}

/// The directory under construction.
struct Demo<'a> {
    app: &'a App,
    catalog: CatalogId,
    hash: String,
    seed: Seed,
    users: HashMap<&'static str, UserId>,
    objects: HashMap<&'static str, ObjectId>,
    packages: HashMap<&'static str, PackageId>,
    roles: HashMap<(&'static str, &'static str), RoleId>,
    ruled: Vec<(ObjectId, &'static str)>,
}

impl<'a> Demo<'a> {
    fn new(app: &'a App, catalog: CatalogId, hash: String) -> Self {
        Self {
            app,
            catalog,
            hash,
            seed: Seed::new(app.clock.now()),
            users: HashMap::new(),
            objects: HashMap::new(),
            packages: HashMap::new(),
            roles: HashMap::new(),
            ruled: Vec::new(),
        }
    }

    fn id<I: From<uuid::Uuid>>(&self) -> I {
        self.app.ids.id(self.app.clock.now()).into()
    }

    /// The tables name only people who are in them; a test holds that.
    fn id_of(&self, person: &str) -> UserId {
        self.users.get(person).copied().unwrap_or(UserId(uuid::Uuid::nil()))
    }

    fn role_of(&self, object: &'static str, role: &'static str) -> RoleId {
        self.roles.get(&(object, role)).copied().unwrap_or(RoleId(uuid::Uuid::nil()))
    }

    fn add(&mut self, profile: &UserProfile) -> UserId {
        let id = self.id();
        let role = self.id();
        self.seed.user(id, profile, &self.hash, role);
        id
    }

    fn people(&mut self) {
        for (sign_in, role) in SIGN_INS
            .iter()
            .zip([DirectoryRole::GlobalAdministrator, DirectoryRole::UserAdministrator])
        {
            let id = self.add(&UserProfile {
                role,
                job_title: sign_in.role.into(),
                department: "Information Technology".into(),
                ..member(sign_in.name, sign_in.user_name.to_owned())
            });
            self.users.insert(sign_in.name, id);
        }
        for (place, person) in MEMBERS.iter().enumerate() {
            let id = self.add(&UserProfile {
                job_title: person.1.into(),
                department: person.2.into(),
                office: person.3.into(),
                phone: format!("+41 44 555 0{:03}", 100 + place),
                manager: person.4.and_then(|at| MEMBERS.get(at)).map(|manager| self.id_of(manager.0)),
                ..member(person.0, user_name(person.0))
            });
            self.users.insert(person.0, id);
        }
        for guest in GUESTS {
            let id = self.add(&UserProfile {
                kind: UserKind::Guest,
                job_title: guest.1.into(),
                company: guest.2.into(),
                mail: guest.3.into(),
                manager: MEMBERS.get(guest.4).map(|manager| self.id_of(manager.0)),
                ..member(guest.0, user_name(guest.0))
            });
            self.users.insert(guest.0, id);
        }
    }

    fn groups(&mut self) {
        for group in GROUPS {
            let id = self.id();
            let membership = match group.rule {
                Some(rule) => {
                    self.ruled.push((id, rule));
                    MembershipType::Dynamic
                }
                None => MembershipType::Assigned,
            };
            self.seed.object(&SeedObject {
                id,
                kind: ObjectKind::Group,
                name: group.name,
                description: group.description,
                group: Some((group.kind, membership, group.rule)),
                url: None,
            });
            self.objects.insert(group.name, id);
            self.add_roles(group.name, &[MEMBER, OWNER]);
            for (role, people) in [(MEMBER, group.members), (OWNER, group.owners)] {
                for person in people {
                    self.seed.member(self.role_of(group.name, role), self.id_of(person));
                }
            }
        }
    }

    fn placeholders(&mut self, kind: ObjectKind, places: &'static [DemoPlace], root: &str) {
        for place in places {
            let id = self.id();
            self.seed.object(&SeedObject {
                id,
                kind,
                name: place.name,
                description: place.description,
                group: None,
                url: Some(format!("{root}/{}", place.path)),
            });
            self.objects.insert(place.name, id);
            self.add_roles(place.name, if place.roles.is_empty() { &[DEFAULT_ACCESS] } else { place.roles });
            for (person, role) in place.holders {
                self.seed.member(self.role_of(place.name, role), self.id_of(person));
            }
        }
    }

    fn add_roles(&mut self, object: &'static str, names: &[&'static str]) {
        let Some(id) = self.objects.get(object).copied() else { return };
        for (position, name) in (0..).zip(names) {
            let role = self.id();
            self.seed.role(role, id, name, position);
            self.roles.insert((object, name), role);
        }
    }

    fn packages(&mut self) -> Result<(), StoreError> {
        let mut resources: Vec<&str> = RESOURCES.to_vec();
        for package in PACKAGES {
            let id: PackageId = self.id();
            self.packages.insert(package.name, id);
            self.seed.package(id, self.catalog, package.name, package.description);
            for (object, role) in package.roles {
                self.seed.package_role(self.id::<uuid::Uuid>(), id, self.role_of(object, role));
                resources.push(object);
            }
            let policy: (PolicyId, PolicyVersionId) = (self.id(), self.id());
            self.seed
                .policy(policy, id, INITIAL_POLICY, Scope::AllMembers, Expiration::Days(package.days))?;
        }
        for id in resources.iter().filter_map(|name| self.objects.get(name)) {
            self.seed.resource(self.catalog, *id);
        }
        Ok(())
    }
}

impl Demo<'_> {
    /// The rules of separation of duties, and the exception from one.
    fn separation(&self) -> Separation {
        let (of, person, reason, days) = EXCEPTION;
        let by = self.id_of(SIGN_INS[0].name);
        let mut found = Separation {
            rules: Vec::new(),
            exception: None,
        };
        for (package, group) in RULES {
            let (Some(package), Some(object)) = (self.packages.get(package), self.objects.get(group)) else {
                continue;
            };
            let rule = NewRuleRow {
                id: self.id(),
                package: *package,
                counterpart: Counterpart::Group(*object),
                by: Some(by),
            };
            if *group == of {
                found.exception = Some(NewExceptionRow {
                    id: self.id(),
                    rule: rule.id,
                    package: *package,
                    user: self.id_of(person),
                    reason,
                    by: Some(by),
                    ends_at: self.app.clock.now() + Duration::days(days),
                });
            }
            found.rules.push(rule);
        }
        found
    }
}

/// Separation of duties, written once what it names is there.
struct Separation {
    rules: Vec<NewRuleRow>,
    exception: Option<NewExceptionRow<'static>>,
}

impl Separation {
    async fn write(self, tx: &mut Tx, now: DateTime<Utc>) -> Result<(), StoreError> {
        for rule in self.rules {
            incompatibilities::insert(tx, rule, now).await?;
        }
        if let Some(exception) = self.exception {
            incompatibilities::insert_exception(tx, exception, now).await?;
        }
        Ok(())
    }
}

/// A member of the bank without role, manager or place.
fn member(name: &str, user_name: String) -> UserProfile {
    UserProfile {
        mail: format!("{user_name}@woodgrove.example"),
        name: Name::of(name.to_owned()),
        user_name: Name::of(user_name),
        kind: UserKind::Member,
        role: DirectoryRole::User,
        job_title: String::new(),
        department: String::new(),
        company: "Woodgrove Bank".into(),
        office: String::new(),
        phone: String::new(),
        manager: None,
        sponsors: None,
        attributes: Vec::new(),
    }
}

/// `Anna-Lena Fischer` signs in as `anna-lena.fischer`; letters with marks lose them, as on any keyboard.
fn user_name(name: &str) -> String {
    name.to_lowercase()
        .chars()
        .map(|c| match c {
            ' ' => '.',
            'á' | 'à' | 'ä' => 'a',
            'é' | 'è' => 'e',
            'í' => 'i',
            'ń' => 'n',
            other => other,
        })
        .collect()
}

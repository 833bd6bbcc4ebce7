//! Many thousand rows to measure with: 10,000 people, 1,000 groups, 50,000 memberships and 5,000 delivered requests. Who is where follows
//! from numbers alone, so two runs give the same shape.

use chrono::Duration;

use super::Demo;
use super::people::{FIRST, LAST};
use crate::domain::expiration::Expiration;
use crate::domain::id::{ObjectId, PackageId, PolicyId, PolicyVersionId, RoleId, UserId};
use crate::domain::object::{GroupKind, MEMBER, MembershipType, OWNER, ObjectKind};
use crate::domain::policy::{INITIAL_POLICY, Scope};
use crate::domain::user::UserProfile;
use crate::store::StoreError;
use crate::store::seed::{SeedDelivery, SeedObject};

const PEOPLE: usize = 10_000;
const GROUPS: usize = 1_000;
/// By hand, in each group; the rest of the 50,000 come through packages.
const MEMBERS: usize = 45;
/// The first so many groups are given by a package each.
const PACKAGES: usize = 50;
const HOLDERS: usize = 100;
const TITLES: [&str; 5] = ["Analyst", "Adviser", "Engineer", "Specialist", "Officer"];
const DEPARTMENTS: [&str; 8] = [
    "Retail Banking",
    "Corporate Banking",
    "Risk",
    "Finance",
    "Operations",
    "Sales",
    "Customer Service",
    "Information Technology",
];

/// Adds them to the demo directory.
pub fn add(demo: &mut Demo<'_>) -> Result<(), StoreError> {
    let people: Vec<(UserId, String)> = (0..PEOPLE).map(|n| person(demo, n)).collect();
    for n in 0..GROUPS {
        let (group, member) = group(demo, n);
        for at in 0..MEMBERS {
            demo.seed.member(member, people[(n * MEMBERS + at) % PEOPLE].0);
        }
        if n < PACKAGES {
            let first = n * MEMBERS + MEMBERS;
            let holders: Vec<&(UserId, String)> = (first..first + HOLDERS).map(|at| &people[at % PEOPLE]).collect();
            package(demo, n, group, member, &holders)?;
        }
    }
    Ok(())
}

fn person(demo: &mut Demo<'_>, n: usize) -> (UserId, String) {
    let (first, last) = (FIRST[n % FIRST.len()], LAST[n / FIRST.len() % LAST.len()]);
    let initial = char::from(b'A' + u8::try_from(n / (FIRST.len() * LAST.len())).unwrap_or_default());
    let name = format!("{first} {initial}. {last}");
    let user_name = format!("{first}.{initial}.{last}").to_lowercase();
    let id = demo.add(&UserProfile {
        job_title: TITLES[n % TITLES.len()].into(),
        department: DEPARTMENTS[n % DEPARTMENTS.len()].into(),
        ..super::member(&name, user_name)
    });
    (id, name)
}

fn group(demo: &mut Demo<'_>, n: usize) -> (ObjectId, RoleId) {
    let id = demo.id();
    let (member, owner): (RoleId, RoleId) = (demo.id(), demo.id());
    let department = DEPARTMENTS[n % DEPARTMENTS.len()];
    demo.seed.object(&SeedObject {
        id,
        kind: ObjectKind::Group,
        name: &format!("{department} unit {:04}", n + 1),
        description: "One of many",
        group: Some((GroupKind::Security, MembershipType::Assigned, None)),
        url: None,
    });
    demo.seed.role(member, id, MEMBER, 0);
    demo.seed.role(owner, id, OWNER, 1);
    (id, member)
}

fn package(demo: &mut Demo<'_>, n: usize, group: ObjectId, role: RoleId, holders: &[&(UserId, String)]) -> Result<(), StoreError> {
    let (package, policy, policy_version): (PackageId, PolicyId, PolicyVersionId) = (demo.id(), demo.id(), demo.id());
    let expiration = Expiration::Days(180);
    demo.seed.resource(demo.catalog, group);
    demo.seed.package(
        package,
        demo.catalog,
        &format!("Unit access {:02}", n + 1),
        "Membership of one unit's group",
    );
    demo.seed.package_role(demo.id::<uuid::Uuid>(), package, role);
    demo.seed
        .policy((policy, policy_version), package, INITIAL_POLICY, Scope::AllMembers, expiration)?;
    for (at, (target, name)) in (0_i64..).zip(holders.iter().copied()) {
        demo.seed.delivery(&SeedDelivery {
            request: demo.id(),
            assignment: demo.id(),
            others: [demo.id(), demo.id(), demo.id()],
            package,
            policy,
            policy_version,
            role,
            target: *target,
            target_name: name,
            expiration,
            at: demo.app.clock.now() - Duration::hours(at * 12),
        });
    }
    Ok(())
}

//! Separation of duties (F128 to F132): a package names packages and groups, and whoever has one of these cannot get it. A rule holds in one
//! direction only. What a rule does to a person is in `conflict`, how one person is excepted from it in `exception`.

mod conflict;
mod exception;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::id::{AssignmentId, CatalogId, IncompatibilityId, Named, ObjectId, PackageId, RequestId, UserId};
use super::page::PageQuery;
use super::refusal::{Permission, Refusal};
use super::text::string_enum;

pub use conflict::{Audience, Conflict, ConflictNotice, HELD, may_gain, notice};
pub use exception::{
    EXCEPTION_DAYS_MAX, ExceptionForm, ExceptionItem, ExceptionQuery, ExceptionState, NewException, exception_state, may_end_exception,
    may_except,
};

/// People of a rule are counted no further than this.
pub const PEOPLE_COUNTED_MAX: i64 = 1_000;
/// What stands in place of a package that the reader may not see.
pub const UNSEEN_PACKAGE: &str = "An access package that you can't see";

/// What a rule names: whoever has it cannot get the package.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Counterpart {
    /// Whoever has this package.
    Package(PackageId),
    /// Whoever is a member of this group, by whatever way.
    Group(ObjectId),
}

string_enum! {
    /// What rules name, as the tabs tell them apart.
    CounterpartKind {
        /// Packages.
        Package = "package",
        /// Groups.
        Group = "group",
    }
}

impl Counterpart {
    /// A package or a group.
    pub fn kind(self) -> CounterpartKind {
        match self {
            Self::Package(_) => CounterpartKind::Package,
            Self::Group(_) => CounterpartKind::Group,
        }
    }
}

/// A row of the tabs Incompatible access packages and Incompatible groups.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IncompatibilityItem {
    /// The rule.
    pub id: IncompatibilityId,
    /// What it names; `None`: a package that the reader may not see.
    pub counterpart: Option<Counterpart>,
    /// Its name, or what stands in its place.
    pub name: String,
    /// The catalog of a package that is seen.
    pub catalog: Option<Named<CatalogId>>,
    /// People who have both, with or without an exception; no more than `PEOPLE_COUNTED_MAX` and one.
    pub additional: i64,
    /// Exceptions that hold.
    pub exceptions: i64,
    /// When it was added.
    #[serde(with = "super::when::instant")]
    pub added_at: DateTime<Utc>,
    /// By whom; blank for the product itself.
    pub added_by: String,
    /// May it be removed?
    pub remove: Permission,
}

impl IncompatibilityItem {
    /// How many people have both, as pages write it: beyond a bound they are not counted.
    pub fn additional_text(&self) -> String {
        counted(self.additional)
    }
}

/// A number of people, as pages write it: beyond a bound they are not counted.
pub fn counted(people: i64) -> String {
    if people > PEOPLE_COUNTED_MAX {
        format!("{PEOPLE_COUNTED_MAX}+")
    } else {
        people.to_string()
    }
}

/// Which rules of a package to list, in the order in which they were added.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct IncompatibilityQuery {
    /// Of this package.
    pub package: PackageId,
    /// Those that name packages, or groups.
    pub kind: CounterpartKind,
    /// Which page.
    #[serde(default)]
    pub page: PageQuery,
}

/// A row of the tab Incompatible With (F131): a package that names this one, and that the reader sees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IncompatibleWithItem {
    /// The rule.
    pub id: IncompatibilityId,
    /// The package whose rule it is.
    pub package: Named<PackageId>,
    /// Its catalog.
    pub catalog: Named<CatalogId>,
    /// When it was added.
    #[serde(with = "super::when::instant")]
    pub added_at: DateTime<Utc>,
}

/// Which packages name a package.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct IncompatibleWithQuery {
    /// This one.
    pub package: PackageId,
    /// Which page.
    #[serde(default)]
    pub page: PageQuery,
}

/// What stands above the tabs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IncompatibilitySummary {
    /// The package.
    pub package: Named<PackageId>,
    /// May rules be added and removed, and exceptions granted?
    pub manage: Permission,
    /// May the people be seen who have both?
    pub people: Permission,
    /// The rules, to choose one for an exception.
    pub rules: Vec<Named<IncompatibilityId>>,
    /// Packages that name this one and that the reader may not see.
    pub unseen: i64,
}

/// Whose people to list: who have the package and what a rule names, or would name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PeopleQuery {
    /// Who have this package.
    pub package: PackageId,
    /// And what this rule of it names.
    #[serde(default)]
    pub rule: Option<IncompatibilityId>,
    /// Or, before there is a rule, this.
    #[serde(default)]
    pub counterpart: Option<Counterpart>,
    /// Part of a name.
    #[serde(default)]
    pub search: String,
    /// Which page.
    #[serde(default)]
    pub page: PageQuery,
}

/// One who has the package and what a rule names (F132).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeopleItem {
    /// The assignment of the package.
    pub assignment: AssignmentId,
    /// The person.
    pub user: Named<UserId>,
    /// Their sign-in name.
    pub user_name: String,
    /// Their department.
    pub department: String,
    /// Since when they have the package.
    #[serde(with = "super::when::instant")]
    pub starts_at: DateTime<Utc>,
    /// Until when; `None` is without end.
    #[serde(with = "super::when::maybe_instant")]
    pub ends_at: Option<DateTime<Utc>>,
    /// Until when they are excepted from the rule, if they are.
    #[serde(with = "super::when::maybe_instant")]
    pub excepted_until: Option<DateTime<Utc>>,
    /// May they be excepted from the rule? `None`: there is no rule yet.
    pub except: Option<Permission>,
}

/// Who would be in conflict at once, if a rule were added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConflictPreview {
    /// What it would name.
    pub name: String,
    /// How many have both; no more than `PEOPLE_COUNTED_MAX` and one.
    pub count: i64,
    /// Some of them, by name.
    pub people: Vec<String>,
}

string_enum! {
    /// A filter of the report Conflicts.
    ConflictFilter {
        /// Everybody.
        All = "all",
        /// Only without an exception.
        Open = "open",
        /// Only with one.
        Excepted = "excepted",
    }
}

impl ConflictFilter {
    /// Its name on pages.
    pub fn label(self) -> &'static str {
        match self {
            Self::All => "All",
            Self::Open => "Without exception",
            Self::Excepted => "With exception",
        }
    }
}

/// What the report Conflicts is asked.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ConflictQuery {
    /// With or without exceptions.
    pub filter: ConflictFilter,
    /// Part of a person's name.
    #[serde(default)]
    pub search: String,
    /// Which page.
    #[serde(default)]
    pub page: PageQuery,
}

/// A row of the report Conflicts: somebody who has a package and what a rule of it names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConflictItem {
    /// The assignment of the package.
    pub assignment: AssignmentId,
    /// The person.
    pub user: Named<UserId>,
    /// Their sign-in name.
    pub user_name: String,
    /// The package whose rule it is.
    pub package: Named<PackageId>,
    /// Its catalog.
    pub catalog: Named<CatalogId>,
    /// The rule.
    pub rule: IncompatibilityId,
    /// What the rule names; `None`: a package that the reader may not see.
    pub counterpart: Option<Counterpart>,
    /// Its name, or what stands in its place.
    pub name: String,
    /// The request by which they got the package.
    pub request: RequestId,
    /// Since when they have the package.
    #[serde(with = "super::when::instant")]
    pub starts_at: DateTime<Utc>,
    /// Until when they are excepted, if they are.
    #[serde(with = "super::when::maybe_instant")]
    pub excepted_until: Option<DateTime<Utc>>,
    /// Why, in the words of who excepted them.
    pub reason: String,
}

/// What decides on a new rule.
#[derive(Clone, Copy, Debug)]
pub struct NewRule<'a> {
    /// Of which package.
    pub package: &'a Named<PackageId>,
    /// What it would name.
    pub counterpart: Counterpart,
    /// Its name.
    pub name: &'a str,
    /// The package gives membership of the group itself.
    pub gives_it: bool,
}

/// Whether a rule can be added; the first thing in its way speaks.
pub fn may_add(rule: &NewRule<'_>) -> Result<(), Refusal> {
    let (package, name) = (&rule.package.name, rule.name);
    if rule.counterpart == Counterpart::Package(rule.package.id) {
        return Err(Refusal::new(
            "itself",
            "A package can't be incompatible with itself. Choose another one.",
        ));
    }
    if rule.gives_it {
        let reason = format!(
            "{package} gives membership of {name} itself, so everyone who has it would be in conflict. Remove that resource role first, or \
             choose another group."
        );
        return Err(Refusal::new("gives-it", reason));
    }
    Ok(())
}

/// Whether membership of a group can be added to what a package gives: not while the package excludes the group's members.
pub fn may_give_member(package: &str, excluded: &[String]) -> Result<(), Refusal> {
    match excluded.first() {
        None => Ok(()),
        Some(group) => Err(Refusal::new(
            "excluded-group",
            format!(
                "{package} is incompatible with the group {group}, so it can't give membership of it. Remove the group under Separation of \
                 duties first."
            ),
        )),
    }
}

/// Whether a group can be deleted: not while rules name it. `packages` are those that the reader sees, `unseen` counts the others.
pub fn may_delete_group(group: &str, packages: &[Named<PackageId>], unseen: usize) -> Result<(), Refusal> {
    if packages.is_empty() && unseen == 0 {
        return Ok(());
    }
    let mut names: Vec<String> = packages.iter().map(|package| package.name.clone()).collect();
    match unseen {
        0 => {}
        1 => names.push("1 that you can't see".to_owned()),
        count => names.push(format!("{count} that you can't see")),
    }
    let reason = format!(
        "{group} can't be deleted while access packages are incompatible with it: {}. Remove it under their Separation of duties first, or \
         ask someone who manages them.",
        names.join(", ")
    );
    Err(Refusal::new("group-excluded", reason))
}

/// What deleting a package does to rules: its own, and those of others that name it. Nothing where there are none.
pub fn deletion_text(own: i64, naming: i64) -> String {
    let rules = |count: i64| {
        if count == 1 {
            "1 rule".to_owned()
        } else {
            format!("{count} rules")
        }
    };
    match (own, naming) {
        (0, 0) => String::new(),
        (own, 0) => format!("{} of its separation of duties go with it.", rules(own)),
        (0, naming) => format!("{} of other packages that name it as incompatible go with it.", rules(naming)),
        (own, naming) => format!(
            "{} of its separation of duties go with it, and {} of other packages that name it.",
            rules(own),
            rules(naming)
        ),
    }
}

/// What moving a package means for its rules, for the check of the move.
pub fn move_text(package: &str, own: i64, naming: i64) -> Option<String> {
    (own + naming > 0).then(|| {
        format!(
            "The separation of duties of {package} moves with it: whoever manages its packages there manages it. Packages that name it go \
             on doing so."
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn rule(counterpart: Counterpart, gives_it: bool) -> Option<String> {
        let package = Named::new(PackageId(Uuid::from_u128(1)), "Payments");
        let new = NewRule {
            package: &package,
            counterpart,
            name: "Auditors",
            gives_it,
        };
        may_add(&new).err().map(|refusal| refusal.rule)
    }

    #[test]
    fn f128_f129_a_rule_names_something_else_than_the_package_gives() {
        let package = |n| Counterpart::Package(PackageId(Uuid::from_u128(n)));
        let group = Counterpart::Group(ObjectId(Uuid::from_u128(9)));
        assert_eq!(rule(package(2), false), None);
        assert_eq!(rule(package(1), false).as_deref(), Some("itself"));
        assert_eq!(rule(group, false), None);
        assert_eq!(rule(group, true).as_deref(), Some("gives-it"));
        assert_eq!(may_give_member("Payments", &[]), Ok(()));
        let refused = may_give_member("Payments", &["Auditors".into()]).expect_err("refused");
        assert!(refused.reason.contains("the group Auditors"), "{}", refused.reason);
    }

    #[test]
    fn f129_a_group_that_rules_name_is_not_deleted() {
        assert_eq!(may_delete_group("Auditors", &[], 0), Ok(()));
        let seen = [Named::new(PackageId(Uuid::nil()), "Payments")];
        let reason = may_delete_group("Auditors", &seen, 2).expect_err("refused").reason;
        assert!(reason.contains("Payments, 2 that you can't see"), "{reason}");
    }

    #[test]
    fn f128_what_becomes_of_rules_is_said() {
        assert_eq!(deletion_text(0, 0), "");
        assert_eq!(
            deletion_text(0, 2),
            "2 rules of other packages that name it as incompatible go with it."
        );
        assert_eq!(move_text("Payments", 0, 0), None);
        assert!(move_text("Payments", 0, 1).is_some());
    }

    #[test]
    fn f132_people_are_counted_up_to_a_bound() {
        assert_eq!(counted(7), "7");
        assert_eq!(counted(PEOPLE_COUNTED_MAX + 1), "1000+");
    }
}

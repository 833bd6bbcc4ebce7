//! Groups: what one is, what may be typed into its form, and where each membership came from.
//! Applications and sites share their roles and memberships through `object`.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::id::{Named, ObjectId, PackageId, UserId};
use super::object::{GroupKind, MembershipType};
use super::page::{Direction, PageQuery};
use super::refusal::{Permission, Refusal};
use super::text::{DESCRIPTION_MAX, StringEnum, string_enum};
use super::user::AccountState;
use super::validate::{Checker, Code, FieldErrors, Name};

/// A row of the group list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupItem {
    /// The group.
    pub id: ObjectId,
    /// Its name.
    pub name: String,
    /// What it is for, or empty.
    pub description: String,
    /// Security or Microsoft 365.
    pub kind: GroupKind,
    /// Assigned or Dynamic.
    pub membership: MembershipType,
}

/// A group as the API lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupRecord {
    /// The group.
    pub id: ObjectId,
    /// Its name.
    pub name: String,
    /// What it is for, or empty.
    pub description: String,
    /// Security or Microsoft 365.
    pub kind: GroupKind,
    /// Assigned or Dynamic.
    pub membership: MembershipType,
    /// The rule of a dynamic group.
    pub rule: Option<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// For the next change.
    pub version: i64,
}

impl GroupRecord {
    /// The form that changes nothing of it.
    pub fn form(&self) -> GroupForm {
        GroupForm {
            name: self.name.clone(),
            description: self.description.clone(),
            kind: self.kind.as_str().to_owned(),
            membership: self.membership.as_str().to_owned(),
            rule: self.rule.clone().unwrap_or_default(),
            owners: Vec::new(),
            members: Vec::new(),
        }
    }
}

/// Everything about one group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupDetail {
    /// As in the list.
    pub item: GroupItem,
    /// The rule of a dynamic group.
    pub rule: Option<String>,
    /// People who are members now.
    pub members: i64,
    /// People who are owners now.
    pub owners: i64,
    /// Packages that give a role of this group.
    pub packages: Vec<Named<PackageId>>,
    /// Policies that name it as one of those who can request.
    pub policies: Vec<NamingPolicy>,
    /// How many more do, of packages that the viewer does not see.
    pub unseen_policies: usize,
    /// When it was made.
    #[serde(with = "super::when::instant")]
    pub created_at: DateTime<Utc>,
    /// For the next change.
    pub version: i64,
    /// May it be edited?
    pub edit: Permission,
    /// May members be added or removed by hand?
    pub edit_members: Permission,
    /// May it be deleted?
    pub delete: Permission,
}

/// A policy that names a group among those who can request a package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamingPolicy {
    /// The package.
    pub package: Named<PackageId>,
    /// The policy's name.
    pub policy: String,
    /// Whether it names anybody else who is still there.
    pub names_others: bool,
}

/// What deleting a group means for the policies that name it, in sentences (F043); `unseen` are more of them, of packages that the reader
/// does not see.
pub fn policies_losing(policies: &[NamingPolicy], unseen: usize) -> Vec<String> {
    let listed = |policies: &[&NamingPolicy]| {
        let names = policies.iter().map(|naming| format!("{} ({})", naming.package.name, naming.policy));
        names.collect::<Vec<_>>().join(", ")
    };
    let all: Vec<&NamingPolicy> = policies.iter().collect();
    let alone: Vec<&NamingPolicy> = policies.iter().filter(|naming| !naming.names_others).collect();
    let mut sentences = Vec::new();
    if !all.is_empty() {
        sentences.push(format!("Its members can no longer request {}.", listed(&all)));
    }
    match unseen {
        0 => {}
        1 => sentences.push("1 policy that you can't see names it too.".to_owned()),
        count => sentences.push(format!("{count} policies that you can't see name it too.")),
    }
    if !alone.is_empty() {
        sentences.push(format!(
            "Then nobody can request {} until somebody else is chosen there.",
            listed(&alone)
        ));
    }
    sentences
}

string_enum! {
    /// Which of a group's two roles.
    GroupRole {
        /// Belongs to it.
        Member = "member",
        /// Answers for it.
        Owner = "owner",
    }
}

/// One person in a group, and why (F036).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberItem {
    /// Who.
    pub user: Named<UserId>,
    /// Their sign-in name.
    pub user_name: String,
    /// Whether they can sign in.
    pub state: AccountState,
    /// Added by hand.
    pub direct: bool,
    /// By the dynamic rule.
    pub by_rule: bool,
    /// Packages that give it.
    pub packages: Vec<Named<PackageId>>,
    /// Since when.
    #[serde(with = "super::when::instant")]
    pub since: DateTime<Utc>,
    /// When it ends unless something else gives it.
    #[serde(with = "super::when::maybe_instant")]
    pub until: Option<DateTime<Utc>>,
}

/// Which members to list.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct MemberQuery {
    /// The group.
    pub group: ObjectId,
    /// Members or owners.
    pub role: GroupRole,
    /// Part of a name.
    #[serde(default)]
    pub search: String,
    /// Which page.
    #[serde(default)]
    pub page: PageQuery,
}

/// Which groups to list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct GroupQuery {
    /// Part of a name.
    #[serde(default)]
    pub search: String,
    /// Only this kind.
    #[serde(default)]
    pub kind: Option<GroupKind>,
    /// Only this membership type.
    #[serde(default)]
    pub membership: Option<MembershipType>,
    /// By name, up or down.
    #[serde(default)]
    pub direction: Direction,
    /// Which page.
    #[serde(default)]
    pub page: PageQuery,
}

/// The New group form, as typed (F005).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupForm {
    /// Group name.
    pub name: String,
    /// Group description.
    pub description: String,
    /// `security` or `microsoft365`.
    pub kind: String,
    /// `assigned` or `dynamic`.
    pub membership: String,
    /// The rule of a dynamic group.
    pub rule: String,
    /// Owners to begin with.
    pub owners: Vec<UserId>,
    /// Members to begin with; none for a dynamic group.
    pub members: Vec<UserId>,
}

/// A checked group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewGroup {
    /// Its name.
    pub name: Name,
    /// Description, or empty.
    pub description: String,
    /// Security or Microsoft 365.
    pub kind: GroupKind,
    /// Assigned or Dynamic.
    pub membership: MembershipType,
    /// The rule of a dynamic group, as typed and readable.
    pub rule: Option<String>,
    /// Owners to begin with.
    pub owners: Vec<UserId>,
    /// Members to begin with.
    pub members: Vec<UserId>,
}

impl GroupForm {
    /// The group that this form asks for.
    pub fn check(&self) -> Result<NewGroup, FieldErrors> {
        let mut check = Checker::default();
        let name = Name::check(&mut check, "name", &self.name);
        let description = check.paragraph("description", &self.description, DESCRIPTION_MAX);
        let kind = self.kind.parse().unwrap_or_else(|_| {
            check.fail("kind", if self.kind.is_empty() { Code::Required } else { Code::NotOffered });
            GroupKind::Security
        });
        let membership = self.membership.parse().unwrap_or_else(|_| {
            check.fail(
                "membership",
                if self.membership.is_empty() {
                    Code::Required
                } else {
                    Code::NotOffered
                },
            );
            MembershipType::Assigned
        });
        let rule = (membership == MembershipType::Dynamic).then(|| check_rule(&mut check, &self.rule));
        if membership == MembershipType::Dynamic && !self.members.is_empty() {
            check.fail("members", Code::NotOffered);
        }
        check.finish(NewGroup {
            name,
            description,
            kind,
            membership,
            rule,
            owners: self.owners.clone(),
            members: self.members.clone(),
        })
    }
}

/// People whom a preview names at the most.
pub const PREVIEWED_MAX: usize = 5;

/// What a rule would do if it were saved (F136).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RulePreview {
    /// Who would be members by the rule.
    pub members: i64,
    /// Of them, who are not yet.
    pub joining: i64,
    /// Members by the rule today who would leave.
    pub leaving: i64,
    /// The first of those who join, each with the user name.
    pub first_joining: Vec<String>,
    /// The first of those who leave.
    pub first_leaving: Vec<String>,
}

impl RulePreview {
    /// What it says, a sentence a line.
    pub fn sentences(&self) -> Vec<String> {
        let people = |count: i64| {
            if count == 1 {
                "1 person".to_owned()
            } else {
                format!("{count} people")
            }
        };
        let listed = |what: &str, count: i64, first: &[String]| {
            let more = count - first.len() as i64;
            let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
            format!("{} {what}: {}{rest}.", people(count), first.join(", "))
        };
        let mut sentences = vec![match self.members {
            0 => "Nobody will be a member.".to_owned(),
            1 => "1 person will be a member.".to_owned(),
            count => format!("{count} people will be members."),
        }];
        if self.joining > 0 {
            sentences.push(listed(
                if self.joining == 1 { "joins" } else { "join" },
                self.joining,
                &self.first_joining,
            ));
        }
        if self.leaving > 0 {
            sentences.push(listed(
                if self.leaving == 1 { "leaves" } else { "leave" },
                self.leaving,
                &self.first_leaving,
            ));
        }
        if self.joining + self.leaving == 0 && self.members > 0 {
            sentences.push("Nobody joins and nobody leaves.".to_owned());
        }
        sentences
    }
}

/// Whether members can be added and removed by hand: not where a rule decides.
pub fn may_edit_members(group: &str, membership: MembershipType) -> Result<(), Refusal> {
    match membership {
        MembershipType::Assigned => Ok(()),
        MembershipType::Dynamic => Err(Refusal::new(
            "members-by-rule",
            format!("A rule decides who is a member of {group}. Change the rule, or the person's properties, instead."),
        )),
    }
}

/// Whether a membership can be taken back by hand: only what was given by hand (F036).
pub fn may_remove_by_hand(person: &str, group: &str, direct: bool, packages: &[Named<PackageId>]) -> Result<(), Refusal> {
    if direct {
        return Ok(());
    }
    if packages.is_empty() {
        let reason = format!("{person} is in {group} by its rule. Change the rule, or the person's properties, instead.");
        return Err(Refusal::new("members-by-rule", reason));
    }
    Err(Refusal::new(
        "given-by-package",
        format!(
            "{person} is in {group} through {}. Remove the access there, under Assignments.",
            names(packages)
        ),
    ))
}

/// Whether a group can be deleted while these packages, and so many others that the actor does not see, give a role of it (F043).
pub fn may_delete(group: &str, packages: &[Named<PackageId>], unseen: usize) -> Result<(), Refusal> {
    let count = packages.len() + unseen;
    if count == 0 {
        return Ok(());
    }
    let (give, it) = if count == 1 {
        ("1 access package gives".to_owned(), "it")
    } else {
        (format!("{count} access packages give"), "each")
    };
    if unseen > 0 {
        let reason = format!(
            "{group} can't be deleted while {give} a role of it, {unseen} of them in catalogs that you don't see. Ask someone who manages \
             those to remove the resource role from {it} first."
        );
        return Err(Refusal::new("group-in-use", reason));
    }
    Err(Refusal::new(
        "group-in-use",
        format!(
            "{group} can't be deleted while {give} a role of it: {}. Remove the resource role from {it} first.",
            names(packages)
        ),
    ))
}

fn names(packages: &[Named<PackageId>]) -> String {
    let names: Vec<&str> = packages.iter().map(|package| package.name.as_str()).collect();
    names.join(", ")
}

/// The checked rule of a dynamic group.
pub fn check_rule(check: &mut Checker, rule: &str) -> String {
    let rule = check.required_paragraph("rule", rule, 3_072);
    if !rule.is_empty()
        && let Err(error) = super::rule::parse(&rule)
    {
        check.fail("rule", Code::Rule(error.fault, error.at));
    }
    rule
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A6.
    #[test]
    fn f136_a_preview_says_how_many_join_and_leave_and_names_the_first() {
        let preview = RulePreview {
            members: 7,
            joining: 6,
            leaving: 1,
            first_joining: ["Ada (ada)", "Bo (bo)", "Cid (cid)", "Di (di)", "Ed (ed)"]
                .map(str::to_owned)
                .to_vec(),
            first_leaving: vec!["Flo (flo)".into()],
        };
        assert_eq!(
            preview.sentences(),
            [
                "7 people will be members.",
                "6 people join: Ada (ada), Bo (bo), Cid (cid), Di (di), Ed (ed) and 1 more.",
                "1 person leaves: Flo (flo)."
            ]
        );
        assert_eq!(RulePreview::default().sentences(), ["Nobody will be a member."]);
    }

    #[test]
    fn f043_the_refusal_names_the_packages() {
        let campaign = [Named::new(PackageId(uuid::Uuid::nil()), "Marketing Campaign")];
        assert_eq!(
            may_delete("Marketing resources", &campaign, 0).expect_err("refused").reason,
            "Marketing resources can't be deleted while 1 access package gives a role of it: Marketing Campaign. \
             Remove the resource role from it first."
        );
        assert!(may_delete("Marketing resources", &[], 0).is_ok());
        let unseen = may_delete("Marketing resources", &campaign, 1).expect_err("refused").reason;
        assert!(unseen.contains("2 access packages") && !unseen.contains("Campaign"), "{unseen}");
    }

    /// A8.
    #[test]
    fn f043_the_policies_that_lose_a_group_are_named() {
        let naming = |package: &str, names_others| NamingPolicy {
            package: Named::new(PackageId(uuid::Uuid::nil()), package),
            policy: "Initial Policy".into(),
            names_others,
        };
        assert_eq!(policies_losing(&[], 0), Vec::<String>::new());
        assert_eq!(
            policies_losing(&[naming("Marketing Campaign", true), naming("Sales kit", false)], 2),
            [
                "Its members can no longer request Marketing Campaign (Initial Policy), Sales kit (Initial Policy).",
                "2 policies that you can't see name it too.",
                "Then nobody can request Sales kit (Initial Policy) until somebody else is chosen there."
            ]
        );
    }

    #[test]
    fn f036_what_a_package_or_rule_gives_is_not_taken_by_hand() {
        let campaign = [Named::new(PackageId(uuid::Uuid::nil()), "Marketing Campaign")];
        let refused = may_remove_by_hand("Requestor1", "Marketing resources", false, &campaign).expect_err("refused");
        assert_eq!(
            refused.reason,
            "Requestor1 is in Marketing resources through Marketing Campaign. Remove the access there, under Assignments."
        );
        let refused = may_remove_by_hand("Requestor1", "Everyone", false, &[]).expect_err("refused");
        assert_eq!(refused.rule, "members-by-rule");
        assert!(may_remove_by_hand("Requestor1", "Marketing resources", true, &campaign).is_ok());
    }
}

//! Compares packages of the file with those that there are: their own properties, what they give, their policies, and what they do not go
//! together with.

use std::collections::HashSet;

use uuid::Uuid;

use crate::domain::configuration::{CatalogBlock, Incompatible, Naming, PackageBlock, PolicyBlock, ResourceRole, terms_from_file};
use crate::domain::draft::DraftRole;
use crate::domain::id::{CatalogId, ObjectId, PackageId, PolicyId, QuestionId};
use crate::domain::incompatibility::Counterpart;
use crate::domain::object::{ObjectKind, Subject, SubjectKind};
use crate::domain::package::PackageForm;
use crate::domain::policy::{PolicyForm, PolicyTerms, describe, differences};
use crate::domain::text::{StringEnum, fold};
use crate::domain::when::ViewerTime;
use crate::store::configuration::{PackageRow, PolicyRow};

use super::compare::Comparison;
use super::step::{Change, Line, lines};

/// A package of the file that has been found or is to be made.
pub struct Placed<'f> {
    id: PackageId,
    what: String,
    block: &'f PackageBlock,
    /// The catalog's resources, where the file says all of them.
    resources: Option<HashSet<(ObjectKind, String)>>,
}

impl Comparison<'_> {
    /// The packages of a catalog themselves; what is in them is compared when all have been found.
    pub(super) fn packages_of<'f>(&mut self, catalog: CatalogId, block: &'f CatalogBlock) -> Vec<Placed<'f>> {
        let Some(wanted) = &block.packages else { return Vec::new() };
        let resources = block.resources.as_ref();
        let resources = resources.map(|all| all.iter().map(|one| (one.kind, fold(&one.name))).collect::<HashSet<_>>());
        let mut placed = Vec::new();
        let mut named = HashSet::new();
        for package in wanted {
            let what = format!("package {} in {}", package.name, block.name);
            if !named.insert(fold(&package.name)) {
                self.fault(&what, "stands in the file twice");
            }
            let Some(id) = self.package(&what, catalog, package) else {
                continue;
            };
            self.packages.insert((fold(&block.name), fold(&package.name)), id);
            placed.push(Placed {
                id,
                what,
                block: package,
                resources: resources.clone(),
            });
        }
        let there = self.state.all.packages.iter().filter(|row| row.catalog_id == catalog);
        for row in there.filter(|row| placed.iter().all(|other| other.id != row.id)) {
            let what = format!("package {} in {}", row.name, block.name);
            self.packages.retain(|_, id| *id != row.id);
            self.step(what, Change::DeletePackage(row.id, row.version), Vec::new());
        }
        placed
    }

    fn package(&mut self, what: &str, catalog: CatalogId, block: &PackageBlock) -> Option<PackageId> {
        let form = PackageForm {
            name: block.name.clone(),
            description: block.description.clone(),
            hidden: block.hidden,
            prior_membership: block.prior_membership,
        };
        if let Err(faults) = form.check() {
            self.field_faults(what, faults);
            return None;
        }
        let packages = &self.state.all.packages;
        let same_name = |row: &&PackageRow| row.catalog_id == catalog && fold(&row.name) == fold(&block.name);
        let by_id = block.id.and_then(|id| packages.iter().find(|row| row.id == id));
        let Some(row) = by_id.or_else(|| packages.iter().find(same_name)) else {
            let id = PackageId(self.new_id(what, block.id.map(|id| id.0))?);
            self.step(what, Change::CreatePackage(id, catalog, form), Vec::new());
            return Some(id);
        };
        let mut version = row.version;
        if row.catalog_id != catalog {
            let moved = lines([("catalog", self.state.catalog_name(row.catalog_id).to_owned(), what.to_owned())]);
            self.step(what, Change::MovePackage(row.id, version, catalog), moved);
            version += 1;
        }
        let changed = package_lines(row, &form);
        if !changed.is_empty() {
            self.step(what, Change::UpdatePackage(row.id, version, form), changed);
        }
        Some(row.id)
    }

    /// What is in a package.
    pub(super) fn within(&mut self, package: Placed<'_>) {
        if let Some(wanted) = &package.block.resource_roles {
            self.resource_roles(&package, wanted);
        }
        if let Some(wanted) = &package.block.policies {
            self.policies(&package, wanted);
        }
        if let Some(wanted) = &package.block.incompatible {
            self.rules(&package, wanted);
        }
    }

    fn resource_roles(&mut self, package: &Placed<'_>, wanted: &[ResourceRole]) {
        let compared = |kind, name: &str, role: &str| (kind, fold(name), role.to_owned());
        let there: Vec<_> = self.state.all.roles.iter().filter(|row| row.package_id == package.id).collect();
        let mut asked = HashSet::new();
        for role in wanted {
            let what = format!("{} of {} {} for {}", role.role, role.kind.as_str(), role.resource, package.what);
            let key = compared(role.kind, &role.resource, &role.role);
            if let Some(all) = &package.resources
                && !all.contains(&(role.kind, fold(&role.resource)))
            {
                self.fault(&what, "it has to be among the resources of the catalog");
                continue;
            }
            let known = there.iter().any(|row| compared(row.kind, &row.name, &row.role_name) == key);
            if !asked.insert(key) || known {
                continue;
            }
            let found = self.state.directory.object(role.kind, &role.resource);
            let place = found.and_then(|object| {
                let offered = object.roles.iter().find(|(_, name)| *name == role.role)?;
                Some(DraftRole {
                    object: object.id,
                    role: Some(offered.0),
                })
            });
            match place {
                Some(place) => self.step(what, Change::AddResourceRole(package.id, place), Vec::new()),
                None => self.fault(&what, "there is no such resource, or it has no such role"),
            }
        }
        for row in there {
            if !asked.contains(&compared(row.kind, &row.name, &row.role_name)) {
                let what = format!("{} of {} {} for {}", row.role_name, row.kind.as_str(), row.name, package.what);
                self.step(what, Change::RemoveResourceRole(package.id, row.id), Vec::new());
            }
        }
    }

    fn policies(&mut self, package: &Placed<'_>, wanted: &[PolicyBlock]) {
        let there: Vec<&PolicyRow> = self.state.all.policies.iter().filter(|row| row.package_id == package.id).collect();
        let mut order: Vec<PolicyId> = Vec::new();
        let mut named = HashSet::new();
        for block in wanted {
            let what = format!("policy {} of {}", block.name, package.what);
            if !named.insert(fold(&block.name)) {
                self.fault(&what, "stands in the file twice");
                continue;
            }
            let by_id = block.id.and_then(|id| there.iter().find(|row| row.id == id));
            let found = by_id.or_else(|| there.iter().find(|row| fold(&row.name) == fold(&block.name)));
            if let Some(id) = self.policy(&what, package.id, block, found.copied()) {
                order.push(id);
            }
        }
        for row in there.iter().filter(|row| !order.contains(&row.id)) {
            let what = format!("policy {} of {}", row.name, package.what);
            self.step(what, Change::DeletePolicy(row.id, row.version), Vec::new());
        }
        let kept: Vec<PolicyId> = there.iter().map(|row| row.id).filter(|id| order.contains(id)).collect();
        let made = order.iter().filter(|id| !kept.contains(id)).copied();
        let after: Vec<PolicyId> = kept.iter().copied().chain(made).collect();
        if after != order {
            let what = format!("order of the policies of {}", package.what);
            self.step(what, Change::OrderPolicies(package.id, order), Vec::new());
        }
    }

    fn policy(&mut self, what: &str, package: PackageId, block: &PolicyBlock, found: Option<&PolicyRow>) -> Option<PolicyId> {
        let mut terms = match terms_from_file(&block.terms, &self.state.directory) {
            Ok(terms) => terms,
            Err(faults) => {
                faults.into_iter().for_each(|fault| self.fault(what, fault));
                return None;
            }
        };
        let questions = found.map(|row| row.terms.questions.as_slice()).unwrap_or_default();
        for question in terms.questions.iter_mut().filter(|question| question.id.0.is_nil()) {
            let same = questions.iter().find(|other| other.text == question.text);
            question.id = same.map_or(QuestionId(Uuid::nil()), |other| other.id);
        }
        if let Some(row) = found.filter(|row| row.name == block.name && row.terms == terms) {
            return Some(row.id);
        }
        let form = PolicyForm::from(&terms).named(block.name.as_str());
        let checked = match form.check(&terms, self.now) {
            Ok((_, checked)) => checked,
            Err(faults) => {
                self.field_faults(what, faults);
                return None;
            }
        };
        let said = self.policy_lines(found, block, &checked);
        let made = Box::new((form, terms));
        match found {
            // What the form makes of it is what there is.
            Some(row) if row.name == block.name && row.terms == checked => Some(row.id),
            Some(row) => {
                self.step(what, Change::UpdatePolicy(row.id, row.version, made), said);
                Some(row.id)
            }
            None => {
                let id = PolicyId(self.new_id(what, block.id.map(|id| id.0))?);
                self.step(what, Change::CreatePolicy(id, package, made), said);
                Some(id)
            }
        }
    }

    fn policy_lines(&self, found: Option<&PolicyRow>, block: &PolicyBlock, terms: &PolicyTerms) -> Vec<Line> {
        let name = |subject: Subject| self.state.called(subject);
        let exact = |at| ViewerTime { offset: 0 }.exact_in_zone(at);
        let old = found.map(|row| describe(&row.terms, &name, &exact)).unwrap_or_default();
        let said = differences(&old, &describe(terms, &name, &exact)).into_iter().map(|line| Line {
            label: line.label,
            old: line.old.unwrap_or_default(),
            new: line.new.unwrap_or_default(),
        });
        let renamed = found.map(|row| lines([("name", row.name.clone(), block.name.clone())]));
        renamed.into_iter().flatten().chain(said).collect()
    }

    fn rules(&mut self, package: &Placed<'_>, wanted: &[Incompatible]) {
        let there = self.state.all.rules.iter().filter(|row| row.package_id == package.id);
        let there: Vec<_> = there.filter_map(|row| Some((row, self.state.rule(row)?))).collect();
        let mut asked: Vec<&Incompatible> = Vec::new();
        let mut kept = HashSet::new();
        for rule in wanted {
            if asked.contains(&rule) {
                continue;
            }
            let what = format!("{} is incompatible with {}", package.what, rule_text(rule));
            let Some(counterpart) = self.counterpart(rule) else {
                self.fault(&what, "there is no such package or group");
                continue;
            };
            asked.push(rule);
            let same = there.iter().find(|(row, other)| match (counterpart, other) {
                (Counterpart::Package(id), _) => row.other_id == Some(id),
                (Counterpart::Group(_), Incompatible::Group(name)) => {
                    matches!(rule, Incompatible::Group(asked) if fold(asked) == fold(name))
                }
                (Counterpart::Group(_), Incompatible::Package { .. }) => false,
            });
            match same {
                Some((row, _)) => drop(kept.insert(row.id)),
                None => self.step(what, Change::AddRule(package.id, counterpart), Vec::new()),
            }
        }
        for (row, rule) in there.iter().filter(|(row, _)| !kept.contains(&row.id)) {
            let what = format!("{} is incompatible with {}", package.what, rule_text(rule));
            self.step(what, Change::RemoveRule(package.id, row.id), Vec::new());
        }
    }

    /// What a rule of the file names, once all is carried out.
    fn counterpart(&self, rule: &Incompatible) -> Option<Counterpart> {
        match rule {
            Incompatible::Package { catalog, name } => {
                let id = self.packages.get(&(fold(catalog), fold(name)))?;
                Some(Counterpart::Package(*id))
            }
            Incompatible::Group(name) => {
                let id = self.state.directory.find(SubjectKind::Group, name)?;
                Some(Counterpart::Group(ObjectId(id)))
            }
        }
    }
}

fn rule_text(rule: &Incompatible) -> String {
    match rule {
        Incompatible::Package { catalog, name } => format!("package {name} in {catalog}"),
        Incompatible::Group(name) => format!("group {name}"),
    }
}

fn package_lines(row: &PackageRow, form: &PackageForm) -> Vec<Line> {
    lines([
        ("name", row.name.clone(), form.name.clone()),
        ("description", row.description.clone(), form.description.clone()),
        ("hidden", row.hidden.to_string(), form.hidden.to_string()),
        (
            "prior_membership",
            row.prior_membership.as_str().to_owned(),
            form.prior_membership.as_str().to_owned(),
        ),
    ])
}

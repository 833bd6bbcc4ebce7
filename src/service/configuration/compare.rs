//! Compares the file with what there is: the steps from one to the other, or what is the matter with the file. Must change nothing.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, Utc};

use crate::domain::catalog::CatalogForm;
use crate::domain::configuration::{CatalogBlock, Configuration, CustomAttributeBlock, FORMAT, Holder, Naming, ResourceBlock, RoleBlock};
use crate::domain::id::{CatalogId, ObjectId, PackageId, UserId};
use crate::domain::limit::{Limit, LimitsForm};
use crate::domain::object::{Subject, SubjectKind};
use crate::domain::setting::{PREFIX, TenantSettings};
use crate::domain::text::{StringEnum, fold};

use crate::domain::access::Role;
use crate::domain::attribute::AttributesForm;
use crate::domain::custom_attribute::CustomAttributeForm;
use crate::service::roles::Roles;
use crate::store::catalogs::Catalog;

use super::super::App;
use super::state::{State, holding};
use super::step::{Change, Line, Step, lines};

/// What is found while comparing.
pub struct Comparison<'a> {
    pub(super) app: &'a App,
    pub(super) state: &'a State,
    pub(super) now: DateTime<Utc>,
    /// Ids in the file that something had which is deleted.
    pub(super) gone: HashSet<uuid::Uuid>,
    /// Which package is meant by catalog and name, as they are compared, once all is carried out.
    pub(super) packages: HashMap<(String, String), PackageId>,
    /// Custom attributes that there are, or will be.
    defined: HashSet<String>,
    pub(super) steps: Vec<Step>,
    pub(super) faults: Vec<String>,
}

impl<'a> Comparison<'a> {
    /// Nothing compared yet.
    pub fn new(app: &'a App, state: &'a State, gone: HashSet<uuid::Uuid>) -> Self {
        let packages = state.all.packages.iter();
        let packages = packages.map(|row| ((fold(state.catalog_name(row.catalog_id)), fold(&row.name)), row.id));
        Self {
            app,
            state,
            now: app.clock.now(),
            gone,
            packages: packages.collect(),
            defined: state.custom.iter().map(|attribute| attribute.name.clone()).collect(),
            steps: Vec::new(),
            faults: Vec::new(),
        }
    }

    /// Compares all of the file: the steps in the order in which they are carried out, or its faults, a sentence each.
    pub fn all(mut self, file: &Configuration) -> Result<Vec<Step>, Vec<String>> {
        if file.woodgate != FORMAT {
            return Err(vec![format!(
                "woodgate: this build reads files of form {FORMAT}, and this one is of {}",
                file.woodgate
            )]);
        }
        self.settings(file.settings.as_ref());
        self.limits(file.limits.as_ref());
        self.custom_attributes(file.custom_attributes.as_deref().unwrap_or_default());
        if let Some(creators) = &file.catalog_creators {
            let wanted: Vec<RoleBlock> = creators.iter().map(|holder| creator(holder.clone())).collect();
            self.roles("the tenant", Roles::Creators, None, &wanted);
        }
        let mut named = HashSet::new();
        let catalogs: Vec<(CatalogId, &CatalogBlock)> = file
            .catalogs
            .iter()
            .filter_map(|block| {
                if !named.insert(fold(&block.name)) {
                    self.fault(&format!("catalog {}", block.name), "stands in the file twice");
                }
                if block.delete {
                    return None;
                }
                Some((self.catalog(block)?, block))
            })
            .collect();
        let mut packages = Vec::new();
        for (id, block) in &catalogs {
            packages.extend(self.packages_of(*id, block));
        }
        for package in packages {
            self.within(package);
        }
        self.deletions(file);
        if !self.faults.is_empty() {
            return Err(self.faults);
        }
        self.steps.sort_by_key(|step| step.change.rank());
        Ok(self.steps)
    }

    pub(super) fn fault(&mut self, at: &str, what: impl AsRef<str>) {
        self.faults.push(format!("{at}: {}", what.as_ref()));
    }

    pub(super) fn step(&mut self, what: impl Into<String>, change: Change, lines: Vec<Line>) {
        self.steps.push(Step::new(what, change, lines));
    }

    fn settings(&mut self, wanted: Option<&BTreeMap<String, String>>) {
        let Some(wanted) = wanted else { return };
        let mut rows = self.state.settings.rows();
        let mut changed = Vec::new();
        for (key, value) in wanted {
            match rows.iter_mut().find(|(known, _)| known.strip_prefix(PREFIX) == Some(key)) {
                Some((_, now)) if now == value => {}
                Some((_, now)) => changed.extend(lines([(key, std::mem::replace(now, value.clone()), value.clone())])),
                None => self.fault("settings", format!("\u{201c}{key}\u{201d} is not known")),
            }
        }
        let settings = TenantSettings {
            version: self.state.settings.version,
            ..TenantSettings::read(&rows)
        };
        // What could not be read has its default, and so comes back differently.
        for ((key, value), (_, kept)) in rows.iter().zip(settings.rows()) {
            if *value != kept {
                self.fault(
                    "settings",
                    format!("{} can't be \u{201c}{value}\u{201d}", key.trim_start_matches(PREFIX)),
                );
            }
        }
        if !settings.check().is_empty() {
            self.fault("settings", "digest_hour has to be from 0 to 23");
        }
        if !changed.is_empty() {
            self.step("settings", Change::Settings(settings), changed);
        }
    }

    fn limits(&mut self, wanted: Option<&BTreeMap<String, i64>>) {
        let Some(wanted) = wanted else { return };
        for word in wanted.keys().filter(|word| word.parse::<Limit>().is_err()) {
            self.fault("limits", format!("\u{201c}{word}\u{201d} is not known"));
        }
        let now = &self.state.limits;
        let mut changed = Vec::new();
        let mut values = Vec::new();
        for limit in Limit::ALL {
            let old = now.items.iter().find(|item| item.limit == *limit).map_or(0, |item| item.value);
            let new = wanted.get(limit.as_str()).copied().unwrap_or(old);
            changed.extend(lines([(limit.as_str(), old.to_string(), new.to_string())]));
            values.push(new.to_string());
        }
        let form = LimitsForm {
            values,
            version: now.version,
        };
        if let Err(faults) = form.check() {
            for fault in faults {
                self.fault("limits", crate::domain::message::text(&fault.code, &fault.path));
            }
        } else if !changed.is_empty() {
            self.step("limits", Change::Limits(form), changed);
        }
    }

    /// Custom attributes, each by its name; type and name of one that is there stay.
    fn custom_attributes(&mut self, wanted: &[CustomAttributeBlock]) {
        for (at, block) in wanted.iter().enumerate() {
            let what = format!("custom attribute {}", block.name);
            let form = CustomAttributeForm::from(block);
            let checked = match form.check() {
                Ok(checked) => checked,
                Err(faults) => {
                    self.field_faults(&what, faults);
                    continue;
                }
            };
            if wanted[..at].iter().any(|other| other.name.eq_ignore_ascii_case(&block.name)) {
                self.fault(&what, "stands in the file twice");
            }
            self.defined.insert(checked.name.clone());
            let Some(now) = self.state.custom.iter().find(|one| one.name == checked.name) else {
                self.step(what, Change::CreateAttribute(form), Vec::new());
                continue;
            };
            if now.kind != checked.kind {
                self.fault(&what, format!("is of the type {}, which can't be changed", now.kind.as_str()));
            }
            let changed = lines([
                ("label", now.label.clone(), checked.label.text),
                ("description", now.description.clone(), checked.description),
            ]);
            if !changed.is_empty() {
                self.step(what, Change::UpdateAttribute(now.id, now.version, form), changed);
            }
        }
    }

    /// A catalog's own properties, its roles and its resources; gives its id.
    fn catalog(&mut self, block: &CatalogBlock) -> Option<CatalogId> {
        let what = format!("catalog {}", block.name);
        let form = CatalogForm {
            name: block.name.clone(),
            description: block.description.clone(),
            enabled: block.enabled,
            external: block.external,
        };
        if let Err(faults) = form.check() {
            self.field_faults(&what, faults);
            return None;
        }
        let id = match self.there(block) {
            Some(catalog) => {
                let changed = differences(catalog, &form);
                if !changed.is_empty() {
                    self.step(&what, Change::UpdateCatalog(catalog.id, catalog.version, form), changed);
                }
                catalog.id
            }
            None => {
                let id = self.new_id(&what, block.id.map(|id| id.0))?;
                self.step(&what, Change::CreateCatalog(id.into(), form), Vec::new());
                id.into()
            }
        };
        if let Some(roles) = &block.roles {
            self.roles(&what, Roles::OfCatalog(id), Some(id), roles);
        }
        if let Some(resources) = &block.resources {
            self.resources(&what, id, resources);
        }
        Some(id)
    }

    /// The catalog that a block means, if it is there.
    fn there(&self, block: &CatalogBlock) -> Option<&'a Catalog> {
        let catalogs = &self.state.all.catalogs;
        let by_id = block.id.and_then(|id| catalogs.iter().find(|catalog| catalog.id == id));
        by_id.or_else(|| catalogs.iter().find(|catalog| fold(&catalog.name) == fold(&block.name)))
    }

    /// Catalogs that are marked to go: not the built-in one, and none in which a package would be left. One that is gone already is as the
    /// file says.
    fn deletions(&mut self, file: &Configuration) {
        for block in file.catalogs.iter().filter(|block| block.delete) {
            let what = format!("catalog {}", block.name);
            if block.roles.is_some() || block.resources.is_some() || block.packages.is_some() {
                self.fault(
                    &what,
                    "is marked to be deleted, so it can list neither roles nor resources nor packages",
                );
            }
            let Some(catalog) = self.there(block) else { continue };
            if catalog.built_in {
                self.fault(&what, "is built in and can't be deleted");
            }
            let leaves = |id: PackageId| {
                let mut changes = self.steps.iter().map(|step| &step.change);
                changes.any(|change| matches!(change, Change::MovePackage(moved, _, to) if *moved == id && *to != catalog.id))
            };
            let left = self
                .state
                .all
                .packages
                .iter()
                .filter(|row| row.catalog_id == catalog.id && !leaves(row.id));
            let left: Vec<&str> = left.map(|row| row.name.as_str()).collect();
            if left.is_empty() {
                self.step(&what, Change::DeleteCatalog(catalog.id, catalog.version), Vec::new());
            } else {
                let names = left.join(", ");
                self.fault(
                    &what,
                    format!("has access packages: {names}. Delete them, or list them in another catalog, first"),
                );
            }
        }
    }

    /// The id of something new: the file's own, unless something that is deleted had it.
    pub(super) fn new_id(&mut self, what: &str, given: Option<uuid::Uuid>) -> Option<uuid::Uuid> {
        match given {
            Some(id) if self.gone.contains(&id) => {
                self.fault(
                    what,
                    format!("the id {id} is of something that was deleted; leave it out to make it anew"),
                );
                None
            }
            Some(id) => Some(id),
            None => Some(self.app.ids.id(self.now)),
        }
    }

    pub(super) fn field_faults(&mut self, what: &str, faults: crate::domain::validate::FieldErrors) {
        for fault in faults {
            self.fault(
                what,
                format!("{}: {}", fault.path, crate::domain::message::text(&fault.code, &fault.path)),
            );
        }
    }

    fn roles(&mut self, of: &str, roles: Roles, catalog: Option<CatalogId>, wanted: &[RoleBlock]) {
        let held = self.state.all.held.iter().filter(|row| row.catalog_id == catalog);
        let held: Vec<_> = held.filter_map(|row| Some((row.id, key(&holding(row)?)))).collect();
        let mut asked = HashSet::new();
        for block in wanted {
            let named = key(block);
            let what = format!("{} for {} in {of}", block.role.label(), named.2);
            if catalog.is_some() && !block.role.is_of_catalog() {
                self.fault(&what, "is no role of a catalog");
                continue;
            }
            if !asked.insert(named.clone()) || held.iter().any(|(_, other)| *other == named) {
                continue;
            }
            match self.holder(&block.holder) {
                Some(subject) => self.step(what, Change::GiveRole(roles, block.role, subject), Vec::new()),
                None => self.fault(&what, "there is no such user or group"),
            }
        }
        for (id, (role, _, name)) in held.into_iter().filter(|(_, other)| !asked.contains(other)) {
            let what = format!("{} for {name} in {of}", role.label());
            self.step(what, Change::TakeRole(roles, id), Vec::new());
        }
    }

    fn holder(&self, holder: &Holder) -> Option<Subject> {
        let directory = &self.state.directory;
        match holder {
            Holder::User(name) => directory.find(SubjectKind::User, name).map(|id| Subject::User(UserId(id))),
            Holder::Group(name) => directory.find(SubjectKind::Group, name).map(|id| Subject::Group(ObjectId(id))),
        }
    }

    fn resources(&mut self, of: &str, catalog: CatalogId, wanted: &[ResourceBlock]) {
        let there: Vec<_> = self.state.all.resources.iter().filter(|row| row.catalog_id == catalog).collect();
        let mut asked = HashSet::new();
        for block in wanted {
            let what = format!("{} {} in {of}", block.kind.as_str(), block.name);
            let Some(id) = self.state.directory.object(block.kind, &block.name).map(|found| found.id) else {
                self.fault(&what, format!("there is no {} of this name", block.kind.as_str()));
                continue;
            };
            asked.insert(id);
            if there.iter().all(|row| row.object_id != id) {
                self.step(&what, Change::AddResource(catalog, id), Vec::new());
            }
            self.attributes(&what, catalog, id, block);
        }
        for row in there.into_iter().filter(|row| !asked.contains(&row.object_id)) {
            let what = format!("{} {} in {of}", row.kind.as_str(), row.name);
            self.step(what, Change::RemoveResource(catalog, row.object_id), Vec::new());
        }
    }

    fn attributes(&mut self, what: &str, catalog: CatalogId, object: ObjectId, block: &ResourceBlock) {
        let now = self.state.attributes(catalog, object);
        let mut wanted = block.attributes.clone();
        for attribute in wanted.iter_mut().filter(|attribute| attribute.id.is_none()) {
            let same = now.iter().find(|other| other.attribute == attribute.attribute);
            attribute.id = same.and_then(|other| other.id);
        }
        for attribute in &wanted {
            if let Some(name) = attribute.attribute.custom().filter(|name| !self.defined.contains(*name)) {
                self.fault(what, format!("requires the custom attribute {name}, which is not defined"));
            }
        }
        if now == wanted {
            return;
        }
        let form = AttributesForm {
            rows: wanted.iter().map(Into::into).collect(),
            version: self.state.attributes_version(catalog, object),
        };
        let app = self.app;
        match form.check(|| app.ids.id(self.now).into()) {
            Ok(_) => {
                let said = |blocks: &[crate::domain::configuration::AttributeBlock]| {
                    let labels: Vec<&str> = blocks.iter().map(|block| block.attribute.label()).collect();
                    labels.join(", ")
                };
                let changed = lines([("attributes", said(&now), format!("{} (as in the file)", said(&wanted)))]);
                self.step(format!("attributes of {what}"), Change::Attributes(catalog, object, form), changed);
            }
            Err(faults) => self.field_faults(what, faults),
        }
    }
}

/// The role of catalog creator for one who is named.
fn creator(holder: Holder) -> RoleBlock {
    RoleBlock {
        role: Role::CatalogCreator,
        holder,
    }
}

/// A role and its holder as they are compared: the role, whether it is a user, and the name.
fn key(block: &RoleBlock) -> (Role, bool, String) {
    match &block.holder {
        Holder::User(name) => (block.role, true, fold(name)),
        Holder::Group(name) => (block.role, false, fold(name)),
    }
}

fn differences(catalog: &Catalog, form: &CatalogForm) -> Vec<Line> {
    lines([
        ("name", catalog.name.clone(), form.name.clone()),
        ("description", catalog.description.clone(), form.description.clone()),
        ("enabled", catalog.enabled.to_string(), form.enabled.to_string()),
        ("external", catalog.external.to_string(), form.external.to_string()),
    ])
}

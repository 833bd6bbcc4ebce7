//! What there is now, read whole: as the file that says it, and by the names by which a file speaks of it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use uuid::Uuid;

use crate::domain::configuration::{
    AttributeBlock, CatalogBlock, Configuration, CustomAttributeBlock, FORMAT, Holder, Incompatible, Naming, PackageBlock, PolicyBlock,
    ResourceBlock, ResourceRole, RoleBlock, terms_to_file,
};
use crate::domain::custom_attribute::AttributeDefinition;
use crate::domain::id::{CatalogId, ObjectId, PackageId, RoleId};
use crate::domain::limit::Limits;
use crate::domain::object::{ObjectKind, Subject, SubjectKind};
use crate::domain::setting::{PREFIX, TenantSettings};
use crate::domain::text::{StringEnum, fold};
use crate::store::configuration::{self as store, Everything, HeldRow, PackageRow};
use crate::store::{StoreError, Tx, custom_attributes, limits, settings};

/// All that a file can be compared with.
pub struct State {
    /// Catalogs and what is in them.
    pub all: Everything,
    /// The tenant's settings.
    pub settings: TenantSettings,
    /// Limits.
    pub limits: Limits,
    /// Custom attributes of users.
    pub custom: Vec<AttributeDefinition>,
    /// What users, groups and other objects are called.
    pub directory: Directory,
}

/// A directory object by its name.
pub struct Found {
    /// The object.
    pub id: ObjectId,
    /// Its roles by name.
    pub roles: Vec<(RoleId, String)>,
}

/// What people and things of the directory are called, as far as the file or the policies name them.
#[derive(Default)]
pub struct Directory {
    names: HashMap<(SubjectKind, Uuid), String>,
    users: HashMap<String, Uuid>,
    organizations: HashMap<String, Uuid>,
    objects: HashMap<(ObjectKind, String), Found>,
}

impl Directory {
    /// A group, application or site of this name.
    pub fn object(&self, kind: ObjectKind, name: &str) -> Option<&Found> {
        self.objects.get(&(kind, fold(name)))
    }
}

impl Naming for Directory {
    fn name(&self, subject: Subject) -> Option<String> {
        let key = match subject {
            Subject::User(id) => (SubjectKind::User, id.0),
            Subject::Group(id) => (SubjectKind::Group, id.0),
            Subject::Organization(id) => (SubjectKind::Organization, id.0),
        };
        self.names.get(&key).cloned()
    }

    fn find(&self, kind: SubjectKind, name: &str) -> Option<Uuid> {
        match kind {
            SubjectKind::User => self.users.get(&fold(name)).copied(),
            SubjectKind::Group => self.object(ObjectKind::Group, name).map(|found| found.id.0),
            SubjectKind::Organization => self.organizations.get(&fold(name)).copied(),
        }
    }
}

/// Reads what there is, and of the directory whatever is named.
pub async fn read(tx: &mut Tx, named: &Mentions) -> Result<State, StoreError> {
    let mut directory = Directory::default();
    for (kind, id, name) in store::named_in_policies(tx).await? {
        directory.names.insert((kind, id), name);
    }
    for (name, id) in store::organizations_named(tx, named.organizations.iter().cloned().collect()).await? {
        directory
            .names
            .entry((SubjectKind::Organization, id))
            .or_insert_with(|| name.clone());
        directory.organizations.insert(name, id);
    }
    for (name, id) in store::users_named(tx, named.users.iter().cloned().collect()).await? {
        directory.names.entry((SubjectKind::User, id.0)).or_insert_with(|| name.clone());
        directory.users.insert(name, id.0);
    }
    for row in store::objects_named(tx, named.objects.iter().cloned().collect()).await? {
        if row.kind == ObjectKind::Group {
            directory
                .names
                .entry((SubjectKind::Group, row.id.0))
                .or_insert_with(|| row.name_folded.clone());
        }
        let found = directory.objects.entry((row.kind, row.name_folded)).or_insert(Found {
            id: row.id,
            roles: Vec::new(),
        });
        found.roles.push((row.role_id, row.role_name));
    }
    Ok(State {
        all: store::everything(tx).await?,
        settings: settings::tenant(tx).await?,
        limits: limits::all(tx).await?,
        custom: custom_attributes::all(tx).await?,
        directory,
    })
}

/// Names in a file, as they are compared.
#[derive(Default)]
pub struct Mentions {
    users: BTreeSet<String>,
    organizations: BTreeSet<String>,
    objects: BTreeSet<String>,
}

impl Mentions {
    /// All that the file names.
    pub fn of(file: &Configuration) -> Self {
        let mut named = Self::default();
        for holder in file.catalog_creators.iter().flatten() {
            named.holder(holder);
        }
        for catalog in &file.catalogs {
            catalog.roles.iter().flatten().for_each(|role| named.holder(&role.holder));
            named
                .objects
                .extend(catalog.resources.iter().flatten().map(|resource| fold(&resource.name)));
            for package in catalog.packages.iter().flatten() {
                named.package(package);
            }
        }
        named
    }

    fn holder(&mut self, holder: &Holder) {
        match holder {
            Holder::User(name) => self.users.insert(fold(name)),
            Holder::Group(name) => self.objects.insert(fold(name)),
        };
    }

    fn package(&mut self, package: &PackageBlock) {
        let given = package.resource_roles.iter().flatten();
        self.objects.extend(given.map(|role| fold(&role.resource)));
        for other in package.incompatible.iter().flatten() {
            if let Incompatible::Group(name) = other {
                self.objects.insert(fold(name));
            }
        }
        for policy in package.policies.iter().flatten() {
            self.terms(&policy.terms);
        }
    }

    fn terms(&mut self, value: &serde_json::Value) {
        use serde_json::Value;
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.terms(item)),
            Value::Object(fields) => {
                for (key, field) in fields {
                    match (key.as_str(), field) {
                        ("user", Value::String(name)) => drop(self.users.insert(fold(name))),
                        ("group_members", Value::String(name)) => drop(self.objects.insert(fold(name))),
                        ("connected_organization", Value::String(name)) => drop(self.organizations.insert(fold(name))),
                        _ => self.terms(field),
                    }
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
}

impl State {
    /// The file that says what there is; the same bytes as long as nothing changes.
    pub fn file(&self) -> Result<Configuration, String> {
        let settings = self.settings.rows().into_iter();
        let settings = settings.map(|(key, value)| (key.trim_start_matches(PREFIX).to_owned(), value));
        let limits = self.limits.items.iter().map(|item| (item.limit.as_str().to_owned(), item.value));
        Ok(Configuration {
            woodgate: FORMAT,
            settings: Some(settings.collect()),
            limits: Some(limits.collect::<BTreeMap<_, _>>()),
            custom_attributes: Some(self.custom.iter().map(CustomAttributeBlock::from).collect()),
            catalog_creators: Some(self.holders(None).into_iter().map(|block| block.holder).collect()),
            catalogs: self
                .all
                .catalogs
                .iter()
                .map(|catalog| self.catalog(catalog))
                .collect::<Result<_, _>>()?,
        })
    }

    /// Those who hold a role in a catalog, or catalog creators.
    pub fn holders(&self, catalog: Option<CatalogId>) -> Vec<RoleBlock> {
        let held = self.all.held.iter().filter(|row| row.catalog_id == catalog);
        let mut blocks: Vec<RoleBlock> = held.filter_map(holding).collect();
        blocks.sort_unstable();
        blocks
    }

    fn catalog(&self, catalog: &crate::store::catalogs::Catalog) -> Result<CatalogBlock, String> {
        let packages = self.all.packages.iter().filter(|package| package.catalog_id == catalog.id);
        Ok(CatalogBlock {
            id: (!catalog.built_in).then_some(catalog.id),
            name: catalog.name.clone(),
            description: catalog.description.clone(),
            enabled: catalog.enabled,
            external: catalog.external,
            delete: false,
            roles: Some(self.holders(Some(catalog.id))),
            resources: Some(self.resources(catalog.id)),
            packages: Some(packages.map(|package| self.package(package)).collect::<Result<_, _>>()?),
        })
    }

    fn resources(&self, catalog: CatalogId) -> Vec<ResourceBlock> {
        let of = self.all.resources.iter().filter(|row| row.catalog_id == catalog);
        let mut blocks: Vec<ResourceBlock> = of
            .map(|row| ResourceBlock {
                kind: row.kind,
                name: row.name.clone(),
                attributes: self.attributes(catalog, row.object_id),
            })
            .collect();
        blocks.sort_by(|one, other| (one.kind, &one.name).cmp(&(other.kind, &other.name)));
        blocks
    }

    /// What a resource asks for.
    pub fn attributes(&self, catalog: CatalogId, object: ObjectId) -> Vec<AttributeBlock> {
        let mut rows = self.all.attributes.iter();
        let kept = rows.find(|row| row.catalog_id == catalog && row.object_id == object);
        kept.map(|row| row.body.iter().map(AttributeBlock::from).collect())
            .unwrap_or_default()
    }

    /// The version of what a resource asks for; 0 where it never asked for anything.
    pub fn attributes_version(&self, catalog: CatalogId, object: ObjectId) -> i64 {
        let mut rows = self.all.attributes.iter();
        rows.find(|row| row.catalog_id == catalog && row.object_id == object)
            .map_or(0, |row| row.version)
    }

    fn package(&self, package: &PackageRow) -> Result<PackageBlock, String> {
        let policies = self.all.policies.iter().filter(|row| row.package_id == package.id);
        let policies = policies.map(|row| {
            Ok(PolicyBlock {
                id: Some(row.id),
                name: row.name.clone(),
                terms: terms_to_file(&row.terms, &self.directory)?,
            })
        });
        Ok(PackageBlock {
            id: Some(package.id),
            name: package.name.clone(),
            description: package.description.clone(),
            hidden: package.hidden,
            prior_membership: package.prior_membership,
            resource_roles: Some(self.given(package.id)),
            policies: Some(policies.collect::<Result<_, String>>()?),
            incompatible: Some(self.rules(package.id)),
        })
    }

    fn given(&self, package: PackageId) -> Vec<ResourceRole> {
        let of = self.all.roles.iter().filter(|row| row.package_id == package);
        let mut roles: Vec<ResourceRole> = of
            .map(|row| ResourceRole {
                kind: row.kind,
                resource: row.name.clone(),
                role: row.role_name.clone(),
            })
            .collect();
        roles.sort_unstable();
        roles
    }

    fn rules(&self, package: PackageId) -> Vec<Incompatible> {
        let of = self.all.rules.iter().filter(|row| row.package_id == package);
        let mut rules: Vec<Incompatible> = of.filter_map(|row| self.rule(row)).collect();
        rules.sort_unstable();
        rules
    }

    /// What a rule names.
    pub fn rule(&self, row: &store::RuleRow) -> Option<Incompatible> {
        if let Some(group) = &row.group_name {
            return Some(Incompatible::Group(group.clone()));
        }
        let other = self.all.packages.iter().find(|package| Some(package.id) == row.other_id)?;
        Some(Incompatible::Package {
            catalog: self.catalog_name(other.catalog_id).to_owned(),
            name: other.name.clone(),
        })
    }

    /// What a user or group is called, in a sentence.
    pub fn called(&self, subject: Subject) -> String {
        self.directory.name(subject).unwrap_or_else(|| "a deleted user or group".into())
    }

    /// What a catalog is called.
    pub fn catalog_name(&self, id: CatalogId) -> &str {
        let mut catalogs = self.all.catalogs.iter();
        catalogs
            .find(|catalog| catalog.id == id)
            .map_or("", |catalog| catalog.name.as_str())
    }
}

/// A role as the file says it.
pub fn holding(row: &HeldRow) -> Option<RoleBlock> {
    let holder = match (&row.user_name, &row.group_name) {
        (Some(name), _) => Holder::User(name.clone()),
        (None, Some(name)) => Holder::Group(name.clone()),
        (None, None) => return None,
    };
    Some(RoleBlock { role: row.role, holder })
}

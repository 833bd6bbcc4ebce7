//! Attributes that a resource asks of its requestors (F054): said for a resource of a catalog, asked with every package that gives a role of
//! it, and written to the user when the package is delivered.

use chrono::{DateTime, Utc};

use crate::domain::access::{Action, ManageCatalogs, Principal, ReadCatalogs, Scope};
use crate::domain::attribute::{
    AttributesForm, RequiredAttribute, ResourceAttribute, ResourceAttributes, UserAttribute, asked_once, check_defined, required,
};
use crate::domain::audit::{Activity, Change, Target};
use crate::domain::custom_attribute::AttributeDefinition;
use crate::domain::id::{CatalogId, Named, ObjectId, PackageId, QuestionId, UserId};
use crate::domain::limit::Limit;
use crate::domain::object::ObjectItem;
use crate::domain::question::{Answer, AskedQuestion};
use crate::domain::request::GivenAnswer;
use crate::domain::text::StringEnum;
use crate::store::requests::Request;
use crate::store::users::Account;
use crate::store::{self, StoreError, Tx};

use super::audit::{Entry, changed};
use super::{App, Error, access, limits, rules, users};

/// What a resource of a catalog asks for.
pub async fn get(app: &App, actor: &Principal, catalog: CatalogId, object: ObjectId) -> Result<ResourceAttributes, Error> {
    actor.authorize_somewhere(Action::ReadCatalogs)?;
    access::in_catalog(actor, ReadCatalogs, catalog)?;
    let mut tx = app.store.read().await?;
    let resource = resource(&mut tx, catalog, object).await?;
    let (attributes, version) = store::attributes::get(&mut tx, catalog, object).await?;
    let defined = store::custom_attributes::all(&mut tx).await?;
    Ok(ResourceAttributes {
        defined,
        resource: Named::new(object, resource.name),
        attributes,
        version,
        edit: actor.permission(Action::ManageCatalogs, Scope::Catalog(catalog)),
    })
}

async fn resource(tx: &mut Tx, catalog: CatalogId, object: ObjectId) -> Result<ObjectItem, Error> {
    store::catalogs::name(tx, catalog).await?.ok_or(Error::NotFound)?;
    let found = store::objects::load(tx, Some(catalog), &[object]).await?;
    found.into_iter().find(|found| found.in_catalog).ok_or(Error::NotFound)
}

/// Says what a resource asks for. Requests that were made keep what they were asked.
pub async fn update(app: &App, actor: &Principal, catalog: CatalogId, object: ObjectId, form: &AttributesForm) -> Result<(), Error> {
    actor.authorize_somewhere(Action::ManageCatalogs)?;
    let mut tx = app.store.write().await?;
    update_in(app, &mut tx, actor, catalog, object, form).await?;
    Ok(tx.commit().await?)
}

/// The same in a transaction of others.
pub(in crate::service) async fn update_in(
    app: &App,
    tx: &mut Tx,
    actor: &Principal,
    catalog: CatalogId,
    object: ObjectId,
    form: &AttributesForm,
) -> Result<(), Error> {
    let granted = access::in_catalog(actor, ManageCatalogs, catalog)?;
    let now = app.clock.now();
    let mut wanted = form.check(|| QuestionId(app.ids.id(now)))?;
    let name = store::catalogs::share(tx, catalog).await?.ok_or(Error::NotFound)?.name;
    let resource = resource(tx, catalog, object).await?;
    limits::check(tx, Limit::ResourceAttributes, wanted.len()).await?;
    // No custom attribute is deleted meanwhile.
    rules::lock_rules(tx).await?;
    let defined = store::custom_attributes::all(tx).await?;
    check_defined(&mut wanted, &defined)?;
    let (before, _) = store::attributes::get(tx, catalog, object).await?;
    if !store::attributes::update(tx, (catalog, object), form.version, &wanted, now).await? {
        return Err(changed(tx, object, &resource.name).await);
    }
    Entry::by_principal(&granted, Activity::RequireAttributes, Target::new("catalog", catalog, name))
        .and(Target::new(resource.kind.as_str(), object, resource.name))
        .changes([Change::between(
            "Attributes",
            described(&before, &defined),
            described(&wanted, &defined),
        )])
        .write(app, tx)?;
    Ok(())
}

/// The attributes in a line, for the trail.
fn described(attributes: &[ResourceAttribute], defined: &[AttributeDefinition]) -> String {
    let one = |attribute: &ResourceAttribute| {
        let mut words = vec![attribute.label(defined)];
        if attribute.editable {
            words.push("editable");
        }
        if attribute.write {
            words.push("written to the user");
        }
        words.join(", ")
    };
    attributes.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// What the resources of a package ask one person.
pub async fn asked(tx: &mut Tx, package: PackageId, user: UserId) -> Result<Vec<AskedQuestion>, StoreError> {
    let attributes = store::attributes::of_package(tx, package).await?;
    if attributes.is_empty() {
        return Ok(Vec::new());
    }
    let account = store::users::find(tx, user).await?;
    let (defined, values) = custom_of(tx, &attributes, Some(user)).await?;
    Ok(asked_once(&attributes, &defined, |attribute| match attribute.custom() {
        Some(name) => held(&values, name).to_owned(),
        None => account
            .as_ref()
            .map(|account| value(account, attribute).to_owned())
            .unwrap_or_default(),
    }))
}

/// The definitions of custom attributes, and what somebody has of them, where any of these asks for one.
async fn custom_of(
    tx: &mut Tx,
    attributes: &[ResourceAttribute],
    user: Option<UserId>,
) -> Result<(Vec<AttributeDefinition>, Vec<(String, String)>), StoreError> {
    if attributes.iter().all(|one| one.attribute.custom().is_none()) {
        return Ok((Vec::new(), Vec::new()));
    }
    let values = match user {
        Some(user) => store::custom_attributes::of_user(tx, user).await?,
        None => Vec::new(),
    };
    Ok((store::custom_attributes::all(tx).await?, values))
}

fn held<'a>(values: &'a [(String, String)], name: &str) -> &'a str {
    let mut values = values.iter();
    values.find(|(known, _)| known == name).map_or("", |(_, value)| value)
}

/// What the resources of a package ask for, for whoever manages it (F054).
pub async fn required_by(app: &App, actor: &Principal, package: PackageId) -> Result<Vec<RequiredAttribute>, Error> {
    actor.authorize_somewhere(Action::ReadCatalogs)?;
    let mut tx = app.store.read().await?;
    access::on_package(&mut tx, actor, ReadCatalogs, package).await?;
    let package = store::packages::get(&mut tx, package).await?.ok_or(Error::NotFound)?;
    let roles = store::packages::roles(&mut tx, &package).await?;
    let objects: Vec<ObjectId> = roles.iter().map(|role| role.object.id).collect();
    Ok(required_in(&mut tx, Some(package.catalog_id), &objects).await?)
}

/// What these resources of a catalog ask for together.
pub(in crate::service) async fn required_in(
    tx: &mut Tx,
    catalog: Option<CatalogId>,
    objects: &[ObjectId],
) -> Result<Vec<RequiredAttribute>, StoreError> {
    let Some(catalog) = catalog else { return Ok(Vec::new()) };
    let asking = store::attributes::of_resources(tx, catalog, objects).await?;
    let asking: Vec<(String, Vec<ResourceAttribute>)> = asking.into_iter().map(|(_, name, attributes)| (name, attributes)).collect();
    let all: Vec<ResourceAttribute> = asking.iter().flat_map(|(_, attributes)| attributes.clone()).collect();
    let (defined, _) = custom_of(tx, &all, None).await?;
    Ok(required(&asking, &defined))
}

/// What the resources of a package ask before it is known whom: what is left empty is what is known.
pub async fn asked_of_anyone(tx: &mut Tx, package: PackageId) -> Result<Vec<AskedQuestion>, StoreError> {
    let attributes = store::attributes::of_package(tx, package).await?;
    let (defined, _) = custom_of(tx, &attributes, None).await?;
    let mut asked = asked_once(&attributes, &defined, |_| String::new());
    for question in &mut asked {
        question.required = false;
    }
    Ok(asked)
}

/// The answers of whoever assigns, with what is known of the person where they left one empty.
pub fn with_known(answers: &[GivenAnswer], asked: &[AskedQuestion]) -> Vec<GivenAnswer> {
    let mut all = answers.to_vec();
    for question in asked {
        let Some(attribute) = question.attribute.as_ref().filter(|attribute| !attribute.known.is_empty()) else {
            continue;
        };
        match all.iter_mut().find(|answer| answer.question == question.id) {
            Some(answer) if answer.value.trim().is_empty() => answer.value.clone_from(&attribute.known),
            Some(_) => {}
            None => all.push(GivenAnswer {
                question: question.id,
                value: attribute.known.clone(),
            }),
        }
    }
    all
}

fn value<'a>(account: &'a Account, attribute: &UserAttribute) -> &'a str {
    match attribute {
        UserAttribute::JobTitle => &account.job_title,
        UserAttribute::Department => &account.department,
        UserAttribute::Company => &account.company,
        UserAttribute::Office => &account.office,
        UserAttribute::Phone => &account.phone,
        UserAttribute::Custom(_) => "",
    }
}

/// Writes the answers of a delivered request to its person, as far as its resources wanted it when it was made.
pub async fn write(app: &App, tx: &mut Tx, request: &Request, now: DateTime<Utc>) -> Result<(), StoreError> {
    let wanted = |answer: &Answer| answer.writes.clone().map(|attribute| (attribute, answer.value.clone()));
    let values: Vec<(UserAttribute, String)> = request.answers.iter().filter_map(wanted).collect();
    if values.is_empty() {
        return Ok(());
    }
    users::write_attributes(app, tx, request.target_id, &values, request.id, now).await
}

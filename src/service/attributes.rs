//! Attributes that a resource asks of its requestors (F054): said for a resource of a catalog, asked with every package that gives a role of
//! it, and written to the user when the package is delivered.

use chrono::{DateTime, Utc};

use crate::domain::access::{Action, ManageCatalogs, Principal, ReadCatalogs, Scope};
use crate::domain::attribute::{AttributesForm, ResourceAttribute, ResourceAttributes, UserAttribute, asked_once};
use crate::domain::audit::{Activity, Change, Target};
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
use super::{App, Error, access, limits, users};

/// What a resource of a catalog asks for.
pub async fn get(app: &App, actor: &Principal, catalog: CatalogId, object: ObjectId) -> Result<ResourceAttributes, Error> {
    actor.authorize_somewhere(Action::ReadCatalogs)?;
    access::in_catalog(actor, ReadCatalogs, catalog)?;
    let mut tx = app.store.read().await?;
    let resource = resource(&mut tx, catalog, object).await?;
    let (attributes, version) = store::attributes::get(&mut tx, catalog, object).await?;
    Ok(ResourceAttributes {
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
    let wanted = form.check(|| QuestionId(app.ids.id(now)))?;
    let name = store::catalogs::share(tx, catalog).await?.ok_or(Error::NotFound)?.name;
    let resource = resource(tx, catalog, object).await?;
    limits::check(tx, Limit::ResourceAttributes, wanted.len()).await?;
    let (before, _) = store::attributes::get(tx, catalog, object).await?;
    if !store::attributes::update(tx, (catalog, object), form.version, &wanted, now).await? {
        return Err(changed(tx, object, &resource.name).await);
    }
    Entry::by_principal(&granted, Activity::RequireAttributes, Target::new("catalog", catalog, name))
        .and(Target::new(resource.kind.as_str(), object, resource.name))
        .changes([Change::between("Attributes", described(&before), described(&wanted))])
        .write(app, tx)?;
    Ok(())
}

/// The attributes in a line, for the trail.
fn described(attributes: &[ResourceAttribute]) -> String {
    let one = |attribute: &ResourceAttribute| {
        let mut words = vec![attribute.attribute.label()];
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
    Ok(asked_once(&attributes, |attribute| {
        account
            .as_ref()
            .map(|account| value(account, attribute).to_owned())
            .unwrap_or_default()
    }))
}

/// What the resources of a package ask before it is known whom: what is left empty is what is known.
pub async fn asked_of_anyone(tx: &mut Tx, package: PackageId) -> Result<Vec<AskedQuestion>, StoreError> {
    let attributes = store::attributes::of_package(tx, package).await?;
    let mut asked = asked_once(&attributes, |_| String::new());
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

fn value(account: &Account, attribute: UserAttribute) -> &str {
    match attribute {
        UserAttribute::JobTitle => &account.job_title,
        UserAttribute::Department => &account.department,
        UserAttribute::Company => &account.company,
        UserAttribute::Office => &account.office,
        UserAttribute::Phone => &account.phone,
    }
}

/// Writes the answers of a delivered request to its person, as far as its resources wanted it when it was made.
pub async fn write(app: &App, tx: &mut Tx, request: &Request, now: DateTime<Utc>) -> Result<(), StoreError> {
    let wanted = |answer: &Answer| answer.writes.map(|attribute| (attribute, answer.value.clone()));
    let values: Vec<(UserAttribute, String)> = request.answers.iter().filter_map(wanted).collect();
    if values.is_empty() {
        return Ok(());
    }
    users::write_attributes(app, tx, request.target_id, &values, request.id, now).await
}

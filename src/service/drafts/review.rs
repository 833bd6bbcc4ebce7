//! What is wrong with a draft: the faults that its input has by itself, and those that only the directory and the catalog know.

use chrono::{DateTime, Utc};

use crate::domain::access::Visible;
use crate::domain::draft::{NewPackage, PackageDraft, role_faults};
use crate::domain::object::{ObjectItem, SubjectItem};
use crate::domain::policy::subject_faults;
use crate::domain::validate::{Checker, Code, FieldErrors, Name};
use crate::store::{StoreError, Tx, catalogs, objects, packages, subjects};

/// A draft beside what it names.
pub struct Review {
    /// Every object that it names and that is or was there.
    pub objects: Vec<ObjectItem>,
    /// Every user and group that it names and that is or was there.
    pub subjects: Vec<SubjectItem>,
    /// The package that it describes, or all its faults.
    pub package: Result<NewPackage, FieldErrors>,
}

/// Checks a draft as a whole; `visible` are the catalogs in which its owner may make packages.
pub async fn review(tx: &mut Tx, draft: &PackageDraft, visible: &Visible, now: DateTime<Utc>) -> Result<Review, StoreError> {
    let objects = objects::load(tx, draft.basics.catalog, &draft.objects()).await?;
    let subjects = subjects::load(tx, &draft.requests.named()).await?;
    let mut faults = basics_faults(tx, draft, visible).await?;
    faults.extend(role_faults(&draft.roles, &objects));
    faults.extend(subject_faults(&draft.requests, &subjects));
    let package = match draft.check(now) {
        Ok(package) if faults.is_empty() => Ok(package),
        Ok(_) => Err(faults),
        Err(mut errors) => {
            errors.extend(faults);
            Err(errors)
        }
    };
    Ok(Review {
        objects,
        subjects,
        package,
    })
}

/// The catalog must be there, and the name free in it.
async fn basics_faults(tx: &mut Tx, draft: &PackageDraft, visible: &Visible) -> Result<FieldErrors, StoreError> {
    let mut check = Checker::default();
    let name = Name::check(&mut Checker::default(), "basics.name", &draft.basics.name);
    if let Some(catalog) = draft.basics.catalog {
        if !visible.includes(catalog) || catalogs::name(tx, catalog).await?.is_none() {
            check.fail("basics.catalog", Code::Gone);
        } else if !name.folded.is_empty() && packages::is_name_taken(tx, catalog, &name).await? {
            check.fail("basics.name", Code::Taken);
        }
    }
    Ok(check.into_errors())
}

//! Limits (F172): asked where something is added, in the transaction that adds it, and changed as a whole by whoever may change the
//! settings. Two additions at the same moment may pass a limit by one: it keeps things manageable, and guards no rule.

use crate::domain::access::{Action, ManageSettings, Principal, Scope};
use crate::domain::audit::{Activity, Change, Target};
use crate::domain::limit::{Limit, Limits, LimitsForm};
use crate::store::{Tx, limits as store};

use super::audit::{Entry, changed};
use super::{App, Error};

/// What the trail ties changes of the limits together by.
const ABOUT: uuid::Uuid = uuid::Uuid::from_u128(0x5e77_1172);

/// Refused where there would be more of something than its limit allows.
pub async fn check(tx: &mut Tx, limit: Limit, count: usize) -> Result<(), Error> {
    Ok(limit.allows(store::value(tx, limit).await?, count)?)
}

/// The same for what is there and what comes to it; asked only where something comes.
pub async fn check_added(tx: &mut Tx, limit: Limit, before: i64, added: usize) -> Result<(), Error> {
    if added == 0 {
        return Ok(());
    }
    check(tx, limit, usize::try_from(before).unwrap_or_default() + added).await
}

/// All limits, with what is used of each.
pub async fn get(app: &App, actor: &Principal) -> Result<Limits, Error> {
    actor.authorize(ManageSettings, Scope::Tenant)?;
    let mut tx = app.store.read().await?;
    Ok(store::all(&mut tx).await?)
}

/// Changes the limits, unless somebody else has since they were opened. What is there already stays, also where it is more than allowed.
pub async fn update(app: &App, actor: &Principal, form: &LimitsForm) -> Result<(), Error> {
    actor.authorize_somewhere(Action::ManageSettings)?;
    let mut tx = app.store.write().await?;
    update_in(app, &mut tx, actor, form).await?;
    Ok(tx.commit().await?)
}

/// The same in a transaction of others.
pub(in crate::service) async fn update_in(app: &App, tx: &mut Tx, actor: &Principal, form: &LimitsForm) -> Result<(), Error> {
    let granted = actor.authorize(ManageSettings, Scope::Tenant)?;
    let values = form.check()?;
    let before = store::all(tx).await?;
    if !store::update(tx, form.version, &values).await? {
        return Err(changed(tx, ABOUT, "Limits").await);
    }
    let changes = values.iter().map(|(limit, value)| {
        let was = before.items.iter().find(|item| item.limit == *limit).map_or(0, |item| item.value);
        Change::between(limit.label(), was.to_string(), value.to_string())
    });
    Entry::by_principal(&granted, Activity::UpdateSettings, Target::new("settings", ABOUT, "Limits"))
        .changes(changes)
        .write(app, tx)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::both_databases;
    use crate::domain::access::Refusal;
    use crate::domain::catalog::CatalogForm;
    use crate::domain::group::GroupForm;
    use crate::domain::id::UserId;
    use crate::domain::text::StringEnum;
    use crate::domain::user::DirectoryRole;
    use crate::service::packages::tests::world::Fixture;
    use crate::service::{catalogs, groups};
    use crate::testing::{TestApp, actor, unknown};

    fn form(limit: Limit, value: usize, version: i64) -> LimitsForm {
        let of = |other: &Limit| if *other == limit { value } else { other.usual() };
        LimitsForm {
            values: Limit::ALL.iter().map(|limit| of(limit).to_string()).collect(),
            version,
        }
    }

    fn refusal<T: std::fmt::Debug>(result: Result<T, Error>) -> Refusal {
        match result {
            Err(Error::Refused(refusal)) => refusal,
            other => panic!("not refused: {other:?}"),
        }
    }

    async fn f172_a_limit_that_an_administrator_lowers_refuses_what_passes_it(bench: TestApp) {
        let fixture = Fixture::new(bench).await;
        let (app, admin) = (&fixture.app, fixture.admin.clone());
        let catalog = |name: &str| CatalogForm {
            name: name.into(),
            ..CatalogForm::default()
        };
        catalogs::create(app, &admin, &catalog("First")).await.expect("a catalog");
        update(app, &admin, &form(Limit::Catalogs, 3, 0)).await.expect("limits");
        catalogs::create(app, &admin, &catalog("Second")).await.expect("a catalog");
        let refused = refusal(catalogs::create(app, &admin, &catalog("Third")).await);
        assert_eq!(refused.rule, "limit-reached");
        assert!(
            refused.reason.contains("at most 3 catalogs (limit \u{201c}Catalogs\u{201d}: 3)"),
            "{}",
            refused.reason
        );
        let limits = get(app, &admin).await.expect("limits");
        let item = &limits.items[0];
        assert_eq!((limits.version, item.value, item.used), (1, 3, Some(3)));
        // Somebody else was quicker; more than the bound; and no right.
        assert!(matches!(
            update(app, &admin, &form(Limit::Catalogs, 3, 0)).await,
            Err(Error::Conflict(_))
        ));
        let bound = Limit::AddedAtOnce.bound();
        assert!(matches!(
            update(app, &admin, &form(Limit::AddedAtOnce, bound + 1, 1)).await,
            Err(Error::Invalid(_))
        ));
        assert_eq!(
            refusal(update(app, &actor(DirectoryRole::CatalogCreator), &form(Limit::Catalogs, 3, 1)).await).rule,
            "needs-role"
        );

        update(app, &admin, &form(Limit::AddedAtOnce, 1, 1)).await.expect("limits");
        let group = GroupForm {
            name: "Sales".into(),
            kind: "security".into(),
            membership: "assigned".into(),
            members: vec![UserId(unknown()), UserId(unknown())],
            ..GroupForm::default()
        };
        assert!(
            refusal(groups::create(app, &admin, &group).await)
                .reason
                .contains("added at once\u{201d}: 1")
        );
    }

    both_databases!(f172_a_limit_that_an_administrator_lowers_refuses_what_passes_it);
}

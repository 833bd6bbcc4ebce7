//! How things stand in the catalogs that a reader sees: what waits, what ends soon, what failed, and the last weeks.

use chrono::Duration;

use crate::domain::access::{Action, Principal, Visible};
use crate::domain::report::{Dashboard, Instant, Trend, active_before, weeks};
use crate::service::{App, Error};
use crate::store::reports::{self, Counts};

/// Counts stop here.
const BOUND: i64 = 10_000;
/// Active assignments are counted further: the trend is reckoned back from them.
const ACTIVE_BOUND: i64 = 100_000;
/// What ends within this time ends soon.
const SOON: Duration = Duration::days(14);

/// The figures for the home of Identity Governance, which everybody in the admin area sees; none for who may see no reports.
pub async fn dashboard(app: &App, actor: &Principal) -> Result<Option<Dashboard>, Error> {
    actor.authorize_somewhere(Action::UseAdminArea)?;
    let Ok(visible) = actor.visible(Action::ReadReports) else {
        return Ok(None);
    };
    let now = app.clock.now();
    let mut tx = app.store.read().await?;
    let (waiting, first_waiting) = reports::failures(&mut tx, true, &visible, BOUND).await?;
    let (failed, failures) = reports::failures(&mut tx, false, &visible, BOUND).await?;
    let (ending, first_ending) = reports::ending(&mut tx, (now, now + SOON), &visible, BOUND).await?;
    let given_up = match visible {
        Visible::All => Some(reports::given_up(&mut tx, BOUND).await?),
        Visible::Catalogs(_) => None,
    };
    let weeks = weeks(now);
    let mut counts: Vec<Counts> = Vec::with_capacity(weeks.len());
    for week in &weeks {
        counts.push(reports::counts(&mut tx, *week, &visible, BOUND).await?);
    }
    let active = reports::active(&mut tx, now, &visible, ACTIVE_BOUND).await?;
    let of = |figure: fn(&Counts) -> i64| counts.iter().map(figure).collect::<Vec<i64>>();
    Ok(Some(Dashboard {
        waiting,
        first_waiting,
        ending,
        first_ending,
        failed,
        failures,
        given_up: given_up.map(|(jobs, _)| jobs),
        unsent: given_up.map(|(_, messages)| messages),
        trend: Trend {
            ends: weeks.iter().map(|(_, end)| Instant(*end)).collect(),
            requests: of(|week| week.requests),
            active: active_before(active, &of(|week| week.began), &of(|week| week.ended)),
        },
        bound: BOUND,
    }))
}

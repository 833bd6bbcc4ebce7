//! `woodgate export`, `plan` and `apply`: governance as a file.

use std::io::Read;

use woodgate::domain::access::Principal;
use woodgate::domain::configuration::Configuration;
use woodgate::domain::message;
use woodgate::service::audit::{OPERATOR, note_command};
use woodgate::service::configuration::{self, Kind, Plan, Refused};
use woodgate::service::{App, Error};

use super::{Failure, say};

/// Prints the file that says what there is.
pub async fn export(app: &App) -> Result<(), Failure> {
    let file = configuration::export(app, &operator()).await?;
    note_command(app, OPERATOR, "export").await?;
    let text = serde_saphyr::to_string(&file).map_err(|error| Failure::Other(error.to_string()))?;
    say(text.trim_end().to_owned())
}

/// Prints what would be done.
pub async fn plan(app: &App, path: &str, json: bool) -> Result<(), Failure> {
    let file = read(path)?;
    let plan = configuration::plan(app, &operator(), &file)
        .await
        .map_err(|error| refused(path, error))?;
    note_command(app, OPERATOR, &format!("plan: {} steps, {}", plan.steps.len(), plan.fingerprint)).await?;
    if json {
        return say(serde_json::to_string_pretty(&plan).map_err(|error| Failure::Other(error.to_string()))?);
    }
    say(text(&plan))?;
    if plan.steps.is_empty() {
        return Ok(());
    }
    say(format!(
        "\nTo carry out just this: woodgate apply {path} --plan {}",
        plan.fingerprint
    ))
}

/// Carries the file out.
pub async fn apply(app: &App, path: &str, fingerprint: Option<&str>) -> Result<(), Failure> {
    let file = read(path)?;
    let done = configuration::apply(app, &operator(), &file, fingerprint).await;
    let done = done.map_err(|error| refused(path, error))?;
    note_command(app, OPERATOR, &format!("apply: {} steps, {}", done.steps.len(), done.fingerprint)).await?;
    say(text(&done))
}

fn operator() -> Principal {
    Principal::operator(OPERATOR)
}

/// The file at a path, or on standard input for `-`.
fn read(path: &str) -> Result<Configuration, Failure> {
    let mut text = String::new();
    let read = match path {
        "-" => std::io::stdin().read_to_string(&mut text).map(drop),
        path => std::fs::read_to_string(path).map(|read| text = read),
    };
    read.map_err(|error| Failure::Other(format!("{path} cannot be read: {error}")))?;
    serde_saphyr::from_str(&text).map_err(|error| Failure::Other(format!("{path}: {error}")))
}

fn refused(path: &str, error: Refused) -> Failure {
    match error {
        Refused::Failed(error) => error.into(),
        Refused::Step(what, Error::Invalid(faults)) => {
            let said = faults.iter().map(|fault| message::text(&fault.code, &fault.path));
            Failure::Other(format!("{what}: {} Nothing was changed.", said.collect::<Vec<_>>().join(" ")))
        }
        Refused::Step(what, Error::Store(error)) => Failure::Database(format!("{what}: {error}")),
        Refused::Step(..) => Failure::Other(format!("{error}. Nothing was changed.")),
        Refused::Faults(_) => Failure::Other(format!("{path} can't be used:\n{error}")),
        Refused::Stale => Failure::Other(format!("Nothing was changed: {error}.")),
    }
}

/// A plan as people read it.
fn text(plan: &Plan) -> String {
    if plan.steps.is_empty() {
        return "Nothing to do: all is as the file says.".into();
    }
    let mut text = String::new();
    for step in &plan.steps {
        let sign = match step.kind {
            Kind::Create => '+',
            Kind::Change => '~',
            Kind::Delete => '-',
        };
        text.push_str(&format!("{sign} {}\n", step.what));
        for line in &step.lines {
            text.push_str(&format!("    {}: {:?} becomes {:?}\n", line.label, line.old, line.new));
        }
        for effect in &step.effects {
            text.push_str(&format!("    {}\n", effect.title()));
        }
    }
    let count = |kind: Kind| plan.steps.iter().filter(|step| step.kind == kind).count();
    text.push_str(&format!(
        "{} to create, {} to change, {} to delete",
        count(Kind::Create),
        count(Kind::Change),
        count(Kind::Delete)
    ));
    text
}

//! A membership rule as a condition of a query: nobody for whom the rule holds is missed, and nobody else is read (fault C17).

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::both_databases;
use crate::domain::rule::{Rule, parse};
use crate::store::members::{self, CANDIDATES_MAX, RuleCandidate};
use crate::store::{Arg, Tx, batch};
use crate::testing::TestApp;
use crate::{args, service::rules::property_of};

both_databases!(
    f136_a_rule_reads_those_for_whom_it_holds,
    f136_nobody_is_missed_whatever_a_rule_says,
    f136_a_rule_that_few_meet_reads_few_of_many,
);

/// Job title, company, mail, enabled, guest.
type Person = (&'static str, &'static str, &'static str, bool, bool);

const PEOPLE: &[Person] = &[
    ("", "", "", true, false),
    ("Pilot", "Contoso", "pilot@contoso.com", true, false),
    ("PILOT", "contoso", "PILOT@CONTOSO.COM", false, false),
    ("Co-pilot 100%", "Fabrikam_Air", "a_b@fabrikam.com", true, true),
    ("Back\\slash", "FabrikamXAir", "axb@fabrikam.com", true, false),
    // Letters whose lower case is another number of letters, or a letter of ASCII.
    ("\u{130}stanbul lead", "\u{c4}rzte", "", true, true),
    ("istanbul", "\u{e4}rzte", "", false, true),
    ("Stra\u{df}e", "STRASSE", "", true, false),
];

async fn insert(tx: &mut Tx, people: impl Iterator<Item = (u128, Person)>, now: DateTime<Utc>) {
    let values: Vec<Arg> = people
        .flat_map(|(n, (job_title, company, mail, enabled, guest))| {
            let name = format!("Person {n}");
            let folded = name.to_lowercase();
            let kind = if guest { "guest" } else { "member" };
            let mut row = args![
                Uuid::from_u128(0x7000_0000 + n),
                name.clone(),
                folded.clone(),
                name,
                folded,
                enabled,
                now,
                1_i64
            ];
            row.extend([kind, mail, job_title, "", "", company, "", ""].map(Arg::from));
            row
        })
        .collect();
    let head = "users (id, name, name_folded, user_name, user_name_folded, enabled, created_at, version, kind,
        mail, job_title, department, department_folded, company, office, phone)";
    batch::insert(tx, head, 16, values, "").await.expect("people");
}

/// Whom the query finds for a rule.
async fn found(tx: &mut Tx, rule: &Rule) -> Vec<RuleCandidate> {
    members::candidates(tx, None, rule, None).await.expect("people")
}

fn meets(rule: &Rule, person: &RuleCandidate) -> bool {
    rule.matches(|property| property_of(person, property))
}

async fn f136_a_rule_reads_those_for_whom_it_holds(bench: TestApp) {
    let mut tx = bench.app.store.write().await.expect("tx");
    let plain = PEOPLE
        .iter()
        .copied()
        .filter(|(title, company, ..)| title.is_ascii() && company.is_ascii());
    insert(&mut tx, (0..).zip(plain), bench.app.clock.now()).await;
    for (text, count) in [
        (r#"user.jobTitle -eq "pilot""#, 2),
        (r#"user.jobTitle -contains "PILOT""#, 3),
        (r#"user.jobTitle -startsWith "pilot" -and user.accountEnabled -eq true"#, 1),
        (r#"user.companyName -contains "m_a""#, 1),
        (r#"user.jobTitle -contains "100%""#, 1),
        (r#"user.jobTitle -contains "\s""#, 1),
        ("user.mail -eq null", 1),
        (r#"-not (user.mail -eq null -or user.userType -eq "Guest")"#, 3),
        (r#"user.displayName -eq "person 3""#, 1),
        ("user.accountEnabled -ne true", 1),
    ] {
        let rule = parse(text).expect(text);
        let found = found(&mut tx, &rule).await;
        assert!(found.iter().all(|person| meets(&rule, person)), "{text}: {found:?}");
        assert_eq!(found.len(), count, "{text}: {found:?}");
    }
}

async fn f136_nobody_is_missed_whatever_a_rule_says(bench: TestApp) {
    let mut tx = bench.app.store.write().await.expect("tx");
    insert(&mut tx, (0..).zip(PEOPLE.iter().copied()), bench.app.clock.now()).await;
    let everybody = found(&mut tx, &parse("user.displayName -ne null").expect("a rule")).await;
    assert_eq!(everybody.len(), PEOPLE.len());
    let values = [
        "i",
        "ist",
        "istanbul",
        "i\u{307}",
        "\u{e4}",
        "\u{c4}RZTE",
        "strasse",
        "stra\u{df}e",
        "ss",
        "pilot",
        "_",
        "%",
        "\\",
        "a",
        "@",
    ];
    let operators = ["-eq", "-ne", "-startsWith", "-notStartsWith", "-contains", "-notContains"];
    for property in ["jobTitle", "companyName", "mail"] {
        for operator in operators {
            for value in values {
                for text in [
                    format!("user.{property} {operator} \"{value}\""),
                    format!("-not (user.{property} {operator} \"{value}\" -and user.accountEnabled -eq true)"),
                    format!("-not (user.{property} {operator} \"{value}\" -or user.userType -eq \"Guest\")"),
                ] {
                    let rule = parse(&text).expect(&text);
                    let ids = |people: &[RuleCandidate]| {
                        people
                            .iter()
                            .filter(|person| meets(&rule, person))
                            .map(|person| person.id)
                            .collect::<Vec<_>>()
                    };
                    assert_eq!(ids(&found(&mut tx, &rule).await), ids(&everybody), "{text}");
                }
            }
        }
    }
}

async fn f136_a_rule_that_few_meet_reads_few_of_many(bench: TestApp) {
    let mut tx = bench.app.store.write().await.expect("tx");
    let many = (0..2 * CANDIDATES_MAX as u128).map(|n| {
        let title = if n % 1_000 == 7 { "Pilot" } else { "Clerk" };
        (n, (title, "Contoso", "", true, false))
    });
    insert(&mut tx, many, bench.app.clock.now()).await;
    let rule = parse(r#"user.jobTitle -eq "Pilot""#).expect("a rule");
    assert_eq!(found(&mut tx, &rule).await.len(), 2);
}

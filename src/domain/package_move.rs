//! Moving a package to another catalog: what stands in the way, and what it changes for whom. Pure; the facts are loaded elsewhere.

use serde::{Deserialize, Serialize};

use super::id::{CatalogId, Named, ObjectId};
use super::refusal::{Permission, Refusal};

/// What must be known of a package, its catalog and the one that it is to move to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MoveFacts {
    /// The package's name.
    pub package: String,
    /// Its catalog.
    pub from: MoveCatalog,
    /// Where it is to go.
    pub to: MoveCatalog,
    /// Resources of which it gives a role and that the target does not hold.
    pub missing: Vec<Named<ObjectId>>,
    /// The target has a package of its name.
    pub name_taken: bool,
    /// What its resources ask of requestors, where that changes: a resource, what it asks for now, and what it asks for there.
    pub attributes: Vec<MovedAttributes>,
    /// How many rules of separation of duties it has, and how many of other packages name it.
    pub incompatibilities: (i64, i64),
}

/// What a resource asks of requestors before and after a move, by label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MovedAttributes {
    /// The resource.
    pub resource: String,
    /// What it asks for in the catalog that the package leaves.
    pub from: Vec<String>,
    /// What it asks for in the other; nothing where it is not in that one yet, and takes its attributes along.
    pub to: Option<Vec<String>>,
}

impl MovedAttributes {
    /// In a sentence; nothing where nothing changes.
    fn sentence(&self, from: &str, to: &str) -> Option<String> {
        let listed = |labels: &[String]| {
            if labels.is_empty() {
                "nothing".to_owned()
            } else {
                labels.join(", ")
            }
        };
        let Self { resource, .. } = self;
        match &self.to {
            None if self.from.is_empty() => None,
            None => Some(format!(
                "{resource} is added to {to} with what it asks of requestors: {}.",
                listed(&self.from)
            )),
            Some(there) if *there == self.from => None,
            Some(there) => Some(format!(
                "Requestors are asked what {resource} requires in {to}, which is {}; in {from} it is {}.",
                listed(there),
                listed(&self.from)
            )),
        }
    }
}

/// A catalog as a move sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MoveCatalog {
    /// The catalog.
    pub id: CatalogId,
    /// Its name.
    pub name: String,
    /// Its packages can be requested.
    pub enabled: bool,
    /// Guests may see its packages.
    pub external: bool,
}

/// What a check of a move finds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoveCheck {
    /// The catalogs to which the viewer may move it.
    pub catalogs: Vec<Named<CatalogId>>,
    /// What has to be put right first, a sentence each; none: it can be moved.
    pub blockers: Vec<String>,
    /// Resources that the target does not hold.
    pub missing: Vec<Named<ObjectId>>,
    /// May the viewer add those to the target together with the move?
    pub bring: Permission,
}

/// Whether the package can be moved: the first thing in its way. With `bring` its resources are added to the target.
pub fn may_move(facts: &MoveFacts, bring: bool) -> Result<(), Refusal> {
    match blockers(facts).into_iter().find(|refusal| !bring || refusal.rule != MISSING) {
        Some(refusal) => Err(refusal),
        None => Ok(()),
    }
}

const MISSING: &str = "resources-missing";

/// Everything in the way of a move.
pub fn blockers(facts: &MoveFacts) -> Vec<Refusal> {
    let (package, to) = (&facts.package, &facts.to.name);
    let mut found = Vec::new();
    if facts.from.id == facts.to.id {
        found.push(Refusal::new(
            "same-catalog",
            format!("{package} is in {to} already. Choose another catalog."),
        ));
    }
    if facts.name_taken && facts.from.id != facts.to.id {
        let reason = format!("{to} has an access package called {package} already. Rename one of the two first.");
        found.push(Refusal::new("name-taken", reason));
    }
    if !facts.missing.is_empty() {
        let names: Vec<&str> = facts.missing.iter().map(|object| object.name.as_str()).collect();
        let (it, gives) = if names.len() == 1 {
            ("it", "gives a role of it")
        } else {
            ("them", "gives roles of them")
        };
        let reason = format!(
            "{} is missing in {to}, and {package} {gives}. Add {it} to {to} first.",
            names.join(", ")
        );
        let reason = if names.len() == 1 {
            reason
        } else {
            reason.replacen(" is missing", " are missing", 1)
        };
        found.push(Refusal::new(MISSING, reason));
    }
    found
}

/// What changes with the move beside what it does to people, in sentences.
pub fn effects(facts: &MoveFacts) -> Vec<String> {
    let (package, from, to) = (&facts.package, &facts.from, &facts.to);
    let mut effects = vec![format!("Its policies and requests move with {package}.")];
    if from.enabled && !to.enabled {
        effects.push(format!("{} is not enabled, so nobody can request it any more.", to.name));
    }
    if !from.enabled && to.enabled {
        effects.push(format!("{} is enabled, so those whom its policies name can request it.", to.name));
    }
    if from.external && !to.external {
        effects.push(format!(
            "{} is not enabled for external users, so guests can no longer request it.",
            to.name
        ));
    }
    if !from.external && to.external {
        effects.push(format!(
            "{} is enabled for external users, so guests whom its policies name can request it.",
            to.name
        ));
    }
    effects.extend(facts.attributes.iter().filter_map(|moved| moved.sentence(&from.name, &to.name)));
    let (own, naming) = facts.incompatibilities;
    effects.extend(super::incompatibility::move_text(package, own, naming));
    effects
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn catalog(id: u128, name: &str) -> MoveCatalog {
        MoveCatalog {
            id: CatalogId(Uuid::from_u128(id)),
            name: name.into(),
            enabled: true,
            external: false,
        }
    }

    fn facts() -> MoveFacts {
        MoveFacts {
            package: "Campaign".into(),
            from: catalog(1, "General"),
            to: catalog(2, "Marketing"),
            missing: Vec::new(),
            name_taken: false,
            attributes: Vec::new(),
            incompatibilities: (0, 0),
        }
    }

    fn rules(facts: &MoveFacts) -> Vec<String> {
        blockers(facts).into_iter().map(|refusal| refusal.rule).collect()
    }

    #[test]
    fn f054_a_move_says_what_requestors_are_asked_from_then_on() {
        let moved = |from: &[&str], to: Option<&[&str]>| MoveFacts {
            attributes: vec![MovedAttributes {
                resource: "Sales team".into(),
                from: from.iter().map(|label| (*label).to_owned()).collect(),
                to: to.map(|to| to.iter().map(|label| (*label).to_owned()).collect()),
            }],
            ..facts()
        };
        let said = |facts: &MoveFacts| {
            effects(facts)
                .into_iter()
                .filter(|line| line.contains("Sales team"))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            said(&moved(&["Office"], None)),
            ["Sales team is added to Marketing with what it asks of requestors: Office."]
        );
        assert_eq!(
            said(&moved(&["Office"], Some(&[]))),
            ["Requestors are asked what Sales team requires in Marketing, which is nothing; in General it is Office."]
        );
        assert!(said(&moved(&["Office"], Some(&["Office"]))).is_empty() && said(&moved(&[], None)).is_empty());
    }

    #[test]
    fn f178_all_that_stands_in_the_way_of_a_move_is_listed() {
        assert!(may_move(&facts(), false).is_ok());
        let missing = MoveFacts {
            missing: vec![Named::new(ObjectId(Uuid::nil()), "Sales team")],
            name_taken: true,
            ..facts()
        };
        assert_eq!(rules(&missing), ["name-taken", "resources-missing"]);
        assert_eq!(may_move(&missing, true).map_err(|refusal| refusal.rule), Err("name-taken".into()));
        let only_missing = MoveFacts {
            name_taken: false,
            ..missing
        };
        assert!(may_move(&only_missing, true).is_ok());
        assert_eq!(
            may_move(&only_missing, false).map_err(|refusal| refusal.reason),
            Err("Sales team is missing in Marketing, and Campaign gives a role of it. Add it to Marketing first.".into())
        );
        let same = MoveFacts {
            to: facts().from,
            name_taken: true,
            ..facts()
        };
        assert_eq!(rules(&same), ["same-catalog"]);
    }

    #[test]
    fn f178_a_move_says_when_the_other_catalog_closes_it() {
        let told = effects(&MoveFacts {
            to: MoveCatalog {
                enabled: false,
                ..facts().to
            },
            ..facts()
        });
        assert_eq!(
            told,
            [
                "Its policies and requests move with Campaign.",
                "Marketing is not enabled, so nobody can request it any more.",
            ]
        );
    }
}

//! Finding things by the beginnings of their words, through one index that both databases have: "mark res" finds "Marketing
//! resources". A word table is kept instead of a substring scan, so a search in 10,000 names reads only what it finds.

use uuid::Uuid;

use crate::args;
use crate::domain::page::Direction;
use crate::domain::text::{index_words, search_words};

use super::batch;
use super::dialect::trusted_sql;
use super::list::{List, Order};
use super::tx::{Arg, StoreError, Tx};

/// What is searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Users, by name, user name, department and the parts of their address.
    User,
    /// Groups, applications, sites, by name.
    Object,
    /// Catalogs, by name.
    Catalog,
    /// Packages, by name and description.
    Package,
    /// Connected organizations, by name and domain.
    Organization,
}

impl Kind {
    fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Object => "object",
            Self::Catalog => "catalog",
            Self::Package => "package",
            Self::Organization => "organization",
        }
    }
}

/// Words asked for at the most; what is typed beyond that does not narrow further.
const WORDS_MAX: usize = 6;
/// The longest word kept, in characters.
const WORD_MAX: usize = 64;

/// The words that a text is found by, each once.
pub fn words(text: &str) -> Vec<String> {
    bounded(index_words(text))
}

fn bounded(words: Vec<String>) -> Vec<String> {
    let mut words: Vec<String> = words.into_iter().map(|word| word.chars().take(WORD_MAX).collect()).collect();
    words.sort_unstable();
    words.dedup();
    words
}

/// Keeps the words of a thing; what it had before is forgotten, and under which name it is listed.
pub async fn index(tx: &mut Tx, kind: Kind, owner: impl Into<Uuid>, texts: &[&str]) -> Result<(), StoreError> {
    let owner = owner.into();
    forget(tx, owner).await?;
    let rows = words(&texts.join(" "))
        .into_iter()
        .flat_map(|word| args![kind.as_str(), word, owner]);
    batch::insert(tx, "search_words (kind, word, owner_id)", 3, rows.collect(), "").await
}

/// What is listed under a name, by the first letters of its words.
const STARTS: &str = "INSERT INTO search_starts (kind, start, sort, owner_id)
    SELECT DISTINCT w.kind, substr(w.word, 1, n.n), w.sort, w.owner_id
    FROM search_words w JOIN (SELECT 1 AS n UNION ALL SELECT 2 UNION ALL SELECT 3) n ON n.n <= length(w.word)
    WHERE w.sort IS NOT NULL";
/// As many letters as `STARTS` takes at the most.
const START_MAX: usize = 3;

/// Lists a thing under this folded name wherever its words are found, or no more.
pub async fn list_as(tx: &mut Tx, owner: impl Into<Uuid>, name: Option<&str>) -> Result<(), StoreError> {
    let owner = owner.into();
    let sort = Arg::Text(name.map(str::to_owned));
    tx.exec("UPDATE search_words SET sort = $2 WHERE owner_id = $1", args![owner, sort])
        .await?;
    tx.exec("DELETE FROM search_starts WHERE owner_id = $1", args![owner]).await?;
    if name.is_some() {
        tx.exec(trusted_sql(format!("{STARTS} AND w.owner_id = $1")), args![owner]).await?;
    }
    Ok(())
}

/// Lists all that has a name to be listed under, after many things were written at once; what is listed already stays.
pub async fn list_all(tx: &mut Tx) -> Result<(), StoreError> {
    tx.exec(trusted_sql(format!("{STARTS} ON CONFLICT DO NOTHING")), args![]).await?;
    Ok(())
}

/// Forgets a thing's words.
pub async fn forget(tx: &mut Tx, owner: impl Into<Uuid>) -> Result<(), StoreError> {
    let owner = owner.into();
    for sql in [
        "DELETE FROM search_words WHERE owner_id = $1",
        "DELETE FROM search_starts WHERE owner_id = $1",
    ] {
        tx.exec(sql, args![owner]).await?;
    }
    Ok(())
}

/// What is listed by name and has every word asked for, straight from an index: only the rows of a page are then read. `select` are the
/// columns, `join` the table with its id compared to `k.id`. Nothing was asked for: nothing.
pub fn found(kind: Kind, search: &str, direction: Direction, select: &'static str, join: &'static str) -> Option<(List, Order)> {
    let mut words = asked(search);
    // The longest finds the fewest.
    let longest = (0..words.len()).max_by_key(|at| words[*at].chars().count())?;
    let word = words.swap_remove(longest);
    let list = |table| List::new("w.sort, w.owner_id AS id", table).late(select, join);
    let mut list = if word.chars().count() <= START_MAX {
        let mut list = list("search_starts w");
        list.filter("w.kind = ? AND w.start = ?", args![kind.as_str(), word]);
        list
    } else {
        let mut list = list("search_words w").once("w.sort, w.owner_id");
        list.filter(
            "w.kind = ? AND w.word >= ? AND w.word < ? AND w.sort IS NOT NULL",
            range(kind, &word),
        );
        list
    };
    for word in words {
        list.filter(
            "w.owner_id IN (SELECT owner_id FROM search_words WHERE kind = ? AND word >= ? AND word < ?)",
            range(kind, &word),
        );
    }
    let order = Order {
        column: "w.sort",
        id: "w.owner_id",
        time: false,
        direction,
    };
    Some((list, order))
}

/// Narrows a list to rows whose `column` (an id) belongs to a thing that has every word asked for. `column` is spelt into `condition`
/// by the caller: `u.id IN (SELECT owner_id FROM search_words WHERE kind = ? AND word >= ? AND word < ?)`.
/// A search without a word, such as `%`, finds nothing.
pub fn narrow(list: &mut List, condition: &'static str, kind: Kind, search: &str) {
    let words = asked(search);
    if words.is_empty() && !search.trim().is_empty() {
        list.filter("1 = 0", args![]);
    }
    for word in words {
        list.filter(condition, range(kind, &word));
    }
}

/// The things of some kinds that have every word asked for, up to `most` of each kind.
pub async fn owners(tx: &mut Tx, kinds: &[Kind], search: &str, most: usize) -> Result<Vec<Uuid>, StoreError> {
    let mut words = asked(search);
    let Some(longest) = (0..words.len()).max_by_key(|at| words[*at].chars().count()) else {
        return Ok(Vec::new());
    };
    let word = words.swap_remove(longest);
    let mut found = Vec::new();
    for kind in kinds {
        let mut list = List::new("DISTINCT w.owner_id", "search_words w");
        list.filter("w.kind = ? AND w.word >= ? AND w.word < ?", range(*kind, &word));
        for word in &words {
            list.filter(
                "w.owner_id IN (SELECT owner_id FROM search_words WHERE kind = ? AND word >= ? AND word < ?)",
                range(*kind, word),
            );
        }
        let owners: Vec<(Uuid,)> = list.all(tx, "LIMIT 50").await?;
        found.extend(owners.into_iter().take(most).map(|(id,)| id));
    }
    Ok(found)
}

/// The words that narrow a search.
pub fn asked(search: &str) -> Vec<String> {
    let mut words = bounded(search_words(search));
    words.truncate(WORDS_MAX);
    words
}

/// The kind and the range of the words that begin with this one.
fn range(kind: Kind, word: &str) -> Vec<Arg> {
    args![kind.as_str(), word, format!("{word}\u{10FFFF}")]
}

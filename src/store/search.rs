//! Finding things by the beginnings of their words, through one index that both databases have: "mark res" finds "Marketing
//! resources". A word table is kept instead of a substring scan, so a search in 10,000 names reads only what it finds.

use uuid::Uuid;

use crate::args;
use crate::domain::page::Direction;

use super::list::{List, Order};
use super::tx::{Arg, StoreError, Tx};

/// What is searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Users, by name, user name, department.
    User,
    /// Groups, applications, sites, by name.
    Object,
    /// Catalogs, by name.
    Catalog,
    /// Packages, by name and description.
    Package,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Object => "object",
            Self::Catalog => "catalog",
            Self::Package => "package",
        }
    }
}

/// Words asked for at the most; what is typed beyond that does not narrow further.
const WORDS_MAX: usize = 6;
/// The longest word kept, in characters.
const WORD_MAX: usize = 64;

/// The folded words of a text, each once.
pub fn words(text: &str) -> Vec<String> {
    let folded = text.to_lowercase();
    let mut words: Vec<String> = folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(|w| w.chars().take(WORD_MAX).collect())
        .collect();
    words.sort_unstable();
    words.dedup();
    words
}

/// Keeps the words of a thing; what it had before is forgotten.
pub async fn index(tx: &mut Tx, kind: Kind, owner: impl Into<Uuid>, texts: &[&str]) -> Result<(), StoreError> {
    let owner = owner.into();
    tx.exec("DELETE FROM search_words WHERE owner_id = $1", args![owner]).await?;
    for word in words(&texts.join(" ")) {
        tx.exec(
            "INSERT INTO search_words (kind, word, owner_id) VALUES ($1, $2, $3)",
            args![kind.word(), word, owner],
        )
        .await?;
    }
    Ok(())
}

/// Lists a thing under this folded name wherever its words are found, or no more.
pub async fn list_as(tx: &mut Tx, owner: impl Into<Uuid>, name: Option<&str>) -> Result<(), StoreError> {
    let name = Arg::Text(name.map(str::to_owned));
    tx.exec("UPDATE search_words SET sort = $2 WHERE owner_id = $1", args![owner.into(), name])
        .await?;
    Ok(())
}

/// Forgets a thing's words.
pub async fn forget(tx: &mut Tx, owner: impl Into<Uuid>) -> Result<(), StoreError> {
    tx.exec("DELETE FROM search_words WHERE owner_id = $1", args![owner.into()]).await?;
    Ok(())
}

/// What is listed by name and has every word asked for, straight from the index: only the rows of a page are then read. `select` are the
/// columns, `join` the table with its id compared to `k.id`. Nothing was asked for: nothing.
pub fn found(kind: Kind, search: &str, direction: Direction, select: &'static str, join: &'static str) -> Option<(List, Order)> {
    let mut ranges = ranges(kind, search);
    let mut list = List::new("w.sort, w.owner_id AS id", "search_words w").late("w.owner_id", select, join);
    list.filter("w.kind = ? AND w.word >= ? AND w.word < ? AND w.sort IS NOT NULL", ranges.next()?);
    for range in ranges {
        list.filter(
            "w.owner_id IN (SELECT owner_id FROM search_words WHERE kind = ? AND word >= ? AND word < ?)",
            range,
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
pub fn narrow(list: &mut List, condition: &'static str, kind: Kind, search: &str) {
    for range in ranges(kind, search) {
        list.filter(condition, range);
    }
}

/// For each word asked for, the kind and the range of the words that begin with it.
fn ranges(kind: Kind, search: &str) -> impl Iterator<Item = Vec<Arg>> {
    words(search).into_iter().take(WORDS_MAX).map(move |word| {
        let end = format!("{word}\u{10FFFF}");
        args![kind.word(), word, end]
    })
}

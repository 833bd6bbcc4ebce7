//! Follows the chain of sealed rows and names each row that does not stand as it was sealed. Pure: it is handed numbers, texts and hashes,
//! and must not know where they are kept.

use std::collections::VecDeque;
use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};

/// Faults told at the most; a trail that was rewritten has as many as it has rows.
pub const FAULTS_MAX: usize = 100;
/// Hex digits of a hash.
const HASH_LENGTH: usize = 64;

/// Where a chain ends: the number of its last row, and that row's hash. As text `SEQ:HASH`, to be kept elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// The number of the last row; 0 where nothing is sealed.
    pub seq: i64,
    /// Its hash, in hex; blank where nothing is sealed.
    pub hash: String,
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.seq, self.hash)
    }
}

impl FromStr for Head {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let read = || {
            let (seq, hash) = text.trim().split_once(':')?;
            let seq: i64 = seq.parse().ok().filter(|seq| *seq >= 0)?;
            let whole = hash.len() == HASH_LENGTH && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
            (whole || (seq == 0 && hash.is_empty())).then(|| Self {
                seq,
                hash: hash.to_ascii_lowercase(),
            })
        };
        read().ok_or_else(|| {
            format!(
                "{} is no head of a trail; `woodgate audit head` prints one as NUMBER:HASH",
                text.trim()
            )
        })
    }
}

/// What is wrong, and with which row by its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// These are not there, the first and the last of them.
    Missing(i64, i64),
    /// It is not what was sealed; or what stood before it was taken out, and all that follow were numbered anew.
    Changed(i64),
    /// It was put in.
    Inserted(i64),
    /// It stands in another place than it was sealed in.
    Moved(i64),
    /// The chain ends here in another hash than was noted when it was sealed.
    End(i64),
    /// The trail ends here; the head that was kept elsewhere is further on.
    Cut(i64, i64),
    /// It has another hash than the head that was kept elsewhere: it was rewritten, with all that it stands on or a part of it.
    Rewritten(i64),
}

impl Fault {
    /// The row at which it is found.
    pub fn seq(&self) -> i64 {
        match self {
            Self::Missing(seq, _)
            | Self::Changed(seq)
            | Self::Inserted(seq)
            | Self::Moved(seq)
            | Self::End(seq)
            | Self::Cut(seq, _)
            | Self::Rewritten(seq) => *seq,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(first, last) if first == last => write!(f, "row {first} is missing"),
            Self::Missing(first, last) => write!(f, "rows {first} to {last} are missing"),
            Self::Changed(seq) => write!(f, "row {seq} is not what was sealed, or what stood before it was taken out"),
            Self::Inserted(seq) => write!(f, "row {seq} was put in"),
            Self::Moved(seq) => write!(f, "row {seq} stands in another place than it was sealed in"),
            Self::End(seq) => write!(f, "the chain ends at row {seq} in another hash than was noted when it was sealed"),
            Self::Cut(seq, kept) => write!(
                f,
                "the trail ends at row {seq}, the head that was kept is row {kept}: the end was cut off"
            ),
            Self::Rewritten(seq) => write!(f, "row {seq} has another hash than the head that was kept: the trail was rewritten"),
        }
    }
}

/// A sealed row.
#[derive(Clone, Debug)]
pub struct Link {
    /// Its number.
    pub seq: i64,
    /// All that is hashed of it.
    pub text: String,
    /// The hash that was noted with it.
    pub hash: String,
}

/// The hash of a row that follows on `before`.
pub fn chained(before: &str, text: &str) -> String {
    let mut digest = Sha256::new();
    digest.update(before.as_bytes());
    digest.update(text.as_bytes());
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Goes along a chain, some rows at a time. What stands in another place is looked for among the rows that are handed in together.
#[derive(Debug, Default)]
pub struct Walk {
    seq: i64,
    rows: i64,
    before: String,
    kept: Option<Head>,
    aside: Vec<Link>,
    faults: Vec<Fault>,
}

impl Walk {
    /// From the beginning; `kept` is a head that was kept elsewhere.
    pub fn new(kept: Option<Head>) -> Self {
        Self { kept, ..Self::default() }
    }

    /// The number of the last row.
    pub fn seq(&self) -> i64 {
        self.seq
    }

    /// Rows seen.
    pub fn rows(&self) -> i64 {
        self.rows
    }

    /// The rows that follow, in the order of their numbers.
    pub fn follow(&mut self, links: Vec<Link>) {
        self.rows += links.len() as i64;
        let mut rest: VecDeque<(Link, bool)> = VecDeque::with_capacity(links.len());
        for link in links {
            let behind_gap = link.seq != self.seq + 1;
            if behind_gap {
                self.found(Fault::Missing(self.seq + 1, link.seq - 1));
            }
            self.seq = link.seq;
            if let Some(kept) = self.kept.as_ref().filter(|kept| kept.seq == link.seq && kept.hash != link.hash) {
                self.found(Fault::Rewritten(kept.seq));
            }
            rest.push_back((link, behind_gap));
        }
        while let Some((link, behind_gap)) = rest.pop_front() {
            self.step(link, behind_gap, &mut rest);
        }
    }

    /// One row. What a row behind a gap followed on is not there to compare with.
    fn step(&mut self, link: Link, behind_gap: bool, rest: &mut VecDeque<(Link, bool)>) {
        let fits = |before: &str, link: &Link| chained(before, &link.text) == link.hash;
        while let Some(at) = self.aside.iter().position(|link| fits(&self.before, link)) {
            self.before = self.aside.swap_remove(at).hash;
        }
        if behind_gap || fits(&self.before, &link) {
            self.before = link.hash;
            return;
        }
        let follows = match self.faults.len() {
            0..FAULTS_MAX => rest.iter().position(|(other, _)| fits(&self.before, other)),
            _ => None,
        };
        let Some(at) = follows else {
            self.found(Fault::Changed(link.seq));
            self.before = link.hash;
            return;
        };
        // It is of the chain if it follows on another row; else it never was.
        if !rest.iter().any(|(other, _)| fits(&other.hash, &link)) {
            self.found(Fault::Inserted(link.seq));
        } else if at == 0 {
            self.found(Fault::Moved(link.seq));
            self.aside.push(link);
        } else if let Some((moved, _)) = rest.remove(at) {
            self.found(Fault::Moved(moved.seq));
            self.before = moved.hash;
            rest.push_front((link, false));
        }
    }

    fn found(&mut self, fault: Fault) {
        if self.faults.len() < FAULTS_MAX {
            self.faults.push(fault);
        }
    }

    /// The end of the trail, which is to be at `head`; gives all that was found.
    pub fn finish(mut self, head: &Head) -> Vec<Fault> {
        if self.seq < head.seq {
            self.found(Fault::Missing(self.seq + 1, head.seq));
        } else if self.before != head.hash && self.faults.is_empty() {
            self.found(Fault::End(self.seq));
        }
        if let Some(kept) = self.kept.take().filter(|kept| kept.seq > self.seq) {
            self.found(Fault::Cut(self.seq, kept.seq));
        }
        self.faults
    }
}

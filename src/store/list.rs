//! Lists by keyset: puts a statement together from constant pieces, reads one row more than a page holds, and says how to go on.
//! A key is the row's id followed by the value of the sort column, so every list has one column to sort by and the id to break ties.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::access::Visible;
use crate::domain::page::{Direction, Page, PageQuery};

use super::dialect::trusted_sql;
use super::row::WithColumn;
use super::rule_filter::RuleFilter;
use super::tx::{Arg, Row, StoreError, Tx};

/// Longer lists are not counted.
const TOTAL_MAX: i64 = 10_000;

/// The value of the sort column at a row.
#[derive(Clone, Debug)]
pub enum Key {
    /// Folded text.
    Text(String),
    /// An instant.
    Time(DateTime<Utc>),
}

/// What a list is sorted by; both columns must be in one index for the page to be cheap.
#[derive(Clone, Copy, Debug)]
pub struct Order {
    /// The sort column, such as `u.name_folded`.
    pub column: &'static str,
    /// The id column, such as `u.id`.
    pub id: &'static str,
    /// Whether the column holds an instant.
    pub time: bool,
    /// Up or down.
    pub direction: Direction,
}

/// A list under construction: constant pieces of SQL and the values they stand for.
#[derive(Clone)]
pub struct List {
    select: &'static str,
    from: &'static str,
    conditions: Vec<String>,
    args: Vec<Arg>,
    once: Option<&'static str>,
    late: Option<Late>,
    beside: Option<&'static str>,
}

/// What is read only of the rows of a page, once they are known.
#[derive(Clone, Copy)]
struct Late {
    select: &'static str,
    join: &'static str,
}

impl List {
    /// `select` are the columns, `from` the tables and joins.
    pub fn new(select: &'static str, from: &'static str) -> Self {
        Self {
            select,
            from,
            conditions: Vec::new(),
            args: Vec::new(),
            once: None,
            late: None,
            beside: None,
        }
    }

    /// Of the rows of a page only these columns of `join`, a table with its id compared to `k.id`. The list itself selects `sort` and `id`.
    pub fn late(mut self, select: &'static str, join: &'static str) -> Self {
        self.late = Some(Late { select, join });
        self
    }

    /// Each row once, told apart by these columns, the only ones that are selected.
    pub fn once(mut self, columns: &'static str) -> Self {
        self.once = Some(columns);
        self
    }

    /// With the values of `$1`, `$2` and so on that stand in `select` or `from`; comes before every condition.
    pub fn with(mut self, values: Vec<Arg>) -> Self {
        self.args = values;
        self
    }

    /// Adds a condition whose `?` stand for the values, in order. Only constants reach its text.
    pub fn filter(&mut self, condition: &'static str, values: Vec<Arg>) {
        self.filter_built(condition, values);
    }

    /// Adds the condition that a membership rule may hold.
    pub fn rule(&mut self, rule: RuleFilter) {
        self.filter_built(&rule.text, rule.values);
    }

    /// The same with a condition that was put together from constants, as when its number of `?` is not known before.
    pub(super) fn filter_built(&mut self, condition: &str, values: Vec<Arg>) {
        let mut text = String::with_capacity(condition.len() + 8);
        let mut values = values.into_iter();
        for piece in condition.split_inclusive('?') {
            match piece.strip_suffix('?') {
                Some(head) => {
                    self.args.extend(values.next());
                    text.push_str(head);
                    text.push_str(&format!("${}", self.args.len()));
                }
                None => text.push_str(piece),
            }
        }
        self.conditions.push(text);
    }

    /// The same list with one more column, called `beside`.
    pub(super) fn beside(mut self, column: &'static str) -> Self {
        self.beside = Some(column);
        self
    }

    /// Adds a condition that the column be one of the values; an empty list lets everything pass.
    pub fn in_list(&mut self, column: &'static str, values: Vec<Arg>) {
        if values.is_empty() {
            return;
        }
        let start = self.args.len() + 1;
        let placeholders: Vec<String> = (start..start + values.len()).map(|n| format!("${n}")).collect();
        self.args.extend(values);
        self.conditions.push(format!("{column} IN ({})", placeholders.join(", ")));
    }

    /// Only rows of these catalogs. Who sees none finds nothing.
    pub fn visible(&mut self, column: &'static str, visible: &Visible) {
        match visible {
            Visible::All => {}
            Visible::Catalogs(ids) if ids.is_empty() => self.conditions.push("1 = 0".to_owned()),
            Visible::Catalogs(ids) => self.in_list(column, ids.iter().copied().map(Arg::from).collect()),
        }
    }

    fn clause(&self) -> String {
        if self.conditions.is_empty() {
            String::new()
        } else {
            format!(" WHERE {}", self.conditions.join(" AND "))
        }
    }

    /// Every row, with `tail` (GROUP BY, ORDER BY, LIMIT) behind the conditions: for what its values or its nature keep short.
    pub async fn all<T: Row>(self, tx: &mut Tx, tail: &'static str) -> Result<Vec<T>, StoreError> {
        let (sql, args) = self.written(tail);
        tx.all(trusted_sql(sql), args).await
    }

    /// The statement that `all` asks, and its values.
    pub(super) fn written(self, tail: &'static str) -> (String, Vec<Arg>) {
        let beside = self.beside.map(|column| format!(", {column} AS beside")).unwrap_or_default();
        let sql = format!("SELECT {}{beside} FROM {}{} {tail}", self.select, self.from, self.clause());
        (sql, self.args)
    }

    fn counting(&self, most: i64) -> String {
        let each = self.once.map_or("1 AS one".to_owned(), |columns| format!("DISTINCT {columns}"));
        format!(
            "SELECT count(*) FROM (SELECT {each} FROM {}{} LIMIT {most}) AS counted",
            self.from,
            self.clause()
        )
    }

    /// How many rows there are, counting no further than `most`.
    pub async fn count(&self, tx: &mut Tx, most: i64) -> Result<i64, StoreError> {
        tx.value(trusted_sql(self.counting(most)), self.args.clone()).await
    }

    /// One page with the number of rows in all, while that is cheap to know. The number rides in the page's own statement; a list that is
    /// empty has nothing to carry it.
    pub async fn counted_page<T: Row>(
        self,
        tx: &mut Tx,
        order: Order,
        query: &PageQuery,
        key: impl Fn(&T) -> (Uuid, Key),
    ) -> Result<Page<T>, StoreError> {
        let whole = self.clone();
        let count = self.counting(TOTAL_MAX + 1);
        let page = self
            .read(tx, Some(count), order, query, |found: &WithColumn<T, i64>| key(&found.row))
            .await?;
        let total = match page.items.first() {
            Some(first) => first.beside,
            None => whole.count(tx, TOTAL_MAX + 1).await?,
        };
        Ok(Page {
            total: (total <= TOTAL_MAX).then_some(total),
            ..page.map(|found| found.row)
        })
    }

    /// One page; `key` tells a row's id and the value of the sort column.
    pub async fn page<T: Row>(
        self,
        tx: &mut Tx,
        order: Order,
        query: &PageQuery,
        key: impl Fn(&T) -> (Uuid, Key),
    ) -> Result<Page<T>, StoreError> {
        self.read(tx, None, order, query, key).await
    }

    async fn read<T: Row>(
        mut self,
        tx: &mut Tx,
        count: Option<String>,
        order: Order,
        query: &PageQuery,
        key: impl Fn(&T) -> (Uuid, Key),
    ) -> Result<Page<T>, StoreError> {
        let mut backwards = query.before.is_some() && query.after.is_none();
        let edge = query
            .after
            .as_deref()
            .or(query.before.as_deref())
            .and_then(|text| read_key(text, order));
        let direction = if backwards { order.direction.turned() } else { order.direction };
        let size = query.size();
        let mut from_edge = edge.is_some();
        let begin = from_edge.then(|| self.clone());
        if let Some((id, value)) = edge {
            self.behind(order, direction, id, value);
        }
        let sql = self.statement(count.clone(), order, direction, size + 1);
        let mut items: Vec<T> = tx.all(trusted_sql(sql), self.args).await?;
        if let Some(begin) = begin.filter(|_| items.is_empty()) {
            // What stood there has gone meanwhile: the list from its beginning, rather than a page without a way on.
            (from_edge, backwards) = (false, false);
            let sql = begin.statement(count, order, order.direction, size + 1);
            items = tx.all(trusted_sql(sql), begin.args).await?;
        }
        let more = items.len() as i64 > size;
        items.truncate(usize::try_from(size).unwrap_or(usize::MAX));
        if backwards {
            items.reverse();
        }
        let (has_previous, has_next) = if backwards { (more, from_edge) } else { (from_edge, more) };
        let previous = items.first().filter(|_| has_previous).map(|item| write_key(order, key(item)));
        let next = items.last().filter(|_| has_next).map(|item| write_key(order, key(item)));
        Ok(Page {
            items,
            previous,
            next,
            total: None,
            restarted: !from_edge && (query.after.is_some() || query.before.is_some()),
        })
    }

    fn statement(&self, count: Option<String>, order: Order, direction: Direction, most: i64) -> String {
        let word = if direction == Direction::Up { "ASC" } else { "DESC" };
        let (beside, carried) = match count {
            Some(count) => (format!(", ({count}) AS beside"), ", k.beside"),
            None => (String::new(), ""),
        };
        let Order { column, id, .. } = order;
        let once = self.once.map(|columns| format!(" GROUP BY {columns}")).unwrap_or_default();
        let rows = format!(
            "SELECT {}{beside} FROM {}{}{once} ORDER BY {column} {word}, {id} {word} LIMIT {most}",
            self.select,
            self.from,
            self.clause(),
        );
        match self.late {
            None => rows,
            Some(Late { select, join }) => {
                format!("SELECT {select}{carried} FROM ({rows}) k JOIN {join} ORDER BY k.sort {word}, k.id {word}")
            }
        }
    }

    /// Only rows that come behind this one.
    fn behind(&mut self, order: Order, direction: Direction, id: Uuid, value: Key) {
        let sign = if direction == Direction::Up { ">" } else { "<" };
        self.args.push(match value {
            Key::Text(text) => text.into(),
            Key::Time(at) => at.into(),
        });
        self.args.push(id.into());
        let n = self.args.len();
        self.conditions
            .push(format!("({}, {}) {sign} (${}, ${n})", order.column, order.id, n - 1));
    }
}

fn write_key(order: Order, (id, value): (Uuid, Key)) -> String {
    let mark = mark(order);
    match value {
        Key::Text(text) => format!("{mark}{id}{text}"),
        Key::Time(at) => format!("{mark}{id}{}", at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true)),
    }
}

/// Four letters that tell a list's keys from those of lists that are sorted by something else.
fn mark(order: Order) -> String {
    let bytes = order.column.bytes().chain(order.id.bytes());
    let hash = bytes.fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    format!("{:04x}", hash >> 16)
}

/// A key that cannot be read, or that another list has given out, is a page from the beginning, as for a link that was cut off.
fn read_key(text: &str, order: Order) -> Option<(Uuid, Key)> {
    let text = text.strip_prefix(&mark(order))?;
    let id = Uuid::parse_str(text.get(..36)?).ok()?;
    let rest = text.get(36..)?;
    if rest.contains('\0') {
        return None;
    }
    let value = if order.time {
        let at = DateTime::parse_from_rfc3339(rest).ok()?.with_timezone(&Utc);
        // A leap second, which one of the databases would not read.
        Key::Time(Some(at).filter(|at| at.timestamp_subsec_nanos() < 1_000_000_000)?)
    } else {
        Key::Text(rest.to_owned())
    };
    Some((id, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_numbered_across_conditions() {
        let mut list = List::new("u.id", "users u");
        list.filter("u.kind = ?", vec!["member".into()]);
        list.in_list("u.role", vec!["user".into(), "guest".into()]);
        list.filter("u.a = ? AND u.b = ?", vec![1.into(), 2.into()]);
        assert_eq!(list.clause(), " WHERE u.kind = $1 AND u.role IN ($2, $3) AND u.a = $4 AND u.b = $5");
    }

    #[test]
    fn who_sees_no_catalog_finds_nothing() {
        let clause = |visible: &Visible| {
            let mut list = List::new("p.id", "packages p");
            list.visible("p.catalog_id", visible);
            list.clause()
        };
        assert_eq!(clause(&Visible::All), "");
        assert_eq!(clause(&Visible::Catalogs(Vec::new())), " WHERE 1 = 0");
        assert_eq!(
            clause(&Visible::Catalogs(vec![Uuid::from_u128(7).into()])),
            " WHERE p.catalog_id IN ($1)"
        );
    }

    #[test]
    fn keys_are_read_back_and_garbage_is_no_key() {
        let id = Uuid::from_u128(7);
        let at: DateTime<Utc> = "2026-11-23T10:00:00.123456Z".parse().expect("instant");
        let order = |column, time| Order {
            column,
            id: "u.id",
            time,
            direction: Direction::Up,
        };
        let (names, times) = (order("u.name_folded", false), order("q.submitted_at", true));
        let written = write_key(times, (id, Key::Time(at)));
        assert!(matches!(read_key(&written, times), Some((i, Key::Time(t))) if i == id && t == at));
        let leap = written.replace("10:00:00.123456", "23:59:60.000000");
        assert!(read_key(&leap, times).is_none());
        let written = write_key(names, (id, Key::Text("é x".into())));
        assert!(matches!(read_key(&written, names), Some((_, Key::Text(t))) if t == "é x"));
        // A14: the key of another list.
        assert!(read_key(&written, order("u.department_folded", false)).is_none());
        assert!(read_key("nonsense", names).is_none());
        assert!(read_key("ééééééééééééééééééééééééé", names).is_none());
    }
}

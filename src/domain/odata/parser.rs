//! Reads a `$filter` by recursive descent, with a bound on its depth and on its size: what is asked comes from outside.

use super::lexer::{Placed, Token, tokens};
use super::{Compare, Filter, Literal, OPTION_MAX, QueryFault, TextMatch};

const FILTER: &str = "$filter";
/// Conditions within conditions, at the most.
const DEPTH_MAX: usize = 24;
/// Comparisons in one filter, at the most.
const CONDITIONS_MAX: usize = 60;
/// Values of all `in` of one filter, at the most.
const VALUES_MAX: usize = 200;

/// The condition that a `$filter` states.
pub fn parse_filter(text: &str) -> Result<Filter, QueryFault> {
    if text.len() > OPTION_MAX {
        return Err(QueryFault::new(FILTER, format!("A filter has at most {OPTION_MAX} characters.")));
    }
    let mut parser = Parser {
        tokens: tokens(FILTER, text)?,
        next: 0,
        conditions: 0,
        values: 0,
        end: text.chars().count() + 1,
    };
    let filter = parser.either(0)?;
    match parser.peek() {
        None => Ok(filter),
        Some(_) => Err(parser.fault("Expected and, or, or the end of the filter.")),
    }
}

struct Parser {
    tokens: Vec<Placed>,
    next: usize,
    conditions: usize,
    values: usize,
    /// Where the text ends, for faults there.
    end: usize,
}

/// What stands before a comparison: a property, in lower case or not.
type Path = String;

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next).map(|placed| &placed.token)
    }

    fn fault(&self, message: impl Into<String>) -> QueryFault {
        let at = self.tokens.get(self.next).map_or(self.end, |placed| placed.at);
        QueryFault::at(FILTER, at, message)
    }

    fn take(&mut self) -> Option<Token> {
        let token = self.peek().cloned();
        self.next += 1;
        token
    }

    fn sign(&mut self, sign: char) -> bool {
        let found = self.peek() == Some(&Token::Sign(sign));
        self.next += usize::from(found);
        found
    }

    fn expect(&mut self, sign: char) -> Result<(), QueryFault> {
        if self.sign(sign) {
            return Ok(());
        }
        Err(self.fault(format!("Expected {sign} here.")))
    }

    fn keyword(&mut self, word: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Word(next)) if next.eq_ignore_ascii_case(word));
        self.next += usize::from(found);
        found
    }

    fn either(&mut self, depth: usize) -> Result<Filter, QueryFault> {
        let mut left = self.both(depth)?;
        while self.keyword("or") {
            left = Filter::Or(Box::new(left), Box::new(self.both(depth)?));
        }
        Ok(left)
    }

    fn both(&mut self, depth: usize) -> Result<Filter, QueryFault> {
        let mut left = self.single(depth)?;
        while self.keyword("and") {
            left = Filter::And(Box::new(left), Box::new(self.single(depth)?));
        }
        Ok(left)
    }

    fn single(&mut self, depth: usize) -> Result<Filter, QueryFault> {
        if depth >= DEPTH_MAX {
            return Err(self.fault(format!("Conditions stand within each other {DEPTH_MAX} deep at the most.")));
        }
        if self.negation() {
            return Ok(Filter::Not(Box::new(self.single(depth + 1)?)));
        }
        if self.sign('(') {
            let inner = self.either(depth + 1)?;
            self.expect(')')?;
            return Ok(inner);
        }
        self.conditions += 1;
        if self.conditions > CONDITIONS_MAX {
            return Err(self.fault(format!("A filter has at most {CONDITIONS_MAX} comparisons.")));
        }
        self.condition()
    }

    /// `not` in front of a condition; a property of that name is followed by a comparison.
    fn negation(&mut self) -> bool {
        let compared = matches!(self.tokens.get(self.next + 1).map(|placed| &placed.token),
            Some(Token::Word(word)) if Compare::of(word).is_some());
        !compared && self.keyword("not")
    }

    fn condition(&mut self) -> Result<Filter, QueryFault> {
        if let Some(part) = self.text_function() {
            return self.matches(part);
        }
        let (path, any) = self.property()?;
        if let Some(value) = any {
            return Ok(Filter::AnyEqual { path, value });
        }
        if self.keyword("in") {
            return Ok(Filter::In {
                path,
                values: self.values()?,
            });
        }
        let compare = match self.peek() {
            Some(Token::Word(word)) => Compare::of(word),
            _ => None,
        };
        match compare {
            Some(compare) => {
                self.next += 1;
                let value = self.literal()?;
                Ok(Filter::Compare { path, compare, value })
            }
            // A flag by itself.
            None => match self.peek() {
                None | Some(Token::Sign(')')) => Ok(yes(path)),
                Some(Token::Word(word)) if word.eq_ignore_ascii_case("and") || word.eq_ignore_ascii_case("or") => Ok(yes(path)),
                Some(_) => Err(self.fault("Expected eq, ne, gt, ge, lt, le or in here.")),
            },
        }
    }

    /// A function over text, if one is called here.
    fn text_function(&mut self) -> Option<TextMatch> {
        let Some(Token::Word(word)) = self.peek() else { return None };
        let known = [
            ("contains", TextMatch::Contains),
            ("startswith", TextMatch::StartsWith),
            ("endswith", TextMatch::EndsWith),
        ];
        let (_, part) = known.into_iter().find(|(name, _)| word.eq_ignore_ascii_case(name))?;
        let called = self.tokens.get(self.next + 1).map(|placed| &placed.token) == Some(&Token::Sign('('));
        called.then(|| {
            self.next += 2;
            part
        })
    }

    /// The rest of `contains(path,'text')`, with `eq true` or `eq false` behind it as older clients write.
    fn matches(&mut self, part: TextMatch) -> Result<Filter, QueryFault> {
        let (path, _) = self.property()?;
        self.expect(',')?;
        let value = match self.literal()? {
            Literal::Text(text) => text,
            _ => return Err(self.fault("Expected a text in single quotes here.")),
        };
        self.expect(')')?;
        let found = Filter::Matches { path, part, value };
        if !self.keyword("eq") {
            return Ok(found);
        }
        match self.literal()? {
            Literal::Bool(true) => Ok(found),
            Literal::Bool(false) => Ok(Filter::Not(Box::new(found))),
            _ => Err(self.fault("Expected true or false here.")),
        }
    }

    /// A property by its path, in `tolower(...)` or not, and what one of a collection's values is to be.
    fn property(&mut self) -> Result<(Path, Option<Literal>), QueryFault> {
        let lowered = matches!(self.peek(), Some(Token::Word(word)) if word.eq_ignore_ascii_case("tolower") || word.eq_ignore_ascii_case("toupper"))
            && self.tokens.get(self.next + 1).map(|placed| &placed.token) == Some(&Token::Sign('('));
        if lowered {
            self.next += 2;
            let path = self.path()?;
            self.expect(')')?;
            return Ok((path, None));
        }
        let path = self.path()?;
        match path.rsplit_once('/') {
            Some((collection, last)) if last.eq_ignore_ascii_case("any") && self.sign('(') => {
                let value = self.any()?;
                Ok((collection.to_owned(), Some(value)))
            }
            _ => Ok((path, None)),
        }
    }

    fn path(&mut self) -> Result<Path, QueryFault> {
        let mut path = String::new();
        loop {
            match self.peek() {
                Some(Token::Word(word)) if word.starts_with(|c: char| c.is_alphabetic() || c == '_') => path.push_str(word),
                _ => return Err(self.fault("Expected the name of a property here.")),
            }
            self.next += 1;
            if !self.sign('/') {
                return Ok(path);
            }
            path.push('/');
        }
    }

    /// The rest of `any(c:c eq 'value')`.
    fn any(&mut self) -> Result<Literal, QueryFault> {
        let Some(Token::Word(name)) = self.take() else {
            self.next -= 1;
            return Err(self.fault("Expected a name, as in any(c:c eq 'value')."));
        };
        self.expect(':')?;
        let same = self.keyword(&name) && self.keyword("eq");
        if !same {
            return Err(self.fault("Expected the same name and eq, as in any(c:c eq 'value')."));
        }
        let value = self.literal()?;
        self.expect(')')?;
        Ok(value)
    }

    fn values(&mut self) -> Result<Vec<Literal>, QueryFault> {
        self.expect('(')?;
        let mut values = vec![self.literal()?];
        while self.sign(',') {
            self.values += 1;
            if self.values >= VALUES_MAX {
                return Err(self.fault(format!("The lists of a filter have at most {VALUES_MAX} values.")));
            }
            values.push(self.literal()?);
        }
        self.expect(')')?;
        Ok(values)
    }

    fn literal(&mut self) -> Result<Literal, QueryFault> {
        let lowered = matches!(self.peek(), Some(Token::Word(word)) if word.eq_ignore_ascii_case("tolower"))
            && self.tokens.get(self.next + 1).map(|placed| &placed.token) == Some(&Token::Sign('('));
        if lowered {
            self.next += 2;
            let value = self.value()?;
            self.expect(')')?;
            return Ok(value);
        }
        self.value()
    }

    fn value(&mut self) -> Result<Literal, QueryFault> {
        let value = match self.peek() {
            Some(Token::Text(text)) => Literal::Text(text.clone()),
            Some(Token::Word(word)) => match word.to_ascii_lowercase().as_str() {
                "true" => Literal::Bool(true),
                "false" => Literal::Bool(false),
                "null" => Literal::Null,
                _ => Literal::Bare(word.clone()),
            },
            _ => return Err(self.fault("Expected a value here: a text in single quotes, a number, a time, true, false or null.")),
        };
        self.next += 1;
        Ok(value)
    }
}

fn yes(path: Path) -> Filter {
    Filter::Compare {
        path,
        compare: Compare::Equal,
        value: Literal::Bool(true),
    }
}

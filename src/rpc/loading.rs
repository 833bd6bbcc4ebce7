//! Data on its way to a page. The answer is carried through the reactive system as one type, whatever is in it, and becomes what it is
//! where a page reads it: so the machinery of loading, waiting and hydrating is there once in a bundle, not once a page.

use std::any::Any;
use std::convert::Infallible;
use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use leptos::prelude::codee::string::FromToStringCodec;
use leptos::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::call::read;
use super::error::AppError;

const VALUE: &str = "+";
const ERROR: &str = "-";

/// What a server function gave: its value where it was called, its text in the page that a browser takes over.
#[derive(Clone)]
pub enum Answer {
    /// The value, and how to write it into the page.
    Value(Arc<dyn Any + Send + Sync>, fn(&(dyn Any + Send + Sync)) -> String),
    /// As the server wrote it into the page.
    Text(Result<Arc<str>, AppError>),
}

impl Answer {
    fn new<T: Loadable>(value: Result<T, AppError>) -> Self {
        Self::Value(Arc::new(value), written::<T>)
    }

    /// What was asked for.
    pub fn read<T: Loadable>(&self) -> Result<T, AppError> {
        match self {
            Self::Value(value, _) => match value.downcast_ref::<Result<T, AppError>>() {
                Some(value) => value.clone(),
                None => Err(AppError::not_understood()),
            },
            Self::Text(text) => read(&text.clone()?),
        }
    }
}

/// A value or an error, told apart by a mark before it. Only the server writes.
#[cfg(feature = "ssr")]
fn written<T: Loadable>(value: &(dyn Any + Send + Sync)) -> String {
    let (mark, json) = match value.downcast_ref::<Result<T, AppError>>() {
        Some(Ok(value)) => (VALUE, serde_json::to_string(value)),
        Some(Err(error)) => (ERROR, serde_json::to_string(error)),
        None => return String::new(),
    };
    json.map(|json| [mark, &json].concat()).unwrap_or_default()
}

#[cfg(not(feature = "ssr"))]
fn written<T>(_: &(dyn Any + Send + Sync)) -> String {
    String::new()
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(value, write) => f.write_str(&write(value.as_ref())),
            // Nothing that came from a page is written into one again.
            Self::Text(_) => Ok(()),
        }
    }
}

impl FromStr for Answer {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        let error = || text.strip_prefix(ERROR).and_then(|json| read(json).ok());
        Ok(Self::Text(match text.strip_prefix(VALUE) {
            Some(json) => Ok(json.into()),
            None => Err(error().unwrap_or_else(AppError::not_understood)),
        }))
    }
}

/// The answer of a server function as a page follows it.
pub type Answers = Resource<Answer, FromToStringCodec>;

type Arrival = Pin<Box<dyn Future<Output = Answer> + Send>>;

/// What can be loaded.
pub trait Loadable: Clone + Serialize + DeserializeOwned + Send + Sync + 'static {}

impl<T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static> Loadable for T {}

/// A `T` that is fetched, and fetched again when what it depends on changes.
pub struct Loading<T> {
    answers: Answers,
    of: PhantomData<fn() -> T>,
}

impl<T> Clone for Loading<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Loading<T> {}

impl<T: Loadable> Loading<T> {
    /// Calls with what `query` holds, and again when it holds something else.
    pub fn new<Q, F>(query: Memo<Q>, call: impl Fn(Q) -> F + Send + Sync + 'static) -> Self
    where
        Q: Clone + PartialEq + Send + Sync + 'static,
        F: Future<Output = Result<T, AppError>> + Send + 'static,
    {
        let fetch = move || -> Arrival {
            let call = call(query.get_untracked());
            Box::pin(async move { Answer::new(call.await) })
        };
        Self {
            answers: follow(Box::new(move || query.track()), Box::new(fetch)),
            of: PhantomData,
        }
    }

    /// The same for what an address names; where it names nothing, nothing is found.
    pub fn named<Q, F>(query: Memo<Option<Q>>, call: impl Fn(Q) -> F + Send + Sync + 'static) -> Self
    where
        Q: Clone + PartialEq + Send + Sync + 'static,
        F: Future<Output = Result<T, AppError>> + Send + 'static,
    {
        let call = move |query: Option<Q>| {
            let call = query.map(&call);
            async move {
                match call {
                    Some(call) => call.await,
                    None => Err(AppError::NotFound),
                }
            }
        };
        Self::new(query, call)
    }

    /// Calls once.
    pub fn once<F>(call: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<T, AppError>> + Send + 'static,
    {
        Self::new(Memo::new(|_| ()), move |()| call())
    }

    /// What has arrived, if anything has.
    pub fn get(self) -> Option<Result<T, AppError>> {
        self.answers.get().map(|answer| answer.read())
    }

    /// Calls again.
    pub fn refetch(self) {
        self.answers.refetch();
    }

    /// The answer, not yet read.
    pub fn answers(self) -> Answers {
        self.answers
    }
}

fn follow(track: Box<dyn Fn() + Send + Sync>, fetch: Box<dyn Fn() -> Arrival + Send + Sync>) -> Answers {
    let changes = AtomicU64::new(0);
    let source = move || {
        track();
        changes.fetch_add(1, Ordering::Relaxed)
    };
    Resource::new_str(source, move |_| fetch())
}

//! Data on its way to a page. The answer is carried through the reactive system as one type, whatever is in it, and becomes what it is
//! where a page reads it: so the machinery of loading, waiting and hydrating is there once in a bundle, not once a page.

use std::any::Any;
use std::convert::Infallible;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use leptos::prelude::codee::{Decoder, Encoder};
use leptos::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::AppError;
use super::packed::{pack, unpack};

/// What a server function gave: its value where it was called, its bytes in the page that a browser takes over.
#[derive(Clone)]
pub enum Answer {
    /// The value, and how to write it into the page.
    Value(Arc<dyn Any + Send + Sync>, fn(&(dyn Any + Send + Sync)) -> Vec<u8>),
    /// As the server wrote it into the page.
    Packed(Arc<[u8]>),
}

impl Answer {
    /// What came of a call.
    pub fn new<T: Loadable>(result: Result<T, AppError>) -> Self {
        Self::Value(Arc::new(result), written::<T>)
    }

    /// What was asked for.
    pub fn read<T: Loadable>(&self) -> Result<T, AppError> {
        match self {
            Self::Value(result, _) => match result.downcast_ref::<Result<T, AppError>>() {
                Some(result) => result.clone(),
                None => Err(AppError::not_understood()),
            },
            Self::Packed(bytes) => unpack(bytes),
        }
    }
}

/// Only the server writes; the browser need not carry what writes.
fn written<T: Loadable>(result: &(dyn Any + Send + Sync)) -> Vec<u8> {
    let result = if cfg!(feature = "ssr") { result.downcast_ref() } else { None };
    result.map(pack::<T>).unwrap_or_default()
}

/// How answers stand in a page.
pub struct Packing;

impl Encoder<Answer> for Packing {
    type Error = Infallible;
    type Encoded = Vec<u8>;

    fn encode(answer: &Answer) -> Result<Vec<u8>, Infallible> {
        Ok(match answer {
            Answer::Value(result, write) => write(result.as_ref()),
            Answer::Packed(bytes) => bytes.to_vec(),
        })
    }
}

impl Decoder<Answer> for Packing {
    type Error = Infallible;
    type Encoded = [u8];

    fn decode(bytes: &[u8]) -> Result<Answer, Infallible> {
        Ok(Answer::Packed(bytes.into()))
    }
}

/// The answer of a server function as a page follows it.
pub type Answers = Resource<Answer, Packing>;

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
            // Read, not only tracked: a memo that nobody has read yet would count as changed once the fetch reads it.
            answers: follow(Box::new(move || query.with(|_| ())), Box::new(fetch)),
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
    Resource::new_with_options(source, move |_| fetch(), false)
}

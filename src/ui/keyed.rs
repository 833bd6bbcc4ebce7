//! Lists whose rows come and go one by one: a row that stays keeps its focus and what was typed into it.

use std::sync::Arc;

use leptos::prelude::*;

/// A row for each of `items`, told apart by `key`. Of one type whatever the rows are: what compares and moves them is large.
pub fn keyed<T>(
    items: impl Fn() -> Vec<T> + Send + Sync + 'static,
    key: impl Fn(&T) -> String + Send + Sync + 'static,
    row: impl Fn(T) -> AnyView + Clone + Send + Sync + 'static,
) -> AnyView
where
    T: Clone + Send + Sync + 'static,
{
    let one = move |item: T| {
        let (key, row) = (key(&item), row.clone());
        let view: Arc<dyn Fn() -> AnyView + Send + Sync> = Arc::new(move || row(item.clone()));
        Row { key, view }
    };
    rows(Box::new(move || items().into_iter().map(&one).collect()))
}

#[derive(Clone)]
struct Row {
    key: String,
    view: Arc<dyn Fn() -> AnyView + Send + Sync>,
}

fn rows(each: Box<dyn Fn() -> Vec<Row> + Send + Sync>) -> AnyView {
    view! { <For each=each key=|row| row.key.clone() children=|row| (row.view)()/> }.into_any()
}

//! What comes and goes: rows, and parts of a page. Each is of one type whatever it shows, since what compares, moves and hydrates it is
//! large, and there would be one of it in the bundle for every type of view.

use std::sync::Arc;

use leptos::prelude::*;

/// A row for each of `items`, told apart by `key`: a row that stays keeps its focus and what was typed into it.
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

/// Views side by side.
pub trait CollectAny: Iterator {
    /// All of them, as one view.
    fn collect_any(self) -> Vec<AnyView>;
}

impl<V: IntoView, I: Iterator<Item = V>> CollectAny for I {
    fn collect_any(self) -> Vec<AnyView> {
        self.map(IntoAny::into_any).collect()
    }
}

/// A part that is there while `when` holds.
pub fn shown(when: impl Fn() -> bool + Send + Sync + 'static, view: impl Fn() -> AnyView + Send + Sync + 'static) -> AnyView {
    either(when, view, || ().into_any())
}

/// One part while `when` holds, and another while it does not.
pub fn either(
    when: impl Fn() -> bool + Send + Sync + 'static,
    view: impl Fn() -> AnyView + Send + Sync + 'static,
    other: impl Fn() -> AnyView + Send + Sync + 'static,
) -> AnyView {
    let views: [Box<dyn Fn() -> AnyView + Send + Sync>; 2] = [Box::new(other), Box::new(view)];
    one_of(Memo::new(move |_| when()), views)
}

fn one_of(when: Memo<bool>, views: [Box<dyn Fn() -> AnyView + Send + Sync>; 2]) -> AnyView {
    (move || views[usize::from(when.get())]()).into_any()
}

//! Requests that move on screen by themselves: the server tells over an event stream when one has moved, and the page asks again for
//! what it shows. The stream carries no data, so nothing here can show what the reader may not see.

use leptos::prelude::*;

use crate::domain::id::RequestId;

/// Runs `moved` whenever one of these requests may have moved, until the page goes. Tells whether the connection is lost.
#[cfg(feature = "hydrate")]
pub fn follow(ids: Memo<Vec<RequestId>>, moved: Callback<()>) -> Signal<bool> {
    let lost = RwSignal::new(false);
    let again = ArcTrigger::new();
    Effect::new(move |before: Option<Vec<stream::Stream>>| {
        again.track();
        let ids = ids.get();
        // The streams that are dropped here close.
        let mut streams: Vec<stream::Stream> = before.unwrap_or_default();
        streams.retain(|stream| ids.contains(&stream.id) && !stream.is_over());
        if ids.is_empty() {
            lost.set(false);
        }
        for id in ids {
            if !streams.iter().any(|stream| stream.id == id) {
                streams.extend(stream::Stream::open(id, moved, lost, again.clone()));
            }
        }
        streams
    });
    lost.into()
}

/// On the server nothing moves.
#[cfg(not(feature = "hydrate"))]
pub fn follow(_ids: Memo<Vec<RequestId>>, _moved: Callback<()>) -> Signal<bool> {
    Signal::stored(false)
}

#[cfg(feature = "hydrate")]
mod stream {
    use leptos::prelude::*;
    use wasm_bindgen::JsCast;
    use wasm_bindgen::closure::Closure;
    use web_sys::{EventSource, MessageEvent};

    use crate::domain::id::RequestId;
    use crate::paths;

    /// How long to wait after the server has refused a stream: while it starts, or while too many are open.
    const PAUSE: std::time::Duration = std::time::Duration::from_secs(5);

    /// The stream of one request; closed when dropped.
    pub struct Stream {
        pub id: RequestId,
        source: EventSource,
        _told: Closure<dyn FnMut(MessageEvent)>,
        _opened: Closure<dyn FnMut()>,
        _failed: Closure<dyn FnMut()>,
    }

    impl Stream {
        /// Opens it. The server tells at once where the request stands, so nothing is missed in between; after a failure the browser
        /// comes back by itself, and after a refusal `again` is told.
        pub fn open(id: RequestId, moved: Callback<()>, lost: RwSignal<bool>, again: ArcTrigger) -> Option<Self> {
            let source = EventSource::new(&paths::request_events(id)).ok()?;
            let ending = source.clone();
            let told = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
                // The last event of a request: without this the browser would take the end for a failure.
                if event.data().as_string().is_some_and(|data| data.contains(r#""done":true"#)) {
                    ending.close();
                }
                moved.run(());
            });
            let opened = Closure::<dyn FnMut()>::new(move || lost.set(false));
            let failing = source.clone();
            let failed = Closure::<dyn FnMut()>::new(move || {
                lost.set(true);
                if failing.ready_state() == EventSource::CLOSED {
                    let again = again.clone();
                    set_timeout(move || again.notify(), PAUSE);
                }
            });
            source.set_onmessage(Some(told.as_ref().unchecked_ref()));
            source.set_onopen(Some(opened.as_ref().unchecked_ref()));
            source.set_onerror(Some(failed.as_ref().unchecked_ref()));
            Some(Self {
                id,
                source,
                _told: told,
                _opened: opened,
                _failed: failed,
            })
        }
    }

    impl Stream {
        /// The server has told all, or has refused.
        pub fn is_over(&self) -> bool {
            self.source.ready_state() == EventSource::CLOSED
        }
    }

    impl Drop for Stream {
        fn drop(&mut self) {
            self.source.set_onopen(None);
            self.source.set_onmessage(None);
            self.source.set_onerror(None);
            self.source.close();
        }
    }
}

//! Requests that move on screen by themselves: the server tells over an event stream when one has moved, and the page asks again for
//! what it shows. The stream carries no data, so nothing here can show what the reader may not see.

use leptos::prelude::*;

use crate::domain::id::RequestId;

/// Runs `moved` whenever one of these requests may have moved, until the page goes. Tells whether the connection is lost.
#[cfg(feature = "hydrate")]
pub fn follow(ids: Memo<Vec<RequestId>>, moved: Callback<()>) -> Signal<bool> {
    let lost = RwSignal::new(false);
    Effect::new(move |before: Option<Vec<stream::Stream>>| {
        let ids = ids.get();
        // The streams that are dropped here close.
        let mut streams: Vec<stream::Stream> = before.unwrap_or_default();
        streams.retain(|stream| ids.contains(&stream.id));
        if streams.is_empty() {
            lost.set(false);
        }
        for id in ids {
            if !streams.iter().any(|stream| stream.id == id) {
                streams.extend(stream::Stream::open(id, moved, lost));
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
    use web_sys::EventSource;

    use crate::domain::id::RequestId;
    use crate::paths;

    /// The stream of one request; closed when dropped.
    pub struct Stream {
        pub id: RequestId,
        source: EventSource,
        /// Kept for as long as the stream may call them: opened, told, failed.
        _calls: [Closure<dyn FnMut()>; 3],
    }

    impl Stream {
        /// Opens it; the browser comes back by itself after a failure, and what was missed meanwhile is asked for then.
        pub fn open(id: RequestId, moved: Callback<()>, lost: RwSignal<bool>) -> Option<Self> {
            let source = EventSource::new(&paths::request_events(id)).ok()?;
            let opened = Closure::<dyn FnMut()>::new(move || {
                lost.set(false);
                moved.run(());
            });
            let told = Closure::<dyn FnMut()>::new(move || moved.run(()));
            let failing = source.clone();
            let failed = Closure::<dyn FnMut()>::new(move || lost.set(failing.ready_state() == EventSource::CONNECTING));
            source.set_onopen(Some(opened.as_ref().unchecked_ref()));
            source.set_onmessage(Some(told.as_ref().unchecked_ref()));
            source.set_onerror(Some(failed.as_ref().unchecked_ref()));
            Some(Self {
                id,
                source,
                _calls: [opened, told, failed],
            })
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

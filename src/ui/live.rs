//! A stream of events from the server: it tells that something has moved, and the page asks again for what it shows. The stream carries
//! no data, so nothing here can show what the reader may not see.

use leptos::prelude::*;

/// Runs `moved` whenever the stream at `url` tells something, until the page goes or there is no `url`. Tells whether the connection is
/// lost.
#[cfg(feature = "hydrate")]
pub fn follow(url: Memo<Option<String>>, moved: Callback<()>) -> Signal<bool> {
    let lost = RwSignal::new(false);
    let again = ArcTrigger::new();
    Effect::new(move |_| {
        again.track();
        let url = url.get();
        if url.is_none() {
            lost.set(false);
        }
        url.and_then(|url| stream::Stream::open(&url, moved, lost, again.clone()))
    });
    lost.into()
}

/// On the server nothing moves.
#[cfg(not(feature = "hydrate"))]
pub fn follow(_url: Memo<Option<String>>, _moved: Callback<()>) -> Signal<bool> {
    Signal::stored(false)
}

#[cfg(feature = "hydrate")]
mod stream {
    use leptos::prelude::*;
    use wasm_bindgen::JsCast;
    use wasm_bindgen::closure::Closure;
    use web_sys::{EventSource, MessageEvent};

    /// How long to wait after the server has refused a stream: while it starts, or while too many are open.
    const PAUSE: std::time::Duration = std::time::Duration::from_secs(5);

    /// An open stream; closed when dropped.
    pub(super) struct Stream {
        source: EventSource,
        _told: Closure<dyn FnMut(MessageEvent)>,
        _others: [Closure<dyn FnMut()>; 2],
    }

    impl Stream {
        /// The server tells at once where things stand, so nothing is missed in between; after a failure the browser comes back by itself,
        /// and after a refusal `again` is told.
        pub(super) fn open(url: &str, moved: Callback<()>, lost: RwSignal<bool>, again: ArcTrigger) -> Option<Self> {
            let source = EventSource::new(url).ok()?;
            let ending = source.clone();
            let told = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
                // The last event: without this the browser would take the end for a failure.
                if event.data().as_string().is_some_and(|data| data.contains(r#""done":true"#)) {
                    ending.close();
                }
                let _ = moved.try_run(());
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
                source,
                _told: told,
                _others: [opened, failed],
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

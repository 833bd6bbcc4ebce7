//! A stream of events from the server: it tells that something has moved, and the page asks again for what it shows. The stream carries
//! no data, so nothing here can show what the reader may not see.

use leptos::prelude::*;

/// How a stream is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Connection {
    /// Well, or not needed.
    #[default]
    Up,
    /// Lost; it is tried again.
    Lost,
    /// The session is over, so there is nothing to try.
    SessionOver,
}

/// Runs `moved` whenever the stream at `url` tells something, until the page goes or there is no `url`. Tells how the connection is.
#[cfg(feature = "hydrate")]
pub fn follow(url: Memo<Option<String>>, moved: Callback<()>) -> Signal<Connection> {
    let connection = RwSignal::new(Connection::Up);
    let again = ArcTrigger::new();
    Effect::new(move |_| {
        again.track();
        let url = url.get();
        if url.is_none() {
            connection.set(Connection::Up);
        }
        url.and_then(|url| stream::Stream::open(&url, moved, connection, again.clone()))
    });
    connection.into()
}

/// On the server nothing moves.
#[cfg(not(feature = "hydrate"))]
pub fn follow(_url: Memo<Option<String>>, _moved: Callback<()>) -> Signal<Connection> {
    Signal::stored(Connection::Up)
}

#[cfg(feature = "hydrate")]
mod stream {
    use leptos::prelude::*;
    use wasm_bindgen::JsCast;
    use wasm_bindgen::closure::Closure;
    use web_sys::{EventSource, MessageEvent};

    use super::Connection;

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
        pub(super) fn open(url: &str, moved: Callback<()>, connection: RwSignal<Connection>, again: ArcTrigger) -> Option<Self> {
            let source = EventSource::new(url).ok()?;
            let ending = source.clone();
            let told = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
                let data = event.data().as_string().unwrap_or_default();
                // The last event: without this the browser would take the end for a failure.
                if data.contains(r#""done":true"#) {
                    ending.close();
                }
                if data.contains(r#""session":"over""#) {
                    connection.set(Connection::SessionOver);
                    return;
                }
                let _ = moved.try_run(());
            });
            let opened = Closure::<dyn FnMut()>::new(move || connection.set(Connection::Up));
            let failing = source.clone();
            let failed = Closure::<dyn FnMut()>::new(move || {
                connection.set(Connection::Lost);
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

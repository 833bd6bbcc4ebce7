//! Server-sent events: hears that something has moved, for as long as the result is kept. Only a browser hears anything.

#[cfg(feature = "hydrate")]
mod stream {
    use leptos::prelude::*;
    use wasm_bindgen::JsCast;
    use wasm_bindgen::closure::Closure;
    use web_sys::EventSource;

    /// An open stream; it closes when it is dropped.
    pub(in super::super) struct Following {
        source: Option<EventSource>,
        _heard: [Closure<dyn FnMut()>; 3],
    }

    /// How long to wait after the server has refused a stream: while it starts, or while too many are open.
    const PAUSE: std::time::Duration = std::time::Duration::from_secs(5);

    /// `lost` tells whether the connection is; after a refusal `again` is told, for another call of this.
    pub(in super::super) fn follow(url: &str, moved: Callback<()>, lost: RwSignal<bool>, again: ArcTrigger) -> Following {
        let on_message = Closure::<dyn FnMut()>::new(move || {
            let _ = moved.try_run(());
        });
        let on_open = Closure::<dyn FnMut()>::new(move || lost.set(false));
        let source = EventSource::new(url).ok();
        let failing = source.clone();
        let on_error = Closure::<dyn FnMut()>::new(move || {
            lost.set(true);
            let refused = |source: &EventSource| source.ready_state() == EventSource::CLOSED;
            if failing.as_ref().is_some_and(refused) {
                let again = again.clone();
                set_timeout(move || again.notify(), PAUSE);
            }
        });
        if let Some(source) = &source {
            source.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
            source.set_onopen(Some(on_open.as_ref().unchecked_ref()));
            source.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        }
        Following {
            source,
            _heard: [on_message, on_open, on_error],
        }
    }

    impl Drop for Following {
        fn drop(&mut self) {
            if let Some(source) = &self.source {
                source.set_onmessage(None);
                source.set_onopen(None);
                source.set_onerror(None);
                source.close();
            }
        }
    }
}

#[cfg(not(feature = "hydrate"))]
mod stream {
    use leptos::prelude::*;

    pub(in super::super) fn follow(_: &str, _: Callback<()>, _: RwSignal<bool>, _: ArcTrigger) {}
}

pub(super) use stream::follow;

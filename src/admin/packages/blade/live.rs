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

    pub(in super::super) fn follow(url: &str, moved: Callback<()>, lost: RwSignal<bool>) -> Following {
        let on_message = Closure::<dyn FnMut()>::new(move || {
            let _ = moved.try_run(());
        });
        let on_open = Closure::<dyn FnMut()>::new(move || lost.set(false));
        let source = EventSource::new(url).ok();
        let failing = source.clone();
        let on_error = Closure::<dyn FnMut()>::new(move || {
            // A stream that the server has ended is over, not lost.
            lost.set(
                failing
                    .as_ref()
                    .is_some_and(|source| source.ready_state() == EventSource::CONNECTING),
            );
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

    pub(in super::super) fn follow(_: &str, _: Callback<()>, _: RwSignal<bool>) {}
}

pub(super) use stream::follow;

//! Keeps the log over a reload, if the user asks for it: in IndexedDB, by the functions of log-store.js.

use std::rc::Rc;

use gloo_events::EventListener;
use gloo_timers::callback::Interval;
use gloo_timers::future::TimeoutFuture;
use js_sys::{Array, Promise};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use yew::prelude::*;

use super::model::jsonl::Reader;
use super::model::kept::{Kept, Step};
use super::model::log::VersionedLog;
use crate::browser::random;
use crate::browser::storage;
use crate::browser::use_effect::use_effect_with;
use crate::browser::use_live::{Live, use_live};
use crate::connection::model::message::Entry;
use crate::session::model::notice::Said;
use crate::session::use_session::{Callbacks, SessionHandle};

/// Interval of writing, in milliseconds.
const EVERY_MS: u32 = 1_000;

/// Name of the tab's identifier in its storage. It is there only while the page is left, for the copy of a tab has a copy of the storage.
const TAB: &str = "log-tab";

#[derive(Default)]
struct State {
    tab: String,
    /// The stored texts; `None` until those of before the reload are read, and after a failure.
    kept: Option<Kept>,
}

#[derive(Clone)]
struct Keeper {
    state: Live<State>,
    log: VersionedLog,
    can: Rc<Callbacks>,
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = logStore)]
    fn read(tab: &str) -> Promise;
    #[wasm_bindgen(js_namespace = logStore)]
    fn write(tab: &str, number: u32, text: &str) -> Promise;
    #[wasm_bindgen(js_namespace = logStore)]
    fn remove(tab: &str, below: u32) -> Promise;
    #[wasm_bindgen(js_namespace = logStore)]
    fn clear() -> Promise;
    #[wasm_bindgen(js_namespace = logStore)]
    fn tidy(own: &str) -> Promise;
}

/// Keeps the log while this is on, and brings back what was kept before a reload. Turning it off removes what is kept.
#[hook]
pub fn use_kept(is_on: bool, session: &SessionHandle) {
    let keeper =
        Keeper { state: use_live(State::default), log: session.state.log.clone(), can: session.can.clone() };
    use_effect_with(is_on, move |is_on| {
        let running = is_on.then(|| keeper.start());
        move || {
            if running.is_some() {
                keeper.state.update(|state| state.kept = None);
                spawn_local(async { drop(JsFuture::from(clear()).await) });
            }
        }
    });
}

impl Keeper {
    fn start(&self) -> (Interval, Option<EventListener>) {
        let tab = Some(storage::read_in_tab(TAB)).filter(|tab| !tab.is_empty()).unwrap_or_else(random::hex);
        storage::remove_in_tab(TAB);
        self.state.update(|state| state.tab = tab.clone());
        let keeper = self.clone();
        spawn_local(async move {
            if keeper.recover(&tab).await.is_none() {
                keeper.fail();
            }
        });
        let (keeper, leaving) = (self.clone(), self.clone());
        let left = web_sys::window().map(|window| {
            EventListener::new(&window, "pagehide", move |_| {
                leaving.go_on();
                storage::write_in_tab(TAB, &leaving.state.borrow().tab);
            })
        });
        let interval = Interval::new(EVERY_MS, move || {
            // There again if the page was left and the browser kept it in memory.
            storage::remove_in_tab(TAB);
            keeper.go_on();
        });
        (interval, left)
    }

    /// Brings back what was kept. Returns `None` if the browser keeps nothing for the page.
    async fn recover(&self, tab: &str) -> Option<()> {
        let read: Array = JsFuture::from(read(tab)).await.ok()?.into();
        let (keys, texts) = (Array::from(&read.get(0)), Array::from(&read.get(1)));
        let (mut entries, mut known) = (Vec::new(), Vec::new());
        for at in 0..texts.length() {
            // The cast is lossless.
            let number = Array::from(&keys.get(at)).get(1).as_f64()? as u32;
            let text = texts.get(at).as_string().unwrap_or_default();
            // A damaged text costs only its own entries.
            let read = entries_of(&text);
            known.push((number, text.len(), read.len()));
            entries.extend(read);
            TimeoutFuture::new(0).await;
        }
        let first = self.log.borrow().next_id();
        if !entries.is_empty() {
            self.can.recover_log.emit(entries);
        }
        let mut kept = Kept::default();
        kept.recovered(&self.log.borrow(), first, known);
        self.state.update(|state| state.kept = Some(kept));
        JsFuture::from(tidy(tab)).await.ok().map(drop)
    }

    /// Stores what is new.
    fn go_on(&self) {
        let log = self.log.borrow();
        let step = self.state.update(|state| Some((state.tab.clone(), state.kept.as_mut()?.step(&log))));
        let Some((tab, Step { below, write: texts })) = step else { return };
        let promises = Array::new();
        if let Some(below) = below {
            promises.push(&remove(&tab, below));
        }
        for (number, text) in &texts {
            promises.push(&write(&tab, *number, text));
        }
        if promises.length() > 0 {
            let keeper = self.clone();
            spawn_local(async move {
                if JsFuture::from(Promise::all(&promises)).await.is_err() {
                    keeper.fail();
                }
            });
        }
    }

    /// Stops, and says so once.
    fn fail(&self) {
        if self.state.update(|state| std::mem::take(&mut state.tab)).is_empty() {
            return;
        }
        self.state.update(|state| state.kept = None);
        self.can.say.emit(Said::LogNotKept);
    }
}

fn entries_of(text: &str) -> Vec<Entry> {
    let mut reader = Reader::default();
    reader.feed(text.as_bytes()).and_then(|()| reader.finish()).unwrap_or_default()
}

//! The taps of a server, and their limits.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use tokio::sync::watch;

use super::event::{Entry, Event};

/// Most taps at a time.
const TAPS: usize = 64;

/// Most entries of a tap. Further ones are only counted.
const ENTRIES: usize = 10_000;

/// Most bytes of a tap. Reports have lengths of their own.
const BYTES: usize = 1024 * 1024;

/// Most entries that are copied at a time, so that a reader holds little.
const COPIED: usize = 64;

/// Time for which a tap can be read after its connection has ended.
const KEPT: Duration = Duration::from_secs(60);

/// All taps of a server. Cloning gives another handle to the same ones.
#[derive(Debug, Clone, Default)]
pub(crate) struct Taps(Arc<Mutex<HashMap<String, Arc<Tap>>>>);

/// The entries of one connection.
#[derive(Debug)]
pub(crate) struct Tap {
    began: Instant,
    state: Mutex<State>,
    changed: watch::Sender<()>,
}

#[derive(Debug, Default)]
struct State {
    entries: Vec<Entry>,
    /// Length of the reports among the entries as JSON, in bytes.
    reports: usize,
    dropped: u64,
    ended: Option<Instant>,
}

/// Reasons for which a connection gets no tap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NoTap {
    /// Another connection is open and has this tap.
    #[error("another connection has this tap; choose another identifier")]
    InUse,
    /// The limit of all taps is reached.
    #[error("the server has all the taps that it may have; try again in a minute")]
    Full,
}

/// Some entries of a tap.
#[derive(Debug)]
pub(crate) struct Content {
    pub(crate) entries: Vec<Entry>,
    /// True if there are no others behind them yet.
    pub(crate) is_whole: bool,
    /// Number of entries that were not kept.
    pub(crate) dropped: u64,
    /// True if the tap gets no more entries.
    pub(crate) ended: bool,
}

impl Taps {
    /// Checks that a tap can be opened now. Changes nothing.
    ///
    /// # Errors
    /// The tap is in use, or there are too many.
    pub(crate) fn check(&self, id: &str) -> Result<(), NoTap> {
        check(&lock(&self.0), id)
    }

    /// Opens a tap.
    ///
    /// # Errors
    /// The tap is in use, or there are too many.
    pub(crate) fn open(&self, id: &str) -> Result<Arc<Tap>, NoTap> {
        let mut taps = lock(&self.0);
        // Under the same lock: two threads could open one tap otherwise.
        check(&taps, id)?;
        taps.retain(|_, tap| !tap.is_expired());
        if taps.len() >= TAPS && !taps.contains_key(id) {
            // The one that ended first makes room. Taps of open connections stay.
            let ended = |(id, tap): (&String, &Arc<Tap>)| lock(&tap.state).ended.map(|at| (at, id.clone()));
            let (_, first) = taps.iter().filter_map(ended).min().ok_or(NoTap::Full)?;
            taps.remove(&first);
        }
        let tap =
            Arc::new(Tap { began: Instant::now(), state: Mutex::default(), changed: watch::Sender::new(()) });
        taps.insert(id.to_owned(), Arc::clone(&tap));
        Ok(tap)
    }

    /// Returns the tap with this identifier.
    pub(crate) fn get(&self, id: &str) -> Option<Arc<Tap>> {
        lock(&self.0).get(id).filter(|tap| !tap.is_expired()).cloned()
    }
}

fn check(taps: &HashMap<String, Arc<Tap>>, id: &str) -> Result<(), NoTap> {
    match taps.get(id) {
        Some(tap) if tap.has_ended() => Ok(()),
        Some(_) => Err(NoTap::InUse),
        None if taps.len() >= TAPS && taps.values().all(|tap| !tap.has_ended()) => Err(NoTap::Full),
        None => Ok(()),
    }
}

impl Tap {
    /// Adds an entry with the present time.
    pub(crate) fn add(&self, event: Event) {
        let at_us = u64::try_from(self.began.elapsed().as_micros()).unwrap_or(u64::MAX);
        let report = match &event {
            Event::Request { request: json } | Event::Report { report: json } => json.to_string().len(),
            _ => 0,
        };
        let mut state = lock(&self.state);
        // The last entry is kept in any case.
        let is_last = matches!(event, Event::End { .. });
        let bytes = size_of_val(state.entries.as_slice()) + state.reports + report;
        if state.entries.len() < ENTRIES && bytes < BYTES || is_last {
            state.reports += report;
            state.entries.push(Entry { at_us, event });
        } else {
            state.dropped += 1;
        }
        if is_last {
            state.ended = Some(Instant::now());
        }
        drop(state);
        self.changed.send_replace(());
    }

    /// Returns some entries from `first` on.
    pub(crate) fn content(&self, first: usize) -> Content {
        let state = lock(&self.state);
        let rest = state.entries.get(first..).unwrap_or_default();
        let entries = rest[..rest.len().min(COPIED)].to_vec();
        let is_whole = entries.len() == rest.len();
        Content { entries, dropped: state.dropped, is_whole, ended: state.ended.is_some() }
    }

    /// Returns a receiver that is notified of each new entry.
    pub(crate) fn changes(&self) -> watch::Receiver<()> {
        self.changed.subscribe()
    }

    pub(crate) fn has_ended(&self) -> bool {
        lock(&self.state).ended.is_some()
    }

    fn is_expired(&self) -> bool {
        lock(&self.state).ended.is_some_and(|ended| ended.elapsed() > KEPT)
    }
}

/// Locks, also after a panic of another thread: the entries stay usable.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tap::event::{Side, TransportEnd};

    const END: Event = Event::End { code: 1000, by: "peer" };
    const TCP: Event = Event::Tcp { by: Side::Client, how: TransportEnd::Fin };

    #[test]
    fn the_number_of_taps_and_of_entries_is_limited() {
        let taps = Taps::default();
        let first = taps.open("0").unwrap();
        for id in 1..TAPS {
            taps.open(&id.to_string()).unwrap();
        }
        assert_eq!(taps.open("0").unwrap_err(), NoTap::InUse);
        assert_eq!(taps.open("more").unwrap_err(), NoTap::Full);
        for _ in 0..=ENTRIES {
            first.add(TCP);
        }
        first.add(END);
        let content = first.content(0);
        assert_eq!((content.entries.len(), content.dropped, content.ended), (COPIED, 1, true));
        assert!(!content.is_whole);
        let last = first.content(ENTRIES);
        assert_eq!((last.entries.len(), last.is_whole), (1, true));
        assert_eq!(last.entries[0].event, END);
        assert!(first.content(ENTRIES + 5).entries.is_empty());
        assert!(taps.get("0").is_some());
        taps.open("more").unwrap();
        assert!(taps.get("0").is_none(), "the tap that has ended made room");
        let reports = taps.get("1").unwrap();
        for _ in 0..100 {
            reports.add(Event::Report { report: Box::new("x".repeat(BYTES / 10).into()) });
        }
        assert!(reports.content(0).entries.len() < 10);
    }
}

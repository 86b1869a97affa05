//! The page's WebSocket, which is in a worker: commands to it, and its events.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::{Rc, Weak};

use gloo_events::EventListener;
use gloo_timers::future::TimeoutFuture;
use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Event as DomEvent, MessageEvent, WorkerOptions, WorkerType};
use ws_echo_shared::CloseCode;
use yew::{AttrValue, Callback};

use super::model::batch::pause_after;
use super::model::notice::Unsent;
use super::model::port::{Command, Report};
use super::model::session::{Attempt, Event};
use crate::browser::page;
use crate::connection::model::message::{Body, Kind};
use crate::connection::model::options::CloseRequest;
use crate::connection::model::url_problem::UrlFault;

/// Path of the worker's script, relative to the page.
const SCRIPT: &str = "socket-worker.js";

/// The page's end. Clones refer to the same worker.
#[derive(Clone)]
pub struct Port(Rc<State>);

struct State {
    /// Called with the events of each connection, in order and in batches.
    receiver: Callback<(Attempt, Vec<Event>)>,
    worker: RefCell<Option<Started>>,
    current: RefCell<Current>,
    /// Messages of the worker that wait behind a long one.
    incoming: RefCell<VecDeque<Array>>,
    /// True while a long message is being taken, in steps.
    is_taking: Cell<bool>,
}

/// A worker, which is terminated on drop.
struct Started {
    worker: web_sys::Worker,
    /// Commands that wait until the worker takes them; `None` once it does.
    waiting: Option<Vec<JsValue>>,
    _listeners: [EventListener; 2],
}

/// The newest connection.
#[derive(Default)]
struct Current {
    attempt: Attempt,
    /// True until the worker has reported the end.
    is_alive: bool,
    is_open: bool,
    /// Messages of which the worker has not reported that they were sent.
    unreported: VecDeque<Body>,
    /// Sum of their payloads, in bytes.
    unreported_bytes: usize,
    /// Bytes in the socket's buffer, as last reported.
    buffered: u32,
}

impl Port {
    /// Starts the worker at once, because the page's server may be gone later.
    pub fn new(receiver: Callback<(Attempt, Vec<Event>)>) -> Self {
        let port = Self(Rc::new(State {
            receiver,
            worker: RefCell::default(),
            current: RefCell::default(),
            incoming: RefCell::default(),
            is_taking: Cell::default(),
        }));
        port.start_worker();
        port
    }

    /// Begins a handshake, which replaces the connection. Its events follow.
    pub fn open(&self, url: &str, protocols: &[AttrValue]) -> Attempt {
        if self.0.worker.borrow().is_none() {
            self.start_worker();
        }
        let attempt = self.0.current.borrow().attempt.next();
        self.0.current.replace(Current { attempt, is_alive: true, ..Current::default() });
        let protocols = protocols.iter().map(ToString::to_string).collect();
        self.post(&Command::Open(url.to_owned(), protocols), None);
        if self.0.worker.borrow().is_none() {
            // The caller has yet to take over the new connection.
            let port = self.clone();
            spawn_local(async move { port.lose_worker() });
        }
        attempt
    }

    /// Sends a message, but not before a time in milliseconds since 1970. An event tells that it was sent, and when.
    pub fn send(&self, body: Body, due_ms: f64) -> Result<(), Unsent> {
        if !self.0.current.borrow().is_open {
            return Err(Unsent::NotOpen);
        }
        self.post(&Command::Send(body.kind(), due_ms), Some(body.as_bytes()));
        let mut current = self.0.current.borrow_mut();
        current.unreported_bytes += body.bytes();
        current.unreported.push_back(body);
        Ok(())
    }

    /// Returns the number of bytes that were to be sent and have not left the browser.
    pub fn buffered(&self) -> f64 {
        let current = self.0.current.borrow();
        current.unreported_bytes as f64 + f64::from(current.buffered)
    }

    /// Begins the closing handshake. Events continue until the connection has ended.
    pub fn close(&self, request: &CloseRequest) {
        self.0.current.borrow_mut().is_open = false;
        self.post(&Command::Close(request.clone()), None);
    }

    /// Closes the connection and reports nothing more of it. Does nothing if a panic left the state borrowed.
    pub fn abandon(&self) {
        if let Ok(mut current) = self.0.current.try_borrow_mut() {
            *current = Current { attempt: current.attempt.next(), ..Current::default() };
            drop(current);
            self.post(&Command::Drop, None);
        }
    }

    fn start_worker(&self) {
        let started = Started::new(&self.0);
        self.0.worker.replace(started);
    }

    fn post(&self, command: &Command, payload: Option<&[u8]>) {
        let number = self.0.current.borrow().attempt.number();
        let (head, payload) = (Uint8Array::from(&*command.write()), payload.map(Uint8Array::from));
        let message = Array::of2(&number.into(), &head);
        let moved = Array::new();
        if let Some(payload) = &payload {
            message.push(payload);
            moved.push(&payload.buffer());
        }
        let mut worker = self.0.worker.borrow_mut();
        match worker.as_mut() {
            Some(Started { waiting: Some(waiting), .. }) => waiting.push(message.into()),
            Some(Started { worker, .. }) => {
                // Fails only for messages that cannot be cloned.
                let _ = worker.post_message_with_transfer(&message, &moved);
            }
            None => {}
        }
    }

    fn take(&self, data: &JsValue) {
        let Some(message) = data.dyn_ref::<Array>() else { return self.go_on() };
        self.0.incoming.borrow_mut().push_back(message.clone());
        self.take_waiting();
    }

    fn take_waiting(&self) {
        while !self.0.is_taking.get() {
            let Some(message) = self.0.incoming.borrow_mut().pop_front() else { return };
            let number = f64::from(self.0.current.borrow().attempt.number());
            if message.get(0).as_f64() != Some(number) {
                continue;
            }
            let head = message.get(1).unchecked_into::<Uint8Array>().to_vec();
            match Report::read_all(&head).next() {
                Some(Report::ReceivedLong(kind, at_ms)) => {
                    self.0.is_taking.set(true);
                    let (port, payload) = (self.clone(), message.get(2).unchecked_into::<Uint8Array>());
                    spawn_local(async move {
                        let body = long_body(kind, payload).await;
                        port.0.is_taking.set(false);
                        // A new connection may have begun in the meantime.
                        if f64::from(port.0.current.borrow().attempt.number()) == number {
                            port.tell(std::iter::once(Report::Received(body, at_ms)));
                        }
                        port.take_waiting();
                    });
                }
                _ => self.tell(Report::read_all(&head)),
            }
        }
    }

    /// Calls back with the events of a message, and asks the worker for more once they are rendered.
    fn tell(&self, reports: impl Iterator<Item = Report>) {
        let began = page::now();
        let (attempt, events) = {
            let mut current = self.0.current.borrow_mut();
            let events: Vec<_> = reports.filter_map(|report| current.event(report)).collect();
            (current.attempt, events)
        };
        if !events.is_empty() {
            self.0.receiver.emit((attempt, events));
        }
        let port = self.clone();
        spawn_local(async move {
            // A page that is not shown paints nothing, and its timers are slow.
            if !page::is_hidden() {
                TimeoutFuture::new(0).await;
                if let Some(pause) = pause_after(page::now() - began) {
                    TimeoutFuture::new(pause).await;
                }
            }
            let current = port.0.current.borrow().attempt;
            if current == attempt {
                port.post(&Command::More, None);
            }
        });
    }

    /// Posts the commands that waited for the worker.
    fn go_on(&self) {
        if let Some(started) = self.0.worker.borrow_mut().as_mut() {
            for message in started.waiting.take().into_iter().flatten() {
                // Fails only for messages that cannot be cloned.
                let _ = started.worker.post_message(&message);
            }
        }
    }

    /// Ends the connection after a failure of the worker.
    fn lose_worker(&self) {
        drop(self.0.worker.take());
        let mut current = self.0.current.borrow_mut();
        if !std::mem::take(&mut current.is_alive) {
            return;
        }
        let event = match current.is_open {
            true => Event::Closed {
                code: CloseCode::ABNORMAL,
                reason: AttrValue::Static(""),
                clean: false,
                at_ms: page::time() as u64,
            },
            false => Event::Refused(UrlFault::NoWorker.alone()),
        };
        current.is_open = false;
        let attempt = current.attempt;
        drop(current);
        self.0.receiver.emit((attempt, vec![event]));
    }
}

impl Current {
    /// Takes the oldest message that was not reported.
    fn reported(&mut self) -> Option<Body> {
        let body = self.unreported.pop_front()?;
        self.unreported_bytes -= body.bytes();
        Some(body)
    }

    /// Takes over a report. Returns the event that it stands for.
    fn event(&mut self, report: Report) -> Option<Event> {
        Some(match report {
            Report::Refused(fault) => {
                self.is_alive = false;
                Event::Refused(fault.alone())
            }
            Report::Opened(opened) => {
                self.is_open = true;
                Event::Opened(opened)
            }
            Report::Sent(at_ms) => Event::Sent(self.reported()?, at_ms),
            // The end of the connection has told it already if nothing is left.
            Report::NotOpen => self.reported().map(|_| Event::Unsent(Unsent::NotOpen))?,
            Report::NotSent(reason, at_ms) => {
                self.reported();
                Event::Unsent(Unsent::Refused { reason, at_ms })
            }
            Report::Received(body, at_ms) => Event::Received(body, at_ms),
            Report::Closed(code, reason, clean, at_ms) => {
                *self = Self { attempt: self.attempt, ..Self::default() };
                // The cast loses the fraction.
                Event::Closed { code, reason: reason.into(), clean, at_ms: at_ms as u64 }
            }
            Report::Buffered(bytes) => {
                self.buffered = bytes;
                return None;
            }
            // Its payload is taken before.
            Report::ReceivedLong(..) => return None,
        })
    }
}

impl Started {
    fn new(state: &Rc<State>) -> Option<Self> {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = web_sys::Worker::new_with_options(SCRIPT, &options).ok()?;
        let listen = |event, act: fn(&Port, &DomEvent)| {
            let state = Rc::downgrade(state);
            EventListener::new(&worker, event, move |event| upgraded(&state, |port| act(port, event)))
        };
        let listeners = [
            listen("message", |port, event| port.take(&event.unchecked_ref::<MessageEvent>().data())),
            listen("error", |port, _| port.lose_worker()),
        ];
        // The worker runs the page's own module, which is compiled already.
        let message = Array::of2(&page::script().into(), &wasm_bindgen::module());
        worker.post_message(&message).ok()?;
        Some(Self { worker, waiting: Some(Vec::new()), _listeners: listeners })
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

fn upgraded(state: &Weak<State>, act: impl FnOnce(&Port)) {
    if let Some(state) = state.upgrade() {
        act(&Port(state));
    }
}

/// Takes over the payload of a long message in steps, between which the browser can do other work.
async fn long_body(kind: Kind, payload: Uint8Array) -> Body {
    TimeoutFuture::new(0).await;
    let bytes = payload.to_vec();
    TimeoutFuture::new(0).await;
    let body = match kind {
        Kind::Text => {
            let text = String::from_utf8(bytes).unwrap_or_default();
            TimeoutFuture::new(0).await;
            Body::text(text)
        }
        Kind::Binary => Body::binary(bytes),
    };
    TimeoutFuture::new(0).await;
    body
}

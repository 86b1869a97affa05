//! The worker with the page's WebSocket. It runs the same module as the page, and renders nothing, so that nothing delays messages and
//! their times.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use gloo_events::EventListener;
use gloo_timers::callback::{Interval, Timeout};
use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};
use yew::Callback;

use super::model::port::{Command, Report};
use super::socket::Connection;
use crate::browser::page;
use crate::connection::model::message::{Body, Kind};

/// Time between two reports of the socket's buffer while it is not empty, in milliseconds.
const BUFFER_MS: u32 = 16;

/// Length from which a message is posted by itself, in bytes, because the page takes it in steps.
const LONG: usize = 1 << 20;

/// Takes commands until the page is left. Each message of both directions begins with the number of its connection.
pub fn run() {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let worker = Rc::new(Worker { scope, open: RefCell::default() });
    let listener = EventListener::new(&worker.scope.clone(), "message", {
        let worker = worker.clone();
        move |event| {
            let message: Array = event.unchecked_ref::<MessageEvent>().data().unchecked_into();
            let command = Command::read(&message.get(1).unchecked_into::<Uint8Array>().to_vec());
            if let Some(command) = command {
                worker.act(&message.get(0), command, &message.get(2));
            }
        }
    });
    listener.forget();
    // Tells the page to post its commands.
    let _ = worker.scope.post_message(&JsValue::NULL);
}

struct Worker {
    scope: DedicatedWorkerGlobalScope,
    open: RefCell<Option<Open>>,
}

struct Open {
    connection: Rc<Connection>,
    /// Messages to send, each not before its time in milliseconds since 1970, and in this order.
    scheduled: RefCell<VecDeque<(f64, Body)>>,
    /// Sends the first of them.
    timer: RefCell<Option<Timeout>>,
    /// Number of messages that the page has not taken.
    untaken: Cell<u32>,
    /// Reports the socket's buffer while it is not empty.
    draining: Rc<RefCell<Option<Interval>>>,
}

impl Worker {
    fn act(self: &Rc<Self>, number: &JsValue, command: Command, payload: &JsValue) {
        match command {
            Command::Open(url, protocols) => self.open(number, &url, &protocols),
            Command::Send(kind, due_ms) => {
                let bytes = payload.unchecked_ref::<Uint8Array>().to_vec();
                let body = match kind {
                    Kind::Text => Body::text(String::from_utf8(bytes).unwrap_or_default()),
                    Kind::Binary => Body::binary(bytes),
                };
                if let Some(open) = self.open.borrow().as_ref() {
                    open.scheduled.borrow_mut().push_back((due_ms, body));
                    self.send_due(number, open, page::time());
                }
            }
            Command::Close(request) => {
                if let Some(open) = self.open.borrow().as_ref() {
                    // The page counts them as sent.
                    self.send_due(number, open, f64::INFINITY);
                    open.connection.close(&request);
                }
            }
            Command::More => {
                if let Some(open) = self.open.borrow().as_ref().filter(|open| open.took_all()) {
                    open.connection.more();
                }
            }
            Command::Drop => drop(self.open.take()),
        }
    }

    fn open(self: &Rc<Self>, number: &JsValue, url: &str, protocols: &[String]) {
        let receiver = {
            let (worker, number) = (self.clone(), number.clone());
            Callback::from(move |reports: Vec<Report>| worker.post(&number, reports))
        };
        let opened = Connection::open(url, protocols, receiver);
        let fault = opened.as_ref().err().cloned();
        let open = opened.ok().map(|connection| Open {
            connection: Rc::new(connection),
            scheduled: RefCell::default(),
            timer: RefCell::default(),
            untaken: Cell::default(),
            draining: Rc::default(),
        });
        drop(self.open.replace(open));
        if let Some(fault) = fault {
            self.post(number, vec![Report::Refused(fault)]);
        }
    }

    /// Sends the messages that are due at a time, and starts a timer for the next one.
    fn send_due(self: &Rc<Self>, number: &JsValue, open: &Open, now: f64) {
        let mut scheduled = open.scheduled.borrow_mut();
        while let Some((_, body)) = scheduled.pop_front_if(|(due_ms, _)| *due_ms <= now) {
            open.connection.send(&body);
        }
        if let Some((due_ms, _)) = scheduled.front() {
            let (worker, number) = (Rc::downgrade(self), number.clone());
            let send = move || {
                if let Some(worker) = worker.upgrade()
                    && let Some(open) = worker.open.borrow().as_ref()
                {
                    worker.send_due(&number, open, page::time());
                }
            };
            // The cast is lossless: the page schedules only what is due soon.
            let wait = (due_ms - now).ceil().max(0.0) as u32;
            open.timer.replace(Some(Timeout::new(wait, send)));
        }
        self.watch_buffer(number, open);
    }

    /// Posts reports, and the length of the socket's buffer with them. A long message is posted by itself.
    fn post(&self, number: &JsValue, reports: Vec<Report>) {
        let mut waiting = Vec::new();
        for report in reports {
            match report {
                Report::Received(body, at_ms) if body.bytes() > LONG => {
                    if !waiting.is_empty() {
                        self.post_one(number, &std::mem::take(&mut waiting), None);
                    }
                    self.post_one(number, &[Report::ReceivedLong(body.kind(), at_ms)], Some(&body));
                }
                report => waiting.push(report),
            }
        }
        if let Some(open) = self.open.borrow().as_ref() {
            waiting.push(Report::Buffered(open.connection.buffered()));
        }
        self.post_one(number, &waiting, None);
    }

    fn post_one(&self, number: &JsValue, reports: &[Report], payload: Option<&Body>) {
        let head = Uint8Array::from(&*Report::write_all(reports));
        let (message, moved) = (Array::of2(number, &head), Array::of1(&head.buffer()));
        if let Some(payload) = payload {
            let payload = Uint8Array::from(payload.as_bytes());
            message.push(&payload);
            moved.push(&payload.buffer());
        }
        if let Some(open) = self.open.borrow().as_ref() {
            open.untaken.set(open.untaken.get() + 1);
        }
        // Fails only for messages that cannot be cloned.
        let _ = self.scope.post_message_with_transfer(&message, &moved);
    }

    /// Reports the socket's buffer until it is empty.
    fn watch_buffer(self: &Rc<Self>, number: &JsValue, open: &Open) {
        if open.draining.borrow().is_some() || open.connection.buffered() == 0 {
            return;
        }
        let (worker, number) = (self.clone(), number.clone());
        let (draining, connection) = (Rc::downgrade(&open.draining), Rc::downgrade(&open.connection));
        let interval = Interval::new(BUFFER_MS, move || {
            worker.post(&number, Vec::new());
            if connection.upgrade().is_none_or(|connection| connection.buffered() == 0)
                && let Some(draining) = draining.upgrade()
            {
                drop(draining.take());
            }
        });
        open.draining.replace(Some(interval));
    }
}

impl Open {
    /// Notes that the page has taken a message. Returns true if it was the last one.
    fn took_all(&self) -> bool {
        let untaken = self.untaken.get().saturating_sub(1);
        self.untaken.set(untaken);
        untaken == 0
    }
}

//! The worker with the page's WebSocket. It runs the same module as the page, and renders nothing, so that nothing delays messages and
//! their times.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_events::EventListener;
use gloo_timers::callback::Interval;
use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};
use yew::Callback;

use super::model::port::{Command, Report};
use super::socket::Connection;
use crate::connection::model::message::{Body, Kind};

/// Time between two reports of the socket's buffer while it is not empty, in milliseconds.
const BUFFER_MS: u32 = 16;

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
    /// Reports the socket's buffer while it is not empty.
    draining: Rc<RefCell<Option<Interval>>>,
}

impl Worker {
    fn act(self: &Rc<Self>, number: &JsValue, command: Command, payload: &JsValue) {
        match command {
            Command::Open(url, protocols) => self.open(number, &url, &protocols),
            Command::Send(kind) => {
                let bytes = payload.unchecked_ref::<Uint8Array>().to_vec();
                let body = match kind {
                    Kind::Text => Body::text(String::from_utf8(bytes).unwrap_or_default()),
                    Kind::Binary => Body::binary(bytes),
                };
                let open = self.open.borrow();
                if let Some(open) = open.as_ref() {
                    open.connection.send(&body);
                    self.watch_buffer(number, open);
                }
            }
            Command::Close(request) => {
                self.open.borrow().iter().for_each(|open| open.connection.close(&request));
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
        let open =
            opened.ok().map(|connection| Open { connection: Rc::new(connection), draining: Rc::default() });
        drop(self.open.replace(open));
        if let Some(fault) = fault {
            self.post(number, vec![Report::Refused(fault)]);
        }
    }

    /// Posts reports, and the length of the socket's buffer with them.
    fn post(&self, number: &JsValue, mut reports: Vec<Report>) {
        if let Some(open) = self.open.borrow().as_ref() {
            reports.push(Report::Buffered(open.connection.buffered()));
        }
        let bytes = Uint8Array::from(&*Report::write_all(&reports));
        let (message, moved) = (Array::of2(number, &bytes), Array::of1(&bytes.buffer()));
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

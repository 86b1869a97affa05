//! State of the form, and its actions.

use wasm_bindgen::JsCast as _;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, HtmlInputElement};
use ws_echo_shared::paths;
use yew::prelude::*;

use super::catalogue;
use super::model::{CHECKED, Client, Form, UNCHECKED};
use crate::browser::use_effect::use_effect_with;
use crate::browser::use_live::{Live, use_live};
use crate::browser::{clipboard, fetch, page, random};
use crate::connection::model::phase::Phase;
use crate::session::origin::origin;
use crate::ui::tabs::Tab;
use crate::wire::model::tap;

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct LabPanelProps {
    /// Phase of the connection, which decides the action of the button.
    pub phase: Phase,
    /// Called with the URL, for the URL field.
    pub edit_url: Callback<AttrValue>,
    /// Connects to a URL. Returns true if the handshake began.
    pub connect_to: Callback<AttrValue, bool>,
    /// Disconnects.
    pub toggle: Callback<()>,
    /// Called with the tab to show.
    pub show: Callback<Tab>,
    /// True if the tab is selected.
    pub is_shown: bool,
}

/// State of the tab.
pub struct Lab {
    /// The form, once the scenarios are here.
    pub form: Option<Form>,
    /// True if the server did not give the scenarios.
    pub has_none: bool,
    /// Identifier of the next connection's tap.
    tap: String,
    /// Index of the client whose lines were copied last, and true if the browser allowed it.
    pub copied: Option<(usize, bool)>,
}

impl Lab {
    /// Returns the URL of the scenario; `None` if a value is bad.
    pub fn url(&self) -> Option<String> {
        let target = self.form.as_ref()?.target(&self.tap)?;
        Some(tap::root(&origin()) + &target)
    }
}

/// The state, and listeners for all fields and buttons.
pub struct LabHandle {
    pub state: Live<Lab>,
    pub edit: Callback<Event>,
    pub press: Callback<MouseEvent>,
}

/// Loads the scenarios when the tab is first shown, and creates the form of the first one.
#[hook]
pub fn use_lab(props: &LabPanelProps) -> LabHandle {
    let state = use_live(|| Lab { form: None, has_none: false, tap: random::hex(), copied: None });
    use_effect_with(props.is_shown, {
        let state = state.clone();
        move |is_shown| {
            if *is_shown && state.borrow().form.is_none() {
                spawn_local(load(state));
            }
        }
    });
    let edit = state.callback(|lab, event: Event| {
        let field: HtmlInputElement = event.target_unchecked_into();
        let value = match (field.type_() == "checkbox", field.checked()) {
            (true, true) => CHECKED.to_owned(),
            (true, false) => UNCHECKED.to_owned(),
            _ => field.value(),
        };
        lab.form.iter_mut().for_each(|form| form.edit(&field.name(), value.clone()));
        lab.copied = None;
    });
    let press = {
        let (state, props) = (state.clone(), props.clone());
        Callback::from(move |event: MouseEvent| {
            let target = event
                .target()
                .and_then(|target| target.dyn_into::<Element>().ok()?.closest("button").ok()?);
            match target.and_then(|button| button.get_attribute("data-copy")) {
                Some(index) => copy(&state, index.parse().unwrap_or_default()),
                None if event.target().is_some_and(|target| is_connect(&target)) => toggle(&state, &props),
                None => {}
            }
        })
    };
    LabHandle { state, edit, press }
}

async fn load(state: Live<Lab>) {
    let scenarios = fetch::text(&(origin().base + paths::SCENARIOS)).await;
    let form = scenarios.and_then(|json| Form::new(catalogue::read(&json)?));
    state.change(|lab| {
        lab.has_none = form.is_none();
        lab.form = form;
    });
}

fn is_connect(target: &web_sys::EventTarget) -> bool {
    target
        .dyn_ref::<Element>()
        .is_some_and(|target| target.closest("#lab-connect").is_ok_and(|found| found.is_some()))
}

/// Copies the lines for a client.
fn copy(state: &Live<Lab>, index: usize) {
    let url = state.borrow().url().unwrap_or_default();
    let text = Client::ALL[index.min(Client::ALL.len() - 1)].lines(&url);
    let state = state.clone();
    spawn_local(async move {
        let is_copied = clipboard::copy(&text).await;
        state.change(|lab| lab.copied = Some((index, is_copied)));
    });
}

/// Connects to the scenario, or disconnects if there is a connection. With a bad value it only shows the field.
fn toggle(state: &Live<Lab>, props: &LabPanelProps) {
    if !props.phase.can_connect() {
        if props.phase.can_disconnect() {
            props.toggle.emit(());
        }
        return;
    }
    let url = state.borrow().url();
    match url {
        Some(url) => {
            let url = AttrValue::from(url);
            props.edit_url.emit(url.clone());
            if props.connect_to.emit(url) {
                // Each connection has a tap of its own.
                state.change(|lab| lab.tap = random::hex());
                props.show.emit(Tab::Messages);
            }
        }
        None => {
            let bad = state.borrow().form.as_ref().and_then(Form::first_problem);
            bad.iter().for_each(|parameter| page::focus(&super::form::id(parameter)));
        }
    }
}

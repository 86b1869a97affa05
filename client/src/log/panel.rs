//! The log's panel: the list of messages and events, its tools, and the open entry.

use gloo_timers::callback::Timeout;
use yew::prelude::*;

use super::cursor::{cursor, field_keys, unfilter};
use super::files::{LogFiles, LogFilesProps};
use super::list::{List, head, list};
use super::model::filter::Needle;
use super::model::log::{Counts, Log, VersionedLog};
use super::model::log_view::LogView;
use super::model::search::Go;
use super::panes::{Panes, PanesProps};
use super::row::Clock;
use super::toolbar::toolbar;
use super::use_heard::use_heard;
use super::use_search::{SearchHandle, use_search};
use crate::browser::page;
use crate::browser::use_effect::use_effect_with;
use crate::browser::use_live::{Live, use_live};
use crate::common::format::grouped;
use crate::connection::model::message::Entry;
use crate::connection::model::phase::{Closed, Phase};
use crate::connection::status::explain;
use crate::detail::actions::{Act, Done, Feedback, Outlets, feedback, saying};
use crate::detail::compare::{Compare, CompareProps};
use crate::detail::pane::{Pane, PaneProps};
use crate::settings::model::Times;
use crate::texts::{LogTexts, Texts, fill, plural};
use crate::ui::child::{child, keyed_child};
use crate::ui::controls::{acting, giving, handling, quiet};
use crate::ui::tabs::Tab;
use crate::ui::translation::translatable;
use crate::ui::use_texts::use_texts;
use crate::ui::use_window::use_window;

/// Time in which a clear can be undone, in milliseconds: the entries stay in memory until then.
const UNDO_MS: u32 = 30_000;

#[derive(Clone, PartialEq, Properties)]
pub struct PanelProps {
    pub log: VersionedLog,
    pub times: Times,
    pub outlets: Outlets,
    pub clear: Callback<()>,
    /// Makes the last clear final, or with true, undoes it.
    pub end_clear: Callback<bool>,
    /// Replaces the log by the entries of a file.
    pub open_log: Callback<Vec<Entry>>,
    /// Phase of the connection, whose failure a log without messages explains.
    pub phase: Phase,
    pub is_shown: bool,
}

#[component]
pub fn Panel(props: &PanelProps) -> Html {
    let all_texts = use_texts();
    let texts = &all_texts.log;
    let state = use_live(LogView::default);
    let done = use_state(Feedback::default);
    let view = use_node_ref();
    let behind_utc_minutes = *use_memo((), |()| page::timezone_offset_minutes());

    let end = state.borrow().paused_at.unwrap_or(u64::MAX).min(props.log.borrow().next_id());
    let filter = state.borrow().filter.clone();
    let is_filtered = !filter.is_empty();
    let found = use_search(props.log.clone(), filter, end);
    let log = props.log.borrow();
    let current = state.borrow().current;
    let has_text = state.borrow().filter.needle != Needle::Nothing;
    // Without the filter's text, the message under the cursor has its neighbours again.
    let centred = current.filter(|_| found.is_new && !has_text);
    let centred = centred.map(|id| found.state.borrow().search.row_of(&log, id));
    let window = use_window(view.clone(), found.rows, found.gone, centred);

    let reset = acting(&state, |state: &Live<LogView>| state.change(LogView::reset));
    let opened = {
        let reset = reset.clone();
        props.open_log.reform(move |entries| {
            reset.emit(());
            entries
        })
    };
    use_undo(log.undoable(), &props.end_clear);
    let undo = log.undoable().map(|_| {
        let reset = reset.clone();
        let undo = props.end_clear.reform(move |_| {
            reset.emit(());
            true
        });
        html! { <>{ texts.cleared }{ " " }{ quiet("undo-clear", all_texts.composer.undo, undo) }</> }
    });
    let clear = props.clear.reform(move |_| reset.emit(()));
    let close = handling(&state, |state, ()| {
        state.change(|state| state.open = None);
        page::focus("messages");
    });
    // Entries that the paused list does not show.
    let behind = usize::try_from(log.next_id() - end).unwrap_or(usize::MAX);
    if window.at_end {
        state.update(|state| state.seen = end);
    }
    let newest = (props.is_shown && !window.at_end).then(|| {
        let since = found.rows.saturating_sub(found.state.borrow().search.row_of(&log, state.borrow().seen));
        newest(since, &window.to_end, texts)
    });
    let start_ms = log.start_ms().unwrap_or_default();
    let go = cursor(&props.log, &state, &found, &window);
    let pin = {
        let (state, done) = (state.clone(), done.clone());
        Callback::from(move |entry: Entry| {
            let is_pinned = state.change(|state| state.pin(&entry));
            saying(&done, entry.id).emit(Some(if is_pinned { Done::Pinned } else { Done::Unpinned }));
        })
    };
    let act = {
        let (log, outlets, done) = (props.log.clone(), props.outlets.clone(), done.clone());
        let pin = pin.clone();
        Callback::from(move |key: String| {
            let entry = current.and_then(|id| log.borrow().get(id).cloned());
            if key == "p" {
                entry.into_iter().filter(|entry| entry.message().is_some()).for_each(|entry| pin.emit(entry));
            } else if let Some((id, message)) =
                entry.as_ref().and_then(|entry| Some((entry.id, entry.message()?)))
            {
                Act::of_key(&key, &message.body).run(&message.body, &outlets, &saying(&done, id));
            }
        })
    };
    let unfilter = unfilter(&props.log, &state, &found);
    let keys = field_keys(&go, &unfilter, found.rows, has_text);
    let rows = List {
        log: &props.log,
        state: &state,
        found: &found,
        window: &window,
        go: go.clone(),
        unfilter: unfilter.clone(),
        act,
        view,
        clock: Clock { times: props.times, behind_utc_minutes, start_ms },
        below: below(props, is_filtered, &found, &unfilter, all_texts),
    };

    let listing = html! {
        <div class="listing">
            { head(texts) }
            { list(rows, all_texts) }
        </div>
    };
    let detail = state.borrow().open.as_ref().map(|entry| {
        child::<Pane>(PaneProps {
            entry: entry.clone(),
            number: log.number(entry.id),
            outlets: props.outlets.clone(),
            done: done.clone(),
            step: go.reform(Go::By),
            is_pinned: state.borrow().is_pinned(entry.id),
            pin: giving(&pin, entry),
            has_beside: found.state.borrow().search.has_beside(&log, found.rows, entry.id),
            close,
        })
    });

    let compared = compared(&state, &log);
    // The open message shows it itself.
    let said =
        feedback("row-done", *done, current.filter(|_| state.borrow().open.is_none()), &all_texts.detail);
    let heard = use_heard(&props.log, texts);
    let said = html! { <>{ heard }<p id="cleared" role="status">{ undo.unwrap_or_default() }</p>{ said }</> };

    translatable(html! {
        <>
            <div class="tab-tools" data-hidden={(!props.is_shown).then_some("")}>
                { toolbar(&props.log, &state, found.problem.is_some(), keys, clear, texts) }
                // The results of files stand in the foot, by the style sheet.
                { child::<LogFiles>(LogFilesProps {
                    log: props.log.clone(),
                    searching: found.state.clone(),
                    is_filtered,
                    opened,
                }) }
            </div>
            <div
                id={Tab::Messages.panel()}
                class="tab-panel"
                role="tabpanel"
                aria-labelledby={Tab::Messages.id()}
                data-hidden={(!props.is_shown).then_some("")}
            >
                <p id="log-keys" class="unseen">{ texts.keys }</p>
                { child::<Panes>(PanesProps { list: translatable(listing), detail }) }
            </div>
            { compared }
            { foot(log.counts(), behind, said, newest, &found, log.len(), texts) }
        </>
    })
}

/// Makes a clear final after a while. The button that undoes it may have had the focus.
#[hook]
fn use_undo(undoable: Option<u64>, end: &Callback<bool>) {
    let end = end.clone();
    use_effect_with(undoable, move |undoable| {
        let timer = undoable.map(|_| Timeout::new(UNDO_MS, move || end.emit(false)));
        move || {
            if timer.is_some() && page::is_focus_lost() {
                page::focus("messages");
            }
        }
    });
}

/// Shows the two pinned messages, if they are compared.
fn compared(state: &Live<LogView>, log: &Log) -> Html {
    let view = state.borrow();
    let [Some(first), Some(second)] = [0, 1].map(|index| view.pins.get(index).filter(|_| view.is_comparing))
    else {
        return Html::default();
    };
    let [Some(left), Some(right)] = [first, second].map(|entry| Some(entry.message()?.body.clone())) else {
        return Html::default();
    };
    let end = |change: fn(&mut LogView)| {
        handling(state, move |state: &Live<LogView>, ()| {
            state.change(change);
            page::focus("messages");
        })
    };
    let numbers = [first, second].map(|entry| log.number(entry.id));
    let props = CompareProps {
        numbers,
        bodies: [left, right],
        swap: state.callback(|state, ()| state.pins.reverse()),
        unpin: end(|state| {
            state.pins.clear();
            state.is_comparing = false;
        }),
        close: end(|state| state.is_comparing = false),
    };
    keyed_child::<Compare>(props, &format!("{numbers:?}"))
}

/// Shows the counts, the results of the filter and of a key, and the way to the newest row. `behind` is the number of entries that came while the list was paused.
fn foot(
    counts: Counts,
    behind: usize,
    said: Html,
    newest: Option<Html>,
    found: &SearchHandle,
    all: usize,
    texts: &LogTexts,
) -> Html {
    let result = result(found, texts, all);
    let is_wrong = found.problem.is_some();
    html! {
        <div class="foot">
            <p id="received-count" translate="no">{ plural(texts.received, counts.received) }</p>
            <p id="sent-count" translate="no">{ plural(texts.sent, counts.sent) }</p>
            if behind > 0 {
                <p id="behind" translate="no">{ plural(texts.behind, behind) }</p>
            }
            if counts.evicted > 0 {
                <p id="let-go" translate="no">{ plural(texts.evicted, counts.evicted) }</p>
            }
            { said }
            <p
                id="filter-result"
                role="status"
                data-wrong={is_wrong.then_some("")}
                title={result.clone()}
                translate={(!is_wrong).then_some("no")}
            >
                { for result }
            </p>
            // A node also without the button: Yew makes the siblings anew where their number changes, and a live region must stay.
            { newest.unwrap_or_default() }
        </div>
    }
}

/// Shows the button that moves to the end of the list, with the number of rows that came since the list was there.
fn newest(since: usize, to_end: &Callback<()>, texts: &LogTexts) -> Html {
    let text = if since > 0 { plural(texts.newer, since) } else { texts.newest.to_owned() };
    let onclick = to_end.reform(|_: MouseEvent| {
        // The button disappears.
        page::focus("messages");
    });
    html! { <button id="newest" type="button" class="quiet" translate="no" {onclick}>{ text }</button> }
}

/// Shows what stands below the rows, of which there are none, or only events.
fn below(
    props: &PanelProps,
    is_filtered: bool,
    found: &SearchHandle,
    unfilter: &Callback<bool>,
    texts: &Texts,
) -> Option<Html> {
    let rows = found.rows;
    match &props.phase {
        _ if is_filtered => (rows == 0 && found.percent.is_none()).then(|| {
            html! {
                <div class="nothing line">
                    <p>{ texts.log.no_hit }</p>
                    { quiet("clear-filter", texts.log.clear_filter, unfilter.reform(|_| true)) }
                </div>
            }
        }),
        _ if rows > 0 && props.log.borrow().has_messages() => None,
        Phase::Closed(closed) if !closed.is_as_asked() => Some(failure(closed, &props.phase, texts)),
        _ => Some(html! {
            <p class="nothing">{ texts.log.nothing }<span class="claim">{ texts.page.claim }</span></p>
        }),
    }
}

fn failure(closed: &Closed, phase: &Phase, texts: &Texts) -> Html {
    html! {
        <div id="failure">
            <p class="title" translate="no">{ phase.title(texts) }</p>
            { explain(closed, texts) }
        </div>
    }
}

/// Returns the result of the filter; `None` if there is no filter.
fn result(found: &SearchHandle, texts: &LogTexts, all: usize) -> Option<AttrValue> {
    if let Some(problem) = &found.problem {
        return Some(problem.text(texts));
    }
    if found.state.borrow().search.is_all() {
        return None;
    }
    let hits = fill(texts.hits, &[("hits", &grouped(found.rows)), ("all", &grouped(all))]);
    let percent = found.percent.map(|percent| fill(texts.filtering, &[("percent", &percent.to_string())]));
    Some(percent.map_or(hits.clone(), |percent| format!("{percent} · {hits}")).into())
}

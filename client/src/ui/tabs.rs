//! The panel below the composer: tabs, and the contents of the selected one.

use yew::prelude::*;

use super::controls::handling;
use super::translation::translatable;
use super::use_texts::use_texts;
use crate::browser::page;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Tab {
    #[default]
    Messages,
    Stats,
    Lab,
    Wire,
}

impl Tab {
    const ALL: [Self; 4] = [Self::Messages, Self::Stats, Self::Lab, Self::Wire];

    pub const fn id(self) -> &'static str {
        match self {
            Self::Messages => "tab-messages",
            Self::Stats => "tab-stats",
            Self::Lab => "tab-lab",
            Self::Wire => "tab-wire",
        }
    }

    /// Returns the id of the tab's contents.
    pub const fn panel(self) -> &'static str {
        match self {
            Self::Messages => "panel-messages",
            Self::Stats => "figures",
            Self::Lab => "lab",
            Self::Wire => "wire",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Properties)]
pub struct TabsProps {
    pub selected: Tab,
    /// Called with the tab that the user selects.
    pub select: Callback<Tab>,
}

/// The row of tabs. Left, Right, Home and End select another one, as the ARIA Authoring Practices describe.
#[component]
pub fn Tabs(props: &TabsProps) -> Html {
    let texts = use_texts();
    let onkeydown = handling(props, |TabsProps { selected, select }, event: KeyboardEvent| {
        let at = Tab::ALL.iter().position(|tab| tab == selected).unwrap_or_default();
        let next = match event.key().as_str() {
            "ArrowRight" => at + 1,
            "ArrowLeft" => at + Tab::ALL.len() - 1,
            "Home" => 0,
            "End" => Tab::ALL.len() - 1,
            _ => return,
        };
        if let Some(next) = Tab::ALL.get(next % Tab::ALL.len()) {
            event.prevent_default();
            page::focus(next.id());
            select.emit(*next);
        }
    });
    let tab = |tab: &Tab| {
        let tab = *tab;
        let is_selected = tab == props.selected;
        let word = match tab {
            Tab::Messages => texts.log.messages,
            Tab::Stats => texts.stats.stats,
            Tab::Lab => texts.lab.lab,
            Tab::Wire => texts.wire.wire,
        };
        html! {
            <button
                id={tab.id()}
                type="button"
                role="tab"
                aria-selected={if is_selected { "true" } else { "false" }}
                aria-controls={tab.panel()}
                tabindex={if is_selected { "0" } else { "-1" }}
                onclick={props.select.reform(move |_| tab)}
            >
                { word }
            </button>
        }
    };
    translatable(html! {
        <div class="tabs" role="tablist" {onkeydown}>{ for Tab::ALL.iter().map(tab) }</div>
    })
}

use yew::prelude::*;

use crate::browser::use_effect::use_effect_with;
use crate::browser::use_title::{use_icon, use_title};
use crate::composer::{Composer, ComposerProps};
use crate::connection::model::phase::Phase;
use crate::connection::opening::use_opening;
use crate::connection::options::{OptionFields, OptionFieldsProps};
use crate::connection::recent::{RecentUrls, RecentUrlsProps};
use crate::connection::reconnect::{Countdown, ReconnectField, use_reconnect};
use crate::connection::status::{Status, StatusProps};
use crate::connection::url_bar::{Endpoint, EndpointProps};
use crate::detail::actions::Outlets;
use crate::lab::panel::LabPanel;
use crate::lab::use_lab::LabPanelProps;
use crate::links::copy_link::{CopyLink, CopyLinkProps};
use crate::links::opened::{Question, use_address, use_link};
use crate::log::model::log::LogLimits;
use crate::log::panel::{Panel, PanelProps};
use crate::log::use_kept::use_kept;
use crate::session::use_session::use_session;
use crate::settings::{SettingFields, use_settings};
use crate::shortcuts::Shortcuts;
use crate::stats::{StatsPanel, StatsPanelProps};
use crate::texts::language::Language;
use crate::ui::child::child;
use crate::ui::controls::handling;
use crate::ui::overlay::Back;
use crate::ui::tabs::{Tab, Tabs, TabsProps};
use crate::ui::translation::translatable;
use crate::wire::panel::{WirePanel, WirePanelProps};

#[component]
pub fn App() -> Html {
    let settings = use_settings();
    let address = use_address();
    let session = use_session(&address.link, &address.opening);
    use_opening(&session);
    let link = use_link(&address, &session);
    let reconnect = use_reconnect(&session);
    let tab = use_state_eq(Tab::default);
    let field = use_mut_ref(|| None);
    let (state, can) = (&session.state, &session.can);
    let is_open = matches!(state.phase, Phase::Open(_));
    let kept = (settings.settings.max_messages, settings.settings.max_mebibytes);
    use_effect_with(kept, {
        let limit = can.limit.clone();
        move |(messages, mebibytes)| limit.emit(LogLimits::new(*messages, *mebibytes))
    });

    use_kept(settings.settings.keep_log && settings.settings.remember, &session);

    let title = (state.phase != Phase::Idle).then(|| state.phase.title(settings.language.texts()));
    use_title(title, state.log.borrow().counts().received);
    use_icon(state.phase.colour());

    let select = handling(&tab.setter(), UseStateSetter::set);
    let recent =
        RecentUrlsProps { opened: is_open.then(|| state.endpoint.clone()), choose: can.edit_url.clone() };
    let copy_link = CopyLinkProps {
        url: state.url.clone(),
        options: state.options.clone(),
        phase: state.phase.clone(),
        field: field.clone(),
        say: can.say.clone(),
    };
    let page = translatable(html! {
        <>
            <header class="bar">
                <h1>{ "ws-echo" }</h1>
                { child::<Endpoint>(EndpointProps {
                    url: state.url.clone(),
                    problem: state.url_problem.clone(),
                    options: state.options.clone(),
                    phase: state.phase.clone(),
                    can: can.clone(),
                    children: child::<RecentUrls>(recent),
                }) }
                { child::<OptionFields>(OptionFieldsProps {
                    url: state.url.clone(),
                    options: state.options.clone(),
                    edit: can.edit_options.clone(),
                    children: html! {
                        <>{ child::<ReconnectField>(reconnect.clone()) }{ child::<CopyLink>(copy_link) }</>
                    },
                }) }
                { child::<SettingFields>(settings.clone()) }
                { child::<Shortcuts>(()) }
            </header>
            <main>
                { child::<Status>(StatusProps {
                    phase: state.phase.clone(),
                    endpoint: state.endpoint.clone(),
                    notice: state.notice.clone(),
                    suggested: state.suggested_url(),
                    can: can.clone(),
                    children: child::<Countdown>(reconnect),
                }) }
                { child::<Composer>(ComposerProps {
                    can: can.clone(),
                    is_open,
                    draft: link.draft.clone(),
                    slot: field.clone(),
                }) }
                <div class="panel">
                    { child::<Tabs>(TabsProps { selected: *tab, select: select.clone() }) }
                    { child::<Panel>(PanelProps {
                        log: state.log.clone(),
                        times: settings.settings.times,
                        outlets: Outlets { send: can.send.clone(), field: field.clone() },
                        clear: can.clear.clone(),
                        end_clear: can.end_clear.clone(),
                        open_log: can.open_log.clone(),
                        phase: state.phase.clone(),
                        is_shown: *tab == Tab::Messages,
                    }) }
                    { child::<StatsPanel>(StatsPanelProps {
                        stats: state.stats.clone(),
                        reset: can.reset_stats.clone(),
                        is_shown: *tab == Tab::Stats,
                    }) }
                    { child::<LabPanel>(LabPanelProps {
                        phase: state.phase.clone(),
                        edit_url: can.edit_url.clone(),
                        connect_to: can.connect_to.clone(),
                        toggle: can.toggle.clone(),
                        show: select,
                        is_shown: *tab == Tab::Lab,
                    }) }
                    { child::<WirePanel>(WirePanelProps {
                        tap: state.tap.clone(),
                        has_begun: !matches!(state.phase, Phase::Idle | Phase::Connecting),
                        log: state.log.clone(),
                        options: state.options.clone(),
                        edit: can.edit_options.clone(),
                        is_shown: *tab == Tab::Wire,
                    }) }
                </div>
                if *link.asks {
                    { child::<Question>(link) }
                }
            </main>
            { child::<Back>(()) }
        </>
    });
    html! { <ContextProvider<Language> context={settings.language}>{ page }</ContextProvider<Language>> }
}

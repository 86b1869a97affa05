//! The page as a whole.

use yew::prelude::*;

use crate::components::composer::Composer;
use crate::components::endpoint::Endpoint;
use crate::components::messages::Messages;
use crate::components::options::OptionFields;
use crate::components::status::Status;
use crate::session::use_session;

/// The page.
#[component]
pub fn App() -> Html {
    let session = use_session();
    let state = &session.state;

    html! {
        <>
            <header>
                <h1>{ "ws-echo" }</h1>
                <p>{ "Every message comes back as it was sent." }</p>
            </header>
            <main>
                <Endpoint
                    url={state.url.clone()}
                    problem={state.url_problem.clone()}
                    phase={state.phase.clone()}
                    edit={session.edit_url}
                    connect={session.connect}
                    toggle={session.toggle}
                />
                <OptionFields options={state.options.clone()} edit={session.edit_options} />
                <Status
                    phase={state.phase.clone()}
                    endpoint={state.endpoint.clone()}
                    notice={state.notice.clone()}
                />
                <Composer send={session.send} />
                <Messages log={state.log.clone()} />
            </main>
        </>
    }
}

//! Texts of the lab. Those of the scenarios stand in the catalogue (`ws_echo_shared::lab`).

texts! {
    LabTexts {
        lab;
        loading;
        no_scenarios;
        scenario;
        /// Check box that asks for a tap.
        tap;
        /// Under a field with a bad value; `{allowed}` is in English.
        problem;
        /// Heading of the URL and the lines for other clients.
        lines;
        /// Shown in their place.
        bad_value;
        /// Name of a copy button for screen readers; `{name}` is that of the client.
        copy;
    }
}

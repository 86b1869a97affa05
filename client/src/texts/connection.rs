//! Texts for the URL, the options, and the state of the connection.

texts! {
    ConnectionTexts {
        region;
        url;
        /// Link shown without a connection.
        connect;
        /// Link shown with a connection.
        disconnect;
        /// Heading of the close codes to choose from.
        close_with;
        /// Precedes the suggested URL, which is a button.
        did_you_mean;
        question_mark;

        url_empty;
        /// The scheme is missing, but perhaps not the host.
        url_no_scheme;
        /// `ws:host`.
        url_no_slashes;
        url_no_host_nor_scheme;
        /// `ws:///path`.
        url_no_host;
        /// `http://` or `https://`: `{scheme}`, with `{meant}` as its WebSocket counterpart.
        url_of_a_page;
        url_other_scheme;
        url_space;
        /// An invisible character; `{code}` is for example `U+200B`.
        url_invisible;
        /// `{character}` is in the URL or around it; `{code}` is its percent-encoding for a path.
        url_character;
        /// `{character}` is not allowed in a host.
        url_host_character;
        /// `{host}` is in brackets, or begins with a bracket.
        url_not_ipv6;
        url_bare_ipv6;
        url_port;
        /// `{port}` belongs to another protocol.
        url_blocked_port;
        /// The URL contains `#`.
        url_fragment;
        /// `ws:` on a page loaded by `https:`.
        url_mixed;
        /// `{reason}` is the browser's message.
        url_refused;
        /// `--connect-src` lists the servers that the page may connect to.
        url_forbidden;
        no_worker;

        options;
        options_button;
        protocols;
        /// `{name}` is not a token.
        protocol_not_a_token;
        /// `{name}` occurs twice.
        protocol_twice;
        close_code;
        close_reason;
        reason_bytes;
        /// The code is not one that a page may send.
        close_code_problem;
        /// The reason is `{n}` bytes too long.
        close_reason_problem;

        state;
        details;
        idle;
        connecting;
        open;
        closing;
        /// In place of a close code, where the handshake failed.
        failed;
        /// `{code}` includes the name of the code.
        closed;
        agreed_protocol;
        agreed_extensions;
        reason;
        /// `{time}` is the time that the connection was open.
        closed_by_page;
        /// `{time}` is the time that the connection was open.
        closed_by_server;
        /// `{time}` is the time that the connection was open.
        closed_unanswered;
        /// `{time}` is the time that the connection was open.
        closed_by_neither;
        /// 1006 before the handshake was complete.
        never_opened;
        /// 1006 after the user disconnected before the handshake was complete.
        given_up;
        /// 1006 while the connection was open.
        dropped;

        opened;
        ended;
        connect_first;
        already_connected;
        disconnect_first;
        not_connected;
        not_disconnected;
        not_sent;
        /// A message was sent without a connection.
        kept;
        /// A message was sent before the connection opened.
        still_connecting;
        /// A message was sent after the connection began to close.
        already_closing;
        /// `{reason}` is the browser's message.
        send_refused;

        seconds;
        minutes;
        hours;

        /// Button beside a failure; `{url}` has the other scheme.
        try_other;
        /// Heading of the snippets to choose from.
        opening;
        opening_note;
        /// In front of command lines.
        elsewhere;
        opening_none;
    }
}

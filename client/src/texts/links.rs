//! Texts for reconnecting, recent URLs and links.

texts! {
    LinksTexts {
        reconnect;
        /// Note on the delays, and on the codes without reconnection.
        reconnect_note;
        /// Countdown; `{seconds}` until attempt `{attempt}`.
        reconnecting_in;
        reconnecting;
        /// Button that skips the delay.
        now;
        stop;
        /// No attempt after a normal close; `{code}` includes the name of the code.
        halt_done;
        /// No attempt after an error that would occur again; `{code}` includes the name of the code.
        halt_same;
        /// No attempt after an application's own code; `{code}` includes the name of the code.
        halt_private;

        recent;
        recent_none;
        forget;
        /// Label of the button for a `{url}`, for screen readers.
        forget_url;
        forget_all;

        copy_link;
        copy_link_note;
        copied;
        /// The browser did not let the page copy.
        not_copied;
        /// Remedy.
        copy_by_hand;
        /// Label of the field with the link.
        link;
        /// The link has no message, because it would have `{bytes}` of at most `{most}` bytes.
        without_message;
        /// The link is too long even without the message.
        too_long;
        /// The page was opened by a link with bad percent-encoding.
        bad_link;
        /// `{names}` are the names of the damaged parameters.
        bad_link_hint;

        /// Heading of the confirmation; `{host}` is not the page's own host.
        question;
        question_why;
        /// Reason for the confirmation on the page's own host.
        question_why_service;
        question_sends;
        question_silent;
        empty;
        connect;
        /// Button that declines, which has the focus.
        not_now;
    }
}

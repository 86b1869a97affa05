//! Texts of the log.

texts! {
    LogTexts {
        messages;
        received;
        sent;
        nothing;
        /// Shown in a list whose filter lets no entry through.
        no_hit;
        clear_filter;
        column_time;
        column_message;
        column_size;
        column_trip;
        empty;
        /// Direction, for screen readers.
        way_sent;
        /// Direction, for screen readers.
        way_received;
        /// Kind of a row, for screen readers.
        event;
        /// Choice of the events of the connection.
        events;
        event_opened;
        event_failed;
        /// `{code}` includes the name of the code.
        event_dropped;
        /// `{reason}` is the browser's message.
        event_not_sent;
        text;
        binary;
        bytes;
        /// Round trip; `{ms}` is the time with its unit.
        round_trip;
        filter;
        /// Placeholder of the filter's field.
        filter_hint;
        /// Label of the group of buttons that choose a direction, a kind, or events, for screen readers.
        shown;
        all;
        more;
        /// Number of entries that pass the filter, and of all entries.
        hits;
        filtering;
        /// The regular expression is invalid, with the browser's message.
        bad_pattern;
        /// The regular expression took longer than `{seconds}`.
        slow_pattern;
        /// The browser failed to match the regular expression, with its message.
        failed_pattern;
        /// The script of the worker did not load.
        no_matcher;
        pause;
        resume;
        behind;
        clear;
        newest;
        /// The same button, with the number of rows that came since the list was at its end.
        newer;
        evicted;
        keys;
        /// Number of received messages since it was last said, for screen readers.
        heard;
        /// In front of the button that brings the entries back.
        cleared;
    }
}

//! Texts for one message, and for the log as a file.

texts! {
    DetailTexts {
        /// Heading; `{id}` is the number of the message.
        sent;
        /// Heading; `{id}` is the number of the message.
        received;
        /// Heading; `{id}` is the number of the event.
        event;
        previous;
        next;
        /// Label of the choice of views, for screen readers.
        views;
        text;
        json;
        hex;
        /// Share of a long text that is shown; `{shown}` and `{all}` are sizes.
        part;
        more;
        open_all;
        close_all;
        /// Contents of a closed block.
        items;
        /// Follows the beginning of a long line; `{size}` is the size of the rest.
        line_goes_on;
        /// A long text that begins like JSON, but is not.
        not_json;
        /// Label of the boundary between the list and the message, for screen readers.
        width;
        copy;
        edit;
        resend;
        save;
        copied;
        /// `{size}` of a longer dump was copied.
        copied_beginning;
        not_copied;
        /// `{size}` is the maximum.
        not_edited;
        resent;
        not_saved;

        export_all;
        /// Takes the entries that the filter shows.
        export_shown;
        open_log;
        exporting;
        exported;
        reading;
        opened;
        /// Question before the list is replaced; `{n}` is the number of its entries.
        replace_question;
        /// Answer; `{n}` is the number of entries in the file.
        replace;
        keep;
        /// `{name}` is the file's name. The fault follows.
        refused;
        unreadable;
        empty_file;
        not_text;
        not_an_object;
        too_long;
        other_version;
        /// An invalid field; `{right}` describes valid contents.
        field;
        /// Value of `{right}`, like the texts below.
        field_way;
        field_time;
        field_kind;
        field_text;
        field_base64;
        field_round_trip;
        field_event;
        field_flag;
        field_number;
        field_code;

        find;
        /// Name of the field, for screen readers.
        find_label;
        find_previous;
        find_next;
        /// `{at}` is the number of the current hit.
        find_hits;
        /// There are more hits than are counted.
        find_most;
        find_none;
        copied_path;
        copied_value;

        /// Takes what the filter shows, like the other export.
        export_har;
        /// `{place}` is the path of a value, or the number of bytes in front of the fault.
        not_har;
        no_web_socket;

        pin;
        unpin;
        pinned;
        unpinned;
        is_pinned;
        /// `{left}` and `{right}` are the numbers of the messages, also below.
        compare;
        swap;
        comparing;
        equal;
        /// `{first}` and `{second}` are numbers of lines.
        differ;
        not_compared;
        differences;

        /// While bytes of a binary format are decoded.
        decoding;
        /// `{format}` is a format's name, and `{at}` the number of bytes in front of the fault.
        not_decoded;
        no_module;
    }
}

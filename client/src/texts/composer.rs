//! Texts of the composer.

use crate::common::line_end::LineEnd;

texts! {
    ComposerTexts {
        region;
        message;
        send;
        /// Follows the names of the keys, for screen readers.
        sends_too;

        mode;
        mode_text;
        mode_hex;
        mode_base64;
        line_ends;
        /// A choice of line ends; `{end}` is one of the three below.
        lines_end;
        lf;
        crlf;
        cr;
        /// A text with mixed line ends was inserted; all of them are now `{end}`.
        mixed_text;
        /// The bytes are text, but have mixed line ends.
        mixed_bytes;
        /// The input cannot be converted to text.
        no_text;
        /// `{problem}` is the fault of the input.
        not_sent;
        bytes;

        at;
        hex_character;
        hex_odd;
        base64_character;
        base64_after_padding;
        base64_padding;
        base64_single;
        base64_bits;

        /// Text that looks like JSON, but is too long for a check while typing.
        json;
        json_valid;
        json_invalid;
        pretty;
        json_end;
        json_end_in_string;
        json_unexpected;
        /// `[1,]`.
        json_trailing_comma;
        /// `[1 2]`.
        json_missing_comma;
        /// `{"a" 1}`.
        json_missing_colon;
        /// `{a: 1}` or `'a'`.
        json_unquoted;
        /// `None`.
        json_word;
        /// `01`.
        json_number;
        /// `\x`.
        json_escape;
        json_control;
        /// `{} {}`.
        json_more;
        json_too_long;

        file;
        /// Shown while a file is dragged over the composer.
        drop;
        file_region;
        /// Label for the choice of pieces.
        pieces;
        whole;
        /// A choice; `{size}` is the size of each piece.
        in_pieces;
        messages;
        send_file;
        cancel;
        /// Button that stops the transfer after the browser has taken the whole file.
        disconnect;
        /// The browser has taken the whole file.
        handed;
        put_away;
        progress;
        out_of;
        /// Rate; `{size}` per second.
        a_second;
        file_sent;
        file_cancelled;
        /// The connection ended during the transfer.
        file_cut;
        /// The browser could not read the file; `{reason}` is its message.
        file_unreadable;
        file_too_big;
        /// Several files were dropped.
        one_file;

        repeat;
        repeat_button;
        /// Label while a repetition is in progress.
        repeating;
        times;
        every;
        start;
        stop;
        times_problem;
        /// Note in the panels of repeat and of the snippets.
        placeholders;
        every_problem;
        sent_of;
        sent;
        rate;
        stopped;
        done;
        /// The connection ended during the repetition.
        cut;

        snippets;
        snippets_button;
        snippet_name;
        save;
        no_snippets;
        /// Label of the button with a snippet's `{name}`, for screen readers.
        load;
        rename;
        /// Label for screen readers.
        rename_which;
        delete;
        /// Label for screen readers.
        delete_which;
        undo;
        import;
        export;
        forget;
        saved;
        renamed;
        deleted;
        imported;
        forgotten;
        /// The storage is full or forbidden.
        not_stored;
        name_empty;
        name_taken;
        import_not_json;
        import_not_snippets;
        import_version;
        import_snippet;
        import_too_many;
        /// The browser could not read the file; `{reason}` is its message.
        import_unreadable;
        /// Label of the button that sends the snippet `{name}`, for screen readers.
        send_which;
    }
}

impl ComposerTexts {
    pub const fn line_end(&self, end: LineEnd) -> &'static str {
        match end {
            LineEnd::Lf => self.lf,
            LineEnd::CrLf => self.crlf,
            LineEnd::Cr => self.cr,
        }
    }
}

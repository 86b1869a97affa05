//! Texts of the page as a whole, its settings, and its keyboard shortcuts.

texts! {
    PageTexts {
        /// Subtitle below the page's name.
        claim;
        close;
    }
}

texts! {
    SettingsTexts {
        settings;
        language;
        /// Choice that follows the browser's preference.
        browser;
        /// Name of the language in the language itself.
        english;
        /// Name of the language in the language itself.
        chinese;
        theme;
        system;
        light;
        dark;
        times;
        clock;
        since_start;
        max_messages;
        max_mebibytes;
        number_problem;
        /// The file with the texts of the chosen language did not load.
        not_loaded;
        /// The browser refuses to store settings.
        not_kept;
        since_previous;
        remember;
        /// While it is on.
        remember_note;
        /// While it is off.
        forgets;
        keep_log;
        keep_log_note;
        /// Notice: the browser refuses to store the log.
        log_not_kept;
        log_not_kept_hint;
    }
}

texts! {
    ShortcutsTexts {
        keys;
        title;
        connect;
        send;
        /// Up and Down, on the first and the last line of the message field.
        recall;
        /// Anywhere except in a field.
        filter;
        move_by;
        ends;
        open;
        act;
        next_hit;
        close;
        /// Anywhere except in a field.
        help;
        undo;
        note;
        find;
        /// `c` copies the value, `p` the path.
        json;
    }
}

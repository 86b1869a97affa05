//! Texts for the stats.

texts! {
    StatsTexts {
        stats;
        reset;
        traffic;
        /// Label of a column, and of a line in a chart.
        sent;
        /// Label of a column, and of the bars in a chart.
        received;
        messages;
        bytes;
        /// Rate over the last few seconds.
        messages_now;
        /// Rate over the last few seconds.
        bytes_now;
        /// Table and charts of the time from sending a message to its echo.
        round_trip;
        no_echo;
        p50;
        p95;
        p99;
        least;
        most;
        mean;
        echoes;
        distribution;
        /// Summary of the chart, for screen readers.
        distribution_words;
        rate;
        /// Summary of the chart, for screen readers.
        rate_words;
        drift;
        /// Summary of the chart, for screen readers.
        drift_words;
    }
}

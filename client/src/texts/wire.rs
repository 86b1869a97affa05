//! Texts of the tab with the frames. The names of frames and headers are the same in every language.

texts! {
    WireTexts {
        wire;
        /// Check box.
        record;
        /// Shown without a record.
        nothing;
        waiting;
        /// Link to all entries.
        json;
        entries;
        beyond;
        column_time;
        column_frame;
        compressed;
        /// Of a frame without FIN.
        goes_on;
        masked;
        unmasked;
        inflated;
        tcp;
        /// In place of TCP, on a stream of HTTP/2.
        stream;
        stream_id;
        end;
        client;
        server;
        /// In place of a side, where the connection was lost.
        nobody;
        split;
        uncompressed;
        late;
        missing;
        /// Numbers of messages that differ.
        sent;
        received;
        told;
    }
}

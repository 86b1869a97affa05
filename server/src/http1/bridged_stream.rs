//! A socket as the client's side of a bridged connection.

use std::{io, time::Duration};

use actix_http::{ResponseHead, body::BodySize};
use actix_web::{http::Version, web::BytesMut};
use socket2::SockRef;

use super::response::{RequestForm, encode};
use crate::serving::{
    bridge::BridgedStream, client_stream::ClientStream, framing::Framing, lingering::limit_unread,
};

impl<T: ClientStream> BridgedStream for T {
    fn put_head(
        &mut self,
        head: &ResponseHead,
        size: BodySize,
        version: Version,
        out: &mut BytesMut,
    ) -> io::Result<Framing> {
        Ok(encode(head, size, RequestForm { version, is_head: false }, true, out).framing)
    }

    fn limit_unread(&mut self, time: Duration) {
        limit_unread(self, time);
    }

    fn set_receive_buffer(&self, bytes: usize) {
        // Without it, the connection is only less slow.
        let _ = SockRef::from(self.tcp()).set_recv_buffer_size(bytes);
    }

    fn reset(&mut self) {
        let _ = SockRef::from(self.tcp()).set_linger(Some(Duration::ZERO));
    }
}

//! The body of an answer that is a file of the page.

use std::{
    io::{self, ErrorKind, Read as _, Seek as _, SeekFrom},
    pin::Pin,
    task::{Context, Poll},
};

use actix_web::{
    body::{BodySize, MessageBody},
    web::Bytes,
};

use super::asset::Content;

/// The longest piece, in bytes. A client that does not read keeps one in memory.
const PIECE: u64 = 8 * 1024;

/// A part of a file. The thread that serves the client reads it: that takes less time than passing a piece between threads.
pub(crate) struct PageBody {
    content: Content,
    left: u64,
}

impl PageBody {
    /// A body of the `len` bytes from `offset` on. They must lie in the content.
    ///
    /// # Errors
    /// The file has no offsets, such as a pipe.
    pub(crate) fn new(mut content: Content, offset: u64, len: u64) -> io::Result<Self> {
        match &mut content {
            Content::File(file) => {
                file.seek(SeekFrom::Start(offset))?;
            }
            Content::Static(bytes) => *bytes = bytes.get(offset as usize..).unwrap_or_default(),
        }
        Ok(Self { content, left: len })
    }

    fn read(&mut self) -> io::Result<Bytes> {
        let most = self.left.min(PIECE) as usize;
        let piece = match &mut self.content {
            Content::File(file) => {
                let mut piece = vec![0; most];
                let len = loop {
                    match file.read(&mut piece) {
                        Err(error) if error.kind() == ErrorKind::Interrupted => {}
                        read => break read?,
                    }
                };
                piece.truncate(len);
                Bytes::from(piece)
            }
            Content::Static(bytes) => {
                let (piece, rest) = bytes.split_at(most.min(bytes.len()));
                *bytes = rest;
                Bytes::from_static(piece)
            }
        };
        if piece.is_empty() {
            // The file was truncated after its length was sent in the head.
            return Err(ErrorKind::UnexpectedEof.into());
        }
        self.left -= piece.len() as u64;
        Ok(piece)
    }
}

impl MessageBody for PageBody {
    type Error = io::Error;

    fn size(&self) -> BodySize {
        BodySize::Sized(self.left)
    }

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        Poll::Ready((self.left > 0).then(|| self.read()))
    }
}

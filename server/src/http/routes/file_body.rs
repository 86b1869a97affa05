//! The body of an answer that is a file.

use std::{
    fs::File,
    io::{self, ErrorKind, Read as _, Seek as _, SeekFrom},
    pin::Pin,
    task::{Context, Poll},
};

use actix_web::{
    body::{BodySize, MessageBody},
    web::Bytes,
};

/// The longest piece, in bytes. A client that does not read keeps one in memory; actix-files reads 64 KiB at a time.
const PIECE: u64 = 8 * 1024;

/// A part of a file. The thread that serves the client reads it: that takes less time than passing a piece between threads.
#[derive(Debug)]
pub(super) struct FileBody {
    file: File,
    left: u64,
}

impl FileBody {
    /// A body of the `len` bytes from `offset` on.
    ///
    /// # Errors
    /// The file has no offsets, such as a pipe.
    pub(super) fn new(mut file: File, offset: u64, len: u64) -> io::Result<Self> {
        file.seek(SeekFrom::Start(offset))?;
        Ok(Self { file, left: len })
    }

    fn read(&mut self) -> io::Result<Bytes> {
        let mut piece = vec![0; self.left.min(PIECE) as usize];
        let len = loop {
            match self.file.read(&mut piece) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                // The file was truncated after its length was sent in the head.
                Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
                read => break read?,
            }
        };
        piece.truncate(len);
        self.left -= len as u64;
        Ok(piece.into())
    }
}

impl MessageBody for FileBody {
    type Error = io::Error;

    fn size(&self) -> BodySize {
        BodySize::Sized(self.left)
    }

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        Poll::Ready((self.left > 0).then(|| self.read()))
    }
}

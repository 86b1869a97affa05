//! The end of a connection whose client may not have read the last answer.

use std::{io, time::Duration};

use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    time::timeout,
};

use crate::serving::client_stream::ClientStream;

/// Time limit for the client to read the last answer and to close its half.
pub(crate) const LINGER: Duration = Duration::from_secs(1);

/// Sets the time after which the kernel ends the connection, if the client reads nothing of its answers. Only on Linux.
pub(crate) fn limit_unread(stream: &impl ClientStream, time: Duration) {
    #[cfg(target_os = "linux")]
    let _ = socket2::SockRef::from(stream.tcp()).set_tcp_user_timeout(Some(time));
    #[cfg(not(target_os = "linux"))]
    let _ = (stream, time);
}

/// Closes the server's half of a connection, and waits up to [`LINGER`] for the client to close its own. Closing the socket while
/// the client still sends would reset the connection, and the client could lose an answer before it has read it.
pub(crate) async fn linger<S: AsyncRead + AsyncWrite + Unpin>(mut stream: S) {
    let end = async {
        stream.shutdown().await?;
        let mut discarded = [0; 1024];
        while stream.read(&mut discarded).await? > 0 {}
        io::Result::Ok(())
    };
    let _ = timeout(LINGER, end).await;
}

//! Clients in a thread of their own, so that they do not delay the clients that measure.

use std::thread::{self, JoinHandle};

use tokio::sync::oneshot;

use crate::observers::give_way;

/// A thread with a runtime. Its tasks end when this is dropped.
pub struct Background {
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Background {
    /// Waits until `begin` completes. Its result, such as a set of tasks, is kept until this is dropped, and the tasks run on.
    pub async fn start<T: Send>(begin: impl Future<Output = T> + Send + 'static) -> Self {
        let (stop, stopped) = oneshot::channel::<()>();
        let (begun, has_begun) = oneshot::channel();
        let run = async move {
            let _kept = begin.await;
            let _ = begun.send(());
            let _ = stopped.await;
        };
        let thread = thread::spawn(|| {
            give_way();
            tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run);
        });
        let background = Self { stop: Some(stop), thread: Some(thread) };
        has_begun.await.expect("clients that begin well");
        background
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        drop(self.stop.take());
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

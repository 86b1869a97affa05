//! Clients in a thread of their own, so that those who are measured do not wait for them.

use std::thread::{self, JoinHandle};

use tokio::sync::oneshot;

use crate::observers::give_way;

/// A thread with a runtime. What runs in it ends when this is dropped.
pub struct Background {
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Background {
    /// Waits until the beginning is made. What that gives, such as a set of tasks, is kept and goes on.
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

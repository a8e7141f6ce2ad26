use std::thread;

use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;

/// A runtime on a thread of its own; dropped, it ends with all that runs on it.
pub struct Apart {
    pub handle: Handle,
    _ends: oneshot::Sender<()>,
}

impl Apart {
    pub fn new() -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        let handle = runtime.handle().clone();
        let (ends, ended) = oneshot::channel::<()>();
        thread::spawn(move || {
            // Its sender says nothing: it is dropped.
            let _ = runtime.block_on(ended);
            runtime.shutdown_background();
        });
        Apart { handle, _ends: ends }
    }
}

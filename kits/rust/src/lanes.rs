use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::oneshot;

/// Carries out what is about one handle in order, and what is about others beside it.
#[derive(Default)]
pub(crate) struct Lanes(Mutex<HashMap<String, Turn>>);

/// The last that a lane was given: its number, and what ends when it is over.
struct Turn {
    number: u64,
    over: oneshot::Receiver<()>,
}

impl Lanes {
    /// Puts work at the end of a lane. On a thread of the runtime.
    pub(crate) fn add(self: &Arc<Self>, lane: String, work: impl Future<Output = ()> + Send + 'static) {
        let (ends, over) = oneshot::channel();
        let mut lanes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before = lanes.remove(&lane);
        let number = before.as_ref().map_or(0, |turn| turn.number + 1);
        lanes.insert(lane.clone(), Turn { number, over });
        drop(lanes);
        let all = Arc::clone(self);
        tokio::spawn(async move {
            if let Some(turn) = before {
                // Its sender says nothing: it is dropped when that work is over.
                let _ = turn.over.await;
            }
            work.await;
            drop(ends);
            all.forget(&lane, number);
        });
    }

    /// A lane in which nothing came after is no more.
    fn forget(&self, lane: &str, number: u64) {
        let mut lanes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if lanes.get(lane).is_some_and(|turn| turn.number == number) {
            lanes.remove(lane);
        }
    }
}

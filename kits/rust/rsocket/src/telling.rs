use std::sync::{Arc, Mutex, PoisonError};

use weir_kit::{Call, Told};

use crate::Item;

/// An item of a call, or what ends it.
pub(crate) type Outgoing = std::result::Result<Item, Told>;

/// A call of which nothing is told any more once it is over.
#[derive(Clone)]
pub(crate) struct Telling {
    pub(crate) call: Call,
    over: Arc<Mutex<bool>>,
}

impl Telling {
    pub(crate) fn of(call: Call) -> Self {
        Telling {
            call,
            over: Arc::default(),
        }
    }

    fn unless_over(&self, act: impl FnOnce(&Call) -> bool) {
        let mut over = self.over.lock().unwrap_or_else(PoisonError::into_inner);
        if !*over {
            *over = act(&self.call);
        }
    }

    pub(crate) fn item(&self, item: Outgoing) {
        self.unless_over(|call| match item {
            Ok(item) => {
                let (data, metadata) = item.values();
                call.message(data, metadata);
                false
            }
            Err(error) => {
                call.error(error);
                call.end(None);
                true
            }
        });
    }

    pub(crate) fn end(&self) {
        self.unless_over(|call| {
            call.end(None);
            true
        });
    }
}

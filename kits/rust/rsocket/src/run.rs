use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures::StreamExt;
use weir_kit::{Instance, Seen, Value};

use crate::{Item, Items};

/// A run of a handler, as what is told of it until it is over. Its clones are the same.
#[derive(Clone)]
pub struct Run {
    shared: Arc<Shared>,
}

struct Shared {
    instance: Instance,
    procedure: String,
    number: String,
    /// How much of it goes on. None: it is over, and nothing more is told.
    open: Mutex<usize>,
}

impl Run {
    pub(crate) fn begin(instance: Instance, procedure: &str, number: String, request: &Item) -> Self {
        let run = Run {
            shared: Arc::new(Shared {
                instance,
                procedure: procedure.to_owned(),
                number,
                open: Mutex::new(0),
            }),
        };
        let (data, own) = request.values();
        run.tell("started", Some(data), own);
        run
    }

    fn open(&self) -> MutexGuard<'_, usize> {
        self.shared.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self, event: &str, value: Option<Value>, metadata: Option<Value>) {
        self.shared.instance.handler(Seen {
            procedure: self.shared.procedure.clone(),
            run: self.shared.number.clone(),
            event: event.to_owned(),
            value,
            metadata,
            ..Seen::default()
        });
    }

    fn unless_over(&self, event: &str, value: Option<Value>, metadata: Option<Value>) {
        let open = self.open();
        if *open > 0 {
            self.tell(event, value, metadata);
        }
    }

    /// One more part of it, beside those that go on.
    pub(crate) fn part(&self) -> Part {
        *self.open() += 1;
        Part(Some(self.clone()))
    }

    /// Its requester gave it up. A library need not tell of that where it drops what it was given before its end.
    pub fn cancelled(&self) {
        let mut open = self.open();
        if *open > 0 {
            *open = 0;
            self.tell("cancelled", None, None);
            self.tell("finished", None, None);
        }
    }

    fn part_done(&self) {
        let mut open = self.open();
        if *open > 0 {
            *open -= 1;
            if *open == 0 {
                self.tell("finished", None, None);
            }
        }
    }

    /// The next item of the requester, or none where that ended its side; how is told.
    pub(crate) async fn next(&self, items: &mut Items) -> Option<Item> {
        match items.next().await {
            Some(Ok(item)) => {
                let (data, metadata) = item.values();
                self.unless_over("request", Some(data), metadata);
                Some(item)
            }
            Some(Err(error)) => {
                self.unless_over("requests-failed", Some(error.code), None);
                None
            }
            None => {
                self.unless_over("requests-closed", None, None);
                None
            }
        }
    }
}

/// What goes on of a run: all of it, or what its handler sends, or what it does beside. Dropped before it is done, its run was given up.
pub(crate) struct Part(Option<Run>);

impl Part {
    /// With the last of its parts a run is over.
    pub(crate) fn done(&mut self) {
        if let Some(run) = self.0.take() {
            run.part_done();
        }
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        if let Some(run) = self.0.take() {
            run.cancelled();
        }
    }
}

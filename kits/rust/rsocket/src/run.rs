use futures::StreamExt;
use weir_kit::{Instance, Seen, Value};

use crate::{Item, Items};

/// One run of a handler, and what is told of it. Dropped before it is over, it was given up.
pub struct Run {
    pub(crate) procedure: String,
    pub(crate) request: Item,
    instance: Instance,
    number: String,
    over: bool,
}

impl Run {
    pub(crate) fn begin(instance: Instance, procedure: String, number: String, request: Item) -> Self {
        let run = Run {
            procedure,
            request,
            instance,
            number,
            over: false,
        };
        let (data, own) = run.request.values();
        run.tell("started", Some(data), own);
        run
    }

    fn tell(&self, event: &str, value: Option<Value>, metadata: Option<Value>) {
        self.instance.handler(Seen {
            procedure: self.procedure.clone(),
            run: self.number.clone(),
            event: event.to_owned(),
            value,
            metadata,
            ..Seen::default()
        });
    }

    /// Tells that the handler has nothing more to do.
    pub(crate) fn finish(&mut self) {
        if !self.over {
            self.over = true;
            self.tell("finished", None, None);
        }
    }

    /// The next item of the requester, or none where that ended its side; how is told.
    pub(crate) async fn next(&mut self, items: &mut Items) -> Option<Item> {
        match items.next().await {
            Some(Ok(item)) => {
                let (data, metadata) = item.values();
                self.tell("request", Some(data), metadata);
                Some(item)
            }
            Some(Err(error)) => {
                self.tell("requests-failed", Some(error.code), None);
                None
            }
            None => {
                self.tell("requests-closed", None, None);
                None
            }
        }
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        if !self.over {
            self.tell("cancelled", None, None);
            self.finish();
        }
    }
}

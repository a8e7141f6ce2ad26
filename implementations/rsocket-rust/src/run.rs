use rsocket_rust::prelude::{Flux, Payload, StreamExt};
use weir_kit::{Instance, Seen, Value};

use crate::payloads::{told, values_of};

/// One run of a handler, and what is told of it. Dropped before it is over, it was given up.
pub struct Run {
    pub procedure: String,
    pub request: Payload,
    instance: Instance,
    number: String,
    over: bool,
}

impl Run {
    pub fn begin(instance: Instance, procedure: String, number: String, request: Payload) -> Self {
        let run = Run {
            procedure,
            request,
            instance,
            number,
            over: false,
        };
        let (data, own) = values_of(&run.request);
        run.tell("started", Some(data), own);
        run
    }

    pub fn tell(&self, event: &str, value: Option<Value>, metadata: Option<Value>) {
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
    pub fn finish(&mut self) {
        if !self.over {
            self.over = true;
            self.tell("finished", None, None);
        }
    }

    /// The next item of the requester, or none where that ended its side; how is told.
    pub async fn next(&mut self, items: &mut Flux<rsocket_rust::Result<Payload>>) -> Option<Payload> {
        match items.next().await {
            Some(Ok(item)) => {
                let (data, metadata) = values_of(&item);
                self.tell("request", Some(data), metadata);
                Some(item)
            }
            Some(Err(error)) => {
                self.tell("requests-failed", Some(told(&error).code), None);
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

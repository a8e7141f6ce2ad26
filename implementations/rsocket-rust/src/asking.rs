use std::sync::{Arc, Mutex, PoisonError};

use futures::future::{AbortHandle, AbortRegistration, Abortable};
use rsocket_rust::prelude::{Flux, Payload, RSocket, StreamExt};
use rsocket_rust::stream;
use tokio::sync::{mpsc, oneshot};
use weir_kit::{Call, Refusal, Result, Running, Told, Value};

use crate::payloads::{bytes_of, failure, request, told, values_of};

/// The other end of a connection.
pub type Peer = Arc<dyn RSocket>;

type Items = mpsc::UnboundedSender<rsocket_rust::Result<Payload>>;

/// A call of which nothing is told any more once it is over.
#[derive(Clone)]
struct Telling {
    call: Call,
    over: Arc<Mutex<bool>>,
}

impl Telling {
    fn unless_over(&self, act: impl FnOnce(&Call) -> bool) {
        let mut over = self.over.lock().unwrap_or_else(PoisonError::into_inner);
        if !*over {
            *over = act(&self.call);
        }
    }

    fn item(&self, item: rsocket_rust::Result<Payload>) {
        self.unless_over(|call| match item {
            Ok(payload) => {
                let (data, metadata) = values_of(&payload);
                call.message(data, metadata);
                false
            }
            Err(error) => {
                call.error(told(&error));
                call.end(None);
                true
            }
        });
    }

    fn end(&self) {
        self.unless_over(|call| {
            call.end(None);
            true
        });
    }
}

/// A call as it is to be made on a connection.
pub struct Job {
    telling: Telling,
    out: mpsc::UnboundedReceiver<rsocket_rust::Result<Payload>>,
    abort: AbortRegistration,
}

/// What its application can do to it.
pub struct Asked {
    telling: Telling,
    out: Mutex<Option<Items>>,
    abort: AbortHandle,
}

/// A call, before there is a connection for it.
pub fn asking(call: Call) -> (Asked, Job) {
    let (sending, out) = mpsc::unbounded_channel();
    let (handle, abort) = AbortHandle::new_pair();
    let telling = Telling {
        call,
        over: Arc::default(),
    };
    let asked = Asked {
        telling: telling.clone(),
        out: Mutex::new(Some(sending)),
        abort: handle,
    };
    (asked, Job { telling, out, abort })
}

impl Job {
    /// Makes the call, and tells of it until it is over or given up.
    pub async fn carry_out(self, peer: Peer) {
        let Job { telling, out, abort } = self;
        let _ = Abortable::new(ask(telling, out, peer), abort).await;
    }

    /// Tells that there is no connection for it.
    pub fn closed(self, why: &str) {
        if !matches!(self.telling.call.kind.as_str(), "fire-and-forget" | "metadata-push") {
            self.telling.item(Err(failure(why)));
        }
    }
}

async fn ask(telling: Telling, mut out: mpsc::UnboundedReceiver<rsocket_rust::Result<Payload>>, peer: Peer) {
    let call = telling.call.clone();
    let own = bytes_of(call.metadata.as_ref());
    let first = request(call.procedure.as_deref(), bytes_of(call.value.as_ref()), own.clone());
    match call.kind.as_str() {
        // Nobody is told what becomes of these.
        "metadata-push" => drop(peer.metadata_push(Payload::new(None, own)).await),
        "fire-and-forget" => drop(peer.fire_and_forget(first).await),
        "request-response" => {
            if let Some(item) = peer.request_response(first).await.transpose() {
                telling.item(item);
            }
            telling.end();
        }
        "request-stream" => {
            // Its stream does not hold the connection.
            let items = peer.request_stream(first);
            drop(peer);
            read(&telling, items).await;
            telling.end();
        }
        _ => {
            let (sends, sent) = oneshot::channel::<()>();
            let items = peer.request_channel(Box::pin(stream! {
                yield Ok(first);
                while let Some(item) = out.recv().await {
                    yield item;
                }
                drop(sends);
            }));
            drop(peer);
            read(&telling, items).await;
            // Over when both its directions are.
            let _ = sent.await;
            telling.end();
        }
    }
}

async fn read(telling: &Telling, mut items: Flux<rsocket_rust::Result<Payload>>) {
    while let Some(item) = items.next().await {
        telling.item(item);
    }
}

impl Asked {
    fn put(&self, item: Option<rsocket_rust::Result<Payload>>) -> Result {
        if self.telling.call.kind != "request-channel" {
            return Err(Refusal::new("the library sends one request with such a call"));
        }
        let mut out = self.out.lock().unwrap_or_else(PoisonError::into_inner);
        match item {
            // Of a call that is over nothing is sent.
            Some(item) => drop(out.as_ref().map(|sending| sending.send(item))),
            None => drop(out.take()),
        }
        Ok(())
    }
}

impl Running for Asked {
    async fn send(&self, value: Value, metadata: Option<Value>) -> Result {
        self.put(Some(Ok(Payload::new(bytes_of(Some(&value)), bytes_of(metadata.as_ref())))))
    }

    async fn finish(&self, _metadata: Option<Value>, error: Option<Told>) -> Result {
        if let Some(why) = error {
            self.put(Some(Err(failure(why.message))))?;
            self.telling.end();
        }
        self.put(None)
    }

    async fn cancel(&self) -> Result {
        self.telling.end();
        self.abort.abort();
        Ok(())
    }
}

use std::sync::{Arc, Mutex, PoisonError};

use async_stream::stream;
use futures::future::{AbortHandle, AbortRegistration, Abortable};
use futures::StreamExt;
use tokio::sync::{mpsc, oneshot, Semaphore};
use weir_kit::{Call, Refusal, Result, Running, Told, Value};

use crate::codes::named;
use crate::telling::{Outgoing, Telling};
use crate::{Item, Items, Peer};

/// How many items a requester takes where it does not say.
const UNBOUNDED: u32 = (1 << 31) - 1;

/// A call as it is to be made on a connection.
pub struct Job {
    telling: Telling,
    credit: Arc<Semaphore>,
    out: mpsc::UnboundedReceiver<Outgoing>,
    abort: AbortRegistration,
}

/// What its application can do to it.
pub struct Asked {
    telling: Telling,
    credit: Arc<Semaphore>,
    out: Mutex<Option<mpsc::UnboundedSender<Outgoing>>>,
    abort: AbortHandle,
}

/// A call, before there is a connection for it.
pub fn asking(call: Call) -> (Asked, Job) {
    let (sending, out) = mpsc::unbounded_channel();
    let (handle, abort) = AbortHandle::new_pair();
    let credit = Arc::new(Semaphore::new(call.credit.unwrap_or(UNBOUNDED) as usize));
    let telling = Telling::of(call);
    let asked = Asked {
        telling: telling.clone(),
        credit: Arc::clone(&credit),
        out: Mutex::new(Some(sending)),
        abort: handle,
    };
    let job = Job {
        telling,
        credit,
        out,
        abort,
    };
    (asked, job)
}

impl Job {
    /// Makes the call, and tells of it until it is over or given up.
    pub async fn carry_out<P: Peer>(self, peer: P) {
        let Job {
            telling,
            credit,
            out,
            abort,
        } = self;
        let _ = Abortable::new(ask(telling, &credit, out, peer), abort).await;
    }

    /// Tells that there is no connection for it.
    pub fn closed(self, why: &str) {
        if !matches!(self.telling.call.kind.as_str(), "fire-and-forget" | "metadata-push") {
            self.telling.item(Err(Told::new("CLOSED", why)));
        }
    }
}

async fn ask<P: Peer>(telling: Telling, credit: &Semaphore, mut out: mpsc::UnboundedReceiver<Outgoing>, peer: P) {
    let call = telling.call.clone();
    let route = call.procedure.as_deref();
    let first = Item::of(call.value.as_ref(), call.metadata.as_ref());
    match call.kind.as_str() {
        // Nobody is told what becomes of these.
        "metadata-push" => drop(peer.metadata_push(Item { data: None, ..first }).await),
        "fire-and-forget" => drop(peer.fire_and_forget(route, first).await),
        "request-response" => {
            if let Some(item) = peer.request_response(route, first).await.transpose() {
                telling.item(item);
            }
            telling.end();
        }
        "request-stream" => {
            // Its stream does not hold the connection.
            let mut items = peer.request_stream(route, first);
            drop(peer);
            read(&telling, credit, &mut items).await;
            telling.end();
        }
        _ => {
            let (sends, sent) = oneshot::channel::<()>();
            let rest = stream! {
                while let Some(item) = out.recv().await {
                    yield item;
                }
                drop(sends);
            };
            let mut items = peer.request_channel(route, first, Box::pin(rest));
            drop(peer);
            read(&telling, credit, &mut items).await;
            // Over when both its directions are; until then it can be given up by dropping the one.
            let _ = sent.await;
            drop(items);
            telling.end();
        }
    }
}

/// Tells items as there is credit for them. One is held at most; an error and the end wait for none.
async fn read(telling: &Telling, credit: &Semaphore, items: &mut Items) {
    while let Some(item) = items.next().await {
        if item.is_ok() {
            // It is never closed.
            if let Ok(taken) = credit.acquire().await {
                taken.forget();
            }
        }
        telling.item(item);
    }
}

impl Asked {
    fn put(&self, item: Option<Outgoing>) -> Result {
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
        self.put(Some(Ok(Item::of(Some(&value), metadata.as_ref()))))
    }

    async fn credit(&self, n: u32) -> Result {
        self.credit.add_permits(n as usize);
        Ok(())
    }

    async fn finish(&self, _metadata: Option<Value>, error: Option<Told>) -> Result {
        if let Some(why) = error {
            self.put(Some(Err(named(why))))?;
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

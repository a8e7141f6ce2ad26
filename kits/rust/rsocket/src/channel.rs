use std::future::{pending, poll_fn};

use async_stream::stream;
use futures::future::{FusedFuture, FutureExt};
use tokio::sync::mpsc;
use tokio::task::AbortHandle;
use weir_kit::Told;

use crate::run::{Part, Run};
use crate::words::{failed, no_route, number};
use crate::{Item, Items};

/// What the handler of a channel sends, until it is taken.
type Out = mpsc::UnboundedSender<Result<Item, Told>>;

/// A handler that goes on by itself, whether what it sends is taken or not. Its requester gave it up where this is dropped before all was.
struct Handling {
    sending: Part,
    task: Option<AbortHandle>,
}

impl Handling {
    fn sent(&mut self) {
        self.task = None;
        self.sending.done();
    }
}

impl Drop for Handling {
    fn drop(&mut self) {
        if let Some(task) = self.task.take() {
            task.abort();
        }
    }
}

/// What the handler of a route sends; it does with the further items of its requester what the route says.
pub(crate) fn channel(run: Run, sending: Part, route: String, first: Item, items: Items) -> Items {
    let (out, mut waiting) = mpsc::unbounded_channel();
    let mut working = run.part();
    let handler = async move {
        handle(&run, &route, first, items, out).await;
        working.done();
    };
    // Where somebody waits for what it sends, that carries it on, too, and the end comes with what led to it.
    let mut handler = handler.boxed().shared();
    let task = tokio::spawn(handler.clone());
    let mut handling = Handling {
        sending,
        task: Some(task.abort_handle()),
    };
    Box::pin(stream! {
        while let Some(item) = poll_fn(|context| {
            if !handler.is_terminated() {
                let _ = handler.poll_unpin(context);
            }
            waiting.poll_recv(context)
        })
        .await
        {
            // Behind an error nothing is taken.
            if item.is_err() {
                handling.sent();
            }
            yield item;
        }
        handling.sent();
    })
}

async fn handle(run: &Run, route: &str, first: Item, mut items: Items, out: Out) {
    // Nobody takes any more what cannot be sent.
    let send = |item| drop(out.send(item));
    match route {
        "channel-echo" | "channel-one-by-one" => {
            send(Ok(first));
            while let Some(item) = run.next(&mut items).await {
                send(Ok(item));
            }
        }
        "channel-sum" => {
            let mut sum = number(&first.text());
            while let Some(item) = run.next(&mut items).await {
                sum += number(&item.text());
            }
            send(Ok(Item::plain(sum)));
        }
        "channel-first" => {
            send(Ok(first));
            // Goes on taking items when its own direction is complete.
            drop(out);
            while run.next(&mut items).await.is_some() {}
        }
        "channel-stop" => send(Ok(first)),
        "channel-error" => {
            send(Ok(first));
            if let Some(item) = run.next(&mut items).await {
                send(Err(failed(&item.text())));
            }
        }
        "channel-withhold" => pending().await,
        route => send(Err(no_route(route))),
    }
}

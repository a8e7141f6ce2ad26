//! A library for RSocket that calls within its process, and an adapter for it: what the RSocket part of the kit is tested with. loop.mjs
//! and loop.py do the same.

use std::pin::Pin;
use std::sync::{Arc, Mutex, OnceLock};
use std::task::{Context, Poll};

use futures::channel::oneshot;
use futures::{stream, FutureExt, Stream, StreamExt};
use weir_kit::{json, Adapter, Call, Client, Instance, Refusal, Result, Server, Settings, Started, Told};
use weir_rsocket::{asking, Begun, Doing, Item, Items, Peer, Services};

/// One end of a connection.
#[derive(Clone)]
struct End {
    instance: Instance,
    services: Services,
    other: Arc<Mutex<Option<Arc<End>>>>,
}

static SERVER: OnceLock<Arc<End>> = OnceLock::new();

fn main() {
    Adapter::new(json!({ "control": 1, "name": "loop", "roles": ["client", "server"] }))
        .client(connect)
        .server(serve)
        .run()
}

impl End {
    fn new(instance: Instance, settings: &Settings) -> Self {
        End {
            services: Services::new(instance.clone(), settings),
            instance,
            other: Arc::default(),
        }
    }

    fn other(&self) -> Option<Caller> {
        self.other.lock().ok()?.clone().map(Caller)
    }

    fn start(&self, call: Call) -> Result<Started> {
        let other = self.other().ok_or_else(|| Refusal::new("nobody is connected"))?;
        let (asked, job) = asking(call);
        tokio::spawn(job.carry_out(other));
        Ok(asked.into())
    }
}

/// An end as the other calls it.
#[derive(Clone)]
struct Caller(Arc<End>);

impl Caller {
    fn begin(&self, route: Option<&str>, request: Item) -> std::result::Result<Begun, Told> {
        self.0.services.begin(route.map(|route| (route.to_owned(), request)))
    }
}

/// What comes back of a channel. Its handler hears of it where this is dropped while its requester still sends.
struct Answers {
    items: Items,
    _here: oneshot::Sender<()>,
}

impl Answers {
    fn of(begun: Begun, requests: Items) -> Self {
        let (here, gone) = oneshot::channel();
        let run = begun.run();
        let left = gone.map(move |_| run.cancelled());
        Answers {
            items: begun.channel(Box::pin(requests.take_until(left))),
            _here: here,
        }
    }
}

impl Stream for Answers {
    type Item = std::result::Result<Item, Told>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.items.as_mut().poll_next(context)
    }
}

fn failed(error: Told) -> Items {
    Box::pin(stream::once(async { Err(error) }))
}

impl Peer for Caller {
    fn metadata_push(&self, metadata: Item) -> Doing<'_, ()> {
        self.0.services.pushed(metadata);
        async { Ok(()) }.boxed()
    }

    fn fire_and_forget(&self, route: Option<&str>, request: Item) -> Doing<'_, ()> {
        let heard = self.begin(route, request).and_then(Begun::heard);
        async { heard }.boxed()
    }

    fn request_response(&self, route: Option<&str>, request: Item) -> Doing<'_, Option<Item>> {
        let begun = self.begin(route, request);
        async { begun?.answer(self.0.other()).await }.boxed()
    }

    fn request_stream(&self, route: Option<&str>, request: Item) -> Items {
        self.begin(route, request).map_or_else(failed, Begun::items)
    }

    fn request_channel(&self, route: Option<&str>, request: Item, rest: Items) -> Items {
        match self.begin(route, request) {
            Ok(begun) => Box::pin(Answers::of(begun, rest)),
            Err(error) => failed(error),
        }
    }
}

struct Dialled(Arc<End>);

async fn connect(instance: Instance, settings: Settings) -> Result<Dialled> {
    let client = Arc::new(End::new(instance, &settings));
    let said = settings
        .options
        .get("setupData")
        .and_then(|data| data.as_text())
        .unwrap_or_default();
    let (refused, after) = client.services.admission(said);
    tokio::time::sleep(after).await;
    if refused {
        client.instance.status("refused", Some("REJECTED_SETUP"));
        return Ok(Dialled(client));
    }
    let server = SERVER.get().ok_or_else(|| Refusal::new("there is no server"))?;
    *server.other.lock()? = Some(Arc::clone(&client));
    *client.other.lock()? = Some(Arc::clone(server));
    server.instance.status("connected", None);
    client.instance.status("connected", None);
    Ok(Dialled(client))
}

impl Client for Dialled {
    async fn invoke(&self, call: Call) -> Result<Started> {
        self.0.start(call)
    }

    async fn close(&self) -> Result {
        Ok(())
    }
}

struct Listening(Arc<End>);

async fn serve(instance: Instance, settings: Settings) -> Result<Listening> {
    let server = SERVER.get_or_init(|| Arc::new(End::new(instance, &settings)));
    Ok(Listening(Arc::clone(server)))
}

impl Server for Listening {
    fn url(&self) -> String {
        "loop:s".to_owned()
    }

    async fn invoke(&self, call: Call) -> Result<Started> {
        self.0.start(call)
    }

    async fn stop(&self, _how: Option<String>) -> Result {
        Ok(())
    }
}

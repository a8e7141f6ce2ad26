use std::sync::{Arc, OnceLock, Weak};

use futures::{stream, FutureExt, StreamExt};
use rsocket_rust::prelude::{Flux, Payload, RSocket};
use rsocket_rust::{async_trait, Result};
use weir_rsocket::{Doing, Item, Items, Peer, Services};

use crate::forms::{failure, item_of, payload_of, request, routed, told};

/// The other end of a connection.
#[derive(Clone)]
pub struct Remote(pub Arc<dyn RSocket>);

fn items_of(items: Flux<Result<Payload>>) -> Items {
    Box::pin(items.map(|each| each.map(item_of).map_err(told)))
}

fn payloads_of(items: Items) -> Flux<Result<Payload>> {
    Box::pin(items.map(|each| each.map(payload_of).map_err(failure)))
}

impl Peer for Remote {
    fn metadata_push(&self, metadata: Item) -> Doing<'_, ()> {
        async { self.0.metadata_push(payload_of(metadata)).await.map_err(told) }.boxed()
    }

    fn fire_and_forget(&self, route: Option<&str>, item: Item) -> Doing<'_, ()> {
        let asked = request(route, item);
        async { self.0.fire_and_forget(asked).await.map_err(told) }.boxed()
    }

    fn request_response(&self, route: Option<&str>, item: Item) -> Doing<'_, Option<Item>> {
        let asked = request(route, item);
        async {
            let answer = self.0.request_response(asked).await.map_err(told)?;
            Ok(answer.map(item_of))
        }
        .boxed()
    }

    fn request_stream(&self, route: Option<&str>, item: Item) -> Items {
        items_of(self.0.request_stream(request(route, item)))
    }

    fn request_channel(&self, route: Option<&str>, item: Item, rest: Items) -> Items {
        let first = request(route, item);
        let all = stream::once(async { Ok(first) }).chain(payloads_of(rest));
        items_of(self.0.request_channel(Box::pin(all)))
    }
}

/// The standard services, for one other end, which they do not keep.
#[derive(Clone)]
pub struct Hosted {
    services: Services,
    peer: Arc<OnceLock<Weak<dyn RSocket>>>,
}

impl Hosted {
    pub fn new(services: Services) -> Self {
        Hosted {
            services,
            peer: Arc::default(),
        }
    }

    /// Says whom handlers call back.
    pub fn calls(&self, peer: &Remote) {
        let _ = self.peer.set(Arc::downgrade(&peer.0));
    }

    fn peer(&self) -> Option<Remote> {
        self.peer.get().and_then(Weak::upgrade).map(Remote)
    }
}

#[async_trait]
impl RSocket for Hosted {
    async fn metadata_push(&self, pushed: Payload) -> Result<()> {
        self.services.pushed(item_of(pushed));
        Ok(())
    }

    async fn fire_and_forget(&self, given: Payload) -> Result<()> {
        self.services.begin(routed(given)).and_then(|begun| begun.heard()).map_err(failure)
    }

    async fn request_response(&self, given: Payload) -> Result<Option<Payload>> {
        let begun = self.services.begin(routed(given)).map_err(failure)?;
        let answer = begun.answer(self.peer()).await.map_err(failure)?;
        Ok(answer.map(payload_of))
    }

    fn request_stream(&self, given: Payload) -> Flux<Result<Payload>> {
        match self.services.begin(routed(given)) {
            Ok(begun) => payloads_of(begun.items()),
            Err(error) => Box::pin(stream::once(async { Err(failure(error)) })),
        }
    }

    fn request_channel(&self, mut items: Flux<Result<Payload>>) -> Flux<Result<Payload>> {
        let services = self.services.clone();
        Box::pin(rsocket_rust::stream! {
            let Some(Ok(first)) = items.next().await else { return };
            match services.begin(routed(first)) {
                Ok(begun) => {
                    let mut out = payloads_of(begun.channel(items_of(items)));
                    while let Some(item) = out.next().await {
                        yield item;
                    }
                }
                Err(error) => yield Err(failure(error)),
            }
        })
    }
}

use std::future::pending;

use async_stream::stream;
use futures::stream::{iter, once, pending as open, StreamExt};
use tokio::time::sleep;
use weir_kit::Told;

use crate::channel::channel;
use crate::run::{Part, Run};
use crate::words::{failed, failure, no_route, number};
use crate::{Item, Items, Peer, Services};

/// A request of which its handler was told, by its route.
pub struct Begun {
    pub(crate) services: Services,
    pub(crate) route: String,
    pub(crate) request: Item,
    pub(crate) run: Run,
    /// All of the run, or of a channel what its handler sends.
    pub(crate) part: Part,
}

type Answer = Result<Option<Item>, Told>;

impl Begun {
    /// Carries out a fire-and-forget.
    pub fn heard(mut self) -> Result<(), Told> {
        self.services.state().log.push(self.request.text());
        self.part.done();
        match self.route.as_str() {
            "log" => Ok(()),
            _ => Err(failure("the handler failed")),
        }
    }

    /// The answer of a request-response; `peer` is who calls.
    pub async fn answer<P: Peer>(mut self, peer: Option<P>) -> Answer {
        let answer = self.answered(peer).await;
        self.part.done();
        answer
    }

    async fn answered<P: Peer>(&self, peer: Option<P>) -> Answer {
        let Begun { services, request, .. } = self;
        let text = request.text();
        let peer = || peer.as_ref().ok_or_else(|| failure("there is nobody to call"));
        match self.route.as_str() {
            "echo" => {}
            "empty" => return Ok(Some(Item::default())),
            "nothing" => return Ok(None),
            "error" => return Err(failed(&text)),
            "raise" => return Err(failure(text)),
            "never" => return pending().await,
            "twice" => return Ok(Some(Item::plain("first"))),
            "slow" => sleep(services.scaled(number(&text) as f64)).await,
            "count" => {
                let mut state = services.state();
                state.counter += number(&text);
                return Ok(Some(Item::plain(state.counter)));
            }
            "logged" => return Ok(Some(Item::plain(services.state().log.join(",")))),
            "call-back" => {
                let answer = peer()?.request_response(Some("echo"), request.clone()).await;
                return answer.map_err(|error| failure(format!("{} {}", error.code.as_text().unwrap_or_default(), error.message)));
            }
            "push-back" => {
                let metadata = request.data.clone();
                peer()?.metadata_push(Item { data: None, metadata }).await?;
                return Ok(Some(Item::default()));
            }
            route => return Err(no_route(route)),
        }
        Ok(Some(request.clone()))
    }

    /// The items of a request-stream.
    pub fn items(mut self) -> Items {
        let mut items = self.made();
        Box::pin(stream! {
            while let Some(item) = items.next().await {
                // Behind an error nothing is taken.
                if item.is_err() {
                    self.part.done();
                }
                yield item;
            }
            self.part.done();
        })
    }

    fn made(&self) -> Items {
        let text = self.request.text();
        let rest = text.split_once(' ').map(|(_, rest)| rest.to_owned()).unwrap_or_default();
        let count = number(&text);
        let ticks = iter(1..=count).map(|i| Ok(Item::plain(i)));
        match self.route.as_str() {
            "ticks" => Box::pin(ticks),
            "ticks-slow" => {
                let pause = self.services.scaled(50.0);
                Box::pin(stream! {
                    for i in 1..=count {
                        yield Ok(Item::plain(i));
                        sleep(pause).await;
                    }
                })
            }
            "ticks-metadata" => Box::pin(iter(1..=count).map(|i| {
                let metadata = Item::plain(format!("m{i}")).data;
                Ok(Item {
                    metadata,
                    ..Item::plain(i)
                })
            })),
            "ticks-blocks" => {
                Box::pin(iter(1..=count).map(move |i| Ok(Item::plain((i % 10).to_string().repeat(number(&rest).max(0) as usize)))))
            }
            "ticks-error" => Box::pin(ticks.chain(once(async move { Err(failed(&rest)) }))),
            "ticks-open" => Box::pin(ticks.chain(open())),
            route => {
                let error = no_route(route);
                Box::pin(once(async { Err(error) }))
            }
        }
    }

    /// What a request-channel sends, and what it does with the further items of its requester.
    pub fn channel(self, items: Items) -> Items {
        channel(self.run, self.part, self.route, self.request, items)
    }

    /// What is told of it, for a library that says of a channel that it was given up when all its handler sends was taken.
    pub fn run(&self) -> Run {
        self.run.clone()
    }
}

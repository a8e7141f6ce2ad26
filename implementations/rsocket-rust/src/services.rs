use std::collections::HashMap;
use std::future::pending;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::time::Duration;

use futures::stream::{self, iter, StreamExt};
use rsocket_rust::prelude::{Flux, Payload, RSocket};
use rsocket_rust::{async_trait, Result};
use tokio::time::sleep;
use weir_kit::{Instance, Settings};

use crate::asking::Peer;
use crate::payloads::{failure, plain, request, routed, text_of, told};
use crate::run::Run;

/// A timer of the run, or its nominal length.
pub fn ms(settings: &Settings, name: &str, nominal: f64) -> Duration {
    Duration::from_secs_f64(settings.timers.get(name).copied().unwrap_or(nominal) / 1000.0)
}

/// The size of fragments; 0 says that there are none.
pub fn fragment_size(settings: &Settings) -> usize {
    let size = settings.options.get("fragmentSize").and_then(|size| size.as_number());
    size.map_or(0, |size| size as usize)
}

#[derive(Default)]
struct State {
    counter: i64,
    log: Vec<String>,
    runs: HashMap<String, u32>,
}

/// The standard test services (cases/rsocket/services.yaml) of one instance, whose state is fresh, for one other end.
#[derive(Clone)]
pub struct Services {
    instance: Instance,
    scale: f64,
    state: Arc<Mutex<State>>,
    peer: Arc<OnceLock<Weak<dyn RSocket>>>,
}

type Item = Result<Payload>;

fn number(word: &str) -> i64 {
    word.split(' ').next().and_then(|first| first.parse().ok()).unwrap_or(0)
}

/// What a handler fails with. The library sends the text alone, and has no place for a code.
fn failed(told: &str) -> anyhow::Error {
    let (code, text) = told.split_once(' ').unwrap_or((told, ""));
    let is_code = code.starts_with("0x") || matches!(code, "APPLICATION_ERROR" | "REJECTED" | "CANCELED" | "INVALID");
    failure(if is_code { text } else { told })
}

impl Services {
    pub fn new(instance: Instance, settings: &Settings) -> Self {
        let scale = settings.options.get("timeScale").and_then(|scale| scale.as_number()).unwrap_or(1.0);
        Services {
            instance,
            scale,
            state: Arc::default(),
            peer: Arc::default(),
        }
    }

    /// The same services for one who connected.
    pub fn of(&self, peer: &Peer) -> Self {
        let services = Services {
            peer: Arc::default(),
            ..self.clone()
        };
        services.calls(peer);
        services
    }

    /// Says whom handlers call back. They do not keep the connection.
    pub fn calls(&self, peer: &Peer) {
        let _ = self.peer.set(Arc::downgrade(peer));
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn peer(&self) -> Result<Peer> {
        self.peer
            .get()
            .and_then(Weak::upgrade)
            .ok_or_else(|| failure("there is nobody to call"))
    }

    fn run(&self, route: String, request: Payload) -> Run {
        let mut state = self.state();
        let count = state.runs.entry(route.clone()).or_default();
        *count += 1;
        let number = count.to_string();
        drop(state);
        Run::begin(self.instance.clone(), route, number, request)
    }

    fn begin(&self, given: Payload) -> Result<Run> {
        let (route, request) = routed(given).ok_or_else(|| failure("there is no route"))?;
        Ok(self.run(route, request))
    }

    async fn wait(&self, nominal: f64) {
        sleep(Duration::from_secs_f64(nominal * self.scale / 1000.0)).await;
    }

    async fn answer(&self, run: &Run) -> Result<Option<Payload>> {
        let text = text_of(&run.request);
        match run.procedure.as_str() {
            "echo" => {}
            "empty" => return Ok(Some(Payload::new(None, None))),
            "nothing" => return Ok(None),
            "error" => return Err(failed(&text)),
            "raise" => return Err(failure(text)),
            "never" => return pending().await,
            "twice" => return Ok(Some(plain("first"))),
            "slow" => self.wait(number(&text) as f64).await,
            "count" => {
                let mut state = self.state();
                state.counter += number(&text);
                return Ok(Some(plain(state.counter)));
            }
            "logged" => return Ok(Some(plain(self.state().log.join(",")))),
            "call-back" => {
                let (data, own) = run.request.clone().split();
                let answer = self.peer()?.request_response(request(Some("echo"), data, own)).await;
                return answer.map_err(|error| {
                    let told = told(&error);
                    failure(format!("{} {}", told.code.as_text().unwrap_or_default(), told.message))
                });
            }
            "push-back" => {
                self.peer()?.metadata_push(Payload::new(None, run.request.data().cloned())).await?;
                return Ok(Some(Payload::new(None, None)));
            }
            route => return Err(failure(format!("there is no route {route}"))),
        }
        Ok(Some(run.request.clone()))
    }

    fn items(&self, run: &Run) -> Flux<Item> {
        let text = text_of(&run.request);
        let rest = text.split_once(' ').map(|(_, rest)| rest.to_owned()).unwrap_or_default();
        let ticks = iter(1..=number(&text));
        match run.procedure.as_str() {
            "ticks" => Box::pin(ticks.map(|i| Ok(plain(i)))),
            "ticks-slow" => {
                let (services, count) = (self.clone(), number(&text));
                Box::pin(rsocket_rust::stream! {
                    for i in 1..=count {
                        yield Ok(plain(i));
                        services.wait(50.0).await;
                    }
                })
            }
            "ticks-metadata" => Box::pin(ticks.map(|i| {
                Ok(Payload::builder()
                    .set_data_utf8(&i.to_string())
                    .set_metadata_utf8(&format!("m{i}"))
                    .build())
            })),
            "ticks-blocks" => Box::pin(ticks.map(move |i| Ok(plain((i % 10).to_string().repeat(number(&rest) as usize))))),
            "ticks-error" => Box::pin(ticks.map(|i| Ok(plain(i))).chain(stream::once(async move { Err(failed(&rest)) }))),
            "ticks-open" => Box::pin(ticks.map(|i| Ok(plain(i))).chain(stream::pending())),
            route => {
                let error = failure(format!("there is no route {route}"));
                Box::pin(stream::once(async { Err(error) }))
            }
        }
    }
}

#[async_trait]
impl RSocket for Services {
    async fn metadata_push(&self, pushed: Payload) -> Result<()> {
        let (_, metadata) = pushed.split();
        self.run("metadata-push".to_owned(), Payload::new(None, metadata)).finish();
        Ok(())
    }

    async fn fire_and_forget(&self, given: Payload) -> Result<()> {
        let mut run = self.begin(given)?;
        self.state().log.push(text_of(&run.request));
        run.finish();
        match run.procedure.as_str() {
            "log" => Ok(()),
            _ => Err(failure("the handler failed")),
        }
    }

    async fn request_response(&self, given: Payload) -> Result<Option<Payload>> {
        let mut run = self.begin(given)?;
        let answer = self.answer(&run).await;
        run.finish();
        answer
    }

    fn request_stream(&self, given: Payload) -> Flux<Item> {
        let mut run = match self.begin(given) {
            Ok(run) => run,
            Err(error) => return Box::pin(stream::once(async { Err(error) })),
        };
        let mut items = self.items(&run);
        Box::pin(rsocket_rust::stream! {
            while let Some(item) = items.next().await {
                yield item;
            }
            run.finish();
        })
    }

    fn request_channel(&self, mut items: Flux<Item>) -> Flux<Item> {
        let services = self.clone();
        Box::pin(rsocket_rust::stream! {
            let Some(Ok(first)) = items.next().await else { return };
            let mut run = match services.begin(first) {
                Ok(run) => run,
                Err(error) => {
                    yield Err(error);
                    return;
                }
            };
            let first = run.request.clone();
            match run.procedure.clone().as_str() {
                "channel-echo" | "channel-one-by-one" => {
                    yield Ok(first);
                    while let Some(item) = run.next(&mut items).await {
                        yield Ok(item);
                    }
                }
                "channel-sum" => {
                    let mut sum = number(&text_of(&first));
                    while let Some(item) = run.next(&mut items).await {
                        sum += number(&text_of(&item));
                    }
                    yield Ok(plain(sum));
                }
                "channel-first" => {
                    yield Ok(first);
                    // Goes on taking items when its own direction is complete.
                    tokio::spawn(async move {
                        while run.next(&mut items).await.is_some() {}
                        run.finish();
                    });
                    return;
                }
                "channel-stop" => {
                    yield Ok(first);
                    drop(items);
                }
                "channel-error" => {
                    yield Ok(first);
                    if let Some(item) = run.next(&mut items).await {
                        yield Err(failed(&text_of(&item)));
                    }
                }
                "channel-withhold" => pending().await,
                route => yield Err(failure(format!("there is no route {route}"))),
            }
            run.finish();
        })
    }
}

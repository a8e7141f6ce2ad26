use std::collections::HashMap;
use std::future::pending;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_stream::stream;
use futures::stream::{iter, once, pending as open, StreamExt};
use tokio::time::sleep;
use weir_kit::{Instance, Seen, Settings, Told};

use crate::codes::{code_name, code_number};
use crate::run::Run;
use crate::{Item, Items, Peer};

#[derive(Default)]
struct State {
    counter: i64,
    log: Vec<String>,
    runs: HashMap<String, u32>,
}

/// The standard test services (cases/rsocket/services.yaml) of one instance, whose state is fresh. Its clones are the same.
#[derive(Clone)]
pub struct Services {
    instance: Instance,
    scale: f64,
    state: Arc<Mutex<State>>,
}

/// A request of which its handler was told, by its route.
pub struct Begun {
    services: Services,
    run: Run,
}

type Answer = Result<Option<Item>, Told>;

fn failure(text: impl Into<String>) -> Told {
    Told::new("APPLICATION_ERROR", text)
}

fn no_route(route: &str) -> Told {
    failure(format!("there is no route {route}"))
}

/// The services, by their routes.
const ROUTES: [&str; 27] = [
    "echo",
    "empty",
    "nothing",
    "error",
    "raise",
    "never",
    "twice",
    "slow",
    "count",
    "logged",
    "call-back",
    "push-back",
    "log",
    "log-raise",
    "ticks",
    "ticks-slow",
    "ticks-metadata",
    "ticks-blocks",
    "ticks-error",
    "ticks-open",
    "channel-echo",
    "channel-one-by-one",
    "channel-sum",
    "channel-first",
    "channel-stop",
    "channel-error",
    "channel-withhold",
];

/// The decimal number that is the first word of a text, or 0.
fn number(text: &str) -> i64 {
    let word = text.split(' ').next().unwrap_or_default();
    let digits = word.strip_prefix('-').unwrap_or(word);
    let decimal = digits.len() <= 15 && digits.bytes().all(|each| each.is_ascii_digit());
    word.parse().ok().filter(|_| decimal).unwrap_or(0)
}

/// What a handler fails with: a code and a text, or a text.
fn failed(told: &str) -> Told {
    let (code, text) = told.split_once(' ').unwrap_or((told, ""));
    match code_number(code) {
        Some(number) => Told::new(code_name(number), text),
        None => failure(told),
    }
}

impl Services {
    pub fn new(instance: Instance, settings: &Settings) -> Self {
        let scale = settings.options.get("timeScale").and_then(|scale| scale.as_number()).unwrap_or(1.0);
        Services {
            instance,
            scale,
            state: Arc::default(),
        }
    }

    /// What is decided about a SETUP by its data: whether it is refused, and after how long.
    pub fn admission(&self, data: &str) -> (bool, Duration) {
        let waiting = data.strip_prefix("wait-").and_then(|rest| rest.split_once('-'));
        let digits = |ms: &str| !ms.is_empty() && ms.bytes().all(|each| each.is_ascii_digit());
        if let Some((ms, rest)) = waiting.filter(|(ms, _)| digits(ms)) {
            let (refused, after) = self.admission(rest);
            return (refused, after + self.scaled(ms.parse().unwrap_or(0.0)));
        }
        (data == "refuse", Duration::ZERO)
    }

    /// METADATA_PUSH.
    pub fn pushed(&self, metadata: Item) {
        self.instance.handler(Seen {
            procedure: "metadata-push".to_owned(),
            run: self.count("metadata-push"),
            event: "started".to_owned(),
            metadata: metadata.values().1,
            ..Seen::default()
        });
    }

    /// Tells that a handler started.
    pub fn begin(&self, routed: Option<(String, Item)>) -> Result<Begun, Told> {
        let (route, request) = routed.ok_or_else(|| failure("the request has no route"))?;
        if !ROUTES.contains(&route.as_str()) {
            return Err(no_route(&route));
        }
        Ok(Begun {
            run: self.run(route, request),
            services: self.clone(),
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn run(&self, route: String, request: Item) -> Run {
        let number = self.count(&route);
        Run::begin(self.instance.clone(), route, number, request)
    }

    /// The number of one more run.
    fn count(&self, route: &str) -> String {
        let mut state = self.state();
        let count = state.runs.entry(route.to_owned()).or_default();
        *count += 1;
        count.to_string()
    }

    fn scaled(&self, nominal: f64) -> Duration {
        Duration::from_secs_f64(nominal.max(0.0) * self.scale / 1000.0)
    }
}

impl Begun {
    /// Carries out a fire-and-forget.
    pub fn heard(mut self) -> Result<(), Told> {
        self.services.state().log.push(self.run.request.text());
        self.run.finish();
        match self.run.procedure.as_str() {
            "log" => Ok(()),
            _ => Err(failure("the handler failed")),
        }
    }

    /// The answer of a request-response; `peer` is who calls.
    pub async fn answer<P: Peer>(mut self, peer: Option<P>) -> Answer {
        let answer = self.answered(peer).await;
        self.run.finish();
        answer
    }

    async fn answered<P: Peer>(&self, peer: Option<P>) -> Answer {
        let Begun { services, run } = self;
        let text = run.request.text();
        let peer = || peer.as_ref().ok_or_else(|| failure("there is nobody to call"));
        match run.procedure.as_str() {
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
                let answer = peer()?.request_response(Some("echo"), run.request.clone()).await;
                return answer.map_err(|error| failure(format!("{} {}", error.code.as_text().unwrap_or_default(), error.message)));
            }
            "push-back" => {
                let metadata = run.request.data.clone();
                peer()?.metadata_push(Item { data: None, metadata }).await?;
                return Ok(Some(Item::default()));
            }
            route => return Err(no_route(route)),
        }
        Ok(Some(run.request.clone()))
    }

    /// The items of a request-stream.
    pub fn items(mut self) -> Items {
        let mut items = self.made();
        Box::pin(stream! {
            while let Some(item) = items.next().await {
                yield item;
            }
            self.run.finish();
        })
    }

    fn made(&self) -> Items {
        let text = self.run.request.text();
        let rest = text.split_once(' ').map(|(_, rest)| rest.to_owned()).unwrap_or_default();
        let count = number(&text);
        let ticks = iter(1..=count).map(|i| Ok(Item::plain(i)));
        match self.run.procedure.as_str() {
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
    pub fn channel(mut self, mut items: Items) -> Items {
        Box::pin(stream! {
            let first = self.run.request.clone();
            match self.run.procedure.clone().as_str() {
                "channel-echo" | "channel-one-by-one" => {
                    yield Ok(first);
                    while let Some(item) = self.run.next(&mut items).await {
                        yield Ok(item);
                    }
                }
                "channel-sum" => {
                    let mut sum = number(&first.text());
                    while let Some(item) = self.run.next(&mut items).await {
                        sum += number(&item.text());
                    }
                    yield Ok(Item::plain(sum));
                }
                "channel-first" => {
                    yield Ok(first);
                    // Goes on taking items when its own direction is complete.
                    tokio::spawn(async move {
                        while self.run.next(&mut items).await.is_some() {}
                        self.run.finish();
                    });
                    return;
                }
                "channel-stop" => {
                    yield Ok(first);
                    drop(items);
                }
                "channel-error" => {
                    yield Ok(first);
                    if let Some(item) = self.run.next(&mut items).await {
                        yield Err(failed(&item.text()));
                    }
                }
                "channel-withhold" => pending().await,
                route => yield Err(no_route(route)),
            }
            self.run.finish();
        })
    }
}

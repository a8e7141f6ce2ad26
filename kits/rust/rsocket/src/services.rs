use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use weir_kit::{Instance, Seen, Settings, Told};

use crate::begun::Begun;
use crate::run::Run;
use crate::words::{failure, no_route};
use crate::Item;

#[derive(Default)]
pub(crate) struct State {
    pub(crate) counter: i64,
    pub(crate) log: Vec<String>,
    runs: HashMap<String, u32>,
}

/// The standard test services (cases/rsocket/services.yaml) of one instance, whose state is fresh. Its clones are the same.
#[derive(Clone)]
pub struct Services {
    instance: Instance,
    scale: f64,
    state: Arc<Mutex<State>>,
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
        let run = Run::begin(self.instance.clone(), &route, self.count(&route), &request);
        Ok(Begun {
            services: self.clone(),
            part: run.part(),
            route,
            request,
            run,
        })
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The number of one more run.
    fn count(&self, route: &str) -> String {
        let mut state = self.state();
        let count = state.runs.entry(route.to_owned()).or_default();
        *count += 1;
        count.to_string()
    }

    pub(crate) fn scaled(&self, nominal: f64) -> Duration {
        Duration::from_secs_f64(nominal.max(0.0) * self.scale / 1000.0)
    }
}

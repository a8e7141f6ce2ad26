use std::collections::HashMap;
use std::io::BufRead;
use std::process::exit;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{json, Map, Value as Json};
use tokio::runtime::Builder;

use crate::adapter::{AnyClient, AnyRunning, AnyServer};
use crate::lanes::Lanes;
use crate::lines::{read_request, Lines, Request};
use crate::settings::{count_in, text_in, value_in};
use crate::{Adapter, Call, Instance, Refusal, Result, Settings, Told, Value};

/// Room for the deepest values that lines may hold.
const STACK_BYTES: usize = 8 << 20;

type Params = Map<String, Json>;

/// What is there, by handles.
#[derive(Default)]
struct State {
    /// Whether a client was closed stands beside it.
    clients: HashMap<String, (Arc<dyn AnyClient>, bool)>,
    servers: HashMap<String, Arc<dyn AnyServer>>,
    /// None while the library does not have it yet.
    running: HashMap<String, Option<Arc<dyn AnyRunning>>>,
}

/// Carries out requests with an adapter.
struct Conversation {
    adapter: Adapter,
    lines: Arc<Lines>,
    lanes: Arc<Lanes>,
    state: Mutex<State>,
}

/// What a request has to hold, and which handle it is about; none for a method that there is not.
fn needs_of(method: &str) -> Option<(&'static [&'static str], Option<&'static str>)> {
    Some(match method {
        "initialize" | "ping" | "shutdown" => (&[], None),
        "connect" => (&["client", "url"], Some("client")),
        "disconnect" => (&["client"], Some("client")),
        "serve" | "stop" => (&["server"], Some("server")),
        "invoke" => (&["call", "kind"], Some("call")),
        "credit" => (&["call", "n"], Some("call")),
        "send" | "finish" | "cancel" => (&["call"], Some("call")),
        _ => return None,
    })
}

impl Adapter {
    /// An adapter's main: the conversation on stdin and stdout, until stdin ends.
    ///
    /// # Panics
    ///
    /// Where the process has no stdout, or gets no threads.
    pub fn run(self) -> ! {
        let runtime = Builder::new_multi_thread()
            .enable_all()
            .thread_stack_size(STACK_BYTES)
            .build()
            .expect("threads for the runtime");
        let conversation = Arc::new(Conversation {
            adapter: self,
            lines: Arc::new(Lines::on_stdout().expect("a stdout to talk on")),
            lanes: Arc::default(),
            state: Mutex::default(),
        });
        let _runtime = runtime.enter();
        let mut stdin = std::io::stdin().lock();
        let mut line = Vec::new();
        while stdin.read_until(b'\n', &mut line).is_ok() && line.ends_with(b"\n") {
            conversation.receive(line.trim_ascii());
            line.clear();
        }
        exit(0)
    }
}

impl Conversation {
    fn receive(self: &Arc<Self>, line: &[u8]) {
        if line.is_empty() {
            return;
        }
        let Request { id, method, params } = match read_request(line) {
            Ok(request) => request,
            Err(bad) => return self.lines.refuse(Some(&bad.id), bad.code, bad.message),
        };
        let Some((needs, about)) = needs_of(&method) else {
            let message = format!("there is no method {method}");
            return self.lines.refuse(id.as_ref(), -32601, &message);
        };
        let lacking: Vec<&str> = needs.iter().copied().filter(|name| !params.contains_key(*name)).collect();
        if !lacking.is_empty() {
            let message = format!("{method} needs {}", lacking.join(" and "));
            return self.lines.refuse(id.as_ref(), -32602, &message);
        }
        let Some(about) = about else {
            let result = if method == "initialize" {
                self.adapter.info.clone()
            } else {
                json!({})
            };
            self.answer(id.as_ref(), Ok(result));
            if method == "shutdown" {
                exit(0);
            }
            return;
        };
        let lane = format!("{about} {}", params[about]);
        let all = Arc::clone(self);
        self.lanes.add(lane, async move {
            let acting = Arc::clone(&all);
            // In a task of its own, so that a library that panics where it was asked refuses what it was asked.
            let done = tokio::spawn(async move { acting.carry_out(&method, &params).await }).await;
            all.answer(id.as_ref(), done.unwrap_or_else(|panicked| Err(panicked.into())));
        });
    }

    fn answer(&self, id: Option<&Json>, result: Result<Json>) {
        match (id, result) {
            (Some(id), Ok(result)) => self.lines.answer(id, result),
            (None, Ok(_)) => {}
            (id, Err(why)) => self.lines.refuse(id, -32000, &why.to_string()),
        }
    }

    async fn carry_out(&self, method: &str, params: &Params) -> Result<Json> {
        match method {
            "connect" => self.connect(params).await?,
            "disconnect" => self.disconnect(params).await?,
            "serve" => return self.serve(params).await,
            "stop" => self.stop(params).await?,
            "invoke" => self.invoke(params).await?,
            _ => self.act(method, params).await?,
        }
        Ok(json!({}))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn instance(&self, handle: &str) -> Instance {
        Instance {
            handle: handle.to_owned(),
            lines: Arc::clone(&self.lines),
        }
    }

    async fn connect(&self, params: &Params) -> Result {
        let handle = text_in(params, "client").unwrap_or_default();
        let there = self.state().clients.get(&handle).cloned();
        let client = match there {
            Some((client, false)) => client,
            _ => {
                let made = (self.adapter.connect)(self.instance(&handle), Settings::of(params)?).await?;
                self.state().clients.insert(handle, (Arc::clone(&made), false));
                made
            }
        };
        if params.get("eager") == Some(&Json::Bool(true)) {
            client.dial().await?;
        }
        Ok(())
    }

    async fn disconnect(&self, params: &Params) -> Result {
        let handle = text_in(params, "client").unwrap_or_default();
        let client = match self.state().clients.get_mut(&handle) {
            Some((client, closed)) => {
                *closed = true;
                Arc::clone(client)
            }
            None => return Err(Refusal::new(format!("there is no client {handle}"))),
        };
        client.close().await
    }

    async fn serve(&self, params: &Params) -> Result<Json> {
        let handle = text_in(params, "server").unwrap_or_default();
        let server = (self.adapter.serve)(self.instance(&handle), Settings::of(params)?).await?;
        let url = server.url();
        self.state().servers.insert(handle, server);
        Ok(json!({ "url": url }))
    }

    async fn stop(&self, params: &Params) -> Result {
        let handle = text_in(params, "server").unwrap_or_default();
        let server = self.state().servers.remove(&handle);
        match server {
            Some(server) => server.stop(text_in(params, "how")).await,
            None => Err(Refusal::new(format!("there is no server {handle}"))),
        }
    }

    async fn invoke(&self, params: &Params) -> Result {
        let handle = text_in(params, "at").or_else(|| text_in(params, "client")).unwrap_or_default();
        let name = text_in(params, "call").unwrap_or_default();
        let (client, server) = {
            let mut state = self.state();
            let client = state.clients.get(&handle).map(|(client, _)| Arc::clone(client));
            let server = state.servers.get(&handle).cloned();
            if client.is_none() && server.is_none() {
                return Err(Refusal::new(format!("there is no client or server {handle}")));
            }
            if state.running.contains_key(&name) {
                return Err(Refusal::new(format!("there is a call {name} already")));
            }
            state.running.insert(name.clone(), None);
            (client, server)
        };
        let started = async {
            let call = self.call(&name, params)?;
            match (client, server) {
                (Some(client), _) => client.invoke(call).await,
                (None, Some(server)) => server.invoke(call).await,
                (None, None) => Err(Refusal::new("there is nothing to call with")),
            }
        };
        match started.await {
            Ok(started) => {
                self.state().running.insert(name, Some(started.0));
                Ok(())
            }
            Err(why) => {
                self.state().running.remove(&name);
                Err(why)
            }
        }
    }

    fn call(&self, name: &str, params: &Params) -> Result<Call> {
        Ok(Call {
            name: name.to_owned(),
            kind: text_in(params, "kind").unwrap_or_default(),
            service: text_in(params, "service"),
            procedure: text_in(params, "procedure"),
            value: said(params, "init")?,
            metadata: value_in(params, "metadata")?,
            credit: count_in(params, "credit"),
            to: count_in(params, "to"),
            lines: Arc::clone(&self.lines),
        })
    }

    /// What is done to a call that runs.
    async fn act(&self, method: &str, params: &Params) -> Result {
        let name = text_in(params, "call").unwrap_or_default();
        let running = self.state().running.get(&name).cloned().flatten();
        let running = running.ok_or_else(|| Refusal::new(format!("there is no call {name}")))?;
        let metadata = value_in(params, "metadata")?;
        match method {
            "send" => {
                let value = said(params, "request")?.unwrap_or(Value::Null);
                running.send(value, metadata).await
            }
            "credit" => running.credit(count_in(params, "n").unwrap_or_default()).await,
            "finish" => running.finish(metadata, error_in(params)?).await,
            _ => running.cancel().await,
        }
    }
}

/// What a request says under `value`, or under the name that this had before.
fn said(params: &Params, before: &str) -> Result<Option<Value>> {
    match value_in(params, "value")? {
        None => value_in(params, before),
        value => Ok(value),
    }
}

fn error_in(params: &Params) -> Result<Option<Told>> {
    let Some(Json::Object(problem)) = params.get("error") else {
        return Ok(None);
    };
    Ok(Some(Told {
        code: value_in(problem, "code")?.unwrap_or(Value::Null),
        message: text_in(problem, "message").unwrap_or_default(),
        extras: value_in(problem, "extras")?,
        metadata: None,
    }))
}

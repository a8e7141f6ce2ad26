//! A library that repeats what it is told, and an adapter for it: what the kits are tested with. toy.mjs and toy.py do the same.

use std::collections::BTreeMap;
use std::time::Duration;

use weir_kit::{json, Adapter, Call, Client, Instance, Refusal, Result, Running, Seen, Server, Settings, Started, Told, Value};

fn main() {
    Adapter::new(json!({ "control": 1, "name": "toy", "roles": ["client", "server"] }))
        .client(connect)
        .server(serve)
        .run()
}

struct ToyClient {
    instance: Instance,
    binding: String,
}

async fn connect(instance: Instance, settings: Settings) -> Result<ToyClient> {
    let binding = settings.binding;
    Ok(ToyClient { instance, binding })
}

impl Client for ToyClient {
    async fn dial(&self) -> Result {
        self.instance.status("connected", Some(&self.binding));
        Ok(())
    }

    async fn invoke(&self, call: Call) -> Result<Started> {
        println!("a library that prints");
        match call.kind.as_str() {
            "slow" => tokio::time::sleep(Duration::from_millis(50)).await,
            "once" => {
                call.message(call.value.clone(), None);
                call.end(None);
                // A call that has nothing to write: only what it has can be asked for.
                return Ok(().into());
            }
            _ => {}
        }
        call.start(call.metadata.clone());
        let mut asked = BTreeMap::<String, Value>::from([
            ("procedure".to_owned(), call.procedure.clone().into()),
            ("service".to_owned(), call.service.clone().into()),
            ("credit".to_owned(), call.credit.map(u64::from).into()),
            ("to".to_owned(), call.to.map(u64::from).into()),
        ]);
        asked.extend(call.value.clone().map(|value| ("value".to_owned(), value)));
        call.message(Value::Map(asked), None);
        Ok(Talk(call).into())
    }

    async fn close(&self) -> Result {
        self.instance.log("closed");
        Ok(())
    }
}

struct ToyServer {
    instance: Instance,
    port: f64,
}

async fn serve(instance: Instance, settings: Settings) -> Result<ToyServer> {
    instance.handler(Seen {
        procedure: "echo".to_owned(),
        run: "1".to_owned(),
        event: "started".to_owned(),
        value: settings.options.get("value").cloned(),
        metadata: Some(vec![0, 255].into()),
        ..Seen::default()
    });
    let port = settings.timers.get("port").copied().unwrap_or(1.0);
    Ok(ToyServer { instance, port })
}

impl Server for ToyServer {
    fn url(&self) -> String {
        format!("ws://127.0.0.1:{}", self.port)
    }

    async fn invoke(&self, call: Call) -> Result<Started> {
        Ok(Talk(call).into())
    }

    async fn stop(&self, how: Option<String>) -> Result {
        self.instance.log(format_args!("stopped {}", how.as_deref().unwrap_or("None")));
        Ok(())
    }
}

struct Talk(Call);

impl Running for Talk {
    async fn send(&self, value: Value, metadata: Option<Value>) -> Result {
        if value.as_text() == Some("refuse") {
            return Err(Refusal::new("not this one"));
        }
        self.0.message(value, metadata);
        Ok(())
    }

    async fn credit(&self, n: u32) -> Result {
        self.0.message(format!("{n} more"), None);
        Ok(())
    }

    async fn finish(&self, metadata: Option<Value>, error: Option<Told>) -> Result {
        if let Some(told) = error {
            let extras = Some(Value::from([("from", "finish".into())]));
            let metadata = metadata.clone();
            self.0.error(Told { extras, metadata, ..told });
        }
        self.0.end(metadata);
        Ok(())
    }

    async fn cancel(&self) -> Result {
        self.0.error(Told::new("CANCEL", "cancelled"));
        self.0.end(None);
        Ok(())
    }
}

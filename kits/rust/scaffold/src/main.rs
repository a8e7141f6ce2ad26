//! The adapter of __NAME__: Weir drives your library through it and hears what the library's API shows. It never makes up for the
//! library: no retries, no repairs, nothing kept back. What is left for you to write is marked "yours"; the rest is the conversation
//! with Weir.

use weir_kit::{json, Adapter, Instance, Refusal, Result, Settings};
// <client>
use weir_kit::{Call, Client, Started};
// </client>
// <server>
use weir_kit::Server;
// </server>

fn main() {
    Adapter::new(json!({
        "control": 1,
        "name": "__NAME__",
        // yours: the version that is really loaded.
        "version": "0.0.0",
        "language": "Rust",
        "protocol": "__PROTOCOL__",
        "roles": ["__ROLES__"],
        "bindings": ["__BINDINGS__"],
        // yours: what it can do beyond the basics; each opens more cases (docs/adapters.md, “Words of the protocols”): __FEATURES__.
        "features": [],
        "concurrency": 8,
    }))
    // <client>
    .client(connect)
    // </client>
    // <server>
    .server(serve)
    // </server>
    .run()
}

/// Tells Weir's report what is not written yet.
fn missing(what: String) -> Refusal {
    Refusal::new(format!("main.rs is yours to write: {what}"))
}

// <client>
/// yours: what a client of the library needs.
struct Mine {
    instance: Instance,
    url: String,
}

/// Makes a client, and does not wait for its connection.
async fn connect(instance: Instance, settings: Settings) -> Result<Mine> {
    // yours: make it for settings.url, with settings.timers in ms and what settings.options asks for.
    Ok(Mine { instance, url: settings.url })
}

impl Client for Mine {
    /// Starts a call and goes on at once. Kinds of calls: __KINDS__.
    async fn invoke(&self, call: Call) -> Result<Started> {
        // yours: start it, and tell what comes back: call.message, call.error, and call.end once, as the last. Then return what
        // can be done to it: Ok(running.into()), where running is a type of yours that implements weir_kit::Running.
        let procedure = call.procedure.unwrap_or_default();
        Err(missing(format!("start a call of kind {} to {procedure} with a client for {}", call.kind, self.url)))
    }

    async fn dial(&self) -> Result {
        // yours: begin to connect now, without a call; nothing is to be done where the library dials with its calls.
        Ok(())
    }

    async fn close(&self) -> Result {
        // yours: close the client for good.
        self.instance.log("closed, of which the library knows nothing yet");
        Ok(())
    }
}

// </client>
// <server>
/// yours: what a server of the library needs.
#[allow(dead_code)] // until `serve` makes one
struct Listening {
    url: String,
}

/// Starts a server with the services that cases/__PROTOCOL__/services.yaml of the package describes.
async fn serve(instance: Instance, settings: Settings) -> Result<Listening> {
    // <listen>
    // yours: start it on a free port of the loopback, and give its URL: Ok(Listening { url }); tell with instance.handler what
    // handlers see, if that can be told.
    // </listen>
    // <broker>
    // yours: start it at the broker whose `url` and `space` stand among the params, all its names beginning with that `space`, and
    // give that URL; tell with instance.handler what handlers see, if that can be told.
    // </broker>
    Err(missing(format!("start the server {} for the binding {}", instance.handle, settings.binding)))
}

impl Server for Listening {
    fn url(&self) -> String {
        self.url.clone()
    }

    async fn stop(&self, _how: Option<String>) -> Result {
        // yours: stop it, its connections and its sessions with it.
        Err(missing("stop a server".to_owned()))
    }
}
// </server>

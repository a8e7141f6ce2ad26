//! Weir adapter for rsocket-rust (crates `rsocket_rust` and its transports for TCP and WebSocket). See docs/adapters.md.
//!
//! It does what an application would do with the library's public API, and reports what that application would see.
//!
//! - An error of the library with a code is an ERROR frame: its code keeps its name, or its number. Every other error that ends a call
//!   says that the connection could not be had, or is gone: CLOSED.
//! - The library knows no way to close a client or to stop a server: a client is closed by dropping it, which the calls that wait for
//!   one answer go with, and a server by ending the runtime that it lives on.
//! - What it spawns is to run in the order in which it was spawned, so it lives on runtimes of one thread.

mod apart;
mod client;
mod ends;
mod forms;
mod server;
mod settings;

use std::sync::Arc;

use weir_kit::{json, Adapter};

fn main() {
    let clients = Arc::new(apart::Apart::new());
    Adapter::new(json!({
        "control": 1,
        "name": "rsocket-rust",
        "version": env!("RSOCKET_VERSION"),
        "language": "Rust",
        "protocol": "rsocket",
        "roles": ["client", "server"],
        "bindings": ["tcp", "websocket"],
        // Neither resumption nor leases, nor a way to say how much a reader takes, nor codes of errors.
        "features": [
            "fragmentation", "metadata-push", "server-calls", "client-handlers", "response-metadata", "keepalive-timeout",
            "channel-failure", "empty-completion",
        ],
        "concurrency": 8,
    }))
    .client(move |instance, settings| client::connect(Arc::clone(&clients), instance, settings))
    .server(server::serve)
    .run()
}

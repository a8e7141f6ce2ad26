//! The conversation between Weir and an adapter (`docs/adapters.md` of Weir), so that an adapter holds only its library: lines,
//! tagged values, handles, and several requests at a time.
//!
//! An adapter says what it is and gives a library: [`Adapter::client`] makes a [`Client`], [`Adapter::server`] a [`Server`], and what
//! they start is a [`Running`] call with what the library can do to it. What is left out is refused in the adapter's name.
//!
//! ```no_run
//! use weir_kit::{json, Adapter, Call, Client, Instance, Result, Running, Settings, Started};
//!
//! struct Mine;
//! struct Asked(Call);
//!
//! impl Client for Mine {
//!     async fn invoke(&self, call: Call) -> Result<Started> {
//!         call.message(call.value.clone(), None);
//!         Ok(Asked(call).into())
//!     }
//!     async fn close(&self) -> Result {
//!         Ok(())
//!     }
//! }
//!
//! impl Running for Asked {
//!     async fn cancel(&self) -> Result {
//!         self.0.end(None);
//!         Ok(())
//!     }
//! }
//!
//! async fn connect(_instance: Instance, _settings: Settings) -> Result<Mine> {
//!     Ok(Mine)
//! }
//!
//! fn main() {
//!     Adapter::new(json!({ "control": 1, "name": "mine" })).client(connect).run()
//! }
//! ```
//!
//! Everything runs on a Tokio runtime of several threads, with its timers (and, where the adapter asks Tokio for them, its sockets).
//! Requests about one handle come one after the other, others beside them. What is printed goes to stderr.
//!
//! The first number of the crate's version is the version of the control protocol.

mod adapter;
mod calls;
mod conversation;
mod lanes;
mod lines;
mod settings;
mod values;

pub use adapter::{Adapter, Client, Refusal, Result, Running, Server, Started};
pub use calls::{Call, Instance, Seen, Told};
pub use serde_json::json;
pub use settings::Settings;
pub use values::Value;

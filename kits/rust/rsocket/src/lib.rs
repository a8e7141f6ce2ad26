//! What adapters for RSocket in Rust have in common, whatever their library: calls as their requester sees them ([`asking`]), the standard
//! services ([`Services`]), what is told of both, and values. A library is a [`Peer`].

mod asking;
mod begun;
mod channel;
mod codes;
mod item;
mod peer;
mod run;
mod services;
mod telling;
mod words;

pub use asking::{asking, Asked, Job};
pub use begun::Begun;
pub use codes::{code_name, code_number};
pub use item::{bytes_of, Item};
pub use peer::{Doing, Items, Peer};
pub use run::Run;
pub use services::Services;

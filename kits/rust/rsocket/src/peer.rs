use std::pin::Pin;

use futures::future::BoxFuture;
use futures::Stream;
use weir_kit::Told;

use crate::Item;

/// What comes of a call with one answer.
pub type Doing<'a, T> = BoxFuture<'a, Result<T, Told>>;

/// Items of a stream. It is asked for one more than there is credit for; where it is dropped before the call is over, the call was given up.
pub type Items = Pin<Box<dyn Stream<Item = Result<Item, Told>> + Send>>;

/// The other end of a connection, as a library lets one call it. A route is none where the metadata stand as they are.
pub trait Peer: Send + Sync {
    fn metadata_push(&self, metadata: Item) -> Doing<'_, ()>;
    fn fire_and_forget(&self, route: Option<&str>, request: Item) -> Doing<'_, ()>;
    fn request_response(&self, route: Option<&str>, request: Item) -> Doing<'_, Option<Item>>;
    fn request_stream(&self, route: Option<&str>, request: Item) -> Items;
    fn request_channel(&self, route: Option<&str>, request: Item, rest: Items) -> Items;
}

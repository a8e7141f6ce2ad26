use std::error::Error;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use serde_json::Value as Json;

use crate::{Call, Instance, Settings, Told, Value};

/// Why a request is refused. What a library fails with becomes one by `?`.
#[derive(Clone, Debug)]
pub struct Refusal(String);

impl Refusal {
    pub fn new(why: impl Into<String>) -> Self {
        Refusal(why.into())
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl<E: Error> From<E> for Refusal {
    fn from(error: E) -> Self {
        Refusal(error.to_string())
    }
}

/// What came of a request.
pub type Result<T = ()> = std::result::Result<T, Refusal>;

fn refused<T>(why: &str) -> Result<T> {
    Err(Refusal::new(why))
}

fn cannot(what: &str) -> Result {
    refused(&format!("the library cannot {what} on such a call"))
}

/// A client of the library. One that was closed stays: what it makes of later calls is the library's affair.
pub trait Client: Send + Sync + 'static {
    /// Starts a call, and does not wait for its result.
    fn invoke(&self, call: Call) -> impl Future<Output = Result<Started>> + Send;

    /// Begins to connect without a call, and does not wait until it is. Left out where the library cannot.
    fn dial(&self) -> impl Future<Output = Result> + Send {
        async { refused("the library dials only with a call") }
    }

    /// Closes it for good.
    fn close(&self) -> impl Future<Output = Result> + Send;
}

/// A server of the library, which listens.
#[allow(unused_variables)]
pub trait Server: Send + Sync + 'static {
    /// Where clients find it.
    fn url(&self) -> String;

    /// Starts a call of the server's. Left out where servers do not call.
    fn invoke(&self, call: Call) -> impl Future<Output = Result<Started>> + Send {
        async { refused("the library makes no calls from a server") }
    }

    /// Ends it with its connections and sessions; told how where a case says so.
    fn stop(&self, how: Option<String>) -> impl Future<Output = Result> + Send;
}

/// A call once the library has it. What the library cannot do is left out.
#[allow(unused_variables)]
pub trait Running: Send + Sync + 'static {
    fn send(&self, value: Value, metadata: Option<Value>) -> impl Future<Output = Result> + Send {
        async { cannot("send") }
    }

    /// Takes so many values more.
    fn credit(&self, n: u32) -> impl Future<Output = Result> + Send {
        async { cannot("credit") }
    }

    /// Closes the request side; where an error is told, with that.
    fn finish(&self, metadata: Option<Value>, error: Option<Told>) -> impl Future<Output = Result> + Send {
        async { cannot("finish") }
    }

    fn cancel(&self) -> impl Future<Output = Result> + Send {
        async { cannot("cancel") }
    }
}

/// A call with which nothing can be done.
impl Running for () {}

/// A running call of any type: `Ok(mine.into())`.
pub struct Started(pub(crate) Arc<dyn AnyRunning>);

impl<R: Running> From<R> for Started {
    fn from(running: R) -> Self {
        Started(Arc::new(running))
    }
}

/// What comes of something that goes on.
pub(crate) type Doing<'a, T = ()> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// [`Running`] of any type.
pub(crate) trait AnyRunning: Send + Sync {
    fn send(&self, value: Value, metadata: Option<Value>) -> Doing<'_>;
    fn credit(&self, n: u32) -> Doing<'_>;
    fn finish(&self, metadata: Option<Value>, error: Option<Told>) -> Doing<'_>;
    fn cancel(&self) -> Doing<'_>;
}

impl<R: Running> AnyRunning for R {
    fn send(&self, value: Value, metadata: Option<Value>) -> Doing<'_> {
        Box::pin(Running::send(self, value, metadata))
    }
    fn credit(&self, n: u32) -> Doing<'_> {
        Box::pin(Running::credit(self, n))
    }
    fn finish(&self, metadata: Option<Value>, error: Option<Told>) -> Doing<'_> {
        Box::pin(Running::finish(self, metadata, error))
    }
    fn cancel(&self) -> Doing<'_> {
        Box::pin(Running::cancel(self))
    }
}

/// [`Client`] of any type.
pub(crate) trait AnyClient: Send + Sync {
    fn invoke(&self, call: Call) -> Doing<'_, Started>;
    fn dial(&self) -> Doing<'_>;
    fn close(&self) -> Doing<'_>;
}

impl<C: Client> AnyClient for C {
    fn invoke(&self, call: Call) -> Doing<'_, Started> {
        Box::pin(Client::invoke(self, call))
    }
    fn dial(&self) -> Doing<'_> {
        Box::pin(Client::dial(self))
    }
    fn close(&self) -> Doing<'_> {
        Box::pin(Client::close(self))
    }
}

/// [`Server`] of any type.
pub(crate) trait AnyServer: Send + Sync {
    fn url(&self) -> String;
    fn invoke(&self, call: Call) -> Doing<'_, Started>;
    fn stop(&self, how: Option<String>) -> Doing<'_>;
}

impl<S: Server> AnyServer for S {
    fn url(&self) -> String {
        Server::url(self)
    }
    fn invoke(&self, call: Call) -> Doing<'_, Started> {
        Box::pin(Server::invoke(self, call))
    }
    fn stop(&self, how: Option<String>) -> Doing<'_> {
        Box::pin(Server::stop(self, how))
    }
}

/// What makes an instance of the library.
type Make<T> = Box<dyn Fn(Instance, Settings) -> Doing<'static, Arc<T>> + Send + Sync>;

/// A library, and nothing that every adapter says alike.
pub struct Adapter {
    pub(crate) info: Json,
    pub(crate) connect: Make<dyn AnyClient>,
    pub(crate) serve: Make<dyn AnyServer>,
}

impl Adapter {
    /// One that has neither clients nor servers yet. `info` is what `initialize` answers.
    pub fn new(info: Json) -> Self {
        Adapter {
            info,
            connect: Box::new(|_, _| Box::pin(async { refused("the library has no client") })),
            serve: Box::new(|_, _| Box::pin(async { refused("the library has no server") })),
        }
    }

    /// Says what makes a client, which does not wait for its connection.
    pub fn client<C: Client, F: Future<Output = Result<C>> + Send + 'static>(
        mut self,
        connect: impl Fn(Instance, Settings) -> F + Send + Sync + 'static,
    ) -> Self {
        self.connect = Box::new(move |instance, settings| {
            let making = connect(instance, settings);
            Box::pin(async { Ok(Arc::new(making.await?) as Arc<dyn AnyClient>) })
        });
        self
    }

    /// Says what starts a server.
    pub fn server<S: Server, F: Future<Output = Result<S>> + Send + 'static>(
        mut self,
        serve: impl Fn(Instance, Settings) -> F + Send + Sync + 'static,
    ) -> Self {
        self.serve = Box::new(move |instance, settings| {
            let making = serve(instance, settings);
            Box::pin(async { Ok(Arc::new(making.await?) as Arc<dyn AnyServer>) })
        });
        self
    }
}

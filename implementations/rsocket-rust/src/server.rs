use std::sync::{Arc, Mutex, PoisonError};

use rsocket_rust::error::RSocketError;
use rsocket_rust::prelude::{RSocketFactory, ServerTransport, SetupPayload, Transport};
use rsocket_rust::{async_trait, transport::Connection};
use rsocket_rust_transport_tcp::TcpClientTransport;
use rsocket_rust_transport_websocket::WebsocketClientTransport;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use weir_kit::{Call, Instance, Result, Server, Settings, Started};
use weir_rsocket::{asking, Services};

use crate::apart::Apart;
use crate::ends::{Hosted, Remote};
use crate::settings::fragment_size;

/// Those who connected, in that order.
type Peers = watch::Sender<Vec<Remote>>;

pub struct Listening {
    url: String,
    peers: Arc<Peers>,
    /// What it lives on, until it is stopped.
    apart: Mutex<Option<Apart>>,
}

/// Accepts connections for transport `T`: those of the library bind an address and do not tell which port they were given.
struct Accepting<T> {
    listener: TcpListener,
    made: std::marker::PhantomData<fn() -> T>,
}

#[async_trait]
impl<T: From<TcpStream> + Transport + Send> ServerTransport for Accepting<T> {
    type Item = T;

    async fn start(&mut self) -> rsocket_rust::Result<()> {
        Ok(())
    }

    async fn next(&mut self) -> Option<rsocket_rust::Result<T>> {
        let accepted = self.listener.accept().await;
        Some(
            accepted
                .map(|(stream, _)| T::from(stream))
                .map_err(|error| RSocketError::IO(error).into()),
        )
    }
}

pub async fn serve(instance: Instance, settings: Settings) -> Result<Listening> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    listener.set_nonblocking(true)?;
    let tcp = settings.binding == "tcp";
    let url = format!("{}://{}", if tcp { "tcp" } else { "ws" }, listener.local_addr()?);
    let (peers, apart) = (Arc::new(Peers::new(Vec::new())), Apart::new());
    let accepted = Arc::clone(&peers);
    if tcp {
        apart
            .handle
            .spawn(accept::<TcpClientTransport>(listener, instance, settings, accepted));
    } else {
        apart
            .handle
            .spawn(accept::<WebsocketClientTransport>(listener, instance, settings, accepted));
    }
    Ok(Listening {
        url,
        peers,
        apart: Mutex::new(Some(apart)),
    })
}

async fn accept<T>(listener: std::net::TcpListener, instance: Instance, settings: Settings, peers: Arc<Peers>)
where
    T: From<TcpStream> + Transport + Send + Sync + 'static,
    T::Conn: Connection,
{
    let listener = TcpListener::from_std(listener).expect("a listener of this runtime");
    let services = Services::new(instance.clone(), &settings);
    let served = RSocketFactory::receive()
        .transport(Accepting::<T> {
            listener,
            made: std::marker::PhantomData,
        })
        .fragment(fragment_size(&settings))
        .acceptor(Box::new(move |setup: SetupPayload, remote| {
            let data = setup
                .data()
                .map(|data| String::from_utf8_lossy(data).into_owned())
                .unwrap_or_default();
            let (refused, after) = services.admission(&data);
            // The library waits for its acceptor.
            std::thread::sleep(after);
            if refused {
                return Err(RSocketError::WithDescription("refused".to_owned()).into());
            }
            let peer = Remote(remote.into());
            let answering = Hosted::new(services.clone());
            answering.calls(&peer);
            peers.send_modify(|all| all.push(peer));
            instance.status("connected", None);
            Ok(Box::new(answering))
        }))
        .serve()
        .await;
    drop(served);
}

impl Server for Listening {
    fn url(&self) -> String {
        self.url.clone()
    }

    async fn invoke(&self, call: Call) -> Result<Started> {
        let to = call.to.map(|to| to as usize);
        let mut peers = self.peers.subscribe();
        let (asked, job) = asking(call);
        let making = async move {
            let there = peers.wait_for(|all| all.len() > to.unwrap_or(0)).await;
            // Its sender lives as long as the server.
            let Ok(there) = there.map(|all| to.map_or_else(|| all.last().cloned(), |to| all.get(to).cloned())) else {
                return;
            };
            match there {
                Some(peer) => job.carry_out(peer).await,
                None => job.closed("no such connection"),
            }
        };
        if let Some(apart) = &*self.apart.lock().unwrap_or_else(PoisonError::into_inner) {
            apart.handle.spawn(making);
        }
        Ok(asked.into())
    }

    async fn stop(&self, _how: Option<String>) -> Result {
        drop(self.apart.lock().unwrap_or_else(PoisonError::into_inner).take());
        self.peers.send_modify(Vec::clear);
        Ok(())
    }
}

use std::sync::{Arc, Mutex, PoisonError};

use rsocket_rust::prelude::{Payload, RSocketFactory, Transport};
use rsocket_rust::transport::Connection;
use rsocket_rust::Client as Library;
use rsocket_rust_transport_tcp::TcpClientTransport;
use rsocket_rust_transport_websocket::WebsocketClientTransport;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use url::Url;
use weir_kit::{Call, Client, Instance, Refusal, Result, Settings, Started};
use weir_rsocket::{asking, bytes_of, Job, Services};

use crate::apart::Apart;
use crate::ends::{Hosted, Remote};
use crate::settings::{fragment_size, ms};

/// A client of the library, which dials when it is told to, or called.
pub struct Dialled {
    /// What is asked of it; nothing is a wish for its connection alone. Gone once it is closed.
    asked: Mutex<Option<mpsc::UnboundedSender<Option<Job>>>>,
}

pub async fn connect(clients: Arc<Apart>, instance: Instance, settings: Settings) -> Result<Dialled> {
    let url = Url::parse(&settings.url)?;
    let (asked, jobs) = mpsc::unbounded_channel();
    if settings.binding == "tcp" {
        let at = url
            .socket_addrs(|| None)?
            .first()
            .copied()
            .ok_or_else(|| Refusal::new("no address"))?;
        clients.handle.spawn(live(TcpClientTransport::from(at), instance, settings, jobs));
    } else {
        clients
            .handle
            .spawn(live(WebsocketClientTransport::from(url), instance, settings, jobs));
    }
    Ok(Dialled {
        asked: Mutex::new(Some(asked)),
    })
}

/// Dials at the first that is asked of the client, and makes its calls until it is closed.
async fn live<T, C>(transport: T, instance: Instance, settings: Settings, mut jobs: mpsc::UnboundedReceiver<Option<Job>>)
where
    T: Send + Sync + Transport<Conn = C> + 'static,
    C: Send + Sync + Connection + 'static,
{
    let Some(mut job) = jobs.recv().await else { return };
    let hosted = Hosted::new(Services::new(instance.clone(), &settings));
    let client = match dial(transport, &instance, &settings, &hosted).await {
        Ok(client) => client,
        Err(error) => {
            instance.status("closed", Some(&error.to_string()));
            loop {
                job.into_iter().for_each(|each| each.closed(&error.to_string()));
                match jobs.recv().await {
                    Some(next) => job = next,
                    None => return,
                }
            }
        }
    };
    let peer = Remote(Arc::new(client));
    hosted.calls(&peer);
    instance.status("connected", None);
    let mut calls = JoinSet::new();
    loop {
        if let Some(job) = job {
            calls.spawn(job.carry_out(peer.clone()));
        }
        while calls.try_join_next().is_some() {}
        match jobs.recv().await {
            Some(next) => job = next,
            None => return,
        }
    }
}

async fn dial<T, C>(transport: T, instance: &Instance, settings: &Settings, hosted: &Hosted) -> rsocket_rust::Result<Library>
where
    T: Send + Sync + Transport<Conn = C> + 'static,
    C: Send + Sync + Connection + 'static,
{
    let option = |name: &str| settings.options.get(name);
    let text = |name: &str, absent: &str| option(name).and_then(|value| value.as_text()).unwrap_or(absent).to_owned();
    let closing = instance.clone();
    let answering = hosted.clone();
    RSocketFactory::connect()
        .transport(transport)
        .keepalive(ms(settings, "keepaliveMs", 2000.0), ms(settings, "lifetimeMs", 10_000.0), 1)
        .metadata_mime_type(text("metadataMime", "message/x.rsocket.composite-metadata.v0"))
        .data_mime_type(text("dataMime", "application/octet-stream"))
        .setup(Payload::new(bytes_of(option("setupData")), bytes_of(option("setupMetadata"))))
        .fragment(fragment_size(settings))
        .acceptor(Box::new(move || Box::new(answering)))
        .on_close(Box::new(move || closing.status("closed", None)))
        .start()
        .await
}

impl Dialled {
    fn ask(&self, job: Option<Job>) {
        let asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        match &*asked {
            Some(asked) => drop(asked.send(job)),
            None => job.into_iter().for_each(|each| each.closed("the client is closed")),
        }
    }
}

impl Client for Dialled {
    async fn invoke(&self, call: Call) -> Result<Started> {
        let (asked, job) = asking(call);
        self.ask(Some(job));
        Ok(asked.into())
    }

    async fn dial(&self) -> Result {
        self.ask(None);
        Ok(())
    }

    async fn close(&self) -> Result {
        drop(self.asked.lock().unwrap_or_else(PoisonError::into_inner).take());
        Ok(())
    }
}

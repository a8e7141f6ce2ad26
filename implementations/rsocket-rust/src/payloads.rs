use anyhow::Error;
use bytes::{Bytes, BytesMut};
use rsocket_rust::error::RSocketError;
use rsocket_rust::extension::{CompositeMetadata, MimeType, RoutingMetadata};
use rsocket_rust::prelude::Payload;
use rsocket_rust::utils::Writeable;
use weir_kit::{Told, Value};

/// The bytes of what a case writes as text or bytes.
pub fn bytes_of(value: Option<&Value>) -> Option<Bytes> {
    match value? {
        Value::Text(held) => Some(Bytes::from(held.clone())),
        Value::Bytes(held) => Some(Bytes::from(held.clone())),
        _ => None,
    }
}

/// Bytes as a case reads them: text where they are UTF-8.
fn read(bytes: &Bytes) -> Value {
    match String::from_utf8(bytes.to_vec()) {
        Ok(text) => text.into(),
        Err(binary) => binary.into_bytes().into(),
    }
}

/// The data of a payload, and its metadata where it has some.
pub fn values_of(payload: &Payload) -> (Value, Option<Value>) {
    let data = payload.data().map_or_else(|| "".into(), read);
    (data, payload.metadata().map(read))
}

pub fn text_of(payload: &Payload) -> String {
    payload
        .data()
        .map(|data| String::from_utf8_lossy(data).into_owned())
        .unwrap_or_default()
}

pub fn plain(text: impl ToString) -> Payload {
    Payload::builder().set_data_utf8(&text.to_string()).build()
}

/// A request, whose route stands beside what the application says; without a route the metadata is the application's, as it is.
pub fn request(route: Option<&str>, data: Option<Bytes>, own: Option<Bytes>) -> Payload {
    let Some(route) = route else {
        return Payload::new(data, own);
    };
    let routing = RoutingMetadata::builder().push_str(route).build();
    let mut composite = CompositeMetadata::builder().push(MimeType::MESSAGE_X_RSOCKET_ROUTING_V0, routing.bytes());
    if let Some(own) = own {
        composite = composite.push(MimeType::APPLICATION_OCTET_STREAM, own);
    }
    Payload::new(data, Some(composite.build().into()))
}

/// The route of a request, and the request as its handler sees it.
pub fn routed(request: Payload) -> Option<(String, Payload)> {
    let (data, metadata) = request.split();
    let entries = CompositeMetadata::decode(&mut BytesMut::from(&metadata?[..])).ok()?;
    let entry = |kind: MimeType| entries.iter().find(|each| *each.get_mime_type() == kind);
    let tags = &mut BytesMut::from(&entry(MimeType::MESSAGE_X_RSOCKET_ROUTING_V0)?.get_metadata()[..]);
    let route = RoutingMetadata::decode(tags).ok()?.get_tags().first()?.clone();
    let own = entry(MimeType::APPLICATION_OCTET_STREAM).map(|each| each.get_metadata().clone());
    Some((route, Payload::new(data, own)))
}

/// An error of which the library sends the text, and no more.
pub fn failure(text: impl Into<String>) -> Error {
    RSocketError::WithDescription(text.into()).into()
}

/// An error as the application reads it.
pub fn told(error: &Error) -> Told {
    use RSocketError::*;
    let (code, text) = match error.downcast_ref() {
        Some(InvalidSetup(text)) => ("INVALID_SETUP", text),
        Some(UnsupportedSetup(text)) => ("UNSUPPORTED_SETUP", text),
        Some(RejectedSetup(text)) => ("REJECTED_SETUP", text),
        Some(RejectedResume(text)) => ("REJECTED_RESUME", text),
        Some(ConnectionException(text)) => ("CONNECTION_ERROR", text),
        Some(ConnectionClosed(text)) => ("CONNECTION_CLOSE", text),
        Some(ApplicationException(text)) => ("APPLICATION_ERROR", text),
        Some(RequestRejected(text)) => ("REJECTED", text),
        Some(RequestCancelled(text)) => ("CANCELED", text),
        Some(RequestInvalid(text)) => ("INVALID", text),
        Some(Reserved(code, text)) => return Told::new(format!("0x{code:08x}"), text.clone()),
        _ => return Told::new("CLOSED", error.to_string()),
    };
    Told::new(code, text.clone())
}

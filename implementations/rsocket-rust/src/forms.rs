use anyhow::Error;
use bytes::BytesMut;
use rsocket_rust::error::RSocketError;
use rsocket_rust::extension::{CompositeMetadata, MimeType, RoutingMetadata};
use rsocket_rust::prelude::Payload;
use rsocket_rust::utils::Writeable;
use weir_kit::Told;
use weir_rsocket::Item;

pub fn item_of(payload: Payload) -> Item {
    let (data, metadata) = payload.split();
    Item { data, metadata }
}

pub fn payload_of(item: Item) -> Payload {
    Payload::new(item.data, item.metadata)
}

/// A request, whose route stands beside what the application says; without a route the metadata is the application's, as it is.
pub fn request(route: Option<&str>, item: Item) -> Payload {
    let Some(route) = route else {
        return payload_of(item);
    };
    let routing = RoutingMetadata::builder().push_str(route).build();
    let mut composite = CompositeMetadata::builder().push(MimeType::MESSAGE_X_RSOCKET_ROUTING_V0, routing.bytes());
    if let Some(own) = item.metadata {
        composite = composite.push(MimeType::APPLICATION_OCTET_STREAM, own);
    }
    Payload::new(item.data, Some(composite.build().into()))
}

/// The route of a request, and the request as its handler sees it.
pub fn routed(request: Payload) -> Option<(String, Item)> {
    let (data, metadata) = request.split();
    let entries = CompositeMetadata::decode(&mut BytesMut::from(&metadata?[..])).ok()?;
    let entry = |kind: MimeType| entries.iter().find(|each| *each.get_mime_type() == kind);
    let tags = &mut BytesMut::from(&entry(MimeType::MESSAGE_X_RSOCKET_ROUTING_V0)?.get_metadata()[..]);
    let route = RoutingMetadata::decode(tags).ok()?.get_tags().first()?.clone();
    let metadata = entry(MimeType::APPLICATION_OCTET_STREAM).map(|each| each.get_metadata().clone());
    Some((route, Item { data, metadata }))
}

/// An error of which the library sends the text, and no more.
pub fn failure(told: Told) -> Error {
    RSocketError::WithDescription(told.message).into()
}

/// An error as the application reads it.
pub fn told(error: Error) -> Told {
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

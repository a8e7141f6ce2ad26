use bytes::Bytes;
use weir_kit::Value;

/// Bytes of a payload. None of metadata is no metadata.
#[derive(Clone, Debug, Default)]
pub struct Item {
    pub data: Option<Bytes>,
    pub metadata: Option<Bytes>,
}

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

impl Item {
    /// The item that a case writes.
    pub fn of(data: Option<&Value>, metadata: Option<&Value>) -> Self {
        Item {
            data: bytes_of(data),
            metadata: bytes_of(metadata),
        }
    }

    pub(crate) fn plain(text: impl ToString) -> Self {
        Item {
            data: Some(Bytes::from(text.to_string())),
            metadata: None,
        }
    }

    pub(crate) fn text(&self) -> String {
        self.data
            .as_ref()
            .map(|data| String::from_utf8_lossy(data).into_owned())
            .unwrap_or_default()
    }

    /// Its data, and its metadata where it has some, as a case reads them.
    pub(crate) fn values(&self) -> (Value, Option<Value>) {
        (self.data.as_ref().map_or_else(|| "".into(), read), self.metadata.as_ref().map(read))
    }
}

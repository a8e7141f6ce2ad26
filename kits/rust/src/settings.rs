use std::collections::BTreeMap;

use serde_json::{Map, Value as Json};

use crate::{Result, Value};

/// What `connect` and `serve` say.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What a client dials; empty for a server.
    pub url: String,
    pub binding: String,
    /// In ms, scaled already, and counts; under the protocol's own names.
    pub timers: BTreeMap<String, f64>,
    pub options: BTreeMap<String, Value>,
    /// One value for each handshake; the last one repeats.
    pub metadata: Vec<Value>,
    /// All of it, tagged, under the names of the control protocol.
    pub params: Map<String, Json>,
}

impl Settings {
    pub(crate) fn of(params: &Map<String, Json>) -> Result<Self> {
        let timers = params.get("timers").and_then(Json::as_object);
        let binding = text_in(params, "binding").or_else(|| text_in(params, "codec"));
        Ok(Settings {
            url: text_in(params, "url").unwrap_or_default(),
            binding: binding.unwrap_or_default(),
            timers: timers
                .into_iter()
                .flatten()
                .filter_map(|(name, ms)| Some((name.clone(), ms.as_f64()?)))
                .collect(),
            options: match value_in(params, "options")? {
                Some(Value::Map(options)) => options,
                _ => BTreeMap::new(),
            },
            metadata: match value_in(params, "metadata")? {
                Some(Value::List(metadata)) => metadata,
                _ => Vec::new(),
            },
            params: params.clone(),
        })
    }
}

pub(crate) fn text_in(params: &Map<String, Json>, name: &str) -> Option<String> {
    params.get(name)?.as_str().map(str::to_owned)
}

pub(crate) fn count_in(params: &Map<String, Json>, name: &str) -> Option<u32> {
    params.get(name)?.as_f64().map(|number| number as u32)
}

pub(crate) fn value_in(params: &Map<String, Json>, name: &str) -> Result<Option<Value>> {
    params.get(name).map(Value::from_tagged).transpose()
}

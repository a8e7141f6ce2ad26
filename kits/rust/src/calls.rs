use std::fmt;
use std::sync::Arc;

use serde_json::{json, Map, Value as Json};

use crate::lines::Lines;
use crate::Value;

/// Adds what is there, tagged.
fn given<const N: usize>(mut params: Json, optional: [(&str, Option<Value>); N]) -> Json {
    if let Json::Object(members) = &mut params {
        members.extend(
            optional
                .into_iter()
                .filter_map(|(name, value)| Some((name.to_owned(), value?.to_tagged()))),
        );
    }
    params
}

/// A client or a server under its handle.
#[derive(Clone)]
pub struct Instance {
    pub handle: String,
    pub(crate) lines: Arc<Lines>,
}

/// What a handler saw. `run` tells runs of the same handler apart.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    pub service: Option<String>,
    pub procedure: String,
    pub run: String,
    pub event: String,
    pub value: Option<Value>,
    pub metadata: Option<Value>,
}

impl Instance {
    /// Tells of a session: `docs/adapters.md` has the protocol's words.
    pub fn status(&self, status: &str, detail: Option<&str>) {
        let params = json!({ "instance": self.handle, "status": status });
        let detail = detail.map(Value::from);
        self.lines.notify("status", given(params, [("detail", detail)]));
    }

    /// Tells what a handler saw.
    pub fn handler(&self, seen: Seen) {
        let params = json!({ "instance": self.handle, "procedure": seen.procedure, "run": seen.run, "event": seen.event });
        let optional = [
            ("service", seen.service.map(Value::from)),
            ("value", seen.value),
            ("metadata", seen.metadata),
        ];
        self.lines.notify("handler", given(params, optional));
    }

    /// Writes a line for the report.
    pub fn log(&self, message: impl fmt::Display) {
        self.lines.notify("log", json!({ "message": message.to_string() }));
    }
}

/// An error as the control protocol says it; its code is a word or a number.
#[derive(Clone, Debug)]
pub struct Told {
    pub code: Value,
    pub message: String,
    pub extras: Option<Value>,
    pub metadata: Option<Value>,
}

impl Told {
    /// One without extras and metadata.
    pub fn new(code: impl Into<Value>, message: impl Into<String>) -> Self {
        Told {
            code: code.into(),
            message: message.into(),
            extras: None,
            metadata: None,
        }
    }
}

/// A call as it was asked for, and what is told of it. Its clones are the same call.
#[derive(Clone)]
pub struct Call {
    pub name: String,
    pub kind: String,
    pub service: Option<String>,
    pub procedure: Option<String>,
    pub value: Option<Value>,
    pub metadata: Option<Value>,
    /// How many values its caller takes at first, where the protocol has that.
    pub credit: Option<u32>,
    /// On which of the connections that a server accepted; none is the newest.
    pub to: Option<u32>,
    pub(crate) lines: Arc<Lines>,
}

impl Call {
    /// Tells that the answer began, apart from its first value.
    pub fn start(&self, metadata: Option<Value>) {
        self.notify("start", Map::new(), metadata);
    }

    /// Tells an item; none is null.
    pub fn message(&self, value: impl Into<Value>, metadata: Option<Value>) {
        let result = json!({ "ok": true, "value": value.into().to_tagged() });
        self.item(given(result, [("metadata", metadata)]));
    }

    /// Tells an error as an item.
    pub fn error(&self, told: Told) {
        let problem = json!({ "code": told.code.to_tagged(), "message": told.message });
        let problem = given(problem, [("extras", told.extras), ("metadata", told.metadata)]);
        self.item(json!({ "ok": false, "error": problem }));
    }

    /// Tells that nothing more will be read.
    pub fn end(&self, metadata: Option<Value>) {
        self.notify("end", Map::new(), metadata);
    }

    fn item(&self, result: Json) {
        self.notify("message", Map::from_iter([("result".to_owned(), result)]), None);
    }

    fn notify(&self, method: &str, mut params: Map<String, Json>, metadata: Option<Value>) {
        params.insert("call".to_owned(), json!(self.name));
        self.lines.notify(method, given(Json::Object(params), [("metadata", metadata)]));
    }
}

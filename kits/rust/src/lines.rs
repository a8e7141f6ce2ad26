use std::fs::File;
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::sync::{Mutex, PoisonError};

use serde_json::{json, Deserializer, Map, Value as Json};

/// Where messages go, a line each.
pub(crate) struct Lines(Mutex<File>);

impl Lines {
    /// Takes stdout for messages alone: whatever else is printed goes to stderr from here on.
    pub(crate) fn on_stdout() -> io::Result<Self> {
        let ours = io::stdout().as_fd().try_clone_to_owned()?;
        // SAFETY: dup2 asks nothing of its caller; what is no descriptor makes it fail.
        if unsafe { libc::dup2(libc::STDERR_FILENO, libc::STDOUT_FILENO) } < 0 {
            return Err(io::Error::last_os_error());
        }
        Ok(Lines(Mutex::new(File::from(ours))))
    }

    pub(crate) fn notify(&self, method: &str, params: Json) {
        self.write(json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    pub(crate) fn answer(&self, id: &Json, result: Json) {
        self.write(json!({ "jsonrpc": "2.0", "id": id, "result": result }));
    }

    /// Without an id nobody waits for an answer; what became of it is said on stderr.
    pub(crate) fn refuse(&self, id: Option<&Json>, code: i32, message: &str) {
        match id {
            Some(id) => {
                let error = json!({ "code": code, "message": message });
                self.write(json!({ "jsonrpc": "2.0", "id": id, "error": error }));
            }
            None => eprintln!("not carried out: {message}"),
        }
    }

    fn write(&self, message: Json) {
        let line = format!("{message}\n");
        let mut out = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Where the runner is gone nothing is left to tell to anyone.
        if out.write_all(line.as_bytes()).is_err() {
            std::process::exit(0);
        }
    }
}

/// A line that was read. A notification has no id, which is not an id of null.
pub(crate) struct Request {
    pub(crate) id: Option<Json>,
    pub(crate) method: String,
    pub(crate) params: Map<String, Json>,
}

/// A line that is no request: id and code of the error that answers it.
pub(crate) struct BadLine {
    pub(crate) id: Json,
    pub(crate) code: i32,
    pub(crate) message: &'static str,
}

pub(crate) fn read_request(line: &[u8]) -> Result<Request, BadLine> {
    let bad = |id: Option<&Json>, code, message| BadLine {
        id: id.cloned().unwrap_or(Json::Null),
        code,
        message,
    };
    let message = parse(line).ok_or_else(|| bad(None, -32700, "the line is no JSON in UTF-8"))?;
    let id = message.get("id");
    let Some(method) = message.get("method").and_then(Json::as_str) else {
        return Err(bad(id, -32600, "the line is no request: it has no method"));
    };
    let params = match message.get("params") {
        None => Map::new(),
        Some(Json::Object(params)) => params.clone(),
        Some(_) => return Err(bad(id, -32602, "params must be an object")),
    };
    Ok(Request {
        id: id.cloned(),
        method: method.to_owned(),
        params,
    })
}

/// The one value of a line. Values may be nested deeper than the parser allows unless it is told.
fn parse(line: &[u8]) -> Option<Json> {
    let mut parser = Deserializer::from_slice(line);
    parser.disable_recursion_limit();
    let mut values = parser.into_iter();
    let value = values.next()?.ok()?;
    values.next().is_none().then_some(value)
}

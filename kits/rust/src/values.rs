use std::collections::BTreeMap;

use base64::engine::general_purpose::STANDARD;
use base64::Engine;
use serde_json::{json, Map, Number, Value as Json};

use crate::Refusal;

/// The largest integer of which a double knows its neighbours.
const MAX_SAFE: u64 = (1 << 53) - 1;

/// A value of an application, with what JSON has no form for.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Null,
    /// What JavaScript calls so.
    Undefined,
    Bool(bool),
    Number(f64),
    /// An integer in decimal digits: of any size, and with a type of its own on the wire.
    BigInt(String),
    Text(String),
    Bytes(Vec<u8>),
    List(Vec<Value>),
    Map(BTreeMap<String, Value>),
}

impl Value {
    /// The value that a message holds. Its error says which tag holds no value of its kind.
    pub fn from_tagged(message: &Json) -> Result<Value, Refusal> {
        Ok(match message {
            Json::Null => Value::Null,
            Json::Bool(held) => Value::Bool(*held),
            Json::Number(held) => Value::Number(held.as_f64().unwrap_or(f64::NAN)),
            Json::String(held) => Value::Text(held.clone()),
            Json::Array(held) => Value::List(held.iter().map(Value::from_tagged).collect::<Result<_, _>>()?),
            Json::Object(held) => match tag_of(held) {
                Some((tag, inner)) => read_tag(tag, inner).ok_or_else(|| Refusal::new(format!("a malformed {tag}")))?,
                None => {
                    let members = held.iter().map(|(name, each)| Ok((name.clone(), Value::from_tagged(each)?)));
                    Value::Map(members.collect::<Result<_, Refusal>>()?)
                }
            },
        })
    }

    /// The value as a message holds it.
    pub fn to_tagged(&self) -> Json {
        match self {
            Value::Null => Json::Null,
            Value::Undefined => json!({ "$undefined": true }),
            Value::Bool(held) => json!(held),
            Value::Number(held) => tagged_number(*held),
            Value::BigInt(held) => json!({ "$bigint": held }),
            Value::Text(held) => json!(held),
            Value::Bytes(held) => json!({ "$bytes": STANDARD.encode(held) }),
            Value::List(held) => Json::Array(held.iter().map(Value::to_tagged).collect()),
            Value::Map(held) => Json::Object(held.iter().map(|(name, each)| (name.clone(), each.to_tagged())).collect()),
        }
    }

    /// The text that it is.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text(held) => Some(held),
            _ => None,
        }
    }

    /// The number that it is.
    pub fn as_number(&self) -> Option<f64> {
        match self {
            Value::Number(held) => Some(*held),
            _ => None,
        }
    }
}

/// The one member of a map that is a tag, and what it holds.
fn tag_of(map: &Map<String, Json>) -> Option<(&str, &Json)> {
    let (name, held) = map.iter().next()?;
    let known = matches!(name.as_str(), "$bytes" | "$bigint" | "$number" | "$undefined");
    (map.len() == 1 && known).then_some((name.as_str(), held))
}

fn read_tag(tag: &str, held: &Json) -> Option<Value> {
    let text = held.as_str();
    match tag {
        "$bytes" => STANDARD.decode(text?).ok().map(Value::Bytes),
        "$bigint" => {
            let digits = text?.strip_prefix('-').or(text)?;
            let fits = !digits.is_empty() && digits.bytes().all(|each| each.is_ascii_digit());
            fits.then(|| Value::BigInt(text.unwrap_or_default().to_owned()))
        }
        "$number" => match text? {
            "NaN" => Some(Value::Number(f64::NAN)),
            "Infinity" => Some(Value::Number(f64::INFINITY)),
            "-Infinity" => Some(Value::Number(f64::NEG_INFINITY)),
            "-0" => Some(Value::Number(-0.0)),
            _ => None,
        },
        _ => (held == &Json::Bool(true)).then_some(Value::Undefined),
    }
}

fn tagged_number(number: f64) -> Json {
    if number == 0.0 && number.is_sign_negative() {
        return json!({ "$number": "-0" });
    }
    if number.fract() == 0.0 && number.abs() <= MAX_SAFE as f64 {
        return json!(number as i64);
    }
    match Number::from_f64(number) {
        Some(plain) => Json::Number(plain),
        None if number.is_nan() => json!({ "$number": "NaN" }),
        None if number > 0.0 => json!({ "$number": "Infinity" }),
        None => json!({ "$number": "-Infinity" }),
    }
}

impl From<bool> for Value {
    fn from(held: bool) -> Self {
        Value::Bool(held)
    }
}

impl From<f64> for Value {
    fn from(held: f64) -> Self {
        Value::Number(held)
    }
}

impl From<i64> for Value {
    fn from(held: i64) -> Self {
        if held.unsigned_abs() <= MAX_SAFE {
            Value::Number(held as f64)
        } else {
            Value::BigInt(held.to_string())
        }
    }
}

impl From<u64> for Value {
    fn from(held: u64) -> Self {
        if held <= MAX_SAFE {
            Value::Number(held as f64)
        } else {
            Value::BigInt(held.to_string())
        }
    }
}

impl From<&str> for Value {
    fn from(held: &str) -> Self {
        Value::Text(held.to_owned())
    }
}

impl From<String> for Value {
    fn from(held: String) -> Self {
        Value::Text(held)
    }
}

impl From<Vec<u8>> for Value {
    fn from(held: Vec<u8>) -> Self {
        Value::Bytes(held)
    }
}

/// What was not given is null.
impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(held: Option<T>) -> Self {
        held.map_or(Value::Null, Into::into)
    }
}

impl<const N: usize> From<[(&str, Value); N]> for Value {
    fn from(members: [(&str, Value); N]) -> Self {
        let named = members.map(|(name, each)| (name.to_owned(), each));
        Value::Map(named.into())
    }
}

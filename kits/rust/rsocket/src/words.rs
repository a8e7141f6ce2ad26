//! What requests say in words, and what is answered so.

use weir_kit::Told;

use crate::codes::{code_name, code_number};

/// The decimal number that is the first word of a text, or 0.
pub(crate) fn number(text: &str) -> i64 {
    let word = text.split(' ').next().unwrap_or_default();
    let digits = word.strip_prefix('-').unwrap_or(word);
    let decimal = digits.len() <= 15 && digits.bytes().all(|each| each.is_ascii_digit());
    word.parse().ok().filter(|_| decimal).unwrap_or(0)
}

/// What a handler fails with: a code and a text, or a text.
pub(crate) fn failed(told: &str) -> Told {
    let (code, text) = told.split_once(' ').unwrap_or((told, ""));
    match code_number(code) {
        Some(number) => Told::new(code_name(number), text),
        None => failure(told),
    }
}

/// A failure of a handler that names no code.
pub(crate) fn failure(text: impl Into<String>) -> Told {
    Told::new("APPLICATION_ERROR", text)
}

/// A request for a route that is not there.
pub(crate) fn no_route(route: &str) -> Told {
    failure(format!("there is no route {route}"))
}

use weir_kit::{Told, Value};

const CODES: [(&str, u32); 10] = [
    ("INVALID_SETUP", 0x001),
    ("UNSUPPORTED_SETUP", 0x002),
    ("REJECTED_SETUP", 0x003),
    ("REJECTED_RESUME", 0x004),
    ("CONNECTION_ERROR", 0x101),
    ("CONNECTION_CLOSE", 0x102),
    ("APPLICATION_ERROR", 0x201),
    ("REJECTED", 0x202),
    ("CANCELED", 0x203),
    ("INVALID", 0x204),
];

/// The name of a code; `0x00000301` where it has none.
pub fn code_name(number: u32) -> String {
    let named = CODES.iter().find(|(_, each)| *each == number);
    named.map_or_else(|| format!("0x{number:08x}"), |(name, _)| (*name).to_owned())
}

/// The number that a name or `0x…` stands for.
pub fn code_number(code: &str) -> Option<u32> {
    if let Some((_, number)) = CODES.iter().find(|(name, _)| *name == code) {
        return Some(*number);
    }
    let digits = code.strip_prefix("0x").filter(|digits| digits.len() <= 8)?;
    digits
        .bytes()
        .all(|each| each.is_ascii_hexdigit())
        .then(|| u32::from_str_radix(digits, 16).ok())?
}

/// An error of an application, its code by name.
pub(crate) fn named(error: Told) -> Told {
    let number = match &error.code {
        Value::Text(code) => code_number(code),
        code => code.as_number().map(|number| number as u32),
    };
    match number {
        Some(number) => Told {
            code: code_name(number).into(),
            ..error
        },
        None => error,
    }
}

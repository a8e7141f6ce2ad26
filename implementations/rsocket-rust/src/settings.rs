use std::time::Duration;

use weir_kit::Settings;

/// A timer of the run, or its nominal length.
pub fn ms(settings: &Settings, name: &str, nominal: f64) -> Duration {
    Duration::from_secs_f64(settings.timers.get(name).copied().unwrap_or(nominal) / 1000.0)
}

/// The size of fragments; 0 says that there are none.
pub fn fragment_size(settings: &Settings) -> usize {
    let size = settings.options.get("fragmentSize").and_then(|size| size.as_number());
    size.map_or(0, |size| size as usize)
}

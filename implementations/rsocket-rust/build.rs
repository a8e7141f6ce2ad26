//! Tells the adapter which version of the library it is linked with, by what Cargo.lock names.

fn main() {
    println!("cargo:rerun-if-changed=Cargo.lock");
    let lock = std::fs::read_to_string("Cargo.lock").expect("a Cargo.lock");
    let (_, behind) = lock
        .split_once("name = \"rsocket_rust\"\nversion = \"")
        .expect("rsocket_rust in Cargo.lock");
    let version = behind.split('"').next().unwrap_or_default();
    println!("cargo:rustc-env=RSOCKET_VERSION={version}");
}

//! The core's TOTP and QR code, callable without the protocol around them, and the protocol, callable without its boundary to
//! JavaScript. Bytes pass through one buffer.

mod sign_in;

use parse_two_factor::factor::{provisioning, totp};
use std::cell::UnsafeCell;

const SIZE: usize = 64 * 1024;

/// The secret comes first, the code or text after it.
struct Buffer(UnsafeCell<[u8; SIZE]>);

// SAFETY: WebAssembly without threads.
unsafe impl Sync for Buffer {}

static BUFFER: Buffer = Buffer(UnsafeCell::new([0; SIZE]));

/// Where the buffer is.
#[unsafe(no_mangle)]
pub extern "C" fn buffer() -> *mut u8 {
    BUFFER.0.get().cast()
}

fn bytes(from: usize, to: usize) -> &'static [u8] {
    // SAFETY: nobody writes while a call runs, and the bounds are checked.
    unsafe { &(&*BUFFER.0.get())[from..to] }
}

/// Whether the text after the secret is its code at `seconds`, give or take `window` steps: the step, or -1.
#[unsafe(no_mangle)]
pub extern "C" fn check(secret: usize, code: usize, seconds: f64, window: u32) -> f64 {
    let text = std::str::from_utf8(bytes(secret, secret + code)).unwrap_or_default();
    totp::check(bytes(0, secret), text, seconds as u64, window.into()).map_or(-1.0, |step| step as f64)
}

/// Writes the code of a step after the secret.
#[unsafe(no_mangle)]
pub extern "C" fn code(secret: usize, step: f64) {
    let code = totp::code(bytes(0, secret), step as u64);
    // SAFETY: as above; six bytes after the secret.
    unsafe { (&mut *BUFFER.0.get())[secret..secret + 6].copy_from_slice(&code[..]) }
}

/// Writes the QR code of the text after the secret over it, as SVG, and answers with its length.
#[unsafe(no_mangle)]
pub extern "C" fn qr(secret: usize, text: usize) -> usize {
    let text = std::str::from_utf8(bytes(secret, secret + text)).unwrap_or_default().to_owned();
    let svg = provisioning::qr_svg(&text).expect("the text fits");
    // SAFETY: as above.
    unsafe { (&mut *BUFFER.0.get())[secret..secret + svg.len()].copy_from_slice(svg.as_bytes()) }
    svg.len()
}

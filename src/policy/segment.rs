//! How long a text message may be.

/// The basic character set of GSM 03.38 (3GPP TS 23.038 §6.2.1); one septet each.
const GSM7: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/// Its extension table; two septets each.
const GSM7_EXTENSION: &str = "^{}\\[~]|€";

/// Whether a text fits one segment of SMS: 160 septets, or 70 UTF-16 units as soon as one character is outside GSM-7. A second segment
/// costs twice and can arrive alone.
pub(super) fn fits_one_segment(text: &str) -> bool {
    let septets = text.chars().try_fold(0, |sum, c| {
        if GSM7.contains(c) {
            Some(sum + 1)
        } else if GSM7_EXTENSION.contains(c) {
            Some(sum + 2)
        } else {
            None
        }
    });
    match septets {
        Some(septets) => septets <= 160,
        None => text.encode_utf16().count() <= 70,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_segment_is_160_septets_or_70_utf16_units() {
        assert!(fits_one_segment(&"a".repeat(160)));
        assert!(!fits_one_segment(&"a".repeat(161)));
        assert!(fits_one_segment(&"€".repeat(80)));
        assert!(!fits_one_segment(&"€".repeat(81)));
        assert!(fits_one_segment(&"я".repeat(70)));
        assert!(!fits_one_segment(&"я".repeat(71)));
        assert!(!fits_one_segment(&"🔑".repeat(36)));
    }
}

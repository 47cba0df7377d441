//! How long a text message may be.

/// The basic character set of GSM 03.38 (3GPP TS 23.038 §6.2.1); one septet each.
const GSM7: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/// Its extension table; two septets each.
const GSM7_EXTENSION: &str = "^{}\\[~]|€";

/// Whether a text fits so many segments of SMS. One is 160 septets, or 70 UTF-16 units as soon as one character is outside GSM-7; each of
/// several is 153 or 67 (3GPP TS 23.040 §9.2.3.24.1). Each costs, and can arrive alone.
pub(super) fn fits(text: &str, segments: usize) -> bool {
    let septets = text.chars().try_fold(0, |sum, c| {
        if GSM7.chars().any(|known| known == c) {
            Some(sum + 1)
        } else if GSM7_EXTENSION.chars().any(|known| known == c) {
            Some(sum + 2)
        } else {
            None
        }
    });
    let most = |alone: usize, joined: usize| if segments == 1 { alone } else { segments * joined };
    match septets {
        Some(septets) => septets <= most(160, 153),
        None => text.encode_utf16().count() <= most(70, 67),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_segment_is_160_septets_or_70_utf16_units() {
        assert!(fits(&"a".repeat(160), 1));
        assert!(!fits(&"a".repeat(161), 1));
        assert!(fits(&"€".repeat(80), 1));
        assert!(!fits(&"€".repeat(81), 1));
        assert!(fits(&"я".repeat(70), 1));
        assert!(!fits(&"я".repeat(71), 1));
        assert!(!fits(&"🔑".repeat(36), 1));
        assert!(fits(&"a".repeat(306), 2) && !fits(&"a".repeat(307), 2));
        assert!(fits(&"я".repeat(134), 2) && !fits(&"я".repeat(135), 2));
    }
}

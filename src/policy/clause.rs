//! The clauses that limits rest on.

use serde::{Deserialize, Serialize};
use tsify::Tsify;

/// A clause that an operator may break knowingly, by its name in `allow`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "kebab-case")]
pub enum ClauseName {
    /// At least a million codes (NIST SP 800-63B-4 §3.1.3.2, ASVS 5.0 §6.5.4).
    CodeEntropy,
    /// A code lives at most ten minutes (NIST SP 800-63B-4 §3.1.3.2, ASVS 5.0 §6.5.5).
    CodeLifetime,
    /// At most 100 failures in a row (NIST SP 800-63B-4 §3.2.2).
    Failures,
    /// At most one step of delay (RFC 6238 §5.2).
    TotpWindow,
    /// A trusted browser does not replace authentication (NIST SP 800-63B-4 §5.1).
    TrustedDevice,
    /// E-mail is no way to prove a second factor (NIST SP 800-63B-4 §3.1.3.1, ASVS 5.0 §6.3.6).
    Email,
    /// Every way in asks for the second factor (ASVS 5.0 §6.3.4): no number is left where nobody looks for one.
    Columns,
}

impl ClauseName {
    /// The name as an operator writes it in `allow`.
    pub fn as_str(self) -> &'static str {
        match self {
            ClauseName::CodeEntropy => "code-entropy",
            ClauseName::CodeLifetime => "code-lifetime",
            ClauseName::Failures => "failures",
            ClauseName::TotpWindow => "totp-window",
            ClauseName::TrustedDevice => "trusted-device",
            ClauseName::Email => "email",
            ClauseName::Columns => "columns",
        }
    }

    /// Where the clause stands.
    pub(crate) const fn cited(self) -> &'static str {
        match self {
            ClauseName::CodeEntropy => "NIST SP 800-63B-4 §3.1.3.2, ASVS 5.0 §6.5.4",
            ClauseName::CodeLifetime => "NIST SP 800-63B-4 §3.1.3.2, ASVS 5.0 §6.5.5",
            ClauseName::Failures => "NIST SP 800-63B-4 §3.2.2",
            ClauseName::TotpWindow => "RFC 6238 §5.2",
            ClauseName::TrustedDevice => "NIST SP 800-63B-4 §5.1",
            ClauseName::Email => "NIST SP 800-63B-4 §3.1.3.1, ASVS 5.0 §6.3.6",
            ClauseName::Columns => "ASVS 5.0 §6.3.4",
        }
    }

    pub(super) const fn clause(self) -> Clause {
        Clause { says: self.says(), cited: self.cited(), allow: Some(self) }
    }

    const fn says(self) -> &'static str {
        match self {
            ClauseName::CodeEntropy => "at least a million codes",
            ClauseName::CodeLifetime => "at most 600 s",
            ClauseName::Failures => "at most 100",
            ClauseName::TotpWindow => "at most one",
            ClauseName::TrustedDevice => "no trusted browser instead of authentication",
            ClauseName::Email => "no codes by e-mail",
            ClauseName::Columns => "no number where nobody looks for one",
        }
    }
}

/// What a limit rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Tsify)]
pub struct Clause {
    /// What it says, in a word or two.
    pub says: &'static str,
    /// Where it stands.
    pub cited: &'static str,
    /// The name that `allow` takes to break it. `None` where any value will do.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[tsify(optional)]
    pub allow: Option<ClauseName>,
}

impl Clause {
    /// The clause for an operator's own number, which throttles but is not given by the standard.
    pub(super) const THROTTLED: Clause = Clause { says: "throttled", cited: "ASVS 5.0 §6.6.3", allow: None };
}

//! What the provider asks of us over HTTP: it tells what became of a code, or wants to know what a call says next.

use crate::crypto::{Secret, signature};

/// A request of the provider's.
#[derive(Clone, Debug, Default)]
pub struct ProviderCall {
    /// The token in the address.
    pub message: Secret,
    /// The sealed code in the address of a call.
    pub code: Option<Secret>,
    /// Its signature.
    pub signature: String,
    /// The auth tokens of the accounts that send our messages.
    pub auth_tokens: Vec<Secret>,
    /// What it posts: names and values.
    pub fields: Vec<(String, String)>,
}

impl ProviderCall {
    /// Whether one of the accounts has signed it for this address.
    pub(crate) fn is_signed_for(&self, address: &str) -> bool {
        let fields: Vec<(&str, &str)> = self.fields.iter().map(|(name, value)| (&**name, &**value)).collect();
        let is_by = |token: &Secret| signature::is_signed(token, address, &fields, &self.signature);
        self.auth_tokens.iter().any(is_by)
    }

    /// The first field with one of these names.
    pub(crate) fn field(&self, names: &[&str]) -> Option<&str> {
        let found = self.fields.iter().find(|(name, _)| names.contains(&&**name));
        found.map(|(_, value)| &**value)
    }
}

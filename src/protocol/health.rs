//! What the deployment goes by, for an operator.

use crate::context::Context;
use crate::wire::{Answer, Health, Refusal, RequireMode, WebauthnHealth};

/// `twoFactorHealth`: what this deployment goes by.
///
/// # Errors
/// Parse's 119 without the master key, which [`crate::run`] checks.
pub(crate) async fn health(cx: &Context) -> Result<Answer, Refusal> {
    let policy = cx.policy();
    Ok(Answer::Health(Health {
        version: env!("CARGO_PKG_VERSION"),
        keys: cx.keys().ids().cloned().collect(),
        durable: cx.keys().is_durable(),
        functions: cx.deployment.names.renamed().clone(),
        require: match cx.deployment.asks_app {
            true => RequireMode::Function,
            false => policy.require.into(),
        },
        federated: policy.federated,
        countries: policy.countries.clone(),
        default_country: policy.default_country.clone(),
        channels: policy.channels.on().collect(),
        verify: policy.verify.as_ref().map(|verify| verify.service_sid.clone()),
        trust_addresses: policy.trust_addresses,
        allow: policy.allow.clone(),
        webauthn: policy.site().map(|site| WebauthnHealth {
            rp_id: site.rp_id.clone(),
            origins: site.origins.clone(),
            user_verification: site.user_verification,
        }),
        phishing_resistant: policy.phishing_resistant,
        trusted_days: policy.trusted_devices.as_ref().map(|trusted| trusted.days),
        limits: policy.limits.table(),
        now: cx.now(),
        address: cx.caller.address.clone(),
    }))
}

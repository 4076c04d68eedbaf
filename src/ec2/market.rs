//! How instances are bought: on demand, or as Spot instances.

use crate::ec2::rules;
use crate::error::ApiError;

shape! {
    /// How the instances are bought.
    pub struct InstanceMarketOptionsRequest {
        /// spot; on demand when absent.
        market_type: Option<String> = "MarketType".such_as(&["spot"]);
        /// What a Spot request says; kept.
        spot_options: Option<SpotMarketOptions> = "SpotOptions";
    }
    /// What a Spot request says.
    pub struct SpotMarketOptions {
        /// The highest price.
        max_price: Option<String> = "MaxPrice";
        /// one-time or persistent.
        spot_instance_type: Option<String> = "SpotInstanceType".one_of(&["one-time", "persistent"]);
        /// terminate.
        instance_interruption_behavior: Option<String> = "InstanceInterruptionBehavior".one_of(&["hibernate", "stop", "terminate"]);
    }
}

/// Whether a Spot instance is asked for.
///
/// # Errors
/// `InvalidParameterValue` for a market that there is not, and for an interruption that does not terminate.
pub fn is_spot(asked: Option<&InstanceMarketOptionsRequest>) -> Result<bool, ApiError> {
    let refuse = |message: String| Err(ApiError::new("InvalidParameterValue", message, rules::SPOT_NOTICE));
    let Some(asked) = asked else { return Ok(false) };
    match asked.market_type.as_deref() {
        Some("spot") => {}
        other => {
            let given = other.unwrap_or_default();
            return refuse(format!("Invalid value '{given}' for MarketType."));
        }
    }
    let ends =
        asked.spot_options.as_ref().and_then(|options| options.instance_interruption_behavior.as_deref());
    match ends {
        None | Some("terminate") => Ok(true),
        Some(other) => refuse(format!("Invalid value '{other}' for InstanceInterruptionBehavior.")),
    }
}

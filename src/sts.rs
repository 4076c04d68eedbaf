//! AWS STS: who is asking.

use crate::arn::ACCOUNT;
use crate::error::ApiError;
use crate::operation::{Look, Operation};

mod api {
    pub use super::{GetCallerIdentityRequest, GetCallerIdentityResponse, get_caller_identity};
}

/// Every STS operation that exists.
pub static OPERATIONS: &[Operation] = operations! { "sts":
    look "GetCallerIdentity" api::get_caller_identity, GetCallerIdentityRequest => GetCallerIdentityResponse,
        "Says who is asking.";
};

shape! {
    /// Nothing.
    pub struct GetCallerIdentityRequest {
    }
    /// Who is asking.
    pub struct GetCallerIdentityResponse {
        /// The unique id of the user or role.
        user_id: String = "UserId";
        /// The account.
        account: String = "Account";
        /// The ARN.
        arn: String = "Arn";
    }
}

/// Says who is asking.
///
/// # Errors
/// None: AWS answers everybody whose signature is good.
pub fn get_caller_identity(
    cx: &Look<'_>,
    _request: GetCallerIdentityRequest,
) -> Result<GetCallerIdentityResponse, ApiError> {
    // Twenty letters and digits that stay the same for a name, as AWS's unique ids do.
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut hash = cx.principal.name().bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let mut user_id = "AIDA".to_string();
    for _ in 0..17 {
        user_id.push(char::from(letters[usize::try_from(hash % 32).unwrap_or(0)]));
        hash = hash.rotate_right(5).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
    Ok(GetCallerIdentityResponse { user_id, account: ACCOUNT.to_string(), arn: cx.principal.arn.clone() })
}

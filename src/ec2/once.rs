//! Client tokens: a request that comes twice is done once (EC2-01).

use crate::ec2::rules;
use crate::error::ApiError;
use crate::operation::Cx;
use crate::shape::{self, Structure};

/// Does what a request asks for, unless one with the same token did; then it answers as before.
///
/// # Errors
/// What `act` refuses; `IdempotentParameterMismatch` for a token that was used for another request
/// ([`rules::LAUNCH_ONCE`]).
pub fn once<Request: Structure, Answer: Structure>(
    cx: &mut Cx<'_>,
    operation: &str,
    token: Option<&str>,
    request: Request,
    act: impl FnOnce(&mut Cx<'_>, Request) -> Result<Answer, ApiError>,
) -> Result<Answer, ApiError> {
    let Some(token) = token else { return act(cx, request) };
    let token = format!("{operation}/{token}");
    let asked = shape::write(&request);
    if let Some((earlier, answer)) = cx.state.client_tokens.get(&token) {
        if *earlier == asked {
            return Ok(shape::read(answer).unwrap_or_default());
        }
        let message = "Arguments on this idempotent request are inconsistent with arguments used in previous request(s).";
        return Err(ApiError::new("IdempotentParameterMismatch", message, rules::LAUNCH_ONCE));
    }
    let answer = act(cx, request)?;
    cx.state.client_tokens.insert(token, (asked, shape::write(&answer)));
    Ok(answer)
}

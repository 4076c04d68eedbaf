//! `drydock answer`: what a learner answers to a question.

use crate::error::ApiError;
use crate::operation::Cx;
use crate::sandbox::api::kill::refused;

shape! {
    /// The answer.
    pub struct AnswerRequest {
        /// The question.
        question: String = "question".required().positional();
        /// The option.
        option: String = "option".required().positional();
    }
    /// The answer as it was recorded.
    pub struct AnswerResponse {
        /// The question.
        question: String = "question";
        /// The option.
        option: String = "option";
    }
}

/// Records an answer; a later one takes its place.
///
/// # Errors
/// `SandboxError` for names longer than 128 characters.
pub fn answer(cx: &mut Cx<'_>, request: AnswerRequest) -> Result<AnswerResponse, ApiError> {
    let AnswerRequest { question, option } = request;
    if question.chars().count() > 128 || option.chars().count() > 128 {
        return Err(refused("A question and an option have at most 128 characters.".to_string()));
    }
    cx.state.answers.insert(question.clone(), option.clone());
    Ok(AnswerResponse { question, option })
}

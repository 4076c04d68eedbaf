//! `drydock docker kill`: a container that was run by hand ends.

use crate::ec2::instance;
use crate::error::ApiError;
use crate::operation::Cx;
use crate::sandbox::api::docker_run::{booted, refused};
use crate::timeline::Kind;

shape! {
    /// Which container to end.
    pub struct DockerKillRequest {
        /// Its name or id.
        container: String = "container".required().positional();
        /// The instance.
        on: String = "on".required().names(Kind::Instance);
    }
    /// The container that ended.
    pub struct DockerKillResponse {
        /// Its id.
        container_id: String = "containerId";
        /// Its exit code: 137 after SIGKILL.
        exit_code: i64 = "exitCode";
    }
}

/// Sends SIGKILL to a container that was run by hand. Nobody restarts it.
///
/// # Errors
/// As EC2 for an instance that there is not; `DockerError`, in Docker's words, for a container that does not
/// run.
pub fn docker_kill(cx: &mut Cx<'_>, request: DockerKillRequest) -> Result<DockerKillResponse, ApiError> {
    let machine = booted(cx.state, &request.on)?;
    let named = request.container.as_str();
    let is_meant = |id: &str, name: &str| name == named || (named.len() >= 3 && id.starts_with(named));
    let found = machine
        .docker
        .iter()
        .find(|container| container.exited.is_none() && is_meant(&container.id, &container.name))
        .ok_or_else(|| {
            refused(format!(
                "Error response from daemon: Cannot kill container: {named}: No such container: {named}"
            ))
        })?;
    let (machine, id) = (machine.id.clone(), found.id.clone());
    instance::docker_exits(cx, &machine, &id, 137);
    Ok(DockerKillResponse { container_id: id, exit_code: 137 })
}

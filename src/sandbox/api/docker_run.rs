//! `drydock docker run`: a container by hand, outside ECS.

use crate::ec2::instance::{DockerContainer, Instance, InstanceState, known};
use crate::ec2::rules;
use crate::error::ApiError;
use crate::event::Event;
use crate::operation::{Cx, subject};
use crate::program;
use crate::state::State;
use crate::time::SimDuration;
use crate::timeline::{Kind, RecordKind};

shape! {
    /// What to run, and where.
    pub struct DockerRunRequest {
        /// The image.
        image: String = "image".required().positional().names(Kind::Image);
        /// The instance.
        on: String = "on".required().names(Kind::Instance);
        /// The container's name; the last part of the image's name when absent.
        name: Option<String> = "name";
    }
    /// The container that runs.
    pub struct DockerRunResponse {
        /// Its id.
        container_id: String = "containerId";
        /// Its name.
        name: String = "name";
        /// Its image.
        image: String = "image";
        /// The instance.
        instance_id: String = "instanceId";
    }
}

/// Runs a container on an instance that has booted.
///
/// # Errors
/// As EC2 for an instance that there is not; `DockerError`, in Docker's words, for an instance that is not
/// running, an image that there is not and a name that is taken.
pub fn docker_run(cx: &mut Cx<'_>, request: DockerRunRequest) -> Result<DockerRunResponse, ApiError> {
    let machine = booted(cx.state, &request.on)?;
    let program = program::find(&request.image).map_err(|missing| {
        let message = format!(
            "Unable to find image '{}' locally: no such image in the registry; {}.",
            request.image,
            missing.hint()
        );
        refused(message)
    })?;
    let repository = program.repository.rsplit('/').next().unwrap_or(program.repository);
    let name = request.name.unwrap_or_else(|| repository.to_string());
    if let Some(other) = machine.docker.iter().find(|each| each.exited.is_none() && each.name == name) {
        return Err(refused(format!(
            "docker: Error response from daemon: Conflict. The container name \"/{name}\" is already in use by container \"{}\". You have to remove (or rename) that container to be able to reuse that name.",
            other.id
        )));
    }
    let instance = machine.id.clone();
    let id = cx.dice.hex(&format!("docker/{instance}"))[..12].to_string();
    let now = cx.clock;
    if let Some(machine) = cx.state.instances.get_mut(&instance) {
        machine.docker.push(DockerContainer {
            id: id.clone(),
            name: name.clone(),
            image: request.image.clone(),
            started_at: now,
            exited: None,
        });
        let image = program::whole_name(&request.image);
        if !machine.cached_images.contains(&image) {
            machine.cached_images.push(image);
        }
    }
    let text = format!("container {name} of {} runs; Docker alone looks after it", request.image);
    let record = cx.record(RecordKind::Change, subject(Kind::Instance, &instance), text, rules::DOCKER_ALONE);
    let ends = match program.ends {
        _ if program.shell => Some((0, 0)),
        ends => ends,
    };
    if let Some((millis, code)) = ends {
        let ends = Event::DockerExits { instance: instance.clone(), container: id.clone(), code };
        // A process that ends at once still has lived for a moment.
        cx.because(record, |cx| cx.book(SimDuration::millis(millis.max(1)), ends));
    }
    Ok(DockerRunResponse { container_id: id, name, image: request.image, instance_id: instance.to_string() })
}

/// The instance of this id, if it has booted.
pub(super) fn booted<'a>(state: &'a State, id: &str) -> Result<&'a Instance, ApiError> {
    let ids = known(state, std::slice::from_ref(&id.to_string()))?;
    ids.first()
        .and_then(|id| state.instances.get(id))
        .filter(|machine| machine.state == InstanceState::Running)
        .ok_or_else(|| {
            refused(format!(
                "Cannot connect to the Docker daemon on {id}: the instance is not running. Is it still booting?"
            ))
        })
}

/// A refusal of Docker.
pub(super) fn refused(message: String) -> ApiError {
    ApiError::new("DockerError", message, rules::DOCKER_ALONE)
}

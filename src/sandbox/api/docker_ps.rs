//! `drydock docker ps`: the containers on an instance.

use crate::ec2::instance::DockerContainer;
use crate::ecs::container::ContainerStatus;
use crate::error::ApiError;
use crate::operation::Look;
use crate::sandbox::api::docker_run::booted;
use crate::time::{SimDuration, SimTime};
use crate::timeline::Kind;

shape! {
    /// Where to look.
    pub struct DockerPsRequest {
        /// The instance.
        on: String = "on".required().names(Kind::Instance);
        /// Whether to show those that have ended too.
        all: Option<bool> = "all";
    }
    /// A container.
    pub struct DockerPsContainer {
        /// Its id.
        container_id: String = "containerId";
        /// Its image.
        image: String = "image";
        /// `Up …` or `Exited (…) …`.
        status: String = "status";
        /// Its name.
        name: String = "name";
        /// Who started it: `docker run`, or the ECS agent for a task.
        started_by: String = "startedBy";
    }
    /// The containers on an instance.
    pub struct DockerPsResponse {
        /// They; those of ECS last.
        containers: Vec<DockerPsContainer> = "containers";
    }
}

/// Lists the containers on an instance, as `docker ps` there would.
///
/// # Errors
/// As EC2 for an instance that there is not; `DockerError` for one that is not running.
pub fn docker_ps(cx: &Look<'_>, request: DockerPsRequest) -> Result<DockerPsResponse, ApiError> {
    let machine = booted(cx.state, &request.on)?;
    let all = request.all == Some(true);
    let by_hand =
        machine.docker.iter().filter(|container| all || container.exited.is_none()).map(|container| {
            DockerPsContainer {
                container_id: container.id.clone(),
                image: container.image.clone(),
                status: status(container, cx.clock),
                name: container.name.clone(),
                started_by: "docker run".to_string(),
            }
        });
    let tasks = machine
        .container_instance
        .as_ref()
        .and_then(|instance| cx.state.container_instances.get(instance))
        .into_iter()
        .flat_map(|instance| &instance.tasks)
        .filter_map(|arn| cx.state.tasks.get(arn));
    let of_ecs = tasks.flat_map(|task| {
        let running =
            |container: &&crate::ecs::container::Container| container.status == ContainerStatus::Running;
        task.containers.iter().filter(running).map(|container| DockerPsContainer {
            container_id: container.id.replace('-', "").chars().take(12).collect(),
            image: container.image.clone(),
            status: format!("Up {}", since(cx.clock, container.started_at.unwrap_or(cx.clock))),
            name: format!("ecs-{}-{}", task.task_definition.short().replace(':', "-"), container.name),
            started_by: "ECS agent".to_string(),
        })
    });
    Ok(DockerPsResponse { containers: by_hand.chain(of_ecs).collect() })
}

fn status(container: &DockerContainer, now: SimTime) -> String {
    match container.exited {
        None => format!("Up {}", since(now, container.started_at)),
        Some((at, code)) => format!("Exited ({code}) {} ago", since(now, at)),
    }
}

/// A span in Docker's words.
fn since(now: SimTime, then: SimTime) -> String {
    let SimDuration(millis) = now.since(then);
    match millis / 1000 {
        0 => "Less than a second".to_string(),
        1 => "1 second".to_string(),
        seconds @ 2..60 => format!("{seconds} seconds"),
        60..120 => "About a minute".to_string(),
        seconds @ 120..3600 => format!("{} minutes", seconds / 60),
        3600..7200 => "About an hour".to_string(),
        seconds => format!("{} hours", seconds / 3600),
    }
}

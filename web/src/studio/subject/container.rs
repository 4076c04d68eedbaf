//! A container that somebody started by hand, in the engine's terms.
use drydock::State;
use drydock::ec2::instance::DockerContainer;

use super::{Action, Fact, Head, fault};

/// The container of this id, and the machine that it runs on.
pub fn of<'a>(state: &'a State, id: &str) -> Option<(&'a str, &'a DockerContainer)> {
    state.instances.values().find_map(|instance| {
        let container = instance.docker.iter().find(|container| container.id == id)?;
        Some((instance.id.as_str(), container))
    })
}

/// What it is and how it is.
pub fn head(instance: &str, container: &DockerContainer) -> Head {
    Head {
        title: format!("Container of {}", container.image),
        sentence: match container.exited {
            None => format!("Started by hand on {instance}. ECS does not know it."),
            Some((at, code)) => {
                format!("Its process ended at {} with exit code {code}. Nobody starts it again.", at.clock())
            }
        },
        wrong: false,
    }
}

/// The summary, a line each.
pub fn facts(instance: &str, container: &DockerContainer) -> Vec<Fact> {
    vec![
        ("Container", container.id.clone()),
        ("Image", container.image.clone()),
        ("On", instance.to_string()),
        ("Started", container.started_at.clock()),
    ]
}

/// What can be done to it.
pub fn actions(instance: &str, container: &DockerContainer) -> Vec<Action> {
    let kill = || {
        let command = format!("drydock docker kill {} --on {instance}", container.id);
        vec![fault("Kill its process", command)]
    };
    if container.exited.is_none() { kill() } else { Vec::new() }
}

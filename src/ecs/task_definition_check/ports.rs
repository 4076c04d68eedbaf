//! Whether ports and links fit the network mode.

use super::refuse;
use crate::ecs::container_definition::{ContainerDefinition, PortMapping};
use crate::ecs::rules::task_definitions as rules;
use crate::ecs::task_definition::NetworkMode;
use crate::error::ApiError;
use std::collections::BTreeSet;

/// Checks links, then each port.
pub(super) fn check(containers: &[ContainerDefinition], mode: NetworkMode) -> Result<(), ApiError> {
    let mut taken = BTreeSet::new();
    for container in containers {
        if container.links.as_ref().is_some_and(|links| !links.is_empty()) && mode != NetworkMode::Bridge {
            return refuse("Links are only supported when networkMode is bridge.", rules::ALIASES);
        }
        for PortMapping { container_port, host_port, protocol, .. } in
            container.port_mappings.iter().flatten()
        {
            for port in [container_port, host_port].into_iter().flatten() {
                if !(0..=65535).contains(port) {
                    return refuse(
                        format!("Invalid port '{port}' for container '{}'.", container.name()),
                        rules::HOST_PORTS,
                    );
                }
            }
            match mode {
                NetworkMode::None => {
                    return refuse(
                        "Port mappings are not supported when networkMode is none.",
                        rules::NETWORK_MODE,
                    );
                }
                NetworkMode::AwsVpc | NetworkMode::Host => {
                    if host_port.is_some() && host_port != container_port {
                        return refuse(
                            format!(
                                "When networkMode={}, the host ports and container ports in port mappings must match.",
                                mode.word()
                            ),
                            rules::HOST_PORTS,
                        );
                    }
                    if container_port.is_some()
                        && !taken
                            .insert((*container_port, protocol.clone().unwrap_or_else(|| "tcp".to_string())))
                    {
                        return refuse(
                            "Containers of one task share their network and cannot use the same port twice.",
                            rules::ALIASES,
                        );
                    }
                }
                NetworkMode::Bridge => {}
            }
        }
    }
    Ok(())
}

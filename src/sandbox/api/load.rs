//! `drydock load`: what its work asks of the tasks of a service.

use crate::ecs::service::ServiceStatus;
use crate::ecs::usage::{self, Load};
use crate::ecs::{cluster, service};
use crate::error::ApiError;
use crate::operation::Cx;
use crate::sandbox::api::kill::refused;
use crate::state::State;
use crate::timeline::Kind;

shape! {
    /// Whose load, and how much.
    pub struct LoadRequest {
        /// The service's name or ARN.
        service: String = "service".required().names(Kind::Service);
        /// CPU units that each of its tasks would use if it got them; 1024 are one vCPU.
        cpu: Option<i64> = "cpu".range(0, 1_000_000);
        /// MiB that each of its tasks uses.
        memory: Option<i64> = "memory".range(0, 1_000_000);
        /// Takes the load away: the programs use what they declare.
        clear: Option<bool> = "clear";
        /// The cluster; needed only for a name that several clusters have.
        cluster: Option<String> = "cluster".names(Kind::Cluster);
    }
    /// The load that each task of the service has now.
    pub struct LoadResponse {
        /// The service.
        service_arn: String = "serviceArn";
        /// CPU units that each task would use if it got them.
        cpu: i64 = "cpu";
        /// MiB that each task uses.
        memory: i64 = "memory";
    }
}

/// Puts a load on every task of a service, those to come included; what is not said stays as it was.
///
/// # Errors
/// `SandboxError` for a service that there is not, and for a load that says nothing or too much.
pub fn load(cx: &mut Cx<'_>, request: LoadRequest) -> Result<LoadResponse, ApiError> {
    let clear = request.clear == Some(true);
    if clear && (request.cpu.is_some() || request.memory.is_some()) {
        return Err(refused("--clear takes the load away; leave out --cpu and --memory.".to_string()));
    }
    if !clear && request.cpu.is_none() && request.memory.is_none() {
        return Err(refused("Say how much with --cpu and --memory, or --clear.".to_string()));
    }
    let amount = |name: &str, given: Option<i64>| match given {
        None => Ok(None),
        Some(amount @ 0..=1_000_000) => Ok(Some(amount.unsigned_abs())),
        Some(_) => Err(refused(format!("--{name} is a number from 0 to 1000000."))),
    };
    let (cpu, memory) = (amount("cpu", request.cpu)?, amount("memory", request.memory)?);
    let found = named_service(cx.state, request.cluster.as_deref(), &request.service)?;
    let arn = found.arn.clone();
    let before = cx.state.loads.get(&arn).copied().unwrap_or_default();
    let load =
        (!clear).then(|| Load { cpu: cpu.unwrap_or(before.cpu), memory: memory.unwrap_or(before.memory) });
    let text = match load {
        Some(Load { cpu, memory }) => {
            let parts = [(cpu, "CPU units"), (memory, "MiB")];
            let parts: Vec<String> = parts
                .iter()
                .filter(|(amount, _)| *amount > 0)
                .map(|(amount, unit)| format!("{amount} {unit}"))
                .collect();
            let parts = if parts.is_empty() { "nothing".to_string() } else { parts.join(" and ") };
            format!("its work asks {parts} of each task")
        }
        None => "its programs use what they declare".to_string(),
    };
    usage::set_load(cx, &arn, load, text);
    let number = |amount: u64| i64::try_from(amount).unwrap_or(i64::MAX);
    let Load { cpu, memory } = load.unwrap_or_default();
    Ok(LoadResponse { service_arn: arn.to_string(), cpu: number(cpu), memory: number(memory) })
}

/// The service that a request names, with its cluster or without.
fn named_service<'a>(
    state: &'a State,
    cluster: Option<&str>,
    named: &str,
) -> Result<&'a service::Service, ApiError> {
    let missing = || refused(format!("There is no service {named}."));
    if cluster.is_some() {
        let found = service::find(state, cluster::find(state, cluster)?, named);
        return found.ok().filter(|found| found.status == ServiceStatus::Active).ok_or_else(missing);
    }
    let is_meant = |found: &&service::Service| {
        found.status == ServiceStatus::Active && (found.name == named || found.arn.as_str() == named)
    };
    let mut found = state.services.values().filter(is_meant);
    let first = found.next().ok_or_else(missing)?;
    match found.next() {
        None => Ok(first),
        Some(_) => {
            Err(refused(format!("Several clusters have a service {named}: say which one with --cluster.")))
        }
    }
}

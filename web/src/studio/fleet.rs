//! The fleet at one moment, gathered from the world for the map.
use std::collections::BTreeMap;

use drydock::ec2::instance::{Instance as Machine, InstanceState};
use drydock::ecs::container_definition::ContainerDefinition;
use drydock::ecs::service::Service as Wanting;
use drydock::ecs::task::{Health as Checked, LaunchType, StopCode, Task as Real, TaskStatus};
use drydock::ecs::task_definition::TaskDefinition;
use drydock::{Sim, SimDuration, State, order};

use super::stranger;
use super::subject::short;
use crate::map::{
    Agent, Fleet, Group, Health, Instance, Membership, Plain, Revision, Service, Task, Wish, Zone, colour,
};

/// How long a stopped task stays on the map.
const REMEMBERED: SimDuration = SimDuration::secs(120);
/// So long before it takes Spot capacity back, AWS says so (CAP-14).
const SPOT_WARNING: SimDuration = SimDuration::secs(120);
/// More missing tasks than this are counted, not drawn.
const MOST_WISHES: u64 = 60;

/// The fleet as the map shows it.
pub fn fleet(sim: &Sim) -> Fleet {
    let state = sim.state();
    let services = by_age(state);
    let place: BTreeMap<&str, usize> =
        order::map(services.iter().enumerate().map(|(index, service)| (service.arn.as_str(), index)));
    let draw = |real: &Real| task(state, real, &place);
    let mut stopped: Vec<&Real> = state
        .tasks
        .values()
        .filter(|task| task.stopped_at.is_some_and(|at| sim.clock().since(at) <= REMEMBERED))
        .collect();
    order::sort_by_key(&mut stopped, |task| std::cmp::Reverse(task.stopped_at));
    Fleet {
        cluster: clusters(state),
        zones: zones(state, &draw),
        wishes: services
            .iter()
            .enumerate()
            .flat_map(|(index, service)| wishes(state, index, service))
            .collect(),
        services: services.iter().map(|service| board(state, service)).collect(),
        waiting: in_order(state.tasks.values().filter(|task| waits(task))).map(draw).collect(),
        groups: state.auto_scaling_groups.values().map(group).collect(),
        stopped: stopped.into_iter().map(draw).collect(),
    }
}

fn clusters(state: &State) -> Option<String> {
    let names: Vec<&str> = state.clusters.keys().map(|arn| arn.short()).collect();
    (!names.is_empty()).then(|| names.join(", "))
}

fn zones(state: &State, draw: &impl Fn(&Real) -> Task) -> Vec<Zone> {
    let mut by_zone: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for subnet in state.subnets.values() {
        let short = subnet.id.as_str().trim_start_matches("subnet-");
        by_zone.entry(&subnet.availability_zone).or_default().push(short);
    }
    by_zone
        .into_iter()
        .map(|(name, subnets)| {
            let letter = name.chars().last().unwrap_or('?').to_ascii_uppercase();
            Zone {
                letter,
                name: name.to_string(),
                subnets: subnets.join(", "),
                instances: instances(state, name, letter, draw),
                fargate: in_order(state.tasks.values().filter(|task| {
                    task.launch_type == LaunchType::Fargate
                        && task.availability_zone == name
                        && task.last_status != TaskStatus::Stopped
                }))
                .map(draw)
                .collect(),
            }
        })
        .collect()
}

pub fn in_order<'a>(tasks: impl Iterator<Item = &'a Real>) -> impl Iterator<Item = &'a Real> {
    let mut tasks: Vec<_> = tasks.collect();
    order::sort_by(&mut tasks, |one, other| (one.created_at, &one.arn).cmp(&(other.created_at, &other.arn)));
    tasks.into_iter()
}

fn instances(state: &State, zone: &str, letter: char, draw: &impl Fn(&Real) -> Task) -> Vec<Instance> {
    let mut machines: Vec<&Machine> =
        state.instances.values().filter(|machine| machine.availability_zone == zone).collect();
    order::sort_by(&mut machines, |one, other| {
        (one.launched_at, &one.id).cmp(&(other.launched_at, &other.id))
    });
    // A plate stays with its machine, so terminated ones are counted and left out.
    let plated = machines.into_iter().enumerate();
    let drawn = plated
        .filter(|(_, machine)| machine.state != InstanceState::Terminated)
        .map(|(index, machine)| instance(state, machine, format!("{letter}{}", index + 1), draw));
    // The machines of a group stand together, since one frame is drawn around them.
    let mut drawn: Vec<Instance> = drawn.collect();
    order::sort_by_key(&mut drawn, |machine| machine.group.as_ref().map(|group| group.name.clone()));
    drawn.extend(stranger::drawn(state, zone, letter, draw));
    drawn
}

/// Whether a task exists and waits for a machine to be placed on.
pub fn waits(task: &Real) -> bool {
    task.launch_type == LaunchType::Ec2
        && task.container_instance.is_none()
        && task.last_status == TaskStatus::Provisioning
        && !task.told_to_stop
}

fn group(of: &drydock::autoscaling::group::Group) -> Group {
    let there = of.counted().count() as u64;
    Group {
        name: of.name.to_string(),
        desired: small(of.desired_capacity),
        in_service: small(of.instances.values().filter(|member| member.is_in_service()).count() as u64),
        missing: small(of.desired_capacity.saturating_sub(there).min(MOST_WISHES)),
    }
}

fn membership(state: &State, machine: &Machine) -> Option<Membership> {
    let group = drydock::autoscaling::group::of_instance(state, &machine.id)?;
    let member = group.instances.get(&machine.id)?;
    let lifecycle = member.lifecycle.word().to_string();
    Some(Membership { name: group.name.to_string(), lifecycle, protected: member.protected })
}

fn instance(state: &State, machine: &Machine, plate: String, draw: &impl Fn(&Real) -> Task) -> Instance {
    let host = machine.container_instance.as_ref().and_then(|arn| state.container_instances.get(arn));
    let (cpu, memory) = host.map_or((machine.instance_type.cpu, machine.instance_type.nominal_mib), |host| {
        (host.cpu.0, host.memory.0)
    });
    let tasks = host.map(|host| host.tasks.iter().filter_map(|arn| state.tasks.get(arn)));
    Instance {
        plate,
        id: machine.id.to_string(),
        kind: machine.instance_type.name.to_string(),
        cpu: small(cpu),
        memory: small(memory),
        agent: match host {
            None => Agent::Absent,
            Some(host) if host.agent_connected => Agent::Connected,
            Some(_) => Agent::Silent,
        },
        status: match (machine.state, host.map(|host| host.status)) {
            (InstanceState::Pending, _) => "pending",
            (InstanceState::ShuttingDown, _) => "shutting-down",
            (InstanceState::Terminated, _) => "terminated",
            (InstanceState::Running, None) => "running",
            (InstanceState::Running, Some(status)) => status.word(),
        }
        .to_string(),
        cluster: host.filter(|_| state.clusters.len() > 1).map(|host| host.cluster.short().to_string()),
        tasks: tasks.map(|tasks| in_order(tasks).map(draw).collect()).unwrap_or_default(),
        plain: machine
            .docker
            .iter()
            .map(|container| Plain {
                id: container.id.clone(),
                image: container.image.clone(),
                running: container.exited.is_none(),
            })
            .collect(),
        group: membership(state, machine),
        spot: machine.spot,
        warning: spot_warning(machine),
    }
}

/// What a Spot machine was told, while it is there.
pub fn spot_warning(machine: &Machine) -> Option<String> {
    let told = machine.spot_notice.filter(|_| machine.state == InstanceState::Running)?;
    Some(format!("SPOT ends by {}", (told + SPOT_WARNING).clock()))
}

/// The plate of the machine that this container instance is, by the short form of its ARN.
pub fn plate(state: &State, short: &str) -> Option<String> {
    let host = state.container_instances.values().find(|host| host.arn.short() == short)?;
    let of_ec2 = state.instances.get(&host.instance).map(|machine| machine.availability_zone.as_str());
    let zones: Vec<&str> = match of_ec2 {
        Some(zone) => vec![zone],
        None => state.subnets.values().map(|subnet| subnet.availability_zone.as_str()).collect(),
    };
    zones.into_iter().find_map(|zone| {
        let letter = zone.chars().last()?.to_ascii_uppercase();
        let drawn = instances(state, zone, letter, &|task| self::task(state, task, &BTreeMap::new()));
        drawn.into_iter().find(|machine| machine.id == host.instance.as_str()).map(|machine| machine.plate)
    })
}

fn task(state: &State, real: &Real, place: &BTreeMap<&str, usize>) -> Task {
    let service = real.service.as_ref().and_then(|arn| state.services.get(arn));
    let revision = match service {
        Some(service) if service.deployments.len() > 1 => {
            let newest = service.primary().map(|deployment| deployment.id.as_str());
            if real.started_by.as_deref() == newest { Revision::New } else { Revision::Old }
        }
        _ => Revision::Only,
    };
    Task {
        id: real.arn.to_string(),
        short: short(real.arn.short()).to_string(),
        name: real.task_definition.short().to_string(),
        service: real.service.as_ref().and_then(|arn| place.get(arn.as_str()).copied()),
        cpu: small(real.cpu.0),
        memory: small(real.memory.0),
        last_status: real.last_status.word().to_string(),
        desired_status: real.desired_status().to_string(),
        health: match real.health() {
            Checked::Unknown => Health::Unknown,
            Checked::Healthy => Health::Healthy,
            Checked::Unhealthy => Health::Unhealthy,
        },
        eni: real.eni.as_ref().map(|eni| eni.private_ip.clone()),
        revision,
        note: match (&real.waiting, &real.capacity_provider) {
            (Some(waiting), Some(provider)) => {
                format!("Waits for an instance of {provider}: {}", waiting.reason)
            }
            _ => real.stopped_reason.clone().unwrap_or_default(),
        },
        spot: real.capacity_provider.as_deref() == Some(drydock::ecs::capacity_provider::FARGATE_SPOT),
        warning: warning(real),
    }
}

/// What a Spot task was told: AWS takes its capacity back two minutes after it says so.
fn warning(real: &Real) -> Option<String> {
    let interrupted = real.stop_code == Some(StopCode::SpotInterruption) && real.stopped_at.is_none();
    let told = real.stopping_at.filter(|_| interrupted)?;
    Some(format!("SPOT ends by {}", (told + SPOT_WARNING).clock()))
}

fn board(state: &State, service: &Wanting) -> Service {
    let tasks: Vec<&Real> = state.tasks_of_service(service).collect();
    // Before the first check has answered, no task is healthy: that is a nought, and not unknown.
    let definition = service.primary().and_then(|it| state.task_definitions.get(&it.task_definition));
    let checked = definition.is_some_and(|it| {
        it.containers.iter().any(|each| each.essential != Some(false) && each.health_check.is_some())
    });
    let healthy = tasks.iter().filter(|task| task.is_running() && task.health() == Checked::Healthy).count();
    let running = tasks.iter().filter(|task| task.is_running()).count() as u64;
    let newest = service.primary().map(|deployment| deployment.task_definition.short()).unwrap_or_default();
    let detail = match service.deployments.get(1) {
        _ if service.status.word() == "DRAINING" => "draining: its tasks stop".to_string(),
        Some(old) if old.task_definition.short() != newest => {
            format!("rolling {} \u{2192} {newest}", old.task_definition.short())
        }
        Some(_) => format!("replacing every {newest}"),
        None if running == service.desired_count => format!("steady on {newest}"),
        None if running < service.desired_count => {
            format!("{newest}, on the way to {}", service.desired_count)
        }
        None => format!("{newest}, too many by {}", running - service.desired_count),
    };
    Service {
        name: service.name.clone(),
        wanted: small(service.desired_count),
        running: small(running),
        pending: small(tasks.iter().filter(|task| task.is_pending()).count() as u64),
        healthy: checked.then(|| small(healthy as u64)),
        detail,
    }
}

fn wishes(state: &State, index: usize, service: &Wanting) -> Vec<Wish> {
    if service.status.word() != "ACTIVE" {
        return Vec::new();
    }
    let there =
        state.tasks_of_service(service).filter(|task| task.is_running() || task.is_pending()).count() as u64;
    let Some(deployment) = service.primary() else { return Vec::new() };
    let definition = state.task_definitions.get(&deployment.task_definition);
    let (cpu, memory) = definition.map_or((0, 0), size);
    (there + 1..=service.desired_count.min(there + MOST_WISHES))
        .map(|number| Wish {
            service: index,
            number: small(number),
            name: deployment.task_definition.short().to_string(),
            cpu,
            memory,
            on_instance: service.launch_type == LaunchType::Ec2,
        })
        .collect()
}

/// What a task of this definition takes: its own size, else the sum of its containers.
fn size(definition: &TaskDefinition) -> (u32, u32) {
    let sum = |of: fn(&ContainerDefinition) -> Option<i64>| {
        definition.containers.iter().filter_map(of).map(i64::unsigned_abs).sum()
    };
    let cpu = definition.cpu.map_or_else(|| sum(|container| container.cpu), |cpu| cpu.0);
    let memory = definition.memory.map_or_else(
        || sum(|container| container.memory_reservation.or(container.memory)),
        |memory| memory.0,
    );
    (small(cpu), small(memory))
}

/// Numbers of the map are small.
pub fn small(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// The services that are there, in the order of their creation.
fn by_age(state: &State) -> Vec<&Wanting> {
    let mut services: Vec<&Wanting> =
        state.services.values().filter(|service| service.status.word() != "INACTIVE").collect();
    order::sort_by_key(&mut services, |service| service.created_at);
    services
}

/// The colour of a service on the map.
pub fn service_colour(state: &State, service: &Wanting) -> usize {
    colour(by_age(state).iter().position(|each| each.arn == service.arn))
}

#[cfg(test)]
mod tests {
    use super::fleet;
    use drydock::Sim;
    use drydock::dice::Seed;

    #[test]
    fn a_machine_that_ec2_does_not_run_is_drawn_and_says_so() {
        let mut run = drydock::run::Run::new(Seed(7));
        run.enter("aws ecs create-cluster --cluster-name shop");
        let document = r#"{"instanceId": "i-0123456789abcdef0", "availabilityZone": "us-east-1b"}"#;
        let resources = "name=CPU,type=INTEGER,integerValue=2048 name=MEMORY,type=INTEGER,integerValue=4096";
        run.enter(&format!(
            "aws ecs register-container-instance --cluster shop --instance-identity-document '{document}' --total-resources {resources}"
        ));
        let fleet = fleet(run.sim());
        let there: Vec<_> = fleet.zones.iter().flat_map(|zone| &zone.instances).collect();
        assert_eq!(there.len(), 1);
        assert_eq!((there[0].plate.as_str(), there[0].kind.as_str()), ("Bx1", "machine, not EC2\u{2019}s"));
        assert_eq!((there[0].cpu, there[0].status.as_str()), (2048, "ACTIVE"));
        let host = run.sim().state().container_instances.values().next().expect("it is registered");
        assert_eq!(super::plate(run.sim().state(), host.arn.short()).as_deref(), Some("Bx1"));
    }

    #[test]
    fn an_empty_region_has_three_zones_and_no_cluster() {
        let fleet = fleet(&Sim::new(Seed(7)));
        assert_eq!(fleet.cluster, None);
        let letters: String = fleet.zones.iter().map(|zone| zone.letter).collect();
        assert_eq!(letters, "ABC");
        assert_eq!(fleet.zones[0].subnets, "pri-a, pub-a");
    }
}

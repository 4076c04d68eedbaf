//! The fleet at one moment, gathered from the world for the map.
use std::collections::BTreeMap;

use drydock::ec2::instance::{Instance as Machine, InstanceState};
use drydock::ecs::container_definition::ContainerDefinition;
use drydock::ecs::service::Service as Wanting;
use drydock::ecs::task::{Health as Checked, LaunchType, StopCode, Task as Real, TaskStatus};
use drydock::ecs::task_definition::TaskDefinition;
use drydock::{Sim, SimDuration, State, order};

use super::census::{Census, Count};
use super::stranger;
use super::subject::short;
use crate::map::{
    Agent, Beyond, Fleet, Group, Health, Instance, Membership, Plain, Revision, Service, Task, Wish, Zone,
    colour,
};

/// So long before it takes Spot capacity back, AWS says so (CAP-14).
const SPOT_WARNING: SimDuration = SimDuration::secs(120);
/// More than this of those that are missing, wait or have stopped are counted, and not told one by one.
const MOST_TOLD: usize = 60;

/// The fleet as the map shows it.
pub fn fleet(sim: &Sim) -> Fleet {
    let state = sim.state();
    let services = by_age(state);
    let census = Census::of(sim, services.iter().map(|service| service.arn.as_str()));
    let (mut wishes, mut beyond) = (Vec::new(), Beyond::default());
    for (index, service) in services.iter().enumerate() {
        beyond.wishes += missing(state, index, service, census.count(index), &mut wishes);
    }
    let first = |tasks: &[&Real]| {
        let beyond = tasks.len().saturating_sub(MOST_TOLD);
        (tasks.iter().take(MOST_TOLD).map(|task| census.draw(task)).collect(), beyond)
    };
    let queue: Vec<&Real> = in_order(census.waiting.iter().copied()).collect();
    let (waiting, stopped);
    (waiting, beyond.waiting) = first(&queue);
    (stopped, beyond.stopped) = first(&census.stopped);
    let boards = services.iter().enumerate();
    Fleet {
        cluster: clusters(state),
        zones: zones(state, &census),
        services: boards.map(|(index, service)| board(state, service, census.count(index))).collect(),
        groups: state.auto_scaling_groups.values().map(group).collect(),
        crowded: census.crowded,
        wishes,
        waiting,
        stopped,
        beyond,
    }
}

fn clusters(state: &State) -> Option<String> {
    let names: Vec<&str> = state.clusters.keys().map(|arn| arn.short()).collect();
    (!names.is_empty()).then(|| names.join(", "))
}

fn zones(state: &State, census: &Census) -> Vec<Zone> {
    let mut by_zone: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for subnet in state.subnets.values() {
        let short = subnet.id.as_str().trim_start_matches("subnet-");
        by_zone.entry(&subnet.availability_zone).or_default().push(short);
    }
    by_zone
        .into_iter()
        .map(|(name, subnets)| {
            let letter = name.chars().last().unwrap_or('?').to_ascii_uppercase();
            let (fargate, crowds) = census.afloat(name);
            Zone {
                letter,
                name: name.to_string(),
                subnets: subnets.join(", "),
                instances: instances(state, name, letter, census),
                fargate,
                crowds,
            }
        })
        .collect()
}

pub fn in_order<'a>(tasks: impl Iterator<Item = &'a Real>) -> impl Iterator<Item = &'a Real> {
    let mut tasks: Vec<_> = tasks.collect();
    order::sort_by(&mut tasks, |one, other| (one.created_at, &one.arn).cmp(&(other.created_at, &other.arn)));
    tasks.into_iter()
}

/// The machines of a zone in the order of their launch, terminated ones among them: the place of a machine
/// is its plate, which stays with it.
fn launched<'a>(state: &'a State, zone: &str) -> Vec<&'a Machine> {
    let mut machines: Vec<&Machine> =
        state.instances.values().filter(|machine| machine.availability_zone == zone).collect();
    order::sort_by(&mut machines, |one, other| {
        (one.launched_at, &one.id).cmp(&(other.launched_at, &other.id))
    });
    machines
}

fn instances(state: &State, zone: &str, letter: char, census: &Census) -> Vec<Instance> {
    let plated = launched(state, zone).into_iter().enumerate();
    let drawn = plated
        .filter(|(_, machine)| machine.state != InstanceState::Terminated)
        .map(|(index, machine)| instance(state, machine, format!("{letter}{}", index + 1), census));
    // The machines of a group stand together, since one frame is drawn around them.
    let mut drawn: Vec<Instance> = drawn.collect();
    order::sort_by_key(&mut drawn, |machine| machine.group.as_ref().map(|group| group.name.clone()));
    let strangers = stranger::of_zone(state, zone).enumerate();
    drawn.extend(strangers.map(|(index, host)| stranger::drawn(state, host, letter, index, census)));
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
        missing: small(of.desired_capacity.saturating_sub(there).min(MOST_TOLD as u64)),
    }
}

fn membership(state: &State, machine: &Machine) -> Option<Membership> {
    let group = drydock::autoscaling::group::of_instance(state, &machine.id)?;
    let member = group.instances.get(&machine.id)?;
    let lifecycle = member.lifecycle.word().to_string();
    Some(Membership { name: group.name.to_string(), lifecycle, protected: member.protected })
}

fn instance(state: &State, machine: &Machine, plate: String, census: &Census) -> Instance {
    let host = machine.container_instance.as_ref().and_then(|arn| state.container_instances.get(arn));
    let (cpu, memory) = host.map_or((machine.instance_type.cpu, machine.instance_type.nominal_mib), |host| {
        (host.cpu.0, host.memory.0)
    });
    let (tasks, crowds) = host.map(|host| census.stowed(host)).unwrap_or_default();
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
        tasks,
        crowds,
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

/// The plates of the machines that are container instances, by the short forms of their ARNs.
pub fn plates(state: &State) -> BTreeMap<&str, String> {
    let mut plates = BTreeMap::new();
    let mut zones: Vec<&str> =
        state.subnets.values().map(|subnet| subnet.availability_zone.as_str()).collect();
    order::sort(&mut zones);
    zones.dedup();
    for zone in zones {
        let letter = zone.chars().last().unwrap_or('?').to_ascii_uppercase();
        for (index, machine) in launched(state, zone).into_iter().enumerate() {
            let host = machine.container_instance.as_ref();
            plates.extend(host.map(|host| (host.short(), format!("{letter}{}", index + 1))));
        }
        for (index, host) in stranger::of_zone(state, zone).enumerate() {
            plates.insert(host.arn.short(), stranger::plate(letter, index));
        }
    }
    plates
}

/// The plate of the machine that this container instance is, by the short form of its ARN.
pub fn plate(state: &State, short: &str) -> Option<String> {
    plates(state).remove(short)
}

/// A task as the map shows it, of the service with this place.
pub fn task(state: &State, real: &Real, place: Option<usize>) -> Task {
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
        service: place,
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

fn board(state: &State, service: &Wanting, count: Count) -> Service {
    // Before the first check has answered, no task is healthy: that is a nought, and not unknown.
    let definition = service.primary().and_then(|it| state.task_definitions.get(&it.task_definition));
    let checked = definition.is_some_and(|it| {
        it.containers.iter().any(|each| each.essential != Some(false) && each.health_check.is_some())
    });
    let running = count.running;
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
        pending: small(count.pending),
        healthy: checked.then(|| small(count.healthy)),
        detail,
    }
}

/// Adds what a service wants and does not have to the wishes; returns how many more there are than those.
fn missing(state: &State, index: usize, service: &Wanting, count: Count, wishes: &mut Vec<Wish>) -> usize {
    let there = count.running + count.pending;
    let Some(deployment) = service.primary().filter(|_| service.status.word() == "ACTIVE") else { return 0 };
    let definition = state.task_definitions.get(&deployment.task_definition);
    let (cpu, memory) = definition.map_or((0, 0), size);
    let told = service.desired_count.min(there + MOST_TOLD as u64);
    wishes.extend((there + 1..=told).map(|number| Wish {
        service: index,
        number: small(number),
        name: deployment.task_definition.short().to_string(),
        cpu,
        memory,
        on_instance: service.launch_type == LaunchType::Ec2,
    }));
    small(service.desired_count.saturating_sub(told.max(there))) as usize
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

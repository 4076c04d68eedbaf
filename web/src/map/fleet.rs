//! What the map is drawn from: the fleet at one moment, as plain data.

/// A cluster with everything that the map can show.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Fleet {
    /// The cluster's name; `None` while there is no cluster.
    pub cluster: Option<String>,
    /// The Availability Zones in their order.
    pub zones: Vec<Zone>,
    /// The services in the order of their creation; their place decides their colour.
    pub services: Vec<Service>,
    /// Tasks that a service wants and that do not exist.
    pub wishes: Vec<Wish>,
    /// Tasks that exist and wait for a machine.
    pub waiting: Vec<Task>,
    /// Auto Scaling groups, by name.
    pub groups: Vec<Group>,
    /// Tasks that stopped a moment ago, the latest first.
    pub stopped: Vec<Task>,
    /// Whether there are so many tasks that they are told together, as crowds.
    pub crowded: bool,
    /// How many more there are than the lists above tell one by one.
    pub beyond: Beyond,
}

/// More tasks than this are told together.
pub const MOST_SINGLE: usize = 400;

/// How many more tasks there are than are told one by one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Beyond {
    /// Wanted and not there.
    pub wishes: usize,
    /// Waiting for a machine.
    pub waiting: usize,
    /// Stopped a moment ago.
    pub stopped: usize,
}

/// Tasks of one service in one state, told together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Crowd {
    /// Their service, as an index into [`Fleet::services`].
    pub service: Option<usize>,
    /// How each of them is marked.
    pub mark: Mark,
    /// How many they are.
    pub count: u32,
    /// CPU units that they reserve together.
    pub cpu: u32,
    /// MiB that they reserve together.
    pub memory: u32,
}

/// An Availability Zone and what is in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Zone {
    /// The letter on its sign.
    pub letter: char,
    /// AWS's name, such as `us-east-1a`.
    pub name: String,
    /// The subnets in it, in words.
    pub subnets: String,
    /// Machines, in the order of their launch.
    pub instances: Vec<Instance>,
    /// Fargate tasks that have a place in this zone, in the order of their start.
    pub fargate: Vec<Task>,
    /// The same where they are told together.
    pub crowds: Vec<Crowd>,
}

impl Zone {
    /// How many Fargate tasks are in it.
    pub fn afloat(&self) -> usize {
        self.fargate.len() + heads(&self.crowds)
    }
}

fn heads(crowds: &[Crowd]) -> usize {
    crowds.iter().map(|crowd| crowd.count as usize).sum()
}

/// Whether ECS can reach a machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Agent {
    /// The agent answers.
    Connected,
    /// The agent has registered and is silent now.
    Silent,
    /// No agent has registered: the machine is outside ECS.
    Absent,
}

/// A machine: a hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Instance {
    /// Its sign, such as `A1`.
    pub plate: String,
    /// Its EC2 id.
    pub id: String,
    /// Its type, such as `t3.small`.
    pub kind: String,
    /// CPU units that it offers.
    pub cpu: u32,
    /// MiB that it offers.
    pub memory: u32,
    /// Whether ECS can reach it.
    pub agent: Agent,
    /// `ACTIVE`, `DRAINING`, or the EC2 state while it is outside a cluster.
    pub status: String,
    /// The cluster that it is in, where there are several.
    pub cluster: Option<String>,
    /// Tasks on it, in the order of their start.
    pub tasks: Vec<Task>,
    /// The same where they are told together.
    pub crowds: Vec<Crowd>,
    /// Containers that somebody started by hand.
    pub plain: Vec<Plain>,
    /// What it is in its Auto Scaling group, if it belongs to one.
    pub group: Option<Membership>,
    /// Whether EC2 may take it back.
    pub spot: bool,
    /// What is about to happen to it, in a few words.
    pub warning: Option<String>,
}

impl Instance {
    /// How many tasks are on it.
    pub fn stowed(&self) -> usize {
        self.tasks.len() + heads(&self.crowds)
    }
}

/// What a machine is in its Auto Scaling group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// The group's name.
    pub name: String,
    /// AWS's word for where it is in its life there.
    pub lifecycle: String,
    /// Whether it is protected from scale-in.
    pub protected: bool,
}

/// An Auto Scaling group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// How many machines it wants.
    pub desired: u32,
    /// How many are InService.
    pub in_service: u32,
    /// How many of the wanted ones do not exist.
    pub missing: u32,
}

/// A container that Docker runs and ECS does not know. It reserves nothing, so it has no size.
#[derive(Debug, Clone, PartialEq)]
pub struct Plain {
    /// Docker's id or name.
    pub id: String,
    /// The image.
    pub image: String,
    /// Whether its process lives.
    pub running: bool,
}

/// What the health checks say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    /// No check, or no answer yet.
    Unknown,
    /// All checks pass.
    Healthy,
    /// A check failed too often.
    Unhealthy,
}

/// Which of two revisions a task belongs to while a deployment is under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Revision {
    /// There is only one.
    Only,
    /// The one that is being replaced.
    Old,
    /// The one that replaces it.
    New,
}

/// A task that exists.
#[derive(Debug, Clone, PartialEq)]
pub struct Task {
    /// Its ARN.
    pub id: String,
    /// The first letters of its id.
    pub short: String,
    /// Family and revision, such as `web:1`.
    pub name: String,
    /// Its service, as an index into [`Fleet::services`].
    pub service: Option<usize>,
    /// CPU units it reserves.
    pub cpu: u32,
    /// MiB it reserves.
    pub memory: u32,
    /// `lastStatus`.
    pub last_status: String,
    /// `desiredStatus`.
    pub desired_status: String,
    /// What its checks say.
    pub health: Health,
    /// The address of its network card.
    pub eni: Option<String>,
    /// Old, new, or the only one.
    pub revision: Revision,
    /// Why it stopped or waits, in a few words.
    pub note: String,
    /// Whether it runs on spare capacity that AWS may take back.
    pub spot: bool,
    /// What is about to happen to it, in a few words.
    pub warning: Option<String>,
}

/// How a task is marked: the table of states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// PROVISIONING.
    Provisioning,
    /// PENDING.
    Pending,
    /// ACTIVATING.
    Activating,
    /// RUNNING, and no check says otherwise.
    Running,
    /// RUNNING, and its checks fail.
    Unhealthy,
    /// DEACTIVATING, STOPPING, DEPROVISIONING, or told to stop.
    Leaving,
    /// STOPPED.
    Stopped,
    /// A container without a task.
    ByHand,
    /// A container without a task whose process has ended.
    Exited,
}

impl Mark {
    /// The mark of a task, by its `lastStatus`, whether it was told to stop, and what its checks say.
    pub fn of(last_status: &str, told_to_stop: bool, unhealthy: bool) -> Mark {
        match last_status {
            "PROVISIONING" => Mark::Provisioning,
            "PENDING" => Mark::Pending,
            "ACTIVATING" => Mark::Activating,
            "DEACTIVATING" | "STOPPING" | "DEPROVISIONING" => Mark::Leaving,
            "STOPPED" | "DELETED" => Mark::Stopped,
            _ if told_to_stop => Mark::Leaving,
            _ if unhealthy => Mark::Unhealthy,
            _ => Mark::Running,
        }
    }
}

impl Task {
    /// The mark of its state.
    pub fn mark(&self) -> Mark {
        let told_to_stop = self.desired_status == "STOPPED";
        Mark::of(&self.last_status, told_to_stop, self.health == Health::Unhealthy)
    }

    /// The word beside its mark: AWS's, but for a task whose checks fail.
    pub fn word(&self) -> String {
        match self.mark() {
            Mark::Unhealthy => "UNHEALTHY".to_string(),
            _ => self.last_status.clone(),
        }
    }
}

/// A service on the board.
#[derive(Debug, Clone, PartialEq)]
pub struct Service {
    /// Its name.
    pub name: String,
    /// Tasks wanted.
    pub wanted: u32,
    /// Tasks RUNNING.
    pub running: u32,
    /// Tasks on their way.
    pub pending: u32,
    /// Tasks whose checks pass; `None` when nothing checks.
    pub healthy: Option<u32>,
    /// One line about what it is doing.
    pub detail: String,
}

/// A task that a service wants and that does not exist.
#[derive(Debug, Clone, PartialEq)]
pub struct Wish {
    /// The service, as an index into [`Fleet::services`].
    pub service: usize,
    /// Which of the missing ones this is, from 1.
    pub number: u32,
    /// Family and revision.
    pub name: String,
    /// CPU units it would reserve.
    pub cpu: u32,
    /// MiB it would reserve.
    pub memory: u32,
    /// Whether it would have to find room on a machine.
    pub on_instance: bool,
}

/// What the reader can select.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Selection {
    /// A task by its ARN.
    Task(String),
    /// A machine by its EC2 id.
    Instance(String),
    /// A container without a task, by its id.
    Container(String),
    /// A service by its name.
    Service(String),
    /// A missing task: the service's name and which one.
    Wish(String, u32),
    /// An Auto Scaling group by its name.
    Group(String),
}

/// The colour of a service, 1 to 4 over again, or 0 for none.
pub fn colour(service: Option<usize>) -> usize {
    service.map_or(0, |index| index % 4 + 1)
}

/// The letters that tell services of one colour apart, from the fifth service on.
pub fn code(service: Option<usize>, services: &[Service]) -> Option<String> {
    let index = service.filter(|index| *index >= 4)?;
    let name = &services.get(index)?.name;
    Some(name.chars().filter(|letter| letter.is_ascii_alphanumeric()).take(2).collect())
}

impl Fleet {
    /// How many tasks have a place.
    pub fn count(&self) -> usize {
        let in_zone =
            |zone: &Zone| zone.afloat() + zone.instances.iter().map(Instance::stowed).sum::<usize>();
        self.zones.iter().map(in_zone).sum()
    }

    /// The same fleet without the zones in which there is nothing, where there is something somewhere.
    pub fn occupied(&self) -> Fleet {
        let mut fleet = self.clone();
        fleet.zones.retain(|zone| !zone.instances.is_empty() || zone.afloat() > 0);
        if fleet.zones.is_empty() { self.clone() } else { fleet }
    }

    /// Whether there is any machine.
    pub fn has_instances(&self) -> bool {
        self.zones.iter().any(|zone| !zone.instances.is_empty())
    }
}

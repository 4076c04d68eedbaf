//! The steps of a task's life, as data: each with its actor and its way to fail.

/// A step of a task's life, in the order in which a task passes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Step {
    Placement,
    Roles,
    NetworkCard,
    AgentQueue,
    RegistryLogin,
    Pull,
    Logs,
    Secrets,
    Volumes,
    Containers,
    LoadBalancer,
    LeaveLoadBalancer,
    StopContainers,
    DeleteNetworkCard,
}

/// What a step is: who does it, what happens, and how it can fail.
#[derive(Debug)]
pub struct StepFacts {
    /// The step.
    pub step: Step,
    /// Who does it (section 2.1 of the rules).
    pub actor: &'static str,
    /// What happens, in one sentence.
    pub says: &'static str,
    /// How it can fail, as the first words of the stopped reason; none where it cannot yet.
    pub fails: Option<&'static str>,
}

macro_rules! steps {
    ($( $step:ident, $actor:literal, $says:literal, $fails:expr; )*) => {
        &[ $( StepFacts { step: Step::$step, actor: $actor, says: $says, fails: $fails } ),* ]
    };
}

/// The chain by which a task starts.
pub static START: &[StepFacts] = steps! {
    Placement, "control plane", "Waits, through a capacity provider with managed scaling, until an instance has room.", Some("RESOURCE:");
    Roles, "control plane", "Looks at the execution role and the task role.", None;
    NetworkCard, "control plane", "Finds capacity on Fargate, and attaches a network card to an awsvpc task.", None;
    AgentQueue, "agent", "Waits on an instance until what stopping tasks hold is really free (LIFE-14).", None;
    RegistryLogin, "agent", "Fetches credentials and logs in to the registry.", None;
    Pull, "agent", "Pulls the images.", Some("CannotPullContainerError");
    Logs, "agent", "Opens the log streams.", None;
    Secrets, "agent", "Fetches the secrets.", None;
    Volumes, "agent", "Mounts the volumes.", None;
    Containers, "agent", "Creates and starts the containers, in the order that dependsOn asks for.", Some("Task failed to start");
    LoadBalancer, "control plane", "Registers the task where requests come from.", None;
};

/// The chain by which a task stops.
pub static STOP: &[StepFacts] = steps! {
    LeaveLoadBalancer, "control plane", "Deregisters the task where requests come from.", None;
    StopContainers, "agent", "Sends SIGTERM, waits for stopTimeout, and sends SIGKILL.", None;
    DeleteNetworkCard, "control plane", "Detaches and deletes the network card.", None;
};

/// The step behind this one in its chain.
pub(super) fn after(step: Step) -> Option<Step> {
    [START, STOP].into_iter().find_map(|chain| {
        let at = chain.iter().position(|facts| facts.step == step)?;
        chain.get(at + 1).map(|facts| facts.step)
    })
}

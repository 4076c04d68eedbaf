//! Everything that can come due: the closed list of causes of change in time.

use crate::arn::{ClusterArn, ContainerInstanceArn, GroupName, InstanceId, ServiceArn, TaskArn};
use crate::ecs::task_chain::Step;

/// Something that is booked. An event whose subject has moved on does nothing.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A step of a task's start or stop chain has taken its time.
    TaskStep {
        /// The task.
        task: TaskArn,
        /// The step; a task that has left it ignores the event.
        step: Step,
    },
    /// The pull of a container's image ends, well or not.
    PullEnds {
        /// The task.
        task: TaskArn,
        /// The container's place in the task definition.
        container: usize,
    },
    /// What waits for this container has waited as long as its startTimeout allows (TASKDEF-31).
    StartTimeout {
        /// The task.
        task: TaskArn,
        /// The container that is waited for.
        container: usize,
    },
    /// A container of a task has started: its process runs.
    ContainerStarts {
        /// The task.
        task: TaskArn,
        /// The container's place in the task definition.
        container: usize,
    },
    /// A container's process ends by itself or after a signal.
    ContainerExits {
        /// The task.
        task: TaskArn,
        /// The container's place in the task definition.
        container: usize,
        /// Which life of the container this is about; a restart begins a new one.
        life: u32,
        /// The exit code of the process.
        code: i64,
        /// Why, where the agent reports a reason.
        reason: Option<String>,
    },
    /// A container's next health check is due to end.
    HealthCheck {
        /// The task.
        task: TaskArn,
        /// The container's place in the task definition.
        container: usize,
        /// Which life of the container this is about.
        life: u32,
    },
    /// A task's scale-in protection is over (PLACE-30).
    ProtectionEnds(TaskArn),
    /// A STOPPED task is forgotten by AWS (LIFE-26).
    TaskForgotten(TaskArn),
    /// The service scheduler looks at this service.
    ServicePass(ServiceArn),
    /// An INACTIVE service is forgotten (SVC-05).
    ServiceForgotten(ServiceArn),
    /// An EC2 instance's next step: it has booted, its agent registers, it is terminated.
    InstanceStep(InstanceId),
    /// An Auto Scaling group looks after its instances.
    GroupPass(GroupName),
    /// Nobody completed a lifecycle action of an instance in time.
    LifecycleTimeout {
        /// The group.
        group: GroupName,
        /// The instance.
        instance: InstanceId,
        /// The hook.
        hook: String,
    },
    /// The moment of a scheduled action has come (ASG-19).
    ScheduledAction {
        /// The group.
        group: GroupName,
        /// The action's name.
        action: String,
    },
    /// A container that was run by hand on an instance ends.
    DockerExits {
        /// The instance.
        instance: InstanceId,
        /// The container's id.
        container: String,
        /// The exit code of the process.
        code: i64,
    },
    /// A lost agent connection shows at the control plane (CINST-12).
    AgentSilence(ContainerInstanceArn),
    /// EC2 takes a Spot instance back after its notice.
    SpotReclaim(InstanceId),
    /// The trunk of a container instance is attached (CINST-20).
    TrunkAttached(ContainerInstanceArn),
    /// The trunk of a deregistered container instance is gone (CINST-09).
    TrunkDetached(ContainerInstanceArn),
    /// The update of an agent goes on (CINST-25).
    AgentUpdate(ContainerInstanceArn),
    /// The minute ends over which metrics are measured.
    MetricMinute,
    /// An INACTIVE container instance is forgotten (CINST-09).
    ContainerInstanceForgotten(ContainerInstanceArn),
    /// What a cluster's capacity providers need there is made (CAP-02).
    AttachmentsMade(ClusterArn),
    /// The tasks of a cluster that wait for an instance are looked at (CAP-29).
    WaitingPass(ClusterArn),
    /// A change or the deletion of a capacity provider is over.
    ProviderSettles(String),
}

//! `StartTask`: start a task on instances that the request names (PLACE-06).

use crate::ecs::api::run_task::{self, check_definition};
use crate::ecs::api::task_answer::TaskAnswer;
use crate::ecs::network::{self, NetworkConfiguration};
use crate::ecs::placement::Wishes;
use crate::ecs::rules::tasks as rules;
use crate::ecs::service::settings::TaskVolumeConfiguration;
use crate::ecs::tag::{Failure, Tag};
use crate::ecs::task::{self, LaunchType};
use crate::ecs::task_chain::Launch;
use crate::ecs::task_overrides::TaskOverride;
use crate::ecs::{cluster, container_instance, task_definition};
use crate::error::ApiError;
use crate::operation::Cx;
use crate::timeline::Kind;

shape! {
    /// Which task to start, and where.
    pub struct StartTaskRequest {
        /// The cluster; `default` when absent.
        cluster: Option<String> = "cluster".names(Kind::Cluster);
        /// Ids or ARNs of up to 10 container instances; each gets a task.
        container_instances: Vec<String> = "containerInstances".required().names(Kind::ContainerInstance);
        /// Whether AWS adds a tag with the cluster's name.
        enable_ecs_managed_tags: Option<bool> = "enableECSManagedTags";
        /// Whether ECS Exec may be used.
        enable_execute_command: Option<bool> = "enableExecuteCommand";
        /// Their group; `family:<family>` when absent.
        group: Option<String> = "group";
        /// Subnets and security groups of awsvpc tasks.
        network_configuration: Option<NetworkConfiguration> = "networkConfiguration";
        /// Changes to the task definition for these tasks.
        overrides: Option<TaskOverride> = "overrides";
        /// TASK_DEFINITION copies its tags to the tasks.
        propagate_tags: Option<String> = "propagateTags".one_of(&["TASK_DEFINITION", "SERVICE", "NONE"]);
        /// A word that calls by the same program share.
        reference_id: Option<String> = "referenceId";
        /// Who starts them.
        started_by: Option<String> = "startedBy";
        /// Their tags.
        tags: Vec<Tag> = "tags";
        /// `family`, `family:revision` or an ARN.
        task_definition: String = "taskDefinition".required().names(Kind::TaskDefinition);
        /// Volumes that are made at launch.
        volume_configurations: Option<Vec<TaskVolumeConfiguration>> = "volumeConfigurations";
    }
    /// The tasks that were started.
    pub struct StartTaskResponse {
        /// They.
        tasks: Vec<TaskAnswer> = "tasks";
        /// Instances that could not take one.
        failures: Vec<Failure> = "failures";
    }
}

/// Starts a task on each of the instances.
///
/// # Errors
/// `ClusterNotFoundException` (API-04); `InvalidParameterException` for what cannot be, as RunTask.
pub fn start_task(cx: &mut Cx<'_>, request: StartTaskRequest) -> Result<StartTaskResponse, ApiError> {
    let cluster = cluster::find(cx.state, request.cluster.as_deref())?.clone();
    let definition =
        task_definition::resolve(cx.state, &request.task_definition, "InvalidParameterException")?;
    let asked = request.container_instances.len();
    if !(1..=10).contains(&asked) {
        return Err(ApiError::invalid(
            "containerInstances should have between 1 and 10 items.",
            rules::START_TASK,
        ));
    }
    let network = request.network_configuration.as_ref();
    let network = network::check(cx.state, definition.network_mode, LaunchType::Ec2, network)?;
    check_definition(definition, LaunchType::Ec2, &request.overrides.clone().unwrap_or_default())?;
    let (propagate, managed) = (request.propagate_tags.as_deref(), request.enable_ecs_managed_tags);
    let tags = run_task::tags(&cluster, definition, &request.tags, propagate, managed)?;
    let launch = Launch {
        cluster: cluster.arn.clone(),
        task_definition: definition.arn.clone(),
        launch_type: LaunchType::Ec2,
        capacity_provider: None,
        network,
        group: run_task::group(definition, request.group.as_deref())?,
        started_by: request.started_by,
        service: None,
        wishes: Wishes::read(definition, &[], &[], LaunchType::Ec2, false)?,
        tags,
        overrides: request.overrides.as_ref().map(crate::shape::write),
        platform_version: None,
        enable_execute_command: request.enable_execute_command.unwrap_or(false),
    };
    let mut answer = StartTaskResponse::default();
    let mut started = Vec::new();
    for named in &request.container_instances {
        let arn = match container_instance::find(cx.state, &cluster, named) {
            Ok(instance) => instance.arn.clone(),
            Err(arn) => {
                answer.failures.push(container_instance::failure(cx.state, &cluster, arn));
                continue;
            }
        };
        match task::launch_on(cx, launch.clone(), &arn) {
            Ok(task) => started.push(task),
            Err(refused) => answer.failures.push(run_task::failure(refused)),
        }
    }
    answer.tasks = run_task::shown(cx.state, &started);
    Ok(answer)
}

//! `RunTask`: start tasks that no service looks after.

use crate::arn::TaskArn;
use crate::ecs::api::task_answer::{self, TaskAnswer};
use crate::ecs::capacity_provider::CapacityProvider;
use crate::ecs::capacity_strategy::{self, Capacity, Shares};
use crate::ecs::cluster::{self, CapacityProviderStrategyItem, Cluster};
use crate::ecs::fargate_platform;
use crate::ecs::network::{self, NetworkConfiguration};
use crate::ecs::placement::Wishes;
use crate::ecs::rules::{self as common, capacity, task_definitions, tasks as rules};
use crate::ecs::service::settings::{PlacementConstraint, PlacementStrategy, TaskVolumeConfiguration};
use crate::ecs::tag::{self, Failure, Tag};
use crate::ecs::task::{LaunchType, Series};
use crate::ecs::task_chain::{Launch, NotPlaced};
use crate::ecs::task_definition::{self, TaskDefinition};
use crate::ecs::task_overrides::{self, TaskOverride};
use crate::ecs::{task_size, task_waiting};
use crate::error::ApiError;
use crate::operation::{Cx, subject};
use crate::state::State;
use crate::timeline::{Kind, RecordKind, Verdict};
use serde_json::{Value, json};
use std::collections::BTreeMap;

shape! {
    /// Which tasks to run.
    pub struct RunTaskRequest {
        /// Capacity providers to run them on, instead of a launch type.
        capacity_provider_strategy: Option<Vec<CapacityProviderStrategyItem>> = "capacityProviderStrategy";
        /// The cluster; `default` when absent.
        cluster: Option<String> = "cluster".names(Kind::Cluster);
        /// How many, 1 to 10; 1 when absent.
        count: Option<i64> = "count".range(1, 10);
        /// Whether AWS adds a tag with the cluster's name.
        enable_ecs_managed_tags: Option<bool> = "enableECSManagedTags";
        /// Whether ECS Exec may be used.
        enable_execute_command: Option<bool> = "enableExecuteCommand";
        /// Their group; `family:<family>` when absent.
        group: Option<String> = "group";
        /// EC2 or FARGATE.
        launch_type: Option<String> = "launchType".one_of(LaunchType::WORDS);
        /// Subnets and security groups of awsvpc tasks.
        network_configuration: Option<NetworkConfiguration> = "networkConfiguration";
        /// Changes to the task definition for these tasks.
        overrides: Option<TaskOverride> = "overrides";
        /// Where on EC2 they may go.
        placement_constraints: Vec<PlacementConstraint> = "placementConstraints";
        /// Where on EC2 they should go.
        placement_strategy: Vec<PlacementStrategy> = "placementStrategy";
        /// The Fargate platform version.
        platform_version: Option<String> = "platformVersion";
        /// TASK_DEFINITION copies its tags to the tasks.
        propagate_tags: Option<String> = "propagateTags".one_of(&["TASK_DEFINITION", "SERVICE", "NONE"]);
        /// A word that calls by the same program share.
        reference_id: Option<String> = "referenceId";
        /// Who starts them, up to 128 characters.
        started_by: Option<String> = "startedBy";
        /// Their tags.
        tags: Vec<Tag> = "tags";
        /// `family`, `family:revision` or an ARN.
        task_definition: String = "taskDefinition".required().names(Kind::TaskDefinition);
        /// A word, up to 64 characters, that makes a repeated call harmless.
        client_token: Option<String> = "clientToken";
        /// Volumes that are made at launch.
        volume_configurations: Option<Vec<TaskVolumeConfiguration>> = "volumeConfigurations";
    }
    /// The tasks that were started.
    pub struct RunTaskResponse {
        /// They.
        tasks: Vec<TaskAnswer> = "tasks";
        /// Those that found no place.
        failures: Vec<Failure> = "failures";
    }
}

/// Starts tasks; one that finds no place is a failure in the answer (PLACE-31).
///
/// # Errors
/// In this order: `ClusterNotFoundException` (API-04); `ConflictException` for a client token that was
/// used for another request (API-06); `InvalidParameterException` and `ClientException` for a definition,
/// count, launch type, network, overrides or tags that cannot be;
/// `PlatformTaskDefinitionIncompatibilityException` for what Fargate Spot or a platform version cannot run;
/// `InvalidParameterException` where there are no instances (PLACE-32); `ClientException` where too many tasks
/// wait for one (CAP-27).
pub fn run_task(cx: &mut Cx<'_>, request: RunTaskRequest) -> Result<RunTaskResponse, ApiError> {
    let cluster = cluster::find(cx.state, request.cluster.as_deref())?.clone();
    let token = request.client_token.as_ref().map(|token| format!("run-task/{}/{token}", cluster.name));
    if let Some(answer) = repeated(cx.state, token.as_deref(), &request)? {
        return Ok(answer);
    }
    let Plan { providers, verdicts, launch } = plan(cx.state, &cluster, &request)?;
    let cause = cx.cause;
    if !verdicts.is_empty() {
        let (about, text) = (subject(Kind::Cluster, &cluster.arn), Shares::sentence(&providers));
        cx.cause = Some(cx.record_decision(RecordKind::Decision, about, text, capacity::SHARES, verdicts));
    }
    // A series for each provider: the instances of one are none of another's.
    let mut series: BTreeMap<Option<String>, Series> = BTreeMap::new();
    let mut answer = RunTaskResponse::default();
    let mut started = Vec::new();
    for provider in providers {
        let of_provider = series.entry(provider.clone()).or_insert_with(|| {
            Series::new(cx.state, Launch { capacity_provider: provider, ..launch.clone() })
        });
        match of_provider.start(cx) {
            Ok(arn) => started.push(arn),
            Err(refused) => answer.failures.push(failure(refused)),
        }
    }
    cx.cause = cause;
    answer.tasks = shown(cx.state, &started);
    if let Some(token) = token {
        let arns: Vec<&str> = started.iter().map(TaskArn::as_str).collect();
        cx.state.client_tokens.insert(token, (crate::shape::write(&request), json!(arns)));
    }
    Ok(answer)
}

/// A task that found no place, as a failure in the answer (PLACE-31).
pub(super) fn failure(refused: NotPlaced) -> Failure {
    Failure { arn: refused.closest.map(|arn| arn.to_string()), reason: refused.reason, detail: None }
}

pub(super) fn shown(state: &State, arns: &[TaskArn]) -> Vec<TaskAnswer> {
    let tasks = arns.iter().filter_map(|arn| state.tasks.get(arn));
    tasks.map(|task| task_answer::describe(state, task, true)).collect()
}

/// The answer that this client token was given before (API-06).
fn repeated(
    state: &State,
    token: Option<&str>,
    request: &RunTaskRequest,
) -> Result<Option<RunTaskResponse>, ApiError> {
    if request.client_token.as_ref().is_some_and(|token| token.chars().count() > 64) {
        return Err(ApiError::invalid("clientToken can have at most 64 characters.", rules::CLIENT_TOKEN));
    }
    let Some((earlier, answer)) = token.and_then(|token| state.client_tokens.get(token)) else {
        return Ok(None);
    };
    if *earlier != crate::shape::write(request) {
        return Err(ApiError::new(
            "ConflictException",
            "The clientToken was used for a request with other parameters.",
            rules::CLIENT_TOKEN,
        ));
    }
    let arns: Vec<TaskArn> =
        answer.as_array().into_iter().flatten().filter_map(Value::as_str).map(TaskArn::from).collect();
    Ok(Some(RunTaskResponse { tasks: shown(state, &arns), failures: Vec::new() }))
}

/// What a request comes to.
struct Plan {
    /// Through which provider each task goes ([`capacity::SHARES`], [`capacity::BASE_OF_WHOM`]).
    providers: Vec<Option<String>>,
    /// How each provider fared, where there is a choice.
    verdicts: Vec<Verdict>,
    /// What the tasks are.
    launch: Launch,
}

/// Checks everything and says through which capacity provider each task goes, and what it is.
fn plan(state: &State, cluster: &Cluster, request: &RunTaskRequest) -> Result<Plan, ApiError> {
    let refuse = |message: &str, rule| Err(ApiError::invalid(message, rule));
    let definition = task_definition::resolve(state, &request.task_definition, "InvalidParameterException")?;
    let count = request.count.unwrap_or(1);
    if !(1..=10).contains(&count) {
        return refuse("count should be between 1 and 10 inclusive.", rules::RUN_TASK_COUNT);
    }
    let strategy = request.capacity_provider_strategy.as_deref().unwrap_or_default();
    let capacity = capacity_strategy::asked(state, cluster, request.launch_type.as_deref(), strategy)?;
    let launch_type = capacity.launch_type;
    check_platform(launch_type, request.platform_version.as_deref())?;
    let network =
        network::check(state, definition.network_mode, launch_type, request.network_configuration.as_ref())?;
    let overrides = request.overrides.clone().unwrap_or_default();
    check_definition(definition, launch_type, &overrides)?;
    let (cpu, _) = task_overrides::size(definition, &overrides);
    fargate_platform::check(definition, cpu, launch_type, request.platform_version.as_deref())?;
    let (constraints, strategies) = (&request.placement_constraints, &request.placement_strategy);
    let wishes = Wishes::read(definition, constraints, strategies, launch_type, false)?;
    let group = group(definition, request.group.as_deref())?;
    if request.started_by.as_ref().is_some_and(|by| by.chars().count() > 128) {
        return refuse("startedBy can have at most 128 characters.", rules::GROUP);
    }
    let managed = request.enable_ecs_managed_tags;
    let tags = tags(cluster, definition, &request.tags, request.propagate_tags.as_deref(), managed)?;
    capacity_strategy::check_spot(&capacity.strategy, definition, request.platform_version.as_deref())?;
    check_instances(state, cluster, &capacity)?;
    let launch = Launch {
        cluster: cluster.arn.clone(),
        task_definition: definition.arn.clone(),
        launch_type,
        capacity_provider: None,
        network,
        group,
        started_by: request.started_by.clone(),
        service: None,
        wishes,
        tags,
        overrides: request.overrides.as_ref().map(crate::shape::write),
        platform_version: platform(launch_type, request.platform_version.as_deref()),
        enable_execute_command: request.enable_execute_command.unwrap_or(false),
    };
    let (providers, verdicts) = Shares::new(&capacity.strategy).plan(count.unsigned_abs());
    check_waiting(state, &providers, &launch)?;
    Ok(Plan { providers, verdicts, launch })
}

/// Refuses tasks that could only wait where too many do ([`capacity::WAITING_LIMIT`]).
fn check_waiting(state: &State, providers: &[Option<String>], launch: &Launch) -> Result<(), ApiError> {
    if !task_waiting::is_full(state, &launch.cluster) {
        return Ok(());
    }
    let mut known: Vec<&Option<String>> = Vec::new();
    for provider in providers {
        if known.contains(&provider) {
            continue;
        }
        known.push(provider);
        let launch = Launch { capacity_provider: provider.clone(), ..launch.clone() };
        if task_waiting::waits(state, &launch) && !Series::new(state, launch).fits(state) {
            return Err(ApiError::client(task_waiting::LIMIT, capacity::WAITING_LIMIT));
        }
    }
    Ok(())
}

/// Refuses EC2 where there is no instance, and none is to be waited for (PLACE-32).
fn check_instances(state: &State, cluster: &Cluster, capacity: &Capacity) -> Result<(), ApiError> {
    let refuse = |message: &str| Err(ApiError::invalid(message, rules::NO_INSTANCES));
    if capacity.launch_type != LaunchType::Ec2 {
        return Ok(());
    }
    if capacity.strategy.is_empty() && cluster::instances(state, cluster).next().is_none() {
        return refuse("No Container Instances were found in your cluster.");
    }
    for item in &capacity.strategy {
        let provider = state.capacity_providers.get(&item.capacity_provider);
        let group = provider.and_then(CapacityProvider::group);
        let scaled = group.is_some_and(|group| group.managed_scaling.is_some());
        let mut instances = cluster::instances(state, cluster);
        if !scaled && !instances.any(|it| it.capacity_provider.as_deref() == Some(&item.capacity_provider)) {
            return refuse("No Container Instances were found in your capacity provider.");
        }
    }
    Ok(())
}

/// Checks that a platform version is asked of Fargate only, and exists.
pub(super) fn check_platform(launch_type: LaunchType, asked: Option<&str>) -> Result<(), ApiError> {
    match (launch_type, asked) {
        (LaunchType::Ec2, Some(_)) => Err(ApiError::invalid(
            "The platform version must be null when specifying an EC2 launch type.",
            task_definitions::COMPATIBILITY,
        )),
        (LaunchType::Fargate, Some(version)) if !["LATEST", "1.4.0", "1.3.0"].contains(&version) => {
            Err(ApiError::new(
                "PlatformUnknownException",
                "The specified platform does not exist.",
                task_definitions::COMPATIBILITY,
            ))
        }
        _ => Ok(()),
    }
}

/// The platform version that a task shows: LATEST stands for a number.
pub(super) fn platform(launch_type: LaunchType, asked: Option<&str>) -> Option<String> {
    (launch_type == LaunchType::Fargate)
        .then(|| asked.filter(|version| *version != "LATEST").unwrap_or("1.4.0").to_string())
}

/// Checks that a definition, with the request's changes, can run there.
pub(super) fn check_definition(
    definition: &TaskDefinition,
    launch_type: LaunchType,
    overrides: &TaskOverride,
) -> Result<(), ApiError> {
    if !definition.compatibilities.iter().any(|each| each == launch_type.word()) {
        let message = format!("Task definition does not support launch_type {}.", launch_type.word());
        return Err(ApiError::invalid(message, task_definitions::COMPATIBILITY));
    }
    task_overrides::check(definition, overrides)?;
    if launch_type == LaunchType::Fargate {
        task_overrides::check_fargate(overrides)?;
    }
    if let (LaunchType::Fargate, (Some(cpu), Some(memory))) =
        (launch_type, task_overrides::size(definition, overrides))
        && !task_size::fits_fargate(cpu, memory)
    {
        let message = "No Fargate configuration exists for given values.";
        return Err(ApiError::client(message, task_definitions::FARGATE_TABLE));
    }
    Ok(())
}

/// The group of standalone tasks (LIFE-13); that of a service is not theirs to take.
pub(super) fn group(definition: &TaskDefinition, asked: Option<&str>) -> Result<String, ApiError> {
    match asked {
        None => Ok(format!("family:{}", definition.family)),
        Some(group) if group.starts_with("service:") => {
            Err(ApiError::invalid("Invalid namespace for group.", rules::GROUP))
        }
        Some(group) => Ok(group.to_string()),
    }
}

/// The tags of tasks that no service starts: their own, the definition's, and AWS's.
pub(super) fn tags(
    cluster: &Cluster,
    definition: &TaskDefinition,
    own: &[Tag],
    propagate: Option<&str>,
    managed: Option<bool>,
) -> Result<Vec<Tag>, ApiError> {
    tag::check(own)?;
    let mut tags = own.to_vec();
    match propagate {
        Some("SERVICE") => {
            let message = "The propagateTags value SERVICE is not valid for tasks that no service starts.";
            return Err(ApiError::invalid(message, common::TAGS));
        }
        Some("TASK_DEFINITION") => {
            for tag in &definition.tags {
                if !tags.iter().any(|own| own.key == tag.key) {
                    tags.push(tag.clone());
                }
            }
        }
        _ => {}
    }
    if managed == Some(true) {
        tags.push(Tag { key: "aws:ecs:clusterName".to_string(), value: cluster.name.clone() });
    }
    Ok(tags)
}

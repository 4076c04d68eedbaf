//! Task definitions: versioned blueprints of tasks.

use crate::arn::TaskDefinitionArn;
pub use crate::ecs::container_definition::{
    ContainerDefinition, ContainerDependency, HealthCheck, PortMapping,
};
use crate::ecs::rules::task_definitions as rules;
use crate::ecs::service::settings::PlacementConstraint;
use crate::ecs::tag::Tag;
use crate::error::ApiError;
use crate::state::State;
use crate::time::SimTime;
use crate::units::{CpuUnits, Mib};
use serde_json::Value;

/// Whether a revision can be used (TASKDEF-06).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum DefinitionStatus {
    Active,
    Inactive,
    DeleteInProgress,
}

impl DefinitionStatus {
    /// AWS's word for it.
    pub fn word(self) -> &'static str {
        match self {
            DefinitionStatus::Active => "ACTIVE",
            DefinitionStatus::Inactive => "INACTIVE",
            DefinitionStatus::DeleteInProgress => "DELETE_IN_PROGRESS",
        }
    }
}

/// How the network looks to a task's containers (TASKDEF-13 to 17).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum NetworkMode {
    AwsVpc,
    Bridge,
    Host,
    None,
}

impl NetworkMode {
    /// AWS's word for it.
    pub fn word(self) -> &'static str {
        match self {
            NetworkMode::AwsVpc => "awsvpc",
            NetworkMode::Bridge => "bridge",
            NetworkMode::Host => "host",
            NetworkMode::None => "none",
        }
    }
}

/// A revision of a family.
#[derive(Debug, Clone, PartialEq)]
pub struct TaskDefinition {
    /// Its ARN.
    pub arn: TaskDefinitionArn,
    /// Its family.
    pub family: String,
    /// Its revision, from 1.
    pub revision: u64,
    /// Whether it can be used.
    pub status: DefinitionStatus,
    /// Its network mode.
    pub network_mode: NetworkMode,
    /// Task-level CPU, where given.
    pub cpu: Option<CpuUnits>,
    /// Task-level memory, where given.
    pub memory: Option<Mib>,
    /// Its containers, with the defaults that AWS fills in.
    pub containers: Vec<ContainerDefinition>,
    /// Launch types that it asks for.
    pub requires_compatibilities: Vec<String>,
    /// Launch types that it fits.
    pub compatibilities: Vec<String>,
    /// The role of the agent.
    pub execution_role_arn: Option<String>,
    /// The role of the application.
    pub task_role_arn: Option<String>,
    /// Attributes that an instance must have (TASKDEF-61).
    pub requires_attributes: Vec<String>,
    /// Conditions that an instance must meet, besides those of a service or request (TASKDEF-56).
    pub placement_constraints: Vec<PlacementConstraint>,
    /// When it was registered.
    pub registered_at: SimTime,
    /// Who registered it.
    pub registered_by: String,
    /// When it was deregistered.
    pub deregistered_at: Option<SimTime>,
    /// When its deletion was asked for.
    pub delete_requested_at: Option<SimTime>,
    /// Its tags.
    pub tags: Vec<Tag>,
    /// What later capabilities need: validated, kept, and shown by `describe-task-definition`.
    pub kept: Vec<(&'static str, Value)>,
}

impl TaskDefinition {
    /// `family:revision`, as people name it.
    pub fn name(&self) -> String {
        format!("{}:{}", self.family, self.revision)
    }

    /// What is kept under this name.
    pub fn kept(&self, name: &str) -> Option<&Value> {
        self.kept.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// The processor that it says it is built for, as the attribute of an instance spells it (TASKDEF-57).
    pub fn architecture(&self) -> Option<&'static str> {
        match self.kept("runtimePlatform")?["cpuArchitecture"].as_str()? {
            "ARM64" => Some("arm64"),
            _ => Some("x86_64"),
        }
    }

    /// The system that it says it is built for, as the attribute of an instance spells it (TASKDEF-57).
    pub fn system(&self) -> Option<&'static str> {
        match self.kept("runtimePlatform")?["operatingSystemFamily"].as_str()? {
            "LINUX" => Some("linux"),
            _ => Some("windows"),
        }
    }
}

/// A reference to a task definition, taken apart (TASKDEF-05).
pub struct Reference<'a> {
    /// The family.
    pub family: &'a str,
    /// The revision, where the reference has one.
    pub revision: Option<u64>,
}

impl<'a> Reference<'a> {
    /// Takes `family`, `family:revision` or a whole ARN apart; `None` when it is none of these.
    pub fn parse(text: &'a str) -> Option<Reference<'a>> {
        let name = if text.starts_with("arn:") { text.split_once(":task-definition/")?.1 } else { text };
        match name.split_once(':') {
            None => Some(Reference { family: name, revision: None }),
            Some((family, revision)) => Some(Reference { family, revision: Some(revision.parse().ok()?) }),
        }
    }
}

/// The revision that a reference names; a family alone means its newest ACTIVE one (TASKDEF-05).
pub fn find<'a>(state: &'a State, reference: &str) -> Option<&'a TaskDefinition> {
    let Reference { family, revision } = Reference::parse(reference)?;
    match revision {
        Some(revision) => state.task_definitions.get(&TaskDefinitionArn::named(family, revision)),
        None => (1..=state.families.get(family).copied()?)
            .rev()
            .filter_map(|revision| state.task_definitions.get(&TaskDefinitionArn::named(family, revision)))
            .find(|definition| definition.status == DefinitionStatus::Active),
    }
}

/// The revision that a new task or service may be made from.
///
/// # Errors
/// `ClientException` when there is none ([`rules::REFERENCES`]), `InvalidParameterException` or
/// `ClientException` when it is INACTIVE ([`rules::INACTIVE`]); `inactive` says which of the two.
pub fn resolve<'a>(
    state: &'a State,
    reference: &str,
    inactive: &'static str,
) -> Result<&'a TaskDefinition, ApiError> {
    let definition = find(state, reference)
        .ok_or_else(|| ApiError::client("TaskDefinition not found.", rules::REFERENCES))?;
    if definition.status == DefinitionStatus::Active {
        Ok(definition)
    } else {
        Err(ApiError::new(inactive, "TaskDefinition is inactive", rules::INACTIVE))
    }
}

//! Where a task goes: tests, constraints, strategies, and a decision with a verdict per instance.

use crate::arn::{ClusterArn, ContainerInstanceArn, SubnetId};
use crate::ecs::rules::placement as rules;
use crate::ecs::service::settings::{PlacementConstraint, PlacementStrategy};
use crate::ecs::task::LaunchType;
use crate::ecs::task_chain::Launch;
use crate::ecs::task_definition::TaskDefinition;
use crate::ecs::task_launch::{Needs, needs_of};
use crate::error::ApiError;
use crate::rules::Rule;
use crate::state::State;
use crate::timeline::Verdict;

mod board;
mod boards;
pub mod constraint;
mod filter;
pub mod query;
mod rank;
pub mod strategy;
mod told;

pub use board::Board;
pub use boards::Boards;
pub use constraint::Constraint;
pub use strategy::Strategy;
pub use told::EMPTY;

/// So many verdicts of one decision are put on the timeline.
pub const TOLD: usize = 12;

/// What a task is to be placed by: constraints bind, strategies rank ([`rules::STEPS`]).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Wishes {
    /// Conditions that bind: those of the definition, then those of the service or request.
    pub constraints: Vec<Constraint>,
    /// How instances that would do are ranked, the first strategy first.
    pub strategies: Vec<Strategy>,
    /// Whether nobody asked for these strategies (PLACE-13, PLACE-14).
    pub by_default: bool,
}

impl Wishes {
    /// Reads what a service or a request asks for, together with what its task definition asks for.
    ///
    /// # Errors
    /// `InvalidParameterException` for what cannot be asked for on this launch type (PLACE-04, PLACE-05),
    /// and for constraints and strategies that cannot be.
    pub fn read(
        definition: &TaskDefinition,
        constraints: &[PlacementConstraint],
        strategies: &[PlacementStrategy],
        launch_type: LaunchType,
        for_service: bool,
    ) -> Result<Wishes, ApiError> {
        if launch_type == LaunchType::Fargate {
            for (given, what) in
                [(!constraints.is_empty(), "constraints"), (!strategies.is_empty(), "strategies")]
            {
                if given {
                    let message = format!("Placement {what} are not supported with FARGATE launch type.");
                    return Err(ApiError::invalid(message, crate::ecs::rules::tasks::FARGATE_SPREAD));
                }
            }
            return Ok(Wishes::default());
        }
        let constraints = constraint::read(&definition.placement_constraints, constraints)?;
        let asked = strategy::read(strategies)?;
        let by_default = asked.is_empty();
        let strategies = match (by_default, for_service) {
            (false, _) => asked,
            (true, true) => Strategy::of_services(),
            (true, false) => Strategy::of_standalone_tasks(),
        };
        Ok(Wishes { constraints, strategies, by_default })
    }
}

/// A task that looks for a place.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// The cluster to look in.
    pub cluster: ClusterArn,
    /// The capacity provider whose instances it may go to, if it runs through one.
    pub provider: Option<String>,
    /// The group whose tasks are to be spread.
    pub group: String,
    /// Whether it is a service's task (PLACE-13), and not a standalone one (PLACE-14).
    pub for_service: bool,
    /// What it takes.
    pub needs: Needs,
    /// Attributes that the instance must have.
    pub attributes: Vec<String>,
    /// Zones in which it may stand: those of its subnets (awsvpc).
    pub zones: Option<Vec<String>>,
    /// What it is to be placed by.
    pub wishes: Wishes,
}

impl Request {
    /// The request of a launch.
    pub fn of(state: &State, launch: &Launch) -> Request {
        let (needs, attributes) = needs_of(state, launch);
        let zone = |id: &SubnetId| state.subnets.get(id).map(|subnet| subnet.availability_zone.clone());
        Request {
            cluster: launch.cluster.clone(),
            provider: launch.capacity_provider.clone(),
            group: launch.group.clone(),
            for_service: launch.service.is_some(),
            needs,
            attributes,
            zones: launch.network.as_ref().map(|network| network.subnets.iter().filter_map(zone).collect()),
            wishes: launch.wishes.clone(),
        }
    }

    /// The rule behind the choice among instances that would do.
    pub fn rule(&self) -> &'static Rule {
        use crate::ecs::rules::tasks;
        match (self.wishes.by_default, self.for_service, self.wishes.strategies.as_slice()) {
            (true, true, _) => tasks::SERVICE_SPREAD,
            (true, false, _) => tasks::TASK_SPREAD,
            (false, _, [only]) => only.rule(),
            (false, ..) => rules::CHAIN,
        }
    }
}

/// Where the task goes, or why nowhere.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// The instance that takes it.
    pub chosen: Option<ContainerInstanceArn>,
    /// Where none does: the instance that passed the most tests (PLACE-03).
    pub closest: Option<ContainerInstanceArn>,
    /// Where none does: AWS's word for the test that the closest one failed (PLACE-31).
    pub reason: String,
    /// The decision in one sentence.
    pub text: String,
    /// The rule that decided.
    pub rule: &'static Rule,
    /// A verdict per instance: the chosen one first, then those that passed, then the others, nearest
    /// first; at most [`TOLD`].
    pub verdicts: Vec<Verdict>,
}

//! What a container waits for before it begins (TASKDEF-29, TASKDEF-31).

use crate::arn::TaskArn;
use crate::ecs::container::{ContainerStatus, begin, of, record};
use crate::ecs::container_instance;
use crate::ecs::container_plan::Condition;
use crate::ecs::rules::tasks as rules;
use crate::ecs::task::{Health, StopCode, Task};
use crate::ecs::task_chain;
use crate::event::Event;
use crate::operation::Cx;
use crate::timeline::RecordKind;

/// How a container's dependencies stand.
enum Gate {
    Open,
    Shut,
    /// It will never open: the words say why.
    Broken(String),
}

/// Begins every container whose conditions have come true (TASKDEF-29).
pub(crate) fn open_gates(cx: &mut Cx<'_>, arn: &TaskArn) {
    let Some(task) = cx.state.tasks.get(arn).filter(|task| !task.told_to_stop) else { return };
    let gates: Vec<(usize, Gate)> = (0..task.containers.len())
        .filter(|index| task.containers.get(*index).is_some_and(|container| !container.begun))
        .map(|index| (index, gate(task, index)))
        .collect();
    for (index, gate) in gates {
        match gate {
            Gate::Open => begin(cx, arn, index),
            Gate::Shut => {}
            Gate::Broken(text) => return never_starts(cx, arn, index, text),
        }
    }
}

fn gate(task: &Task, index: usize) -> Gate {
    let Some(container) = task.containers.get(index) else { return Gate::Shut };
    let mut shut = false;
    for (on, condition) in &container.plan.depends_on {
        let Some(other) = task.containers.get(*on) else { continue };
        let ended = other.status == ContainerStatus::Stopped;
        let open = match condition {
            Condition::Start => other.status >= ContainerStatus::Running,
            Condition::Complete => ended && other.exit_code.is_some(),
            Condition::Success => ended && other.exit_code == Some(0),
            Condition::Healthy => !ended && other.health == Health::Healthy,
        };
        let never = ended
            && match condition {
                Condition::Start => false,
                Condition::Complete => other.exit_code.is_none(),
                Condition::Success => other.exit_code != Some(0),
                Condition::Healthy => true,
            };
        if never {
            return Gate::Broken(format!("dependency on container {} can no longer come true", other.name));
        }
        shut |= !open;
    }
    if shut { Gate::Shut } else { Gate::Open }
}

/// A container can never start, so its task cannot either (TASKDEF-29, TASKDEF-31).
fn never_starts(cx: &mut Cx<'_>, arn: &TaskArn, index: usize, text: String) {
    if let Some(container) = of(cx, arn, index) {
        container.reason = Some(text.clone());
    }
    record(cx, RecordKind::Failure, arn, index, text, rules::DEPENDS_ON);
    task_chain::stop(cx, arn, StopCode::TaskFailedToStart, "Task failed to start");
}

/// What waits for this container has waited as long as its startTimeout allows (TASKDEF-31).
pub fn start_timeout(cx: &mut Cx<'_>, arn: &TaskArn, index: usize) {
    if container_instance::holds_back(cx, arn, || Event::StartTimeout { task: arn.clone(), container: index })
    {
        return;
    }
    let Some(task) = cx.state.tasks.get(arn).filter(|task| !task.told_to_stop) else { return };
    let waiting = task.containers.iter().position(|container| {
        !container.begun
            && container
                .plan
                .depends_on
                .iter()
                .any(|(on, condition)| *on == index && *condition != Condition::Start)
    });
    if let Some(waiting) = waiting {
        let name = task.containers.get(index).map(|container| container.name.clone()).unwrap_or_default();
        never_starts(cx, arn, waiting, format!("dependency on container {name} timed out"));
    }
}

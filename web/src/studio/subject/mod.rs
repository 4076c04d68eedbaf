//! What is selected, in the engine's terms: its records, its description, its summary.
mod container;
mod instance;
pub mod service;
mod task;

use drydock::timeline::{Kind, Subject};
use drydock::{Sim, SimTime, State};

use super::{group, stranger};
use crate::map::Selection;

/// What the inspector says first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Head {
    /// What it is called.
    pub title: String,
    /// How it is, in a sentence.
    pub sentence: String,
    /// Whether something is wrong with it.
    pub wrong: bool,
}

/// A line of the summary: what, and how much.
pub type Fact = (&'static str, String);

/// The resources whose records tell of a selection; the first is the thing itself.
pub fn subjects(state: &State, selection: &Selection) -> Vec<Subject> {
    match selection {
        Selection::Task(arn) => vec![Subject::new(Kind::Task, arn)],
        Selection::Instance(id) => {
            let arn = instance::of(state, id).and_then(|instance| instance.container_instance.as_ref());
            let arn = arn.or_else(|| stranger::of(state, id).map(|host| &host.arn));
            let mut all = vec![Subject::new(Kind::Instance, id)];
            all.extend(arn.map(|arn| Subject::new(Kind::ContainerInstance, arn.as_str())));
            all
        }
        Selection::Container(id) => vec![Subject::new(Kind::Container, id)],
        Selection::Group(name) => {
            let provider = group::provider(state, name);
            let provider = provider.map(|provider| Subject::new(Kind::CapacityProvider, provider.arn()));
            std::iter::once(Subject::new(Kind::AutoScalingGroup, name)).chain(provider).collect()
        }
        Selection::Service(name) | Selection::Wish(name, _) => service::named(state, name)
            .map(|service| Subject::new(Kind::Service, service.arn.as_str()))
            .into_iter()
            .collect(),
    }
}

/// What is selected and how it is; `None` when it is no longer there.
pub fn head(sim: &Sim, selection: &Selection) -> Option<Head> {
    let state = sim.state();
    match selection {
        Selection::Task(arn) => task::of(state, arn).map(|task| task::head(task, sim.clock())),
        Selection::Service(name) => service::named(state, name).map(|found| service::head(state, found)),
        Selection::Wish(name, number) => {
            service::named(state, name).map(|found| service::wish_head(found, *number))
        }
        Selection::Instance(id) => match stranger::of(state, id) {
            Some(host) => Some(stranger::head(host)),
            None => instance::of(state, id).map(|found| instance::head(state, found)),
        },
        Selection::Group(name) => group::head(state, name),
        Selection::Container(id) => container::of(state, id).map(|(on, found)| container::head(on, found)),
    }
}

/// The first letters of an id, as the map shows them.
pub fn short(id: &str) -> &str {
    id.get(..4).unwrap_or(id)
}

/// As much of what a record is about as tells it apart.
pub fn brief(subject: &Subject) -> &str {
    let name = subject.short();
    match subject.kind {
        Kind::Task => short(name),
        Kind::Container | Kind::ContainerInstance => name.get(..8).unwrap_or(name),
        _ => name,
    }
}

/// The summary, a line each.
pub fn facts(state: &State, selection: &Selection, now: SimTime) -> Vec<Fact> {
    let facts = match selection {
        Selection::Task(arn) => task::of(state, arn).map(|found| task::facts(state, found, now)),
        Selection::Service(name) | Selection::Wish(name, _) => {
            service::named(state, name).map(|found| service::facts(state, found, now))
        }
        Selection::Instance(id) => match instance::of(state, id) {
            Some(found) => Some(instance::facts(state, found, now)),
            None => stranger::of(state, id).map(stranger::facts),
        },
        Selection::Group(name) => Some(group::facts(state, name)),
        Selection::Container(id) => container::of(state, id).map(|(on, found)| container::facts(on, found)),
    };
    facts.unwrap_or_default()
}

/// The command that describes a selection.
pub fn describing(state: &State, selection: &Selection) -> Option<String> {
    Some(match selection {
        Selection::Task(arn) => task::describing(task::of(state, arn)?),
        Selection::Service(name) | Selection::Wish(name, _) => {
            service::describing(service::named(state, name)?)
        }
        Selection::Instance(id) => match stranger::of(state, id) {
            Some(host) => stranger::describing(host),
            None => format!("aws ec2 describe-instances --instance-ids {id}"),
        },
        Selection::Group(name) => group::describing(name),
        Selection::Container(id) => {
            let (on, _) = container::of(state, id)?;
            format!("drydock docker ps --on {on}")
        }
    })
}

/// Something that can be done to a selection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// What the key says.
    pub label: String,
    /// The command behind it.
    pub command: String,
    /// Whether it breaks something.
    pub fault: bool,
}

/// Something that a click does.
pub fn action(label: impl Into<String>, command: String) -> Action {
    Action { label: label.into(), command, fault: false }
}

fn fault(label: impl Into<String>, command: String) -> Action {
    Action { label: label.into(), command, fault: true }
}

/// What can be done to a selection as it is now.
pub fn actions(state: &State, selection: &Selection) -> Vec<Action> {
    let actions = match selection {
        Selection::Task(arn) => task::of(state, arn).map(task::actions),
        Selection::Service(name) => service::named(state, name).map(|found| service::actions(state, found)),
        Selection::Wish(..) => None,
        Selection::Instance(id) => instance::of(state, id).map(|found| instance::actions(state, found)),
        Selection::Group(name) => Some(group::actions(state, name)),
        Selection::Container(id) => container::of(state, id).map(|(on, found)| container::actions(on, found)),
    };
    actions.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Selection, actions};
    use drydock::dice::Seed;
    use drydock::run::Run;

    #[test]
    fn every_action_is_a_command_that_is_accepted() {
        let mut run = Run::new(Seed(7));
        let launch = "aws ec2 run-instances --image-id ami-ecs --instance-type m5.large --subnet-id subnet-pri-a --iam-instance-profile Name=ecsInstanceRole --user-data 'echo ECS_CLUSTER=shop >> /etc/ecs/ecs.config' --instance-market-options MarketType=spot";
        let define = "aws ecs register-task-definition --family web --cpu 256 --memory 512 --container-definitions name=web,image=shop/web:1,essential=true";
        let serve = "aws ecs create-service --cluster shop --service-name web --task-definition web:1 --desired-count 1 --launch-type EC2";
        for line in [
            "aws ecs create-cluster --cluster-name shop",
            launch,
            define,
            "drydock wait 2m",
            serve,
            "drydock wait 1m",
        ] {
            let entered = run.enter(line);
            assert_eq!(entered.exit_code, 0, "{line}: {}", entered.stderr);
        }
        let state = run.sim().state();
        let tasks = state.tasks.keys().map(|arn| Selection::Task(arn.to_string()));
        let machines = state.instances.keys().map(|id| Selection::Instance(id.to_string()));
        let all: Vec<_> = tasks.chain(machines).chain([Selection::Service("web".to_string())]).collect();
        assert_eq!(all.len(), 3);
        for selection in all {
            let actions = actions(state, &selection);
            assert!(!actions.is_empty(), "{selection:?}");
            for action in actions {
                let entered = run.clone().enter(&action.command);
                assert_eq!(entered.exit_code, 0, "{}: {}", action.command, entered.stderr);
            }
        }
    }
}

//! Goals: a small closed tree of what must be true, have happened or have been done.

pub mod compare;

pub use compare::{Comparison, HowMany, Span, Test, Where};

use serde::{Deserialize, Serialize};

/// What a step, a piece of feedback or an option of a question claims about a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", rename_all_fields = "kebab-case", deny_unknown_fields)]
pub enum Goal {
    /// So many resources are like this now.
    Count(Count),
    /// So many records of this sort stand on the timeline.
    Happened(Happened),
    /// So many requests like this were made.
    Did(Did),
    /// A question was answered.
    Answered(Answered),
    /// At least this much simulated time has passed since the start of the step's run.
    Elapsed(Span),
    /// Every part is met.
    All(Vec<Goal>),
    /// At least one part is met.
    Any(Vec<Goal>),
    /// The part is not met.
    Not(Box<Goal>),
    /// Each part was met at some moment, one not before the other.
    InOrder(Vec<Goal>),
    /// The part was met at some moment.
    Was(Box<Goal>),
    /// The part has been met without a break for this long, up to some moment.
    Held(Held),
    /// The part was met within this time, counted from when `after` was met first.
    Eventually(Eventually),
    /// The part was not met at any moment.
    Never(Box<Goal>),
}

/// So many resources of a view are like this now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Count {
    /// Which `Describe…` answers to look through.
    pub of: View,
    /// Which of them count; all when empty.
    #[serde(default, rename = "where")]
    pub filter: Where,
    /// How many there must be.
    #[serde(default)]
    pub is: HowMany,
    /// What a learner calls one of them, and several: `["running task", "running tasks"]`.
    pub called: (String, String),
}

/// The `Describe…` answers that a goal can look through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum View {
    /// `DescribeClusters` of every cluster.
    Clusters,
    /// `DescribeServices` of every service of every cluster.
    Services,
    /// `DescribeTasks` of every task of every cluster, STOPPED ones that ECS still remembers included.
    Tasks,
    /// The containers of those tasks, each with `task` and `group` of its task beside its own members.
    Containers,
    /// `DescribeTaskDefinition` of every revision.
    TaskDefinitions,
    /// `DescribeContainerInstances` of every cluster.
    ContainerInstances,
    /// `DescribeInstances`, flattened out of its reservations.
    Instances,
    /// `drydock docker ps` of every instance: containers that were started by hand.
    DockerContainers,
}

/// So many records of this sort stand on the timeline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Happened {
    /// The sort of record: `change`, `service-event`, `failure`, `fault`, `refusal`, `decision`, `command`.
    pub kind: Option<Sort>,
    /// The kind of resource it is about, as the engine spells it: `Task`, `Service`, `Instance`.
    pub about: Option<String>,
    /// A part of the record's text, in its own words.
    pub says: Option<String>,
    /// The id of the rule by which it happened.
    pub rule: Option<String>,
    /// How many there must be.
    #[serde(default)]
    pub is: HowMany,
    /// What a learner calls one of them, and several.
    pub called: (String, String),
}

/// The sorts of record that a goal can ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum Sort {
    Command,
    Refusal,
    Fault,
    Change,
    ServiceEvent,
    Decision,
    Failure,
    Simplification,
    Answer,
}

/// So many requests like this were made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Did {
    /// The operation as the CLI writes it: `ecs run-task`, `drydock docker-run`.
    pub operation: String,
    /// What its input must be like, by API member names; anything when empty.
    #[serde(default, rename = "where")]
    pub filter: Where,
    /// Absent: it went through. Else it was refused, with this code, or with any when `*`.
    pub refused: Option<String>,
    /// How many there must be.
    #[serde(default)]
    pub is: HowMany,
    /// What a learner calls one of them, and several: `["order to stop a task", "orders to stop a task"]`.
    pub called: (String, String),
}

/// A question was answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Answered {
    /// The question's id.
    pub question: String,
    /// The option that must have been chosen, or `right` for the key; any option when absent.
    pub with: Option<String>,
}

/// The part has been met without a break for this long.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Held {
    /// What must hold.
    pub goal: Box<Goal>,
    /// For how long.
    #[serde(rename = "for")]
    pub span: Span,
}

/// The part was met within a time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Eventually {
    /// What must be met.
    pub goal: Box<Goal>,
    /// Within which time.
    pub within: Span,
    /// From when the time counts; from the start when absent.
    pub after: Option<Box<Goal>>,
}

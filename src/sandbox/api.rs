//! The operations of the service `drydock`, a row each; one file each.

use crate::operation::Operation;

pub mod answer;
pub mod docker_kill;
pub mod docker_ps;
pub mod docker_run;
pub mod fail;
pub mod kill;
pub mod load;
pub mod programs;
pub mod usage;

/// Every operation of the sandbox that exists.
pub static OPERATIONS: &[Operation] = operations! { "drydock":
    act "DockerRun" docker_run::docker_run, DockerRunRequest => DockerRunResponse,
        "Runs a container by hand on an instance; nobody looks after it.";
    look "DockerPs" docker_ps::docker_ps, DockerPsRequest => DockerPsResponse,
        "Lists the containers on an instance, those of ECS included.";
    act "DockerKill" docker_kill::docker_kill, DockerKillRequest => DockerKillResponse,
        "Ends the process of a container that was run by hand.";
    act "Kill" kill::kill, KillRequest => KillResponse,
        "Ends the process of a task's container, as a crash would.";
    act "Fail" fail::fail, FailRequest => FailResponse,
        "Breaks an instance, an agent's connection, a health check, a Fargate host or Spot capacity, or mends it.";
    act "Answer" answer::answer, AnswerRequest => AnswerResponse,
        "Records a learner's answer to a question.";
    look "Programs" programs::programs, ProgramsRequest => ProgramsResponse,
        "Lists the images that can be pulled, and how their programs behave.";
    act "Load" load::load, LoadRequest => LoadResponse,
        "Says how much CPU and memory its work asks of each task of a service.";
    look "Usage" usage::usage, UsageRequest => UsageResponse,
        "Tells what tasks and instances really use, beside what is reserved.";
};

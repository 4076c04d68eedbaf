//! The world at one moment, and the only two ways in: a call, and time.

use crate::agenda::Agenda;
use crate::dice::{Dice, Seed};
use crate::ecs::{container, container_instance, service, task};
use crate::error::ApiError;
use crate::event::Event;
use crate::operation::{Cx, Handler, Look, Operation, Principal};
use crate::state::State;
use crate::time::SimTime;
use crate::timeline::{Kind, RecordKind, Subject, Timeline};
use serde_json::Value;

/// A request: who asks for which operation, with which input.
#[derive(Clone, Copy)]
pub struct Call<'a> {
    /// Who asks.
    pub principal: &'a Principal,
    /// What for.
    pub operation: &'static Operation,
    /// With which input.
    pub input: &'a Value,
    /// The request as it was typed; it becomes the record of the command.
    pub typed: &'a str,
}

/// The world at one moment; cloned for checkpoints and branches.
#[derive(Debug, Clone, PartialEq)]
pub struct Sim {
    clock: SimTime,
    state: State,
    agenda: Agenda,
    dice: Dice,
}

impl Sim {
    /// The world in which every run of this seed starts.
    pub fn new(seed: Seed) -> Sim {
        Sim {
            clock: SimTime::default(),
            state: State::new(),
            agenda: Agenda::default(),
            dice: Dice::new(seed),
        }
    }

    /// Now.
    pub fn clock(&self) -> SimTime {
        self.clock
    }

    /// Every resource.
    pub fn state(&self) -> &State {
        &self.state
    }

    /// What is booked.
    pub fn agenda(&self) -> &Agenda {
        &self.agenda
    }

    /// Does what AWS would do on receiving this call now.
    ///
    /// # Errors
    /// What AWS would have refused with; the world is then as it was before.
    pub fn call(&mut self, call: Call<'_>, timeline: &mut Timeline) -> Result<Value, ApiError> {
        crate::operation::authorize(call.principal, call.operation, call.input, &self.state)?;
        match &call.operation.handler {
            Handler::Look(look) => self.look(call.principal, |cx| look(cx, call.input)),
            Handler::Act(act) => {
                let before = timeline.len();
                let mut cx = self.cx(call.principal, timeline);
                let command = cx.record(
                    crate::operation::record_kind(call.operation),
                    Subject::new(Kind::Run, call.principal.name()),
                    call.typed,
                    crate::ecs::rules::API_AT_ONCE,
                );
                let answer = cx.because(command, |cx| act(cx, call.input));
                if let Err(refusal) = &answer {
                    // A refused request changes nothing: only the refusal itself is recorded.
                    timeline.truncate(before);
                    let mut cx = self.cx(call.principal, timeline);
                    cx.record(
                        RecordKind::Refusal,
                        Subject::new(Kind::Run, call.principal.name()),
                        match &refusal.hint {
                            None => format!("{} refused: {refusal}", call.operation.name),
                            Some(hint) => format!("{} refused: {refusal} {hint}", call.operation.name),
                        },
                        refusal.rule,
                    );
                }
                answer
            }
        }
    }

    /// Answers a reading operation without a record.
    pub fn look<T>(&self, principal: &Principal, look: impl FnOnce(&Look<'_>) -> T) -> T {
        look(&Look { principal, clock: self.clock, state: &self.state })
    }

    /// Lets time pass to `until`, or as far as `budget` events reach, and says how far that was.
    /// One long step and many short ones end the same.
    pub fn advance(&mut self, until: SimTime, budget: u32, timeline: &mut Timeline) -> SimTime {
        let until = until.min(SimTime::MAX);
        let ecs = Principal { arn: "ecs.amazonaws.com".to_string() };
        for _ in 0..budget {
            let Some((at, booking)) = self.agenda.take_due(until) else {
                self.clock = self.clock.max(until);
                return self.clock;
            };
            self.clock = self.clock.max(at);
            let mut cx = self.cx(&ecs, timeline);
            cx.cause = booking.cause;
            happen(&mut cx, booking.event);
        }
        self.clock
    }

    fn cx<'a>(&'a mut self, principal: &'a Principal, timeline: &'a mut Timeline) -> Cx<'a> {
        Cx {
            principal,
            clock: self.clock,
            state: &mut self.state,
            agenda: &mut self.agenda,
            dice: &mut self.dice,
            timeline,
            cause: None,
        }
    }
}

/// Every cause of change in time, and who answers for it.
fn happen(cx: &mut Cx<'_>, event: Event) {
    match event {
        Event::MetricMinute => crate::cloudwatch::minute::ends(cx),
        Event::TaskStep { task, step } => task::step(cx, &task, step),
        Event::PullEnds { task, container } => container::pull_ends(cx, &task, container),
        Event::StartTimeout { task, container } => container::start_timeout(cx, &task, container),
        Event::ContainerStarts { task, container } => container::starts(cx, &task, container),
        Event::ContainerExits { task, container, life, code, reason } => {
            container::exits(cx, &task, container, life, code, reason);
        }
        Event::HealthCheck { task, container, life } => container::health_check(cx, &task, container, life),
        Event::ProtectionEnds(task) => crate::ecs::task_protection::ends(cx, &task),
        Event::TaskForgotten(task) => task::forget(cx, &task),
        Event::ServicePass(service) => service::pass_due(cx, &service),
        Event::ServiceForgotten(service) => service::forget(cx, &service),
        Event::InstanceStep(instance) => crate::ec2::instance::step(cx, &instance),
        Event::GroupPass(group) => crate::autoscaling::capacity::pass_due(cx, &group),
        Event::LifecycleTimeout { group, instance, hook } => {
            crate::autoscaling::hook::timeout(cx, &group, &instance, &hook);
        }
        Event::ScheduledAction { group, action } => {
            crate::autoscaling::schedule::due(cx, &group, &action);
        }
        Event::DockerExits { instance, container, code } => {
            crate::ec2::instance::docker_exits(cx, &instance, &container, code);
        }
        Event::AgentSilence(instance) => container_instance::falls_silent(cx, &instance),
        Event::SpotReclaim(instance) => crate::ec2::spot::reclaim(cx, &instance),
        Event::TrunkAttached(instance) => container_instance::trunk_attached(cx, &instance),
        Event::TrunkDetached(instance) => container_instance::trunk_detached(cx, &instance),
        Event::AgentUpdate(instance) => container_instance::agent_update_due(cx, &instance),
        Event::ContainerInstanceForgotten(instance) => container_instance::forget(cx, &instance),
        Event::AttachmentsMade(cluster) => crate::ecs::cluster_attachments::made(cx, &cluster),
        Event::WaitingPass(cluster) => crate::ecs::task_waiting::look_due(cx, &cluster),
        Event::ProviderSettles(provider) => crate::ecs::capacity_provider::settles(cx, &provider),
    }
}

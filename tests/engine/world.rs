//! A world under test: one simulation, its timeline, and calls as JSON.

use drydock::dice::Seed;
use drydock::{ApiError, Call, Operation, Principal, Sim, Timeline};
use serde_json::Value;

/// A simulation and what happened in it.
pub struct World {
    pub sim: Sim,
    pub timeline: Timeline,
}

impl World {
    /// A fresh run.
    pub fn new() -> World {
        World { sim: Sim::new(Seed(7)), timeline: Timeline::default() }
    }

    /// Calls an ECS operation.
    pub fn ecs(&mut self, operation: &str, input: Value) -> Result<Value, ApiError> {
        self.call("ecs", operation, input)
    }

    /// Calls an operation of a service; RunInstances launches one where it says nothing, as the CLI has it.
    pub fn call(&mut self, service: &str, operation: &str, mut input: Value) -> Result<Value, ApiError> {
        let operation = Operation::find(service, operation)
            .unwrap_or_else(|| panic!("the operation {service} {operation} exists"));
        if operation.name == "RunInstances" {
            for count in ["MinCount", "MaxCount"] {
                input.as_object_mut().map(|members| members.entry(count).or_insert(Value::from(1)));
            }
        }
        let typed = format!("{} {} {input}", operation.service, operation.name);
        let principal = Principal::student();
        let call = Call { principal: &principal, operation, input: &input, typed: &typed };
        let answer = self.sim.call(call, &mut self.timeline);
        if let Err(refusal) = &answer {
            crate::codes::check(operation, refusal);
        }
        answer
    }

    /// Calls an ECS operation that must do what is asked.
    #[track_caller]
    pub fn ok(&mut self, operation: &str, input: Value) -> Value {
        self.ecs(operation, input).unwrap_or_else(|refusal| panic!("{operation}: {refusal}"))
    }

    /// Calls an ECS operation that must be refused, leaving the state as it was, and says with which text.
    #[track_caller]
    pub fn refused(&mut self, operation: &str, input: Value) -> String {
        let before = self.sim.clone();
        match self.ecs(operation, input) {
            Ok(answer) => panic!("{operation} was not refused: {answer}"),
            Err(refusal) => {
                assert_eq!(self.sim, before, "a refused request changes nothing");
                refusal.to_string()
            }
        }
    }
}

impl World {
    /// Lets so many seconds pass.
    pub fn wait(&mut self, seconds: u64) {
        let until = self.sim.clock() + drydock::SimDuration::secs(seconds);
        self.sim.advance(until, u32::MAX, &mut self.timeline);
    }
}

//! The ready-made worlds of the sandbox, as scripts.
use drydock::dice::Seed;
use drydock::run::Run;

/// A world to begin with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct World {
    /// What it is called.
    pub title: &'static str,
    /// What is in it, in a sentence.
    pub about: &'static str,
    /// The script that makes it; empty for an empty Region.
    pub script: &'static str,
}

/// Every world, the one with most to see first.
pub const WORLDS: [World; 6] = [
    World {
        title: "Two machines and a service",
        about: "Three tasks with health checks, and room to see them placed.",
        script: include_str!("worlds/machines.script"),
    },
    World {
        title: "A service on Fargate",
        about: "Two tasks that nobody has to find a machine for.",
        script: include_str!("worlds/fargate.script"),
    },
    World {
        title: "A group that scales on CPU",
        about: "Ask for 8 tasks and let 20 minutes pass: 4 wait for room, CPU is idle, and the group takes a machine away.",
        script: include_str!("worlds/cpu-group.script"),
    },
    World {
        title: "A capacity provider",
        about: "Ask for 8 tasks and let 5 minutes pass: the same machines and tasks, but the group grows by what waits.",
        script: include_str!("worlds/provider.script"),
    },
    World {
        title: "One large machine",
        about: "The start of lesson 3: room for three tasks by memory.",
        script: include_str!("../../../lessons/content/03-table-service/start.script"),
    },
    World {
        title: "An empty Region",
        about: "Three zones, six subnets, and nothing of yours yet.",
        script: "",
    },
];

impl World {
    /// The run of this world.
    ///
    /// # Errors
    /// One sentence, when its script cannot be read.
    pub fn run(&self) -> Result<Run, String> {
        if self.script.is_empty() {
            return Ok(Run::new(Seed(7)));
        }
        Run::from_script(self.script).map_err(|error| format!("This world cannot be made: {error}."))
    }
}

#[cfg(test)]
mod tests {
    use super::WORLDS;
    use drydock::run::Run;
    use drydock::script::Script;

    #[test]
    fn every_command_of_every_world_is_accepted() {
        for world in WORLDS.iter().filter(|world| !world.script.is_empty()) {
            let script = Script::parse(world.script).expect(world.title);
            let mut run = Run::new(script.seed);
            for (line, entered) in script.lines.iter().zip(run.play(&script)) {
                assert_eq!(entered.exit_code, 0, "{}: {}\n{}", world.title, line.command, entered.stderr);
            }
        }
    }

    #[test]
    fn a_world_with_health_checks_begins_healthy() {
        let run = WORLDS[0].run().expect("the world is made");
        let tasks: Vec<_> = run.sim().state().tasks.values().collect();
        assert_eq!(tasks.len(), 3);
        assert!(tasks.iter().all(|task| task.health() == drydock::ecs::task::Health::Healthy));
    }

    #[test]
    fn the_services_of_every_world_run_what_they_want() {
        for world in WORLDS {
            let run = world.run().expect(world.title);
            let state = run.sim().state();
            for service in state.services.values() {
                let running = state.tasks_of_service(service).filter(|task| task.is_running()).count();
                assert_eq!(running as u64, service.desired_count, "{}", world.title);
            }
        }
    }
}

//! A decision in words: the sentence, and a verdict per instance.

use crate::ecs::container_instance::{ContainerInstance, Registered};
use crate::ecs::placement::board::{Board, Seat, spread_value};
use crate::ecs::placement::rank::Ranking;
use crate::ecs::placement::strategy::ZONE;
use crate::ecs::placement::{Decision, Request, Strategy};
use crate::ecs::rules::tasks as rules;
use crate::timeline::{Kind, Outcome, Subject, Verdict};

/// AWS's word for a capacity provider without instances (PLACE-34).
pub const EMPTY: &str = "EMPTY CAPACITY PROVIDER";

impl Board {
    /// Decides where a task goes. `draw` gives a number below its argument, for [`Strategy::Random`].
    pub fn decide(&self, instances: &Registered, draw: impl FnMut(u64) -> u64) -> Decision {
        let request = self.request();
        let ranking = self.rank(draw);
        let told = || {
            ranking.told.iter().filter_map(|(place, survived)| {
                let seat = self.seats.get(*place)?;
                Some((*place, *survived, seat, instances.get(&seat.arn)?))
            })
        };
        let verdicts = told()
            .map(|(place, survived, seat, instance)| {
                let candidate = Subject::new(Kind::ContainerInstance, seat.arn.as_str());
                let (outcome, reason, rule) = match seat.standing.fail {
                    Some(fail) => {
                        (Outcome::Removed, fail.says(request, instance), fail.rule(request, instance))
                    }
                    None => {
                        let chosen = ranking.chosen == Some(place);
                        let outcome = if chosen { Outcome::Chosen } else { Outcome::Passed };
                        (outcome, self.fits(&ranking, survived, seat, instance), request.rule())
                    }
                };
                Verdict { candidate, outcome, reason, rule }
            })
            .collect();
        let count = self.seats.len();
        let group = &request.group;
        let first = told().next();
        let nearest = first.and_then(|(_, _, seat, instance)| Some((seat, seat.standing.fail?, instance)));
        let (closest, reason, text, rule) = match (first, nearest) {
            (Some((_, _, _, instance)), None) => {
                let text = format!(
                    "a task of {group} goes to {} in {}: {} of {count} instances fit{}",
                    instance.instance,
                    instance.availability_zone,
                    ranking.fit,
                    steps(request, &ranking)
                );
                (None, String::new(), text, request.rule())
            }
            (_, Some((seat, fail, instance))) => {
                let text = format!(
                    "no place for a task of {group} on {count} instances; closest is {}: {}; next, see that {}",
                    instance.instance,
                    fail.says(request, instance),
                    fail.remedy(request, instance)
                );
                (Some(seat.arn.clone()), fail.word().to_string(), text, rules::CLOSEST)
            }
            (None, None) if request.provider.is_some() => {
                let provider = request.provider.as_deref().unwrap_or_default();
                let text = format!(
                    "no place for a task of {group}: the capacity provider {provider} has no instances"
                );
                (None, EMPTY.to_string(), text, rules::NO_INSTANCES)
            }
            (None, None) => {
                let reason = "No Container Instances were found in your cluster.".to_string();
                let text = format!("no place for a task of {group}: the cluster has no instances");
                (None, reason, text, rules::NO_INSTANCES)
            }
        };
        let chosen = ranking.chosen.and_then(|place| self.seats.get(place)).map(|seat| seat.arn.clone());
        Decision { chosen, closest, reason, text, rule, verdicts }
    }

    /// How an instance that passed every test stood under each strategy, up to where it fell behind.
    fn fits(&self, ranking: &Ranking, survived: usize, seat: &Seat, instance: &ContainerInstance) -> String {
        let request = self.request();
        let mut text = "fits".to_string();
        let strategies = request.wishes.strategies.iter().zip(&ranking.asked);
        for (at, (strategy, (best, _))) in strategies.enumerate().take(survived + 1) {
            let value = self.value(at, &seat.standing.traits());
            let behind = at == survived;
            let group = &request.group;
            let part = match strategy {
                Strategy::SpreadInstances => format!("{value} tasks of {group} on it"),
                Strategy::Spread(name) => match spread_value(instance, name) {
                    "" => format!("{value} tasks of {group} where {name} is absent"),
                    zone if name == ZONE => format!("{value} tasks of {group} in {zone}"),
                    other => format!("{value} tasks of {group} where {name} is {other}"),
                },
                Strategy::BinPackCpu => format!("{value} CPU units left"),
                Strategy::BinPackMemory => format!("{value} MiB left"),
                Strategy::Random if behind => "not drawn".to_string(),
                Strategy::Random => "drawn".to_string(),
            };
            text.push_str("; ");
            text.push_str(&part);
            if behind && *strategy != Strategy::Random {
                text.push_str(&format!(", the least is {best}"));
            }
        }
        text.push_str(&format!(
            "; {} units and {} MiB are left",
            instance.cpu_left(),
            instance.memory_left()
        ));
        text
    }
}

/// How many instances each strategy left.
fn steps(request: &Request, ranking: &Ranking) -> String {
    let asked = request.wishes.strategies.iter().zip(&ranking.asked);
    asked.map(|(strategy, (_, left))| format!(", {strategy} leaves {left}")).collect()
}

//! A decision in words: the sentence, and a verdict per instance.

use crate::ecs::container_instance::ContainerInstance;
use crate::ecs::placement::board::{Board, Ranking, spread_value};
use crate::ecs::placement::strategy::ZONE;
use crate::ecs::placement::{Decision, Request, Strategy, TOLD};
use crate::ecs::rules::tasks as rules;
use crate::state::State;
use crate::timeline::{Kind, Outcome, Subject, Verdict};

/// AWS's word for a capacity provider without instances (PLACE-34).
pub const EMPTY: &str = "EMPTY CAPACITY PROVIDER";

impl Board {
    /// Decides where a task goes. `draw` gives a number below its argument, for [`Strategy::Random`].
    pub fn decide(&self, state: &State, request: &Request<'_>, draw: impl FnMut(u64) -> u64) -> Decision {
        let ranking = self.rank(draw);
        let order = self.nearest(&ranking);
        let told = || {
            let seats = order.iter().filter_map(|place| Some((*place, self.seats.get(*place)?)));
            seats.filter_map(|(place, seat)| Some((place, seat, state.container_instances.get(&seat.arn)?)))
        };
        let verdicts = told()
            .map(|(place, seat, instance)| {
                let candidate = Subject::new(Kind::ContainerInstance, seat.arn.as_str());
                let (outcome, reason, rule) = match seat.fail {
                    Some(fail) => {
                        (Outcome::Removed, fail.says(request, instance), fail.rule(request, instance))
                    }
                    None if ranking.chosen == Some(place) => {
                        (Outcome::Chosen, self.fits(request, &ranking, place, instance), request.rule())
                    }
                    None => (Outcome::Passed, self.fits(request, &ranking, place, instance), request.rule()),
                };
                Verdict { candidate, outcome, reason, rule }
            })
            .collect();
        let count = self.seats.len();
        let group = request.group;
        let first = told().next();
        let nearest = first.and_then(|(_, seat, instance)| Some((seat, seat.fail?, instance)));
        let (closest, reason, text, rule) = match (first, nearest) {
            (Some((_, _, instance)), None) => {
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
                let provider = request.provider.unwrap_or_default();
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

    /// The places of the instances to tell of: the chosen one, then what passed and fell behind last, then
    /// what failed the latest test by the least (PLACE-03), then by registration.
    fn nearest(&self, ranking: &Ranking) -> Vec<usize> {
        let mut nearest: Vec<(u8, u8, u64, crate::time::SimTime, usize)> = Vec::with_capacity(TOLD + 1);
        for (place, seat) in self.seats.iter().enumerate() {
            let fell = ranking.fell.get(place).copied().unwrap_or(0);
            let key = match seat.fail {
                None if ranking.chosen == Some(place) => (0, 0, 0, seat.since, place),
                None => (1, u8::MAX - fell, seat.own, seat.since, place),
                Some(fail) => (2, u8::MAX - fail.passed(), fail.missing(), seat.since, place),
            };
            if nearest.len() == TOLD && nearest.last().is_some_and(|last| *last < key) {
                continue;
            }
            let at = nearest.partition_point(|earlier| *earlier < key);
            nearest.insert(at, key);
            nearest.truncate(TOLD);
        }
        nearest.into_iter().map(|key| key.4).collect()
    }

    /// How an instance that passed every test stood under each strategy, up to where it fell behind.
    fn fits(
        &self,
        request: &Request<'_>,
        ranking: &Ranking,
        place: usize,
        instance: &ContainerInstance,
    ) -> String {
        let fell = usize::from(ranking.fell.get(place).copied().unwrap_or(0));
        let mut text = "fits".to_string();
        let strategies = request.wishes.strategies.iter().zip(&self.columns).zip(&ranking.asked);
        for (at, ((strategy, column), (best, _))) in strategies.enumerate().take(fell + 1) {
            let value = self.value(column, place);
            let behind = at == fell;
            let group = request.group;
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
fn steps(request: &Request<'_>, ranking: &Ranking) -> String {
    let asked = request.wishes.strategies.iter().zip(&ranking.asked);
    asked.map(|(strategy, (_, left))| format!(", {strategy} leaves {left}")).collect()
}

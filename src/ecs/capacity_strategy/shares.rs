//! How a strategy shares tasks out: base first, then by weight, both ways (CAP-09 to CAP-11).

use crate::ecs::capacity_provider::arn_of;
use crate::ecs::cluster::CapacityProviderStrategyItem;
use crate::ecs::rules::capacity as rules;
use crate::timeline::{Kind, Outcome, Subject, Verdict};

/// How many tasks each item of a strategy has; decides where the next one goes, and which goes first.
#[derive(Debug, Clone, PartialEq)]
pub struct Shares<'a> {
    strategy: &'a [CapacityProviderStrategyItem],
    counts: Vec<u64>,
}

impl<'a> Shares<'a> {
    /// The shares of a strategy that has no tasks yet.
    pub fn new(strategy: &'a [CapacityProviderStrategyItem]) -> Shares<'a> {
        Shares { strategy, counts: vec![0; strategy.len()] }
    }

    /// Counts a task that runs through this provider; whether the provider is one of the strategy.
    pub fn count(&mut self, provider: Option<&str>) -> bool {
        let at = self.strategy.iter().position(|item| Some(item.capacity_provider.as_str()) == provider);
        let count = at.and_then(|at| self.counts.get_mut(at));
        count.map(|count| *count += 1).is_some()
    }

    /// The provider of the next task, which is counted: the one whose base is not full, else the one with
    /// the least share beyond its base for its weight, the earlier of equals. None without a strategy.
    pub fn takes(&mut self) -> Option<&'a str> {
        let at = (0..self.strategy.len()).find(|at| self.within_base(*at)).or_else(|| {
            let weighted = (0..self.strategy.len()).filter(|at| self.weight(*at) > 0);
            weighted.reduce(|best, other| {
                let (one, two) = ((self.beyond(best) + 1), (self.beyond(other) + 1));
                if two * self.weight(best) < one * self.weight(other) { other } else { best }
            })
        })?;
        *self.counts.get_mut(at)? += 1;
        self.strategy.get(at).map(|item| item.capacity_provider.as_str())
    }

    /// The providers of the next tasks, in their order, which are counted; and how each provider fared, where
    /// there is more than one to choose from.
    pub fn plan(&mut self, wanted: u64) -> (Vec<Option<String>>, Vec<Verdict>) {
        let before = self.counts.clone();
        let through: Vec<Option<String>> = (0..wanted).map(|_| self.takes().map(str::to_string)).collect();
        if self.strategy.len() < 2 || wanted == 0 {
            return (through, Vec::new());
        }
        let verdicts = (0..self.strategy.len()).zip(self.strategy).map(|(at, item)| {
            let had = before.get(at).copied().unwrap_or(0);
            let takes = self.counts.get(at).copied().unwrap_or(0) - had;
            let (base, weight) = (self.number(at, |item| item.base), self.weight(at));
            Verdict {
                candidate: Subject::new(Kind::CapacityProvider, arn_of(&item.capacity_provider)),
                outcome: if takes > 0 { Outcome::Chosen } else { Outcome::Passed },
                reason: format!("takes {takes}; base {base}, weight {weight}, had {had} tasks"),
                rule: if base > had { rules::SHARES } else { rules::SHARES_KEPT },
            }
        });
        let verdicts = verdicts.collect();
        (through, verdicts)
    }

    /// What a plan says in one sentence: `1 through FARGATE, 3 through FARGATE_SPOT`.
    pub fn sentence(through: &[Option<String>]) -> String {
        let mut parts: Vec<(&str, u64)> = Vec::new();
        for provider in through.iter().flatten() {
            match parts.iter_mut().find(|(name, _)| name == provider) {
                Some((_, count)) => *count += 1,
                None => parts.push((provider, 1)),
            }
        }
        let parts: Vec<String> =
            parts.iter().map(|(name, count)| format!("{count} through {name}")).collect();
        format!("{}: base first, then by weight", parts.join(", "))
    }

    /// The provider that gives a task when there is one too many, which is counted off: the one with the
    /// greatest share beyond its base for its weight, the later of equals; a base gives last. Only those that
    /// are `able` to give are asked.
    pub fn gives(&mut self, able: impl Fn(&str) -> bool) -> Option<&'a str> {
        let able: Vec<usize> = (0..)
            .zip(self.strategy)
            .filter(|(_, item)| able(&item.capacity_provider))
            .map(|(at, _)| at)
            .collect();
        let beyond = able.iter().copied().filter(|at| self.beyond(*at) > 0);
        let most = beyond.reduce(|best, other| {
            let (one, two) = (self.beyond(best) * self.weight(other), self.beyond(other) * self.weight(best));
            if two >= one { other } else { best }
        });
        let has = |at: &usize| self.counts.get(*at).is_some_and(|it| *it > 0);
        let some = || able.iter().copied().rev().find(has);
        let at = most.or_else(some)?;
        let count = self.counts.get_mut(at)?;
        *count = count.saturating_sub(1);
        self.strategy.get(at).map(|item| item.capacity_provider.as_str())
    }

    fn number(&self, at: usize, of: impl Fn(&CapacityProviderStrategyItem) -> Option<i64>) -> u64 {
        self.strategy.get(at).and_then(of).unwrap_or(0).max(0).unsigned_abs()
    }

    /// The weight of an item; a strategy of one item needs none (CAP-08).
    fn weight(&self, at: usize) -> u64 {
        let weight = self.number(at, |item| item.weight);
        if self.strategy.len() == 1 { weight.max(1) } else { weight }
    }

    fn within_base(&self, at: usize) -> bool {
        self.counts.get(at).copied().unwrap_or(0) < self.number(at, |item| item.base)
    }

    fn beyond(&self, at: usize) -> u64 {
        self.counts.get(at).copied().unwrap_or(0).saturating_sub(self.number(at, |item| item.base))
    }
}

//! How a strategy shares tasks out: base first, then by weight, both ways (CAP-09 to CAP-11).

use crate::ecs::cluster::CapacityProviderStrategyItem;

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

    /// The provider that gives a task when there is one too many, which is counted off: the one with the
    /// greatest share beyond its base for its weight, the later of equals; a base gives last.
    pub fn gives(&mut self) -> Option<&'a str> {
        let beyond = (0..self.strategy.len()).filter(|at| self.beyond(*at) > 0);
        let most = beyond.reduce(|best, other| {
            let (one, two) = (self.beyond(best) * self.weight(other), self.beyond(other) * self.weight(best));
            if two >= one { other } else { best }
        });
        let some =
            || (0..self.strategy.len()).rev().find(|at| self.counts.get(*at).is_some_and(|it| *it > 0));
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

//! Who is best: strategies one after the other, over classes of equal instances (PLACE-10).

use crate::ecs::placement::board::{Board, Class};
use crate::ecs::placement::{Strategy, TOLD};
use crate::order;

/// Who is left, who won, and where the others fell behind.
pub(super) struct Ranking {
    pub(super) chosen: Option<usize>,
    /// The places of the instances to tell of, and how many strategies each of them survived: the chosen one,
    /// then what passed and fell behind last, then what failed the latest test by the least (PLACE-03), then
    /// by registration; at most [`TOLD`].
    pub(super) told: Vec<(usize, usize)>,
    /// Per strategy that was asked: its best value, and how many were left behind it.
    pub(super) asked: Vec<(u64, usize)>,
    /// How many instances passed every test.
    pub(super) fit: usize,
}

/// A class that passed, and how many strategies it survived.
type Rank<'a> = (&'a Class, usize);

impl Board {
    /// Ranks what passed: each strategy keeps the best of what the one before it left (PLACE-10).
    /// `draw` gives a number below its argument.
    pub(super) fn rank(&self, mut draw: impl FnMut(u64) -> u64) -> Ranking {
        let mut left: Vec<&Class> = self.classes.iter().filter(|class| class.traits.fail.is_none()).collect();
        let fit = count(&left);
        let mut behind: Vec<Rank<'_>> = Vec::new();
        let mut asked = Vec::new();
        let mut drawn = None;
        let strategies = &self.request().wishes.strategies;
        for (at, strategy) in strategies.iter().enumerate() {
            let among = count(&left);
            if among < 2 {
                break;
            }
            if *strategy == Strategy::Random {
                drawn = Some(self.nth(&left, draw(among as u64)));
                behind.extend(left.drain(..).map(|class| (class, at)));
                asked.push((0, 1));
                break;
            }
            let best = left.iter().map(|class| self.value(at, &class.traits)).min().unwrap_or(0);
            left.retain(|class| {
                let stays = self.value(at, &class.traits) == best;
                behind.extend((!stays).then_some((*class, at)));
                stays
            });
            asked.push((best, count(&left)));
        }
        let oldest = |class: &&Class| Some((class.traits.own, *class.by_age.first()?));
        let chosen = drawn.or_else(|| left.iter().filter_map(oldest).min().map(|(_, (_, place))| place));
        behind.extend(left.into_iter().map(|class| (class, strategies.len())));
        let told = self.told(chosen.map(|place| (place, strategies.len())), behind);
        Ranking { chosen, told, asked, fit }
    }

    fn told(&self, chosen: Option<(usize, usize)>, passed: Vec<Rank<'_>>) -> Vec<(usize, usize)> {
        let failed = self.classes.iter().filter_map(|class| {
            let fail = class.traits.fail?;
            Some(((2, usize::MAX - usize::from(fail.passed()), fail.missing()), (class, 0)))
        });
        let passed = passed.into_iter().map(|rank| ((1, usize::MAX - rank.1, rank.0.traits.own), rank));
        let mut ranks: Vec<((u8, usize, u64), Rank<'_>)> = passed.chain(failed).collect();
        order::sort_by(&mut ranks, |left, right| left.0.cmp(&right.0));
        let mut told: Vec<(usize, usize)> = chosen.into_iter().collect();
        for equal in ranks.chunk_by(|left, right| left.0 == right.0) {
            if told.len() >= TOLD {
                break;
            }
            // So many of each class are enough, the chosen one being among them.
            let oldest = equal.iter().flat_map(|(_, (class, survived))| {
                class.by_age.iter().take(TOLD).map(|(since, place)| (*since, *place, *survived))
            });
            let mut oldest: Vec<_> = oldest.collect();
            order::sort(&mut oldest);
            let others = oldest.into_iter().map(|(_, place, survived)| (place, survived));
            told.extend(others.filter(|other| chosen.is_none_or(|chosen| chosen.0 != other.0)));
        }
        told.truncate(TOLD);
        told
    }

    /// The place of an instance of these classes, counted by ARN from 0.
    fn nth(&self, classes: &[&Class], nth: u64) -> usize {
        let up_to = |place: usize| -> usize {
            classes.iter().map(|class| class.places.partition_point(|other| *other <= place)).sum()
        };
        let (mut low, mut high) = (0, self.seats.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            if up_to(middle) as u64 > nth {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        low
    }
}

fn count(classes: &[&Class]) -> usize {
    classes.iter().map(|class| class.places.len()).sum()
}

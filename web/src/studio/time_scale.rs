//! Where moments stand on the time bar. No browser is needed to know that.
use drydock::{SimTime, order};

/// What the bar shows: from the start of the run to some room behind its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale {
    /// The last moment on the bar.
    pub end: SimTime,
}

/// Steps between ticks, in seconds, from fine to coarse.
const STEPS: [u64; 14] =
    [10, 30, 60, 120, 300, 600, 1_800, 3_600, 7_200, 14_400, 43_200, 86_400, 604_800, 2_592_000];
/// The shortest stretch that the bar shows.
const SHORTEST: u64 = 300;

impl Scale {
    /// A bar with room for `last`, the last moment that is known.
    pub fn for_run(last: SimTime) -> Scale {
        let wanted = (last.0 / 1000 * 5 / 4).max(SHORTEST);
        // The bar grows in steps, so that it stands still most of the time.
        let step = step_for(wanted, 5);
        Scale { end: SimTime(wanted.div_ceil(step) * step * 1000) }
    }

    /// How far along the bar a moment stands, in thousandths.
    pub fn place(self, at: SimTime) -> u64 {
        (at.0.min(self.end.0) * 1000).checked_div(self.end.0).unwrap_or(0)
    }

    /// The moment at a place on the bar, given in thousandths, to the whole second.
    pub fn moment(self, thousandths: u64) -> SimTime {
        SimTime(self.end.0 / 1000 * thousandths.min(1000) / 1000 * 1000)
    }

    /// The moments that bear a figure: at most `most` of them.
    pub fn ticks(self, most: u64) -> Vec<SimTime> {
        let seconds = self.end.0 / 1000;
        let step = step_for(seconds, most.max(1));
        (0..=seconds / step).map(|tick| SimTime(tick * step * 1000)).collect()
    }
}

fn step_for(seconds: u64, most: u64) -> u64 {
    let longest = STEPS[STEPS.len() - 1];
    // Behind the last step come its multiples.
    let multiple = || longest * (seconds / longest).div_ceil(most);
    STEPS.into_iter().find(|step| seconds / step <= most).unwrap_or_else(multiple)
}

/// The time of day of a tick: `09:05`.
pub fn tick_label(at: SimTime) -> String {
    let mut label = at.clock();
    if label.ends_with(":00") {
        label.truncate(5);
    }
    label
}

/// Places that lie closer together than a mark is wide share one mark: the gravest of them.
pub fn thin<T: Ord>(mut marks: Vec<(u64, T)>, apart: u64) -> Vec<(u64, T)> {
    order::sort_by_key(&mut marks, |(place, _)| *place);
    let mut kept: Vec<(u64, T)> = Vec::new();
    for (place, mark) in marks {
        match kept.last_mut() {
            Some((last, other)) if place < *last + apart => {
                if mark > *other {
                    *other = mark;
                }
            }
            _ => kept.push((place, mark)),
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::{Scale, thin, tick_label};
    use drydock::SimTime;

    #[test]
    fn the_bar_has_room_behind_the_end_and_few_ticks() {
        for last in [0, 40, 299, 301, 3_600, 90_000, 40_000_000] {
            let scale = Scale::for_run(SimTime(last * 1000));
            assert!(scale.end.0 / 1000 >= last.max(300), "{last}");
            assert!(scale.ticks(8).len() <= 9, "{last}: {:?}", scale.ticks(8));
        }
    }

    #[test]
    fn places_and_moments_agree() {
        let scale = Scale::for_run(SimTime(240_000));
        assert_eq!(scale.place(SimTime(0)), 0);
        assert_eq!(scale.place(scale.end), 1000);
        assert_eq!(scale.moment(scale.place(SimTime(150_000))), SimTime(150_000));
        assert_eq!(scale.moment(5_000), scale.end);
    }

    #[test]
    fn whole_minutes_need_no_seconds() {
        assert_eq!(tick_label(SimTime(300_000)), "09:05");
        assert_eq!(tick_label(SimTime(10_000)), "09:00:10");
    }

    #[test]
    fn crowded_marks_leave_the_gravest() {
        assert_eq!(thin(vec![(30, 1), (0, 1), (3, 2), (4, 1)], 8), vec![(0, 2), (30, 1)]);
    }
}

//! The futures of a run beside the current one: where each parts from it, and how to keep them.
use drydock::run::{Played, Run};
use drydock::script::{BEHAVIOUR, Line, Script};
use drydock::{SimDuration, SimTime};

use super::keep::KeptFuture;

/// How many futures are kept beside the current one, the latest first.
const MOST_KEPT: usize = 6;

/// The other futures and where each parts from the current one.
pub fn others(run: &Run) -> Vec<(usize, SimTime)> {
    let current = run.current_branch();
    // The way back from the current branch to the first: when it left each of them.
    let mut left = vec![(current, SimTime::MAX)];
    let mut at = SimTime::MAX;
    let mut branch = current;
    while let Some((parent, when)) = run.branches()[branch].parent {
        at = at.min(when);
        left.push((parent, at));
        branch = parent;
    }
    let all = run.branches().iter().enumerate().filter(|(index, _)| *index != current);
    all.filter_map(|(index, branch)| {
        let begun = branch.parent.map_or(SimTime::default(), |(_, at)| at);
        let from = left.iter().find(|(ancestor, _)| *ancestor == index).map_or(begun, |(_, at)| *at);
        let own = !run.branches()[current].lines.starts_with(&branch.lines);
        own.then_some((index, from))
    })
    .collect()
}

/// Lines as a script that goes on from a moment, with the time that passed after the last of them.
pub fn tail(run: &Run, from: Option<&str>, lines: &[Played], begun: SimTime, end: SimTime) -> Script {
    let mut before = begun;
    let mut told: Vec<Line> = Vec::new();
    for played in lines {
        told.push(Line {
            after: played.at.since(before),
            principal: played.principal.clone(),
            command: played.command.clone(),
            number: 0,
        });
        before = played.at;
    }
    let rest = end.since(before);
    if rest > SimDuration::default() {
        let command = format!("drydock wait {}.{:03}s", rest.0 / 1000, rest.0 % 1000);
        told.push(Line { after: SimDuration::default(), principal: None, command, number: 0 });
    }
    Script { seed: run.seed(), from: from.map(str::to_string), behaviour: BEHAVIOUR, lines: told }
}

/// The futures beside the current one that were not undone, as they are kept.
pub fn kept(run: &Run) -> Vec<KeptFuture> {
    let now = &run.branches()[run.current_branch()];
    let mut kept: Vec<KeptFuture> = Vec::new();
    for (index, from) in others(run) {
        let branch = &run.branches()[index];
        if branch.undone {
            continue;
        }
        let same = branch.lines.iter().zip(&now.lines).take_while(|(theirs, ours)| theirs == ours).count();
        // Where two others part from each other, the current one may have gone on with one of them.
        let left = branch.lines.get(same).map_or(from, |line| from.min(line.at));
        let script = tail(run, None, &branch.lines[same..], left, branch.end.max(left)).to_string();
        kept.push(KeptFuture { left, lines: same, script });
    }
    let surplus = kept.len().saturating_sub(MOST_KEPT);
    kept.split_off(surplus)
}

/// Plays a kept future beside what was played before; the current branch is the same afterwards.
pub fn bring_back(run: &mut Run, future: &KeptFuture) {
    let Ok(script) = Script::parse(&future.script) else { return };
    let home = run.current_branch();
    run.part(future.lines, future.left);
    run.play(&script);
    run.switch(home);
}

#[cfg(test)]
mod tests {
    use super::{bring_back, kept, others};
    use drydock::dice::Seed;
    use drydock::run::Run;
    use drydock::{SimDuration, SimTime};

    fn parted() -> Run {
        let mut run = Run::new(Seed(7));
        run.enter("A=1");
        run.advance(SimDuration::secs(60));
        run.enter("B=1");
        run.advance(SimDuration::secs(60));
        assert!(others(&run).is_empty());
        run.seek(SimTime(30_000));
        run.enter("C=1");
        run
    }

    #[test]
    fn another_future_begins_where_the_two_part() {
        let mut run = parted();
        assert_eq!(others(&run), [(0, SimTime(30_000))]);
        run.switch(0);
        assert_eq!(others(&run), [(1, SimTime(30_000))]);
    }

    #[test]
    fn a_kept_future_comes_back_beside_the_current_one() {
        let run = parted();
        let mut back = Run::new(Seed(7));
        back.enter("A=1");
        back.advance(SimDuration::secs(30));
        back.enter("C=1");
        for future in kept(&run) {
            bring_back(&mut back, &future);
        }
        assert_eq!(back.lines(), run.lines());
        assert_eq!(others(&back), [(1, SimTime(30_000))]);
        assert_eq!(back.branches()[1].lines, run.branches()[0].lines);
        assert_eq!(back.branches()[1].end, run.branches()[0].end);
        assert_eq!(back.current_branch(), 0);
    }

    #[test]
    fn two_futures_may_part_between_two_commands_of_one_moment() {
        let mut run = Run::new(Seed(7));
        run.enter("A=1");
        run.advance(SimDuration::secs(30));
        run.enter("B=1");
        run.seek(SimTime(0));
        run.enter("C=1");
        let mut back = Run::new(Seed(7));
        back.enter("A=1");
        back.enter("C=1");
        for future in kept(&run) {
            bring_back(&mut back, &future);
        }
        assert_eq!(back.lines(), run.lines());
        assert_eq!(back.branches()[1].lines, run.branches()[0].lines);
    }

    #[test]
    fn what_was_undone_is_not_kept() {
        let mut run = Run::new(Seed(7));
        run.enter("A=1");
        run.undo(0);
        run.enter("B=1");
        assert!(kept(&run).is_empty());
    }
}

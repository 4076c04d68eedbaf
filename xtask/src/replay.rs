//! `cargo xtask replay FILE`: plays a script twice and says where the two runs part, if they do.

use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use drydock::run::{Entered, Run};
use drydock::script::{BEHAVIOUR, Script};

/// Plays the script in a file twice; a difference is an error.
pub fn replay(file: &Path) -> Result<()> {
    let name = file.display();
    let text = std::fs::read_to_string(file).with_context(|| format!("{name} could not be read"))?;
    let script = Script::parse(&text).map_err(|error| anyhow!("{name}: {error}"))?;
    if let Some(start) = &script.from {
        bail!("{name} goes on from {start}; put the script of that start before its lines");
    }
    if script.behaviour != BEHAVIOUR {
        println!(
            "{name} was written under behaviour {}; it is played under behaviour {BEHAVIOUR}.",
            script.behaviour
        );
    }
    let (first, said) = play(&script);
    let (second, _) = play(&script);
    for (line, entered) in script.lines.iter().zip(&said) {
        if entered.exit_code != 0 {
            println!("line {}: {}", line.number, entered.stderr.trim());
        }
    }
    let lines =
        |run: &Run| -> Vec<String> { run.timeline().records().iter().map(ToString::to_string).collect() };
    let (one, two) = (lines(&first), lines(&second));
    if let Some(place) = parting(&one, &two) {
        let said =
            |lines: &[String]| lines.get(place).cloned().unwrap_or_else(|| "(nothing more)".to_owned());
        bail!("the runs part at record {place}:\n  first:  {}\n  second: {}", said(&one), said(&two));
    }
    println!(
        "{} lines, {} records, {}.{:03} s of simulated time: the same twice, hash {:016x}",
        first.lines().len(),
        one.len(),
        first.clock().0 / 1000,
        first.clock().0 % 1000,
        first.timeline().hash()
    );
    Ok(())
}

fn play(script: &Script) -> (Run, Vec<Entered>) {
    let mut run = Run::new(script.seed);
    let said = run.play(script);
    (run, said)
}

/// The first place at which two lists differ, or at which one of them ends.
fn parting(one: &[String], two: &[String]) -> Option<usize> {
    let same = one.iter().zip(two).take_while(|(one, two)| one == two).count();
    (same < one.len().max(two.len())).then_some(same)
}

#[cfg(test)]
mod tests {
    use super::parting;

    #[test]
    fn the_parting_is_the_first_difference_or_the_shorter_end() {
        let list = |text: &str| -> Vec<String> { text.split(' ').map(str::to_owned).collect() };
        assert_eq!(parting(&list("a b c"), &list("a b c")), None);
        assert_eq!(parting(&list("a b c"), &list("a x c")), Some(1));
        assert_eq!(parting(&list("a b"), &list("a b c")), Some(2));
    }
}

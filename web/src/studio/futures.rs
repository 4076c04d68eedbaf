//! The futures of the run: a list to go to one of them, and the key to see two beside each other.
use drydock::SimTime;
use drydock::run::Run;
use leptos::prelude::*;

use super::desk::Desk;
use crate::run::futures::others;

/// A future in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Future {
    /// Its number among the branches of the run.
    pub branch: usize,
    /// Whether it is the one that is shown.
    pub here: bool,
    /// How far it was played.
    pub end: SimTime,
    /// Its last command.
    pub last: String,
}

impl Future {
    /// The future in a few words.
    pub fn words(&self) -> String {
        let last: String = self.last.chars().take(44).collect();
        format!("{}: to {}, {last}", name(self.branch), self.end.clock())
    }
}

/// The futures that can be chosen from, the current one among them.
pub fn list(run: &Run) -> Vec<Future> {
    let current = run.current_branch();
    let shown: Vec<usize> = others(run).into_iter().map(|(index, _)| index).collect();
    let all = run.branches().iter().enumerate();
    all.filter(|(index, _)| *index == current || shown.contains(index))
        .map(|(branch, of)| {
            let last = of.lines.last().and_then(|line| line.command.lines().next());
            let last = last.unwrap_or_default().to_string();
            Future { branch, here: branch == current, end: of.end, last }
        })
        .collect()
}

/// The name of a future: Future A to Future Z, then numbers; never the letter alone, for zones have letters too.
pub fn name(index: usize) -> String {
    match u8::try_from(index) {
        Ok(small) if small < 26 => format!("Future {}", char::from(b'A' + small)),
        _ => format!("Future {}", index + 1),
    }
}

/// The other futures, to go to one of them or to see one beside this one.
#[component]
pub fn Futures() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let futures = desk.run.view(list);
    let choose = move |event: web_sys::Event| {
        if let Ok(branch) = event_target_value(&event).parse() {
            desk.switch(branch);
        }
    };
    let comparing = move || desk.comparing.get().is_some();
    view! {
        <Show when=move || { futures.with(Vec::len) > 1 }>
            <div class="time-bar__futures" role="group" aria-label="Futures">
                <label>
                    <span>{move || format!("{} futures", futures.with(Vec::len))}</span>
                    <select on:change=choose>
                        {move || futures.get().into_iter().map(|future| view! {
                            <option value=future.branch.to_string() selected=future.here>{future.words()}</option>
                        }).collect_view()}
                    </select>
                </label>
                <button class="time-bar__compare" id="compare-key" title="See two futures beside each other (C)"
                    aria-pressed=move || comparing().to_string() on:click=move |_| toggle(desk)>"Compare"</button>
            </div>
        </Show>
    }
}

/// Shows the last other future beside this one, or closes the comparison.
pub fn toggle(desk: Desk) {
    let other = desk.run.look(|run| list(run).into_iter().rev().find(|future| !future.here));
    let next = if desk.comparing.get_untracked().is_some() { None } else { other.map(|other| other.branch) };
    desk.comparing.set(next);
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn futures_are_named_by_letters_and_then_by_numbers() {
        assert_eq!([name(0), name(25), name(26)], ["Future A", "Future Z", "Future 27"]);
    }
}

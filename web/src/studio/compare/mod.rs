//! Two futures beside each other, at the same simulated second.
mod difference;
#[cfg(test)]
mod tests;

use drydock::run::Run;
use drydock::{SimDuration, SimTime};
use leptos::html;
use leptos::prelude::*;

use super::desk::Desk;
use super::futures;
use super::inspector::focus;
use super::why::RuleMark;
use super::{fleet, subject};
use crate::map::{Fleet, FleetMap, Selection};
use difference::{Counts, Difference, Given, Parting, Row, difference};

/// The other future, played along with the run.
struct Beside {
    run: Run,
    /// What the run was when the copy was taken: its branch, and how many there were.
    of: (usize, usize),
}

/// Two futures beside each other, over the map; shown while one is chosen.
#[component]
pub fn Compare() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let shown = Memo::new(move |_| desk.comparing.get().is_some() && !desk.stage.get());
    view! { <Show when=move || shown.get()><Both /></Show> }
}

#[component]
fn Both() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let run = desk.run;
    let beside = StoredValue::new(None::<Beside>);
    let node = NodeRef::<html::Section>::new();
    let here = run.view(Run::current_branch);
    // The one that was beside becomes the one that is shown when the reader goes there.
    let there = Memo::new(move |before: Option<&usize>| {
        let (wanted, here) = (desk.comparing.get(), here.get());
        run.track();
        let list = run.look(futures::list);
        let fits = |branch: &usize| *branch != here && list.iter().any(|future| future.branch == *branch);
        let fallback = || list.iter().rev().map(|future| future.branch).find(|branch| *branch != here);
        wanted.filter(fits).or(before.copied().filter(fits)).or_else(fallback).unwrap_or(here)
    });
    // How far the other future has come: it goes along whenever the moment moves.
    let mark = Memo::new(move |_| {
        run.track();
        let (other, now) = (there.get(), run.clock());
        run.look(|run| follow(beside, run, other, now))
    });
    let look = move |read: fn(&Run) -> Fleet| {
        mark.get();
        beside.with_value(|beside| beside.as_ref().map(|beside| read(&beside.run))).unwrap_or_default()
    };
    let ours = run.view(|run| fleet::fleet(run.sim()));
    let theirs = Memo::new(move |_| look(|run| fleet::fleet(run.sim())));
    let told = Memo::new(move |_| {
        run.track();
        mark.get();
        run.look(|run| {
            beside.with_value(|beside| {
                beside.as_ref().map_or_else(Difference::default, |beside| difference(run, &beside.run))
            })
        })
    });
    let names = Memo::new(move |_| [futures::name(here.get()), futures::name(there.get())]);
    let others =
        run.view(|run| futures::list(run).into_iter().filter(|future| !future.here).collect::<Vec<_>>());
    let end = Memo::new(move |_| {
        run.track();
        let branch = there.get();
        run.look(|run| run.branches().get(branch).map(|branch| branch.end).unwrap_or_default())
    });
    let selected = RwSignal::new(None::<Selection>);
    let head = move |first: bool| {
        mark.get();
        run.track();
        run.clock();
        let selection = selected.get()?;
        let head = |run: &Run| subject::head(run.sim(), &selection).map(|head| (head.title, head.sentence));
        let found = if first {
            run.look(head)
        } else {
            beside.with_value(|beside| beside.as_ref().and_then(|beside| head(&beside.run)))
        };
        Some(found)
    };
    let choose = move |event: web_sys::Event| {
        if let Ok(branch) = event_target_value(&event).parse() {
            desk.comparing.set(Some(branch));
        }
    };
    let go_there = move |_| {
        let (to, from, now) = (there.get_untracked(), here.get_untracked(), run.clock_untracked());
        desk.switch(to);
        desk.seek(now);
        desk.comparing.set(Some(from));
    };
    let close = move || {
        desk.comparing.set(None);
        request_animation_frame(|| focus("compare-key"));
    };
    Effect::new(move |_| {
        if let Some(node) = node.get() {
            request_animation_frame(move || {
                let _ = node.focus();
            });
        }
    });
    let beyond = move || {
        let (end, now) = (end.get(), run.clock());
        (now > end).then(|| {
            format!(
                "{} was played to {}. What you see is how it goes on with no more commands.",
                futures::name(there.get()),
                end.clock()
            )
        })
    };
    view! {
        <section class="compare" aria-labelledby="compare-title" tabindex="-1" node_ref=node>
            <header class="compare__head">
                <h2 id="compare-title">"Two futures at "<b>{move || run.clock().clock()}</b></h2>
                <label class="compare__with">
                    <span>{move || format!("{} beside", names.get()[0])}</span>
                    <select on:change=choose>
                        {move || others.get().into_iter().map(|future| {
                            let branch = future.branch;
                            view! { <option value=branch.to_string() selected=move || there.get() == branch>{future.words()}</option> }
                        }).collect_view()}
                    </select>
                </label>
                <button class="compare__close" title="Close (Esc)" on:click=move |_| close()>"Close"</button>
            </header>
            <p class="compare__sentence" aria-live="off">{move || told.with(|told| told.sentence(&names.get()))}</p>
            <div class="compare__body">
                <Side place="a" name=Signal::derive(move || names.get()[0].clone()) about="this future, on the screen" fleet=ours.into() selected=selected
                    head=Signal::derive(move || head(true)) told=told index=0 />
                <div class="compare__figures">
                    <Figures told=told names=names />
                    <WhereTheyPart told=told names=names />
                </div>
                <Side place="b" name=Signal::derive(move || names.get()[1].clone()) about="the other future" fleet=theirs.into() selected=selected
                    head=Signal::derive(move || head(false)) told=told index=1>
                    {move || beyond().map(|words| view! { <p class="detail">{words}</p> })}
                    <p><button on:click=go_there>{move || format!("Go to {} at this moment", names.get()[1])}</button></p>
                </Side>
            </div>
        </section>
    }
}

/// Brings the other future to this moment; what comes back differs when something happened in it.
fn follow(
    beside: StoredValue<Option<Beside>>,
    run: &Run,
    other: usize,
    now: SimTime,
) -> (usize, usize, Option<SimTime>, usize) {
    let of = (run.current_branch(), run.branches().len());
    beside
        .try_update_value(|beside| {
            let fits = beside.as_ref().is_some_and(|it| it.of == of && it.run.current_branch() == other);
            if !fits {
                let mut copy = run.clone();
                copy.switch(other);
                *beside = Some(Beside { run: copy, of });
            }
            beside.as_mut().map_or((other, 0, None, 0), |beside| {
                if beside.run.clock() < now {
                    beside.run.advance(SimDuration(now.0 - beside.run.clock().0));
                } else {
                    beside.run.seek(now);
                }
                (
                    other,
                    beside.run.timeline().len(),
                    beside.run.sim().agenda().next_at(),
                    beside.run.lines().len(),
                )
            })
        })
        .unwrap_or((other, 0, None, 0))
}

/// One of the two: its map, what is only there, its commands.
#[component]
fn Side(
    place: &'static str,
    name: Signal<String>,
    about: &'static str,
    fleet: Signal<Fleet>,
    selected: RwSignal<Option<Selection>>,
    head: Signal<Option<Option<(String, String)>>>,
    told: Memo<Difference>,
    index: usize,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let select = Callback::new(move |selection: Selection| selected.set(Some(selection)));
    let only = move || told.with(|told| told.only[index].clone());
    let commands = move || told.with(|told| told.commands[index].clone());
    view! {
        <section class=format!("compare__side compare__side--{place}") aria-label=move || name.get()>
            <h3 class="compare__name"><b class="compare__plate">{move || name.get()}</b>{about}</h3>
            <div class="compare__map"><FleetMap fleet=fleet selected=selected candidates=Signal::derive(Vec::new) on_select=select /></div>
            {move || head.get().map(|head| match head {
                Some((title, sentence)) => view! { <p class="compare__chosen"><b>{title}". "</b>{sentence}</p> }.into_any(),
                None => view! { <p class="compare__chosen"><b>"Not in this future. "</b>"What you point at exists only in the other one."</p> }.into_any(),
            })}
            <h4>{move || format!("Only in {}", name.get())}</h4>
            {move || {
                let (only, all) = only();
                let rest = all - only.len();
                if all == 0 {
                    return view! { <p class="detail">"No task and no machine."</p> }.into_any();
                }
                view! {
                    <ul class="compare__only">
                        {only.into_iter().map(|only| {
                            let selection = only.selection.clone();
                            let pressed = move || selected.with(|now| now.as_ref() == Some(&selection));
                            view! { <li><button aria-pressed=move || pressed().to_string() on:click=move |_| select.run(only.selection.clone())>{only.words}</button></li> }
                        }).collect_view()}
                        {(rest > 0).then(|| view! { <li class="detail">{format!("and {rest} more")}</li> })}
                    </ul>
                }.into_any()
            }}
            <h4>{move || format!("Commands of {}", name.get())}</h4>
            {move || {
                let commands = commands();
                if commands.is_empty() {
                    return view! { <p class="detail">"None that the other does not have: time passed, and no more."</p> }.into_any();
                }
                view! { <ol class="compare__commands">{commands.into_iter().map(command).collect_view()}</ol> }.into_any()
            }}
            {children.map(|children| children())}
        </section>
    }
}

fn command(given: Given) -> impl IntoView {
    let class = if given.later { "compare__command compare__command--later" } else { "compare__command" };
    view! {
        <li class=class>
            <span class="compare__at">{given.at.clock()}{given.later.then_some(", later")}</span>
            <code>{given.command}</code>
        </li>
    }
}

/// The counts of both, a table for each service; what differs is marked.
#[component]
fn Figures(told: Memo<Difference>, names: Memo<[String; 2]>) -> impl IntoView {
    let totals = move || told.with(|told| [("tasks not STOPPED", told.tasks), ("machines", told.machines)]);
    let names = move || {
        names
            .get()
            .map(|name| view! { <th scope="col" class="number"><b class="compare__plate">{name}</b></th> })
    };
    view! {
        <table class="compare__table">
            <caption class="visually-hidden">"Counts of both futures; what differs says so"</caption>
            <thead><tr><td></td>{names}<th scope="col"><span class="visually-hidden">"Compared"</span></th></tr></thead>
            {move || told.with(|told| told.services.clone()).into_iter().map(|row| view! {
                <tbody data-colour=row.colour.to_string()>
                    <tr class="compare__service"><th scope="rowgroup" colspan="4">{row.name.clone()}</th></tr>
                    {rows(&row).into_iter().map(|(word, counts)| figure(word, counts)).collect_view()}
                </tbody>
            }).collect_view()}
            <tbody>
                <tr class="compare__service"><th scope="rowgroup" colspan="4">"In all"</th></tr>
                {move || totals().into_iter().map(|(word, counts)| figure(word, counts.map(Some))).collect_view()}
            </tbody>
        </table>
    }
}

fn rows(row: &Row) -> Vec<(&'static str, [Option<u64>; 2])> {
    let words = Counts::default().rows().map(|(word, _)| word);
    let count = |side: usize, place: usize| row.counts[side].map(|counts| counts.rows()[place].1);
    words.into_iter().enumerate().map(|(place, word)| (word, [count(0, place), count(1, place)])).collect()
}

fn figure(word: &'static str, counts: [Option<u64>; 2]) -> impl IntoView {
    let [ours, theirs] = counts;
    let differs = ours != theirs;
    let said = match (ours, theirs) {
        (Some(ours), Some(theirs)) if ours > theirs => format!("{} more", ours - theirs),
        (Some(ours), Some(theirs)) if ours < theirs => format!("{} fewer", theirs - ours),
        (Some(_), None) => "only here".to_string(),
        (None, Some(_)) => "only there".to_string(),
        _ => "same".to_string(),
    };
    let number = |count: Option<u64>| count.map_or("\u{2013}".to_string(), |count| count.to_string());
    view! {
        <tr class="compare__row" class:compare__row--differs=differs>
            <th scope="row">{word}</th>
            <td class="number">{number(ours)}</td>
            <td class="number">{number(theirs)}</td>
            <td class="compare__said">{said}</td>
        </tr>
    }
}

/// The first record at which the two part.
#[component]
fn WhereTheyPart(told: Memo<Difference>, names: Memo<[String; 2]>) -> impl IntoView {
    let desk = expect_context::<Desk>();
    view! {
        <div class="compare__parting">
            <h3>"Where they part"</h3>
            {move || match told.with(|told| told.parting.clone()) {
                None => view! { <p class="detail">"Nowhere yet: record by record they are the same."</p> }.into_any(),
                Some(Parting { at, records }) => view! {
                    <p><button on:click=move |_| desk.seek(at)>{format!("Go to {}", at.clock())}</button></p>
                    <dl>
                        {records.into_iter().zip(names.get()).map(|(record, name)| view! {
                            <dt><b class="compare__plate">{name}</b></dt>
                            <dd>{match record {
                                Some((told, sentence)) => view! { <b>{told.at.clock()}</b>" "{in_full(&told, sentence)}" "<RuleMark rule=told.rule /> }.into_any(),
                                None => view! { "Nothing more has happened." }.into_any(),
                            }}</dd>
                        }).collect_view()}
                    </dl>
                }.into_any(),
            }}
        </div>
    }
}

/// A command stands there whole, since its options are what differs.
fn in_full(told: &super::why::Told, sentence: String) -> AnyView {
    use drydock::timeline::RecordKind;
    match told.kind {
        RecordKind::Command | RecordKind::Fault => view! { <code>{told.text.clone()}</code> }.into_any(),
        _ => sentence.into_any(),
    }
}

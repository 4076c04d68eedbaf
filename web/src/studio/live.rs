//! What happens, as a list to read and as sentences to hear.
use drydock::timeline::{Record, RecordKind};
use leptos::prelude::*;

use super::desk::Desk;
use super::on_aws::CopyForAws;
use super::why::{RuleMark, Told};
use crate::map::Selection;
use drydock::timeline::Kind;

/// How many events are spoken one by one before the rest is only counted.
const MOST_SPOKEN: usize = 4;

/// A record as one sentence.
pub fn sentence(record: &Record) -> String {
    let about = record.subject.short();
    let kind = match record.subject.kind {
        Kind::Task => "Task",
        Kind::Service => "Service",
        Kind::ContainerInstance | Kind::Instance => "Instance",
        Kind::Container => "Container",
        Kind::Cluster => "Cluster",
        Kind::CapacityProvider => "Capacity provider",
        Kind::TaskDefinition => "Task definition",
        Kind::AutoScalingGroup => "Auto Scaling group",
        _ => "",
    };
    let id = super::subject::brief(&record.subject);
    match record.kind {
        RecordKind::Command | RecordKind::Fault | RecordKind::Answer => match kept(&record.text) {
            Some((name, command)) => {
                format!("{about} ran {} and kept its answer as ${name}.", first_words(command))
            }
            None => format!("{about} ran {}.", first_words(&record.text)),
        },
        RecordKind::ServiceEvent | RecordKind::Refusal => record.text.clone(),
        _ if kind.is_empty() => record.text.clone(),
        _ => format!("{kind} {id}: {}", record.text),
    }
}

/// The name under which an answer is kept, and the command that gave it, in `NAME=$(COMMAND)`.
fn kept(line: &str) -> Option<(&str, &str)> {
    let (name, rest) = line.trim().split_once("=$(")?;
    let named = !name.is_empty() && name.chars().all(|sign| sign.is_ascii_alphanumeric() || sign == '_');
    named.then(|| (name, rest.strip_suffix(')').unwrap_or(rest)))
}

/// As much of a command as is good to hear.
fn first_words(command: &str) -> String {
    let words: Vec<&str> =
        command.split_whitespace().take_while(|word| !word.starts_with('-')).take(4).collect();
    words.join(" ")
}

/// Speaks each event once, in one polite sentence.
#[component]
pub fn LiveRegion() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let heard = StoredValue::new(desk.run.look(|run| run.timeline().len()));
    let said = RwSignal::new(String::new());
    Effect::new(move |_| {
        desk.run.track();
        let before = heard.get_value();
        let (now, sentences) = desk.run.look(|run| {
            let records = run.timeline().records();
            let new = records.get(before..).unwrap_or_default();
            let worth: Vec<_> = new.iter().filter(|record| is_worth_hearing(record)).collect();
            let rest = worth.len().saturating_sub(MOST_SPOKEN);
            let mut sentences: Vec<String> = worth.iter().skip(rest).map(|record| sentence(record)).collect();
            if rest > 0 {
                sentences.insert(0, format!("{rest} more events."));
            }
            (records.len(), sentences.join(" "))
        });
        heard.set_value(now);
        if !sentences.is_empty() {
            said.set(sentences);
        }
    });
    view! { <p class="visually-hidden" role="status" aria-live="polite">{move || said.get()}</p> }
}

/// The terminal says what was typed and refused; the rest is worth hearing.
pub fn is_worth_hearing(record: &Record) -> bool {
    !matches!(
        record.kind,
        RecordKind::Command | RecordKind::Answer | RecordKind::Refusal | RecordKind::Simplification
    )
}

/// Everything that happened, the latest first.
#[component]
pub fn Log() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let rows = desk.run.view(|run| {
        let records = run.timeline().records().iter().enumerate().rev().take(200);
        records
            .map(|(index, record)| (index, Told::of(record), sentence(record), selection_of(record)))
            .collect::<Vec<_>>()
    });
    view! {
        <Show when=move || !rows.with(Vec::is_empty) fallback=|| view! { <p class="inspector__empty">"Nothing has happened yet."</p> }>
            <ol class="log">
                {move || rows.get().into_iter().map(|(_, told, sentence, selection)| {
                    let at = told.at;
                    let class = match told.kind {
                        RecordKind::Command | RecordKind::Answer => "log__row log__row--command",
                        RecordKind::Fault => "log__row log__row--fault",
                        RecordKind::Failure | RecordKind::Refusal => "log__row log__row--failure",
                        _ => "log__row",
                    };
                    view! {
                        <li class=class>
                            <button class="log__at" title="Go to this moment" on:click=move |_| desk.seek(at)>{at.clock()}</button>
                            <span class="log__text">{sentence}</span>
                            <RuleMark rule=told.rule />
                            {matches!(told.kind, RecordKind::Command | RecordKind::Fault)
                                .then(|| view! { <CopyForAws command=told.text.clone() at=at stops=true /> })}
                            {selection.map(|selection| view! {
                                <button class="log__select" on:click=move |_| desk.selected.set(Some(selection.clone()))>"Select"</button>
                            })}
                        </li>
                    }
                }).collect_view()}
            </ol>
        </Show>
    }
}

fn selection_of(record: &Record) -> Option<Selection> {
    let id = &record.subject.id;
    match record.subject.kind {
        Kind::Task => Some(Selection::Task(id.clone())),
        Kind::Service => Some(Selection::Service(record.subject.short().to_string())),
        Kind::Instance => Some(Selection::Instance(id.clone())),
        Kind::Container => Some(Selection::Container(id.clone())),
        Kind::AutoScalingGroup => Some(Selection::Group(id.clone())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{first_words, kept, sentence};
    use drydock::SimTime;
    use drydock::timeline::{Kind, Record, RecordKind, Subject};

    #[test]
    fn a_command_is_heard_without_its_options() {
        assert_eq!(first_words("aws ecs run-task --cluster shop"), "aws ecs run-task");
    }

    #[test]
    fn what_is_kept_is_told_by_its_name_and_its_command() {
        let line = "ALONE=$(aws ecs list-tasks --cluster shop --query 'taskArns[0]' --output text)";
        let (name, command) = kept(line).expect("it keeps");
        assert_eq!((name, first_words(command).as_str()), ("ALONE", "aws ecs list-tasks"));
        assert_eq!(kept("aws ecs list-tasks --cluster $(x)"), None);
        assert_eq!(kept("aws ecs run-task --tags 'a=$(b)'"), None);
    }

    #[test]
    fn a_change_names_what_changed() {
        let record = Record {
            at: SimTime(0),
            kind: RecordKind::Change,
            subject: Subject::new(Kind::Task, "arn:aws:ecs:r:1:task/shop/9e41aa00"),
            text: "RUNNING".to_string(),
            rule: None,
            cause: None,
            verdicts: Vec::new(),
        };
        assert_eq!(sentence(&record), "Task 9e41: RUNNING");
    }
}

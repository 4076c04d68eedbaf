//! What happened, by which rule, and caused by what.

use crate::rules::Rule;
use crate::time::SimTime;
use std::fmt;

/// A record's place in its timeline, counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RecordId(pub u32);

/// A kind of resource that requests name, records speak of and views show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Kind {
    Cluster,
    CapacityProvider,
    TaskDefinition,
    Task,
    Service,
    ContainerInstance,
    Instance,
    Container,
    Subnet,
    SecurityGroup,
    Vpc,
    AvailabilityZone,
    Alarm,
    Image,
    LaunchTemplate,
    AutoScalingGroup,
    Run,
}

/// What a record is about: a kind of resource and its id, ARN or name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Subject {
    /// The kind of resource.
    pub kind: Kind,
    /// The ARN where the resource has one, else its id or name.
    pub id: String,
}

/// What sort of thing happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RecordKind {
    /// A request that changed something.
    Command,
    /// A request that was refused.
    Refusal,
    /// A fault that someone asked for.
    Fault,
    /// A resource moved on in its life cycle.
    Change,
    /// A service event, in the words of ECS.
    ServiceEvent,
    /// A choice, with its verdicts.
    Decision,
    /// Something went wrong by itself: a crash, a failed check, a task that found no place.
    Failure,
    /// A place where AWS does more than we do.
    Simplification,
    /// A learner's answer.
    Answer,
}

/// How one candidate fared in a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Who was judged.
    pub candidate: Subject,
    /// Whether it was chosen, would have done, or was removed.
    pub outcome: Outcome,
    /// The reason in words, with its numbers: `memory: needs 1024 MiB, 822 MiB are left`.
    pub reason: String,
    /// The rule that decided.
    pub rule: &'static Rule,
}

/// How a candidate fared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was taken.
    Chosen,
    /// It passed every test; another ranked before it.
    Passed,
    /// It failed a test.
    Removed,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// When.
    pub at: SimTime,
    /// What sort of thing.
    pub kind: RecordKind,
    /// What it is about.
    pub subject: Subject,
    /// What happened, in one sentence or state word.
    pub text: String,
    /// The rule by which it happened.
    pub rule: Option<&'static Rule>,
    /// The record that caused it; a command that somebody gave has none.
    pub cause: Option<RecordId>,
    /// The verdicts of a decision, one per candidate.
    pub verdicts: Vec<Verdict>,
}

/// Everything that happened, in order. It only grows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Timeline {
    records: Vec<Record>,
}

impl Timeline {
    /// Appends a record and says where it stands.
    pub fn append(&mut self, record: Record) -> RecordId {
        let id = RecordId(u32::try_from(self.records.len()).unwrap_or(u32::MAX));
        self.records.push(record);
        id
    }

    /// Every record, oldest first.
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// How many records there are.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether nothing has happened yet.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// The record at this place.
    pub fn get(&self, id: RecordId) -> Option<&Record> {
        self.records.get(id.0 as usize)
    }

    /// Forgets all but the first `len` records: the run goes back to when it had so many.
    pub(crate) fn truncate(&mut self, len: usize) {
        self.records.truncate(len);
    }

    /// The chain of causes behind a record, nearest first, the record itself left out.
    pub fn causes(&self, id: RecordId) -> Vec<RecordId> {
        let mut chain = Vec::new();
        let mut next = self.get(id).and_then(|record| record.cause);
        while let Some(cause) = next {
            chain.push(cause);
            next = self.get(cause).and_then(|record| record.cause).filter(|earlier| *earlier < cause);
        }
        chain
    }

    /// A 64-bit FNV-1a hash of the canonical text lines; equal runs have equal hashes everywhere.
    pub fn hash(&self) -> u64 {
        self.records.iter().fold(0xcbf2_9ce4_8422_2325, |hash, record| {
            record
                .to_string()
                .bytes()
                .chain([b'\n'])
                .fold(hash, |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
        })
    }
}

impl Subject {
    /// A resource by kind and id.
    pub fn new(kind: Kind, id: impl Into<String>) -> Subject {
        Subject { kind, id: id.into() }
    }

    /// The last part of the ARN, or the whole name.
    pub fn short(&self) -> &str {
        self.id.rsplit('/').next().unwrap_or(&self.id)
    }
}

impl fmt::Display for Record {
    /// The canonical line: milliseconds, kind, subject, text, rule, cause, verdicts.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:>10} {:?} {:?} {} | {}",
            self.at.0, self.kind, self.subject.kind, self.subject.id, self.text
        )?;
        if let Some(rule) = self.rule {
            write!(f, " [{}]", rule.id)?;
        }
        if let Some(cause) = self.cause {
            write!(f, " <{}", cause.0)?;
        }
        for verdict in &self.verdicts {
            write!(
                f,
                "; {:?} {} {} {}",
                verdict.outcome, verdict.candidate.id, verdict.reason, verdict.rule.id
            )?;
        }
        Ok(())
    }
}

//! What a behaviour rests on: every rule of every service, as data.

/// A behaviour of AWS that the engine follows, with its source.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// The id that code, tests, lessons and the interface share, such as `DEPLOY-06`.
    pub id: &'static str,
    /// The behaviour in one sentence.
    pub says: &'static str,
    /// What the rule rests on.
    pub basis: Basis,
    /// Whether the source's wording was read again for this rule.
    pub reread: bool,
    /// The page, the program or the report that says so.
    pub source: &'static str,
}

/// What a rule rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Basis {
    /// AWS documents it.
    Documented,
    /// The source code of the ECS container agent shows it.
    AgentSource,
    /// Seen in published output of real clusters.
    Observed,
    /// Not documented; our own choice.
    Modelled,
}

impl Basis {
    /// The basis as one word for the interface.
    pub fn word(self) -> &'static str {
        match self {
            Basis::Documented => "documented",
            Basis::AgentSource => "agent source",
            Basis::Observed => "observed",
            Basis::Modelled => "modelled",
        }
    }
}

/// Declares rules as constants and lists them: `NAME: "ID", Basis, reread, "says", "source";`.
#[macro_export]
macro_rules! rules {
    ($( $name:ident : $id:literal, $basis:ident, $reread:literal, $says:literal, $source:expr; )*) => {
        $(
            #[doc = concat!($id, ": ", $says)]
            pub const $name: &$crate::rules::Rule = &$crate::rules::Rule {
                id: $id,
                says: $says,
                basis: $crate::rules::Basis::$basis,
                reread: $reread,
                source: $source,
            };
        )*
        /// Every rule of this service, in the order of its file.
        pub static RULES: &[&$crate::rules::Rule] = &[$($name),*];
    };
}

/// Every rule that the engine follows.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    use crate::{autoscaling, ec2, ecs};
    [
        ecs::rules::RULES,
        ecs::rules::task_definitions::RULES,
        ecs::rules::tasks::RULES,
        ecs::rules::services::RULES,
        ecs::rules::instances::RULES,
        ecs::rules::placement::RULES,
        ecs::rules::usage::RULES,
        ecs::rules::capacity::RULES,
        ecs::rules::managed::RULES,
        crate::autoscaling::policy_rules::RULES,
        crate::cloudwatch::rules::RULES,
        ec2::rules::RULES,
        autoscaling::rules::RULES,
    ]
    .into_iter()
    .flatten()
    .copied()
}

/// The rule with this id.
pub fn find(id: &str) -> Option<&'static Rule> {
    rules().find(|rule| rule.id == id)
}

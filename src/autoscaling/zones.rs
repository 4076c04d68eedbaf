//! Where a group launches: in the zone where it has fewest instances (ASG-16).

use crate::arn::SubnetId;
use crate::autoscaling::group::Group;
use crate::autoscaling::rules;
use crate::order;
use crate::state::State;
use crate::timeline::{Kind, Outcome, Subject, Verdict};
use std::collections::BTreeMap;

/// The poorest zone of a group and the richest, where they differ by two or more and an instance of the
/// richest may end.
pub fn uneven(group: &Group) -> Option<(&str, &str)> {
    let mut in_zone: BTreeMap<&str, (u64, bool)> =
        order::map(group.zones.iter().map(|zone| (zone.as_str(), (0, false))));
    for member in group.counted() {
        let (count, open) = in_zone.entry(&member.availability_zone).or_default();
        *count += 1;
        *open |= !member.protected;
    }
    let poorest =
        group.zones.iter().min_by_key(|zone| in_zone.get(zone.as_str()).copied().map(|(count, _)| count))?;
    let least = in_zone.get(poorest.as_str()).map_or(0, |(count, _)| *count);
    let (rich, (most, open)) = in_zone.iter().max_by_key(|(_, (count, _))| *count)?;
    (*open && *most >= least + 2).then_some((poorest, *rich))
}

/// Where so many new instances go, and a verdict per zone. Changes nothing.
pub fn plan(state: &State, group: &Group, count: u64) -> (Vec<SubnetId>, Vec<Verdict>) {
    let mut in_zone: BTreeMap<&str, u64> = order::map(group.zones.iter().map(|zone| (zone.as_str(), 0)));
    let mut in_subnet: BTreeMap<&SubnetId, u64> = order::map(group.subnets.iter().map(|subnet| (subnet, 0)));
    for member in group.counted() {
        if let Some(count) = in_zone.get_mut(member.availability_zone.as_str()) {
            *count += 1;
        }
        let machine = state.instances.get(&member.instance);
        if let Some(count) = machine.and_then(|machine| in_subnet.get_mut(&machine.subnet)) {
            *count += 1;
        }
    }
    let before = in_zone.clone();
    let mut places = Vec::new();
    for _ in 0..count {
        let zone = group.zones.iter().min_by_key(|zone| in_zone.get(zone.as_str()).copied());
        let Some(zone) = zone else { break };
        let here = |subnet: &&SubnetId| {
            state.subnets.get(*subnet).is_some_and(|found| found.availability_zone == *zone)
        };
        let subnet = group.subnets.iter().filter(here).min_by_key(|subnet| in_subnet.get(subnet).copied());
        let Some(subnet) = subnet else { break };
        *in_zone.entry(zone).or_default() += 1;
        *in_subnet.entry(subnet).or_default() += 1;
        places.push(subnet.clone());
    }
    let verdicts = group.zones.iter().map(|zone| {
        let (had, has) = (before.get(zone.as_str()), in_zone.get(zone.as_str()));
        let (had, has) = (had.copied().unwrap_or(0), has.copied().unwrap_or(0));
        let (outcome, reason) = match has - had {
            0 => (Outcome::Passed, format!("has {had}")),
            more => (Outcome::Chosen, format!("has {had}, gets {more}")),
        };
        let candidate = Subject::new(Kind::AvailabilityZone, zone.as_str());
        let tie = has > had && before.values().filter(|count| **count == had).count() > 1;
        Verdict { candidate, outcome, reason, rule: if tie { rules::ZONE_ORDER } else { rules::ZONES } }
    });
    (places, verdicts.collect())
}

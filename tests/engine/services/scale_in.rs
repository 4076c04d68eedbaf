//! How a task stands under a service's strategies when one has to stop, and what is said of the chosen one.

use drydock::ecs::service::settings::PlacementStrategy;
use drydock::ecs::service_scheduler::choice::{Candidate, Rank, Urgency, choose, ranks};
use drydock::time::SimTime;

fn strategy(ty: &str, field: &str) -> PlacementStrategy {
    PlacementStrategy { ty: Some(ty.to_string()), field: Some(field.to_string()) }
}

/// The ranks of a task of 100 CPU units and 200 MiB, on an instance with 7 units and 9 MiB left.
fn ranked(strategies: &[PlacementStrategy]) -> Vec<Rank> {
    let instance = "arn:aws:ecs:us-east-1:111122223333:container-instance/shop/i1".into();
    let rack = |name: &str| format!("the {name}");
    ranks(strategies, "us-east-1a", Some(&instance), (7, 9), (100, 200), rack)
}

#[test]
fn each_strategy_says_how_a_task_stands_under_it() {
    // PLACE-27: what would be free is what is left and what the task gives back; PLACE-28: without a
    // strategy zones, then instances.
    let on = "arn:aws:ecs:us-east-1:111122223333:container-instance/shop/i1".to_string();
    let spread = |group: &str| Rank::Spread(group.to_string());
    let rows = [
        (vec![], vec![spread("us-east-1a"), spread(&on)]),
        (vec![strategy("spread", "attribute:ecs.availability-zone")], vec![spread("us-east-1a")]),
        (vec![strategy("spread", "attribute:rack")], vec![spread("the rack")]),
        (vec![strategy("spread", "instanceId")], vec![spread(&on)]),
        (vec![strategy("binpack", "CPU")], vec![Rank::Free(on.clone(), 107, 100)]),
        (vec![strategy("binpack", "memory")], vec![Rank::Free(on.clone(), 209, 200)]),
        (vec![strategy("random", "")], vec![]),
        (
            vec![strategy("spread", "instanceId"), strategy("binpack", "memory")],
            vec![spread(&on), Rank::Free(on.clone(), 209, 200)],
        ),
    ];
    for (strategies, expected) in rows {
        assert_eq!(ranked(&strategies), expected, "{strategies:?}");
    }
}

fn candidate(number: u64, ranks: Vec<Rank>) -> Candidate {
    let task = format!("arn:aws:ecs:us-east-1:111122223333:task/shop/{number}");
    Candidate {
        task: task.as_str().into(),
        may_stop: true,
        urgency: Urgency::None,
        ranks,
        created_at: SimTime(number),
    }
}

#[test]
fn the_reason_names_the_groups_or_the_room_that_decided() {
    let spread = |group: &str| Rank::Spread(group.to_string());
    let said = |ranks: Vec<Rank>| choose(&[candidate(1, ranks)], 1, true)[0].reason.clone();
    assert_eq!(said(vec![spread("us-east-1a"), spread("x/i1")]), "us-east-1a has 1 tasks, i1 has 1 tasks");
    assert_eq!(said(vec![Rank::Free("x/i1".to_string(), 500, 50)]), "its instance would have 500 free");
    // A Fargate task stands on no instance.
    assert_eq!(said(vec![spread("us-east-1a"), spread("")]), "us-east-1a has 1 tasks");
    assert_eq!(said(vec![]), "it is the newest");
}

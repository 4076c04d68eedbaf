//! A deployment's history and its picture, from runs that are played.
use super::drawing::{self, Label};
use super::history::{History, history};
use drydock::ecs::service::Bounds;
use drydock::run::Run;

const START: &str = r#"drydock 1 seed=3 behaviour=1
aws ecs create-cluster --cluster-name shop
aws ecs register-task-definition --family web --network-mode awsvpc --requires-compatibilities FARGATE --cpu 256 --memory 512 --container-definitions '[{"name": "web", "image": "shop/web:1"}]'
aws ecs create-service --cluster shop --service-name web --task-definition web --desired-count 4 --launch-type FARGATE --network-configuration 'awsvpcConfiguration={subnets=[subnet-pri-a]}' --deployment-configuration maximumPercent=150,minimumHealthyPercent=50
drydock wait 5m
"#;

fn play(lines: &[&str]) -> Option<History> {
    let mut run = Run::from_script(START).expect("the script is well formed");
    for line in lines {
        let entered = run.enter(line);
        assert_eq!(entered.exit_code, 0, "{}", entered.stderr);
    }
    let service = run.sim().state().services.values().next()?;
    history(run.sim().state(), service, run.clock())
}

const DEPLOY: &str = "aws ecs update-service --cluster shop --service web --force-new-deployment";

#[test]
fn a_first_deployment_replaces_nothing_and_is_not_drawn() {
    assert_eq!(play(&[]), None);
}

#[test]
fn a_deployment_stays_between_its_lines() {
    let history = play(&[DEPLOY, "drydock wait 10m"]).expect("it replaced tasks");
    let bound = history.bound();
    assert_eq!((bound.floor, bound.desired, bound.ceiling), (2, 4, 6));
    for (at, counts, bounds) in history.rows() {
        assert!(counts.new + counts.old >= bounds.floor, "{}", at.clock());
        assert!(counts.total() <= bounds.ceiling, "{}", at.clock());
    }
    let (first, last) = (history.steps[0].1, history.latest());
    assert_eq!((first.old, first.new), (4, 0));
    assert_eq!((last.old, last.new, last.pending), (0, 4, 0));
    assert!(history.steps.iter().any(|(_, counts)| counts.new > 0 && counts.old > 0));
    assert_eq!(history.now, None, "it is long over");
    assert!(history.sentence().ends_with("It is COMPLETED."), "{}", history.sentence());
}

#[test]
fn the_picture_ends_at_now_and_names_its_lines() {
    let history = play(&[DEPLOY, "drydock wait 20s"]).expect("it replaces tasks");
    let drawn = drawing::draw(&history);
    let now = drawn.now.expect("it goes on");
    assert!(now > drawing::LEFT && now < drawing::RIGHT);
    assert!(drawn.new.starts_with('M') && drawn.new.ends_with('Z'));
    let texts: Vec<&str> = drawn.labels.iter().map(|label| label.text.as_str()).collect();
    assert_eq!(texts, ["at most 6", "wanted 4", "at least 2"]);
    assert!(
        history.sentence().ends_with("At least 2 healthy, at most 6 in all, 4 wanted."),
        "{}",
        history.sentence()
    );
}

#[test]
fn lines_of_one_height_share_a_name_and_names_keep_apart() {
    let mut history = play(&[DEPLOY, "drydock wait 20s"]).expect("it replaces tasks");
    history.bounds[0].floor = 4;
    let drawn = drawing::draw(&history);
    assert_eq!(drawn.labels[1].text, "at least, wanted 4");
    history.bounds[0] = Bounds { floor: 98, desired: 99, ceiling: 100, ..history.bounds[0] };
    let ys: Vec<u64> = drawing::draw(&history).labels.iter().map(|Label { y, .. }| *y).collect();
    assert!(ys.windows(2).all(|pair| pair[1] >= pair[0] + 13), "{ys:?}");
}

#[test]
fn floor_and_ceiling_stand_where_they_were_at_each_moment() {
    let wider = "aws ecs update-service --cluster shop --service web --desired-count 8";
    let history = play(&[DEPLOY, "drydock wait 20s", wider, "drydock wait 20s"]).expect("it replaces tasks");
    let told: Vec<(u64, u64, u64)> =
        history.bounds.iter().map(|it| (it.floor, it.desired, it.ceiling)).collect();
    assert_eq!(told, [(2, 4, 6), (4, 8, 12)]);
    assert_eq!(history.bounds[0].at, history.from, "what held before holds from the left edge on");
    let changed = history.bounds[1].at;
    assert_eq!(Some(changed + drydock::SimDuration::secs(20)), history.now);
    let drawn = drawing::draw(&history);
    for line in &drawn.lines {
        assert_eq!(line.way.matches('V').count(), 1, "{} steps once: {}", line.kind, line.way);
    }
    assert_eq!(drawn.most, 12);
    let sentence = history.sentence();
    assert!(
        sentence.ends_with(&format!(
            "At least 4 healthy, at most 12 in all, 8 wanted. Until {}: at least 2, at most 6, 4 wanted.",
            changed.clock()
        )),
        "{sentence}"
    );
    let row = history.rows().into_iter().find(|row| row.0 == changed).expect("the change has its row");
    assert_eq!(row.2.ceiling, 12);
}

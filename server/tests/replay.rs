//! A served run is a script: played again it is the same run, to the last record.

mod support;

use axum::http::Request;
use axum::http::request::Parts;
use drydock::Run;
use drydock_server::{Endpoint, Start, World};
use proptest::prelude::*;
use serde_json::json;
use std::time::Instant;
use support::{Served, Setting};

fn target(operation: &str, user: &str) -> Parts {
    let request = Request::builder()
        .method("POST")
        .uri("/")
        .header("x-amz-target", format!("AmazonEC2ContainerServiceV20141113.{operation}"))
        .header(
            "authorization",
            format!("AWS4-HMAC-SHA256 Credential={user}/20260105/us-east-1/ecs/aws4_request"),
        );
    request.body(()).expect("a request").into_parts().0
}

fn form() -> Parts {
    let authorization = "AWS4-HMAC-SHA256 Credential=test/20260105/us-east-1/ec2/aws4_request";
    let request = Request::builder().method("POST").uri("/").header("authorization", authorization);
    request.body(()).expect("a request").into_parts().0
}

/// Something that a client does, or time that passes.
#[derive(Debug, Clone)]
enum Deed {
    Ecs(&'static str, String),
    Ec2(String),
    Time(u64),
}

/// What most of the other deeds need.
fn prelude() -> Vec<Deed> {
    vec![
        Deed::Ecs("CreateCluster", json!({ "clusterName": "shop" }).to_string()),
        Deed::Ecs("RegisterTaskDefinition", family().to_string()),
    ]
}

fn family() -> serde_json::Value {
    json!({
        "family": "web", "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"], "cpu": "256",
        "memory": "512", "containerDefinitions": [{ "name": "web", "image": "shop/web:1",
        "command": ["it's", "a \"word\"", "\u{2028}line\nline", "#no", "$X `y` | z"] }],
    })
}

fn deed() -> impl Strategy<Value = Deed> {
    let cluster =
        prop::sample::select(vec!["shop", "shop", "shop", "shop", "it's", "a\"b", "default", "$HOME\\"]);
    let network =
        json!({ "awsvpcConfiguration": { "subnets": ["subnet-pub-a"], "assignPublicIp": "ENABLED" } });
    prop_oneof![
        cluster
            .clone()
            .prop_map(|name| Deed::Ecs("CreateCluster", json!({ "clusterName": name }).to_string())),
        Just(Deed::Ecs("RegisterTaskDefinition", family().to_string())),
        (cluster.clone(), 1..4, any::<bool>()).prop_map({
            let network = network.clone();
            move |(cluster, count, has_network)| {
                let network = if has_network { network.clone() } else { json!(null) };
                Deed::Ecs(
                    "RunTask",
                    json!({ "cluster": cluster, "taskDefinition": "web", "count": count,
                        "launchType": "FARGATE", "networkConfiguration": network, "colour": "red" })
                    .to_string(),
                )
            }
        }),
        (cluster.clone(), 0..4).prop_map(move |(cluster, count)| Deed::Ecs(
            "CreateService",
            json!({ "cluster": cluster, "serviceName": "web", "taskDefinition": "web", "desiredCount": count,
                "launchType": "FARGATE", "networkConfiguration": network })
            .to_string(),
        )),
        cluster.clone().prop_map(|cluster| Deed::Ecs(
            "DeleteService",
            json!({ "cluster": cluster, "service": "web", "force": true }).to_string(),
        )),
        (cluster.clone(), 0..4).prop_map(|(cluster, count)| Deed::Ecs(
            "UpdateService",
            json!({ "cluster": cluster, "service": "web", "desiredCount": count }).to_string(),
        )),
        cluster.prop_map(|name| Deed::Ecs("ListTasks", json!({ "cluster": name }).to_string())),
        ".{0,40}".prop_map(|text| Deed::Ecs("CreateCluster", text)),
        Just(Deed::Ec2(
            "Action=RunInstances&Version=2016-11-15&ImageId=ami-ecs&MinCount=1&MaxCount=2".into()
        )),
        "[a-zA-Z0-9.&=%]{0,40}".prop_map(|text| Deed::Ec2(format!("Action=RunInstances&{text}"))),
        (0..90_000_u64).prop_map(Deed::Time),
        Just(Deed::Time(0)),
    ]
}

fn endpoint(start: Start) -> Endpoint {
    Endpoint::new(World::new(start, 0, Instant::now()).expect("a world"), None)
}

fn play(endpoint: &Endpoint, deeds: &[Deed]) {
    for (number, deed) in deeds.iter().enumerate() {
        match deed {
            Deed::Ecs(operation, body) => {
                let user = if number % 3 == 0 { "drydock-ana" } else { "test" };
                let answer = endpoint.answer(&target(operation, user), body.as_bytes());
                assert!(answer.status < 500, "{deed:?} {}", String::from_utf8_lossy(&answer.body));
            }
            Deed::Ec2(body) => assert!(endpoint.answer(&form(), body.as_bytes()).status < 500, "{deed:?}"),
            Deed::Time(millis) => {
                let mut world = endpoint.world();
                let until = world.run().clock() + drydock::SimDuration(*millis);
                while !world.advance_to(until, Instant::now()) {}
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever clients did, the script does it again, and an endpoint goes on from it as from the first.
    #[test]
    fn the_script_of_a_served_run_is_the_run(
        deeds in prop::collection::vec(deed(), 1..24),
        more in prop::collection::vec(deed(), 1..6),
    ) {
        let served = endpoint(Start::Seed(11));
        play(&served, &prelude());
        play(&served, &deeds);
        let script = served.world().run().script();
        let again = Run::from_script(&script).expect("a script");
        prop_assert_eq!(again.timeline().hash(), served.world().run().timeline().hash(), "{}", script);
        prop_assert!(again.sim() == served.world().run().sim(), "{}", script);
        prop_assert_eq!(again.script(), script.clone());
        let resumed = endpoint(Start::Script(script));
        play(&served, &more);
        play(&resumed, &more);
        prop_assert!(resumed.world().run().sim() == served.world().run().sim());
        prop_assert_eq!(resumed.world().run().timeline().hash(), served.world().run().timeline().hash());
    }
}

#[test]
fn a_week_without_a_call_is_kept_too() {
    let served = Served::manual(7);
    for _ in 0..3 {
        assert_eq!(served.post("/drydock/advance", &json!({ "seconds": 500_000.5 })).status, 200);
    }
    let script = served.get("/drydock/script").body;
    assert_eq!(Run::from_script(&script).expect("a script").clock().0, 1_500_001_500, "{script}");
}

#[test]
fn polls_are_written_once_between_two_changes() {
    let served = Served::manual(7);
    let ecs = "AmazonEC2ContainerServiceV20141113";
    for _ in 0..5 {
        served.json(ecs, "ListClusters", &json!({}));
    }
    served.json(ecs, "CreateCluster", &json!({ "clusterName": "a" }));
    for _ in 0..5 {
        served.json(ecs, "ListClusters", &json!({}));
    }
    let script = served.get("/drydock/script").body;
    assert_eq!(script.matches("list-clusters").count(), 2, "{script}");
}

#[test]
fn a_world_begins_anew_as_it_began() {
    let script = "drydock 1 seed=3 behaviour=1\n+5.000 aws ecs create-cluster --cluster-name kept\n";
    let served = Served::new(Setting { start: Start::Script(script.to_string()), ..Setting::default() });
    let ecs = "AmazonEC2ContainerServiceV20141113";
    let clusters = || served.json(ecs, "ListClusters", &json!({})).json()["clusterArns"].clone();
    for path in ["/drydock/reset", "/moto-api/reset"] {
        served.json(ecs, "CreateCluster", &json!({ "clusterName": "more" }));
        assert_eq!(clusters().as_array().map(Vec::len), Some(2));
        assert_eq!(served.send("POST", path, &[], "").json(), json!({ "status": "ok" }));
        assert_eq!(clusters(), json!(["arn:aws:ecs:us-east-1:111122223333:cluster/kept"]));
    }
    let other = "drydock 1 seed=4 behaviour=1\naws ecs create-cluster --cluster-name other\n";
    assert_eq!(served.send("POST", "/drydock/reset", &[], other).status, 200);
    assert_eq!(clusters(), json!(["arn:aws:ecs:us-east-1:111122223333:cluster/other"]));
    for wrong in ["drydock 1 seed=x", "drydock 1 seed=1 from=lesson/2@3", "[]"] {
        assert_eq!(served.send("POST", "/drydock/reset", &[], wrong).status, 400, "{wrong}");
        assert_eq!(clusters(), json!(["arn:aws:ecs:us-east-1:111122223333:cluster/other"]));
    }
}

#[test]
fn clients_see_the_account_that_was_chosen() {
    let served = Served::new(Setting { account: Some("000000000000".to_string()), ..Setting::default() });
    let ecs = "AmazonEC2ContainerServiceV20141113";
    let made = served.json(ecs, "CreateCluster", &json!({ "clusterName": "shop" })).json();
    let arn = made["cluster"]["clusterArn"].as_str().expect("an ARN").to_string();
    assert_eq!(arn, "arn:aws:ecs:us-east-1:000000000000:cluster/shop");
    let found = served.json(ecs, "DescribeClusters", &json!({ "clusters": [arn] })).json();
    assert_eq!(found["clusters"][0]["clusterArn"], made["cluster"]["clusterArn"]);
    let script = served.get("/drydock/script").body;
    assert!(script.contains("111122223333") && !script.contains("000000000000"), "{script}");
}

#[test]
fn a_call_in_the_middle_of_a_moment_comes_behind_it() {
    let mut run = Run::new(drydock::dice::Seed(7)).only_forward();
    let ask = |run: &mut Run, operation, input| {
        let operation = drydock::Operation::find("ecs", operation).expect("an operation");
        run.ask(None, operation, &input, true).expect("an answer");
    };
    ask(&mut run, "CreateCluster", json!({ "clusterName": "shop" }));
    ask(&mut run, "RegisterTaskDefinition", family());
    let network =
        json!({ "awsvpcConfiguration": { "subnets": ["subnet-pub-a"], "assignPublicIp": "ENABLED" } });
    let service = json!({ "cluster": "shop", "serviceName": "web", "taskDefinition": "web", "desiredCount": 6,
        "launchType": "FARGATE", "networkConfiguration": network });
    ask(&mut run, "CreateService", service);
    for count in 0..60 {
        run.advance_within(drydock::SimDuration::secs(60), 1);
        let wish = count % 9;
        if count % 2 == 0 {
            let wish = json!({ "cluster": "shop", "service": "web", "desiredCount": wish });
            ask(&mut run, "UpdateService", wish);
        } else {
            let typed = format!("aws ecs update-service --cluster shop --service web --desired-count {wish}");
            assert_eq!(run.enter(&typed).exit_code, 0);
        }
    }
    let again = Run::from_script(&run.script()).expect("a script");
    assert_eq!(again.timeline().hash(), run.timeline().hash());
}

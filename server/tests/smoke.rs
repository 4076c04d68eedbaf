//! Damaged requests of each protocol, the same ones every time: answered, never an error of ours.
//! The fuzz targets of `fuzz/` go further.

use axum::http::Request;
use drydock_server::{Answer, Endpoint, Start, World};
use std::time::Instant;

/// A request: method, path, X-Amz-Target, scope, body.
type Seed = (&'static str, &'static str, &'static str, &'static str, &'static str);

const SEEDS: &[Seed] = &[
    (
        "POST",
        "/",
        "AmazonEC2ContainerServiceV20141113.RegisterTaskDefinition",
        "ecs",
        r#"{"family":"web","networkMode":"awsvpc","requiresCompatibilities":["FARGATE"],"cpu":"256","memory":"512","containerDefinitions":[{"name":"web","image":"shop/web:1","portMappings":[{"containerPort":80}],"environment":[{"name":"A","value":"1"}]}],"tags":[{"key":"a","value":"b"}]}"#,
    ),
    (
        "POST",
        "/",
        "AmazonEC2ContainerServiceV20141113.CreateService",
        "ecs",
        r#"{"cluster":"shop","serviceName":"web","taskDefinition":"web","desiredCount":2,"launchType":"FARGATE","networkConfiguration":{"awsvpcConfiguration":{"subnets":["subnet-pub-a"]}},"deploymentConfiguration":{"maximumPercent":200,"minimumHealthyPercent":50}}"#,
    ),
    ("POST", "/", "Drydock.Kill", "drydock", r#"{"task":"x","container":"web"}"#),
    ("POST", "/", "GraniteServiceVersion20100801.ListMetrics", "monitoring", r#"{"Namespace":"AWS/ECS"}"#),
    (
        "POST",
        "/",
        "",
        "ec2",
        "Action=RunInstances&Version=2016-11-15&ImageId=ami-ecs&MinCount=1&MaxCount=2&UserData=RUNTX0NMVVNURVI9c2hvcA%3D%3D&SecurityGroupId.1=sg-default&TagSpecification.1.ResourceType=instance&TagSpecification.1.Tag.1.Key=a&TagSpecification.1.Tag.1.Value=b",
    ),
    (
        "POST",
        "/",
        "",
        "ec2",
        "Action=DescribeInstances&Version=2016-11-15&Filter.1.Name=vpc-id&Filter.1.Value.1=vpc-main&InstanceId.1=i-1",
    ),
    ("POST", "/", "", "sts", "Action=GetCallerIdentity&Version=2011-06-15"),
    (
        "POST",
        "/",
        "",
        "elasticloadbalancing",
        "Action=DescribeLoadBalancers&Version=2015-12-01&Names.member.1=a&Names.member.2=b",
    ),
    ("PUT", "/2015-02-01/file-systems/fs-1?a=b", "", "elasticfilesystem", r#"{"ThroughputMode":"bursting"}"#),
    ("DELETE", "/2015-02-01/resource-tags/arn%3Aaws?tagKeys=a&tagKeys=b", "", "elasticfilesystem", ""),
];

/// SplitMix64.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let bits = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let bits = (bits ^ bits >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((bits ^ bits >> 31) % (bound.max(1) as u64)).expect("a small number")
    }
}

/// The body with a few bytes changed, lost, doubled or put in.
fn damaged(body: &str, chance: &mut Chance) -> Vec<u8> {
    const PIECES: &[&[u8]] = &[
        b"null",
        b"{}",
        b"[]",
        b"\"",
        b"-1",
        b"1e999",
        b"99999999999999999999",
        b"\\u0000",
        b"\xff\xfe",
        b"&",
        b"=",
        b".1",
        b".999999999999",
        b"%00",
        b"%ff",
        b"<x>",
        b"]]>",
        b"true",
        b"[[[[[[[[",
        b"file://x",
        b"$A",
        b"'",
    ];
    let mut bytes = body.as_bytes().to_vec();
    for _ in 0..=chance.below(4) {
        let at = chance.below(bytes.len() + 1);
        match chance.below(5) {
            0 if at < bytes.len() => bytes[at] = u8::try_from(chance.below(256)).expect("a byte"),
            1 => bytes.truncate(at),
            2 if at < bytes.len() => {
                let end = (at + chance.below(20)).min(bytes.len());
                let piece = bytes[at..end].to_vec();
                bytes.splice(at..at, piece);
            }
            3 if at < bytes.len() => {
                let end = (at + chance.below(20)).min(bytes.len());
                bytes.drain(at..end);
            }
            _ => {
                let piece = PIECES[chance.below(PIECES.len())];
                bytes.splice(at..at, piece.iter().copied());
            }
        }
    }
    bytes
}

fn ask(endpoint: &Endpoint, seed: &Seed, body: &[u8]) -> Answer {
    let (method, path, target, scope, _) = seed;
    let authorization = format!("AWS4-HMAC-SHA256 Credential=test/20260105/us-east-1/{scope}/aws4_request");
    let mut request = Request::builder().method(*method).uri(*path).header("authorization", authorization);
    if !target.is_empty() {
        request = request.header("x-amz-target", *target);
    }
    endpoint.answer(&request.body(()).expect("a request").into_parts().0, body)
}

/// Whether every element that begins also ends.
fn is_whole(xml: &str) -> bool {
    let mut open = Vec::new();
    for tag in xml.split('<').skip(1) {
        let Some((tag, _)) = tag.split_once('>') else { return false };
        if tag.starts_with('?') || tag.ends_with('/') {
            continue;
        }
        match tag.strip_prefix('/') {
            None => open.push(tag.split(' ').next().unwrap_or_default()),
            Some(name) => {
                if open.pop() != Some(name) {
                    return false;
                }
            }
        }
    }
    open.is_empty()
}

#[test]
fn damaged_requests_are_answered_in_their_protocol() {
    let world = World::new(Start::Seed(7), 0, Instant::now()).expect("a world");
    let endpoint = Endpoint::new(world, None);
    let made = "AmazonEC2ContainerServiceV20141113.CreateCluster";
    assert_eq!(ask(&endpoint, &("POST", "/", made, "ecs", ""), br#"{"clusterName":"shop"}"#).status, 200);
    let mut chance = Chance(20_260_105);
    for round in 0..300 {
        for seed in SEEDS {
            let body = damaged(seed.4, &mut chance);
            let answer = ask(&endpoint, seed, &body);
            let shown = format!("round {round} {seed:?} {}", String::from_utf8_lossy(&body));
            assert!(answer.status < 500, "{shown}");
            let said = String::from_utf8(answer.body).expect(&shown);
            match answer.content_type.as_str() {
                "text/xml;charset=UTF-8" => {
                    assert!(said.starts_with("<?xml version=\"1.0\"") && is_whole(&said), "{shown}: {said}");
                }
                kind => {
                    assert!(kind.contains("json"), "{shown}: {kind}");
                    if answer.status != 204 {
                        serde_json::from_str::<serde_json::Value>(&said).expect(&shown);
                    }
                }
            }
        }
    }
    let script = endpoint.world().run().script();
    let again = drydock::Run::from_script(&script).expect("a script");
    assert_eq!(again.timeline().hash(), endpoint.world().run().timeline().hash());
}

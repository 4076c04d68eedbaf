//! The protocols that send forms and hear XML: EC2's own, and the query protocol.

mod support;

use support::Served;

fn encoded(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

fn ec2(served: &Served, pairs: &[(&str, &str)]) -> support::Heard {
    let body = format!("{}&Version=2016-11-15", encoded(pairs));
    served.form("ec2", &body)
}

/// A form, the code that refuses it, and the status.
type Row = (&'static [(&'static str, &'static str)], &'static str, u16);

/// What stands in the first element of this name.
fn inside<'a>(xml: &'a str, name: &str) -> &'a str {
    let behind = xml.split_once(&format!("<{name}>")).map_or("", |(_, behind)| behind);
    behind.split_once(&format!("</{name}>")).map_or("", |(content, _)| content)
}

#[test]
fn ec2_launches_describes_and_ends_instances() {
    let served = Served::manual(7);
    // "ECS_CLUSTER=shop" in base64, as clients send it.
    let launched = ec2(
        &served,
        &[
            ("Action", "RunInstances"),
            ("ImageId", "ami-ecs"),
            ("MinCount", "1"),
            ("MaxCount", "1"),
            ("UserData", "RUNTX0NMVVNURVI9c2hvcA=="),
            ("SecurityGroupId.1", "sg-default"),
            ("TagSpecification.1.ResourceType", "instance"),
            ("TagSpecification.1.Tag.1.Key", "Name"),
            ("TagSpecification.1.Tag.1.Value", "a <b> & c"),
            ("ClientToken", "once"),
        ],
    );
    assert_eq!(launched.status, 200, "{}", launched.body);
    assert_eq!(launched.header("content-type"), Some("text/xml;charset=UTF-8"));
    let begin = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<RunInstancesResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\"><requestId>";
    assert!(launched.body.starts_with(begin), "{}", launched.body);
    assert!(launched.body.contains("<groupSet/>"), "an empty list stays: {}", launched.body);
    assert!(launched.body.contains("<value>a &lt;b&gt; &amp; c</value>"), "{}", launched.body);
    assert!(launched.body.contains("<launchTime>2026-01-05T09:00:00.000Z</launchTime>"), "{}", launched.body);
    let id = inside(&launched.body, "instanceId").to_string();
    assert!(id.starts_with("i-"));
    assert!(served.get("/drydock/script").body.contains(r#""UserData":"ECS_CLUSTER=shop""#));

    let by = |name: &str, value: &str| {
        let pairs = [("Action", "DescribeInstances"), ("Filter.1.Name", name), ("Filter.1.Value.1", value)];
        ec2(&served, &pairs).body
    };
    assert_eq!(inside(&by("instance-state-name", "pending"), "instanceId"), id);
    assert!(by("instance-state-name", "running").contains("<reservationSet/>"));

    let ended = ec2(&served, &[("Action", "TerminateInstances"), ("InstanceId.1", &id)]);
    assert_eq!(inside(inside(&ended.body, "currentState"), "name"), "shutting-down", "{}", ended.body);
}

#[test]
fn ec2_tells_mistakes_in_its_own_form() {
    let served = Served::manual(7);
    let rows: &[Row] = &[
        (&[("Action", "DescribeEverything")], "InvalidAction", 400),
        (&[("Other", "x")], "MissingAction", 400),
        (&[("Action", "TerminateInstances")], "MissingParameter", 400),
        (
            &[("Action", "TerminateInstances"), ("InstanceId.1", "i-0123456789abcdef0")],
            "InvalidInstanceID.NotFound",
            400,
        ),
        (&[("Action", "DescribeInstances"), ("Colour", "red")], "UnknownParameter", 400),
        (&[("Action", "DescribeInstances"), ("InstanceId.first", "i-1")], "InvalidParameterValue", 400),
        (
            &[("Action", "RunInstances"), ("ImageId", "ami-ecs"), ("MinCount", "1"), ("MaxCount", "many")],
            "InvalidParameterValue",
            400,
        ),
        (
            &[
                ("Action", "RunInstances"),
                ("ImageId", "ami-ecs"),
                ("MinCount", "1"),
                ("MaxCount", "1"),
                ("UserData", "%"),
            ],
            "InvalidUserData.Malformed",
            400,
        ),
        (
            &[
                ("Action", "RunInstances"),
                ("ImageId", "ami-ecs"),
                ("MinCount", "1"),
                ("MaxCount", "1"),
                ("DryRun", "true"),
            ],
            "DryRunOperation",
            412,
        ),
    ];
    for (pairs, code, status) in rows {
        let refused = ec2(&served, pairs);
        assert_eq!(inside(&refused.body, "Code"), *code, "{pairs:?} {}", refused.body);
        assert_eq!(refused.status, *status, "{pairs:?}");
        assert!(refused.body.contains("<Response><Errors><Error><Code>"), "{}", refused.body);
        assert_eq!(Some(inside(&refused.body, "RequestID")), refused.header("x-amzn-requestid"));
    }
    assert_eq!(served.endpoint.world().run().sim().state().instances.len(), 0, "nothing was launched");
}

#[test]
fn sts_answers_in_the_query_protocol() {
    let served = Served::manual(7);
    let asked = encoded(&[("Action", "GetCallerIdentity"), ("Version", "2011-06-15")]);
    let told = served.form("sts", &asked);
    assert_eq!(inside(&told.body, "Arn"), "arn:aws:iam::111122223333:user/student");
    assert_eq!(inside(&told.body, "RequestId"), told.header("x-amzn-requestid").unwrap_or("none"));
    assert!(told.body.contains("<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult>"));
}

#[test]
fn every_service_tells_an_unknown_operation_in_its_protocol() {
    let served = Served::manual(7);
    for service in drydock_server::SERVICES {
        use drydock_server::Protocol;
        match service.protocol {
            Protocol::Json(version) => {
                let refused = served.raw_json(service.target, "ListEverything", "{}");
                assert_eq!(refused.json()["__type"], "UnknownOperationException", "{}", service.name);
                let kind = format!("application/x-amz-json-{version}");
                assert_eq!(refused.header("content-type"), Some(kind.as_str()), "{}", service.name);
                assert_eq!(refused.status, 400);
            }
            Protocol::Query => {
                let pairs = [("Action", "ListEverything"), ("Version", service.version)];
                let refused = served.form(service.scope, &encoded(&pairs));
                assert_eq!(inside(&refused.body, "Code"), "InvalidAction", "{}", service.name);
                assert_eq!(inside(&refused.body, "Type"), "Sender", "{}", service.name);
                assert!(refused.body.contains(service.namespace), "{} {}", service.name, refused.body);
                assert_eq!(refused.status, 400);
            }
            Protocol::Ec2 => {
                let refused = served.form(service.scope, "Action=ListEverything&Version=2016-11-15");
                assert_eq!(inside(&refused.body, "Code"), "InvalidAction");
            }
            Protocol::RestJson => {
                let path = format!("/{}/everything", service.version);
                let refused = served.send("GET", &path, &[], "");
                assert_eq!(refused.header("x-amzn-errortype"), Some("UnknownOperationException"));
                assert_eq!(refused.header("content-type"), Some("application/json"));
                assert_eq!(refused.status, 404);
            }
        }
    }
}

#[test]
fn query_compatible_services_tell_the_code_in_a_header_when_asked() {
    let served = Served::manual(7);
    let headers = [
        ("x-amz-target", "GraniteServiceVersion20100801.ListEverything"),
        ("content-type", "application/x-amz-json-1.0"),
        ("x-amzn-query-mode", "true"),
    ];
    let refused = served.send("POST", "/", &headers, "{}");
    assert_eq!(refused.header("x-amzn-query-error"), Some("UnknownOperationException;Sender"));
    assert_eq!(served.raw_json("AmazonSQS", "ListEverything", "{}").header("x-amzn-query-error"), None);
}

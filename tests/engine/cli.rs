//! The command line: words in, requests or complaints out; answers in, text out.

mod anything;
mod completion;
mod waiters;

use drydock::cli::{Command, Format, Request, parse};
use drydock::script::{Shell, shell};
use serde_json::{Value, json};
use std::collections::BTreeMap;

fn documents() -> BTreeMap<String, String> {
    let documents = [
        (
            "web.json",
            r#"{"family": "web", "containerDefinitions": [{"name": "web", "image": "shop/web:1"}]}"#,
        ),
        ("broken.json", "{\n  \"family\": \"web\"\n  \"cpu\": \"256\"\n}"),
        ("tags.json", r#"[{"key": "a", "value": "1"}]"#),
    ];
    documents.into_iter().map(|(name, text)| (name.to_string(), text.to_string())).collect()
}

fn words(line: &str) -> Vec<String> {
    match shell(line, &BTreeMap::new()) {
        Ok(Shell::Words(words)) => words,
        _ => panic!("{line} is a line of words"),
    }
}

/// What a line means, in a line: the request, the help, or the complaint.
fn meaning(line: &str) -> String {
    match parse(&words(line), &documents()) {
        Ok(Command::Call(request)) => format!("{} {}", request.operation.name, request.input),
        Ok(Command::Waiter(waiter)) => {
            format!("every {} x{} {}", waiter.interval, waiter.tries, waiter.request.input)
        }
        Ok(Command::Pass(span)) => format!("pass {span}"),
        Ok(Command::Help(text)) => text,
        Err(error) => format!("{} {}", error.exit_code, error.text),
    }
}

fn request(line: &str) -> Request {
    match parse(&words(line), &documents()) {
        Ok(Command::Call(request)) => request,
        other => panic!("{line} is no request: {other:?}"),
    }
}

/// line -> the request
const REQUESTS: &str = r#"
    aws ecs create-cluster --cluster-name shop -> CreateCluster {"clusterName":"shop"}
    ecs create-cluster --cluster-name=shop -> CreateCluster {"clusterName":"shop"}
    aws ecs create-cluster --tags key=a,value=b key=c,value=d -> CreateCluster {"tags":[{"key":"a","value":"b"},{"key":"c","value":"d"}]}
    aws ecs create-cluster --tags '[{"key":"a","value":"b"}]' -> CreateCluster {"tags":[{"key":"a","value":"b"}]}
    aws ecs create-cluster --tags '{"key":"a"}' '{"key":"b"}' -> CreateCluster {"tags":[{"key":"a"},{"key":"b"}]}
    aws ecs create-cluster --tags "key=a,value='x y, z'" -> CreateCluster {"tags":[{"key":"a","value":"x y, z"}]}
    aws ecs create-cluster --tags 'key=a,value=b\,c' -> CreateCluster {"tags":[{"key":"a","value":"b,c"}]}
    aws ecs create-cluster --tags 'key=a,value="say \"hi\""' -> CreateCluster {"tags":[{"key":"a","value":"say \"hi\""}]}
    aws ecs create-cluster --tags "key = a,value = [ b, 'c' ]" -> CreateCluster {"tags":[{"key":"a","value":["b","c"]}]}
    aws ecs create-cluster --tags key=a,value= -> CreateCluster {"tags":[{"key":"a","value":""}]}
    aws ecs create-cluster --tags file://tags.json -> CreateCluster {"tags":[{"key":"a","value":"1"}]}
    aws ecs create-cluster --tags key=a,value@=file://tags.json -> CreateCluster {"tags":[{"key":"a","value":"[{\"key\": \"a\", \"value\": \"1\"}]"}]}
    aws ecs create-cluster --capacity-providers FARGATE FARGATE_SPOT --default-capacity-provider-strategy capacityProvider=FARGATE,weight=1,base=2 -> CreateCluster {"capacityProviders":["FARGATE","FARGATE_SPOT"],"defaultCapacityProviderStrategy":[{"capacityProvider":"FARGATE","weight":1,"base":2}]}
    aws ecs describe-clusters --clusters a b --include TAGS -> DescribeClusters {"clusters":["a","b"],"include":["TAGS"]}
    aws ecs describe-clusters --clusters -> DescribeClusters {"clusters":[]}
    aws ecs register-task-definition --cli-input-json file://web.json -> RegisterTaskDefinition {"family":"web","containerDefinitions":[{"name":"web","image":"shop/web:1"}]}
    aws ecs register-task-definition --cli-input-json file://./web.json --family shop --cpu 256 -> RegisterTaskDefinition {"family":"shop","containerDefinitions":[{"name":"web","image":"shop/web:1"}],"cpu":"256"}
    aws ecs register-task-definition --family web --container-definitions name=web,image=shop/web:1,essential=true,portMappings=[{containerPort=80}],command=sh,-c -> RegisterTaskDefinition {"family":"web","containerDefinitions":[{"name":"web","image":"shop/web:1","essential":true,"portMappings":[{"containerPort":80}],"command":["sh","-c"]}]}
    aws ecs register-task-definition --family web --container-definitions 'name=web,image=a,environment=[{name=A,value=1},{name=B,value=x=y}]' -> RegisterTaskDefinition {"family":"web","containerDefinitions":[{"name":"web","image":"a","environment":[{"name":"A","value":"1"},{"name":"B","value":"x=y"}]}]}
    aws --region us-east-1 ecs --profile default list-clusters --no-cli-pager --color off -> ListClusters {}
    aws ecs list-clusters --max-results 3 -> ListClusters {"maxResults":3}
    aws ecs create-service --service-name web --desired-count 2 --network-configuration awsvpcConfiguration={subnets=[subnet-pub-a],assignPublicIp=ENABLED} -> CreateService {"serviceName":"web","desiredCount":2,"networkConfiguration":{"awsvpcConfiguration":{"subnets":["subnet-pub-a"],"assignPublicIp":"ENABLED"}}}
    aws ecs create-service --service-name web --placement-strategy type=spread,field=attribute:ecs.availability-zone type=binpack,field=memory -> CreateService {"serviceName":"web","placementStrategy":[{"type":"spread","field":"attribute:ecs.availability-zone"},{"type":"binpack","field":"memory"}]}
    aws ecs update-service --service web --deployment-configuration maximumPercent=200,minimumHealthyPercent=50,deploymentCircuitBreaker={enable=true,rollback=false} --force-new-deployment --no-enable-execute-command -> UpdateService {"service":"web","deploymentConfiguration":{"maximumPercent":200,"minimumHealthyPercent":50,"deploymentCircuitBreaker":{"enable":true,"rollback":false}},"forceNewDeployment":true,"enableExecuteCommand":false}
    aws ecs run-task --task-definition x --overrides 'containerOverrides=[{name=a,command=[b,c],environment=[{name=x,value=y}]}],cpu=3' -> RunTask {"overrides":{"containerOverrides":[{"name":"a","command":["b","c"],"environment":[{"name":"x","value":"y"}]}],"cpu":"3"},"taskDefinition":"x"}
    aws ecs run-task --task-definition x --overrides '{"containerOverrides":[{"name":"a"}]}' -> RunTask {"overrides":{"containerOverrides":[{"name":"a"}]},"taskDefinition":"x"}
    aws ecs describe-container-instances --container-instances a b -> DescribeContainerInstances {"containerInstances":["a","b"]}
    aws ec2 run-instances --image-id ami-ecs --count 2:3 --tag-specifications 'ResourceType=instance,Tags=[{Key=a,Value=b}]' --security-group-ids sg-1 sg-2 --user-data 'echo hi' -> RunInstances {"ImageId":"ami-ecs","SecurityGroupIds":["sg-1","sg-2"],"UserData":"echo hi","TagSpecifications":[{"ResourceType":"instance","Tags":[{"Key":"a","Value":"b"}]}],"MinCount":2,"MaxCount":3}
    aws ec2 run-instances --image-id ami-ecs -> RunInstances {"ImageId":"ami-ecs","MinCount":1,"MaxCount":1}
    aws ec2 describe-subnets --filters Name=vpc-id,Values=a,b Name=tag:x,Values=c -> DescribeSubnets {"Filters":[{"Name":"vpc-id","Values":["a","b"]},{"Name":"tag:x","Values":["c"]}]}
    aws sts get-caller-identity -> GetCallerIdentity {}
    drydock docker run shop/web:1 --on i-1 -> DockerRun {"image":"shop/web:1","on":"i-1"}
    drydock answer p1 b -> Answer {"question":"p1","option":"b"}
    drydock wait 90 -> pass 1:30
    drydock wait 1h30m -> pass 1:30:00
"#;

#[test]
fn words_become_requests() {
    for row in REQUESTS.lines().filter(|line| !line.trim().is_empty()) {
        let (line, expected) = row.split_once(" -> ").unwrap();
        assert_eq!(meaning(line.trim()), expected, "{line}");
    }
}

#[test]
fn what_is_wrong_with_the_words_is_said_as_the_cli_says_it() {
    let lines = [
        "aws",
        "aws --help",
        "aws ecs --help",
        "aws --foo ecs list-clusters",
        "aws ecss list-clusters",
        "aws ecs",
        "aws ecs list-cluster",
        "aws ecs register-task-definition --family web",
        "aws ecs list-clusters --foo bar",
        "aws ecs list-clusters extra",
        "aws ecs create-cluster --cluster-name",
        "aws ecs list-clusters --max-results many",
        "aws ecs create-cluster --tags key",
        "aws ecs create-cluster --tags key=a,key=b",
        "aws ecs create-cluster --tags 'key=a,value=\"b'",
        "aws ecs create-cluster --tags 'key=a,value={b'",
        "aws ecs create-cluster --tags 'key=a, value=b , '",
        "aws ecs create-cluster --tags '[{\"key\":\"a\" \"value\":\"b\"}]'",
        "aws ecs create-cluster --tags file://nope.json",
        "aws ecs register-task-definition --cli-input-json file://broken.json",
        "aws ecs register-task-definition --cli-input-json '[]'",
        "aws ecs list-clusters --query 'clusterArns['",
        "aws ecs list-clusters --query 'a b'",
        "aws ecs list-clusters --output xml",
        "aws ecs list-clusters --region eu-west-1",
        "drydock",
        "aws ecs wait",
        "aws ecs wait tasks-runing",
        "aws ecs create-service --service-name web --desired-count two",
        "aws ec2 run-instances --image-id ami-ecs --count many",
        "ls",
        "docker ps",
        "ec list-clusters",
        "drydock --help",
        "drydock wiat 5m",
        "drydock docker rn shop/web:1",
        "drydock docker run",
        "drydock fail",
        "drydock wait soon",
        "drydock wait",
    ];
    let told: Vec<String> = lines.iter().map(|line| format!("$ {line}\n{}\n", meaning(line))).collect();
    insta::assert_snapshot!(told.join("\n"));
}

fn answer() -> Value {
    json!({
        "tasks": [
            {"taskArn": "arn:aws:ecs:us-east-1:111122223333:task/shop/0a", "lastStatus": "RUNNING", "version": 3,
             "containers": [{"name": "web", "exitCode": null, "essential": true}], "tags": []},
            {"taskArn": "arn:aws:ecs:us-east-1:111122223333:task/shop/0b", "lastStatus": "PENDING",
             "createdAt": "2026-01-05T09:00:00+00:00", "containers": [{"name": "web"}, {"name": "logger"}]},
        ],
        "failures": [],
    })
}

#[test]
fn answers_are_printed_in_every_format() {
    let lines = [
        "ecs list-clusters",
        "ecs list-clusters --output text",
        "ecs list-clusters --output table",
        "ecs list-clusters --output yaml",
        "ecs list-clusters --query 'tasks[0].lastStatus'",
        "ecs list-clusters --query 'tasks[0].lastStatus' --output text",
        "ecs list-clusters --query 'tasks[].[lastStatus,version]' --output text",
        "ecs list-clusters --query 'tasks[].[lastStatus,version]' --output table",
        "ecs list-clusters --query 'tasks[].{what:lastStatus,arn:taskArn}' --output table",
        "ecs list-clusters --query 'tasks[].{what:lastStatus,arn:taskArn}'",
        "ecs list-clusters --query 'length(tasks)'",
        "ecs list-clusters --query 'nothing' --output text",
        "ecs list-clusters --query 'length(nothing)'",
    ];
    let told: Vec<String> = lines
        .iter()
        .map(|line| {
            let printed = request(line).print(&Ok(answer()));
            format!("$ {line}\n{}\n", printed.unwrap_or_else(|error| error.text))
        })
        .collect();
    insta::assert_snapshot!(told.join("\n"));
}

/// expression -> what it makes of the answer, as the CLI's own JMESPath does
const QUERIES: &str = r#"
    tasks[-1].containers[*].name -> ["web","logger"]
    tasks[].containers[].name -> ["web","web","logger"]
    tasks[?lastStatus=='RUNNING'].version | [0] -> 3
    tasks[?version > `2`].lastStatus -> ["RUNNING"]
    tasks[?createdAt >= '2026'].lastStatus -> ["PENDING"]
    tasks[?!version].lastStatus -> ["PENDING"]
    tasks[*].{z: lastStatus, a: version} -> [{"z":"RUNNING","a":3},{"z":"PENDING","a":null}]
    tasks[::-1].lastStatus -> ["PENDING","RUNNING"]
    tasks[1:].lastStatus -> ["PENDING"]
    tasks[5] -> null
    tasks.nothing -> null
    tasks[0].containers[0].* -> ["web",true]
    keys(@) -> ["tasks","failures"]
    length(tasks[].containers[]) -> 3
    sort_by(tasks, &lastStatus)[0].lastStatus -> "PENDING"
    max_by(tasks, &length(containers)).lastStatus -> "PENDING"
    min(tasks[].lastStatus) -> "PENDING"
    join(', ', tasks[].lastStatus) -> "RUNNING, PENDING"
    map(&lastStatus, tasks) -> ["RUNNING","PENDING"]
    reverse(tasks[].lastStatus) -> ["PENDING","RUNNING"]
    contains(tasks[].lastStatus, 'RUNNING') -> true
    starts_with(tasks[0].taskArn, 'arn:') && ends_with(tasks[0].taskArn, '0a') -> true
    [sum(`[1, 2]`), avg(`[1, 2]`), abs(`-3`), to_number('7'), ceil(`1.5`), floor(`1.5`)] -> [3,1.5,3,7,2,1]
    [type(tasks), to_string(`[1]`), to_array('a'), not_null(nothing, 'b')] -> ["array","[1]",["a"],"b"]
    merge(tasks[0].containers[0], {name: 'x'}).name -> "x"
    failures || 'none' -> "none"
    sort(`[2, 10, 1]`) -> [1,2,10]
    nope(tasks) -> Unknown function: nope()
    length() -> Expected 1 argument for function length(), received 0
    length(nothing) -> In function length(), invalid type for value: None, expected one of: ['string', 'array', 'object'], received: "null"
    sort_by(tasks, &containers) -> In function sort_by(), invalid type for value: [{"name":"web","exitCode":null,"essential":true}], expected one of: ['string', 'number'], received: "array"
    tasks[::0] -> slice step cannot be zero
"#;

#[test]
fn queries_keep_the_order_of_the_answer() {
    for row in QUERIES.lines().filter(|line| !line.trim().is_empty()) {
        let (query, expected) = row.split_once(" -> ").unwrap();
        let words = ["ecs", "list-clusters", "--query", query.trim()].map(str::to_string);
        let Ok(Command::Call(request)) = parse(&words, &documents()) else { panic!("{query} is a query") };
        let found = match request.print(&Ok(answer())) {
            Ok(text) => serde_json::from_str::<Value>(&text).unwrap().to_string(),
            Err(error) => error.text.trim_start_matches("aws: [ERROR]: ").to_string(),
        };
        assert_eq!(found, expected, "{query}");
    }
}

#[test]
fn an_empty_answer_prints_nothing() {
    for format in ["json", "text", "table", "yaml"] {
        let request = request(&format!("ecs list-clusters --output {format}"));
        assert_eq!(request.print(&Ok(json!({}))).unwrap(), "", "{format}");
    }
    assert_eq!(request("ecs list-clusters").format, Format::Json);
}

#[test]
fn a_refusal_is_printed_with_its_exit_code() {
    let mut world = crate::world::World::new();
    let refusal = world.ecs("DeleteCluster", json!({"cluster": "nope"}));
    let error = request("aws ecs delete-cluster --cluster nope").print(&refusal).unwrap_err();
    assert_eq!(
        error.text,
        "aws: [ERROR]: An error occurred (ClusterNotFoundException) when calling the DeleteCluster operation: \
         Cluster not found."
    );
    assert_eq!(error.exit_code, 254);
    let refusal = world.ecs("DeleteCluster", json!({"clusters": 1}));
    let error = request("aws ecs delete-cluster --cluster nope").print(&refusal).unwrap_err();
    assert!(
        error
            .text
            .starts_with("aws: [ERROR]: Parameter validation failed:\nMissing required parameter in input")
    );
    assert_eq!(error.exit_code, 252);
}

#[test]
fn a_listing_is_asked_for_page_by_page() {
    let mut world = crate::world::World::new();
    for number in 0..7 {
        world.ok("CreateCluster", json!({"clusterName": format!("c{number}")}));
    }
    let mut ask = |line: &str| {
        let request = request(line);
        let mut calls = 0;
        let answer = request.ask(|input| {
            calls += 1;
            let mut input = input.clone();
            // Small pages, as if there were hundreds of clusters.
            let most = input["maxResults"].as_i64().unwrap_or(3).min(3);
            input["maxResults"] = most.into();
            world.ecs("ListClusters", input)
        });
        let answer = answer.unwrap();
        (calls, answer["clusterArns"].as_array().unwrap().len(), answer.get("NextToken").is_some())
    };
    assert_eq!(ask("ecs list-clusters"), (3, 7, false));
    assert_eq!(ask("ecs list-clusters --no-paginate"), (1, 3, false));
    assert_eq!(ask("ecs list-clusters --max-items 2"), (1, 2, true));
    assert_eq!(ask("ecs list-clusters --max-items 5"), (2, 5, true));
}

/// The page sizes of Auto Scaling have another name than those of ECS.
#[test]
fn items_are_counted_where_pages_are_of_records() {
    let mut run = drydock::Run::new(drydock::dice::Seed(7));
    let data = r#"{"ImageId":"ami-ecs"}"#;
    run.enter(&format!(
        "aws ec2 create-launch-template --launch-template-name machines --launch-template-data '{data}'"
    ));
    run.enter("aws autoscaling create-auto-scaling-group --auto-scaling-group-name web --launch-template LaunchTemplateName=machines --min-size 0 --max-size 9 --desired-capacity 5 --vpc-zone-identifier subnet-pri-a");
    run.enter("drydock wait 100s");
    for (options, count, goes_on) in
        [("", 5, false), ("--max-items 2", 2, true), ("--max-items 5", 5, false), ("--page-size 2", 5, false)]
    {
        let line =
            format!("aws autoscaling describe-scaling-activities --auto-scaling-group-name web {options}");
        let entered = run.enter(&line);
        let told: serde_json::Value = serde_json::from_str(&entered.stdout).expect(&entered.stderr);
        assert_eq!(told["Activities"].as_array().map(Vec::len), Some(count), "{options}");
        assert_eq!(told.get("NextToken").is_some(), goes_on, "{options}");
    }
}

#[test]
fn help_stands_at_every_level() {
    for (line, part) in [
        ("aws help", "ecs"),
        ("aws ecs help", "register-task-definition"),
        ("aws ecs create-cluster help", "--cluster-name (string)"),
        ("drydock help", "wait <duration>"),
        ("drydock wait help", "1h30m"),
        ("aws ecs create-cluster help", "Shorthand syntax: key=string,value=string ..."),
    ] {
        let page = meaning(line);
        assert!(page.contains(part), "{line}:\n{page}");
        assert!(page.lines().all(|line| line.chars().count() <= 100), "{line}:\n{page}");
    }
}

#[test]
fn a_skeleton_is_an_input_that_names_every_field() {
    let skeleton: Value =
        serde_json::from_str(&meaning("aws ecs register-task-definition --generate-cli-skeleton")).unwrap();
    assert_eq!(skeleton["containerDefinitions"][0]["portMappings"][0]["containerPort"], 0);
    assert_eq!(skeleton["family"], "");
    let same = meaning("aws ecs register-task-definition --generate-cli-skeleton input");
    assert_eq!(serde_json::from_str::<Value>(&same).unwrap(), skeleton);
}

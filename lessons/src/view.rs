//! What goals can look through: AWS's own `Describe…` answers, joined over all clusters.

use drydock::operation::Handler;
use drydock::{Operation, Principal, Sim};
use serde_json::{Map, Value, json};

/// The names of the views, the member that tells their elements' condition, and the plain word for one.
pub const VIEWS: &[(&str, &str, &str)] = &[
    ("clusters", "status", "cluster"),
    ("services", "status", "service"),
    ("tasks", "lastStatus", "task"),
    ("taskDefinitions", "status", "task definition"),
    ("containerInstances", "status", "container instance"),
    ("instances", "State.Name", "machine"),
    ("docker", "lastStatus", "container started by hand"),
];

/// Every view of the world as it is now; what cannot be asked for is empty.
pub fn views(sim: &Sim) -> Value {
    let clusters = described(sim, "Cluster", "cluster", &json!({}));
    let mut services = Vec::new();
    let mut tasks = Vec::new();
    let mut container_instances = Vec::new();
    for cluster in clusters.iter().filter_map(|cluster| cluster.get("clusterArn")) {
        let within = json!({ "cluster": cluster });
        services.extend(described(sim, "Service", "service", &within));
        tasks.extend(described(sim, "Task", "task", &within));
        let stopped = json!({ "cluster": cluster, "desiredStatus": "STOPPED" });
        tasks.extend(described(sim, "Task", "task", &stopped));
        container_instances.extend(described(sim, "ContainerInstance", "containerInstance", &within));
    }
    let definitions = listed(sim, "ecs", "ListTaskDefinitions", "taskDefinitionArns", &json!({}));
    let definitions: Vec<Value> = definitions
        .iter()
        .filter_map(|arn| ask(sim, "ecs", "DescribeTaskDefinition", &json!({ "taskDefinition": arn })))
        .filter_map(|mut answer| answer.get_mut("taskDefinition").map(Value::take))
        .collect();
    let instances: Vec<Value> = listed(sim, "ec2", "DescribeInstances", "Reservations", &json!({}))
        .into_iter()
        .flat_map(|mut reservation| elements(reservation.get_mut("Instances")))
        .collect();
    let docker: Vec<Value> = sim
        .state()
        .instances
        .values()
        .flat_map(|instance| instance.docker.iter().map(move |container| (instance, container)))
        .map(|(instance, container)| {
            json!({
                "instanceId": instance.id.to_string(),
                "image": container.image,
                "lastStatus": if container.exited.is_some() { "STOPPED" } else { "RUNNING" },
                "exitCode": container.exited.map(|(_, code)| code),
            })
        })
        .collect();
    json!({
        "clusters": clusters,
        "services": services,
        "tasks": tasks,
        "taskDefinitions": definitions,
        "containerInstances": container_instances,
        "instances": instances,
        "docker": docker,
    })
}

/// What a view holds, in a sentence: `Tasks now: 2 RUNNING, 1 STOPPED.`
pub fn summary(views: &Value, view: &str) -> Option<String> {
    let (_, path, one) = VIEWS.iter().find(|(name, ..)| *name == view)?;
    let mut counts: Vec<(String, u64)> = Vec::new();
    for element in views.get(view)?.as_array()? {
        let condition = path
            .split('.')
            .try_fold(element, |value, member| value.get(member))
            .and_then(Value::as_str)
            .unwrap_or("there");
        match counts.iter_mut().find(|(word, _)| word == condition) {
            Some((_, count)) => *count += 1,
            None => counts.push((condition.to_string(), 1)),
        }
    }
    if counts.is_empty() {
        return Some(format!("There is no {one} yet."));
    }
    let counts: Vec<String> = counts.iter().map(|(word, count)| format!("{count} {word}")).collect();
    let many = match one.split_once(' ').filter(|(_, rest)| rest.contains(' ')) {
        Some((noun, rest)) => format!("{noun}s {rest}"),
        None => format!("{one}s"),
    };
    let (first, rest) = many.split_at(1);
    Some(format!("{}{rest} now: {}.", first.to_ascii_uppercase(), counts.join(", ")))
}

/// What `List…s` names and `Describe…s` tells of it, a hundred at a time.
fn described(sim: &Sim, kind: &str, member: &str, within: &Value) -> Vec<Value> {
    let arns = listed(sim, "ecs", &format!("List{kind}s"), &format!("{member}Arns"), within);
    let mut found = Vec::new();
    // DescribeServices takes ten names a call; the other calls take a hundred.
    for some in arns.chunks(10) {
        let mut input = Map::new();
        if let Some(cluster) = within.get("cluster") {
            input.insert("cluster".to_string(), cluster.clone());
        }
        input.insert(format!("{member}s"), Value::Array(some.to_vec()));
        let answer = ask(sim, "ecs", &format!("Describe{kind}s"), &Value::Object(input));
        found
            .extend(answer.into_iter().flat_map(|mut answer| elements(answer.get_mut(format!("{member}s")))));
    }
    found
}

/// Every page of a list.
fn listed(sim: &Sim, service: &str, operation: &str, member: &str, input: &Value) -> Vec<Value> {
    let mut found = Vec::new();
    let mut input = input.clone();
    while let Some(mut answer) = ask(sim, service, operation, &input) {
        found.extend(elements(answer.get_mut(member)));
        match answer.get_mut("nextToken").map(Value::take) {
            Some(Value::String(token)) => input["nextToken"] = Value::String(token),
            _ => break,
        }
    }
    found
}

fn elements(list: Option<&mut Value>) -> Vec<Value> {
    match list.map(Value::take) {
        Some(Value::Array(elements)) => elements,
        _ => Vec::new(),
    }
}

/// The answer of a reading operation; none when it does not exist or refuses.
fn ask(sim: &Sim, service: &str, operation: &str, input: &Value) -> Option<Value> {
    match Operation::find(service, operation)?.handler {
        Handler::Look(look) => sim.look(&Principal::student(), |at| look(at, input)).ok(),
        Handler::Act(_) => None,
    }
}

//! The fleet of a case: its instances, and what stands on them before the request.

use super::list;
use crate::client::Client;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The cluster of every case.
pub const CLUSTER: &str = "fleet";
/// The definition of the request's tasks.
pub const DEFINITION: &str = "asked";
/// The definition of the tasks that are there already: no CPU, and this much memory.
const SEED: &str = "seed";
const SEED_MIB: u64 = 6;
/// The agent of an instance of which a case does not say another.
const AGENT: &str = "1.105.1";
/// After so long a task that was started runs and counts as healthy.
const SETTLED: u64 = 180;

/// The instances of a case.
pub struct Fleet {
    /// The case's name and the EC2 instance of each ARN.
    names: BTreeMap<String, (String, String)>,
}

impl Fleet {
    /// Builds what a case says is there.
    pub fn build(client: &mut Client, case: &Value) -> Result<Fleet, String> {
        client.ask("ecs", "CreateCluster", &json!({"clusterName": CLUSTER}))?;
        let request = &case["request"];
        define(client, SEED, &json!(0), &json!(SEED_MIB), &[])?;
        define(client, DEFINITION, &request["cpu"], &request["memory"], list(request, "ports")?)?;
        let mut fleet = Fleet { names: BTreeMap::new() };
        let mut services: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        let group = request["group"].as_str().unwrap_or_default();
        if let Some(name) = group.strip_prefix("service:") {
            services.insert(name, Vec::new());
        }
        let mut draining = Vec::new();
        for instance in case["instances"].as_array().ok_or("the case has no instances")? {
            let arn = register(client, instance)?;
            let text = |name: &str| instance[name].as_str().unwrap_or_default().to_string();
            fleet.names.insert(arn.clone(), (text("id"), text("ec2InstanceId")));
            for group in list(instance, "tasks")? {
                let group = group.as_str().ok_or("a task has no group")?;
                match group.strip_prefix("service:") {
                    Some(name) => services.entry(name).or_default().push(text("ec2InstanceId")),
                    None => start(client, group, &arn)?,
                }
            }
            match &instance["status"] {
                Value::Null => {}
                status if status == "ACTIVE" => {}
                status if status == "DRAINING" => draining.push(arn),
                other => return Err(format!("there is no way to make an instance {other}")),
            }
        }
        for (name, machines) in &services {
            lead(client, name, machines)?;
        }
        client.wait(SETTLED);
        for few in draining.chunks(10) {
            let asked = json!({"cluster": CLUSTER, "containerInstances": few, "status": "DRAINING"});
            client.ask("ecs", "UpdateContainerInstancesState", &asked)?;
        }
        Ok(fleet)
    }

    /// The case's name for an ARN.
    pub fn name(&self, arn: &str) -> Option<&str> {
        self.names.get(arn).map(|(name, _)| name.as_str())
    }

    /// A sentence of the engine, with the case's names in it.
    pub fn in_its_words(&self, text: &str) -> String {
        self.names
            .values()
            .fold(text.to_string(), |text, (name, machine)| text.replace(machine.as_str(), name))
    }
}

/// Registers an instance that has left what the case says when its tasks are there.
fn register(client: &mut Client, instance: &Value) -> Result<String, String> {
    let number = |name: &str| instance[name].as_u64().ok_or(format!("an instance has no {name}"));
    let there = list(instance, "tasks")?.len() as u64 * SEED_MIB;
    let ports: Vec<String> = list(instance, "ports")?.iter().map(ToString::to_string).collect();
    let attributes = match &instance["attributes"] {
        Value::Null => None,
        Value::Object(attributes) => Some(attributes),
        other => return Err(format!("the attributes of an instance are {other}, and have to be an object")),
    };
    let attributes: Vec<Value> = attributes
        .into_iter()
        .flatten()
        .map(|(name, value)| match value {
            Value::Null => json!({"name": name}),
            value => json!({"name": name, "value": value}),
        })
        .collect();
    let document = json!({"instanceId": instance["ec2InstanceId"]}).to_string();
    let version = instance["agentVersion"].as_str().unwrap_or(AGENT);
    let asked = json!({
        "cluster": CLUSTER, "instanceIdentityDocument": document, "attributes": attributes,
        "versionInfo": {"agentVersion": version},
        "totalResources": [
            {"name": "CPU", "type": "INTEGER", "integerValue": number("cpu")?},
            {"name": "MEMORY", "type": "INTEGER", "integerValue": number("memory")?.saturating_add(there)},
            {"name": "PORTS", "type": "STRINGSET", "stringSetValue": ports},
        ],
    });
    let answer = client.ask("ecs", "RegisterContainerInstance", &asked)?;
    let arn = answer["containerInstance"]["containerInstanceArn"].as_str();
    arn.map(str::to_string).ok_or("an instance has no ARN".to_string())
}

/// Registers a definition of these needs.
fn define(
    client: &mut Client,
    family: &str,
    cpu: &Value,
    memory: &Value,
    ports: &[Value],
) -> Result<(), String> {
    let ports = ports.iter();
    let mappings: Vec<Value> = ports.map(|port| json!({"containerPort": port, "hostPort": port})).collect();
    let container = json!({
        "name": "main", "image": "busybox", "command": ["sleep", "infinity"], "cpu": cpu,
        "memoryReservation": memory, "portMappings": mappings,
    });
    let definition = json!({"family": family, "networkMode": "bridge", "containerDefinitions": [container]});
    client.ask("ecs", "RegisterTaskDefinition", &definition).map(drop)
}

/// Starts a standalone task of a group on an instance.
fn start(client: &mut Client, group: &str, arn: &str) -> Result<(), String> {
    let asked = json!({
        "cluster": CLUSTER, "taskDefinition": SEED, "group": group, "containerInstances": [arn],
    });
    let answer = client.ask("ecs", "StartTask", &asked)?;
    match answer["failures"].as_array() {
        Some(failures) if !failures.is_empty() => Err(format!("StartTask: {}", answer["failures"])),
        _ => Ok(()),
    }
}

/// Creates a service and leads its tasks to these machines, one by one.
fn lead(client: &mut Client, name: &str, machines: &[String]) -> Result<(), String> {
    let bounds = json!({"minimumHealthyPercent": 100, "maximumPercent": 100});
    let asked = json!({
        "cluster": CLUSTER, "serviceName": name, "taskDefinition": SEED, "launchType": "EC2", "desiredCount": 0,
        "availabilityZoneRebalancing": "DISABLED", "deploymentConfiguration": bounds,
    });
    client.ask("ecs", "CreateService", &asked)?;
    for (place, machine) in machines.iter().enumerate() {
        let there = json!([{"type": "memberOf", "expression": format!("ec2InstanceId == {machine}")}]);
        let asked = json!({
            "cluster": CLUSTER, "service": name, "desiredCount": place + 1, "placementConstraints": there,
        });
        client.ask("ecs", "UpdateService", &asked)?;
    }
    let there = tasks_of_service(client, name)?.len();
    if there == machines.len() {
        return Ok(());
    }
    Err(format!("the service {name} has {there} of {} tasks", machines.len()))
}

/// The tasks of a service and their instances.
pub fn tasks_of_service(client: &mut Client, name: &str) -> Result<Vec<(String, String)>, String> {
    let mut arns = Vec::new();
    let mut asked = json!({"cluster": CLUSTER, "serviceName": name});
    loop {
        let page = client.ask("ecs", "ListTasks", &asked)?;
        arns.extend(page["taskArns"].as_array().cloned().unwrap_or_default());
        if page["nextToken"].is_null() {
            break;
        }
        asked["nextToken"] = page["nextToken"].clone();
    }
    let mut tasks = Vec::new();
    for some in arns.chunks(100) {
        let answer = client.ask("ecs", "DescribeTasks", &json!({"cluster": CLUSTER, "tasks": some}))?;
        let text = |task: &Value, name: &str| task[name].as_str().unwrap_or_default().to_string();
        let described = answer["tasks"].as_array().cloned().unwrap_or_default();
        tasks
            .extend(described.iter().map(|task| (text(task, "taskArn"), text(task, "containerInstanceArn"))));
    }
    Ok(tasks)
}

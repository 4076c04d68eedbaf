//! Account settings, and the one that gives an instance a trunk (CINST-20, CINST-24).

use crate::world::World;
use serde_json::{Value, json};

const ROOT: &str = "arn:aws:iam::111122223333:root";
const STUDENT: &str = "arn:aws:iam::111122223333:user/student";
const ROLE: &str = "arn:aws:iam::111122223333:role/ecsInstanceRole";

/// The values of `awsvpcTrunking` that hold for a principal.
fn holds(world: &mut World, principal: &str) -> (Value, Value) {
    let asked = json!({"name": "awsvpcTrunking", "effectiveSettings": true, "principalArn": principal});
    let setting = world.ok("ListAccountSettings", asked)["settings"][0].clone();
    (setting["value"].clone(), setting["principalArn"].clone())
}

/// CINST-24: who has chosen nothing goes by the account's choice, and without that by AWS's.
#[test]
fn the_accounts_choice_stands_for_whoever_has_none() {
    let mut world = World::new();
    assert_eq!(holds(&mut world, STUDENT), (json!("disabled"), json!(ROOT)));
    let all = world.ok("ListAccountSettings", json!({"effectiveSettings": true}));
    assert_eq!(all["settings"].as_array().map(Vec::len), Some(10), "ten to a page");
    let rest =
        world.ok("ListAccountSettings", json!({"effectiveSettings": true, "nextToken": all["nextToken"]}));
    assert_eq!(rest["settings"].as_array().map(Vec::len), Some(1));
    let chosen = world.ok("PutAccountSettingDefault", json!({"name": "awsvpcTrunking", "value": "enabled"}));
    let setting = json!({"name": "awsvpcTrunking", "value": "enabled", "principalArn": ROOT, "type": "user"});
    assert_eq!(chosen["setting"], setting);
    assert_eq!(holds(&mut world, ROLE), (json!("enabled"), json!(ROOT)));
    world.ok("PutAccountSetting", json!({"name": "awsvpcTrunking", "value": "disabled"}));
    assert_eq!(holds(&mut world, STUDENT), (json!("disabled"), json!(STUDENT)));
    assert_eq!(holds(&mut world, ROLE), (json!("enabled"), json!(ROOT)));
    // Without effectiveSettings, only what the principal chose itself.
    let own = world.ok("ListAccountSettings", json!({}))["settings"].clone();
    assert_eq!((own.as_array().map(Vec::len), &own[0]["value"]), (Some(1), &json!("disabled")));
    let gone = world.ok("DeleteAccountSetting", json!({"name": "awsvpcTrunking"}));
    assert_eq!(gone["setting"]["value"], "disabled");
    assert_eq!(holds(&mut world, STUDENT), (json!("enabled"), json!(ROOT)));
    // A cluster has the account's choice where the request makes none.
    world.ok("PutAccountSettingDefault", json!({"name": "containerInsights", "value": "enhanced"}));
    world.ok("CreateCluster", json!({"clusterName": "seen"}));
    let asked = json!({"clusters": ["seen"], "include": ["SETTINGS"]});
    let cluster = world.ok("DescribeClusters", asked)["clusters"][0].clone();
    assert_eq!(cluster["settings"], json!([{"name": "containerInsights", "value": "enhanced"}]));
}

/// CINST-24: operation, input -> the refusal.
#[test]
fn settings_values_and_principals_that_there_are_not_are_refused() {
    let mut world = World::new();
    let rows = [
        (
            "PutAccountSetting",
            json!({"name": "awsvpcTrunking", "value": "on"}),
            "Invalid value 'on' for awsvpcTrunking. Valid values: disabled, enabled.",
        ),
        (
            "PutAccountSettingDefault",
            json!({"name": "fargateTaskRetirementWaitPeriod", "value": "8"}),
            "Invalid value '8' for fargateTaskRetirementWaitPeriod. Valid values: 7, 0, 14.",
        ),
        (
            "PutAccountSetting",
            json!({"name": "guardDutyActivate", "value": "on"}),
            "The account setting guardDutyActivate is managed by Amazon GuardDuty.",
        ),
        (
            "PutAccountSetting",
            json!({"name": "awsvpcTrunking", "value": "enabled", "principalArn": "student"}),
            "Invalid principalArn: student",
        ),
        (
            "DeleteAccountSetting",
            json!({"name": "awsvpcTrunking", "principalArn": "arn:aws:iam::1:root"}),
            "Invalid principalArn: arn:aws:iam::1:root",
        ),
        ("ListAccountSettings", json!({"principalArn": "x"}), "Invalid principalArn: x"),
        (
            "ListAccountSettings",
            json!({"value": "enabled"}),
            "A value can be filtered by only together with a name.",
        ),
    ];
    for (operation, input, says) in rows {
        assert_eq!(world.refused(operation, input), format!("InvalidParameterException: {says}"));
    }
    let unknown = world.refused("PutAccountSetting", json!({"name": "colour", "value": "red"}));
    assert!(unknown.starts_with("InvalidParameterException: "), "{unknown}");
}

/// Launches a machine into `shop` and answers its container instance once it is registered.
fn launch(world: &mut World, kind: &str, profile: Option<&str>) -> Value {
    let mut input = json!({"ImageId": "ami-ecs", "InstanceType": kind, "UserData": "ECS_CLUSTER=shop"});
    if let Some(name) = profile {
        input["IamInstanceProfile"] = json!({"Name": name});
    }
    let answer = world.call("ec2", "RunInstances", input).expect("it launches");
    let id = answer["Instances"][0]["InstanceId"].clone();
    world.wait(120);
    found(world, &id)
}

fn found(world: &mut World, id: &Value) -> Value {
    let listed =
        world.ok("ListContainerInstances", json!({"cluster": "shop"}))["containerInstanceArns"].clone();
    let asked = json!({"cluster": "shop", "containerInstances": listed});
    let all = world.ok("DescribeContainerInstances", asked)["containerInstances"].clone();
    all.as_array().unwrap().iter().find(|each| each["ec2InstanceId"] == *id).expect("it is there").clone()
}

/// How many awsvpc tasks fit on an instance, and whether it has a trunk.
fn slots(world: &World, instance: &Value) -> (u64, bool) {
    let arn = drydock::arn::ContainerInstanceArn::from(instance["containerInstanceArn"].as_str().unwrap());
    let there = &world.sim.state().container_instances[&arn];
    let named =
        instance["attributes"].as_array().unwrap().iter().any(|each| each["name"] == "ecs.awsvpc-trunk-id");
    assert_eq!(there.trunk.is_some(), named);
    assert_eq!(instance["attachments"].as_array().map(Vec::len), Some(usize::from(named)));
    (there.eni_slots, named)
}

/// CINST-20: who has opted in, type, profile -> slots for awsvpc tasks.
#[test]
fn a_trunk_comes_with_the_setting_of_the_role_or_the_account_and_with_the_type() {
    let rows = [
        (None, "c5.large", None, 2),
        (Some(ROOT), "c5.large", None, 10),
        (Some(ROOT), "c5.large", Some("ecsInstanceRole"), 10),
        (Some(ROOT), "m6g.medium", None, 4),
        (Some(ROOT), "c5.4xlarge", None, 60),
        (Some(ROOT), "t3.medium", None, 2),   // t3 has no trunks
        (Some(ROOT), "g4dn.xlarge", None, 2), // nor has g4dn
        (Some(ROLE), "c5.large", Some("ecsInstanceRole"), 10),
        (Some(ROLE), "c5.large", Some("anotherRole"), 2),
        (Some(STUDENT), "c5.large", Some("ecsInstanceRole"), 2), // the instance goes by its role
        (Some(STUDENT), "c5.large", None, 10),                   // without a role, by who launched it
    ];
    for (who, kind, profile, expected) in rows {
        let mut world = World::new();
        world.ok("CreateCluster", json!({"clusterName": "shop"}));
        if let Some(who) = who {
            let setting = json!({"name": "awsvpcTrunking", "value": "enabled", "principalArn": who});
            world.ok("PutAccountSetting", setting);
        }
        let instance = launch(&mut world, kind, profile);
        let (count, trunk) = slots(&world, &instance);
        assert_eq!((count, trunk), (expected, ![1, 2].contains(&expected)), "{who:?} {kind} {profile:?}");
        assert_eq!(instance["status"], "ACTIVE");
    }
}

/// CINST-09, CINST-20: an instance is REGISTERING until its trunk is there; one that was there before the
/// setting keeps what it has.
#[test]
fn an_instance_registers_its_trunk_and_earlier_ones_stay_as_they_are() {
    let mut world = World::new();
    world.ok("CreateCluster", json!({"clusterName": "shop"}));
    let before = launch(&mut world, "c5.large", None);
    world.ok("PutAccountSettingDefault", json!({"name": "awsvpcTrunking", "value": "enabled"}));
    world.wait(600);
    let after = found(&mut world, &before["ec2InstanceId"]);
    assert_eq!(slots(&world, &after), (2, false));
    let input = json!({"ImageId": "ami-ecs", "InstanceType": "c5.large", "UserData": "ECS_CLUSTER=shop"});
    let answer = world.call("ec2", "RunInstances", input).expect("it launches");
    let id = answer["Instances"][0]["InstanceId"].clone();
    let registering = json!({"cluster": "shop", "status": "REGISTERING"});
    for _ in 0..120 {
        world.wait(1);
        let listed = world.ok("ListContainerInstances", registering.clone())["containerInstanceArns"].clone();
        if listed != json!([]) {
            break;
        }
    }
    let joining = found(&mut world, &id);
    assert_eq!(
        (&joining["status"], &joining["attachments"][0]["status"]),
        (&json!("REGISTERING"), &json!("ATTACHING"))
    );
    let counted = world.ok("DescribeClusters", json!({"clusters": ["shop"]}));
    assert_eq!(counted["clusters"][0]["registeredContainerInstancesCount"], 1);
    let drained = json!({"cluster": "shop", "containerInstances": [joining["containerInstanceArn"]], "status": "DRAINING"});
    assert_eq!(world.ok("UpdateContainerInstancesState", drained)["failures"][0]["reason"], "REGISTERING");
    world.wait(10);
    let joined = found(&mut world, &id);
    assert_eq!(
        (&joined["status"], &joined["attachments"][0]["status"]),
        (&json!("ACTIVE"), &json!("ATTACHED"))
    );
    // Ten awsvpc tasks fit there, beside two on the older one.
    let container = json!({"name": "web", "image": "shop/web:1", "memory": 128});
    let input = json!({"family": "web", "networkMode": "awsvpc", "containerDefinitions": [container]});
    world.ok("RegisterTaskDefinition", input);
    let network = json!({"awsvpcConfiguration": {"subnets": ["subnet-pub-a"]}});
    let run =
        json!({"cluster": "shop", "taskDefinition": "web", "networkConfiguration": network, "count": 10});
    assert_eq!(world.ok("RunTask", run.clone())["tasks"].as_array().map(Vec::len), Some(10));
    let second = world.ok("RunTask", run);
    assert_eq!(second["tasks"].as_array().map(Vec::len), Some(2));
    assert_eq!(second["failures"][0]["reason"], "RESOURCE:ENI");
}

/// CINST-09, CINST-14: while its trunk is taken away a deregistered instance is DEREGISTERING and counts no more.
#[test]
fn an_instance_with_a_trunk_deregisters_before_it_is_inactive() {
    for by_hand in [true, false] {
        let mut world = World::new();
        world.ok("CreateCluster", json!({"clusterName": "shop"}));
        world.ok("PutAccountSettingDefault", json!({"name": "awsvpcTrunking", "value": "enabled"}));
        let machine = launch(&mut world, "c5.large", None);
        world.wait(10);
        let (id, arn) = (machine["ec2InstanceId"].clone(), machine["containerInstanceArn"].clone());
        let asked = json!({"cluster": "shop", "containerInstance": arn, "force": true});
        if by_hand {
            let gone = world.ok("DeregisterContainerInstance", asked.clone());
            assert_eq!(gone["containerInstance"]["status"], "DEREGISTERING");
        } else {
            world.call("ec2", "TerminateInstances", json!({"InstanceIds": [id]})).expect("it ends");
            world.wait(30);
        }
        let leaving = found(&mut world, &id);
        assert_eq!(
            (&leaving["status"], &leaving["attachments"][0]["status"], &leaving["agentConnected"]),
            (&json!("DEREGISTERING"), &json!("DETACHING"), &json!(false))
        );
        let listed = json!({"cluster": "shop", "status": "DEREGISTERING"});
        assert_eq!(world.ok("ListContainerInstances", listed)["containerInstanceArns"], json!([arn]));
        let counted = world.ok("DescribeClusters", json!({"clusters": ["shop"]}));
        assert_eq!(counted["clusters"][0]["registeredContainerInstancesCount"], 0);
        let says = world.refused("DeregisterContainerInstance", asked);
        assert!(says.ends_with("The referenced container instance was not found."), "{says}");
        let state = json!({"cluster": "shop", "containerInstances": [arn], "status": "ACTIVE"});
        assert_eq!(
            world.ok("UpdateContainerInstancesState", state)["failures"][0]["reason"],
            "DEREGISTERING"
        );
        world.wait(5);
        let list = world.ok("ListContainerInstances", json!({"cluster": "shop"}));
        assert_eq!(list["containerInstanceArns"], json!([]));
        let asked = json!({"cluster": "shop", "containerInstances": [arn]});
        let former = world.ok("DescribeContainerInstances", asked)["containerInstances"][0].clone();
        assert_eq!((&former["status"], &former["attachments"]), (&json!("INACTIVE"), &json!([])));
    }
}

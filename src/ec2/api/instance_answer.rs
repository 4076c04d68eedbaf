//! An instance as EC2 shows it.

use crate::arn::ACCOUNT;
use crate::ec2::instance;
use crate::ec2::vpc;
use crate::ecs::tag;
use crate::state::State;
use crate::time::SimTime;

shape! {
    /// A tag, in EC2's spelling.
    pub struct Tag {
        /// The tag's name.
        key: String = "Key";
        /// The tag's value.
        value: String = "Value";
    }
    /// A state's number and name.
    pub struct InstanceState {
        /// 0 pending, 16 running, 32 shutting-down, 48 terminated.
        code: i64 = "Code";
        /// Its name.
        name: String = "Name";
    }
    /// Where an instance stands.
    pub struct Placement {
        /// Its zone.
        availability_zone: String = "AvailabilityZone";
        /// Its placement group.
        group_name: String = "GroupName";
        /// Whether it shares its host.
        tenancy: String = "Tenancy";
    }
    /// Why an instance is in its state.
    pub struct StateReason {
        /// EC2's word for it.
        code: String = "Code";
        /// It in words.
        message: String = "Message";
    }
    /// A security group of an instance.
    pub struct GroupIdentifier {
        /// Its name.
        group_name: String = "GroupName";
        /// Its id.
        group_id: String = "GroupId";
    }
    /// The instance profile of an instance.
    pub struct IamInstanceProfile {
        /// Its ARN.
        arn: String = "Arn";
    }
    /// An instance.
    pub struct Instance {
        /// Its place in its launch.
        ami_launch_index: i64 = "AmiLaunchIndex";
        /// Its machine image.
        image_id: String = "ImageId";
        /// Its id.
        instance_id: String = "InstanceId";
        /// Its type.
        instance_type: String = "InstanceType";
        /// When it was launched.
        launch_time: SimTime = "LaunchTime";
        /// Where it stands.
        placement: Placement = "Placement";
        /// Its private name.
        private_dns_name: String = "PrivateDnsName";
        /// Its private address.
        private_ip_address: Option<String> = "PrivateIpAddress";
        /// Its state.
        state: InstanceState = "State".wire("instanceState");
        /// Its subnet.
        subnet_id: Option<String> = "SubnetId";
        /// Its VPC.
        vpc_id: Option<String> = "VpcId";
        /// x86_64 or arm64.
        architecture: String = "Architecture";
        /// `spot` for a Spot instance.
        instance_lifecycle: Option<String> = "InstanceLifecycle";
        /// Why it is in its state, once it was ended.
        state_reason: Option<StateReason> = "StateReason";
        /// Its instance profile.
        iam_instance_profile: Option<IamInstanceProfile> = "IamInstanceProfile";
        /// Its security groups.
        security_groups: Vec<GroupIdentifier> = "SecurityGroups".wire("groupSet");
        /// Its tags.
        tags: Option<Vec<Tag>> = "Tags";
    }
    /// A launch and its instances.
    pub struct Reservation {
        /// Its id.
        reservation_id: String = "ReservationId";
        /// The account.
        owner_id: String = "OwnerId";
        /// Groups of EC2-Classic: none.
        groups: Vec<GroupIdentifier> = "Groups";
        /// The instances.
        instances: Vec<Instance> = "Instances".wire("instancesSet");
    }
}

/// Tags in EC2's spelling; absent where there are none.
pub fn tags(tags: &[tag::Tag]) -> Option<Vec<Tag>> {
    let shown = |tag: &tag::Tag| Tag { key: tag.key.clone(), value: tag.value.clone() };
    (!tags.is_empty()).then(|| tags.iter().map(shown).collect())
}

/// A state as EC2 shows it.
pub fn state(state: instance::InstanceState) -> InstanceState {
    let (name, code) = state.word();
    InstanceState { code, name: name.to_string() }
}

/// Why an instance comes to its end.
fn reason(found: &instance::Instance) -> Option<StateReason> {
    use instance::InstanceState::{ShuttingDown, Terminated};
    let (code, says) = match (found.state, found.spot_notice) {
        (ShuttingDown | Terminated, Some(_)) => {
            ("Server.SpotInstanceTermination", "Spot instance termination")
        }
        (ShuttingDown | Terminated, None) => ("Client.UserInitiatedShutdown", "User initiated shutdown"),
        _ => return None,
    };
    Some(StateReason { code: code.to_string(), message: format!("{code}: {says}") })
}

/// An instance as EC2 shows it; a terminated one has no network any more.
pub fn describe(world: &State, found: &instance::Instance) -> Instance {
    let alive = found.state != instance::InstanceState::Terminated;
    let index = world
        .instances
        .values()
        .filter(|other| other.reservation == found.reservation && other.launch_index < found.launch_index)
        .count();
    Instance {
        ami_launch_index: i64::try_from(index).unwrap_or(0),
        image_id: found.image_id.clone(),
        instance_id: found.id.to_string(),
        instance_type: found.instance_type.name.to_string(),
        launch_time: found.launched_at,
        placement: Placement {
            availability_zone: found.availability_zone.clone(),
            group_name: String::new(),
            tenancy: "default".to_string(),
        },
        private_dns_name: if alive {
            format!("ip-{}.ec2.internal", found.private_ip.replace('.', "-"))
        } else {
            String::new()
        },
        private_ip_address: alive.then(|| found.private_ip.clone()),
        state: state(found.state),
        subnet_id: alive.then(|| found.subnet.to_string()),
        vpc_id: alive.then(|| vpc::VPC.to_string()),
        architecture: found.instance_type.architecture.to_string(),
        instance_lifecycle: found.spot.then(|| "spot".to_string()),
        state_reason: reason(found),
        iam_instance_profile: found.instance_profile.as_ref().map(|name| IamInstanceProfile {
            arn: if name.starts_with("arn:") {
                name.clone()
            } else {
                format!("arn:aws:iam::{ACCOUNT}:instance-profile/{name}")
            },
        }),
        security_groups: found
            .security_groups
            .iter()
            .filter(|_| alive)
            .filter_map(|id| world.security_groups.get(id))
            .map(|group| GroupIdentifier { group_name: group.name.clone(), group_id: group.id.clone() })
            .collect(),
        tags: tags(&found.tags),
    }
}

//! `RunInstances`: launch virtual machines.

use crate::arn::{ACCOUNT, InstanceId, SubnetId};
use crate::ec2::api::instance_answer::{self, GroupIdentifier, Tag};
use crate::ec2::image;
use crate::ec2::instance::{self, Instance, InstanceState};
use crate::ec2::instance_type::InstanceType;
use crate::ec2::rules;
use crate::ec2::vpc;
use crate::ecs::durations;
use crate::ecs::tag;
use crate::error::ApiError;
use crate::operation::Cx;
use crate::order;
use crate::state::State;
use crate::time::SimDuration;
use crate::timeline::Kind;
use serde_json::Value;

shape! {
    /// An instance profile, by name or ARN.
    pub struct IamInstanceProfileSpecification {
        /// Its ARN.
        arn: Option<String> = "Arn";
        /// Its name.
        name: Option<String> = "Name";
    }
    /// Tags for what is launched.
    pub struct TagSpecification {
        /// `instance` or `volume`.
        resource_type: Option<String> = "ResourceType".such_as(&["instance", "volume", "network-interface"]);
        /// The tags.
        tags: Vec<Tag> = "Tags";
    }
    /// What to launch.
    pub struct RunInstancesRequest {
        /// The machine image: ami-ecs has Docker and the ECS agent, ami-ecs-2 is its next release, ami-ecs-gpu
        /// has drivers for GPUs too, ami-docker has Docker only.
        image_id: Option<String> = "ImageId".such_as(&["ami-ecs", "ami-ecs-2", "ami-ecs-gpu", "ami-docker"]);
        /// The instance type.
        instance_type: Option<String> = "InstanceType";
        /// The key for logging in; kept.
        key_name: Option<String> = "KeyName";
        /// How many at most, as the API names it.
        max_count: Option<i64> = "MaxCount".required().range(1, 100);
        /// How many at least, as the API names it.
        min_count: Option<i64> = "MinCount".required().range(1, 100);
        /// The security groups; the VPC's default group when absent.
        security_group_ids: Vec<String> = "SecurityGroupIds".names(Kind::SecurityGroup);
        /// The subnet; a public one in the first zone when absent.
        subnet_id: Option<String> = "SubnetId".names(Kind::Subnet);
        /// A script that runs at the first boot.
        user_data: Option<String> = "UserData".base64();
        /// Tags.
        tag_specifications: Vec<TagSpecification> = "TagSpecifications";
        /// A word that makes a repeated request start nothing new.
        client_token: Option<String> = "ClientToken";
        /// The instance profile, which holds the instance's role.
        iam_instance_profile: Option<IamInstanceProfileSpecification> = "IamInstanceProfile";
    }
    /// The launch.
    pub struct RunInstancesResponse {
        /// Its id.
        reservation_id: String = "ReservationId";
        /// The account.
        owner_id: String = "OwnerId";
        /// Groups of EC2-Classic: none.
        groups: Vec<GroupIdentifier> = "Groups";
        /// The instances.
        instances: Vec<instance_answer::Instance> = "Instances".wire("instancesSet");
    }
}

/// Launches instances; each boots, and its agent, if its image has one, joins a cluster.
///
/// # Errors
/// In this order: `MissingParameter` without an image; `InvalidAMIID.NotFound`, `InvalidParameterValue` for a
/// type, `IdempotentParameterMismatch` for a token that was used for another launch
/// ([`rules::LAUNCH_ONCE`]), `InvalidParameterValue` for a count, `InvalidSubnetID.NotFound`, `InvalidGroup.NotFound`.
pub fn run_instances(
    cx: &mut Cx<'_>,
    request: RunInstancesRequest,
) -> Result<RunInstancesResponse, ApiError> {
    let refuse = |code, message: String| Err(ApiError::new(code, message, rules::INSTANCE_FOUND));
    let Some(image_id) = request.image_id.clone() else {
        return refuse("MissingParameter", "The request must contain the parameter ImageId".to_string());
    };
    let Some(image) = image::find(&image_id) else {
        return refuse("InvalidAMIID.NotFound", format!("The image id '[{image_id}]' does not exist"));
    };
    let type_name = request.instance_type.as_deref().unwrap_or("t3.micro");
    let Some(instance_type) = InstanceType::find(type_name) else {
        return refuse("InvalidParameterValue", format!("Invalid value '{type_name}' for InstanceType."));
    };
    let token = request.client_token.as_ref().map(|token| format!("run-instances/{token}"));
    if let Some((earlier, launch)) = token.as_ref().and_then(|token| cx.state.client_tokens.get(token)) {
        if *earlier == crate::shape::write(&request) {
            return Ok(launched(cx.state, launch.as_str().unwrap_or_default()));
        }
        let message = "Arguments on this idempotent request are inconsistent with arguments used in previous request(s).";
        return Err(ApiError::new("IdempotentParameterMismatch", message, rules::LAUNCH_ONCE));
    }
    let kept = crate::shape::write(&request);
    let count = request.max_count.unwrap_or(1);
    if !(1..=100).contains(&count) {
        return refuse("InvalidParameterValue", format!("Value ({count}) for parameter count is invalid."));
    }
    let subnet = SubnetId::from(request.subnet_id.as_deref().unwrap_or("subnet-pub-a"));
    if !cx.state.subnets.contains_key(&subnet) {
        return refuse("InvalidSubnetID.NotFound", format!("The subnet ID '{subnet}' does not exist"));
    }
    for group in &request.security_group_ids {
        if !cx.state.security_groups.contains_key(group) {
            return refuse("InvalidGroup.NotFound", format!("The security group '{group}' does not exist"));
        }
    }
    let tags = request
        .tag_specifications
        .iter()
        .filter(|each| each.resource_type.as_deref() == Some("instance"))
        .flat_map(|each| &each.tags)
        .map(|tag| tag::Tag { key: tag.key.clone(), value: tag.value.clone() })
        .collect::<Vec<_>>();
    tag::check(&tags)?;
    let groups = if request.security_group_ids.is_empty() {
        vec![vpc::DEFAULT_GROUP.to_string()]
    } else {
        request.security_group_ids
    };
    let reservation = format!("r-{}", &cx.dice.hex("reservation")[..17]);
    for launch_index in 0..count.unsigned_abs() {
        let id = InstanceId::from(format!("i-{}", &cx.dice.hex("instance")[..17]));
        let Some(place) = cx.state.subnets.get_mut(&subnet) else { continue };
        let machine = Instance {
            id: id.clone(),
            instance_type,
            image_id: image_id.clone(),
            reservation: reservation.clone(),
            launch_index,
            subnet: subnet.clone(),
            security_groups: groups.clone(),
            availability_zone: place.availability_zone.clone(),
            private_ip: place.next_address(),
            state: InstanceState::Pending,
            step_at: None,
            launched_at: cx.clock,
            booted_at: None,
            user_data: request.user_data.clone().unwrap_or_default(),
            has_agent: image.has_agent,
            refusals: 0,
            container_instance: None,
            docker: Vec::new(),
            cached_images: Vec::new(),
            instance_profile: request
                .iam_instance_profile
                .as_ref()
                .and_then(|profile| profile.arn.clone().or_else(|| profile.name.clone())),
            tags: tags.clone(),
        };
        cx.state.instances.insert(id.clone(), machine);
        boot(cx, &id);
    }
    if let Some(token) = token {
        cx.state.client_tokens.insert(token, (kept, Value::from(reservation.as_str())));
    }
    Ok(launched(cx.state, &reservation))
}

/// A launch and its instances, in the order in which they were launched.
fn launched(state: &State, reservation: &str) -> RunInstancesResponse {
    let mut instances: Vec<&Instance> =
        state.instances.values().filter(|each| each.reservation == reservation).collect();
    order::sort_by_key(&mut instances, |each| each.launch_index);
    RunInstancesResponse {
        reservation_id: reservation.to_string(),
        owner_id: ACCOUNT.to_string(),
        groups: Vec::new(),
        instances: instances.into_iter().map(|each| instance_answer::describe(state, each)).collect(),
    }
}

fn boot(cx: &mut Cx<'_>, id: &InstanceId) {
    let cause = cx.cause;
    instance::set_state(cx, id, InstanceState::Pending, rules::INSTANCE_TIMES);
    let most = durations::INSTANCE_BOOT_JITTER_MILLIS + 1;
    let zone = cx.state.instances.get(id).map(|each| each.availability_zone.clone()).unwrap_or_default();
    let longer = cx.dice.draw(crate::dice::Stream::InstanceBoot, &zone, most);
    instance::book(cx, id, durations::INSTANCE_BOOT + SimDuration::millis(longer));
    cx.cause = cause;
}

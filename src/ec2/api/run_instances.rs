//! `RunInstances`: launch virtual machines.

use crate::arn::ACCOUNT;
use crate::ec2::api::instance_answer::{self, GroupIdentifier};
use crate::ec2::instance::Instance;
use crate::ec2::launch::{self, Wishes};
use crate::ec2::launch_template::{
    self, IamInstanceProfileSpecification, LaunchTemplateSpecification, TagSpecification,
};
use crate::ec2::market::InstanceMarketOptionsRequest;
use crate::ec2::rules;
use crate::ecs::tag;
use crate::error::ApiError;
use crate::operation::Cx;
use crate::order;
use crate::state::State;
use crate::timeline::Kind;
use serde_json::Value;

shape! {
    /// What to launch.
    pub struct RunInstancesRequest {
        /// The machine image: ami-ecs has Docker and the ECS agent, ami-ecs-2 is its next release, ami-ecs-old
        /// an earlier one with an older agent, ami-ecs-gpu has drivers for GPUs too, ami-docker has Docker only.
        image_id: Option<String> = "ImageId".such_as(&["ami-ecs", "ami-ecs-2", "ami-ecs-old", "ami-ecs-gpu", "ami-docker"]);
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
        /// The launch template that says what this request leaves open.
        launch_template: Option<LaunchTemplateSpecification> = "LaunchTemplate";
        /// How they are bought: on demand, or as Spot instances.
        instance_market_options: Option<InstanceMarketOptionsRequest> = "InstanceMarketOptions";
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
/// In this order: `IdempotentParameterMismatch` for a token that was used for another launch
/// ([`rules::LAUNCH_ONCE`]); for the template as in [`launch_template::named`]; `MissingParameter` without an
/// image; `InvalidAMIID.NotFound`, `InvalidParameterValue` for a type, `InvalidSubnetID.NotFound`,
/// `InvalidGroup.NotFound`, `InvalidParameterValue` for a count; `InvalidParameterValue` for a market comes
/// before the image.
pub fn run_instances(
    cx: &mut Cx<'_>,
    request: RunInstancesRequest,
) -> Result<RunInstancesResponse, ApiError> {
    let token = request.client_token.as_ref().map(|token| format!("run-instances/{token}"));
    if let Some((earlier, launch)) = token.as_ref().and_then(|token| cx.state.client_tokens.get(token)) {
        if *earlier == crate::shape::write(&request) {
            return Ok(launched(cx.state, launch.as_str().unwrap_or_default()));
        }
        let message = "Arguments on this idempotent request are inconsistent with arguments used in previous request(s).";
        return Err(ApiError::new("IdempotentParameterMismatch", message, rules::LAUNCH_ONCE));
    }
    let kept = crate::shape::write(&request);
    let template = match &request.launch_template {
        None => Wishes::default(),
        Some(chosen) => launch_template::version(cx.state, chosen)?.2,
    };
    let profile = request.iam_instance_profile.as_ref();
    let own = Wishes {
        image_id: request.image_id,
        instance_type: request.instance_type,
        subnet: request.subnet_id,
        security_groups: request.security_group_ids,
        user_data: request.user_data,
        instance_profile: profile.and_then(|profile| profile.arn.clone().or_else(|| profile.name.clone())),
        tags: launch_template::instance_tags(&request.tag_specifications),
        market: request.instance_market_options,
    };
    tag::check(&own.tags)?;
    let launch = launch::check(cx.state, own.over(template))?;
    let count = request.max_count.unwrap_or(1);
    if !(1..=100).contains(&count) {
        let message = format!("Value ({count}) for parameter count is invalid.");
        return Err(ApiError::new("InvalidParameterValue", message, rules::INSTANCE_FOUND));
    }
    let reservation = launch::reservation(cx);
    for launch_index in 0..count.unsigned_abs() {
        launch::launch(cx, &launch, &reservation, launch_index);
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

//! Launching instances: what a launch is made of, whoever asks for it.

use crate::arn::{InstanceId, SubnetId};
use crate::ec2::image::{self, Image};
use crate::ec2::instance::{self, Instance, InstanceState};
use crate::ec2::instance_type::InstanceType;
use crate::ec2::market::{self, InstanceMarketOptionsRequest};
use crate::ec2::{rules, vpc};
use crate::ecs::durations;
use crate::ecs::tag::Tag;
use crate::error::ApiError;
use crate::operation::Cx;
use crate::state::State;
use crate::time::{SimDuration, SimTime};

/// What is asked for in a launch: by a request, by a launch template, or by both together.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Wishes {
    /// The machine image.
    pub image_id: Option<String>,
    /// The type.
    pub instance_type: Option<String>,
    /// The subnet.
    pub subnet: Option<String>,
    /// The security groups.
    pub security_groups: Vec<String>,
    /// The script for the first boot, as plain text.
    pub user_data: Option<String>,
    /// The instance profile.
    pub instance_profile: Option<String>,
    /// The instance's tags.
    pub tags: Vec<Tag>,
    /// How the instances are bought.
    pub market: Option<InstanceMarketOptionsRequest>,
}

impl Wishes {
    /// These wishes, and the template's where these say nothing; of tags with one key, these count.
    pub fn over(self, template: Wishes) -> Wishes {
        let own = |tag: &Tag| self.tags.iter().any(|mine| mine.key == tag.key);
        let mut tags: Vec<Tag> = template.tags.into_iter().filter(|tag| !own(tag)).collect();
        tags.extend(self.tags);
        Wishes {
            image_id: self.image_id.or(template.image_id),
            instance_type: self.instance_type.or(template.instance_type),
            subnet: self.subnet.or(template.subnet),
            security_groups: match self.security_groups.is_empty() {
                true => template.security_groups,
                false => self.security_groups,
            },
            user_data: self.user_data.or(template.user_data),
            instance_profile: self.instance_profile.or(template.instance_profile),
            tags,
            market: self.market.or(template.market),
        }
    }
}

/// A launch that EC2 takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Launch {
    image: &'static Image,
    /// The type of the instances.
    pub instance_type: &'static InstanceType,
    subnet: SubnetId,
    security_groups: Vec<String>,
    user_data: String,
    instance_profile: Option<String>,
    /// The tags of the instances.
    pub tags: Vec<Tag>,
    spot: bool,
}

impl Launch {
    /// The machine that EC2 makes of it, before it has an id, a zone, an address and a moment of its own.
    pub fn machine(&self, launched_by: &str) -> Instance {
        Instance {
            id: InstanceId::from(""),
            instance_type: self.instance_type,
            image_id: self.image.id.to_string(),
            reservation: String::new(),
            launch_index: 0,
            subnet: self.subnet.clone(),
            security_groups: self.security_groups.clone(),
            availability_zone: String::new(),
            private_ip: String::new(),
            state: InstanceState::Pending,
            step_at: None,
            spot: self.spot,
            spot_notice: None,
            launched_by: launched_by.to_string(),
            launched_at: SimTime::default(),
            booted_at: None,
            user_data: self.user_data.clone(),
            has_agent: self.image.has_agent,
            refusals: 0,
            container_instance: None,
            docker: Vec::new(),
            cached_images: Vec::new(),
            instance_profile: self.instance_profile.clone(),
            tags: self.tags.clone(),
        }
    }
}

/// Whether EC2 takes these wishes, and what it fills in.
///
/// # Errors
/// In this order: `InvalidParameterValue` for a market; `MissingParameter` without an image; `InvalidAMIID.NotFound`, `InvalidParameterValue` for a
/// type, `InvalidSubnetID.NotFound`, `InvalidGroup.NotFound`.
pub fn check(state: &State, wishes: Wishes) -> Result<Launch, ApiError> {
    let refuse = |code, message: String| Err(ApiError::new(code, message, rules::INSTANCE_FOUND));
    let spot = market::is_spot(wishes.market.as_ref())?;
    let Some(image_id) = wishes.image_id else {
        return refuse("MissingParameter", "The request must contain the parameter ImageId".to_string());
    };
    let Some(image) = image::find(&image_id) else {
        return refuse("InvalidAMIID.NotFound", format!("The image id '[{image_id}]' does not exist"));
    };
    let type_name = wishes.instance_type.as_deref().unwrap_or("t3.micro");
    let Some(instance_type) = InstanceType::find(type_name) else {
        return refuse("InvalidParameterValue", format!("Invalid value '{type_name}' for InstanceType."));
    };
    let subnet = SubnetId::from(wishes.subnet.as_deref().unwrap_or("subnet-pub-a"));
    if !state.subnets.contains_key(&subnet) {
        return refuse("InvalidSubnetID.NotFound", format!("The subnet ID '{subnet}' does not exist"));
    }
    for group in &wishes.security_groups {
        if !state.security_groups.contains_key(group) {
            return refuse("InvalidGroup.NotFound", format!("The security group '{group}' does not exist"));
        }
    }
    let security_groups = match wishes.security_groups.is_empty() {
        true => vec![vpc::DEFAULT_GROUP.to_string()],
        false => wishes.security_groups,
    };
    Ok(Launch {
        image,
        instance_type,
        subnet,
        security_groups,
        user_data: wishes.user_data.unwrap_or_default(),
        instance_profile: wishes.instance_profile,
        tags: wishes.tags,
        spot,
    })
}

/// A fresh id for a launch.
pub fn reservation(cx: &mut Cx<'_>) -> String {
    format!("r-{}", &cx.dice.hex("reservation")[..17])
}

/// Launches an instance; it boots, and its agent, if its image has one, joins a cluster.
pub fn launch(cx: &mut Cx<'_>, launch: &Launch, reservation: &str, launch_index: u64) -> InstanceId {
    let id = InstanceId::from(format!("i-{}", &cx.dice.hex("instance")[..17]));
    let Some(place) = cx.state.subnets.get_mut(&launch.subnet) else { return id };
    let machine = Instance {
        id: id.clone(),
        reservation: reservation.to_string(),
        launch_index,
        availability_zone: place.availability_zone.clone(),
        private_ip: place.next_address(),
        launched_at: cx.clock,
        ..launch.machine(&cx.principal.arn)
    };
    cx.state.instances.insert(id.clone(), machine);
    boot(cx, &id);
    id
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

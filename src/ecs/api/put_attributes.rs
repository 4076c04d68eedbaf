//! `PutAttributes`: put custom attributes on container instances (CINST-08).

use crate::ecs::attribute::{self, Attribute};
use crate::ecs::cluster;
use crate::ecs::rules::instances as rules;
use crate::error::ApiError;
use crate::operation::{Cx, subject};
use crate::timeline::{Kind, RecordKind};

shape! {
    /// Which attributes to put where.
    pub struct PutAttributesRequest {
        /// The cluster; `default` when absent.
        cluster: Option<String> = "cluster".names(Kind::Cluster);
        /// Up to 10 attributes, each with its target.
        attributes: Vec<Attribute> = "attributes".required();
    }
    /// The attributes that are there now.
    pub struct PutAttributesResponse {
        /// They.
        attributes: Vec<Attribute> = "attributes";
    }
}

/// Puts attributes on instances; one of the same name gets the new value.
///
/// # Errors
/// `ClusterNotFoundException` (API-04); `InvalidParameterException`, `TargetNotFoundException` and
/// `AttributeLimitExceededException` (CINST-08).
pub fn put_attributes(
    cx: &mut Cx<'_>,
    request: PutAttributesRequest,
) -> Result<PutAttributesResponse, ApiError> {
    let cluster = cluster::find(cx.state, request.cluster.as_deref())?.clone();
    attribute::check_change(&request.attributes)?;
    let mut targets = Vec::new();
    for asked in &request.attributes {
        targets.push(asked.target(cx.state, &cluster)?);
    }
    for target in &targets {
        let there = cx.state.container_instances.get(target).into_iter();
        let there = there.flat_map(|instance| instance.attributes.keys().map(String::as_str));
        let asked = request.attributes.iter().zip(&targets).filter(|(_, each)| *each == target);
        let names = there.chain(asked.map(|(attribute, _)| attribute.name.as_str()));
        attribute::check_limit("AttributeLimitExceededException", names)?;
    }
    let mut answer = PutAttributesResponse::default();
    for (asked, target) in request.attributes.iter().zip(&targets) {
        let Some(instance) = cx.state.container_instances.get_mut(target) else { continue };
        instance.attributes.insert(asked.name.clone(), asked.value.clone());
        answer.attributes.push(Attribute::shown(instance, &asked.name, asked.value.as_ref()));
        let text = match &asked.value {
            Some(value) => format!("attribute {} is {value}", asked.name),
            None => format!("attribute {} without a value", asked.name),
        };
        let about = subject(Kind::ContainerInstance, target);
        cx.record(RecordKind::Change, about, text, rules::CUSTOM_ATTRIBUTES);
    }
    Ok(answer)
}

//! `DeleteAttributes`: take custom attributes off container instances (CINST-08).

use crate::ecs::attribute::{self, Attribute};
use crate::ecs::cluster;
use crate::ecs::rules::instances as rules;
use crate::error::ApiError;
use crate::operation::{Cx, subject};
use crate::timeline::{Kind, RecordKind};

shape! {
    /// Which attributes to take off.
    pub struct DeleteAttributesRequest {
        /// The cluster; `default` when absent.
        cluster: Option<String> = "cluster".names(Kind::Cluster);
        /// Up to 10 attributes, each by name and target.
        attributes: Vec<Attribute> = "attributes".required();
    }
    /// The attributes that were there.
    pub struct DeleteAttributesResponse {
        /// They.
        attributes: Vec<Attribute> = "attributes";
    }
}

/// Takes attributes off instances; what is not there is left out of the answer.
///
/// # Errors
/// `ClusterNotFoundException` (API-04); `InvalidParameterException` and `TargetNotFoundException` (CINST-08).
pub fn delete_attributes(
    cx: &mut Cx<'_>,
    request: DeleteAttributesRequest,
) -> Result<DeleteAttributesResponse, ApiError> {
    let cluster = cluster::find(cx.state, request.cluster.as_deref())?.clone();
    attribute::check_change(&request.attributes)?;
    let mut targets = Vec::new();
    for asked in &request.attributes {
        targets.push(asked.target(cx.state, &cluster)?);
    }
    let mut answer = DeleteAttributesResponse::default();
    for (asked, target) in request.attributes.iter().zip(&targets) {
        let Some(instance) = cx.state.container_instances.get_mut(target) else { continue };
        let Some(value) = instance.attributes.remove(&asked.name) else { continue };
        answer.attributes.push(Attribute::shown(instance, &asked.name, value.as_ref()));
        let about = subject(Kind::ContainerInstance, target);
        let text = format!("attribute {} is gone", asked.name);
        cx.record(RecordKind::Change, about, text, rules::CUSTOM_ATTRIBUTES);
    }
    Ok(answer)
}

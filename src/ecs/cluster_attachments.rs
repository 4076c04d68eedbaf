//! What the providers of Auto Scaling groups need in a cluster: a scaling policy, a hook for draining
//! (CAP-02).

use crate::arn::ClusterArn;
use crate::ecs::durations;
use crate::ecs::rules::capacity as rules;
use crate::ecs::tag::KeyValuePair;
use crate::error::ApiError;
use crate::event::Event;
use crate::operation::{Cx, subject};
use crate::timeline::{Kind, RecordKind};

/// Something that ECS makes for a provider in a cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// A uuid.
    pub id: String,
    /// `as_policy` or `managed_draining`.
    pub kind: &'static str,
    /// The provider.
    pub provider: String,
    /// Whether it has been made.
    pub created: bool,
}

impl Attachment {
    /// Its details, as the API shows them.
    pub fn details(&self) -> Vec<KeyValuePair> {
        let pair = |name: &str, value: String| KeyValuePair { name: name.to_string(), value };
        let made = match self.kind {
            "as_policy" => pair("scalingPolicyName", format!("ECSManagedAutoScalingPolicy-{}", self.id)),
            _ => pair("autoScalingLifecycleHookName", "ecs-managed-draining-termination-hook".to_string()),
        };
        vec![pair("capacityProviderName", self.provider.clone()), made]
    }
}

/// What a cluster's providers need there, and whether it is being made.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Attachments {
    /// They.
    pub list: Vec<Attachment>,
    /// Whether some are being made or removed; none where there never were any.
    pub in_progress: Option<bool>,
}

impl Attachments {
    /// AWS's word for how far they are.
    pub fn status(&self) -> Option<String> {
        let word = |going| if going { "UPDATE_IN_PROGRESS" } else { "UPDATE_COMPLETE" };
        self.in_progress.map(|going| word(going).to_string())
    }

    /// Refuses a change while another is under way.
    ///
    /// # Errors
    /// `UpdateInProgressException` ([`rules::ASSOCIATION`]).
    pub fn may_change(&self) -> Result<(), ApiError> {
        if self.in_progress != Some(true) {
            return Ok(());
        }
        Err(ApiError::new(
            "UpdateInProgressException",
            "The specified cluster is in a busy state. Cluster attachments must be in UPDATE_COMPLETE or UPDATE_FAILED state before they can be updated. Wait and try again.",
            rules::ASSOCIATION,
        ))
    }
}

/// Begins to make what the cluster's providers need now, and to remove what none needs any more.
///
/// Fargate providers need nothing, so they are there at once.
pub fn renew(cx: &mut Cx<'_>, arn: &ClusterArn) {
    let Some(cluster) = cx.state.clusters.get(arn) else { return };
    let mut wanted: Vec<(&'static str, String)> = Vec::new();
    for provider in cluster.capacity_providers.iter().filter_map(|it| cx.state.capacity_providers.get(it)) {
        let Some(group) = provider.group() else { continue };
        let parts =
            [("as_policy", group.managed_scaling.is_some()), ("managed_draining", group.managed_draining)];
        wanted.extend(parts.iter().filter(|part| part.1).map(|part| (part.0, provider.name.clone())));
    }
    let before = cluster.attachments.list.clone();
    let list: Vec<Attachment> = wanted
        .into_iter()
        .map(|(kind, provider)| {
            let known = before.iter().find(|each| each.kind == kind && each.provider == provider);
            known.cloned().unwrap_or_else(|| Attachment {
                id: cx.dice.uuid(&format!("cluster-attachment/{}", arn.short())),
                kind,
                provider,
                created: false,
            })
        })
        .collect();
    if list == before {
        return;
    }
    let Some(cluster) = cx.state.clusters.get_mut(arn) else { return };
    cluster.attachments = Attachments { list, in_progress: Some(true) };
    cx.record(RecordKind::Change, subject(Kind::Cluster, arn), "UPDATE_IN_PROGRESS", rules::ASSOCIATION);
    cx.book(durations::ATTACHMENTS, Event::AttachmentsMade(arn.clone()));
}

/// What the providers of a cluster need is made.
pub fn made(cx: &mut Cx<'_>, arn: &ClusterArn) {
    let Some(cluster) = cx.state.clusters.get_mut(arn) else { return };
    if cluster.attachments.in_progress != Some(true) {
        return;
    }
    cluster.attachments.in_progress = Some(false);
    cluster.provisioning = false;
    for each in &mut cluster.attachments.list {
        each.created = true;
    }
    let about = subject(Kind::Cluster, arn);
    let record = cx.record(RecordKind::Change, about, "UPDATE_COMPLETE", rules::PROVIDER_TIMES);
    cx.because(record, crate::ecs::managed_scaling::reconcile);
}

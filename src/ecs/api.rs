//! The operations of ECS, a row each; one file each.

use crate::operation::Operation;

pub mod create_cluster;
pub mod delete_cluster;
pub mod describe_clusters;
pub mod list_clusters;
pub mod list_tags_for_resource;
pub mod tag_resource;
pub mod untag_resource;

/// Every ECS operation that exists.
pub static OPERATIONS: &[Operation] = operations! { "ecs":
    act "CreateCluster" create_cluster::create_cluster, CreateClusterRequest => CreateClusterResponse,
        "Creates a cluster: a name under which tasks, services and instances gather.";
    act "DeleteCluster" delete_cluster::delete_cluster, DeleteClusterRequest => DeleteClusterResponse,
        "Deletes a cluster that holds nothing any more.";
    look "DescribeClusters" describe_clusters::describe_clusters, DescribeClustersRequest => DescribeClustersResponse,
        "Describes clusters and counts what they hold.";
    look "ListClusters" list_clusters::list_clusters, ListClustersRequest => ListClustersResponse,
        "Lists the clusters that exist.";
    look "ListTagsForResource" list_tags_for_resource::list_tags_for_resource, ListTagsForResourceRequest => ListTagsForResourceResponse,
        "Lists the tags of a resource.";
    act "TagResource" tag_resource::tag_resource, TagResourceRequest => TagResourceResponse,
        "Puts tags on a resource.";
    act "UntagResource" untag_resource::untag_resource, UntagResourceRequest => UntagResourceResponse,
        "Takes tags off a resource.";
};

//! The operations of ECS, a row each; one file each.

use crate::operation::Operation;

pub mod capacity_provider_answer;
pub mod container_instance_answer;
pub mod create_capacity_provider;
pub mod create_cluster;
pub mod create_service;
pub mod delete_account_setting;
pub mod delete_attributes;
pub mod delete_capacity_provider;
pub mod delete_cluster;
pub mod delete_service;
pub mod delete_task_definitions;
pub mod deregister_container_instance;
pub mod deregister_task_definition;
pub mod describe_capacity_providers;
pub mod describe_clusters;
pub mod describe_container_instances;
pub mod describe_service_deployments;
pub mod describe_service_revisions;
pub mod describe_services;
pub mod describe_task_definition;
pub mod describe_tasks;
pub mod get_task_protection;
pub mod list_account_settings;
pub mod list_attributes;
pub mod list_clusters;
pub mod list_container_instances;
pub mod list_service_deployments;
pub mod list_services;
pub mod list_tags_for_resource;
pub mod list_task_definition_families;
pub mod list_task_definitions;
pub mod list_tasks;
pub mod put_account_setting;
pub mod put_account_setting_default;
pub mod put_attributes;
pub mod put_cluster_capacity_providers;
pub mod register_container_instance;
pub mod register_task_definition;
pub mod run_task;
pub mod start_task;
pub mod stop_service_deployment;
pub mod stop_task;
pub mod tag_resource;
pub mod task_answer;
pub mod task_definition_answer;
pub mod untag_resource;
pub mod update_capacity_provider;
pub mod update_cluster;
pub mod update_cluster_settings;
pub mod update_container_agent;
pub mod update_container_instances_state;
pub mod update_service;
pub mod update_task_protection;

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
    act "UpdateCluster" update_cluster::update_cluster, UpdateClusterRequest => UpdateClusterResponse,
        "Changes the settings and the configuration of a cluster.";
    act "UpdateClusterSettings" update_cluster_settings::update_cluster_settings, UpdateClusterSettingsRequest => UpdateClusterSettingsResponse,
        "Turns a cluster's Container Insights on or off.";
    act "PutClusterCapacityProviders" put_cluster_capacity_providers::put_cluster_capacity_providers, PutClusterCapacityProvidersRequest => PutClusterCapacityProvidersResponse,
        "Says which capacity providers a cluster has, and which its tasks use by default.";
    act "CreateCapacityProvider" create_capacity_provider::create_capacity_provider, CreateCapacityProviderRequest => CreateCapacityProviderResponse,
        "Creates a capacity provider: a name for an Auto Scaling group that tasks can run on.";
    look "DescribeCapacityProviders" describe_capacity_providers::describe_capacity_providers, DescribeCapacityProvidersRequest => DescribeCapacityProvidersResponse,
        "Describes capacity providers, those of AWS included.";
    act "UpdateCapacityProvider" update_capacity_provider::update_capacity_provider, UpdateCapacityProviderRequest => UpdateCapacityProviderResponse,
        "Changes what ECS does with a capacity provider's group.";
    act "DeleteCapacityProvider" delete_capacity_provider::delete_capacity_provider, DeleteCapacityProviderRequest => DeleteCapacityProviderResponse,
        "Deletes a capacity provider that no cluster has any more.";
    look "ListTagsForResource" list_tags_for_resource::list_tags_for_resource, ListTagsForResourceRequest => ListTagsForResourceResponse,
        "Lists the tags of a resource.";
    act "TagResource" tag_resource::tag_resource, TagResourceRequest => TagResourceResponse,
        "Puts tags on a resource.";
    act "UntagResource" untag_resource::untag_resource, UntagResourceRequest => UntagResourceResponse,
        "Takes tags off a resource.";
    act "RegisterTaskDefinition" register_task_definition::register_task_definition, RegisterTaskDefinitionRequest => RegisterTaskDefinitionResponse,
        "Registers a new revision of a task definition.";
    look "DescribeTaskDefinition" describe_task_definition::describe_task_definition, DescribeTaskDefinitionRequest => DescribeTaskDefinitionResponse,
        "Describes a revision of a task definition.";
    look "ListTaskDefinitions" list_task_definitions::list_task_definitions, ListTaskDefinitionsRequest => ListTaskDefinitionsResponse,
        "Lists the revisions of task definitions.";
    look "ListTaskDefinitionFamilies" list_task_definition_families::list_task_definition_families, ListTaskDefinitionFamiliesRequest => ListTaskDefinitionFamiliesResponse,
        "Lists the families of task definitions.";
    act "DeregisterTaskDefinition" deregister_task_definition::deregister_task_definition, DeregisterTaskDefinitionRequest => DeregisterTaskDefinitionResponse,
        "Makes a revision INACTIVE: it starts nothing new.";
    act "DeleteTaskDefinitions" delete_task_definitions::delete_task_definitions, DeleteTaskDefinitionsRequest => DeleteTaskDefinitionsResponse,
        "Deletes INACTIVE revisions, as soon as nothing refers to them.";
    act "RunTask" run_task::run_task, RunTaskRequest => RunTaskResponse,
        "Starts tasks that no service looks after.";
    act "StartTask" start_task::start_task, StartTaskRequest => StartTaskResponse,
        "Starts a task on each of the instances that the request names.";
    act "StopTask" stop_task::stop_task, StopTaskRequest => StopTaskResponse,
        "Tells a task to stop.";
    look "DescribeTasks" describe_tasks::describe_tasks, DescribeTasksRequest => DescribeTasksResponse,
        "Describes tasks.";
    look "ListTasks" list_tasks::list_tasks, ListTasksRequest => ListTasksResponse,
        "Lists the tasks of a cluster.";
    act "UpdateTaskProtection" update_task_protection::update_task_protection, UpdateTaskProtectionRequest => UpdateTaskProtectionResponse,
        "Keeps tasks of a service from being scaled in for a time, or no longer.";
    look "GetTaskProtection" get_task_protection::get_task_protection, GetTaskProtectionRequest => GetTaskProtectionResponse,
        "Says which tasks of a service are protected from scale-in, and until when.";
    look "DescribeContainerInstances" describe_container_instances::describe_container_instances, DescribeContainerInstancesRequest => DescribeContainerInstancesResponse,
        "Describes the instances of a cluster: what they bring, and what is left of it.";
    look "ListContainerInstances" list_container_instances::list_container_instances, ListContainerInstancesRequest => ListContainerInstancesResponse,
        "Lists the instances of a cluster.";
    act "RegisterContainerInstance" register_container_instance::register_container_instance, RegisterContainerInstanceRequest => RegisterContainerInstanceResponse,
        "Registers an instance with a cluster, as its agent does.";
    act "PutAccountSetting" put_account_setting::put_account_setting, PutAccountSettingRequest => PutAccountSettingResponse,
        "Chooses an account setting for a user or role.";
    act "PutAccountSettingDefault" put_account_setting_default::put_account_setting_default, PutAccountSettingDefaultRequest => PutAccountSettingDefaultResponse,
        "Chooses an account setting for everybody who has chosen none.";
    act "DeleteAccountSetting" delete_account_setting::delete_account_setting, DeleteAccountSettingRequest => DeleteAccountSettingResponse,
        "Takes back what a user or role has chosen.";
    look "ListAccountSettings" list_account_settings::list_account_settings, ListAccountSettingsRequest => ListAccountSettingsResponse,
        "Lists account settings: what was chosen, or what holds.";
    act "PutAttributes" put_attributes::put_attributes, PutAttributesRequest => PutAttributesResponse,
        "Puts custom attributes on instances, for placement to ask for.";
    act "DeleteAttributes" delete_attributes::delete_attributes, DeleteAttributesRequest => DeleteAttributesResponse,
        "Takes custom attributes off instances.";
    look "ListAttributes" list_attributes::list_attributes, ListAttributesRequest => ListAttributesResponse,
        "Lists the attributes of a cluster's instances.";
    act "DeregisterContainerInstance" deregister_container_instance::deregister_container_instance, DeregisterContainerInstanceRequest => DeregisterContainerInstanceResponse,
        "Takes an instance out of its cluster.";
    act "UpdateContainerInstancesState" update_container_instances_state::update_container_instances_state, UpdateContainerInstancesStateRequest => UpdateContainerInstancesStateResponse,
        "Lets instances drain, or take tasks again.";
    act "UpdateContainerAgent" update_container_agent::update_container_agent, UpdateContainerAgentRequest => UpdateContainerAgentResponse,
        "Brings the agent of an instance up to date; its containers run on.";
    act "CreateService" create_service::create_service, CreateServiceRequest => CreateServiceResponse,
        "Creates a service, which keeps a number of tasks running from now on.";
    act "UpdateService" update_service::update_service, UpdateServiceRequest => UpdateServiceResponse,
        "Changes how many tasks a service keeps, or which revision it runs.";
    act "DeleteService" delete_service::delete_service, DeleteServiceRequest => DeleteServiceResponse,
        "Deletes a service; its tasks go first.";
    look "DescribeServices" describe_services::describe_services, DescribeServicesRequest => DescribeServicesResponse,
        "Describes services: what they wish for, what they have, and their events.";
    look "ListServices" list_services::list_services, ListServicesRequest => ListServicesResponse,
        "Lists the services of a cluster.";
    look "ListServiceDeployments" list_service_deployments::list_service_deployments, ListServiceDeploymentsRequest => ListServiceDeploymentsResponse,
        "Lists how a service changed, newest first.";
    look "DescribeServiceDeployments" describe_service_deployments::describe_service_deployments, DescribeServiceDeploymentsRequest => DescribeServiceDeploymentsResponse,
        "Describes changes of a service: their counts, breaker and rollback.";
    look "DescribeServiceRevisions" describe_service_revisions::describe_service_revisions, DescribeServiceRevisionsRequest => DescribeServiceRevisionsResponse,
        "Describes what a deployment of a service runs, as it was when it began.";
    act "StopServiceDeployment" stop_service_deployment::stop_service_deployment, StopServiceDeploymentRequest => StopServiceDeploymentResponse,
        "Stops a deployment and brings back what was completed last.";
};

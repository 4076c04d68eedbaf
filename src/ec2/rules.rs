//! The behaviours of EC2 that the engine follows, each with its source.

rules! {
    INSTANCE_BOOT: "CINST-01", Documented, true,
        "User data writes ECS_CLUSTER to /etc/ecs/ecs.config; the agent joins that cluster, `default` when it is not set.",
        "Amazon ECS developer guide, ecs-agent-config";
}
